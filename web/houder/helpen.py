"""Helpen: een code of link aannemen van iemand die u wil laten helpen. Ook voor wie hier nog geen rol heeft.

Er is pas toegang na het ja van wie de code gaf; tot dan leest deze bladzijde niets. Het token van de link staat achter
een `#` en komt in geen adres (als in `web/aannemen.py`). Bron: toegang.md §7.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from paspoort.fouten import PaspoortFout
from server.access.voorval import CODE_GERADEN, log_weigering
from server.oauth.sessie import Sessie
from server.store.invitations import OPEN, VAK, Uitnodiging, met_code, met_token, neem_aan
from server.store.session import lidmaatschappen
from web.bezoek import Huis, fout, thema
from web.houder.kader import Fout
from web.mandaataanbod import SOORT, Aannemer

CIJFERS: Final = 6
NIET_GEVONDEN: Final = "Deze code is er niet, of hij is verlopen. Een code geldt 10 minuten. Vraag om een nieuwe."
LINK_VOORBIJ: Final = "Deze link werkt niet meer. Hij geldt 10 minuten en voor één persoon. Vraag om een nieuwe."
EIGEN: Final = "Dit is een code voor uw eigen paspoort. Geef hem aan wie u wil helpen."


@dataclass(frozen=True)
class Helpen:
    """Een code typen of een link aannemen; `wacht` na het aannemen. `naam` is leeg voor wie nog niet inlogde."""

    SJABLOON: ClassVar[str] = "houder/helpen.html"

    naam: str
    csrf: str
    code: str
    wacht: bool
    fouten: tuple[Fout, ...]


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/helpen`: iedere sessie met een account, met of zonder rol."""

    async def toon_(request: Request) -> Response:
        sessie = await huis.sessies.huidige(request)
        return _toon(huis, request, sessie, wacht="wacht" in request.query_params)

    async def neem(request: Request) -> Response:
        sessie = await huis.sessies.huidige(request)
        if sessie is None:
            return RedirectResponse("/inloggen?volgende=/helpen", 303)
        form = await request.form(max_files=0, max_fields=10)
        if not sessie.klopt_csrf(str(form.get("csrf", ""))):
            zinnen = ("U was misschien even weg.", "Ga terug, ververs de bladzijde en probeer het nog eens.")
            return fout(huis, request, 403, "Dit formulier is te oud", zinnen)
        return await _neem(huis, request, sessie, str(form.get("code", "")), str(form.get("token", "")))

    router.add_api_route("/helpen", toon_, methods=["GET"])
    router.add_api_route("/helpen", neem, methods=["POST"])


async def _neem(huis: Huis, request: Request, sessie: Sessie, code: str, token: str) -> Response:
    """Neem aan met de cijfers of met de link; een verkeerde telt mee tegen raden."""
    opslag, nu = huis.opslag, int(time.time())
    cijfers = "".join(c for c in code if c.isdigit())
    if not token and len(cijfers) != CIJFERS:
        return _toon(huis, request, sessie, "Een code heeft 6 cijfers, bijvoorbeeld 481 205.", code)
    try:
        if token:
            gevonden = await met_token(opslag, token, nu, SOORT)
        else:
            adres = opslag.rem.adres(request.scope)
            gevonden = await met_code(opslag, cijfers, sessie.account.id, nu, adres, SOORT)
    except PaspoortFout as nee:
        if not any(m.code == "code-te-vaak" for m in nee.meldingen):
            raise
        await log_weigering(opslag, request.scope, CODE_GERADEN, actor=sessie.actor)
        antwoord = _toon(huis, request, sessie, nee.meldingen[0].tekst(), code, status=429)
        antwoord.headers["Retry-After"] = str(VAK)
        return antwoord
    if gevonden is None or gevonden.stand != OPEN:
        await log_weigering(opslag, request.scope, CODE_GERADEN, actor=sessie.actor)
        return _toon(huis, request, sessie, LINK_VOORBIJ if token else NIET_GEVONDEN, code)
    if await _is_eigen(huis, sessie, gevonden):
        return _toon(huis, request, sessie, EIGEN, code)
    wie = Aannemer(sessie.account.naam, sessie.account.id)
    if not await neem_aan(opslag, gevonden.id, wie.als_gegevens(), nu):
        return _toon(huis, request, sessie, NIET_GEVONDEN, code)
    return RedirectResponse("/helpen?wacht", 303)


async def _is_eigen(huis: Huis, sessie: Sessie, u: Uitnodiging) -> bool:
    rollen = await lidmaatschappen(huis.opslag, sessie.account.id)
    return any(lid.rol == "houder" and lid.patient == u.partitie for lid in rollen)


def _toon(
    huis: Huis, request: Request, sessie: Sessie | None, zin: str = "", code: str = "", wacht: bool = False,
    status: int = 422,
) -> Response:  # fmt: skip
    naam, csrf = (sessie.account.naam, sessie.csrf) if sessie is not None else ("", "")
    fouten = (Fout("code", zin),) if zin else ()
    context = Helpen(naam, csrf, code, wacht and sessie is not None, fouten)
    return huis.bladzijden.toon(Helpen.SJABLOON, context, thema=thema(request), status=status if zin else 200)
