"""De geschiedenis van een resource en van een type langs HTTP: wie wat ziet, tijden, bladzijden, en slechte invoer."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.schrijfwereld import codes

ADRES = "Device/rolstoel-yvonne/_history"


def versies(antwoord: httpx.Response) -> list[tuple[str, str]]:
    """(id, versie) van elke regel."""
    regels = antwoord.json().get("entry", [])
    return [(r["fullUrl"].rpartition("/")[2], r["response"]["etag"][3:-1]) for r in regels]


def naast(antwoord: httpx.Response) -> str | None:
    return next((x["url"] for x in antwoord.json()["link"] if x["relation"] == "next"), None)


async def zet(wereld: Any, *standen: str, id: str = "rolstoel-yvonne") -> None:
    for stand in standen:
        versie = (await wereld.momentopname()).get("Device", id)
        await wereld.zet("houder-yvonne", {**versie.inhoud, "status": stand})


async def test_een_lange_geschiedenis_komt_in_bladzijden_die_niet_schuiven(als: Any, wereld: Any) -> None:
    client = als()
    await zet(wereld, "inactive", "active", "inactive", "active")
    eerste = await client.get(f"{ADRES}?_count=2")
    assert versies(eerste) == [("rolstoel-yvonne", "5"), ("rolstoel-yvonne", "4")]
    assert eerste.json()["total"] == 5
    await zet(wereld, "inactive")
    tweede = await client.get(naast(eerste))
    assert versies(tweede) == [("rolstoel-yvonne", "3"), ("rolstoel-yvonne", "2")]
    derde = await client.get(naast(tweede))
    assert versies(derde) == [("rolstoel-yvonne", "1")]
    assert naast(derde) is None
    leeg = await client.get(f"{ADRES}?_count=0")
    assert (versies(leeg), leeg.json()["total"]) == ([], 6)


async def test_since_en_at_kiezen_versies_op_tijd(als: Any, wereld: Any) -> None:
    client = als()
    await zet(wereld, "inactive")
    regels = (await client.get(ADRES)).json()["entry"]
    laatste, eerste = (r["response"]["lastModified"] for r in regels)
    assert versies(await client.get(f"{ADRES}?_since={quote(laatste)}")) == [("rolstoel-yvonne", "2")]
    assert versies(await client.get(f"{ADRES}?_since=2199-01-01")) == []
    assert len(versies(await client.get(f"{ADRES}?_since=2000-01-01T00:00:00+01:00"))) == 2
    assert versies(await client.get(f"{ADRES}?_at={quote(eerste)}"))[-1] == ("rolstoel-yvonne", "1")
    assert versies(await client.get(f"{ADRES}?_at=2199")) == [("rolstoel-yvonne", "2")]
    assert versies(await client.get(f"{ADRES}?_at=2001-01-01")) == []


async def test_een_type_geeft_alles_van_het_eigen_paspoort_ook_wat_weg_is(als: Any, wereld: Any) -> None:
    client = als()
    await zet(wereld, "inactive")
    assert (await client.delete("DeviceUseStatement/gebruik-yvonne")).status_code == 204
    apparaten = await client.get("Device/_history")
    assert versies(apparaten) == [("rolstoel-yvonne", "2"), ("rolstoel-yvonne", "1")]
    weg = await client.get("DeviceUseStatement/_history")
    assert [r["request"]["method"] for r in weg.json()["entry"]] == ["DELETE", "POST"]
    assert [r["response"]["status"] for r in weg.json()["entry"]] == ["204", "201"]
    assert "resource" not in weg.json()["entry"][0]
    assert "rolstoel-ander" not in apparaten.text


async def test_een_type_over_meer_paspoorten_bladert_zonder_te_missen_of_te_dubbelen(als: Any) -> None:
    client = als(rol="proef")
    ids = [(await client.post("Patient", json={"resourceType": "Patient"})).json()["id"] for _ in range(5)]
    gezien, adres = list[tuple[str, str]](), "Patient/_history?_count=2"
    while adres:
        bladzijde = await client.get(adres)
        gezien += versies(bladzijde)
        adres = naast(bladzijde)
    assert sorted(gezien) == sorted((i, "1") for i in ids)


async def test_een_ander_ziet_in_de_geschiedenis_wat_zijn_zicht_toelaat_en_geen_oude_versies_van_een_deel(
    als: Any, wereld: Any
) -> None:
    patient = (await wereld.momentopname()).get("Patient", "houder-yvonne").inhoud
    await wereld.zet("houder-yvonne", {**patient, "telecom": [{"system": "phone", "value": "0612345678"}]})
    id_ = await wereld.deel("Organization/leverancier-rijdt", "levering", "contact")
    client = als(rol="leverancier")
    gezien = await client.get("Patient/_history")
    assert versies(gezien) == [("houder-yvonne", "2")]
    assert "birthDate" not in gezien.text
    assert versies(await client.get("Condition/_history")) == []
    await wereld.trek_in(id_)
    assert versies(await client.get("Patient/_history")) == []
    assert (await client.get("Patient/houder-yvonne/_history")).status_code == 404


async def test_wie_te_veel_paspoorten_ziet_vraagt_het_per_resource(
    als: Any, wereld: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.fhir.kring.KRING_HOOGSTENS", 1)
    for patient in ("houder-yvonne", "houder-ander"):
        await wereld.deel("Organization/praktijk-handvat", "advies", "contact", patient=patient)
    antwoord = await als(rol="therapeut").get("Patient/_history")
    assert (antwoord.status_code, codes(antwoord)) == (400, {("te-ruim", "")})


async def test_anoniem_en_zonder_scope_krijgen_geen_geschiedenis(anoniem: httpx.AsyncClient, als: Any) -> None:
    assert (await anoniem.get("Device/_history")).status_code == 401
    assert (await als(scopes="patient/Goal.rs").get("Device/_history")).status_code == 403
    assert (await als(scopes="patient/Device.r").get("Device/_history")).status_code == 403


@pytest.mark.parametrize(
    ("query", "plek"),
    [
        ("_count=veel", "_count"),
        ("_count=-1", "_count"),
        ("_since=gisteren", "_since"),
        ("_at=2026-13-01", "_at"),
        ("_bladzijde=x", "_bladzijde"),
        ("_bladzijde=W10", "_bladzijde"),
        ("_bladzijde=WzEsMiwzXQ", "_bladzijde"),
        ("status=active", "status"),
        ("_elements=kleur", "_elements"),
        ("_summary=count", "_summary"),
    ],
)
async def test_een_slechte_vraag_naar_geschiedenis_is_400(als: Any, query: str, plek: str) -> None:
    for adres in ("Device/_history", ADRES):
        antwoord = await als().get(f"{adres}?{query}")
        assert antwoord.status_code == 400, antwoord.text
        assert {p for _, p in codes(antwoord)} == {plek}


async def test_lezen_en_geschiedenis_kunnen_korter(als: Any) -> None:
    client = als()
    kort = (await client.get("Device/rolstoel-yvonne?_elements=status")).json()
    assert set(kort) == {"resourceType", "id", "meta", "status"}
    assert "SUBSETTED" in {t["code"] for t in kort["meta"]["tag"]}
    regel = (await client.get("Device/_history?_elements=status")).json()["entry"][0]
    assert "deviceName" not in regel["resource"]
    assert (await client.get("Device/rolstoel-yvonne?kleur=rood")).status_code == 400
    assert (await client.get("Device/rolstoel-yvonne?kleur=rood", headers={"prefer": "handling=lenient"})).is_success
