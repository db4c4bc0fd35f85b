"""De servers onder `paspoort bench`: starten, wachten, stoppen, en wat zij aan processor en geheugen gebruiken."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

WACHT_OP_START: Final = 120
# De rem telt wel, maar houdt de meting niet tegen.
RUIM: Final = "zoeken.wie=1000000000/60, zoeken.adres=1000000000/60"


class MetingFout(RuntimeError):  # noqa: N818 - het domein spreekt Nederlands
    """Er kwam een ander antwoord dan verwacht, of een server startte niet; dan zegt een getal niets."""


@contextmanager
def server(map_: Path) -> Iterator[tuple[int, int]]:
    poort = vrije_poort()
    opdracht = [sys.executable, "-c", "from server.cli import main; raise SystemExit(main())"]
    opdracht += ["serve", "--demo", "--data", str(map_), "--port", str(poort)]
    with draai(opdracht, poort) as pid:
        yield poort, pid


@contextmanager
def draai(opdracht: list[str], poort: int) -> Iterator[int]:
    """Een serverproces, klaar om te antwoorden; stopt altijd."""
    omgeving = os.environ | {"PYTHONPATH": _wortel(), "GRENZEN": RUIM}
    proces = subprocess.Popen(opdracht, stdout=subprocess.DEVNULL, env=omgeving)  # noqa: S603
    try:
        einde = time.monotonic() + WACHT_OP_START
        while not _luistert(poort):
            if proces.poll() is not None or time.monotonic() > einde:
                raise MetingFout("een server startte niet")
            time.sleep(0.05)
        yield proces.pid
    finally:
        proces.terminate()
        try:
            proces.wait(15)
        except subprocess.TimeoutExpired:
            proces.kill()
            proces.wait()


def _wortel() -> str:
    return os.pathsep.join(filter(None, (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", ""))))


def _luistert(poort: int) -> bool:
    with socket.socket() as s:
        s.settimeout(1)
        return s.connect_ex(("127.0.0.1", poort)) == 0


def vrije_poort() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def cpu(pid: int) -> float:
    """Processortijd van een proces in seconden (Linux); elders 0, dan blijft die kolom leeg."""
    try:
        velden = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(velden[11]) + int(velden[12])) / os.sysconf("SC_CLK_TCK")


def bezetting(poort: int, pid: int) -> str:
    """Eén regel: het geheugen van het proces, en hoe vaak een momentopname al in het geheugen stond."""
    with urllib.request.urlopen(f"http://127.0.0.1:{poort}/metrics", timeout=10) as antwoord:
        tekst = antwoord.read().decode()
    uit = {bron: int(n) for bron, n in re.findall(r'paspoort_momentopname_total\{bron="(\w+)"\} (\d+)', tekst)}
    bytes_ = re.search(r"paspoort_momentopname_bytes (\d+)", tekst)
    totaal = sum(uit.values()) or 1
    return (
        f"{_rss_mb(pid)} MB in gebruik, waarvan {int(bytes_[1]) >> 20 if bytes_ else 0} MB momentopnamen; "
        f"{100 * uit.get('geheugen', 0) / totaal:.1f} % van de momentopnamen kwam uit het geheugen"
    )


def _rss_mb(pid: int) -> int:
    try:
        tekst = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return 0
    gevonden = re.search(r"VmRSS:\s+(\d+) kB", tekst)
    return int(gevonden[1]) >> 10 if gevonden else 0
