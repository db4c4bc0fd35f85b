"""CORS: apps in een browser mogen /fhir en de openbare adressen van OAuth aanroepen, vanaf elke oorsprong.

`*` kan omdat hier nooit een cookie telt: zonder token is er niets te halen, en een token geeft de vrager zelf mee. Ook
het tokenadres: een lijst van aangemelde adressen houdt daar niemand tegen (de code met PKCE of het ondertekende bewijs
doet dat, ook buiten een browser) en zou bij elke vraag vooraf zeggen wie er aangesloten is.
Bladzijden en het inlogscherm horen er niet bij. Bron: Fetch Standard §3.2; SMART App Launch 2.2 (conformance).
"""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODEN: Final = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
KOPPEN: Final = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"ETag, Location, Content-Location, Last-Modified, WWW-Authenticate, Retry-After, Allow, Content-Disposition",
    ),
)
VOORAF: Final = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", METHODEN.encode()),
    (
        b"access-control-allow-headers",
        b"Authorization, Content-Type, Accept, Accept-Language, Prefer, If-Match, If-None-Match, If-Modified-Since, "
        b"If-None-Exist, X-Security-Context, X-Requested-With",
    ),
    (b"access-control-max-age", b"7200"),
)
# Naast /fhir: wat een app in de browser nodig heeft om een token te krijgen. Geen van deze leest een cookie.
OPENBAAR: Final = frozenset(
    {
        "/.well-known/openid-configuration",
        "/.well-known/smart-configuration",
        "/fhir/.well-known/smart-configuration",
        "/oauth/token",
        "/oauth/revoke",
        "/oauth/introspect",
        "/oauth/userinfo",
        "/oauth/jwks",
    }
)


async def vooraf(send: Send) -> None:
    """Antwoord op OPTIONS: een browser vraagt eerst of het mag. Zegt niets over gegevens."""
    koppen = [*VOORAF, (b"allow", METHODEN.encode())]
    await send({"type": "http.response.start", "status": 204, "headers": koppen})
    await send({"type": "http.response.body", "body": b""})


class Openbaar:
    """ASGI-laag om de app: de adressen van `OPENBAAR` antwoorden ook een browser van een andere oorsprong."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in OPENBAAR:
            await self.app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await vooraf(send)
            return

        async def stuur(bericht: Message) -> None:
            if bericht["type"] == "http.response.start":
                bericht["headers"] = [*bericht.get("headers", ()), *KOPPEN]
            await send(bericht)

        await self.app(scope, receive, stuur)
