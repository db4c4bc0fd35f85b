"""Welke weg een vraag waarschijnlijk gaat, in woorden voor de houder: een verwachting, nooit een belofte.

Leest de GuidanceResponse van `$herhaaltoets`; rekent zelf niets. Noemt wat nog niet klopt en wie dat kan aanvullen.
Bron: herhaaltoets.md (*Routes*), docs/fhir-afbeelding.md (*Uitslag*).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.waarden import deel, ext, extensies

WEGEN: Final = {
    "leverancier-direct": ("Uw leverancier kan waarschijnlijk meteen beginnen.", "Er is geen nieuw besluit nodig."),
    "doorzetten": ("{wie} kan uw vraag waarschijnlijk meteen doorzetten.", "Er is geen nieuw onderzoek nodig."),
    "akkoord-casemanager": ("{wie} moet het waarschijnlijk eerst goedvinden.", "Een nieuw onderzoek is niet nodig."),
    "verkort-onderzoek": ("{wie} stelt u waarschijnlijk een paar vragen.", "Alleen over wat anders of onbekend is."),
    "onderzoek": ("{wie} onderzoekt uw vraag waarschijnlijk eerst.", "Wat u al vertelde, vragen wij niet nog eens."),
}
WIE: Final = {"houder": "U", "verstrekker": "{wie}", "leverancier": "Uw leverancier", "therapeut": "Uw therapeut"}


@dataclass(frozen=True, slots=True)
class Ontbreekt:
    """Wat nog niet bekend is, en wie het kan aanvullen."""

    tekst: str
    wie: str


@dataclass(frozen=True, slots=True)
class Tegen:
    """Een grond die niet klopt of onbekend is."""

    tekst: str
    uitkomst: str


@dataclass(frozen=True, slots=True)
class Verwachting:
    """De verwachte weg. `bespaard` zijn vragen die het paspoort al beantwoordt."""

    zin: str
    uitleg: str
    beslist: str
    tegen: tuple[Tegen, ...]
    ontbreekt: tuple[Ontbreekt, ...]
    bespaard: int
    gevraagd: int


def verwachting(guidance: Json, wie: str) -> Verwachting:
    """De uitslag in woorden; `wie` is de organisatie die beslist."""
    zin, uitleg = WEGEN.get(_tekst(ext(guidance, "route", "valueCode")), WEGEN["onderzoek"])
    gronden = [
        (_tekst(deel(e, "tekst", "valueString")), _tekst(deel(e, "uitkomst", "valueCode")))
        for e in extensies(guidance, "grond")
    ]
    return Verwachting(
        zin=zin.format(wie=wie),
        uitleg=uitleg,
        beslist=f"Dit is een verwachting. {wie} beslist.",
        tegen=tuple(Tegen(t, u) for t, u in gronden if u != "ja"),
        ontbreekt=tuple(
            Ontbreekt(
                _tekst(deel(e, "tekst", "valueString")),
                WIE.get(_tekst(deel(e, "wie", "valueString")), "{wie}").format(wie=wie),
            )
            for e in extensies(guidance, "ontbreekt")
        ),
        bespaard=int(ext(guidance, "bespaarde-vragen", "valueInteger") or 0),
        gevraagd=int(ext(guidance, "gevraagde-vragen", "valueInteger") or 0),
    )


def _tekst(waarde: Any) -> str:
    return waarde if isinstance(waarde, str) else ""
