"""Wat /oauth afwijst: in het log, begrensd per adres, en 429 voor wie te vaak vraagt.

RFC 6749 kent geen code voor te vaak; `temporarily_unavailable` (§4.1.2.1) zegt een client dat zij later terug mag
komen, en Retry-After wanneer (RFC 6585 §4).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, Final

from fastapi.responses import JSONResponse, Response

from server.access.voorval import TOKEN_GEWEIGERD, log_weigering
from server.rem import TeVaak
from server.store.passports import Opslag

CLIENT_LANGST: Final = 100


def te_vaak(fout: TeVaak) -> Response:
    """Het antwoord van een eindpunt van /oauth."""
    inhoud = {"error": "temporarily_unavailable", "error_description": fout.meldingen[0].tekst("en")}
    koppen = {"Retry-After": str(fout.seconden), "Cache-Control": "no-store", "Pragma": "no-cache"}
    return JSONResponse(inhoud, 429, headers=koppen)


def tel_client(opslag: Opslag, scope: Mapping[str, Any], client: str) -> None:
    """Eén vraag van deze app. `TeVaak` boven de grens.

    Telt per app en adres: wie zich nog niet bewees, kan met de naam van een ander alleen zichzelf ophouden.
    """
    opslag.rem.tel("token.client", f"{client}|{opslag.rem.adres(scope)}")


async def log_token_geweigerd(opslag: Opslag, scope: Mapping[str, Any], client: str, fout: str) -> None:
    """Een geweigerde vraag om een token, met de code van de fout. `TeVaak` als dit adres er te veel had."""
    await log_weigering(opslag, scope, TOKEN_GEWEIGERD, client=client[:CLIENT_LANGST] or None, wat=(fout,))


def app_van(velden: Mapping[str, str]) -> str:
    """Welke app het zegt te zijn: `client_id`, of de `iss` van de assertion. Niet nagekeken; om te tellen."""
    if velden.get("client_id"):
        return velden["client_id"][:CLIENT_LANGST]
    _, _, rest = velden.get("client_assertion", "").partition(".")
    inhoud = rest.partition(".")[0]
    try:
        claims = json.loads(base64.urlsafe_b64decode(inhoud + "=" * (-len(inhoud) % 4)))
    except (ValueError, RecursionError):
        return ""
    iss = claims.get("iss") if isinstance(claims, dict) else None
    return iss[:CLIENT_LANGST] if isinstance(iss, str) else ""
