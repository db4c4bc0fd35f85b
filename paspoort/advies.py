"""Het functioneel advies in drie delen: hulpvraag, programma van eisen, reactie.

Convenant Maatwerkprocedure, Wegwijzer (W) en N3.1. QuestionnaireResponse bij de vragenlijst
`functioneel-advies` of `verkort-advies`.
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
class Functie:
    """Eén functie of activiteit als ICF-code, met hoe groot het probleem is (codestelsel `icf-ernst`)."""

    code: str
    ernst: str | None = None
    toelichting: str | None = None


@dataclass(frozen=True, slots=True)
class Poging:
    """Een hulpmiddel of oplossing die al geprobeerd is, en wat het opleverde."""

    wat: str
    resultaat: str | None = None
    geslaagd: bool | None = None


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

    `vragenlijst` is url|versie van het formulier; leeg is het volledige advies in zijn nieuwste versie.

    De laatste vier komen uit gebeurtenissen (`paspoort/fhir/paspoort.py`), niet uit het document zelf.
    """

    TYPE: ClassVar[str] = "QuestionnaireResponse"

    status: Adviesstatus = Adviesstatus.CONCEPT
    geschreven_op: date | None = None
    auteur: str | None = None
    vervangt: str | None = None
    vragenlijst: str = ""
    hulpvraag: str | None = None
    diagnosen: tuple[str, ...] = ()
    prognose: Prognose | None = None
    levenslang: bool | None = None
    verwachte_behoefte: str | None = None
    verwacht_wanneer: str | None = None
    wil: tuple[str, ...] = ()
    verhaal: tuple[tuple[str, str], ...] = ()
    functies: tuple[Functie, ...] = ()
    maten: tuple[tuple[str, Decimal], ...] = ()
    hulpmiddelen_nu: tuple[str, ...] = ()
    geprobeerd: tuple[Poging, ...] = ()
    urgentie: Urgentie | None = None
    urgentie_reden: str | None = None
    ontslagdatum: date | None = None
    complexe_kenmerken: tuple[str, ...] = ()
    veranderd: tuple[str, ...] = ()
    veranderd_uitleg: str | None = None
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
