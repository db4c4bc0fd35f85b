"""Het register zoals één verzoek het ziet: organisaties, mensen, vragenlijsten, schorsingen en mandaten.

Onveranderlijk; `Opslag.register` wijst na elke momentopname naar de nieuwste. Geen SQL: dat doet `passports.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from server.store.versions import Momentopname, Versie

REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Mandaat:
    """Organisatie `van` laat `taak` doen door organisatie `aan`, zolang de periode loopt (datums als ISO-tekst)."""

    van: str
    aan: str
    taak: str
    sinds: str | None = None
    tot: str | None = None

    def geldt(self, dag: date) -> bool:
        """Loopt het mandaat op deze dag?"""
        return (self.sinds or "") <= dag.isoformat() <= (self.tot or "9999")


@dataclass(frozen=True, slots=True)
class Register:
    """Organization, Practitioner, PractitionerRole en Questionnaire, met wat eruit is afgeleid."""

    momentopname: Momentopname
    geschorst: frozenset[str] = frozenset()
    mandaten: tuple[Mandaat, ...] = ()
    stand: int = 0
    _organisatie_van: dict[str, str | None] = field(default_factory=dict, compare=False)

    def get(self, type: str, id: str) -> Versie | None:
        """De huidige versie van een registerresource."""
        return self.momentopname.get(type, id)

    def van_type(self, type: str) -> tuple[Versie, ...]:
        """De levende registerresources van een type."""
        return self.momentopname.van_type(type)

    def organisatie_van(self, verwijzing: str) -> str | None:
        """`Organization/x` → x; `PractitionerRole/y` → de organisatie van y; anders None."""
        if verwijzing not in self._organisatie_van:
            self._organisatie_van[verwijzing] = self._zoek_organisatie(verwijzing)
        return self._organisatie_van[verwijzing]

    def _zoek_organisatie(self, verwijzing: str) -> str | None:
        type_, _, id_ = verwijzing.partition("/")
        if type_ == "Organization":
            return id_ or None
        functie = self.get("PractitionerRole", id_) if type_ == "PractitionerRole" else None
        if functie is None or functie.verwijderd:
            return None
        organisatie = functie.inhoud.get("organization", {}).get("reference", "")
        return organisatie.removeprefix("Organization/") if organisatie.startswith("Organization/") else None
