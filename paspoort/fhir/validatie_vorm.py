"""De vorm van elk FHIR-type als tabel: elementen, soort, aantal, codes en doelen van verwijzingen.

Leest de R4B-modellen van fhir.resources één keer; van een resource wordt daarna geen model meer gebouwd. Waarom niet
gewoon ontleden met die modellen: zij stoppen te vroeg, noemen geen FHIRPath, en toetsen codes en doelen niet.
FHIR R4 §2.1 (Resources), §2.6.2 (JSON). Waar R4B iets anders kent dan R4, staat dat in de tabellen
`_NIET_IN_R4`, `_WEL_IN_R4` en `_DOELEN_IN_R4`.
"""

from __future__ import annotations

import functools
import re
import typing
from dataclasses import dataclass

from fhir.resources.R4B import get_fhir_model_class

if typing.TYPE_CHECKING:
    from paspoort.fhir.validatie_codes import Waardelijst
    from paspoort.fhir.validatie_pad import Invariant

# De modellen korten lange codelijsten in en zetten dit aan het eind, of noemen "mime" als code: zo'n lijst telt niet.
INGEKORT = frozenset({"+", "etc.", "mime"})
_BOOM = re.compile(r"abc\.(\w+)Type\b")
_PRIMITIEF = {
    "Base64Binary": "base64Binary", "Canonical": "canonical", "Code": "code", "Date": "date", "DateTime": "dateTime",
    "Decimal": "decimal", "Id": "id", "Instant": "instant", "Integer": "integer", "Markdown": "markdown", "Oid": "oid",
    "PositiveInt": "positiveInt", "String": "string", "Time": "time", "UnsignedInt": "unsignedInt", "Uri": "uri",
    "Url": "url", "UuidVersion": "uuid", "Xhtml": "xhtml",
}  # fmt: skip
PRIMITIEVEN = frozenset(_PRIMITIEF.values()) | {"boolean"}
_NIET_IN_R4 = frozenset({"CodeableReference", "RatioRange"})
_DOELEN_IN_R4 = {("Observation", "subject"): frozenset({"Patient", "Group", "Device", "Location"})}
_WEL_IN_R4 = {"Extension": (("value", "valueMeta", "Meta"),)}  # (keuze, element, soort)


@dataclass(frozen=True, slots=True)
class Element:
    """Eén element in JSON-naam. `soort` is een primitief, een datatype, of de naam van een onderdeel (`GoalTarget`)."""

    naam: str
    soort: str
    primitief: bool
    lijst: bool
    verplicht: bool
    codes: frozenset[str] | None
    doelen: frozenset[str] | None
    lijst_r4: Waardelijst | None = None  # verplichte lijst van R4 voor wat geen gesloten `code` is
    invarianten: tuple[Invariant, ...] = ()


@dataclass(frozen=True, slots=True)
class Vorm:
    """Eén type. `keuzes`: per `value[x]` de JSON-namen; `keuze_verplicht`: welke daarvan er moeten zijn.

    `afkomst`: dit type en waar het van afstamt (`Age`, `Quantity`, `Element`); wat daar geldt, geldt hier ook.
    `invarianten` en `lijst_r4` vult `validatie_basis` in.
    """

    naam: str
    resource: bool
    afkomst: tuple[str, ...]
    elementen: dict[str, Element]
    verplicht: tuple[str, ...]
    keuzes: dict[str, tuple[str, ...]]
    keuze_verplicht: frozenset[str]
    invarianten: tuple[Invariant, ...] = ()


@functools.cache
def vorm(naam: str) -> Vorm | None:
    """De vorm van een FHIR-type, of None als R4 dat type niet kent."""
    try:
        model = get_fhir_model_class(naam)
    except (LookupError, ValueError, AttributeError):
        return None
    elementen: dict[str, Element] = {}
    keuzes: dict[str, list[str]] = {}
    keuze_verplicht = set()
    for veld in model.model_fields.values():
        extra = veld.json_schema_extra if isinstance(veld.json_schema_extra, dict) else {}
        json_naam = veld.alias or ""
        if not extra.get("element_property", False) or json_naam.startswith("_"):
            continue
        soort, lijst = _soort(veld.annotation, veld.metadata)
        if soort in _NIET_IN_R4:
            continue
        element = Element(
            naam=json_naam,
            soort=soort,
            primitief=soort in PRIMITIEVEN,
            lijst=lijst,
            verplicht=bool(veld.is_required() or extra.get("element_required")),
            codes=codes if (codes := _namen(extra.get("enum_values"))) and not INGEKORT & codes else None,
            doelen=_DOELEN_IN_R4.get((naam, json_naam)) or _namen(extra.get("enum_reference_types")),
        )
        elementen[json_naam] = element
        if groep := extra.get("one_of_many"):
            keuzes.setdefault(str(groep), []).append(json_naam)
            if extra.get("one_of_many_required"):
                keuze_verplicht.add(str(groep))
    for groep_, json_naam, soort in _WEL_IN_R4.get(naam, ()):
        elementen[json_naam] = Element(json_naam, soort, soort in PRIMITIEVEN, False, False, None, None)
        keuzes[groep_].append(json_naam)
    afkomst = tuple(v.__name__ for v in model.__mro__ if v.__module__.startswith("fhir.resources"))
    return Vorm(
        naam=naam,
        resource="Resource" in afkomst,
        afkomst=afkomst,
        elementen=elementen,
        verplicht=tuple(e.naam for e in elementen.values() if e.verplicht),
        keuzes={groep: tuple(namen) for groep, namen in keuzes.items()},
        keuze_verplicht=frozenset(keuze_verplicht),
    )


def is_resourcetype(naam: object) -> bool:
    """Of dit een resourcetype van R4 is (en geen datatype, onderdeel of abstract type)."""
    if not isinstance(naam, str) or not re.fullmatch(r"[A-Z][A-Za-z]{1,60}", naam):
        return False
    if naam in ("Resource", "DomainResource"):
        return False
    gevonden = vorm(naam)
    return gevonden is not None and gevonden.resource


def _namen(lijst: object) -> frozenset[str] | None:
    return frozenset(map(str, lijst)) if isinstance(lijst, list) else None


def _soort(annotatie: object, metadata: typing.Sequence[object]) -> tuple[str, bool]:
    tekst = str(annotatie)
    lijst = "List[" in tekst
    if gevonden := [naam for naam in _BOOM.findall(tekst) if naam != "FHIRPrimitiveExtension"]:
        return gevonden[0], lijst
    for klasse, soort in _PRIMITIEF.items():
        if re.search(rf"\b{klasse}\(|\.{klasse} object", tekst):
            return soort, lijst
    for merk in metadata:  # Annotated zonder Optional: pydantic haalt het merk van de annotatie af
        if (soort_ := _PRIMITIEF.get(type(merk).__name__)) is not None:
            return soort_, lijst
    if "bool" in tekst:
        return "boolean", lijst
    raise TypeError(f"onbekende soort in fhir.resources: {tekst}")
