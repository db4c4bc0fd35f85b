"""Stukken met een geheim woord in elk element dat een leverancier niet mag lezen, en een gewoon woord waar het wel mag.

Wat hij mag lezen staat in toegang.md §2 en §4 (levering: contact, hulpmiddelen waar het om gaat, eisen, maten,
omgeving, voortgang). Geheim is wat daarbuiten valt, `contained`, leesbare tekst, en de tekst bij een verwijzing naar
iets dat hij niet ziet.
"""

from __future__ import annotations

from typing import Final

from tests.verhaal import stukken as s
from tests.verhaal.advies import verbeterd
from tests.verhaal.product import Json

GEHEIM: Final = "Zwijgwoord"
MAG: Final = "Leesbaarwoord"
# De tekst bij een verwijzing naar iets dat hij ziet, hoort bij dat doel en valt dus niet weg.
NAAM: Final = "Zichtbaar doel"
CATEGORIE: Final = "11A03"


class Geheimen:
    """Telt de geheimen, zodat een lek zegt waar het geplant was."""

    def __init__(self) -> None:
        self.waar: list[str] = []

    def __call__(self, plek: str) -> str:
        """Een nieuw geheim woord voor deze plek."""
        self.waar.append(plek)
        return f"{GEHEIM}{len(self.waar):03d}"

    def plek(self, tekst: str) -> list[str]:
        """Van welke plekken er geheimen in een tekst staan."""
        return [p for i, p in enumerate(self.waar, 1) if f"{GEHEIM}{i:03d}" in tekst]

    def verhaal(self, type_: str) -> Json:
        """Een narrative."""
        div = f'<div xmlns="http://www.w3.org/1999/xhtml">{self(type_ + ".text")}</div>'
        return {"status": "additional", "div": div}

    def ingesloten(self, type_: str) -> list[Json]:
        """Een contained-resource met een naam; de verwijzing erheen zet wie hem gebruikt."""
        return [{"resourceType": "Organization", "id": "binnen", "name": self(type_ + ".contained")}]


def aandoening(g: Geheimen, wie: str, soort: str) -> Json:
    """Een Condition met overal tekst."""
    return {
        "resourceType": "Condition",
        "text": g.verhaal("Condition"),
        "identifier": [{"system": "urn:geheim", "value": g("Condition.identifier")}],
        "clinicalStatus": {"coding": [{"system": s.TERM + "condition-clinical", "code": "active"}]},
        "category": [{"coding": [{"system": s.SNOMED, "code": soort}], "text": g("Condition.category.text")}],
        "severity": {"text": g("Condition.severity")},
        "code": {"text": g(f"Condition.code {soort}")},
        "bodySite": [{"text": g("Condition.bodySite")}],
        "subject": {**s.verwijs(wie), "display": g("Condition.subject.display")},
        "onsetString": g("Condition.onset"),
        "stage": [{"summary": {"text": g("Condition.stage")}}],
        "evidence": [{"code": [{"text": g("Condition.evidence")}]}],
        "note": [{"text": g("Condition.note")}],
    }


def functioneren(g: Geheimen, wie: str) -> list[Json]:
    """Observation over functioneren en Goal."""
    return [
        {
            "resourceType": "Observation",
            "text": g.verhaal("Observation"),
            "status": "final",
            "category": [s.code("observatiesoort", "functioneren")],
            "code": {"text": g("Observation.code")},
            "subject": s.verwijs(wie),
            "effectiveDateTime": "2026-05-01",
            "valueString": g("Observation.valueString"),
            "interpretation": [{"text": g("Observation.interpretation")}],
            "note": [{"text": g("Observation.note")}],
        },
        {
            "resourceType": "Goal",
            "lifecycleStatus": "active",
            "description": {"text": g("Goal.description")},
            "subject": s.verwijs(wie),
            "note": [{"text": g("Goal.note")}],
        },
    ]


def maat(g: Geheimen, wie: str) -> Json:
    """Een zitbreedte: het getal mag hij zien, de tekst eromheen niet."""
    return {
        "resourceType": "Observation",
        "text": g.verhaal("Observation (maat)"),
        "status": "final",
        "category": [s.code("observatiesoort", "maten")],
        "code": s.code("maat", "zitbreedte"),
        "subject": {**s.verwijs(wie), "display": NAAM},
        "effectiveDateTime": "2026-05-01",
        "valueQuantity": {"value": 43, "unit": "cm", "system": "http://unitsofmeasure.org", "code": "cm"},
    }


def apparaat(g: Geheimen, wie: str) -> Json:
    """Haar rolstoel: merk en nummer zijn van hem, de rest niet."""
    return {
        "resourceType": "Device",
        "text": g.verhaal("Device"),
        "contained": g.ingesloten("Device"),
        "extension": [s.ext("categorie", valueCode=CATEGORIE)],
        "status": "active",
        "manufacturer": MAG + "fabriek",
        "type": s.code("categorie", CATEGORIE),
        "deviceName": [{"name": MAG + "rolstoel", "type": "user-friendly-name"}],
        "patient": {**s.verwijs(wie), "display": NAAM},
        "location": {"display": g("Device.location.display")},
        "owner": {"reference": "#binnen", "display": g("Device.owner.display")},
    }


def gebruik(g: Geheimen, wie: str, apparaat_: str, aandoening_: str, advies: str) -> Json:
    """Het gebruik: de reden is gezondheid, ook als hij het gebruik zelf ziet."""
    return {
        "resourceType": "DeviceUseStatement",
        "text": g.verhaal("DeviceUseStatement"),
        "status": "active",
        "subject": {**s.verwijs(wie), "display": NAAM},
        "derivedFrom": [{**s.verwijs(advies), "display": g("DeviceUseStatement.derivedFrom.display")}],
        "timingPeriod": {"start": "2019-01-01"},
        "device": {**s.verwijs(apparaat_), "display": NAAM},
        "reasonCode": [{"text": g("DeviceUseStatement.reasonCode")}],
        "reasonReference": [{**s.verwijs(aandoening_), "display": g("DeviceUseStatement.reasonReference.display")}],
    }


def verzoek(g: Geheimen, wie: str, gebruik_: str, aandoening_: str) -> Json:
    """Het verzoek leest hij nooit."""
    basis = s.verzoek(wie, gebruik_, CATEGORIE)
    return basis | {
        "text": g.verhaal("DeviceRequest"),
        "reasonCode": [{"text": g("DeviceRequest.reasonCode")}],
        "reasonReference": [{**s.verwijs(aandoening_), "display": g("DeviceRequest.reasonReference.display")}],
        "supportingInfo": [{**s.verwijs(aandoening_), "display": g("DeviceRequest.supportingInfo.display")}],
        "note": [{"text": g("DeviceRequest.note")}],
    }


def behandeling(g: Geheimen, wie: str, verzoek_: str, gemeente: str) -> Json:
    """De behandeling: de reden is gezondheid. Haar omschrijving en opmerking zijn voortgang (§2); dat leest hij."""
    return s.behandeling(wie, verzoek_, gemeente, "onderzoek") | {
        "text": g.verhaal("Task"),
        "reasonCode": {"text": g("Task.reasonCode")},
        "input": [{"type": s.code("taakinvoer", "gronden"), "valueString": g("Task.input")}],
    }


def advies(g: Geheimen) -> Json:
    """De antwoorden op het functioneel advies: alleen de eis zelf, de woning en de maten zijn voor hem."""
    geheim = (
        "hulpvraag", "verwachte-behoefte", "stoornissen", "activiteiten", "participatie", "persoonlijke-factoren",
        "wil", "kan", "mag", "eerder-geprobeerd", "urgentie-reden",
    )  # fmt: skip
    eis = {
        "eis-tekst": f"Zelf draaien in de gang, {MAG}eis.",
        "eis-soort": "noodzakelijk",
        "eis-onderbouwing": f"Anders komt zij er niet door, {g('eis-onderbouwing')}.",
        "eis-doel": f"Zelf naar de keuken, {g('eis-doel')}.",
        "eis-categorie": CATEGORIE,
    }
    antwoorden = {naam: f"Verzonnen, {g('advies ' + naam)}." for naam in geheim}
    geprobeerd = {deel: f"Verzonnen, {g('advies ' + deel)}." for deel in ("geprobeerd-wat", "geprobeerd-resultaat")}
    rijen = {"diagnose": [g("advies diagnose")], "geprobeerd": [geprobeerd], "eis": [eis]}
    return verbeterd() | antwoorden | rijen | {"urgentie": "spoed"}


def gesprek(g: Geheimen, wie: str, gemeente: str) -> Json:
    """Een bericht aan de gemeente."""
    return {
        "resourceType": "Communication",
        "status": "completed",
        "subject": s.verwijs(wie),
        "sender": s.verwijs(wie),
        "recipient": [s.verwijs(gemeente)],
        "reasonCode": [{"text": g("Communication.reasonCode")}],
        "payload": [{"contentString": g("Communication.payload")}],
        "note": [{"text": g("Communication.note")}],
    }


def plan(g: Geheimen, lijst: Json, wie: str) -> Json:
    """Het persoonlijk plan van de houder."""
    waarden = {"wie-bent-u": g("plan wie-bent-u"), "situatie": g("plan situatie")}
    kop = {"status": "completed", "subject": s.verwijs(wie), "author": s.verwijs(wie)}
    return s.antwoorden(lijst, waarden, **kop)
