"""create, update en delete: één resource schrijven langs de gezamenlijke schrijfweg, ook op voorwaarde.

Bron: FHIR R4 http.html#create, #ccreate, #update, #cond-update, #delete. Een eigen id kiezen (update als create) kan
niet. Bij een voorwaarde hoeft geen versie genoemd te worden: gevonden en geschreven wordt in één momentopname
(docs/besluiten/0018).
"""

from __future__ import annotations

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.antwoorden import eis_parameters, geschreven, niet_gevonden, verwijderd
from server.fhir.context import Context
from server.fhir.interactie import criteria
from server.fhir.request import FhirResponse, Json
from server.fhir.schrijven import Opdracht, bereid_voor, nieuw_id
from server.fhir.voorwaarde import Vondst, thuis, uit_kop, vind


async def create(ctx: Context) -> FhirResponse:
    """`POST [type]` → 201 met Location. Met `If-None-Exist`: 200 met wat er al is, of 412 bij meer dan één."""
    eis_parameters(ctx)
    type_ = ctx.vraag.type or ""
    inhoud = inhoud_van(ctx.vraag.body, type_, type_)
    if (kop := ctx.vraag.headers.get("if-none-exist")) is not None:
        plek = "If-None-Exist"
        al = await vind(ctx, type_, uit_kop(kop, plek), plek, await thuis(ctx, type_, inhoud))
        if al is not None:
            return bestaand(ctx, al)
    return await schrijf_een(ctx, Opdracht("create", type_, nieuw_id(), inhoud, type_))


async def update(ctx: Context) -> FhirResponse:
    """`PUT [type]/[id]` → 200. Codes van toegang.md §6: 405, 410, 403, 428, 412. `PUT [type]?…`: 201, 200 of 412."""
    type_ = ctx.vraag.type or ""
    inhoud = inhoud_van(ctx.vraag.body, type_, type_)
    if ctx.vraag.id is None:
        al = await vind(ctx, type_, criteria(ctx.vraag), "query", await thuis(ctx, type_, inhoud), in_adres=True)
        return await schrijf_een(ctx, op_voorwaarde(type_, inhoud, al, type_, ctx.vraag.if_match))
    eis_parameters(ctx)
    if inhoud.get("id") != ctx.vraag.id:
        raise PaspoortFout(Melding("id-anders", f"{type_}.id"))
    return await schrijf_een(ctx, Opdracht("update", type_, ctx.vraag.id, inhoud, type_, ctx.vraag.if_match))


async def delete(ctx: Context) -> FhirResponse:
    """`DELETE [type]/[id]` → 204: een grafsteen, geen wissen. Wat al weg is: 410. `DELETE [type]?…`: hoogstens één."""
    type_, id_ = ctx.vraag.type or "", ctx.vraag.id
    if id_ is None:
        al = await vind(ctx, type_, criteria(ctx.vraag), "query", in_adres=True)
        if al is None:
            raise niet_gevonden()
        id_ = al.versie.id
    else:
        eis_parameters(ctx)
    return await schrijf_een(ctx, Opdracht("delete", type_, id_, None, type_, ctx.vraag.if_match))


def op_voorwaarde(type: str, inhoud: Json, al: Vondst | None, plek: str, if_match: str | None) -> Opdracht:
    """De opdracht van een voorwaardelijke update: maken als er niets past, anders wat er past wijzigen.

    PaspoortFout 405 bij een eigen id dat er niet is, 400 bij een ander id dan het gevondene (http.html#cond-update).
    """
    gegeven = inhoud.get("id")
    if al is None:
        if gegeven is not None:
            raise PaspoortFout(Melding("id-onbekend", f"{plek}.id"))
        return Opdracht("create", type, nieuw_id(), inhoud, plek)
    if gegeven not in (None, al.versie.id):
        raise PaspoortFout(Melding("id-anders", f"{plek}.id"))
    return Opdracht("update", type, al.versie.id, {**inhoud, "id": al.versie.id}, plek, if_match, vrij=True)


def bestaand(ctx: Context, al: Vondst) -> FhirResponse:
    """200 met wat er al was, en waar het staat."""
    return geschreven(ctx, 200, al.versie, ctx.toon(al.blik, al.versie), al.blik.zicht)


def inhoud_van(inhoud: Json | None, type: str, plek: str) -> Json:
    """De inhoud, als het een resource van dit type is. PaspoortFout `geen-inhoud` of `type-anders`."""
    if inhoud is None:
        raise PaspoortFout(Melding("geen-inhoud"))
    if inhoud.get("resourceType") != type:
        raise PaspoortFout(Melding("type-anders", f"{plek}.resourceType", {"type": type}))
    return inhoud


async def schrijf_een(ctx: Context, opdracht: Opdracht) -> FhirResponse:
    """Eén opdracht nakijken, vastleggen en beantwoorden."""
    blik, wijzigingen = await bereid_voor(ctx, [opdracht])
    nieuw, versies = await ctx.leg_vast(blik, wijzigingen)
    versie = next(v for v in versies if (v.type, v.id) == (opdracht.type, opdracht.id))
    if opdracht.handeling == "delete":
        return verwijderd(ctx, versie)
    status = 201 if opdracht.handeling == "create" else 200
    return geschreven(ctx, status, versie, nieuw.zicht.toon(versie), nieuw.zicht)
