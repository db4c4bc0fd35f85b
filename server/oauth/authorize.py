"""De vraag van een app om namens iemand te kijken: nakijken, wat past bij wie er is ingelogd, en de toestemmingstekst.

Niet: inloggen (`inloggen.py`) en het vastleggen (`grants.py`, `bewaring.py`). De toestemming hier gaat over een app
die als de persoon zelf handelt; delen met een ander is een Consent (toegang.md §1) en loopt hier niet.
Bron: OAuth 2.1 §4.1.1, RFC 9207, SMART App Launch 2.2 (aud, launch/patient), OpenID Connect Core §3.1.2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error

from server.access.actor import Actor
from server.access.scopes import Scope, ontleed_alle, schrijf
from server.oauth.server import Server, Verzoek, Vraag
from server.oauth.tokens import fhir_user
from server.oauth.woorden import leest, leest_niet, schrijft

# Wat van een vraag overeind blijft in het formulier en na het inloggen; al het andere vervalt.
VELDEN: Final = (
    "response_type", "client_id", "redirect_uri", "scope", "state", "aud", "nonce", "code_challenge",
    "code_challenge_method", "prompt", "max_age",
)  # fmt: skip

EIGEN: Final = frozenset({"houder", "vertegenwoordiger"})
ZONDER_DOEL: Final = "Om u in de app te laten zien en doen wat hierboven staat."
# Wat de app kan zonder dat u er weer bij bent, per scope.
DUUR: Final = {
    "offline_access": "Tot u stopt. Gebruikt u de app 90 dagen niet, dan stopt het vanzelf.",
    "online_access": "Zolang u hier bent ingelogd. Logt u uit, dan stopt het meteen.",
}
KORT: Final = "10 minuten, daarna vraagt de app het opnieuw."
_GETAL: Final = re.compile(r"[0-9]{1,9}")

# Zonder redirect_uri die klopt sturen wij niemand door: dan een bladzijde (OAuth 2.1 §4.1.2.1).
FOUTZINNEN: Final = {
    "invalid_client": "Wij kennen deze app niet.",
    "unauthorized_client": "Deze app mag niet om uw toestemming vragen.",
    "invalid_request": "De app stuurt een vraag die niet klopt.",
    "unsupported_response_type": "De app vraagt iets wat wij niet doen.",
}


@dataclass(frozen=True, slots=True)
class Aanvraag:
    """Een nagekeken vraag. `grant` is van authlib; `scopes` wat de app vraagt en mag vragen."""

    grant: Any
    client: Any
    redirect_uri: str
    scopes: frozenset[Scope]
    overig: frozenset[str]
    velden: tuple[tuple[str, str], ...]

    def fout(self, code: str, tekst: str) -> OAuth2Error:
        """Een fout die naar de app terug mag."""
        return OAuth2Error(
            error=code, description=tekst, redirect_uri=self.redirect_uri, state=dict(self.velden)["state"]
        )


@dataclass(frozen=True, slots=True)
class Toestemmingstekst:
    """Alles op de toestemmingsbladzijde."""

    app: str
    aanhef: str
    organisatie: str
    waarvoor: str
    tot: str
    anders: str  # waar de persoon een ander paspoort of een andere rol kiest; leeg als er niets te kiezen is
    bestemming: str
    leest: tuple[str, ...]
    schrijft: tuple[str, ...]
    leest_niet: tuple[str, ...]
    velden: tuple[tuple[str, str], ...]
    csrf: str


def controleer(server: Server, vraag: Vraag, fhir_url: str) -> Aanvraag:
    """De vraag nakijken (in de werkdraad). OAuth2Error, met `redirect_uri` als de app het mag horen."""
    verzoek = Verzoek(vraag)
    grant = server.get_consent_grant(verzoek)
    data: Mapping[str, str] = verzoek.payload.data
    try:
        _extra(data, verzoek, fhir_url)
    except OAuth2Error as fout:
        fout.redirect_uri, fout.state = grant.redirect_uri, data.get("state")
        raise
    scopes, overig = ontleed_alle(verzoek.scope or "")
    velden = tuple((naam, data[naam]) for naam in VELDEN if naam in data)
    return Aanvraag(grant, verzoek.client, grant.redirect_uri, scopes, overig, velden)


def _extra(data: Mapping[str, str], verzoek: Verzoek, fhir_url: str) -> None:
    """Wat authlib niet nakijkt: state verplicht, aud als die er is de onze, geen request-objecten, niets dubbel."""
    if not data.get("state"):
        raise InvalidRequestError("Missing 'state'.")
    if "aud" in data and data["aud"].rstrip("/") != fhir_url:
        raise InvalidRequestError("'aud' is not this FHIR server.")
    if any(r.rstrip("/") != fhir_url for r in verzoek.payload.datalist.get("resource", [])):
        raise OAuth2Error(error="invalid_target", description="'resource' is not this FHIR server.")  # RFC 8707 §2
    if "max_age" in data and not _GETAL.fullmatch(data["max_age"]):
        raise InvalidRequestError("'max_age' must be a number of seconds.")
    if data.get("response_mode", "query") != "query":
        raise InvalidRequestError("Only response_mode=query is supported.")
    if "none" in (prompt := data.get("prompt", "").split()) and len(prompt) > 1:
        raise InvalidRequestError("prompt=none does not go with other values.")
    if "request" in data or "request_uri" in data:
        raise OAuth2Error(error="request_not_supported", description="Request objects are not supported.")
    if dubbel := sorted(n for n, waarden in verzoek.payload.datalist.items() if len(waarden) > 1 and n in VELDEN):
        raise InvalidRequestError(f"Multiple '{dubbel[0]}' in request.")


def passend(aanvraag: Aanvraag, actor: Actor) -> str:
    """De scopes die bij deze persoon horen; OAuth2Error `access_denied` als er geen overblijft.

    `patient/` alleen voor wie één paspoort heeft; `user/` voor ieder met een rol in een paspoort; een beheerder niets
    (toegang.md §3: beheerder ziet geen paspoorten). `system/` hoort bij een organisatie, niet bij een persoon.
    """
    eigen = actor.rol in ("houder", "vertegenwoordiger") and actor.patient is not None
    niveaus = niveaus_van(actor.rol) if eigen or actor.rol not in EIGEN else frozenset({"user"})
    scopes = {s for s in aanvraag.scopes if s.niveau in niveaus}
    overig = {o for o in aanvraag.overig if eigen or o != "launch/patient"}
    if "fhirUser" in overig and fhir_user(actor) is None:
        overig -= {"fhirUser"}  # wie geen resource is, krijgt die scope niet (smart-2.2.0@197)
    if "offline_access" in overig:
        overig -= {"online_access"}  # wie altijd mag, hoeft er niet bij te blijven
    if not scopes and (aanvraag.scopes or "openid" not in overig):
        raise aanvraag.fout("access_denied", "None of the requested scopes fits the role of this person.")
    return schrijf(scopes, overig)


def niveaus_van(rol: str) -> frozenset[str]:
    """Welke niveaus van scopes bij een rol horen (toegang.md §3)."""
    if rol in EIGEN:
        return frozenset({"patient", "user"})
    return frozenset() if rol == "beheerder" else frozenset({"user"})


def past_bij(aanvraag: Aanvraag, rol: str) -> bool:
    """Of er met deze rol iets van de vraag overblijft; om te weten of kiezen zin heeft."""
    gevraagd = {s.niveau for s in aanvraag.scopes}
    return bool(gevraagd & niveaus_van(rol)) if gevraagd else True


def tekst(
    aanvraag: Aanvraag, actor: Actor, scope: str, organisatie: str | None, csrf: str, anders: str = ""
) -> Toestemmingstekst:
    """De toestemmingsbladzijde in gewone taal."""
    scopes, overig = ontleed_alle(scope)
    app = aanvraag.client.rij.naam
    if actor.namens:
        aanhef = f"{app} wil voor u in het paspoort van {actor.namens} kijken."
    elif actor.rol == "houder":
        aanhef = f"{app} wil in uw paspoort kijken. U beslist."
    else:
        aanhef = f"{app} wil werken met wat u zelf mag zien. De app ziet nooit meer dan u."
    return Toestemmingstekst(
        app=app,
        aanhef=aanhef,
        organisatie=organisatie or "Een losse app, niet van een organisatie die wij kennen.",
        waarvoor=aanvraag.client.rij.waarvoor or ZONDER_DOEL,
        tot=next((zin for soort, zin in DUUR.items() if soort in overig), KORT),
        anders=anders,
        bestemming=urlsplit(aanvraag.redirect_uri).netloc or aanvraag.redirect_uri.split(":", 1)[0],
        leest=leest(scopes),
        schrijft=schrijft(scopes),
        leest_niet=leest_niet(scopes),
        velden=aanvraag.velden,
        csrf=csrf,
    )


def als_adres(aanvraag: Aanvraag, *zonder: str) -> str:
    """De vraag als eigen adres, om na het inloggen verder te gaan."""
    return "/oauth/authorize?" + urlencode([(n, w) for n, w in aanvraag.velden if n not in zonder])
