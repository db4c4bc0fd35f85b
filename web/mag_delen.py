"""Mag ik delen? Een professional vraagt of een andere organisatie een groep gegevens van deze cliënt mag zien.

Het antwoord is ja met grond en dag, of nee; meer niet. De vraag gaat als `$mag-delen` door de deur, dus de cliënt ziet
dat zij gesteld is. Bron: toegang.md §1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import Response

from web.bezoek import Bezoek, Huis, bladzijde
from web.bladzijde import dag
from web.boek import sla_open
from web.werk import Fout, TeGast, Werkkop, te_gast, werkkop
from web.werkwoorden import GROEPEN, kapitaal

SJABLOON: Final = "werk/mag_delen.html"
GRONDEN: Final = {
    "toestemming": "De cliënt gaf daar toestemming voor",
    "opdracht": "Er loopt een opdracht. Alleen wat bij die opdracht hoort",
}


@dataclass(frozen=True, slots=True)
class Keuze:
    """Een organisatie of groep om te kiezen."""

    code: str
    naam: str
    gekozen: bool


@dataclass(frozen=True, slots=True)
class Antwoordzin:
    """Het antwoord in een zin."""

    ja: bool
    kop: str
    zin: str


@dataclass(frozen=True)
class MagDelenContext:
    """De vraag, en als zij gesteld is het antwoord."""

    kop: Werkkop
    gast: TeGast
    patient: str
    partijen: tuple[Keuze, ...]
    groepen: tuple[Keuze, ...]
    antwoord: Antwoordzin | None
    fouten: tuple[Fout, ...]


def router(huis: Huis) -> APIRouter:
    """`/client/{patient}/mag-delen`."""
    paden = APIRouter()
    pad = "/client/{patient}/mag-delen"
    paden.add_api_route(pad, bladzijde(huis, "professional", vraag), methods=["GET"])
    paden.add_api_route(pad, bladzijde(huis, "professional", antwoord), methods=["POST"])
    return paden


async def vraag(bezoek: Bezoek) -> Response:
    """Het formulier. 404 als u niets van deze cliënt mag lezen."""
    return await _toon(bezoek, None, ())


async def antwoord(bezoek: Bezoek) -> Response:
    """Stel de vraag aan de deur."""
    partij, groep = bezoek.veld("partij"), bezoek.veld("groep")
    fouten = []
    if not partij.startswith("Organization/"):
        fouten.append(Fout("Kies met wie u wilt delen.", "partij"))
    if groep not in GROEPEN:
        fouten.append(Fout("Kies wat u wilt delen.", "groep"))
    if fouten:
        return await _toon(bezoek, None, tuple(fouten))
    delen: list[dict[str, Any]] = [
        {"name": "partij", "valueReference": {"reference": partij}},
        {"name": "groep", "valueCode": groep},
    ]
    uit = await bezoek.deur.operatie("Patient", _patient(bezoek), "mag-delen", delen)
    waarden = {str(p["name"]): next(w for n, w in p.items() if n != "name") for p in uit["parameter"]}
    if not waarden["antwoord"]:
        zin = Antwoordzin(False, "Nee, dat mag niet.", "Vraag uw cliënt eerst om toestemming.")
    else:
        tot = f", tot en met {dag(str(waarden['tot']))}" if "tot" in waarden else ""
        zin = Antwoordzin(True, "Ja, dat mag.", f"{GRONDEN[str(waarden['grond'])]}{tot}. Uw cliënt kan eerder stoppen.")
    return await _toon(bezoek, zin, ())


async def _toon(bezoek: Bezoek, zin: Antwoordzin | None, fouten: tuple[Fout, ...]) -> Response:
    boek = await sla_open(bezoek.deur, _patient(bezoek))
    eigen = bezoek.actor.organisatie
    alle = await bezoek.deur.zoek_met("Organization", [("active", "true"), ("_count", "200")])
    partijen = sorted(
        (str(o.get("name") or o["id"]), f"Organization/{o['id']}")
        for o in alle
        if o["id"] != eigen and "partOf" not in o
    )
    context = MagDelenContext(
        kop=werkkop(bezoek, "clienten"),
        gast=te_gast(boek, bezoek.actor),
        patient=_patient(bezoek),
        partijen=tuple(Keuze(plek, naam, plek == bezoek.veld("partij")) for naam, plek in partijen),
        groepen=tuple(Keuze(g, kapitaal(w), g == bezoek.veld("groep")) for g, w in GROEPEN.items()),
        antwoord=zin,
        fouten=fouten,
    )
    return bezoek.toon(SJABLOON, context, 422 if fouten else 200)


def _patient(bezoek: Bezoek) -> str:
    return str(bezoek.request.path_params["patient"])
