"""Wat de tweede mening van HL7 ons leerde (`make oracle`): elke regel fout en net goed."""

from __future__ import annotations

import time
from typing import Any

import pytest

from paspoort.fhir.landen import is_land
from paspoort.fhir.validatie import Validator
from paspoort.fhir.validatie_orde import orde

VALIDATOR = Validator.laad()
Json = dict[str, Any]
TEST = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}
ZONDER = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}
WIE = {"reference": "Patient/x"}
ORGANISATIE = {"resourceType": "Organization", "id": "o", "name": "Wielwerk"}


def bevindingen(**inhoud: Any) -> list[tuple[str, str, str | None]]:
    heel = {"resourceType": "Communication", "status": "completed", "subject": WIE, **inhoud}
    return [(m.ernst, m.code, m.plek) for m in VALIDATOR.controleer({k: v for k, v in heel.items() if v is not None})]


def test_tekst_van_alleen_spaties_is_een_waarschuwing_want_r4_zegt_should() -> None:
    gevonden = bevindingen(payload=[{"contentString": "  \t"}])
    assert gevonden == [("warning", "fhir-tekst-blanco", "Communication.payload[0].contentString")]
    assert bevindingen(payload=[{"contentString": ""}])[0][0] == "error"


def test_een_verplichte_code_is_niet_te_vervangen_door_een_extensie() -> None:
    assert bevindingen(status=None, _status=ZONDER) == [("error", "fhir-verplicht", "Communication.status")]
    assert bevindingen(_status=ZONDER) == []
    assert bevindingen(sent=None, _sent=ZONDER) == []
    assert bevindingen(_language=ZONDER) == []  # de lijst van talen is preferred


def test_een_verplichte_code_in_een_extensie_ook_niet() -> None:
    extensie = {"url": "http://hulpmiddelenpaspoort.nl/fhir/StructureDefinition/besluitsoort", "_valueCode": ZONDER}
    verzoek = {"resourceType": "DeviceRequest", "status": "active", "intent": "order", "subject": WIE}
    gevonden = VALIDATOR.controleer({**verzoek, "codeCodeableConcept": {"text": "x"}, "extension": [extensie]})
    assert ("fhir-verplicht", "DeviceRequest.extension[0].valueCode") in [(m.code, m.plek) for m in gevonden]


def test_een_id_is_een_kenmerk_zonder_extensies_en_een_extensie_heeft_een_adres() -> None:
    assert bevindingen(_id=ZONDER) == [("error", "fhir-element-onbekend", "Communication._id")]
    verhaal = {"status": "generated", "_div": ZONDER}
    assert ("error", "fhir-element-onbekend", "Communication.text._div") in bevindingen(text=verhaal)
    zonder_adres = {"_url": ZONDER, "valueString": "x"}
    assert bevindingen(extension=[zonder_adres]) == [("error", "fhir-verplicht", "Communication.extension[0].url")]


def test_een_extensie_op_een_primitief_blijft_daar_ook_als_er_een_in_zit() -> None:
    land = {"coding": [{"system": "urn:iso:std:iso:3166", "code": "NL", "_display": ZONDER}]}
    code = {"url": "http://nictiz.nl/fhir/StructureDefinition/ext-CodeSpecification", "valueCodeableConcept": land}
    nummer = {"url": "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-houseNumber", "valueString": "1"}
    regel = {"line": ["Weg 1"], "_line": [{"extension": [code, nummer]}], "country": "Nederland"}
    adres = {**regel, "_country": {"extension": [code]}}
    houder = {"resourceType": "Patient", "address": [adres]}
    assert [m for m in VALIDATOR.controleer(houder) if m.ernst == "error"] == []


def test_een_hoeveelheid_zonder_stelsel_wordt_op_eenheid_vergeleken() -> None:
    cm = {"unit": "cm", "system": "http://unitsofmeasure.org", "code": "cm"}
    assert orde({"value": 1, **cm}, {"value": 2, "unit": "cm", "code": "cm"}) == -1
    assert orde({"value": 1, **cm}, {"value": 2, "unit": "m", "code": "cm"}) is None
    assert orde({"value": 1, **cm}, {"value": 2, **cm, "code": "m"}) is None


def test_een_extensie_kan_iets_van_haar_drager_vragen() -> None:
    extensie = {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs", "valueInteger": 3}
    for repeats, maximum, goed in ((True, 3, True), (False, 3, False), (False, 1, True), (None, 3, False)):
        item = {
            "linkId": "1",
            "type": "string",
            "repeats": repeats,
            "extension": [{**extensie, "valueInteger": maximum}],
        }
        inhoud = {
            "resourceType": "Questionnaire",
            "status": "draft",
            "item": [{k: v for k, v in item.items() if v is not None}],
        }
        fouten = [(m.code, m.plek) for m in VALIDATOR.controleer(inhoud) if m.ernst == "error"]
        assert (
            "fhir-regel" not in {code for code, plek in fouten if plek == "Questionnaire.item[0].extension[0]"}
        ) == goed


def test_een_verwijzing_wijst_of_zegt_waarom_niet() -> None:
    assert bevindingen(sender={"type": "Patient"}) == [("error", "fhir-verwijzing-leeg", "Communication.sender")]
    assert bevindingen(sender={"_reference": ZONDER}) == []


def test_een_label_staat_er_een_keer() -> None:
    ander = {**TEST, "code": "HOPERAT"}
    assert bevindingen(meta={"security": [TEST, ander]}) == []
    dubbel = bevindingen(meta={"security": [TEST, ander, {**TEST, "display": "test"}]})
    assert dubbel == [("error", "fhir-label-dubbel", "Communication.meta.security[2]")]


def test_een_id_wijst_een_contained_aan_en_geen_twee() -> None:
    dubbel = bevindingen(contained=[ORGANISATIE, ORGANISATIE], recipient=[{"reference": "#o"}])
    assert dubbel == [("error", "fhir-contained-dubbel", "Communication.contained[1].id")]
    ander = {**ORGANISATIE, "id": "p"}
    assert bevindingen(contained=[ORGANISATIE, ander], recipient=[{"reference": "#o"}, {"reference": "#p"}]) == []


@pytest.mark.parametrize("code", ["NL", "NLD", "528", "AN", "BES"])
def test_een_land_van_iso_3166(code: str) -> None:
    assert is_land(code)


def test_een_stelsel_zonder_code_wijst_niets_aan() -> None:
    land = {"coding": [{"system": "urn:iso:std:iso:3166"}]}
    assert bevindingen(topic=land) == [("error", "fhir-code-onbekend", "Communication.topic.coding[0].code")]


@pytest.mark.parametrize("code", ["nl", "XX", "ZZZ", "52", "Nederland", ""])
def test_geen_land_van_iso_3166(code: str) -> None:
    assert not is_land(code)
    gevonden = bevindingen(topic={"coding": [{"system": "urn:iso:std:iso:3166", "code": code or " "}]})
    assert [g for g in gevonden if g[0] == "error"] != []


def test_een_plak_zonder_aantal_volgt_de_extensie_zelf() -> None:
    url = "http://hl7.org/fhir/StructureDefinition/humanname-own-prefix"
    vast = {"id": "Extension.url", "path": "Extension.url", "fixedUri": url}
    extensie = {
        "resourceType": "StructureDefinition",
        "id": "p",
        "url": "http://x.test/p",
        "type": "Extension",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Extension",
        "differential": {"element": [{"id": "Extension", "path": "Extension", "max": "1"}, vast]},
    }
    plak = {
        "id": "Patient.name.family.extension:p",
        "path": "Patient.name.family.extension",
        "sliceName": "p",
        "type": [{"code": "Extension", "profile": [url]}],
    }
    profiel = {
        "resourceType": "StructureDefinition",
        "id": "q",
        "url": "http://x.test/q",
        "type": "Patient",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
        "differential": {"element": [plak]},
    }
    validator = Validator([extensie, profiel])
    een = {"url": url, "valueString": "van"}
    for aantal, verwacht in ((1, []), (2, ["fhir-te-veel"])):
        naam = {"family": "Putten", "_family": {"extension": [een] * aantal}}
        inhoud = {"resourceType": "Patient", "meta": {"profile": ["http://x.test/q"]}, "name": [naam]}
        assert [m.code for m in validator.controleer(inhoud) if m.ernst == "error"] == verwacht


def test_verwijzingen_naar_contained_kosten_niet_kwadratisch() -> None:
    def duur(aantal: int) -> float:
        binnen = [{**ORGANISATIE, "id": f"o{i}"} for i in range(aantal)]
        naar = [{"reference": f"#o{i}"} for i in range(aantal)]
        tijden = []
        for _ in range(3):
            begin = time.process_time()
            assert bevindingen(contained=binnen, recipient=naar) == []
            tijden.append(time.process_time() - begin)
        return min(tijden)

    duur(50)
    assert duur(4_000) < 20 * duur(500)  # 8 keer zoveel; kwadratisch zou 64 keer zijn
