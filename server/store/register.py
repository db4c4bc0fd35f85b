"""Het register zoals één verzoek het ziet: organisaties, mensen, vragenlijsten, schorsingen en mandaten.

Onveranderlijk; `Opslag.register` wijst na elke momentopname naar de nieuwste. Geen SQL: dat doet `passports.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from paspoort.fhir.stelsels import ORGANISATIETYPE, TEAM, extension
from server.store.versions import Momentopname, Versie

REGISTER = "register"
ALLES: Final = "alles"  # een team dat elk werk oppakt, ook zonder doel


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
class Team:
    """Een team van een organisatie. `neemt_aan`: de doelen van werk dat aan de organisatie als geheel is gericht."""

    id: str
    actief: bool
    neemt_aan: frozenset[str]

    def pakt_op(self, doel: str | None) -> bool:
        """Of werk met dit doel, aan de hele organisatie gericht, bij dit team terechtkomt."""
        return self.actief and (ALLES in self.neemt_aan or doel in self.neemt_aan)


@dataclass(frozen=True, slots=True)
class Register:
    """Organization, Practitioner, PractitionerRole en Questionnaire, met wat eruit is afgeleid.

    `geschorst` zijn organisaties, `stil` geschorste functies (`PractitionerRole/id`) en apps (`Client/id`).
    """

    momentopname: Momentopname
    geschorst: frozenset[str] = frozenset()
    mandaten: tuple[Mandaat, ...] = ()
    stand: int = 0
    stil: frozenset[str] = frozenset()
    _organisatie_van: dict[str, str | None] = field(default_factory=dict, compare=False)

    def get(self, type: str, id: str) -> Versie | None:
        """De huidige versie van een registerresource."""
        return self.momentopname.get(type, id)

    def van_type(self, type: str) -> tuple[Versie, ...]:
        """De levende registerresources van een type."""
        return self.momentopname.van_type(type)

    def organisatie_van(self, verwijzing: str) -> str | None:
        """`Organization/x` → x, bij een team de organisatie waar het bij hoort; `PractitionerRole/y` → die van y."""
        if verwijzing not in self._organisatie_van:
            self._organisatie_van[verwijzing] = self._zoek_organisatie(verwijzing)
        return self._organisatie_van[verwijzing]

    def teams_van_organisatie(self, organisatie: str) -> dict[str, Team]:
        """De teams van een organisatie, ook die niet meer meedoen; leeg als zij zonder teams werkt."""
        teams: dict[str, Team] = self._onthoud("teams", self._teams).get(organisatie, {})
        return teams

    def teams_van(self, functie: str) -> frozenset[str]:
        """De ids van de teams waar deze functie (id van een PractitionerRole) lid van is."""
        leden: frozenset[str] = self._onthoud("leden", self._leden).get(functie, frozenset())
        return leden

    def is_stil(self, client_id: str | None, functie: str | None) -> bool:
        """Of de app of de persoon geschorst is: dan antwoordt geen token, bladzijde of abonnement meer."""
        return f"Client/{client_id}" in self.stil or f"PractitionerRole/{functie}" in self.stil

    def _zoek_organisatie(self, verwijzing: str) -> str | None:
        type_, _, id_ = verwijzing.partition("/")
        if type_ == "Organization":
            return self._onthoud("huis", self._huizen).get(id_, id_) or None
        functie = self.get("PractitionerRole", id_) if type_ == "PractitionerRole" else None
        if functie is None or functie.verwijderd:
            return None
        organisatie = functie.inhoud.get("organization", {}).get("reference", "")
        return self.organisatie_van(organisatie) if organisatie.startswith("Organization/") else None

    def _onthoud(self, naam: str, maak: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Een zuivere afleiding van de registerstand, één keer gemaakt."""
        if naam not in self.momentopname.afgeleid:
            self.momentopname.afgeleid[naam] = maak()
        uit: dict[str, Any] = self.momentopname.afgeleid[naam]
        return uit

    def _huizen(self) -> dict[str, str]:
        """Per team de organisatie waar het bij hoort; een team zonder organisatie hoort nergens bij."""
        return {v.id: _deel_van(v.inhoud) for v in self.van_type("Organization") if is_team(v.inhoud)}

    def _teams(self) -> dict[str, dict[str, Team]]:
        uit: dict[str, dict[str, Team]] = {}
        for v in self.van_type("Organization"):
            if is_team(v.inhoud) and (huis := _deel_van(v.inhoud)):
                doelen = frozenset(str(w) for e in _ext(v.inhoud, "neemt-aan") if (w := e.get("valueCode")))
                uit.setdefault(huis, {})[v.id] = Team(v.id, v.inhoud.get("active") is not False, doelen)
        return uit

    def _leden(self) -> dict[str, frozenset[str]]:
        return {v.id: frozenset(teams_in(v.inhoud)) for v in self.van_type("PractitionerRole")}


def is_team(organisatie: dict[str, Any]) -> bool:
    """Of deze Organization een team is van een andere (HL7 organization-type `team`)."""
    codes = [c for t in _dicts(organisatie.get("type")) for c in _dicts(t.get("coding"))]
    return any(c.get("system") == ORGANISATIETYPE and c.get("code") == TEAM for c in codes)


def teams_in(functie: dict[str, Any]) -> list[str]:
    """De ids van de teams die in een PractitionerRole staan."""
    doelen = [(e.get("valueReference") or {}).get("reference") or "" for e in _ext(functie, "team")]
    return [d.removeprefix("Organization/") for d in doelen if d.startswith("Organization/")]


def _deel_van(organisatie: dict[str, Any]) -> str:
    deel = organisatie.get("partOf")
    tekst = deel.get("reference", "") if isinstance(deel, dict) else ""
    return tekst.removeprefix("Organization/") if tekst.startswith("Organization/") else ""


def _ext(inhoud: dict[str, Any], id: str) -> list[dict[str, Any]]:
    return [e for e in _dicts(inhoud.get("extension")) if e.get("url") == extension(id)]


def _dicts(waarde: object) -> list[dict[str, Any]]:
    return [x for x in waarde if isinstance(x, dict)] if isinstance(waarde, list) else []
