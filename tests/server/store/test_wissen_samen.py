"""Wat samen gewist wordt, is samen weg: waar het ook afbreekt, daarna is er niets half over en niets meer te lezen."""

from __future__ import annotations

import resource
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from paspoort.fouten import PaspoortFout
from server.settings import Settings
from server.store import Opslag, Wijziging, erase, logcontrole
from server.store.seal import WISLIJST, Ondertekenaar, Wissing
from server.store.sql import Botsing
from tests.server.store.test_keten_en_kluis import _zet_terug, alles

MERK = "Kwartelkoning"
PLEKKEN = [("Condition", "c1"), ("Condition", "c2"), ("Condition", "c3")]


async def drie(opslag: Opslag, maak: Any) -> list[bytes]:
    """c1, c2 en een al verwijderde c3, en c4 die blijft; geeft de verpakte sleutels van de eerste drie."""
    await maak.schrijf(opslag, "p1", *(maak.aandoening(f"c{n}", MERK) for n in (1, 2, 3)))
    await maak.schrijf(opslag, "p1", maak.aandoening("c1", f"{MERK} anders"), Wijziging("Condition", "c3", None))
    sleutels = [bytes(rij[4]) for rij in await opslag.kluis.db.rijen(alles("gegevenssleutel"))]
    await maak.schrijf(opslag, "p1", maak.aandoening("c4", MERK))
    assert len(sleutels) == 3
    return sleutels


async def is_weg(opslag: Opslag, ruw: Any, sleutels: list[bytes]) -> None:
    """Geen van de drie is er nog, ook hun geschiedenis niet, en hun sleutels staan nergens op de schijf."""
    m = await opslag.momentopname("p1")
    assert [v.id for v in m.alle()] == ["c4"] and MERK.encode() in m.alle()[0].tekst
    for type_, id_ in PLEKKEN:
        assert m.get(type_, id_) is None and await opslag.versies("p1", type_, id_) == ()
        assert not await opslag.kluis.heeft_resource("p1", type_, id_)
    schijf = ruw.alles()
    assert not [s for s in sleutels if s in schijf], "zonder sleutel is wat er nog staat niet te ontcijferen"
    assert MERK.encode() not in schijf
    assert await logcontrole.controleer_keten(opslag, "p1") == ()


async def test_samen_gewist_is_in_een_keer_weg(opslag: Opslag, paspoort: str, maak: Any, ruw: Any) -> None:
    sleutels = await drie(opslag, maak)
    assert all(s in ruw.alles() for s in sleutels), "de proef kijkt echt op de schijf"
    await opslag.wis_samen(paspoort, PLEKKEN)
    await is_weg(opslag, ruw, sleutels)
    with pytest.raises(PaspoortFout):
        await opslag.wis_samen(paspoort, PLEKKEN)
    assert [v.id for v in (await opslag.momentopname(paspoort)).alle()] == ["c4"]


@pytest.mark.parametrize("tot", ["de lijst", "de grafstenen", "één sleutel"])
async def test_wie_halverwege_omvalt_maakt_het_bij_de_start_af(
    settings: Settings, opslag: Opslag, paspoort: str, maak: Any, ruw: Any, tot: str
) -> None:
    """De stand op schijf na elk van de stappen: het proces viel daar om."""
    sleutels = await drie(opslag, maak)
    if tot == "de lijst":
        opslag.ondertekenaar.noteer_wissing(*(Wissing("2026-11-22T20:00:00.000Z", paspoort, *p) for p in PLEKKEN))
    else:
        kluis = {"gegevenssleutel": await opslag.kluis.db.rijen(alles("gegevenssleutel"))}
        await opslag.wis_samen(paspoort, PLEKKEN)
        await _zet_terug(opslag, kluis)
        if tot == "één sleutel":
            await opslag.kluis.wis_resources([(paspoort, *PLEKKEN[0])])
        assert await opslag.kluis.heeft_resource(paspoort, *PLEKKEN[2])
    opnieuw = await Opslag.open(settings)
    try:
        await is_weg(opnieuw, ruw, sleutels)
    finally:
        await opnieuw.sluit()


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_wat_de_kluis_niet_kon_wissen_is_zonder_nieuwe_start_alsnog_weg(
    settings: Settings, opslag: Opslag, paspoort: str, maak: Any, ruw: Any
) -> None:
    """De kluis weigert de tweede sleutel: dan gaat er geen een, en een latere `herhaal` maakt het af."""
    sleutels = await drie(opslag, maak)
    voor = len(await opslag.kluis.db.rijen(alles("gegevenssleutel")))
    pad = settings.data / "vault.db"
    weiger = "CREATE TRIGGER weiger BEFORE DELETE ON gegevenssleutel WHEN old.resource = 'c2' "
    _sqlite(pad, weiger + "BEGIN SELECT RAISE(ABORT, 'stil'); END")
    with pytest.raises(Botsing):  # zo heet bij SQLite wat een trigger weigert
        await opslag.wis_samen(paspoort, PLEKKEN)
    assert len(await opslag.kluis.db.rijen(alles("gegevenssleutel"))) == voor
    _sqlite(pad, "DROP TRIGGER weiger")
    await erase.herhaal(opslag)
    await is_weg(opslag, ruw, sleutels)


@pytest.mark.parametrize("dialect", ["sqlite"])
def test_op_een_volle_schijf_is_de_opslag_stil_en_geen_halve_lijst_voor_heel_gehouden(settings: Settings) -> None:
    """De schijf neemt nog een paar bytes: het systeem schrijft die, en pas de rest is een fout."""
    tekenaar = Ondertekenaar(settings.data)
    wissing = Wissing("2026-11-22T20:00:00.000Z", "p1", *PLEKKEN[0])
    zacht, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(PaspoortFout) as fout:
            tekenaar.noteer_wissing(wissing)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (zacht, hard))
    assert [m.code for m in fout.value.meldingen] == ["opslag-stil"]
    assert (settings.data / WISLIJST).stat().st_size == 10 and not list(tekenaar.wissingen())
    tekenaar.noteer_wissing(wissing)
    assert list(tekenaar.wissingen()) == [wissing], "na een halve regel telt de volgende"


def _sqlite(pad: Path, opdracht: str) -> None:
    with closing(sqlite3.connect(pad)) as db, db:
        db.execute(opdracht)


async def test_een_half_geschreven_lijst_laat_staan_wat_er_niet_op_kwam_en_dat_kan_nog_een_keer(
    settings: Settings, opslag: Opslag, paspoort: str, maak: Any, ruw: Any
) -> None:
    sleutels = await drie(opslag, maak)
    opslag.ondertekenaar.noteer_wissing(*(Wissing("2026-11-22T20:00:00.000Z", paspoort, *p) for p in PLEKKEN[::-1]))
    lijst = settings.data / WISLIJST
    lijst.write_text(lijst.read_text()[:-40])
    opnieuw = await Opslag.open(settings)
    try:
        assert {v.id for v in (await opnieuw.momentopname(paspoort)).alle()} == {"c1", "c4"}
        await opnieuw.wis_samen(paspoort, PLEKKEN[:1])
        await is_weg(opnieuw, ruw, sleutels)
        op_de_lijst = [w.id for w in opnieuw.ondertekenaar.wissingen()]
        assert op_de_lijst == ["c3", "c2", "c1"], "ook na een halve regel telt de volgende"
    finally:
        await opnieuw.sluit()


async def test_wie_er_tussendoor_schreef_houdt_het_wissen_niet_tegen(
    settings: Settings, opslag: Opslag, paspoort: str, maak: Any, ruw: Any
) -> None:
    sleutels = await drie(opslag, maak)
    ander = await Opslag.open(settings)
    await opslag.momentopname(paspoort)
    await maak.schrijf(ander, paspoort, maak.aandoening("c2", f"{MERK} intussen"))
    await opslag.wis_samen(paspoort, PLEKKEN)
    await is_weg(ander, ruw, sleutels)
    await ander.sluit()
