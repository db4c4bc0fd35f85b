"""De houder van het paspoort, en wie namens de houder mag handelen.

Patient en RelatedPerson (docs/fhir-afbeelding.md). Het burgerservicenummer is een eigen waardetype met de elfproef
(Besluit BSN, bijlage); het toont zich nooit in een `repr`, zodat het niet in een logregel kan belanden.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from paspoort.fouten import Melding, PaspoortFout
from paspoort.gegeven import Code, Gegeven, Periode

GEWICHTEN_ELFPROEF = (9, 8, 7, 6, 5, 4, 3, 2, -1)


@dataclass(frozen=True, slots=True, repr=False)
class Bsn:
    """Een burgerservicenummer dat klopt. Werpt `PaspoortFout("bsn-ongeldig")` als dat niet zo is."""

    nummer: str

    def __post_init__(self) -> None:
        if not voldoet_aan_elfproef(self.nummer):
            raise PaspoortFout(Melding("bsn-ongeldig", "identifier"))

    def __repr__(self) -> str:
        return "Bsn(***)"


def voldoet_aan_elfproef(nummer: str) -> bool:
    """Negen cijfers, niet allemaal nul, en de gewogen som is deelbaar door elf."""
    if len(nummer) != 9 or not (nummer.isascii() and nummer.isdigit()) or nummer == "000000000":
        return False
    return sum(int(c) * g for c, g in zip(nummer, GEWICHTEN_ELFPROEF, strict=True)) % 11 == 0


@dataclass(frozen=True, slots=True)
class Naam:
    """Hoe iemand heet. `tekst` is de volledige naam als die zo is opgegeven."""

    achternaam: str | None = None
    voornamen: tuple[str, ...] = ()
    tekst: str | None = None
    gebruik: str | None = None

    @property
    def volledig(self) -> str:
        """De naam zoals een mens hem leest."""
        return self.tekst or " ".join((*self.voornamen, *((self.achternaam,) if self.achternaam else ())))


@dataclass(frozen=True, slots=True)
class Contactpunt:
    """Telefoon, e-mail of iets anders waarop iemand te bereiken is."""

    soort: str
    waarde: str
    gebruik: str | None = None


@dataclass(frozen=True, slots=True)
class Adres:
    """Een adres; regels zoals op een envelop."""

    regels: tuple[str, ...] = ()
    postcode: str | None = None
    plaats: str | None = None
    land: str | None = None
    sinds: date | None = None


def hele_jaren(geboren: date, op: date) -> int:
    """Hele jaren op een dag; wie op 29 februari jarig is, wordt in een gewoon jaar op 1 maart ouder."""
    return op.year - geboren.year - ((op.month, op.day) < (geboren.month, geboren.day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Houder(Gegeven):
    """Van wie het paspoort is. `Houder.id` is ook het id van het paspoort."""

    TYPE: ClassVar[str] = "Patient"

    namen: tuple[Naam, ...] = ()
    geboortedatum: date | None = None
    geslacht: str | None = None
    contact: tuple[Contactpunt, ...] = ()
    adressen: tuple[Adres, ...] = ()
    bsn: Bsn | None = None
    overleden_op: date | None = None
    testpersoon: bool = False

    @property
    def naam(self) -> str:
        """De naam om te tonen; leeg als die niet bekend is."""
        return self.namen[0].volledig if self.namen else ""

    def leeftijd(self, op: date) -> int | None:
        """Hele jaren op een dag, of None zonder geboortedatum."""
        return None if self.geboortedatum is None else hele_jaren(self.geboortedatum, op)


class Mandaatsoort(StrEnum):
    """Waarom iemand namens de houder handelt (toegang.md §7). Zonder soort is iemand een naaste, en niet meer."""

    OUDER = "ouder-met-gezag"
    MENTOR = "mentor"
    CURATOR = "curator"
    GEMACHTIGDE = "gemachtigde"
    HELPER_LEZEN = "helper-lezen"
    HELPER_INVULLEN = "helper-invullen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertegenwoordiger(Gegeven):
    """Wie namens de houder handelt of meehelpt. De regels van een mandaat: `paspoort/vertegenwoordiging.py`.

    `groepen`: waartoe het mandaat beperkt is; leeg = zie de regels. `afgeschermd`: `Type/id` die de houder ervoor
    verbergt.
    """

    TYPE: ClassVar[str] = "RelatedPerson"

    namen: tuple[Naam, ...] = ()
    relaties: tuple[Code, ...] = ()
    contact: tuple[Contactpunt, ...] = ()
    geboortedatum: date | None = None
    periode: Periode | None = None
    actief: bool | None = None
    soort: Mandaatsoort | None = None
    groepen: frozenset[str] = frozenset()
    afgeschermd: frozenset[str] = frozenset()
