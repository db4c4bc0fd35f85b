"""`paspoort validate FILE…`: alle bevindingen per bestand, elk bij zijn element. Leest alleen, bewaart niets."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from paspoort.fhir.fhirjson import lees
from paspoort.fhir.validatie import Validator
from paspoort.fouten import Melding, PaspoortFout


def parser(p: argparse.ArgumentParser, _: str) -> None:
    """De opties."""
    p.add_argument("bestanden", nargs="+", type=Path, metavar="FILE")


def voer_uit(args: argparse.Namespace) -> int:
    """0 als elk bestand zonder fouten is; waarschuwingen tellen niet."""
    validator = Validator.laad()
    fout = False
    for bestand in args.bestanden:
        meldingen = _controleer(validator, bestand)
        for m in meldingen:
            print(f"{bestand}: {m.ernst}: {m.plek or '-'}: {m.tekst()}")
        fout = fout or any(m.ernst == "error" for m in meldingen)
        if not meldingen:
            print(f"{bestand}: goed")
    return 1 if fout else 0


def _controleer(validator: Validator, bestand: Path) -> list[Melding]:
    try:
        inhoud = lees(bestand.read_bytes())
    except OSError as fout:
        print(f"{bestand}: niet te lezen ({fout.strerror})", file=sys.stderr)
        return [Melding("niet-gevonden")]
    except PaspoortFout as fout:
        return list(fout.meldingen)
    if inhoud.get("resourceType") == "Bundle":
        return [
            Melding(m.code, f"Bundle.entry[{i}].resource.{m.plek or ''}".rstrip("."), m.waarden, m.ernst)
            for i, entry in enumerate(inhoud.get("entry", []))
            for m in validator.controleer(entry.get("resource", {}))
        ]
    return validator.controleer(inhoud)
