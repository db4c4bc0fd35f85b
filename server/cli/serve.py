"""`paspoort serve`: de app achter uvicorn, één werker. Zegt waar zij luistert en hoe u stopt."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final

import uvicorn
import uvloop

from paspoort.fouten import PaspoortFout
from server.app import maak_app
from server.cli.draad import Draad
from server.cli.omgeving import instellingen
from server.settings import Settings
from server.store import dagwortel, erase
from server.store.passports import Opslag
from server.store.sql import Botsing
from server.store.versions import Volgnummerbotsing

OPNIEUW: Final = 60.0
WIS_AF_ELKE: Final = 3600.0


def parser(p: argparse.ArgumentParser, _: str) -> None:
    """De opties."""
    p.add_argument("--host", default="127.0.0.1", help="adres om op te luisteren (127.0.0.1)")
    p.add_argument("--port", type=int, default=None, help="poort (8080)")
    p.add_argument("--data", type=Path, default=None, help="map met de gegevens (./data)")
    p.add_argument("--demo", action="store_true", help="demo: eigen inlogdienst en proeftuin, nooit voor echte mensen")


def voer_uit(args: argparse.Namespace) -> int:
    """Draai tot Ctrl-C of SIGTERM."""
    # uvicorn kiest de snelle lus alleen als het hem zelf maakt; hier maken wij hem
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as lus:
        lus.run(_draai(instellingen(args.data, args.port, demo=True if args.demo else None), args.host, args.port))
    return 0


async def _draai(settings: Settings, host: str, port: int | None) -> None:
    app = await maak_app(settings)
    config = uvicorn.Config(
        app,
        host=host,
        port=port or int(os.environ.get("PORT", "8080")),
        log_level="warning",
        access_log=False,  # adressen en vragen van personen horen in geen logbestand
        server_header=False,
        date_header=True,
        proxy_headers=False,  # wie een proxy is, zegt VERTROUWDE_PROXYS; anders verzint elke vrager een adres
        http=Draad,
        ws="none",
        timeout_graceful_shutdown=10,
    )
    print(f"Het hulpmiddelenpaspoort draait op {settings.base_url} (stop met Ctrl-C)", flush=True)
    wachters = [asyncio.create_task(wacht(app.state.opslag)) for wacht in (_teken_elke_dag, _wis_af)]
    try:
        await uvicorn.Server(config).serve()
    finally:
        for wachter in wachters:
            wachter.cancel()
        await asyncio.gather(*wachters, return_exceptions=True)
        await app.state.opslag.sluit()


async def _teken_elke_dag(opslag: Opslag) -> None:
    """Bij de start en kort na elke middernacht (UTC): onderteken de afgelopen dagen van het log (NEN 7513)."""
    while True:
        straks = _seconden_tot_morgen(datetime.now(UTC))
        try:
            await dagwortel.teken_dagen(opslag)
        except Botsing:
            pass  # een ander proces tekende dezelfde dag
        except PaspoortFout:
            straks = OPNIEUW  # de opslag was stil
        await asyncio.sleep(straks)


async def _wis_af(opslag: Opslag) -> None:
    """Elk uur: maak af wat bij het wissen bleef liggen omdat de kluis even stil was."""
    while True:
        await asyncio.sleep(WIS_AF_ELKE)
        # De opslag was stil, of er werd druk geschreven: over een uur weer.
        with contextlib.suppress(PaspoortFout, Volgnummerbotsing, OSError):
            await erase.herhaal(opslag)


def _seconden_tot_morgen(nu: datetime) -> float:
    morgen = datetime.combine(nu.date() + timedelta(days=1), time(0, 1), UTC)
    return (morgen - nu).total_seconds()
