"""Een proces dat schrijft en leest tot het wordt gedood, en elk antwoord meteen meldt; `test_kill9.py` start het.

Argumenten: de gegevensmap, de ronde en het aantal (0 = zonder einde). De databases komen uit de omgeving.
"""

from __future__ import annotations

import asyncio
import os
import sys

from paspoort.fouten import PaspoortFout
from server.settings import uit_omgeving
from server.store import Logregel, Opslag, Volgnummerbotsing, Wijziging

PASPOORTEN = 4
SCHRIJVERS = 8


async def schrijf(opslag: Opslag, partitie: str, id_: str) -> None:
    """Eén resource met één logregel; opnieuw bij een botsing."""
    regel = Logregel("a", "n", "houder", None, None, None, "aanmaken", partitie, None, None, (id_,), "gelukt")
    while True:
        m = await opslag.momentopname(partitie)
        wijziging = Wijziging("Condition", id_, {"resourceType": "Condition", "id": id_, "code": {"text": id_}})
        try:
            await opslag.schrijf(partitie, m.volgnummer, [wijziging], "a", "zelf", [regel])
            return
        except Volgnummerbotsing:
            await asyncio.sleep(0)


async def lees(opslag: Opslag, partitie: str, id_: str) -> None:
    """Wat een leesvraag vastlegt: alleen een logregel."""
    await opslag.log([Logregel("a", "n", "houder", None, None, None, "lezen", partitie, None, None, (id_,), "gelukt")])


async def werk(ronde: str, aantal: int) -> None:
    """Acht schrijvers door elkaar in vier paspoorten."""
    opslag = await Opslag.open(uit_omgeving(demo=True))
    for i in range(PASPOORTEN):
        if await opslag.partitie_van("Condition", f"begin-{i}") is None:
            try:
                await opslag.maak_partitie(f"p{i}", "paspoort")
            except PaspoortFout as fout:
                if fout.meldingen[0].code != "partitie-bestaat":
                    raise
            await schrijf(opslag, f"p{i}", f"begin-{i}")

    async def schrijver(nummer: int) -> None:
        teller = 0
        while not aantal or teller < aantal:
            id_ = f"r{ronde}-s{nummer}-{teller}"
            partitie = f"p{(nummer + teller) % PASPOORTEN}"
            await schrijf(opslag, partitie, id_)
            os.write(1, f"BEVESTIGD {id_}\n".encode())
            await lees(opslag, partitie, id_)
            os.write(1, f"GELEZEN {id_}\n".encode())
            teller += 1

    os.write(1, b"BEGONNEN\n")
    await asyncio.gather(*(schrijver(n) for n in range(1 if aantal else SCHRIJVERS)))
    await opslag.sluit()


if __name__ == "__main__":
    os.environ["DATA"] = sys.argv[1]
    asyncio.run(werk(sys.argv[2], int(sys.argv[3])))
