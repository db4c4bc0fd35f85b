"""Berichten bij een advies (Communication): van welke soort een bericht is, en over welk advies het gaat.

Opmerking, vraag en antwoord horen bij het afstemmen en hebben de groep `advies` (toegang.md §2); de uitkomst en elk
ander gesprek zijn voortgang. Wie er een maakt, staat in `server/access/mogen.py` en `server/fhir/rules/bericht.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.gegevensgroep import codings
from paspoort.fhir.stelsels import BERICHTSOORT
from paspoort.fhir.waarden import objecten, verwijzing

OPMERKING: Final = "opmerking"
VRAAG: Final = "vraag"
ANTWOORD: Final = "antwoord"
UITKOMST: Final = "uitkomst"
AANLEIDING: Final = "aanleiding"
AFSTEMMING: Final = frozenset({OPMERKING, VRAAG, ANTWOORD})
# Wat alleen de server schrijft.
VAN_DE_SERVER: Final = frozenset({AANLEIDING, UITKOMST})


def berichtsoorten(inhoud: Json) -> frozenset[str]:
    """De codes uit `berichtsoort` die dit bericht draagt; leeg bij een gewoon gesprek of een ander type."""
    if inhoud.get("resourceType") != "Communication":
        return frozenset()
    return frozenset(_codes(inhoud.get("category")))


def bericht_over(inhoud: Json) -> tuple[str, ...]:
    """`QuestionnaireResponse/id` van elk advies waar dit bericht over gaat."""
    plekken = (verwijzing(r) for r in objecten(inhoud.get("about")))
    return tuple(p for p in plekken if p and p.startswith("QuestionnaireResponse/"))


def als_category(soort: str) -> list[Json]:
    """`Communication.category` met deze soort."""
    return [{"coding": [{"system": BERICHTSOORT, "code": soort}]}]


def _codes(categorieen: object) -> Iterator[str]:
    for categorie in objecten(categorieen):
        for coding in codings(categorie):
            if coding.get("system") == BERICHTSOORT:
                yield str(coding.get("code"))
