"""Wat bevestigd is, is er nog na `kill -9`; en niets is half."""

from __future__ import annotations

import base64
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from server.settings import Settings
from server.store import Opslag, audit, logcontrole

SCHRIJVER = Path(__file__).with_name("schrijver.py")
WORTEL = Path(__file__).parents[3]


def schrijf_en_dood(settings: Settings, ronde: int, kans: random.Random) -> tuple[set[str], set[str]]:
    """Start de schrijver, dood hem midden in zijn werk; geef wat hij bevestigde en wat hij daarna las.

    Zo veel antwoorden afwachten en niet zo veel tijd: hoe traag de machine ook is, hij is dan echt bezig.
    """
    genoeg, seconden = kans.randint(2, 40), kans.uniform(0, 0.02)
    sleutel = base64.b64encode(settings.master_key).decode()  # de kluis van de test is al gemaakt, met deze sleutel
    omgeving = {**os.environ, "PYTHONPATH": str(WORTEL), "DATABASE_URL": settings.database_url, "MASTER_KEY": sleutel}
    opdracht = [sys.executable, str(SCHRIJVER), str(settings.data), str(ronde), "0"]
    with subprocess.Popen(opdracht, cwd=WORTEL, env=omgeving, stdout=subprocess.PIPE, text=True) as proces:
        assert proces.stdout is not None
        assert proces.stdout.readline().strip() == "BEGONNEN"
        regels: list[str] = []
        while min(sum(r.startswith(wat) for r in regels) for wat in ("BEVESTIGD", "GELEZEN")) < genoeg:
            regels.append(proces.stdout.readline())
            assert regels[-1], "de schrijver stopte zelf"
        time.sleep(seconden)
        proces.kill()
        regels += proces.stdout.read().splitlines(keepends=True)
    heel = [regel.split() for regel in regels if regel.endswith("\n")]
    return {id for wat, id in heel if wat == "BEVESTIGD"}, {id for wat, id in heel if wat == "GELEZEN"}


async def controleer(settings: Settings, bevestigd: set[str], gelezen: set[str]) -> int:
    """Elke bevestigde resource is leesbaar, elk antwoord staat in het log; ketens en stromen kloppen."""
    opslag = await Opslag.open(settings)
    try:
        aanwezig: set[str] = set()
        gelezen_volgens_log: set[str] = set()
        for partitie in await opslag.partities():
            m = await opslag.momentopname(partitie)
            aanwezig |= {v.id for v in m.alle() if v.inhoud["code"]["text"] == v.id}
            assert await logcontrole.controleer_keten(opslag, partitie) == ()
            regels = await audit.regels_van_paspoort(opslag, partitie, aantal=100_000)
            gelezen_volgens_log |= {r.wat[0] for r in regels if r.handeling == "lezen"}
            assert {r.wat[0] for r in regels if r.handeling == "aanmaken"} == {v.id for v in m.alle()}, (
                "geen versie zonder logregel, geen logregel zonder versie"
            )
        assert bevestigd <= aanwezig, bevestigd - aanwezig
        assert gelezen <= gelezen_volgens_log, gelezen - gelezen_volgens_log
        assert (await logcontrole.controleer(opslag)).goed
        return len(aanwezig)
    finally:
        await opslag.sluit()


async def ronden(settings: Settings, aantal: int) -> None:
    bevestigd: set[str] = set()
    gelezen: set[str] = set()
    kans = random.Random(4711)
    for ronde in range(aantal):
        geschreven, ook_gelezen = schrijf_en_dood(settings, ronde, kans)
        bevestigd, gelezen = bevestigd | geschreven, gelezen | ook_gelezen
        await controleer(settings, bevestigd, gelezen)
    assert min(len(bevestigd), len(gelezen)) > aantal, "er is echt geschreven en gelezen"


async def test_na_drie_keer_kill_9_is_niets_bevestigds_weg(settings: Settings) -> None:
    await ronden(settings, 3)


@pytest.mark.lang
async def test_na_twintig_keer_kill_9_is_niets_bevestigds_weg(settings: Settings) -> None:
    await ronden(settings, 20)
