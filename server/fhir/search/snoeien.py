"""`_elements` en `_summary`: een resource korter maken, zo dat zij geldig blijft en zegt dat zij onvolledig is.

Welke elementen een type heeft, welke verplicht zijn en welke bij de samenvatting horen, staat in `elementen.json`:
feiten uit de StructureDefinitions van FHIR R4 (4.0.1; `min` en `isSummary`). Kiest niet wie iets mag zien.
Bron: FHIR R4 search.html#elements, search.html#summary.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from paspoort.fhir.stelsels import OBSERVATION_VALUE, SUBSETTED
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.request import Json

SAMENVATTINGEN: Final = ("true", "text", "data", "count", "false")
# Wat altijd blijft: zonder deze is niet te zeggen welke resource het is of hoe zij gelezen moet worden.
ALTIJD: Final = frozenset({"resourceType", "id", "meta", "implicitRules", "modifierExtension"})

Boom = Mapping[str, Any]  # elementnaam → True (helemaal) of de boom daaronder


@dataclass(frozen=True, slots=True)
class Elementen:
    """De elementen van één type. Een keuze (`value[x]`) staat er als haar namen zonder `[x]`, in `keuzes`."""

    namen: frozenset[str]
    verplicht: frozenset[str]
    samenvatting: Boom
    keuzes: tuple[str, ...]

    def basis(self, naam: str) -> str:
        """Het element zoals de definitie het noemt: `birthDate` bij `_birthDate`, `value` bij `valueString`."""
        kaal = naam.removeprefix("_")
        if kaal in self.namen:
            return kaal
        return next((k for k in self.keuzes if kaal.startswith(k) and kaal[len(k) : len(k) + 1].isupper()), kaal)


def _laad() -> dict[str, Elementen]:
    bestand = json.loads((files(__package__ or "") / "elementen.json").read_text("utf-8"))
    return {naam: _elementen(rij) for naam, rij in bestand.items()}


def _elementen(rij: Json) -> Elementen:
    return Elementen(
        frozenset(n.removesuffix("[x]") for n in rij["elementen"]),
        frozenset(n.removesuffix("[x]") for n in rij["verplicht"]),
        {n.removesuffix("[x]"): boom for n, boom in rij["samenvatting"].items()},
        tuple(n.removesuffix("[x]") for n in rij["elementen"] if n.endswith("[x]")),
    )


ELEMENTEN: Final = _laad()


def lees_elements(type: str, waarde: str) -> tuple[str, ...]:
    """De namen uit `_elements`; `Type.element` mag ook. PaspoortFout `zoek-waarde` bij een naam die er niet is."""
    namen = tuple(n.strip().removeprefix(f"{type}.").removesuffix("[x]") for n in waarde.split(","))
    bekend = ELEMENTEN.get(type)
    if not all(namen) or (bekend is not None and not bekend.namen.issuperset(namen)):
        raise PaspoortFout(Melding("zoek-waarde", "_elements", {"naam": "_elements"}))
    return namen


def lees_snoei(type: str, query: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...] | None, str]:
    """(`elements`, `summary`) uit een query, om aan `snoei` te geven. PaspoortFout `zoek-waarde`."""
    elements: tuple[str, ...] | None = None
    summary = "false"
    for naam, waarde in query:
        if naam == "_elements":
            elements = (*(elements or ()), *lees_elements(type, waarde))
        elif naam == "_summary":
            if waarde not in SAMENVATTINGEN:
                raise PaspoortFout(Melding("zoek-waarde", naam, {"naam": naam}))
            summary = waarde
    return elements, summary


def snoei(inhoud: Json, *, elements: tuple[str, ...] | None, summary: str) -> Json:
    """De resource met alleen wat gevraagd is en wat verplicht is; draagt dan SUBSETTED in meta.tag.

    Verandert de invoer niet. Zonder wens (`elements` None en `summary` "false" of "count") komt zij zelf terug.
    Een type zonder definitie hier (een antwoord van een operatie) blijft heel.
    """
    bekend = ELEMENTEN.get(str(inhoud.get("resourceType")))
    if bekend is None or (elements is None and summary in ("false", "count")):
        return inhoud
    uit = inhoud
    if summary == "text":
        uit = _houd(uit, bekend, bekend.verplicht | {"text"})
    elif summary == "data":
        uit = {naam: w for naam, w in uit.items() if naam != "text"}
    elif summary == "true":
        uit = _houd(uit, bekend, bekend.samenvatting.keys())
        uit = {naam: _tak(w, bekend.samenvatting.get(bekend.basis(naam), True)) for naam, w in uit.items()}
    if elements is not None:
        uit = _houd(uit, bekend, bekend.verplicht | set(elements))
    return _gemerkt(uit)


def _houd(inhoud: Json, bekend: Elementen, namen: Iterable[str]) -> Json:
    blijft = ALTIJD | set(namen)
    return {naam: w for naam, w in inhoud.items() if bekend.basis(naam) in blijft}


def _tak(waarde: Any, boom: Boom | bool) -> Any:
    """Wat van een samengesteld element bij de samenvatting hoort."""
    if not isinstance(boom, Mapping):
        return waarde
    if isinstance(waarde, list):
        return [_tak(w, boom) for w in waarde]
    if not isinstance(waarde, dict):
        return waarde
    namen = {n.removesuffix("[x]"): t for n, t in boom.items()}
    keuzes = tuple(n.removesuffix("[x]") for n in boom if n.endswith("[x]"))
    plek = Elementen(frozenset(namen), frozenset(), namen, keuzes)
    over = {
        n: _tak(w, namen.get(plek.basis(n), True))
        for n, w in waarde.items()
        if plek.basis(n) in namen or n in ("id", "modifierExtension")
    }
    # Een leeg element mag niet (ele-1): dan liever het hele element.
    return over if over.keys() - {"id"} else waarde


def _gemerkt(inhoud: Json) -> Json:
    merk = {"system": OBSERVATION_VALUE, "code": SUBSETTED}
    meta = dict(inhoud.get("meta") or {})
    meta["tag"] = [t for t in meta.get("tag") or () if t != merk] + [merk]
    kop: Json = {n: inhoud[n] for n in ("resourceType", "id") if n in inhoud}
    return {**kop, "meta": meta, **{n: w for n, w in inhoud.items() if n not in kop and n != "meta"}}
