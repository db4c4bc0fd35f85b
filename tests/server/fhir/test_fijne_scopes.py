"""Een scope met een voorwaarde (`patient/Device.rs?status=active`) versmalt elke weg naar de gegevens.
smart-2.2.0@370 (permission-v2), smart-2.2.0@95, smart-2.2.0@266: de scope dekt de gevraagde resource, en niet meer
dan die."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import pytest_asyncio

from paspoort.fhir.stelsels import codestelsel

HOUDER = "houder-yvonne"
WIE = {"reference": f"Patient/{HOUDER}"}
ROLSTOEL, ROLLATOR = "rolstoel-yvonne", "rollator-yvonne"
CATEGORIE = codestelsel("categorie")
# Twee manieren om hetzelfde te vragen: op stand, en op soort hulpmiddel.
NAUW = ("?status=active", f"?type={CATEGORIE}|11A03", f"?type={CATEGORIE}|11A03,{CATEGORIE}|99Z99&status=active")


@pytest_asyncio.fixture(autouse=True)
async def tweede(wereld: Any) -> None:
    """Naast de rolstoel (active, 11A03) een rollator die weg is (inactive, 12A01), ook in gebruik geweest."""
    await wereld.zet(
        HOUDER,
        device(ROLLATOR, "inactive", "12A01"),
        {
            "resourceType": "DeviceUseStatement", "id": "gebruik-rollator", "status": "completed", "subject": WIE,
            "device": {"reference": f"Device/{ROLLATOR}"},
        },
        herkomst="zelf",
    )  # fmt: skip


def device(id_: str | None, status: str, soort: str) -> dict[str, Any]:
    uit = {
        "resourceType": "Device", "status": status, "patient": WIE,
        "type": {"coding": [{"system": CATEGORIE, "code": soort}]},
        "deviceName": [{"name": "Iets", "type": "user-friendly-name"}],
    }  # fmt: skip
    return uit | ({"id": id_} if id_ else {})


def plaatsen(antwoord: httpx.Response) -> set[str]:
    assert antwoord.status_code == 200, antwoord.text
    return {f"{e['resource']['resourceType']}/{e['resource']['id']}" for e in antwoord.json().get("entry", [])}


@pytest.mark.parametrize("nauw", NAUW)
async def test_lezen_zoeken_en_alles_geven_alleen_wat_voldoet(als: Any, nauw: str) -> None:
    smal = als(scopes=f"patient/Device.rs{nauw} patient/Patient.rs patient/DeviceUseStatement.rs")
    for weg in ("", "/_history/1", "/_history"):
        assert (await smal.get(f"Device/{ROLSTOEL}{weg}")).status_code == 200
        verborgen, onbekend = await smal.get(f"Device/{ROLLATOR}{weg}"), await smal.get(f"Device/bestaat-niet{weg}")
        assert verborgen.status_code == 404 and verborgen.content == onbekend.content
    gevonden = await smal.get("Device")
    assert plaatsen(gevonden) == {f"Device/{ROLSTOEL}"} and gevonden.json()["total"] == 1
    assert plaatsen(await smal.get("Device?status=inactive")) == set()
    assert (await smal.get("Device?_summary=count")).json()["total"] == 1
    assert plaatsen(await smal.get("Device/_history")) == {f"Device/{ROLSTOEL}"}
    for adres in (f"Patient/{HOUDER}/$everything", f"Patient/{HOUDER}/Device", f"Patient/{HOUDER}/*"):
        hier = plaatsen(await smal.get(adres))
        assert f"Device/{ROLSTOEL}" in hier and f"Device/{ROLLATOR}" not in hier, adres
    for adres in ("DeviceUseStatement?_include=DeviceUseStatement:device", "Patient?_revinclude=Device:patient"):
        hier = plaatsen(await smal.get(adres))
        assert f"Device/{ROLSTOEL}" in hier and f"Device/{ROLLATOR}" not in hier, adres
    assert plaatsen(await smal.get("DeviceUseStatement?device.status=inactive")) == set()
    assert plaatsen(await smal.get("Patient?_has:Device:patient:status=inactive")) == set()
    # Hetzelfde met een ruim token: dan is de rollator er wel (de weg zelf werkt).
    assert f"Device/{ROLLATOR}" in plaatsen(await als().get(f"Patient/{HOUDER}/$everything"))


async def test_twee_tokens_na_elkaar_zien_elk_het_hunne(als: Any) -> None:
    """Wat onthouden wordt van een zicht, hoort bij de scopes en de handeling."""
    actief, weg = (als(scopes=f"patient/Device.rs?status={s} patient/Patient.rs") for s in ("active", "inactive"))
    ruim = als()
    for _ in range(2):
        assert plaatsen(await actief.get("Device")) == {f"Device/{ROLSTOEL}"}
        assert plaatsen(await weg.get("Device")) == {f"Device/{ROLLATOR}"}
        assert len(plaatsen(await ruim.get("Device"))) == 2
        adres = f"Patient/{HOUDER}/$everything"
        assert plaatsen(await actief.get(adres)) & {f"Device/{ROLLATOR}", f"Device/{ROLSTOEL}"} == {
            f"Device/{ROLSTOEL}"
        }
        assert f"Device/{ROLSTOEL}" not in plaatsen(await weg.get(adres))


async def test_elke_letter_heeft_haar_eigen_voorwaarde(als: Any) -> None:
    client = als(scopes="patient/Device.r?status=active patient/Device.s?status=inactive")
    assert plaatsen(await client.get("Device")) == {f"Device/{ROLLATOR}"}
    assert (await client.get(f"Device/{ROLSTOEL}")).status_code == 200
    assert (await client.get(f"Device/{ROLLATOR}")).status_code == 404


async def test_een_ruimere_scope_ernaast_telt_mee(als: Any) -> None:
    client = als(scopes="patient/Device.rs?status=active patient/*.r")
    assert (await client.get(f"Device/{ROLLATOR}")).status_code == 200
    assert plaatsen(await client.get("Device")) == {f"Device/{ROLSTOEL}"}


async def test_schrijven_mag_alleen_van_en_naar_wat_voldoet(als: Any) -> None:
    client = als(scopes="patient/Device.cuds?status=active patient/Device.r")
    goed = await client.post("Device", json=device(None, "active", "11A03"))
    assert goed.status_code == 201, goed.text
    fout = await client.post("Device", json=device(None, "inactive", "11A03"))
    assert fout.status_code == 403 and "insufficient_scope" in fout.headers["www-authenticate"]
    zonder = await client.post("Device", json={k: v for k, v in device(None, "", "11A03").items() if k != "status"})
    assert zonder.status_code == 403
    # Wijzigen: wat er was én wat het wordt moet voldoen.
    rolstoel, rollator = f"Device/{ROLSTOEL}", f"Device/{ROLLATOR}"
    inhoud = (await client.get(rolstoel)).json()
    weg = await client.put(rolstoel, json={**inhoud, "status": "inactive"})
    assert weg.status_code == 403
    terug = await client.put(rollator, json={**(await client.get(rollator)).json(), "status": "active"})
    assert terug.status_code == 403
    koppen = {"content-type": "application/json-patch+json", "if-match": 'W/"1"'}
    lap = [{"op": "replace", "path": "/status", "value": "inactive"}]
    assert (await client.patch(rolstoel, json=lap, headers=koppen)).status_code == 403
    assert (await client.put(rolstoel, json={**inhoud, "note": [{"text": "mag"}]})).status_code == 200
    assert (await client.delete(rollator)).status_code == 403
    assert (await client.get(rollator)).json()["status"] == "inactive"


@pytest.mark.parametrize("leest", ["", " patient/Device.r?status=inactive", " patient/Device.s"])
async def test_wie_alleen_mag_wijzigen_krijgt_niet_te_lezen_wat_er_stond(als: Any, leest: str) -> None:
    """Een PATCH zou anders een manier zijn om te lezen wat de scope niet dekt."""
    client = als(scopes=f"patient/Device.u{leest}")
    koppen = {"content-type": "application/json-patch+json", "if-match": 'W/"1"', "prefer": "return=representation"}
    lap = [{"op": "add", "path": "/note", "value": [{"text": "hier"}]}]
    antwoord = await client.patch(f"Device/{ROLSTOEL}", json=lap, headers=koppen)
    assert antwoord.status_code == 200 and antwoord.content == b"" and antwoord.headers["etag"] == 'W/"2"'
    ruim = await als(scopes="patient/Device.ru").patch(
        f"Device/{ROLSTOEL}", json=lap, headers={**koppen, "if-match": 'W/"2"'}
    )
    assert ruim.status_code == 200 and ruim.json()["note"]


async def test_een_bundel_wordt_per_regel_gewogen(als: Any) -> None:
    """smart-2.2.0@130: batch en transaction worden gewogen op de vragen erin."""
    client = als(scopes="patient/Device.crs?status=active")

    def bundel(soort: str, *status: str) -> dict[str, Any]:
        return {
            "resourceType": "Bundle", "type": soort,
            "entry": [
                {"resource": device(None, s, "11A03"), "request": {"method": "POST", "url": "Device"}} for s in status
            ],
        }  # fmt: skip

    assert (await client.post("", json=bundel("transaction", "active", "inactive"))).status_code == 403
    assert (await client.get("Device?_summary=count")).json()["total"] == 1
    los = (await client.post("", json=bundel("batch", "active", "inactive"))).json()
    assert [e["response"]["status"][:3] for e in los["entry"]] == ["201", "403"]


async def test_een_voorwaarde_weegt_wat_de_vrager_ziet_en_niet_wat_verborgen_is(als: Any, wereld: Any) -> None:
    """Anders zou een app met een scope kunnen raden wat er in een gesnoeid deel staat."""
    await wereld.deel("Organization/leverancier-rijdt", "reparatie", "contact", "hulpmiddelen")
    gewoon = als(rol="leverancier", scopes="user/Patient.rs")
    assert "birthDate" not in (await gewoon.get(f"Patient/{HOUDER}")).json()
    raden = als(rol="leverancier", scopes="user/Patient.rs?gender=female")
    assert (await raden.get(f"Patient/{HOUDER}")).status_code == 404
    assert (await als(scopes="patient/Patient.rs?gender=female").get(f"Patient/{HOUDER}")).status_code == 200
