"""Het functioneel advies in drie delen: hulpvraag, programma van eisen, reactie.

Convenant Maatwerkprocedure, Wegwijzer (W) en N3.1. QuestionnaireResponse bij de vragenlijst `functioneel-advies`.
Of een advies volledig is, controleert `paspoort/adviescheck.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from paspoort.gegeven import Gegeven
from paspoort.gezondheid import Prognose


class Adviesstatus(StrEnum):
    """Concept kan nog veranderen; definitief alleen worden opgevolgd."""

    CONCEPT = "concept"
    DEFINITIEF = "definitief"
    VERVALLEN = "vervallen"


class Eissoort(StrEnum):
    """Nodig of gewenst (Significant §7.2)."""

    NOODZAKELIJK = "noodzakelijk"
    WENSELIJK = "wenselijk"


class Urgentie(StrEnum):
    """Spoed gaat voor een perfecte passing (W)."""

    GEWOON = "gewoon"
    SPOED = "spoed"


@dataclass(frozen=True, slots=True)
class Eis:
    """Wat het hulpmiddel moet kunnen en waarom; nooit een merk of type. `domein` en `categorie` zijn codes."""

    tekst: str
    soort: Eissoort | None = None
    onderbouwing: str | None = None
    doel: str | None = None
    domein: str | None = None
    categorie: str | None = None
    omstandigheden: str | None = None
    gevolg: str | None = None


@dataclass(frozen=True, slots=True)
class Schrijver:
    """Wie het advies schreef en in welke rol; een behandelaar is het zelf niet onafhankelijk (W)."""

    naam: str | None = None
    rol: str | None = None
    registratienummer: str | None = None
    behandelaar: bool | None = None


@dataclass(frozen=True, slots=True)
class Afstemming:
    """Wie over welke versie van het concept meedacht: `door` de mens of app, `namens` de organisatie."""

    op: datetime
    door: str | None
    namens: str | None
    versie: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctioneelAdvies(Gegeven):
    """Eén versie van een advies. `verhaal` en `maten` dragen de overige vragen van deel 1: (item.code, antwoord).

    De laatste vier komen uit gebeurtenissen (`paspoort/fhir/paspoort.py`), niet uit het document zelf.
    """

    TYPE: ClassVar[str] = "QuestionnaireResponse"

    status: Adviesstatus = Adviesstatus.CONCEPT
    geschreven_op: date | None = None
    auteur: str | None = None
    vervangt: str | None = None
    hulpvraag: str | None = None
    diagnosen: tuple[str, ...] = ()
    prognose: Prognose | None = None
    levenslang: bool | None = None
    verwachte_behoefte: str | None = None
    verhaal: tuple[tuple[str, str], ...] = ()
    maten: tuple[tuple[str, Decimal], ...] = ()
    hulpmiddelen_nu: tuple[str, ...] = ()
    urgentie: Urgentie | None = None
    ontslagdatum: date | None = None
    complexe_kenmerken: tuple[str, ...] = ()
    eisen: tuple[Eis, ...] = ()
    reactie_houder: str | None = None
    reactie_naasten: str | None = None
    akkoord: str | None = None
    schrijver: Schrijver | None = None
    vervolg_betrokken: bool | None = None
    contact_auteur: bool | None = None
    afgestemd_met: tuple[Afstemming, ...] = ()
    nog_geldig_op: date | None = None
    ingetrokken_op: date | None = None
    ingetrokken_reden: str | None = None

    @property
    def categorieen(self) -> frozenset[str]:
        """De categorieën die in de eisen genoemd zijn."""
        return frozenset(e.categorie for e in self.eisen if e.categorie)
