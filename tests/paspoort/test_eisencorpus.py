"""Het corpus van eiszinnen: met de hand geschreven vóór de regels die erop gemeten worden; de helft blijft achter.

`klasse`: functioneel (niets mis), merk, wens (wens als behoefte), vaag, diagnose (een term uit de eigen diagnosen in de
eis). `deel`: `maken` mag wie regels schrijft bekijken, `achter` niet. Alle zinnen zijn verzonnen.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

CORPUS = json.loads((Path(__file__).parent / "corpus" / "eisen.json").read_text("utf-8"))
KLASSEN = {"functioneel", "merk", "wens", "vaag", "diagnose"}


def test_het_corpus_is_groot_genoeg_en_eerlijk_verdeeld() -> None:
    assert len({r["zin"] for r in CORPUS}) == len(CORPUS) >= 300
    verdeling = Counter((r["klasse"], r["deel"]) for r in CORPUS)
    assert {k for k, _ in verdeling} == KLASSEN
    assert min(verdeling.values()) >= 30
    assert sum(r["deel"] == "achter" for r in CORPUS) * 2 == len(CORPUS)


def test_een_diagnosezin_zegt_welke_diagnose_in_het_paspoort_staat() -> None:
    assert all(bool(r["diagnosen"]) == (r["klasse"] == "diagnose") for r in CORPUS)
