"""Het meetproces van `paspoort bench`: eigen HTTP/1.1 over kale sockets, een vaste tijd lang, op een paar verbindingen.

Draait als eigen proces (`python -m server.cli.bench_last`), leest de opdracht van stdin en schrijft de uitslag op
stdout, beide als JSON. Zo deelt het meten geen draad met de server. Kent geen FHIR.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from base64 import b64decode
from collections.abc import Iterator
from itertools import cycle
from typing import Any, cast

import uvloop

_LENGTE = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


class Verbinding(asyncio.Protocol):
    """Eén verbinding: een verzoek sturen, het antwoord aftellen, het volgende sturen."""

    def __init__(self, verzoeken: Iterator[bytes], meting: Meting) -> None:
        self.verzoeken, self.meting = verzoeken, meting
        self.klaar: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._gekregen = b""
        self._rest = -1  # bytes die nog komen; -1: de kop is er nog niet helemaal
        self._sinds = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop heeft een eigen klasse
        self._stuur()

    def data_received(self, data: bytes) -> None:
        if self._rest < 0:
            self._gekregen += data
            einde = self._gekregen.find(b"\r\n\r\n")
            if einde < 0:
                return
            lengte = _LENGTE.search(self._gekregen, 0, einde + 2)
            self._rest = einde + 4 + (int(lengte[1]) if lengte else 0) - len(self._gekregen)
        else:
            self._rest -= len(data)
        if self._rest <= 0:
            self.meting.tel(self._gekregen[9:12], time.perf_counter() - self._sinds)
            self._stuur()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.klaar.done():
            self.klaar.set_result(None)

    def _stuur(self) -> None:
        verzoek = None if self.meting.voorbij() else next(self.verzoeken, None)
        if verzoek is None:
            self.transport.close()
            return
        self._gekregen, self._rest, self._sinds = b"", -1, time.perf_counter()
        self.transport.write(verzoek)


class Meting:
    """Telt antwoorden; die in de aanloop tellen niet mee."""

    def __init__(self, status: int, aanloop: float, seconden: float) -> None:
        self.verwacht = str(status).encode()
        self.begin = time.perf_counter() + aanloop
        self.einde = self.begin + seconden
        self.tijden: list[float] = []
        self.fout: dict[str, int] = {}
        self.laatst = self.begin

    def voorbij(self) -> bool:
        return time.perf_counter() >= self.einde

    def tel(self, status: bytes, duur: float) -> None:
        nu = time.perf_counter()
        if status != self.verwacht:
            self.fout[status.decode("latin-1")] = self.fout.get(status.decode("latin-1"), 0) + 1
        elif nu >= self.begin:
            self.tijden.append(duur)
            self.laatst = nu

    def uitslag(self) -> dict[str, Any]:
        """Aantal, duur en vertraging (mediaan en p99, in milliseconden)."""
        op = sorted(self.tijden)
        deel = [1000 * op[int(p * (len(op) - 1))] for p in (0.5, 0.99)] if op else [0.0, 0.0]
        duur = max(self.laatst - self.begin, 1e-9)
        return {"aantal": len(op), "seconden": duur, "p50_ms": deel[0], "p99_ms": deel[1], "fout": self.fout}


async def meet(opdracht: dict[str, Any]) -> dict[str, Any]:
    """Voer één meting uit; `eens` stuurt elk verzoek hoogstens één keer (koud meten)."""
    verzoeken = [b64decode(v) for v in opdracht["verzoeken"]]
    meting = Meting(opdracht["status"], opdracht["aanloop"], opdracht["seconden"])
    bron = iter(verzoeken) if opdracht["eens"] else cycle(verzoeken)
    lus = asyncio.get_running_loop()
    verbindingen = []
    for _ in range(opdracht["verbindingen"]):
        _, v = await lus.create_connection(lambda: Verbinding(bron, meting), "127.0.0.1", opdracht["poort"])
        verbindingen.append(v)
    async with asyncio.timeout(opdracht["aanloop"] + opdracht["seconden"] + 20):
        await asyncio.gather(*(v.klaar for v in verbindingen))
    return meting.uitslag()


def main() -> None:
    """Opdracht van stdin, uitslag naar stdout."""
    opdracht = json.load(sys.stdin)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as lus:
        json.dump(lus.run(meet(opdracht)), sys.stdout)


if __name__ == "__main__":
    main()
