"""Slechte invoer bij schrijven langs HTTP: JSON, structuur, codes, verwijzingen, koppeling; elk bij zijn element."""

from __future__ import annotations

from typing import Any

import pytest

from tests.schrijfwereld import WIE, Json, codes, gebruik, maat, stand

# --- slechte invoer: JSON, structuur, codes, verwijzingen, koppeling


@pytest.mark.parametrize(
    ("tekst", "code"),
    [
        (b"", "geen-inhoud"),
        (b"{", "json-kapot"),
        (b"[]", "json-geen-object"),
        (b'{"a":1,"a":2}', "json-dubbel"),
        (b'{"a":NaN}', "json-getal"),
        (b'{"a":"\xff"}', "json-geen-utf8"),
        (b'{"a":' * 70 + b"1" + b"}" * 70, "json-te-diep"),
        (b'{"resourceType":"Device"}', "type-anders"),
        (b'{"status":"active"}', "type-anders"),
    ],
)
async def test_kapotte_json_is_400_en_er_wordt_niets_bewaard(als: Any, wereld: Any, tekst: bytes, code: str) -> None:
    voor = await stand(wereld)
    antwoord = await als().post("Observation", content=tekst, headers={"content-type": "application/fhir+json"})
    assert antwoord.status_code == 400
    assert code in {c for c, _ in codes(antwoord)}
    assert await stand(wereld) == voor


@pytest.mark.parametrize(
    ("fout", "plek"),
    [
        ({"kleur": "rood"}, "Observation.kleur"),
        ({"status": "klaar"}, "Observation.status"),
        ({"status": 3}, "Observation.status"),
        ({"effectiveDateTime": "2024-02-30"}, "Observation.effectiveDateTime"),
        ({"valueQuantity": {"value": "42"}}, "Observation.valueQuantity.value"),
        ({"code": None}, "Observation.code"),
        ({"category": {}}, "Observation.category"),
        ({"subject": {"reference": "Device/rolstoel-yvonne"}}, "Observation.subject"),
    ],
)
async def test_een_fout_in_de_inhoud_wijst_het_element_aan(als: Any, wereld: Any, fout: Json, plek: str) -> None:
    voor = await stand(wereld)
    antwoord = await als().post("Observation", json=maat(**fout))
    assert antwoord.status_code in (400, 422)
    assert any(p.startswith(plek) for _, p in codes(antwoord)), antwoord.text
    assert await stand(wereld) == voor


async def test_drie_fouten_zijn_drie_meldingen(als: Any) -> None:
    antwoord = await als().post("Observation", json=maat(status="klaar", effectiveDateTime="ooit", kleur="rood"))
    plekken = {p for _, p in codes(antwoord)}
    assert {"Observation.status", "Observation.effectiveDateTime", "Observation.kleur"} <= plekken


@pytest.mark.parametrize(
    ("verwijzing", "code"),
    [
        ("Device/bestaat-niet", "referentie-onbekend"),
        ("Device/rolstoel-ander", "referentie-onbekend"),
        ("urn:uuid:7b2a1a2e-0000-4000-8000-000000000000", "referentie-onbekend"),
        ("#weg", "referentie-onbekend"),
        ("https://elders.example/fhir/Device/1", "referentie-extern"),
    ],
)
async def test_een_loshangende_verwijzing_wordt_geweigerd_bij_haar_element(
    als: Any, wereld: Any, verwijzing: str, code: str
) -> None:
    voor = await stand(wereld)
    antwoord = await als().post("DeviceUseStatement", json=gebruik(device={"reference": verwijzing}))
    assert antwoord.status_code in (400, 422)
    assert any(p.startswith("DeviceUseStatement.device") for _, p in codes(antwoord)), antwoord.text
    assert await stand(wereld) == voor


async def test_verborgen_en_onbekend_geven_bij_een_verwijzing_dezelfde_fout(als: Any, wereld: Any) -> None:
    await wereld.deel("Organization/praktijk-handvat", "advies", "contact", "maten")
    client = als(rol="therapeut")
    antwoorden = [
        await client.post("Observation", json=maat(device={"reference": f"Device/{id_}"}))
        for id_ in ("rolstoel-yvonne", "rolstoel-ander", "bestaat-niet")
    ]
    assert [a.status_code for a in antwoorden] == [422, 422, 422]
    assert len({a.content for a in antwoorden}) == 1


async def test_een_volledig_adres_van_deze_server_wordt_kort(als: Any) -> None:
    inhoud = gebruik(device={"reference": "http://test/fhir/Device/rolstoel-yvonne"})
    gemaakt = await als().post("DeviceUseStatement", json=inhoud)
    assert gemaakt.json()["device"]["reference"] == "Device/rolstoel-yvonne"


@pytest.mark.parametrize(
    ("subject", "status"),
    [({"reference": "Patient/houder-ander"}, 422), ({"display": "Yvonne"}, 422), ({"reference": "Patient/weg"}, 422)],
)
async def test_de_koppeling_aan_het_paspoort_verandert_niet(als: Any, subject: Json, status: int) -> None:
    client = als()
    inhoud = (await client.get("DeviceUseStatement/gebruik-yvonne")).json()
    antwoord = await client.put("DeviceUseStatement/gebruik-yvonne", json={**inhoud, "subject": subject})
    assert antwoord.status_code == status
    assert any(p.startswith("DeviceUseStatement.subject") for _, p in codes(antwoord))


@pytest.mark.parametrize("id_", ["ander-id", None])
async def test_het_id_in_de_inhoud_is_dat_van_het_adres(als: Any, id_: str | None) -> None:
    client = als()
    inhoud = (await client.get("Device/rolstoel-yvonne")).json()
    inhoud.pop("id")
    antwoord = await client.put("Device/rolstoel-yvonne", json=inhoud | ({"id": id_} if id_ else {}))
    assert (antwoord.status_code, codes(antwoord)) == (400, {("id-anders", "Device.id")})


async def test_wat_nog_gebruikt_wordt_gaat_niet_weg(als: Any) -> None:
    client = als()
    antwoord = await client.delete("Device/rolstoel-yvonne")
    assert (antwoord.status_code, codes(antwoord)) == (409, {("nog-gebruikt", "Device")})
    assert (await client.delete("DeviceUseStatement/gebruik-yvonne")).status_code == 204
    assert (await client.delete("Device/rolstoel-yvonne")).status_code == 204


async def test_antwoorden_worden_nagekeken_tegen_hun_vragenlijst(als: Any, wereld: Any) -> None:
    await wereld.deel("Organization/praktijk-handvat", "advies", "contact", "hulpmiddelen", "advies", "eisen")
    inhoud = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": "http://hulpmiddelenpaspoort.nl/fhir/Questionnaire/functioneel-advies|1.0.0",
        "status": "in-progress",
        "subject": WIE,
        "item": [{"linkId": "bestaat-niet"}],
    }
    antwoord = await als(rol="therapeut").post("QuestionnaireResponse", json=inhoud)
    assert antwoord.status_code == 422
    assert any(p.startswith("QuestionnaireResponse.item[0]") for _, p in codes(antwoord))
    onbekend = {**inhoud, "questionnaire": "http://elders.example/Questionnaire/x", "item": []}
    onbekend.pop("item")
    assert codes(await als(rol="therapeut").post("QuestionnaireResponse", json=onbekend)) == {
        ("vragenlijst-onbekend", "QuestionnaireResponse.questionnaire")
    }
