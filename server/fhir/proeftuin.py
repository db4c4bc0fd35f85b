"""De proeftuin: waar een proef-app haar testpaspoorten en losse hulpmiddelen laat (ontwerp.md deel 3, toegang.md §5).

Alleen in demo mode bestaat er een proef-app. Zij mag met `system/*.cruds` paspoorten maken, altijd gemerkt als test
(HTEST), en ziet alleen wat zij zelf maakte; dat laatste beslist `server/access/gronden.py` op `testdata_van`.
"""

from __future__ import annotations

from typing import Final

from paspoort.fhir.stelsels import ACT_REASON, HTEST
from paspoort.fhir.waarden import objecten
from paspoort.fouten import Melding, PaspoortFout
from server.access.actor import Actor
from server.fhir.context import Blik, Context
from server.fhir.request import FhirRequest, Json
from server.store.versions import Momentopname

# Zoveel houdt één proef-app er tegelijk. Genoeg om bladeren te proberen, en zoeken over alle heen blijft vlot.
PASPOORTEN_HOOGSTENS: Final = 200
BEZIG_SECONDEN: Final = 3600  # wie langer leeg is, wordt niet meer gevuld


async def nieuw_paspoort(ctx: Context, id: str) -> Blik:
    """De blik op een paspoort dat met deze schrijfactie ontstaat; het bestaat pas als zij lukt.

    PaspoortFout `paspoort-niet-maken` voor wie geen proef-app is, `proef-vol` als er geen bij kan.
    """
    client = ctx.actor.client_id
    if ctx.actor.rol != "proef" or client is None:
        raise PaspoortFout(Melding("paspoort-niet-maken"))
    await _maak_plaats(ctx, client)
    return ctx.kijk(Momentopname(id, 0, testdata_van=client), nieuw=True)


async def losse_hulpmiddelen(ctx: Context) -> tuple[str, Blik] | None:
    """Waar een Device zonder Patient van deze proef-app ligt, met de blik erop; None voor wie geen proef-app is."""
    client = ctx.actor.client_id
    if ctx.actor.rol != "proef" or client is None:
        return None
    partitie = _rand(client)
    leeg = Momentopname(partitie, 0, soort="organisatie", testdata_van=client)
    return partitie, await ctx.blik(partitie) or ctx.kijk(leeg, nieuw=True)


def beurt(actor: Actor, vraag: FhirRequest) -> str | None:
    """Waar deze vraag op wacht: een proef-app maakt één Patient op voorwaarde tegelijk; None: ga maar.

    Zoeken en maken gaan daar over paspoorten heen en botsen dus niet vanzelf (besluit 0018). De demo is één proces.
    """
    if actor.rol != "proef" or not (_op_voorwaarde(vraag) or any(map(_regel_op_voorwaarde, _regels(vraag.body)))):
        return None
    # Nooit de beurt van een paspoort zelf: die kan hierbinnen nodig zijn.
    return f"voorwaarde {actor.client_id}"


def als_test(inhoud: Json) -> Json:
    """De Patient van een testpaspoort draagt altijd HTEST, ook als de inzender het merk weglaat."""
    meta = inhoud.get("meta") or {}
    anders = [s for s in meta.get("security", ()) if s.get("code") != HTEST]
    return {**inhoud, "meta": {**meta, "security": [*anders, {"system": ACT_REASON, "code": HTEST}]}}


def _op_voorwaarde(vraag: FhirRequest) -> bool:
    maakt = "if-none-exist" in vraag.headers if vraag.method == "POST" else vraag.method == "PUT" and vraag.id is None
    return vraag.type == "Patient" and maakt


def _regels(body: Json | None) -> list[Json]:
    if body is None or body.get("resourceType") != "Bundle" or body.get("type") != "transaction":
        return []  # elke regel van een batch is een vraag apart
    return [r["request"] for r in objecten(body.get("entry")) if isinstance(r.get("request"), dict)]


def _regel_op_voorwaarde(regel: Json) -> bool:
    url = regel.get("url")
    return isinstance(url, str) and url.startswith("Patient") and ("ifNoneExist" in regel or "?" in url)


async def _maak_plaats(ctx: Context, client: str) -> None:
    """Zorg dat er een paspoort bij kan: wat verwijderd is of leeg bleef, wordt gewist zodra het schrijven lukte."""
    leeg = await ctx.opslag.testpartities(client, int(ctx.nu.timestamp()) - BEZIG_SECONDEN)
    ctx.plaatsmaken = [p for p in leeg if p != _rand(client)]
    eigen = [p for p in await ctx.opslag.testpartities(client) if p != _rand(client) and p not in leeg]
    if len(eigen) < PASPOORTEN_HOOGSTENS:
        return
    weg = []
    for partitie in eigen:
        patient = (await ctx.opslag.momentopname(partitie)).get("Patient", partitie)
        if patient is not None and patient.verwijderd:
            weg.append(partitie)
    if len(eigen) - len(weg) >= PASPOORTEN_HOOGSTENS:
        raise PaspoortFout(Melding("proef-vol", "Patient", {"grens": str(PASPOORTEN_HOOGSTENS)}))
    ctx.plaatsmaken += weg


def _rand(client: str) -> str:
    """De partitie naast de paspoorten. Een tilde kan niet in een FHIR-id: geen organisatie heet ooit zo."""
    return f"org-~{client}"
