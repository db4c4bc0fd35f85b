"""De definities zelf: elk profiel en elke extensie compleet, met een goed en een fout voorbeeld.

Het model van fhir.resources is de onafhankelijke tweede mening over elk goed voorbeeld.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from paspoort.fhir.stelsels import BASIS
from paspoort.fhir.validatie import Validator, definities
from paspoort.fouten import TEKSTEN

PROFIELEN = Path(__file__).parents[3] / "fhir_profiles"
VOORBEELDEN = PROFIELEN / "examples"
VERWACHT: dict[str, list[str]] = json.loads((VOORBEELDEN / "verwacht.json").read_bytes())
STRUCTUREN = {d["id"] for d in definities() if d["resourceType"] == "StructureDefinition"}
# de antwoorden op een vragenlijst weegt tests/paspoort/fhir/vragenlijst/test_vragenlijst_voorbeelden.py
VRAGENLIJSTEN = {p.stem for p in (PROFIELEN / "Questionnaire").glob("*.json") if not p.stem.startswith("hmp-")}
GOED = sorted(p.name for p in VOORBEELDEN.glob("*-goed.json"))
# Een fout voorbeeld van een vragenlijst heeft een fout antwoord; dat ziet paspoort/fhir/vragenlijst, niet de validator.
FOUT = sorted(naam for naam in VERWACHT if naam.removesuffix("-fout.json") in STRUCTUREN)
BESTANDEN = [p for p in PROFIELEN.glob("*/*.json") if p.parent.name != "examples"]
DEFINITIES = {p.relative_to(PROFIELEN).as_posix(): p for p in BESTANDEN}
NAMEN = """Patient RelatedPerson Condition Observation Goal Device DeviceUseStatement QuestionnaireResponse
    DeviceRequest Task CareTeam CarePlan Consent DocumentReference Binary Communication Provenance AuditEvent
    Subscription Organization Practitioner PractitionerRole Questionnaire"""
CONTRACT = NAMEN.split()


def lees(pad: Path) -> dict[str, Any]:
    inhoud: dict[str, Any] = json.loads(pad.read_bytes())
    return inhoud


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator.laad()


@pytest.mark.parametrize("naam", GOED)
def test_een_goed_voorbeeld_wordt_zonder_bevinding_aangenomen(validator: Validator, naam: str) -> None:
    assert validator.controleer(lees(VOORBEELDEN / naam)) == []


@pytest.mark.parametrize("naam", GOED)
def test_een_goed_voorbeeld_is_ook_voor_fhir_resources_goed(naam: str) -> None:
    inhoud = lees(VOORBEELDEN / naam)
    get_fhir_model_class(inhoud["resourceType"]).model_validate_json(json.dumps(inhoud))


@pytest.mark.parametrize("naam", FOUT)
def test_een_fout_voorbeeld_wordt_geweigerd_op_het_element_dat_fout_is(validator: Validator, naam: str) -> None:
    code, plek = VERWACHT[naam]
    bevindingen = validator.controleer(lees(VOORBEELDEN / naam))
    assert [(m.code, m.plek, m.ernst) for m in bevindingen] == [(code, plek, "error")]


def test_elk_profiel_en_elke_extensie_heeft_een_goed_en_een_fout_voorbeeld() -> None:
    assert {naam.removesuffix("-goed.json") for naam in GOED} >= STRUCTUREN
    assert {naam.removesuffix("-fout.json") for naam in FOUT} == STRUCTUREN


@pytest.mark.parametrize("soort", CONTRACT)
def test_elk_type_van_het_contract_heeft_een_minimumprofiel(soort: str) -> None:
    profiel = lees(PROFIELEN / soort / f"hmp-{soort}.json")
    assert profiel["type"] == soort
    assert profiel["derivation"] == "constraint"
    assert profiel["baseDefinition"] == f"http://hl7.org/fhir/StructureDefinition/{soort}"


@pytest.mark.parametrize("pad", sorted(DEFINITIES))
def test_bestandsnaam_is_id_is_staart_van_de_url_en_er_staat_een_beschrijving(pad: str) -> None:
    inhoud = lees(DEFINITIES[pad])
    assert inhoud["id"] == DEFINITIES[pad].stem
    naam = inhoud["id"]
    if inhoud["resourceType"] == "Questionnaire" and inhoud["status"] == "retired":
        naam = naam.removesuffix(f"-{inhoud['version']}")  # een eerdere versie staat onder haar nummer
    assert inhoud["url"] == f"{BASIS}{inhoud['resourceType']}/{naam}"
    assert inhoud["language"] == "nl"
    assert len(inhoud["description"]) > 8


@pytest.mark.parametrize("pad", sorted(DEFINITIES))
def test_een_definitie_is_zelf_goede_fhir(validator: Validator, pad: str) -> None:
    assert validator.controleer(lees(DEFINITIES[pad])) == []


def test_elke_code_heeft_een_weergave_en_een_uitleg_en_komt_een_keer_voor() -> None:
    for stelsel in (d for d in definities() if d["resourceType"] == "CodeSystem"):
        codes = [begrip["code"] for begrip in stelsel["concept"]]
        assert len(codes) == len(set(codes)) == stelsel["count"], stelsel["id"]
        for begrip in stelsel["concept"]:
            assert begrip["display"] and begrip["definition"], (stelsel["id"], begrip["code"])


def test_elk_codestelsel_heeft_een_waardelijst_met_dezelfde_codes(validator: Validator) -> None:
    for stelsel in (d for d in definities() if d["resourceType"] == "CodeSystem"):
        lijst = validator.codes.lijst(f"{BASIS}ValueSet/{stelsel['id']}")
        assert lijst is not None, stelsel["id"]
        eigen = {code for code in lijst.codes if code[0] == stelsel["url"]}
        assert eigen == {(stelsel["url"], begrip["code"]) for begrip in stelsel["concept"]}


def test_de_validator_kent_elk_type_van_het_contract(validator: Validator) -> None:
    assert set(CONTRACT) <= validator.profielen.typen


def test_elke_foutcode_van_de_validatie_heeft_tekst_in_twee_talen() -> None:
    bronnen = (PROFIELEN.parent / "paspoort" / "fhir").glob("validatie*.py")
    gebruikt = {stuk for bron in bronnen for stuk in bron.read_text().split('"') if stuk.startswith("fhir-")}
    assert gebruikt == {code for code in TEKSTEN if code.startswith("fhir-")}
