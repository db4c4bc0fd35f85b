"""Kan de houder dit lezen? Een maat voor taalniveau B1: korte zinnen, weinig lange en moeilijke woorden.

Grenzen naar de schrijfwijzer van de overheid voor B1 (zinnen van gemiddeld 10 tot 15 woorden, geen vaktaal). Oordeelt
over een zin, niet over de schrijver: hoogstens één vraag per tekst, over de zin die het meest tegenzit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from paspoort.adviescheck_woorden import Tekst, Uitdrukkingen, Woord, gegevens, kaal, ontleed, zinnen

LANGE_ZIN: Final = 25  # woorden
LANG_WOORD: Final = 14  # letters
VEEL_LANG: Final = 3  # zoveel lange woorden in één zin
TONEN: Final = 90  # zoveel tekens van de zin in de melding


@dataclass(frozen=True, slots=True)
class Leespunt:
    """Eén punt: welke melding en met welke woorden."""

    code: str
    waarden: dict[str, str]


@dataclass(frozen=True, slots=True)
class Leestaal:
    """Vaktaal met gewone woorden ervoor, en lange woorden die iedereen kent."""

    vaktaal: Uitdrukkingen
    liever: dict[str, str]
    bekend: frozenset[str]


@lru_cache(maxsize=1)
def leestaal() -> Leestaal:
    """De woordenlijst van het project, één keer gelezen."""
    d = gegevens("leesbaar")
    return Leestaal(
        vaktaal=Uitdrukkingen(d["vaktaal"]),
        liever=dict(d["vaktaal"]),
        bekend=frozenset(kaal(w) for w in d["bekende_lange_woorden"]),
    )


def moeilijk(leestekst: str | Tekst) -> tuple[Leespunt, ...]:
    """Hoogstens twee punten: de moeilijkste zin, en de vaktaal met gewone woorden ervoor. Leeg als de tekst gaat."""
    tekst, alle = ontleed(leestekst)
    if not alle:
        return ()
    taal = leestaal()
    punten: list[Leespunt] = []
    lang: tuple[int, str] | None = None
    zwaar: tuple[int, str, str] | None = None
    for gegeven in zinnen(alle):
        zin = tekst[gegeven[0].begin : gegeven[-1].einde]
        if len(gegeven) > LANGE_ZIN and (lang is None or len(gegeven) > lang[0]):
            lang = len(gegeven), zin
        moeizaam = _lange_woorden(gegeven, taal)
        if len(moeizaam) >= VEEL_LANG and (zwaar is None or len(moeizaam) > zwaar[0]):
            zwaar = len(moeizaam), zin, ", ".join(moeizaam[:4])
    if lang is not None:
        punten.append(Leespunt("zin-te-lang", {"aantal": str(lang[0]), "zin": _kort(lang[1])}))
    elif zwaar is not None:
        punten.append(Leespunt("zin-te-moeilijk", {"gevonden": zwaar[2], "zin": _kort(zwaar[1])}))
    vaktaal = dict.fromkeys(t.uitdrukking for t in taal.vaktaal.vind(tekst, alle))
    if vaktaal:
        punten.append(
            Leespunt(
                "tekst-vaktaal",
                {
                    "gevonden": ", ".join(list(vaktaal)[:3]),
                    "liever": "; ".join(f"{w}: {taal.liever[w]}" for w in list(vaktaal)[:3]),
                },
            )
        )
    return tuple(punten)


def _lange_woorden(gegeven: Sequence[Woord], taal: Leestaal) -> list[str]:
    """Lange woorden die niet van alledag zijn; een samenstelling met een bekend woord is dat wel."""
    return [
        w.tekst
        for w in gegeven
        if len(w.kaal) >= LANG_WOORD and not any(b in w.kaal for b in taal.bekend) and w.kaal.isalpha()
    ]


def _kort(zin: str) -> str:
    """Het begin van de zin, op een woord afgebroken."""
    return zin if len(zin) <= TONEN else zin[:TONEN].rsplit(" ", 1)[0] + " …"
