"""search-type: zoeken in wat de vrager ziet, binnen één paspoort of één compartiment; of in een paar paspoorten.

Het zicht gaat vóór het zoeken, dus voorwaarden, totalen en volgorde verraden niets (ontwerp deel 2). Over alle
paspoorten heen: `over_paspoorten.py`. Bron: FHIR R4 http.html#search, search.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from paspoort.fhir.stelsels import BSN
from paspoort.fouten import Melding, PaspoortFout
from server.access.scopes import laat_toe
from server.fhir.context import HOUDERS, Blik, Context
from server.fhir.request import FhirResponse
from server.fhir.search.antwoorden import BEGIN, antwoord, links
from server.fhir.search.bladzijden import Anker, Merk, Rij, snijd, uit_json
from server.fhir.search.cursor import ontzegel, verzegel
from server.fhir.search.grammatica import Zoekvraag, ontleed, op_patient, verder_met
from server.fhir.search.treffer import Omgeving, Treffer, lokaal
from server.fhir.search.verzamelen import Deel, Doel, maak_omgeving, verzamel
from server.fhir.search.zoeken import neem_mee
from server.registry import PATIENT_COMPARTIMENT, TYPES, Binding, Resourcetype
from server.store.register import REGISTER
from server.store.worklist import partities_met_bsn, partities_met_taak, partities_met_toestemming, zoek_taken

# Een werkvoorraad is de lijst van één organisatie; meer dan dit op één vraag is geen werkvoorraad meer.
TAKEN_HOOGSTENS: Final = 2000
IDS_HOOGSTENS: Final = 20
# `Patient/[id]/*`: alleen wat elke resource heeft, is dan een zoekparameter.
ELK_TYPE: Final = Resourcetype("*", "", "*", Binding("zelf"), frozenset({"search-type"}), ())


async def search(ctx: Context) -> FhirResponse:
    """`GET [type]?…`, `POST [type]/_search` en `Patient/[id]/[type]?…`. 400 bij een vraag die niet kan."""
    if ctx.vraag.type == ELK_TYPE.name:
        ctx.vraag = replace(ctx.vraag, type=None)
    vraag, merk, anker = lees_vraag(ctx, TYPES[ctx.vraag.type] if ctx.vraag.type else ELK_TYPE)
    delen = await _delen(ctx, vraag)
    rijen = await verzamel(ctx, _doelen(ctx, vraag), delen, vraag.sorteer, merk, anker)
    totaal = sum(rij.nu is not None for rij in rijen)
    nu = merk or Merk.van([d.blik.momentopname for d in delen])
    bladzijde = snijd(rijen, 0 if vraag.alleen_tellen else vraag.aantal, anker)
    omgevingen = {d.blik.momentopname.partitie: (d.blik, d.omgeving) for d in delen}
    mee = meegenomen(ctx, vraag, bladzijde.rijen, omgevingen)
    soort = plek(ctx)
    adressen = links(vraag, f"{ctx.deur.basis}/{soort}", bladzijde, nu, lambda inhoud: verzegel(ctx, soort, inhoud))
    return antwoord(ctx, vraag, [rij.nu for rij in bladzijde.rijen if rij.nu], mee, totaal, adressen)


def plek(ctx: Context) -> str:
    """Het adres onder de basis waar deze vraag over gaat: `Task`, `Patient/x/Observation`, `Patient/x/*`."""
    type_ = ctx.vraag.type or "*"
    return type_ if ctx.vraag.compartment is None else f"Patient/{ctx.vraag.compartment}/{type_}"


def lees_vraag(ctx: Context, soort: Resourcetype) -> tuple[Zoekvraag, Merk | None, Anker | None]:
    """De zoekvraag uit de query, of uit het teken van een bladzijde; dan met het begin en waar verder."""
    mild = "handling=lenient" in (ctx.vraag.prefer or "").replace(" ", "").lower()
    vraag = ontleed(soort, ctx.vraag.query, ctx.vraag.method == "POST", ctx.deur.basis, mild)
    if vraag.bladzijde is None:
        return vraag, None, None
    query, merk, anker = uit_json(ontzegel(ctx, plek(ctx), vraag.bladzijde))
    # Wat verzegeld is kan met POST gekomen zijn, en gaat dus weer verzegeld verder.
    verder = ontleed(soort, verder_met(query, vraag), True, ctx.deur.basis)
    verder = replace(verder, vorm=vraag.vorm)
    return (verder, None, None) if anker.plaats == BEGIN.plaats else (verder, merk, anker)


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


async def _delen(ctx: Context, vraag: Zoekvraag) -> list[Deel]:
    """De partities waarin gezocht wordt."""
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
    if vraag.type == "Task" and a.organisatie is not None:
        return await _werkvoorraad(ctx, vraag, a.organisatie)
    if vraag.type == "Patient" and a.organisatie:
        return await open_partities(ctx, [(p, None) for p in await _klanten(ctx)])
    if (ids := vraag.waarde("_id")) and len(ids) <= IDS_HOOGSTENS:
        plaatsen = [(await ctx.opslag.partitie_van(vraag.type, i), i) for i in dict.fromkeys(ids)]
        return await open_partities(ctx, [(p, frozenset({i})) for p, i in plaatsen if p])
    raise PaspoortFout(Melding("te-kostbaar", "patient"))


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


async def _werkvoorraad(ctx: Context, vraag: Zoekvraag, organisatie: str) -> list[Deel]:
    """Alle taken van de eigen organisatie; wat deze vrager daarvan mag zien, beslist het zicht per paspoort."""
    eigenaar = vraag.waarde("owner")
    rijen = await zoek_taken(
        ctx.opslag,
        organisatie,
        eigenaar=eigenaar[0] if len(eigenaar) == 1 and "/" in eigenaar[0] else None,
        aantal=TAKEN_HOOGSTENS,
    )
    return await open_partities(ctx, [(r.partitie, frozenset({r.task})) for r in rijen])


async def _klanten(ctx: Context) -> list[str]:
    """De paspoorten waar een toestemming of een taak heen wijst."""
    a = ctx.actor
    if a.organisatie is None:
        return []
    dag = ctx.nu.date().isoformat()
    uit = await partities_met_toestemming(ctx.opslag, a.organisatie, a.functie, dag)
    return list(dict.fromkeys([*uit, *await partities_met_taak(ctx.opslag, a.organisatie)]))


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
    ctx: Context, vraag: Zoekvraag, rijen: Sequence[Rij], omgevingen: dict[str, tuple[Blik, Omgeving]]
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
