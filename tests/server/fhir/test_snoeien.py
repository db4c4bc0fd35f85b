"""`_elements` en `_summary`: wat overblijft is geldig, zegt dat het onvolledig is, en de invoer verandert niet.

Het model van fhir.resources is de onafhankelijke tweede mening over wat verplicht is en wat bij de samenvatting hoort.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from paspoort.fouten import PaspoortFout
from server.fhir.search.snoeien import ALTIJD, ELEMENTEN, lees_elements, lees_snoei, snoei
from server.registry import TYPES

VOORBEELDEN = Path(__file__).parents[3] / "fhir_profiles/examples"
MERK = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}
GOED = [
    inhoud
    for p in sorted(VOORBEELDEN.glob("*-goed.json"))
    if (inhoud := json.loads(p.read_text("utf-8"))).get("resourceType") in ELEMENTEN
]


def model_keurt_goed(inhoud: dict[str, Any]) -> None:
    get_fhir_model_class(inhoud["resourceType"]).model_validate_json(json.dumps(inhoud))


def test_elk_type_van_de_server_heeft_zijn_elementen() -> None:
    assert TYPES.keys() <= ELEMENTEN.keys()
    assert {i["resourceType"] for i in GOED} >= {"Patient", "Task", "Observation", "DeviceRequest"}


@pytest.mark.parametrize("summary", ["true", "text", "data"])
def test_elk_voorbeeld_blijft_een_geldige_resource(summary: str) -> None:
    for inhoud in GOED:
        voor = copy.deepcopy(inhoud)
        kort = snoei(inhoud, elements=None, summary=summary)
        assert inhoud == voor
        assert kort["meta"]["tag"].count(MERK) == 1
        model_keurt_goed(kort)


def test_met_elements_blijft_wat_gevraagd_en_wat_verplicht_is() -> None:
    for inhoud in GOED:
        for naam in ELEMENTEN[inhoud["resourceType"]].namen - {"meta"}:
            kort = snoei(inhoud, elements=(naam,), summary="false")
            model_keurt_goed(kort)
            basis = ELEMENTEN[inhoud["resourceType"]].basis
            mag = ALTIJD | ELEMENTEN[inhoud["resourceType"]].verplicht | {naam}
            assert {basis(n) for n in kort} <= mag
            assert {n for n in inhoud if basis(n) == naam} <= kort.keys()


def test_de_samenvatting_is_die_van_de_specificatie() -> None:
    for inhoud in GOED:
        model = get_fhir_model_class(inhoud["resourceType"])
        mag = set(model.summary_elements_sequence()) | set(ELEMENTEN[inhoud["resourceType"]].verplicht) | ALTIJD
        mag |= {f"_{n}" for n in mag}
        kort = snoei(inhoud, elements=None, summary="true")
        keuzes = ELEMENTEN[inhoud["resourceType"]].keuzes
        assert {n for n in kort if n not in mag and not n.startswith(keuzes or ("\0",))} == set()
        assert "text" not in kort
        assert {n for n in inhoud if n in set(model.summary_elements_sequence()) - {"text"}} <= kort.keys()


def test_text_geeft_het_verhaal_en_wat_verplicht_is() -> None:
    taak = {"resourceType": "Task", "id": "t", "status": "ready", "intent": "order", "text": {"status": "generated"}}
    kort = snoei({**taak, "note": [{"text": "x"}]}, elements=None, summary="text")
    assert kort == {**taak, "meta": {"tag": [MERK]}}


def test_samengestelde_elementen_houden_alleen_hun_deel_van_de_samenvatting() -> None:
    document = {"resourceType": "DocumentReference", "id": "d", "status": "current", "content": [{"attachment": {}}]}
    inhoud = {**document, "context": {"related": [{"display": "x"}], "sourcePatientInfo": {"display": "y"}}}
    assert "context" in snoei(inhoud, elements=("context",), summary="false")
    kort = snoei(inhoud, elements=None, summary="true")
    assert kort["content"] == [{"attachment": {}}]


def test_zonder_wens_komt_dezelfde_resource_terug() -> None:
    for summary in ("false", "count"):
        assert snoei(GOED[0], elements=None, summary=summary) is GOED[0]
    antwoord = {"resourceType": "GuidanceResponse", "id": "g"}
    assert snoei(antwoord, elements=("id",), summary="true") is antwoord


def test_een_keuze_en_een_primitieve_extensie_horen_bij_hun_element() -> None:
    inhoud = {
        "resourceType": "Patient", "id": "p", "birthDate": "1980", "_birthDate": {"id": "x"}, "deceasedBoolean": False,
        "gender": "other",
    }  # fmt: skip
    kort = snoei(inhoud, elements=("birthDate", "deceased"), summary="false")
    assert kort.keys() == {"resourceType", "id", "meta", "birthDate", "_birthDate", "deceasedBoolean"}


def test_lezen_uit_de_query() -> None:
    assert lees_snoei("Patient", [("x", "y")]) == (None, "false")
    assert lees_snoei("Patient", [("_elements", "name,Patient.birthDate"), ("_summary", "data")]) == (
        ("name", "birthDate"),
        "data",
    )
    for paar in (("_elements", "kleur"), ("_elements", ""), ("_elements", "name,"), ("_summary", "kort")):
        with pytest.raises(PaspoortFout):
            lees_snoei("Patient", [paar])
    assert lees_elements("GuidanceResponse", "status") == ("status",)
