"""De belasting van `paspoort bench`: HTTP/1.1 met keep-alive over ruwe sockets, in een eigen proces.

Begrensd in aantal en tijd, en alleen naar 127.0.0.1. `python -m server.cli.bench_last` leest één `Opdracht` als JSON
van stdin en schrijft één `Uitslag` naar stdout. Kent het product niet: alleen verzoeken en antwoorden.
"""

from __future__ import annotations

import asyncio
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import orjson
import uvloop

HOST: Final = "127.0.0.1"
TIJD_HOOGSTENS: Final = 120.0
AANTAL_HOOGSTENS: Final = 1_000_000
_LENGTE: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Opdracht:
    """`verzoeken`: bestand met [methode, adres, token, inhoud]. `een_keer`: elk verzoek precies één keer."""

    poort: int
    verzoeken: str
    verbindingen: int
    seconden: float
    een_keer: bool = False
    zaad: int = 1


@dataclass(slots=True)
class Uitslag:
    """Hoeveel antwoorden in hoeveel tijd, per status, en hoe lang een vrager wachtte (seconden)."""

    aantal: int = 0
    seconden: float = 0.0
    bytes: int = 0
    p50: float = 0.0
    p99: float = 0.0
    status: dict[str, int] = field(default_factory=dict)


def verzoek(methode: str, adres: str, token: str, inhoud: str | None) -> bytes:
    """De bytes van één verzoek."""
    kop = f"{methode} {adres} HTTP/1.1\r\nHost: {HOST}\r\nAccept: application/fhir+json\r\n"
    kop += f"Authorization: Bearer {token}\r\n"
    if inhoud is None:
        return f"{kop}\r\n".encode()
    data = inhoud.encode()
    return f"{kop}Content-Type: application/fhir+json\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data


class Verbinding(asyncio.Protocol):
    """Stuurt een verzoek, telt de bytes van het antwoord, en stuurt dan pas het volgende."""

    def __init__(self, volgende: Iterator[bytes], tot: float, klaar: asyncio.Future[None]) -> None:
        self.volgende, self.tot, self.klaar = volgende, tot, klaar
        self.tijden: list[float] = []
        self.status: Counter[str] = Counter()
        self.bytes = 0
        self._kop, self._rest, self._begin = b"", 0, 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        self._stuur()

    def data_received(self, data: bytes) -> None:
        self.bytes += len(data)
        if self._rest:
            self._rest -= len(data)
        else:
            self._kop += data
            eind = self._kop.find(b"\r\n\r\n")
            if eind < 0:
                return
            lengte = _LENGTE.search(self._kop, 0, eind)
            self._rest = eind + 4 + (int(lengte[1]) if lengte else 0) - len(self._kop)
        if self._rest == 0:
            self.status[self._kop[9:12].decode("latin-1")] += 1
            self.tijden.append(time.perf_counter() - self._begin)
            self._kop = b""
            self._stuur()
        elif self._rest < 0:
            self._stop(ValueError("meer bytes dan aangekondigd"))

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop(exc or ConnectionError("de server sloot de verbinding"))

    def _stuur(self) -> None:
        self._begin = time.perf_counter()
        data = next(self.volgende, None) if self._begin < self.tot else None
        if data is None or self._transport is None:
            self._stop(None)
        else:
            self._transport.write(data)

    def _stop(self, fout: Exception | None) -> None:
        if not self.klaar.done():
            self.klaar.set_exception(fout) if fout else self.klaar.set_result(None)
        if self._transport is not None:
            self._transport.close()


async def belast(opdracht: Opdracht) -> Uitslag:
    """Voer de belasting uit. ConnectionError of TimeoutError als de server wegvalt."""
    rauw = [verzoek(*regel) for regel in orjson.loads(Path(opdracht.verzoeken).read_bytes())]
    bron = _een_keer(rauw, opdracht.zaad) if opdracht.een_keer else _willekeurig(rauw, opdracht.zaad)
    loop = asyncio.get_running_loop()
    seconden = min(opdracht.seconden, TIJD_HOOGSTENS)
    begin = time.perf_counter()
    verbindingen, klaar = [], []
    for _ in range(opdracht.verbindingen):
        einde: asyncio.Future[None] = loop.create_future()
        v = Verbinding(bron, begin + seconden, einde)
        await loop.create_connection(lambda v=v: v, HOST, opdracht.poort)  # type: ignore[misc]
        verbindingen.append(v)
        klaar.append(einde)
    async with asyncio.timeout(seconden + 30):
        await asyncio.gather(*klaar)
    duur = time.perf_counter() - begin
    tijden = sorted(t for v in verbindingen for t in v.tijden)
    telling = sum((v.status for v in verbindingen), Counter[str]())
    n = len(tijden)
    return Uitslag(
        n, duur, sum(v.bytes for v in verbindingen),
        tijden[n // 2] if n else 0.0, tijden[min(n - 1, n * 99 // 100)] if n else 0.0, dict(telling),
    )  # fmt: skip


def _een_keer(rauw: list[bytes], zaad: int) -> Iterator[bytes]:
    volgorde = rauw[:]
    random.Random(zaad).shuffle(volgorde)
    return iter(volgorde)


def _willekeurig(rauw: list[bytes], zaad: int) -> Iterator[bytes]:
    kans = random.Random(zaad)
    for _ in range(AANTAL_HOOGSTENS):
        yield rauw[int(kans.random() * len(rauw))]


if __name__ == "__main__":
    print(orjson.dumps(uvloop.run(belast(Opdracht(**orjson.loads(sys.stdin.buffer.read()))))).decode())
