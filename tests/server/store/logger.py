"""Een proces dat logt en telt hoe vaak zijn event loop stilstaat. Geen test; `test_gesynct.py` start het.

Argumenten: de gegevensmap, het bestand dat de schijf traag maakt, en hoeveel regels het logt terwijl zij dat is.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

from server.settings import uit_omgeving
from server.store import Logregel, Opslag

STIL = 0.015  # seconden; een trage sync duurt er 0,020


async def werk(traag: Path, aantal: int) -> None:
    """Log `aantal` regels op een trage schijf, één voor één."""
    opslag = await Opslag.open(uit_omgeving(demo=True))
    await opslag.maak_partitie("p1", "paspoort")
    regel = Logregel("a", "n", "houder", None, None, None, "lezen", "p1", None, None, ("Condition/c1",), "gelukt")
    os.close(os.open(traag, os.O_CREAT))
    stil, klaar = 0, False

    async def kijk() -> None:
        nonlocal stil
        vorige = time.monotonic()
        while not klaar:
            await asyncio.sleep(0.002)
            nu = time.monotonic()
            stil += nu - vorige > STIL
            vorige = nu

    kijker = asyncio.create_task(kijk())
    for _ in range(aantal):
        await opslag.log([regel])
    klaar = True
    await kijker
    await opslag.sluit()
    os.write(1, f"STIL {stil}\n".encode())


if __name__ == "__main__":
    os.environ["DATA"] = sys.argv[1]
    asyncio.run(werk(Path(sys.argv[2]), int(sys.argv[3])))
