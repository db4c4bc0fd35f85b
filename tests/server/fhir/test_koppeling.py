"""Een Device bindt zich aan het eerste paspoort dat het gebruikt, en aan geen tweede (toegang.md §5)."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.conftest import ANDER, HOUDER, LEVERANCIER, Als, Wereld
from tests.schrijfwereld import codes, gebruik

Json = dict[str, Any]
GROEPEN = ("contact", "hulpmiddelen", "eisen", "maten", "omgeving", "voortgang")


async def nieuw_device(van: httpx.AsyncClient, **velden: Any) -> str:
    antwoord = await van.post("Device", json={"resourceType": "Device", "status": "active", **velden})
    assert antwoord.status_code == 201, antwoord.text
    return str(antwoord.json()["id"])


def van(device: str, patient: str = HOUDER) -> Json:
    return gebruik(subject={"reference": f"Patient/{patient}"}, device={"reference": f"Device/{device}"})


@pytest.fixture
async def leverancier(als: Als, wereld: Wereld) -> httpx.AsyncClient:
    for patient in (HOUDER, ANDER):
        await wereld.deel(f"Organization/{LEVERANCIER}", "levering", *GROEPEN, patient=patient)
    return als("leverancier")


async def test_een_device_zonder_patient_is_alleen_van_de_organisatie(leverancier: Any, als: Als) -> None:
    id_ = await nieuw_device(leverancier)
    assert (await leverancier.get(f"Device/{id_}")).status_code == 200
    for vreemd in (als("houder"), als("verstrekker"), als("therapeut")):
        assert (await vreemd.get(f"Device/{id_}")).status_code == 404


async def test_het_eerste_gebruik_bindt_het_met_zijn_id_en_geschiedenis(leverancier: Any, als: Als) -> None:
    id_ = await nieuw_device(leverancier, serialNumber="SN-77")
    assert (await leverancier.post("DeviceUseStatement", json=van(id_))).status_code == 201
    houder = als("houder")
    gelezen = await houder.get(f"Device/{id_}")
    assert gelezen.status_code == 200
    assert gelezen.json()["patient"] == {"reference": f"Patient/{HOUDER}"}
    assert gelezen.json()["serialNumber"] == "SN-77"
    assert (await houder.get(f"Device/{id_}/_history/1")).json()["serialNumber"] == "SN-77"
    nummers = [e["response"]["etag"] for e in (await houder.get(f"Device/{id_}/_history")).json()["entry"]]
    assert nummers == ['W/"3"', 'W/"1"']
    gevonden = await houder.get("DeviceUseStatement", params={"_include": "DeviceUseStatement:device"})
    assert id_ in {e["resource"]["id"] for e in gevonden.json()["entry"]}


async def test_de_schrijver_blijft_de_schrijver_en_de_patient_ligt_vast(leverancier: Any) -> None:
    id_ = await nieuw_device(leverancier)
    await leverancier.post("DeviceUseStatement", json=van(id_))
    huidig = (await leverancier.get(f"Device/{id_}")).json()
    assert (await leverancier.put(f"Device/{id_}", json={**huidig, "lotNumber": "L-2"})).status_code == 200
    huidig = (await leverancier.get(f"Device/{id_}")).json()
    elders = {**huidig, "patient": {"reference": f"Patient/{ANDER}"}}
    geweigerd = await leverancier.put(f"Device/{id_}", json=elders)
    assert geweigerd.status_code == 422 and ("koppeling-vast", "Device.patient") in codes(geweigerd)


async def test_een_tweede_paspoort_dat_het_noemt_wordt_geweigerd(leverancier: Any, wereld: Wereld) -> None:
    id_ = await nieuw_device(leverancier)
    await leverancier.post("DeviceUseStatement", json=van(id_))
    voor = (await wereld.momentopname(ANDER)).volgnummer
    geweigerd = await leverancier.post("DeviceUseStatement", json=van(id_, ANDER))
    assert geweigerd.status_code == 422
    assert codes(geweigerd) == {("hulpmiddel-gebonden", "DeviceUseStatement.device")}
    assert (await wereld.momentopname(ANDER)).volgnummer == voor


async def test_wie_het_device_niet_ziet_hoort_hetzelfde_als_van_een_verzonnen_id(leverancier: Any, als: Als) -> None:
    los, gebonden = await nieuw_device(leverancier), await nieuw_device(leverancier)
    await leverancier.post("DeviceUseStatement", json=van(gebonden))
    ander = als("houder", patient=ANDER)
    antwoorden = [await ander.post("DeviceUseStatement", json=van(d, ANDER)) for d in (los, gebonden, "verzonnen")]
    assert {a.status_code for a in antwoorden} == {422}
    assert len({a.content for a in antwoorden}) == 1
    assert codes(antwoorden[0]) == {("referentie-onbekend", "DeviceUseStatement.device")}
    assert (await leverancier.get(f"Device/{los}")).status_code == 200


async def test_twee_paspoorten_tegelijk_en_een_wint(leverancier: Any, wereld: Wereld) -> None:
    id_ = await nieuw_device(leverancier)
    uit = await asyncio.gather(*(leverancier.post("DeviceUseStatement", json=van(id_, p)) for p in (HOUDER, ANDER)))
    assert sorted(a.status_code for a in uit) == [201, 422]
    gebonden = [(await wereld.momentopname(p)).get("Device", id_) is not None for p in (HOUDER, ANDER)]
    assert sorted(gebonden) == [False, True]


async def test_wat_eraan_vastzit_gaat_mee(leverancier: Any, als: Als) -> None:
    stoel = await nieuw_device(leverancier)
    kussen = await nieuw_device(leverancier, parent={"reference": f"Device/{stoel}"})
    await leverancier.post("DeviceUseStatement", json=van(stoel))
    assert (await als("houder").get(f"Device/{kussen}")).status_code == 200


async def test_mislukt_de_transactie_dan_blijft_het_device_waar_het_was(leverancier: Any, als: Als) -> None:
    id_ = await nieuw_device(leverancier)
    kapot = gebruik(device={"reference": "Device/verzonnen"})
    regels = [{"resource": r, "request": {"method": "POST", "url": "DeviceUseStatement"}} for r in (van(id_), kapot)]
    antwoord = await leverancier.post("", json={"resourceType": "Bundle", "type": "transaction", "entry": regels})
    assert antwoord.status_code == 422
    assert (await als("houder").get(f"Device/{id_}")).status_code == 404
    assert (await leverancier.get(f"Device/{id_}")).status_code == 200


async def test_een_nieuw_device_in_dezelfde_transactie_als_zijn_gebruik_noemt_het_paspoort(
    leverancier: Any, wereld: Wereld
) -> None:
    urn = "urn:uuid:0b1f9c3e-7a64-4b6a-8a55-0c9b2f5f0a11"
    device = {"resourceType": "Device", "status": "active"}
    regels = [
        {"fullUrl": urn, "resource": device, "request": {"method": "POST", "url": "Device"}},
        {
            "resource": gebruik(device={"reference": urn}),
            "request": {"method": "POST", "url": "DeviceUseStatement"},
        },
    ]
    antwoord = await leverancier.post("", json={"resourceType": "Bundle", "type": "transaction", "entry": regels})
    assert antwoord.status_code == 200, antwoord.text
    id_ = antwoord.json()["entry"][0]["response"]["location"].split("Device/")[1].split("/")[0]
    versie = (await wereld.momentopname(HOUDER)).get("Device", id_)
    assert versie is not None and versie.inhoud["patient"] == {"reference": f"Patient/{HOUDER}"}
