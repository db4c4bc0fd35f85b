"""Ervaringen van de houder: of een hulpmiddel doet wat het moet doen (N5.1, N5.2).

QuestionnaireResponse bij de vragenlijst `evaluatie`. Een klacht over een partij hoort hier niet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from paspoort.gegeven import Gegeven


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluatie(Gegeven):
    """Wat de houder van een hulpmiddel vindt. `betreft` zijn gebruiken of hulpmiddelen; leeg betekent: alles."""

    TYPE: ClassVar[str] = "QuestionnaireResponse"

    status: str = "completed"
    geschreven_op: date | None = None
    betreft: tuple[str, ...] = ()
    doet_wat_het_moet_doen: bool | None = None
    problemen: str | None = None
    tevredenheid: str | None = None
