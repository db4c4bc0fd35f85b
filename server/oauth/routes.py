"""De adressen van OAuth en inloggen, en de vertaling van fouten: JSON voor een app, een bladzijde voor een mens.

Wel: HTTP eromheen. Niet: de regels (`grants.py`) en `/oauth/authorize` (`toestemmen.py`). Bron: ontwerp.md deel 3
(adressen), RFC 6749 §5.2, RFC 6750 §3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import httpx
from authlib.oauth2.rfc6749 import OAuth2Error
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from paspoort.fouten import PaspoortFout
from server.oauth import metadata
from server.oauth.actor import actor_van_token
from server.oauth.afwijzing import app_van, log_token_geweigerd, te_vaak, tel_client
from server.oauth.bijapp import BijApp
from server.oauth.bladzijde import Render
from server.oauth.dienst import OAuthDienst
from server.oauth.keys import JWKS_ONTHOUDEN
from server.oauth.server import Antwoord, in_werkdraad
from server.oauth.toestemmen import Toestemmen, lees_vraag
from server.oauth.tokens import persoonsclaims
from server.rem import TeVaak
from server.settings import Settings
from server.store.passports import Opslag

GEEN_CACHE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class OAuthRoutes:
    """De handelingen achter `/oauth` en de ontdekkingsdocumenten."""

    def __init__(self, dienst: OAuthDienst) -> None:
        self._dienst = dienst
        self._toestemmen = Toestemmen(dienst)
        self._issuer = dienst.settings.base_url

    def router(self) -> APIRouter:
        """De routes; wat hier staat, staat ook in het ontdekkingsdocument."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/.well-known/openid-configuration", self._openid, methods=["GET"])
        router.add_api_route("/fhir/.well-known/smart-configuration", self._smart, methods=["GET"])
        router.add_api_route("/oauth/jwks", self._jwks, methods=["GET"])
        router.add_api_route("/oauth/authorize", self._toestemmen.authorize, methods=["GET", "POST"])
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
        koppen = {"Cache-Control": f"public, max-age={JWKS_ONTHOUDEN}"}
        return JSONResponse(self._dienst.sleutels.publiek(), headers=koppen)

    # --- /oauth/token, revoke, introspect ----------------------------------------------------------------------------

    async def _token(self, request: Request) -> Response:
        return await self._json(request, "token")

    async def _revoke(self, request: Request) -> Response:
        return await self._json(request, "revocation")

    async def _introspect(self, request: Request) -> Response:
        return await self._json(request, "introspection")

    async def _json(self, request: Request, naam: str) -> Response:
        vraag = await lees_vraag(request)
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


def maak_router(
    opslag: Opslag,
    settings: Settings,
    render: Render,
    wegen: Mapping[str, httpx.AsyncBaseTransport] | None = None,
    bij_app: BijApp | None = None,
) -> APIRouter:
    """Alles van OAuth en inloggen in één router; in de demo ook de demoprovider.

    `render(template, context)` maakt een bladzijde van `web/templates/oauth/*`; de app geeft hem mee. `wegen`: hoe een
    inlogdienst te bereiken is als dat niet het netwerk is (tests). `bij_app`: of de organisatie van een app ook zelf
    mag lezen, een aparte vraag op de toestemmingsbladzijde.
    """
    dienst = OAuthDienst(opslag, settings, render, wegen, bij_app)
    router = APIRouter(dependencies=[Depends(dienst.klaar)])
    router.include_router(OAuthRoutes(dienst).router())
    router.include_router(dienst.inloggen.router())
    return router
