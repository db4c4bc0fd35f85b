"""Een bladzijde van OAuth of inloggen als antwoord: nooit bewaard, en in de letters en kleuren die iemand koos.

Het sjabloon maakt `render`, die de app meegeeft; wat erop staat weet de aanroeper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse

Render = Callable[[str, Mapping[str, Any]], str]

# same-origin, niet no-referrer: dan stuurt de browser bij een formulier `Origin` mee, en zien wij vreemde formulieren.
NIET_BEWAREN: Final = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
THEMA_COOKIE: Final = "hmp-weergave"
THEMAS: Final = ("licht", "donker", "contrast", "contrast-donker")


def toon(
    render: Render, request: Request, sjabloon: str, context: Mapping[str, Any], status: int = 200
) -> HTMLResponse:
    """De bladzijde; de namen van `context` zijn de namen in het sjabloon."""
    gekozen = request.cookies.get(THEMA_COOKIE)
    thema = gekozen if gekozen in THEMAS else None
    return HTMLResponse(render(sjabloon, {**context, "thema": thema}), status, headers=NIET_BEWAREN)
