"""Voor elke invariant van R4 op onze typen een mutant die hem schendt, en vaak een buurman die dat net niet doet.

De sleutels zijn die van de specificatie. Algemene schendingen (lege objecten, extensies, omgekeerde perioden) maakt
`mutaties.py` al overal; hier staat wat één type of datatype raakt.
"""

# ruff: noqa: E501 - tabellen lezen beter op één regel
from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tests.oracle.mutaties import Json, Mutant

_EIGEN: Final = "http://terminology.hl7.org/CodeSystem/"
_BINNEN: Final[Json] = {"resourceType": "Organization", "id": "binnen", "name": "Binnen"}
_DIV: Final = '<div xmlns="http://www.w3.org/1999/xhtml">%s</div>'


def _klinisch(code: str) -> Json:
    return {"coding": [{"system": f"{_EIGEN}condition-clinical", "code": code}]}


def _zekerheid(code: str) -> Json:
    return {"coding": [{"system": f"{_EIGEN}condition-ver-status", "code": code}]}


def _verhaal(div: str, status: str = "generated") -> Json:
    return {"text": {"status": status, "div": div}}


def _vraag(**anders: Any) -> Json:
    return {
        "item": [
            {k: v for k, v in {"linkId": "1", "text": "Vraag", "type": "string", **anders}.items() if v is not None}
        ]
    }


def _herhaal(**repeat: Any) -> Json:
    return {"timingPeriod": None, "timingTiming": {"repeat": repeat}}


# op elke resource met tekst en contained: sleutel → wat erbij komt
OVERAL: Final[dict[str, Json]] = {
    "dom-2": {"contained": [{**_BINNEN, "contained": [{**_BINNEN, "id": "dieper"}]}]},
    "dom-3": {"contained": [_BINNEN]},
    "dom-4-versie": {"contained": [{**_BINNEN, "meta": {"versionId": "1"}}]},
    "dom-4-moment": {"contained": [{**_BINNEN, "meta": {"lastUpdated": "2026-03-01T10:00:00Z"}}]},
    "dom-5": {"contained": [{**_BINNEN, "meta": {"security": [{"system": f"{_EIGEN}v3-ActReason", "code": "HTEST"}]}}]},
    "contained-zonder-id": {"contained": [{"resourceType": "Organization", "name": "Binnen"}]},
    "contained-onbekend": {"contained": [{"resourceType": "Rolstoel", "id": "binnen"}]},
    "contained-fout": {"contained": [{**_BINNEN, "active": "ja"}]},
    "goed-verhaal": _verhaal(_DIV % "<p>tekst</p>"),
    "verhaal-status": _verhaal(_DIV % "<p>tekst</p>", "bestaat-niet"),
    "txt-1-script": _verhaal(_DIV % "<script>x</script>"),
    "txt-1-formulier": _verhaal(_DIV % "<form><p>x</p></form>"),
    "txt-1-link": _verhaal(_DIV % '<a href="javascript:x()">a</a>'),
    "txt-1-onload": _verhaal(_DIV % '<p onload="x()">a</p>'),
    "txt-2-leeg": _verhaal(_DIV % "  "),
    "txt-geen-ruimte": _verhaal("<div>tekst</div>"),
    "verhaal-zonder-div": {"text": {"status": "generated"}},
    "goed-taal": {"language": "nl-NL"},
    "taal": {"language": "geen taal"},
    "goed-regels": {"implicitRules": "http://voorbeeld.test/regels"},
    "modifier": {"modifierExtension": [{"url": "http://voorbeeld.test/m", "valueBoolean": True}]},
    "meta-versie": {"meta": {"versionId": "met spatie"}},
    "meta-profiel": {"meta": {"profile": ["met spatie"]}},
    "meta-label": {"meta": {"security": [{"system": f"{_EIGEN}v3-ActReason", "code": "BESTAATNIET"}]}},
    "ids": {"id": "geen_geldig_id"},
}
# per type: sleutel → wat anders wordt (None = weg)
PER_TYPE: Final[dict[str, dict[str, Json]]] = {
    "AuditEvent": {"sev-1": {"entity": [{"name": "x", "query": "YQ=="}]}, "goed-sev-1": {"entity": [{"name": "x"}]}},
    "CarePlan": {
        "cpl-3": {"activity": [{"detail": {"status": "in-progress"}, "reference": {"reference": "DeviceRequest/x"}}]},
        "goed-cpl-3": {"activity": [{"detail": {"status": "in-progress"}}]},
    },
    "CareTeam": {
        "ctm-1": {"participant": [{"member": {"reference": "Patient/x"}, "onBehalfOf": {"reference": "Organization/x"}}]},
        "goed-ctm-1": {"participant": [{"member": {"reference": "Practitioner/x"}, "onBehalfOf": {"reference": "Organization/x"}}]},
    },
    "Composition": {"cmp-1": {"section": [{"title": "leeg"}]}, "goed-cmp-1": {"section": [{"entry": [{"reference": "Device/x"}]}]},
                    "cmp-2": {"section": [{"emptyReason": {"text": "x"}, "entry": [{"reference": "Device/x"}]}]}},
    "Condition": {
        "con-1": {"stage": [{"type": {"text": "x"}}]}, "goed-con-1": {"stage": [{"summary": {"text": "x"}}]},
        "con-2": {"evidence": [{"id": "a"}]}, "goed-con-2": {"evidence": [{"code": [{"text": "x"}]}]},
        "con-4": {"abatementDateTime": "2026-03-01", "clinicalStatus": _klinisch("active")},
        "con-4-zonder": {"abatementDateTime": "2026-03-01", "clinicalStatus": None},
        "goed-con-4": {"abatementDateTime": "2026-03-01", "clinicalStatus": _klinisch("resolved")},
        "con-5": {"verificationStatus": _zekerheid("entered-in-error"), "clinicalStatus": _klinisch("active")},
        "goed-con-5": {"verificationStatus": _zekerheid("entered-in-error"), "clinicalStatus": None},
    },
    "Consent": {"ppc-1": {"policy": None, "policyRule": None}, "goed-ppc-1": {"policy": [{"uri": "http://voorbeeld.test/x"}], "policyRule": None}},
    "Device": {"goed-age": {"expirationDate": "2026-03-01"}},
    "DeviceUseStatement": {
        "tim-1": _herhaal(duration=1), "goed-tim-1": _herhaal(duration=1, durationUnit="h"),
        "tim-2": _herhaal(period=1), "goed-tim-2": _herhaal(period=1, periodUnit="d"),
        "tim-4": _herhaal(duration=-1, durationUnit="h"), "tim-5": _herhaal(period=-1, periodUnit="d"),
        "tim-6": _herhaal(periodMax=2), "tim-7": _herhaal(durationMax=2), "tim-8": _herhaal(countMax=2),
        "tim-9": _herhaal(offset=5, when=["C"]), "tim-9-zonder": _herhaal(offset=5), "goed-tim-9": _herhaal(offset=5, when=["MORN"]),
        "tim-10": _herhaal(timeOfDay=["10:00:00"], when=["MORN"]),
        "eenheid": _herhaal(period=1, periodUnit="dag"), "dag": _herhaal(dayOfWeek=["ma"]), "goed-dag": _herhaal(dayOfWeek=["mon"]),
        "grens": _herhaal(boundsRange={"low": {"value": 3}, "high": {"value": 1}}),
        "goed-grens": _herhaal(boundsPeriod={"start": "2026-03-01"}), "grens-periode": _herhaal(boundsPeriod={"start": "2026-03-02", "end": "2026-03-01"}),
    },
    "DocumentReference": {"att-1": {"content": [{"attachment": {"data": "YQ=="}}]}, "goed-att-1": {"content": [{"attachment": {"data": "YQ==", "contentType": "text/plain"}}]},
                          "mime": {"content": [{"attachment": {"contentType": "geen mime"}}]}, "leeg": {"content": []}},
    "Goal": {
        "gol-1": {"target": [{"detailString": "x"}]}, "goed-gol-1": {"target": [{"measure": {"text": "x"}, "detailString": "x"}]},
        "rng-2": {"target": [{"measure": {"text": "x"}, "detailRange": {"low": {"value": 3}, "high": {"value": 1}}}]},
        "rng-2-eenheid": {"target": [{"measure": {"text": "x"}, "detailRange": {"low": {"value": 3, "code": "cm"}, "high": {"value": 4}}}]},
        "rat-1": {"target": [{"measure": {"text": "x"}, "detailRatio": {"numerator": {"value": 1}}}]},
        "goed-duur": {"target": [{"dueDuration": {"value": 1, "system": "http://unitsofmeasure.org", "code": "d"}}]},
        "drt-1": {"target": [{"dueDuration": {"value": 1, "system": "http://voorbeeld.test", "code": "d"}}]},
        "drt-1-zonder": {"target": [{"dueDuration": {"system": "http://unitsofmeasure.org", "code": "d"}}]},
    },
    "Observation": {
        "obs-3": {"referenceRange": [{"type": {"text": "x"}}]}, "goed-obs-3": {"referenceRange": [{"text": "x"}]},
        "obs-6": {"dataAbsentReason": {"text": "onbekend"}},
        "goed-obs-6": {"dataAbsentReason": {"text": "onbekend"}, "valueQuantity": None},
        "goed-obs-7": {"component": [{"code": {"text": "x"}, "valueString": "x"}]},
        "qty-3": {"valueQuantity": {"value": 1, "code": "cm"}}, "comparator": {"valueQuantity": {"value": 1, "comparator": "=="}},
        "goed-comparator": {"valueQuantity": {"value": 1, "comparator": "<="}},
    },
    "Organization": {
        "org-1": {"name": None, "identifier": None}, "goed-org-1": {"name": None, "identifier": [{"value": "1"}]},
        "org-2": {"address": [{"use": "home", "city": "X"}]}, "goed-org-2": {"address": [{"use": "work", "city": "X"}]},
        "org-3": {"telecom": [{"system": "phone", "value": "1", "use": "home"}]},
    },
    "Patient": {
        "pat-1": {"contact": [{"gender": "female"}]}, "goed-pat-1": {"contact": [{"name": {"family": "X"}}]},
        "cpt-2": {"telecom": [{"value": "1"}]}, "goed-cpt-2": {"telecom": [{"system": "phone", "value": "1"}]},
        "cpt-rang": {"telecom": [{"system": "phone", "value": "1", "rank": 0}]},
    },
    "Questionnaire": {
        "que-1-leeg": _vraag(type="group"), "que-1-kind": _vraag(type="display", item=[{"linkId": "2", "type": "string"}]),
        "goed-que-1": _vraag(type="group", item=[{"linkId": "2", "text": "x", "type": "string"}]),
        "que-2": {"item": [{"linkId": "1", "text": "a", "type": "string"}, {"linkId": "1", "text": "b", "type": "string"}]},
        "que-2-genest": _vraag(type="group", item=[{"linkId": "1", "type": "string"}]),
        "que-3": _vraag(type="display", code=[{"code": "x"}]),
        "que-4": _vraag(type="choice", answerOption=[{"valueString": "a"}], answerValueSet="http://voorbeeld.test/vs"),
        "que-5": _vraag(type="boolean", answerOption=[{"valueString": "a"}]), "goed-que-5": _vraag(type="choice", answerOption=[{"valueString": "a"}]),
        "que-6": _vraag(type="display", required=True), "que-6-herhaal": _vraag(type="display", repeats=False),
        "que-7": _vraag(enableWhen=[{"question": "2", "operator": "exists", "answerString": "x"}]),
        "que-8": _vraag(type="display", initial=[{"valueString": "x"}]), "que-9": _vraag(type="display", readOnly=True),
        "que-10": _vraag(type="date", maxLength=3), "goed-que-10": _vraag(type="text", maxLength=3),
        "que-11": _vraag(type="choice", answerOption=[{"valueString": "a"}], initial=[{"valueString": "a"}]),
        "que-12": _vraag(enableWhen=[{"question": "2", "operator": "exists", "answerBoolean": True}] * 3),
        "que-13": _vraag(initial=[{"valueString": "a"}, {"valueString": "b"}]), "goed-que-13": _vraag(initial=[{"valueString": "a"}]),
        "soort": _vraag(type="tekst"), "operator": _vraag(enableWhen=[{"question": "2", "operator": "==", "answerString": "x"}]),
    },
    "RelatedPerson": {"per-1": {"period": {"start": "2026-03-02", "end": "2026-03-01"}},
                      "goed-per-1": {"period": {"start": "2026-03-01", "end": "2026-03-01"}},
                      "per-1-jaar": {"period": {"start": "2026-03", "end": "2025"}}, "goed-per-1-jaar": {"period": {"start": "2026-03-01", "end": "2026"}}},
    "Task": {
        "inv-1": {"authoredOn": "2026-03-02T10:00:00Z", "lastModified": "2026-03-01T10:00:00Z"},
        "inv-1-dag": {"authoredOn": "2026-03-02", "lastModified": "2026-03-01"},
        "goed-inv-1": {"authoredOn": "2026-03-01T10:00:00Z", "lastModified": "2026-03-01T11:00:00+01:00"},
    },
}  # fmt: skip


def invarianten(basis: str, inhoud: Json) -> Iterator[Mutant]:
    """De mutanten van dit ene voorbeeld; alleen van het voorbeeld van een type zelf (`hmp-<Type>-goed`)."""
    soort = str(inhoud["resourceType"])
    if basis != f"hmp-{soort}-goed":
        return
    overal = {} if soort in ("Binary", "Bundle", "OperationOutcome") else OVERAL
    for sleutel, anders in [*overal.items(), *PER_TYPE.get(soort, {}).items()]:
        nieuw = {k: v for k, v in {**inhoud, **anders}.items() if v is not None}
        yield Mutant(basis, soort, f"inv-{sleutel}", "invariant", nieuw)
