"""Twee schermen, één concept: wat er stond toen iemand begon, wat er nu staat, en wat hij typte, veld voor veld samen.

Zuiver. Wat maar één kant veranderde, gaat vanzelf goed. Wat beide kanten anders schreven, is een *botsing*: dan kiest
de schrijver. Er gaat nooit tekst weg zonder dat iemand dat ziet. Rijen (eisen) horen bij elkaar op wat erin staat, want
een rij die wegvalt, schuift de nummers van de andere op. Bron: besluit 0043.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

GELIJK_GENOEG: Final = 0.5  # zoveel van de tekst van twee rijen moet overeenkomen
ZELFDE_PLAATS: Final = 0.3  # wat een rij voor heeft als zij ook op dezelfde plaats staat

Waarden = tuple[str, ...]
Rij = dict[str, Waarden]


@dataclass(frozen=True, slots=True)
class Botsing:
    """Een veld dat op twee schermen anders geschreven is."""

    naam: str
    hier: Waarden
    daar: Waarden


@dataclass(frozen=True, slots=True)
class Samen:
    """Wat er samen staat; `velden` heeft bij een botsing wat dáár staat. `schuift`: een rij kreeg een ander nummer."""

    velden: dict[str, Waarden]
    botsingen: tuple[Botsing, ...]
    schuift: bool

    @property
    def met_hier(self) -> dict[str, Waarden]:
        """Hetzelfde, met bij een botsing wat hier getypt is."""
        return self.velden | {b.naam: b.hier for b in self.botsingen}


def voeg_samen(
    begin: Mapping[str, Sequence[str]], daar: Mapping[str, Sequence[str]], hier: Mapping[str, Sequence[str]]
) -> Samen:
    """Drie keer hetzelfde formulier (veldnaam → waarden): aan het begin, nu bewaard, en nu op het scherm."""
    b, d, h = (_uiteen(v) for v in (begin, daar, hier))
    velden: dict[str, Waarden] = {}
    botsingen: list[Botsing] = []
    for naam in _op_volgorde(h[0], d[0], b[0]):
        waarde, anders = _kies(b[0].get(naam, ()), d[0].get(naam, ()), h[0].get(naam, ()))
        velden[naam] = waarde
        botsingen += [Botsing(naam, h[0].get(naam, ()), waarde)] if anders else []
    schuift = False
    for groep in _op_volgorde(h[1], d[1], b[1]):
        rijen, botst, anders_genummerd = _rijen(b[1].get(groep, []), d[1].get(groep, []), h[1].get(groep, []))
        schuift = schuift or anders_genummerd
        for nummer, rij in enumerate(rijen):
            velden |= {f"{groep}.{nummer}.{veld}": waarden for veld, waarden in rij.items()}
        botsingen += [Botsing(f"{groep}.{n}.{veld}", hier_, daar_) for n, veld, hier_, daar_ in botst]
    return Samen({n: w for n, w in velden.items() if w}, tuple(botsingen), schuift)


def _uiteen(velden: Mapping[str, Sequence[str]]) -> tuple[Rij, dict[str, list[Rij]]]:
    """Losse velden, en per herhaalde groep haar rijen zonder de lege."""
    los: Rij = {}
    groepen: dict[str, dict[int, Rij]] = {}
    for naam, waarden in velden.items():
        gevuld = tuple(w for w in waarden if w)
        groep, _, rest = naam.partition(".")
        nummer, punt, veld = rest.partition(".")
        if punt and nummer.isdecimal():
            rij = groepen.setdefault(groep, {}).setdefault(int(nummer), {})
            if gevuld:
                rij[veld] = gevuld
        elif gevuld:
            los[naam] = gevuld
    return los, {g: [rij for _, rij in sorted(rijen.items()) if rij] for g, rijen in groepen.items()}


def _kies(begin: Waarden, daar: Waarden, hier: Waarden) -> tuple[Waarden, bool]:
    """De waarde, en of beide kanten iets anders schreven.

    Staat de ene tekst helemaal in de andere, dan blijft de langste: wie verder typte, hoeft niet te kiezen.
    """
    if hier in (begin, daar):
        return daar, False
    if daar == begin or (len(daar) == len(hier) == 1 and daar[0] in hier[0]):
        return hier, False
    return daar, not (len(daar) == len(hier) == 1 and hier[0] in daar[0])


def _rijen(
    begin: list[Rij], daar: list[Rij], hier: list[Rij]
) -> tuple[list[Rij], list[tuple[int, str, Waarden, Waarden]], bool]:
    """De rijen samen, de botsingen erin, en of een rij van hier een ander nummer kreeg."""
    if begin == daar or hier == daar:
        return hier, [], False
    if begin == hier:
        return daar, [], True
    van_daar, van_hier = _koppel(begin, daar), _koppel(begin, hier)
    terug = {j: i for i, j in van_daar.items()}
    uit: list[Rij] = []
    botst: list[tuple[int, str, Waarden, Waarden]] = []
    plaats: dict[int, int] = {}
    for j, rij in enumerate(daar):
        i = terug.get(j)
        if i is None:  # daar nieuw; staat zij hier ook al, dan is het er één
            zelfde = next(
                (k for k, r in enumerate(hier) if r == rij and k not in van_hier.values() and k not in plaats), None
            )
            if zelfde is not None:
                plaats[zelfde] = len(uit)
            uit.append(rij)
            continue
        k = van_hier.get(i)
        if k is None:  # hier weggehaald: alleen als er daar niets aan veranderde
            if rij != begin[i]:
                uit.append(rij)
            continue
        samen: Rij = {}
        for veld in _op_volgorde(hier[k], rij):
            waarde, anders = _kies(begin[i].get(veld, ()), rij.get(veld, ()), hier[k].get(veld, ()))
            botst += [(len(uit), veld, hier[k].get(veld, ()), waarde)] if anders else []
            if waarde:
                samen[veld] = waarde
        plaats[k] = len(uit)
        uit.append(samen)
    for k, rij in enumerate(hier):
        i = next((n for n, m in van_hier.items() if m == k), None)
        if k in plaats or (i is not None and rij == begin[i]):  # staat er al, of daar weggehaald en hier niet veranderd
            continue
        plaats[k] = len(uit)
        uit.append(rij)
    vast = len(uit) == len(hier) and all(plaats.get(k) == k for k in range(len(hier)))
    return uit, botst, not vast


def _koppel(begin: list[Rij], ander: list[Rij]) -> dict[int, int]:
    """Welke rij van `begin` welke rij van `ander` is: gelijke eerst, dan wat er het meest op lijkt."""
    paren: dict[int, int] = {}
    for i, rij in enumerate(begin):
        j = next((j for j, r in enumerate(ander) if r == rij and j not in paren.values()), None)
        if j is not None:
            paren[i] = j
    over_b = [i for i in range(len(begin)) if i not in paren]
    over_a = [j for j in range(len(ander)) if j not in paren.values()]
    punten = sorted(((_lijkt(begin[i], ander[j], i == j), -i, -j) for i in over_b for j in over_a), reverse=True)
    for punt, min_i, min_j in punten:
        if punt >= GELIJK_GENOEG and -min_i not in paren and -min_j not in paren.values():
            paren[-min_i] = -min_j
    return paren


def _lijkt(een: Rij, twee: Rij, zelfde_plaats: bool) -> float:
    tekst = ["\n".join(w for naam in sorted(rij) for w in rij[naam]) for rij in (een, twee)]
    return SequenceMatcher(None, tekst[0], tekst[1], autojunk=False).ratio() + ZELFDE_PLAATS * zelfde_plaats


def _op_volgorde(*namen: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(naam for groep in namen for naam in groep))
