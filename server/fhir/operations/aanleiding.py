"""`Patient/[id]/$aanleiding`: een collega die niet is toegewezen kijkt een dag mee, en zegt de houder waarom.

Opent alleen wat de organisatie al mag zien (toegang.md §1); anders is het antwoord dat van een paspoort dat er niet
is. Wat het zicht oplevert, rekent `server/access/toewijzing.py` uit het bericht dat hier ontstaat. Besluit 0024.
"""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from paspoort.fhir.bericht import AANLEIDING, als_category
from paspoort.fouten import Melding, PaspoortFout
from server.access.gronden import PARTIJEN
from server.access.meekijken import te_openen
from server.access.zicht import Getoond
from server.fhir.antwoorden import geschreven, niet_gevonden
from server.fhir.context import Context
from server.fhir.parameters import lees
from server.fhir.request import FhirResponse, Json
from server.store.versions import Wijziging

DEFINITIE: Final = "Patient-aanleiding"
# Korter zegt de houder niets.
REDEN_MINSTENS, REDEN_HOOGSTENS = 10, 500


async def aanleiding(ctx: Context) -> FhirResponse:
    """Het bericht aan de houder: 201. PaspoortFout `aanleiding-alleen-mensen` (403) voor een app of houder.

    `aanleiding-te-kort`, `aanleiding-te-lang`, en `niet-gevonden` als er niets te openen is.
    """
    gegeven, actor = lees(ctx.vraag, DEFINITIE), ctx.actor
    if actor.soort != "persoon" or actor.rol not in PARTIJEN or actor.functie is None:
        raise PaspoortFout(Melding("aanleiding-alleen-mensen"))
    reden = " ".join((gegeven.tekst("reden") or "").split())
    if not REDEN_MINSTENS <= len(reden) <= REDEN_HOOGSTENS:
        code = "aanleiding-te-kort" if len(reden) < REDEN_MINSTENS else "aanleiding-te-lang"
        raise PaspoortFout(Melding(code, "Parameters.parameter.where(name='reden')"))
    blik = await ctx.plaats("Patient", ctx.vraag.id or "")
    if blik is None or not te_openen(actor, blik.momentopname, ctx.register, ctx.nu):
        raise niet_gevonden()
    bericht = Wijziging(
        "Communication", str(uuid4()), _bericht(ctx, blik.momentopname.partitie, reden), herkomst="bron"
    )
    na, versies = await ctx.leg_vast(blik, [bericht])
    versie = next(v for v in versies if v.id == bericht.id)
    # Wie schreef, leest zijn eigen woorden terug, ook als de grond geen berichten omvat.
    return geschreven(ctx, 201, versie, Getoond(None, versie.tekst, True, (), versie), na.zicht)


def _bericht(ctx: Context, patient: str, reden: str) -> Json:
    zender: Json = {"reference": f"PractitionerRole/{ctx.actor.functie}", "display": ctx.actor.naam}
    return {
        "resourceType": "Communication",
        "status": "completed",
        "category": als_category(AANLEIDING),
        "subject": {"reference": f"Patient/{patient}"},
        "sent": ctx.nu.isoformat(timespec="seconds"),
        "recipient": [{"reference": f"Patient/{patient}"}],
        "sender": zender,
        "payload": [{"contentString": reden}],
    }
