"""`paspoort abonnement`: wie er berichten krijgt, wat niet aankomt, en het opnieuw proberen. Toont geen inhoud.

De abonnee ziet en doet hetzelfde zelf over de API (`Subscription.error`, `$status`, `$events`, `requested`).
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from server.cli.omgeving import instellingen
from server.oauth.abonnee import abonnees
from server.post.bezorger import Bezorger
from server.store import outbox
from server.store.outbox import Stand
from server.store.passports import Opslag


def parser(p: argparse.ArgumentParser, _: str) -> None:
    """De opties."""
    p.add_argument("actie", choices=["list", "retry"], help="list: hoe elk ervoor staat; retry: probeer het opnieuw")
    p.add_argument("id", nargs="?", help="bij retry: Subscription.id")
    p.add_argument("--data", type=Path, default=None, help="map met de gegevens (./data)")
    p.add_argument("--demo", action="store_true", help="de demo-installatie in deze map")


def voer_uit(args: argparse.Namespace) -> int:
    """Toon, of zet klaar wat een draaiende server daarna bezorgt."""
    if (args.actie == "retry") != (args.id is not None):
        print("Noem bij retry één Subscription.id, en bij list geen.", file=sys.stderr)
        return 2
    return asyncio.run(_voer_uit(args))


async def _voer_uit(args: argparse.Namespace) -> int:
    opslag = await Opslag.open(instellingen(args.data, None, demo=True if args.demo else None))
    try:
        return await toon(opslag) if args.id is None else await opnieuw(opslag, args.id)
    finally:
        await opslag.sluit()


async def toon(opslag: Opslag) -> int:
    """Elk abonnement op een regel; een houder blijft naamloos."""
    for a in await outbox.overzicht(opslag):
        print(regel(a))
    return 0


def regel(a: Stand) -> str:
    """Eén abonnement: id, van wie, stand, en wat gestuurd is, wacht en niet aankwam."""
    waar = a.partitie if a.partitie.startswith("org-") else "een paspoort"
    return f"{a.id}\t{waar}\t{a.stand}\t{a.gestuurd} gestuurd\t{a.wacht} wachten\t{a.dood} niet bezorgd"


async def opnieuw(opslag: Opslag, id: str) -> int:
    """Zet wat niet aankwam weer klaar; 1 als er geen abonnement is dat aan staat."""
    if not await Bezorger(opslag, abonnees(opslag)).opnieuw(id):
        print("Dit abonnement is er niet, of de abonnee zette het uit.", file=sys.stderr)
        return 1
    print("Klaargezet. De server bezorgt het binnen een paar tellen, in volgorde.")
    return 0
