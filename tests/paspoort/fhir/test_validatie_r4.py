"""Wat R4 zelf vraagt buiten de invarianten: lijsten, talen, stelsels, ingesloten resources, extensies van anderen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from paspoort.fhir.stelsels import BASIS
from paspoort.fhir.validatie import Validator

VOORBEELDEN = Path(__file__).parents[3] / "fhir_profiles" / "examples"
VALIDATOR = Validator.laad()
Json = dict[str, Any]
HL7 = "http://hl7.org/fhir/StructureDefinition/"
DIV = '<div xmlns="http://www.w3.org/1999/xhtml">x</div>'
ORG = {"resourceType": "Organization", "id": "o", "name": "Wielwerk"}


def met(naam: str, **anders: Any) -> Json:
    inhoud: Json = json.loads((VOORBEELDEN / f"hmp-{naam}-goed.json").read_bytes())
    return inhoud | anders


def fouten(inhoud: Json) -> list[tuple[str, str | None]]:
    return [(m.code, m.plek) for m in VALIDATOR.controleer(inhoud) if m.ernst == "error"]


def ext(element: str, waarde: Any) -> Json:
    return met("Device", extension=[{"url": "http://voorbeeld.nl/proef", element: waarde}])


def maker(*ingesloten: Json, naar: str = "#o") -> Json:
    return met("Device", contained=list(ingesloten), owner={"reference": naar})


HIER = "Device.extension[0]"
PAREN: list[tuple[str, Json, Json, tuple[str, str]]] = [
    ("taal", met("Device", language="nl-Latn-NL"), met("Device", language="Nederlands"),
     ("fhir-waarde-vorm", "Device.language")),
    ("soort bestand", ext("valueAttachment", {"contentType": "text/plain; charset=utf-8"}),
     ext("valueAttachment", {"contentType": "tekst"}), ("fhir-waarde-vorm", f"{HIER}.valueAttachment.contentType")),
    ("munt", ext("valueMoney", {"currency": "EUR"}), ext("valueMoney", {"currency": "eur"}),
     ("fhir-code-onbekend", f"{HIER}.valueMoney.currency")),
    ("vergelijking bij een leeftijd", ext("valueAge", {"value": 3, "comparator": "<", "code": "a",
                                                       "system": "http://unitsofmeasure.org"}),
     ext("valueAge", {"value": 3, "comparator": "~", "code": "a", "system": "http://unitsofmeasure.org"}),
     ("fhir-code-onbekend", f"{HIER}.valueAge.comparator")),
    ("een onderdeel dat R4B erbij heeft", ext("valueMeta", {"versionId": "1"}),
     ext("valueCodeableReference", {"concept": {"text": "x"}}),
     ("fhir-element-onbekend", f"{HIER}.valueCodeableReference")),
    ("een code uit een stelsel dat wij heel kennen",
     met("Device", type={"coding": [{"system": f"{BASIS}CodeSystem/onbekend", "code": "x"}]}),
     met("Device", type={"coding": [{"system": f"{BASIS}CodeSystem/rol", "code": "x"}]}),
     ("fhir-code-onbekend", "Device.type.coding[0]")),
    ("een stelsel van HL7",
     met("Device", meta={"tag": [{"system": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "code": "UNK"}]}),
     met("Device", meta={"tag": [{"system": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "code": "X"}]}),
     ("fhir-code-onbekend", "Device.meta.tag[0]")),
    ("een modifierExtension die niemand kent", met("Device"),
     met("Device", modifierExtension=[{"url": "http://voorbeeld.nl/niet", "valueBoolean": True}]),
     ("fhir-modifier-onbekend", "Device.modifierExtension[0]")),
    ("onze extensie als modifierExtension",
     met("DeviceUseStatement", extension=[{"url": f"{BASIS}StructureDefinition/tijdelijk", "valueBoolean": True}]),
     met("DeviceUseStatement", extension=[],
         modifierExtension=[{"url": f"{BASIS}StructureDefinition/tijdelijk", "valueBoolean": True}]),
     ("fhir-extensie-plaats", "DeviceUseStatement.modifierExtension[0]")),
    ("een extensie met een kort adres", ext("valueString", "x"),
     met("Device", extension=[{"url": "proef", "valueString": "x"}]), ("fhir-waarde-vorm", f"{HIER}.url")),
    ("een extensie van HL7 met de verkeerde soort",
     met("Patient", name=[{"family": "Jansen", "_family": {"extension": [
         {"url": f"{HL7}humanname-own-name", "valueString": "Jansen"}]}}]),
     met("Patient", name=[{"family": "Jansen", "_family": {"extension": [
         {"url": f"{HL7}humanname-own-name", "valueCode": "Jansen"}]}}]),
     ("fhir-profiel-soort", "Patient.name[0].family.extension[0].valueCode")),
    ("een extensie van HL7 op de verkeerde plaats",
     met("Patient", name=[{"text": "x", "extension": [{"url": f"{HL7}humanname-assembly-order", "valueCode": "NL1"}]}]),
     met("Patient", extension=[{"url": f"{HL7}humanname-assembly-order", "valueCode": "NL1"}]),
     ("fhir-extensie-plaats", "Patient.extension[0]")),
    ("een ingesloten resource waar niets naar wijst", maker(ORG), maker(ORG, {**ORG, "id": "p"}),
     ("fhir-contained-los", "Device.contained[1]")),
    ("een ingesloten resource zonder id", maker(ORG), maker(ORG, {"resourceType": "Organization", "name": "x"}),
     ("fhir-verplicht", "Device.contained[1].id")),
    ("een ingesloten doel van het verkeerde type", maker(ORG), maker({"resourceType": "Device", "id": "o"}),
     ("fhir-verwijzing-doel", "Device.owner.reference")),
    ("een ingesloten resource die naar het geheel wijst",
     met("Device", contained=[{"resourceType": "DeviceUseStatement", "id": "g", "status": "active",
                               "subject": {"reference": "Patient/1"}, "device": {"reference": "#"}}]),
     met("Device", owner={"reference": "#"}), ("fhir-verwijzing-intern", "Device.owner.reference")),
    ("een verwijzing met twee typen", met("Device", owner={"reference": "Organization/1", "type": "Organization"}),
     met("Device", owner={"reference": "Organization/1", "type": "Patient"}),
     ("fhir-verwijzing-doel", "Device.owner.type")),
    ("tekst zonder naamruimte", met("Device", text={"status": "generated", "div": DIV}),
     met("Device", text={"status": "generated", "div": "<div>x</div>"}), ("fhir-verhaal-vorm", "Device.text.div")),
    ("een periode van een dag tot een moment op die dag",
     met("DeviceUseStatement", timingPeriod={"start": "2024", "end": "2024"}),
     met("DeviceUseStatement", timingPeriod={"start": "2024-05-01", "end": "2024"}),
     ("fhir-periode-omgekeerd", "DeviceUseStatement.timingPeriod.end")),
    ("base64 van spaties", met("Binary", data="SGFs bG8="), met("Binary", data="   "), ("fhir-leeg", "Binary.data")),
    ("een regel die ook genest geldt",
     met("Consent", provision={**met("Consent")["provision"], "provision": [{"type": "deny"}]}),
     met("Consent", provision={**met("Consent")["provision"],
                               "provision": [{"purpose": [{"system": "http://x.nl", "code": "y"}]}]}),
     ("fhir-code-onbekend", "Consent.provision.provision[0].purpose[0]")),
]  # fmt: skip


@pytest.mark.parametrize(("goed", "fout", "melding"), [p[1:] for p in PAREN], ids=[p[0] for p in PAREN])
def test_wat_r4_vraagt(goed: Json, fout: Json, melding: tuple[str, str]) -> None:
    assert fouten(goed) == []
    assert melding in fouten(fout)


def test_een_ingesloten_resource_volgt_de_lijsten_van_r4_maar_niet_ons_minimumprofiel() -> None:
    waarneming = {"resourceType": "Observation", "id": "w", "status": "final", "code": {"text": "x"}}
    inhoud = met("DocumentReference", contained=[waarneming])
    inhoud["context"] = {"related": [{"reference": "#w"}]}
    assert fouten(inhoud) == []  # hmp-Observation eist een subject
    waarneming["status"] = "klaar"
    assert fouten(inhoud) == [("fhir-code-onbekend", "DocumentReference.contained[0].status")]


def test_een_profiel_dat_een_ingesloten_resource_claimt_geldt() -> None:
    claim = {"meta": {"profile": [f"{BASIS}StructureDefinition/hmp-Organization"]}}
    assert fouten(maker(ORG | claim)) == []
    claim["meta"]["profile"] = [f"{BASIS}StructureDefinition/hmp-Device"]
    assert fouten(maker(ORG | claim)) == [("fhir-profiel-type", "Device.contained[0].meta.profile[0]")]


def test_een_extra_profiel_geldt_ook_zonder_claim() -> None:
    opdracht = f"{BASIS}StructureDefinition/hmp-opdracht"
    taak = met("Task", description="vrije tekst")
    assert fouten(taak) == []
    assert "Task.description" in {m.plek for m in VALIDATOR.controleer(taak, [opdracht])}
