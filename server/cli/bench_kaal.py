"""De maatlat van `paspoort bench`: een kale ASGI-app die dezelfde bytes geeft en verder niets doet.

Geen token, geen opslag, geen log. Draait in een eigen proces met dezelfde uvicorn-opties als `paspoort serve`:
`python -m server.cli.bench_kaal ANTWOORDEN POORT`.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import orjson
import uvicorn

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Antwoord = tuple[MutableMapping[str, Any], MutableMapping[str, Any]]


class Kaal:
    """Adres → antwoord; een onbekend adres is 404."""

    def __init__(self, antwoorden: dict[tuple[str, bytes], Antwoord]) -> None:
        self.antwoorden = antwoorden

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["method"] == "POST":
            while (await receive()).get("more_body"):
                pass
        query = scope["query_string"]
        adres = scope["path"].encode()
        gevonden = self.antwoorden.get((scope["method"], adres + b"?" + query if query else adres))
        if gevonden is None:
            kop: MutableMapping[str, Any] = {
                "type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")],
            }  # fmt: skip
            gevonden = (kop, {"type": "http.response.body", "body": b""})
        await send(gevonden[0])
        await send(gevonden[1])


def lees_antwoorden(pad: Path) -> dict[tuple[str, bytes], Antwoord]:
    """Het bestand dat `bench.py` schreef: per vraag de status, de koppen en de bytes die het product gaf."""
    uit: dict[tuple[str, bytes], Antwoord] = {}
    for methode, adres, status, koppen, inhoud in orjson.loads(pad.read_bytes()):
        kop: MutableMapping[str, Any] = {
            "type": "http.response.start",
            "status": status,
            "headers": [(k.encode("latin-1"), w.encode("latin-1")) for k, w in koppen],
        }
        uit[methode, adres.encode()] = (kop, {"type": "http.response.body", "body": inhoud.encode()})
    return uit


if __name__ == "__main__":
    uvicorn.run(
        Kaal(lees_antwoorden(Path(sys.argv[1]))),
        host="127.0.0.1",
        port=int(sys.argv[2]),
        loop="uvloop",
        http="httptools",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
    )
