"""Noemt een tekst een ziekte? De eigen diagnosen in elke vorm, en ziekten die niet in het paspoort staan.

De leverancier leest de eisen en mag niet weten wat iemand heeft (toegang.md §2, groep gezondheid). Een eigen diagnose
is herkenbaar aan de hele term, een kenmerkend woord met zijn verbuigingen en samenstellingen, haar afkorting, en de
andere namen van dezelfde ziekte (`gegevens/ziekten.json`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from paspoort.adviescheck_woorden import Tekst, Uitdrukkingen, Woord, gegevens, kaal, ontleed

KENMERKEND: Final = 6  # vanaf zoveel letters zegt een los woord uit een diagnose iets
STAART: Final = 3  # zoveel letters aan het eind mogen anders zijn: epilepsie, epileptisch
UITGANGEN: Final = (
    "en",
    "s",
    "e",
    "isch",
    "ische",
    "er",
    "ie",
    "ief",
    "ieve",
    "tisch",
    "tische",
    "icus",
    "erend",
    "erende",
)


@dataclass(frozen=True, slots=True)
class Groep:
    """Alle namen van één ziekte, en de lange namen die ook in een samenstelling of verbuiging te herkennen zijn."""

    namen: Uitdrukkingen
    woorden: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ziekten:
    """De ontlede lijst: welke namen bij elkaar horen, en welke woorden alleen met de eigen diagnose iets zeggen."""

    namen: Uitdrukkingen
    groepen: tuple[Groep, ...]
    groep_van: dict[str, tuple[int, ...]]
    losse_namen: dict[str, str]
    vreemd: Uitdrukkingen
    hoofdletters: frozenset[str]
    gewoon: frozenset[str]
    eponiemen: frozenset[str]


@lru_cache(maxsize=1)
def ziekten() -> Ziekten:
    """De ziektenlijst van het project, één keer gelezen."""
    d = gegevens("ziekten")
    gewoon = frozenset(kaal(w) for w in d["gewoon_in_diagnose"])
    groep_van: dict[str, tuple[int, ...]] = {}
    for nummer, groep in enumerate(d["groepen"]):
        for naam in groep:
            groep_van[naam] = (*groep_van.get(naam, ()), nummer)
    return Ziekten(
        namen=Uitdrukkingen(groep_van),
        groepen=tuple(Groep(Uitdrukkingen(g), _lange(g) - gewoon) for g in d["groepen"]),
        groep_van=groep_van,
        losse_namen={kaal(n): n for n in groep_van if n.isalpha() and n.islower() and len(n) >= 5},
        vreemd=Uitdrukkingen(set(groep_van) - set(d["alleen_bij_eigen_diagnose"])),
        hoofdletters=frozenset(d["ook_gewone_afkortingen"]),
        gewoon=gewoon,
        eponiemen=frozenset(kaal(w) for w in d["eponiemen"]),
    )


def _lange(namen: Iterable[str]) -> frozenset[str]:
    return frozenset(kaal(n) for n in namen if n.isalpha() and len(n) >= 8 and not n.isupper())


def noemt_ziekte(tekst: str | Tekst, diagnosetermen: Iterable[str]) -> tuple[str, ...]:
    """De woorden in `tekst` die een van deze diagnosen noemen, zoals zij er staan."""
    return noemt(tekst, [kenmerken(term) for term in diagnosetermen])


def noemt(veld: str | Tekst, eigen: Iterable[Kenmerken]) -> tuple[str, ...]:
    """Als `noemt_ziekte`, met de diagnosen eenmaal ontleed voor alle velden."""
    tekst, gegeven = ontleed(veld)
    return _teksten(tekst, {span for een in eigen for span in _van_term(tekst, gegeven, een)})


def noemt_een_ziekte(veld: str | Tekst) -> tuple[str, ...]:
    """De namen van ziekten in `tekst`, ook als zij niet in het paspoort staan; klachten en gewone woorden niet."""
    (tekst, gegeven), lijst = ontleed(veld), ziekten()
    return _teksten(tekst, set(_uitdrukkingen(tekst, gegeven, lijst.vreemd)))


@dataclass(frozen=True, slots=True)
class Kenmerken:
    """Waaraan één diagnose te herkennen is; eenmaal ontleed, voor alle velden gebruikt."""

    uitdrukkingen: tuple[Uitdrukkingen, ...]
    woorden: frozenset[str]
    namen: frozenset[str]
    afkortingen: frozenset[str]


def kenmerken(term: str) -> Kenmerken:
    """De term zelf, haar kenmerkende woorden, eigennamen, afkortingen en de andere namen van dezelfde ziekte."""
    lijst, (_, gegeven) = ziekten(), ontleed(term)
    verwant = {
        nummer
        for t in lijst.namen.vind(term, gegeven)
        if _schrijfwijze(gegeven, t.van, t.tot, t.uitdrukking)
        for nummer in lijst.groep_van[t.uitdrukking]
    }
    for woord in gegeven:  # ‘beenamputatie’ hoort bij ‘amputatie’
        verwant |= {nummer for naam in _staarten(woord.kaal) for nummer in lijst.groep_van[naam]}
    groepen = [lijst.groepen[nummer] for nummer in sorted(verwant)]
    los = {w.kaal for w in gegeven if len(w.kaal) >= KENMERKEND and w.kaal not in lijst.gewoon and w.kaal.isalpha()}
    heel = (Uitdrukkingen([term]),) if len(term) >= 4 and kaal(term) not in lijst.gewoon else ()
    return Kenmerken(
        uitdrukkingen=(*heel, *(g.namen for g in groepen)),
        woorden=frozenset(los).union(*(g.woorden for g in groepen)),
        namen=frozenset(w.kaal for w in gegeven if w.kaal in lijst.eponiemen and w.groot),
        afkortingen=frozenset(_afkortingen(term)),
    )


def _van_term(tekst: str, gegeven: Sequence[Woord], eigen: Kenmerken) -> Iterator[tuple[int, int]]:
    for lijst in eigen.uitdrukkingen:
        yield from _uitdrukkingen(tekst, gegeven, lijst)
    for woord in gegeven:
        if (
            woord.tekst in eigen.afkortingen
            or (woord.groot and woord.kaal in eigen.namen)
            or (len(woord.kaal) >= KENMERKEND and any(_zelfde(woord.kaal, kenmerk) for kenmerk in eigen.woorden))
        ):
            yield woord.begin, woord.einde


def _uitdrukkingen(tekst: str, gegeven: Sequence[Woord], lijst: Uitdrukkingen) -> Iterator[tuple[int, int]]:
    for t in lijst.vind(tekst, gegeven):
        if _schrijfwijze(gegeven, t.van, t.tot, t.uitdrukking):
            yield gegeven[t.van].begin, gegeven[t.tot - 1].einde


def _schrijfwijze(gegeven: Sequence[Woord], van: int, tot: int, naam: str) -> bool:
    """Een afkorting die ook een woord is (ALS) telt alleen in hoofdletters, een eigennaam (Down) met hoofdletter."""
    lijst = ziekten()
    if naam in lijst.hoofdletters or (len(naam) <= 2 and naam.isupper()):
        return gegeven[van].tekst.isupper()
    if kaal(naam) in lijst.eponiemen:
        return gegeven[van].groot
    return True


def _zelfde(woord: str, kenmerk: str) -> bool:
    """Of `woord` een verbuiging of samenstelling van het kenmerkende woord is."""
    if woord == kenmerk or woord in ziekten().gewoon:
        return woord == kenmerk
    if kenmerk in woord and len(kenmerk) >= KENMERKEND:
        return woord.startswith(kenmerk) or woord.endswith(kenmerk)
    stam = kenmerk[: max(KENMERKEND, len(kenmerk) - STAART)]
    return len(stam) < len(kenmerk) and woord.startswith(stam) and _is_uitgang(woord, stam)


def _is_uitgang(woord: str, stam: str) -> bool:
    """Of wat na de stam komt een verbuiging kan zijn: hoogstens zes letters, eindigend op een bekende uitgang."""
    rest = woord[len(stam) :]
    return len(rest) <= 6 and rest.endswith(UITGANGEN)


def _staarten(woord: str) -> Iterator[str]:
    """De ziekten waar dit woord op eindigt: beenamputatie → amputatie."""
    namen = ziekten().losse_namen
    for begin in range(1, len(woord) - 4) if len(woord) >= 8 else ():
        if (naam := namen.get(woord[begin:])) is not None:
            yield naam


def _afkortingen(term: str) -> Iterator[str]:
    """Hoofdletterwoorden in de term, en haar beginletters: Amyotrofische laterale sclerose → ALS."""
    yield from re.findall(r"\b[A-Z]{2,5}\b", term)
    delen = re.findall(r"[^\W\d_]+", re.split(r"[,(]| type | niveau ", term)[0])
    letters = "".join(woord[0].upper() for woord in delen if len(woord) > 2)
    if 3 <= len(letters) <= 5:
        yield letters


def _teksten(tekst: str, spannen: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    """Wat er staat, op volgorde, zonder wat in een langere vondst zit."""
    alle = sorted(spannen, key=lambda s: (s[0], -s[1]))
    uit: list[tuple[int, int]] = []
    for begin, einde in alle:
        if not uit or begin >= uit[-1][1]:
            uit.append((begin, einde))
    return tuple(dict.fromkeys(tekst[b:e] for b, e in uit))
