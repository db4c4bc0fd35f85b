"""Eén rij per FHIR-type: hoe het aan een paspoort hangt, wat ermee kan en waarop te zoeken is.

Routes, CapabilityStatement, scopecontrole, zoekgrammatica en de deur lezen deze tabel; niets ervan staat ergens anders.
Een type erbij = één rij hier en één test. Doet zelf niets. Bron: ontwerp.md deel 3 en toegang.md §5;
zoekparameters: FHIR R4 (4.0.1) per type, voor zover de soorten token, reference, date, string, uri, number, quantity.

Een `expression` is een klein deel van FHIRPath: `a.b`, `a | b`, `waarde[x]`, `.where(veld='code')`,
`.extension('id')` (van ons, zie docs/fhir-afbeelding.md) en `.resolve()`. `server/fhir/search/pad.py` voert haar uit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, Literal, cast

from paspoort.fhir.stelsels import BASIS
from server.registry_rijen import TABEL

Soortbinding = Literal["zelf", "subject", "for", "patient", "document", "doelwit", "entiteit", "register", "eigenaar"]


@dataclass(frozen=True, slots=True)
class Binding:
    """Hoe een resource aan een paspoort hangt (toegang.md §5). `verplicht` onwaar: anders aan de organisatie."""

    soort: Soortbinding
    verplicht: bool = True

    @property
    def element(self) -> str | None:
        """Het element met de verwijzing naar de Patient, als dat er is."""
        return self.soort if self.soort in ("subject", "for", "patient") else None


@dataclass(frozen=True, slots=True)
class SearchParam:
    """Eén zoekparameter; `target` alleen bij `reference`."""

    name: str
    type: str
    expression: str
    target: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resourcetype:
    """Wat de server met één type kan. `scope_type` is het type waarnaar een scope gevraagd wordt."""

    name: str
    profile: str
    scope_type: str
    binding: Binding
    interactions: frozenset[str]
    search: tuple[SearchParam, ...]
    includes: tuple[str, ...] = ()
    revincludes: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()

    def parameter(self, name: str) -> SearchParam | None:
        """De zoekparameter van deze naam, ook de gemeenschappelijke."""
        return next((p for p in (*GEMEENSCHAPPELIJK, *self.search) if p.name == name), None)


# FHIR R4 search.html#all. `_id` en `_lastUpdated` ook als de resource zelf ze niet draagt: de opslag vult ze.
GEMEENSCHAPPELIJK: Final = (
    SearchParam("_id", "token", "id"),
    SearchParam("_lastUpdated", "date", "meta.lastUpdated"),
    SearchParam("_tag", "token", "meta.tag"),
    SearchParam("_profile", "uri", "meta.profile"),
    SearchParam("_security", "token", "meta.security"),
)

LEZEN: Final = ("read", "vread", "history-instance", "history-type", "search-type")
ALLES: Final = (*LEZEN, "create", "update", "patch", "delete")
OPZOEKEN: Final = ("read", "search-type")

INTERACTIES: Final[dict[str, tuple[str, ...]]] = {
    "alles": ALLES,
    "zonder-zoeken": tuple(i for i in ALLES if i not in ("search-type", "history-type")),
    "lezen": LEZEN,
    "opzoeken": OPZOEKEN,
    "-": (),
}

# Definities komen uit fhir_profiles/ en hangen aan geen paspoort; iedereen mag ze lezen, ook zonder token.
DEFINITIETYPES: Final = (
    "StructureDefinition",
    "ValueSet",
    "CodeSystem",
    "SearchParameter",
    "OperationDefinition",
    "CapabilityStatement",
)
DEFINITIE_ZOEKEN: Final = (
    SearchParam("_id", "token", "id"),
    SearchParam("url", "uri", "url"),
    SearchParam("name", "string", "name"),
    SearchParam("status", "token", "status"),
    SearchParam("title", "string", "title"),
    SearchParam("version", "token", "version"),
)


def conditional_create(soort: Resourcetype) -> bool:
    """Of `If-None-Exist` kan: wie maakt én zoekt."""
    return {"create", "search-type"} <= soort.interactions


def conditional_update(soort: Resourcetype) -> bool:
    """Of `PUT [type]?…` kan."""
    return {"update", "search-type"} <= soort.interactions


def conditional_delete(soort: Resourcetype) -> Literal["not-supported", "single"]:
    """`DELETE [type]?…`: hoogstens één tegelijk, of niet."""
    return "single" if {"delete", "search-type"} <= soort.interactions else "not-supported"


def conditional_read(soort: Resourcetype) -> Literal["not-supported", "full-support"]:
    """`If-None-Match` en `If-Modified-Since` bij read en vread. AuditEvents hebben geen versies."""
    return "full-support" if "read" in soort.interactions and soort.binding.soort != "entiteit" else "not-supported"


def _parameter(regel: str) -> SearchParam:
    links, _, doelen = regel.strip().partition(" > ")
    naam, soort, expressie = links.split(None, 2)
    return SearchParam(naam, soort, expressie, tuple(doelen.split(",")) if doelen else ())


def _rijen() -> dict[str, Resourcetype]:
    """De tabel als rijen, nog zonder includes. ValueError of KeyError bij een rij die niet klopt."""
    uit: dict[str, Resourcetype] = {}
    for blok in re.split(r"\n(?=\S)", TABEL.strip()):
        kop, *regels = blok.splitlines()
        naam, soort, interacties, operaties = (d.strip() for d in kop.split("|"))
        binding = Binding(cast(Soortbinding, soort.rstrip("?")), verplicht=not soort.endswith("?"))
        uit[naam] = Resourcetype(
            naam,
            f"{BASIS}StructureDefinition/hmp-{naam}",
            naam,
            binding,
            frozenset(INTERACTIES[interacties]),
            tuple(map(_parameter, regels)),
            operations=tuple(operaties.replace("-", " ").split()),
        )
    return uit


def _bouw() -> dict[str, Resourcetype]:
    kaal = _rijen()
    # Uit het log komt niets mee: een regel wijst alleen aan, en wie erbij kan beslist het zicht op het paspoort.
    met_zicht = [t for t in kaal.values() if t.binding.soort != "entiteit"]
    verwijzingen = [(t.name, p) for t in met_zicht for p in t.search if p.type == "reference"]
    return {
        naam: replace(
            t,
            includes=tuple(f"{naam}:{p.name}" for p in t.search if p.type == "reference" and t in met_zicht),
            revincludes=tuple(f"{bron}:{p.name}" for bron, p in verwijzingen if naam in p.target or "*" in p.target),
        )
        for naam, t in kaal.items()
    }


TYPES: Final[dict[str, Resourcetype]] = _bouw()
