"""Het besluit van een verstrekker, met alles wat erbij hoort: duur, geld, afwijking, bezwaar.

Wmo-beschikking, Zvw-machtiging, Wlz-toekenning, UWV-beslissing: DeviceRequest met `intent=order`. Een afwijzing is
geen besluit in deze zin maar de uitkomst van een behandeling (`paspoort/aanvraag.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

from paspoort.gegeven import Bedrag, Gegeven, Periode
from paspoort.hulpmiddel import Toekenning, Verstrekkingsvorm

BEZWAARWEKEN = 6  # Awb 6:7


class Besluitsoort(StrEnum):
    """Hoe het besluit heet in het stelsel waaruit het komt."""

    BESCHIKKING = "beschikking"
    MACHTIGING = "machtiging"
    TOEKENNING = "toekenning"
    BESLISSING = "beslissing"


@dataclass(frozen=True, slots=True)
class Tarief:
    """Het bedrag, hoe het is opgebouwd, wat erin zit en hoe lang het geldt (N, uitgangspunt pgb)."""

    bedrag: Bedrag | None = None
    opbouw: str | None = None
    looptijd: Periode | None = None
    inclusief: str | None = None


@dataclass(frozen=True, slots=True)
class Afwijking:
    """Eén eis die niet wordt gevolgd: waarom niet, en wat er dan wel komt (N3.1)."""

    eis: str
    reden: str
    alternatief: str | None = None


@dataclass(frozen=True, slots=True)
class Bezwaar:
    """Tot wanneer bezwaar kan, en wat ermee gebeurde."""

    tot: date | None = None
    ingediend_op: date | None = None
    uitkomst: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Besluit(Gegeven):
    """Een toekennend besluit. `grondslag` verwijst naar het verzoek, `betreft` naar het gebruik waar het over gaat."""

    TYPE: ClassVar[str] = "DeviceRequest"

    status: str = "active"
    soort: Besluitsoort | None = None
    genomen_op: date | None = None
    door: str | None = None
    grondslag: tuple[str, ...] = ()
    categorie: str | None = None
    omschrijving: str | None = None
    toekenning: Toekenning | None = None
    verstrekkingsvorm: Verstrekkingsvorm | None = None
    betreft: str | None = None
    tarief: Tarief | None = None
    afwijkingen: tuple[Afwijking, ...] = ()
    bezwaar: Bezwaar | None = None
    documenten: tuple[str, ...] = ()
    herzien_op: date | None = None
    ingetrokken_op: date | None = None

    def geldt_op(self, dag: date) -> bool:
        """Of het besluit niet is ingetrokken en al is genomen."""
        if self.status in {"revoked", "entered-in-error"} or (self.genomen_op is not None and dag < self.genomen_op):
            return False
        return self.ingetrokken_op is None or dag < self.ingetrokken_op


def bezwaar_tot(bekendgemaakt_op: date) -> date:
    """De laatste dag om bezwaar te maken: zes weken na de dag van bekendmaking (Awb 6:7 en 6:8)."""
    return bekendgemaakt_op + timedelta(weeks=BEZWAARWEKEN)
