"""Wie te vaak inlogt, een token vraagt of een code typt, wacht even: 429 met Retry-After, in de vorm van dat adres.

Telt per adres, vóór alle lagen die werk doen; per account en per app telt wie hen kent (`server/oauth`). Zoeken telt
aan de rand van FHIR. De grenzen staan in `server/rem.py`. Bron: RFC 6585 §4; RFC 6749 §5.2 voor de vorm onder /oauth.
"""

from __future__ import annotations

from typing import Final

from fastapi import Request
from fastapi.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from server.access.voorval import log_te_vaak
from server.oauth.afwijzing import te_vaak
from server.rem import TeVaak
from server.settings import Settings
from server.store.passports import Opslag
from web.bezoek import FoutContext, thema
from web.bladzijde import Bladzijden

# adres → soort; alleen waar iets te proberen valt
GETELD: Final = {
    ("POST", "/oauth/token"): "token",
    ("POST", "/oauth/introspect"): "token",
    ("POST", "/oauth/revoke"): "token",
    ("POST", "/inloggen"): "inloggen",
    ("POST", "/inloggen/bij"): "inloggen",
    ("GET", "/inloggen/terug"): "inloggen",
    ("POST", "/inloggen/rol"): "inloggen",
    ("POST", "/code"): "code",
    ("POST", "/uitnodiging"): "code",
    ("POST", "/helpen"): "code",
}


class Afremmer:
    """ASGI-laag om de bladzijden en OAuth; laat door wat niet geteld wordt."""

    def __init__(self, app: ASGIApp, opslag: Opslag, settings: Settings) -> None:
        self._app, self._opslag, self._bladzijden = app, opslag, Bladzijden(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        soort = GETELD.get((scope.get("method", ""), scope.get("path", "")))
        if soort is not None:
            try:
                self._opslag.rem.tel_adres(soort, scope)
            except TeVaak as fout:
                await log_te_vaak(self._opslag, fout)
                await self._weiger(Request(scope), fout)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _weiger(self, request: Request, fout: TeVaak) -> Response:
        if request.url.path.startswith("/oauth/"):
            return te_vaak(fout)
        zinnen = (fout.meldingen[0].tekst(), "Wacht even. Er is niets misgegaan met uw gegevens.")
        antwoord = self._bladzijden.toon(
            "fout.html", FoutContext("Even wachten", zinnen, "/"), thema=thema(request), status=429
        )
        antwoord.headers["Retry-After"] = str(fout.seconden)
        return antwoord
