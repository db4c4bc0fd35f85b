"""search-type: zoeken in wat de vrager ziet, binnen één paspoort of één compartiment; of in een paar paspoorten.

Het zicht gaat vóór het zoeken, dus voorwaarden, totalen en volgorde verraden niets (ontwerp deel 2). Over alle
paspoorten heen: `over_paspoorten.py`. Bron: FHIR R4 http.html#search, search.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from paspoort.fhir.stelsels import BSN
from paspoort.fouten import Melding, PaspoortFout
from server.access.scopes import laat_toe
from server.fhir.context import HOUDERS, Blik, Context
from server.fhir.interactions.over_paspoorten import lees_plek, stroom, werkvoorraad
from server.fhir.request import FhirResponse, Json
from server.fhir.search.antwoorden import antwoord, links
from server.fhir.search.bladzijden import Merk, Rij, naar_json, query_uit, snijd, uit_json
from server.fhir.search.cursor import ontzegel, verzegel
from server.fhir.search.grammatica import Zoekvraag, ontleed, op_patient, verder_met
from server.fhir.search.treffer import Omgeving, Treffer, lokaal
from server.fhir.search.verzamelen import Deel, Doel, maak_omgeving, verzamel
from server.fhir.search.zoeken import neem_mee
from server.registry import PATIENT_COMPARTIMENT, TYPES, Binding, Resourcetype
from server.store.register import REGISTER
from server.store.worklist import partities_met_bsn

IDS_HOOGSTENS: Final = 20
# `Patient/[id]/*`: alleen wat elke resource heeft, is dan een zoekparameter.
ELK_TYPE: Final = Resourcetype("*", "", "*", Binding("zelf"), frozenset({"search-type"}), ())


async def search(ctx: Context) -> FhirResponse:
    """`GET [type]?…`, `POST [type]/_search` en `Patient/[id]/[type]?…`. 400 bij een vraag die niet kan."""
    if ctx.vraag.type == ELK_TYPE.name:
        ctx.vraag = replace(ctx.vraag, type=None)
    vraag, teken = lees_vraag(ctx, TYPES[ctx.vraag.type] if ctx.vraag.type else ELK_TYPE)
    delen = await _delen(ctx, vraag)
    if delen is None:
        return await _over_paspoorten(ctx, vraag, teken)
    merk, anker = uit_json(teken)
    rijen = await verzamel(ctx, _doelen(ctx, vraag), delen, vraag.sorteer, merk, anker)
    totaal = sum(rij.nu is not None for rij in rijen)
    bladzijde = snijd(rijen, 0 if vraag.alleen_tellen else vraag.aantal, anker)
    omgevingen = {d.blik.momentopname.partitie: (d.blik, d.omgeving) for d in delen}
    if bladzijde.vorige or bladzijde.volgende:
        merk = merk or Merk.van([d.blik.momentopname for d in delen])
        plekken = naar_json(merk, bladzijde.vorige), naar_json(merk, bladzijde.volgende)
    else:
        plekken = None, None
    return _antwoord(ctx, vraag, bladzijde.rijen, omgevingen, totaal, plekken)


async def _over_paspoorten(ctx: Context, vraag: Zoekvraag, teken: Json | None) -> FhirResponse:
    organisatie = ctx.actor.organisatie
    if organisatie is None:
        raise PaspoortFout(Melding("te-kostbaar", "patient"))
    zoek = werkvoorraad if vraag.type == "Task" else stroom
    pagina = await zoek(ctx, vraag, organisatie, lees_plek(ctx, teken))
    return _antwoord(ctx, vraag, pagina.rijen, pagina.omgevingen, pagina.totaal, (pagina.vorige, pagina.volgende))


def _antwoord(
    ctx: Context,
    vraag: Zoekvraag,
    rijen: Sequence[Rij],
    omgevingen: Mapping[str, tuple[Blik, Omgeving]],
    totaal: int | None,
    plekken: tuple[Json | None, Json | None],
) -> FhirResponse:
    mee = meegenomen(ctx, vraag, rijen, omgevingen)
    soort = plek(ctx)
    adressen = links(vraag, f"{ctx.deur.basis}/{soort}", *plekken, lambda inhoud: verzegel(ctx, soort, inhoud))
    return antwoord(ctx, vraag, [rij.nu for rij in rijen if rij.nu], mee, totaal, adressen)


def plek(ctx: Context) -> str:
    """Het adres onder de basis waar deze vraag over gaat: `Task`, `Patient/x/Observation`, `Patient/x/*`."""
    type_ = ctx.vraag.type or "*"
    return type_ if ctx.vraag.compartment is None else f"Patient/{ctx.vraag.compartment}/{type_}"


def lees_vraag(ctx: Context, soort: Resourcetype) -> tuple[Zoekvraag, Json | None]:
    """De zoekvraag uit de query, of uit het teken van een bladzijde; dan met wat er verder in dat teken staat."""
    mild = "handling=lenient" in (ctx.vraag.prefer or "").replace(" ", "").lower()
    if ctx.vraag.method == "POST" and ctx.vraag.in_adres:  # ook bij POST mag in het adres zelf geen BSN staan
        ontleed(soort, ctx.vraag.query[: ctx.vraag.in_adres], False, ctx.deur.basis, mild)
    vraag = ontleed(soort, ctx.vraag.query, ctx.vraag.method == "POST", ctx.deur.basis, mild)
    if vraag.bladzijde is None:
        return vraag, None
    teken = ontzegel(ctx, plek(ctx), vraag.bladzijde)
    # Wat verzegeld is kan met POST gekomen zijn, en gaat dus weer verzegeld verder.
    verder = ontleed(soort, verder_met(query_uit(teken), vraag), True, ctx.deur.basis)
    return replace(verder, vorm=vraag.vorm), teken


def _doelen(ctx: Context, vraag: Zoekvraag) -> list[Doel]:
    """De types waarin gezocht wordt; in een compartiment met de voorwaarde dat zij van die Patient zijn."""
    patient = ctx.vraag.compartment
    if patient is None:
        return [Doel(vraag.type, vraag.filters)]
    if ctx.vraag.type is not None and ctx.vraag.type not in PATIENT_COMPARTIMENT:
        raise PaspoortFout(Melding("geen-compartiment", None, {"type": ctx.vraag.type}))
    types = [ctx.vraag.type] if ctx.vraag.type else _zoekbaar(ctx)
    return [Doel(t, (*vraag.filters, op_patient(t, PATIENT_COMPARTIMENT[t], patient, ctx.deur.basis))) for t in types]


def _zoekbaar(ctx: Context) -> list[str]:
    """De types van het compartiment die het token mag doorzoeken; het log heeft zijn eigen vraag."""
    soorten = (TYPES[t] for t in PATIENT_COMPARTIMENT if TYPES[t].binding.soort != "entiteit")
    return [
        s.name
        for s in soorten
        if "search-type" in s.interactions and laat_toe(ctx.actor.scopes, None, s.scope_type, "search-type")
    ]


async def _delen(ctx: Context, vraag: Zoekvraag) -> list[Deel] | None:
    """De partities waarin gezocht wordt, of None als de vraag er geen noemt: dan gaat zij over paspoorten heen."""
    a = ctx.actor
    if ctx.vraag.compartment is None and TYPES[vraag.type].binding.soort == "register":
        return await open_partities(ctx, [(REGISTER, None)])
    if a.patient is not None and a.rol in HOUDERS:
        return await open_partities(ctx, [(a.patient, None)])
    if ctx.vraag.compartment is not None:
        return await open_partities(ctx, [(ctx.vraag.compartment, None)])
    patienten = _patienten(vraag)
    if patienten is not None:
        return await open_partities(ctx, [(p, None) for p in patienten])
    if a.rol == "proef" and a.client_id:
        return await open_partities(ctx, [(p, None) for p in await ctx.opslag.testpartities(a.client_id)])
    if vraag.type == "Subscription" and a.organisatie is not None:
        return await open_partities(ctx, [(f"org-{a.organisatie}", None)])
    if vraag.type == "Patient" and (bsns := _bsn(vraag)):
        gevonden = [await partities_met_bsn(ctx.opslag, bsn) for bsn in bsns]
        return await open_partities(ctx, [(p, None) for ps in gevonden for p in ps])
    if (ids := vraag.waarde("_id")) and len(ids) <= IDS_HOOGSTENS:
        plaatsen = [(await ctx.opslag.partitie_van(vraag.type, i), i) for i in dict.fromkeys(ids)]
        return await open_partities(ctx, [(p, frozenset({i})) for p, i in plaatsen if p])
    return None


async def open_partities(ctx: Context, plaatsen: Iterable[tuple[str, frozenset[str] | None]]) -> list[Deel]:
    """De partities die bestaan, elk één keer, met de ids die meedoen (None = alle)."""
    per_partitie: dict[str, frozenset[str] | None] = {}
    for partitie, ids in plaatsen:
        al = per_partitie.get(partitie, frozenset())
        per_partitie[partitie] = None if ids is None or al is None else al | ids
    uit = []
    for partitie, ids in per_partitie.items():
        blik = await ctx.blik(partitie)
        if blik is not None:
            uit.append(Deel(blik, maak_omgeving(ctx, blik), ids))
    return uit


def _patienten(vraag: Zoekvraag) -> list[str] | None:
    """De paspoorten die de vraag noemt, of None. Een verwijzing naar iets anders dan een Patient vindt niets."""
    waarden = vraag.waarde("_id") if vraag.type == "Patient" else vraag.waarde("patient", "subject")
    if not waarden:
        return None
    uit = []
    for waarde in waarden:
        plaats = lokaal(waarde) if "/" in waarde else ("Patient", waarde)
        if plaats is not None and plaats[0] == "Patient":
            uit.append(plaats[1])
    return uit


def _bsn(vraag: Zoekvraag) -> list[str]:
    paren = [w.rpartition("|") for w in vraag.waarde("identifier")]
    return [code for stelsel, _, code in paren if stelsel in (BSN, "") and code] if paren else []


def meegenomen(
    ctx: Context, vraag: Zoekvraag, rijen: Sequence[Rij], omgevingen: Mapping[str, tuple[Blik, Omgeving]]
) -> list[Treffer]:
    """Wat met deze bladzijde meekomt, per paspoort; alles wat naar buiten gaat komt in het log."""
    per_partitie: dict[str, list[Treffer]] = {}
    for rij in rijen:
        if rij.nu is not None:
            per_partitie.setdefault(rij.partitie, []).append(rij.nu)
    mee: dict[tuple[str, str], Treffer] = {}
    for partitie, treffers in per_partitie.items():
        blik, omgeving = omgevingen[partitie]
        ctx.geef(blik, treffers)
        if vraag.includes or vraag.revincludes:
            erbij = neem_mee(treffers, vraag, omgeving)
            ctx.geef(blik, erbij)
            mee.update((t.plaats, t) for t in erbij)
    return list(mee.values())
