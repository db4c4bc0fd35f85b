"""De bladzijden van *vervangen* als bevroren contexten: drie stappen, en de twee zijstappen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from web.houder.kader import Fout, Kop
from web.houder.verwachting import Verwachting


@dataclass(frozen=True, slots=True)
class Wat:
    """Waar de vraag over gaat; op elke stap hetzelfde."""

    id: str
    naam: str
    kaart: str


@dataclass(frozen=True)
class Stap1:
    """Is er iets veranderd?"""

    SJABLOON: ClassVar[str] = "houder/vervangen_1.html"

    kop: Kop
    wat: Wat
    soort: str
    advies: str | None
    fouten: tuple[Fout, ...]


@dataclass(frozen=True, slots=True)
class Vinkje:
    """Iets om aan te vinken."""

    code: str
    tekst: str
    aan: bool


@dataclass(frozen=True)
class Stap1Wat:
    """Wat is er veranderd?"""

    SJABLOON: ClassVar[str] = "houder/vervangen_wat.html"

    kop: Kop
    wat: Wat
    vinkjes: tuple[Vinkje, ...]
    reden: str
    aanpassing: bool
    fouten: tuple[Fout, ...]


@dataclass(frozen=True, slots=True)
class Partij:
    """Wie er meeleest, wat, en tot wanneer."""

    code: str
    naam: str
    zin: str
    leest: tuple[str, ...]
    leest_niet: tuple[str, ...]
    uitleg: str
    tot: str


@dataclass(frozen=True, slots=True)
class Kies:
    """Een organisatie om uit te kiezen, als wij niet weten wie betaalt."""

    id: str
    naam: str


@dataclass(frozen=True)
class Stap2:
    """Wie leest wat?"""

    SJABLOON: ClassVar[str] = "houder/vervangen_2.html"

    kop: Kop
    wat: Wat
    niets_veranderd: bool
    partijen: tuple[Partij, ...]
    kiezen: tuple[Kies, ...]
    fouten: tuple[Fout, ...]


@dataclass(frozen=True, slots=True)
class Partijvinkjes:
    """De groepen van één partij."""

    code: str
    naam: str
    vinkjes: tuple[Vinkje, ...]


@dataclass(frozen=True)
class Stap2Anders:
    """Zelf weglaten wat er gelezen wordt."""

    SJABLOON: ClassVar[str] = "houder/vervangen_anders.html"

    kop: Kop
    wat: Wat
    partijen: tuple[Partijvinkjes, ...]
    fouten: tuple[Fout, ...]


@dataclass(frozen=True)
class Stap3:
    """Controleer en verstuur."""

    SJABLOON: ClassVar[str] = "houder/vervangen_3.html"

    kop: Kop
    wat: Wat
    vraag: str
    veranderd: tuple[str, ...]
    reden: str
    partijen: tuple[Partij, ...]
    verwacht: Verwachting
