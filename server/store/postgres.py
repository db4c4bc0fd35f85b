"""PostgreSQL als database: een asyncpg-pool om te lezen en één schrijftaak die groepen vastlegt (ontwerp deel 2).

`synchronous_commit=on`: een COMMIT komt pas terug als het WAL op schijf staat. Meer processen mogen tegelijk schrijven;
het volgnummer van een partitie houdt ze uit elkaar.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg
from sqlalchemy.exc import SQLAlchemyError

from server.store.logstream import VOEG_REGEL_TOE, Stroom
from server.store.migrations import nieuwste, werk_bij
from server.store.sql import Botsing, Query, Row, Unit, opslag_stil

GROEP_MAX = 256
POGINGEN = 3
WACHT = 30  # seconden voor één opdracht; daarna is de opslag stil

_logger = logging.getLogger(__name__)
_STORING = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
_OPNIEUW = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
_Wachtend = tuple[Unit, "asyncio.Future[None]"]


class PostgresDatabase:
    """Voldoet aan `sql.Database`. Maak hem met `await PostgresDatabase.open(...)`."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._rij: asyncio.Queue[_Wachtend | None] = asyncio.Queue()
        self._stroom = Stroom.nieuw()
        self._dicht = False
        self._taak = asyncio.create_task(self._schrijf_groepen(), name="schrijver")

    @classmethod
    async def open(cls, url: str, soort: str, pool_size: int) -> PostgresDatabase:
        """Werk het schema bij en open de pool. `?schema=naam` in de URL kiest een schema."""
        adres, schema = _zonder_schema(url)
        instellingen = {"synchronous_commit": "on", "search_path": f'"{schema}"' if schema else "public"}
        try:
            pool = await asyncpg.create_pool(
                adres, min_size=1, max_size=pool_size, command_timeout=WACHT, server_settings=instellingen
            )
            try:
                if not await _is_bij(pool, soort):
                    await werk_bij(adres, soort, schema)
            except BaseException:
                pool.terminate()
                raise
        except (*_STORING, SQLAlchemyError):
            raise opslag_stil() from None
        return cls(pool)

    async def rij(self, opdracht: Query, /, **waarden: Any) -> Row | None:
        """De eerste rij, of None."""
        try:
            rij: Row | None = await self._pool.fetchrow(opdracht.postgres, *opdracht.op_volgorde(waarden))
        except _STORING:
            raise opslag_stil() from None
        return rij

    async def rijen(self, opdracht: Query, /, **waarden: Any) -> Sequence[Row]:
        """Alle rijen."""
        try:
            rijen: Sequence[Row] = await self._pool.fetch(opdracht.postgres, *opdracht.op_volgorde(waarden))
        except _STORING:
            raise opslag_stil() from None
        return rijen

    async def voer_uit(self, unit: Unit) -> None:
        """Keert terug als de eenheid op schijf staat; `Botsing` als zij niet paste."""
        if self._dicht:
            raise opslag_stil()
        klaar: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._rij.put_nowait((unit, klaar))
        await klaar

    async def sluit(self) -> None:
        """Leg vast wat nog wacht en sluit."""
        if self._dicht:
            return
        self._dicht = True
        self._rij.put_nowait(None)
        await self._taak
        try:
            await asyncio.wait_for(self._pool.close(), WACHT)
        except _STORING:
            self._pool.terminate()

    # --- de schrijftaak

    async def _schrijf_groepen(self) -> None:
        while (eerste := await self._rij.get()) is not None:
            groep, stop = [eerste], False
            while len(groep) < GROEP_MAX and not self._rij.empty():
                volgende = self._rij.get_nowait()
                if volgende is None:
                    stop = True
                    break
                groep.append(volgende)
            groep.sort(key=lambda paar: paar[0].sleutel)  # alle processen in dezelfde volgorde: dat voorkomt vastlopen
            uitslag = await self._leg_vast([unit for unit, _ in groep])
            for (_, klaar), fout in zip(groep, uitslag, strict=True):
                if klaar.done():
                    continue
                if fout is None:
                    klaar.set_result(None)
                else:
                    klaar.set_exception(fout)
            if stop:
                return

    async def _leg_vast(self, units: Sequence[Unit]) -> list[Exception | None]:
        for _ in range(POGINGEN):
            try:
                return await self._een_keer(units)
            except _OPNIEUW:  # de transactie is teruggedraaid; niets is vastgelegd
                self._stroom = Stroom.nieuw()
            except Exception as fout:  # alles wat hier misgaat betekent: onzeker, en dat moet iedereen horen
                _logger.error("vastleggen mislukt: %s", type(fout).__name__)
                break
        self._stroom = Stroom.nieuw()
        return [opslag_stil() for _ in units]

    async def _een_keer(self, units: Sequence[Unit]) -> list[Exception | None]:
        uitslag: list[Exception | None] = []
        async with self._pool.acquire() as verbinding, verbinding.transaction():
            for unit in units:
                uitslag.append(await self._een(verbinding, unit))
            stukken = [s for unit, fout in zip(units, uitslag, strict=True) if fout is None for s in unit.log]
            if stukken:
                rijen = [VOEG_REGEL_TOE.op_volgorde(rij) for rij in self._stroom.rijen(stukken)]
                await verbinding.executemany(VOEG_REGEL_TOE.postgres, rijen)
        return uitslag

    async def _een(self, verbinding: Any, unit: Unit) -> Exception | None:
        if not unit.ops:
            return None
        try:
            async with verbinding.transaction():  # een geneste transactie is een SAVEPOINT
                for op in unit.ops:
                    status = await verbinding.execute(op.query.postgres, *op.query.op_volgorde(op.waarden))
                    if op.moet_raken is not None and int(status.rpartition(" ")[2]) != op.moet_raken:
                        raise Botsing
        except (Botsing, asyncpg.IntegrityConstraintViolationError):
            return Botsing()
        return None


async def _is_bij(pool: Any, soort: str) -> bool:
    """Of er niets te migreren is; dan hoeft er geen motor van SQLAlchemy naast de pool te komen."""
    try:
        rijen = await pool.fetch(f"SELECT version_num FROM schema_{soort}")  # noqa: S608
    except asyncpg.UndefinedTableError:
        return False
    return [str(nummer) for (nummer,) in rijen] == [nieuwste(soort)]


def _zonder_schema(url: str) -> tuple[str, str | None]:
    delen = urlsplit(url)
    paren = parse_qsl(delen.query)
    schema = next((waarde for naam, waarde in paren if naam == "schema"), None)
    rest = urlencode([(naam, waarde) for naam, waarde in paren if naam != "schema"])
    return urlunsplit(delen._replace(query=rest)), schema
