"""De houder antwoordt wie haar verzoek behandelt: dan is die behandelaar weer aan de beurt.

Vraag en antwoord zijn gewone berichten (Communication zonder berichtsoort) over de Task van de behandeling. De houder
wijzigt die Task niet (toegang.md §3, voortgang: *L, answer S*); de stap volgt uit haar antwoord. Wie de vraag stelt,
zet de Task zelf op `wacht-op-houder`.
"""

from __future__ import annotations

from paspoort.aanvraag import Fase
from paspoort.fhir.bericht import berichtsoorten
from paspoort.fhir.stelsels import TAAKSTATUS
from paspoort.fhir.waarden import code_uit, objecten, verwijzing
from server.access.actor import Actor
from server.access.gronden import HOUDERS
from server.fhir.regels import RegelContext, RegelUitkomst, regel
from server.fhir.request import Json
from server.store.register import Register
from server.store.versions import Momentopname, Versie, Wijziging


@regel("Communication")
def antwoord_van_houder(
    actor: Actor, m: Momentopname, register: Register, oud: Json | None, nieuw: Json | None, context: RegelContext
) -> RegelUitkomst:
    """Een nieuw bericht van de houder over een behandeling die op haar wacht, zet die terug op *in onderzoek*."""
    if nieuw is None or oud is not None or actor.rol not in HOUDERS or berichtsoorten(nieuw):
        return RegelUitkomst()
    over = {verwijzing(r) for r in objecten(nieuw.get("about"))}
    wacht = [v for v in m.van_type("Task") if f"Task/{v.id}" in over and _wacht(v)]
    return RegelUitkomst(
        wijzigingen=tuple(
            Wijziging("Task", v.id, _in_onderzoek(v.inhoud, context), v.auteur, v.herkomst)
            for v in wacht
            if ("Task", v.id) not in context.werk  # wie de Task zelf meestuurt, zegt zelf hoe het verder gaat
        )
    )


def _wacht(taak: Versie) -> bool:
    return code_uit(taak.inhoud.get("businessStatus"), TAAKSTATUS) == Fase.WACHT_OP_HOUDER


def _in_onderzoek(taak: Json, context: RegelContext) -> Json:
    stap = {"coding": [{"system": TAAKSTATUS, "code": Fase.IN_ONDERZOEK.value}]}
    sinds = context.nu.isoformat(timespec="milliseconds")
    return {**taak, "status": "in-progress", "businessStatus": stap, "lastModified": sinds}
