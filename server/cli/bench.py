"""`paspoort bench`: hoe snel de server is, als verhouding tot een kale ASGI-handler met dezelfde bytes.

ontwerp.md deel 6 (*Speed*). Eén werker aan elke kant, het meten in een eigen proces, paspoorten in willekeurige
volgorde, koud en warm apart. Alles staat in een tijdelijke map, met dezelfde duurzaamheid als in het echt.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from server.cli.bench_gegevens import GROEI_RESOURCES, GROEI_STEEKPROEF, maak_kleine
from server.cli.bench_server import WACHT_OP_START, MetingFout, bezetting, cpu, draai, server, vrije_poort
from server.cli.bench_wereld import Scenario, maak
from server.settings import uit_omgeving

AANLOOP: Final = 0.5


@dataclass(frozen=True, slots=True)
class Meting:
    """Eén meting: antwoorden per seconde, vertraging en processortijd van de server per antwoord."""

    per_seconde: float
    p50_ms: float
    p99_ms: float
    cpu_us: float


@dataclass(frozen=True, slots=True)
class Rij:
    """Eén regel van de uitslag: wij en de kale handler onder dezelfde last."""

    scenario: Scenario
    verbindingen: int
    koud: bool
    wij: Meting
    kaal: Meting
    bytes_: int

    @property
    def verhouding(self) -> float:
        """Onze doorvoer gedeeld door die van de kale handler."""
        return self.wij.per_seconde / self.kaal.per_seconde if self.kaal.per_seconde else 0.0


def parser(p: argparse.ArgumentParser, _: str) -> None:
    """De opties."""
    p.add_argument("--paspoorten", type=int, default=200, help="hoeveel paspoorten van 100 resources (200)")
    p.add_argument("--seconden", type=float, default=3.0, help="hoe lang elke meting duurt (3)")
    p.add_argument("--verbindingen", default="1,8", help="aantallen verbindingen (1,8)")
    p.add_argument(
        "--groei", default="", help="ook de kosten per verzoek bij meer paspoorten: 100,2000 (lang: 1000,100000)"
    )
    p.add_argument("--map", type=Path, default=None, help="waar de tijdelijke map komt; kies een echte schijf")
    p.add_argument("--uit", type=Path, default=None, help="schrijf de tabel ook naar dit bestand (docs/metingen.md)")


def voer_uit(args: argparse.Namespace) -> int:
    """Meet en druk af. 1 als een antwoord anders was dan verwacht, 2 als een optie niet klopt."""
    try:
        verbindingen = [int(v) for v in args.verbindingen.split(",")]
        groei = [int(v) for v in args.groei.split(",") if v]
    except ValueError:
        verbindingen, groei = [], []
    if not verbindingen or min([*verbindingen, *groei]) < 1 or args.paspoorten < 1 or args.seconden <= 0:
        print("--verbindingen, --paspoorten, --seconden en --groei moeten groter dan nul zijn", file=sys.stderr)
        return 2
    # Vooraf: na een half uur meten is een map die er niet is zonde van de meting.
    weg = next((m for m in (args.map, args.uit and args.uit.parent) if m is not None and not m.is_dir()), None)
    if weg is not None:
        print(f"De map {weg} is er niet", file=sys.stderr)
        return 2
    try:
        with tempfile.TemporaryDirectory(prefix="paspoort-bench-", dir=args.map) as map_:
            tabel = _meet(Path(map_) / "eerst", args.paspoorten, args.seconden, verbindingen)
            if groei:
                tabel += _groei(Path(map_), groei, args.seconden)
    except MetingFout as fout:
        print(fout, file=sys.stderr)
        return 1
    print(tabel)
    if args.uit is not None:
        args.uit.write_text(tabel, "utf-8")
    return 0


def _meet(map_: Path, aantal: int, seconden: float, verbindingen: Sequence[int]) -> str:
    settings = uit_omgeving({"DATA": str(map_)}, demo=True)
    begin = time.perf_counter()
    scenarios = asyncio.run(maak(settings, aantal))
    print(f"Klaarzetten duurde {time.perf_counter() - begin:.1f} s.", flush=True)
    rijen: list[Rij] = []
    alles = next(s for s in scenarios if s.code == "alles")
    for scenario in (s for s in scenarios if s.code in {"lezen", "alles"}):
        with server(map_) as (poort, pid):  # vers gestart: het geheugen met momentopnamen is leeg
            wij = _last(scenario, poort, pid, 8, WACHT_OP_START, koud=True)
            inhoud = _voorbeeld(scenario, poort)
        rijen.append(_tegen_kaal(map_, scenario, 8, wij, inhoud, seconden, koud=True))
    with server(map_) as (poort, pid):
        _last(alles, poort, pid, 8, WACHT_OP_START, koud=True)  # opwarmen: elk paspoort één keer
        for scenario in scenarios:
            for n in verbindingen:
                inhoud = _voorbeeld(scenario, poort)
                wij = _last(scenario, poort, pid, n, seconden)
                rijen.append(_tegen_kaal(map_, scenario, n, wij, inhoud, seconden))
                print(_regel(rijen[-1]), flush=True)
        gebruik = bezetting(poort, pid)
    return _tabel(rijen, aantal, seconden, map_) + f"\nDe server na het warme deel: {gebruik}.\n"


def _groei(map_: Path, aantallen: Sequence[int], seconden: float) -> str:
    """Steeds meer paspoorten, en vragen naar telkens evenveel willekeurige daarvan: alleen de database groeit."""
    regels = [
        "",
        f"Meer paspoorten van {GROEI_RESOURCES} resources; de vragen gaan over {GROEI_STEEKPROEF} willekeurige "
        "daarvan, warm, met 8 verbindingen.",
        "",
        "| wat | paspoorten | per s | verhouding | cpu µs | keer het eerste |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    # eerst alles vullen, dan om en om meten: drukte op de machine treft dan elk aantal even hard
    werelden: list[tuple[int, Path, tuple[Scenario, ...]]] = []
    for aantal in aantallen:
        plek = map_ / f"groei-{aantal}"
        werelden.append((aantal, plek, asyncio.run(maak_kleine(uit_omgeving({"DATA": str(plek)}, demo=True), aantal))))
    staart: dict[int, str] = {}
    for zelfde in zip(*(scenarios for _, _, scenarios in werelden), strict=True):
        eerste = 0.0
        for (aantal, plek, _), s in zip(werelden, zelfde, strict=True):
            with server(plek) as (poort, pid):
                _last(s, poort, pid, 8, WACHT_OP_START, koud=True)
                wij = _last(s, poort, pid, 8, seconden)
                rij = _tegen_kaal(plek, s, 8, wij, _voorbeeld(s, poort), seconden)
                staart[aantal] = f"Met {aantal:,} paspoorten: {bezetting(poort, pid)}."
            eerste = eerste or wij.cpu_us
            keer = wij.cpu_us / eerste if eerste else 0.0
            getallen = f"{wij.per_seconde:,.0f} | {rij.verhouding:.3f} | {wij.cpu_us:.0f} | {keer:.2f}"
            regels.append(f"| {s.naam} | {aantal:,} | {getallen} |")
            print(regels[-1], flush=True)
    return "\n".join([*regels, "", *staart.values()]) + "\n"


def _tegen_kaal(
    map_: Path, scenario: Scenario, n: int, wij: Meting, inhoud: bytes, seconden: float, koud: bool = False
) -> Rij:
    bestand = map_ / "antwoord.bin"
    bestand.write_bytes(inhoud)
    poort = vrije_poort()
    opdracht = [sys.executable, "-m", "server.cli.bench_kaal", str(poort), str(bestand), str(scenario.status)]
    with draai(opdracht, poort) as pid:
        return Rij(scenario, n, koud, wij, _last(scenario, poort, pid, n, seconden), len(inhoud))


def _last(scenario: Scenario, poort: int, pid: int, verbindingen: int, seconden: float, koud: bool = False) -> Meting:
    opdracht = {
        "poort": poort,
        "verbindingen": verbindingen,
        "seconden": seconden,
        "aanloop": 0.0 if koud else AANLOOP,
        "eens": koud,
        "status": scenario.status,
        "verzoeken": [b64encode(v).decode() for v in scenario.verzoeken],
    }
    eerst = cpu(pid)
    klaar = subprocess.run(
        [sys.executable, "-m", "server.cli.bench_last"], input=json.dumps(opdracht), capture_output=True, text=True,
        check=False, timeout=seconden + 60,
    )  # fmt: skip
    if klaar.returncode:
        raise MetingFout(f"{scenario.naam}: het meten brak af ({klaar.stderr.strip().splitlines()[-1:]})")
    uitslag: dict[str, Any] = json.loads(klaar.stdout)
    if uitslag["fout"] or not uitslag["aantal"]:
        raise MetingFout(f"{scenario.naam}: andere antwoorden dan {scenario.status}: {uitslag['fout'] or 'geen'}")
    # de aanloop hoort wel bij de processortijd, dus ook bij het aantal waarover zij verdeeld wordt
    deel = uitslag["seconden"] / (uitslag["seconden"] + opdracht["aanloop"])
    cpu_us = 1e6 * (cpu(pid) - eerst) * deel / uitslag["aantal"]
    return Meting(uitslag["aantal"] / uitslag["seconden"], uitslag["p50_ms"], uitslag["p99_ms"], cpu_us)


def _voorbeeld(scenario: Scenario, poort: int) -> bytes:
    """De bytes van één echt antwoord, die de kale handler ook teruggeeft."""
    kop, _, data = scenario.verzoeken[0].partition(b"\r\n\r\n")
    regels = kop.decode().split("\r\n")
    methode, pad, _ = regels[0].split(" ")
    koppen = dict(regel.split(": ", 1) for regel in regels[1:])
    verzoek = urllib.request.Request(
        f"http://127.0.0.1:{poort}{pad}", data=data or None, headers=koppen, method=methode
    )
    try:
        with urllib.request.urlopen(verzoek, timeout=30) as antwoord:  # noqa: S310
            inhoud: bytes = antwoord.read()
            return inhoud
    except urllib.error.HTTPError as fout:
        raise MetingFout(f"{scenario.naam}: {fout.code} {fout.read()[:400].decode('utf-8', 'replace')}") from None


def _regel(r: Rij) -> str:
    gezocht = None if r.koud else r.scenario.doel.get(r.verbindingen)
    doel = "" if gezocht is None else f"{gezocht:.2f}"
    return (
        f"| {r.scenario.naam} | {'koud' if r.koud else 'warm'} | {r.verbindingen} | {r.bytes_ / 1000:.1f} "
        f"| {r.wij.per_seconde:,.0f} | {r.kaal.per_seconde:,.0f} | {r.verhouding:.3f} | {doel} "
        f"| {r.wij.p50_ms:.2f} | {r.wij.p99_ms:.2f} | {r.wij.cpu_us:.0f} / {r.kaal.cpu_us:.0f} |"
    )


def _tabel(rijen: list[Rij], aantal: int, seconden: float, map_: Path) -> str:
    kop = (
        "| wat | geheugen | verbindingen | kB | per s | kaal per s | verhouding | doel | p50 ms | p99 ms | "
        "cpu µs wij / kaal |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    )
    regels = [
        "# Metingen",
        "",
        f"`paspoort bench --paspoorten {aantal} --seconden {seconden:g}` op {time.strftime('%Y-%m-%d')}, "
        f"{platform.machine()}, {os.cpu_count()} kernen, {_processor()}, Linux {platform.release()}, "
        f"Python {platform.python_version()}, schijf {_bestandssysteem(map_)}.",
        "",
        "Eén werker aan elke kant; het meten in een eigen proces. *Kaal* is een ASGI-handler onder dezelfde uvicorn "
        "die dezelfde bytes teruggeeft. *Koud*: vers gestart, elk paspoort één keer. SQLite met `synchronous=FULL`.",
        "",
        kop,
        *(_regel(r) for r in rijen),
    ]
    return "\n".join(regels) + "\n"


def _processor() -> str:
    try:
        regels = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or "onbekende processor"
    return next((r.split(":", 1)[1].strip() for r in regels if r.startswith("model name")), "onbekende processor")


def _bestandssysteem(map_: Path) -> str:
    try:
        mounts = [r.split()[1:3] for r in Path("/proc/mounts").read_text("utf-8").splitlines()]
    except OSError:
        return "onbekend"
    plek = str(map_.resolve())
    passend = [(len(punt), soort) for punt, soort in mounts if plek == punt or plek.startswith(punt.rstrip("/") + "/")]
    return max(passend, default=(0, "onbekend"))[1]
