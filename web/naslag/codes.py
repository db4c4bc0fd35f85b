"""Een codestelsel of waardelijst uitgeklapt tot codes met naam en uitleg.

Een deel dat niet hier uit te klappen is (SNOMED CT, UCUM) staat er als één regel. FHIR R4 §4.8 en §4.9.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from server.fhir.request import Json
from web.naslag.bibliotheek import Bibliotheek, Link
from web.naslag.codenamen import naam_van


@dataclass(frozen=True, slots=True)
class Code:
    """Eén code; `niveau` telt hoe diep zij onder een andere hangt."""

    code: str
    naam: str
    uitleg: str
    niveau: int = 0


@dataclass(frozen=True, slots=True)
class Codegroep:
    """Codes uit één stelsel. `open`: het stelsel heeft meer codes dan hier staan, of wij kennen ze niet."""

    stelsel: Link
    systeem: str
    codes: tuple[Code, ...]
    open: str = ""

    @property
    def kaal(self) -> bool:
        """Of er alleen codes staan, zonder naam of uitleg."""
        return not any(c.naam or c.uitleg for c in self.codes)


def van_stelsel(definitie: Json) -> tuple[Code, ...]:
    """Alle codes van een CodeSystem."""
    return tuple(_codes(definitie.get("concept", ()), 0))


def van_lijst(definitie: Json, bibliotheek: Bibliotheek) -> tuple[Codegroep, ...]:
    """Alle codes van een ValueSet, per stelsel."""
    compose = definitie.get("compose", {})
    groepen = [g for deel in compose.get("include", ()) for g in _deel(deel, bibliotheek)]
    zonder = {(d.get("system"), c["code"]) for d in compose.get("exclude", ()) for c in d.get("concept", ())}
    if not zonder:
        return tuple(groepen)
    return tuple(
        Codegroep(g.stelsel, g.systeem, tuple(c for c in g.codes if (g.systeem, c.code) not in zonder), g.open)
        for g in groepen
    )


def _deel(deel: Mapping[str, Any], bibliotheek: Bibliotheek) -> Iterator[Codegroep]:
    for andere in deel.get("valueSet", ()):
        stuk = bibliotheek.op_url.get(andere.partition("|")[0])
        if stuk is not None:
            yield from van_lijst(stuk.inhoud, bibliotheek)
        else:
            yield Codegroep(bibliotheek.link(andere), andere, (), "Alle codes van deze lijst.")
    stelsel = deel.get("system")
    if stelsel is None:
        return
    eigen = bibliotheek.op_url.get(stelsel)
    bekend = {c.code: c for c in van_stelsel(eigen.inhoud)} if eigen else {}
    if "concept" in deel:
        codes = tuple(_gekozen(c, bekend, stelsel) for c in deel["concept"])
        yield Codegroep(bibliotheek.link(stelsel), stelsel, codes)
    elif eigen and "filter" not in deel:
        yield Codegroep(bibliotheek.link(stelsel), stelsel, tuple(bekend.values()))
    else:
        filters = "; ".join(f"{f['property']} {f['op']} {f['value']}" for f in deel.get("filter", ()))
        yield Codegroep(
            bibliotheek.link(stelsel), stelsel, (), f"Codes waarvoor geldt: {filters}." if filters else "Elke code."
        )


def _gekozen(begrip: Mapping[str, Any], bekend: Mapping[str, Code], stelsel: str) -> Code:
    """Een code die de lijst zelf noemt: haar Nederlandse naam, anders die van het stelsel."""
    code = str(begrip["code"])
    nederlands = next((d["value"] for d in begrip.get("designation", ()) if d.get("language") == "nl"), "")
    van_stelsel_ = bekend.get(code, Code(code, "", ""))
    naam = nederlands or naam_van(stelsel, code) or str(begrip.get("display", "")) or van_stelsel_.naam
    return Code(code, naam, van_stelsel_.uitleg)


def _codes(begrippen: Iterable[Mapping[str, Any]], niveau: int) -> Iterator[Code]:
    for b in begrippen:
        yield Code(str(b["code"]), str(b.get("display", "")), str(b.get("definition", "")), niveau)
        yield from _codes(b.get("concept", ()), niveau + 1)
