"""Regels bij wat een voorstel kan zijn: de server maakt het, de houder beslist, en niemand zet het ongemerkt vast.

De schrijver mag zijn voorstel als vergissing merken; dat is terugnemen. Overnemen en afwijzen doen `$neem-over` en
`$wijs-af`. Wie gegevens overzet (dienst, proef) legt vast hoe het al is.
"""

from __future__ import annotations

from paspoort.fhir.voorstel import STATUS, TYPES, VOORSTEL, voorstel_van
from paspoort.fhir.waarden import objecten
from paspoort.fouten import Melding
from server.access.actor import Actor
from server.fhir.regels import RegelContext, RegelUitkomst, regel
from server.fhir.request import Json
from server.store.register import Register
from server.store.versions import Momentopname


@regel(*TYPES)
def blijft_voorstel(
    actor: Actor, m: Momentopname, register: Register, oud: Json | None, nieuw: Json | None, context: RegelContext
) -> RegelUitkomst:
    """De extensie blijft wat zij was, en een open voorstel blijft open of is een vergissing."""
    if nieuw is None or actor.soort == "dienst" or actor.rol == "proef":
        return RegelUitkomst()
    if _extensie(nieuw) != _extensie(oud or {}):
        return RegelUitkomst((Melding("voorstel-van-server", f"{context.plek}.extension"),))
    was = voorstel_van(oud or {})
    if was is None or was.stand != "open" or oud is None:
        return RegelUitkomst()
    element = STATUS[str(oud["resourceType"])][0]
    nu = voorstel_van(nieuw)
    teruggenomen = nu is not None and nu.stand == "afgewezen" and "entered-in-error" in str(nieuw.get(element))
    if nieuw.get(element) == oud.get(element) or teruggenomen:
        return RegelUitkomst()
    return RegelUitkomst((Melding("voorstel-via-houder", f"{context.plek}.{element}"),))


def _extensie(inhoud: Json) -> list[Json]:
    return [e for e in objecten(inhoud.get("extension")) if e.get("url") == VOORSTEL]
