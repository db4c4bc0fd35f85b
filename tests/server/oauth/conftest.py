"""OAuth in de test: echte opslag, echte bladzijden, de FHIR-deur erachter, en demopersonen om mee in te loggen."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from functools import partial
from html import unescape
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey

from server.fhir.gateway import Poort
from server.fhir.router import maak_router as maak_fhir_router
from server.oauth.actor import actor_van_token
from server.oauth.demo import ACCOUNT_ISSUER
from server.oauth.routes import maak_router
from server.settings import Settings
from server.store.clients import Client, zet_client
from server.store.passports import Opslag
from server.store.session import Lidmaatschap, bewaar_account, zet_lidmaatschap
from web.bladzijde import maak_render

HOUDER, ANDER = "houder-yvonne", "houder-ander"
TERUG = "https://app.example/terug"
SLEUTELS = {
    naam: ECKey.generate_key("P-384", {"use": "sig", "alg": "ES384"}, auto_kid=True) for naam in ("gemeente", "code")
}
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CODE, APP = ("authorization_code", "refresh_token"), ("client_credentials",)
ALLES = "openid fhirUser profile launch/patient offline_access patient/*.cruds user/*.cruds"


@dataclass
class Proefapp:
    """Een app die aansluit: maakt een vraag, doet de flow, wisselt codes in."""

    browser: httpx.AsyncClient
    client_id: str = "app-eigen"
    sleutel: ECKey | None = None
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def vraag(self, **anders: str | None) -> dict[str, str]:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        velden: dict[str, str | None] = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": TERUG, "state": "s-123",
            "scope": "openid fhirUser launch/patient offline_access patient/*.rs", "aud": "http://test/fhir",
            "nonce": "n-456", "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return {naam: waarde for naam, waarde in (velden | anders).items() if waarde is not None}

    async def vraag_toestemming(self, besluit: str = "ja", **anders: str | None) -> httpx.Response:
        """De bladzijde openen en erop antwoorden, zoals een mens met een browser."""
        bladzijde = await self.browser.get("/oauth/authorize", params=self.vraag(**anders))
        assert bladzijde.status_code == 200, bladzijde.headers.get("location", bladzijde.text)
        return await self.browser.post("/oauth/authorize", data=velden_van(bladzijde.text) | {"besluit": besluit})

    async def code(self, **anders: str | None) -> str:
        antwoord = await self.vraag_toestemming(**anders)
        return str(httpx.URL(antwoord.headers["location"]).params["code"])

    async def wissel(self, code_: str, **anders: str | None) -> httpx.Response:
        velden: dict[str, str | None] = {
            "grant_type": "authorization_code", "code": code_, "redirect_uri": TERUG, "code_verifier": self.verifier,
        }  # fmt: skip
        velden |= bewijs(self.client_id, self.sleutel) if self.sleutel else {"client_id": self.client_id}
        return await self.browser.post(
            "/oauth/token", data={n: w for n, w in (velden | anders).items() if w is not None}
        )

    async def tokens(self, **anders: str | None) -> dict[str, Any]:
        antwoord = await self.wissel(await self.code(**anders))
        assert antwoord.status_code == 200, antwoord.text
        return dict(antwoord.json())

    async def vernieuw(self, token: str, **anders: str) -> httpx.Response:
        velden = {"grant_type": "refresh_token", "refresh_token": token, "client_id": self.client_id}
        return await self.browser.post("/oauth/token", data=velden | anders)


def velden_van(bladzijde: str) -> dict[str, str]:
    """De verborgen velden van een formulier."""
    paren = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', bladzijde)
    return {naam: unescape(waarde) for naam, waarde in paren}


def bewijs(
    client_id: str, sleutel: ECKey, alg: str = "ES384", kop: dict[str, str] | None = None, **claims: Any
) -> dict[str, str]:
    """Een client assertion (SMART Backend Services); een claim met None ontbreekt."""
    nu = int(time.time())
    inhoud = {
        "iss": client_id, "sub": client_id, "aud": "http://test/oauth/token", "exp": nu + 240, "iat": nu,
        "jti": secrets.token_hex(8),
    } | claims  # fmt: skip
    hoofd = {"alg": alg, "kid": str(sleutel.kid)} | (kop or {})
    assertion = jwt.encode(hoofd, {n: w for n, w in inhoud.items() if w is not None}, sleutel, [alg])
    return {"client_assertion_type": ASSERTION, "client_assertion": assertion}


@pytest_asyncio.fixture
async def mensen(opslag: Opslag, wereld: Any, settings: Settings) -> dict[str, str]:
    """Demopersonen en apps; geeft per code het account."""
    rollen = {
        "yvonne": [Lidmaatschap("", "houder", patient=HOUDER)],
        "peter": [
            Lidmaatschap("", "houder", patient=ANDER),
            Lidmaatschap("", "vertegenwoordiger", patient=HOUDER, namens="Yvonne"),
        ],
        "nienke": [Lidmaatschap("", "therapeut", organisatie="praktijk-handvat", functie="therapeut-nienke")],
        "beheer": [Lidmaatschap("", "beheerder")],
        "leeg": [],
    }
    accounts = {}
    for code, lijst in rollen.items():
        account = await bewaar_account(opslag, ACCOUNT_ISSUER, code, code.title())
        accounts[code] = account.id
        for lid in lijst:
            await zet_lidmaatschap(opslag, replace(lid, account=account.id))
    personen = [{"code": c, "naam": c.title(), "rol": r[0].rol if r else ""} for c, r in rollen.items()]
    (settings.data / "demo.json").write_text(json.dumps({"personen": personen}))
    for app in (
        Client("app-eigen", "persoonlijk", "Mijn app", None, (TERUG,), None, ALLES, CODE),
        Client(
            "app-sleutel", "zorgpraktijk", "Sleutelapp", "praktijk-handvat", (TERUG,),
            {"keys": [SLEUTELS["code"].as_dict(private=False)]}, ALLES, CODE,
        ),
        Client(
            "app-gemeente", "gemeente", "Zaaksysteem", "gemeente-veldkant", (),
            {"keys": [SLEUTELS["gemeente"].as_dict(private=False)]}, "system/*.rs system/Task.cruds", APP,
        ),
        Client(
            "app-proef", "proef", "Proeftuin", None, (), {"keys": [SLEUTELS["gemeente"].as_dict(private=False)]},
            "system/*.cruds", APP,
        ),
    ):  # fmt: skip
        await zet_client(opslag, app)
    return accounts


@pytest.fixture
def oauth_app(opslag: Opslag, settings: Settings, poort: Poort) -> FastAPI:
    app = FastAPI()
    app.include_router(maak_router(opslag, settings, maak_render(settings)))
    app.include_router(maak_fhir_router(poort, partial(actor_van_token, opslag), settings))
    return app


Browser = Callable[[], httpx.AsyncClient]


@pytest_asyncio.fixture
async def browser(oauth_app: FastAPI, mensen: dict[str, str]) -> AsyncIterator[Browser]:
    """`browser()` geeft een nieuwe, lege browser."""
    open_: list[httpx.AsyncClient] = []

    def maak() -> httpx.AsyncClient:
        open_.append(httpx.AsyncClient(transport=httpx.ASGITransport(app=oauth_app), base_url="http://test"))
        return open_[-1]

    yield maak
    for client in open_:
        await client.aclose()


@pytest_asyncio.fixture
async def inlog(browser: Browser) -> Callable[[str], Any]:
    """`await inlog("yvonne")` geeft een browser die is ingelogd."""

    async def doe(persoon: str) -> httpx.AsyncClient:
        nieuw = browser()
        antwoord = await nieuw.post("/inloggen", data={"persoon": persoon})
        assert antwoord.status_code == 303, antwoord.text
        return nieuw

    return doe
