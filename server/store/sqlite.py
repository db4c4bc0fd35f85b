"""SQLite als database: één leesverbinding in de event loop, één schrijfdraad voor groepen (ontwerp deel 2, 6).

WAL met `synchronous=FULL`: een COMMIT komt pas terug als de WAL op schijf staat. Puntlezingen kosten microseconden en
geen fsync, dus die lopen gewoon in de event loop. Een groep wachtende eenheden deelt één COMMIT.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import sqlite3
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from server.store.logstream import LOGKOLOMMEN, LOGTABEL, Stroom
from server.store.sql import Botsing, Query, Row, Unit, opslag_stil

GROEP_MAX = 512
REGELS_PER_OPDRACHT = 64
WACHT_MS = 10_000  # zo lang wacht een schrijver op een ander proces

_logger = logging.getLogger(__name__)
_Wachtend = tuple[Unit, asyncio.AbstractEventLoop, "asyncio.Future[None]"]


def verbind(pad: Path, *, alleen_lezen: bool) -> sqlite3.Connection:
    """Een verbinding zonder automatische transacties, met de duurzaamheid die het ontwerp eist."""
    verbinding = sqlite3.connect(pad, isolation_level=None, check_same_thread=False, cached_statements=256)
    verbinding.execute(f"PRAGMA busy_timeout={WACHT_MS}")
    verbinding.execute("PRAGMA journal_mode=WAL")
    verbinding.execute("PRAGMA synchronous=FULL")
    verbinding.execute("PRAGMA secure_delete=ON")  # een gewiste sleutel blijft niet in vrije bladzijden staan
    if alleen_lezen:
        verbinding.execute("PRAGMA query_only=1")
    return verbinding


class SqliteDatabase:
    """Voldoet aan `sql.Database`."""

    def __init__(self, pad: Path) -> None:
        self._lezer = verbind(pad, alleen_lezen=True)
        self._schrijver = verbind(pad, alleen_lezen=False)
        self._rij: queue.SimpleQueue[list[_Wachtend] | None] = queue.SimpleQueue()
        self._bundels: dict[asyncio.AbstractEventLoop, list[_Wachtend]] = {}
        self._stroom = Stroom.nieuw()
        self._dicht = False
        self._draad = threading.Thread(target=self._schrijf_groepen, name=f"schrijver-{pad.stem}", daemon=True)
        self._draad.start()

    async def rij(self, opdracht: Query, /, **waarden: Any) -> Row | None:
        """De eerste rij, of None."""
        try:
            rij: Row | None = self._lezer.execute(opdracht.sqlite, opdracht.op_naam(waarden)).fetchone()
        except (sqlite3.OperationalError, sqlite3.DatabaseError):
            raise opslag_stil() from None
        return rij

    async def rijen(self, opdracht: Query, /, **waarden: Any) -> Sequence[Row]:
        """Alle rijen."""
        try:
            rijen: Sequence[Row] = self._lezer.execute(opdracht.sqlite, opdracht.op_naam(waarden)).fetchall()
        except (sqlite3.OperationalError, sqlite3.DatabaseError):
            raise opslag_stil() from None
        return rijen

    async def voer_uit(self, unit: Unit) -> None:
        """Keert terug als de eenheid op schijf staat; `Botsing` als zij niet paste."""
        if self._dicht:
            raise opslag_stil()
        loop = asyncio.get_running_loop()
        klaar: asyncio.Future[None] = loop.create_future()
        # Wat in dezelfde ronde van de event loop komt, gaat samen naar de schrijfdraad: één keer wekken, één COMMIT.
        bundel = self._bundels.get(loop)
        if bundel is None:
            bundel = self._bundels[loop] = []
            loop.call_soon(self._geef_door, loop)
        bundel.append((unit, loop, klaar))
        await klaar

    def _geef_door(self, loop: asyncio.AbstractEventLoop) -> None:
        bundel = self._bundels.pop(loop, None)
        if bundel:
            self._rij.put(bundel)

    async def sluit(self) -> None:
        """Leg vast wat nog wacht en sluit."""
        if self._dicht:
            return
        self._dicht = True
        for loop in tuple(self._bundels):
            self._geef_door(loop)
        self._rij.put(None)
        await asyncio.to_thread(self._draad.join)
        self._lezer.close()
        self._schrijver.close()

    # --- in de schrijfdraad

    def _schrijf_groepen(self) -> None:
        while True:
            eerste = self._rij.get()
            if eerste is None:
                return
            groep, stop = list(eerste), False
            while len(groep) < GROEP_MAX:
                try:
                    volgende = self._rij.get_nowait()
                except queue.Empty:
                    break
                if volgende is None:
                    stop = True
                    break
                groep += volgende
            units = [unit for unit, _, _ in groep]
            uitslag = self._leg_vast(units)
            if any(unit.spoorloos for unit in units):
                self._ruim_journaal()
            _meld(groep, uitslag)
            if stop:
                return

    def _leg_vast(self, units: Sequence[Unit]) -> list[Exception | None]:
        """Eén transactie voor de groep; een eenheid die niet past valt alleen zelf terug."""
        uitslag: list[Exception | None] = []
        try:
            if not any(unit.ops for unit in units):
                return self._leg_log_vast(units)
            self._schrijver.execute("BEGIN IMMEDIATE")
            for unit in units:
                uitslag.append(self._een(unit))
            self._voeg_regels_toe(
                self._stroom.rijen(
                    stuk for unit, fout in zip(units, uitslag, strict=True) if fout is None for stuk in unit.log
                )
            )
            self._schrijver.execute("COMMIT")
        except Exception as fout:  # alles wat hier misgaat betekent: niets is vastgelegd, en dat moet iedereen horen
            _logger.error("vastleggen mislukt: %s", type(fout).__name__)
            self._draai_terug()
            self._stroom = Stroom.nieuw()
            return [opslag_stil() for _ in units]
        return uitslag

    def _leg_log_vast(self, units: Sequence[Unit]) -> list[Exception | None]:
        """Een groep die alleen leest en logt. Past zij in één opdracht, dan is die zelf de transactie."""
        regels = self._stroom.rijen(stuk for unit in units for stuk in unit.log)
        if len(regels) > REGELS_PER_OPDRACHT:
            self._schrijver.execute("BEGIN IMMEDIATE")
        self._voeg_regels_toe(regels)
        if self._schrijver.in_transaction:
            self._schrijver.execute("COMMIT")
        return [None] * len(units)

    def _voeg_regels_toe(self, regels: Sequence[dict[str, Any]]) -> None:
        """Elke opdracht aan SQLite laat de event loop voorgaan en wacht dan op haar beurt: dus zo min mogelijk."""
        for begin in range(0, len(regels), REGELS_PER_OPDRACHT):
            deel = regels[begin : begin + REGELS_PER_OPDRACHT]
            waarden = [regel[kolom] for regel in deel for kolom in LOGKOLOMMEN]
            self._schrijver.execute(_voeg_toe(len(deel)), waarden)

    def _een(self, unit: Unit) -> Exception | None:
        if not unit.ops:
            return None
        self._schrijver.execute("SAVEPOINT eenheid")
        try:
            for op in unit.ops:
                cursor = self._schrijver.execute(op.query.sqlite, op.query.op_naam(op.waarden))
                if op.moet_raken is not None and cursor.rowcount != op.moet_raken:
                    raise Botsing
        except (Botsing, sqlite3.IntegrityError):
            self._schrijver.execute("ROLLBACK TO eenheid")
            self._schrijver.execute("RELEASE eenheid")
            return Botsing()
        self._schrijver.execute("RELEASE eenheid")
        return None

    def _ruim_journaal(self) -> None:
        """Het WAL leeg: anders staat een gewiste sleutel er nog tot het toevallig overschreven wordt."""
        try:
            self._schrijver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as fout:  # het wissen zelf staat vast; een volgende keer ruimt dit ook op
            _logger.error("journaal ruimen mislukt: %s", type(fout).__name__)

    def _draai_terug(self) -> None:
        try:
            if self._schrijver.in_transaction:
                self._schrijver.execute("ROLLBACK")
        except sqlite3.Error as fout:
            _logger.error("terugdraaien mislukt: %s", type(fout).__name__)


@lru_cache(maxsize=REGELS_PER_OPDRACHT)
def _voeg_toe(aantal: int) -> str:
    """INSERT van zoveel logregels in één opdracht."""
    regel = f"({', '.join('?' * len(LOGKOLOMMEN))})"
    return f"INSERT INTO {LOGTABEL} ({', '.join(LOGKOLOMMEN)}) VALUES {', '.join([regel] * aantal)}"  # noqa: S608


def _meld(groep: Sequence[_Wachtend], uitslag: Sequence[Exception | None]) -> None:
    """Laat de event loops weten wat er vastligt; één sprong per loop en groep."""
    per_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[None], Exception | None]]] = {}
    for (_, loop, klaar), fout in zip(groep, uitslag, strict=True):
        per_loop.setdefault(loop, []).append((klaar, fout))
    for loop, paren in per_loop.items():
        try:
            loop.call_soon_threadsafe(_los_op, paren)
        except RuntimeError:  # de loop is al dicht: niemand wacht meer
            continue


def _los_op(paren: Sequence[tuple[asyncio.Future[None], Exception | None]]) -> None:
    for klaar, fout in paren:
        if klaar.done():
            continue
        if fout is None:
            klaar.set_result(None)
        else:
            klaar.set_exception(fout)
