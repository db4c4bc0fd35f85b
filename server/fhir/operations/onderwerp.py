"""Het paspoort waar een operatie over gaat als dat niet in het adres staat, en wat de vrager daarvan mag lezen.

Verborgen en onbekend geven dezelfde fout bij de parameter (toegang.md §6).
"""

from __future__ import annotations

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.context import Blik, Context, treffer
from server.fhir.parameters import plaats_van
from server.fhir.request import Json
from server.fhir.search.zoeken import Treffer


async def blik_op(ctx: Context, reference: object, plek: str) -> Blik:
    """De blik op het paspoort achter deze Reference naar een Patient. PaspoortFout `referentie-onbekend` op `plek`."""
    plaats = plaats_van(reference, ctx.deur.basis)
    partitie = plaats[1] if plaats and plaats[0] == "Patient" else ""
    van_vrager = ctx.actor.patient is None or ctx.actor.patient == partitie
    blik = await ctx.blik(partitie) if partitie and van_vrager else None
    if blik is None or blik.momentopname.soort != "paspoort" or not blik.zicht.gronden:
        raise PaspoortFout(Melding("referentie-onbekend", plek))
    return blik


def te_lezen(ctx: Context, blik: Blik) -> list[Treffer]:
    """Wat het zicht doorlaat en het token mag lezen; de Patient eerst. Noteert nog niets voor het log."""
    uit = [
        t
        for v in blik.momentopname.alle()
        if ctx.mag_lezen(v.type) and (t := treffer(v, blik.zicht.toon(v))) is not None
    ]
    uit.sort(key=lambda t: t.type != "Patient")
    return uit


def organisaties(ctx: Context) -> list[Json]:
    """De organisaties uit het register: hun namen horen bij wat er in een paspoort staat."""
    if not ctx.mag_lezen("Organization"):
        return []
    blik = ctx.registerblik()
    return [v.inhoud for v in ctx.register.van_type("Organization") if blik.zicht.toon(v) is not None]
