"""`make audit`: een lek houdt CI tegen, en wat niet nagekeken kon worden heet nooit goed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

WORTEL = Path(__file__).parents[2]
GOED: Any = {"name": "a", "version": "1", "vulns": []}
LEK: Any = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
GEMIST: Any = {"name": "c", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("pakketten", "uitgang", "zin"),
    [
        ([GOED], 0, "1 van 1 nagekeken, 0 lekken"),
        ([GOED, LEK], 1, "LEK PYSEC-1 in b 2; opgelost in: 3"),
        ([GOED, GEMIST], 1, "Niet nagekeken: c"),
        ([GEMIST], 2, ""),
        (None, 2, ""),
    ],
)
def test_de_uitslag_van_pip_audit(tmp_path: Path, pakketten: Any, uitgang: int, zin: str) -> None:
    bestand = tmp_path / "uitslag.json"
    bestand.write_text("kapot" if pakketten is None else json.dumps({"dependencies": pakketten}))
    opdracht = [sys.executable, str(WORTEL / ".ci/audit_lees.py"), str(bestand), "slot"]
    klaar = subprocess.run(opdracht, capture_output=True, text=True, check=False)
    assert klaar.returncode == uitgang and zin in klaar.stdout


def test_zonder_verbinding_zegt_het_dat_er_niets_is_nagekeken_en_gaat_het_verder() -> None:
    omgeving = os.environ | {"PIP_AUDIT_LIJST": "http://127.0.0.1:9/pypi"}
    klaar = subprocess.run([WORTEL / ".ci/audit"], env=omgeving, capture_output=True, text=True, check=False)
    assert klaar.returncode == 0 and klaar.stderr.startswith("NIET NAGEKEKEN")


def test_ci_kijkt_na_wat_er_vergrendeld_is() -> None:
    assert "\ntest: audit lint" in (WORTEL / "Makefile").read_text()
    assert ".ci/lock-test.txt" in (WORTEL / ".ci/audit").read_text()
