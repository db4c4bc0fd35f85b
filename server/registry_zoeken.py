"""Waarop te zoeken is: elke zoekparameter van FHIR R4 (4.0.1) op onze types, en die van ons erbij.

Naam, soort, expressie en doelen zijn die van de specificatie en staan als gegevens in `registry_zoeken.json`; van een
expressie die R4 voor meer types samen geeft, staat er het deel van dit type. Wat R4 niet heeft, komt uit onze eigen
SearchParameter-resources in `fhir_profiles/SearchParameter`: een parameter erbij is daar een bestand erbij.
Voert niets uit: dat doet `server/fhir/search`. Bron: R4 searchparameter-registry.html.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

HL7: Final = "http://hl7.org/fhir/SearchParameter/"
ALLE_TYPES: Final = "*"


@dataclass(frozen=True, slots=True)
class SearchParam:
    """Eén zoekparameter van één type (`base`).

    `target` alleen bij `reference` ("*" = elk type); `system` het stelsel dat een `code` stilzwijgend heeft;
    `component` alleen bij `composite`, met expressies vanaf het element dat `expression` vindt.
    """

    name: str
    type: str
    expression: str
    target: tuple[str, ...] = ()
    definition: str = ""
    base: str = ""
    system: str = ""
    component: tuple[SearchParam, ...] = ()

    def wijst_naar(self, type: str) -> bool:
        """Of deze verwijzing naar dit type kan wijzen."""
        return type in self.target or ALLE_TYPES in self.target


# Het stilzwijgende stelsel van een `code` in onze eigen parameters; R4 zegt het in de binding van het element.
STELSELS: Final = {
    "http://hulpmiddelenpaspoort.nl/fhir/SearchParameter/DeviceUseStatement-status": (
        "http://hl7.org/fhir/device-statement-status"
    ),
}


def _lees(bestand: str) -> Any:
    return json.loads((files(__package__ or "") / bestand).read_text("utf-8"))


def _parameter(base: str, rij: Mapping[str, Any]) -> SearchParam:
    return SearchParam(
        rij["name"],
        rij["type"],
        rij["expression"],
        tuple(rij.get("target", ())),
        HL7 + rij.get("definition", f"{base}-{rij['name']}"),
        base,
        rij.get("system", ""),
        tuple(SearchParam("", c["type"], c["expression"], base=base) for c in rij.get("component", ())),
    )


def _eigen() -> Iterable[SearchParam]:
    """Onze SearchParameters. ValueError als er een bij R4 al bestaat: dan is de onze er een te veel."""
    for bestand in sorted((files("fhir_profiles") / "SearchParameter").iterdir(), key=lambda b: b.name):
        r = json.loads(bestand.read_text("utf-8"))
        for base in r["base"]:
            if any(p.name == r["code"] for p in _R4.get(base, ())):
                raise ValueError(f"zoekparameter {base}-{r['code']} staat al in R4")
            yield SearchParam(
                r["code"],
                r["type"],
                r["expression"],
                tuple(r.get("target", ())),
                r["url"],
                base,
                STELSELS.get(r["url"], ""),
            )


_BESTAND: Final = _lees("registry_zoeken.json")
_R4: Final = {base: tuple(_parameter(base, rij) for rij in rijen) for base, rijen in _BESTAND["parameters"].items()}
_EIGEN: Final = tuple(_eigen())

# Elementen met een keuze van type (`value[x]`): pad → de types. Voor het uitvoeren van expressies.
KEUZES: Final[Mapping[str, tuple[str, ...]]] = {pad: tuple(t) for pad, t in _BESTAND["keuzes"].items()}

# Het Patient-compartiment van R4, en wat bij ons ook bij één paspoort hoort (toegang.md §5): Device en Task.
PATIENT_COMPARTIMENT: Final[Mapping[str, tuple[str, ...]]] = {
    **{type_: tuple(namen) for type_, namen in _BESTAND["patient"].items()},
    "Device": ("patient",),
    "Task": ("patient",),
}

# FHIR R4 search.html#all. `_id` en `_lastUpdated` ook als de resource zelf ze niet draagt: de opslag vult ze.
GEMEENSCHAPPELIJK: Final = tuple(
    SearchParam(naam, soort, f"Resource.{expressie}", definition=f"{HL7}Resource-{naam[1:]}", base="Resource")
    for naam, soort, expressie in (
        ("_id", "token", "id"),
        ("_lastUpdated", "date", "meta.lastUpdated"),
        ("_tag", "token", "meta.tag"),
        ("_profile", "uri", "meta.profile"),
        ("_security", "token", "meta.security"),
        ("_source", "uri", "meta.source"),
    )
)


def parameters_van(type: str) -> tuple[SearchParam, ...]:
    """Alle parameters van een type behalve de gemeenschappelijke, op naam."""
    alle = (*_R4.get(type, ()), *(p for p in _EIGEN if p.base == type))
    return tuple(sorted(alle, key=lambda p: p.name))
