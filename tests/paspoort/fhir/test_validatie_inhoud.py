"""Foute invoer per soort: codes, verwijzingen, profiel. Elke fout staat bij zijn element."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paspoort.fhir.stelsels import BASIS
from paspoort.fhir.validatie import Validator

VOORBEELDEN = Path(__file__).parents[3] / "fhir_profiles" / "examples"
SD = f"{BASIS}StructureDefinition/"
VALIDATOR = Validator.laad()
Json = dict[str, Any]


def voorbeeld(naam: str) -> Json:
    inhoud: Json = json.loads((VOORBEELDEN / f"{naam}-goed.json").read_bytes())
    return inhoud


def gebruik(**anders: Any) -> Json:
    return {**voorbeeld("hmp-DeviceUseStatement"), **anders}


def fouten(inhoud: Any) -> list[tuple[str, str | None]]:
    return [(m.code, m.plek) for m in VALIDATOR.controleer(inhoud) if m.ernst == "error"]


# --- codes


def met(naam: str, doe: Callable[[Json], object]) -> Json:
    inhoud = voorbeeld(naam)
    doe(inhoud)
    return inhoud


CODES: list[tuple[Json, str]] = [
    (gebruik(status="uitgeleend"), "DeviceUseStatement.status"),
    ({**voorbeeld("hmp-Task"), "status": "klaar"}, "Task.status"),
    ({**voorbeeld("hmp-Task"), "intent": "wens"}, "Task.intent"),
    ({**voorbeeld("hmp-Patient"), "gender": "v"}, "Patient.gender"),
    (met("hmp-Patient", lambda d: d["name"][0].update(use="roepnaam")), "Patient.name[0].use"),
    (met("hmp-Condition", lambda d: d["clinicalStatus"]["coding"][0].update(code="ziek")),
     "Condition.clinicalStatus.coding[0]"),
    (met("hmp-Consent", lambda d: d["provision"]["securityLabel"][1].update(code="alles")),
     "Consent.provision.securityLabel[1]"),
    (met("hmp-Consent", lambda d: d["provision"].update(type="misschien")), "Consent.provision.type"),
    (met("hmp-Questionnaire", lambda d: d["item"][0].update(item=[{"linkId": "2", "type": "vraag"}])),
     "Questionnaire.item[0].item[0].type"),
    (gebruik(extension=[{"url": SD + "verstrekkingsvorm", "valueCode": "contant"}]),
     "DeviceUseStatement.extension[0].valueCode"),
]  # fmt: skip


@pytest.mark.parametrize(("inhoud", "plek"), CODES)
def test_een_code_die_niet_bestaat_wordt_geweigerd(inhoud: Json, plek: str) -> None:
    assert fouten(inhoud) == [("fhir-code-onbekend", plek)]


@pytest.mark.parametrize("status", ["active", "completed", "entered-in-error", "intended", "stopped", "on-hold"])
def test_alle_zes_codes_van_een_gebruik_mogen(status: str) -> None:
    assert VALIDATOR.controleer(gebruik(status=status)) == []


def test_een_categorie_van_een_andere_lijst_is_een_waarschuwing() -> None:
    inhoud = {**voorbeeld("hmp-Device"), "extension": [{"url": SD + "categorie", "valueCode": "99Z99"}]}
    assert [(m.code, m.ernst, m.plek) for m in VALIDATOR.controleer(inhoud)] == [
        ("fhir-code-buiten-lijst", "warning", "Device.extension[0].valueCode")
    ]


# --- verwijzingen

VERWIJZINGEN: list[tuple[Json, str, str]] = [
    (gebruik(subject={"reference": "Device/1"}), "fhir-verwijzing-doel", "DeviceUseStatement.subject.reference"),
    (gebruik(subject={"reference": "Group/1"}), "fhir-verwijzing-doel", "DeviceUseStatement.subject.reference"),
    (gebruik(device={"reference": "Device"}), "fhir-verwijzing-vorm", "DeviceUseStatement.device.reference"),
    (gebruik(device={"reference": "Device?serial=1"}), "fhir-verwijzing-vorm", "DeviceUseStatement.device.reference"),
    (gebruik(device={"reference": "../Device/1"}), "fhir-verwijzing-vorm", "DeviceUseStatement.device.reference"),
    (gebruik(device={"reference": "Stoel/1"}), "fhir-verwijzing-doel", "DeviceUseStatement.device.reference"),
    (gebruik(device={"reference": "#weg"}), "fhir-verwijzing-intern", "DeviceUseStatement.device.reference"),
    (gebruik(device={"type": "Device"}), "fhir-verwijzing-leeg", "DeviceUseStatement.device"),
    (gebruik(device={"reference": "Device/1", "type": "Patient"}),
     "fhir-verwijzing-doel", "DeviceUseStatement.device.type"),
    (gebruik(device={"reference": "https://elders.nl/fhir/Patient/1"}), "fhir-verwijzing-doel",
     "DeviceUseStatement.device.reference"),
    (gebruik(derivedFrom=[{"reference": "QuestionnaireResponse/1"}, {"reference": "Task/1"}]), "fhir-verwijzing-doel",
     "DeviceUseStatement.derivedFrom[1].reference"),
    (gebruik(extension=[{"url": SD + "vervangt", "valueReference": {"reference": "Patient/1"}}]),
     "fhir-verwijzing-doel",
     "DeviceUseStatement.extension[0].valueReference.reference"),
]  # fmt: skip


@pytest.mark.parametrize(("inhoud", "code", "plek"), VERWIJZINGEN)
def test_een_verkeerde_verwijzing_wordt_geweigerd(inhoud: Json, code: str, plek: str) -> None:
    assert fouten(inhoud) == [(code, plek)]


@pytest.mark.parametrize(
    "tekst",
    [
        "Device/1",
        "Device/1/_history/2",
        "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
        "https://elders.nl/fhir/Device/1",
    ],
)
def test_een_goede_verwijzing_mag(tekst: str) -> None:
    assert VALIDATOR.controleer(gebruik(device={"reference": tekst})) == []


# --- profiel

OPDRACHT = "hmp-opdracht"
PROFIEL: list[tuple[Json, str, str]] = [
    (met("hmp-Observation", lambda d: d.pop("subject")), "fhir-verplicht", "Observation.subject"),
    (met("hmp-Task", lambda d: d.pop("for")), "fhir-verplicht", "Task.for"),
    (gebruik(extension=[{"url": SD + "bestaat-niet", "valueString": "x"}]), "fhir-extensie-onbekend",
     "DeviceUseStatement.extension[0].url"),
    (gebruik(extension=[{"url": SD + "prognose", "valueCode": "stabiel"}]), "fhir-extensie-plaats",
     "DeviceUseStatement.extension[0]"),
    (gebruik(extension=[{"url": SD + "tijdelijk", "valueString": "ja"}]), "fhir-profiel-soort",
     "DeviceUseStatement.extension[0].valueString"),
    (gebruik(extension=[{"url": SD + "tijdelijk", "valueBoolean": True}] * 2), "fhir-te-veel",
     "DeviceUseStatement.extension[1]"),
    (gebruik(extension=[{"url": SD + "toekenning", "extension": [{"url": "sinds", "valueDate": "2020-01-01"}]}]),
     "fhir-verplicht", "DeviceUseStatement.extension[0].extension"),
    (gebruik(extension=[{"url": SD + "proef", "extension": [{"url": "mening", "valueString": "x"}]}]),
     "fhir-profiel-regel", "DeviceUseStatement.extension[0].extension[0]"),
    (gebruik(meta={"profile": [SD + "hmp-Task"]}), "fhir-profiel-type", "DeviceUseStatement.meta.profile[0]"),
    (met("hmp-Subscription", lambda d: d["channel"].update(type="email")),
     "fhir-profiel-waarde", "Subscription.channel.type"),
    (met(OPDRACHT, lambda d: d.update(description="Mevrouw heeft MS")), "fhir-niet-toegestaan", "Task.description"),
    (met(OPDRACHT, lambda d: d.update(reasonCode={"text": "MS"})), "fhir-niet-toegestaan", "Task.reasonCode"),
    (met(OPDRACHT, lambda d: d.update(note=[{"text": "MS"}])), "fhir-niet-toegestaan", "Task.note[0]"),
    (met(OPDRACHT, lambda d: d["code"].update(text="MS")), "fhir-niet-toegestaan", "Task.code.text"),
    (met(OPDRACHT, lambda d: d["input"][1]["valueCoding"].update(display="MS")), "fhir-niet-toegestaan",
     "Task.input[1].valueCoding.display"),
    (met(OPDRACHT, lambda d: d["input"][2]["valueReference"].update(reference="Condition/1")), "fhir-verwijzing-doel",
     "Task.input[2].valueReference.reference"),
    (met(OPDRACHT, lambda d: d["extension"].append({"url": "http://x.nl/e", "valueString": "MS"})),
     "fhir-profiel-regel",
     "Task.extension[1]"),
    (met(OPDRACHT, lambda d: d["input"].append({"type": {"text": "MS"}, "valueString": "MS"})), "fhir-profiel-regel",
     "Task.input[4]"),
    (met(OPDRACHT,
     lambda d: d["input"][0].update(_valueCode={"extension": [{"url": "http://x.nl/e", "valueString": "MS"}]})),
     "fhir-niet-toegestaan", "Task.input[0].valueCode.extension[0]"),
    (met(OPDRACHT, lambda d: d["for"].update(identifier={"value": "999990019"})),
     "fhir-niet-toegestaan", "Task.for.identifier"),
    (met(OPDRACHT, lambda d: d.update(identifier=[{"value": "MS"}])), "fhir-niet-toegestaan", "Task.identifier[0]"),
    (met(OPDRACHT, lambda d: d["owner"].update(id="MS")), "fhir-niet-toegestaan", "Task.owner.id"),
    (met(OPDRACHT, lambda d: d["input"].pop(0) and d.pop("owner")), "fhir-verplicht", "Task.owner"),
]  # fmt: skip


@pytest.mark.parametrize(("inhoud", "code", "plek"), PROFIEL)
def test_wat_het_profiel_niet_toelaat_wordt_geweigerd(inhoud: Json, code: str, plek: str) -> None:
    assert (code, plek) in fouten(inhoud)


def test_het_opdrachtprofiel_geldt_ook_als_niemand_het_claimt() -> None:
    inhoud = voorbeeld(OPDRACHT)
    del inhoud["meta"]
    inhoud["description"] = "vrije tekst"
    assert fouten(inhoud) == [("fhir-niet-toegestaan", "Task.description")]


def test_een_behandeling_mag_wel_een_beschrijving_hebben() -> None:
    assert VALIDATOR.controleer({**voorbeeld("hmp-Task"), "description": "Rolstoel vervangen"}) == []


def test_een_geclaimd_profiel_dat_wij_niet_hebben_is_een_waarschuwing() -> None:
    bevindingen = VALIDATOR.controleer(gebruik(meta={"profile": ["http://nictiz.nl/fhir/StructureDefinition/x"]}))
    assert [(m.code, m.ernst, m.plek) for m in bevindingen] == [
        ("fhir-profiel-onbekend", "warning", "DeviceUseStatement.meta.profile[0]")
    ]


def test_alle_fouten_komen_samen_en_elk_staat_bij_zijn_element() -> None:
    inhoud = gebruik(status="x", kleur="rood", subject={"reference": "Device/1"}, timingPeriod={"start": "2026-02-30"})
    del inhoud["device"]
    assert {plek for _, plek in fouten(inhoud)} == {
        "DeviceUseStatement.status",
        "DeviceUseStatement.kleur",
        "DeviceUseStatement.subject.reference",
        "DeviceUseStatement.timingPeriod.start",
        "DeviceUseStatement.device",
    }


def test_een_bundle_wordt_regel_voor_regel_getoetst() -> None:
    alle = [gebruik(), gebruik(subject={"reference": "Group/1"})]
    regels = [{"fullUrl": f"urn:uuid:{n:08}-0000-4000-8000-000000000000", "resource": r} for n, r in enumerate(alle)]
    assert fouten({"resourceType": "Bundle", "type": "collection", "entry": regels}) == [
        ("fhir-verwijzing-doel", "Bundle.entry[1].resource.subject.reference")
    ]


def test_te_diep_en_te_groot_stopt_met_een_fout() -> None:
    diep: Json = {"url": "http://x.nl/e", "valueString": "x"}
    for _ in range(60):
        diep = {"url": "http://x.nl/e", "extension": [diep]}
    assert [code for code, _ in fouten(gebruik(extension=[diep]))] == ["fhir-te-diep"]
    groot = gebruik(note=[{"text": "x"}] * 50_001)
    assert [code for code, _ in fouten(groot)] == ["fhir-te-groot"]


def test_de_melding_noemt_geen_waarde_van_de_inzender() -> None:
    inhoud = gebruik(status="geheim-geheim", device={"reference": "geheim-geheim"}, id="geheim geheim")
    for melding in VALIDATOR.controleer(inhoud):
        assert "geheim" not in melding.tekst("nl") + melding.tekst("en") + str(melding.plek)
