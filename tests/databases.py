"""Verse databases voor tests: één keer gemigreerd en gevuld per proces, daarna een kopie per test.

SQLite: een kopie van twee bestanden. PostgreSQL (met HMP_TEST_POSTGRES, een URL waar databases gemaakt mogen worden):
`CREATE DATABASE … TEMPLATE`, en na de test terug naar de mal voor de volgende: maken en weggooien kost telkens een
checkpoint. Een vulling is een functie die één keer in een lege opslag schrijft; elke vulling heeft haar eigen mal.
Migreren zelf wordt in `tests/server/store/test_migraties.py` beproefd.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from server.oauth.keys import Sleutels
from server.settings import Settings
from server.store.passports import Opslag
from tests.mappen import eigen_map

SLEUTEL = bytes(range(32))
# Een test vraagt in een minuut meer dan een mens of systeem; de grenzen zelf beproeft `tests/server/test_rem*.py`.
RUIM = "zoeken.wie=1000000/60, zoeken.adres=1000000/60, geweigerd.adres=1000000/60"
Vulling = Callable[[Opslag], Awaitable[None]]
_VRIJ: dict[str, list[str]] = {}  # per mal: databases van dit proces die weer zijn zoals zij


@contextmanager
def verse_settings(dialect: str, map_: Path, vulling: Vulling | None = None) -> Iterator[Settings]:
    """Instellingen met een gemigreerde opslag in het gevraagde dialect, leeg of gevuld; ruimt de database daarna op."""
    if dialect == "sqlite":
        for bestand in _sqlite_mal(vulling).iterdir():
            shutil.copy(bestand, map_ / bestand.name)
        yield _sqlite(map_)
        return
    beheer = os.environ.get("HMP_TEST_POSTGRES")
    if not beheer:
        pytest.skip("HMP_TEST_POSTGRES is niet gezet")
    mal = _postgres_mal(beheer, vulling)
    vrij = _VRIJ.setdefault(mal, [])
    naam = vrij.pop() if vrij else _maak(beheer, mal)
    yield _postgres(map_, beheer, naam)
    if _terug(_adres(beheer, naam), mal):
        vrij.append(naam)
    else:
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
        grenzen=RUIM,
    )


def _postgres(map_: Path, beheer: str, naam: str) -> Settings:
    url = _adres(beheer, naam)
    return Settings(
        data=map_,
        base_url="http://test",
        database_url=url,
        vault_url=f"{url}?schema=kluis",
        master_key=SLEUTEL,
        demo=True,
        snapshot_cache_mb=16,
        pool_size=4,
        grenzen=RUIM,
    )


@cache
def _sqlite_mal(vulling: Vulling | None) -> Path:
    map_ = eigen_map("hmp-mal-")
    if vulling is not None:
        shutil.copytree(_sqlite_mal(None), map_, dirs_exist_ok=True)
    _vul(_sqlite(map_), vulling)
    return map_


@cache
def _postgres_mal(beheer: str, vulling: Vulling | None) -> str:
    naam = f"hmp_mal_{os.getpid()}_{secrets.token_hex(4)}"
    basis = "template1" if vulling is None else _postgres_mal(beheer, None)
    with psycopg.connect(beheer, autocommit=True) as verbinding:
        verbinding.execute(f'CREATE DATABASE "{naam}" TEMPLATE "{basis}"')
    _vul(_postgres(eigen_map("hmp-mal-"), beheer, naam), vulling)
    return naam


def _adres(beheer: str, naam: str) -> str:
    return urlunsplit(urlsplit(beheer)._replace(path=f"/{naam}"))


def _maak(beheer: str, mal: str) -> str:
    naam = f"hmp_{secrets.token_hex(6)}"
    with psycopg.connect(beheer, autocommit=True) as verbinding:
        verbinding.execute(f'CREATE DATABASE "{naam}" TEMPLATE "{mal}" STRATEGY FILE_COPY')
    return naam


@cache
def _inhoud(mal: str) -> dict[str, bytes]:
    """Per tabel wat er in de mal staat, zoals PostgreSQL het zelf weer inleest."""
    with psycopg.connect(_adres(os.environ["HMP_TEST_POSTGRES"], mal)) as verbinding:
        uit = {}
        for tabel in _tabellen(verbinding):
            with verbinding.cursor().copy(f"COPY {tabel} TO STDOUT (FORMAT binary)") as stroom:
                uit[tabel] = b"".join(bytes(stuk) for stuk in stroom)
        return uit


@cache
def _gevuld(mal: str) -> tuple[str, ...]:
    with psycopg.connect(_adres(os.environ["HMP_TEST_POSTGRES"], mal)) as verbinding:
        return tuple(t for t in _tabellen(verbinding) if verbinding.execute(f"SELECT 1 FROM {t} LIMIT 1").fetchone())


def _tabellen(verbinding: psycopg.Connection[Any]) -> list[str]:
    rijen = verbinding.execute("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                               " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1")  # fmt: skip
    return [str(rij[0]) for rij in rijen.fetchall()]


def _terug(adres: str, mal: str) -> bool:
    """Terug naar hoe de mal is; onwaar als een test aan de tabellen zelf zat, dan is zij niet meer te gebruiken."""
    begin = _inhoud(mal)
    with psycopg.connect(adres) as verbinding:
        # Wat een gedode schrijver achterliet, houdt anders zijn sloten.
        verbinding.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if _tabellen(verbinding) != sorted(begin):
            return False
        verbinding.execute(";".join(f"DELETE FROM {tabel}" for tabel in begin))
        for tabel in _gevuld(mal):
            with verbinding.cursor().copy(f"COPY {tabel} FROM STDIN (FORMAT binary)") as stroom:
                stroom.write(begin[tabel])
    return True


def _vul(settings: Settings, vulling: Vulling | None) -> None:
    async def open_en_sluit() -> None:
        opslag = await Opslag.open(settings)  # migreert
        await Sleutels().laad(opslag)  # ook de tekensleutels: een RSA-sleutel maken kost meer dan menige test
        if vulling is not None:
            await vulling(opslag)
        await opslag.sluit()

    # Een eigen lus in een eigen draad: deze functie wordt ook vanuit een lopende lus aangeroepen.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as draad:
        draad.submit(asyncio.run, open_en_sluit()).result()
