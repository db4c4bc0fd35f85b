"""`paspoort export PASPOORT`: alles wat er nu in een paspoort staat, als één Bundle (AVG art. 15 en 20).

Alleen wat er nu staat; geen oude versies en geen log. Elke keer komt er een regel bij *Wie keek mee*.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from paspoort.fhir.fhirjson import Json, schrijf
from server.cli.omgeving import instellingen
from server.store.logrow import Logregel
from server.store.passports import Opslag


def parser(p: argparse.ArgumentParser, _: str) -> None:
    """De opties."""
    p.add_argument("paspoort", help="id van het paspoort (Patient.id)")
    p.add_argument("--format", choices=["json", "pdf"], default="json", help="json (pdf volgt nog)")
    p.add_argument("--uit", type=Path, default=None, help="schrijf naar dit nieuwe bestand in plaats van het scherm")
    p.add_argument("--data", type=Path, default=None, help="map met de gegevens (./data)")
    p.add_argument("--demo", action="store_true", help="de demo-installatie in deze map")


def voer_uit(args: argparse.Namespace) -> int:
    """0 als het geschreven is; 1 als het paspoort er niet is of het bestand al bestaat; 2 voor pdf."""
    if args.format == "pdf":
        print("`paspoort export --format pdf` bestaat nog niet.", file=sys.stderr)
        return 2
    if args.uit is not None and args.uit.exists():
        print(f"{args.uit} bestaat al.", file=sys.stderr)
        return 1
    data = schrijf(asyncio.run(_bundel(args)))
    if args.uit is None:
        sys.stdout.buffer.write(data + b"\n")
        return 0
    # Een heel paspoort: vanaf het begin alleen leesbaar voor wie het vroeg.
    with os.fdopen(os.open(args.uit, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as bestand:
        bestand.write(data + b"\n")
    return 0


async def _bundel(args: argparse.Namespace) -> Json:
    opslag = await Opslag.open(instellingen(args.data, None, demo=True if args.demo else None))
    try:
        m = await opslag.momentopname(args.paspoort)
        alle = sorted(m.alle(), key=lambda v: (v.type != "Patient", v.type, v.id))
        log = Logregel(
            actor="dienst", naam="Beheer", rol="beheerder", organisatie=None, client=None, namens=None,
            handeling="export", partitie=args.paspoort, doel=None, grond="dienst",
            wat=tuple(v.verwijzing for v in alle), uitkomst="gelukt",
        )  # fmt: skip
        await opslag.log((log,))
        basis = opslag.settings.fhir_url
        return {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"fullUrl": f"{basis}/{v.verwijzing}", "resource": v.inhoud} for v in alle],
        }
    finally:
        await opslag.sluit()
