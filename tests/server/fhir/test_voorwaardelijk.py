"""Maken, wijzigen en verwijderen met een zoekvraag (If-None-Exist, PUT en DELETE op type), binnen één paspoort."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from paspoort.fhir.stelsels import BSN
from tests.schrijfwereld import codes, stand

WIE = {"reference": "Patient/houder-yvonne"}
STELSEL = "http://voorbeeld.nl/serie"


@pytest.fixture
def dialect() -> str:
    """Zoeken gebeurt in de momentopname; de database maakt hier niet uit."""
    return "sqlite"


def apparaat(serie: str = "s-1", **velden: Any) -> dict[str, Any]:
    merk = [{"system": STELSEL, "value": serie}]
    return {"resourceType": "Device", "status": "active", "patient": WIE, "identifier": merk, **velden}


async def maak(client: httpx.AsyncClient, vraag: str, **velden: Any) -> httpx.Response:
    return await client.post("Device", json=apparaat(**velden), headers={"if-none-exist": vraag})


# --- If-None-Exist


async def test_maken_als_het_er_nog_niet_is(als: Any, wereld: Any) -> None:
    client, vraag = als(), f"identifier={STELSEL}|s-1"
    eerste = await maak(client, vraag)
    assert eerste.status_code == 201
    voor = await stand(wereld)
    weer = await maak(client, f"Device?{vraag}", status="inactive")
    assert (weer.status_code, weer.content) == (200, eerste.content)
    assert weer.headers["location"] == eerste.headers["location"]
    assert weer.headers["etag"] == 'W/"1"'
    assert await stand(wereld) == voor
    await client.post("Device", json=apparaat())
    meer = await maak(client, vraag)
    assert (meer.status_code, codes(meer)) == (412, {("voorwaarde-meer", "If-None-Exist")})


async def test_twintig_tegelijk_maken_er_samen_een(als: Any, wereld: Any) -> None:
    client = als()
    antwoorden = await asyncio.gather(*(maak(client, f"identifier={STELSEL}|s-9", serie="s-9") for _ in range(20)))
    assert sorted(a.status_code for a in antwoorden) == [200] * 19 + [201]
    assert len({a.json()["id"] for a in antwoorden}) == 1


async def test_wat_een_ander_niet_ziet_is_er_voor_hem_niet(als: Any, wereld: Any) -> None:
    await als().post("Device", json=apparaat())
    ander = als(patient="houder-ander")
    antwoord = await maak(ander, f"identifier={STELSEL}|s-1", patient={"reference": "Patient/houder-ander"})
    assert antwoord.status_code == 201
    therapeut = als(rol="therapeut")
    for patient in ("houder-yvonne", "bestaat-niet"):
        dicht = await maak(therapeut, f"identifier={STELSEL}|s-1", patient={"reference": f"Patient/{patient}"})
        assert (dicht.status_code, codes(dicht)) == (422, {("referentie-onbekend", "Device.patient")})


@pytest.mark.parametrize(
    ("vraag", "code"),
    [
        ("", "voorwaarde-leeg"),
        ("_count=1", "voorwaarde-leeg"),
        ("_sort=status&_include=Device:patient", "voorwaarde-leeg"),
        ("kleur=rood", "zoek-onbekend"),
        ("status:zacht=active", "zoek-bepaler"),
        ("_lastUpdated=gisteren", "zoek-waarde"),
        ("status=%zz", "kop-fout"),
        ("&".join(["status=active"] * 21), "voorwaarde-leeg"),
    ],
)
async def test_een_slechte_voorwaarde_bewaart_niets(als: Any, wereld: Any, vraag: str, code: str) -> None:
    voor = await stand(wereld)
    antwoord = await maak(als(), vraag)
    assert (antwoord.status_code, {c for c, _ in codes(antwoord)}) == (400, {code}), antwoord.text
    assert await stand(wereld) == voor


async def test_zoeken_op_voorwaarde_vraagt_ook_een_zoekscope(als: Any) -> None:
    antwoord = await maak(als(scopes="patient/Device.cu"), "status=active")
    assert antwoord.status_code == 403
    assert "Device.s" in antwoord.headers["www-authenticate"]


async def test_de_proeftuin_maakt_een_patient_een_keer(als: Any) -> None:
    client = als(rol="proef")
    patient = {"resourceType": "Patient", "identifier": [{"system": STELSEL, "value": "p-1"}]}
    koppen = {"if-none-exist": f"identifier={STELSEL}|p-1"}
    eerste = await client.post("Patient", json=patient, headers=koppen)
    weer = await client.post("Patient", json=patient, headers=koppen)
    assert (eerste.status_code, weer.status_code) == (201, 200)
    assert eerste.json()["id"] == weer.json()["id"]


@pytest.mark.parametrize("hoe", ["POST", "PUT", "transaction"])
async def test_tegelijk_gevraagd_is_een_patient_een_keer_gemaakt(als: Any, hoe: str) -> None:
    client, vraag = als(rol="proef"), f"identifier={STELSEL}|p-2"
    patient = {"resourceType": "Patient", "identifier": [{"system": STELSEL, "value": "p-2"}]}
    regel = {"resource": patient, "request": {"method": "POST", "url": "Patient", "ifNoneExist": vraag}}

    def een() -> Any:
        if hoe == "POST":
            return client.post("Patient", json=patient, headers={"if-none-exist": vraag})
        if hoe == "PUT":
            return client.put(f"Patient?{vraag}", json=patient)
        return client.post("", json={"resourceType": "Bundle", "type": "transaction", "entry": [regel]})

    antwoorden = await asyncio.gather(*(een() for _ in range(8)))
    assert {a.status_code for a in antwoorden} <= {200, 201}, [a.text for a in antwoorden]
    gevonden = (await client.get("Patient", params={"identifier": f"{STELSEL}|p-2"})).json()
    assert gevonden["total"] == 1


async def test_een_los_hulpmiddel_van_een_organisatie_komt_er_een_keer(als: Any, wereld: Any) -> None:
    client = als(rol="leverancier")
    los = {k: w for k, w in apparaat().items() if k != "patient"}
    antwoorden = [
        await client.post("Device", json=los, headers={"if-none-exist": f"identifier={STELSEL}|s-1"}) for _ in range(2)
    ]
    assert [a.status_code for a in antwoorden] == [201, 200]


# --- PUT met een zoekvraag


async def test_wijzigen_maakt_wijzigt_of_weigert(als: Any, wereld: Any) -> None:
    client, adres = als(), f"Device?identifier={STELSEL}|s-1"
    gemaakt = await client.put(adres, json=apparaat())
    assert gemaakt.status_code == 201
    gewijzigd = await client.put(adres, json=apparaat(status="inactive"))
    assert (gewijzigd.status_code, gewijzigd.headers["etag"]) == (200, 'W/"2"')
    assert gewijzigd.json()["id"] == gemaakt.json()["id"]
    met_id = await client.put(adres, json=apparaat(id=gemaakt.json()["id"]), headers={"if-match": 'W/"2"'})
    assert (met_id.status_code, met_id.headers["etag"]) == (200, 'W/"3"')
    oud = await client.put(adres, json=apparaat(), headers={"if-match": 'W/"1"'})
    assert oud.status_code == 412
    ander_id = await client.put(adres, json=apparaat(id="rolstoel-yvonne"))
    assert (ander_id.status_code, codes(ander_id)) == (400, {("id-anders", "Device.id")})
    eigen_id = await client.put(f"Device?identifier={STELSEL}|s-2", json=apparaat(id="zelf-gekozen"))
    assert (eigen_id.status_code, codes(eigen_id)) == (405, {("id-onbekend", "Device.id")})
    await client.post("Device", json=apparaat())
    meer = await client.put(adres, json=apparaat())
    assert (meer.status_code, codes(meer)) == (412, {("voorwaarde-meer", "query")})


async def test_wijzigen_op_bsn_kan_niet_in_een_adres(als: Any) -> None:
    patient = {"resourceType": "Patient", "name": [{"text": "x"}]}
    antwoord = await als().put(f"Patient?identifier={BSN}|999911120", json=patient)
    assert (antwoord.status_code, {c for c, _ in codes(antwoord)}) == (400, {"zoek-met-post"})


async def test_wat_gevonden_is_maar_niet_van_u_blijft_zoals_het_is(als: Any, wereld: Any) -> None:
    await wereld.deel("Organization/praktijk-handvat", "advies", "contact", "hulpmiddelen", "gezondheid")
    client, voor = als(rol="therapeut"), await stand(wereld)
    diagnose = (await client.get("Condition/diagnose-yvonne")).json()
    antwoord = await client.put("Condition?patient=houder-yvonne", json={**diagnose, "meta": {}})
    assert (antwoord.status_code, codes(antwoord)) == (403, {("niet-van-u", "")})
    assert await stand(wereld) == voor


# --- DELETE met een zoekvraag


async def test_verwijderen_raakt_hoogstens_een(als: Any) -> None:
    client, adres = als(), f"Device?identifier={STELSEL}|s-1"
    assert (await client.delete(adres)).status_code == 404
    gemaakt = await client.post("Device", json=apparaat())
    tweede = await client.post("Device", json=apparaat())
    assert (await client.delete(adres)).status_code == 412
    assert (await client.delete(f"Device/{tweede.json()['id']}")).status_code == 204
    assert (await client.delete(adres)).status_code == 204
    assert (await client.get(f"Device/{gemaakt.json()['id']}")).status_code == 410


async def test_verwijderen_zonder_voorwaarde_of_paspoort_kan_niet(als: Any, wereld: Any) -> None:
    voor = await stand(wereld)
    assert (await als().delete("Device")).status_code == 405
    assert (await als().delete("Device?_format=json")).status_code == 405
    assert (await als().delete("Device?_count=1")).status_code == 400
    therapeut = await als(rol="therapeut").delete("Device?status=active")
    assert (therapeut.status_code, {c for c, _ in codes(therapeut)}) == (400, {"te-kostbaar"})
    assert (await als().put("Device", json=apparaat())).status_code == 405
    assert await stand(wereld) == voor
