"""$beslis rust op het paspoort van nu: nieuws telt mee, ander beleid alleen neemt niets af."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

from paspoort.fhir.beleid import naar_extensie
from paspoort.fhir.stelsels import extension
from paspoort.herhaaltoets import AdviesVereist, Beleid
from tests import stroomwereld as s
from tests.conftest import GEMEENTE, HOUDER


async def dien_in(als: Any) -> tuple[str, str]:
    """(verzoek, taak) nadat de houder alles in één keer instuurde."""
    antwoord = await als().post("", json=s.inzending())
    assert antwoord.status_code == 200, antwoord.text
    plekken = [r["response"]["location"].split("/fhir/")[1].split("/")[1] for r in antwoord.json()["entry"]]
    return plekken[0], plekken[1]


async def zet_door(als: Any, taak: str) -> Any:
    parameters = {"resourceType": "Parameters", "parameter": [{"name": "uitkomst", "valueCode": "doorgezet"}]}
    return await als(rol="verstrekker").post(f"Task/{taak}/$beslis", json=parameters)


async def bewaard(wereld: Any, verzoek: str) -> dict[str, Any]:
    inhoud = (await wereld.momentopname()).get("DeviceRequest", verzoek).inhoud
    bijlage = next(e for e in inhoud["extension"] if e["url"] == extension("toetsuitslag"))["valueAttachment"]
    return dict(json.loads(base64.b64decode(bijlage["data"])))


async def strenger_beleid(wereld: Any) -> None:
    gemeente = wereld.opslag.register.get("Organization", GEMEENTE).inhoud
    altijd = Beleid(verstrekker=f"Organization/{GEMEENTE}", advies_vereist=AdviesVereist.ALTIJD)
    await wereld.zet("register", {**gemeente, "extension": [naar_extensie(altijd)]})


def nieuwe_diagnose() -> dict[str, Any]:
    return {**s.diagnose(), "id": "nieuws", "recordedDate": datetime.now(UTC).date().isoformat()}


async def test_nieuws_na_het_verzoek_houdt_doorzetten_tegen_en_noemt_de_grond(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    verzoek, taak = await dien_in(als)
    voor = await bewaard(wereld, verzoek)
    assert s.uitslag_van(voor, "route") == "leverancier-direct"
    await wereld.zet(HOUDER, nieuwe_diagnose())
    antwoord = await zet_door(als, taak)
    assert antwoord.status_code == 422, antwoord.text
    assert {i["details"]["coding"][0]["code"] for i in antwoord.json()["issue"]} == {"doorzetten-kan-niet"}
    assert s.GEHEIM not in antwoord.text
    guidance = (await als(rol="verstrekker").get(f"DeviceRequest/{verzoek}/$herhaaltoets")).json()
    lichter = [n["text"].removeprefix("Lichter kan niet: ").rpartition(" (")[0].rstrip(".") for n in guidance["note"]]
    for issue in antwoord.json()["issue"]:
        assert any(tekst in issue["details"]["text"] for tekst in lichter), issue
    assert await bewaard(wereld, verzoek) == voor
    assert (await wereld.momentopname()).get("Task", taak).versie == 1


async def test_alleen_ander_beleid_neemt_niets_af(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    verzoek, taak = await dien_in(als)
    await strenger_beleid(wereld)
    nu = (await als(rol="verstrekker").get(f"DeviceRequest/{verzoek}/$herhaaltoets")).json()
    assert s.uitslag_van(nu, "route") != "leverancier-direct", "met dit beleid zou een nieuw verzoek niet zo gaan"
    antwoord = await zet_door(als, taak)
    assert antwoord.status_code == 200, antwoord.text
    assert s.uitslag_van(await bewaard(wereld, verzoek), "route") == "leverancier-direct"


async def test_ander_beleid_en_nieuws_samen_houden_wel_tegen(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    _, taak = await dien_in(als)
    await strenger_beleid(wereld)
    await wereld.zet(HOUDER, nieuwe_diagnose())
    assert (await zet_door(als, taak)).status_code == 422


async def test_wat_intussen_lichter_werd_gaat_door_met_de_uitslag_van_nu_erbij(als: Any, wereld: Any) -> None:
    await s.vul(wereld, herkomst="zelf")
    verzoek, taak = await dien_in(als)
    assert s.uitslag_van(await bewaard(wereld, verzoek), "route") == "onderzoek"
    await wereld.zet(HOUDER, s.apparaat(), s.gebruik(), s.besluit(), herkomst="bron")
    antwoord = await zet_door(als, taak)
    assert antwoord.status_code == 200, antwoord.text
    na = await bewaard(wereld, verzoek)
    assert s.uitslag_van(na, "route") == "leverancier-direct"
    assert (await wereld.momentopname()).get("DeviceRequest", verzoek).auteur == f"Patient/{HOUDER}"
    later = (await als().get(f"DeviceRequest/{verzoek}/$herhaaltoets")).json()
    assert later["extension"][0] == na["extension"][0], "wat toen gold, blijft"
