"""De orakeltoetsen bewijzen zichzelf: elk geplant gebrek van `tests/gebreken.py` laat er minstens één omvallen."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gebreken import GEBREKEN, Gebrek

HUIS = Path(__file__).parents[3]


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.mark.parametrize("naam", GEBREKEN)
def test_de_plek_van_elk_gebrek_is_er_precies_een_keer(naam: str) -> None:
    gebrek = GEBREKEN[naam]
    spec = importlib.util.find_spec(gebrek.module)
    assert spec is not None and spec.origin is not None
    assert Path(spec.origin).read_text("utf-8").count(gebrek.stond) == 1
    assert (HUIS / gebrek.vindt.partition("::")[0]).exists()


@pytest.mark.lang
@pytest.mark.parametrize("naam", GEBREKEN)
def test_elk_gebrek_wordt_gevonden(naam: str) -> None:
    gebrek = GEBREKEN[naam]
    uit = toets(gebrek, naam)
    assert uit.returncode == 1, f"niet gevonden\n{uit.stdout[-2000:]}{uit.stderr[-1000:]}"
    # Omgevallen op een verschil, niet op een kapotte module.
    assert " failed" in uit.stdout and "error" not in uit.stdout.splitlines()[-1], uit.stdout[-3000:]


@pytest.mark.lang
@pytest.mark.parametrize("toets_", sorted({g.vindt for g in GEBREKEN.values()}))
def test_zonder_gebrek_slaagt_elke_toets(toets_: str) -> None:
    uit = toets(Gebrek("", "", "", toets_), None)
    assert uit.returncode == 0, uit.stdout[-3000:]


def toets(gebrek: Gebrek, naam: str | None) -> subprocess.CompletedProcess[str]:
    """De orakeltoets in een eigen proces, met dit gebrek."""
    omgeving = {k: w for k, w in os.environ.items() if k != "HMP_TEST_POSTGRES"} | (
        {"HMP_GEBREK": naam} if naam else {}
    )
    opdracht = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "tests.gebreken",
        "-p",
        "no:xdist",
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run(
        [*opdracht, "--tb=short", "-m", "not lang", gebrek.vindt],
        cwd=HUIS,
        env=omgeving,
        capture_output=True,
        text=True,
        timeout=900,
    )
