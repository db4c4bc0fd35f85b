"""Wat een mens ziet op een adres dat er niet is: een bladzijde, geen JSON.

Doet niets op de adressen van programma's: daar is elke fout een OperationOutcome (`server/fhir`) of RFC 6749-JSON
(`server/oauth`). Bron: stijl.md punt 7.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from server.settings import Settings
from web.bezoek import FoutContext, thema
from web.bladzijde import Bladzijden

PROGRAMMAS: Final = ("/fhir", "/oauth", "/.well-known", "/static", "/shl", "/healthz", "/readyz", "/metrics")
ZINNEN: Final = {
    404: ("Deze bladzijde is er niet", ("Misschien is het adres verkeerd getypt.", "Of de bladzijde is weg.")),
    405: ("Dat kan hier niet", ("Ga terug en gebruik de knop op de bladzijde.",)),
}


def hang_op(app: FastAPI, settings: Settings) -> None:
    """Zet de bladzijde als antwoord op elk adres voor mensen dat er niet is, of niet zo gevraagd kan worden."""
    bladzijden = Bladzijden(settings)

    async def antwoord(request: Request, fout: Exception) -> Response:
        if not isinstance(fout, HTTPException):
            raise fout
        if fout.status_code not in ZINNEN or van_programma(request.url.path):
            return await http_exception_handler(request, fout)
        kop, zinnen = ZINNEN[fout.status_code]
        bladzijde = bladzijden.toon(
            "fout.html", FoutContext(kop, zinnen, "/"), thema=thema(request), status=fout.status_code
        )
        bladzijde.headers.update(fout.headers or {})
        return bladzijde

    handler: Callable[[Request, Exception], Awaitable[Response]] = antwoord
    app.add_exception_handler(HTTPException, handler)


def van_programma(pad: str) -> bool:
    """Of dit adres voor programma's is: daar is een fout geen bladzijde."""
    return any(pad == begin or pad.startswith(begin + "/") for begin in PROGRAMMAS)
