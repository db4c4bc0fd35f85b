"""Een tekst in woorden, en vaste uitdrukkingen daarin terugvinden; de gedeelde grond van de adviescheck.

Zoekt met een woordenboek op het eerste woord en niet met één groot patroon: zo kost een lange lijst namen geen tijd per
teken, en kan geen tekst de controle laten vastlopen. Weet niet wat een uitdrukking betekent.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final, NamedTuple

# onzichtbare tekens (zacht streepje, nulbreedte) horen bij het woord en tellen niet mee
ONZICHTBAAR: Final = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
WOORD: Final = re.compile(r"[\w\u00ad\u200b-\u200d\u2060\ufeff]+")
# wat tussen de woorden van één uitdrukking mag staan: ‘Life & Mobility’, ‘e-motion’, ‘Let's Go’; en de punt in ‘n.v.t.’
TUSSEN: Final = frozenset(" \t\n -–&'’/+")
ZINSGRENS: Final = re.compile(r"[.!?…;]\s|\n")


class Woord(NamedTuple):
    """Eén woord: zoals het er staat, in kleine letters zonder accenten, en waar; `begint` een zin of niet."""

    tekst: str
    kaal: str
    begin: int
    einde: int
    begint: bool

    @property
    def groot(self) -> bool:
        """Of het met een hoofdletter begint."""
        return self.tekst[0].isupper()


def kaal(tekst: str) -> str:
    """Kleine letters zonder accenten."""
    if tekst.isascii():
        return tekst.lower()
    ontleed = unicodedata.normalize("NFKD", tekst.translate(ONZICHTBAAR).lower())
    return "".join(teken for teken in ontleed if not unicodedata.combining(teken))


def woorden(tekst: str) -> tuple[Woord, ...]:
    """De woorden van een tekst, op volgorde."""
    uit: list[Woord] = []
    vorige = 0
    for m in WOORD.finditer(tekst):
        tussen = tekst[vorige : m.start()]
        begint = not uit or (tussen != " " and ZINSGRENS.search(tussen) is not None)
        uit.append(Woord(m.group(), kaal(m.group()), m.start(), m.end(), begint))
        vorige = m.end()
    return tuple(uit)


class Tekst(NamedTuple):
    """Een tekst met zijn woorden, één keer ontleed voor alle controles."""

    tekst: str
    woorden: tuple[Woord, ...]


def ontleed(tekst: str | Tekst) -> Tekst:
    """De tekst met zijn woorden; wat al ontleed is, blijft."""
    return tekst if isinstance(tekst, Tekst) else Tekst(tekst, woorden(tekst))


def zinnen(gegeven: Sequence[Woord]) -> Iterator[Sequence[Woord]]:
    """De woorden per zin; nooit een lege."""
    begin = 0
    for i, woord in enumerate(gegeven):
        if woord.begint and i > begin:
            yield gegeven[begin:i]
            begin = i
    if begin < len(gegeven):
        yield gegeven[begin:]


@dataclass(frozen=True, slots=True)
class Treffer:
    """Een uitdrukking op de woorden `van` tot `tot`."""

    van: int
    tot: int
    uitdrukking: str


class Uitdrukkingen:
    """Vaste uitdrukkingen, te vinden op hele woorden; de langste gaat voor."""

    def __init__(self, uitdrukkingen: Iterable[str]) -> None:
        self._op_eerste: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for uitdrukking in uitdrukkingen:
            delen = tuple(WOORD.findall(kaal(uitdrukking)))
            if delen:
                self._op_eerste.setdefault(delen[0], []).append((delen, uitdrukking))
        for lijst in self._op_eerste.values():
            lijst.sort(key=lambda paar: (-len(paar[0]), paar[1]))

    def vind(self, tekst: str, gegeven: Sequence[Woord]) -> Iterator[Treffer]:
        """Elke uitdrukking in de tekst; overlap niet."""
        op_eerste, i = self._op_eerste, 0
        while i < len(gegeven):
            mogelijk = op_eerste.get(gegeven[i].kaal)
            treffer = _eerste(tekst, gegeven, i, mogelijk) if mogelijk is not None else None
            if treffer is not None:
                yield treffer
            i = treffer.tot if treffer is not None else i + 1


def _eerste(
    tekst: str, gegeven: Sequence[Woord], i: int, mogelijk: Sequence[tuple[tuple[str, ...], str]]
) -> Treffer | None:
    """De langste uitdrukking die hier begint."""
    for delen, uitdrukking in mogelijk:
        if len(delen) == 1:
            return Treffer(i, i + 1, uitdrukking)
        stuk = gegeven[i : i + len(delen)]
        if tuple(w.kaal for w in stuk) == delen and sluit_aan(tekst, stuk):
            return Treffer(i, i + len(delen), uitdrukking)
    return None


def sluit_aan(tekst: str, stuk: Sequence[Woord]) -> bool:
    """Of tussen deze woorden niets dan een spatie, streepje, punt of en-teken staat."""
    return all(
        tekst[a.einde : b.begin] == "." or (b.begin - a.einde <= 3 and set(tekst[a.einde : b.begin]) <= TUSSEN)
        for a, b in pairwise(stuk)
    )


@lru_cache(maxsize=8)
def gegevens(naam: str) -> dict[str, Any]:
    """Een gegevensbestand van het project, één keer gelezen."""
    inhoud: dict[str, Any] = json.loads((files("paspoort") / "gegevens" / f"{naam}.json").read_text("utf-8"))
    return inhoud
