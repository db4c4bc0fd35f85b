"""Een klein deel van FHIRPath: genoeg om de waarde van een zoekparameter uit een resource te halen.

Kent `a.b`, `a | b`, `waarde[x]`, `.where(veld='code')`, `.extension('id')` en `.resolve()`. Meer is er niet, en wat
er niet is, faalt bij het laden van de registry en niet bij een vraag. Bron: FHIR R4 search.html, fhirpath.html.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final

from paspoort.fhir.stelsels import extension
from server.fhir.request import Json

Oplosser = Callable[[str], Json | None]  # verwijzing → zichtbare inhoud
Stap = tuple[str, str, str]  # soort, naam, waarde

_WHERE: Final = re.compile(r"where\((\w+)='([^']*)'\)")
_EXTENSION: Final = re.compile(r"extension\('([\w-]+)'\)")
_VELD: Final = re.compile(r"\w+")
_KEUZE: Final = re.compile(r"(\w+)\[x\]")


@lru_cache(maxsize=1024)
def ontleed(expressie: str) -> tuple[tuple[Stap, ...], ...]:
    """De expressie als alternatieven van stappen. ValueError bij wat buiten deze deeltaal valt."""
    return tuple(tuple(_stap(s) for s in _splits(deel.strip())) for deel in expressie.split(" | "))


def _splits(deel: str) -> list[str]:
    stappen = re.findall(r"(?:[^.(]|\([^)]*\))+", deel)
    if not stappen:
        raise ValueError("lege zoekexpressie")
    return stappen


def _stap(tekst: str) -> Stap:
    if m := _WHERE.fullmatch(tekst):
        return ("where", m[1], m[2])
    if m := _EXTENSION.fullmatch(tekst):
        # Binnen een complexe extensie is de url het kale id; daarbuiten de volle URL. Beide tellen.
        return ("extension", extension(m[1]), m[1])
    if tekst == "resolve()":
        return ("resolve", "", "")
    if m := _KEUZE.fullmatch(tekst):
        return ("keuze", m[1], "")
    if _VELD.fullmatch(tekst):
        return ("veld", tekst, "")
    raise ValueError(f"onbekende stap in zoekexpressie: {tekst}")


def waarden(inhoud: Json, expressie: str, los_op: Oplosser) -> list[Any]:
    """Alle waarden waar de expressie heen wijst, lijsten uitgevouwen; leeg als er niets is."""
    uit: list[Any] = []
    for stappen in ontleed(expressie):
        nu: list[Any] = [inhoud]
        for stap in stappen:
            nu = [w for element in nu for w in _volg(element, stap, los_op)]
            if not nu:
                break
        uit.extend(nu)
    return uit


def _volg(element: Any, stap: Stap, los_op: Oplosser) -> Iterable[Any]:
    if not isinstance(element, dict):
        return ()
    soort, naam, waarde = stap
    if soort == "veld":
        return _lijst(element.get(naam))
    if soort == "keuze":
        return [
            w
            for k, v in element.items()
            if k.startswith(naam) and k[len(naam) : len(naam) + 1].isupper()
            for w in _lijst(v)
        ]
    if soort == "where":
        return (element,) if element.get(naam) == waarde else ()
    if soort == "extension":
        return [e for e in _lijst(element.get("extension")) if isinstance(e, dict) and e.get("url") in (naam, waarde)]
    verwijzing = element.get("reference")
    doel = los_op(verwijzing) if isinstance(verwijzing, str) else None
    return (doel,) if doel is not None else ()


def _lijst(waarde: Any) -> list[Any]:
    if waarde is None:
        return []
    return waarde if isinstance(waarde, list) else [waarde]
