"""`QuestionnaireResponse/[id]/$wis`: de houder wist een advies, met alles wat eraan hangt.

De sleutels worden vernietigd: ook oudere versies en back-ups zijn dan niet meer te lezen (ontwerp.md deel 2). Een
organisatie houdt haar eigen afschrift (toegang.md §1). Eerst wat eraan hangt en het advies het laatst: na een
onderbreking maakt nog een keer vragen het af. Wat de houder uit het advies overnam, blijft. Besluit 0041.
"""

from __future__ import annotations

from typing import Final

from paspoort.fouten import Melding, PaspoortFout
from server.access.vertegenwoordiging import mag_namens
from server.fhir.aanhangsel import aanhangsels, gebeurtenissen
from server.fhir.antwoorden import niet_gevonden, verwijderd
from server.fhir.context import HOUDERS, Context
from server.fhir.parameters import lees
from server.fhir.request import FhirResponse
from server.fhir.toetsing import hertoets, vooruit
from server.store.versions import Wijziging

DEFINITIE: Final = "QuestionnaireResponse-wis"


async def wis(ctx: Context) -> FhirResponse:
    """204. 404 buiten zicht, 403 voor wie niet de houder is (of voor haar beslist)."""
    lees(ctx.vraag, DEFINITIE)
    id_ = ctx.vraag.id or ""
    blik = await ctx.plaats("QuestionnaireResponse", id_)
    versie = blik.momentopname.get("QuestionnaireResponse", id_) if blik else None
    getoond = ctx.toon(blik, versie) if blik and versie and not versie.verwijderd else None
    if blik is None or versie is None or getoond is None:
        raise niet_gevonden()
    m = blik.momentopname
    beslist = ctx.actor.rol in HOUDERS and mag_namens(ctx.actor, m, "beslissen", ctx.nu) == "ja"
    if not beslist or not blik.zicht.mag("D", versie.inhoud, versie).ja:
        raise PaspoortFout(Melding("niet-van-u"))
    hangt = aanhangsels(m, id_)
    plekken = frozenset(f"{v.type}/{v.id}" for v in (versie, *hangt))
    alles = (*gebeurtenissen(m, plekken), *hangt, versie)
    zonder = vooruit(m, [Wijziging(v.type, v.id, None) for v in alles], "zelf")
    ctx.noteer(m.partitie, *(f"{v.type}/{v.id}" for v in alles))
    await ctx.leg_vast(blik, hertoets(zonder, ctx.register, ctx.nu))
    for v in alles:
        await ctx.opslag.wis(m.partitie, v.type, v.id)
    return verwijderd(ctx, versie)
