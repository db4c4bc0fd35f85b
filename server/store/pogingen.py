"""Hoe vaak iets dat te raden is geprobeerd werd: in de database, dus over alle processen samen (NIST SP 800-63B 3.2.2).

Eerst tellen, dan pas kijken: ook wie honderd pogingen tegelijk doet, krijgt er niet meer dan de grens. De teller kent
alleen een HMAC; na tien minuten is zij weg. Voor wat niet te raden maar wel te vaak kan, is er `server/rem.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, delete, func, select, update

from paspoort.fouten import Melding, PaspoortFout
from server.store.passports import Opslag
from server.store.sql import Op, Unit, query, voeg_toe
from server.store.tables import tabel
from server.store.tables_oauth import PogingRij

DUUR = 600  # seconden waarin pogingen samen tellen
STAP = 60  # zo fijn schuift dat venster
PER_WIE = 5
PER_ADRES = 20  # achter een adres zit soms een heel kantoor

_POG = tabel(PogingRij)
_RUIM = query(delete(_POG).where(_POG.c.vak <= bindparam("voor")))
_TEL = voeg_toe(_POG, "ON CONFLICT (door, vak) DO UPDATE SET aantal = poging.aantal + 1")
_TERUG = query(
    update(_POG)
    .where(_POG.c.door == bindparam("b_door"), _POG.c.vak == bindparam("b_vak"), _POG.c.aantal > 0)
    .values(aantal=_POG.c.aantal - 1)
)
_SOM = query(
    select(func.coalesce(func.sum(_POG.c.aantal), 0)).where(
        _POG.c.door == bindparam("door"), _POG.c.vak > bindparam("voor")
    )
)


async def tel(opslag: Opslag, wie: Mapping[str, int], nu: int, code: str = "code-te-vaak") -> None:
    """Eén poging erbij voor elke sleutel van `wie`, met zijn grens. PaspoortFout `code` als een ervan te vaak komt.

    Een poging boven de grens telt ook mee: wie doorgaat, wacht langer.
    """
    vak = nu // STAP
    ops = [Op(_TEL, {"door": _door(opslag, sleutel), "vak": vak, "aantal": 1}, 1) for sleutel in wie]
    await opslag.db.voer_uit(Unit((Op(_RUIM, {"voor": vak - DUUR // STAP}), *ops)))
    for sleutel, grens in wie.items():
        som = await opslag.db.rij(_SOM, door=_door(opslag, sleutel), voor=vak - DUUR // STAP)
        if som is not None and som[0] > grens:
            raise PaspoortFout(Melding(code, "code"))


async def neem_terug(opslag: Opslag, wie: Mapping[str, int], nu: int) -> None:
    """De poging was raak: zij telt voor deze sleutels niet mee."""
    ops = (Op(_TERUG, {"b_door": _door(opslag, sleutel), "b_vak": nu // STAP}) for sleutel in wie)
    await opslag.db.voer_uit(Unit(tuple(ops)))


def _door(opslag: Opslag, sleutel: str) -> str:
    return opslag.slot("index").hmac(f"poging|{sleutel}")
