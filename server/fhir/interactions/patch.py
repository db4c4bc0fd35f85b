"""patch: één resource met JSON Patch wijzigen, langs dezelfde schrijfweg als een PUT van de uitkomst.

Bron: FHIR R4 http.html#patch; toegang.md §6 (If-Match, of een `test` op /meta/versionId, is nodig). FHIRPath Patch
en XML Patch kennen wij niet.
"""

from __future__ import annotations

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.antwoorden import eis_parameters
from server.fhir.context import Context
from server.fhir.interactions.write import schrijf_een
from server.fhir.jsonpatch import controleer
from server.fhir.request import FhirResponse
from server.fhir.schrijven import Opdracht


async def patch(ctx: Context) -> FhirResponse:
    """`PATCH [type]/[id]` → 200. Een `test` die niet klopt of een pad dat er niet is: 422, en er verandert niets."""
    type_, id_ = ctx.vraag.type or "", ctx.vraag.id or ""
    eis_parameters(ctx)
    if ctx.vraag.patch is None:
        raise PaspoortFout(Melding("geen-inhoud"))
    controleer(ctx.vraag.patch, "patch")
    return await schrijf_een(ctx, Opdracht("update", type_, id_, None, type_, ctx.vraag.if_match, ctx.vraag.patch))
