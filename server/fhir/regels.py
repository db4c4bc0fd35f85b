"""Waar bedrijfsregels inhaken op schrijven: per type een rij functies, elk met de norm die zij uitvoert.

Dit bestand kent geen enkele regel zelf; een regel is een functie in `server/fhir/rules/` die zich hier aanmeldt. Een
regel is zuiver: hij krijgt oud en nieuw en zegt wat er mis is en wat er mee moet veranderen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from paspoort.fouten import Melding
from server.access.actor import Actor
from server.fhir.afschrift import Afschriftvraag
from server.fhir.request import Json
from server.store.register import Register
from server.store.versions import Momentopname, Wijziging


@dataclass(frozen=True, slots=True)
class RegelContext:
    """Het schrijven waar de regel over oordeelt. `zoek` ziet ook wat dezelfde transactie gaat schrijven."""

    handeling: Literal["create", "update", "delete"]
    id: str
    plek: str  # begin van elke expression, bijvoorbeeld "Task" of "Bundle.entry[2].resource"
    nu: datetime
    zoek: Callable[[str, str], Json | None]
    werk: Mapping[tuple[str, str], Json | None] = field(default_factory=dict)  # alles wat deze transactie schrijft
    demo: bool = False


@dataclass(frozen=True, slots=True)
class RegelUitkomst:
    """Bevindingen, en wijzigingen die in dezelfde transactie meegaan (dezelfde resource: vervangt haar inhoud)."""

    meldingen: tuple[Melding, ...] = ()
    wijzigingen: tuple[Wijziging, ...] = ()
    afschriften: tuple[Afschriftvraag, ...] = ()


Regel = Callable[[Actor, Momentopname, Register, Json | None, Json | None, RegelContext], RegelUitkomst]

_REGELS: dict[str, list[Regel]] = {}


def regel(*types: str) -> Callable[[Regel], Regel]:
    """Meld een regel aan voor deze types: `@regel("Task")`."""

    def meld_aan(functie: Regel) -> Regel:
        for type_ in types:
            _REGELS.setdefault(type_, []).append(functie)
        return functie

    return meld_aan


def pas_toe(
    type: str,
    actor: Actor,
    momentopname: Momentopname,
    register: Register,
    oud: Json | None,
    nieuw: Json | None,
    context: RegelContext,
) -> RegelUitkomst:
    """Alle regels van een type na elkaar, hun bevindingen en wijzigingen samen."""
    meldingen: list[Melding] = []
    wijzigingen: list[Wijziging] = []
    afschriften: list[Afschriftvraag] = []
    for functie in _REGELS.get(type, ()):
        uitkomst = functie(actor, momentopname, register, oud, nieuw, context)
        meldingen.extend(uitkomst.meldingen)
        wijzigingen.extend(uitkomst.wijzigingen)
        afschriften.extend(uitkomst.afschriften)
    return RegelUitkomst(tuple(meldingen), tuple(wijzigingen), tuple(afschriften))


def auteur_van(actor: Actor) -> str:
    """Wie een versie schreef, als verwijzing, zoals `Zicht.schreef` haar herkent: houder, functie, organisatie."""
    if actor.patient:
        return f"Patient/{actor.patient}"  # ook namens de houder: het log noemt wie het deed
    if actor.functie:
        return f"PractitionerRole/{actor.functie}"
    if actor.organisatie:
        return f"Organization/{actor.organisatie}"
    return actor.account or actor.client_id or actor.soort


def is_zelf(actor: Actor, wie: str | None, register: Register) -> bool:
    """Of deze verwijzing de schrijver noemt: hemzelf, zijn organisatie of een team ervan."""
    if wie is None or wie == auteur_van(actor):
        return wie is not None
    van_huis = wie.startswith("Organization/") and actor.organisatie is not None
    return van_huis and register.organisatie_van(wie) == actor.organisatie
