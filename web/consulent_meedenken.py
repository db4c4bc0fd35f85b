"""Concepten van een advies waar een cliënt u over laat meedenken, voor consulent en leverancier.

De lijst komt uit de toestemmingen met doel `afstemming` die uw organisatie noemen; de naam van de cliënt hoort daar
niet bij (toegang.md §4). Bron: issue 5 §4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.advies import is_advies
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.toestemming import uit_fhir as toestemming_uit_fhir
from paspoort.fhir.waarden import verwijzing
from paspoort.toestemming import HIER
from web.adviestekst import leeseisen, titel
from web.bezoek import Bezoek, Huis, bladzijde
from web.bladzijde import als_datum, dag
from web.boek import mensen
from web.deur import DeurFout
from web.werk import TeGast, Werkkop, werkkop

ROLLEN: Final = ("verstrekker", "leverancier")


@dataclass(frozen=True, slots=True)
class Concept:
    """Eén concept: wat voor advies, van wie, hoeveel eisen, en tot wanneer u mag meelezen."""

    adres: str
    titel: str
    regel: str
    tot: str


@dataclass(frozen=True)
class MeedenkenContext:
    """Alle concepten."""

    kop: Werkkop
    gast: TeGast | None
    concepten: tuple[Concept, ...]


def router(huis: Huis) -> APIRouter:
    """`/meedenken`."""
    paden = APIRouter()
    paden.add_api_route("/meedenken", bladzijde(huis, "professional", meedenken), methods=["GET"])
    return paden


async def meedenken(bezoek: Bezoek) -> Response:
    """De lijst; wie het eerst afloopt bovenaan. 404 voor een therapeut: die schrijft ze."""
    if bezoek.actor.rol not in ROLLEN:
        raise DeurFout(404, ())
    nu = datetime.now(HIER)
    gevonden = []
    for t in map(toestemming_uit_fhir, await bezoek.deur.zoek_met("Consent", [("_count", "200")])):
        if t.doel != "afstemming" or not t.geldt(nu):
            continue
        for plek in sorted(p for p in t.betreft if p.startswith("QuestionnaireResponse/")):
            inhoud = await bezoek.deur.lees_misschien("QuestionnaireResponse", plek.partition("/")[2])
            if inhoud is not None and is_advies(inhoud) and inhoud.get("status") == "in-progress":
                gevonden.append((str(als_datum(t.tot) or ""), await _concept(bezoek, inhoud, dag(als_datum(t.tot)))))
    rijen = dict.fromkeys(c for _, c in sorted(gevonden, key=lambda paar: (paar[0], paar[1].adres)))
    context = MeedenkenContext(werkkop(bezoek, "meedenken"), None, tuple(rijen))
    return bezoek.toon("werk/meedenken.html", context)


async def _concept(bezoek: Bezoek, inhoud: Json, tot: str) -> Concept:
    auteur = verwijzing(inhoud.get("author")) or ""
    namen = (await mensen(bezoek.deur, [auteur])).namen
    eisen = len(leeseisen(inhoud))
    delen = (namen.get(auteur, ""), f"{eisen} {'eis' if eisen == 1 else 'eisen'}")
    return Concept(f"/advies/{inhoud['id']}/lees", titel(inhoud), ", ".join(d for d in delen if d), tot)
