"""`paspoort` op de opdrachtregel: één tabel van opdrachten, elk in een eigen bestand (ontwerp.md deel 3, *Commands*).

Uitgang: 0 goed · 1 de opdracht vond een fout of mislukte · 2 verkeerd gebruikt, of de opdracht bestaat nog niet.
Rekent en beslist zelf niets.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Final, NamedTuple

from paspoort.fouten import PaspoortFout
from server.settings import InstellingFout


class Opdracht(NamedTuple):
    """Eén opdracht: haar uitleg, en de module met `parser(p)` en `voer_uit(args) -> int`; leeg = die is er nog niet."""

    uitleg: str
    module: str = ""


OPDRACHTEN: Final[dict[str, Opdracht]] = {
    "demo": Opdracht("maak de demo: gemeenten, leveranciers, paspoorten en apps, met demo.json", "server.cli.demo"),
    "serve": Opdracht("start de server op één poort", "server.cli.serve"),
    "migrate": Opdracht("breng de databases naar de nieuwste migratie", "server.cli.beheer"),
    "check": Opdracht("controleer de installatie: instellingen, databases, ketens en log", "server.cli.beheer"),
    "organisatie": Opdracht("organisaties, teams, mandaten en schorsen", "server.cli.organisatie"),
    "persoon": Opdracht("wie bij een organisatie werkt, in welke teams, en waarmee hij inlogt", "server.cli.persoon"),
    "vertegenwoordiger": Opdracht(
        "ouder, mentor of curator vastleggen of eindigen, en een overlijden", "server.cli.vertegenwoordiger"
    ),
    "client": Opdracht("apps die mogen aansluiten: add, list, remove, keys, suspend, resume", "server.cli.client"),
    "abonnement": Opdracht("berichten aan apps: list, en retry voor wat niet aankwam", "server.cli.abonnement"),
    "import": Opdracht("lees FHIR-JSON en Bundles in als een nieuw paspoort", "server.cli.importeren"),
    "export": Opdracht("schrijf een heel paspoort weg", "server.cli.export"),
    "validate": Opdracht("controleer FHIR-bestanden tegen onze profielen", "server.cli.validate"),
    "audit": Opdracht("controleer het log: verify", "server.cli.beheer"),
    "keys": Opdracht("wissel de sleutels van id_tokens zonder onderbreking: rotate", "server.cli.keys"),
    "erase": Opdracht("wis een paspoort voorgoed", "server.cli.beheer"),
    "backup": Opdracht("maak een back-up"),
    "restore": Opdracht("zet een back-up terug"),
    "bench": Opdracht("meet de snelheid als verhouding tot een kale server", "server.cli.bench"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Voer één opdracht uit en geef haar uitgang terug."""
    woorden = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="paspoort", description="Het hulpmiddelenpaspoort: bediening.")
    onder = parser.add_subparsers(dest="opdracht", metavar="OPDRACHT", required=True)
    for naam, opdracht in OPDRACHTEN.items():
        p = onder.add_parser(naam, help=opdracht.uitleg, description=opdracht.uitleg)
        # Alleen de gevraagde opdracht wordt geladen: `paspoort --help` moet meteen antwoorden.
        if opdracht.module and naam in woorden[:1]:
            importlib.import_module(opdracht.module).parser(p, naam)
    gevraagd = OPDRACHTEN.get(woorden[0]) if woorden else None
    if gevraagd is not None and not gevraagd.module and not {"-h", "--help"} & set(woorden):
        print(f"`paspoort {woorden[0]}` bestaat nog niet.", file=sys.stderr)
        return 2
    args = parser.parse_args(woorden)
    if not OPDRACHTEN[args.opdracht].module:
        return 2
    try:
        return int(importlib.import_module(OPDRACHTEN[args.opdracht].module).voer_uit(args))
    except InstellingFout as fout:
        print(f"Instelling: {fout}", file=sys.stderr)
        return 2
    except PaspoortFout as fout:
        for melding in fout.meldingen:
            print(f"{melding.plek + ': ' if melding.plek else ''}{melding.tekst()}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1
