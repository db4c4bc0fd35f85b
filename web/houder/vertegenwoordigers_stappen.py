"""De bladzijden van *Wie helpt mij* als bevroren contexten: het overzicht, iemand erbij, de code, afschermen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from markupsafe import Markup

from web.houder.kader import Fout, Kop


@dataclass(frozen=True, slots=True)
class Helper:
    """Eén mandaat zoals de houder het leest. `stop` en `afschermen` zijn waar als de houder dat zelf mag."""

    id: str
    naam: str
    wat: str
    ziet: tuple[str, ...]
    tot: date | None
    nu: bool
    stop: bool
    afschermen: bool
    afgeschermd: int


@dataclass(frozen=True, slots=True)
class Open:
    """Een code die nog openstaat; `naam` als iemand haar aannam en op uw ja wacht."""

    id: str
    wat: str
    naam: str | None


@dataclass(frozen=True)
class WieHelptMij:
    """Het overzicht."""

    SJABLOON: ClassVar[str] = "houder/wie_helpt_mij.html"

    kop: Kop
    nu: tuple[Helper, ...]
    voorbij: tuple[Helper, ...]
    open: tuple[Open, ...]
    mag_geven: bool


@dataclass(frozen=True, slots=True)
class Soortkeuze:
    """Eén soort hulp."""

    code: str
    naam: str
    uitleg: str
    gekozen: bool


@dataclass(frozen=True, slots=True)
class Groep:
    """Een gegevensgroep."""

    code: str
    tekst: str
    gekozen: bool


@dataclass(frozen=True)
class NieuweHelper:
    """Wat mag diegene, waarvan, en tot wanneer?"""

    SJABLOON: ClassVar[str] = "houder/helper_nieuw.html"

    kop: Kop
    soorten: tuple[Soortkeuze, ...]
    groepen: tuple[Groep, ...]
    tot: str
    vroegst: str
    uiterst: str
    fouten: tuple[Fout, ...]


@dataclass(frozen=True)
class HelperCode:
    """De QR, de link en de cijfers; of de vraag of het de goede persoon is (`naam`)."""

    SJABLOON: ClassVar[str] = "houder/helper_code.html"

    kop: Kop
    id: str
    naam: str | None
    wat: str
    ziet: tuple[str, ...]
    tot: date
    qr: Markup | None
    link: str
    mail: str
    cijfers: str
    plek: str
    geldig: datetime


@dataclass(frozen=True, slots=True)
class Stuk:
    """Eén gegeven dat verborgen kan worden."""

    code: str
    tekst: str
    dicht: bool


@dataclass(frozen=True)
class Afschermen:
    """Wat deze persoon niet ziet."""

    SJABLOON: ClassVar[str] = "houder/helper_afschermen.html"

    kop: Kop
    id: str
    naam: str
    soorten: tuple[tuple[str, tuple[Stuk, ...]], ...]
