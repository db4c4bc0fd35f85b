"""Eén rij per FHIR-type: hoe het aan een paspoort hangt, wat ermee kan en waarop te zoeken is.

Routes, CapabilityStatement, scopecontrole, zoekgrammatica en de deur lezen deze tabel; niets ervan staat ergens anders.
Een type erbij = één rij in `registry_rijen.py` en één test; waarop te zoeken is, staat in `registry_zoeken.py`. Doet
zelf niets. Bron: ontwerp.md deel 3 en toegang.md §5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, cast

from paspoort.fhir.stelsels import BASIS
from server.registry_rijen import TABEL
from server.registry_zoeken import GEMEENSCHAPPELIJK, KEUZES, PATIENT_COMPARTIMENT, SearchParam, parameters_van

__all__ = ["GEMEENSCHAPPELIJK", "KEUZES", "PATIENT_COMPARTIMENT", "SearchParam"]

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
    _op_naam: Mapping[str, SearchParam] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_op_naam", {p.name: p for p in (*GEMEENSCHAPPELIJK, *self.search)})

    def parameter(self, name: str) -> SearchParam | None:
        """De zoekparameter van deze naam, ook de gemeenschappelijke."""
        return self._op_naam.get(name)


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


def _rijen() -> dict[str, Resourcetype]:
    """De tabel als rijen, nog zonder includes. ValueError of KeyError bij een rij die niet klopt."""
    uit: dict[str, Resourcetype] = {}
    for regel in TABEL.strip().splitlines():
        naam, soort, interacties, operaties = (d.strip() for d in regel.split("|"))
        binding = Binding(cast(Soortbinding, soort.rstrip("?")), verplicht=not soort.endswith("?"))
        uit[naam] = Resourcetype(
            naam,
            f"{BASIS}StructureDefinition/hmp-{naam}",
            naam,
            binding,
            frozenset(INTERACTIES[interacties]),
            parameters_van(naam) if interacties != "-" else (),
            operations=tuple(operaties.split()),
        )
    return uit


def _bouw() -> dict[str, Resourcetype]:
    kaal = _rijen()
    # Uit het log komt niets mee: een regel wijst alleen aan, en wie erbij kan beslist het zicht op het paspoort.
    met_zicht = {t.name: t for t in kaal.values() if t.binding.soort != "entiteit"}
    # Alleen naar wat hier staat: naar een Encounter verwijst wel iets, maar er is er geen om mee te geven.
    verwijzingen = [
        (t.name, p, frozenset(n for n in kaal if p.wijst_naar(n)))
        for t in met_zicht.values()
        for p in t.search
        if p.type == "reference"
    ]
    return {
        naam: replace(
            t,
            includes=tuple(f"{naam}:{p.name}" for bron, p, doelen in verwijzingen if bron == naam and doelen),
            revincludes=tuple(f"{bron}:{p.name}" for bron, p, doelen in verwijzingen if naam in doelen),
        )
        for naam, t in kaal.items()
    }


TYPES: Final[dict[str, Resourcetype]] = _bouw()

# De definitietypes als rijen: geen paspoort, geen profiel van ons; alleen lezen en zoeken.
DEFINITIES: Final[dict[str, Resourcetype]] = {
    naam: Resourcetype(naam, "", naam, Binding("register"), frozenset(OPZOEKEN), parameters_van(naam))
    for naam in DEFINITIETYPES
}
