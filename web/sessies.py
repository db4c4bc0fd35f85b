"""De eigen inlog: tot wanneer, langer blijven, waar u nog meer bent ingelogd, en daar uitloggen.

`/sessie/over` en `/sessie/verleng` zijn ook voor het script van de waarschuwing (`static/sessie.js`); zonder script
doet een knop hetzelfde. Bron: WCAG 2.2 §2.2.1 (tijd aan te passen) en §2.2.6; ontwerp.md deel 2.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from server.oauth.inloggen import veilig_pad
from server.oauth.sessie import STIL_SECONDEN, Sessies
from server.store.session import Websessie
from web.bewaard import bewaar
from web.bezoek import Bezoek, Huis, bladzijde, fout, thema
from web.bladzijde import tijd

GEEN_CACHE: Final = {"Cache-Control": "no-store"}
DOEL, PAGINA = "_doel", "_pagina"


@dataclass(frozen=True, slots=True)
class Inlog:
    """Eén plek waar u bent ingelogd."""

    nummer: str
    toestel: str
    dienst: str
    sinds: datetime
    gezien: datetime
    hier: bool


@dataclass(frozen=True)
class MijnInlog:
    """Waar u bent ingelogd."""

    SJABLOON: ClassVar[str] = "algemeen/sessies.html"

    inloggen: tuple[Inlog, ...]
    csrf: str


@dataclass(frozen=True)
class Verlengd:
    """U blijft ingelogd; zonder script staat dit in een eigen tabblad."""

    SJABLOON: ClassVar[str] = "algemeen/verlengd.html"

    tot: datetime


def router(huis: Huis) -> APIRouter:
    """`/sessies`, `/sessies/uit`, `/sessie/over`, `/sessie/verleng` en `/sessie/bewaar`."""
    uit = APIRouter(include_in_schema=False)
    uit.add_api_route("/sessies", bladzijde(huis, "iedereen", toon), methods=["GET"])
    uit.add_api_route("/sessies/uit", bladzijde(huis, "iedereen", log_uit), methods=["POST"])

    async def over(request: Request) -> Response:
        """Hoeveel seconden nog. Vragen verlengt niets."""
        return JSONResponse({"over": await huis.sessies.over(request)}, headers=GEEN_CACHE)

    async def verleng(request: Request) -> Response:
        return await _verleng(huis, request)

    async def zet_weg(request: Request) -> Response:
        return await _bewaar(huis, request)

    uit.add_api_route("/sessie/over", over, methods=["GET"])
    uit.add_api_route("/sessie/verleng", verleng, methods=["POST"])
    uit.add_api_route("/sessie/bewaar", zet_weg, methods=["POST"])
    return uit


async def toon(bezoek: Bezoek) -> Response:
    """De eigen sessies, deze bovenaan."""
    sessies: Sessies = bezoek.huis.sessies
    hier = await sessies.huidige(bezoek.request)
    namen = {a.code: a.naam for a in sessies.aanbieders}
    alle = [
        _inlog(rij, namen, hier is not None and rij.nummer == hier.nummer) for rij in await sessies.alle(bezoek.request)
    ]
    alle.sort(key=lambda i: not i.hier)
    return bezoek.toon(MijnInlog.SJABLOON, MijnInlog(tuple(alle), bezoek.csrf))


def _inlog(rij: Websessie, namen: dict[str, str], hier: bool) -> Inlog:
    gezien = rij.verloopt - STIL_SECONDEN
    return Inlog(
        rij.nummer, str(rij.gegevens.get("toestel") or "Een toestel dat wij niet herkennen"),
        namen.get(str(rij.gegevens.get("aanbieder")), ""), datetime.fromtimestamp(int(rij.gegevens["begonnen"]), UTC),
        datetime.fromtimestamp(gezien, UTC), hier,
    )  # fmt: skip


async def log_uit(bezoek: Bezoek) -> Response:
    """Log één andere sessie uit, of alle andere."""
    sessie = await bezoek.huis.sessies.huidige(bezoek.request)
    if sessie is not None:
        nummer = bezoek.veld("nummer")
        await bezoek.huis.sessies.eindig_ander(sessie, None if bezoek.veld("alle") == "ja" else nummer)
    return bezoek.naar("/sessies")


async def _verleng(huis: Huis, request: Request) -> Response:
    """Een kwartier erbij. Voor het script JSON; zonder sessie 401, want dan is er niets te verlengen."""
    formulier = await request.form(max_files=0, max_fields=5)
    sessie = await huis.sessies.huidige(request)
    script = "application/json" in request.headers.get("accept", "")
    if sessie is None or not sessie.klopt_csrf(str(formulier.get("csrf", ""))):
        if script:
            return JSONResponse({"over": 0}, 401, headers=GEEN_CACHE)
        if sessie is None:
            return RedirectResponse("/inloggen?reden=stil", 303)
        return fout(huis, request, 403, "Deze bladzijde is te oud", ("Ververs de bladzijde waar u was.",))
    tot = await huis.sessies.verleng(sessie)
    moment = datetime.fromtimestamp(tot, UTC)
    if script:
        return JSONResponse({"over": tot - int(time.time()), "tot": tijd(moment)}, headers=GEEN_CACHE)
    return huis.bladzijden.toon(Verlengd.SJABLOON, Verlengd(moment), thema=thema(request))


async def _bewaar(huis: Huis, request: Request) -> Response:
    """Wat er op een bladzijde getypt stond toen de sessie voorbijging. Zegt alleen of het bewaard is."""
    formulier = await request.form(max_files=0, max_fields=2000)
    velden = [(n, w) for n, w in formulier.multi_items() if n not in (DOEL, PAGINA)]
    pagina, doel = (veilig_pad(str(formulier.get(n, ""))) for n in (PAGINA, DOEL))
    gelukt = await bewaar(huis.opslag, huis.sessies, request, velden, pagina, doel)
    return JSONResponse({"bewaard": gelukt}, headers=GEEN_CACHE)
