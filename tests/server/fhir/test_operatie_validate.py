"""$validate: elk type, met en zonder id, en wat de server er nu op zou zeggen. Bewaart nooit iets; antwoordt 200."""

from __future__ import annotations

from typing import Any

import pytest

from paspoort.fhir.stelsels import profiel
from paspoort.fhir.vragenlijst import bouw, eigen
from server.registry import TYPES
from tests.conftest import ANDER, HOUDER, PRAKTIJK
from tests.schrijfwereld import codes, gebruik, maat
from tests.stroomwereld import WIE, concept, vul

VALIDATE = "$validate"


@pytest.fixture
def dialect() -> str:
    """Operaties lezen van de momentopname; de database maakt hier niet uit."""
    return "sqlite"


async def kijk_na(client: Any, adres: str, inhoud: Any = None, **delen: str) -> set[tuple[str, str]]:
    """De fouten; het antwoord is 200."""
    if delen:
        lijst = [{"name": n, "valueUri" if n == "profile" else "valueCode": w} for n, w in delen.items()]
        lijst += [{"name": "resource", "resource": inhoud}] if inhoud is not None else []
        inhoud = {"resourceType": "Parameters", "parameter": lijst}
    antwoord = await client.post(f"{adres}/{VALIDATE}", json=inhoud)
    assert antwoord.status_code == 200, antwoord.text
    assert antwoord.json()["resourceType"] == "OperationOutcome"
    return codes(antwoord)


@pytest.mark.parametrize("naam", [t.name for t in TYPES.values()])
async def test_elk_type_is_na_te_kijken(als: Any, naam: str) -> None:
    fouten = await kijk_na(als(), naam, {"resourceType": naam, "kleur": "rood"})
    assert ("fhir-element-onbekend", f"{naam}.kleur") in fouten
    anders = await kijk_na(als(), naam, {"resourceType": "Bundle"})
    assert anders == {("type-anders", f"{naam}.resourceType")}


async def test_maken_zegt_wat_de_server_zou_zeggen(als: Any, wereld: Any) -> None:
    voor = (await wereld.momentopname()).volgnummer
    houder = als()
    assert await kijk_na(houder, "Observation", maat(), mode="create") == set()
    los = maat(device={"reference": "Device/bestaat-niet"})
    assert await kijk_na(houder, "Observation", los) == set(), "zonder mode alleen de inhoud"
    ((code, plek),) = await kijk_na(houder, "Observation", los, mode="create")
    assert (code, plek.startswith("Observation.device")) == ("referentie-onbekend", True)
    vreemd = maat(subject={"reference": f"Patient/{ANDER}"})
    assert {c for c, _ in await kijk_na(houder, "Observation", vreemd, mode="create")} == {"referentie-onbekend"}
    lezer = als(scopes="patient/Observation.rs")
    assert {c for c, _ in await kijk_na(lezer, "Observation", maat(), mode="create")} == {"scope-ontbreekt"}
    assert {
        c
        for c, _ in await kijk_na(houder, "Organization", {"resourceType": "Organization", "name": "x"}, mode="create")
    }
    assert (await wereld.momentopname()).volgnummer == voor


async def test_wijzigen_kijkt_naar_wat_er_staat(als: Any, wereld: Any) -> None:
    voor = (await wereld.momentopname()).volgnummer
    houder, plek = als(), "DeviceUseStatement/gebruik-yvonne"
    goed = gebruik(id="gebruik-yvonne")
    assert await kijk_na(houder, plek, goed, mode="update") == set()
    ander_id = await kijk_na(houder, plek, gebruik(id="anders"), mode="update")
    assert ander_id == {("id-anders", "DeviceUseStatement.id")}
    oud = {**goed, "meta": {"versionId": "7"}}
    assert {c for c, _ in await kijk_na(houder, plek, oud, mode="update")} == {"versie-verouderd"}
    weg = await kijk_na(houder, "DeviceUseStatement/er-niet", gebruik(id="er-niet"), mode="update")
    assert {c for c, _ in weg} == {"id-onbekend"}
    therapeut = als(rol="therapeut")
    assert {c for c, _ in await kijk_na(therapeut, plek, goed, mode="update")} == {"id-onbekend"}, "buiten zicht"
    kapot = await kijk_na(houder, plek, {**goed, "status": "kapot"}, mode="update")
    assert {p for _, p in kapot} == {"DeviceUseStatement.status"}
    assert (await wereld.momentopname()).volgnummer == voor


async def test_verwijderen_zegt_of_er_nog_iets_naar_wijst(als: Any, wereld: Any) -> None:
    voor = (await wereld.momentopname()).volgnummer
    houder = als()
    assert {c for c, _ in await kijk_na(houder, "Device/rolstoel-yvonne", mode="delete")} == {"nog-gebruikt"}
    assert await kijk_na(houder, "DeviceUseStatement/gebruik-yvonne", mode="delete") == set()
    assert {c for c, _ in await kijk_na(houder, "Device/er-niet", mode="delete")} == {"niet-gevonden"}
    assert (await wereld.momentopname()).volgnummer == voor


async def test_een_definitief_advies_is_niet_meer_te_wijzigen_en_dat_zegt_het_vooraf(als: Any, wereld: Any) -> None:
    advies = {**concept(), "status": "completed"}
    await wereld.zet(HOUDER, advies, auteur="PractitionerRole/therapeut-nienke")
    await wereld.deel(f"Organization/{PRAKTIJK}", "advies", "contact", "gezondheid", "functioneren", "maten",
                      "omgeving", "hulpmiddelen", "advies", "eisen")  # fmt: skip
    fouten = await kijk_na(als(rol="therapeut"), "QuestionnaireResponse/advies-1", advies, mode="update")
    assert {c for c, _ in fouten} == {"niet-van-u"}


async def test_zonder_inhoud_bij_een_id_gaat_het_over_wat_er_staat(als: Any, wereld: Any) -> None:
    await vul(wereld)
    assert await kijk_na(als(), "Device/rolstoel-yvonne") == set()
    assert await kijk_na(als(), "Questionnaire/functioneel-advies") == set()
    assert (await als().post(f"Device/er-niet/{VALIDATE}")).status_code == 404
    assert (await als(rol="leverancier").post(f"Device/rolstoel-yvonne/{VALIDATE}")).status_code == 404


async def test_wat_er_staat_is_ook_met_get_na_te_kijken(als: Any, wereld: Any) -> None:
    await vul(wereld)
    plek = f"Device/rolstoel-yvonne/{VALIDATE}"
    for vraag in ("", "?mode=profile", f"?profile={profiel('Device')}"):
        antwoord = await als().get(plek + vraag)
        assert (antwoord.status_code, codes(antwoord)) == (200, set()), antwoord.text
    assert codes(await als().get(f"{plek}?profile=urn:onbekend")) == {("fhir-profiel-onbekend", "profile")}
    assert (await als(rol="leverancier").get(plek)).status_code == 404
    zonder = await als().get(f"Device/{VALIDATE}")
    assert (zonder.status_code, codes(zonder)) == (400, {("geen-inhoud", "")})


async def test_een_profiel_telt_mee_en_een_onbekend_profiel_is_een_fout(als: Any) -> None:
    houder = als()
    assert await kijk_na(houder, "Observation", maat(), profile=profiel("Observation")) == set()
    r4 = "http://hl7.org/fhir/StructureDefinition/Observation"
    assert await kijk_na(houder, "Observation", maat(), profile=r4) == set()
    anders = await kijk_na(houder, "Observation", maat(), profile=profiel("Device"))
    assert {c for c, _ in anders} == {"fhir-profiel-type"}
    antwoord = await houder.post(f"Observation/{VALIDATE}?profile=urn:onbekend", json=maat())
    assert codes(antwoord) == {("fhir-profiel-onbekend", "profile")}


async def test_antwoorden_gaan_langs_hun_vragenlijst(als: Any) -> None:
    lijst = eigen("evaluatie")
    goed = bouw(lijst, {"doet-wat-het-moet-doen": True}, "completed", {"subject": WIE})
    assert await kijk_na(als(), "QuestionnaireResponse", goed) == set()
    leeg = bouw(lijst, {}, "completed", {"subject": WIE})
    assert {c for c, _ in await kijk_na(als(), "QuestionnaireResponse", leeg)} == {"antwoord-ontbreekt"}
    vreemd = {**goed, "item": [{"linkId": "99", "answer": [{"valueBoolean": True}]}]}
    assert "vraag-onbekend" in {c for c, _ in await kijk_na(als(), "QuestionnaireResponse", vreemd)}


@pytest.mark.parametrize(
    ("adres", "inhoud", "plek"),
    [
        ("Device", {"mode": "raar"}, "Parameters.parameter[0].valueCode"),
        ("Device", {"mode": "delete"}, "Parameters.parameter[0].valueCode"),
        ("Device", {"mode": "update"}, "Parameters.parameter[0].valueCode"),
        ("Device/rolstoel-yvonne", {"mode": "update"}, None),
        ("Device", {"mode": "create"}, None),
    ],
)
async def test_een_vraag_die_niet_kan_is_400(als: Any, adres: str, inhoud: Any, plek: str | None) -> None:
    lijst = [{"name": n, "valueCode": w} for n, w in inhoud.items()]
    antwoord = await als().post(f"{adres}/{VALIDATE}", json={"resourceType": "Parameters", "parameter": lijst})
    assert antwoord.status_code == 400, antwoord.text
    assert antwoord.json()["issue"][0].get("expression") == ([plek] if plek else None)


async def test_wat_geen_json_is_is_400(als: Any) -> None:
    koppen = {"content-type": "application/fhir+json"}
    for kapot in (b"{", b"[]", b'{"a":1,"a":2}', b"\xff"):
        antwoord = await als().post(f"Device/{VALIDATE}", content=kapot, headers=koppen)
        assert antwoord.status_code == 400
