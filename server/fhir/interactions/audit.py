"""AuditEvent lezen en zoeken: regels van het log, gemaakt bij het vragen. Niemand schrijft ze.

De houder ziet alles van het eigen paspoort, een organisatie haar eigen handelingen (toegang.md §2 en §3, toezicht).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from paspoort.fhir.fhirjson import schrijf
from paspoort.fouten import Melding
from server.access.actor import Actor
from server.access.inzage import audit_event, regels_voor
from server.access.toewijzing import is_toegewezen
from server.fhir.antwoorden import niet_gevonden
from server.fhir.context import HOUDERS, Context
from server.fhir.definities import Definitie
from server.fhir.interactions.search import lees_vraag, plek
from server.fhir.outcome import FHIR_JSON
from server.fhir.request import FhirResponse
from server.fhir.search.antwoorden import antwoord, links
from server.fhir.search.bladzijden import Merk, Rij, naar_json, snijd, uit_json
from server.fhir.search.cursor import verzegel
from server.fhir.search.filters import Filter
from server.fhir.search.grammatica import Zoekvraag, op_patient
from server.fhir.search.zoeken import NERGENS, Treffer, sorteer, voldoet
from server.registry import PATIENT_COMPARTIMENT, TYPES
from server.store.audit import regel, regels_van_organisatie, regels_van_paspoort
from server.store.logrow import Logregel

# Voorvoegsels van `date` die een begin of een eind aan de periode stellen (search.html#prefix).
BEGINT: Final = frozenset({"eq", "ge", "gt", "sa"})
EINDIGT: Final = frozenset({"eq", "le", "lt", "eb"})
# Zoveel van de nieuwste regels doorzoekt één vraag; wie verder terug wil, vraagt met `date`.
REGELS_HOOGSTENS: Final = 2000


async def read(ctx: Context) -> FhirResponse:
    """`GET AuditEvent/[id]`. 404 als de regel niet van u is."""
    blik = await ctx.blik(ctx.actor.patient or "")
    gevonden = await regel(ctx.opslag, ctx.vraag.id or "")
    van_u = regels_voor(ctx.actor, _toegewezen(ctx, [gevonden] if gevonden else []), blik.zicht if blik else None)
    if not van_u:
        raise niet_gevonden()
    ctx.noteer(van_u[0].partitie, f"AuditEvent/{van_u[0].id}")
    return FhirResponse(200, schrijf(audit_event(van_u[0], ctx.actor)), {"content-type": FHIR_JSON})


async def search(ctx: Context) -> FhirResponse:
    """`GET AuditEvent?…` en `Patient/[id]/AuditEvent?…`, nieuwste eerst."""
    vraag, teken = lees_vraag(ctx, TYPES["AuditEvent"])
    _, anker = uit_json(teken)
    filters = vraag.filters
    if ctx.vraag.compartment is not None:
        namen = PATIENT_COMPARTIMENT["AuditEvent"]
        filters = (*filters, op_patient("AuditEvent", namen, ctx.vraag.compartment, ctx.deur.basis))
    treffers = [t for r in await _regels(ctx, vraag) if voldoet(t := _treffer(r, ctx.actor), filters, NERGENS)]
    treffers = sorteer(treffers, vraag.sorteer, lambda t: (t, NERGENS))
    rijen = [Rij(t, t, (0, "", t.id, t.type), "") for t in treffers]
    bladzijde = snijd(rijen, 0 if vraag.alleen_tellen else vraag.aantal, anker)
    soort = plek(ctx)
    # Een regel verandert nooit en nieuwe komen vooraan: het anker alleen houdt de plaats al vast.
    vorige, volgende = (naar_json(Merk({}), a) for a in (bladzijde.vorige, bladzijde.volgende))
    adressen = links(vraag, f"{ctx.deur.basis}/{soort}", vorige, volgende, lambda inhoud: verzegel(ctx, soort, inhoud))
    getoond = (f"AuditEvent/{r.toen.id}" for r in bladzijde.rijen)
    ctx.noteer(ctx.actor.patient if ctx.actor.rol in HOUDERS else None, *getoond)
    return antwoord(ctx, vraag, [rij.toen for rij in bladzijde.rijen], [], len(treffers), adressen)


async def _regels(ctx: Context, vraag: Zoekvraag) -> list[Logregel]:
    a = ctx.actor
    blik = None
    vanaf, tot = periode(vraag.filters)
    if a.rol in HOUDERS and a.patient is not None:
        blik = await ctx.blik(a.patient)  # zodat ook deze vraag in het log van dit paspoort komt
        rijen = await regels_van_paspoort(ctx.opslag, a.patient, aantal=REGELS_HOOGSTENS, vanaf=vanaf, tot=tot)
    elif a.organisatie is not None:
        rijen = await regels_van_organisatie(ctx.opslag, a.organisatie, aantal=REGELS_HOOGSTENS, vanaf=vanaf, tot=tot)
    else:
        rijen = ()
    if len(rijen) == REGELS_HOOGSTENS:
        # Stil afkappen zou zeggen dat er niet meer is.
        waarden = {"aantal": str(REGELS_HOOGSTENS), "tot": rijen[-1].moment}
        ctx.waarschuwingen.append(Melding("log-meer", "date", waarden, "warning"))
    return regels_voor(a, _toegewezen(ctx, rijen), blik.zicht if blik else None)


def periode(filters: Sequence[Filter]) -> tuple[str, str | None]:
    """Waar de regels liggen die aan elke `date` kunnen voldoen, een dag ruimer; precies nakijken doet het filter zelf.

    Zo reikt een vraag met een datum verder terug dan de nieuwste regels.
    """
    vanaf, tot = "", None
    for f in filters:
        if f.parameter.name != "date" or not f.gewoon or len(f.waarden) != 1:
            continue
        voor, waarde = (f.waarden[0][:2], f.waarden[0][2:]) if f.waarden[0][:2].isalpha() else ("eq", f.waarden[0])
        if voor not in BEGINT | EINDIGT:
            continue
        jaar, maand, dag = ([int(d) for d in waarde[:10].split("-")] + [0, 0])[:3]
        eerste = date(jaar, maand or 1, dag or 1)
        laatste = eerste if dag else eerste + timedelta(days=31 if maand else 366)
        if voor in BEGINT:
            vanaf = max(vanaf, (eerste - timedelta(days=2)).isoformat())
        if voor in EINDIGT:
            tot = min(tot or "9999", (laatste + timedelta(days=2)).isoformat())
    return vanaf, tot


def _toegewezen(ctx: Context, regels: Sequence[Logregel]) -> list[Logregel]:
    """Met teams leest een mens wat zij zelf deed, of waar zij aan is toegewezen (toegang.md §1)."""
    a = ctx.actor
    if a.rol in HOUDERS or a.soort != "persoon" or a.organisatie is None:
        return list(regels)
    zelf, huis = f"PractitionerRole/{a.functie}", f"Organization/{a.organisatie}"

    def mijn(regel: Logregel) -> bool:
        doelen: Sequence[str | None] = (regel.doel or "").split() or (None,)
        return regel.actor == zelf or any(is_toegewezen(a, huis, doel, ctx.register) for doel in doelen)

    return [r for r in regels if mijn(r)]


def _treffer(rij: Logregel, lezer: Actor) -> Treffer:
    inhoud = audit_event(rij, lezer)
    return Treffer("AuditEvent", rij.id, Definitie(inhoud, schrijf(inhoud)))
