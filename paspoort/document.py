"""Een document in het paspoort: een beschikking van papier, een afkeurrapport, een foto, een brief.

DocumentReference (docs/fhir-afbeelding.md); de bytes zelf liggen in Binary en komen hier niet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from paspoort.gegeven import Gegeven


class Documentsoort(StrEnum):
    """Wat voor stuk het is."""

    BESCHIKKING = "beschikking"
    ADVIES = "advies"
    AFKEURRAPPORT = "afkeurrapport"
    FOTO = "foto"
    BRIEF = "brief"
    OFFERTE = "offerte"
    OVERIG = "overig"


@dataclass(frozen=True, slots=True)
class Bijlage:
    """Waar de inhoud ligt en wat voor inhoud het is."""

    url: str
    mediatype: str | None = None
    titel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Gegeven):
    """Een stuk en waar het bij hoort."""

    TYPE: ClassVar[str] = "DocumentReference"

    soort: Documentsoort | None = None
    status: str = "current"
    van: datetime | None = None
    omschrijving: str | None = None
    bijlagen: tuple[Bijlage, ...] = ()
    betreft: tuple[str, ...] = ()
    auteurs: tuple[str, ...] = ()
