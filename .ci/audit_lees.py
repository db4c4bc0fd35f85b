"""Wat pip-audit vond, in een regel per lek. Uitgang 0 goed, 1 een lek of iets dat niet nagekeken is, 2 niets nagekeken.

pip-audit zegt ook "geen lekken" als het niets kon opzoeken; hier is dat niet nagekeken.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def lees(uitslag: Path, slot: str) -> int:
    """Druk de uitslag af en geef de uitgang."""
    try:
        pakketten = json.loads(uitslag.read_text("utf-8"))["dependencies"]
    except (OSError, ValueError, KeyError):
        return 2
    gemist = [p["name"] for p in pakketten if "skip_reason" in p]
    lekken = [(p["name"], p["version"], v) for p in pakketten for v in p.get("vulns", ())]
    for naam, versie, lek in lekken:
        beter = ", ".join(lek["fix_versions"]) or "nog geen betere versie"
        print(f"LEK {lek['id']} in {naam} {versie}; opgelost in: {beter}")
    if len(gemist) == len(pakketten):
        return 2
    if gemist:
        print(f"Niet nagekeken: {', '.join(gemist)}")
    print(f"{slot}: {len(pakketten) - len(gemist)} van {len(pakketten)} nagekeken, {len(lekken)} lekken.")
    return 1 if lekken or gemist else 0


if __name__ == "__main__":
    sys.exit(lees(Path(sys.argv[1]), sys.argv[2]))
