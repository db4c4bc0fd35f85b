"""Wat er van een resource ligt in de partitie waar zij vandaan komt (toegang.md §5: een Device bindt zich eenmalig).

De oude versies blijven waar zij geschreven zijn, onder de sleutel van toen; wie de resource nu heel ziet, leest ze mee.
Het verhuizen zelf is een gewone schrijfactie in twee partities (`inleg.py`). Beslist niets over toegang.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.store import statements as sql
from server.store.cipher import lees_versie
from server.store.versions import VERHUISD, Versie

if TYPE_CHECKING:
    from server.store.passports import Opslag


async def eerdere_partities(opslag: Opslag, type_: str, id_: str) -> list[str]:
    """De partities waar deze resource eerder lag, laatste eerst."""
    return [str(rij[0]) for rij in await opslag.db.rijen(sql.EERDERE_PARTITIES, type=type_, id=id_)]


async def eerdere_versies(opslag: Opslag, oudste: Versie) -> tuple[Versie, ...]:
    """De versies van vóór de oudste in deze partitie, nieuwste eerst; leeg als hun sleutel vernietigd is."""
    uit: list[Versie] = []
    for partitie in await eerdere_partities(opslag, oudste.type, oudste.id):
        bos = await opslag.kluis.sleutelbos(partitie)
        rijen = await opslag.db.rijen(sql.VAN_RESOURCE, partitie=partitie, type=oudste.type, id=oudste.id)
        for rij in rijen if bos is not None and partitie != oudste.partitie else ():
            if rij[6] == VERHUISD or bos is None or rij[7] not in bos.gegevens:
                continue
            v = lees_versie(partitie, rij, bos.gegevens[rij[7]])
            v.partitie = oudste.partitie  # gelezen in, en gelogd bij, het paspoort waar zij nu bij hoort
            uit.append(v)
    return tuple(uit)
