"""Een proces dat taken schrijft en bezorgt tot het wordt gedood. Geen test; `test_post_kill9.py` start het.

Argument: de gegevensmap. De databases komen uit de omgeving; het abonnement staat er al. Meldt elke bevestigde taak.
"""

from __future__ import annotations

import asyncio
import os
import sys

from server.oauth.abonnee import abonnees
from server.post.bezorger import Bezorger
from server.settings import uit_omgeving
from server.store import Opslag, Wijziging
from tests.conftest import HOUDER
from tests.server.post.conftest import opdracht


async def werk() -> None:
    """Eén taak na de andere."""
    opslag = await Opslag.open(uit_omgeving(demo=True))
    Bezorger(opslag, abonnees(opslag)).start()
    os.write(1, b"BEGONNEN\n")
    nummer = 0
    while True:
        m = await opslag.momentopname(HOUDER)
        id_ = f"t{os.getpid()}-{nummer}"
        await opslag.schrijf(HOUDER, m.volgnummer, [Wijziging("Task", id_, opdracht(id_))], "Patient/x", "bron", ())
        os.write(1, f"BEVESTIGD {id_}\n".encode())
        nummer += 1
        await asyncio.sleep(0.01)


if __name__ == "__main__":
    os.environ["DATA"] = sys.argv[1]
    asyncio.run(werk())
