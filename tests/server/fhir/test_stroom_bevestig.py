"""Van papier naar bevestigd: $bevestig over de echte app, en wat dat met een lopend verzoek doet."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from paspoort.fhir.stelsels import extension
from tests import stroomwereld as s
from tests.conftest import GEMEENTE, HOUDER
from tests.server.fhir.test_stroom_beslis import code, dien_in, parameters

OOK = {
    "resourceType": "Parameters",
    "parameter": [
        {"name": "ook", "valueReference": {"reference": "DeviceUseStatement/gebruik-yvonne"}},
        {"name": "ook", "valueReference": {"reference": "Device/rolstoel-yvonne"}},
    ],
}


async def test_na_het_bevestigen_mag_het_verzoek_wel_door(als: Any, wereld: Any) -> None:
    await s.vul(wereld, herkomst="zelf")
    ids = await dien_in(als)
    consulent = als(rol="verstrekker")
    nee = await consulent.post(f"Task/{ids['taak']}/$beslis", json=parameters("doorgezet"))
    assert (nee.status_code, set(code(nee))) == (422, {"doorzetten-kan-niet"})
    antwoord = await consulent.post("DeviceRequest/besluit-2019/$bevestig", json=OOK)
    assert antwoord.status_code == 201, antwoord.text
    bron = antwoord.json()
    assert bron["activity"]["coding"][0]["code"] == "bevestigd"
    assert {t["reference"] for t in bron["target"]} == {
        "DeviceRequest/besluit-2019/_history/1",
        "DeviceUseStatement/gebruik-yvonne/_history/2",
        "Device/rolstoel-yvonne/_history/2",
    }
    verzoek = (await wereld.momentopname()).get("DeviceRequest", ids["verzoek"])
    assert verzoek.auteur == f"Patient/{HOUDER}"  # de server toetste opnieuw; het verzoek blijft van de houder
    data = next(e for e in verzoek.inhoud["extension"] if e["url"] == extension("toetsuitslag"))["valueAttachment"][
        "data"
    ]
    assert s.uitslag_van(json.loads(base64.b64decode(data)), "route") == "leverancier-direct"
    ja = await consulent.post(f"Task/{ids['taak']}/$beslis", json=parameters("doorgezet"))
    assert ja.status_code == 200, ja.text


async def test_nog_eens_bevestigen_maakt_niets_nieuws_en_een_nieuwe_versie_wel(als: Any, wereld: Any) -> None:
    await s.vul(wereld, herkomst="zelf")
    await wereld.deel(f"Organization/{GEMEENTE}", "herhaalverzoek", "hulpmiddelen", "besluiten")
    consulent = als(rol="verstrekker")
    eerste = await consulent.post("Device/rolstoel-yvonne/$bevestig")
    tweede = await consulent.post("Device/rolstoel-yvonne/$bevestig")
    assert (eerste.status_code, tweede.status_code) == (201, 200)
    assert eerste.json()["id"] == tweede.json()["id"]
    await wereld.zet(HOUDER, s.apparaat(modelNumber="Verzonnen 2"), herkomst="zelf")
    derde = await consulent.post("Device/rolstoel-yvonne/$bevestig")
    assert derde.status_code == 201
    assert derde.json()["target"] == [{"reference": "Device/rolstoel-yvonne/_history/3"}]


@pytest.mark.parametrize(("rol", "status"), [("houder", 403), ("leverancier", 404), ("therapeut", 404)])
async def test_wie_het_niet_ziet_of_zelf_opgaf_bevestigt_niet(als: Any, wereld: Any, rol: str, status: int) -> None:
    await s.vul(wereld, herkomst="zelf")
    antwoord = await als(rol=rol).post("DeviceRequest/besluit-2019/$bevestig")
    assert antwoord.status_code == status


async def test_anoniem_en_zonder_scope_bevestigen_niets(anoniem: Any, als: Any, wereld: Any) -> None:
    await s.vul(wereld, herkomst="zelf")
    await wereld.deel(f"Organization/{GEMEENTE}", "herhaalverzoek", "hulpmiddelen", "besluiten")
    assert (await anoniem.post("Device/rolstoel-yvonne/$bevestig")).status_code == 401
    lezer = als(rol="verstrekker", scopes="user/*.rs")
    assert (await lezer.post("Device/rolstoel-yvonne/$bevestig")).status_code == 403


async def test_wat_niet_te_zien_is_gaat_ook_niet_stiekem_mee(als: Any, wereld: Any) -> None:
    await s.vul(wereld, herkomst="zelf")
    await wereld.deel(f"Organization/{GEMEENTE}", "herhaalverzoek", "hulpmiddelen")
    ook = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "ook", "valueReference": {"reference": "DeviceRequest/besluit-2019"}},
            {"name": "ook", "valueReference": {"reference": "DeviceRequest/bestaat-niet"}},
        ],
    }
    antwoord = await als(rol="verstrekker").post("Device/rolstoel-yvonne/$bevestig", json=ook)
    assert (antwoord.status_code, code(antwoord)) == (422, ["referentie-onbekend", "referentie-onbekend"])
    assert (await wereld.momentopname()).van_type("Provenance") == ()
