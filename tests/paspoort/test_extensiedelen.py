"""Elk deel van een eigen extensie staat in de tabel van het zicht: wie er niet in staat, valt uit elk antwoord weg."""

from __future__ import annotations

import json
from pathlib import Path

from paspoort.toegang.groepen import EXTENSIEDELEN

EXTENSIES = Path(__file__).parents[2] / "fhir_profiles/Extension"


def delen_van(bestand: Path) -> set[str]:
    inhoud = json.loads(bestand.read_text("utf-8"))
    elementen = inhoud["differential"]["element"]
    return {str(e["sliceName"]) for e in elementen if e["path"] == "Extension.extension" and e.get("sliceName")}


def test_elk_deel_van_een_extensie_staat_in_de_tabel() -> None:
    # r4-…: onze vorm van een extensie van HL7; die volgt het element waar zij bij staat
    delen = {b.stem: d for b in EXTENSIES.glob("*.json") if not b.stem.startswith("r4-") and (d := delen_van(b))}
    assert {"toekenning", "antwoord-bron", "voorstel"} <= delen.keys()
    mist = {naam: d - EXTENSIEDELEN.get(naam, frozenset()) for naam, d in delen.items()}
    assert not {naam: d for naam, d in mist.items() if d}
    assert EXTENSIEDELEN.keys() <= delen.keys()
