"""De resource die bij een zoekvraag hoort: voor `If-None-Exist`, `PUT [type]?…`, `DELETE [type]?…` en verwijzingen.

Zoekt binnen één paspoort, in dezelfde momentopname als waarop geschreven wordt: schrijft er iemand tussendoor, dan
begint de deur opnieuw en wordt ook opnieuw gezocht. Vindt alleen wat de vrager ziet; wat verborgen is, is er niet.
Bron: FHIR R4 http.html#ccreate, #cond-update, #3.1.0.7.1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from paspoort.fhir.stelsels import BSN
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.adres import paren
from server.fhir.context import HOUDERS, Blik, Context
from server.fhir.kring import kring
from server.fhir.proeftuin import losse_hulpmiddelen
from server.fhir.request import Json
from server.fhir.search.binnen import zoek_binnen
from server.fhir.search.grammatica import UITVOER, ontleed
from server.fhir.search.zoeken import lokaal
from server.registry import TYPES
from server.store.register import REGISTER
from server.store.versions import Versie
from server.store.worklist import partities_met_bsn

Query = Sequence[tuple[str, str]]
PAREN_HOOGSTENS: Final = 20
_VOORAF: Final = re.compile(r"^(?:[A-Z][A-Za-z]{1,40})?\?")


@dataclass(frozen=True, slots=True)
class Vondst:
    """De ene resource die past."""

    blik: Blik
    versie: Versie


async def vind(
    ctx: Context, type: str, query: Query, plek: str, partitie: str | None = None, in_adres: bool = False
) -> Vondst | None:
    """Wat er past, of None. `partitie` (zie `thuis`) of anders de query zegt in welk paspoort.

    PaspoortFout 412 `voorwaarde-meer` bij meer dan één, 400 `voorwaarde-leeg` zonder voorwaarde, en die van zoeken.
    """
    if "search-type" not in TYPES[type].interactions:
        raise PaspoortFout(Melding("voorwaarde-kan-niet", plek, {"type": type}))
    if all(naam.partition(":")[0] in UITVOER for naam, _ in query) or len(query) > PAREN_HOOGSTENS:
        raise PaspoortFout(Melding("voorwaarde-leeg", plek))
    ctx.eis_scope(TYPES[type].scope_type, "search-type")
    # Eerst de vraag zelf: anders zou een fout erin verraden dat er een paspoort is om in te zoeken.
    ontleed(TYPES[type], query, not in_adres, ctx.deur.basis)
    gevonden: list[Vondst] = []
    for plaats in await _partities(ctx, type, query, partitie, plek):
        blik = await ctx.blik(plaats)
        if blik is None:
            continue
        for treffer in zoek_binnen(ctx, blik, type, query, in_adres):
            versie = blik.momentopname.get(type, treffer.id)
            if versie is not None:
                gevonden.append(Vondst(blik, versie))
    if len(gevonden) > 1:
        raise PaspoortFout(Melding("voorwaarde-meer", plek))
    return gevonden[0] if gevonden else None


def uit_kop(tekst: str, plek: str) -> tuple[tuple[str, str], ...]:
    """De zoekvraag uit `If-None-Exist` of `ifNoneExist`; wat voor een `?` staat, telt niet. PaspoortFout 400."""
    try:
        return paren(_VOORAF.sub("", tekst.strip()).encode("latin-1"))
    except (PaspoortFout, UnicodeEncodeError):
        raise PaspoortFout(Melding("kop-fout", plek, {"kop": plek.rpartition(".")[2]})) from None


async def thuis(ctx: Context, type: str, inhoud: Json) -> str | None:
    """Het paspoort dat deze inhoud noemt; bij een Device zonder Patient waar dat van deze vrager ligt."""
    genoemd = _patient(inhoud.get(TYPES[type].binding.element or ""))
    return await _los(ctx) if genoemd is None and type == "Device" else genoemd


async def _partities(ctx: Context, type: str, query: Query, partitie: str | None, plek: str) -> Sequence[str]:
    """Waar gezocht wordt: het register, het eigen paspoort, of het paspoort van de inhoud of de query."""
    binding = TYPES[type].binding
    if binding.soort == "register":
        return [REGISTER]
    if ctx.actor.patient is not None and ctx.actor.rol in HOUDERS:
        return [ctx.actor.patient]
    if type == "Patient":
        return await _paspoorten(ctx, query, plek)
    genoemd = partitie or next((p for n, w in query if n in ("patient", "subject") and (p := _id(w))), None)
    if genoemd is None:
        raise PaspoortFout(Melding("te-kostbaar", plek))
    return [genoemd]


async def _paspoorten(ctx: Context, query: Query, plek: str) -> Sequence[str]:
    """Een Patient is zelf het paspoort: op BSN via de index, anders in de eigen kring."""
    uit: list[str] = []
    for naam, waarde in query:
        stelsel, _, code = waarde.rpartition("|")
        if naam == "identifier" and stelsel in (BSN, "") and code:
            uit += await partities_met_bsn(ctx.opslag, code)
    if any(n == "identifier" and w.startswith(f"{BSN}|") for n, w in query):
        return list(dict.fromkeys(uit))
    return list(dict.fromkeys([*uit, *await kring(ctx, plek)]))


async def _los(ctx: Context) -> str | None:
    """Waar een Device zonder Patient van deze vrager ligt."""
    if ctx.actor.organisatie is not None:
        return f"org-{ctx.actor.organisatie}"
    proef = await losse_hulpmiddelen(ctx)
    return proef[0] if proef is not None else None


def _patient(element: object) -> str | None:
    verwijzing = element.get("reference") if isinstance(element, dict) else None
    plaats = lokaal(verwijzing) if isinstance(verwijzing, str) else None
    return plaats[1] if plaats is not None and plaats[0] == "Patient" else None


def _id(waarde: str) -> str | None:
    plaats = lokaal(waarde) if "/" in waarde else ("Patient", waarde)
    return plaats[1] if plaats is not None and plaats[0] == "Patient" else None
