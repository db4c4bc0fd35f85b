"""`paspoort bench --groei`: de kleine paspoorten zijn geldig, en de tabel noemt elk aantal."""

from __future__ import annotations

from pathlib import Path

import pytest

from paspoort.fhir.validatie import Validator
from server.cli import main
from server.cli.bench_gegevens import GROEI_RESOURCES, resources_van


def test_de_kleine_paspoorten_zijn_geldig_fhir() -> None:
    validator = Validator.laad()
    resources = resources_van("groei-000001")
    assert len(resources) == GROEI_RESOURCES
    assert [m for r in resources for m in validator.controleer(r) if m.ernst == "error"] == []


@pytest.mark.parametrize("groei", ["nul", "0", "10,-1"])
def test_een_aantal_dat_niet_klopt_is_verkeerd_gebruik(groei: str) -> None:
    assert main(["bench", "--groei", groei]) == 2


@pytest.mark.lang
def test_elk_aantal_paspoorten_krijgt_zijn_regels(tmp_path: Path) -> None:
    tabel = tmp_path / "metingen.md"
    opties = ["--paspoorten", "2", "--seconden", "0.2", "--verbindingen", "1", "--groei", "8,16", "--uit", str(tabel)]
    assert main(["bench", *opties]) == 0
    regels = tabel.read_text("utf-8").partition("Meer paspoorten")[2].splitlines()
    rijen = [[d.strip() for d in r.split("|")[1:-1]] for r in regels if r.startswith("| ")][1:]
    assert [r[1] for r in rijen] == ["8", "16"] * 4
    assert all(float(r[3]) > 0 for r in rijen)
