"""Wat niemand verwachtte, en een opslag die zwijgt: een bladzijde of JSON met een nummer, en verder niets.

Zit binnen FastAPI: wat daarbuiten aankomt, krijgt van Starlette zijn eigen antwoord, en de tekst van de fout zou met
de gegevens van iemand in een logbestand belanden. Ons log noemt het nummer, de soort fout en de plek in de code.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from paspoort.fouten import PaspoortFout
from server.oauth.afwijzing import te_vaak
from server.rem import TeVaak
from server.settings import Settings
from web.bezoek import FoutContext, thema
from web.bladzijde import Bladzijden
from web.geen_bladzijde import van_programma

logger = logging.getLogger("hulpmiddelenpaspoort")
STIL_SECONDEN: Final = 60
STAPPEN: Final = 6


class Vangnet:
    """ASGI-laag om alle routes."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._bladzijden = app, Bladzijden(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begonnen = False

        async def stuur(bericht: Message) -> None:
            nonlocal begonnen
            begonnen = True
            await send(bericht)

        try:
            await self._app(scope, receive, stuur)
        except Exception as fout:
            antwoord = self._antwoord(Request(scope), fout)
            if not begonnen:
                await antwoord(scope, receive, send)

    def _antwoord(self, request: Request, fout: Exception) -> Response:
        programma = van_programma(request.url.path)
        if isinstance(fout, TeVaak):
            if programma:
                return te_vaak(fout)
            wachten = (fout.meldingen[0].tekst(), "Er is niets misgegaan met uw gegevens.")
            return self._bladzijde(request, 429, "Even wachten", wachten, fout.seconden)
        if isinstance(fout, PaspoortFout) and fout.meldingen[0].code == "opslag-stil":
            if programma:
                inhoud = {"error": "temporarily_unavailable", "error_description": fout.meldingen[0].tekst("en")}
                return JSONResponse(inhoud, 503, headers={"Retry-After": str(STIL_SECONDEN)})
            later = ("Probeer het over een paar minuten opnieuw.",)
            return self._bladzijde(request, 503, "Wij kunnen nu niets bewaren", later, STIL_SECONDEN)
        nummer = meld(fout)
        if programma:
            uitleg = f"Unexpected error. Quote nummer {nummer}."
            return JSONResponse({"error": "server_error", "error_description": uitleg}, 500)
        zinnen = ("Probeer het straks nog eens.", f"Belt u ons? Noem dan nummer {nummer}.")
        return self._bladzijde(request, 500, "Er ging iets mis bij ons", zinnen)

    def _bladzijde(
        self, request: Request, status: int, kop: str, zinnen: Sequence[str], wacht: int | None = None
    ) -> Response:
        context = FoutContext(kop, tuple(zinnen), "/")
        antwoord = self._bladzijden.toon("fout.html", context, thema=thema(request), status=status)
        if wacht is not None:
            antwoord.headers["Retry-After"] = str(wacht)
        return antwoord


def meld(fout: Exception) -> str:
    """Zet de fout in ons log en geef haar nummer. Alleen waar het misging: de tekst kan gegevens bevatten."""
    nummer = secrets.token_hex(4)
    stappen = traceback.extract_tb(fout.__traceback__)[-STAPPEN:]
    plekken = " < ".join(f"{Path(s.filename).name}:{s.lineno}" for s in reversed(stappen))
    logger.error("onverwacht %s: %s %s", nummer, type(fout).__name__, plekken)
    return nummer
