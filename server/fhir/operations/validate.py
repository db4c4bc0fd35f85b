"""`[type]/$validate` en `[type]/[id]/$validate`: nakijken zonder te bewaren; altijd 200 met een OperationOutcome.

Zonder `mode` alleen de inhoud. Met `mode` ook wat deze server er nu op zou zeggen: bestaat het, mag het, kloppen de
verwijzingen en de regels. Dat loopt langs dezelfde schrijfweg (`schrijven.py`), zonder de laatste stap. Een advies gaat
ook langs de adviescheck (`adviesoordeel.py`), behalve als het al definitief vastligt.
Bron: FHIR R4 resource-operation-validate.html.
"""

from __future__ import annotations

from typing import Final

from paspoort.fhir.fhirjson import schrijf
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.adviesoordeel import adviesoordeel
from server.fhir.antwoorden import niet_gevonden
from server.fhir.context import Context
from server.fhir.inhoud import controleer_inhoud
from server.fhir.outcome import FHIR_JSON, als_outcome, geslaagd
from server.fhir.parameters import Gegeven, lees
from server.fhir.request import FhirResponse, Json
from server.fhir.schrijven import Handeling, Opdracht, bereid_voor, nieuw_id
from server.registry import TYPES

DEFINITIE: Final = "Resource-validate"
WIJZEN: Final[dict[str, Handeling | None]] = {
    "create": "create",
    "update": "update",
    "delete": "delete",
    "profile": None,
}
R4: Final = "http://hl7.org/fhir/StructureDefinition/"
PROFIEL_ONBEKEND: Final = "fhir-profiel-onbekend"


async def validate(ctx: Context) -> FhirResponse:
    """Een resource kaal of als parameter `resource`. 400 als er niets na te kijken is, 404 als het id er niet is.

    Met een id en zonder resource wordt nagekeken wat er staat; ook met GET, met `mode` en `profile` in het adres.
    """
    type_ = ctx.vraag.type or ""
    gegeven = lees(ctx.vraag, DEFINITIE, kaal="resource")
    wijze, inhoud = await _gevraagd(ctx, gegeven)
    meldingen = _inhoudelijk(ctx, type_, inhoud, gegeven) if inhoud is not None and wijze != "delete" else []
    if inhoud is not None and wijze != "delete" and (gegeven.een("resource") or inhoud.get("status") == "in-progress"):
        meldingen += await adviesoordeel(ctx, inhoud, meldingen) if type_ == "QuestionnaireResponse" else []
    if wijze is not None and not any(m.ernst == "error" for m in meldingen):
        meldingen += await _wat_de_server_zou_zeggen(ctx, wijze, inhoud)
    uniek = list({(m.code, m.plek, m.ernst): m for m in meldingen}.values())
    uitslag = als_outcome(uniek, ctx.actor.taal) if uniek else geslaagd(ctx.actor.taal)
    return FhirResponse(200, schrijf(uitslag), {"content-type": FHIR_JSON})


async def _gevraagd(ctx: Context, gegeven: Gegeven) -> tuple[Handeling | None, Json | None]:
    """Wat er te doen zou zijn, en met welke inhoud."""
    gekozen = gegeven.een("mode")
    if gekozen is not None and gekozen.waarde not in WIJZEN:
        raise PaspoortFout(Melding("parameter-vorm", gekozen.hier, {"verwacht": ", ".join(WIJZEN)}))
    wijze = WIJZEN[gekozen.waarde] if gekozen is not None else None
    if gekozen is not None and wijze in ("update", "delete") and ctx.vraag.id is None:
        raise PaspoortFout(
            Melding("parameter-vorm", gekozen.hier, {"verwacht": "een adres met het id van de resource"})
        )
    inhoud: Json | None = gegeven.waarde("resource")
    if inhoud is None and wijze != "delete":
        inhoud = await _wat_er_staat(ctx) if ctx.vraag.id is not None and wijze is None else None
        if inhoud is None:
            raise PaspoortFout(Melding("geen-inhoud"))
    return wijze, inhoud


async def _wat_er_staat(ctx: Context) -> Json:
    type_, id_ = ctx.vraag.type or "", ctx.vraag.id or ""
    if (definitie := ctx.deur.definities.get(type_, id_)) is not None:
        return definitie.inhoud
    blik = await ctx.plaats(type_, id_)
    versie = blik.momentopname.get(type_, id_) if blik else None
    getoond = ctx.toon(blik, versie) if blik and versie and not versie.verwijderd else None
    if getoond is None:
        raise niet_gevonden()
    if not getoond.volledig:  # een deel van een resource zegt niets over het geheel
        raise PaspoortFout(Melding("niet-van-u"))
    return getoond.inhoud


def _inhoudelijk(ctx: Context, type_: str, inhoud: Json, gegeven: Gegeven) -> list[Melding]:
    """Vorm, codes, profielen en antwoorden; een gevraagd profiel dat wij niet kennen is dan een fout."""
    if inhoud.get("resourceType") != type_:
        return [Melding("type-anders", f"{type_}.resourceType", {"type": type_})]
    gevraagd = gegeven.een("profile")
    profiel = str(gevraagd.waarde).strip() if gevraagd else None
    if gevraagd is None or profiel is None or profiel.partition("|")[0] == f"{R4}{type_}":  # dat geldt altijd al
        return controleer_inhoud(ctx.deur.validator, type_, inhoud, type_)
    if ctx.deur.definities.op_url(profiel) is None:
        onbekend = Melding(PROFIEL_ONBEKEND, gevraagd.hier)
        return [*controleer_inhoud(ctx.deur.validator, type_, inhoud, type_), onbekend]
    return controleer_inhoud(ctx.deur.validator, type_, _met_profiel(inhoud, profiel), type_)


async def _wat_de_server_zou_zeggen(ctx: Context, wijze: Handeling, inhoud: Json | None) -> list[Melding]:
    """De schrijfweg tot vlak voor het vastleggen; haar fout is het antwoord op de vraag."""
    type_, id_ = ctx.vraag.type or "", ctx.vraag.id or ""
    if wijze not in TYPES[type_].interactions:
        return [Melding("niet-ondersteund", None, {"wat": f"{type_} {wijze}"})]
    if wijze == "update" and inhoud is not None and inhoud.get("id") != id_:
        return [Melding("id-anders", f"{type_}.id")]
    opdracht = Opdracht(wijze, type_, id_ or nieuw_id(), None if wijze == "delete" else inhoud, type_)
    opdracht.if_match = ctx.vraag.if_match or await _huidige_versie(ctx, opdracht)
    try:
        ctx.eis_scope(TYPES[type_].scope_type, wijze)
        await bereid_voor(ctx, [opdracht])
    except PaspoortFout as fout:
        return list(fout.meldingen)
    return list(ctx.waarschuwingen)


async def _huidige_versie(ctx: Context, opdracht: Opdracht) -> str | None:
    """If-Match van nu, als de vrager er geen noemt: vooraf nakijken gaat niet over wie er eerder was."""
    meta = (opdracht.inhoud or {}).get("meta")
    if opdracht.handeling != "update" or (isinstance(meta, dict) and "versionId" in meta):
        return None
    blik = await ctx.plaats(opdracht.type, opdracht.id)
    versie = blik.momentopname.get(opdracht.type, opdracht.id) if blik else None
    return f'W/"{versie.versie}"' if versie is not None else None


def _met_profiel(inhoud: Json, profiel: str) -> Json:
    """De inhoud alsof zij dit profiel claimt; de inhoud zelf blijft zoals zij is."""
    gegeven = inhoud.get("meta")
    meta = gegeven if isinstance(gegeven, dict) else {}
    geclaimd = meta.get("profile")
    profielen = geclaimd if isinstance(geclaimd, list) else []
    return {**inhoud, "meta": {**meta, "profile": [*profielen, profiel]}}
