"""De vaste woorden van het naslagwerk: soorten bladzijden en FHIR-woorden in gewoon Nederlands.

Alleen gegevens. Wat een definitie zelf zegt, gaat altijd voor. Namen van elementen staan in `elementnamen.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Soort:
    """Eén soort definitie, met haar adres `/docs/{sleutel}`."""

    sleutel: str
    enkel: str
    meer: str
    fhirtype: str
    icoon: str
    uitleg: str


SOORTEN: Final = {
    s.sleutel: s
    for s in (
        Soort(
            "profiel", "Profiel", "Profielen", "StructureDefinition", "document",
            "Wat er in een resource mag en moet staan. Elk type heeft een minimumprofiel dat altijd geldt.",
        ),
        Soort(
            "extensie", "Extensie", "Extensies", "StructureDefinition", "plus",
            "Gegevens die FHIR zelf niet heeft, zoals de contractvorm van een hulpmiddel.",
        ),
        Soort(
            "waardelijst", "Waardelijst", "Waardelijsten", "ValueSet", "klopt",
            "Uit welke codes u op een plek mag kiezen.",
        ),
        Soort(
            "codestelsel", "Codestelsel", "Codestelsels", "CodeSystem", "meer",
            "Onze eigen codes, met hun naam en uitleg.",
        ),
        Soort(
            "vragenlijst", "Vragenlijst", "Vragenlijsten", "Questionnaire", "potlood",
            "De formulieren: advies, verzoek, onderzoek, evaluatie en plan.",
        ),
        Soort(
            "zoekparameter", "Zoekparameter", "Zoekparameters", "SearchParameter", "zoek",
            "Waarop u kunt zoeken, boven op wat FHIR R4 zelf al heeft.",
        ),
        Soort(
            "operatie", "Operatie", "Operaties", "OperationDefinition", "stuur",
            "Handelingen die meer zijn dan lezen of schrijven, zoals beslissen of controleren.",
        ),
        Soort(
            "mogelijkheden", "Mogelijkheden", "Mogelijkheden", "CapabilityStatement", "info",
            "Alles wat deze server kan, per type.",
        ),
    )
}  # fmt: skip
HANDLEIDING: Final = "handleiding"

STERKTE: Final = {
    "required": "moet hieruit",
    "extensible": "hieruit, als het past",
    "preferred": "liefst hieruit",
    "example": "bijvoorbeeld hieruit",
}
STATUS: Final = {"active": "geldig", "draft": "concept", "retired": "vervallen", "unknown": "onbekend"}
ZOEKSOORT: Final = {
    "token": "code of nummer: `code` of `stelsel|code`",
    "reference": "verwijzing: `Type/id`",
    "date": "datum, ook met `ge`, `le`, `gt`, `lt` ervoor: `ge2026-01-01`",
    "string": "begin van de tekst; hoofdletters en accenten tellen niet",
    "uri": "heel het adres, precies",
    "number": "getal, ook met `gt`, `lt`, `ge`, `le` ervoor",
    "quantity": "getal met eenheid: `gt40||cm`",
    "composite": "twee waarden samen, met `$` ertussen",
    "special": "eigen vorm, zie de uitleg",
}
INTERACTIE: Final = {
    "read": "lezen",
    "vread": "versie lezen",
    "update": "wijzigen",
    "patch": "deels wijzigen",
    "delete": "verwijderen",
    "history-instance": "geschiedenis",
    "history-type": "geschiedenis van het type",
    "create": "aanmaken",
    "search-type": "zoeken",
    "transaction": "transactie: alles of niets",
    "batch": "batch: elk op zich",
    "search-system": "zoeken over alle typen",
    "history-system": "geschiedenis van alles",
}
VRAAGSOORT: Final = {
    "group": "groep",
    "display": "uitleg",
    "boolean": "ja of nee",
    "decimal": "getal",
    "integer": "heel getal",
    "date": "datum",
    "dateTime": "datum en tijd",
    "time": "tijd",
    "string": "korte tekst",
    "text": "tekst",
    "url": "webadres",
    "choice": "keuze",
    "open-choice": "keuze of eigen tekst",
    "attachment": "bestand",
    "reference": "verwijzing",
    "quantity": "getal met eenheid",
}
VERGELIJKING: Final = {"exists": "is", "=": "is", "!=": "is niet", ">": "is meer dan", "<": "is minder dan",
                       ">=": "is ten minste", "<=": "is ten hoogste"}  # fmt: skip
ONDERSCHEID: Final = {
    "value": "de waarde van",
    "exists": "of er iets staat in",
    "pattern": "de waarde van",
    "type": "het soort van",
    "profile": "het profiel van",
}
