"""Een advies nakijken met `$validate`: dezelfde meldingen als bij definitief, en nooit meer dan de vrager zelf ziet."""

from __future__ import annotations

from typing import Any

import pytest

from paspoort.fhir.stelsels import extension
from paspoort.toegang import ALLE_GROEPEN
from tests import stroomwereld as s
from tests.conftest import PRAKTIJK

GROEPEN = ALLE_GROEPEN - {"bsn", "financieel", "toezicht", "toestemmingen"}
VALIDATE = "QuestionnaireResponse/$validate"
DIAGNOSE = {
    "resourceType": "Condition",
    "clinicalStatus": {"coding": [{"code": "active", "system": "http://terminology.hl7.org/CodeSystem/condition-clinical"}]},
    "verificationStatus": {
        "coding": [{"code": "confirmed", "system": "http://terminology.hl7.org/CodeSystem/condition-ver-status"}]
    },
    "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "439401001"}]}],
    "code": {"text": "Ziekte van Parkinson"},
    "subject": s.WIE,
}  # fmt: skip


@pytest.fixture
def dialect() -> str:
    """Operaties lezen van de momentopname; de database maakt hier niet uit."""
    return "sqlite"


def eis(tekst: str) -> dict[str, str]:
    return {
        "eis-tekst": tekst,
        "eis-domein": "vervoer",
        "eis-soort": "noodzakelijk",
        "eis-onderbouwing": "Lopen lukt maar tien meter.",
        "eis-doel": "zelf rijden",
        "eis-omstandigheden": "Buiten.",
        "eis-gevolg": "Zij blijft binnen.",
        "eis-categorie": "11A03",
    }


def met(tekst: str, **kop: Any) -> dict[str, Any]:
    inhoud = {k: v for k, v in s.concept(eis=[eis(tekst)]).items() if k != "id"}
    return {**inhoud, **kop}


def bevindingen(antwoord: Any) -> dict[str, str]:
    """Per code hoe ernstig; alleen wat over de tekst van een eis gaat."""
    assert antwoord.status_code == 200, antwoord.text
    rijen = [(c["code"], i["severity"]) for i in antwoord.json()["issue"] for c in i["details"].get("coding", [])]
    return {c: e for c, e in rijen if c.startswith("eis-")}


async def therapeut(als: Any, wereld: Any, *groepen: str) -> Any:
    await s.vul(wereld)
    assert (await als().post("Condition", json=DIAGNOSE)).status_code == 201
    await wereld.deel(f"Organization/{PRAKTIJK}", "advies", *(groepen or GROEPEN))
    return als(rol="therapeut")


async def test_wat_definitief_tegenhoudt_is_bij_een_concept_een_waarschuwing(als: Any, wereld: Any) -> None:
    client = await therapeut(als, wereld)
    kapot = "Een Permobil M3, want Parkinson maakt haar moe."
    concept = await client.post(VALIDATE, json=met(kapot))
    assert bevindingen(concept) == {"eis-noemt-merk": "warning", "eis-noemt-ziekte": "warning"}
    klaar = await client.post(VALIDATE, json=met(kapot, status="completed"))
    assert bevindingen(klaar) == {"eis-noemt-merk": "error", "eis-noemt-ziekte": "error"}
    assert "Permobil M3" in klaar.text
    assert bevindingen(await client.post(VALIDATE, json=met("Rijdt zelf 10 km buiten."))) == {}


async def test_ook_het_concept_dat_er_staat(als: Any, wereld: Any) -> None:
    client = await therapeut(als, wereld)
    gemaakt = await client.post("QuestionnaireResponse", json=met("Een goede rolstoel."))
    assert gemaakt.status_code == 201, gemaakt.text
    nagekeken = await client.post(f"QuestionnaireResponse/{gemaakt.json()['id']}/$validate")
    assert bevindingen(nagekeken) == {"eis-is-vaag": "warning"}


async def test_wie_de_diagnosen_niet_ziet_hoort_er_niets_over(als: Any, wereld: Any) -> None:
    client = await therapeut(als, wereld, "advies", "eisen", "hulpmiddelen")
    antwoord = await client.post(
        VALIDATE, json=met("Stopt vanzelf, ook als zij door Parkinson bevriest.", status="completed")
    )
    # de naam van een ziekte is een vraag, of zij nu in het paspoort staat of niet
    assert bevindingen(antwoord) == {"eis-lijkt-ziekte": "warning"}
    zonder = await als(rol="leverancier").post(VALIDATE, json=met("Stopt, ook bij Parkinson.", status="completed"))
    assert bevindingen(zonder) == {"eis-lijkt-ziekte": "warning"}


@pytest.mark.parametrize("ziet", [True, False])
async def test_ook_definitief_maken_zegt_niet_welke_diagnose_er_verborgen_is(als: Any, wereld: Any, ziet: bool) -> None:
    groepen = GROEPEN if ziet else GROEPEN - {"gezondheid"}
    client = await therapeut(als, wereld, *groepen)
    gemaakt = await client.post(
        "QuestionnaireResponse", json=met("Stopt vanzelf, ook als zij door Parkinson bevriest.")
    )
    assert gemaakt.status_code == 201, gemaakt.text
    antwoord = await client.post(f"QuestionnaireResponse/{gemaakt.json()['id']}/$definitief")
    assert ("eis-noemt-ziekte" in antwoord.text) is ziet, antwoord.text


async def test_een_advies_van_papier_slaat_de_check_over(als: Any, wereld: Any) -> None:
    client = await therapeut(als, wereld)
    papier = {"url": extension("uit-document"), "valueReference": {"reference": "DocumentReference/x"}}
    antwoord = await client.post(VALIDATE, json=met("Een goede rolstoel.", status="completed", extension=[papier]))
    assert bevindingen(antwoord) == {}
