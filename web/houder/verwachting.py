"""Welke weg een vraag waarschijnlijk gaat, in woorden voor de houder: een verwachting, nooit een belofte.

Leest de GuidanceResponse van `$herhaaltoets`; rekent zelf niets. Noemt wat nog niet klopt en wie dat kan aanvullen.
Bron: herhaaltoets.md (*Routes*), docs/fhir-afbeelding.md (*Uitslag*).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.waarden import deel, ext, extensies
from paspoort.herhaaltoets.gronden import GRONDEN

WEGEN: Final = {
    "leverancier-direct": ("Uw leverancier kan waarschijnlijk meteen beginnen.", "Er is geen nieuw besluit nodig."),
    "doorzetten": ("{wie} kan uw vraag waarschijnlijk meteen doorzetten.", "Er is geen nieuw onderzoek nodig."),
    "akkoord-casemanager": ("{wie} moet het waarschijnlijk eerst goedvinden.", "Een nieuw onderzoek is niet nodig."),
    "verkort-onderzoek": ("{wie} stelt u waarschijnlijk een paar vragen.", "Alleen over wat anders of onbekend is."),
    "onderzoek": ("{wie} onderzoekt uw vraag waarschijnlijk eerst.", "Wat u al vertelde, vragen wij niet nog eens."),
}
# Per grond wat er in gewone woorden aan de hand is: als het niet klopt, en als niemand het weet. De woorden van de
# toets zelf (norm, categorie, natura) zijn voor wie beslist.
GEWOON: Final = {
    "lopend": ("Er loopt geen besluit over dit hulpmiddel.", "Wij weten niet of uw besluit nog geldt."),
    "bekend": ("{wie} kent u nog niet.", "Wij weten niet of {wie} u al kent."),
    "ongewijzigd": ("U zei dat er iets veranderd is.", "U zei niet of er iets veranderd is."),
    "niet-nieuw": ("U vraagt iets nieuws.", "U zei niet of u iets nieuws vraagt."),
    "past-bij-huur": ("Dit valt niet onder de huur.", "Wij weten niet of dit onder de huur valt."),
    "zelfde-categorie": ("U vraagt een ander soort hulpmiddel.", "Wij weten niet welk soort hulpmiddel het is."),
    "categorie-onderbouwd": ("Er staat niet waarom een ander soort nodig is.",) * 2,
    "blijvend": ("Misschien hebt u het niet altijd nodig.", "Er staat niet of u het altijd nodig hebt."),
    "geen-tegenspraak": ("Er staat iets nieuws in uw paspoort.", "Wij kunnen niet vergelijken met vroeger."),
    "advies": ("Er is geen advies dat nu geldt.", "Wij weten niet of uw advies nog geldt."),
    "natura": ("U kreeg geld, en niet het hulpmiddel zelf.", "Wij weten niet of u het hulpmiddel kreeg, of geld."),
    "huur": ("Het hulpmiddel is niet gehuurd.", "Wij weten niet of het gehuurd is."),
    "contract": ("Wij weten niet of het gehuurd of gekocht is.",) * 2,
    "aanpassing": ("Voor deze aanpassing is geen prijs afgesproken.", "Wij weten niet of hier een prijs voor is."),
    "levensduur": ("Het hulpmiddel kan nog langer mee.", "Wij weten niet hoe lang het hulpmiddel meegaat."),
    "geen-koop": ("Het hulpmiddel is gekocht.", "Wij weten niet of het gekocht is."),
    "afgekeurd": ("De leverancier keurde het niet af.", "Wij weten niet of het is afgekeurd."),
    "afroep": ("Het staat niet in een plan.", "Wij weten niet of het in een plan staat."),
    "beleid": ("{wie} onderzoekt elke vraag.",) * 2,
}
AANVULLEN: Final = {
    "vorm": "Kreeg u het hulpmiddel zelf, of geld? Dat is niet bekend.",
    "categorie": "Het is niet bekend welk soort hulpmiddel het is.",
    "toekenning": "Het besluit is nog niet bevestigd.",
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
    gronden = [(e, _tekst(deel(e, "uitkomst", "valueCode"))) for e in extensies(guidance, "grond")]
    return Verwachting(
        zin=zin.format(wie=wie),
        uitleg=uitleg,
        beslist=f"Dit is een verwachting. {wie} beslist.",
        tegen=tuple(Tegen(_gewoon(e, u).format(wie=wie), u) for e, u in gronden if u != "ja"),
        ontbreekt=tuple(
            Ontbreekt(
                AANVULLEN.get(_tekst(deel(e, "feit", "valueString"))) or _tekst(deel(e, "tekst", "valueString")),
                WIE.get(_tekst(deel(e, "wie", "valueString")), "{wie}").format(wie=wie),
            )
            for e in extensies(guidance, "ontbreekt")
        ),
        bespaard=int(ext(guidance, "bespaarde-vragen", "valueInteger") or 0),
        gevraagd=int(ext(guidance, "gevraagde-vragen", "valueInteger") or 0),
    )


def _gewoon(grond: Json, uitkomst: str) -> str:
    """In de uitslag staat het feit; welke grond het was, zegt het begin van de tekst."""
    tekst = _tekst(deel(grond, "tekst", "valueString"))
    code = next((g.code for g in GRONDEN.values() if tekst.startswith(g.klopt_niet)), None)
    return GEWOON[code][uitkomst == "onbekend"] if code else tekst


def _tekst(waarde: Any) -> str:
    return waarde if isinstance(waarde, str) else ""
