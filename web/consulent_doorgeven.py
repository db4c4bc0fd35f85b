"""Een verzoek doorgeven aan een team of collega: wie het krijgt, ziet het; wie het weggeeft, daarna niet meer.

Alleen de eigenaar van de Task verandert; of dat mag en wie het dan ziet, zegt de deur. Bron: toegang.md §1, besluit
0023.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.waarden import verwijzing
from web.bezoek import Bezoek, Huis, bladzijde
from web.deur import DeurFout
from web.werk import Fout, TeGast, Werkkop, fouten_uit, werkkop

SJABLOON: Final = "werk/doorgeven.html"


@dataclass(frozen=True, slots=True)
class Ontvanger:
    """Een team of collega; `nu` voor waar het nu ligt."""

    plek: str
    naam: str
    nu: bool


@dataclass(frozen=True)
class DoorgevenContext:
    """Aan wie."""

    kop: Werkkop
    gast: TeGast | None
    id: str
    teams: tuple[Ontvanger, ...]
    mensen: tuple[Ontvanger, ...]
    fouten: tuple[Fout, ...]


def router(huis: Huis) -> APIRouter:
    """`/intake/{id}/doorgeven`."""
    paden = APIRouter()
    paden.add_api_route("/intake/{id}/doorgeven", bladzijde(huis, "consulent", doorgeven), methods=["GET", "POST"])
    return paden


async def doorgeven(bezoek: Bezoek) -> Response:
    """De keuze, en na de keuze terug naar de werkvoorraad. 404 als u dit verzoek niet ziet."""
    taak = await bezoek.deur.lees("Task", str(bezoek.request.path_params["id"]))
    huis = f"Organization/{bezoek.actor.organisatie}"
    nu = verwijzing(taak.get("owner")) or ""
    gevonden = await bezoek.deur.zoek("Organization", partof=huis)
    teams = [Ontvanger(huis, "Het team dat dit werk aanneemt", nu == huis)] if gevonden else []
    teams += [
        Ontvanger(plek, str(o.get("name")), nu == plek)
        for o in gevonden
        if o.get("active") is not False and (plek := f"Organization/{o['id']}")
    ]
    mensen = [
        Ontvanger(plek, str((m.get("practitioner") or {}).get("display") or "Collega"), nu == plek)
        for m in await bezoek.deur.zoek("PractitionerRole", organization=huis)
        if m.get("active") is not False and (plek := f"PractitionerRole/{m['id']}")
    ]
    fouten: tuple[Fout, ...] = ()
    if bezoek.request.method == "POST":
        naar = bezoek.veld("naar")
        if naar not in {o.plek for o in (*teams, *mensen)}:
            fouten = (Fout("Kies een team of een collega.", "naar"),)
        else:
            try:
                await bezoek.deur.wijzig({**taak, "owner": {"reference": naar}})
                return bezoek.naar("/werkvoorraad")
            except DeurFout as nee:
                if nee.status not in (403, 422):
                    raise
                fouten = fouten_uit(nee.bevindingen)
    context = DoorgevenContext(
        werkkop(bezoek, "werkvoorraad"), None, str(taak["id"]), tuple(teams),
        tuple(sorted(mensen, key=lambda m: m.naam)), fouten,
    )  # fmt: skip
    return bezoek.toon(SJABLOON, context, 422 if fouten else 200)
