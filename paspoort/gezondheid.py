"""Gezondheid en functioneren: aandoeningen en beperkingen, metingen en maten, en doelen.

Condition, Observation en Goal (docs/fhir-afbeelding.md). Oordeelt niet; de toetsen lezen deze gegevens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from paspoort.gegeven import Code, Gegeven, Hoeveelheid


class Aandoeningsoort(StrEnum):
    """Een diagnose is gezondheid, een beperking is functioneren (toegang.md §2)."""

    DIAGNOSE = "diagnose"
    BEPERKING = "beperking"


class Prognose(StrEnum):
    """Hoe het naar verwachting verder gaat."""

    HERSTEL_MOGELIJK = "herstel-mogelijk"
    STABIEL = "stabiel"
    PROGRESSIEF = "progressief"


class Metingsoort(StrEnum):
    """Lichaamsmaten of functioneren."""

    MATEN = "maten"
    FUNCTIONEREN = "functioneren"


VERVALLEN = frozenset({"entered-in-error", "cancelled", "refuted"})
OVER = frozenset({"inactive", "remission", "resolved"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Aandoening(Gegeven):
    """Een ziekte of een blijvende beperking."""

    TYPE: ClassVar[str] = "Condition"

    code: Code | None = None
    omschrijving: str | None = None
    soort: Aandoeningsoort | None = None
    klinische_status: str | None = None
    verificatie: str | None = None
    begin: date | None = None
    vastgelegd_op: date | None = None
    prognose: Prognose | None = None
    levenslang: bool | None = None

    @property
    def geldt(self) -> bool:
        """Of de aandoening nu geldt: niet over, niet vervallen."""
        return self.klinische_status not in OVER and self.verificatie not in VERVALLEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Meting(Gegeven):
    """Een maat of een uitkomst over functioneren, op een moment, soms bij één hulpmiddel (`betreft`)."""

    TYPE: ClassVar[str] = "Observation"

    code: Code | None = None
    soort: Metingsoort | None = None
    waarde: Hoeveelheid | None = None
    tekst: str | None = None
    gemeten_op: date | None = None
    betreft: tuple[str, ...] = ()
    status: str = "final"

    @property
    def geldt(self) -> bool:
        """Of de meting niet is ingetrokken."""
        return self.status not in VERVALLEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Doel(Gegeven):
    """Wat de houder wil bereiken."""

    TYPE: ClassVar[str] = "Goal"

    tekst: str = ""
    status: str = "active"
    begin: date | None = None
