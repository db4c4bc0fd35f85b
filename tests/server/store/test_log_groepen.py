"""Logregels van verzoeken die samen vastgelegd worden: geen antwoord zonder regel, en niemand houdt een ander op.

`test_gesynct.py` en `test_kill9.py` zeggen of het op de schijf staat, en wat een trage schijf doet (besluit 0050).
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from paspoort.fouten import PaspoortFout
from server.settings import Settings
from server.store import Opslag, audit, logcontrole
from server.store.sql import Op, Unit
from server.store.statements import SCHORS


@contextmanager
def ander_proces_schrijft(settings: Settings) -> Iterator[None]:
    """Zolang dit duurt, heeft een andere verbinding het schrijfslot, zoals een tweede proces."""
    ander = sqlite3.connect(settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
    try:
        ander.execute("BEGIN IMMEDIATE")
        yield
    finally:
        ander.close()


async def langste_stilte(taak: asyncio.Task[None], seconden: float) -> float:
    """Hoe lang de event loop op haar ergst niet aan de beurt kwam; stopt als de taak klaar is."""
    begin = vorige = time.monotonic()
    ergst = 0.0
    while vorige - begin < seconden and not taak.done():
        await asyncio.sleep(0.005)
        nu = time.monotonic()
        ergst, vorige = max(ergst, nu - vorige), nu
    return ergst


async def test_schrijft_een_ander_proces_dan_wacht_het_antwoord_en_niet_de_event_loop(
    settings: Settings, opslag: Opslag, paspoort: str, maak: Any, dialect: str
) -> None:
    if dialect != "sqlite":
        pytest.skip("bij PostgreSQL wacht een proces niet op het schrijven van een ander")
    await opslag.log([maak.regel(paspoort)])
    for keer in range(2):
        with ander_proces_schrijft(settings):
            taak = asyncio.create_task(opslag.log([maak.regel(paspoort, wat=(f"Condition/w{keer}",))]))
            assert await langste_stilte(taak, 0.3) < 0.2
            assert not taak.done(), "geen antwoord vóór de regel vaststaat"
        await taak
        assert (await audit.regels_van_paspoort(opslag, paspoort))[0].wat == (f"Condition/w{keer}",)
        await opslag.log([maak.regel(paspoort)])
    assert (await logcontrole.controleer(opslag)).goed


async def test_log_naast_schrijven_klopt_en_niets_raakt_zoek(opslag: Opslag, paspoort: str, maak: Any) -> None:
    async def schrijf() -> None:
        for i in range(15):
            await maak.schrijf(opslag, paspoort, maak.aandoening(f"c{i}"), log=(maak.regel(paspoort),))

    async def lees() -> None:
        for _ in range(30):
            await opslag.log([maak.regel(paspoort)])

    await asyncio.gather(schrijf(), lees(), lees(), lees())
    controle = await logcontrole.controleer(opslag)
    assert controle.goed
    assert controle.regels == 15 + 90


async def test_een_regel_die_niet_past_houdt_het_antwoord_van_haar_hele_groep_tegen(
    opslag: Opslag, paspoort: str, maak: Any
) -> None:
    """Twee verzoeken in één groep: is de ene regel niet vast te leggen, dan gaat er geen antwoord weg zonder log."""
    (stuk,) = await opslag._stukken([maak.regel(paspoort)])
    kapot = replace(stuk, handeling=None)  # type: ignore[arg-type]
    uitslag = await asyncio.gather(
        opslag.db.voer_uit(Unit(log=(stuk,))), opslag.db.voer_uit(Unit(log=(kapot,))), return_exceptions=True
    )
    assert [type(u) for u in uitslag] == [PaspoortFout, PaspoortFout]
    assert await audit.regels_van_paspoort(opslag, paspoort) == ()
    await opslag.log([maak.regel(paspoort)])
    assert len(await audit.regels_van_paspoort(opslag, paspoort)) == 1
    assert (await logcontrole.controleer(opslag)).goed


async def test_botst_het_ene_verzoek_dan_logt_het_andere_in_dezelfde_groep_gewoon(
    opslag: Opslag, paspoort: str, maak: Any
) -> None:
    (mijn,) = await opslag._stukken([maak.regel(paspoort, wat=("Condition/mijn",))])
    (zijn,) = await opslag._stukken([maak.regel(paspoort, wat=("Condition/zijn",))])
    botst = Op(SCHORS, {"organisatie": "o1", "sinds": 1}, moet_raken=7)
    uitslag = await asyncio.gather(
        opslag.db.voer_uit(Unit(log=(mijn,))), opslag.db.voer_uit(Unit((botst,), (zijn,))), return_exceptions=True
    )
    assert uitslag[0] is None
    assert isinstance(uitslag[1], Exception)
    assert [r.wat for r in await audit.regels_van_paspoort(opslag, paspoort)] == [("Condition/mijn",)]
