"""`paspoort bench`: hoe snel het product is, als verhouding tot een kale server die dezelfde bytes geeft.

Ontwerp deel 6 (*Speed*): één werker, duurzaam vastleggen, paspoorten willekeurig getrokken, warm en koud apart. Vult
een tijdelijke map, start `paspoort serve` en de kale server, en belast ze om en om vanuit een derde proces. Geeft geen
oordeel: getallen hangen van de machine af, verhoudingen veel minder.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import os
import platform
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

import orjson

from server.cli.bench_gegevens import Gevuld, Wie, gebruik, vul
from server.cli.bench_last import HOST, Opdracht, Uitslag
from server.settings import uit_omgeving
from server.store.passports import Opslag

Verzoek = tuple[str, str, str, str | None]  # methode, adres, token, inhoud

WORTEL: Final = Path(__file__).parent.parent.parent
STEEKPROEF: Final = 200  # van zoveel paspoorten kent de kale server de bytes
STARTTIJD: Final = 60.0
KOUD_HOOGSTENS: Final = 60.0
# naam → het doel uit het ontwerp bij 1 en bij 8 verbindingen, of None
DOELEN: Final[dict[str, dict[int, float | None]]] = {
    "read": {1: None, 8: 0.12},
    "search": {1: None, 8: 0.12},
    "everything": {1: 0.2, 8: 0.25},
    "create": {1: None, 8: 0.02},
}


@dataclass(frozen=True, slots=True)
class Rij:
    """Eén regel van de uitslag: verzoeken per seconde, en hun verhouding."""

    wat: str
    verbindingen: int
    stand: str  # warm | koud
    product: float
    kaal: float
    p50_ms: float
    p99_ms: float
    bytes: int

    @property
    def verhouding(self) -> float:
        """Product gedeeld door kaal."""
        return self.product / self.kaal if self.kaal else 0.0


def parser(p: argparse.ArgumentParser, _: str) -> None:
    """De opties."""
    p.add_argument("--paspoorten", type=int, default=200, help="aantal verzonnen paspoorten (200)")
    p.add_argument("--resources", type=int, default=100, help="resources per paspoort (100)")
    p.add_argument("--seconden", type=float, default=2.0, help="duur van elke meting (2)")
    p.add_argument("--rondes", type=int, default=3, help="metingen om en om; de middelste telt (3)")
    p.add_argument("--verbindingen", default="1,8", help="aantallen verbindingen (1,8)")
    p.add_argument("--wie", choices=["houder", "app"], default="houder", help="token van de houder, of van een app")
    p.add_argument("--wat", default=",".join(DOELEN), help=f"welke vragen ({','.join(DOELEN)})")
    p.add_argument("--groei", default="", help="ook de kosten bij meer paspoorten, bijvoorbeeld 100,2000")
    p.add_argument("--groei-resources", type=int, default=20, help="resources per paspoort bij --groei (20)")
    p.add_argument("--json", type=Path, default=None, help="schrijf de getallen ook naar dit bestand")


def voer_uit(args: argparse.Namespace) -> int:
    """Meet en druk de tabel af; 1 als een server een fout gaf, 2 bij verkeerde opties."""
    try:
        verbindingen = [int(v) for v in args.verbindingen.split(",")]
        groei = [int(v) for v in args.groei.split(",") if v]
    except ValueError:
        print("--verbindingen en --groei: hele getallen met komma's ertussen", file=sys.stderr)
        return 2
    wat = args.wat.split(",")
    goed = args.paspoorten > 0 and args.resources > 3 and args.groei_resources > 3 and args.seconden > 0
    if not goed or min([*verbindingen, *groei, args.rondes]) < 1 or not set(wat) <= DOELEN.keys():
        print(f"Kies getallen vanaf 1 (resources vanaf 4), en vragen uit {','.join(DOELEN)}.", file=sys.stderr)
        return 2
    print(machine(), flush=True)
    try:
        rijen = meet(args.paspoorten, args.resources, args.wie, wat, verbindingen, args.seconden, args.rondes)
        druk_af(rijen)
        groeirijen = [
            (n, meet(n, args.groei_resources, args.wie, wat, [8], args.seconden, args.rondes, koud=False))
            for n in groei
        ]
        if groeirijen:
            druk_groei_af(groeirijen)
    except (RuntimeError, OSError, subprocess.SubprocessError) as fout:
        print(f"De meting mislukte: {fout}", file=sys.stderr)
        return 1
    if args.json is not None:
        uit = {"machine": machine(), "rijen": [asdict(r) for r in rijen]}
        uit["groei"] = [{"paspoorten": n, "rijen": [asdict(r) for r in rs]} for n, rs in groeirijen]
        args.json.write_bytes(orjson.dumps(uit, option=orjson.OPT_INDENT_2))
    return 0


def meet(
    paspoorten: int, resources: int, wie: Wie, wat: Sequence[str], verbindingen: Sequence[int], seconden: float,
    rondes: int, koud: bool = True,
) -> list[Rij]:  # fmt: skip
    """Vul een tijdelijke map en meet alles daarin. RuntimeError bij een antwoord dat geen 2xx is."""
    with tempfile.TemporaryDirectory(prefix="paspoort-bench-") as map_:
        data = Path(map_)
        env = _omgeving(data)
        gevuld = asyncio.run(_vul(env, paspoorten, resources, wie))
        verzoeken = {naam: verzoeken_van(naam, gevuld) for naam in wat}
        for naam, lijst in verzoeken.items():
            (data / f"{naam}.json").write_bytes(orjson.dumps(lijst))
        with _product(env, data) as poort:
            antwoorden = [a for naam in wat for a in _haal_op(poort, verzoeken[naam][:STEEKPROEF])]
        (data / "antwoorden").write_bytes(orjson.dumps(antwoorden))
        for naam in wat:
            (data / f"{naam}-kaal.json").write_bytes(orjson.dumps(verzoeken[naam][:STEEKPROEF]))
        with _server([sys.executable, "-m", "server.cli.bench_kaal", str(data / "antwoorden")], env) as kaal:
            uitslag: dict[tuple[str, int], Uitslag] = {}
            if koud:
                for naam in wat:
                    for c in verbindingen:
                        with _product(env, data) as poort:
                            uitslag[naam, c] = _belast(poort, data / f"{naam}.json", c, KOUD_HOOGSTENS, een_keer=True)
            with _product(env, data) as poort:
                for naam in wat:
                    _belast(poort, data / f"{naam}.json", 8, KOUD_HOOGSTENS, een_keer=naam != "create")
                rijen = []
                for naam in wat:
                    for c in verbindingen:
                        paren = [
                            (
                                _belast(kaal, data / f"{naam}-kaal.json", c, seconden, zaad=ronde),
                                _belast(poort, data / f"{naam}.json", c, seconden, zaad=ronde),
                            )
                            for ronde in range(rondes)
                        ]
                        rijen += _rijen(naam, c, paren, uitslag.get((naam, c)))
                return rijen


def verzoeken_van(naam: str, gevuld: Gevuld) -> list[Verzoek]:
    """Per paspoort één vraag van deze soort."""
    uit: list[Verzoek] = []
    for id_, token in gevuld.paspoorten:
        match naam:
            case "read":
                uit.append(("GET", f"/fhir/Device/{id_}-device-0", token, None))
            case "search":
                uit.append(("GET", f"/fhir/DeviceUseStatement?patient={id_}&status=active&_count=5", token, None))
            case "everything":
                uit.append(("GET", f"/fhir/Patient/{id_}/$everything", token, None))
            case _:
                uit.append(("POST", "/fhir/DeviceUseStatement", token, orjson.dumps(gebruik(id_)).decode()))
    return uit


def machine() -> str:
    """Waar dit gemeten is, in één regel."""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} kernen, Python {platform.python_version()}, "
        f"belasting vooraf {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d')}"
    )


def druk_af(rijen: Sequence[Rij]) -> None:
    """De tabel, ook leesbaar als Markdown."""
    print("| vraag | verbindingen | stand | product /s | kaal /s | verhouding | doel | p50 ms | p99 ms | bytes |")
    print("|---|--:|---|--:|--:|--:|--:|--:|--:|--:|")
    for r in rijen:
        doel = DOELEN[r.wat].get(r.verbindingen) if r.stand == "warm" else None
        print(
            f"| {r.wat} | {r.verbindingen} | {r.stand} | {r.product:,.0f} | {r.kaal:,.0f} | {r.verhouding:.3f} "
            f"| {f'{doel:.2f}' if doel else '-'} | {r.p50_ms:.2f} | {r.p99_ms:.2f} | {r.bytes:,} |"
        )


def druk_groei_af(per_aantal: Sequence[tuple[int, Sequence[Rij]]]) -> None:
    """Tijd per verzoek bij elk aantal paspoorten, en hoeveel meer dat is dan bij het eerste aantal."""
    print("\n| vraag (8 verbindingen) | paspoorten | ms per verzoek | keer het eerste aantal | verhouding |")
    print("|---|--:|--:|--:|--:|")
    eerste = {r.wat: r for r in per_aantal[0][1]}
    for n, rijen in per_aantal:
        for r in rijen:
            keer = eerste[r.wat].product / r.product
            print(f"| {r.wat} | {n:,} | {1000 / r.product:.3f} | {keer:.2f} | {r.verhouding:.3f} |")


def _rijen(naam: str, c: int, paren: Sequence[tuple[Uitslag, Uitslag]], koud: Uitslag | None) -> Iterator[Rij]:
    kaal = statistics.median(k.aantal / k.seconden for k, _ in paren)
    # de middelste ronde naar verhouding: kaal en product van dezelfde paar seconden horen bij elkaar
    k, p = sorted(paren, key=lambda paar: paar[1].aantal / paar[1].seconden / (paar[0].aantal / paar[0].seconden))[
        len(paren) // 2
    ]
    yield _rij(naam, c, "warm", p, k.aantal / k.seconden)
    if koud is not None:
        yield _rij(naam, c, "koud", koud, kaal)


def _rij(naam: str, c: int, stand: str, u: Uitslag, kaal: float) -> Rij:
    return Rij(
        naam, c, stand, u.aantal / u.seconden, kaal, u.p50 * 1000, u.p99 * 1000, u.bytes // max(u.aantal, 1)
    )  # fmt: skip


# --- processen


def _omgeving(data: Path) -> dict[str, str]:
    """De omgeving van de servers: een eigen map en een eigen hoofdsleutel, en niets van de echte installatie."""
    eigen = ("DATA", "BASE_URL", "PORT", "DEMO", "DATABASE_URL", "VAULT_URL", "MASTER_KEY", "MASTER_KEY_FILE")
    env = {k: w for k, w in os.environ.items() if k not in eigen}
    pad = os.pathsep.join(p for p in (str(WORTEL), env.get("PYTHONPATH", "")) if p)
    sleutel = base64.b64encode(secrets.token_bytes(32)).decode()
    return {**env, "DATA": str(data / "opslag"), "MASTER_KEY": sleutel, "PYTHONPATH": pad}


async def _vul(env: dict[str, str], paspoorten: int, resources: int, wie: Wie) -> Gevuld:
    opslag = await Opslag.open(uit_omgeving(env, demo=False))

    def vorder(klaar: int) -> None:
        if sys.stderr.isatty() or klaar == paspoorten:
            print(f"\r{klaar} van {paspoorten} paspoorten klaar", end="", file=sys.stderr, flush=True)

    try:
        return await vul(opslag, paspoorten, resources, wie, vorder)
    finally:
        print(file=sys.stderr)
        await opslag.sluit()


def _product(env: dict[str, str], data: Path) -> contextlib.AbstractContextManager[int]:
    start = "import sys; from server.cli import main; sys.exit(main())"
    opdracht = [sys.executable, "-c", start, "serve", "--data", str(data / "opslag"), "--port"]
    return _server(opdracht, {**env, "BASE_URL": "http://127.0.0.1"})


@contextlib.contextmanager
def _server(opdracht: Sequence[str], env: dict[str, str]) -> Iterator[int]:
    """Start een server op een vrije poort, wacht tot zij antwoordt, en stop haar weer."""
    with socket.socket() as s:
        s.bind((HOST, 0))
        poort = int(s.getsockname()[1])
    proces = subprocess.Popen([*opdracht, str(poort)], env=env, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        tot = time.monotonic() + STARTTIJD
        while not _antwoordt(poort):
            if proces.poll() is not None or time.monotonic() > tot:
                raise RuntimeError(f"de server startte niet (uitgang {proces.poll()})")
            time.sleep(0.05)
        yield poort
    finally:
        proces.terminate()
        try:
            proces.wait(15)
        except subprocess.TimeoutExpired:
            proces.kill()
            proces.wait()


def _antwoordt(poort: int) -> bool:
    verbinding = HTTPConnection(HOST, poort, timeout=2)
    try:
        verbinding.request("GET", "/readyz")
        return verbinding.getresponse().status in (200, 404)  # de kale server kent dit adres niet
    except OSError:
        return False
    finally:
        verbinding.close()


def _haal_op(poort: int, verzoeken: Sequence[Verzoek]) -> Iterator[tuple[str, str, int, list[tuple[str, str]], str]]:
    """Wat het product antwoordt, om de kale server dezelfde bytes te laten geven."""
    verbinding = HTTPConnection(HOST, poort, timeout=30)
    for methode, adres, token, inhoud in verzoeken:
        koppen = {"Authorization": f"Bearer {token}", "Accept": "application/fhir+json"}
        if inhoud is not None:
            koppen["Content-Type"] = "application/fhir+json"
        verbinding.request(methode, adres, inhoud, koppen)
        antwoord = verbinding.getresponse()
        data = antwoord.read()
        if antwoord.status not in (200, 201):
            raise RuntimeError(f"{methode} {adres.partition('?')[0]} gaf {antwoord.status}: {data[:300]!r}")
        vast = [(k.lower(), w) for k, w in antwoord.getheaders() if k.lower() != "date"]
        yield methode, adres, antwoord.status, vast, data.decode()
        if methode == "POST":
            break  # één antwoord volstaat: het adres is voor iedereen hetzelfde
    verbinding.close()


def _belast(poort: int, pad: Path, c: int, seconden: float, een_keer: bool = False, zaad: int = 1) -> Uitslag:
    opdracht = Opdracht(poort, str(pad), c, seconden, een_keer, zaad)
    klaar = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "server.cli.bench_last"],
        input=orjson.dumps(asdict(opdracht)),
        env={**os.environ, "PYTHONPATH": str(WORTEL)},
        stdout=subprocess.PIPE,
        timeout=seconden + 60,
        check=True,
    )
    uitslag = Uitslag(**orjson.loads(klaar.stdout))
    mis = {s: n for s, n in uitslag.status.items() if not s.startswith("2")}
    if mis or not uitslag.aantal:
        raise RuntimeError(f"antwoorden die geen 2xx zijn bij {pad.stem}: {mis or 'geen antwoord'}")
    return uitslag
