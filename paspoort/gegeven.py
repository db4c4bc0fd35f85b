"""Wat elk gegeven in een paspoort gemeen heeft: een plaats, een versie, een moment en een herkomst.

ontwerp.md deel 3 (*every resource carries its herkomst*) en herhaaltoets.md (*Herkomst*). Weet niet wat er in een
gegeven staat; dat weten de bestanden per zelfstandig naamwoord.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import ClassVar


class Herkomst(StrEnum):
    """Waar een gegeven vandaan komt."""

    ZELF = "zelf"
    DOCUMENT = "document"
    IMPORT = "import"
    BEVESTIGD = "bevestigd"
    BRON = "bron"


class Gewicht(IntEnum):
    """Hoe zwaar een herkomst telt; een hoger gewicht voldoet aan elke lagere eis."""

    ZELF = 1
    DOCUMENT = 2
    IMPORT = 3
    BEVESTIGD = 4
    BRON = 5


GEWICHT: dict[Herkomst, Gewicht] = {h: Gewicht[h.name] for h in Herkomst}


@dataclass(frozen=True, slots=True)
class Code:
    """Een code uit een stelsel, met de tekst zoals de schrijver die gaf."""

    stelsel: str
    code: str
    tekst: str | None = None


@dataclass(frozen=True, slots=True)
class Hoeveelheid:
    """Een getal met een eenheid (UCUM)."""

    waarde: Decimal
    eenheid: str | None = None


@dataclass(frozen=True, slots=True)
class Bedrag:
    """Geld."""

    waarde: Decimal
    munt: str = "EUR"


@dataclass(frozen=True, slots=True)
class Periode:
    """Van en tot, beide inclusief en beide mogelijk onbekend."""

    van: date | None = None
    tot: date | None = None

    def bevat(self, dag: date) -> bool:
        """Of de dag binnen de periode valt; een onbekende grens sluit niets uit."""
        return (self.van is None or self.van <= dag) and (self.tot is None or dag <= self.tot)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gegeven:
    """Basis van elk zelfstandig naamwoord. `versie` 0 betekent: nog niet bewaard.

    `moment` is wanneer deze versie is vastgelegd; `bevestigd_door` en `bevestigd_op` zijn gevuld als iemand precies
    deze versie bevestigde.
    """

    TYPE: ClassVar[str] = ""

    id: str = ""
    versie: int = 0
    moment: datetime | None = None
    herkomst: Herkomst = Herkomst.ZELF
    bevestigd_door: str | None = None
    bevestigd_op: date | None = None

    @property
    def verwijzing(self) -> str:
        """`Type/id`, zoals andere gegevens ernaar verwijzen."""
        return f"{self.TYPE}/{self.id}"

    @property
    def bewijs(self) -> str:
        """`Type/id/versie`: precies de versie waar een grond op rust."""
        return f"{self.TYPE}/{self.id}/{self.versie}"

    @property
    def gewicht(self) -> Gewicht:
        """Hoe zwaar dit gegeven telt, met een bevestiging meegerekend."""
        eigen = GEWICHT[self.herkomst]
        return max(eigen, Gewicht.BEVESTIGD) if self.bevestigd_op is not None else eigen

    @property
    def telt_als(self) -> Herkomst:
        """De herkomst met een bevestiging meegerekend."""
        return Herkomst[self.gewicht.name]


def zwakste(gegevens: Iterable[Gegeven]) -> Herkomst | None:
    """De lichtste herkomst van een aantal gegevens: zo zwaar weegt wat er samen uit volgt."""
    return min((g.telt_als for g in gegevens), key=GEWICHT.__getitem__, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gebeurtenis(Gegeven):
    """Iets wat met een versie gebeurde (Provenance): bevestigd, definitief, nog-geldig, ingetrokken, afgestemd …

    `doelen` zijn `Type/id` of `Type/id/versie`.
    """

    TYPE: ClassVar[str] = "Provenance"

    soort: str = ""
    doelen: tuple[str, ...] = ()
    door: str | None = None
    namens: str | None = None
    op: datetime | None = None
    reden: str | None = None
