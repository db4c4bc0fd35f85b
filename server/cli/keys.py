"""`paspoort keys rotate` en `rewrap`: nieuwe sleutels terwijl de server doorloopt. Toont nooit een privésleutel.

`rotate`: voor id_tokens. `rewrap`: de kluis van de oude naar de nieuwe hoofdsleutel (MASTER_KEY_OLD en MASTER_KEY).
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path

from server.cli.omgeving import instellingen
from server.oauth.keys import NALOOP, VOORAF, wissel
from server.store.passports import Opslag


def parser(p: argparse.ArgumentParser, _: str) -> None:
    """De opties."""
    p.add_argument("actie", choices=["rotate", "rewrap"], help="rotate: nieuwe voor id_tokens; rewrap: hoofdsleutel")
    p.add_argument("--data", type=Path, default=None, help="map met de gegevens (./data)")
    p.add_argument("--demo", action="store_true", help="de demo-installatie in deze map")
    p.add_argument("--meteen", action="store_true", help="na een lek: de nieuwe tekent nu, de oude is per direct weg")


def voer_uit(args: argparse.Namespace) -> int:
    """Wissel, en zeg wat er nu gebeurt."""
    return asyncio.run(_wissel(args) if args.actie == "rotate" else _herwikkel(args))


async def _wissel(args: argparse.Namespace) -> int:
    opslag = await Opslag.open(instellingen(args.data, None, demo=True if args.demo else None))
    try:
        nieuw = await wissel(opslag, int(time.time()), args.meteen)
    finally:
        await opslag.sluit()
    for alg, kid in nieuw.items():
        print(f"{alg}\t{kid}")
    if args.meteen:
        print("De nieuwe sleutels tekenen binnen een minuut. De oude zijn weg: wie nu inlogt, begint opnieuw.")
    else:
        print(
            f"De nieuwe sleutels tekenen over {VOORAF // 60} minuten. De oude blijven daarna nog {NALOOP // 3600} uur"
            " te zien op /oauth/jwks."
        )
    return 0


async def _herwikkel(args: argparse.Namespace) -> int:
    settings = instellingen(args.data, None, demo=True if args.demo else None)
    if settings.master_key_oud is None:
        print("Zet de nieuwe hoofdsleutel in MASTER_KEY en de oude in MASTER_KEY_OLD.", file=sys.stderr)
        return 2
    opslag = await Opslag.open(settings)
    try:
        aantal = await opslag.kluis.herwikkel()
    finally:
        await opslag.sluit()
    print(f"{aantal} sleutels omgezet. MASTER_KEY_OLD kan weg.")
    return 0
