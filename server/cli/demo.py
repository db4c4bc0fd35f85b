"""`paspoort demo`: verzonnen organisaties, mensen, paspoorten en apps in DATA, en DATA/demo.json om mee te beginnen.

Mag vaker: wat er al is, blijft. Weigert een map waar geen demo in hoort, en een demo die een oudere versie maakte: de
verzonnen gegevens zijn dan niet meer die van de bladzijden.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import sys
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any, Final

from paspoort.toestemming import HIER
from server.cli.omgeving import instellingen
from server.settings import Settings

OUDER: Final = (
    "De demo in {map} is van een andere versie van het paspoort. Bladzijden kunnen dan iets missen.\n"
    "Maak haar opnieuw: haal {map} weg (er staan alleen verzonnen gegevens in) en draai `paspoort demo` nog een keer.\n"
    "Of kies een andere map met --data."
)


def parser(p: argparse.ArgumentParser, _: str) -> None:
    """De opties."""
    p.add_argument("--data", type=Path, default=None, help="map met de gegevens (./data)")
    p.add_argument("--port", type=int, default=None, help="poort waarop `paspoort serve --demo` straks luistert (8080)")


def voer_uit(args: argparse.Namespace) -> int:
    """Maak de demo; 1 als de map van een echte installatie is."""
    settings = instellingen(args.data, args.port, demo=True)
    pad = settings.data / "demo.json"
    # Een database zonder demo.json is van een echte installatie: daar komen nooit verzonnen mensen bij.
    if not pad.exists() and (settings.data / "paspoort.db").exists() and not (settings.data / "demo.begonnen").exists():
        print(f"{settings.data} is geen demo. Kies een andere map met --data.", file=sys.stderr)
        return 1
    klaar = settings.data / "demo.klaar"
    if klaar.exists() and klaar.read_text("utf-8") != merk():
        print(OUDER.format(map=settings.data), file=sys.stderr)
        return 1
    if klaar.exists() and _vorige(pad).get("base") == settings.base_url:
        # Pas gezet als alles erin staat: opnieuw nalopen kost seconden bij elke start en verandert niets.
        print(f"De demo staat er al. Inloggen: {settings.base_url}/inloggen. Gegevens voor apps: {pad}")
        return 0
    (settings.data / "demo.begonnen").touch(0o600)
    nieuw = asyncio.run(_maak(settings, pad))
    klaar.touch(0o600)
    klaar.write_text(merk(), "utf-8")
    print(f"{nieuw} paspoorten erbij. Inloggen: {settings.base_url}/inloggen. Gegevens voor apps: {pad}")
    return 0


def merk() -> str:
    """Een kort teken van wat de demo maakt; verandert zodra een paspoort, organisatie of vragenlijst erin verandert."""
    from server import demo

    som = hashlib.sha256()
    mappen = (Path(demo.__file__).parent, Path(str(resources.files("fhir_profiles") / "Questionnaire")))
    for bestand in sorted(b for map_ in mappen for b in map_.rglob("*") if b.suffix in (".py", ".json")):
        som.update(bestand.name.encode() + b"\0" + bestand.read_bytes())
    return som.hexdigest()[:16]


async def _maak(settings: Settings, pad: Path) -> int:
    from server.demo.apps import zet_apps
    from server.demo.inloggen import LEDEN
    from server.demo.register import ORGANISATIES
    from server.demo.vullen import vul
    from server.store.passports import Opslag

    opslag = await Opslag.open(settings)
    try:
        nieuw = await vul(opslag, datetime.now(HIER).date())
        apps = await zet_apps(opslag, _vorige(pad).get("apps", []))
    finally:
        await opslag.sluit()
    inhoud = {
        "base": settings.base_url,
        "fhir": settings.fhir_url,
        "personen": [p.als_json() for p in LEDEN],
        "organisaties": [{"naam": o.naam, "soort": o.soort, "id": o.id} for o in ORGANISATIES],
        "apps": apps,
    }
    _schrijf(pad, json.dumps(inhoud, ensure_ascii=False, indent=2) + "\n")
    return nieuw


def _vorige(pad: Path) -> dict[str, Any]:
    try:
        gelezen = json.loads(pad.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return gelezen if isinstance(gelezen, dict) else {}


def _schrijf(pad: Path, tekst: str) -> None:
    """In één keer, en vanaf het begin alleen leesbaar voor de eigenaar."""
    tijdelijk = pad.with_suffix(".nieuw")
    tijdelijk.unlink(missing_ok=True)
    with os.fdopen(os.open(tijdelijk, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as bestand:
        bestand.write(tekst)
    tijdelijk.replace(pad)
