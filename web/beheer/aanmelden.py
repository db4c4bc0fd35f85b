"""`/medewerker`: wie van zijn organisatie een code kreeg, neemt daarmee zijn functie aan. Ook zonder andere rol.

Wie niet is ingelogd, doet dat eerst. De code is te raden noch twee keer te gebruiken (`server/store/personeel.py`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from paspoort.fouten import PaspoortFout
from server.store.personeel import neem_aan
from server.store.pogingen import DUUR
from web.beheer.kader import fouten_bij
from web.bezoek import Huis, fout, thema
from web.werk import Fout

SJABLOON = "beheer/medewerker.html"


@dataclass(frozen=True)
class MedewerkerContext:
    """Het formulier met de code."""

    csrf: str
    naam: str
    code: str
    fouten: tuple[Fout, ...]


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """Voor iedereen met een account; eigen route, want een rol is er nog niet."""

    async def route(request: Request) -> Response:
        return await _medewerker(huis, request)

    router.add_api_route("/medewerker", route, methods=["GET", "POST"])


async def _medewerker(huis: Huis, request: Request) -> Response:
    sessie = await huis.sessies.huidige(request)
    if sessie is None:
        return RedirectResponse("/inloggen?volgende=/medewerker", 303)
    code, fouten = "", tuple[Fout, ...]()
    if request.method == "POST":
        formulier = await request.form(max_files=0, max_fields=10)
        code = str(formulier.get("code", ""))[:40]
        if not sessie.klopt_csrf(str(formulier.get("csrf", ""))):
            zinnen = ("Ga terug, ververs de bladzijde en probeer het nog eens.",)
            return fout(huis, request, 403, "Dit formulier is te oud", zinnen, "/medewerker")
        try:
            adres = huis.opslag.rem.adres(request.scope)
            await neem_aan(huis.opslag, code, sessie.account.id, int(time.time()), adres)
            return RedirectResponse("/inloggen/rol", 303)
        except PaspoortFout as nee:
            fouten = fouten_bij(nee)
            te_vaak = any(m.code == "code-te-vaak" for m in nee.meldingen)
    context = MedewerkerContext(sessie.csrf, sessie.account.naam, code, fouten)
    status = (429 if te_vaak else 422) if fouten else 200
    antwoord = huis.bladzijden.toon(SJABLOON, context, thema=thema(request), status=status)
    if status == 429:
        antwoord.headers["Retry-After"] = str(DUUR)
    return antwoord
