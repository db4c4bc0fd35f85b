"""Wat de lopende vraag bijzonder maakt: haast, ontslag, wat er al gepland is, en waarom zij complex is.

Elke functie is één rij van de tabel in `bron.py`. De kenmerken zijn die van de Wegwijzer (tip 1), zoals
`paspoort/complexiteit.py` ze voor de toets vaststelt; hier als voorstel aan de adviseur.
"""

from __future__ import annotations

from collections.abc import Iterator

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import TAAKSOORT
from paspoort.fhir.vragenlijst.antwoorden import Gegeven
from paspoort.fhir.vragenlijst.gegevens import lopend, prognose
from paspoort.fhir.vragenlijst.inhoud import Inhoud, bron_uit, deel, extensie, leesbaar

KLAAR = frozenset({"completed", "cancelled", "rejected", "failed", "entered-in-error"})
VOLWASSEN = 18


def behandelingen(inhoud: Inhoud) -> Iterator[Json]:
    """De verzoeken die bij een verstrekker lopen."""
    for task in inhoud.van("Task"):
        soorten = {(c.get("system"), c.get("code")) for c in (task.get("code") or {}).get("coding") or []}
        if (TAAKSOORT, "behandeling") in soorten and task.get("status") not in KLAAR:
            yield task


def urgentie(inhoud: Inhoud) -> Iterator[Gegeven]:
    """Of er bij een lopend verzoek haast is; spoed gaat voor."""
    gezegd = [(extensie(task, "spoed").get("valueBoolean"), task) for task in behandelingen(inhoud)]
    for spoed, code in ((True, "spoed"), (False, "gewoon")):
        for waarde, task in gezegd:
            if waarde is spoed:
                yield Gegeven(code, bron_uit(task))
                return


def ontslagdatum(inhoud: Inhoud) -> Iterator[Gegeven]:
    """De dag van ontslag bij een lopend verzoek, als die nog niet voorbij is."""
    for task in behandelingen(inhoud):
        dag = extensie(task, "ontslagdatum").get("valueDate")
        if dag and dag >= inhoud.op:
            yield Gegeven(dag, bron_uit(task))


def gepland(inhoud: Inhoud) -> Iterator[Gegeven]:
    """Wat in een voorzieningenplan staat en nog moet komen."""
    for plan in inhoud.van("CarePlan"):
        for activiteit in plan.get("activity") or []:
            detail = activiteit.get("detail") or {}
            naam = detail.get("description") or leesbaar(detail.get("code"))
            if detail.get("status") in ("not-started", "scheduled") and naam:
                yield Gegeven(f"Voorzien in het plan: {naam}", bron_uit(plan))


def kenmerken(inhoud: Inhoud) -> Iterator[Gegeven]:
    """Elk kenmerk dat uit het paspoort blijkt, met het gegeven waar het op rust.

    Of twee aandoeningen samen de vraag complex maken, weet alleen de adviseur.
    """
    stelsels: dict[str, Json] = {}
    for gebruik, _ in lopend(inhoud):
        stelsel = str(deel(extensie(gebruik, "verstrekker"), "stelsel").get("valueCode") or "eigen")
        stelsels.setdefault(stelsel, gebruik)
    stelsels.pop("eigen", None)
    if len(stelsels) > 1:
        yield Gegeven("domeinoverstijgend", bron_uit(stelsels[max(stelsels)]))
    for gegeven in prognose(inhoud):
        if gegeven.waarde == "progressief":
            yield Gegeven("progressief", gegeven.bron)
    for patient in inhoud.van("Patient"):
        geboren = str(patient.get("birthDate") or "")
        if len(geboren) == 10 and inhoud.op and _jaar_later(geboren, VOLWASSEN) > inhoud.op:
            yield Gegeven("kind", bron_uit(patient, "de houder"))
    for task in behandelingen(inhoud):
        if extensie(task, "opnamedatum").get("valueDate"):
            yield Gegeven("revalidatiecentrum", bron_uit(task))


def _jaar_later(dag: str, jaren: int) -> str:
    return f"{int(dag[:4]) + jaren:04d}{dag[4:]}"
