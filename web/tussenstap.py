"""Een formulier gaat nooit vanzelf naar een ander adres: daartussen staat een eigen bladzijde die meteen verder gaat.

De browser laat een formulier dan alleen naar ons toe (`form-action 'self'`), ook als iemand er een in weet te
smokkelen; die regel geldt in Chrome voor de hele reeks doorverwijzingen (CSP Level 3 §6.4.2). Terug naar een app, naar
een inlogdienst en uitloggen daar gaan zo. Programma's en stille vragen in een frame krijgen de gewone 303 van OAuth.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from server.settings import Settings
from web.bezoek import thema
from web.bladzijde import Bladzijden

DOORVERWIJZING: Final = frozenset({301, 302, 303, 307, 308})
# Wat de doorverwijzing meestuurt en de bladzijde ook moet meesturen; de rest beschrijft het lege antwoord.
BLIJFT: Final = frozenset({b"set-cookie", b"cache-control", b"referrer-policy"})


@dataclass(frozen=True)
class Verder:
    """Waarheen u verder gaat."""

    SJABLOON: ClassVar[str] = "algemeen/verder.html"

    adres: str
    waar: str


class Tussenstap:
    """ASGI-laag om de bladzijden en OAuth; verandert alleen een doorverwijzing naar elders in een browservenster."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._bladzijden = app, Bladzijden(settings)
        self._schema = urlsplit(settings.base_url).scheme

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _venster(scope):
            await self._app(scope, receive, send)
            return
        vervangen = False

        async def stuur(bericht: MutableMapping[str, Any]) -> None:
            nonlocal vervangen
            if bericht["type"] == "http.response.start" and bericht["status"] in DOORVERWIJZING:
                adres = next((w.decode("latin-1") for n, w in bericht["headers"] if n == b"location"), "")
                if self._elders(adres, scope):
                    vervangen = True
                    await self._toon(scope, receive, send, adres, bericht["headers"])
            if not vervangen:
                await send(bericht)

        await self._app(scope, receive, stuur)

    def _elders(self, adres: str, scope: Scope) -> bool:
        """Of dit een andere herkomst is dan die waarop de browser ons nu ziet."""
        delen = urlsplit(adres)
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        return bool(delen.scheme) and (delen.scheme, delen.netloc.lower()) != (self._schema, host.lower())

    async def _toon(self, scope: Scope, receive: Receive, send: Send, adres: str, koppen: Any) -> None:
        delen = urlsplit(adres)
        context = Verder(adres, delen.hostname or "de app")
        antwoord = self._bladzijden.toon(Verder.SJABLOON, context, thema=thema(Request(scope)))
        antwoord.raw_headers += [(n, w) for n, w in koppen if n in BLIJFT]
        await antwoord(scope, receive, send)


def _venster(scope: Scope) -> bool:
    """Of een browser hier een venster mee vult (Fetch Metadata); een script, een app of een frame niet."""
    koppen = dict(scope["headers"])
    return koppen.get(b"sec-fetch-mode") == b"navigate" and koppen.get(b"sec-fetch-dest") == b"document"
