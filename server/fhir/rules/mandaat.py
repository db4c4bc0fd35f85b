"""Regels bij RelatedPerson met een mandaatsoort: een mandaat dat nooit kan werken, wordt niet stil aangenomen.

Wie een mandaat mag geven, wijzigen of eindigen, staat in `server/access/vertegenwoordiging.py`; wanneer het geldt in
`paspoort/vertegenwoordiging.py` (toegang.md §7). De bediening legt vast wat de wet of een rechter zegt, en mag alles.
"""

from __future__ import annotations

from paspoort.fhir.houder import vertegenwoordiger_uit_fhir
from paspoort.fouten import Melding
from paspoort.vertegenwoordiging import ALTIJD, EIGEN_GIFT, HELPERS, ZELFSTANDIG, verjaardag
from server.access.actor import Actor
from server.access.vertegenwoordiging import houder_van
from server.fhir.regels import RegelContext, RegelUitkomst, regel
from server.fhir.request import Json
from server.store.register import Register
from server.store.versions import Momentopname


@regel("RelatedPerson")
def volledig(
    actor: Actor, m: Momentopname, register: Register, oud: Json | None, nieuw: Json | None, context: RegelContext
) -> RegelUitkomst:
    """Een eigen gift heeft een naam, een begin na de zestiende verjaardag en, bij een helper, waar die bij helpt."""
    if nieuw is None or actor.rol != "houder" or nieuw.get("active") is False:
        return RegelUitkomst()
    v = vertegenwoordiger_uit_fhir(nieuw)
    geboren = houder_van(m).geboren
    if v.soort not in EIGEN_GIFT or geboren is None:
        return RegelUitkomst()
    van = v.periode.van if v.periode else None
    goed = [
        ("mandaat-naam", "name", any(n.volledig for n in v.namen)),
        ("mandaat-begin", "period.start", van is not None and van >= verjaardag(geboren, ZELFSTANDIG)),
        ("mandaat-groep", "extension", v.soort not in HELPERS or bool(v.groepen - {ALTIJD})),
    ]
    return RegelUitkomst(tuple(Melding(code, f"{context.plek}.{plek}") for code, plek, ja in goed if not ja))
