"""Het mutatiecorpus: van elk goed voorbeeld elk element weggelaten, verdubbeld, van een andere soort of met een foute waarde.

Vast: dezelfde voorbeelden geven altijd dezelfde mutanten in dezelfde volgorde. Zegt niet welke mutant fout is; dat
wegen onze controle en die van HL7 (`make oracle`), en `overlevers.json` noemt elke mutant die goed blijft en waarom.
"""

# ruff: noqa: E501 - tabellen lezen beter op één regel
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from paspoort.fhir.fhirjson import schrijf
from paspoort.fhir.stelsels import BASIS
from paspoort.fhir.validatie_vorm import PRIMITIEVEN, Vorm, is_resourcetype, vorm

Json = dict[str, Any]
Pad = tuple[str | int, ...]
Maak = Callable[[Any], Any]  # oude waarde → nieuwe waarde
Doe = Callable[[Any, Any], None]  # (kopie van de ouder, sleutel): verandert de kopie
CATEGORIEEN: Final = ("cardinality", "type", "code", "target", "invariant", "slicing", "questionnaire")
_VREEMD: Final = "http://voorbeeld.test/StructureDefinition/onbekend"
_MODIFIER: Final = "http://voorbeeld.test/modifier/onbekend"  # van een ander dan _VREEMD: zie Oracle.java
_ONBEKEND: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_TEKST: Final = frozenset(("string", "markdown", "code", "id", "uri", "url", "canonical", "oid", "uuid", "xhtml"))
_MOMENT: Final = frozenset(("date", "dateTime", "instant"))

# per primitief: naam van de mutatie → foute waarde
FOUTE_WAARDEN: Final[dict[str, dict[str, Any]]] = {
    "date": {"dag": "2026-02-30", "maand": "2026-13-01", "nl": "01-02-2026", "woord": "gisteren", "klok": "2026-03-01T10:00:00Z"},
    "dateTime": {"dag": "2026-02-30", "maand": "2026-13-01", "nl": "01-02-2026", "zone": "2026-03-01T10:00:00", "uur": "2026-03-01T25:00:00Z"},
    "instant": {"dag": "2026-02-30T10:00:00Z", "datum": "2026-03-01", "zone": "2026-03-01T10:00:00", "kort": "2026-03-01T10:00Z"},
    "time": {"uur": "25:00:00", "kort": "10:00"},
    "integer": {"breuk": 1.5, "groot": 2147483648},
    "positiveInt": {"nul": 0, "min": -1},
    "unsignedInt": {"min": -1},
    "uri": {"spatie": "met spatie"},
    "url": {"spatie": "met spatie"},
    "canonical": {"spatie": "met spatie"},
    "base64Binary": {"teken": "geen base64!", "kort": "YQ="},
    "id": {"teken": "met_streep", "lang": "x" * 65},
    "code": {"code": "bestaat-niet", "spatie": " bestaat-niet", "dubbele-spatie": "bestaat  niet"},
    "boolean": {"cijfer": 1},
    "xhtml": {
        "script": '<div xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></div>',
        "leeg-verhaal": '<div xmlns="http://www.w3.org/1999/xhtml"> </div>',
        "open": '<div xmlns="http://www.w3.org/1999/xhtml"><p>open</div>',
        "span": "<span>geen div</span>",
        "onclick": '<div xmlns="http://www.w3.org/1999/xhtml"><p onclick="x()">a</p></div>',
    },
}  # fmt: skip
# foute doelen: de helft past nergens, de rest op sommige plaatsen
FOUTE_DOELEN: Final = {
    "medicatie": "Medication/x", "persoon": "Patient/x", "meting": "Observation/x", "plek": "Location/x",
    "los": "zomaar", "zonder-id": "Patient/", "spatie": "Patient/a b", "intern": "#weg", "geen-type": "Rolstoel/x",
}  # fmt: skip
# een goede waarde per soort, om een keuze-element een andere soort te geven
GOEDE_WAARDEN: Final[dict[str, Any]] = {
    "boolean": True, "integer": 3, "decimal": 1.5, "string": "tekst", "dateTime": "2026-03-01", "date": "2026-03-01",
    "code": "een-code", "uri": "http://voorbeeld.test/x", "Period": {"start": "2026-01-01"}, "time": "10:00:00",
    "Quantity": {"value": 1, "unit": "cm", "system": "http://unitsofmeasure.org", "code": "cm"},
    "CodeableConcept": {"text": "tekst"}, "Reference": {"display": "iemand"}, "Coding": {"display": "iets"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plek:
    """Eén knoop van een resource: waar hij staat, wat hij is, en in wat voor ouder."""

    pad: Pad
    soort: str
    ouder: str
    lijst: bool  # de knoop is de hele lijst
    item: bool  # de knoop is één regel van een lijst
    enig: bool  # en de enige

    @property
    def naam(self) -> str:
        """De naam van het element, zonder rijnummer."""
        return next(str(stuk) for stuk in reversed(self.pad) if isinstance(stuk, str))


@dataclass(frozen=True, slots=True)
class Mutant:
    """Eén mutant: van welk voorbeeld, waar, wat er gebeurde, welke categorie, en de inhoud zelf."""

    basis: str
    plek: str
    soort: str
    categorie: str
    inhoud: Json

    @property
    def id(self) -> str:
        """Waaronder de mutant in `overlevers.json` en in de uitvoer van het orakel staat."""
        return f"{self.basis} {self.plek} {self.soort}"


def mutanten(basis: str, inhoud: Json, gesneden: frozenset[str] = frozenset()) -> Iterator[Mutant]:
    """Alle algemene mutanten van één voorbeeld, van boven naar beneden; `gesneden`: namen van elementen met slices."""
    for plek in plekken(inhoud):
        hier, waarde = tekst_van(inhoud, plek.pad), op(inhoud, plek.pad)
        for soort, categorie, doe in _mutaties(plek, waarde):
            nieuw = met(inhoud, plek.pad, doe)
            if categorie == "cardinality" and plek.naam in gesneden:
                categorie = "slicing"
            if schrijf(nieuw) != schrijf(inhoud):
                yield Mutant(basis, hier, soort, categorie, nieuw)


def plekken(inhoud: Json) -> Iterator[Plek]:
    """Elke knoop met zijn FHIR-soort; `resourceType` en wat geen bekend element is niet."""
    gevonden = vorm(str(inhoud["resourceType"]))
    assert gevonden is not None
    yield from _binnen(inhoud, gevonden, ())


def _binnen(waarde: Json, v: Vorm, pad: Pad) -> Iterator[Plek]:
    for naam, kind in waarde.items():
        element = v.elementen.get(naam.removeprefix("_"))
        if element is None:
            continue
        soort = "Element" if naam.startswith("_") else element.soort
        yield Plek((*pad, naam), soort, v.naam, isinstance(kind, list), False, False)
        for nummer, een in enumerate(kind) if isinstance(kind, list) else [(-1, kind)]:
            hier: Pad = (*pad, naam) if nummer < 0 else (*pad, naam, nummer)
            if nummer >= 0:
                yield Plek(hier, soort, v.naam, False, True, len(kind) == 1)
            if isinstance(een, dict):
                binnen = vorm(str(een["resourceType"]) if is_resourcetype(een.get("resourceType")) else soort)
                if binnen is not None:
                    yield from _binnen(een, binnen, hier)


def _zet(f: Callable[[Any], Any]) -> Doe:
    def doe(ouder: Any, sleutel: Any) -> None:
        ouder[sleutel] = f(ouder[sleutel])

    return doe


def _weg(ouder: Any, sleutel: Any) -> None:
    del ouder[sleutel]


def _zonder_waarde(ouder: Any, sleutel: Any) -> None:
    """Een primitief zonder waarde, met de reden ernaast (R4 §2.6.2.4)."""
    del ouder[sleutel]
    ouder[f"_{sleutel}"] = {"extension": [{"url": _ONBEKEND, "valueCode": "unknown"}]}


def _dubbel(ouder: Any, sleutel: Any) -> None:
    ouder.append(ouder[sleutel])


def _hernoem(ouder: Any, sleutel: Any, nieuw: str) -> None:
    ouder[nieuw] = ouder.pop(sleutel)


def _mutaties(p: Plek, waarde: Any) -> Iterator[tuple[str, str, Doe]]:
    aantal = "slicing" if p.naam in ("extension", "modifierExtension") else "cardinality"
    if p.item:
        yield "dubbel", aantal, _dubbel
    if not p.enig:
        yield "weg", aantal, _weg
    if not p.item:
        yield "naam", "type", lambda o, s: _hernoem(o, s, f"{s}X")
        yield "hoofdletter", "type", lambda o, s: _hernoem(o, s, re.sub("[a-z]", lambda m: m[0].upper(), s, count=1))
    if p.soort in PRIMITIEVEN and not p.lijst and not p.item:
        yield "alleen-extensie", "code" if p.soort == "code" else "cardinality", _zonder_waarde
    for soort, categorie, f in _waarden(p, waarde):
        yield soort, categorie, _zet(f)


def _waarden(p: Plek, waarde: Any) -> Iterator[tuple[str, str, Maak]]:
    yield "null", "type", lambda _: None
    if p.lijst:
        yield "los", "type", lambda w: w[0]
        yield "leeg", "type", lambda _: []
        return
    if not p.item:
        yield "lijst", "type", lambda w: [w]
        yield "twee", "cardinality", lambda w: [w, w]
    if p.soort in PRIMITIEVEN:
        yield from _primitief(p, waarde)
    elif isinstance(waarde, dict):
        yield from _object(p, waarde)


def _primitief(p: Plek, waarde: Any) -> Iterator[tuple[str, str, Maak]]:
    if isinstance(waarde, str):
        yield "getal", "type", lambda _: 42
        yield "leeg", "type", lambda _: ""
        yield "waar", "type", lambda _: True
        yield "blanco", "type", lambda _: "   "
    else:
        yield "tekst", "type", lambda w: str(w).lower()
    yield "object", "type", lambda w: {"value": w}
    for naam, fout in FOUTE_WAARDEN.get(p.soort, {}).items():
        categorie = "code" if naam == "code" else "invariant" if p.soort == "xhtml" else "type"
        yield naam, categorie, _vast(fout)
    if p.soort == "code" and isinstance(waarde, str) and waarde.upper() != waarde:
        yield "kapitaal", "code", lambda w: w.upper()
    if p.ouder == "Coding" and p.naam == "system":
        yield "stelsel", "code", lambda _: "http://voorbeeld.test/onbekend-stelsel"
    if p.ouder == "Reference" and p.naam == "reference":
        for naam, fout in FOUTE_DOELEN.items():
            yield naam, "target", _vast(fout)


def _object(p: Plek, waarde: Json) -> Iterator[tuple[str, str, Maak]]:
    yield "tekst", "type", lambda _: "tekst"
    yield "leeg", "type", lambda _: {}
    yield "extra", "type", lambda w: {**w, "verzonnen": "x"}
    if p.soort == "Resource":
        return
    erbij = waarde.get("extension", [])
    vreemd = {"url": _VREEMD, "valueString": "x"}
    yield "extensie", "slicing", lambda w: {**w, "extension": [*erbij, vreemd]}
    yield "eigen-extensie", "slicing", lambda w: {**w, "extension": [*erbij, {**vreemd, "url": f"{BASIS}StructureDefinition/zomaar"}]}  # fmt: skip
    yield "modifier", "slicing", lambda w: {**w, "modifierExtension": [{**vreemd, "url": _MODIFIER}]}
    yield "extensie-leeg", "invariant", lambda w: {**w, "extension": [*erbij, {"url": _VREEMD}]}
    yield "extensie-beide", "invariant", lambda w: {**w, "extension": [*erbij, {**vreemd, "extension": [vreemd]}]}
    yield "extensie-zonder-url", "cardinality", lambda w: {**w, "extension": [*erbij, {"valueString": "x"}]}
    if p.soort == "Extension":
        yield "andere-url", "slicing", lambda w: {**w, "url": f"{BASIS}StructureDefinition/zomaar"}
        yield (
            "verplaatst",
            "slicing",
            lambda w: {**w, "url": f"{BASIS}StructureDefinition/geldt-bij", "valueString": "x"},
        )
    if p.soort == "Period":
        yield "omgekeerd", "invariant", lambda w: {**w, "start": "2026-03-02", "end": "2026-03-01"}
    if p.soort == "Reference":
        yield "type-fout", "target", lambda w: {**w, "type": "Medication"}
        yield "type-verzonnen", "target", lambda w: {**w, "type": "Rolstoel"}
    if p.soort == "Coding":
        yield "zonder-stelsel", "code", lambda w: {k: v for k, v in w.items() if k != "system"}
    if p.soort == "Attachment":
        yield "att-1", "invariant", lambda w: {**{k: v for k, v in w.items() if k != "contentType"}, "data": "YQ=="}
    yield from _keuzes(p, waarde)


def _keuzes(p: Plek, waarde: Json) -> Iterator[tuple[str, str, Maak]]:
    """Elke `value[x]` hieronder: een andere soort, en twee tegelijk."""
    v = vorm(p.soort)
    for namen in v.keuzes.values() if v else ():
        nu = [naam for naam in namen if naam in waarde]
        for naam in namen if nu else ():
            goed = GOEDE_WAARDEN.get(v.elementen[naam].soort) if v else None
            if goed is None or naam == nu[0]:
                continue
            categorie = "slicing" if p.soort == "Extension" else "type"
            yield f"wordt-{naam}", categorie, _vervang(nu[0], naam, goed)
            yield f"erbij-{naam}", "type", _erbij(naam, goed)


def _vast(waarde: Any) -> Maak:
    return lambda _: waarde


def _erbij(naam: str, waarde: Any) -> Maak:
    return lambda w: {**w, naam: waarde}


def _vervang(oud: str, naam: str, waarde: Any) -> Maak:
    return lambda w: {k: v for k, v in w.items() if k != oud} | {naam: waarde}


def op(inhoud: Any, pad: Pad) -> Any:
    """De waarde op een pad, of None als daar niets meer is."""
    for stuk in pad:
        try:
            inhoud = inhoud[stuk]
        except (KeyError, IndexError, TypeError):
            return None
    return inhoud


def met(inhoud: Any, pad: Pad, doe: Doe) -> Any:
    """Een kopie waarin `doe` de ouder van het pad veranderde; alleen langs het pad gekopieerd."""
    kopie = inhoud.copy()
    if len(pad) == 1:
        doe(kopie, pad[0])
    else:
        kopie[pad[0]] = met(kopie[pad[0]], pad[1:], doe)
    return kopie


def tekst_van(inhoud: Json, pad: Pad) -> str:
    """Het pad als FHIRPath: `Device.type.coding[0].code`."""
    return str(inhoud["resourceType"]) + "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in pad)
