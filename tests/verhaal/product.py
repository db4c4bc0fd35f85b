"""Het product zoals een nieuwkomer het start: `paspoort demo` en `paspoort serve --demo`, elk als eigen proces.

Niets uit `server/`, `web/` of `paspoort/` wordt geladen: wat de test weet, staat in DATA/demo.json (ontwerp.md deel 3).
Bij het stoppen moet het log leeg zijn van namen en burgerservicenummers (stijl.md punt 18).
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from tests.mappen import eigen_map

Json = dict[str, Any]
WORTEL = Path(__file__).parents[2]
# Wat een ontwikkelaar in zijn schil heeft staan, mag de demo niet naar een andere database sturen.
NIET_ERVEN = ("DATA", "DATABASE_URL", "VAULT_URL", "MASTER_KEY", "MASTER_KEY_FILE", "BASE_URL", "PORT", "DEMO")
# Ruim: een test wacht op het product, en meet niet hoe snel een drukke machine is.
DEMO_SECONDEN, START_SECONDEN = 300, 240
# Alle tests komen van één adres en uit een paar accounts.
RUIM = (
    ", ".join(
        f"{soort}=1000000/60"
        for soort in ("zoeken.wie", "zoeken.adres", "geweigerd.adres", "token.adres", "token.client")
    )
    + ", inloggen.adres=1000000/60, inloggen.account=1000000/60"
)
OPDRACHT = (sys.executable, "-c", "from server.cli import main; raise SystemExit(main())")


@dataclass(frozen=True)
class Product:
    """Een draaiend product: waar het luistert, wat er in de demo zit, en wat het op het scherm schreef."""

    demo: Json
    map: Path

    @property
    def base(self) -> str:
        """Het adres van de bladzijden, zonder schuine streep."""
        return str(self.demo["base"]).rstrip("/")

    @property
    def fhir(self) -> str:
        """Het FHIR-adres, zonder schuine streep."""
        return str(self.demo["fhir"]).rstrip("/")

    def persoon(self, naam: str) -> Json:
        """De demopersoon van wie de naam hiermee begint."""
        return next(p for p in self.demo["personen"] if str(p["naam"]).startswith(naam))

    def organisatie(self, soort: str, naam: str = "") -> Json:
        """De eerste organisatie van deze soort, desnoods met een naam."""
        return next(o for o in self.demo["organisaties"] if o["soort"] == soort and naam in str(o["naam"]))

    def app(self, soort: str) -> Json:
        """De eerste app van deze soort."""
        return next(a for a in self.demo["apps"] if a["soort"] == soort)

    def log(self) -> str:
        """Alles wat het product tot nu toe op stdout en stderr schreef."""
        return "".join((self.map / naam).read_text("utf-8", "replace") for naam in ("demo.log", "serve.log"))


def vrije_poort() -> int:
    """Een poort die nu vrij is, en die het systeem niet zelf aan een uitgaande verbinding geeft (die liggen hoger)."""
    for poort in random.sample(range(20_000, 32_000), 50):
        with socket.socket() as s, suppress(OSError):
            s.bind(("127.0.0.1", poort))
            return poort
    raise AssertionError("geen vrije poort")


@cache
def _demo() -> tuple[Path, int]:
    """De demo, één keer gemaakt per testproces: (map met `data` en `demo.log`, poort). Elke test krijgt een kopie."""
    mal, poort = eigen_map("hmp-product-"), vrije_poort()
    with (mal / "demo.log").open("wb") as uit:
        subprocess.run(
            [*OPDRACHT, "demo", *_waar(mal, poort)], cwd=WORTEL, env=_omgeving(), stdout=uit, stderr=uit,
            timeout=DEMO_SECONDEN,
        ).check_returncode()  # fmt: skip
    return mal, poort


def _waar(map: Path, poort: int) -> tuple[str, ...]:
    return ("--data", str(map / "data"), "--port", str(poort))


def _omgeving() -> dict[str, str]:
    return {k: w for k, w in os.environ.items() if k not in NIET_ERVEN} | {"PYTHONUNBUFFERED": "1", "GRENZEN": RUIM}


@contextmanager
def draai(map: Path) -> Iterator[Product]:
    """Maak de demo, start de server, en stop haar weer; daarna mag het log niemand verraden."""
    mal, poort = _demo()
    shutil.copytree(mal, map, dirs_exist_ok=True)
    bestand = map / "data" / "demo.json"
    assert stat.S_IMODE(bestand.stat().st_mode) == 0o600
    product = Product(json.loads(bestand.read_text("utf-8")), map)
    with (map / "serve.log").open("wb") as uit:
        proces = subprocess.Popen(
            [*OPDRACHT, "serve", "--demo", *_waar(map, poort)], cwd=WORTEL, env=_omgeving(), stdout=uit, stderr=uit
        )
    try:
        _wacht(product, proces)
        yield product
    finally:
        proces.terminate()
        try:
            proces.wait(20)
        except subprocess.TimeoutExpired:
            proces.kill()
            proces.wait(5)
    lekken = personen_in(product.log(), product.demo)
    assert not lekken, f"in het log van de server: {lekken}"


def _wacht(product: Product, proces: subprocess.Popen[bytes]) -> None:
    grens = time.monotonic() + START_SECONDEN
    while time.monotonic() < grens:
        assert proces.poll() is None, product.log()[-3000:]
        try:
            if httpx.get(product.base + "/readyz", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("de server kwam niet op: " + product.log()[-3000:])


def personen_in(tekst: str, demo: Json) -> list[str]:
    """De namen van demopersonen en de burgerservicenummers (elfproef) die in een tekst staan."""
    delen = {str(p["naam"]) for p in demo["personen"]} | {str(p["naam"]).split()[-1] for p in demo["personen"]}
    namen = [naam for naam in sorted(delen) if re.search(rf"\b{re.escape(naam)}\b", tekst)]
    return namen + bsns_in(tekst)


def bsns_in(tekst: str) -> list[str]:
    """Negen cijfers los van andere cijfers en letters die aan de elfproef voldoen."""
    return [n for n in re.findall(r"(?<![\w.-])\d{9}(?![\w.-])", tekst) if _elfproef(n)]


def _elfproef(nummer: str) -> bool:
    gewichten = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(c) * g for c, g in zip(nummer, gewichten, strict=True)) % 11 == 0
