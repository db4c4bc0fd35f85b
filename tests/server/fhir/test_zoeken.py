"""Zoeken langs HTTP: binnen een paspoort, over paspoorten heen, en wat er mis kan zijn aan een vraag."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from paspoort.fhir.stelsels import BSN, codestelsel


def namen(antwoord: httpx.Response, wijze: str | None = None) -> list[str]:
    """`Type/id` van elke regel, in volgorde."""
    assert antwoord.status_code == 200, antwoord.text
    return [
        f"{r['resource']['resourceType']}/{r['resource']['id']}"
        for r in antwoord.json().get("entry", [])
        if wijze is None or r["search"]["mode"] == wijze
    ]


async def test_met_een_patient_token_en_zonder_patient_komen_de_eigen_hulpmiddelen(als: Any) -> None:
    antwoord = await als().get("DeviceUseStatement?_include=DeviceUseStatement:device")
    assert namen(antwoord, "match") == ["DeviceUseStatement/gebruik-yvonne"]
    assert namen(antwoord, "include") == ["Device/rolstoel-yvonne"]
    assert antwoord.json()["total"] == 1


async def test_revinclude_vindt_het_gebruik_bij_het_hulpmiddel(als: Any) -> None:
    antwoord = await als().get("Device?_revinclude=DeviceUseStatement:device")
    assert namen(antwoord) == ["Device/rolstoel-yvonne", "DeviceUseStatement/gebruik-yvonne"]


async def test_include_geeft_niets_dat_het_token_niet_mag_lezen(als: Any) -> None:
    antwoord = await als(scopes="patient/DeviceUseStatement.rs").get(
        "DeviceUseStatement?_include=DeviceUseStatement:device&_include=DeviceUseStatement:patient"
    )
    assert namen(antwoord) == ["DeviceUseStatement/gebruik-yvonne"]


async def test_include_en_zoeken_via_een_verwijzing_gaan_niet_buiten_het_zicht(als: Any, wereld: Any) -> None:
    await wereld.deel("Organization/praktijk-handvat", "advies", "contact", "functioneren")
    client = als(rol="therapeut")
    assert namen(await client.get("Condition?patient=houder-yvonne")) == []
    assert namen(await client.get("Device?patient=houder-yvonne")) == []
    assert namen(await client.get("DeviceUseStatement?patient=houder-yvonne&device.type=11A03")) == []
    assert (await client.get("Condition?patient=houder-yvonne&_summary=count")).json()["total"] == 0


@pytest.mark.parametrize(
    ("vraag", "raak"),
    [
        ("Device?type=11A03", True),
        (f"Device?type={codestelsel('categorie')}|11A03", True),
        ("Device?type=http://snomed.info/sct|11A03", False),
        ("Device?type:not=11A03", False),
        ("Device?type=11A02,11A03", True),
        ("Device?status=active&type=11A03", True),
        ("Device?status=inactive", False),
        ("Device?status:missing=true", False),
        ("Device?manufacturer:missing=true", True),
        ("Device?device-name=rol", True),
        ("Device?device-name=stoel", False),
        ("Device?device-name:contains=STOEL", True),
        ("Device?device-name:exact=rolstoel", False),
        ("Device?device-name:exact=Rolstoel", True),
        ("Device?patient=houder-yvonne", True),
        ("Device?patient=Patient/houder-yvonne", True),
        ("Device?patient:Patient=houder-yvonne", True),
        ("Device?patient=houder-ander", False),
        ("Device?_id=rolstoel-yvonne", True),
        ("Device?_id=rolstoel-ander", False),
        ("Device?_lastUpdated=gt2020-01-01", True),
        ("Device?_lastUpdated=lt2020-01-01", False),
        (f"Device?_tag={codestelsel('herkomst')}|zelf", True),
        ("Device?patient.family=yvo", True),
        ("Device?patient.family=ander", False),
        ("DeviceUseStatement?date=2019-06-03", False),  # loopt nog: valt niet binnen die ene dag
        ("DeviceUseStatement?date=ge2019-06-03", True),
        ("DeviceUseStatement?date=sa2019-06-02", True),
        ("DeviceUseStatement?date=lt2019-06", False),
        ("DeviceUseStatement?date=lt2019-07", True),
        ("DeviceUseStatement?date=eb2019", False),
        ("DeviceUseStatement?type=11A03", True),
        ("DeviceUseStatement?device:Device.type=11A03", True),
        ("DeviceUseStatement?device=rolstoel-yvonne", True),
        ("Patient?family=yvonne", True),
        ("Patient?name=test", True),
        ("Patient?birthdate=1979", True),
        ("Patient?birthdate=ne1979-05-04", False),
        ("Patient?gender=female", True),
        ("Condition?category=282291009", True),
    ],
)
async def test_zoekvragen_vinden_wat_zij_zeggen(als: Any, vraag: str, raak: bool) -> None:
    assert (len(namen(await als().get(vraag))) == 1) is raak


@pytest.mark.parametrize(
    ("vraag", "plek", "code"),
    [
        ("Device?kleur=rood", "kleur", "not-supported"),
        (
            "Device?_has:DeviceUseStatement:device:_has:Observation:focus:status=final",
            "_has:DeviceUseStatement:device:_has:Observation:focus:status",
            "not-supported",
        ),
        ("Device?status:above=active", "status:above", "not-supported"),
        ("Device?_elements=kleur", "_elements", "value"),
        ("Device?_lastUpdated=gisteren", "_lastUpdated", "value"),
        ("Device?_lastUpdated=2020-13-01", "_lastUpdated", "value"),
        ("DeviceUseStatement?date=xx2020", "date", "value"),
        ("Device?status=", "status", "value"),
        ("Device?status=a|b|c", "status", "value"),
        ("Device?status:missing=misschien", "status:missing", "value"),
        ("Device?_count=veel", "_count", "value"),
        ("Device?_count=-1", "_count", "value"),
        ("Device?_sort=kleur", "_sort", "value"),
        ("Device?_total=ongeveer", "_total", "value"),
        ("Device?_include=Device:kleur", "_include", "value"),
        ("Device?_include=Patient:*", "_include", "value"),
        ("Device?_revinclude=Patient:link", "_revinclude", "value"),
        ("Device?_bladzijde=verzonnen", "_bladzijde", "value"),
        ("Device?_bladzijde=WyJ4IiwgLTFd", "_bladzijde", "value"),
        ("Observation?value-quantity=zwaar", "value-quantity", "value"),
        ("Device?patient.kleur=x", "patient.kleur", "not-supported"),
    ],
)
async def test_een_vraag_die_niet_klopt_is_400_bij_de_parameter(als: Any, vraag: str, plek: str, code: str) -> None:
    antwoord = await als().get(vraag)
    assert antwoord.status_code == 400
    assert [(i["expression"], i["code"]) for i in antwoord.json()["issue"]] == [([plek], code)]


async def test_alle_fouten_in_een_vraag_komen_samen(als: Any) -> None:
    antwoord = await als().get("Device?kleur=rood&_lastUpdated=ooit&_count=x")
    assert {i["expression"][0] for i in antwoord.json()["issue"]} == {"kleur", "_lastUpdated", "_count"}


async def test_bladzijden_geven_alles_precies_een_keer_ook_als_er_iets_bij_komt(als: Any, wereld: Any) -> None:
    wie = {"reference": "Patient/houder-yvonne"}
    doelen = [
        {
            "resourceType": "Goal",
            "id": f"doel-{n}",
            "lifecycleStatus": "active",
            "description": {"text": f"Doel {n}"},
            "subject": wie,
        }
        for n in range(7)
    ]
    await wereld.zet("houder-yvonne", *doelen)
    client = als()
    gezien: list[str] = []
    adres: str | None = "Goal?_count=3&_sort=-_id"
    while adres:
        antwoord = await client.get(adres)
        gezien += namen(antwoord)
        assert antwoord.json()["total"] >= 7
        adres = next((x["url"] for x in antwoord.json()["link"] if x["relation"] == "next"), None)
        if len(gezien) == 3:
            await wereld.zet("houder-yvonne", {**doelen[0], "id": "doel-9"})
    assert gezien == [f"Goal/doel-{n}" for n in range(6, -1, -1)]


async def test_sorteren_zet_wat_geen_waarde_heeft_achteraan(als: Any, wereld: Any) -> None:
    wie = {"reference": "Patient/houder-yvonne"}
    basis = {"resourceType": "Goal", "lifecycleStatus": "active", "description": {"text": "x"}, "subject": wie}
    await wereld.zet(
        "houder-yvonne",
        {**basis, "id": "a", "startDate": "2020-01-01"},
        {**basis, "id": "b"},
        {**basis, "id": "c", "startDate": "2021"},
    )
    assert namen(await als().get("Goal?_sort=start-date")) == ["Goal/a", "Goal/c", "Goal/b"]
    assert namen(await als().get("Goal?_sort=-start-date")) == ["Goal/c", "Goal/a", "Goal/b"]


@pytest.mark.parametrize(
    "vraag",
    [
        "Device?status=active",
        "Device?_sort=_id",
        "Device?_total=accurate",
        "Device?_summary=count",
        "Device?_revinclude=DeviceUseStatement:device",
        "Condition?code=1",
        "Patient?name=yvonne",
        "Patient?identifier=http://elders|1",
        "Task?priority=urgent",
        "Task?patient.name=yvonne",
        "Task?_sort=status",
    ],
)
async def test_zonder_patient_is_het_meeste_zoeken_te_kostbaar(als: Any, vraag: str) -> None:
    antwoord = await als(rol="therapeut").get(vraag)
    assert antwoord.status_code == 400
    assert antwoord.json()["issue"][0]["code"] == "too-costly"


async def test_wie_geen_organisatie_heeft_zoekt_niet_over_paspoorten_heen(als: Any) -> None:
    antwoord = await als(rol="beheerder", scopes="user/*.rs").get("Device")
    assert antwoord.json()["issue"][0]["code"] == "too-costly"


async def test_een_vreemd_of_onbekend_paspoort_geeft_dezelfde_lege_bundel(als: Any, wereld: Any) -> None:
    await wereld.deel("Organization/praktijk-handvat", "advies", "contact", "hulpmiddelen")
    client = als(rol="therapeut")
    assert len(namen(await client.get("Device?patient=houder-yvonne"))) == 1
    vreemd, onbekend = await client.get("Device?patient=houder-ander"), await client.get("Device?patient=houder-niema")
    assert vreemd.content.replace(b"ander", b"niema") == onbekend.content
    assert vreemd.json()["total"] == 0


@pytest.mark.parametrize("waarde", [f"{BSN}|999911120", f"{BSN}|111", "999911120"])
async def test_zoeken_op_bsn_kan_niet_in_een_adres(als: Any, waarde: str) -> None:
    for rol in ("houder", "verstrekker"):
        antwoord = await als(rol=rol).get("Patient", params={"identifier": waarde})
        assert antwoord.status_code == 400
        assert "999911120" not in antwoord.text


async def test_zoeken_op_bsn_met_post_vindt_alleen_met_toestemming_en_noemt_het_nergens(als: Any, wereld: Any) -> None:
    client = als(rol="verstrekker")
    vraag = {"identifier": f"{BSN}|999911120"}
    assert namen(await client.post("Patient/_search", data=vraag)) == []
    await wereld.deel("Organization/gemeente-veldkant", "onderzoek", "contact", "persoon")
    assert namen(await client.post("Patient/_search", data=vraag)) == []  # zonder de groep bsn niet te vinden
    await wereld.deel("Organization/gemeente-veldkant", "onderzoek", "contact", "bsn")
    antwoord = await client.post("Patient/_search", data=vraag)
    assert namen(antwoord) == ["Patient/houder-yvonne"]
    assert all("999911120" not in x["url"] for x in antwoord.json()["link"])


async def test_de_werkvoorraad_van_de_eigen_organisatie_gaat_over_paspoorten_heen(als: Any, wereld: Any) -> None:
    def taak(id_: str, patient: str, eigenaar: str) -> dict[str, Any]:
        return {
            "resourceType": "Task",
            "id": id_,
            "status": "requested",
            "intent": "order",
            "code": {"coding": [{"system": codestelsel("taaksoort"), "code": "behandeling"}]},
            "for": {"reference": f"Patient/{patient}"},
            "owner": {"reference": f"Organization/{eigenaar}"},
        }

    await wereld.zet(
        "houder-yvonne",
        taak("t1", "houder-yvonne", "gemeente-veldkant"),
        taak("t3", "houder-yvonne", "leverancier-rijdt"),
    )
    await wereld.zet("houder-ander", taak("t2", "houder-ander", "gemeente-veldkant"))
    client = als(rol="verstrekker", soort="app", functie=None, scopes="system/*.rs")
    assert set(namen(await client.get("Task?status=requested"))) == {"Task/t1", "Task/t2"}
    assert set(namen(await client.get("Task?owner=Organization/gemeente-veldkant"))) == {"Task/t1", "Task/t2"}
    assert namen(await client.get("Task?owner=Organization/leverancier-rijdt")) == []
    assert namen(await client.get("Task?patient=houder-ander")) == ["Task/t2"]
    assert namen(await als(rol="therapeut").get("Task")) == []


async def test_organisaties_zijn_voor_ieder_met_een_token_te_vinden(als: Any) -> None:
    assert namen(await als().get("Organization?name=gem")) == ["Organization/gemeente-veldkant"]
    gevonden = await als().get(f"Organization?type={codestelsel('organisatiesoort')}|leverancier")
    assert namen(gevonden) == ["Organization/leverancier-rijdt"]


async def test_definities_zijn_zonder_token_te_lezen_en_op_url_te_vinden(anoniem: httpx.AsyncClient) -> None:
    definitie = (await anoniem.get("StructureDefinition/hmp-Device")).json()
    gevonden = await anoniem.get("StructureDefinition", params={"url": definitie["url"]})
    assert namen(gevonden) == ["StructureDefinition/hmp-Device"]
    assert (await anoniem.get("CodeSystem/gegevensgroep")).status_code == 200
    assert (await anoniem.get("ValueSet/bestaat-niet")).status_code == 404
    assert (await anoniem.get("ValueSet?kleur=x")).status_code == 400
    assert (await anoniem.post("ValueSet", json={})).status_code == 405


async def test_vragenlijsten_zijn_te_vinden_op_url(als: Any) -> None:
    gevonden = await als(scopes="user/Questionnaire.rs").get("Questionnaire?name:missing=false&_count=100")
    assert "Questionnaire/functioneel-advies" in namen(gevonden)
