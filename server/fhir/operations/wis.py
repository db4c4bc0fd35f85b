"""`QuestionnaireResponse/[id]/$wis`: de houder wist een advies, met alles wat eraan hangt.

De sleutels worden vernietigd: ook oudere versies en back-ups zijn dan niet meer te lezen (ontwerp.md deel 2). Een
organisatie houdt haar eigen afschrift (toegang.md §1). Wat eerder verwijderd is, heeft nog zijn geschiedenis en gaat
ook. Alles gaat in één transactie; na een onderbreking maakt de opslag het af. Wat de houder overnam, blijft.
Besluiten 0041 en 0048.
"""

from __future__ import annotations

from typing import Final

from paspoort.fhir.voorstel import TYPES
from paspoort.fouten import Melding, PaspoortFout
from server.access.vertegenwoordiging import mag_namens
from server.fhir.aanhangsel import aanhangsels, bestanden_van, document_van, gebeurtenissen, papier
from server.fhir.antwoorden import niet_gevonden, verwijderd
from server.fhir.context import HOUDERS, Context
from server.fhir.interactions.read import huidige
from server.fhir.parameters import lees
from server.fhir.request import FhirResponse
from server.fhir.toetsing import hertoets, vooruit
from server.store.history import versies_van_type
from server.store.versions import Momentopname, Versie, Wijziging

DEFINITIE: Final = "QuestionnaireResponse-wis"
# Waar iets van een advies in kan staan dat al verwijderd is.
SOORTEN: Final = ("QuestionnaireResponse", "Communication", *TYPES)


async def wis(ctx: Context) -> FhirResponse:
    """204, ook voor een advies dat al verwijderd is. 404 buiten zicht, 403 voor wie niet de houder is."""
    lees(ctx.vraag, DEFINITIE)
    blik, nu = await huidige(ctx, ook_verwijderd=True)
    m = blik.momentopname
    if not nu.verwijderd and ctx.toon(blik, nu) is None:
        raise niet_gevonden()
    was = await _zoals_het_was(ctx, m)
    advies = was.get(nu.type, nu.id)
    if advies is None:
        raise niet_gevonden()
    beslist = ctx.actor.rol in HOUDERS and mag_namens(ctx.actor, m, "beslissen", ctx.nu) == "ja"
    if not beslist or not blik.zicht.mag("D", advies.inhoud, advies).ja:
        raise PaspoortFout(Melding("verwijderd" if nu.verwijderd else "niet-van-u"))
    alles = _alles(m, await _met_papier(ctx, was, advies), advies)
    ctx.noteer(m.partitie, *(v.verwijzing for v in alles))
    zonder = vooruit(m, [Wijziging(v.type, v.id, None) for v in alles if m.get(v.type, v.id)], "zelf")
    na, _ = await ctx.leg_vast(blik, hertoets(zonder, ctx.register, ctx.nu))
    # Wat de houder intussen overnam, is een eigen feit geworden en blijft.
    m = na.momentopname
    was = await _zoals_het_was(ctx, m)
    alles = _alles(m, await _met_papier(ctx, was, advies), advies)
    # Komt er nu nog iets tussen (de houder neemt iets over), dan begint de deur opnieuw: wissen is voorgoed.
    await ctx.opslag.wis_samen(m.partitie, [(v.type, v.id) for v in alles], m.volgnummer)
    # Wat iemand intussen nog over het advies schreef; nu het weg is, kan er niets meer bij komen.
    m = await ctx.opslag.momentopname(m.partitie)
    laat = aanhangsels(m, nu.id)
    weg = (*gebeurtenissen(m, _plekken(*alles, *laat)), *laat)
    await ctx.opslag.wis_samen(m.partitie, [(v.type, v.id) for v in weg])
    return verwijderd(ctx, nu)


def _alles(m: Momentopname, was: Momentopname, advies: Versie) -> tuple[Versie, ...]:
    hangt = aanhangsels(was, advies.id)
    blad = papier(m, was, advies, _plekken(advies, *hangt))
    return (*gebeurtenissen(m, _plekken(advies, *hangt, *blad)), *hangt, *blad, advies)


def _plekken(*versies: Versie) -> frozenset[str]:
    return frozenset(v.verwijzing for v in versies)


async def _zoals_het_was(ctx: Context, m: Momentopname) -> Momentopname:
    """`m`, met van wat verwijderd is de laatste versie die nog leefde."""
    terug = []
    for soort in SOORTEN:
        for versies in await versies_van_type(ctx.opslag, m, soort):
            levend = next((v for v in versies if not v.verwijderd), None)
            if versies[0].verwijderd and levend is not None:
                terug.append(levend)
    return m.met(m.volgnummer, terug)


async def _met_papier(ctx: Context, was: Momentopname, advies: Versie) -> Momentopname:
    """`was`, met ook het verwijderde papier van dit advies: bestanden zijn groot, van andere leest dit er geen."""
    was = await _terug(ctx, was, document_van(advies))
    document = was.get(*_delen(document_van(advies)))
    for plek in bestanden_van(document) if document is not None else ():
        was = await _terug(ctx, was, plek)
    return was


async def _terug(ctx: Context, was: Momentopname, plek: str) -> Momentopname:
    """`was`, met op deze plek de laatste levende versie als zij verwijderd is."""
    nu = was.get(*_delen(plek))
    if nu is None or not nu.verwijderd:
        return was
    versies = await ctx.opslag.versies(was.partitie, nu.type, nu.id)
    return was.met(was.volgnummer, [v for v in versies if not v.verwijderd][:1])


def _delen(plek: str) -> tuple[str, str]:
    type_, _, id_ = plek.partition("/")
    return type_, id_
