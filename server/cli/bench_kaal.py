"""De kale maatstaf van `paspoort bench`: een ASGI-handler die dezelfde bytes teruggeeft en verder niets doet.

`python -m server.cli.bench_kaal POORT BESTAND STATUS`; dezelfde uvicorn-instellingen als de echte server.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvicorn
import uvloop

Bericht = dict[str, Any]


def kaal(
    inhoud: bytes, status: int
) -> Callable[[Bericht, Callable[[], Awaitable[Bericht]], Callable[[Bericht], Awaitable[None]]], Awaitable[None]]:
    """De handler: leest de inhoud van het verzoek als die er is, en antwoordt."""
    begin: Bericht = {
        "type": "http.response.start",
        "status": status,
        "headers": [(b"content-type", b"application/fhir+json"), (b"content-length", str(len(inhoud)).encode())],
    }
    rest: Bericht = {"type": "http.response.body", "body": inhoud}

    async def app(
        scope: Bericht, receive: Callable[[], Awaitable[Bericht]], send: Callable[[Bericht], Awaitable[None]]
    ) -> None:
        if scope["method"] == "POST":
            while (await receive()).get("more_body"):
                pass
        await send(begin)
        await send(rest)

    return app


def main() -> None:
    """Draai tot het proces gestopt wordt."""
    poort, bestand, status = sys.argv[1:4]
    app: Any = kaal(Path(bestand).read_bytes(), int(status))
    config = uvicorn.Config(
        app, host="127.0.0.1", port=int(poort), lifespan="off", log_level="warning", access_log=False,
        server_header=False,
    )  # fmt: skip
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as lus:
        lus.run(uvicorn.Server(config).serve())


if __name__ == "__main__":
    main()
