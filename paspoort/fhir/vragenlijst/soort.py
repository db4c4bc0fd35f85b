"""Wat voor formulier een QuestionnaireResponse is, en bij welke vragenlijst en versie hij hoort.

Een advies is een antwoord op een vragenlijst met een programma van eisen: dat staat in de vragenlijst zelf (item.code),
niet in de naam. Zo is `verkort-advies`, en straks het officiële formulier, een advies zonder dat code verandert.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import codestelsel
from paspoort.fhir.vragenlijst.lijst import Vragenlijst, eigen, vragenlijst_van

ADVIES_ITEM: Final = codestelsel("advies-item")
KENMERK: Final = "eis-tekst"  # wie dit vraagt, vraagt een programma van eisen


def is_advies(inhoud: Json) -> bool:
    """Of deze QuestionnaireResponse een functioneel advies is: volledig of verkort, welke versie ook."""
    return str(inhoud.get("questionnaire") or "").partition("|")[0] in _per_adres()


def lijst_van(inhoud: Json) -> Vragenlijst:
    """De vragenlijst van dit formulier, in de versie die het noemt. Werpt `PaspoortFout` (`vragenlijst-onbekend`)."""
    return vragenlijst_van(inhoud)


def advieslijsten() -> tuple[Vragenlijst, ...]:
    """De nieuwste versie van elke vragenlijst voor een advies; de volledige (met de meeste vragen) eerst."""
    lijsten = (eigen(id) for id in dict.fromkeys(_per_adres().values()))
    return tuple(sorted(lijsten, key=lambda lijst: (-len(lijst.per_link), lijst.id)))


@lru_cache(maxsize=1)
def _per_adres() -> dict[str, str]:
    """Het adres (zonder versie) van elke adviesvragenlijst van ons, met haar id."""
    gevonden: dict[str, str] = {}
    for bestand in sorted((files("fhir_profiles") / "Questionnaire").iterdir(), key=lambda b: b.name):
        inhoud = json.loads(bestand.read_text("utf-8"))
        if inhoud.get("resourceType") == "Questionnaire" and _vraagt_eisen(inhoud):
            gevonden[str(inhoud["url"])] = str(inhoud["url"]).rpartition("/")[2]
    return gevonden


def _vraagt_eisen(item: Json) -> bool:
    codes = item.get("code") or []
    return any(c.get("system") == ADVIES_ITEM and c.get("code") == KENMERK for c in codes) or any(
        _vraagt_eisen(kind) for kind in item.get("item") or []
    )
