"""Plannen: het persoonlijk plan van de houder, het Integraal Voorzieningen Plan en de vaste contactpersonen.

Persoonlijk plan: Wmo 2.3.2 lid 2, W tip 4 (negen antwoorden). IVP: ALS-protocol (A): één onderzoek, daarna op afroep.
Casemanagers: N1.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from paspoort.gegeven import Bedrag, Gegeven, Periode
from paspoort.houder import Contactpunt


@dataclass(frozen=True, slots=True, kw_only=True)
class PersoonlijkPlan(Gegeven):
    """De negen antwoorden van de houder: (code, antwoord). De gemeente moet ze wegen."""

    TYPE: ClassVar[str] = "QuestionnaireResponse"

    status: str = "completed"
    geschreven_op: date | None = None
    antwoorden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """Een voorziening in het plan, met het geld dat ervoor klaarstaat (ALS-protocol, tabel)."""

    categorie: str
    budget: Bedrag | None = None
    status: str = "not-started"
    omschrijving: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voorzieningenplan(Gegeven):
    """Het IVP: wat er in de loop van de ziekte nodig zal zijn. Latere vragen zijn een afroep."""

    TYPE: ClassVar[str] = "CarePlan"

    status: str = "active"
    periode: Periode | None = None
    posten: tuple[Post, ...] = ()

    def loopt_op(self, dag: date) -> bool:
        """Of het plan op die dag loopt."""
        return self.status == "active" and (self.periode is None or self.periode.bevat(dag))

    def voorziet_in(self, categorie: str) -> bool:
        """Of de voorziening in het plan staat en niet is geschrapt."""
        return any(p.categorie == categorie and p.status not in {"cancelled", "stopped"} for p in self.posten)


@dataclass(frozen=True, slots=True)
class Casemanager:
    """Een vast contact (N1.1): wie, namens welke organisatie."""

    lid: str
    organisatie: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Begeleiding(Gegeven):
    """De casemanagers van gemeente en leverancier, en hoe zij te bereiken zijn."""

    TYPE: ClassVar[str] = "CareTeam"

    status: str | None = None
    casemanagers: tuple[Casemanager, ...] = ()
    contact: tuple[Contactpunt, ...] = ()
