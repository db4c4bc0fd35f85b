"""Een echte ontvanger op de eigen computer: bewaart wat er binnenkomt en antwoordt wat de test wil."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class Post:
    """Eén bericht zoals het op de lijn stond."""

    regel: str
    koppen: dict[str, str]
    inhoud: bytes

    @property
    def bundel(self) -> Json:
        """De Bundle."""
        inhoud: Json = json.loads(self.inhoud)
        return inhoud

    @property
    def stand(self) -> dict[str, Any]:
        """De parameters op naam, met de waarde; een gebeurtenis als woordenboek."""
        return {p["name"]: _waarde(p) for p in self.bundel["entry"][0]["resource"]["parameter"]}

    def is_van(self, geheim: str) -> bool:
        """Of de handtekening klopt."""
        goed = "sha256=" + hmac.new(geheim.encode(), self.inhoud, hashlib.sha256).hexdigest()
        return hmac.compare_digest(goed, self.koppen.get("x-hub-signature-256", ""))


def _waarde(p: Json) -> Any:
    if "part" in p:
        return {deel["name"]: _waarde(deel) for deel in p["part"]}
    waarde = next(v for k, v in p.items() if k.startswith("value"))
    return waarde.get("reference") if isinstance(waarde, dict) else waarde


@dataclass
class Ontvanger:
    """`antwoorden` worden op volgorde gebruikt; daarna 200. Een tekst in plaats van een getal gaat rauw de lijn op."""

    adres: str = ""
    antwoorden: list[int | bytes | float] = field(default_factory=list)
    post: list[Post] = field(default_factory=list)
    _nieuw: asyncio.Event = field(default_factory=asyncio.Event)

    async def tot(self, aantal: int) -> None:
        """Wacht tot er zoveel berichten zijn, hoogstens vijf seconden."""
        async with asyncio.timeout(5):
            while len(self.post) < aantal:
                await self._nieuw.wait()
                self._nieuw.clear()

    def soorten(self) -> list[str]:
        """Wat er binnenkwam, in volgorde."""
        return [p.stand["type"] for p in self.post]

    def taken(self) -> list[str]:
        """De Tasks waarover bericht kwam, in volgorde."""
        meldingen = [p.stand["notification-event"]["focus"] for p in self.post if "notification-event" in p.stand]
        return [str(focus).rpartition("/")[2] for focus in meldingen]

    async def neem_aan(self, lezer: asyncio.StreamReader, schrijver: asyncio.StreamWriter) -> None:
        """Eén verbinding, één bericht."""
        kop = (await lezer.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        koppen = {n.lower(): w.strip() for n, _, w in (regel.partition(":") for regel in kop[1:] if regel)}
        inhoud = await lezer.readexactly(int(koppen.get("content-length", "0")))
        self.post.append(Post(kop[0], koppen, inhoud))
        self._nieuw.set()
        antwoord = self.antwoorden.pop(0) if self.antwoorden else 200
        if isinstance(antwoord, float):
            await asyncio.sleep(antwoord)
            antwoord = 200
        if isinstance(antwoord, int):
            antwoord = f"HTTP/1.1 {antwoord} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        schrijver.write(antwoord)
        try:
            await schrijver.drain()
        except ConnectionError:
            pass
        finally:
            schrijver.close()


@asynccontextmanager
async def luister(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> AsyncIterator[Ontvanger]:
    """Een ontvanger die draait zolang het blok duurt."""
    ontvanger = Ontvanger()
    server = await asyncio.start_server(ontvanger.neem_aan, host, 0, ssl=tls)
    poort = server.sockets[0].getsockname()[1]
    ontvanger.adres = f"http://{host}:{poort}/meld?x=1"
    try:
        yield ontvanger
    finally:
        server.close()
