"""Hoe dingen heten op een bladzijde: hulpmiddelen, wie betaalt, hoe lang iets geldt. Tekst B1, met u.

Alleen woorden bij codes van het domein; wat er waar staat, weten de bladzijden. Voor professionals: `werkwoorden.py`.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from paspoort.fhir.stelsels import ISO9999
from paspoort.hulpmiddel import Hulpmiddel, Stelsel, Toekenning, Toekenningsoort, Verstrekkingsvorm
from web.bladzijde import dag

# De tekeningen in static/iconen.svg; een fijnere klasse gaat voor.
TEKENINGEN: Final = frozenset(
    {"04", "05", "06", "09", "12", "12-06", "12-36", "15", "18", "18-30", "22", "24", "27", "28", "30"}
)
# Bij wat wij niet kennen: het teken van het paspoort zelf.
ONBEKENDE_TEKENING: Final = "12"
TEKENING_BIJ_CATEGORIE: Final = {"11": "12", "12": "12", "13A04": "12-36", "13": "18", "14": "24"}
WETTEN: Final = {
    Stelsel.WMO: "Volgens de Wet maatschappelijke ondersteuning (Wmo)",
    Stelsel.ZVW: "Volgens de Zorgverzekeringswet (Zvw)",
    Stelsel.WLZ: "Volgens de Wet langdurige zorg (Wlz)",
    Stelsel.UWV: "Via het UWV, voor werk of opleiding",
    Stelsel.EIGEN: "U betaalde het zelf",
}
VORMEN: Final = {
    Verstrekkingsvorm.NATURA: "U kreeg het hulpmiddel zelf",
    Verstrekkingsvorm.PGB: "U kreeg geld om het te kopen (pgb)",
    Verstrekkingsvorm.TEGEMOETKOMING: "U kreeg een deel van het geld",
}
# Waarvoor iemand meeleest, per doel van een toestemming.
WAARVOOR: Final = {
    "onderzoek": "Om uw vraag te onderzoeken",
    "herhaalverzoek": "Om uw vraag om vervanging te behandelen",
    "advies": "Om een advies te schrijven",
    "levering": "Om uw hulpmiddel te leveren",
    "reparatie": "Om uw hulpmiddel te repareren",
    "afstemming": "Om het advies samen te bespreken",
    "verhuizing": "Om uw hulpmiddelen mee te nemen als u verhuist",
}


@cache
def codes(stelsel: str) -> dict[str, str]:
    """De codes van ons codestelsel met hun Nederlandse naam, in volgorde."""
    tekst = files("fhir_profiles").joinpath("CodeSystem", f"{stelsel}.json").read_text("utf-8")
    return {c["code"]: c["display"] for c in json.loads(tekst)["concept"]}


def naam_van(hulpmiddel: Hulpmiddel | None) -> str:
    """Hoe de houder het noemt, anders wat het is."""
    if hulpmiddel is None:
        return "Hulpmiddel"
    soort = next((s.tekst for s in hulpmiddel.soorten if s.tekst), None)
    return hulpmiddel.naam or soort or codes("categorie").get(hulpmiddel.categorie or "", "Hulpmiddel")


def tekening_van(hulpmiddel: Hulpmiddel | None) -> str:
    """Welke tekening erbij hoort: op ISO 9999, anders op de categorie."""
    if hulpmiddel is None:
        return ONBEKENDE_TEKENING
    for soort in hulpmiddel.soorten:
        if soort.stelsel == ISO9999:
            for kandidaat in (soort.code.replace(" ", "-")[:5], soort.code[:2]):
                if kandidaat in TEKENINGEN:
                    return kandidaat
    categorie = hulpmiddel.categorie or ""
    passend = [begin for begin in TEKENING_BIJ_CATEGORIE if categorie.startswith(begin)]
    return TEKENING_BIJ_CATEGORIE[max(passend, key=len)] if passend else ONBEKENDE_TEKENING


def duur(toekenning: Toekenning | None, vandaag: date) -> tuple[str, str]:
    """Hoe lang een toekenning geldt, en wat dat betekent."""
    if toekenning is None:
        return "Dat weten wij niet", "Hebt u een brief? Zet er een foto van in uw paspoort."
    if toekenning.soort is Toekenningsoort.OPEN:
        return "Zonder einddatum", "U houdt er recht op zolang u het nodig hebt."
    if toekenning.soort is Toekenningsoort.EVALUATIEMOMENT:
        return f"Tot een gesprek op {dag(toekenning.tot)}", "Dan kijkt u samen of het goed gaat. Uw recht stopt niet."
    voorbij = not toekenning.loopt_op(vandaag)
    return f"Tot {dag(toekenning.tot)}", "Die datum is voorbij." if voorbij else "Vraag op tijd een nieuw besluit."


def met_kleine_letter(tekst: str) -> str:
    """Voor midden in een zin; een afkorting blijft groot."""
    return tekst if tekst[:2].isupper() else tekst[:1].lower() + tekst[1:]
