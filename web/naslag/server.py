"""Het CapabilityStatement als leesbaar overzicht: wat de server met elk type kan.

Leest alleen het statement; wat daar staat is wat er gerouteerd wordt (`server/fhir/capability.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from server.fhir.request import Json
from web.naslag.bibliotheek import Bibliotheek, Link
from web.naslag.tonen import met_code
from web.naslag.woorden import INTERACTIE, ZOEKSOORT

KOLOMMEN: Final = {
    "read": "lezen", "vread": "versie", "history-instance": "verleden", "history-type": "verleden per type",
    "search-type": "zoeken", "create": "maken", "update": "wijzigen", "patch": "patch", "delete": "weg",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Interactie:
    """Eén interactie, met wat er bijzonder aan is."""

    code: str
    naam: str
    uitleg: Markup


@dataclass(frozen=True, slots=True)
class Parameter:
    """Eén zoekparameter van een type."""

    naam: str
    soort: str
    soort_uitleg: Markup
    uitleg: Markup
    definitie: Link


@dataclass(frozen=True, slots=True)
class Operatie:
    """Eén operatie van een type."""

    naam: str
    definitie: Link
    uitleg: Markup


@dataclass(frozen=True, slots=True)
class Servertype:
    """Wat de server met één type kan."""

    type: str
    profiel: Link
    uitleg: Markup
    interacties: tuple[Interactie, ...]
    kruisjes: tuple[bool, ...]
    parameters: tuple[Parameter, ...]
    includes: tuple[str, ...]
    revincludes: tuple[str, ...]
    operaties: tuple[Operatie, ...]
    profielen: tuple[Link, ...]
    elders: str  # waar dit op een eigen bladzijde staat, of leeg


@dataclass(frozen=True, slots=True)
class Server:
    """Het hele statement."""

    typen: tuple[Servertype, ...]
    interacties: tuple[Interactie, ...]
    operaties: tuple[Operatie, ...]
    vormen: tuple[str, ...]
    inloggen: Markup
    kolommen: tuple[str, ...]


def server_van(statement: Json, bibliotheek: Bibliotheek) -> Server:
    """Het overzicht van een CapabilityStatement met één `rest`."""
    rest = statement["rest"][0]
    gebruikt = {i["code"] for r in rest["resource"] for i in r.get("interaction", ())}
    kolommen = tuple(k for k in KOLOMMEN if k in gebruikt)
    return Server(
        typen=tuple(_type(r, kolommen, bibliotheek) for r in rest["resource"]),
        interacties=_interacties(rest.get("interaction", ())),
        operaties=_operaties(rest.get("operation", ()), bibliotheek),
        vormen=(*statement.get("format", ()), *statement.get("patchFormat", ())),
        inloggen=met_code(rest.get("security", {}).get("description", "")),
        kolommen=tuple(KOLOMMEN[k] for k in kolommen),
    )


def _type(resource: Mapping[str, Any], kolommen: Sequence[str], bibliotheek: Bibliotheek) -> Servertype:
    codes = {i["code"] for i in resource.get("interaction", ())}
    profiel = resource.get("profile")
    return Servertype(
        type=resource["type"],
        profiel=bibliotheek.link(profiel) if profiel else bibliotheek.type_link(resource["type"]),
        uitleg=met_code(resource.get("documentation", "")),
        interacties=_interacties(resource.get("interaction", ())),
        kruisjes=tuple(k in codes for k in kolommen),
        parameters=tuple(_parameter(p, bibliotheek) for p in resource.get("searchParam", ())),
        includes=tuple(resource.get("searchInclude", ())),
        revincludes=tuple(resource.get("searchRevInclude", ())),
        operaties=_operaties(resource.get("operation", ()), bibliotheek),
        profielen=tuple(bibliotheek.link(p) for p in resource.get("supportedProfile", ())),
        elders=f"{onze.adres}#server" if (onze := bibliotheek.op_url.get(profiel or "")) else "",
    )


def _interacties(rijen: Sequence[Mapping[str, Any]]) -> tuple[Interactie, ...]:
    return tuple(
        Interactie(r["code"], INTERACTIE.get(r["code"], r["code"]), met_code(r.get("documentation", ""))) for r in rijen
    )


def _parameter(rij: Mapping[str, Any], bibliotheek: Bibliotheek) -> Parameter:
    definitie = bibliotheek.link(rij["definition"]) if "definition" in rij else Link("")
    return Parameter(
        naam=rij["name"],
        soort=rij["type"],
        soort_uitleg=met_code(ZOEKSOORT.get(rij["type"], "")),
        uitleg=met_code(rij.get("documentation", "")),
        definitie=Link("van ons" if definitie.adres and not definitie.buiten else "van R4", definitie.adres),
    )


def _operaties(rijen: Sequence[Mapping[str, Any]], bibliotheek: Bibliotheek) -> tuple[Operatie, ...]:
    return tuple(
        Operatie(r["name"], bibliotheek.link(r["definition"]), met_code(r.get("documentation", ""))) for r in rijen
    )
