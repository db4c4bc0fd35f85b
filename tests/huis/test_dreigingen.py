"""Het dreigingsmodel is geen papier: elke dreiging noemt een maatregel en tests die bestaan."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

WORTEL = Path(__file__).parents[2]
REGELS = [
    [cel.strip() for cel in regel.strip("|").split(" | ")]
    for regel in (WORTEL / "docs/dreigingen.md").read_text("utf-8").splitlines()
    if regel.startswith("| ") and not regel.startswith("| dreiging")
]


def bestaande() -> dict[str, set[str]]:
    """Bestand → de tests erin."""
    uit: dict[str, set[str]] = defaultdict(set)
    for bestand in (WORTEL / "tests").rglob("test_*.py"):
        uit[bestand.stem] |= set(re.findall(r"^(?:async )?def (test_\w+)", bestand.read_text("utf-8"), re.M))
    return uit


def test_elke_dreiging_heeft_een_maatregel_en_een_test() -> None:
    assert len(REGELS) >= 35
    assert not [r for r in REGELS if len(r) != 3 or not all(r) or "::" not in r[2]]


def test_elke_genoemde_test_bestaat() -> None:
    tests = bestaande()
    genoemd = [t for r in REGELS for t in re.findall(r"`(\w+)::(\w+)`", r[2])]
    assert all(r[2].count("::") == len(re.findall(r"`\w+::\w+`", r[2])) for r in REGELS)
    assert not [f"{bestand}::{naam}" for bestand, naam in genoemd if naam not in tests[bestand]]
