"""$populate langs HTTP: invullen wat te zien is en niets anders, elk antwoord met zijn bron."""

from __future__ import annotations

from typing import Any

import pytest

from paspoort.fhir.stelsels import vragenlijst
from paspoort.fhir.vragenlijst import antwoorden, eigen
from server.store.audit import regels_van_paspoort
from tests.conftest import ANDER, HOUDER, LEVERANCIER, PRAKTIJK
from tests.schrijfwereld import codes
from tests.stroomwereld import GEHEIM, WIE, vul

ADVIES = eigen("functioneel-advies")
ONDERZOEK = eigen("onderzoek")
GROEPEN = ("contact", "persoon", "gezondheid", "functioneren", "maten", "hulpmiddelen", "advies", "eisen", "omgeving")
POPULATE = "$populate"


@pytest.fixture
def dialect() -> str:
    """Operaties lezen van de momentopname; de database maakt hier niet uit."""
    return "sqlite"


def parameters(*delen: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": list(delen)}


SUBJECT = {"name": "subject", "valueReference": WIE}


async def vul_in(client: Any, id_: str = "functioneel-advies") -> dict[str, Any]:
    antwoord = await client.post(f"Questionnaire/{id_}/{POPULATE}", json=parameters(SUBJECT))
    assert antwoord.status_code == 200, antwoord.text
    (uit,) = antwoord.json()["parameter"]
    assert uit["name"] == "response"
    return dict(uit["resource"])


def kern(response: dict[str, Any]) -> dict[str, Any]:
    return {k: w for k, w in response.items() if k != "authored"}


async def test_het_concept_is_geldig_en_draagt_bij_elk_antwoord_zijn_bron(
    als: Any, wereld: Any, validator: Any
) -> None:
    await vul(wereld)
    response = await vul_in(als())
    assert [m for m in validator.controleer(response) if m.ernst == "error"] == []
    assert (response["questionnaire"], response["status"]) == (ADVIES.canonical, "in-progress")
    assert (response["subject"], response["author"]) == (WIE, WIE)
    gegeven = antwoorden(response)
    assert (gegeven.alle("diagnose"), gegeven.een("zitbreedte"), gegeven.een("levenslang")) == ((GEHEIM,), 44, True)
    bron = gegeven.bron("zitbreedte")
    assert bron is not None and bron.verwijzing == "Observation/zitbreedte-yvonne"
    bewaard = await als().post(
        "QuestionnaireResponse", json={**response, "questionnaire": eigen("onderzoek").canonical}
    )
    assert bewaard.status_code == 422, "van een andere vragenlijst"


async def test_wat_de_vrager_niet_mag_zien_is_niet_ingevuld(als: Any, wereld: Any) -> None:
    await vul(wereld)
    await wereld.deel(f"Organization/{LEVERANCIER}", "levering", "contact", "hulpmiddelen", "maten")
    leverancier = await vul_in(als(rol="leverancier"))
    assert GEHEIM not in str(leverancier)
    gegeven = antwoorden(leverancier)
    assert (gegeven.alle("diagnose"), gegeven.een("levenslang")) == ((), None)
    assert gegeven.een("zitbreedte") == 44
    zonder_scope = await vul_in(als(scopes="patient/Questionnaire.rs patient/Patient.rs patient/Device.rs"))
    assert "item" not in zonder_scope


@pytest.mark.parametrize("weg", range(len(GROEPEN) + 1))
async def test_elk_antwoord_komt_uit_iets_wat_de_vrager_zelf_kan_lezen(als: Any, wereld: Any, weg: int) -> None:
    """Voor elke toestemming waar één groep aan ontbreekt: geen bron buiten zicht, en minder zien vult nooit meer in."""
    await vul(wereld)
    houder = await vul_in(als(), "onderzoek")
    await wereld.deel(f"Organization/{PRAKTIJK}", "advies", *(g for n, g in enumerate(GROEPEN) if n != weg))
    therapeut = als(rol="therapeut")
    response = await vul_in(therapeut, "onderzoek")
    gegeven, vol = antwoorden(response, ONDERZOEK), antwoorden(houder, ONDERZOEK)
    for vraag in (v for top in ONDERZOEK.vragen for v in top.boom() if not v.is_groep):
        assert set(gegeven.alle(vraag.sleutel)) <= set(vol.alle(vraag.sleutel)), vraag.sleutel
        bron = gegeven.bron(vraag.sleutel)
        if bron is not None:
            assert (await therapeut.get(str(bron.verwijzing))).status_code == 200, vraag.sleutel


async def test_het_log_noemt_precies_waar_de_antwoorden_uit_komen(als: Any, wereld: Any, opslag: Any) -> None:
    await vul(wereld)
    await vul_in(als())
    (regel,) = [r for r in await regels_van_paspoort(opslag, HOUDER) if r.handeling == POPULATE]
    assert set(regel.wat) == {"Condition/diagnose-yvonne", "Device/rolstoel-yvonne", "Observation/zitbreedte-yvonne"}


@pytest.mark.parametrize(
    "keuze",
    [
        {"name": "canonical", "valueCanonical": vragenlijst("onderzoek")},
        {"name": "canonical", "valueUri": f"{vragenlijst('onderzoek')}|1.0.0"},
        {"name": "questionnaireRef", "valueReference": {"reference": "Questionnaire/onderzoek"}},
    ],
)
async def test_zonder_id_wijst_een_parameter_de_vragenlijst_aan(als: Any, wereld: Any, keuze: Any) -> None:
    await vul(wereld)
    antwoord = await als().post(f"Questionnaire/{POPULATE}", json=parameters(SUBJECT, keuze))
    assert antwoord.status_code == 200, antwoord.text
    assert kern(antwoord.json()["parameter"][0]["resource"]) == kern(await vul_in(als(), "onderzoek"))


async def test_een_volledig_adres_van_deze_server_wijst_hetzelfde_aan(als: Any, wereld: Any) -> None:
    await vul(wereld)
    subject = {"name": "subject", "valueReference": {"reference": f"http://test/fhir/Patient/{HOUDER}"}}
    antwoord = await als().post(f"Questionnaire/onderzoek/{POPULATE}", json=parameters(subject))
    assert antwoord.status_code == 200, antwoord.text
    assert kern(antwoord.json()["parameter"][0]["resource"]) == kern(await vul_in(als(), "onderzoek"))


async def test_een_meegestuurde_vragenlijst_wordt_ingevuld(als: Any, wereld: Any) -> None:
    await vul(wereld)
    lijst = (await als().get("Questionnaire/onderzoek")).json()
    ander = {**lijst, "url": "https://voorbeeld.nl/Questionnaire/anders", "version": "9"}
    deel = {"name": "questionnaire", "resource": ander}
    antwoord = await als().post(f"Questionnaire/{POPULATE}", json=parameters(SUBJECT, deel))
    assert antwoord.status_code == 200, antwoord.text
    response = antwoord.json()["parameter"][0]["resource"]
    assert response["questionnaire"] == "https://voorbeeld.nl/Questionnaire/anders|9"
    assert response["item"] == (await vul_in(als(), "onderzoek"))["item"]
    for kind in ander["item"][0]["item"]:
        kind["extension"] = [
            {**e, "valueString": "Geheim.alles"} if "valueString" in e else e for e in kind["extension"]
        ]
    kapot = await als().post(f"Questionnaire/{POPULATE}", json=parameters(SUBJECT, deel))
    assert {c for c, _ in codes(kapot)} == {"vragenlijst-kapot"}


async def test_een_meegestuurde_vragenlijst_heeft_een_grens(als: Any) -> None:
    items = [{"linkId": str(n), "text": "?", "type": "string"} for n in range(501)]
    lang = {
        "resourceType": "Questionnaire",
        "url": "https://voorbeeld.nl/Questionnaire/lang",
        "version": "1",
        "title": "Lang",
        "status": "active",
        "item": items,
    }
    deel = {"name": "questionnaire", "resource": lang}
    antwoord = await als().post(f"Questionnaire/{POPULATE}", json=parameters(SUBJECT, deel))
    assert (antwoord.status_code, codes(antwoord)) == (
        400,
        {("fhir-te-groot", "Parameters.parameter[1].resource.item")},
    )


@pytest.mark.parametrize(
    ("adres", "delen", "status", "plek"),
    [
        ("Questionnaire/onderzoek", [], 400, "Parameters.parameter.where(name='subject')"),
        (
            "Questionnaire/onderzoek",
            [SUBJECT, {"name": "local", "valueBoolean": True}],
            400,
            "Parameters.parameter[1].name",
        ),
        ("Questionnaire/onderzoek", [SUBJECT, {"name": "context", "part": []}], 400, "Parameters.parameter[1].name"),
        ("Questionnaire/onderzoek", [SUBJECT, SUBJECT], 400, "Parameters.parameter[1]"),
        ("Questionnaire/onderzoek", [{"name": "subject", "valueString": "Patient/x"}], 400, "Parameters.parameter[0]"),
        (
            "Questionnaire/onderzoek",
            [{"name": "subject", "valueReference": {"reference": f"Patient/{ANDER}"}}],
            422,
            "Parameters.parameter[0].valueReference",
        ),
        (
            "Questionnaire/onderzoek",
            [{"name": "subject", "valueReference": {"reference": f"https://elders.nl/fhir/Patient/{HOUDER}"}}],
            422,
            "Parameters.parameter[0].valueReference",
        ),
        (
            "Questionnaire/onderzoek",
            [{"name": "subject", "valueReference": {"reference": "Device/rolstoel-yvonne"}}],
            422,
            "Parameters.parameter[0].valueReference",
        ),
        (
            "Questionnaire/onderzoek",
            [SUBJECT, {"name": "canonical", "valueUri": "x"}],
            400,
            "Parameters.parameter[1].name",
        ),
        ("Questionnaire", [SUBJECT], 400, "Parameters.parameter"),
        (
            "Questionnaire",
            [SUBJECT, {"name": "canonical", "valueUri": "urn:x"}],
            422,
            "Parameters.parameter[1].valueUri",
        ),
        (
            "Questionnaire",
            [SUBJECT, {"name": "canonical", "valueUri": f"{vragenlijst('onderzoek')}|0.0.1"}],
            422,
            "Parameters.parameter[1].valueUri",
        ),
        (
            "Questionnaire",
            [SUBJECT, {"name": "questionnaireRef", "valueReference": {"reference": "Patient/x"}}],
            400,
            "Parameters.parameter[1].valueReference",
        ),
        (
            "Questionnaire",
            [SUBJECT, {"name": "questionnaire", "resource": {"resourceType": "Questionnaire"}}],
            422,
            "Parameters.parameter[1].resource.status",
        ),
        ("Questionnaire/bestaat-niet", [SUBJECT], 404, None),
    ],
)
async def test_kromme_invoer_van_populate(als: Any, adres: str, delen: Any, status: int, plek: str | None) -> None:
    antwoord = await als().post(f"{adres}/{POPULATE}", json=parameters(*delen))
    assert antwoord.status_code == status, antwoord.text
    assert antwoord.json()["issue"][0].get("expression") == ([plek] if plek else None)
