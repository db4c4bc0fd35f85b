"""Termijnen van de weg: gegevens met een norm, een eenheid, een begin en een eigenaar; en rekenen met werkdagen.

Bronnen per rij (kennis §3: Wmo 2015, Wegwijzer, normenkader, ALS-protocol). Een gemeente mag een termijn verkorten,
niet verlengen. Een wettelijke termijn die op een vrije dag eindigt, loopt door tot de volgende werkdag
(Algemene termijnenwet art. 1 en 3). Bewaakt niets zelf: de agenda van de opslag doet dat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays

from paspoort.aanvraag import Partij


class Eenheid(StrEnum):
    """Waarin een termijn telt."""

    WERKDAGEN = "werkdagen"
    DAGEN = "dagen"
    WEKEN = "weken"
    MAANDEN = "maanden"
    UREN = "uren"


class Begin(StrEnum):
    """De gebeurtenis waarna de termijn begint te lopen."""

    MELDING = "melding"
    AANVRAAG = "aanvraag"
    OPDRACHT = "opdracht"
    STORING = "storing"
    VERHUIZING = "verhuizing"
    PASSING = "passing"
    TOEKENNING = "toekenning"


@dataclass(frozen=True, slots=True)
class Termijn:
    """Eén regel: binnen `aantal` `eenheid` na `vanaf` doet `eigenaar` wat `naam` zegt."""

    code: str
    naam: str
    eigenaar: Partij
    aantal: int
    eenheid: Eenheid
    vanaf: Begin
    norm: str
    wettelijk: bool = False


_G, _L, _H = Partij.VERSTREKKER, Partij.LEVERANCIER, Partij.HOUDER

TERMIJNEN: dict[str, Termijn] = {
    t.code: t
    for t in (
        Termijn("bevestiging", "De melding bevestigen", _G, 3, Eenheid.DAGEN, Begin.MELDING, "W"),
        Termijn("persoonlijk-plan", "Het persoonlijk plan inleveren", _H, 1, Eenheid.WEKEN, Begin.MELDING, "W"),
        Termijn("onderzoek", "Het onderzoek afronden", _G, 6, Eenheid.WEKEN, Begin.MELDING, "Wmo 2.3.2", True),
        Termijn("beschikking", "Het besluit nemen", _G, 2, Eenheid.WEKEN, Begin.AANVRAAG, "Wmo 2.3.5", True),
        Termijn("eerste-contact", "De houder bellen", _L, 5, Eenheid.WERKDAGEN, Begin.OPDRACHT, "N4.3"),
        Termijn("spoedreparatie", "Helpen bij spoed", _L, 24, Eenheid.UREN, Begin.STORING, "N5.3"),
        Termijn("doorbetalen", "Doorbetalen na een verhuizing", _G, 2, Eenheid.MAANDEN, Begin.VERHUIZING, "S8.2"),
        Termijn("als-melding", "De melding doorzetten", _G, 10, Eenheid.WERKDAGEN, Begin.MELDING, "A"),
        Termijn("als-passing", "De passing plannen", _L, 5, Eenheid.WERKDAGEN, Begin.OPDRACHT, "A"),
        Termijn("als-levering", "Leveren uit voorraad", _L, 10, Eenheid.WERKDAGEN, Begin.PASSING, "A"),
        Termijn("als-levertijd", "Leveren met levertijd", _L, 30, Eenheid.WERKDAGEN, Begin.PASSING, "A"),
        Termijn("als-woning", "De woning aanpassen, enkelvoudig", _G, 40, Eenheid.WERKDAGEN, Begin.TOEKENNING, "A"),
        Termijn("als-woning-meer", "De woning aanpassen, meervoudig", _G, 60, Eenheid.WERKDAGEN, Begin.TOEKENNING, "A"),
    )
}


@dataclass(frozen=True, slots=True)
class LopendeTermijn:
    """Een termijn die begonnen is, met de laatste dag."""

    termijn: Termijn
    begonnen_op: date
    uiterlijk: date

    def in_woorden(self, vandaag: date) -> str:
        """Bijvoorbeeld “Nog 2 werkdagen” of “1 werkdag te laat”."""
        return in_woorden(self.uiterlijk, vandaag)


def is_werkdag(dag: date) -> bool:
    """Geen weekend en geen algemeen erkende feestdag (Algemene termijnenwet art. 3, met Goede Vrijdag en 5 mei)."""
    return dag.weekday() < 5 and dag not in _feestdagen(dag.year)


def plus_werkdagen(dag: date, aantal: int) -> date:
    """De zoveelste werkdag na een dag; 0 is de dag zelf, of de eerste werkdag daarna als hij vrij is."""
    if aantal == 0:
        return volgende_werkdag(dag)
    while aantal > 0:
        dag += timedelta(days=1)
        aantal -= is_werkdag(dag)
    return dag


def volgende_werkdag(dag: date) -> date:
    """De dag zelf als het een werkdag is, anders de eerste werkdag daarna."""
    while not is_werkdag(dag):
        dag += timedelta(days=1)
    return dag


def werkdagen_tussen(van: date, tot: date) -> int:
    """Werkdagen na `van` tot en met `tot`; negatief als `tot` voor `van` ligt."""
    if tot < van:
        return -werkdagen_tussen(tot, van)
    dagen = (tot - van).days
    return sum(is_werkdag(van + timedelta(days=n)) for n in range(1, dagen + 1))


def begin(code: str, op: date, verkort: Mapping[str, int] | None = None) -> LopendeTermijn:
    """Start een termijn uit `TERMIJNEN` op een dag. `verkort` is wat de verstrekker zelf korter belooft."""
    termijn = TERMIJNEN[code]
    korter = (verkort or {}).get(code)
    if korter is not None and 0 < korter < termijn.aantal:
        termijn = replace(termijn, aantal=korter)
    return LopendeTermijn(termijn, op, uiterlijk(termijn, op))


def uiterlijk(termijn: Termijn, begonnen_op: date) -> date:
    """De laatste dag van een termijn. De dag van de gebeurtenis telt niet mee."""
    if termijn.eenheid is Eenheid.WERKDAGEN:
        return plus_werkdagen(begonnen_op, termijn.aantal)
    if termijn.eenheid is Eenheid.MAANDEN:
        laatste = _plus_maanden(begonnen_op, termijn.aantal)
    elif termijn.eenheid is Eenheid.WEKEN:
        laatste = begonnen_op + timedelta(weeks=termijn.aantal)
    elif termijn.eenheid is Eenheid.UREN:
        laatste = begonnen_op + timedelta(days=-(-termijn.aantal // 24))
    else:
        laatste = begonnen_op + timedelta(days=termijn.aantal)
    return volgende_werkdag(laatste) if termijn.wettelijk else laatste


def in_woorden(laatste: date, vandaag: date) -> str:
    """De tekst van een termijn zoals een mens hem leest (beeld.md §4, termijnbadge)."""
    if laatste == vandaag:
        return "Vandaag de laatste dag"
    aantal = werkdagen_tussen(vandaag, laatste)
    eenheid = "werkdag" if abs(aantal) == 1 else "werkdagen"
    if laatste > vandaag:
        return f"Nog {aantal} {eenheid}"
    # Wie op zaterdag iets mist wat vrijdag af moest, is nog geen werkdag te laat, maar wel te laat.
    return f"{-aantal} {eenheid} te laat" if aantal else "Te laat"


@lru_cache(maxsize=64)
def _feestdagen(jaar: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NL", years=jaar, categories=("public", "optional")))


def _plus_maanden(dag: date, aantal: int) -> date:
    jaar, maand = divmod(dag.month - 1 + aantal, 12)
    eerste = date(dag.year + jaar, maand + 1, 1)
    volgende = date(eerste.year + eerste.month // 12, eerste.month % 12 + 1, 1)
    return min(eerste.replace(day=1) + timedelta(days=dag.day - 1), volgende - timedelta(days=1))
