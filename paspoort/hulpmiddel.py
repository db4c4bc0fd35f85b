"""Hulpmiddelen en het gebruik ervan: wat iemand heeft, van wie het is en op grond van welke toekenning.

Device en DeviceUseStatement (ontwerp.md deel 3, docs/fhir-afbeelding.md). Of het vervangen mag worden, staat in
`paspoort/herhaaltoets/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from paspoort.gegeven import Code, Gegeven, Periode


class Voorzieningsoort(StrEnum):
    """Waar de wet het onder schaart; woningaanpassing en dienst verhuizen niet mee."""

    HULPMIDDEL = "hulpmiddel"
    ROERENDE_WOONVOORZIENING = "roerende-woonvoorziening"
    WONINGAANPASSING = "woningaanpassing"
    DIENST = "dienst"


class Contractvorm(StrEnum):
    """Hoe de verstrekker het hulpmiddel van de leverancier heeft (B3)."""

    HUUR = "huur"
    KOOP = "koop"
    ONBEKEND = "onbekend"


class Verstrekkingsvorm(StrEnum):
    """In welke vorm de houder het krijgt."""

    NATURA = "natura"
    PGB = "pgb"
    TEGEMOETKOMING = "tegemoetkoming"


class Stelsel(StrEnum):
    """Uit welke wet."""

    WMO = "wmo"
    ZVW = "zvw"
    WLZ = "wlz"
    UWV = "uwv"
    EIGEN = "eigen"


class Toekenningsoort(StrEnum):
    """Hoe lang een toekenning loopt (B1)."""

    OPEN = "open"
    EVALUATIEMOMENT = "evaluatiemoment"
    EINDDATUM = "einddatum"


@dataclass(frozen=True, slots=True)
class Toekenning:
    """De duur van een besluit, en waarom die zo gekozen is. `besluit` verwijst naar `DeviceRequest/id`."""

    soort: Toekenningsoort
    besluit: str | None = None
    sinds: date | None = None
    tot: date | None = None
    reden: str | None = None

    def loopt_op(self, dag: date) -> bool:
        """Open en evaluatiemoment lopen door; alleen een echte einddatum eindigt (B1)."""
        if self.sinds is not None and dag < self.sinds:
            return False
        return self.soort is not Toekenningsoort.EINDDATUM or self.tot is None or dag <= self.tot

    def evaluatie_voorbij(self, dag: date) -> bool:
        """Of het evaluatiemoment al geweest is; dan hoort bij een vervanging een verlenging."""
        return self.soort is Toekenningsoort.EVALUATIEMOMENT and self.tot is not None and self.tot < dag


@dataclass(frozen=True, slots=True)
class Verstrekker:
    """Wie het verstrekt, uit welke wet en in welke periode. `organisatie` is `Organization/id`."""

    organisatie: str
    stelsel: Stelsel | None = None
    periode: Periode | None = None


@dataclass(frozen=True, slots=True)
class Proef:
    """Een hulpmiddel dat uitgeprobeerd is (N3.2)."""

    resultaat: str | None = None
    geslaagd: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hulpmiddel(Gegeven):
    """Het ding zelf. `soorten` zijn codes uit SNOMED CT en ISO 9999; `categorie` is de iWmo-productcode."""

    TYPE: ClassVar[str] = "Device"

    naam: str | None = None
    soorten: tuple[Code, ...] = ()
    categorie: str | None = None
    voorzieningsoort: Voorzieningsoort | None = None
    contractvorm: Contractvorm | None = None
    maatwerk: bool | None = None
    geleverd_op: date | None = None
    technische_levensduur_tot: date | None = None
    onderhoud_fabrikant_tot: date | None = None
    eigenaar: str | None = None
    leverancier: str | None = None
    assetnummer: str | None = None
    hoofdhulpmiddel: str | None = None
    fabrikant: str | None = None
    model: str | None = None
    serienummer: str | None = None
    udi: str | None = None
    status: str | None = None

    def levensduur_voorbij(self, dag: date) -> bool | None:
        """Of de afgesproken technische levensduur om is (B3); `None` als die niet bekend is."""
        return None if self.technische_levensduur_tot is None else self.technische_levensduur_tot < dag

    def onderhoud_voorbij(self, dag: date) -> bool:
        """Of de fabrikant geen onderhoud en aansprakelijkheid meer geeft: dan waarschuwen wij (C5)."""
        return self.onderhoud_fabrikant_tot is not None and self.onderhoud_fabrikant_tot < dag


@dataclass(frozen=True, slots=True, kw_only=True)
class Gebruik(Gegeven):
    """Dat de houder een hulpmiddel gebruikt, ook als het geprobeerd is of tijdelijk."""

    TYPE: ClassVar[str] = "DeviceUseStatement"

    status: str = "active"
    hulpmiddel: str = ""
    periode: Periode | None = None
    adviezen: tuple[str, ...] = ()
    toekenning: Toekenning | None = None
    verstrekkers: tuple[Verstrekker, ...] = ()
    verstrekkingsvorm: Verstrekkingsvorm | None = None
    tijdelijk: bool | None = None
    proef: Proef | None = None
    vervangt: str | None = None

    def verstrekker_op(self, dag: date) -> Verstrekker | None:
        """Wie er op die dag verstrekt; bij een overname de nieuwste."""
        lopend = [v for v in self.verstrekkers if v.periode is None or v.periode.bevat(dag)]
        return lopend[-1] if lopend else None
