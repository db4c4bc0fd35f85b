"""De geschiedenis van alle resources van één type in één partitie, in één vraag aan de database.

Beslist niets over toegang; gewiste en verhuisde resources hebben hier geen geschiedenis. Ontwerp deel 2 (*versions*).
"""

from __future__ import annotations

from server.store import statements as sql
from server.store.cipher import lees_versie
from server.store.passports import Opslag
from server.store.verhuizing import eerdere_versies
from server.store.versions import Momentopname, Versie


async def versies_van_type(opslag: Opslag, m: Momentopname, type_: str) -> list[tuple[Versie, ...]]:
    """Per resource haar versies tot en met deze momentopname, nieuwste eerst; ook van wat verwijderd is."""
    rijen = await opslag.db.rijen(sql.VAN_TYPE, partitie=m.partitie, type=type_, tot=m.volgnummer)
    if not rijen:
        return []
    bos = (await opslag.ingang(m.partitie, m.volgnummer)).bos
    per_id: dict[str, list[Versie]] = {}
    for rij in rijen:
        if m.get(type_, rij[2]) is not None and rij[7] in bos.gegevens:
            per_id.setdefault(rij[2], []).append(lees_versie(m.partitie, rij, bos.gegevens[rij[7]]))
    uit = []
    for versies in per_id.values():
        eerder = await eerdere_versies(opslag, versies[-1]) if versies[-1].versie > 1 else ()
        uit.append((*versies, *eerder))
    return uit
