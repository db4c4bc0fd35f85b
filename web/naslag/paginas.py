"""De contexten van het naslagwerk: elke bladzijde één bevroren klasse, met het sjabloon dat bij haar hoort.

Haalt niets op en rekent niets uit; dat doen de bouwers in `bouwen.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from web.naslag.bibliotheek import Link
from web.naslag.codes import Code, Codegroep
from web.naslag.elementen import Regel, Rij
from web.naslag.server import Parameter, Server, Servertype
from web.naslag.voorbeelden import Bevinding
from web.naslag.vragen import Vraag


@dataclass(frozen=True, slots=True)
class Menupunt:
    """Eén regel van het menu links."""

    naam: str
    adres: str
    aantal: int
    icoon: str
    hier: bool
    uitleg: str


@dataclass(frozen=True, slots=True)
class Treffer:
    """Eén definitie in een lijst."""

    titel: str
    adres: str
    id: str
    omschrijving: str


@dataclass(frozen=True, slots=True)
class Treffergroep:
    """Treffers van één soort."""

    kop: str
    treffers: tuple[Treffer, ...]


@dataclass(frozen=True, slots=True)
class Kop:
    """Wat boven elke definitie staat."""

    soort: str
    soort_meer: str
    soort_adres: str
    id: str
    titel: str
    omschrijving: Markup
    doel: str
    canonical: str
    versie: str
    stand: str
    type: str
    basis: Link
    fhir_adres: str
    openbaar: bool  # te lezen zonder token


@dataclass(frozen=True, slots=True)
class Getoond:
    """Een voorbeeld zoals het op de bladzijde staat."""

    goed: bool
    verzoek: str
    json: Markup
    bevindingen: tuple[Bevinding, ...]
    status: int


@dataclass(frozen=True, slots=True)
class Operatieparameter:
    """Eén parameter van een operatie; `niveau` telt hoe diep zij onder een andere hangt."""

    naam: str
    niveau: int
    aantal: str
    soort: Link
    uitleg: Markup


@dataclass(frozen=True)
class StartContext:
    """De ingang: wat hier staat, hoe u begint, en zoeken."""

    SJABLOON: ClassVar[str] = "naslag/start.html"

    menu: tuple[Menupunt, ...]
    zoek: str
    basis: str
    aansluiten: Link
    handleidingen: tuple[Treffer, ...]
    soorten: tuple[Menupunt, ...]


@dataclass(frozen=True)
class LijstContext:
    """Alle definities van één soort, of wat er gevonden is."""

    SJABLOON: ClassVar[str] = "naslag/lijst.html"

    menu: tuple[Menupunt, ...]
    zoek: str
    titel: str
    uitleg: str
    adres: str
    groepen: tuple[Treffergroep, ...]
    aantal: int


@dataclass(frozen=True)
class _Definitie:
    """Wat elke bladzijde van een definitie heeft."""

    menu: tuple[Menupunt, ...]
    zoek: str
    kop: Kop
    delen: tuple[Link, ...]
    voorbeelden: tuple[Getoond, ...]
    gebruikt_door: tuple[Treffergroep, ...]
    json: Markup


@dataclass(frozen=True)
class ProfielContext(_Definitie):
    """Een profiel of extensie."""

    SJABLOON: ClassVar[str] = "naslag/profiel.html"

    plekken: tuple[Link, ...]
    rijen: tuple[Rij, ...]
    regels: tuple[Regel, ...]
    server: Servertype | None


@dataclass(frozen=True)
class StelselContext(_Definitie):
    """Een codestelsel."""

    SJABLOON: ClassVar[str] = "naslag/stelsel.html"

    codes: tuple[Code, ...]


@dataclass(frozen=True)
class WaardelijstContext(_Definitie):
    """Een waardelijst, uitgeklapt."""

    SJABLOON: ClassVar[str] = "naslag/waardelijst.html"

    groepen: tuple[Codegroep, ...]
    aantal: int


@dataclass(frozen=True)
class VragenlijstContext(_Definitie):
    """Een vragenlijst als schets."""

    SJABLOON: ClassVar[str] = "naslag/vragenlijst.html"

    vragen: tuple[Vraag, ...]
    aantal: int


@dataclass(frozen=True)
class ZoekparameterContext(_Definitie):
    """Een zoekparameter van ons."""

    SJABLOON: ClassVar[str] = "naslag/zoekparameter.html"

    parameter: Parameter
    typen: tuple[Link, ...]
    doelen: tuple[Link, ...]
    expressie: str


@dataclass(frozen=True)
class OperatieContext(_Definitie):
    """Een operatie."""

    SJABLOON: ClassVar[str] = "naslag/operatie.html"

    adressen: tuple[str, ...]
    verandert: bool
    typen: tuple[Link, ...]
    invoer: tuple[Operatieparameter, ...]
    uitvoer: tuple[Operatieparameter, ...]


@dataclass(frozen=True)
class MogelijkhedenContext(_Definitie):
    """Wat de server kan."""

    SJABLOON: ClassVar[str] = "naslag/mogelijkheden.html"

    server: Server


@dataclass(frozen=True)
class HandleidingContext:
    """Een handleiding of voorbeeldbestand."""

    SJABLOON: ClassVar[str] = "naslag/handleiding.html"

    menu: tuple[Menupunt, ...]
    zoek: str
    titel: str
    kort: str
    html: Markup
    delen: tuple[Link, ...]
    code: bool
