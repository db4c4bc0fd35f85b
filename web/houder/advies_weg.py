"""Een advies weghalen: *verwijderen* (uit beeld, de geschiedenis blijft) of *wissen* (de sleutel weg, voorgoed).

Vooraf staat er wat het betekent, en wie een eigen kopie houdt. Wat verwijderd is, kan daarna nog gewist worden.
Bron: toegang.md §1 (eigen afschrift) en §3, besluit 0048.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.advies import Adviesstatus, FunctioneelAdvies
from paspoort.fhir.advies import is_advies
from paspoort.fhir.advies import uit_fhir as advies_uit_fhir
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.waarden import als_object, objecten, verwijzing
from web.bewaard import vergeet
from web.bezoek import Bezoek, Huis
from web.boek import Boek
from web.deur import DeurFout
from web.houder.advies import vind_advies
from web.houder.advies_stand import geschreven_door, is_van_papier
from web.houder.kader import Fout, Kop, hang, id_van, kop, open_boek, toon

HOE: Final = ("verwijderen", "wissen")


@dataclass(frozen=True)
class Weg:
    """De keuze, met wat zij betekent."""

    SJABLOON: ClassVar[str] = "houder/advies_weg.html"

    kop: Kop
    id: str
    auteur: str
    op: date | None
    concept: bool
    al_verwijderd: bool
    papier: bool
    kopieen: tuple[str, ...]
    telt_mee: tuple[str, ...]
    gekozen: str
    fouten: tuple[Fout, ...]


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/advies/{id}/weg`."""
    hang(router, huis, "/advies/{id}/weg", weg)
    hang(router, huis, "/advies/{id}/weg", doe, "POST")


async def weg(bezoek: Bezoek) -> Response:
    """De uitleg en de keuze."""
    boek = await open_boek(bezoek)
    return _toon(bezoek, boek, await _vind(bezoek, boek), ())


async def doe(bezoek: Bezoek) -> Response:
    """Weg is weg: wissen vraagt een extra vinkje, en neemt mee wat zij er zelf nog over had liggen (besluit 0052)."""
    boek = await open_boek(bezoek)
    gevonden = advies, _ = await _vind(bezoek, boek)
    hoe = "wissen" if _is_weg(boek, advies) else bezoek.veld("hoe")
    if hoe not in HOE:
        return _toon(bezoek, boek, gevonden, (Fout("hoe", "Kies hoe u het advies weghaalt."),))
    if hoe == "wissen" and bezoek.veld("zeker") != "ja":
        return _toon(
            bezoek, boek, gevonden, (Fout("zeker", "Zet een vinkje als u het zeker weet. Het kan niet terug."),)
        )
    try:
        if hoe == "wissen":
            await bezoek.deur.operatie("QuestionnaireResponse", advies.id, "wis")
            await vergeet(bezoek.huis.opslag, bezoek.huis.sessies, bezoek.request, f"/advies/{advies.id}")
        else:
            await bezoek.deur.verwijder("QuestionnaireResponse", advies.id)
    except DeurFout as nee:
        if nee.status not in (403, 409, 422):
            raise
        return _toon(bezoek, boek, gevonden, tuple(Fout("hoe", b.tekst) for b in nee.bevindingen))
    return bezoek.naar(f"/adviezen?{'gewist' if hoe == 'wissen' else 'weg'}")


async def _vind(bezoek: Bezoek, boek: Boek) -> tuple[FunctioneelAdvies, Json]:
    """Het advies, of wat er stond voor het verwijderd werd. `DeurFout` 404 als het er nooit was, of gewist is."""
    id_ = id_van(bezoek)
    if inhoud := boek.inhouden.get(f"QuestionnaireResponse/{id_}"):
        return vind_advies(boek, id_), inhoud
    versies = await bezoek.deur.geschiedenis("QuestionnaireResponse", id_)
    laatste = next((i for _, i in reversed(versies) if i is not None), None)
    if laatste is None or not is_advies(laatste):
        raise DeurFout(404, ())
    return advies_uit_fhir(laatste), laatste


def _is_weg(boek: Boek, advies: FunctioneelAdvies) -> bool:
    return advies.verwijzing not in boek.inhouden


def _toon(bezoek: Bezoek, boek: Boek, gevonden: tuple[FunctioneelAdvies, Json], fouten: tuple[Fout, ...]) -> Response:
    advies, inhoud = gevonden
    context = Weg(
        kop=kop(bezoek, boek, "meer"),
        id=advies.id,
        auteur=geschreven_door(boek, advies, inhoud),
        op=advies.geschreven_op,
        concept=advies.status is Adviesstatus.CONCEPT,
        al_verwijderd=_is_weg(boek, advies),
        papier=is_van_papier(inhoud),
        kopieen=tuple(dict.fromkeys(_kopieen(boek, advies))),
        telt_mee=tuple(_telt_mee(boek)),
        gekozen=bezoek.veld("hoe"),
        fouten=fouten,
    )
    return toon(bezoek, context, fouten)


def _kopieen(boek: Boek, advies: FunctioneelAdvies) -> Iterable[str]:
    """Wie bij een besluit of opdracht een afschrift van dit advies kreeg."""
    for inhoud in boek.inhouden.values():
        if inhoud["resourceType"] == "Provenance" and _noemt(inhoud, advies.verwijzing):
            for agent in objecten(inhoud.get("agent")):
                if huis := boek.huis(verwijzing(agent.get("onBehalfOf")) or verwijzing(agent.get("who"))):
                    yield boek.naam(huis)


def _noemt(provenance: Json, plek: str) -> bool:
    stukken = [als_object(e.get("what")) for e in objecten(provenance.get("entity"))]
    is_afschrift = any(str(s.get("display", "")).startswith("Afschrift") for s in stukken)
    return is_afschrift and any(verwijzing(s) == plek for s in stukken)


def _telt_mee(boek: Boek) -> Iterable[str]:
    """Vragen die nog lopen: zonder advies kan de gemeente weer vragen stellen."""
    for b in boek.paspoort.behandelingen:
        if b.open:
            yield boek.naam(boek.huis(b.eigenaar))
