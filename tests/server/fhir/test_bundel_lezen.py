"""Wat over de hele server of een heel paspoort gaat, leest ook in een Bundle (FHIR R4 http.html#transaction)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import HOUDER

ADRESSEN = ("metadata", "metadata?mode=full", f"Patient/{HOUDER}/*?_count=3", "ValueSet?_count=1")


@pytest.fixture
def dialect() -> str:
    """Hier komt niets in de database."""
    return "sqlite"


async def stuur(client: Any, soort: str, *vragen: tuple[str, str]) -> Any:
    regels = [{"request": {"method": methode, "url": url}} for methode, url in vragen]
    antwoord = await client.post("", json={"resourceType": "Bundle", "type": soort, "entry": regels})
    assert antwoord.status_code == 200, antwoord.text
    return antwoord.json()["entry"]


@pytest.mark.parametrize("soort", ["batch", "transaction"])
async def test_het_antwoord_is_dat_van_de_losse_vraag(als: Any, soort: str) -> None:
    uit = await stuur(als(), soort, *(("GET", a) for a in ADRESSEN))
    assert [r["response"]["status"] for r in uit] == ["200"] * 4
    for adres, regel in zip(ADRESSEN, uit, strict=True):
        los = (await als().get(adres)).json()
        assert los["resourceType"] == regel["resource"]["resourceType"]
        assert [e["fullUrl"] for e in los.get("entry", ())] == [
            e["fullUrl"] for e in regel["resource"].get("entry", ())
        ]


async def test_een_vorm_die_er_niet_is_en_schrijven_op_metadata_kan_niet(als: Any) -> None:
    uit = await stuur(als(), "batch", ("GET", "metadata?mode=onzin"), ("PUT", "metadata"), ("GET", "Patient/*"))
    assert [r["response"]["status"] for r in uit] == ["400"] * 3


async def test_een_entry_die_geen_lijst_is_is_niet_te_groot_maar_kapot(als: Any) -> None:
    antwoord = await als().post("", json={"resourceType": "Bundle", "type": "batch", "entry": {}})
    assert antwoord.status_code == 400
    assert antwoord.json()["issue"][0]["details"]["coding"][0]["code"] == "bundel-regel"


async def test_een_nul_teken_in_een_zoekvraag_is_een_fout_van_de_vrager(als: Any) -> None:
    antwoord = await als().get("Task?status=a%00b")
    assert antwoord.status_code == 400
    assert antwoord.json()["issue"][0]["details"]["coding"][0]["code"] == "zoek-waarde"
