"""Onafhankelijke apps: van de houder (code + PKCE, langs de echte bladzijden) en van organisaties (eigen sleutel).

Zij kennen het product alleen van buiten: het ontdekkingsdocument, demo.json en FHIR. Bron: SMART App Launch 2.2.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import httpx
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from tests.verhaal.product import Json, Product

SOORT = "application/fhir+json"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TIJD = httpx.Timeout(30)
HOUDERSCOPES = "openid fhirUser launch/patient offline_access patient/*.cruds"


@dataclass
class App:
    """Een app met een token. `fhir` vraagt met dat token; antwoorden zijn van httpx."""

    product: Product
    token: Json
    fhir: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        koppen = {"authorization": f"Bearer {self.token['access_token']}", "accept": SOORT}
        self.fhir = httpx.Client(base_url=self.product.fhir + "/", headers=koppen, timeout=TIJD, trust_env=False)

    def lees(self, pad: str, **query: str) -> Json:
        """GET die hoort te lukken."""
        antwoord = self.fhir.get(pad, params=query or None)
        assert antwoord.status_code == 200, f"{pad}: {antwoord.status_code} {antwoord.text[:1500]}"
        return dict(antwoord.json())

    def zoek(self, type_: str, **query: str) -> list[Json]:
        """De gevonden resources, over alle bladzijden."""
        bundel = self.lees(type_, **query)
        uit = [r["resource"] for r in bundel.get("entry", [])]
        while volgende := next((x["url"] for x in bundel.get("link", []) if x["relation"] == "next"), None):
            bundel = self.lees(volgende)
            uit += [r["resource"] for r in bundel.get("entry", [])]
        return uit

    def stuur(self, methode: str, pad: str, inhoud: Json | None = None, **koppen: str) -> httpx.Response:
        """Een schrijvende vraag; wie roept, kijkt zelf naar de status."""
        extra = {"content-type": SOORT, **{k.replace("_", "-"): w for k, w in koppen.items()}}
        return self.fhir.request(methode, pad, json=inhoud, headers=extra)

    def maak(self, inhoud: Json) -> Json:
        """POST die hoort te lukken; geeft de resource met haar id."""
        antwoord = self.stuur("POST", inhoud["resourceType"], inhoud, prefer="return=representation")
        assert antwoord.status_code == 201, f"{inhoud['resourceType']}: {antwoord.status_code} {antwoord.text[:2500]}"
        return dict(antwoord.json())

    def wijzig(self, inhoud: Json) -> Json:
        """PUT van de gelezen versie met iets erin veranderd."""
        antwoord = self.stuur("PUT", f"{inhoud['resourceType']}/{inhoud['id']}", inhoud, prefer="return=representation")
        assert antwoord.status_code == 200, f"{inhoud['resourceType']}: {antwoord.status_code} {antwoord.text[:2500]}"
        return dict(antwoord.json())

    def doe(self, pad: str, parameters: Json | None = None) -> Json:
        """Een operatie die hoort te lukken."""
        antwoord = self.stuur("POST", pad, parameters)
        assert antwoord.status_code in (200, 201), f"{pad}: {antwoord.status_code} {antwoord.text[:2500]}"
        return dict(antwoord.json())

    def samen(self, bundel: Json) -> list[str]:
        """Een transactie die hoort te lukken; per regel `Type/id` uit `location`."""
        antwoord = self.stuur("POST", "", bundel)
        assert antwoord.status_code == 200, f"transactie: {antwoord.status_code} {antwoord.text[:3000]}"
        return [_plek(r["response"].get("location", "")) for r in antwoord.json()["entry"]]


def ontdek(product: Product) -> Json:
    """Het SMART-ontdekkingsdocument."""
    return dict(
        httpx.get(product.fhir + "/.well-known/smart-configuration", timeout=TIJD, trust_env=False)
        .raise_for_status()
        .json()
    )


@contextmanager
def inlog(product: Product, code: str) -> Iterator[httpx.Client]:
    """Een lege browser waarin deze persoon is ingelogd; wie maar één rol heeft, hoeft niets te kiezen."""
    with httpx.Client(base_url=product.base, timeout=TIJD, trust_env=False) as browser:
        antwoord = browser.post("/inloggen", data={"persoon": code})
        assert antwoord.status_code == 303, antwoord.text[:500]
        yield browser


def velden_van(bladzijde: str) -> dict[str, str]:
    """De verborgen velden van een formulier."""
    paren = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', bladzijde)
    return {naam: unescape(waarde) for naam, waarde in paren}


def als_persoon(product: Product, code: str, scope: str = HOUDERSCOPES) -> App:
    """De losse app `persoonlijk`, toegelaten door deze persoon op de echte bladzijde (code + PKCE S256)."""
    waar, app = ontdek(product), product.app("persoonlijk")
    terug = app["redirect_uris"][0]
    client = OAuth2Client(
        app["client_id"], token_endpoint_auth_method="none", code_challenge_method="S256", redirect_uri=terug,
        scope=scope, trust_env=False,
    )  # fmt: skip
    verifier = secrets.token_urlsafe(48)
    adres, state = client.create_authorization_url(
        waar["authorization_endpoint"], code_verifier=verifier, nonce=secrets.token_hex(8), aud=product.fhir
    )
    with inlog(product, code) as browser:
        bladzijde = browser.get(adres)
        assert bladzijde.status_code == 200, bladzijde.headers.get("location", "")
        besluit = browser.post("/oauth/authorize", data=velden_van(bladzijde.text) | {"besluit": "ja"})
    naar = besluit.headers["location"]
    assert naar.startswith(terug) and httpx.URL(naar).params["iss"] == waar["issuer"]
    token = client.fetch_token(waar["token_endpoint"], authorization_response=naar, state=state, code_verifier=verifier)
    return App(product, dict(token))


def als_organisatie(product: Product, soort: str, scope: str | None = None) -> App:
    """De backend-app van de eerste organisatie van deze soort: client_credentials met private_key_jwt."""
    app = product.app(soort)
    antwoord = vraag_token(product, app, scope=scope or app["scope"])
    assert antwoord.status_code == 200, antwoord.text
    return App(product, dict(antwoord.json()))


def vraag_token(product: Product, app: Json, **velden: str | None) -> httpx.Response:
    """De tokenvraag van een backend-app; `velden` vervangen wat er anders zou staan, None laat weg."""
    waar = ontdek(product)["token_endpoint"]
    alles: dict[str, str | None] = {
        "grant_type": "client_credentials", "scope": app["scope"], "client_assertion_type": ASSERTION,
        "client_assertion": bewijs(app, waar),
    }  # fmt: skip
    gevuld = {n: w for n, w in (alles | velden).items() if w is not None}
    return httpx.post(waar, data=gevuld, timeout=TIJD, trust_env=False)


def bewijs(app: Json, aud: str, **claims: Any) -> str:
    """Een client assertion (SMART Backend Services); een claim met None ontbreekt."""
    jwk = app["private_jwk"]
    sleutel: Any = ECKey.import_key(jwk) if jwk["kty"] == "EC" else RSAKey.import_key(jwk)
    alg = "ES384" if jwk["kty"] == "EC" else "RS384"
    nu = int(time.time())
    inhoud = {
        "iss": app["client_id"], "sub": app["client_id"], "aud": aud, "exp": nu + 240, "iat": nu,
        "jti": secrets.token_hex(12),
    } | claims  # fmt: skip
    kop = {"alg": alg, "kid": str(sleutel.kid or jwk.get("kid"))}
    return str(jwt.encode(kop, {n: w for n, w in inhoud.items() if w is not None}, sleutel, [alg]))


def issues(antwoord: httpx.Response) -> list[tuple[str, list[str]]]:
    """(foutcode, expression) van elke issue in een OperationOutcome."""
    inhoud = antwoord.json()
    assert inhoud["resourceType"] == "OperationOutcome", inhoud
    uit = []
    for issue in inhoud["issue"]:
        codes = [c.get("code", "") for c in issue.get("details", {}).get("coding", [])]
        uit.append((codes[0] if codes else issue["code"], list(issue.get("expression", []))))
    return uit


def _plek(adres: str) -> str:
    gevonden = re.search(r"([A-Z][A-Za-z]+/[A-Za-z0-9.-]+)(?:/_history/\d+)?$", adres)
    return gevonden[1] if gevonden else ""
