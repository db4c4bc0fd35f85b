"""Wat vastligt, wordt bezorgd: na `kill -9` midden in het werk hoort de abonnee alsnog van elke taak."""

from __future__ import annotations

import asyncio
import base64
import os
import sys
import time
from pathlib import Path

from server.store import outbox
from tests.server.post.conftest import Postkantoor

WERKER = Path(__file__).with_name("werker.py")
WORTEL = Path(__file__).parents[3]


async def test_na_kill_9_komt_elke_bevestigde_taak_alsnog_aan(kantoor: Postkantoor) -> None:
    kantoor.klok.nu = time.time()
    id_, geheim = await kantoor.abonneer()
    settings = kantoor.opslag.settings
    omgeving = {
        **os.environ,
        "PYTHONPATH": str(WORTEL),
        "DATABASE_URL": settings.database_url,
        "VAULT_URL": settings.vault_url,
        "BASE_URL": settings.base_url,
        "MASTER_KEY": base64.b64encode(settings.master_key).decode(),
    }
    await kantoor.bezorger.stop()  # geeft de leiding aan het andere proces
    proces = await asyncio.create_subprocess_exec(
        sys.executable, str(WERKER), str(settings.data), cwd=WORTEL, env=omgeving, stdout=asyncio.subprocess.PIPE
    )
    assert proces.stdout is not None
    assert await proces.stdout.readline() == b"BEGONNEN\n"
    await kantoor.ontvanger.tot(8)
    proces.kill()
    regels = (await proces.stdout.read()).split(b"\n")
    await proces.wait()
    bevestigd = {regel.split()[1].decode() for regel in regels[:-1]}
    assert len(bevestigd) >= 7

    kantoor.klok.nu = time.time() + 31  # de leiding van het dode proces is voorbij
    ander = kantoor.nieuwe_bezorger()
    await ander.ronde()
    await ander.stop()
    taken = kantoor.ontvanger.taken()
    assert bevestigd <= set(taken), bevestigd - set(taken)
    nummers = [int(p.stand["notification-event"]["event-number"]) for p in kantoor.ontvanger.post[1:]]
    assert nummers == sorted(nummers), "in volgorde, ook over het wegvallen heen"
    assert set(nummers) == set(range(1, max(nummers) + 1)), "zonder gat"
    assert all(p.is_van(geheim) for p in kantoor.ontvanger.post)
    assert await outbox.volgende(kantoor.opslag, id_) is None
