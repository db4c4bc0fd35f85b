"""Migraties met alembic: `data/` voor de gegevens, `kluis/` voor de sleutels.

Draait bij elke start en bij `paspoort migrate`, als de database nog niet op de nieuwste migratie staat. Zonder
alembic.ini en env.py: de map en de verbinding zijn genoeg.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

SLOT = 0x48_4D_50  # advisory lock: twee processen die tegelijk starten migreren na elkaar


async def werk_bij(url: str, soort: str, schema: str | None = None) -> None:
    """Breng het schema van `soort` (data of kluis) op de nieuwste migratie; `schema` alleen op PostgreSQL.

    Werpt SQLAlchemyError of OSError als de database niet bereikbaar is.
    """
    if url.startswith("sqlite"):
        motor = create_engine(url, poolclass=NullPool, connect_args={"timeout": 30})
        with motor.connect() as verbinding:
            verbinding.exec_driver_sql("PRAGMA journal_mode=WAL")
            verbinding.rollback()
            _migreer(verbinding, soort)
        motor.dispose()
        return
    asynchroon = create_async_engine(f"postgresql+asyncpg://{url.split('://', 1)[1]}", poolclass=NullPool)
    async with asynchroon.connect() as verbinding_pg:
        await verbinding_pg.execute(text("SELECT pg_advisory_lock(:slot)"), {"slot": SLOT})
        if schema is not None:
            await verbinding_pg.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
            await verbinding_pg.execute(text(f'SET search_path TO "{schema}"'))
        await verbinding_pg.commit()
        await verbinding_pg.run_sync(_migreer, soort)
        await verbinding_pg.execute(text("SELECT pg_advisory_unlock(:slot)"), {"slot": SLOT})
        await verbinding_pg.commit()
    await asynchroon.dispose()


@cache
def nieuwste(soort: str) -> str:
    """De nieuwste migratie van `soort`: wat er in zijn tabel `schema_{soort}` staat als er niets te doen is."""
    return str(_scripts(soort)[1].get_current_head())


@cache
def _scripts(soort: str) -> tuple[Config, ScriptDirectory]:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("version_locations", str(Path(__file__).parent / soort).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config, ScriptDirectory.from_config(config)


def _migreer(verbinding: Connection, soort: str) -> None:
    config, scripts = _scripts(soort)

    def omhoog(stand: Any, _: Any) -> Any:
        return scripts._upgrade_revs("head", stand)

    with EnvironmentContext(config, scripts, fn=omhoog) as omgeving:
        omgeving.configure(connection=verbinding, version_table=f"schema_{soort}", transactional_ddl=True)
        with omgeving.begin_transaction():
            omgeving.run_migrations()
    verbinding.commit()
