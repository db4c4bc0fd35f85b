"""De invarianten van R4: elk een goed en een fout geval, gemeld bij haar element onder haar sleutel."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from paspoort.fhir.validatie import Validator, definities
from paspoort.fhir.validatie_pad import HL7

VOORBEELDEN = Path(__file__).parents[3] / "fhir_profiles" / "examples"
VALIDATOR = Validator.laad()
Json = dict[str, Any]
UCUM = "http://unitsofmeasure.org"
CLIN = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VER = "http://terminology.hl7.org/CodeSystem/condition-ver-status"


def voorbeeld(naam: str) -> Json:
    inhoud: Json = json.loads((VOORBEELDEN / f"{naam}-goed.json").read_bytes())
    return inhoud


def met(naam: str, **anders: Any) -> Json:
    inhoud = voorbeeld(f"hmp-{naam}")
    for element, waarde in anders.items():
        inhoud.pop(element, None)
        if waarde is not None:
            inhoud[element] = waarde
    return inhoud


def ext(element: str, waarde: Any) -> Json:
    return met("Device", extension=[{"url": "http://voorbeeld.nl/proef", element: waarde}])


def gebroken(inhoud: Json) -> list[tuple[str, str | None]]:
    """De sleutels van de invarianten die niet gelden, met hun plek."""
    return [(m.waarden["sleutel"], m.plek) for m in VALIDATOR.controleer(inhoud) if m.code == "fhir-regel"]


def cc(systeem: str, code: str) -> Json:
    return {"coding": [{"system": systeem, "code": code}]}


def maat(waarde: Any, **meer: Any) -> Json:
    return {"value": waarde, "unit": "cm", "system": UCUM, "code": "cm", **meer}


def obs(**anders: Any) -> Json:
    return met("Observation", **{"valueQuantity": None, **anders})


def vraag(**anders: Any) -> Json:
    return met("Questionnaire", item=[{**voorbeeld("hmp-Questionnaire")["item"][0], **anders}])


def timing(**herhaling: Any) -> Json:
    return met("DeviceUseStatement", timingPeriod=None, timingTiming={"repeat": herhaling})


def doel(**anders: Any) -> Json:
    return met("Goal", target=[anders])


def toestemming(**anders: Any) -> Json:
    return met("Consent", **anders)


KIND = {"linkId": "1.1", "type": "string"}
BINNEN = {"resourceType": "Organization", "id": "o", "name": "Wielwerk"}
_CODE = voorbeeld("hmp-Observation")["code"]

# (sleutel, plek, goed, fout)
GEVALLEN: list[tuple[str, str, Json, Json]] = [
    ("obs-6", "Observation", obs(dataAbsentReason={"text": "x"}),
     met("Observation", dataAbsentReason={"text": "x"})),
    ("obs-7", "Observation", met("Observation", component=[{"code": {"text": "x"}}]),
     met("Observation", component=[{"code": _CODE}])),
    ("obs-3", "Observation.referenceRange[0]", met("Observation", referenceRange=[{"text": "x"}]),
     met("Observation", referenceRange=[{"type": {"text": "x"}}])),
    ("sqty-1", "Observation.referenceRange[0].low", met("Observation", referenceRange=[{"low": maat(1)}]),
     met("Observation", referenceRange=[{"low": maat(1, comparator="<")}])),
    ("qty-3", "Observation.valueQuantity", obs(valueQuantity=maat(1)),
     obs(valueQuantity={"value": 1, "code": "cm"})),
    ("rng-2", "Observation.valueRange", obs(valueRange={"low": maat(Decimal("1.5")), "high": maat(2)}),
     obs(valueRange={"low": maat(Decimal("2.5")), "high": maat(2)})),
    ("rat-1", "Observation.valueRatio", obs(valueRatio={"numerator": maat(1), "denominator": maat(2)}),
     obs(valueRatio={"denominator": maat(2)})),
    ("con-4", "Condition", met("Condition", abatementString="vorig jaar", clinicalStatus=cc(CLIN, "inactive")),
     met("Condition", abatementString="vorig jaar", clinicalStatus=cc(CLIN, "active"))),
    ("con-5", "Condition", met("Condition", verificationStatus=cc(VER, "entered-in-error"), clinicalStatus=None),
     met("Condition", verificationStatus=cc(VER, "entered-in-error"), clinicalStatus=cc(CLIN, "active"))),
    ("con-1", "Condition.stage[0]", met("Condition", stage=[{"summary": {"text": "x"}}]),
     met("Condition", stage=[{"type": {"text": "x"}}])),
    ("con-2", "Condition.evidence[0]", met("Condition", evidence=[{"code": [{"text": "x"}]}]),
     met("Condition", evidence=[{"id": "x"}])),
    ("cpt-2", "Patient.telecom[0]", met("Patient", telecom=[{"system": "phone", "value": "1"}]),
     met("Patient", telecom=[{"value": "1"}])),
    ("pat-1", "Patient.contact[0]", met("Patient", contact=[{"name": {"text": "Ada"}}]),
     met("Patient", contact=[{"gender": "female"}])),
    ("org-1", "Organization", met("Organization"), met("Organization", name=None, identifier=None)),
    ("org-2", "Organization.address[0]", met("Organization", address=[{"use": "work", "text": "x"}]),
     met("Organization", address=[{"use": "home", "text": "x"}])),
    ("org-3", "Organization.telecom[0]", met("Organization", telecom=[{"system": "phone", "value": "1"}]),
     met("Organization", telecom=[{"system": "phone", "value": "1", "use": "home"}])),
    ("gol-1", "Goal.target[0]", doel(measure={"text": "x"}, detailInteger=3), doel(detailInteger=3)),
    ("inv-1", "Task", met("Task", authoredOn="2026-03-01", lastModified="2026-03-02"),
     met("Task", authoredOn="2026-03-02", lastModified="2026-03-01")),
    ("ppc-1", "Consent", toestemming(), toestemming(policy=None, policyRule=None)),
    ("cpl-3", "CarePlan.activity[0]", met("CarePlan", activity=[{"detail": {"status": "scheduled"}}]),
     met("CarePlan", activity=[{"detail": {"status": "scheduled"}, "reference": {"reference": "Task/1"}}])),
    ("att-1", "DocumentReference.content[0].attachment", met("DocumentReference"),
     met("DocumentReference", content=[{"attachment": {"data": "SGFsbG8="}}])),
    ("age-1", "Condition.onsetAge",
     met("Condition", onsetDateTime=None, onsetAge={"value": 4, "system": UCUM, "code": "a"}),
     met("Condition", onsetDateTime=None, onsetAge={"value": 4, "unit": "jaar"})),
    ("drt-1", "Device.extension[0].valueDuration", ext("valueDuration", {"value": 1, "system": UCUM, "code": "d"}),
     ext("valueDuration", {"system": UCUM, "code": "d"})),
    ("dis-1", "Device.extension[0].valueDistance", ext("valueDistance", {"value": 1, "system": UCUM, "code": "km"}),
     ext("valueDistance", {"value": 1})),
    ("cnt-3", "Device.extension[0].valueCount", ext("valueCount", {"value": 1, "system": UCUM, "code": "1"}),
     ext("valueCount", {"value": Decimal("1.5"), "system": UCUM, "code": "1"})),
    ("exp-1", "Device.extension[0].valueExpression", ext("valueExpression", {"language": "a/b", "expression": "x"}),
     ext("valueExpression", {"language": "a/b", "name": "x"})),
    ("drq-2", "Device.extension[0].valueDataRequirement.dateFilter[0]",
     ext("valueDataRequirement", {"type": "Task", "dateFilter": [{"path": "x"}]}),
     ext("valueDataRequirement", {"type": "Task", "dateFilter": [{"path": "x", "searchParam": "y"}]})),
    ("trd-1", "Device.extension[0].valueTriggerDefinition",
     ext("valueTriggerDefinition", {"type": "data-added", "data": [{"type": "Task"}]}),
     ext("valueTriggerDefinition", {"type": "data-added", "data": [{"type": "Task"}], "timingDate": "2026-01-01"})),
    ("trd-2", "Device.extension[0].valueTriggerDefinition",
     ext("valueTriggerDefinition", {"type": "named-event", "name": "x"}),
     ext("valueTriggerDefinition", {"type": "named-event", "name": "x",
                                    "condition": {"language": "a/b", "expression": "x"}})),
    ("tim-1", "DeviceUseStatement.timingTiming.repeat", timing(duration=1, durationUnit="h"), timing(duration=1)),
    ("tim-2", "DeviceUseStatement.timingTiming.repeat", timing(period=1, periodUnit="h"), timing(period=1)),
    ("tim-4", "DeviceUseStatement.timingTiming.repeat", timing(duration=0, durationUnit="h"),
     timing(duration=-1, durationUnit="h")),
    ("tim-5", "DeviceUseStatement.timingTiming.repeat", timing(period=0, periodUnit="h"),
     timing(period=Decimal("-0.5"), periodUnit="h")),
    ("tim-6", "DeviceUseStatement.timingTiming.repeat", timing(period=1, periodUnit="h", periodMax=2),
     timing(periodMax=2)),
    ("tim-7", "DeviceUseStatement.timingTiming.repeat", timing(duration=1, durationUnit="h", durationMax=2),
     timing(durationMax=2)),
    ("tim-8", "DeviceUseStatement.timingTiming.repeat", timing(count=1, countMax=2), timing(countMax=2)),
    ("tim-9", "DeviceUseStatement.timingTiming.repeat", timing(offset=5, when=["HS"]), timing(offset=5)),
    ("tim-10", "DeviceUseStatement.timingTiming.repeat", timing(when=["HS"]),
     timing(when=["HS"], timeOfDay=["10:00:00"])),
    ("que-1", "Questionnaire.item[0]", vraag(type="group", item=[KIND]), vraag(type="group")),
    ("que-2", "Questionnaire", vraag(type="group", item=[KIND]), vraag(type="group", item=[KIND, KIND])),
    ("que-3", "Questionnaire.item[0].item[0]",
     vraag(type="group", item=[{"linkId": "2", "type": "display", "text": "x"}]),
     vraag(type="group", item=[{"linkId": "2", "type": "display", "code": [{"code": "x"}]}])),
    ("que-4", "Questionnaire.item[0]", vraag(type="choice", answerOption=[{"valueString": "a"}]),
     vraag(type="choice", answerOption=[{"valueString": "a"}], answerValueSet="http://x.nl/v")),
    ("que-5", "Questionnaire.item[0]", vraag(type="integer", answerOption=[{"valueInteger": 1}]),
     vraag(type="boolean", answerOption=[{"valueInteger": 1}])),
    ("que-6", "Questionnaire.item[0].item[0]", vraag(type="group", item=[KIND]),
     vraag(type="group", item=[{"linkId": "2", "type": "display", "required": False}])),
    ("que-7", "Questionnaire.item[0].enableWhen[0]",
     vraag(enableWhen=[{"question": "2", "operator": "exists", "answerBoolean": True}]),
     vraag(enableWhen=[{"question": "2", "operator": "exists", "answerString": "ja"}])),
    ("que-8", "Questionnaire.item[0]", vraag(initial=[{"valueString": "x"}]),
     vraag(type="group", item=[KIND], initial=[{"valueString": "x"}])),
    ("que-9", "Questionnaire.item[0].item[0]", vraag(type="group", item=[KIND]),
     vraag(type="group", item=[{"linkId": "2", "type": "display", "readOnly": True}])),
    ("que-10", "Questionnaire.item[0]", vraag(type="text", maxLength=5), vraag(type="date", maxLength=5)),
    ("que-11", "Questionnaire.item[0]", vraag(type="choice", answerOption=[{"valueString": "a"}]),
     vraag(type="choice", answerOption=[{"valueString": "a"}], initial=[{"valueString": "a"}])),
    ("que-12", "Questionnaire.item[0]",
     vraag(enableBehavior="all",
           enableWhen=[{"question": "2", "operator": "exists", "answerBoolean": True}] * 3),
     vraag(enableWhen=[{"question": "2", "operator": "exists", "answerBoolean": True}] * 3)),
    ("que-13", "Questionnaire.item[0]", vraag(repeats=True, initial=[{"valueString": "x"}] * 2),
     vraag(initial=[{"valueString": "x"}] * 2)),
    ("qrs-1", "QuestionnaireResponse.item[0]",
     met("QuestionnaireResponse", item=[{"linkId": "1", "item": [{"linkId": "2"}]}]),
     met("QuestionnaireResponse",
         item=[{"linkId": "1", "answer": [{"valueString": "x"}], "item": [{"linkId": "2"}]}])),
    ("dom-4", "Device", met("Device", contained=[BINNEN], owner={"reference": "#o"}),
     met("Device", contained=[{**BINNEN, "meta": {"lastUpdated": "2026-01-01T00:00:00Z"}}],
         owner={"reference": "#o"})),
    ("dom-5", "Device", met("Device", contained=[BINNEN], owner={"reference": "#o"}),
     met("Device", contained=[{**BINNEN, "meta": {"security": [{"code": "x"}]}}], owner={"reference": "#o"})),
    ("org-1", "Device.contained[0]", met("Device", contained=[BINNEN], owner={"reference": "#o"}),
     met("Device", contained=[{"resourceType": "Organization", "id": "o", "active": True}],
         owner={"reference": "#o"})),
    ("sev-1", "AuditEvent.entity[0]", met("AuditEvent", entity=[{"name": "x"}]),
     met("AuditEvent", entity=[{"name": "x", "query": "SGFsbG8="}])),
    ("cmp-1", "Composition.section[0]", met("Composition", section=[{"entry": [{"reference": "Task/1"}]}]),
     met("Composition", section=[{"title": "x"}])),
    ("cmp-2", "Composition.section[0]", met("Composition", section=[{"entry": [{"reference": "Task/1"}]}]),
     met("Composition", section=[{"entry": [{"reference": "Task/1"}], "emptyReason": {"text": "x"}}])),
]  # fmt: skip


@pytest.mark.parametrize(("sleutel", "plek", "goed", "fout"), GEVALLEN, ids=[g[0] for g in GEVALLEN])
def test_een_regel_van_r4_noemt_haar_sleutel_bij_het_element(sleutel: str, plek: str, goed: Json, fout: Json) -> None:
    assert (sleutel, plek) not in gebroken(goed)
    assert (sleutel, plek) in gebroken(fout)
    melding = next(m for m in VALIDATOR.controleer(fout) if m.code == "fhir-regel" and m.waarden["sleutel"] == sleutel)
    assert sleutel in melding.tekst("nl") and sleutel in melding.tekst("en")


BUNDELS: list[tuple[str, Json]] = [
    ("bdl-1", {"type": "collection", "total": 1}),
    ("bdl-2", {"type": "collection", "entry": [{"resource": BINNEN, "search": {"mode": "match"}}]}),
    ("bdl-3", {"type": "batch", "entry": [{"resource": BINNEN}]}),
    ("bdl-4", {"type": "batch-response", "entry": [{"resource": BINNEN}]}),
    ("bdl-5", {"type": "collection", "entry": [{"fullUrl": "http://x.nl/1"}]}),
    ("bdl-7", {"type": "collection", "entry": [{"fullUrl": "http://x.nl/1", "resource": BINNEN}] * 2}),
    ("bdl-8", {"type": "collection", "entry": [{"fullUrl": "http://x.nl/1/_history/2", "resource": BINNEN}]}),
    ("bdl-9", {"type": "document", "timestamp": "2026-01-01T00:00:00Z"}),
    ("bdl-10", {"type": "document", "identifier": {"system": "http://x.nl", "value": "1"}}),
    ("bdl-11", {"type": "document", "entry": [{"fullUrl": "http://x.nl/1", "resource": BINNEN}]}),
    ("r4-fullurl", {"type": "collection", "entry": [{"resource": BINNEN}]}),
    ("bdl-12", {"type": "message", "entry": [{"fullUrl": "http://x.nl/1", "resource": BINNEN}]}),
]


@pytest.mark.parametrize(("sleutel", "bundel"), BUNDELS, ids=[b[0] for b in BUNDELS])
def test_een_regel_over_bundels(sleutel: str, bundel: Json) -> None:
    assert sleutel in {s for s, _ in gebroken({"resourceType": "Bundle", **bundel})}


def test_een_goede_bundel_breekt_geen_regel() -> None:
    regels = [{"fullUrl": f"http://x.nl/{n}", "resource": met("Device", id=f"d{n}")} for n in range(3)]
    assert gebroken({"resourceType": "Bundle", "type": "collection", "entry": regels}) == []
    zonder = [{"resource": r["resource"], "request": {"method": "POST", "url": "Device"}} for r in regels]
    assert gebroken({"resourceType": "Bundle", "type": "transaction", "entry": zonder}) == []


def test_elke_invariant_van_r4_staat_in_een_profiel_en_bijna_elke_heeft_hier_een_geval() -> None:
    staat = {
        c["key"]
        for d in definities() if d["resourceType"] == "StructureDefinition"
        for e in d["differential"]["element"] for c in e.get("constraint", ()) if c.get("source", "").startswith(HL7)
    }  # fmt: skip
    assert len(staat) == 106
    elders = {"ele-1", "ext-1", "txt-1", "txt-2", "per-1", "ref-1", "dom-2", "dom-3"}  # de structuur: test_validatie
    voorbeelden = {"drq-1", "trd-3"}  # fhir_profiles/examples
    zwak = {"dom-6", "con-3", "que-0"}  # advies en waarschuwingen
    dood = {
        "ppc-2",
        "ppc-3",
        "ppc-4",
        "ppc-5",
        "ctm-1",
    }  # system='something' in R4; ctm-1 alleen met het doel in de hand
    definitie = {naam for naam in staat if naam.startswith("sdf-")}  # over definities zelf: tests/oracle
    assert staat == definitie | {g[0] for g in GEVALLEN} | {b[0] for b in BUNDELS} | elders | voorbeelden | zwak | dood


def test_een_waarschuwing_houdt_niets_tegen_en_advies_zwijgt() -> None:
    bevindingen = VALIDATOR.controleer(met("Questionnaire", name="kleine letters"))
    assert [(m.code, m.ernst, m.waarden["sleutel"]) for m in bevindingen] == [("fhir-regel", "warning", "que-0")]
    assert VALIDATOR.controleer(met("Device", text=None)) == []
