"""De profielen van nl-core naast de onze: zij laden, nemen de voorbeelden van Nictiz aan, en weigeren wat fout is."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paspoort.fhir.fhirjson import lees
from paspoort.fhir.validatie import Validator, definities

NL_CORE = Path(__file__).parents[4] / "shared" / "nl-core"
VOORBEELDEN = sorted(p.name for p in (NL_CORE / "voorbeelden").glob("*.json")) or ["afwezig"]
Json = dict[str, Any]


@pytest.fixture(scope="module")
def validator() -> Validator:
    if not NL_CORE.is_dir():
        pytest.skip("../shared/nl-core is hier niet")
    bestanden = [p for map in ("profielen", "waardelijsten") for p in sorted((NL_CORE / map).glob("*.json"))]
    return Validator([*definities(), *(lees(p.read_bytes()) for p in bestanden)])


def voorbeeld(naam: str) -> Json:
    return lees((NL_CORE / "voorbeelden" / naam).read_bytes())


@pytest.mark.parametrize("naam", VOORBEELDEN)
def test_een_voorbeeld_van_nictiz_voldoet_aan_zijn_profiel(validator: Validator, naam: str) -> None:
    bevindingen = validator.controleer(voorbeeld(naam))
    assert [m for m in bevindingen if m.ernst == "error" or m.code == "fhir-profiel-onbekend"] == []


def _zonder(*pad: str) -> Callable[[Json], None]:
    def doe(inhoud: Json) -> None:
        for stuk in pad[:-1]:
            inhoud = inhoud[int(stuk)] if isinstance(inhoud, list) else inhoud[stuk]
        inhoud.pop(int(pad[-1])) if isinstance(inhoud, list) else inhoud.pop(pad[-1])

    return doe


FOUT: list[tuple[str, Callable[[Json], Any], str, str]] = [
    ("nl-core-Mobility.Walking-01", lambda d: d.update(valueCodeableConcept={"coding": [
        {"system": "http://snomed.info/sct", "code": "1"}]}), "fhir-code-onbekend",
     "Observation.valueCodeableConcept.coding[0]"),
    ("nl-core-Mobility.Walking-01", lambda d: d["code"]["coding"][0].update(code="1"), "fhir-profiel-waarde",
     "Observation.code"),
    ("nl-core-MedicalDevice-01", _zonder("subject"), "fhir-verplicht", "DeviceUseStatement.subject"),
    ("nl-core-Problem-01", _zonder("verificationStatus", "coding"), "fhir-verplicht",
     "Condition.verificationStatus.coding"),
    ("nl-core-Patient-01", lambda d: next(n for n in d["name"] if n.get("use") == "official")["_given"][0].pop(
        "extension"), "fhir-leeg", "Patient.name[0].given[0]"),
]  # fmt: skip


@pytest.mark.parametrize(("naam", "doe", "code", "plek"), FOUT, ids=[f"{f[0]}:{f[2]}" for f in FOUT])
def test_een_fout_tegen_nl_core_staat_bij_zijn_element(
    validator: Validator, naam: str, doe: Callable[[Json], Any], code: str, plek: str
) -> None:
    inhoud = copy.deepcopy(voorbeeld(f"{naam}.json"))
    doe(inhoud)
    assert (code, plek) in [(m.code, m.plek) for m in validator.controleer(inhoud)]


def test_de_server_kent_nl_core_niet_en_waarschuwt_alleen() -> None:
    if not NL_CORE.is_dir():
        pytest.skip("../shared/nl-core is hier niet")
    bevindingen = Validator.laad().controleer(voorbeeld("nl-core-MedicalDevice-01.json"))
    assert [(m.code, m.ernst) for m in bevindingen] == [("fhir-profiel-onbekend", "warning")]
