"""$extract langs HTTP: wat het paspoort nog niet weet; opsturen en weer invullen geeft hetzelfde."""

from __future__ import annotations

import json
from typing import Any

import pytest

from paspoort.fhir.fhirjson import schrijf
from paspoort.fhir.stelsels import SNOMED, codestelsel
from paspoort.fhir.vragenlijst import antwoorden, bouw, eigen
from tests.conftest import ANDER, HOUDER, LEVERANCIER, PRAKTIJK
from tests.schrijfwereld import codes
from tests.server.fhir.test_operatie_populate import GROEPEN, parameters, vul_in
from tests.stroomwereld import GEHEIM, WIE, vul

ADVIES = eigen("functioneel-advies")
EXTRACT = "$extract"


@pytest.fixture
def dialect() -> str:
    """Operaties lezen van de momentopname; de database maakt hier niet uit."""
    return "sqlite"


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
