"""Verse databases voor tests: één keer gemigreerd per proces, daarna een kopie per test.

SQLite: een kopie van twee bestanden. PostgreSQL (met HMP_TEST_POSTGRES, een URL waar databases gemaakt mogen worden):
`CREATE DATABASE … TEMPLATE`. Migreren zelf wordt in `tests/server/store/test_migraties.py` beproefd.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from server.settings import Settings
from server.store.passports import Opslag

SLEUTEL = bytes(range(32))


@contextmanager
def verse_settings(dialect: str, map_: Path) -> Iterator[Settings]:
    """Instellingen met een lege, gemigreerde opslag in het gevraagde dialect; ruimt de database daarna op."""
    if dialect == "sqlite":
        for bestand in _sqlite_mal().iterdir():
            shutil.copy(bestand, map_ / bestand.name)
        yield _sqlite(map_)
        return
    beheer = os.environ.get("HMP_TEST_POSTGRES")
    if not beheer:
        pytest.skip("HMP_TEST_POSTGRES is niet gezet")
    naam, mal = f"hmp_{secrets.token_hex(6)}", _postgres_mal(beheer)
    with psycopg.connect(beheer, autocommit=True) as verbinding:
        verbinding.execute(f'CREATE DATABASE "{naam}" TEMPLATE "{mal}"')
    yield _postgres(map_, beheer, naam)
    with psycopg.connect(beheer, autocommit=True) as verbinding:
        verbinding.execute(f'DROP DATABASE "{naam}" WITH (FORCE)')


def _sqlite(map_: Path) -> Settings:
    return Settings(
        data=map_,
        base_url="http://test",
        database_url=f"sqlite:///{map_ / 'paspoort.db'}",
        vault_url=f"sqlite:///{map_ / 'vault.db'}",
        master_key=SLEUTEL,
        demo=True,
        snapshot_cache_mb=16,
    )


def _postgres(map_: Path, beheer: str, naam: str) -> Settings:
    url = urlunsplit(urlsplit(beheer)._replace(path=f"/{naam}"))
    return Settings(
        data=map_,
        base_url="http://test",
        database_url=url,
        vault_url=f"{url}?schema=kluis",
        master_key=SLEUTEL,
        demo=True,
        snapshot_cache_mb=16,
        pool_size=4,
    )


@cache
def _sqlite_mal() -> Path:
    map_ = Path(tempfile.mkdtemp(prefix="hmp-mal-"))
    _migreer(_sqlite(map_))
    return map_


@cache
def _postgres_mal(beheer: str) -> str:
    naam = f"hmp_mal_{os.getpid()}_{secrets.token_hex(4)}"
    with psycopg.connect(beheer, autocommit=True) as verbinding:
        verbinding.execute(f'CREATE DATABASE "{naam}"')
    _migreer(_postgres(Path(tempfile.mkdtemp(prefix="hmp-mal-")), beheer, naam))
    return naam


def _migreer(settings: Settings) -> None:
    async def open_en_sluit() -> None:
        await (await Opslag.open(settings)).sluit()

    # Een eigen lus in een eigen draad: deze functie wordt ook vanuit een lopende lus aangeroepen.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as draad:
        draad.submit(asyncio.run, open_en_sluit()).result()
