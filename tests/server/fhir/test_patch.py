"""PATCH met JSON Patch langs HTTP: wat lukt, wat niets verandert, en de plek van elke fout."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.schrijfwereld import codes, maat, stand

SOORT = {"content-type": "application/json-patch+json"}
EEN = {**SOORT, "if-match": 'W/"1"'}
ADRES = "Device/rolstoel-yvonne"


@pytest.fixture
def dialect() -> str:
    """De patch zelf raakt de database niet."""
    return "sqlite"


async def patch(client: httpx.AsyncClient, *bewerkingen: Any, adres: str = ADRES, **koppen: str) -> httpx.Response:
    inhoud = json.dumps(list(bewerkingen))
    return await client.patch(adres, content=inhoud, headers=EEN | {k.replace("_", "-"): w for k, w in koppen.items()})


def bewerking(op: str, path: str, **velden: Any) -> dict[str, Any]:
    return {"op": op, "path": path, **velden}


async def test_een_patch_verandert_alleen_wat_er_staat(als: Any) -> None:
    client = als()
    oud = (await client.get(ADRES)).json()
    antwoord = await patch(
        client,
        bewerking("test", "/status", value="active"),
        bewerking("replace", "/status", value="inactive"),
        bewerking("add", "/note", value=[{"text": "kapot"}]),
        bewerking("copy", "/serialNumber", **{"from": "/note/0/text"}),
        bewerking("move", "/lotNumber", **{"from": "/serialNumber"}),
        bewerking("remove", "/deviceName/0"),
        bewerking("remove", "/deviceName"),
    )
    assert (antwoord.status_code, antwoord.headers["etag"]) == (200, 'W/"2"'), antwoord.text
    assert antwoord.headers["content-location"].endswith(f"{ADRES}/_history/2")
    nieuw = antwoord.json()
    assert {k: nieuw.pop(k) for k in ("status", "note", "lotNumber")} == {
        "status": "inactive",
        "note": [{"text": "kapot"}],
        "lotNumber": "kapot",
    }
    assert {k: v for k, v in nieuw.items() if k != "meta"} == {
        k: v for k, v in oud.items() if k not in ("meta", "status", "deviceName")
    }
    assert (await client.get(f"{ADRES}/_history/1")).json() == oud


async def test_decimalen_en_volgorde_overleven_een_patch(als: Any) -> None:
    client = als()
    tekst = json.dumps(maat()).replace('"status"', '"valueQuantity":{"value":42.50,"unit":"cm"},"status"', 1)
    gemaakt = await client.post("Observation", content=tekst, headers={"content-type": "application/fhir+json"})
    assert gemaakt.status_code == 201, gemaakt.text
    antwoord = await patch(
        client, bewerking("replace", "/status", value="amended"), adres=f"Observation/{gemaakt.json()['id']}"
    )
    assert antwoord.content == gemaakt.content.replace(b'"final"', b'"amended"').replace(
        b'"versionId":"1"', b'"versionId":"2"'
    ).replace(gemaakt.json()["meta"]["lastUpdated"].encode(), antwoord.json()["meta"]["lastUpdated"].encode())


@pytest.mark.parametrize(
    ("koppen", "eerst", "status"),
    [
        ({}, [], 428),
        ({"if-match": 'W/"2"'}, [], 412),
        ({"if-match": "*"}, [], 200),
        ({}, [bewerking("test", "/meta/versionId", value="1")], 200),
        ({}, [bewerking("test", "/meta/versionId", value="2")], 412),
        ({"if-match": "1"}, [], 400),
    ],
)
async def test_een_patch_zegt_op_welke_versie(als: Any, koppen: dict[str, str], eerst: list[Any], status: int) -> None:
    bewerkingen = [*eerst, bewerking("replace", "/status", value="inactive")]
    antwoord = await als().patch(ADRES, content=json.dumps(bewerkingen), headers=SOORT | koppen)
    assert antwoord.status_code == status, antwoord.text


@pytest.mark.parametrize(
    ("bewerkingen", "status", "code", "plek"),
    [
        ([bewerking("test", "/status", value="inactive")], 422, "patch-test", "Device.status"),
        ([bewerking("test", "/kleur", value=1)], 422, "patch-test", "Device.kleur"),
        ([bewerking("remove", "/kleur")], 422, "patch-pad", "Device.kleur"),
        ([bewerking("replace", "/note/0", value={})], 422, "patch-pad", "Device.note.0"),
        ([bewerking("replace", "/deviceName/3/name", value="x")], 422, "patch-pad", "Device.deviceName[3].name"),
        ([bewerking("add", "/deviceName/9", value={})], 422, "patch-pad", "Device.deviceName[9]"),
        ([bewerking("add", "/status/x", value=1)], 422, "patch-pad", "Device.status.x"),
        ([bewerking("move", "/type/coding", **{"from": "/type"})], 422, "patch-pad", "Device.type.coding"),
        ([bewerking("replace", "", value=[])], 422, "patch-pad", "Device"),
        ([bewerking("replace", "", value={"resourceType": "Goal"})], 400, "type-anders", "Device.resourceType"),
        ([bewerking("replace", "/id", value="ander")], 400, "id-anders", "Device.id"),
        ([bewerking("replace", "/status", value="kapot")], 422, "fhir-code-onbekend", "Device.status"),
        ([bewerking("add", "/kleur", value="rood")], 400, "fhir-element-onbekend", "Device.kleur"),
        (
            [bewerking("replace", "/patient/reference", value="Patient/houder-ander")],
            422,
            "referentie-onbekend",
            "Device.patient",
        ),
        ([bewerking("remove", "/patient")], 422, "koppeling-vast", "Device.patient"),
        ([bewerking("wis", "/status")], 400, "patch-vorm", "patch[0].op"),
        ([bewerking("add", "/status")], 400, "patch-vorm", "patch[0].value"),
        ([bewerking("add", "status", value="x")], 400, "patch-vorm", "patch[0].path"),
        ([bewerking("remove", "/a~2")], 400, "patch-vorm", "patch[0].path"),
        ([{"op": "remove"}], 400, "patch-vorm", "patch[0].path"),
        ([bewerking("copy", "/note", **{"from": 3})], 400, "patch-vorm", "patch[0].from"),
        (["remove"], 400, "patch-vorm", "patch[0].op"),
        ([bewerking("remove", "/note")] * 501, 413, "te-groot", "patch"),
    ],
)
async def test_een_slechte_patch_verandert_niets(
    als: Any, wereld: Any, bewerkingen: list[Any], status: int, code: str, plek: str
) -> None:
    voor = await stand(wereld)
    goed = bewerking("add", "/lotNumber", value="1")
    antwoord = await patch(als(), *bewerkingen, goed)
    assert (antwoord.status_code, (code, plek) in codes(antwoord)) == (status, True), antwoord.text
    assert await stand(wereld) == voor


@pytest.mark.parametrize(
    ("inhoud", "soort", "status"),
    [
        (b'{"op":"remove"}', "application/json-patch+json", 400),
        (b"[", "application/json-patch+json", 400),
        (b"[]", "application/fhir+json", 415),
        (b"[]", "application/merge-patch+json", 415),
        (b"[]", "", 415),
        (b"", "application/json-patch+json", 400),
        (b"[" * 5000, "application/json-patch+json", 400),
        (b'[{"op":"add","path":"/note","value":1e999}]', "application/json-patch+json", 400),
    ],
)
async def test_een_andere_inhoud_dan_json_patch_kan_niet(als: Any, inhoud: bytes, soort: str, status: int) -> None:
    antwoord = await als().patch(ADRES, content=inhoud, headers={"content-type": soort, "if-match": 'W/"1"'})
    assert antwoord.status_code == status, antwoord.text
    assert antwoord.json()["resourceType"] == "OperationOutcome"
    assert (antwoord.headers.get("accept-patch") == "application/json-patch+json") == (status == 415)


async def test_een_kleine_patch_maakt_geen_grote_resource(als: Any) -> None:
    groei = [bewerking("add", "/note", value=[]), *[bewerking("copy", "/note/-", **{"from": "/note"})] * 40]
    antwoord = await patch(als(), *groei)
    assert (antwoord.status_code, {c for c, _ in codes(antwoord)}) == (413, {"te-groot"})
    diep = [bewerking("add", "/note", value=[{}])]
    diep += [bewerking("add", "/note/0" + "/extension/0" * n + "/extension", value=[{}]) for n in range(90)]
    antwoord = await patch(als(), *diep)
    assert antwoord.status_code == 400, antwoord.text


async def test_wie_er_niet_bij_mag_patcht_niet(als: Any, anoniem: httpx.AsyncClient, wereld: Any) -> None:
    goed = bewerking("replace", "/status", value="inactive")
    assert (await patch(anoniem, goed)).status_code == 401
    assert (await patch(als(scopes="patient/*.rs"), goed)).status_code == 403
    ander = als(patient="houder-ander")
    verborgen, onbekend = await patch(ander, goed), await patch(ander, goed, adres="Device/weg")
    assert (verborgen.status_code, verborgen.content) == (404, onbekend.content)
    id_ = await wereld.deel("Organization/leverancier-rijdt", "levering", "contact")
    deel = bewerking("add", "/active", value=True)
    assert (await patch(als(rol="leverancier"), deel, adres="Patient/houder-yvonne")).status_code == 403
    await wereld.trek_in(id_)
    assert (await patch(als(rol="leverancier"), deel, adres="Patient/houder-yvonne")).status_code == 404
    assert (await patch(als(), goed, adres="Device?status=active")).status_code == 405
