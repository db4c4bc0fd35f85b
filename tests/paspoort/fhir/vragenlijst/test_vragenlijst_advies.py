"""De adviescheck op een heel advies: elke bevinding bij haar element, en niets dubbel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from paspoort.fhir.fhirjson import lees
from paspoort.fhir.vragenlijst import adviescheck, bouw, diagnosetermen, eigen, formulier

ADVIES = eigen("functioneel-advies")
GOED = Path(__file__).parents[4] / "fhir_profiles" / "examples" / "functioneel-advies-goed.json"
SMA: dict[str, Any] = {
    "resourceType": "Condition",
    "id": "sma",
    "code": {"coding": [{"display": "Spinale musculaire atrofie type 2"}], "text": "SMA II"},
}


def test_het_voorbeeld_is_klaar_om_definitief_te_worden() -> None:
    assert adviescheck(lees(GOED.read_bytes()), [SMA]) == []


def test_een_leeg_advies_meldt_alles_wat_nodig_is_een_keer() -> None:
    meldingen = adviescheck(bouw(ADVIES, {}))
    plekken = [m.plek for m in meldingen]
    assert len(plekken) == len(set(plekken))
    assert {m.code for m in meldingen} == {"antwoord-ontbreekt", "eis-ontbreekt", "urgentie-open"}
    nodig = [v for v in ADVIES.per_link.values() if v.nodig and not v.voorwaarden]
    houdt_tegen = [m for m in meldingen if m.ernst == "error"]
    assert len(houdt_tegen) == sum(not v.sleutel.startswith("eis-") for v in nodig)


def test_de_fouten_van_het_verhaal_staan_bij_hun_veld() -> None:
    response = lees(GOED.read_bytes())
    eisen = response["item"][1]["item"]
    eisen[0]["item"][0]["answer"] = [{"valueString": "Besturing zoals op de Velora X3, met kinbediening."}]
    del eisen[1]["item"][3]
    eisen[1]["item"][2]["answer"][0]["valueCoding"]["code"] = "noodzakelijk"
    eisen[1]["item"][0]["answer"] = [{"valueString": "Vindt het fijn om op ooghoogte te zitten, door de SMA."}]
    gevonden = {
        (m.code, regel.veld_id, m.ernst)
        for m in adviescheck(response, [SMA])
        for regel in formulier(ADVIES, response, [m]).fouten
    }
    assert {
        ("eis-noemt-merk", "eis-0-eis-tekst", "error"),
        ("eis-noemt-ziekte", "eis-1-eis-tekst", "error"),
        ("eis-klinkt-als-wens", "eis-1-eis-tekst", "warning"),
        ("eis-zonder-onderbouwing", "eis-1-eis-onderbouwing", "error"),
    } <= gevonden


def test_ook_foute_antwoorden_horen_bij_de_check() -> None:
    meldingen = adviescheck(bouw(ADVIES, {"zitbreedte": "breed"}))
    assert ("antwoord-verkeerd-type", "QuestionnaireResponse.item[0].item[0].answer[0].valueString") in {
        (m.code, m.plek) for m in meldingen
    }


def test_de_diagnosetermen_komen_uit_tekst_en_codes_en_niet_uit_beperkingen() -> None:
    beperking = SMA | {"id": "b", "category": [{"coding": [{"code": "248536006"}]}], "code": {"text": "Kan niet lopen"}}
    assert diagnosetermen([SMA, beperking]) == ("SMA II", "Spinale musculaire atrofie type 2")
