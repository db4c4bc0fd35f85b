"""AuditEvent lezen en zoeken: regels van het log, gemaakt bij het vragen. Niemand schrijft ze.

De houder ziet alles van het eigen paspoort, een organisatie haar eigen handelingen (toegang.md §2 en §3, toezicht).
"""

from __future__ import annotations

from typing import Final

from paspoort.fhir.fhirjson import schrijf
from server.access.actor import Actor
from server.access.inzage import audit_event, regels_voor
from server.fhir.antwoorden import niet_gevonden
from server.fhir.context import HOUDERS, Context
from server.fhir.definities import Definitie
from server.fhir.interactions.search import lees_vraag, plek
from server.fhir.outcome import FHIR_JSON
from server.fhir.request import FhirResponse
from server.fhir.search.antwoorden import antwoord, links
from server.fhir.search.bladzijden import Merk, Rij, naar_json, snijd, uit_json
from server.fhir.search.cursor import verzegel
from server.fhir.search.grammatica import op_patient
from server.fhir.search.zoeken import NERGENS, Treffer, sorteer, voldoet
from server.registry import PATIENT_COMPARTIMENT, TYPES
from server.store.audit import regel, regels_van_organisatie, regels_van_paspoort
from server.store.logrow import Logregel

# Zoveel van de nieuwste regels doorzoekt één vraag; wie verder terug wil, vraagt met `date`.
REGELS_HOOGSTENS: Final = 2000


async def read(ctx: Context) -> FhirResponse:
    """`GET AuditEvent/[id]`. 404 als de regel niet van u is."""
    blik = await ctx.blik(ctx.actor.patient or "")
    gevonden = await regel(ctx.opslag, ctx.vraag.id or "")
    van_u = regels_voor(ctx.actor, [gevonden] if gevonden else [], blik.zicht if blik else None)
    if not van_u:
        raise niet_gevonden()
    return FhirResponse(200, schrijf(audit_event(van_u[0], ctx.actor)), {"content-type": FHIR_JSON})


async def search(ctx: Context) -> FhirResponse:
    """`GET AuditEvent?…` en `Patient/[id]/AuditEvent?…`, nieuwste eerst."""
    vraag, teken = lees_vraag(ctx, TYPES["AuditEvent"])
    _, anker = uit_json(teken)
    filters = vraag.filters
    if ctx.vraag.compartment is not None:
        namen = PATIENT_COMPARTIMENT["AuditEvent"]
        filters = (*filters, op_patient("AuditEvent", namen, ctx.vraag.compartment, ctx.deur.basis))
    treffers = [t for r in await _regels(ctx) if voldoet(t := _treffer(r, ctx.actor), filters, NERGENS)]
    treffers = sorteer(treffers, vraag.sorteer, lambda t: (t, NERGENS))
    rijen = [Rij(t, t, (0, "", t.id, t.type), "") for t in treffers]
    bladzijde = snijd(rijen, 0 if vraag.alleen_tellen else vraag.aantal, anker)
    soort = plek(ctx)
    # Een regel verandert nooit en nieuwe komen vooraan: het anker alleen houdt de plaats al vast.
    vorige, volgende = (naar_json(Merk({}), a) for a in (bladzijde.vorige, bladzijde.volgende))
    adressen = links(vraag, f"{ctx.deur.basis}/{soort}", vorige, volgende, lambda inhoud: verzegel(ctx, soort, inhoud))
    return antwoord(ctx, vraag, [rij.toen for rij in bladzijde.rijen], [], len(treffers), adressen)


async def _regels(ctx: Context) -> list[Logregel]:
    a = ctx.actor
    blik = None
    if a.rol in HOUDERS and a.patient is not None:
        blik = await ctx.blik(a.patient)  # zodat ook deze vraag in het log van dit paspoort komt
        rijen = await regels_van_paspoort(ctx.opslag, a.patient, aantal=REGELS_HOOGSTENS)
    elif a.organisatie is not None:
        rijen = await regels_van_organisatie(ctx.opslag, a.organisatie, aantal=REGELS_HOOGSTENS)
    else:
        rijen = ()
    return regels_voor(a, rijen, blik.zicht if blik else None)


def _treffer(rij: Logregel, lezer: Actor) -> Treffer:
    inhoud = audit_event(rij, lezer)
    return Treffer("AuditEvent", rij.id, Definitie(inhoud, schrijf(inhoud)))
