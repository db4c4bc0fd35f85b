"""Het product op een echte poort, in dit proces: zo is er van alles bij te zetten (apps, tokens die verlopen zijn).

Alles over HTTP, behalve wat een beheerder of de klok zou doen (`Smart.doe`). De mensen: Yvonne is houder, Peter is
houder en gemachtigde van Yvonne, Nienke is therapeut. Bron: SMART App Launch 2.2.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
import secrets
import socket
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any, Final, TypeVar

import httpx
import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from paspoort.fhir.stelsels import extension
from paspoort.fhir.validatie import Validator
from server.app import maak_app
from server.fhir.definities import Definities
from server.oauth.demo import ACCOUNT_ISSUER
from server.settings import Settings
from server.store.clients import Client, zet_client
from server.store.passports import Opslag
from server.store.session import Lidmaatschap, bewaar_account, zet_lidmaatschap
from tests.conftest import ANDER, HOUDER, Wereld, _paspoort, _register

Json = dict[str, Any]
T = TypeVar("T")
ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CODE, APP = ("authorization_code", "refresh_token"), ("client_credentials",)
ALLES: Final = "openid fhirUser profile launch/patient offline_access online_access patient/*.cruds user/*.cruds"
SLEUTELS: Final = {
    "ES384": ECKey.generate_key("P-384", {"use": "sig", "alg": "ES384"}, auto_kid=True),
    "RS384": RSAKey.generate_key(2048, {"use": "sig", "alg": "RS384"}, auto_kid=True),
}
MANDAAT: Final = "mandaat-peter"


@dataclass
class Smart:
    """Het draaiende product. `terug` is waar de apps op terugkomen; daar luistert niemand."""

    base: str
    opslag: Opslag
    lus: asyncio.AbstractEventLoop
    open: list[httpx.Client] = field(default_factory=list)

    @property
    def fhir(self) -> str:
        return f"{self.base}/fhir"

    @property
    def terug(self) -> str:
        return "http://127.0.0.1:9/terug"

    def doe(self, taak: Coroutine[Any, Any, T]) -> T:
        """Iets buiten HTTP om, in de lus van het product."""
        return asyncio.run_coroutine_threadsafe(taak, self.lus).result(60)

    def client(self, **koppen: str) -> httpx.Client:
        """Een lege browser, of een client met een token."""
        self.open.append(httpx.Client(base_url=self.base, headers=koppen, timeout=60, trust_env=False))
        return self.open[-1]

    def browser(self, wie: str) -> httpx.Client:
        """Een browser waarin deze persoon is ingelogd."""
        nieuw = self.client()
        antwoord = nieuw.post("/inloggen", data={"persoon": wie})
        assert antwoord.status_code == 303, antwoord.text[:500]
        return nieuw

    def met(self, token: Json | str) -> httpx.Client:
        """Een FHIR-client met dit token."""
        waarde = token if isinstance(token, str) else token["access_token"]
        client = self.client(authorization=f"Bearer {waarde}", accept="application/fhir+json")
        client.base_url = httpx.URL(f"{self.fhir}/")
        return client

    def zet(self, client_id: str, **velden: Any) -> str:
        """Een app erbij of anders."""
        vast: Json = {
            "soort": "persoonlijk", "naam": "Mijn app", "redirect_uris": (self.terug,), "scopes": ALLES,
            "grant_types": CODE,
        }  # fmt: skip
        self.doe(zet_client(self.opslag, Client(client_id, **(vast | velden))))
        return client_id

    def achtergrond(self, alg: str = "ES384", scope: str = "system/*.rs", **anders: Any) -> httpx.Response:
        """De tokenvraag van de app van de gemeente; `anders` verandert velden (None laat weg)."""
        velden = {"grant_type": "client_credentials", "scope": scope} | self.bewijs(f"app-{alg}", alg) | anders
        return self.client().post("/oauth/token", data={n: w for n, w in velden.items() if w is not None})

    def bewijs(self, client_id: str, alg: str = "ES384", kop: Json | None = None, **claims: Any) -> Json:
        """Een client assertion; een claim met None ontbreekt."""
        nu = int(time.time())
        vast = {
            "iss": client_id, "sub": client_id, "aud": f"{self.base}/oauth/token", "exp": nu + 240,
            "jti": secrets.token_hex(8),
        }  # fmt: skip
        inhoud = {n: w for n, w in (vast | claims).items() if w is not None}
        hoofd = {"alg": alg, "typ": "JWT", "kid": str(SLEUTELS[alg].kid)} | (kop or {})
        return {
            "client_assertion_type": ASSERTION,
            "client_assertion": jwt.encode(hoofd, inhoud, SLEUTELS[alg], [alg]),
        }


@dataclass
class Proefapp:
    """Een openbare app die de hele weg gaat, met de browser van een mens."""

    smart: Smart
    browser: httpx.Client
    client_id: str = "app-eigen"
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def vraag(self, **anders: str | None) -> dict[str, str]:
        """De velden van een vraag om een code."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        velden: dict[str, str | None] = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": self.smart.terug, "state": "s-123",
            "scope": "openid fhirUser launch/patient offline_access patient/*.rs", "aud": self.smart.fhir,
            "nonce": "n-456", "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return {naam: waarde for naam, waarde in (velden | anders).items() if waarde is not None}

    def antwoord(self, besluit: str = "ja", methode: str = "GET", **anders: str | None) -> httpx.Response:
        """De bladzijde openen en erop antwoorden, zoals een mens met een browser."""
        waar: Json = {"params" if methode == "GET" else "data": self.vraag(**anders)}
        bladzijde = self.browser.request(methode, "/oauth/authorize", **waar)
        assert bladzijde.status_code == 200, bladzijde.headers.get("location", bladzijde.text[:800])
        return self.browser.post("/oauth/authorize", data=velden_van(bladzijde.text) | {"besluit": besluit})

    def terug(self, **anders: str | None) -> dict[str, str]:
        """De parameters waarmee de browser bij de app terugkomt."""
        naar = self.antwoord(**anders).headers["location"]
        assert naar.startswith(self.smart.terug + "?")
        return dict(httpx.URL(naar).params)

    def weiger(self, **anders: str | None) -> dict[str, str]:
        """De fout waarmee een vraag die niet kan naar de app teruggaat."""
        antwoord = self.browser.get("/oauth/authorize", params=self.vraag(**anders))
        assert antwoord.status_code == 303, antwoord.status_code
        return dict(httpx.URL(antwoord.headers["location"]).params)

    def wissel(self, code: str, **anders: str | None) -> httpx.Response:
        velden: dict[str, str | None] = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.smart.terug,
            "code_verifier": self.verifier, "client_id": self.client_id,
        }  # fmt: skip
        gevuld = {n: w for n, w in (velden | anders).items() if w is not None}
        return self.browser.post("/oauth/token", data=gevuld)

    def tokens(self, **anders: str | None) -> Json:
        """Het hele antwoord van de hele weg."""
        antwoord = self.wissel(self.terug(**anders)["code"])
        assert antwoord.status_code == 200, antwoord.text
        return dict(antwoord.json())

    def vernieuw(self, token: str, **anders: str) -> httpx.Response:
        velden = {"grant_type": "refresh_token", "refresh_token": token, "client_id": self.client_id}
        return self.browser.post("/oauth/token", data=velden | anders)


def velden_van(bladzijde: str) -> dict[str, str]:
    """De verborgen velden van een formulier."""
    paren = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', bladzijde)
    return {naam: unescape(waarde) for naam, waarde in paren}


@contextmanager
def draai(settings: Settings, validator: Validator, definities: Definities) -> Iterator[Smart]:
    """Het product op een vrije poort, in een eigen draad met een eigen lus."""
    with socket.socket() as vrij:
        vrij.bind(("127.0.0.1", 0))
        poort = vrij.getsockname()[1]
    settings = replace(settings, base_url=f"http://127.0.0.1:{poort}")
    klaar = threading.Event()
    smart: list[Smart] = []
    servers: list[uvicorn.Server] = []

    async def alles() -> None:
        app = await maak_app(settings)
        opslag: Opslag = app.state.opslag
        await _vul(opslag, settings)
        smart.append(Smart(settings.base_url, opslag, asyncio.get_running_loop()))
        servers.append(uvicorn.Server(uvicorn.Config(app, port=poort, log_level="warning", lifespan="off")))
        klaar.set()
        await servers[0].serve()
        await opslag.sluit()

    oud = Validator.laad, Definities.laad
    # Laden kost seconden en geeft altijd hetzelfde.
    Validator.laad, Definities.laad = (lambda: validator), (lambda: definities)  # type: ignore[method-assign]
    draad = threading.Thread(target=lambda: asyncio.run(alles()), daemon=True)
    draad.start()
    try:
        while not (klaar.is_set() and servers[0].started):
            assert draad.is_alive(), "het product kwam niet op"
            time.sleep(0.05)
        yield smart[0]
    finally:
        Validator.laad, Definities.laad = oud  # type: ignore[method-assign]
        for client in smart[0].open if smart else ():
            client.close()
        for server in servers:
            server.should_exit = True
        draad.join(20)


async def _vul(opslag: Opslag, settings: Settings) -> None:
    wereld = Wereld(opslag)
    await wereld.zet("register", *_register())
    for patient in (HOUDER, ANDER):
        await opslag.maak_partitie(patient, "paspoort")
        await wereld.zet(patient, *_paspoort(patient), herkomst="zelf")
    mandaat = {
        "resourceType": "RelatedPerson", "id": MANDAAT, "active": True, "name": [{"text": "Peter"}],
        "patient": {"reference": f"Patient/{HOUDER}"}, "period": {"start": "2020-01-01"},
        "extension": [{"url": extension("mandaatsoort"), "valueCode": "gemachtigde"}],
    }  # fmt: skip
    await wereld.zet(HOUDER, mandaat, herkomst="zelf")
    rollen = {
        "yvonne": [Lidmaatschap("", "houder", patient=HOUDER)],
        "peter": [Lidmaatschap("", "vertegenwoordiger", patient=HOUDER, namens="Yvonne", mandaat=MANDAAT)],
        "twee": [
            Lidmaatschap("", "houder", patient=ANDER),
            Lidmaatschap("", "therapeut", organisatie="praktijk-handvat", functie="therapeut-nienke"),
        ],
        "beheer": [Lidmaatschap("", "beheerder")],
        "nienke": [Lidmaatschap("", "therapeut", organisatie="praktijk-handvat", functie="therapeut-nienke")],
    }
    for code, lijst in rollen.items():
        account = await bewaar_account(opslag, ACCOUNT_ISSUER, code, code.title())
        for lid in lijst:
            await zet_lidmaatschap(opslag, replace(lid, account=account.id))
    personen = [{"code": c, "naam": c.title(), "rol": r[0].rol} for c, r in rollen.items()]
    (settings.data / "demo.json").write_text(json.dumps({"personen": personen}))
    terug = ("http://127.0.0.1:9/terug",)
    apps = [Client("app-eigen", "persoonlijk", "Mijn app", None, terug, None, ALLES, CODE, "Om uw maten te tonen.")]
    for alg, sleutel in SLEUTELS.items():
        jwks = {"keys": [sleutel.as_dict(private=False)]}
        scopes = "system/*.rs system/Task.cruds"
        apps.append(Client(f"app-{alg}", "gemeente", "Zaaksysteem", "gemeente-veldkant", (), jwks, scopes, APP))
    for app in apps:
        await zet_client(opslag, app)
