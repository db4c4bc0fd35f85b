"""Logregels voorbij hun bewaartermijn verwijderen, terwijl de keten blijft te controleren.

Alleen aan het begin van een stroom en alleen wat ondertekend is: wat weg is, laat zijn nummer en hash achter, met een
handtekening. Wat van vóór die grens ontbreekt zonder die handtekening, is dus geen opruimen. Minstens vijf jaar vanaf
het schrijven (Stcrt. 2019, 38007), hoogstens zo lang als het dossier zelf (NEN 7513 §8.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import bindparam, delete, func, select

from server.store.logrow import Logregel
from server.store.passports import Opslag
from server.store.sql import Op, Unit, query, vervang
from server.store.tables import DagwortelRij, LogbeginRij, LogRij, tabel

OPGERUIMD: Final = "log-opgeruimd"
JAREN_MINSTENS: Final = 5
JAREN_HOOGSTENS: Final = 20  # zo lang blijft een medisch dossier (BW 7:454)

_LOG, _DAG, _BEGIN = tabel(LogRij), tabel(DagwortelRij), tabel(LogbeginRij)
_STROMEN = query(select(_LOG.c.stroom).where(_LOG.c.moment < bindparam("voor")).distinct().order_by(_LOG.c.stroom))
_BLIJFT = query(
    select(func.min(_LOG.c.nummer)).where(_LOG.c.stroom == bindparam("stroom"), _LOG.c.moment >= bindparam("voor"))
)
_LAATSTE_WEG = query(
    select(_LOG.c.nummer, _LOG.c.hash)
    .where(_LOG.c.stroom == bindparam("stroom"), _LOG.c.nummer < bindparam("blijft"))
    .order_by(_LOG.c.nummer.desc())
    .limit(1)
)
_LAATSTE_DAG = query(select(func.max(_DAG.c.dag)))
_WEG = query(delete(_LOG).where(_LOG.c.stroom == bindparam("stroom"), _LOG.c.nummer <= bindparam("nummer")))
_ZET = vervang(_BEGIN)
_ALLE = query(select(_BEGIN.c.stroom, _BEGIN.c.nummer, _BEGIN.c.hash, _BEGIN.c.voor, _BEGIN.c.handtekening))
GROOTSTE: Final = 2**62


@dataclass(frozen=True, slots=True)
class Logbegin:
    """De laatste regel van een stroom die weg is."""

    stroom: str
    nummer: int
    hash: bytes
    voor: str
    handtekening: str

    def inhoud(self) -> bytes:
        """Wat er ondertekend is."""
        return f"logbegin|{self.stroom}|{self.nummer}|{self.hash.hex()}|{self.voor}".encode()


async def ruim_op(opslag: Opslag, voor: date) -> int:
    """Verwijder de regels van vóór deze dag; geeft hoeveel. Wat nog niet ondertekend is, blijft. `opslag-stil`."""
    rij = await opslag.db.rij(_LAATSTE_DAG)
    getekend = rij[0] if rij is not None else None
    if getekend is None:
        return 0
    grens, weg = min(voor.isoformat(), getekend), 0
    eerder = {b.stroom: b.nummer for b in await beginnen(opslag)}
    for (stroom,) in await opslag.db.rijen(_STROMEN, voor=grens):
        blijft = await opslag.db.rij(_BLIJFT, stroom=stroom, voor=grens)
        einde = GROOTSTE if blijft is None or blijft[0] is None else blijft[0]
        laatste = await opslag.db.rij(_LAATSTE_WEG, stroom=stroom, blijft=einde)
        if laatste is None:
            continue
        begin = Logbegin(stroom, laatste[0], bytes(laatste[1]), grens, "")
        waarden = {"stroom": stroom, "nummer": begin.nummer, "hash": begin.hash, "voor": grens}
        ops = (
            Op(_ZET, {**waarden, "handtekening": opslag.ondertekenaar.teken(begin.inhoud())}, 1),
            Op(_WEG, {"stroom": stroom, "nummer": begin.nummer}),
        )
        await opslag.db.voer_uit(Unit(ops))
        weg += begin.nummer - eerder.get(stroom, 0)
    if weg:
        await opslag.log([_regel(grens)])
    return weg


async def beginnen(opslag: Opslag) -> tuple[Logbegin, ...]:
    """Van elke opgeruimde stroom de laatste regel die weg is."""
    return tuple(Logbegin(s, n, bytes(h), v, t) for s, n, h, v, t in await opslag.db.rijen(_ALLE))


def _regel(grens: str) -> Logregel:
    """Ook dat er opgeruimd is, staat in het log."""
    return Logregel(
        actor="dienst", naam="Beheer", rol="beheerder", organisatie=None, client=None, namens=None,
        handeling=OPGERUIMD, partitie=None, doel=None, grond="dienst", wat=(f"voor {grens}",), uitkomst="gelukt",
    )  # fmt: skip
