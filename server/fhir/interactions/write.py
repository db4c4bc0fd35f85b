"""create, update en delete: één resource schrijven langs de gezamenlijke schrijfweg.

Bron: FHIR R4 http.html#create, #update, #delete. Een eigen id kiezen (update als create) kan niet.
"""

from __future__ import annotations

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.antwoorden import geschreven
from server.fhir.context import Context
from server.fhir.request import FhirResponse, Json
from server.fhir.schrijven import Handeling, Opdracht, bereid_voor, nieuw_id


async def create(ctx: Context) -> FhirResponse:
    """`POST [type]` → 201 met Location. `If-None-Exist` kennen wij niet: 501."""
    if "if-none-exist" in ctx.vraag.headers:
        raise PaspoortFout(Melding("niet-ondersteund", "If-None-Exist", {"wat": "If-None-Exist"}))
    type_ = ctx.vraag.type or ""
    return await _schrijf(ctx, "create", type_, nieuw_id(), inhoud_van(ctx.vraag.body, type_, type_))


async def update(ctx: Context) -> FhirResponse:
    """`PUT [type]/[id]` → 200. Codes van toegang.md §6: 405, 410, 403, 428, 412."""
    type_, id_ = ctx.vraag.type or "", ctx.vraag.id or ""
    inhoud = inhoud_van(ctx.vraag.body, type_, type_)
    if inhoud.get("id") != id_:
        raise PaspoortFout(Melding("id-anders", f"{type_}.id"))
    return await _schrijf(ctx, "update", type_, id_, inhoud)


async def delete(ctx: Context) -> FhirResponse:
    """`DELETE [type]/[id]` → 204: een grafsteen, geen wissen. Wat al weg is: 410."""
    return await _schrijf(ctx, "delete", ctx.vraag.type or "", ctx.vraag.id or "", None)


def inhoud_van(inhoud: Json | None, type: str, plek: str) -> Json:
    """De inhoud, als het een resource van dit type is. PaspoortFout `geen-inhoud` of `type-anders`."""
    if inhoud is None:
        raise PaspoortFout(Melding("geen-inhoud"))
    if inhoud.get("resourceType") != type:
        raise PaspoortFout(Melding("type-anders", f"{plek}.resourceType", {"type": type}))
    return inhoud


async def _schrijf(ctx: Context, handeling: Handeling, type: str, id: str, inhoud: Json | None) -> FhirResponse:
    opdracht = Opdracht(handeling, type, id, inhoud, type, ctx.vraag.if_match)
    blik, wijzigingen = await bereid_voor(ctx, [opdracht])
    nieuw, versies = await ctx.leg_vast(blik, wijzigingen)
    if handeling == "delete":
        return FhirResponse(204)
    versie = next(v for v in versies if (v.type, v.id) == (type, id))
    status = 201 if handeling == "create" else 200
    return geschreven(ctx, status, versie, nieuw.zicht.toon(versie), nieuw.zicht)
