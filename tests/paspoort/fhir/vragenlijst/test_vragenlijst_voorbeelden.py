"""De vragenlijsten zelf: volledig, met bekende codes en groepen, en elk met een goed en een fout voorbeeld."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from paspoort.fhir.advies import MATEN
from paspoort.fhir.fhirjson import lees
from paspoort.fhir.vragenlijst import (
    Vragenlijst,
    advieslijsten,
    bespaarvragen,
    controleer,
    eigen,
    laad,
    vragenlijst_van,
)
from paspoort.fhir.vragenlijst.bron import zoek
from paspoort.fhir.vragenlijst.inhoud import inhoud_van
from paspoort.fouten import PaspoortFout

PROFIELEN = Path(__file__).parents[4] / "fhir_profiles"
IDS = [
    "functioneel-advies",
    "functioneel-advies-1.0.0",
    "verkort-advies",
    "reactie-advies",
    "verzoek",
    "onderzoek",
    "evaluatie",
    "persoonlijk-plan",
]
VERWACHT = json.loads((PROFIELEN / "examples" / "verwacht.json").read_bytes())
# docs/fhir-afbeelding.md: welke vraag in welke groep ligt, waar een verkeerde groep iets lekt
GROEPEN = {
    "hulpvraag": "advies",
    "diagnose": "gezondheid",
    "prognose": "gezondheid",
    "levenslang": "gezondheid",
    "verwachte-behoefte": "gezondheid",
    "verwacht-wanneer": "gezondheid",
    "urgentie-reden": "gezondheid",
    "stoornissen": "functioneren",
    "wil-kan-mag": "functioneren",
    "wil": "functioneren",
    "mag": "functioneren",
    "icf-code": "functioneren",
    "icf-toelichting": "functioneren",
    "geprobeerd-resultaat": "advies",
    "omgeving-hulp": "omgeving",
    "zitbreedte": "maten",
    "hulpmiddelen-nu": "hulpmiddelen",
    "eerder-geprobeerd": "advies",
    "ontslagdatum": "advies",
    "eis-tekst": "eisen",
    "eis-categorie": "eisen",
    "eis-gevolg": "eisen",
    "eis-onderbouwing": "advies",
    "eis-doel": "functioneren",
    "reactie-houder": "advies",
    "auteur-naam": "advies",
}


def lijst(id: str) -> Vragenlijst:
    """Onze vragenlijst; een id met een versie erachter is een eerdere versie."""
    naam, _, versie = id.rpartition("-")
    return eigen(naam, versie) if versie[:1].isdigit() else eigen(id)


def codes(soort: str, id: str) -> dict[str, str]:
    stelsel = json.loads((PROFIELEN / "CodeSystem" / f"{id}.json").read_bytes())
    assert stelsel["resourceType"] == soort
    return {begrip["code"]: begrip["display"] for begrip in stelsel["concept"]}


def items(inhoud: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for kind in inhoud.get("item", []) for item in (kind, *items(kind))]


@pytest.mark.parametrize("id", IDS)
def test_het_goede_voorbeeld_heeft_geen_fouten(id: str) -> None:
    response = lees((PROFIELEN / "examples" / f"{id}-goed.json").read_bytes())
    assert vragenlijst_van(response) is lijst(id)
    assert controleer(response, lijst(id)) == []


@pytest.mark.parametrize("id", IDS)
def test_het_foute_voorbeeld_wordt_aangewezen_waar_het_fout_is(id: str) -> None:
    response = lees((PROFIELEN / "examples" / f"{id}-fout.json").read_bytes())
    assert [[m.code, m.plek] for m in controleer(response, lijst(id))] == [VERWACHT[f"{id}-fout.json"]]


@pytest.mark.parametrize("id", IDS)
def test_elke_vraag_heeft_een_code_een_groep_en_een_tekst(id: str) -> None:
    groepen = codes("CodeSystem", "gegevensgroep")
    for vraag in lijst(id).per_link.values():
        assert vraag.code and vraag.tekst
        assert vraag.groep in groepen, vraag.code


@pytest.mark.parametrize("id", IDS)
def test_elke_code_en_keuze_staat_in_haar_codestelsel(id: str) -> None:
    inhoud = json.loads((PROFIELEN / "Questionnaire" / f"{id}.json").read_bytes())
    for item in items(inhoud):
        keuzes = [optie["valueCoding"] for optie in item.get("answerOption", [])]
        voorwaarden = [w["answerCoding"] for w in item.get("enableWhen", []) if "answerCoding" in w]
        for coding in (*item.get("code", []), *keuzes, *voorwaarden):
            assert coding["code"] in codes("CodeSystem", coding["system"].rsplit("/", 1)[1]), coding


@pytest.mark.parametrize("id", IDS)
def test_elke_bron_in_het_paspoort_bestaat(id: str) -> None:
    for vraag in lijst(id).per_link.values():
        if vraag.bron:
            assert all(gegevens == () for gegevens in zoek(vraag.bron, inhoud_van([])))


@pytest.mark.parametrize("advies", advieslijsten(), ids=lambda advies: advies.id)
@pytest.mark.parametrize(("code", "groep"), GROEPEN.items())
def test_een_vraag_van_een_advies_ligt_in_haar_groep(code: str, groep: str, advies: Vragenlijst) -> None:
    assert code not in advies.per_code or advies.per_code[code].groep == groep


def test_wat_een_leverancier_leest_is_precies_de_eis_zelf_met_de_maten_en_de_omgeving() -> None:
    gelezen = {"eisen", "maten", "omgeving"}
    for advies in advieslijsten():
        codes_ = {v.code for v in advies.per_link.values() if v.groep == "eisen" and not v.is_groep}
        assert codes_ == {"eis-tekst", "eis-domein", "eis-soort", "eis-omstandigheden", "eis-gevolg", "eis-categorie"}
        rest = {v.code for v in advies.per_link.values() if v.groep in gelezen and not v.is_groep} - codes_
        assert all(str(c).startswith("omgeving-") or c in MATEN for c in rest)


def test_elke_code_van_de_eerste_versie_is_er_nog_en_een_verkort_advies_vraagt_minder_met_dezelfde_codes() -> None:
    vol, verkort = advieslijsten()
    assert set(eigen("functioneel-advies", "1.0.0").per_code) <= set(vol.per_code)
    assert set(verkort.per_code) - set(vol.per_code) == {"wat-veranderd", "wat-veranderd-uitleg"}
    assert len(verkort.per_code) < len(vol.per_code)
    gedeeld = set(vol.per_code) & set(verkort.per_code)
    assert all(vol.per_code[c].link_id != verkort.per_code[c].link_id for c in gedeeld), "niemand kan op linkId lezen"


def test_het_onderzoek_heeft_precies_31_verplichte_vragen_die_het_paspoort_kan_beantwoorden() -> None:
    verplicht = [vraag for vraag in eigen("onderzoek").per_link.values() if vraag.nodig]
    assert len(verplicht) == len(bespaarvragen(eigen("onderzoek"))) == 31


def test_het_persoonlijk_plan_heeft_de_negen_antwoorden_en_verplicht_niets() -> None:
    vragen = eigen("persoonlijk-plan").vragen
    assert len(vragen) == 9
    assert not any(vraag.nodig for vraag in vragen)


@pytest.mark.parametrize(
    ("items_", "plek"),
    [
        ([{"type": "string"}], "Questionnaire.item[0].linkId"),
        ([{"linkId": "1", "type": "vraag"}], "Questionnaire.item[0].type"),
        ([{"linkId": "1"}], "Questionnaire.item[0].type"),
        (
            [{"linkId": "1", "type": "group", "item": [{"linkId": 2, "type": "text"}]}],
            "Questionnaire.item[0].item[0].linkId",
        ),
        ([{"linkId": "1", "type": "text"}, {"linkId": "1", "type": "text"}], "Questionnaire.item.where(linkId='1')"),
        (["los"], "Questionnaire.item[0].linkId"),
    ],
)
def test_een_kapotte_vragenlijst_wordt_geweigerd(items_: list[Any], plek: str) -> None:
    with pytest.raises(PaspoortFout) as fout:
        laad({"resourceType": "Questionnaire", "item": items_})
    assert [(m.code, m.plek) for m in fout.value.meldingen] == [("vragenlijst-kapot", plek)]


@pytest.mark.parametrize(
    "canonical",
    [
        None,
        3,
        "http://elders/Questionnaire/x",
        "http://hulpmiddelenpaspoort.nl/fhir/Questionnaire/../x",
        "http://hulpmiddelenpaspoort.nl/fhir/Questionnaire/verzoek|9.9",
        "http://hulpmiddelenpaspoort.nl/fhir/Questionnaire/geen",
    ],
)
def test_een_vragenlijst_die_wij_niet_hebben_is_onbekend(canonical: object) -> None:
    with pytest.raises(PaspoortFout) as fout:
        vragenlijst_van({"resourceType": "QuestionnaireResponse", "questionnaire": canonical})
    assert fout.value.meldingen[0].code == "vragenlijst-onbekend"
