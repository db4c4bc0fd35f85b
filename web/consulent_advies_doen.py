"""Wat een consulent of leverancier met een advies doet: opmerken, afstemmen, de schrijver één vraag stellen.

Alles gaat door de deur; wat zij weigert, staat bij het veld en het getypte blijft staan. Bron: issue 5 §4 en §5.
"""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from web.adviestekst import leeseisen
from web.adviesverloop import bericht
from web.bezoek import Bezoek, Huis, bladzijde
from web.consulent_advies import Adviesstuk, Getypt, mag_afstemmen, open_stuk, toon, vraagvak
from web.deur import DeurFout
from web.werk import Fout

# actie → het veld met de tekst
VELD: Final = {"opmerking": "opmerking", "vraag": "vraag", "afgestemd": "afgestemd"}
LEEG: Final = {
    "opmerking": "Schrijf eerst uw opmerking.",
    "vraag": "Schrijf eerst uw vraag.",
}
HOOGSTENS: Final = 2000


def router(huis: Huis) -> APIRouter:
    """`/advies/{id}/meedenken`."""
    paden = APIRouter()
    paden.add_api_route("/advies/{id}/meedenken", bladzijde(huis, "professional", terug), methods=["GET"])
    paden.add_api_route("/advies/{id}/meedenken", bladzijde(huis, "professional", doe), methods=["POST"])
    return paden


async def terug(bezoek: Bezoek) -> Response:
    """Wie de bladzijde ververst, leest gewoon verder."""
    return bezoek.naar(f"/advies/{bezoek.request.path_params['id']}/lees")


async def doe(bezoek: Bezoek) -> Response:
    """De knop die is ingedrukt. 404 voor een therapeut: die schrijft op de eigen bladzijde."""
    actie = bezoek.veld("actie")
    if bezoek.actor.rol == "therapeut" or actie not in VELD:
        raise DeurFout(404, ())
    stuk = await open_stuk(bezoek)
    woorden = bezoek.veld(VELD[actie])
    fouten = _fouten(bezoek, stuk, actie, woorden)
    if not fouten:
        try:
            await _schrijf(bezoek, stuk, actie, woorden)
            return bezoek.naar(f"/advies/{stuk.inhoud['id']}/lees?{actie}")
        except DeurFout as nee:
            if nee.status not in (400, 403, 409, 412, 422):
                raise
            fouten = tuple(Fout(b.tekst, VELD[actie]) for b in nee.bevindingen)
    getypt = Getypt(bezoek.veld("opmerking"), bezoek.veld("eis"), bezoek.veld("afgestemd"), bezoek.veld("vraag"))
    return toon(bezoek, stuk, fouten, getypt)


def _fouten(bezoek: Bezoek, stuk: Adviesstuk, actie: str, woorden: str) -> tuple[Fout, ...]:
    veld = VELD[actie]
    if actie == "vraag":
        vak = vraagvak(bezoek, stuk)
        if vak is None or not vak.mag:
            return (Fout(vak.waarom_niet if vak else "Bij dit advies kan geen vraag.", veld),)
    elif not mag_afstemmen(bezoek, stuk):
        return (Fout("De afstemming is voorbij. U kunt niets meer toevoegen.", veld),)
    if actie in LEEG and not woorden:
        return (Fout(LEEG[actie], veld),)
    if len(woorden) > HOOGSTENS:
        return (Fout(f"Dit is te lang. Gebruik hoogstens {HOOGSTENS} tekens.", veld),)
    if bezoek.veld("eis") and _eis(bezoek, stuk) is None:
        return (Fout("Kies een eis die in het advies staat.", "eis"),)
    return ()


async def _schrijf(bezoek: Bezoek, stuk: Adviesstuk, actie: str, woorden: str) -> None:
    if actie == "afgestemd":
        erbij = [{"name": "opmerking", "valueString": woorden}] if woorden else []
        await bezoek.deur.operatie("QuestionnaireResponse", str(stuk.inhoud["id"]), "afgestemd", erbij)
        return
    eis = _eis(bezoek, stuk) if actie == "opmerking" else None
    await bezoek.deur.maak(bericht(actie, stuk.inhoud, woorden, eis))


def _eis(bezoek: Bezoek, stuk: Adviesstuk) -> int | None:
    nummers = {str(e.nummer): e.nummer for e in leeseisen(stuk.inhoud)}
    return nummers.get(bezoek.veld("eis"))
