"""De meting zelf: zij meet tegen een echte server en een kale, en liegt niet over wat er misging."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from server.cli import bench, main


@pytest.mark.lang
def test_een_korte_meting_drukt_verhoudingen_af(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tabel = tmp_path / "metingen.md"
    opties = ["--paspoorten", "3", "--seconden", "0.2", "--verbindingen", "2", "--map", str(tmp_path)]
    assert main(["bench", *opties, "--uit", str(tabel)]) == 0, capsys.readouterr().err
    rijen = [regel.split("|") for regel in tabel.read_text("utf-8").splitlines() if regel.startswith("| ")][1:]
    assert {r[2].strip() for r in rijen} == {"koud", "warm"}
    verhoudingen = [float(r[7]) for r in rijen]
    assert len(verhoudingen) == 7
    assert all(0 < v < 1 for v in verhoudingen)
    assert not list(tmp_path.glob("paspoort-bench-*"))


def test_een_ander_antwoord_dan_verwacht_telt_niet_als_snel(tmp_path: Path) -> None:
    (tmp_path / "antwoord").write_bytes(b"{}")
    scenario = bench.Scenario("x", "iets", None, (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",), status=200)
    poort = bench.vrije_poort()
    kaal = [sys.executable, "-m", "server.cli.bench_kaal", str(poort), str(tmp_path / "antwoord"), "503"]
    with bench.draai(kaal, poort) as pid, pytest.raises(bench.MetingFout, match="503"):
        bench._last(scenario, poort, pid, 2, 0.2)


@pytest.mark.parametrize(("optie", "naam"), [("--map", ""), ("--uit", "tabel.md")])
def test_een_map_die_er_niet_is_zegt_dat_voor_het_meten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], optie: str, naam: str
) -> None:
    weg = tmp_path / "er-niet"
    assert main(["bench", optie, str(weg / naam)]) == 2
    assert capsys.readouterr().err == f"De map {weg} is er niet\n"
