"""Elk element van R4 dat een voorbeeld niet heeft, er goed en fout bij gezet: codes, doelen, soorten en aantallen.

Zo telt niet alleen wat toevallig in een voorbeeld staat. De goede waarden zijn kort en verzonnen; of een mutant goed is,
wegen de twee controles.
"""

# ruff: noqa: E501 - tabellen lezen beter op één regel
from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, Final

from paspoort.fhir.fhirjson import schrijf
from paspoort.fhir.validatie_vorm import Element, vorm
from tests.oracle.mutaties import FOUTE_WAARDEN, GOEDE_WAARDEN, Json, Mutant

DIEPTE: Final = 3  # onderdelen in onderdelen
OVERSLAAN: Final = frozenset(("id", "extension", "modifierExtension", "contained", "meta", "text", "resourceType"))
WAARDEN: Final[dict[str, Any]] = {
    **GOEDE_WAARDEN,
    "instant": "2026-03-01T10:00:00Z", "url": "http://voorbeeld.test/x", "canonical": "http://voorbeeld.test/x",
    "oid": "urn:oid:2.16.840.1.113883.2.4.3.11", "uuid": "urn:uuid:6f1c9d0e-0d3b-4b3c-9f55-0f6f6f6f6f6f", "id": "een-id", "markdown": "tekst",
    "positiveInt": 1, "unsignedInt": 1, "base64Binary": "YQ==", "Identifier": {"value": "1"}, "HumanName": {"family": "Test"},
    "Address": {"city": "Veldkant"}, "ContactPoint": {"system": "phone", "value": "1"}, "Attachment": {"title": "een bijlage"},
    "Annotation": {"text": "tekst"}, "Range": {"low": {"value": 1}, "high": {"value": 2}}, "Timing": {"event": ["2026-03-01"]},
    "Ratio": {"numerator": {"value": 1}, "denominator": {"value": 2}}, "ContactDetail": {"name": "iemand"},
    "Age": {"value": 3, "system": "http://unitsofmeasure.org", "code": "a"}, "Dosage": {"text": "tekst"},
    "Duration": {"value": 3, "system": "http://unitsofmeasure.org", "code": "d"}, "Money": {"value": 3, "currency": "EUR"},
    "SampledData": {"origin": {"value": 0}, "period": 1, "dimensions": 1, "data": "1 2 3"},
    "Expression": {"language": "text/fhirpath", "expression": "true"},
}  # fmt: skip
_VREEMDE_CODING: Final = {"system": "http://voorbeeld.test/stelsel", "code": "bestaat-niet"}
_DOELEN: Final = {"medicatie": "Medication/x", "persoon": "Patient/x", "meting": "Observation/x", "plek": "Location/x",
                  "organisatie": "Organization/x", "hulpmiddel": "Device/x"}  # fmt: skip
Fout = tuple[str, str, Any]  # (naam, categorie, waarde)


def erbij(basis: str, inhoud: Json) -> Iterator[Mutant]:
    """Alle elementen die `inhoud` mist, elk goed en fout erbij; ook binnen onderdelen."""
    soort = str(inhoud["resourceType"])
    for pad, waarde, hoe in _toevoegingen(soort):
        if pad[0] in inhoud and len(pad) == 1:
            continue
        nieuw = {**_zonder_keuze(inhoud, soort, pad[0]), pad[0]: waarde}
        if schrijf(nieuw) != schrijf(inhoud):
            yield Mutant(basis, f"{soort}.{'.'.join(pad)}", f"erbij-{hoe[0]}", hoe[1], nieuw)


def _zonder_keuze(inhoud: Json, soort: str, naam: str) -> Json:
    """Zonder de andere vorm van dezelfde `value[x]`, anders weigert alles om die reden."""
    gevonden = vorm(soort)
    assert gevonden is not None
    ander = {n for groep in gevonden.keuzes.values() if naam in groep for n in groep if n != naam}
    return {k: v for k, v in inhoud.items() if k not in ander}


@functools.cache
def _toevoegingen(soort: str) -> tuple[tuple[tuple[str, ...], Any, tuple[str, str]], ...]:
    return tuple(_van(soort, 0))


def _van(soort: str, diepte: int) -> Iterator[tuple[tuple[str, ...], Any, tuple[str, str]]]:
    """(pad, waarde van het eerste element op het pad, (naam, categorie))."""
    gevonden = vorm(soort)
    if gevonden is None:
        return
    for naam, element in gevonden.elementen.items():
        if naam in OVERSLAAN or element.soort == "Resource":
            continue
        goed = een_waarde(element, soort)
        if goed is None:
            continue
        yield (naam,), _in_lijst(element, goed), ("goed", "cardinality")
        for fout, categorie, waarde in _fouten(element, goed):
            heel = waarde if fout in ("los", "lijst") else _in_lijst(element, waarde)
            yield (naam,), heel, (fout, categorie)
        if _onderdeel(element) and diepte < DIEPTE:
            for pad, binnen, hoe in _van(element.soort, diepte + 1):
                kaal = _zonder_keuze(goed, element.soort, pad[0])
                yield (naam, *pad), _in_lijst(element, {**kaal, pad[0]: binnen}), hoe


def _in_lijst(element: Element, waarde: Any) -> Any:
    return [waarde] if element.lijst else waarde


def _onderdeel(element: Element) -> bool:
    """Een onderdeel van één resource (`GoalTarget`), geen datatype dat overal hetzelfde is."""
    return (
        not element.primitief
        and element.soort not in WAARDEN
        and element.soort not in ("Meta", "Narrative", "Extension")
    )


def een_waarde(element: Element, ouder: str, diepte: int = 0) -> Any:
    """Een kleine goede waarde, of None als die niet zomaar te verzinnen is."""
    if element.soort == "code":
        codes = sorted(c for c in element.codes or () if c[:1].isalpha())
        return codes[0] if codes else "nl" if element.naam == "language" else None
    if element.soort in WAARDEN:
        return WAARDEN[element.soort]
    if element.primitief or diepte > DIEPTE or (gevonden := vorm(element.soort)) is None:
        return None
    uit: Json = {}
    for naam in gevonden.verplicht:
        if (waarde := een_waarde(gevonden.elementen[naam], element.soort, diepte + 1)) is None:
            return None
        uit[naam] = _in_lijst(gevonden.elementen[naam], waarde)
    for groep in gevonden.keuze_verplicht:
        naam = next(n for n in gevonden.keuzes[groep] if gevonden.elementen[n].soort in WAARDEN)
        uit[naam] = WAARDEN[gevonden.elementen[naam].soort]
    for naam, kind in gevonden.elementen.items():
        if uit or naam in OVERSLAAN:
            continue
        if kind.soort in WAARDEN:
            uit[naam] = _in_lijst(kind, WAARDEN[kind.soort])
    return uit or None


def _fouten(element: Element, goed: Any) -> Iterator[Fout]:
    yield ("los", "type", goed) if element.lijst else ("lijst", "type", [goed])
    if not element.lijst:
        yield "twee", "cardinality", [goed, goed]
    if element.primitief:
        yield "object", "type", {"value": goed}
        yield ("getal", "type", 42) if isinstance(goed, str) else ("tekst", "type", "x")
        for naam, fout in FOUTE_WAARDEN.get(element.soort, {}).items():
            yield naam, "code" if naam == "code" else "type", fout
    elif element.soort == "CodeableConcept":
        yield "code", "code", {"coding": [_VREEMDE_CODING]}
        yield "alleen-tekst", "code", {"text": "tekst"}
    elif element.soort == "Coding":
        yield "code", "code", _VREEMDE_CODING
    elif element.soort == "Reference":
        for naam, doel in _DOELEN.items():
            yield naam, "target", {"reference": doel}
    else:
        yield "tekst", "type", "tekst"
        yield "leeg", "type", {}
