"""UCUM: welke codes een eenheid zijn."""

from __future__ import annotations

import pytest

from paspoort.fhir.fhirjson import lees
from paspoort.fhir.ucum import is_ucum
from paspoort.fhir.validatie import Validator


@pytest.mark.parametrize(
    "code",
    [
        "cm",
        "kg",
        "g",
        "mm",
        "m",
        "d",
        "h",
        "min",
        "a",
        "wk",
        "mo",
        "%",
        "1",
        "kg/m2",
        "10*3/uL",
        "10*-3",
        "/min",
        "m.s-1",
        "{score}",
        "kg{droog}",
        "mm[Hg]",
        "cm[H2O]",
        "[in_i]",
        "Cel",
        "(kg.m)/s2",
        "km/h",
        "dar",
        "daPa",
        "[iU]/L",
        "mmol/L",
        "W",
        "V",
        "Ah{x}",
        "24.h",
        "[degF]",
        "(m/s){op}.s",
        "B[10.nV]",
        "ueq",
    ],
)
def test_een_eenheid(code: str) -> None:
    # Ah bestaat niet als één eenheid: ampère-uur is A.h
    assert is_ucum(code) is (code != "Ah{x}")


@pytest.mark.parametrize(
    "code", ["CM", "bestaat-niet", "", "cm ", "kg//m", "(kg", "kg)", "m.", ".m", "{open", "jaar", "uur", "k[in_i]"]
)
def test_geen_eenheid(code: str) -> None:
    assert not is_ucum(code)


def test_veel_haakjes_kosten_niets() -> None:
    assert not is_ucum("(" * 199)
    assert is_ucum("(" * 99 + "m" + ")" * 99)


@pytest.mark.parametrize(("code", "fout"), [("cm", False), ("CM", True)])
def test_een_hoeveelheid_in_ucum_heeft_een_code_van_ucum(code: str, fout: bool) -> None:
    inhoud = lees(
        b'{"resourceType":"Observation","status":"final","code":{"text":"zit"},"subject":{"reference":"Patient/p"},'
        b'"valueQuantity":{"value":44,"system":"http://unitsofmeasure.org","code":"%s"}}' % code.encode()
    )
    gevonden = [(m.code, m.plek) for m in Validator.laad().controleer(inhoud) if m.plek and "valueQuantity" in m.plek]
    assert gevonden == ([("fhir-code-onbekend", "Observation.valueQuantity.code")] if fout else [])
