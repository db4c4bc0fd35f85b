"""`paspoort migrate`, `check`, `audit` en `erase`: wat een beheerder aan de opslag doet. Ziet geen paspoort."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.cli.abonnement import regel
from server.cli.omgeving import instellingen
from server.oauth.aanbieders import aanbieders_uit
from server.settings import InstellingFout
from server.store import bewaren, logcontrole, outbox
from server.store.passports import Opslag


def parser(p: argparse.ArgumentParser, naam: str) -> None:
    """De opties per opdracht."""
    p.add_argument("--data", type=Path, default=None, help="map met de gegevens (./data)")
    p.add_argument("--demo", action="store_true", help="de demo-installatie in deze map")
    if naam == "audit":
        p.add_argument(
            "actie",
            choices=["verify", "opruimen"],
            help="verify: loop elke stroom en elke ondertekende dag na; opruimen: verwijder wat ouder is dan LOG_JAREN",
        )
        p.add_argument("--ja", action="store_true", help="bevestig het opruimen: dit kan niet ongedaan gemaakt worden")
    if naam == "erase":
        p.add_argument("paspoort", help="id van het paspoort (Patient.id)")
        p.add_argument("--ja", action="store_true", help="bevestig: dit kan niet ongedaan gemaakt worden")


def voer_uit(args: argparse.Namespace) -> int:
    """Open de opslag en doe de ene handeling."""
    handelingen: dict[str, Callable[[Opslag, argparse.Namespace], Awaitable[int]]] = {
        "migrate": _migrate, "check": _check, "audit": _audit, "erase": _erase,
    }  # fmt: skip
    if (args.opdracht == "erase" or getattr(args, "actie", "") == "opruimen") and not args.ja:
        print("Wissen is voorgoed. Voeg --ja toe als u het zeker weet.", file=sys.stderr)
        return 2
    return asyncio.run(_met_opslag(args, handelingen[args.opdracht]))


async def _met_opslag(args: argparse.Namespace, doe: Callable[[Opslag, argparse.Namespace], Awaitable[int]]) -> int:
    opslag = await Opslag.open(instellingen(args.data, None, demo=True if args.demo else None))
    try:
        return await doe(opslag, args)
    finally:
        await opslag.sluit()


async def _migrate(_: Opslag, __: argparse.Namespace) -> int:
    print("De databases staan op de nieuwste migratie.")  # openen migreert
    return 0


async def _audit(opslag: Opslag, args: argparse.Namespace) -> int:
    if getattr(args, "actie", "verify") == "opruimen":
        return await _ruim_op(opslag)
    uitslag = await logcontrole.controleer(opslag)
    print(f"{uitslag.regels} regels in {uitslag.stromen} stromen, {uitslag.dagen} ondertekende dagen.")
    for fout in uitslag.fouten:
        print(fout, file=sys.stderr)
    return 0 if uitslag.goed else 1


async def _ruim_op(opslag: Opslag) -> int:
    voor = datetime.now(UTC).date() - timedelta(days=round(bewaarjaren(os.environ.get("LOG_JAREN", "")) * 365.25))
    weg = await bewaren.ruim_op(opslag, voor)
    print(f"{weg} regels van vóór {voor.isoformat()} verwijderd; de keten blijft te controleren.")
    return 0


def bewaarjaren(tekst: str) -> int:
    """LOG_JAREN: zo lang blijft een logregel. `InstellingFout` bij korter dan de wet of langer dan het dossier."""
    jaren = int(tekst) if tekst.isdecimal() else 0
    if tekst and not bewaren.JAREN_MINSTENS <= jaren <= bewaren.JAREN_HOOGSTENS:
        grenzen = f"{bewaren.JAREN_MINSTENS} tot en met {bewaren.JAREN_HOOGSTENS}"
        raise InstellingFout(f"LOG_JAREN moet een geheel getal zijn van {grenzen}")
    return jaren or bewaren.JAREN_MINSTENS


async def _check(opslag: Opslag, args: argparse.Namespace) -> int:
    fouten: list[str] = []
    aantal, na = 0, ""
    while partities := await opslag.partities(na=na):
        for partitie in partities:
            fouten += [f"paspoort {partitie}: {f}" for f in await logcontrole.controleer_keten(opslag, partitie)]
            aantal += 1
        na = partities[-1]
        print(f"{aantal} paspoorten nagelopen …", file=sys.stderr)
    print(f"{aantal} paspoorten, {len(fouten)} fouten in de ketens.")
    for fout in fouten:
        print(fout, file=sys.stderr)
    await toon_post(opslag)
    for aanbieder in aanbieders_uit(instellingen(args.data, None, demo=True if args.demo else None)):
        print(f"Inloggen met {aanbieder.naam}: {aanbieder.issuer}")
    return max(await _audit(opslag, args), 1 if fouten else 0)


async def toon_post(opslag: Opslag) -> None:
    """Hoe het bezorgen van berichten ervoor staat; wat stokt wacht op de abonnee en is geen fout van de installatie."""
    alle = await outbox.overzicht(opslag)
    stokt = [a for a in alle if a.stand == "error" or a.dood]
    wacht = sum(a.wacht for a in alle)
    print(f"{len(alle)} abonnementen ({len(stokt)} stokken), {wacht} meldingen wachten.")
    for a in stokt:
        print(f"  {regel(a)}")


async def _erase(opslag: Opslag, args: argparse.Namespace) -> int:
    await opslag.wis(args.paspoort)
    print("Gewist: de sleutels zijn vernietigd. Back-ups van de sleutels verlopen binnen 30 dagen.")
    return 0
