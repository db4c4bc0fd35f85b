"""Over welke paspoorten een vraag gaat die er geen noemt: die van de vrager zelf, en niet te veel tegelijk.

Wat daarvan te zien is beslist het zicht. Bron: ontwerp deel 2 (*What must be found across passports*).
"""

from __future__ import annotations

from typing import Final

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.context import HOUDERS, Context
from server.store.worklist import partities_met_taak, partities_met_toestemming

# Meer paspoorten openen voor één vraag kost te veel, en wie er zoveel heeft, vraagt beter per paspoort.
KRING_HOOGSTENS: Final = 25


async def kring(ctx: Context, plek: str | None = None) -> list[str]:
    """De partities: het eigen paspoort, of waar een toestemming, taak of de eigen proeftuin heen wijst.

    PaspoortFout `te-ruim` bij meer dan `KRING_HOOGSTENS`.
    """
    a = ctx.actor
    if a.patient is not None and a.rol in HOUDERS:
        return [a.patient]
    gevonden: list[str] = []
    if a.rol == "proef" and a.client_id:
        gevonden += await ctx.opslag.testpartities(a.client_id)
    if a.organisatie is not None:
        dag = ctx.nu.date().isoformat()
        gevonden += await partities_met_toestemming(ctx.opslag, a.organisatie, a.functie, dag)
        gevonden += await partities_met_taak(ctx.opslag, a.organisatie)
        gevonden.append(f"org-{a.organisatie}")
    uit = list(dict.fromkeys(gevonden))
    if len(uit) > KRING_HOOGSTENS and a.rol != "proef":  # de proeftuin heeft haar eigen grens
        raise PaspoortFout(Melding("te-ruim", plek, {"aantal": str(KRING_HOOGSTENS)}))
    return uit
