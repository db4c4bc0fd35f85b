"""Van een database-URL naar een geopende database met bijgewerkt schema. Kent de inhoud van de tabellen niet."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from server.settings import InstellingFout, Settings
from server.store.migrations import nieuwste, werk_bij
from server.store.sql import Database, opslag_stil
from server.store.sqlite import SqliteDatabase

SQLITE = "sqlite:///"
# De schrijfdraad en de event loop delen de GIL; met de gewone 5 ms wacht een vastgelegde groep te lang op zijn beurt.
WISSEL = 0.0005
POSTGRES = ("postgresql://", "postgres://")


async def open_databases(settings: Settings) -> tuple[Database, Database]:
    """De gegevensdatabase en de kluis, in die volgorde, allebei op de nieuwste migratie."""
    db = await open_database(settings.database_url, "data", settings.pool_size)
    try:
        return db, await open_database(settings.vault_url, "kluis", settings.pool_size)
    except BaseException:
        await db.sluit()
        raise


async def open_database(url: str, soort: str, pool_size: int) -> Database:
    """Eén database; `soort` is `data` of `kluis`. `PaspoortFout("opslag-stil")` als zij niet bereikbaar is."""
    if url.startswith(SQLITE):
        pad = Path(url.removeprefix(SQLITE))
        try:
            _maak_bestand(pad)
            if not _is_bij(pad, soort):
                await werk_bij(url, soort)
            sys.setswitchinterval(WISSEL)
            return SqliteDatabase(pad)
        except (sqlite3.Error, SQLAlchemyError, OSError):
            raise opslag_stil() from None
    if url.startswith(POSTGRES):
        from server.store.postgres import PostgresDatabase

        return await PostgresDatabase.open(url, soort, pool_size)
    raise InstellingFout("DATABASE_URL begint met sqlite:/// of postgresql://")


def _is_bij(pad: Path, soort: str) -> bool:
    """Of er niets te migreren is. De vraag zelf stellen scheelt bij elke start een motor van SQLAlchemy."""
    verbinding = sqlite3.connect(pad, timeout=30)
    try:
        return verbinding.execute(f"SELECT version_num FROM schema_{soort}").fetchall() == [(nieuwste(soort),)]  # noqa: S608
    except sqlite3.OperationalError:
        return False  # nog leeg; wat er anders is, zegt het bijwerken
    finally:
        verbinding.close()


def _maak_bestand(pad: Path) -> None:
    """Vóór de eerste verbinding, zodat het bestand (en zijn WAL) nooit voor anderen leesbaar is."""
    pad.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pad.touch(mode=0o600)
