"""Wat een therapeut met een advies doet dat af is: nog geldig verklaren, intrekken, papier bevestigen, antwoorden.

Alles zijn handelingen achter de deur; het advies zelf verandert niet. Lezen: `therapeut_lees.py`.
"""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from web.adviesverloop import bericht
from web.bezoek import Bezoek, Huis, bladzijde
from web.deur import DeurFout
from web.therapeut_lees import toon
from web.werk import Fout

REDEN_NODIG: Final = "Schrijf waarom u het advies intrekt. Uw cliënt en de gemeente lezen dat."
ANTWOORD_NODIG: Final = "Schrijf eerst uw antwoord."
# actie → (operatie, veld met tekst, parameter, wat er staat als de tekst ontbreekt)
HANDELINGEN: Final = {
    "nog-geldig": ("nog-geldig", "", "", ""),
    "trek-in": ("trek-in", "reden", "reden", REDEN_NODIG),
    "bevestig": ("bevestig", "", "", ""),
}


def router(huis: Huis) -> APIRouter:
    """`/advies/{id}/daarna`."""
    paden = APIRouter()
    paden.add_api_route("/advies/{id}/daarna", bladzijde(huis, "therapeut", terug), methods=["GET"])
    paden.add_api_route("/advies/{id}/daarna", bladzijde(huis, "therapeut", doe), methods=["POST"])
    return paden


async def terug(bezoek: Bezoek) -> Response:
    """Wie de bladzijde ververst, leest gewoon verder."""
    return bezoek.naar(f"/advies/{bezoek.request.path_params['id']}/lees")


async def doe(bezoek: Bezoek) -> Response:
    """De knop die is ingedrukt; een weigering staat op de bladzijde, met wat getypt was."""
    actie, id_ = bezoek.veld("actie"), str(bezoek.request.path_params["id"])
    if actie == "antwoord":
        return await _antwoord(bezoek, id_)
    if actie not in HANDELINGEN:
        raise DeurFout(404, ())
    operatie, veld, parameter, leeg = HANDELINGEN[actie]
    woorden = bezoek.veld(veld) if veld else ""
    if veld and not woorden:
        return await toon(bezoek, (Fout(leeg, veld),), {})
    erbij = [{"name": parameter, "valueString": woorden}] if veld else []
    try:
        await bezoek.deur.operatie("QuestionnaireResponse", id_, operatie, erbij)
    except DeurFout as nee:
        return await _nee(bezoek, nee, veld, woorden)
    return bezoek.naar(f"/advies/{id_}/lees")


async def _antwoord(bezoek: Bezoek, id_: str) -> Response:
    vraag, woorden = bezoek.veld("vraag"), bezoek.veld("antwoord")
    veld = f"antwoord-{vraag}"
    if not woorden:
        return await toon(bezoek, (Fout(ANTWOORD_NODIG, veld),), {})
    try:
        advies = await bezoek.deur.lees("QuestionnaireResponse", id_)
        await bezoek.deur.maak(bericht("antwoord", advies, woorden, op=vraag))
    except DeurFout as nee:
        return await _nee(bezoek, nee, veld, woorden)
    return bezoek.naar(f"/advies/{id_}/lees#vragen")


async def _nee(bezoek: Bezoek, nee: DeurFout, veld: str, woorden: str) -> Response:
    if nee.status not in (400, 403, 409, 412, 422):
        raise nee
    fouten = tuple(Fout(b.tekst, veld) for b in nee.bevindingen) or (Fout("Dat kan nu niet.", veld),)
    return await toon(bezoek, fouten, {veld: woorden} if veld else {})
