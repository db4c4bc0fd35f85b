"""Vóór elk antwoord zijn de gegevens naar de schijf gedwongen; mislukt dat, dan komt er geen antwoord.

Kijkt naar de systeemaanroepen van een echt proces, door een klein C-stuk ervoor (LD_PRELOAD). SQLite alleen: bij
PostgreSQL doet een ander proces het schrijven.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WORTEL = Path(__file__).parents[3]
SCHRIJVER = Path(__file__).with_name("schrijver.py")
LOGGER = Path(__file__).with_name("logger.py")
BRON = Path(__file__).with_name("fsyncteller.c")
AANTAL = 25


@pytest.fixture(scope="module")
def teller(tmp_path_factory: pytest.TempPathFactory) -> Path:
    gcc = shutil.which("gcc") or shutil.which("cc")
    if gcc is None or not sys.platform.startswith("linux"):
        pytest.skip("geen C-compiler of geen Linux: de systeemaanroepen zijn niet te volgen")
    uit = tmp_path_factory.mktemp("teller") / "fsyncteller.so"
    subprocess.run([gcc, "-shared", "-fPIC", "-O1", "-o", str(uit), str(BRON), "-ldl"], check=True)
    return uit


def draai(teller: Path, data: Path, **extra: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Laat de schrijver een vast aantal keren schrijven en geef wat het systeem ervan zag."""
    spoor = data / "spoor.txt"
    spoor.unlink(missing_ok=True)
    omgeving = {**os.environ, "PYTHONPATH": str(WORTEL), "LD_PRELOAD": str(teller), "FSYNC_SPOOR": str(spoor), **extra}
    omgeving.pop("DATABASE_URL", None)
    proces = subprocess.run(
        [sys.executable, str(SCHRIJVER), str(data), "0", str(AANTAL)],
        cwd=WORTEL, env=omgeving, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return proces, spoor.read_text().splitlines() if spoor.exists() else []


def test_elk_antwoord_komt_na_de_sync_van_gegevens_en_sleutel(teller: Path, tmp_path: Path) -> None:
    proces, spoor = draai(teller, tmp_path)
    assert proces.returncode == 0, proces.stderr
    antwoorden = gelezen = 0
    onveilig: set[str] = set()  # WAL-bestanden met bytes die nog niet gesynct zijn
    gesynct: set[str] = set()
    for regel in spoor:
        wat, _, pad = regel.partition(" ")
        naam = Path(pad).name
        if wat == "SCHRIJF" and naam.endswith("-wal"):
            onveilig.add(naam)
        elif wat == "SYNC":
            onveilig.discard(naam)
            gesynct.add(naam)
        elif wat == "ANTWOORD":
            antwoorden += 1
            assert not onveilig, f"antwoord {antwoorden} ging weg vóór de sync van {onveilig}"
            assert gesynct >= {"paspoort.db-wal", "vault.db-wal"}, f"antwoord {antwoorden} zonder nieuwe sync"
            gesynct.clear()
        elif wat == "GELEZEN":  # alleen een logregel
            gelezen += 1
            assert not onveilig, f"leesantwoord {gelezen} ging weg vóór de sync van {onveilig}"
            assert "paspoort.db-wal" in gesynct, f"leesantwoord {gelezen} zonder nieuwe sync"
            gesynct.clear()
    assert (antwoorden, gelezen) == (AANTAL, AANTAL)


def test_mislukt_de_sync_dan_wordt_er_niets_bevestigd(teller: Path, tmp_path: Path) -> None:
    heel, _ = draai(teller, tmp_path)
    assert heel.stdout.count("BEVESTIGD") == AANTAL
    kapot = tmp_path / "kapot"
    kapot.touch()
    proces, spoor = draai(teller, tmp_path, FSYNC_KAPOT=str(kapot))
    assert any(regel.startswith("KAPOT") for regel in spoor), "de proef heeft echt iets stuk gemaakt"
    assert not {"BEVESTIGD", "GELEZEN"} & set(proces.stdout.split())
    assert "opslag-stil" in proces.stderr


@pytest.mark.lang
def test_op_een_trage_schijf_staat_de_event_loop_niet_stil(teller: Path, tmp_path: Path) -> None:
    traag = tmp_path / "traag"
    omgeving = {**os.environ, "PYTHONPATH": str(WORTEL), "LD_PRELOAD": str(teller), "FSYNC_TRAAG": str(traag)}
    omgeving.pop("DATABASE_URL", None)
    uit = subprocess.run(
        [sys.executable, str(LOGGER), str(tmp_path), str(traag), str(AANTAL)],
        cwd=WORTEL, env=omgeving, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    wat, keer = uit.stdout.split()
    assert wat == "STIL"
    assert int(keer) < AANTAL / 3, "het wachten op de schijf is voor de schrijfdraad"
