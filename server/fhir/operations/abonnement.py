"""`Subscription/[id]/$status` en `$events`: hoe een abonnement ervoor staat, en wat er al gemeld is.

Wie een melding miste (een gat in de nummers, of een dode brief), haalt haar met `$events`; ook dan alleen wat de vrager
nú mag zien. Bron: Subscriptions R5 Backport 1.1, backport-subscription-status en backport-subscription-events.
"""

from __future__ import annotations

from typing import Final

from paspoort.fhir.fhirjson import schrijf
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.antwoorden import niet_gevonden
from server.fhir.context import Context
from server.fhir.outcome import FHIR_JSON
from server.fhir.parameters import Gegeven, lees
from server.fhir.request import FhirResponse, Json
from server.post import bericht
from server.post.onderwerp import ALLEEN_ID
from server.store import outbox

STATUS: Final = "Subscription-status"
EVENTS: Final = "Subscription-events"
HOOGSTENS: Final = 100  # zoveel gebeurtenissen in één antwoord; de volgende met eventsSinceNumber
LAATSTE: Final = 2**53


async def status(ctx: Context) -> FhirResponse:
    """Een searchset met de stand als Parameters. 404 buiten zicht."""
    lees(ctx.vraag, STATUS)
    versie = await _abonnement(ctx)
    a = await outbox.abonnement(ctx.opslag, ctx.vraag.id or "")
    hoogste = a.hoogste if a is not None else 0
    inhoud = versie["status"], "query-status", hoogste, (), versie.get("error")
    stand = bericht.stand(ctx.deur.basis, ctx.vraag.id or "", *inhoud)
    regel = {"fullUrl": f"urn:uuid:{stand['id']}", "resource": stand, "search": {"mode": "match"}}
    return _antwoord({"resourceType": "Bundle", "type": "searchset", "total": 1, "entry": [regel]})


async def events(ctx: Context) -> FhirResponse:
    """Een history-Bundle zoals een melding, met de gevraagde gebeurtenissen. 404 buiten zicht."""
    gegeven = lees(ctx.vraag, EVENTS)
    van, tot = _nummer(gegeven, "eventsSinceNumber", 1), _nummer(gegeven, "eventsUntilNumber", LAATSTE)
    content = gegeven.een("content")
    if content is not None and content.waarde != ALLEEN_ID:
        raise PaspoortFout(Melding("parameter-vorm", content.hier, {"verwacht": ALLEEN_ID}))
    versie = await _abonnement(ctx)
    id_ = ctx.vraag.id or ""
    a = await outbox.abonnement(ctx.opslag, id_)
    gevonden = []
    if ctx.mag_lezen("Task"):
        for m in await outbox.gebeurtenissen(ctx.opslag, id_, van, tot, HOOGSTENS):
            blik = await ctx.blik(m.partitie)
            taak = blik.momentopname.get("Task", m.task) if blik is not None else None
            if blik is not None and taak is not None and ctx.toon(blik, taak) is not None:
                gevonden.append(m)
    hoogste = a.hoogste if a is not None else 0
    basis = ctx.deur.basis
    return _antwoord(bericht.kennisgeving(basis, id_, versie["status"], "query-event", hoogste, gevonden, ctx.nu))


async def _abonnement(ctx: Context) -> Json:
    id_ = ctx.vraag.id or ""
    blik = await ctx.plaats("Subscription", id_)
    versie = blik.momentopname.get("Subscription", id_) if blik is not None else None
    getoond = ctx.toon(blik, versie) if blik is not None and versie is not None else None
    if getoond is None:
        raise niet_gevonden()
    return getoond.inhoud


def _nummer(gegeven: Gegeven, naam: str, anders: int) -> int:
    """Een nummer als tekst: R4 kent geen integer64."""
    waarde = gegeven.een(naam)
    if waarde is None:
        return anders
    tekst = str(waarde.waarde)
    if not (tekst.isascii() and tekst.isdigit() and len(tekst) <= 15):
        raise PaspoortFout(Melding("parameter-vorm", waarde.hier, {"verwacht": "een nummer"}))
    return int(tekst)


def _antwoord(inhoud: Json) -> FhirResponse:
    return FhirResponse(200, schrijf(inhoud), {"content-type": FHIR_JSON})
