"""Wat er anders is tussen twee ingevulde vragenlijsten, per antwoord en in woorden.

Vergelijkt op item.code, elk met de eigen versie van de vragenlijst: een nieuwe versie of een verkorte lijst mag. Rijen
van een herhaalde groep horen bij elkaar als zij het meest op elkaar lijken; hun volgorde telt niet, net zo min als die
van meer antwoorden op één vraag. Bronnen, itemteksten en wat de vragenlijst niet kent, tellen ook niet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst.antwoorden import in_woorden
from paspoort.fhir.vragenlijst.controle import antwoorden_van, items_van, waarde_van
from paspoort.fhir.vragenlijst.lijst import Vraag, Vragenlijst, vragenlijst_van

LIJKT: Final = 0.3  # vanaf hier is een rij een gewijzigde rij; daaronder een andere
LANGE_TEKST: Final = 3  # zo veel zwaarder telt een antwoord in zinnen dan een keuze

Soort = Literal["erbij", "weg", "anders"]
Sleutel = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Verschil:
    """Eén antwoord dat erbij kwam, wegviel of anders werd; `oud` en `nieuw` in woorden, leeg als er niets stond.

    `rij` noemt de rij (`Eis 2`, met het nummer in het nieuwe); van een rij die weg is, `Eis 3 (vervallen)`.
    """

    code: str
    label: str
    soort: Soort
    oud: str
    nieuw: str
    rij: str | None = None


@dataclass(frozen=True, slots=True)
class _Gegeven:
    """Eén antwoord: waarop het gelijk is, en hoe een lezer het ziet."""

    sleutel: Sleutel
    woorden: str


@dataclass(frozen=True, slots=True)
class _Laag:
    """Een response of rij: antwoorden per item.code, en rijen per herhaalde groep, met hun vraag."""

    antwoorden: dict[str, tuple[Vraag, list[_Gegeven]]]
    rijen: dict[str, tuple[Vraag, list[_Laag]]]


def verschil(
    oud: Json, nieuw: Json, lijst_oud: Vragenlijst | None = None, lijst_nieuw: Vragenlijst | None = None
) -> tuple[Verschil, ...]:
    """Wat `nieuw` anders zegt dan `oud`, in de volgorde van de nieuwe vragenlijst; leeg als niets anders is.

    Zonder lijsten de onze; `PaspoortFout` (`vragenlijst-onbekend`) als die er niet is.
    """
    van, naar = lijst_oud or vragenlijst_van(oud), lijst_nieuw or vragenlijst_van(nieuw)
    return tuple(_lagen(_laag(items_van(oud), van.vragen), _laag(items_van(nieuw), naar.vragen), None))


def _laag(items: Sequence[Any], vragen: Sequence[Vraag]) -> _Laag:
    laag = _Laag({}, {})
    _lees(items, vragen, laag)
    return laag


def _lees(items: Sequence[Any], vragen: Sequence[Vraag], laag: _Laag) -> None:
    """Leest door enkelvoudige groepen en door antwoorden heen; elke rij van een herhaling is een eigen laag."""
    for vraag in vragen:
        eigen = [item for item in items if isinstance(item, dict) and item.get("linkId") == vraag.link_id]
        if vraag.is_groep and vraag.herhaalt:
            rijen = [rij for item in eigen if not _leeg(rij := _laag(items_van(item), vraag.kinderen))]
            laag.rijen.setdefault(vraag.sleutel, (vraag, []))[1].extend(rijen)
            continue
        if not vraag.is_groep:
            laag.antwoorden.setdefault(vraag.sleutel, (vraag, []))
        for item in eigen:
            if vraag.is_groep:
                _lees(items_van(item), vraag.kinderen, laag)
            for antwoord in antwoorden_van(item) if not vraag.is_groep else ():
                if (waarde := waarde_van(antwoord)) is not None:
                    gegeven = _Gegeven(_sleutel(waarde[1]), in_woorden(vraag, waarde[1]))
                    laag.antwoorden[vraag.sleutel][1].append(gegeven)
                _lees(items_van(antwoord), vraag.kinderen, laag)


def _leeg(laag: _Laag) -> bool:
    return not any(g for _, g in laag.antwoorden.values()) and not any(r for _, r in laag.rijen.values())


def _sleutel(waarde: Any) -> Sleutel:
    """Waarop twee antwoorden gelijk zijn: 44 en 44.0 wel, een andere schermtekst bij dezelfde code ook."""
    if isinstance(waarde, bool):
        return ("b", waarde)
    if isinstance(waarde, int | float | Decimal):
        getal = Decimal(str(waarde))
        return ("n", getal if getal.is_finite() else str(getal))
    if isinstance(waarde, dict):
        velden = {n: w for n, w in waarde.items() if n not in ("display", "extension", "id", "userSelected")}
        return ("d", *sorted((n, str(_sleutel(w))) for n, w in velden.items()))
    return ("s", " ".join(str(waarde).split()))


# --- twee lagen naast elkaar


def _lagen(oud: _Laag, nieuw: _Laag, rij: str | None) -> Iterator[Verschil]:
    for code in dict.fromkeys((*nieuw.antwoorden, *oud.antwoorden)):
        vraag, nu = nieuw.antwoorden.get(code) or (oud.antwoorden[code][0], [])
        yield from _antwoorden(vraag, oud.antwoorden.get(code, (vraag, []))[1], nu, rij)
    for code in dict.fromkeys((*nieuw.rijen, *oud.rijen)):
        vraag, nu_rijen = nieuw.rijen.get(code) or (oud.rijen[code][0], [])
        yield from _rijen(vraag, oud.rijen.get(code, (vraag, []))[1], nu_rijen, rij)


def _antwoorden(vraag: Vraag, oud: list[_Gegeven], nieuw: list[_Gegeven], rij: str | None) -> Iterator[Verschil]:
    weg = list((_telling(oud) - _telling(nieuw)).elements())
    erbij = list((_telling(nieuw) - _telling(oud)).elements())
    woorden = {g.sleutel: g.woorden for g in (*oud, *nieuw)}
    if len(weg) == 1 and len(erbij) == 1 and not vraag.herhaalt:
        yield Verschil(vraag.sleutel, vraag.tekst, "anders", woorden[weg[0]], woorden[erbij[0]], rij)
        return
    yield from (Verschil(vraag.sleutel, vraag.tekst, "weg", woorden[w], "", rij) for w in weg)
    yield from (Verschil(vraag.sleutel, vraag.tekst, "erbij", "", woorden[e], rij) for e in erbij)


def _telling(gegevens: list[_Gegeven]) -> Counter[Sleutel]:
    return Counter(g.sleutel for g in gegevens)


def _rijen(vraag: Vraag, oud: list[_Laag], nieuw: list[_Laag], boven: str | None) -> Iterator[Verschil]:
    paren = _paren(oud, nieuw)
    for nummer, rij in enumerate(nieuw):
        eerder = oud[paren[nummer]] if nummer in paren else _Laag({}, {})
        yield from _lagen(eerder, rij, _rijnaam(vraag, nummer, boven))
    over = set(paren.values())
    for nummer, rij in enumerate(oud):
        if nummer not in over:
            yield from _lagen(rij, _Laag({}, {}), f"{_rijnaam(vraag, nummer, boven)} (vervallen)")


def _rijnaam(vraag: Vraag, nummer: int, boven: str | None) -> str:
    hier = f"{vraag.tekst} {nummer + 1}"
    return f"{boven}, {hier}" if boven else hier


def _paren(oud: list[_Laag], nieuw: list[_Laag]) -> dict[int, int]:
    """Nieuw rijnummer → oud rijnummer: eerst wat het meest lijkt, bij gelijk wat het dichtst bij elkaar staat."""
    tellingen = [(_inhoud(rij)) for rij in oud], [(_inhoud(rij)) for rij in nieuw]
    scores = sorted(
        (-_lijkt(van, naar), abs(i - j), j, i)
        for i, van in enumerate(tellingen[0])
        for j, naar in enumerate(tellingen[1])
    )
    paren: dict[int, int] = {}
    bezet: set[int] = set()
    for score, _, j, i in scores:
        if -score >= LIJKT and j not in paren and i not in bezet:
            paren[j] = i
            bezet.add(i)
    return paren


def _inhoud(laag: _Laag) -> dict[str, Counter[str]]:
    """Per item.code de woorden die er staan, ook die van rijen in deze rij."""
    per_code = {
        code: Counter(woord for g in gegeven for woord in (g.woorden.lower().split() or [str(g.sleutel)]))
        for code, (_, gegeven) in laag.antwoorden.items()
    }
    for code, (_, rijen) in laag.rijen.items():
        per_code[code] = Counter(w for rij in rijen for telling in _inhoud(rij).values() for w in telling.elements())
    return {code: telling for code, telling in per_code.items() if telling}


def _lijkt(oud: dict[str, Counter[str]], nieuw: dict[str, Counter[str]]) -> float:
    """0 tot 1: gedeelde woorden per vraag; zinnen tellen zwaarder dan een keuze."""
    som = totaal = 0.0
    for code in oud.keys() | nieuw.keys():
        van, naar = oud.get(code, Counter()), nieuw.get(code, Counter())
        aantal = van.total() + naar.total()
        gewicht = LANGE_TEKST if aantal > 6 else 1
        som += gewicht * 2 * (van & naar).total() / aantal
        totaal += gewicht
    return som / totaal if totaal else 1.0
