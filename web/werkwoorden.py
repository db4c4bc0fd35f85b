"""Codes en data in de woorden van een professional. Alleen tabellen en opzoeken; voor de houder: `woorden.py`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Final

STELSELS: Final[Mapping[str, str]] = {
    "wmo": "Wmo",
    "zvw": "Zvw",
    "wlz": "Wlz",
    "uwv": "UWV",
    "eigen": "Zelf",
}
MAANDEN_KORT: Final = ("Jan", "Feb", "Mrt", "Apr", "Mei", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dec")

# route → (kort in een lijst, als kop van het voorstel)
ROUTES: Final[Mapping[str, tuple[str, str]]] = {
    "leverancier-direct": ("Leverancier regelt het", "De leverancier regelt het zelf, geen nieuwe beschikking"),
    "doorzetten": ("Doorzetten", "Doorzetten naar de leverancier, geen nieuwe beschikking"),
    "akkoord-casemanager": ("Uw akkoord", "Doorzetten na uw akkoord"),
    "verkort-onderzoek": ("Kort onderzoek", "Kort onderzoek naar wat er veranderd is"),
    "onderzoek": ("Onderzoek", "Volledig onderzoek"),
}
UITKOMSTEN: Final[Mapping[str, str]] = {
    "doorgezet": "Doorzetten naar de leverancier",
    "toegekend": "Toekennen, met een nieuw besluit",
    "gewijzigd": "Het lopende besluit wijzigen",
    "verlengd": "Het lopende besluit verlengen",
    "bedrag": "Een bedrag toekennen",
    "afgewezen": "Afwijzen",
}
UITKOMST_VOORBIJ: Final[Mapping[str, str]] = {
    "doorgezet": "Doorgezet",
    "toegekend": "Toegekend",
    "gewijzigd": "Besluit gewijzigd",
    "verlengd": "Besluit verlengd",
    "bedrag": "Bedrag toegekend",
    "afgewezen": "Afgewezen",
}
WIJZIGINGEN: Final[Mapping[str, str]] = {
    "ongewijzigd": "Er is niets veranderd",
    "veranderd": "Er is iets veranderd",
    "nieuw": "Nieuwe vraag",
}
TOEKENNINGEN: Final[Mapping[str, str]] = {
    "open": "Open einde",
    "evaluatiemoment": "Met evaluatiemoment",
    "einddatum": "Met einddatum",
}
VORMEN: Final[Mapping[str, str]] = {"natura": "natura", "pgb": "pgb", "tegemoetkoming": "tegemoetkoming"}
CONTRACTEN: Final[Mapping[str, str]] = {"huur": "gehuurd", "koop": "gekocht"}
PARTIJEN: Final[Mapping[str, str]] = {
    "houder": "de cliënt",
    "verstrekker": "u",
    "leverancier": "de leverancier",
    "therapeut": "de adviseur",
}
ORGANISATIES: Final[Mapping[str, str]] = {
    "gemeente": "gemeente",
    "gr": "gemeente",
    "zorgkantoor": "zorgkantoor",
    "zorgverzekeraar": "verzekeraar",
    "uwv": "UWV",
    "leverancier": "leverancier",
    "zorgpraktijk": "praktijk",
}
# doel van een toestemming, zoals een professional het leest
DOELEN: Final[Mapping[str, str]] = {
    "onderzoek": "het onderzoek",
    "herhaalverzoek": "het herhaalverzoek",
    "advies": "het functioneel advies",
    "levering": "de levering",
    "reparatie": "de reparatie",
    "afstemming": "het overleg over het advies",
    "verhuizing": "de verhuizing",
}
# gegevensgroep in een of twee woorden
GROEPEN: Final[Mapping[str, str]] = {
    "gezondheid": "ziekte",
    "functioneren": "functioneren",
    "advies": "hulpvraag",
    "plan": "plan",
    "financieel": "bedragen",
    "persoon": "geboortedatum",
    "maten": "maten",
    "omgeving": "woning en vervoer",
    "bsn": "BSN",
    "ervaringen": "ervaringen",
    "documenten": "andere documenten",
    "besluiten": "besluiten",
    "verzoeken": "verzoeken",
    "eisen": "eisen",
    "hulpmiddelen": "hulpmiddelen",
    "contact": "adres en telefoon",
    "voortgang": "voortgang",
}
HERKOMSTEN: Final[Mapping[str, str]] = {
    "zelf": "Zelf opgegeven",
    "document": "Van papier",
    "import": "Overgenomen uit een bestand",
    "bevestigd": "Bevestigd",
    "bron": "Van een professional",
}


def maand(dag: date) -> str:
    """`Okt 2026`, voor een smalle kolom."""
    return f"{MAANDEN_KORT[dag.month - 1]} {dag.year}"


@lru_cache(maxsize=1)
def _categorieen() -> Mapping[str, str]:
    stelsel = json.loads((files("fhir_profiles") / "CodeSystem" / "categorie.json").read_text("utf-8"))
    return {c["code"]: c["display"] for c in stelsel["concept"]}


def categorie(code: str | None) -> str:
    """De naam van een productcategorie; de code zelf als wij haar niet kennen, leeg zonder code."""
    return _categorieen().get(code or "", code or "")


def opsomming(delen: Iterable[str]) -> str:
    """`a, b en c`."""
    lijst = list(delen)
    return lijst[0] if len(lijst) == 1 else f"{', '.join(lijst[:-1])} en {lijst[-1]}" if lijst else ""


def kapitaal(tekst: str) -> str:
    """De eerste letter groot, de rest zoals zij was."""
    return tekst[:1].upper() + tekst[1:]
