"""Openen met een aanleiding: een collega kijkt mee bij een cliënt die niet aan hem is toegewezen, en zegt waarom.

Schrijft en beslist niets zelf: dat doet `$aanleiding` achter de deur. Wat er niet te openen is en wat er niet bestaat,
geven hetzelfde antwoord. Bron: toegang.md §1 en §6, besluit 0024.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from server.store.worklist import partities_met_bsn
from web.bezoek import Bezoek, Huis, bladzijde
from web.deur import DeurFout
from web.werk import Fout, TeGast, Werkkop, werkkop

SJABLOON: Final = "werk/aanleiding.html"
ONBEKEND: Final = "onbekend"  # zo wordt er ook bij een onleesbaar kenmerk gewoon gevraagd
NIETS: Final = "Hier is niets dat u zo kunt openen. Kijk of het kenmerk klopt, of vraag het uw collega."


@dataclass(frozen=True)
class AanleidingContext:
    """Het formulier: van wie, en waarom."""

    kop: Werkkop
    gast: TeGast | None
    kenmerk: str
    reden: str
    met_bsn: bool
    fouten: tuple[Fout, ...]


def router(huis: Huis) -> APIRouter:
    """`/aanleiding`."""
    paden = APIRouter()
    paden.add_api_route("/aanleiding", bladzijde(huis, "professional", toon), methods=["GET"])
    paden.add_api_route("/aanleiding", bladzijde(huis, "professional", open_), methods=["POST"])
    return paden


async def toon(bezoek: Bezoek) -> Response:
    """Het lege formulier."""
    return _formulier(bezoek, ())


async def open_(bezoek: Bezoek) -> Response:
    """Vraag de deur het te openen; daarna naar de cliënt of het verzoek."""
    kenmerk = bezoek.veld("kenmerk")
    if not kenmerk:
        return _formulier(bezoek, (Fout("Vul een kenmerk in.", "kenmerk"),))
    patient, verder = await _van_wie(bezoek, kenmerk)
    try:
        await bezoek.deur.operatie(
            "Patient", patient, "aanleiding", [{"name": "reden", "valueString": bezoek.veld("reden") or "-"}]
        )
    except DeurFout as nee:
        if nee.status == 404:
            if await bezoek.deur.lees_misschien("Patient", patient) is not None:  # u mag al kijken
                return bezoek.naar(verder)
            return _formulier(bezoek, (Fout(NIETS, "kenmerk"),))
        if nee.status in (400, 422):
            return _formulier(bezoek, tuple(Fout(b.tekst, "reden") for b in nee.bevindingen))
        raise
    return bezoek.naar(verder)


async def _van_wie(bezoek: Bezoek, kenmerk: str) -> tuple[str, str]:
    """De cliënt bij dit kenmerk en waar het daarna verder gaat: een adres, het nummer van een verzoek, of een BSN."""
    laatste = kenmerk.split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1]
    opslag = bezoek.huis.opslag
    consulent = bezoek.actor.rol == "verstrekker"
    cijfers = "".join(t for t in kenmerk if t.isalnum())
    if consulent and cijfers.isdigit() and len(cijfers) == 9:
        gevonden = await partities_met_bsn(opslag, cijfers)
        patient = gevonden[0] if gevonden else ONBEKEND
        return patient, f"/client/{patient}"
    taak = await opslag.partitie_van("Task", laatste)
    if taak is not None:
        return taak, f"/intake/{laatste}" if consulent else f"/client/{taak}"
    return laatste if laatste.replace("-", "").isalnum() else ONBEKEND, f"/client/{laatste}"


def _formulier(bezoek: Bezoek, fouten: tuple[Fout, ...]) -> Response:
    context = AanleidingContext(
        kop=werkkop(bezoek, "aanleiding"),
        gast=None,
        kenmerk=bezoek.veld("kenmerk"),
        reden=bezoek.veld("reden"),
        met_bsn=bezoek.actor.rol == "verstrekker",
        fouten=fouten,
    )
    return bezoek.toon(SJABLOON, context, 422 if fouten else 200)
