"""$populate en $extract langs HTTP: invullen wat te zien is, er weer uit halen, en opnieuw invullen geeft hetzelfde."""

from __future__ import annotations

import json
from typing import Any

import pytest

from paspoort.fhir.fhirjson import schrijf
from paspoort.fhir.stelsels import SNOMED, codestelsel, vragenlijst
from paspoort.fhir.vragenlijst import antwoorden, bouw, eigen
from server.store.audit import regels_van_paspoort
from tests.conftest import ANDER, HOUDER, LEVERANCIER, PRAKTIJK
from tests.schrijfwereld import codes
from tests.stroomwereld import GEHEIM, WIE, vul

ADVIES = eigen("functioneel-advies")
ONDERZOEK = eigen("onderzoek")
GROEPEN = ("contact", "persoon", "gezondheid", "functioneren", "maten", "hulpmiddelen", "advies", "eisen", "omgeving")
POPULATE, EXTRACT = "$populate", "$extract"


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


# --- eruit halen


def anders(response: dict[str, Any], **waarden: Any) -> dict[str, Any]:
    """Dezelfde antwoorden, met deze codes vervangen."""
    gegeven = antwoorden(response, ADVIES)
    codes_ = {v.sleutel for top in ADVIES.vragen for v in top.boom() if not v.is_groep}
    nu = {c: list(gegeven.alle(c)) for c in codes_ if gegeven.alle(c)} | waarden
    kop = {k: w for k, w in response.items() if k in ("subject", "author", "authored")}
    uit: dict[str, Any] = json.loads(schrijf(bouw(ADVIES, nu, kop=kop)))  # getallen zoals ze over de lijn gaan
    return uit


async def haal_uit(client: Any, response: dict[str, Any]) -> list[dict[str, Any]]:
    antwoord = await client.post(f"QuestionnaireResponse/{EXTRACT}", json=response)
    assert antwoord.status_code == 200, antwoord.text
    bundel = antwoord.json()
    assert (bundel["resourceType"], bundel["type"]) == ("Bundle", "transaction")
    return list(bundel.get("entry", []))


async def test_wat_het_paspoort_al_weet_is_geen_voorstel(als: Any, wereld: Any) -> None:
    await vul(wereld)
    for id_ in ("functioneel-advies", "onderzoek", "verzoek", "persoonlijk-plan", "evaluatie", "reactie-advies"):
        assert await haal_uit(als(), await vul_in(als(), id_)) == []


async def test_invullen_veranderen_eruit_halen_opsturen_en_opnieuw_invullen(
    als: Any, wereld: Any, validator: Any
) -> None:
    await vul(wereld)
    await wereld.deel(f"Organization/{PRAKTIJK}", "advies", *GROEPEN)
    therapeut = als(rol="therapeut")
    nieuw = anders(await vul_in(therapeut), zitbreedte=46, zitdiepte=42, diagnose=[GEHEIM, "Artrose"])
    voor = (await wereld.momentopname()).volgnummer
    regels = await haal_uit(therapeut, nieuw)
    assert (await wereld.momentopname()).volgnummer == voor, "uithalen bewaart niets"
    assert await haal_uit(therapeut, nieuw) == regels, "twee keer hetzelfde geeft hetzelfde"
    per_type = [r["resource"]["resourceType"] for r in regels]
    assert sorted(per_type) == ["Condition", "Observation", "Observation"]
    for regel in regels:
        assert [m for m in validator.controleer(regel["resource"]) if m.ernst == "error"] == []
    (aandoening,) = [r["resource"] for r in regels if r["resource"]["resourceType"] == "Condition"]
    assert (aandoening["code"], aandoening["subject"]) == ({"text": "Artrose"}, WIE)
    assert aandoening["category"] == [{"coding": [{"system": SNOMED, "code": "282291009"}]}]
    breedte = next(r["resource"] for r in regels if "zitbreedte" in str(r["resource"].get("code")))
    assert breedte["valueQuantity"] == {"value": 46, "unit": "cm", "system": "http://unitsofmeasure.org", "code": "cm"}
    assert breedte["code"]["coding"] == [{"system": codestelsel("maat"), "code": "zitbreedte", "display": "Zitbreedte"}]
    bundel = {"resourceType": "Bundle", "type": "transaction", "entry": regels}
    opgestuurd = await therapeut.post("", json=bundel)
    assert opgestuurd.status_code == 200, opgestuurd.text
    opnieuw = await vul_in(therapeut)
    was, nu = antwoorden(nieuw, ADVIES), antwoorden(opnieuw, ADVIES)
    for vraag in (v for top in ADVIES.vragen for v in top.boom() if not v.is_groep):
        assert sorted(map(str, was.alle(vraag.sleutel))) == sorted(map(str, nu.alle(vraag.sleutel))), vraag.sleutel
    assert await haal_uit(therapeut, opnieuw) == []


async def test_uit_bewaarde_antwoorden_wijst_de_meting_naar_haar_herkomst(als: Any, wereld: Any) -> None:
    await vul(wereld)
    await wereld.deel(f"Organization/{PRAKTIJK}", "advies", *GROEPEN)
    therapeut = als(rol="therapeut")
    gemaakt = await therapeut.post("QuestionnaireResponse", json=anders(await vul_in(therapeut), zitdiepte=42))
    assert gemaakt.status_code == 201, gemaakt.text
    plek = f"QuestionnaireResponse/{gemaakt.json()['id']}"
    for methode in ("GET", "POST"):
        antwoord = await therapeut.request(methode, f"{plek}/{EXTRACT}")
        (regel,) = antwoord.json()["entry"]
        assert regel["resource"]["derivedFrom"] == [{"reference": plek}]
        assert regel["resource"]["status"] == "preliminary"
    assert (await als(rol="leverancier").get(f"{plek}/{EXTRACT}")).status_code == 404


async def test_wie_een_antwoord_niet_ziet_haalt_het_er_ook_niet_uit(als: Any, wereld: Any) -> None:
    await wereld.deel(f"Organization/{PRAKTIJK}", "advies", *GROEPEN)
    await wereld.deel(f"Organization/{LEVERANCIER}", "levering", "contact", "maten", "eisen")
    kop = {"subject": WIE, "author": {"reference": "PractitionerRole/therapeut-nienke"}}
    response = bouw(ADVIES, {"diagnose": ["Artrose"], "zitdiepte": 42, "eis": [{"eis-tekst": "x"}]}, "completed", kop)
    await wereld.zet(HOUDER, {**response, "id": "advies-x"}, auteur="PractitionerRole/therapeut-nienke")
    alles = (await als(rol="therapeut").get(f"QuestionnaireResponse/advies-x/{EXTRACT}")).json()
    assert sorted(r["resource"]["resourceType"] for r in alles["entry"]) == ["Condition", "Observation"]
    deel = await als(rol="leverancier").get(f"QuestionnaireResponse/advies-x/{EXTRACT}")
    assert deel.status_code == 200 and "Artrose" not in deel.text


@pytest.mark.parametrize(
    ("inhoud", "status", "plek"),
    [
        (None, 400, "Parameters.parameter.where(name='questionnaire-response')"),
        ({"resourceType": "Parameters"}, 400, "Parameters.parameter.where(name='questionnaire-response')"),
        ({"resourceType": "Device"}, 400, "Device.resourceType"),
        ({"resourceType": "QuestionnaireResponse"}, 422, "QuestionnaireResponse.status"),
        (parameters({"name": "kleur", "valueString": "x"}), 400, "Parameters.parameter[0].name"),
        (
            parameters({"name": "questionnaire-response", "resource": {"resourceType": "Device"}}),
            400,
            "Parameters.parameter[0].resource.resourceType",
        ),
        (
            bouw(ADVIES, {}, kop={"subject": {"reference": f"Patient/{ANDER}"}}),
            422,
            "QuestionnaireResponse.subject",
        ),
        (
            {**bouw(ADVIES, {}, kop={"subject": WIE}), "questionnaire": "urn:onbekend"},
            422,
            "QuestionnaireResponse.questionnaire",
        ),
    ],
)
async def test_kromme_invoer_van_extract(als: Any, inhoud: Any, status: int, plek: str) -> None:
    antwoord = await als().post(f"QuestionnaireResponse/{EXTRACT}", json=inhoud)
    assert antwoord.status_code == status, antwoord.text
    assert plek in {p for _, p in codes(antwoord)}


async def test_bij_een_id_hoort_geen_invoer(als: Any, wereld: Any) -> None:
    response = {**bouw(ADVIES, {}, kop={"subject": WIE}), "id": "advies-y"}
    await wereld.zet(HOUDER, response)
    deel = {"name": "questionnaire-response", "resource": response}
    antwoord = await als().post(f"QuestionnaireResponse/advies-y/{EXTRACT}", json=parameters(deel))
    assert (antwoord.status_code, codes(antwoord)) == (400, {("parameter-onbekend", "Parameters.parameter[0].name")})
