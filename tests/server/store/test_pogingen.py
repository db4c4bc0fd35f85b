"""Raden houdt op: over processen heen, tegelijk, per account, per adres en per code; goed getypt telt niet mee."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from paspoort.fouten import PaspoortFout
from server.settings import Settings
from server.store import Opslag, invitations, pogingen
from server.store.sql import query
from server.store.tables import tabel
from server.store.tables_oauth import PogingRij

NU = 1_800_000_030
ALLES = query(select(tabel(PogingRij)))


@pytest.fixture
async def code(opslag: Opslag) -> str:
    await opslag.maak_partitie("p1", "paspoort")
    return (await invitations.nodig_uit(opslag, "p1", {}, NU, NU + 600))[2]


def verkeerd(code: str, hoeveelste: int) -> str:
    return f"{(int(code) + 1 + hoeveelste) % 10**6:06d}"


async def te_vaak(opslag: Opslag, code: str, door: str, nu: int = NU, adres: str = "") -> bool:
    try:
        await invitations.met_code(opslag, code, door, nu, adres)
    except PaspoortFout as fout:
        assert fout.meldingen[0].code == "code-te-vaak"
        return True
    return False


async def test_twee_processen_tellen_samen(settings: Settings, opslag: Opslag, code: str) -> None:
    ander = await Opslag.open(settings)
    try:
        for i in range(pogingen.PER_WIE):
            assert not await te_vaak((opslag, ander)[i % 2], verkeerd(code, i), "rader")
        assert await te_vaak(ander, code, "rader"), "ook de goede code niet meer"
        assert await te_vaak(opslag, code, "rader")
    finally:
        await ander.sluit()


async def test_wie_alles_tegelijk_probeert_krijgt_er_niet_meer(opslag: Opslag, code: str) -> None:
    uitslag = await asyncio.gather(*(te_vaak(opslag, verkeerd(code, i), "rader") for i in range(60)))
    assert uitslag.count(False) <= pogingen.PER_WIE


async def test_een_adres_met_veel_accounts_houdt_op(opslag: Opslag, code: str) -> None:
    geweigerd = [await te_vaak(opslag, verkeerd(code, i), f"account-{i}", adres="203.0.113.9") for i in range(25)]
    assert geweigerd == [False] * pogingen.PER_ADRES + [True] * 5
    assert not await te_vaak(opslag, code, "account-99", adres="203.0.113.10")


async def test_een_code_die_velen_proberen_houdt_op(opslag: Opslag, code: str) -> None:
    fout = verkeerd(code, 0)
    geweigerd = [await te_vaak(opslag, fout, f"account-{i}", adres=f"203.0.113.{i}") for i in range(7)]
    assert geweigerd == [False] * pogingen.PER_WIE + [True] * 2


async def test_een_goede_code_telt_niet_mee_voor_wie_haar_typt(opslag: Opslag) -> None:
    await opslag.maak_partitie("p1", "paspoort")
    for _ in range(pogingen.PER_WIE + 3):
        _, _, goed = await invitations.nodig_uit(opslag, "p1", {}, NU, NU + 600)
        assert await invitations.met_code(opslag, goed, "druk", NU, "203.0.113.9") is not None


async def test_het_venster_schuift_en_begint_niet_elk_blok_opnieuw(opslag: Opslag, code: str) -> None:
    """Vijf keer vlak voor een grens en vijf keer erna zijn tien keer in tien minuten."""
    eind = NU - NU % 600 + 599
    for i in range(pogingen.PER_WIE):
        assert not await te_vaak(opslag, verkeerd(code, i), "rader", eind)
    assert await te_vaak(opslag, verkeerd(code, 9), "rader", eind + 2)
    assert not await te_vaak(opslag, verkeerd(code, 10), "rader", eind + 2 + pogingen.DUUR)


async def test_de_tabel_kent_geen_account_en_geen_adres_en_loopt_leeg(opslag: Opslag, code: str) -> None:
    await te_vaak(opslag, verkeerd(code, 0), "account-piet", adres="203.0.113.9")
    rijen = await opslag.db.rijen(ALLES)
    assert len(rijen) == 3 and all(len(door) == 64 and int(door, 16) for door, *_ in rijen)
    await te_vaak(opslag, verkeerd(code, 1), "later", NU + 2 * pogingen.DUUR)
    assert len(await opslag.db.rijen(ALLES)) == 2, "zonder adres: account en code"
