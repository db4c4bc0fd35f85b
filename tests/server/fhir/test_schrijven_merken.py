"""Wat de server zelf in meta zet, kan een inzender niet meegeven en niet weghalen."""

from __future__ import annotations

from typing import Any

from paspoort.fhir.stelsels import ACT_REASON, HTEST, codestelsel
from tests.conftest import HOUDER, Als, Wereld
from tests.schrijfwereld import maat

SUBSETTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}
TEST = {"system": ACT_REASON, "code": HTEST}
EIGEN = {"system": "http://app.example/merk", "code": "rood"}


async def test_een_inzender_zet_geen_versie_herkomst_of_merk(als: Als, wereld: Wereld) -> None:
    meta = {
        "versionId": "99",
        "lastUpdated": "1999-01-01T00:00:00Z",
        "security": [TEST, SUBSETTED],
        "tag": [{"system": codestelsel("herkomst"), "code": "bron"}, SUBSETTED, EIGEN],
    }
    antwoord = await als().post("Observation", json=maat(id="eigen-keus", meta=meta))
    assert antwoord.status_code == 201
    terug: dict[str, Any] = antwoord.json()
    assert terug["id"] != "eigen-keus"
    assert (terug["meta"]["versionId"], terug["meta"]["lastUpdated"] > "2026") == ("1", True)
    assert "security" not in terug["meta"]
    assert terug["meta"]["tag"] == [EIGEN, {"system": codestelsel("herkomst"), "code": "zelf"}]


async def test_het_testmerk_van_een_paspoort_blijft_ook_als_de_houder_het_weglaat(als: Als, wereld: Wereld) -> None:
    patient = (await wereld.momentopname()).get("Patient", HOUDER)
    assert patient is not None
    await wereld.zet(HOUDER, {**patient.inhoud, "meta": {"security": [TEST]}})
    houder = als()
    huidig = (await houder.get(f"Patient/{HOUDER}")).json()
    versie = {"versionId": huidig["meta"]["versionId"]}
    antwoord = await houder.put(f"Patient/{HOUDER}", json={**huidig, "meta": versie})
    assert antwoord.status_code == 200, antwoord.text
    assert antwoord.json()["meta"]["security"] == [TEST]


async def test_een_gesnoeide_resource_komt_niet_terug_als_hele(als: Als, wereld: Wereld) -> None:
    houder = als()
    gemaakt = (await houder.post("Observation", json=maat())).json()
    deel = (await houder.get(f"Observation/{gemaakt['id']}?_elements=status")).json()
    assert SUBSETTED in deel["meta"]["tag"]
    heel = {**gemaakt, "meta": {**gemaakt["meta"], "tag": deel["meta"]["tag"]}}
    antwoord = await houder.put(f"Observation/{gemaakt['id']}", json=heel, headers={"if-match": 'W/"1"'})
    assert antwoord.status_code == 422, antwoord.text
    assert antwoord.json()["issue"][0]["expression"] == ["Observation.meta.tag"]
    assert (await houder.get(f"Observation/{gemaakt['id']}")).json() == gemaakt
