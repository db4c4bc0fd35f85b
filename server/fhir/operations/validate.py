"""`[type]/$validate`: nakijken zonder te bewaren; altijd 200 met een OperationOutcome.

Kijkt naar de inhoud alleen, niet naar wat er al is of mag. Bron: FHIR R4 resource-operation-validate.html.
"""

from __future__ import annotations

from typing import Any, Final

from paspoort.fhir.fhirjson import schrijf
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.context import Context
from server.fhir.inhoud import controleer_inhoud
from server.fhir.outcome import FHIR_JSON, als_outcome, geslaagd
from server.fhir.request import FhirResponse, Json

WIJZEN: Final = ("create", "update", "delete", "profile")


async def validate(ctx: Context) -> FhirResponse:
    """Een resource, of een Parameters met `resource`, `mode` en `profile`. 400 als er niets na te kijken is."""
    type_ = ctx.vraag.type or ""
    inhoud, wijze, profiel = _gevraagd(ctx)
    meldingen: list[Melding] = []
    if inhoud is not None:
        if inhoud.get("resourceType") != type_:
            meldingen.append(Melding("type-anders", f"{type_}.resourceType", {"type": type_}))
        else:
            meldingen += controleer_inhoud(ctx.deur.validator, type_, _met_profiel(inhoud, profiel), type_)
        if wijze == "update" and inhoud.get("id") != ctx.vraag.id:
            meldingen.append(Melding("id-anders", f"{type_}.id"))
    uitslag = als_outcome(meldingen, ctx.actor.taal) if meldingen else geslaagd(ctx.actor.taal)
    return FhirResponse(200, schrijf(uitslag), {"content-type": FHIR_JSON})


def _gevraagd(ctx: Context) -> tuple[Json | None, str | None, str | None]:
    query = dict(ctx.vraag.query)
    onbekend = [n for n in query if n not in ("mode", "profile", "_format", "_pretty")]
    if onbekend:
        raise PaspoortFout(*(Melding("zoek-onbekend", n[:60], {"naam": n[:60]}) for n in onbekend))
    inhoud, wijze, profiel = ctx.vraag.body, query.get("mode"), query.get("profile")
    if inhoud is not None and inhoud.get("resourceType") == "Parameters":
        gegeven = _parameters(inhoud)
        inhoud = gegeven.get("resource")
        wijze, profiel = gegeven.get("mode", wijze), gegeven.get("profile", profiel)
    if wijze is not None and wijze not in WIJZEN:
        raise PaspoortFout(Melding("zoek-waarde", "mode", {"naam": "mode"}))
    if inhoud is None and wijze != "delete":
        raise PaspoortFout(Melding("geen-inhoud"))
    return inhoud, wijze, profiel


def _parameters(inhoud: Json) -> dict[str, Any]:
    uit: dict[str, Any] = {}
    lijst = inhoud.get("parameter")
    for nummer, p in enumerate(lijst if isinstance(lijst, list) else []):
        naam = p.get("name") if isinstance(p, dict) else None
        waarde = next((v for k, v in p.items() if k == "resource" or k.startswith("value")), None) if naam else None
        if naam not in ("resource", "mode", "profile") or (naam == "resource") != isinstance(waarde, dict):
            plek = f"Parameters.parameter[{nummer}]"
            raise PaspoortFout(Melding("zoek-onbekend", plek, {"naam": plek}))
        uit[naam] = waarde
    return uit


def _met_profiel(inhoud: Json, profiel: str | None) -> Json:
    """De inhoud alsof zij dit profiel claimt; de inhoud zelf blijft zoals zij is."""
    if profiel is None:
        return inhoud
    meta = inhoud.get("meta") if isinstance(inhoud.get("meta"), dict) else {}
    assert isinstance(meta, dict)
    return {**inhoud, "meta": {**meta, "profile": [*meta.get("profile", []), profiel]}}
