"""Elke dag één ondertekende wortel over alle logstromen, die de vorige dag noemt (ontwerp deel 2, NEN 7513 §8).

Wie in de database regels verandert, afkapt of hele dagen weghaalt, past niet meer op de handtekeningen: die staan ook
in `DATA/dagwortels.jws`, buiten de database en haar back-up. Nakijken doet `logcontrole.py`. De eerste regel van een
nieuwe dag laat de afgelopen dagen tekenen (`Dagwacht`), en `paspoort serve` doet het bij de start en na middernacht.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import orjson
from sqlalchemy import bindparam, func, select

from paspoort.fouten import PaspoortFout
from server.store.sql import Botsing, Op, Unit, query, voeg_toe
from server.store.tables import DagwortelRij, LogRij, tabel

if TYPE_CHECKING:
    from server.store.passports import Opslag

_LOG, _DAG = tabel(LogRij), tabel(DagwortelRij)
_OUDSTE = query(select(func.min(_LOG.c.moment)))
_EINDSTAND = query(
    select(_LOG.c.stroom, func.max(_LOG.c.nummer))
    .where(_LOG.c.moment >= bindparam("van"), _LOG.c.moment < bindparam("voor"))
    .group_by(_LOG.c.stroom)
)
_HASH = query(select(_LOG.c.hash).where(_LOG.c.stroom == bindparam("stroom"), _LOG.c.nummer == bindparam("nummer")))
_LAATSTE = query(select(_DAG.c.dag, _DAG.c.handtekening).order_by(_DAG.c.dag.desc()).limit(1))
_HANDTEKENINGEN = query(select(_DAG.c.handtekening).order_by(_DAG.c.dag))
_NIEUW = voeg_toe(_DAG)
EEN_DAG: Final = timedelta(days=1)


async def teken_dagen(opslag: Opslag, vandaag: date | None = None) -> tuple[str, ...]:
    """Onderteken elke afgelopen dag sinds de laatste; geeft die dagen terug. PaspoortFout `opslag-stil`."""
    tot = vandaag or datetime.now(UTC).date()
    laatste = await opslag.db.rij(_LAATSTE)
    dag, vorige = (
        await _begin(opslag, tot) if laatste is None else (date.fromisoformat(laatste[0]) + EEN_DAG, laatste[1])
    )
    nieuw = []
    with contextlib.suppress(Botsing):  # een ander proces tekent dezelfde dagen
        while dag < tot:
            vorige = await _teken(opslag, dag, vorige)
            nieuw.append(dag.isoformat())
            dag += EEN_DAG
    opslag.ondertekenaar.noteer_dagen([rij[0] for rij in await opslag.db.rijen(_HANDTEKENINGEN)])
    return tuple(nieuw)


def wortel(dag: str, eindstand: str, vorige: str | None) -> bytes:
    """Wat er ondertekend wordt. `vorige` None is een dag van vóór de koppeling aan de vorige."""
    return f"{dag}|{eindstand}".encode() if vorige is None else f"{dag}|{eindstand}|{vorige}".encode()


def kort(handtekening: str) -> str:
    """Hoe een dag de vorige noemt; leeg als er geen was."""
    return sha256(handtekening.encode()).hexdigest() if handtekening else ""


class Dagwacht:
    """Merkt de eerste regel van een nieuwe dag, en laat dan de afgelopen dagen ondertekenen, naast het schrijven."""

    def __init__(self, teken: Callable[[], Awaitable[object]]) -> None:
        self._teken, self._dag = teken, datetime.now(UTC).date().isoformat()
        self._taak: asyncio.Task[None] | None = None

    def zie(self, moment: str) -> None:
        """Er komt een regel van dit moment in het log."""
        if moment[:10] > self._dag:
            self._dag = moment[:10]
            self._taak = asyncio.get_running_loop().create_task(self._doe())

    async def klaar(self) -> None:
        """Wacht tot wat loopt, af is."""
        if self._taak is not None:
            await self._taak

    async def _doe(self) -> None:
        with contextlib.suppress(PaspoortFout):  # de opslag is stil: de nacht of de volgende start tekent alsnog
            await self._teken()


async def _begin(opslag: Opslag, tot: date) -> tuple[date, str]:
    oudste = await opslag.db.rij(_OUDSTE)
    return (date.fromisoformat(oudste[0][:10]) if oudste is not None and oudste[0] else tot), ""


async def _teken(opslag: Opslag, dag: date, vorige: str) -> str:
    """Alleen stromen met regels van deze of de vorige dag: wat ouder is, zit in een eerdere wortel.

    De vorige dag hoort erbij, omdat een andere schrijver zijn laatste regel net na het ondertekenen kan vastleggen.
    """
    van, voor = (dag - EEN_DAG).isoformat(), (dag + EEN_DAG).isoformat()
    eindstand = []
    for stroom, nummer in sorted(tuple(rij) for rij in await opslag.db.rijen(_EINDSTAND, van=van, voor=voor)):
        rij = await opslag.db.rij(_HASH, stroom=stroom, nummer=nummer)
        eindstand.append([stroom, nummer, bytes(rij[0]).hex() if rij is not None else ""])
    tekst = orjson.dumps(eindstand).decode()
    handtekening = opslag.ondertekenaar.teken(wortel(dag.isoformat(), tekst, kort(vorige)))
    waarden = {"dag": dag.isoformat(), "stromen": tekst, "handtekening": handtekening, "vorige": kort(vorige)}
    await opslag.db.voer_uit(Unit((Op(_NIEUW, waarden, 1),)))
    return handtekening
