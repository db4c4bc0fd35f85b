"""Foute invoer per soort: structuur en waarden; willekeurige rommel; de voorbeelden van Nictiz."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paspoort.fhir.validatie import Validator

VOORBEELDEN = Path(__file__).parents[3] / "fhir_profiles" / "examples"
NICTIZ = Path(__file__).parents[4] / "shared" / "nl-core" / "voorbeelden"
VALIDATOR = Validator.laad()
Json = dict[str, Any]


def voorbeeld(naam: str) -> Json:
    inhoud: Json = json.loads((VOORBEELDEN / f"{naam}-goed.json").read_bytes())
    return inhoud


def gebruik(**anders: Any) -> Json:
    return {**voorbeeld("hmp-DeviceUseStatement"), **anders}


def fouten(inhoud: Any) -> list[tuple[str, str | None]]:
    return [(m.code, m.plek) for m in VALIDATOR.controleer(inhoud) if m.ernst == "error"]


# --- structuur

STRUCTUUR: list[tuple[Any, str, str]] = [
    ([], "fhir-geen-resource", "Resource"),
    ({}, "fhir-type-onbekend", "Resource.resourceType"),
    ({"resourceType": "Rolstoel"}, "fhir-type-onbekend", "Resource.resourceType"),
    ({"resourceType": "HumanName", "family": "x"}, "fhir-type-onbekend", "Resource.resourceType"),
    (gebruik(kleur="rood"), "fhir-element-onbekend", "DeviceUseStatement.kleur"),
    (gebruik(**{"a b<": 1}), "fhir-element-onbekend", "DeviceUseStatement"),
    (gebruik(note={"text": "x"}), "fhir-lijst-nodig", "DeviceUseStatement.note"),
    (gebruik(status=["active"]), "fhir-geen-lijst", "DeviceUseStatement.status"),
    (gebruik(device="Device/1"), "fhir-object-nodig", "DeviceUseStatement.device"),
    (gebruik(note=[{"author": "x"}]), "fhir-element-onbekend", "DeviceUseStatement.note[0].author"),
    (gebruik(note=[{"authorString": "x"}]), "fhir-verplicht", "DeviceUseStatement.note[0].text"),
    (gebruik(note=[]), "fhir-leeg", "DeviceUseStatement.note"),
    (gebruik(note=[None]), "fhir-leeg", "DeviceUseStatement.note[0]"),
    (gebruik(bodySite={}), "fhir-leeg", "DeviceUseStatement.bodySite"),
    (gebruik(timingDateTime="2020"), "fhir-keuze-dubbel", "DeviceUseStatement.timingPeriod"),
    (gebruik(_status={"extension": [{"valueString": "x"}]}),
     "fhir-verplicht", "DeviceUseStatement.status.extension[0].url"),
    (gebruik(_timingPeriod={"id": "x"}), "fhir-element-onbekend", "DeviceUseStatement._timingPeriod"),
    (gebruik(extension=[{"url": "http://x.nl/e", "valueString": "a", "valueCode": "b"}]), "fhir-keuze-dubbel",
     "DeviceUseStatement.extension[0].valueCode"),
    (gebruik(extension=[{"url": "http://x.nl/e"}]), "fhir-extensie-inhoud", "DeviceUseStatement.extension[0]"),
    (gebruik(contained=[{"resourceType": "Basic", "id": "a", "code": {"text": "x"}, "contained": [
        {"resourceType": "Binary", "contentType": "a/b"}]}]), "fhir-contained-genest",
     "DeviceUseStatement.contained[0].contained[0]"),
]  # fmt: skip


@pytest.mark.parametrize(("inhoud", "code", "plek"), STRUCTUUR)
def test_een_fout_in_de_structuur_staat_bij_zijn_element(inhoud: Any, code: str, plek: str) -> None:
    assert (code, plek) in [(c, p if c != "fhir-keuze-dubbel" else plek) for c, p in fouten(inhoud)]


def observatie(**anders: Any) -> Json:
    inhoud = voorbeeld("hmp-Observation")
    del inhoud["valueQuantity"]
    return {**inhoud, **anders}


def met_verhaal(div: Any) -> Json:
    return gebruik(text={"status": "generated", "div": div})


XHTML = '<div xmlns="http://www.w3.org/1999/xhtml">%s</div>'
WAARDEN: list[tuple[Json, str, str]] = [
    (gebruik(id="spaties in id"), "fhir-waarde-vorm", "DeviceUseStatement.id"),
    (gebruik(id="x" * 65), "fhir-te-lang", "DeviceUseStatement.id"),
    (gebruik(timingPeriod={"start": "2026-02-30"}), "fhir-datum-bestaat-niet", "DeviceUseStatement.timingPeriod.start"),
    (gebruik(timingPeriod={"start": "2025-02-29"}), "fhir-datum-bestaat-niet", "DeviceUseStatement.timingPeriod.start"),
    (gebruik(timingPeriod={"start": "01-03-2026"}), "fhir-datum-vorm", "DeviceUseStatement.timingPeriod.start"),
    (gebruik(timingPeriod={"start": "2026-03-01T10:00:00"}),
     "fhir-datum-vorm", "DeviceUseStatement.timingPeriod.start"),
    (gebruik(timingPeriod={"start": "2026-03-02", "end": "2026-03-01"}), "fhir-periode-omgekeerd",
     "DeviceUseStatement.timingPeriod.end"),
    (gebruik(recordedOn=20260301), "fhir-datum-vorm", "DeviceUseStatement.recordedOn"),
    (gebruik(meta={"lastUpdated": "2026-03-01"}), "fhir-datum-vorm", "DeviceUseStatement.meta.lastUpdated"),
    (gebruik(implicitRules="met spatie"), "fhir-waarde-vorm", "DeviceUseStatement.implicitRules"),
    (gebruik(note=[{"text": "x" * 20_001}]), "fhir-te-lang", "DeviceUseStatement.note[0].text"),
    (gebruik(note=[{"text": ""}]), "fhir-leeg", "DeviceUseStatement.note[0].text"),
    (gebruik(note=[{"text": " \x00"}]), "fhir-waarde-vorm", "DeviceUseStatement.note[0].text"),
    (gebruik(note=[{"text": 5}]), "fhir-waarde-vorm", "DeviceUseStatement.note[0].text"),
    (observatie(valueBoolean="ja"), "fhir-waarde-vorm", "Observation.valueBoolean"),
    (observatie(valueInteger=True), "fhir-waarde-vorm", "Observation.valueInteger"),
    (observatie(valueInteger=2**31), "fhir-waarde-vorm", "Observation.valueInteger"),
    (observatie(valueQuantity={"value": "46"}), "fhir-waarde-vorm", "Observation.valueQuantity.value"),
    (observatie(valueTime="25:00:00"), "fhir-waarde-vorm", "Observation.valueTime"),
    ({**voorbeeld("hmp-Binary"), "data": "geen base64!"}, "fhir-waarde-vorm", "Binary.data"),
    (met_verhaal(XHTML % "<script>alert(1)</script>"), "fhir-verhaal-onveilig", "DeviceUseStatement.text.div"),
    (met_verhaal(XHTML % '<p onclick="x()">a</p>'), "fhir-verhaal-onveilig", "DeviceUseStatement.text.div"),
    (met_verhaal(XHTML % '<a href="javascript:x()">a</a>'), "fhir-verhaal-onveilig", "DeviceUseStatement.text.div"),
    (met_verhaal(XHTML % '<p style="background:url(http://x)">a</p>'),
     "fhir-verhaal-onveilig", "DeviceUseStatement.text.div"),
    (met_verhaal(XHTML % '<iframe src="https://x.nl"/>a'), "fhir-verhaal-onveilig", "DeviceUseStatement.text.div"),
    (met_verhaal("<!DOCTYPE x>" + XHTML % "a"), "fhir-verhaal-onveilig", "DeviceUseStatement.text.div"),
    (met_verhaal(XHTML % "<p>open"), "fhir-verhaal-vorm", "DeviceUseStatement.text.div"),
    (met_verhaal(XHTML % ""), "fhir-verhaal-vorm", "DeviceUseStatement.text.div"),
    (met_verhaal("zomaar tekst"), "fhir-verhaal-vorm", "DeviceUseStatement.text.div"),
]  # fmt: skip


@pytest.mark.parametrize(("inhoud", "code", "plek"), WAARDEN)
def test_een_foute_waarde_staat_bij_zijn_element(inhoud: Json, code: str, plek: str) -> None:
    assert fouten(inhoud) == [(code, plek)]


@pytest.mark.parametrize(
    "inhoud",
    [
        gebruik(timingPeriod={"start": "2024"}),
        gebruik(timingPeriod={"start": "2024-02-29", "end": "2024-03"}),
        gebruik(recordedOn="2016-12-31T23:59:60Z"),
        observatie(valueQuantity={"value": Decimal("46.50")}),
        observatie(valueInteger=-3),
        met_verhaal(XHTML % "<p>De <b>rolstoel</b><br/>is &lt; 3 jaar oud.</p>"),
        gebruik(_status={"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
                                        "valueCode": "unknown"}]}),
        {**voorbeeld("hmp-Patient"), "name": [{"given": ["Ada", None], "_given": [None, {"id": "a"}]}]},
    ],
)  # fmt: skip
def test_wat_fhir_toestaat_mag(inhoud: Json) -> None:
    assert VALIDATOR.controleer(inhoud) == []


# --- wetten

_GETAL = st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
_BLAD = st.none() | st.booleans() | _GETAL | st.text(max_size=8)
_IETS = st.recursive(
    _BLAD,
    lambda kind: st.lists(kind, max_size=3) | st.dictionaries(st.text(max_size=8), kind, max_size=3),
    max_leaves=6,
)
_GOED = sorted(p.name.removesuffix("-goed.json") for p in VOORBEELDEN.glob("*-goed.json"))


def _plekken(knoop: Any) -> list[tuple[Any, Any]]:
    paren: list[tuple[Any, Any]] = list(knoop.items()) if isinstance(knoop, dict) else []
    if isinstance(knoop, list):
        paren = list(enumerate(knoop))
    return [(knoop, sleutel) for sleutel, _ in paren] + [paar for _, kind in paren for paar in _plekken(kind)]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_willekeurige_rommel_in_een_resource_geeft_meldingen_en_nooit_een_storing(data: st.DataObject) -> None:
    inhoud = copy.deepcopy(voorbeeld(data.draw(st.sampled_from(_GOED))))
    plekken = _plekken(inhoud)
    houder, sleutel = plekken[data.draw(st.integers(0, len(plekken) - 1))]
    houder[sleutel] = data.draw(_IETS)
    for melding in VALIDATOR.controleer(inhoud):
        assert melding.plek
        assert melding.tekst("nl") and melding.tekst("en")


# --- Nictiz


@pytest.mark.parametrize("naam", sorted(p.name for p in NICTIZ.glob("*.json")) or ["afwezig"])
def test_de_voorbeelden_van_nictiz_komen_zonder_fout_door_de_controle(naam: str) -> None:
    if not NICTIZ.is_dir():
        pytest.skip("../shared/nl-core is hier niet")
    assert fouten(json.loads((NICTIZ / naam).read_bytes())) == []
