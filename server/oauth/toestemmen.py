"""`/oauth/authorize`: de vraag van een app, de bladzijde voor de persoon, en haar antwoord terug naar de app.

De regels staan in `authorize.py`; hier HTTP: de sessie, opnieuw inloggen als de app dat vraagt (`prompt`, `max_age`),
een ander paspoort kiezen, en fouten naar de app als haar adres klopt en anders op een bladzijde.
Bron: OAuth 2.1 §4.1, RFC 9207, OpenID Connect Core §3.1.2, SMART App Launch 2.2.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qsl

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import OAuth2Error
from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from server.access.vertegenwoordiging import heeft_grond
from server.oauth.apps import TOEGELATEN, log_app
from server.oauth.authorize import FOUTZINNEN, Aanvraag, als_adres, controleer, passend, past_bij, tekst
from server.oauth.bewaring import Verlener
from server.oauth.bladzijde import NIET_BEWAREN, toon
from server.oauth.dienst import OAuthDienst
from server.oauth.server import Antwoord, Vraag, in_werkdraad
from server.oauth.sessie import Sessie

MAX_BODY: Final = 64 * 1024
ROLKEUZE: Final = "/inloggen/rol"


class Toestemmen:
    """De handeling achter `/oauth/authorize`, voor GET en POST."""

    def __init__(self, dienst: OAuthDienst) -> None:
        self._dienst = dienst
        self._issuer = dienst.settings.base_url

    async def authorize(self, request: Request) -> Response:
        """GET of POST door de app toont de bladzijde; POST met `besluit` is het antwoord van de persoon."""
        vraag = await lees_vraag(request)
        if vraag is None:
            return self._foutbladzijde(request, "invalid_request", "body")
        velden = dict(vraag.form)
        try:
            aanvraag = await in_werkdraad(controleer, self._dienst.server, vraag, self._dienst.settings.fhir_url)
            sessie = await self._dienst.sessies.huidige(request)
            if weg := self._eerst(request, aanvraag, sessie, velden):
                return weg
            assert sessie is not None and sessie.actor is not None  # `_eerst` laat anders niemand door
            if not await heeft_grond(self._dienst.opslag, sessie.actor, datetime.now(UTC)):
                raise aanvraag.fout("access_denied", "This person has no access to this record now.")
            scope = passend(aanvraag, sessie.actor)
            if "besluit" in velden:
                return await self._besluit(request, aanvraag, sessie, scope, velden)
            if "none" in _prompt(aanvraag):
                raise aanvraag.fout("consent_required", "The person has to be asked.")
        except OAuth2Error as fout:
            return self._autorisatiefout(request, fout)
        naam = self._dienst.organisatienaam(aanvraag.client.rij.organisatie)
        anders = _naar(ROLKEUZE, aanvraag) if len(sessie.lidmaatschappen) > 1 else ""
        context = tekst(aanvraag, sessie.actor, scope, naam, sessie.csrf, anders)
        bij_app = self._dienst.bij_app
        ook = await bij_app.vraag(sessie.actor, aanvraag.client.client_id) if bij_app else None
        return toon(self._dienst.render, request, "oauth/toestemming.html", asdict(context) | {"ook": ook})

    def _eerst(
        self, request: Request, aanvraag: Aanvraag, sessie: Sessie | None, velden: Mapping[str, str]
    ) -> Response | None:
        """Waar de persoon eerst heen moet: inloggen, opnieuw inloggen of kiezen; None als zij er is."""
        prompt, antwoordt = _prompt(aanvraag), "besluit" in velden
        if sessie is None and request.method == "POST" and not antwoordt:
            # Een POST van een andere site draagt ons cookie niet; als GET komt het mee.
            return _ga(als_adres(aanvraag))
        opnieuw = sessie is not None and (("login" in prompt and not antwoordt) or _te_oud(aanvraag, sessie, antwoordt))
        kiezen = sessie is not None and not antwoordt and self._moet_kiezen(aanvraag, sessie, prompt)
        if sessie is not None and sessie.actor is not None and not opnieuw and not kiezen:
            return None
        if "none" in prompt:
            code = "interaction_required" if sessie is not None and not opnieuw else "login_required"
            raise aanvraag.fout(code, "The person has to sign in or to choose first.")
        if sessie is None or opnieuw:
            # Wat nu al gedaan wordt, vervalt op de weg terug; anders blijft het rondgaan.
            zonder = ("prompt", "max_age") if dict(aanvraag.velden).get("max_age") == "0" else ("prompt",)
            return _ga(_naar("/inloggen", aanvraag, zonder, opnieuw="1" if opnieuw else ""))
        return _ga(_naar(ROLKEUZE, aanvraag))

    @staticmethod
    def _moet_kiezen(aanvraag: Aanvraag, sessie: Sessie, prompt: list[str]) -> bool:
        """Of een andere rol van deze persoon wel past, of de app om een keuze vraagt."""
        if len(sessie.lidmaatschappen) < 2:
            return False
        if "select_account" in prompt:
            return True
        past = sessie.actor is not None and past_bij(aanvraag, sessie.actor.rol)
        return not past and any(past_bij(aanvraag, lid.rol) for lid in sessie.lidmaatschappen)

    async def _besluit(
        self, request: Request, aanvraag: Aanvraag, sessie: Sessie, scope: str, velden: Mapping[str, str]
    ) -> Response:
        if not sessie.klopt_csrf(velden.get("csrf", "")):
            return self._foutbladzijde(request, "invalid_request", "csrf", status=403)
        verlener = None
        if velden["besluit"] == "ja" and sessie.actor is not None:
            lid = sessie.gekozen.id if sessie.gekozen else None
            verlener = Verlener(sessie.actor, scope, sessie.auth_time, lid, sessie.nummer)
            await log_app(self._dienst.opslag, verlener.actor, aanvraag.client.client_id, TOEGELATEN)
            if velden.get("ook") == "ja" and self._dienst.bij_app:
                await self._dienst.bij_app.geef(verlener.actor, aanvraag.client.client_id)
        grant = aanvraag.grant
        antwoord: Antwoord = await in_werkdraad(
            self._dienst.server.create_authorization_response, grant.request, verlener, grant
        )
        return _ga(antwoord.location or "/")

    def _autorisatiefout(self, request: Request, fout: OAuth2Error) -> Response:
        """Naar de app als haar adres nagekeken is, anders een bladzijde voor de persoon."""
        if not fout.redirect_uri:
            return self._foutbladzijde(request, fout.error, fout.get_error_description())
        return _ga(add_params_to_uri(fout.redirect_uri, [*fout.get_body(), ("iss", self._issuer)]))

    def _foutbladzijde(self, request: Request, code: str, uitleg: str, status: int = 400) -> Response:
        zin = FOUTZINNEN.get(code, FOUTZINNEN["invalid_request"])
        if uitleg == "csrf":
            zin, uitleg = "Uw bladzijde was te oud. Begin opnieuw in de app.", ""
        context = {
            "kop": "De app kan niet verder",
            "regels": tuple(r for r in (zin, f"Voor de maker van de app: {code}. {uitleg}" if uitleg else "") if r),
            "verder": "Er is niets gedeeld. Ga terug naar de app en vraag de maker om hulp.",
        }
        return toon(self._dienst.render, request, "oauth/fout.html", context, status)


def _prompt(aanvraag: Aanvraag) -> list[str]:
    return dict(aanvraag.velden).get("prompt", "").split()


def _te_oud(aanvraag: Aanvraag, sessie: Sessie, antwoordt: bool) -> bool:
    """Of het inloggen langer geleden is dan de app wil (OIDC Core §3.1.2.1, `max_age`)."""
    hoogstens = dict(aanvraag.velden).get("max_age")
    if hoogstens is None or (antwoordt and hoogstens == "0"):
        return False
    return time.time() - sessie.auth_time > int(hoogstens) or hoogstens == "0"


def _naar(pad: str, aanvraag: Aanvraag, zonder: tuple[str, ...] = ("prompt",), opnieuw: str = "") -> str:
    extra = [("opnieuw", opnieuw)] if opnieuw else []
    return str(add_params_to_uri(pad, [("volgende", als_adres(aanvraag, *zonder)), *extra]))


def _ga(adres: str) -> Response:
    return RedirectResponse(adres, 303, headers=NIET_BEWAREN)


async def lees_vraag(request: Request) -> Vraag | None:
    """De HTTP-vraag als gewone waarde; None bij een andere inhoud dan een formulier, of te veel ervan."""
    form: tuple[tuple[str, str], ...] = ()
    if request.method == "POST":
        body = b""
        async for deel in request.stream():
            body += deel
            if len(body) > MAX_BODY:
                return None
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/x-www-form-urlencoded":
            return None
        try:
            form = tuple(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=100))
        except ValueError:
            return None
    return Vraag(request.method, dict(request.headers), tuple(request.query_params.multi_items()), form)
