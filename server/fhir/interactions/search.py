"""search-type: zoeken in wat de vrager ziet, binnen één paspoort; Task en Patient ook over paspoorten heen.

Het zicht gaat vóór het zoeken, dus voorwaarden, totalen en volgorde verraden niets (ontwerp deel 2).
Bron: FHIR R4 http.html#search; over paspoorten heen: ontwerp deel 2, *explicit index*.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from paspoort.fhir.stelsels import BSN
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.bundle import searchset
from server.fhir.context import HOUDERS, Blik, Context, treffer
from server.fhir.outcome import FHIR_JSON
from server.fhir.request import FhirResponse
from server.fhir.search.geheugen import Voorwaarden
from server.fhir.search.grammatica import Zoekvraag, ontleed
from server.fhir.search.zoeken import Opzoeken, Treffer, lokaal, neem_mee, snijd, sorteer
from server.registry import TYPES
from server.store.register import REGISTER
from server.store.worklist import partities_met_bsn, partities_met_taak, partities_met_toestemming, zoek_taken

# Een werkvoorraad is de lijst van één organisatie; meer dan dit op één vraag is geen werkvoorraad meer.
TAKEN_HOOGSTENS = 2000


async def search(ctx: Context) -> FhirResponse:
    """`GET [type]?…` en `POST [type]/_search`. 400 bij een onbekende parameter of een te ruime vraag."""
    soort = TYPES[ctx.vraag.type or ""]
    vraag = ontleed(soort, ctx.vraag.query, ctx.vraag.method == "POST")
    blikken = await _blikken(ctx, vraag)
    register = ctx.registerblik()
    gevonden: list[Treffer] = []
    van: dict[tuple[str, str], Blik] = {}
    for blik, ids in blikken:
        voorwaarden = Voorwaarden(blik.momentopname, vraag.type, vraag.filters, opzoeken(ctx, blik, register))
        for t in kandidaten(ctx, blik, vraag.type, ids):
            if voorwaarden.gelden(t):
                gevonden.append(t)
                van[t.type, t.id] = blik
    gevonden = _sorteer(ctx, gevonden, vraag, van, register)
    if vraag.alleen_tellen:
        return antwoord(ctx, vraag, [], [], len(gevonden), None)
    bladzijde, volgende = snijd(gevonden, vraag)
    mee = _meegenomen(ctx, vraag, bladzijde, van, register)
    return antwoord(ctx, vraag, bladzijde, mee, len(gevonden), volgende)


async def _blikken(ctx: Context, vraag: Zoekvraag) -> list[tuple[Blik, frozenset[str] | None]]:
    """De partities waarin gezocht wordt, elk met de ids die meedoen (None = alle)."""
    if TYPES[vraag.type].binding.soort == "register":
        return await _open(ctx, [(REGISTER, None)])
    if ctx.actor.patient is not None and ctx.actor.rol in HOUDERS:
        return await _open(ctx, [(ctx.actor.patient, None)])
    patienten = _patienten(vraag)
    if patienten is not None:
        return await _open(ctx, [(p, None) for p in patienten])
    if vraag.type == "Patient" and (bsns := _bsn(vraag)):
        gevonden = [await partities_met_bsn(ctx.opslag, bsn) for bsn in bsns]
        return await _open(ctx, [(p, None) for ps in gevonden for p in ps])
    if vraag.type == "Task" and ctx.actor.organisatie is not None:
        return await _werkvoorraad(ctx, vraag, ctx.actor.organisatie)
    if vraag.type == "Patient" and (ctx.actor.organisatie or ctx.actor.rol == "proef"):
        return await _open(ctx, [(p, None) for p in await _klanten(ctx)])
    if (ids := vraag.waarde("_id")) and len(ids) <= 20:
        plaatsen = [(await ctx.opslag.partitie_van(vraag.type, i), i) for i in dict.fromkeys(ids)]
        return await _open(ctx, [(p, frozenset({i})) for p, i in plaatsen if p])
    raise PaspoortFout(Melding("te-kostbaar", "patient"))


async def _open(
    ctx: Context, plaatsen: Iterable[tuple[str, frozenset[str] | None]]
) -> list[tuple[Blik, frozenset[str] | None]]:
    per_partitie: dict[str, frozenset[str] | None] = {}
    for partitie, ids in plaatsen:
        al = per_partitie.get(partitie, frozenset())
        per_partitie[partitie] = None if ids is None or al is None else al | ids
    uit = []
    for partitie, ids in per_partitie.items():
        blik = await ctx.blik(partitie)
        if blik is not None:
            uit.append((blik, ids))
    return uit


async def _werkvoorraad(ctx: Context, vraag: Zoekvraag, organisatie: str) -> list[tuple[Blik, frozenset[str] | None]]:
    """Alle taken van de eigen organisatie; wat deze vrager daarvan mag zien, beslist het zicht per paspoort."""
    eigenaar = vraag.waarde("owner")
    rijen = await zoek_taken(
        ctx.opslag,
        organisatie,
        eigenaar=eigenaar[0] if len(eigenaar) == 1 and "/" in eigenaar[0] else None,
        aantal=TAKEN_HOOGSTENS,
    )
    return await _open(ctx, [(r.partitie, frozenset({r.task})) for r in rijen])


async def _klanten(ctx: Context) -> list[str]:
    """De paspoorten waar een toestemming, een taak of (proeftuin) de eigen app heen wijst."""
    a = ctx.actor
    if a.rol == "proef" and a.client_id:
        return list(await ctx.opslag.testpartities(a.client_id))
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


def kandidaten(ctx: Context, blik: Blik, type: str, ids: frozenset[str] | None) -> Iterable[Treffer]:
    if type == "Questionnaire":
        yield from ctx.deur.definities.van_type(type)
    for versie in blik.momentopname.van_type(type):
        if ids is not None and versie.id not in ids:
            continue
        if type == "Questionnaire" and ctx.deur.definities.get(type, versie.id):
            continue
        t = treffer(versie, blik.zicht.toon(versie))
        if t is not None:
            yield t


def opzoeken(ctx: Context, blik: Blik, register: Blik) -> Opzoeken:
    """Waar verwijzingen heen wijzen: in dit paspoort of het register, en alleen wat zichtbaar en toegestaan is."""

    def zoek_op(type: str, id: str) -> Treffer | None:
        if not ctx.mag_lezen(type):
            return None
        thuis = register if TYPES[type].binding.soort == "register" else blik
        return ctx.zichtbaar(thuis, type, id)

    return zoek_op


def _sorteer(
    ctx: Context, gevonden: list[Treffer], vraag: Zoekvraag, van: dict[tuple[str, str], Blik], register: Blik
) -> list[Treffer]:
    if not vraag.sorteer:
        return gevonden
    blikken = {b.momentopname.partitie: b for b in van.values()}
    zoekers = [opzoeken(ctx, b, register) for b in blikken.values()]

    def overal(type: str, id: str) -> Treffer | None:
        return next((t for zoek_op in zoekers if (t := zoek_op(type, id)) is not None), None)

    return sorteer(gevonden, vraag.sorteer, overal)


def _meegenomen(
    ctx: Context,
    vraag: Zoekvraag,
    bladzijde: Sequence[Treffer],
    van: dict[tuple[str, str], Blik],
    register: Blik,
) -> list[Treffer]:
    """Wat met deze bladzijde meekomt, per paspoort; alles wat naar buiten gaat komt in het log."""
    groepen: dict[str, tuple[Blik, list[Treffer]]] = {}
    for t in bladzijde:
        blik = van[t.type, t.id]
        groepen.setdefault(blik.momentopname.partitie, (blik, []))[1].append(t)
    mee: dict[tuple[str, str], Treffer] = {}
    for blik, treffers in groepen.values():
        ctx.geef(blik, treffers)
        if not (vraag.includes or vraag.revincludes):
            continue

        def van_type(type: str, blik: Blik = blik) -> Iterable[Treffer]:
            return kandidaten(ctx, blik, type, None) if ctx.mag_lezen(type) else ()

        for t in neem_mee(treffers, vraag, opzoeken(ctx, blik, register), van_type):
            mee[t.type, t.id] = t
            ctx.geef(blik, [t])
    return list(mee.values())


def antwoord(
    ctx: Context,
    vraag: Zoekvraag,
    bladzijde: Sequence[Treffer],
    mee: Sequence[Treffer],
    totaal: int,
    volgende: str | None,
) -> FhirResponse:
    """De bladzijde als searchset, met `self` en zo nodig `next`."""
    # De links herhalen wat gevraagd is, behalve waar een BSN in kan staan: dat komt nooit in een adres.
    herhaal = [(n, w) for n, w in vraag.herhaal if not (vraag.type == "Patient" and n.startswith("identifier"))]
    adres = f"{ctx.deur.basis}/{vraag.type}"
    links = [("self", f"{adres}?{urlencode(herhaal)}" if herhaal else adres)]
    if volgende is not None:
        links.append(("next", f"{adres}?{urlencode([*herhaal, ('_bladzijde', volgende)])}"))
    geteld = None if vraag.totaal == "none" else totaal
    return FhirResponse(200, searchset(ctx.deur.basis, bladzijde, mee, geteld, links), {"content-type": FHIR_JSON})
