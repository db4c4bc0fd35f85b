"""Software zoals haar makers haar uitgeven: npm `openid-client`, npm `fhirclient` in Chromium, PyPI `authlib`.

`fhirclient` doet de losse start in een echte browser, vanaf een ander adres, met zijn eigen instellingen: de bladzijden
van inloggen en toestemming, PKCE, het token, lezen, verversen. De scripts staan bij de andere klanten.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from playwright.sync_api import sync_playwright

from tests.browser import CHROMIUM, MERKEN, VLAGGEN
from tests.contract.smart.opstelling import HOUDER, SLEUTELS, Json, Smart

KLANTEN = Path(__file__).parent.parent / "klanten"
NODE = shutil.which("node", path=Path(sys.executable).parent) or shutil.which("node")


def _klaar(pakket: str) -> None:
    if NODE is None or not (KLANTEN / "node_modules" / pakket).is_dir():
        pytest.skip("node of node_modules ontbreekt; `make test` zet ze klaar (.ci/gereed testen)")


@pytest.fixture(scope="module")
def openid(smart: Smart) -> Json:
    """Wat `openid_client.mjs` meemaakte."""
    _klaar("openid-client")
    smart.zet("app-es256", id_token_alg="ES256")
    omgeving = {
        **os.environ, "BASE": smart.base, "FHIR": smart.fhir, "TERUG": smart.terug, "NO_PROXY": "127.0.0.1",
        "SLEUTELS": json.dumps({alg: s.as_dict(private=True) for alg, s in SLEUTELS.items()}),
    }  # fmt: skip
    gedaan = subprocess.run(
        [str(NODE), "openid_client.mjs"], cwd=KLANTEN, env=omgeving, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert gedaan.returncode == 0, gedaan.stderr[-3000:]
    return dict(json.loads(gedaan.stdout))


@pytest.mark.parametrize("alg", ["RS256", "ES256"])
def test_een_stock_openid_bibliotheek_keurt_onze_tokens_goed(smart: Smart, openid: Json, alg: str) -> None:
    """smart-2.2.0@205, smart-2.2.0@209, smart-2.2.0@210, smart-2.2.0@358: handtekening, iss, aud, nonce, exp,
    at_hash en auth_time; en wat van een ander komt weigert zij (mix-up, RFC 9207)."""
    uit = dict(openid[alg])
    assert uit.pop("verwisseld") != "aangenomen"
    assert uit == {
        "kop": alg, "patient": HOUDER, "fhirUser": f"{smart.fhir}/Patient/{HOUDER}", "zelfde": True, "expires": 600,
        "ingetrokken": 401,
    }  # fmt: skip


@pytest.mark.parametrize("alg", ["RS384", "ES384"])
def test_private_key_jwt_uit_node(openid: Json, alg: str) -> None:
    """smart-2.2.0@310, smart-2.2.0@357."""
    assert openid[alg] == {"scope": "system/*.rs", "soort": "bearer", "actief": True, "van": f"app-{alg}"}


@pytest.mark.parametrize("alg", ["RS384", "ES384"])
def test_private_key_jwt_uit_python(smart: Smart, alg: str) -> None:
    """smart-2.2.0@310, smart-2.2.0@357: PyPI authlib, met zijn eigen PrivateKeyJWT."""
    waar = f"{smart.base}/oauth/token"
    sleutel = SLEUTELS[alg]
    # Uit zichzelf schrijft authlib een uur; SMART vijf minuten.
    bewijs = PrivateKeyJWT(waar, {"exp": int(time.time()) + 240}, {"kid": str(sleutel.kid)}, alg)
    with OAuth2Client(f"app-{alg}", sleutel, token_endpoint_auth_method="private_key_jwt", trust_env=False) as client:
        client.register_client_auth_method(bewijs)
        token = client.fetch_token(waar, grant_type="client_credentials", scope="system/*.rs")
        assert token["scope"] == "system/*.rs"
        assert client.get(f"{smart.fhir}/Organization").status_code == 200


# --- npm fhirclient in Chromium

BLADZIJDE = """<!doctype html><meta charset="utf-8"><title>app</title><script src="fhir-client.js"></script>
<pre id="uit"></pre><script>%s</script>"""
START = "FHIR.oauth2.authorize(%s)"
# Wat de app doet als zij terug is: lezen, verversen, weer lezen; alles met de functies van fhirclient zelf.
BEGIN = """(async () => {
  const client = await FHIR.oauth2.ready();
  const eerste = client.state.tokenResponse;
  const patient = await client.patient.read();
  const wie = await client.user.read();
  await client.refresh();
  const tweede = client.state.tokenResponse;
  const apparaten = await client.request(`Device?patient=${client.patient.id}`, { flat: true });
  return { patient: patient.id, wie: wie.resourceType + '/' + wie.id, soort: client.getUserType(),
    nieuw: eerste.access_token !== tweede.access_token && eerste.refresh_token !== tweede.refresh_token,
    apparaten: apparaten.map((a) => a.id), scope: eerste.scope, pkce: Boolean(client.state.codeVerifier) };
})().then((r) => JSON.stringify(r), (f) => 'fout: ' + f)
  .then((t) => { document.getElementById('uit').textContent = t; })"""


@pytest.fixture
def appsite(smart: Smart, tmp_path: Path) -> Iterator[str]:
    """De app van fhirclient op een eigen adres, dus een andere oorsprong dan het product."""
    _klaar("fhirclient")

    class Stil(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Stil."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Stil, directory=str(tmp_path)))
    adres = f"http://127.0.0.1:{server.server_port}"
    smart.zet("app-fhirclient", redirect_uris=(f"{adres}/index.html",))
    wens: dict[str, Any] = {
        "iss": smart.fhir, "clientId": "app-fhirclient", "redirectUri": f"{adres}/index.html",
        "scope": "openid fhirUser launch/patient offline_access patient/*.rs user/*.rs",
    }  # fmt: skip
    shutil.copy(KLANTEN / "node_modules/fhirclient/build/fhir-client.js", tmp_path)
    (tmp_path / "launch.html").write_text(BLADZIJDE % (START % json.dumps(wens)))
    (tmp_path / "index.html").write_text(BLADZIJDE % BEGIN)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield adres
    server.shutdown()
    server.server_close()


@MERKEN[0]
@MERKEN[1]
def test_fhirclient_start_los_in_een_echte_browser_en_ververst(smart: Smart, appsite: str) -> None:
    """smart-2.2.0@17, smart-2.2.0@101, smart-2.2.0@348, smart-2.2.0@353, smart-2.2.0@355, smart-2.2.0@363,
    smart-2.2.0@365."""
    with sync_playwright() as spel:
        chroom = spel.chromium.launch(executable_path=str(CHROMIUM), args=VLAGGEN)
        try:
            scherm = chroom.new_page()
            scherm.goto(f"{appsite}/launch.html")
            scherm.click("button[value=yvonne]")
            scherm.click("button[name=besluit][value=ja]")
            scherm.wait_for_url(f"{appsite}/index.html*")
            scherm.wait_for_function("document.getElementById('uit').textContent !== ''")
            tekst = scherm.inner_text("#uit")
        finally:
            chroom.close()
    assert not tekst.startswith("fout"), tekst
    uit = json.loads(tekst)
    assert uit["patient"] == HOUDER and uit["wie"] == f"Patient/{HOUDER}" and uit["soort"] == "Patient"
    assert uit["nieuw"] is True and uit["pkce"] is True and uit["apparaten"] == ["rolstoel-yvonne"]


def test_verversen_zonder_client_id_kan_alleen_met_een_openbaar_token(smart: Smart) -> None:
    """smart-2.2.0@103: fhirclient stuurt geen client_id; een app met een sleutel moet zich blijven bewijzen."""
    waar = f"{smart.base}/oauth/token"
    antwoord = httpx.post(waar, data={"grant_type": "refresh_token", "refresh_token": "verzonnen"}, trust_env=False)
    assert antwoord.status_code == 400 and antwoord.json()["error"] == "invalid_client"
