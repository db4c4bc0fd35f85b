"""Regels bij Consent: een toestemming is volledig en te begrijpen, en heeft een einde (toegang.md §4).

Alleen de houder (of wie helpt) maakt er een die geldt; dat bewaakt de roltabel. Intrekken is status `inactive` en werkt
bij de volgende vraag, omdat het zicht elke keer opnieuw wordt bepaald.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from paspoort.fhir.toestemming import uit_fhir
from paspoort.fouten import Melding
from paspoort.toegang import DOELEN
from paspoort.toestemming import HIER
from server.access.actor import Actor
from server.fhir.beslissing import met_einde
from server.fhir.regels import RegelContext, RegelUitkomst, regel
from server.fhir.request import Json
from server.store.register import Register
from server.store.versions import Momentopname, Wijziging

WERKT = frozenset({"active", "proposed"})
NOOIT = frozenset({"toestemmingen", "toezicht"})


@regel("Consent")
def volledig(
    actor: Actor, m: Momentopname, register: Register, oud: Json | None, nieuw: Json | None, context: RegelContext
) -> RegelUitkomst:
    """Partij, doel en groepen zijn er; zonder einddatum geldt die van het doel."""
    if nieuw is None or nieuw.get("status") not in WERKT or actor.soort == "dienst":
        return RegelUitkomst()
    t = uit_fhir(nieuw)
    if not t.begrepen:
        return RegelUitkomst((Melding("toestemming-niet-begrepen", f"{context.plek}.provision"),))
    plekken = [
        ("actor", bool(t.aan)),
        ("purpose", t.doel is not None),
        ("securityLabel", bool(t.groepen) and not t.groepen & NOOIT),
    ]
    fouten = tuple(
        Melding("toestemming-onvolledig", f"{context.plek}.provision.{naam}") for naam, goed in plekken if not goed
    )
    if fouten:
        return RegelUitkomst(fouten)
    doel = DOELEN.get(t.doel or "")
    if t.tot is not None or doel is None:
        return RegelUitkomst()
    vanaf = _dag(t.van) or context.nu.astimezone(HIER).date()
    einde = met_einde(nieuw, vanaf + timedelta(days=doel.dagen))
    return RegelUitkomst(wijzigingen=(Wijziging("Consent", context.id, einde),))


def _dag(moment: date | datetime | None) -> date | None:
    return moment.astimezone(HIER).date() if isinstance(moment, datetime) else moment
