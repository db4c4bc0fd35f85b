"""`[type]/[id]/$neem-over` en `$wijs-af`: de houder beslist over een voorstel uit een advies.

Overgenomen is het een feit, van wie het schreef; een koppeling komt als `derivedFrom` bij het gebruik zelf. Afgewezen
blijft het staan, zodat een volgend advies het niet nog eens voorstelt. De houder ziet beide terug als gebeurtenis.
Besluit 0041.
"""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from paspoort.fhir.voorstel import Stand, Voorstel, met_stand, voorstel_van
from paspoort.fhir.waarden import objecten
from paspoort.fouten import Melding, PaspoortFout
from server.access.vertegenwoordiging import mag_namens
from server.fhir.antwoorden import geschreven, niet_gevonden
from server.fhir.context import HOUDERS, Blik, Context
from server.fhir.gebeurtenis import gebeurtenis, plek_van, soort_van
from server.fhir.parameters import lees
from server.fhir.request import FhirResponse, Json
from server.fhir.toetsing import hertoets, vooruit
from server.store.versions import Momentopname, Versie, Wijziging

OVERNEMEN: Final = "Resource-neem-over"
AFWIJZEN: Final = "Resource-wijs-af"


async def neem_over(ctx: Context) -> FhirResponse:
    """De resource, nu een feit (bij een koppeling: het gebruik): 200. 404 buiten zicht, 403 voor wie niet beslist."""
    lees(ctx.vraag, OVERNEMEN)
    blik, versie, voorstel = await _voorstel(ctx, "overgenomen")
    if voorstel.stand == "overgenomen":
        return geschreven(ctx, 200, versie, blik.zicht.toon(versie), blik.zicht)
    gebruik = _gebruik(blik.momentopname, voorstel)
    if voorstel.bij is None:
        feit = Wijziging(
            versie.type, versie.id, met_stand(versie.inhoud, "overgenomen"), versie.auteur, versie.herkomst
        )
        return await _leg_vast(ctx, blik, "overgenomen", feit, [])
    if gebruik is None:
        raise PaspoortFout(Melding("geen-voorstel"))
    rust = {"reference": voorstel.advies}
    inhoud = {**gebruik.inhoud, "derivedFrom": [*objecten(gebruik.inhoud.get("derivedFrom")), rust]}
    feit = Wijziging(gebruik.type, gebruik.id, inhoud, gebruik.auteur, gebruik.herkomst)
    blijft = _bevestigingen(blik.momentopname, gebruik)
    return await _leg_vast(ctx, blik, "overgenomen", feit, [Wijziging(versie.type, versie.id, None), *blijft])


async def wijs_af(ctx: Context) -> FhirResponse:
    """De resource, afgewezen: 200. 404 buiten zicht, 403 voor wie niet beslist; 422 `geen-voorstel`."""
    lees(ctx.vraag, AFWIJZEN)
    blik, versie, voorstel = await _voorstel(ctx, "afgewezen")
    if voorstel.stand == "afgewezen":
        return geschreven(ctx, 200, versie, blik.zicht.toon(versie), blik.zicht)
    weg = Wijziging(versie.type, versie.id, met_stand(versie.inhoud, "afgewezen"), versie.auteur, versie.herkomst)
    return await _leg_vast(ctx, blik, "afgewezen", weg, [])


async def _voorstel(ctx: Context, naar: Stand) -> tuple[Blik, Versie, Voorstel]:
    """Het voorstel van dit adres, als de vrager erover beslist en het nog open is, of al zo is als gevraagd."""
    type_, id_ = ctx.vraag.type or "", ctx.vraag.id or ""
    blik = await ctx.plaats(type_, id_)
    versie = blik.momentopname.get(type_, id_) if blik else None
    getoond = ctx.toon(blik, versie) if blik and versie and not versie.verwijderd else None
    if blik is None or versie is None or getoond is None:
        raise niet_gevonden()
    beslist = ctx.actor.rol in HOUDERS and mag_namens(ctx.actor, blik.momentopname, "beslissen", ctx.nu) == "ja"
    if not beslist or not getoond.volledig:
        raise PaspoortFout(Melding("niet-van-u"))
    voorstel = voorstel_van(versie.inhoud)
    if voorstel is None or voorstel.stand not in ("open", naar):
        raise PaspoortFout(Melding("geen-voorstel"))
    return blik, versie, voorstel


async def _leg_vast(ctx: Context, blik: Blik, soort: str, feit: Wijziging, erbij: list[Wijziging]) -> FhirResponse:
    m = blik.momentopname
    na = vooruit(m, [feit, *erbij], "bron")
    nieuw = na.get(feit.type, feit.id)
    assert nieuw is not None
    bron = Wijziging("Provenance", str(uuid4()), gebeurtenis(ctx, soort, [nieuw]), herkomst="bron")
    erna, versies = await ctx.leg_vast(blik, [feit, *erbij, bron, *hertoets(na, ctx.register, ctx.nu)])
    versie = next(v for v in versies if (v.type, v.id) == (feit.type, feit.id))
    return geschreven(ctx, 200, versie, erna.zicht.toon(versie), erna.zicht)


def _gebruik(m: Momentopname, voorstel: Voorstel) -> Versie | None:
    """Het gebruik dat een koppeling noemt, als het er nog is."""
    type_, _, id_ = (voorstel.bij or "").partition("/")
    versie = m.get(type_, id_) if type_ else None
    return None if versie is None or versie.verwijderd else versie


def _bevestigingen(m: Momentopname, gebruik: Versie) -> list[Wijziging]:
    """Wie dit gebruik bevestigde, deed dat over wat er verder in staat: dat blijft zo bij de nieuwe versie."""
    nu, straks = plek_van(gebruik), f"{gebruik.type}/{gebruik.id}/_history/{gebruik.versie + 1}"
    uit = []
    for p in m.van_type("Provenance"):
        if soort_van(p.inhoud) != "bevestigd" or {"reference": nu} not in objecten(p.inhoud.get("target")):
            continue
        kaal: Json = {k: w for k, w in p.inhoud.items() if k not in ("id", "meta", "entity")}
        bron = {"role": "revision", "what": {"reference": nu}}
        inhoud = {**kaal, "target": [{"reference": straks}], "entity": [bron]}
        uit.append(Wijziging("Provenance", str(uuid4()), inhoud, p.auteur, p.herkomst))
    return uit
