"""De opslag in beide dialecten. PostgreSQL met HMP_TEST_POSTGRES: een URL waar databases gemaakt mogen worden."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from server.settings import Settings
from server.store import Logregel, Opslag, Wijziging


@dataclass
class Ruw:
    """Rechtstreeks in de database, buiten de opslag om: om te knoeien en om te kijken wat er staat."""

    settings: Settings

    def doe(self, opdracht: str) -> list[tuple[Any, ...]]:
        """Voer SQL uit op de gegevensdatabase."""
        if self.settings.database_url.startswith("sqlite"):
            verbinding = sqlite3.connect(self.settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
            try:
                return verbinding.execute(opdracht).fetchall()
            finally:
                verbinding.close()
        with psycopg.connect(self.settings.database_url, autocommit=True) as pg:
            cursor = pg.execute(opdracht)
            return cursor.fetchall() if cursor.description else []

    def alles(self) -> bytes:
        """Alle bytes die iemand met de databases (gegevens én kluis) in handen heeft."""
        if self.settings.database_url.startswith("sqlite"):
            return b"".join(p.read_bytes() for p in sorted(self.settings.data.glob("*.db*")))
        stukken: list[bytes] = []
        with psycopg.connect(self.settings.database_url) as pg:
            tabellen = pg.execute(
                "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'kluis')"
            ).fetchall()
            for schema, tabel in tabellen:
                for rij in pg.execute(f'SELECT * FROM "{schema}"."{tabel}"').fetchall():
                    stukken += [w if isinstance(w, bytes) else str(w).encode() for w in rij]
        return b"\n".join(stukken)


@pytest.fixture
def ruw(settings: Settings) -> Ruw:
    return Ruw(settings)


def aandoening(id: str, tekst: str = "ALS", **extra: Any) -> Wijziging:
    """Een Condition van een verzonnen houder."""
    return Wijziging("Condition", id, {"resourceType": "Condition", "id": id, "code": {"text": tekst}, **extra})


def regel(partitie: str | None, **extra: Any) -> Logregel:
    """Een logregel van een therapeut, tenzij `extra` iets anders zegt."""
    vast: dict[str, Any] = {
        "actor": "account-1", "naam": "Nienke Voorbeeld", "rol": "therapeut", "organisatie": "praktijk",
        "client": None, "namens": None, "handeling": "lezen", "partitie": partitie, "doel": "advies",
        "grond": "Consent/c1", "wat": ("Condition/c1",), "uitkomst": "gelukt",
    }  # fmt: skip
    return Logregel(**{**vast, **extra})


@pytest_asyncio.fixture
async def paspoort(opslag: Opslag) -> str:
    """Een leeg paspoort met id `p1`."""
    await opslag.maak_partitie("p1", "paspoort")
    return "p1"


@pytest.fixture
def maak() -> type[Hulp]:
    return Hulp


class Hulp:
    """Bouwers voor de tests: conftest is niet te importeren."""

    aandoening = staticmethod(aandoening)
    regel = staticmethod(regel)

    @staticmethod
    async def schrijf(opslag: Opslag, partitie: str, *wijzigingen: Wijziging, log: tuple[Logregel, ...] = ()) -> None:
        """Schrijf op het huidige volgnummer."""
        m = await opslag.momentopname(partitie)
        await opslag.schrijf(partitie, m.volgnummer, wijzigingen, "account-1", "zelf", log)
