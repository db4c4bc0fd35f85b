"""Wat aan een advies hangt en zonder dat advies niets is: berichten erover, de reactie, en wat nog een voorstel is.

Het houdt het advies niet vast bij verwijderen, en gaat dan mee; bij wissen ook, met de gebeurtenissen. Wat de houder
overnam, is een feit van het paspoort zelf en blijft. Zuiver. Besluit 0041.
"""

from __future__ import annotations

from paspoort.fhir.bericht import bericht_over
from paspoort.fhir.referenties import referenties
from paspoort.fhir.voorstel import TYPES, voorstel_van
from paspoort.fhir.waarden import ext, verwijzing
from server.store.versions import Momentopname, Versie


def aanhangsels(m: Momentopname, advies_id: str) -> tuple[Versie, ...]:
    """De berichten over dit advies, de reactie erop, en de voorstellen die niet zijn overgenomen."""
    plek = f"QuestionnaireResponse/{advies_id}"
    berichten = (v for v in m.van_type("Communication") if bericht_over(v.inhoud) == (plek,))
    reacties = (v for v in m.van_type("QuestionnaireResponse") if _bij(v) == plek)
    voorstellen = (v for t in TYPES for v in m.van_type(t) if _voorstel_van(v) == plek)
    return (*berichten, *reacties, *voorstellen)


def hangt_aan(m: Momentopname, advies_id: str) -> frozenset[tuple[str, str]]:
    """Wat dit advies bij verwijderen niet vasthoudt: de aanhangsels, en wat eruit is overgenomen."""
    plek = f"QuestionnaireResponse/{advies_id}"
    overgenomen = (v for t in TYPES for v in m.van_type(t) if (s := voorstel_van(v.inhoud)) and s.advies == plek)
    return frozenset((v.type, v.id) for v in (*aanhangsels(m, advies_id), *overgenomen))


def gebeurtenissen(m: Momentopname, plekken: frozenset[str]) -> tuple[Versie, ...]:
    """De Provenances die over niets anders gaan dan dit (`Type/id`), of er de bytes van tekenen."""
    uit = []
    for v in m.van_type("Provenance"):
        genoemd = {r.partition("/_history")[0] for pad, r in referenties(v.inhoud) if ".target" in pad}
        if genoemd and genoemd <= plekken:
            uit.append(v)
    return tuple(uit)


def _bij(versie: Versie) -> str | None:
    return verwijzing(ext(versie.inhoud, "bij", "valueReference"))


def _voorstel_van(versie: Versie) -> str | None:
    gevonden = voorstel_van(versie.inhoud)
    return gevonden.advies if gevonden is not None and gevonden.stand != "overgenomen" else None
