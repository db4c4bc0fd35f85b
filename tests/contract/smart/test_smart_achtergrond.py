"""Achtergrondapps (Backend Services), private_key_jwt en introspectie. De nummers staan in `vereisten.tsv`."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

from server.oauth.jwks import geldig
from server.store import tokens
from tests.contract.smart.opstelling import APP, HOUDER, SLEUTELS, Json, Proefapp, Smart

JKU = "https://elders.example/jwks"


@pytest.mark.parametrize("alg", ["RS384", "ES384"])
def test_een_app_met_een_sleutel_krijgt_een_kort_token(smart: Smart, alg: str) -> None:
    """smart-2.2.0@142, smart-2.2.0@240, smart-2.2.0@248, smart-2.2.0@249, smart-2.2.0@253, smart-2.2.0@254,
    smart-2.2.0@255, smart-2.2.0@256, smart-2.2.0@257, smart-2.2.0@258, smart-2.2.0@261, smart-2.2.0@262,
    smart-2.2.0@297, smart-2.2.0@310, smart-2.2.0@316, smart-2.2.0@326, smart-2.2.0@335, smart-2.2.0@357: zonder
    verversingstoken, met de sleutel die bij aanmelding gegeven is."""
    antwoord = smart.achtergrond(alg)
    token = antwoord.json()
    assert antwoord.status_code == 200 and antwoord.headers["cache-control"] == "no-store"
    assert (token["token_type"], token["scope"], token["expires_in"]) == ("Bearer", "system/*.rs", 300)
    assert "refresh_token" not in token and "patient" not in token and "id_token" not in token
    assert smart.met(token).get("Organization").status_code == 200


def test_wat_een_app_niet_mag_krijgt_zij_niet(smart: Smart) -> None:
    """smart-2.2.0@241, smart-2.2.0@250, smart-2.2.0@259: minder dan gevraagd staat in `scope`."""
    token = smart.achtergrond(scope="system/Task.cruds system/Device.cruds").json()
    assert set(token["scope"].split()) == {"system/Task.cruds", "system/Device.rs"}


@pytest.mark.parametrize("scope", ["system/Device.d", "system/Fiets.rs", "patient/*.rs", "user/*.rs", "openid", None])
def test_wat_niet_kan_wordt_meteen_gezegd(smart: Smart, scope: str | None) -> None:
    """smart-2.2.0@244, smart-2.2.0@250, smart-2.2.0@251, smart-2.2.0@252: een fout van RFC 6749 §5.2 met uitleg."""
    antwoord = smart.achtergrond(scope=scope)  # type: ignore[arg-type]
    fout = antwoord.json()
    assert antwoord.status_code == 400 and fout["error"] == "invalid_scope" and fout["error_description"]


def test_een_vraag_buiten_de_scope_wordt_geweigerd(smart: Smart) -> None:
    """smart-2.2.0@95, smart-2.2.0@243, smart-2.2.0@247, smart-2.2.0@260, smart-2.2.0@266: en zonder token is er
    alleen wat openbaar is."""
    client = smart.met(smart.achtergrond(scope="system/Organization.rs").json())
    assert client.get("Organization").status_code == 200
    geweigerd = client.get("Task")
    assert geweigerd.status_code == 403 and "insufficient_scope" in geweigerd.headers["www-authenticate"]
    assert smart.client().get("/fhir/Organization").status_code == 401
    assert smart.client().get("/fhir/metadata").status_code == 200


def test_wat_de_app_wel_mag_vragen_maar_niet_ziet_komt_niet_mee(smart: Smart) -> None:
    """smart-2.2.0@119, smart-2.2.0@245: de scope dekt Patient; zonder toestemming is er geen paspoort."""
    client = smart.met(smart.achtergrond().json())
    assert client.get(f"Patient/{HOUDER}").status_code == 404
    assert client.get(f"Device?patient={HOUDER}").json()["total"] == 0


# --- private_key_jwt


def _assertion(smart: Smart, **velden: Any) -> httpx.Response:
    client_id = velden.pop("client_id", "app-ES384")
    vraag = {"grant_type": "client_credentials", "scope": "system/*.rs"} | smart.bewijs(client_id, **velden)
    return smart.client().post("/oauth/token", data=vraag)


def straks(seconden: int) -> Callable[[], int]:
    """Een tijdstip vanaf het begin van de test; het verzamelen van de tests kan een kwartier eerder zijn."""
    return lambda: int(time.time()) + seconden


@pytest.mark.parametrize(
    "velden",
    [
        {"aud": "https://elders.example/token"}, {"aud": None}, {"iss": "app-RS384"}, {"sub": "bestaat-niet"},
        {"exp": straks(-120)}, {"exp": straks(600)}, {"exp": None}, {"jti": None},
        {"alg": "RS384"}, {"client_id": "bestaat-niet"}, {"kop": {"kid": "onbekend"}}, {"kop": {"jku": JKU}},
        {"nbf": straks(600)},
    ],
    ids=lambda v: "-".join(v),
)  # fmt: skip
def test_een_bewijs_dat_niet_klopt_is_invalid_client(smart: Smart, velden: Json) -> None:
    """smart-2.2.0@249, smart-2.2.0@335, smart-2.2.0@337, smart-2.2.0@338, smart-2.2.0@340: ook een sleutel of een
    adres van een ander."""
    antwoord = _assertion(smart, **{naam: w() if callable(w) else w for naam, w in velden.items()})
    assert antwoord.status_code == 401 and antwoord.json()["error"] == "invalid_client"


def test_een_bewijs_werkt_een_keer(smart: Smart) -> None:
    """smart-2.2.0@336."""
    vraag = {"grant_type": "client_credentials", "scope": "system/*.rs"} | smart.bewijs("app-ES384")
    eerste, tweede = (smart.client().post("/oauth/token", data=vraag) for _ in range(2))
    assert eerste.status_code == 200 and tweede.json()["error"] == "invalid_client"


@pytest.fixture(scope="module")
def sleutelplek() -> Iterator[Json]:
    """Een app die haar sleutels zelf publiceert; `inhoud`, `kop` en `status` zijn te zetten, `vragen` telt."""
    plek: Json = {"vragen": 0, "status": 200, "kop": "max-age=600", "inhoud": {}}

    class Sleutels(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            plek["vragen"] += 1
            self.send_response(plek["status"])
            self.send_header("Cache-Control", plek["kop"])
            self.send_header("Location", plek["adres"])
            self.end_headers()
            self.wfile.write(json.dumps(plek["inhoud"]).encode())

        def log_message(self, *_: object) -> None:
            """Stil."""

    server = HTTPServer(("127.0.0.1", 0), Sleutels)
    plek["adres"] = f"http://127.0.0.1:{server.server_port}/jwks"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield plek
    server.shutdown()
    server.server_close()


def test_een_app_mag_haar_sleutels_zelf_bijhouden(smart: Smart, sleutelplek: Json) -> None:
    """smart-2.2.0@296, smart-2.2.0@338, smart-2.2.0@339, smart-2.2.0@341, smart-2.2.0@342: gehaald van haar adres,
    onthouden zolang zij zegt, en `jku` is dat adres of niets."""
    adres, publiek = sleutelplek["adres"], SLEUTELS["ES384"].as_dict(private=False)
    sleutelplek["inhoud"] = {"keys": [publiek]}
    velden = {"soort": "gemeente", "organisatie": "gemeente-veldkant", "redirect_uris": (), "grant_types": APP}
    app = smart.zet("app-adres", jwks_uri=adres, scopes="system/*.rs", **velden)
    assert _assertion(smart, client_id=app).status_code == 200
    assert _assertion(smart, client_id=app, kop={"jku": adres}).status_code == 200
    assert _assertion(smart, client_id=app, kop={"jku": JKU}).status_code == 401
    assert sleutelplek["vragen"] == 1
    # Wie geen bewaren toestaat, wordt elke keer gevraagd; wat geen JWK Set is of niet komt, bewijst niets.
    sleutelplek["kop"] = "no-store"
    los = smart.zet("app-adres-2", jwks_uri=f"{adres}?2", scopes="system/*.rs", **velden)
    assert [_assertion(smart, client_id=los).status_code for _ in range(2)] == [200, 200]
    assert sleutelplek["vragen"] == 3
    for status, inhoud in ((500, {"keys": [publiek]}), (302, {"keys": [publiek]}), (200, {"keys": []}), (200, [1])):
        sleutelplek |= {"status": status, "inhoud": inhoud}
        assert _assertion(smart, client_id=los).json()["error"] == "invalid_client", (status, inhoud)


@pytest.mark.parametrize(
    ("kop", "seconden"),
    [("max-age=120", 120), ("public, max-age=99999", 3600), ("no-store", 0), ("no-cache, max-age=60", 0), ("", 60)],
)
def test_sleutels_worden_nooit_langer_onthouden_dan_de_app_zegt(kop: str, seconden: int) -> None:
    """smart-2.2.0@341."""
    assert geldig(kop) == seconden


def test_een_sleutelset_staat_alleen_bij_de_eigen_app(smart: Smart) -> None:
    """smart-2.2.0@305: wat er staat is wat er aangemeld is; een vreemde sleutel komt er over het net niet in."""
    from server.store.clients import client

    voor = smart.doe(client(smart.opslag, "app-ES384"))
    antwoord = smart.client().post("/oauth/token", data={"client_id": "app-ES384", "jwks": "{}"})
    assert antwoord.status_code == 400 and smart.doe(client(smart.opslag, "app-ES384")) == voor


# --- introspectie


def _nakijken(smart: Smart, token: str, client_id: str = "app-ES384", alg: str = "ES384") -> Json:
    vraag = {"token": token} | smart.bewijs(client_id, alg)
    antwoord = smart.client().post("/oauth/introspect", data=vraag)
    assert antwoord.status_code == 200, antwoord.text
    return dict(antwoord.json())


def test_introspectie_zegt_wat_het_tokenantwoord_zei(smart: Smart) -> None:
    """smart-2.2.0@99, smart-2.2.0@269, smart-2.2.0@271, smart-2.2.0@272, smart-2.2.0@273, smart-2.2.0@274,
    smart-2.2.0@275, smart-2.2.0@276, smart-2.2.0@281: voor de eigen app."""
    begin = int(time.time())
    token = smart.achtergrond().json()
    uit = _nakijken(smart, token["access_token"])
    assert uit["active"] is True and uit["scope"] == token["scope"] and uit["client_id"] == "app-ES384"
    assert 0 <= uit["exp"] - begin - token["expires_in"] <= 30 and isinstance(uit["exp"], int)
    assert _nakijken(smart, "verzonnen") == {"active": False}


def test_introspectie_heeft_de_context_en_wie_er_is(smart: Smart) -> None:
    """smart-2.2.0@277, smart-2.2.0@278, smart-2.2.0@279, smart-2.2.0@280: van een token van een app van dezelfde
    organisatie."""
    publiek = {"keys": [SLEUTELS["ES384"].as_dict(private=False)]}
    app = smart.zet("app-huis", soort="gemeente", organisatie="gemeente-veldkant", jwks=publiek)
    proef = Proefapp(smart, smart.browser("yvonne"), app)
    bewijs = smart.bewijs(app)
    token = proef.wissel(proef.terug()["code"], client_id=None, **bewijs).json()
    uit = _nakijken(smart, token["access_token"])
    assert uit["patient"] == token["patient"] == HOUDER and uit["iss"] == smart.base and uit["sub"]
    assert uit["fhirUser"] == f"{smart.fhir}/Patient/{HOUDER}"


def test_introspectie_over_een_ander_of_zonder_bewijs_zegt_niets(smart: Smart, yvonne: Proefapp) -> None:
    """smart-2.2.0@271, smart-2.2.0@281: besluit 0032. Een app zonder sleutel kijkt niets na."""
    van_een_ander = yvonne.tokens(scope="patient/*.rs")["access_token"]
    assert _nakijken(smart, van_een_ander) == {"active": False}
    for velden in ({}, {"client_id": "app-eigen"}):
        antwoord = smart.client().post("/oauth/introspect", data={"token": van_een_ander} | velden)
        assert antwoord.status_code in (400, 401) and antwoord.json()["error"] == "invalid_client"


def test_introspectie_kan_ook_met_een_eigen_token(smart: Smart, yvonne: Proefapp) -> None:
    """smart-2.2.0@282: een `system/`-token in Authorization; een ander of verlopen token niet."""
    eigen = smart.achtergrond().json()["access_token"]
    vraag = {"token": eigen}
    met = smart.client(authorization=f"Bearer {eigen}").post("/oauth/introspect", data=vraag)
    assert met.status_code == 200 and met.json()["active"] is True
    persoon = yvonne.tokens(scope="patient/*.rs")["access_token"]
    for bearer in (persoon, "verzonnen"):
        antwoord = smart.client(authorization=f"Bearer {bearer}").post("/oauth/introspect", data=vraag)
        assert antwoord.status_code in (400, 401), bearer
    # Het geldt alleen hier: een token vervangt het bewijs bij /oauth/token en /oauth/revoke niet.
    for pad, velden in (("token", {"grant_type": "client_credentials", "scope": "system/*.rs"}), ("revoke", vraag)):
        antwoord = smart.client(authorization=f"Bearer {eigen}").post(f"/oauth/{pad}", data=velden)
        assert antwoord.status_code in (400, 401), pad


def test_een_ingetrokken_token_is_niet_meer_actief(smart: Smart) -> None:
    """smart-2.2.0@272, smart-2.2.0@392: intrekken werkt bij het eerstvolgende verzoek."""
    token = smart.achtergrond().json()["access_token"]
    weg = smart.client().post("/oauth/revoke", data={"token": token} | smart.bewijs("app-ES384"))
    assert weg.status_code == 200 and _nakijken(smart, token) == {"active": False}
    assert smart.met(token).get("Organization").status_code == 401


def test_wie_haar_mandaat_kwijt_is_heeft_geen_actief_token(smart: Smart) -> None:
    """smart-2.2.0@272: en verversen lukt ook niet (toegang.md §7)."""
    nu = int(time.time())

    async def maak() -> tuple[str, str]:
        inhoud = {"soort": "persoon", "rol": "vertegenwoordiger", "naam": "P", "account": "p", "patient": HOUDER,
                  "mandaat": "bestaat-niet"}  # fmt: skip
        v = await tokens.maak_verlening(smart.opslag, "app-ES384", "offline_access patient/*.rs", inhoud, nu)
        rest = (v.familie, "app-ES384", v.scopes, inhoud, nu, nu + 60)
        toegang = await tokens.geef_token(smart.opslag, "toegang", *rest)
        vers = await tokens.geef_token(smart.opslag, "verversing", *rest)
        assert toegang and vers
        return toegang, vers

    toegang, vers = smart.doe(maak())
    assert _nakijken(smart, toegang) == {"active": False}
    vraag = {"grant_type": "refresh_token", "refresh_token": vers} | smart.bewijs("app-ES384")
    assert smart.client().post("/oauth/token", data=vraag).status_code == 400
