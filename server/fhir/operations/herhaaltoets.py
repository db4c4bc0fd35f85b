"""`DeviceRequest/[id]/$herhaaltoets` en `DeviceRequest/$herhaaltoets`: het voorstel, met elke grond en norm.

Rekent op het hele paspoort; het bewijs gaat alleen mee voor zover de vrager het ziet (toegang.md §4, herhaalverzoek).
Bewaart niets. Een afgehandeld verzoek geeft de uitslag die toen gold (herhaaltoets.md, wet 4).
"""

from __future__ import annotations

from typing import Final

from paspoort.fhir.fhirjson import schrijf
from paspoort.fhir.stelsels import extension
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.antwoorden import niet_gevonden
from server.fhir.context import HOUDERS, Blik, Context
from server.fhir.inhoud import controleer_inhoud
from server.fhir.operations.onderwerp import blik_op
from server.fhir.outcome import FHIR_JSON
from server.fhir.parameters import Waarde, lees, verwijzing
from server.fhir.request import FhirResponse, Json
from server.fhir.search.zoeken import lokaal
from server.fhir.toetsing import als_guidance, behandelaar, bewaarde_uitslag, is_afgehandeld, toets_verzoek
from server.fhir.verwijzingen import controleer_verwijzingen

DEFINITIE: Final = "DeviceRequest-herhaaltoets"
DOELEN: Final = frozenset({"onderzoek", "herhaalverzoek"})
ALLES: Final = frozenset({"proef", "dienst"})


async def herhaaltoets(ctx: Context) -> FhirResponse:
    """De GuidanceResponse. 404 buiten zicht, 403 zonder doel onderzoek of herhaalverzoek, 422 bij een kapot verzoek."""
    gegeven = lees(ctx.vraag, DEFINITIE, zonder=() if ctx.vraag.id is None else ("verzoek",))
    los = gegeven.een("verzoek")
    gekozen = gegeven.een("verstrekker")
    wie = _verstrekker(ctx, gekozen) if gekozen else None
    if ctx.vraag.id is not None:
        return await _bewaard(ctx, ctx.vraag.id, wie)
    if los is None:
        raise PaspoortFout(
            Melding("parameter-ontbreekt", "Parameters.parameter.where(name='verzoek')", {"naam": "verzoek"})
        )
    return await _los(ctx, los.waarde, los.hier, wie)


async def _bewaard(ctx: Context, id_: str, wie: str | None) -> FhirResponse:
    blik = await ctx.plaats("DeviceRequest", id_)
    versie = blik.momentopname.get("DeviceRequest", id_) if blik else None
    if blik is None or versie is None or versie.verwijderd or ctx.toon(blik, versie) is None:
        raise niet_gevonden()
    _eis_doel(ctx, blik)
    if versie.inhoud.get("intent") != "proposal":
        raise PaspoortFout(Melding("geen-verzoek", "DeviceRequest.intent"))
    guidance = bewaarde_uitslag(versie.inhoud) if is_afgehandeld(blik.momentopname, id_) else None
    if guidance is None:
        door = wie or behandelaar(blik.momentopname, versie.inhoud) or _eigen_organisatie(ctx)
        uitslag = toets_verzoek(blik.momentopname, ctx.register, versie.inhoud, ctx.nu, door)
        guidance = als_guidance(uitslag, blik.momentopname.partitie)
    return _antwoord(ctx, blik, guidance)


async def _los(ctx: Context, verzoek: Json, plek: str, wie: str | None) -> FhirResponse:
    fouten = controleer_inhoud(ctx.deur.validator, "DeviceRequest", verzoek, plek)
    if any(m.ernst == "error" for m in fouten):
        raise PaspoortFout(*fouten)
    if verzoek.get("intent") != "proposal":
        raise PaspoortFout(Melding("geen-verzoek", f"{plek}.intent"))
    blik = await blik_op(ctx, verzoek["subject"], f"{plek}.subject")
    _eis_doel(ctx, blik)
    fouten = controleer_verwijzingen(ctx, blik, verzoek, None, plek, {})
    if fouten:
        raise PaspoortFout(*fouten)
    door = wie or behandelaar(blik.momentopname, verzoek) or _eigen_organisatie(ctx)
    uitslag = toets_verzoek(blik.momentopname, ctx.register, verzoek, ctx.nu, door)
    return _antwoord(ctx, blik, als_guidance(uitslag, blik.momentopname.partitie))


def _verstrekker(ctx: Context, gekozen: Waarde) -> str:
    """De organisatie die het behandelt; zij moet er zijn, anders zou stil het standaardbeleid gelden."""
    plek = verwijzing(gekozen, ctx.deur.basis, "Organization")
    versie = ctx.register.get("Organization", plek.partition("/")[2])
    if versie is None or versie.verwijderd:
        raise PaspoortFout(Melding("referentie-onbekend", gekozen.hier))
    return plek


def _eis_doel(ctx: Context, blik: Blik) -> None:
    """De houder zelf, of een verstrekker die hiervoor toestemming of een lopende behandeling heeft."""
    if ctx.actor.rol in HOUDERS or {g.soort for g in blik.zicht.gronden} & ALLES:
        return
    if ctx.actor.rol == "verstrekker" and any(g.doel in DOELEN for g in blik.zicht.gronden):
        return
    raise PaspoortFout(Melding("niet-voor-u"))


def _eigen_organisatie(ctx: Context) -> str | None:
    a = ctx.actor
    return f"Organization/{a.organisatie}" if a.rol == "verstrekker" and a.organisatie else None


def _antwoord(ctx: Context, blik: Blik, guidance: Json) -> FhirResponse:
    """De uitslag zonder verwijzingen naar wat de vrager niet ziet."""
    return FhirResponse(200, schrijf(_gesnoeid(ctx, blik, guidance)), {"content-type": FHIR_JSON})


def _gesnoeid(ctx: Context, blik: Blik, guidance: Json) -> Json:
    def blijft(deel: Json) -> bool:
        doel = deel.get("valueReference")
        plaats = lokaal(str(doel.get("reference"))) if isinstance(doel, dict) else None
        return deel.get("url") != "bewijs" or (plaats is not None and ctx.zichtbaar(blik, *plaats) is not None)

    extensies = []
    for e in guidance.get("extension", ()):
        if e.get("url") == extension("grond"):
            e = {**e, "extension": [deel for deel in e["extension"] if blijft(deel)]}
        extensies.append(e)
    return {**guidance, "extension": extensies}
