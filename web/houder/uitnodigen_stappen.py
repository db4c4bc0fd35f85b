"""De bladzijden van het uitnodigen als bevroren contexten: kiezen, voorstel, code, wie is het, verlopen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from markupsafe import Markup

from web.houder.beeld import Beeld
from web.houder.kader import Fout, Kop
from web.houder.minder import Minderkeuze


@dataclass(frozen=True, slots=True)
class Keuze:
    """Eén antwoord op *met wie wilt u delen*."""

    code: str
    naam: str
    uitleg: str


@dataclass(frozen=True)
class Kiezen:
    """Met wie?"""

    SJABLOON: ClassVar[str] = "houder/delen_nieuw.html"

    kop: Kop
    vaak: tuple[Keuze, ...]
    anders: tuple[Keuze, ...]
    fouten: tuple[Fout, ...]


@dataclass(frozen=True, slots=True)
class Hulpmiddelkeuze:
    """Een hulpmiddel waar het om gaat."""

    code: str
    naam: str
    gekozen: bool


@dataclass(frozen=True)
class Voorstel:
    """Wat er gelezen mag worden, en tot wanneer; de houder mag weglaten."""

    SJABLOON: ClassVar[str] = "houder/delen_voorstel.html"

    kop: Kop
    code: str
    wie: str
    waarvoor: str
    leest: tuple[str, ...]
    leest_niet: tuple[str, ...]
    minder: Minderkeuze
    hulpmiddelen: tuple[Hulpmiddelkeuze, ...]
    tot: date | None
    beeld: Beeld
    fouten: tuple[Fout, ...]


@dataclass(frozen=True)
class Code:
    """De QR, de link en de cijfers."""

    SJABLOON: ClassVar[str] = "houder/delen_code.html"

    kop: Kop
    id: str
    wie: str
    waarvoor: str
    qr: Markup
    link: str
    mail: str
    cijfers: str
    plek: str
    tot: datetime
    leest: tuple[str, ...]
    leest_niet: tuple[str, ...]
    beeld: Beeld


@dataclass(frozen=True)
class Bevestigen:
    """Is dit de goede persoon?"""

    SJABLOON: ClassVar[str] = "houder/delen_bevestigen.html"

    kop: Kop
    id: str
    naam: str
    rol: str
    organisatie: str
    waarvoor: str
    leest: tuple[str, ...]
    leest_niet: tuple[str, ...]
    tot: date | None
    beeld: Beeld


@dataclass(frozen=True)
class Verlopen:
    """De code werkt niet meer; *maak een nieuwe* staat ernaast."""

    SJABLOON: ClassVar[str] = "houder/delen_verlopen.html"

    kop: Kop
    nieuw: str
