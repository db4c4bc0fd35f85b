"""SQL één keer vertaald per dialect, en het koppelvlak van een database (ontwerp deel 2).

Opdrachten worden met SQLAlchemy Core geschreven en op ruwe drivers gedraaid (`sqlite.py`, `postgres.py`). Geen ORM,
geen sessies. Wie hier bij wil, zit in `server/store`; nergens anders staat SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import ClauseElement, Table, bindparam, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import asyncpg

from paspoort.fouten import Melding, PaspoortFout

Row = Sequence[Any]

_SQLITE = sqlite.dialect(paramstyle="named")
_POSTGRES = asyncpg.dialect()  # type: ignore[no-untyped-call]


class Botsing(Exception):  # noqa: N818 - het domein spreekt Nederlands
    """Een opdracht raakte minder of meer rijen dan moest, of een sleutel bestond al; die eenheid is teruggedraaid."""


def niet_gevonden() -> PaspoortFout:
    """Onbekend en gewist zijn van buiten hetzelfde."""
    return PaspoortFout(Melding("niet-gevonden"))


def opslag_stil() -> PaspoortFout:
    """De fout voor alles wat de opslag niet kan: 503, ook voor lezen."""
    return PaspoortFout(Melding("opslag-stil"))


@dataclass(frozen=True, slots=True)
class Query:
    """Eén opdracht in beide dialecten. `namen` = volgorde van de parameters op PostgreSQL."""

    sqlite: str
    postgres: str
    namen: tuple[str, ...]
    vast: dict[str, Any]

    def op_volgorde(self, waarden: dict[str, Any]) -> list[Any]:
        """De waarden als lijst voor `$1, $2, …`."""
        return [waarden[n] if n in waarden else self.vast[n] for n in self.namen]

    def op_naam(self, waarden: dict[str, Any]) -> dict[str, Any]:
        """De waarden als woordenboek voor `:naam`."""
        return {**self.vast, **waarden} if self.vast else waarden


def query(opdracht: ClauseElement, achter: str = "") -> Query:
    """Vertaal één keer; `achter` komt er letterlijk achter (ON CONFLICT heet in beide dialecten hetzelfde)."""
    klein = opdracht.compile(dialect=_SQLITE)
    groot = opdracht.compile(dialect=_POSTGRES)
    staart = f" {achter}" if achter else ""
    binds = {**getattr(klein, "binds", {}), **getattr(groot, "binds", {})}
    vast = {naam: bind.value for naam, bind in binds.items() if not bind.required}
    namen = tuple(getattr(groot, "positiontup", None) or ())
    return Query(str(klein) + staart, str(groot) + staart, namen, vast)


def voeg_toe(tabel: Table, achter: str = "") -> Query:
    """INSERT van alle kolommen, parameters heten als de kolommen."""
    return query(insert(tabel).values({k.name: bindparam(k.name, type_=k.type) for k in tabel.columns}), achter)


def vervang(tabel: Table) -> Query:
    """INSERT, of bij een bestaande primaire sleutel alle andere kolommen bijwerken."""
    sleutel = ", ".join(k.name for k in tabel.primary_key.columns)
    rest = ", ".join(f"{k.name} = excluded.{k.name}" for k in tabel.columns if not k.primary_key)
    return voeg_toe(tabel, f"ON CONFLICT ({sleutel}) DO " + (f"UPDATE SET {rest}" if rest else "NOTHING"))


@dataclass(frozen=True, slots=True)
class Op:
    """Eén schrijfopdracht. `moet_raken`: precies zoveel rijen, anders valt de hele eenheid terug met `Botsing`."""

    query: Query
    waarden: dict[str, Any]
    moet_raken: int | None = None


@dataclass(frozen=True, slots=True)
class Logstuk:
    """Een logregel, klaar op zijn plaats in de stroom na: nummer en hash zet de schrijver bij het vastleggen."""

    moment: str
    schuilnaam: str | None
    organisatie: str | None
    rol: str
    handeling: str
    uitkomst: str
    wie: bytes
    wat: bytes


@dataclass(frozen=True, slots=True)
class Unit:
    """Wat samen vastgelegd wordt of samen niet. `sleutel` (de partitie) ordent eenheden tegen vastlopen.

    `spoorloos`: wat hierin verwijderd wordt mag ook niet in het journaal van de database blijven staan (sleutels).
    """

    ops: tuple[Op, ...] = ()
    log: tuple[Logstuk, ...] = field(default=())
    sleutel: str = ""
    spoorloos: bool = False


class Database(Protocol):
    """Een database met één groeperende schrijver. Elke storing komt als `PaspoortFout("opslag-stil")`."""

    async def rij(self, opdracht: Query, /, **waarden: Any) -> Row | None:
        """De eerste rij, of None."""
        ...

    async def rijen(self, opdracht: Query, /, **waarden: Any) -> Sequence[Row]:
        """Alle rijen."""
        ...

    async def voer_uit(self, unit: Unit) -> None:
        """Keert terug als de eenheid op schijf staat; `Botsing` als zij niet paste."""
        ...

    async def sluit(self) -> None:
        """Leg vast wat nog wacht en sluit."""
        ...
