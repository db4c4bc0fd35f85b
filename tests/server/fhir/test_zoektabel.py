"""De tabel van zoekparameters: elke parameter is van R4 of van ons, en wijst naar een element dat bestaat."""

from __future__ import annotations

import re

import pytest
from fhir.resources.R4B import get_fhir_model_class

from paspoort.fhir.stelsels import BASIS
from server.fhir.definities import Definities
from server.fhir.search.grammatica import BEPALERS
from server.registry import DEFINITIES, GEMEENSCHAPPELIJK, PATIENT_COMPARTIMENT, TYPES
from server.registry_zoeken import HL7, KEUZES

ALLE = [p for soort in (*TYPES.values(), *DEFINITIES.values()) for p in soort.search]
# Wat er in elk geval op een type hoort, uit het hoofd opgeschreven uit de specificatie.
STEEKPROEF = {
    "Patient": "active address-city address-use birthdate death-date deceased family given link phonetic telecom",
    "Observation": "code-value-quantity combo-code component-value-quantity date derived-from has-member value-date",
    "Task": "authored-on business-status focus group-identifier modified owner performer period priority requester",
    "DeviceUseStatement": "device identifier patient subject",
    "Consent": "action actor data period purpose security-label source-reference",
    "DocumentReference": "authenticator contenttype event facility format relatesto relation relationship setting",
    "CarePlan": "activity-code activity-date activity-reference replaces",
    "Provenance": "agent agent-role agent-type entity location recorded signature-type target when",
    "Questionnaire": "context definition effective jurisdiction subject-type url version",
    "StructureDefinition": "base base-path derivation ext-context kind path type url valueset",
}


def test_elke_parameter_is_van_r4_of_heeft_onze_searchparameter(definities: Definities) -> None:
    for p in (*GEMEENSCHAPPELIJK, *ALLE):
        assert p.type in BEPALERS
        if p.definition.startswith(HL7):
            continue
        assert p.definition.startswith(f"{BASIS}SearchParameter/")
        onze = definities.op_url(p.definition)
        assert onze is not None
        assert (onze["code"], onze["type"], onze["expression"]) == (p.name, p.type, p.expression)
        assert onze["base"] == [p.base]
        assert tuple(onze.get("target", ())) == p.target


def test_elk_van_onze_searchparameters_wordt_aangeboden(definities: Definities) -> None:
    onze = {t.inhoud["url"] for t in definities.van_type("SearchParameter")}
    assert {p.definition for p in ALLE if not p.definition.startswith(HL7)} == onze


@pytest.mark.parametrize("type", STEEKPROEF)
def test_wat_de_specificatie_noemt_is_er(type: str) -> None:
    soort = TYPES.get(type) or DEFINITIES[type]
    assert set(STEEKPROEF[type].split()) <= {p.name for p in soort.search}


def test_een_naam_staat_er_een_keer_en_een_verwijzing_heeft_doelen() -> None:
    for soort in (*TYPES.values(), *DEFINITIES.values()):
        namen = [p.name for p in (*GEMEENSCHAPPELIJK, *soort.search)]
        assert len(namen) == len(set(namen))
        for p in soort.search:
            assert bool(p.target) == (p.type == "reference")
            assert bool(p.component) == (p.type == "composite")


def elementen(type: str) -> set[str]:
    """De elementen van een type volgens fhir.resources; een keuze ook als haar naam zonder type."""
    velden = get_fhir_model_class(type).model_fields.values()
    keuzes = {(f.json_schema_extra or {}).get("one_of_many") for f in velden}
    return {str(f.alias) for f in velden} | {k for k in keuzes if k}


def test_elke_expressie_wijst_naar_een_element_dat_bestaat() -> None:
    for p in ALLE:
        genoemd = set(re.findall(rf"\b{p.base}\.(\w+)", p.expression))
        assert genoemd or p.type == "composite"
        assert genoemd <= elementen(p.base)


def test_de_keuzes_zijn_die_van_het_model() -> None:
    for pad, types in KEUZES.items():
        type_, *rest = pad.split(".")
        if len(rest) != 1:
            continue
        velden = get_fhir_model_class(type_).model_fields
        extra = {f.alias: (f.json_schema_extra or {}).get("one_of_many") for f in velden.values()}
        eigen = {alias for alias, keuze in extra.items() if keuze == rest[0]}
        assert eigen == {rest[0] + t[0].upper() + t[1:] for t in types}


def test_het_compartiment_gebruikt_parameters_die_er_zijn() -> None:
    for type_, namen in PATIENT_COMPARTIMENT.items():
        for naam in namen:
            p = TYPES[type_].parameter(naam)
            assert p is not None
            assert p.wijst_naar("Patient")
