"""Antwoorden horen bij één versie van hun vragenlijst, ook als de afzender haar niet noemt (besluit 0049)."""

from __future__ import annotations

from typing import Any

import pytest

from paspoort.fhir.vragenlijst import eigen, met_versie
from paspoort.toegang import ALLE_GROEPEN
from tests import stroomwereld as s
from tests.conftest import PRAKTIJK

LIJST = eigen("functioneel-advies")
OUD = eigen("functioneel-advies", "1.0.0")


@pytest.fixture
def dialect() -> str:
    """De regels gaan niet over de database."""
    return "sqlite"


@pytest.fixture
async def therapeut(als: Any, wereld: Any) -> Any:
    await wereld.deel(f"Organization/{PRAKTIJK}", "advies", *(ALLE_GROEPEN - {"toezicht", "toestemmingen"}))
    return als(rol="therapeut")


def kaal(**anders: Any) -> dict[str, Any]:
    return {k: w for k, w in s.concept().items() if k != "id"} | {"questionnaire": LIJST.url} | anders


async def test_zonder_versie_wordt_bij_het_maken_de_nieuwste_vastgelegd(therapeut: Any) -> None:
    gemaakt = await therapeut.post("QuestionnaireResponse", json=kaal())
    assert gemaakt.status_code == 201, gemaakt.text
    gelezen = (await therapeut.get(f"QuestionnaireResponse/{gemaakt.json()['id']}")).json()
    assert gelezen["questionnaire"] == LIJST.canonical
    assert {k: w for k, w in gelezen.items() if k not in ("id", "meta", "questionnaire")} == {
        k: w for k, w in kaal().items() if k != "questionnaire"
    }


async def test_wie_zonder_versie_wijzigt_houdt_de_versie_van_zijn_concept(therapeut: Any) -> None:
    leeg = {k: w for k, w in kaal(questionnaire=OUD.canonical).items() if k != "item"}
    antwoord = await therapeut.post("QuestionnaireResponse", json=leeg)
    gemaakt = antwoord.json()
    assert antwoord.status_code == 201, antwoord.text
    assert gemaakt["questionnaire"] == OUD.canonical
    plek = f"QuestionnaireResponse/{gemaakt['id']}"
    gewijzigd = await therapeut.put(plek, json={**gemaakt, "questionnaire": OUD.url})
    assert gewijzigd.status_code == 200, gewijzigd.text
    assert gewijzigd.json()["questionnaire"] == OUD.canonical
    bewerking = [{"op": "replace", "path": "/questionnaire", "value": OUD.url}]
    kop = {"Content-Type": "application/json-patch+json", "If-Match": gewijzigd.headers["ETag"]}
    gepatcht = await therapeut.patch(plek, json=bewerking, headers=kop)
    assert gepatcht.json()["questionnaire"] == OUD.canonical, gepatcht.text


def test_wat_al_een_versie_noemt_of_onbekend_is_blijft_zoals_het_is() -> None:
    for canonical in (OUD.canonical, "http://elders.nl/Questionnaire/x", LIJST.url + "-bestaat-niet"):
        assert met_versie({"questionnaire": canonical}) == {"questionnaire": canonical}
    assert met_versie({}) == {}
    assert met_versie({"questionnaire": LIJST.url}, {"questionnaire": LIJST.url}) == {"questionnaire": LIJST.canonical}
