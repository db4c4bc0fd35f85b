"""Regels bij Consent: een toestemming is volledig en te begrijpen, en heeft een einde (toegang.md §4).

Alleen de houder (of wie helpt) maakt er een die geldt; dat bewaakt de roltabel. Intrekken is status `inactive` en werkt
bij de volgende vraag, omdat het zicht elke keer opnieuw wordt bepaald.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from paspoort.fhir.toestemming import pas_aan, uit_fhir
from paspoort.fouten import Melding
from paspoort.toegang import DOELEN, groepen_van_doel
from paspoort.toestemming import HIER, Toestemming
from server.access.actor import Actor
from server.access.gronden import PARTIJEN, noemt
from server.fhir.beslissing import met_einde
from server.fhir.regels import RegelContext, RegelUitkomst, regel
from server.fhir.request import Json
from server.store.register import Register
from server.store.versions import Momentopname, Wijziging

WERKT = frozenset({"active", "proposed"})
# Wat een ander opschreef en de houder met een code bevestigt (§7).
VASTGELEGD = frozenset({"papier", "mondeling"})
# Doelen waarvan de houder het einde niet verder legt dan het voorstel (besluit 0040: tot het concept klaar is).
HOOGSTENS = frozenset({"afstemming"})
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
    gevraagd = actor.rol in PARTIJEN and oud is None
    if gevraagd:
        fouten += _van_partij(actor, t, register, context.nu, f"{context.plek}.provision")
        if t.gegeven_via not in VASTGELEGD and _staat_open(m, t, context):
            fouten += (Melding("toestemming-loopt-al", f"{context.plek}.provision.purpose"),)
    if _te_lang(t, uit_fhir(oud) if oud else None, context.nu):
        fouten += (Melding("toestemming-einddatum", f"{context.plek}.provision.period.end"),)
    if fouten:
        return RegelUitkomst(fouten)
    aangevuld = nieuw
    doel = DOELEN.get(t.doel or "")
    if t.tot is None and doel is not None:
        vanaf = _dag(t.van) or context.nu.astimezone(HIER).date()
        aangevuld = met_einde(nieuw, vanaf + timedelta(days=doel.dagen))
    if gevraagd and t.gegeven_via not in VASTGELEGD:
        # Zo ziet de houder dat het een vraag is, ook als de app dat niet meestuurde.
        aangevuld = pas_aan(aangevuld, replace(uit_fhir(aangevuld), gegeven_via="gevraagd"))
    if aangevuld is nieuw:
        return RegelUitkomst()
    return RegelUitkomst(wijzigingen=(Wijziging("Consent", context.id, aangevuld),))


def _van_partij(actor: Actor, t: Toestemming, register: Register, nu: datetime, plek: str) -> tuple[Melding, ...]:
    """Een partij vraagt alleen voor zichzelf, en alleen de groepen die het doel haar voorstelt (§4, §7)."""
    fouten = []
    if not t.aan or not all(noemt(actor, aan, register, nu) for aan in t.aan):
        fouten.append(Melding("toestemming-voor-ander", f"{plek}.actor"))
    extra = t.groepen - groepen_van_doel(t.doel, actor.rol)
    if extra:
        waarden = {"groepen": ", ".join(sorted(extra))}
        fouten.append(Melding("toestemming-te-ruim", f"{plek}.securityLabel", waarden))
    return tuple(fouten)


def _staat_open(m: Momentopname, t: Toestemming, context: RegelContext) -> bool:
    """Of precies deze vraag er al ligt en nog te beantwoorden is."""
    for versie in m.van_type("Consent"):
        er = uit_fhir(versie.inhoud)
        open_ = er.status == "proposed" and replace(er, status="active").geldt(context.nu)
        gelijk = (er.aan, er.doel, er.groepen, er.betreft) == (t.aan, t.doel, t.groepen, t.betreft)
        if open_ and gelijk and er.gegeven_via == "gevraagd" and versie.id != context.id:
            return True
    return False


def _te_lang(t: Toestemming, was: Toestemming | None, nu: datetime) -> bool:
    """Samen praten over een concept eindigt uiterlijk op de dag van §4; wat al zo stond mag blijven."""
    doel, tot = DOELEN.get(t.doel or ""), _dag(t.tot)
    if doel is None or t.doel not in HOOGSTENS or tot is None or (was is not None and tot == _dag(was.tot)):
        return False
    begin = max(_dag(t.van) or date.min, nu.astimezone(HIER).date())
    return tot > begin + timedelta(days=doel.dagen)


def _dag(moment: date | datetime | None) -> date | None:
    return moment.astimezone(HIER).date() if isinstance(moment, datetime) else moment
