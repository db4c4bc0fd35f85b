"""`[type]/[id]/$bevestig`: een professional staat in voor wat de houder zelf of van papier opgaf.

Maakt een Provenance `bevestigd` bij precies deze versie; een nieuwe versie is niet bevestigd. Verzoeken die nog lopen
worden opnieuw getoetst. De houder bevestigt het eigen woord niet. Bron: herhaaltoets.md, *Herkomst*.
"""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.antwoorden import geschreven, niet_gevonden
from server.fhir.context import Blik, Context
from server.fhir.gebeurtenis import al_gebeurd, gebeurtenis
from server.fhir.parameters import Waarde, lees, verwijzing
from server.fhir.request import FhirResponse
from server.fhir.toetsing import hertoets, vooruit
from server.registry import TYPES
from server.store.versions import Versie, Wijziging

DEFINITIE: Final = "Resource-bevestig"
BEVESTIGERS: Final = frozenset({"therapeut", "verstrekker", "leverancier"})
TE_BEVESTIGEN: Final = tuple(naam for naam, t in TYPES.items() if "bevestig" in t.operations)


async def bevestig(ctx: Context) -> FhirResponse:
    """De Provenance: 201, of 200 als u precies deze versies al bevestigde. 404 buiten zicht.

    403 voor de houder, en voor wie met een aanleiding meekijkt: bevestigen is wijzigen wat telt (besluit 0024).
    """
    type_, id_ = ctx.vraag.type or "", ctx.vraag.id or ""
    blik = await ctx.plaats(type_, id_)
    versie = _te_zien(ctx, blik, type_, id_) if blik else None
    if blik is None or versie is None:
        raise niet_gevonden()
    if ctx.actor.rol not in BEVESTIGERS or all(g.aanleiding for g in blik.zicht.gronden):
        raise PaspoortFout(Melding("niet-van-u"))
    ook = lees(ctx.vraag, DEFINITIE).alle("ook")
    versies = [versie, *_ook(ctx, blik, ook, versie)]
    m = blik.momentopname
    al = al_gebeurd(ctx, m, "bevestigd", versies)
    if al is not None:
        return geschreven(ctx, 200, al, blik.zicht.toon(al), blik.zicht)
    bron = Wijziging("Provenance", str(uuid4()), gebeurtenis(ctx, "bevestigd", versies), herkomst="bron")
    wijzigingen = [bron, *hertoets(vooruit(m, [bron], "bron"), ctx.register, ctx.nu)]
    na, nieuw = await ctx.leg_vast(blik, wijzigingen)
    gemaakt = next(v for v in nieuw if v.id == bron.id)
    return geschreven(ctx, 201, gemaakt, na.zicht.toon(gemaakt), na.zicht)


def _te_zien(ctx: Context, blik: Blik, type_: str, id_: str) -> Versie | None:
    versie = blik.momentopname.get(type_, id_)
    zichtbaar = versie is not None and not versie.verwijderd and ctx.toon(blik, versie) is not None
    return versie if zichtbaar else None


def _ook(ctx: Context, blik: Blik, ook: tuple[Waarde, ...], eerste: Versie) -> list[Versie]:
    """Wat met dezelfde handeling bevestigd wordt; onbekend en verborgen geven dezelfde fout, alle fouten samen."""
    fouten: list[Melding] = []
    gevonden: dict[tuple[str, str], Versie] = {}
    for w in ook:
        type_, _, id_ = verwijzing(w, ctx.deur.basis, *TE_BEVESTIGEN).partition("/")
        versie = _te_zien(ctx, blik, type_, id_)
        if versie is None:
            fouten.append(Melding("referentie-onbekend", w.hier))
        elif (type_, id_) != (eerste.type, eerste.id):
            gevonden[type_, id_] = versie
    if fouten:
        raise PaspoortFout(*fouten)
    return list(gevonden.values())
