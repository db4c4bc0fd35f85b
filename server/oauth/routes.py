"""De adressen van OAuth en inloggen, en de vertaling van fouten: JSON voor een app, een bladzijde voor een mens.

Wel: HTTP eromheen. Niet: de regels (`grants.py`, `authorize.py`, `inloggen.py`). Bron: ontwerp.md deel 3 (adressen),
RFC 6749 §5.2, RFC 6750 §3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final
from urllib.parse import parse_qsl

import httpx
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import OAuth2Error
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from paspoort.fouten import PaspoortFout
from server.oauth import metadata
from server.oauth.actor import actor_van_token
from server.oauth.afwijzing import app_van, log_token_geweigerd, te_vaak, tel_client
from server.oauth.apps import TOEGELATEN, log_app
from server.oauth.authorize import FOUTZINNEN, Aanvraag, als_adres, controleer, passend, tekst
from server.oauth.bewaring import Verlener
from server.oauth.bladzijde import NIET_BEWAREN, Render, toon
from server.oauth.dienst import OAuthDienst
from server.oauth.server import Antwoord, Vraag, in_werkdraad
from server.oauth.tokens import persoonsclaims
from server.rem import TeVaak
from server.settings import Settings
from server.store.passports import Opslag

GEEN_CACHE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}
MAX_BODY: Final = 64 * 1024


class OAuthRoutes:
    """De handelingen achter `/oauth` en de ontdekkingsdocumenten."""

    def __init__(self, dienst: OAuthDienst) -> None:
        self._dienst = dienst
        self._issuer = dienst.settings.base_url

    def router(self) -> APIRouter:
        """De routes; wat hier staat, staat ook in het ontdekkingsdocument."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/.well-known/openid-configuration", self._openid, methods=["GET"])
        router.add_api_route("/fhir/.well-known/smart-configuration", self._smart, methods=["GET"])
        router.add_api_route("/oauth/jwks", self._jwks, methods=["GET"])
        router.add_api_route("/oauth/authorize", self._authorize, methods=["GET", "POST"])
        router.add_api_route("/oauth/token", self._token, methods=["POST"])
        router.add_api_route("/oauth/revoke", self._revoke, methods=["POST"])
        router.add_api_route("/oauth/introspect", self._introspect, methods=["POST"])
        router.add_api_route("/oauth/userinfo", self._userinfo, methods=["GET", "POST"])
        return router

    async def _openid(self) -> Response:
        return JSONResponse(metadata.openid(self._dienst.server, self._issuer))

    async def _smart(self) -> Response:
        return JSONResponse(metadata.smart(self._dienst.server, self._issuer))

    async def _jwks(self) -> Response:
        return JSONResponse(self._dienst.sleutels.publiek())

    # --- /oauth/authorize -------------------------------------------------------------------------------------------

    async def _authorize(self, request: Request) -> Response:
        """GET of POST door de app toont de bladzijde; POST met `besluit` is het antwoord van de persoon."""
        vraag = await _vraag(request)
        if vraag is None:
            return self._foutbladzijde(request, "invalid_request", "body")
        velden = dict(vraag.form)
        try:
            aanvraag = await in_werkdraad(controleer, self._dienst.server, vraag, self._dienst.settings.fhir_url)
        except OAuth2Error as fout:
            return self._autorisatiefout(request, fout)
        sessie = await self._dienst.sessies.huidige(request)
        prompt = dict(aanvraag.velden).get("prompt", "").split()
        if sessie is None or sessie.actor is None or ("login" in prompt and "besluit" not in velden):
            if "none" in prompt:
                return self._autorisatiefout(request, aanvraag.fout("login_required", "The person is not signed in."))
            # `prompt=login` vervalt op de weg terug, anders blijft het rondgaan.
            zonder = "prompt" if "login" in prompt else None
            naar = "/inloggen" if sessie is None or "login" in prompt else "/inloggen/rol"
            adres = add_params_to_uri(naar, [("volgende", als_adres(aanvraag, zonder))])
            return RedirectResponse(adres, 303, headers=NIET_BEWAREN)
        try:
            scope = passend(aanvraag, sessie.actor)
        except OAuth2Error as fout:
            return self._autorisatiefout(request, fout)
        if "besluit" not in velden:
            if "none" in prompt:
                return self._autorisatiefout(request, aanvraag.fout("consent_required", "The person has to be asked."))
            naam = self._dienst.organisatienaam(aanvraag.client.rij.organisatie)
            context = tekst(aanvraag, sessie.actor, scope, naam, sessie.csrf)
            return toon(self._dienst.render, request, "oauth/toestemming.html", asdict(context))
        if not sessie.klopt_csrf(velden.get("csrf", "")):
            return self._foutbladzijde(request, "invalid_request", "csrf", status=403)
        verlener = (
            Verlener(sessie.actor, scope, sessie.begonnen, sessie.gekozen.id if sessie.gekozen else None)
            if velden["besluit"] == "ja"
            else None
        )
        return await self._besluit(aanvraag, verlener)

    async def _besluit(self, aanvraag: Aanvraag, verlener: Verlener | None) -> Response:
        grant = aanvraag.grant
        if verlener is not None:
            await log_app(self._dienst.opslag, verlener.actor, aanvraag.client.client_id, TOEGELATEN)
        antwoord: Antwoord = await in_werkdraad(
            self._dienst.server.create_authorization_response, grant.request, verlener, grant
        )
        return RedirectResponse(antwoord.location or "/", 303, headers=NIET_BEWAREN)

    def _autorisatiefout(self, request: Request, fout: OAuth2Error) -> Response:
        """Naar de app als haar adres nagekeken is, anders een bladzijde voor de persoon."""
        if not fout.redirect_uri:
            return self._foutbladzijde(request, fout.error, fout.get_error_description())
        adres = add_params_to_uri(fout.redirect_uri, [*fout.get_body(), ("iss", self._issuer)])
        return RedirectResponse(adres, 303, headers=NIET_BEWAREN)

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

    # --- /oauth/token, revoke, introspect ----------------------------------------------------------------------------

    async def _token(self, request: Request) -> Response:
        return await self._json(request, "token")

    async def _revoke(self, request: Request) -> Response:
        return await self._json(request, "revocation")

    async def _introspect(self, request: Request) -> Response:
        return await self._json(request, "introspection")

    async def _json(self, request: Request, naam: str) -> Response:
        vraag = await _vraag(request)
        if vraag is None:
            return _jsonfout("invalid_request", "Send application/x-www-form-urlencoded, at most 64 kB.")
        if vraag.query:
            return _jsonfout("invalid_request", "Parameters belong in the body, not in the query.")
        namen = [n for n, _ in vraag.form]
        if dubbel := sorted({n for n in namen if namen.count(n) > 1}):
            return _jsonfout("invalid_request", f"Repeated parameter: {_ascii(dubbel[0])}.")
        server, opslag = self._dienst.server, self._dienst.opslag
        client = app_van(dict(vraag.form))
        try:
            tel_client(opslag, request.scope, client)
        except TeVaak as fout:
            return te_vaak(fout)
        if naam == "token":
            soort = dict(vraag.form).get("grant_type")
            if not soort:
                return _jsonfout("invalid_request", "Missing 'grant_type'.")
            if soort not in server.grant_types:
                return _jsonfout("unsupported_grant_type", "This grant_type is not supported.")
            antwoord: Antwoord = await in_werkdraad(server.create_token_response, vraag)
        else:
            antwoord = await in_werkdraad(server.create_endpoint_response, naam, vraag)
        if antwoord.status in (400, 401):
            try:
                await log_token_geweigerd(opslag, request.scope, client, str(antwoord.body.get("error", "")))
            except TeVaak as fout:
                return te_vaak(fout)
        # Wie zich niet bewijst met een assertion krijgt geen 'Basic' aangeboden: dat kennen wij niet.
        koppen = {n: w for n, w in antwoord.headers if n not in ("Content-Type", "WWW-Authenticate")}
        return JSONResponse(antwoord.body, antwoord.status, headers=koppen | GEEN_CACHE)

    async def _userinfo(self, request: Request) -> Response:
        """Wie er is ingelogd, voor een token met scope `openid`."""
        soort, _, bearer = request.headers.get("authorization", "").partition(" ")
        try:
            if soort.lower() != "bearer" or not bearer:
                raise OAuth2Error(error="invalid_token", status_code=401)
            actor = await actor_van_token(self._dienst.opslag, bearer.strip())
        except (PaspoortFout, OAuth2Error):
            return _bearerfout(401, "invalid_token")
        if "openid" not in (actor.scopes or ()) or actor.account is None:
            return _bearerfout(403, "insufficient_scope")
        claims = persoonsclaims(actor, " ".join(actor.scopes or ()), self._dienst.settings.fhir_url)
        return JSONResponse(claims, headers=GEEN_CACHE)


def _bearerfout(status: int, code: str) -> Response:
    kop = {"WWW-Authenticate": f'Bearer error="{code}"'}
    return JSONResponse({"error": code}, status, headers=kop | GEEN_CACHE)


def _jsonfout(code: str, uitleg: str) -> Response:
    return JSONResponse({"error": code, "error_description": uitleg}, 400, headers=GEEN_CACHE)


def _ascii(waarde: str) -> str:
    return "".join(x if x.isascii() and (x.isalnum() or x in "_-") else "?" for x in waarde)[:40]


async def _vraag(request: Request) -> Vraag | None:
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


def maak_router(
    opslag: Opslag,
    settings: Settings,
    render: Render,
    wegen: Mapping[str, httpx.AsyncBaseTransport] | None = None,
) -> APIRouter:
    """Alles van OAuth en inloggen in één router; in de demo ook de demoprovider.

    `render(template, context)` maakt een bladzijde van `web/templates/oauth/*`; de app geeft hem mee. `wegen`: hoe een
    inlogdienst te bereiken is als dat niet het netwerk is (tests).
    """
    dienst = OAuthDienst(opslag, settings, render, wegen)
    router = APIRouter(dependencies=[Depends(dienst.klaar)])
    router.include_router(OAuthRoutes(dienst).router())
    router.include_router(dienst.inloggen.router())
    return router
