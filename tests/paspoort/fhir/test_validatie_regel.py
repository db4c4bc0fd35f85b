"""Van StructureDefinition naar regels: een fout in een profiel blijkt bij het laden, niet bij een houder."""

from __future__ import annotations

from typing import Any

import pytest

from paspoort.fhir.stelsels import BASIS
from paspoort.fhir.validatie import Validator, definities
from paspoort.fhir.validatie_bouw import bouw
from paspoort.fhir.validatie_codes import Codes
from paspoort.fhir.validatie_regel import past_patroon, vorm_van_pad

CODES = Codes(definities())
URL = f"{BASIS}StructureDefinition/proef"


def profiel(*elementen: dict[str, Any], soort: str = "Task") -> dict[str, Any]:
    return {
        "resourceType": "StructureDefinition",
        "url": URL,
        "type": soort,
        "differential": {"element": [{"id": soort, "path": soort}, *elementen]},
    }


@pytest.mark.parametrize(
    "element",
    [
        {"id": "Task.kleur"},
        {"id": "Device.status"},
        {"id": "Task.waarde[x]"},
        {"id": "Task.input.value[x].coding"},
        {"id": "Task.input:zonder-slicing"},
        {"id": "Task.input.value[x]", "type": [{"code": "Rolstoel"}]},
        {"id": "Task.status", "binding": {"strength": "required", "valueSet": f"{BASIS}ValueSet/bestaat-niet"}},
    ],
    ids=lambda e: str(e["id"]),
)
def test_een_profiel_dat_naar_iets_wijst_wat_er_niet_is_laadt_niet(element: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        bouw(profiel(element), CODES)


def test_een_plak_zonder_kenmerk_laadt_niet() -> None:
    slicing = {"discriminator": [{"type": "pattern", "path": "type"}], "rules": "open"}
    with pytest.raises(ValueError, match="geen patroon"):
        bouw(profiel({"id": "Task.input", "slicing": slicing}, {"id": "Task.input:iets", "min": 1}), CODES)


def test_een_waardelijst_die_zichzelf_bevat_laadt_niet() -> None:
    lijst = {
        "resourceType": "ValueSet",
        "url": "http://x.nl/a",
        "compose": {"include": [{"valueSet": ["http://x.nl/a"]}]},
    }
    with pytest.raises(ValueError, match="zichzelf"):
        Codes([lijst])


def test_een_code_uit_een_lijst_met_een_filter_is_niet_na_te_gaan() -> None:
    deel = {"system": "http://snomed.info/sct", "filter": [{"property": "concept", "op": "is-a", "value": "260787004"}]}
    lijst = Codes([{"resourceType": "ValueSet", "url": "http://x.nl/a", "compose": {"include": [deel]}}]).lijst(
        "http://x.nl/a|1"
    )
    assert lijst is not None
    assert lijst.bevat("http://snomed.info/sct", "58938008") == "onbekend"
    assert lijst.bevat("http://loinc.org", "59284-0") == "eruit"


def test_een_code_buiten_zo_een_lijst_is_een_waarschuwing_ook_bij_een_verplichte_lijst() -> None:
    lijst = f"{BASIS}ValueSet/snomed-proef"
    eigen = {
        "resourceType": "StructureDefinition",
        "url": f"{BASIS}StructureDefinition/hmp-Device",
        "type": "Device",
        "differential": {"element": [{"id": "Device.type", "binding": {"strength": "required", "valueSet": lijst}}]},
    }
    deel = {"system": "http://snomed.info/sct", "filter": [{"property": "concept", "op": "is-a", "value": "260787004"}]}
    validator = Validator([eigen, {"resourceType": "ValueSet", "url": lijst, "compose": {"include": [deel]}}])
    stoel = {"resourceType": "Device", "type": {"coding": [{"system": "http://loinc.org", "code": "1"}]}}
    assert [(m.code, m.ernst, m.plek) for m in validator.controleer(stoel)] == [
        ("fhir-code-buiten-lijst", "warning", "Device.type.coding[0]")
    ]
    stoel["type"] = {"coding": [{"system": "http://snomed.info/sct", "code": "58938008"}]}
    assert validator.controleer(stoel) == []


def test_een_pad_wordt_de_vorm_waar_het_op_uitkomt() -> None:
    assert vorm_van_pad("CarePlan.activity.detail") == "CarePlanActivityDetail"
    assert vorm_van_pad("Questionnaire.item") == "QuestionnaireItem"


@pytest.mark.parametrize(
    ("patroon", "waarde", "past"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": 1}, {"b": 2}, False),
        ({"c": [{"code": "x"}]}, {"c": [{"code": "y"}, {"code": "x", "system": "s"}]}, True),
        ({"c": [{"code": "x"}]}, {"c": [{"code": "y"}]}, False),
        (True, 1, False),
        ("x", "x", True),
    ],
)
def test_een_patroon_past_als_alles_ervan_ook_in_de_waarde_staat(patroon: Any, waarde: Any, past: bool) -> None:
    assert past_patroon(patroon, waarde) is past
