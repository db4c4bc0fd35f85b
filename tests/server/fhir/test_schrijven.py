"""create, update en delete langs HTTP: toegang.md §6 rij voor rij."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from paspoort.fhir.stelsels import codestelsel, extension
from server.store.passports import Opslag
from tests.schrijfwereld import codes, gebruik, maat, stand

# --- wie niet mag


async def test_anoniem_schrijft_niets(anoniem: httpx.AsyncClient, wereld: Any) -> None:
    voor = await stand(wereld)
    assert (await anoniem.post("DeviceUseStatement", json=gebruik())).status_code == 401
    assert (await anoniem.put("Device/rolstoel-yvonne", json={"resourceType": "Device"})).status_code == 401
    assert (await anoniem.delete("Device/rolstoel-yvonne")).status_code == 401
    assert await stand(wereld) == voor


async def test_zonder_schrijfscope_is_het_403(als: Any, wereld: Any) -> None:
    client, voor = als(scopes="patient/*.rs"), await stand(wereld)
    antwoorden = [
        await client.post("DeviceUseStatement", json=gebruik()),
        await client.put("Device/rolstoel-yvonne", json={"resourceType": "Device"}),
        await client.delete("Device/rolstoel-yvonne"),
    ]
    assert [a.status_code for a in antwoorden] == [403, 403, 403]
    assert all("insufficient_scope" in a.headers["www-authenticate"] for a in antwoorden)
    assert await stand(wereld) == voor


async def test_in_andermans_paspoort_is_de_patient_er_niet(als: Any) -> None:
    for subject in ("Patient/houder-ander", "Patient/bestaat-niet"):
        for rol in ("houder", "therapeut"):
            antwoord = await als(rol=rol).post("DeviceUseStatement", json=gebruik(subject={"reference": subject}))
            assert antwoord.status_code == 422
            assert codes(antwoord) == {("referentie-onbekend", "DeviceUseStatement.subject")}


async def test_na_het_intrekken_schrijft_de_therapeut_niets_meer(als: Any, wereld: Any) -> None:
    id_ = await wereld.deel("Organization/praktijk-handvat", "advies", "contact", "hulpmiddelen", "maten")
    client = als(rol="therapeut")
    assert (await client.post("Observation", json=maat())).status_code == 201
    await wereld.trek_in(id_)
    assert (await client.post("Observation", json=maat())).status_code == 422


async def test_een_put_op_iets_verborgens_of_onbekends_is_405_en_gelijk(als: Any) -> None:
    client = als()
    antwoorden = [
        await client.put(f"DeviceUseStatement/{id_}", json=gebruik(id=id_), headers={"if-match": 'W/"1"'})
        for id_ in ("gebruik-ander", "bestaat-niet")
    ]
    assert [a.status_code for a in antwoorden] == [405, 405]
    assert antwoorden[0].content == antwoorden[1].content


async def test_wat_u_ziet_maar_niet_van_u_is_is_403(als: Any, wereld: Any) -> None:
    await wereld.deel("Organization/praktijk-handvat", "advies", "contact", "hulpmiddelen", "gezondheid")
    client = als(rol="therapeut")
    diagnose = (await client.get("Condition/diagnose-yvonne")).json()
    antwoord = await client.put("Condition/diagnose-yvonne", json=diagnose)
    assert (antwoord.status_code, codes(antwoord)) == (403, {("niet-van-u", "")})
    assert (await client.delete("Condition/diagnose-yvonne")).status_code == 403


async def test_wie_gedeeltelijk_ziet_verandert_niets(als: Any, wereld: Any) -> None:
    await wereld.deel("Organization/leverancier-rijdt", "levering", "contact")
    client = als(rol="leverancier")
    patient = (await client.get("Patient/houder-yvonne")).json()
    antwoord = await client.put("Patient/houder-yvonne", json=patient, headers={"if-match": 'W/"1"'})
    assert antwoord.status_code == 403


# --- goed


async def test_maken_lezen_wijzigen_en_verwijderen(als: Any) -> None:
    client = als()
    gemaakt = await client.post("DeviceUseStatement", json=gebruik(timingPeriod={"start": "2024-05-01"}))
    assert gemaakt.status_code == 201
    adres = f"DeviceUseStatement/{gemaakt.json()['id']}"
    assert gemaakt.headers["location"] == f"http://test/fhir/{adres}/_history/1"
    assert gemaakt.headers["etag"] == 'W/"1"'
    assert (await client.get(adres)).content == gemaakt.content
    gewijzigd = await client.put(adres, json={**gemaakt.json(), "status": "completed"}, headers={"if-match": 'W/"1"'})
    assert (gewijzigd.status_code, gewijzigd.headers["etag"]) == (200, 'W/"2"')
    assert (await client.delete(adres)).status_code == 204
    assert (await client.get(adres)).status_code == 410
    assert (await client.delete(adres)).status_code == 410


async def test_decimalen_en_volgorde_blijven_zoals_ze_kwamen(als: Any) -> None:
    tekst = (
        '{"subject":{"reference":"Patient/houder-yvonne"},"resourceType":"Observation","status":"final",'
        '"category":[{"coding":[{"system":"' + codestelsel("observatiesoort") + '","code":"maten"}]}],'
        '"code":{"coding":[{"system":"' + codestelsel("maat") + '","code":"zitbreedte"}]},'
        '"valueQuantity":{"value":42.50,"unit":"cm","system":"http://unitsofmeasure.org","code":"cm"}}'
    )
    gemaakt = await als().post("Observation", content=tekst, headers={"content-type": "application/fhir+json"})
    assert gemaakt.status_code == 201
    assert '"value":42.50' in gemaakt.text


@pytest.mark.parametrize(("rol", "herkomst"), [("houder", "zelf"), ("therapeut", "bron")])
async def test_de_server_zet_de_herkomst_ook_als_de_inzender_er_een_kiest(
    als: Any, wereld: Any, rol: str, herkomst: str
) -> None:
    await wereld.deel("Organization/praktijk-handvat", "advies", "contact", "hulpmiddelen", "maten")
    tag = {"tag": [{"system": codestelsel("herkomst"), "code": "bevestigd"}]}
    gemaakt = (await als(rol=rol).post("Observation", json=maat(meta=tag))).json()
    assert gemaakt["meta"]["tag"] == [{"system": codestelsel("herkomst"), "code": herkomst}]


@pytest.mark.parametrize(
    ("wens", "inhoud"),
    [("minimal", b""), ("representation", b'"Observation"'), ("OperationOutcome", b'"OperationOutcome"')],
)
async def test_prefer_bepaalt_wat_er_terugkomt(als: Any, wens: str, inhoud: bytes) -> None:
    antwoord = await als().post("Observation", json=maat(), headers={"prefer": f"return={wens}"})
    assert antwoord.status_code == 201
    assert inhoud in antwoord.content
    assert bool(antwoord.content) == bool(inhoud)


# --- versies


@pytest.mark.parametrize(
    ("if_match", "version_id", "status"),
    [
        (None, None, 428),
        (None, "1", 200),
        (None, "2", 412),
        ('W/"1"', None, 200),
        ('"1"', None, 200),
        ('W/"1-abcdef"', None, 200),
        ('W/"2"', "1", 412),
        ('W/"1"', "2", 200),
        ("1", None, 400),
        ("*", None, 200),
        ("*", "2", 200),
        ('W/"x"', None, 400),
        ('W/"0"', None, 400),
        ('W/"1", W/"2"', None, 200),
        ('W/"2", W/"3"', None, 412),
        ('W/"1", x', None, 400),
    ],
)
async def test_wijzigen_kan_alleen_op_de_nieuwste_versie(
    als: Any, if_match: str | None, version_id: str | None, status: int
) -> None:
    client = als()
    inhoud = (await client.get("Device/rolstoel-yvonne")).json()
    inhoud["meta"].pop("versionId")
    if version_id:
        inhoud["meta"]["versionId"] = version_id
    koppen = {"if-match": if_match} if if_match else {}
    assert (await client.put("Device/rolstoel-yvonne", json=inhoud, headers=koppen)).status_code == status


async def test_van_twintig_tegelijk_wint_er_een_en_de_rest_hoort_412(als: Any) -> None:
    client = als()
    inhoud = (await client.get("Device/rolstoel-yvonne")).json()
    antwoorden = await asyncio.gather(
        *(
            client.put("Device/rolstoel-yvonne", json={**inhoud, "lotNumber": str(n)}, headers={"if-match": 'W/"1"'})
            for n in range(20)
        )
    )
    assert sorted(a.status_code for a in antwoorden) == [200] + [412] * 19


async def test_twintig_tegelijk_iets_nieuws_lukt_allemaal(als: Any) -> None:
    client = als()
    antwoorden = await asyncio.gather(*(client.post("Observation", json=maat()) for _ in range(20)))
    assert [a.status_code for a in antwoorden] == [201] * 20
    assert (await client.get("Observation?_summary=count")).json()["total"] == 20


# --- wat alleen de server maakt, en wat hier niet kan


@pytest.mark.parametrize("type_", ["Provenance", "AuditEvent", "Organization", "Practitioner", "Questionnaire"])
async def test_wat_niemand_schrijft_is_405(als: Any, type_: str) -> None:
    antwoord = await als().post(type_, json={"resourceType": type_})
    assert antwoord.status_code == 405
    assert "POST" not in antwoord.headers["allow"]


async def test_een_paspoort_maken_kan_alleen_de_proeftuin_en_die_ziet_alleen_het_eigen(
    als: Any, opslag: Opslag
) -> None:
    patient = {"resourceType": "Patient", "name": [{"text": "Proef Persoon"}]}
    for rol in ("houder", "therapeut"):
        assert (await als(rol=rol).post("Patient", json=patient)).status_code == 403
    proef = als(rol="proef")
    gemaakt = await proef.post("Patient", json=patient)
    assert gemaakt.status_code == 201
    assert gemaakt.json()["meta"]["security"][0]["code"] == "HTEST"
    id_ = gemaakt.json()["id"]
    assert (await opslag.momentopname(id_)).testdata_van == "proef-app"
    assert (await proef.get(f"Patient/{id_}")).status_code == 200
    assert (await proef.get("Patient/houder-yvonne")).status_code == 404
    assert (await als(rol="proef", client_id="andere-app").get(f"Patient/{id_}")).status_code == 404
    assert [r["resource"]["id"] for r in (await proef.get("Patient")).json()["entry"]] == [id_]
    zonder_merk = gemaakt.json()
    zonder_merk["meta"].pop("security")
    bewaard = await proef.put(f"Patient/{id_}", json=zonder_merk)
    assert bewaard.json()["meta"]["security"][0]["code"] == "HTEST"


async def test_een_kapotte_patient_van_de_proeftuin_laat_niets_achter(als: Any, opslag: Opslag) -> None:
    assert (await als(rol="proef").post("Patient", json={"resourceType": "Patient", "gender": "x"})).status_code >= 400
    assert await opslag.testpartities("proef-app") == ()


async def test_een_los_hulpmiddel_komt_bij_de_organisatie(als: Any, opslag: Opslag) -> None:
    apparaat = {
        "resourceType": "Device",
        "status": "active",
        "serialNumber": "SN-1",
        "extension": [{"url": extension("maatwerk"), "valueBoolean": False}],
    }
    client = als(rol="leverancier")
    gemaakt = await client.post("Device", json=apparaat)
    assert gemaakt.status_code == 201, gemaakt.text
    adres = f"Device/{gemaakt.json()['id']}"
    assert await opslag.partitie_van(*adres.split("/")) == "org-leverancier-rijdt"
    assert (await client.get(adres)).status_code == 200
    assert (await als(rol="verstrekker").get(adres)).status_code == 404
    assert (await client.post("DeviceUseStatement", json={**gebruik(), "subject": {"display": "x"}})).status_code in (
        400,
        422,
    )


async def test_als_het_log_zwijgt_wordt_er_niet_gelezen_en_niet_geschreven(
    als: Any, wereld: Any, opslag: Opslag, monkeypatch: pytest.MonkeyPatch
) -> None:
    from paspoort.fouten import Melding, PaspoortFout

    client, voor = als(), await stand(wereld)

    async def stil(*_: Any) -> None:
        raise PaspoortFout(Melding("opslag-stil"))

    monkeypatch.setattr(opslag, "_stukken", stil)
    gelezen = await client.get("Device/rolstoel-yvonne")
    geschreven = await client.post("Observation", json=maat())
    assert (gelezen.status_code, geschreven.status_code) == (503, 503)
    assert gelezen.headers["retry-after"]
    assert "rolstoel" not in gelezen.text
    assert await stand(wereld) == voor
