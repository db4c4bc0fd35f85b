"""Getallen en hoeveelheden vergelijken, met de nauwkeurigheid van de zoekwaarde.

Rekent geen eenheden om: een zoekwaarde in cm vindt geen meters. Bron: FHIR R4 search.html#number, #quantity, #prefix.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from server.fhir.search.tijd import prefix

_GETAL: Final = re.compile(r"[+-]?\d{1,18}(\.\d{1,18})?([eE][+-]?\d{1,2})?")
_OVERAL: Final = (Decimal("-Infinity"), Decimal("Infinity"))

Vak = tuple[Decimal, Decimal]  # van, tot en met; bij één getal tweemaal dat getal
Proef = Callable[[Any], bool]


def maak_getal(waarde: str) -> Proef | None:
    """Een number-zoekwaarde als proef op een element, of None als het geen getal is."""
    proef = _proef(waarde)
    if proef is None:
        return None
    return lambda element: (eigen := _als_getal(element)) is not None and proef((eigen, eigen))


def maak_hoeveelheid(waarde: str) -> Proef | None:
    """Een quantity-zoekwaarde `getal[|stelsel|code]` als proef op een Quantity, Range of wat daarop lijkt.

    Zonder stelsel telt de code ook als eenheid (`unit`). None bij een andere vorm.
    """
    deel, *eenheid = waarde.split("|")
    proef = _proef(deel)
    if proef is None or len(eenheid) not in (0, 2):
        return None
    stelsel, code = eenheid or ("", "")

    def past(element: Any) -> bool:
        if not isinstance(element, dict):
            return False
        eigen = _vak(element)
        maten = [element[n] for n in ("low", "high") if isinstance(element.get(n), dict)] or [element]
        return eigen is not None and proef(eigen) and all(_eenheid(m, stelsel, code) for m in maten)

    return past


def _eenheid(maat: dict[str, Any], stelsel: str, code: str) -> bool:
    if stelsel and maat.get("system") != stelsel:
        return False
    return not code or code == maat.get("code") or (not stelsel and code == maat.get("unit"))


def _vak(element: dict[str, Any]) -> Vak | None:
    """Tussen welke getallen de waarde ligt; `comparator` en Range kunnen naar één kant open zijn."""
    if "low" in element or "high" in element:
        laag, hoog = (_als_getal((element.get(n) or {}).get("value")) for n in ("low", "high"))
        return None if laag is None and hoog is None else (_of(laag, _OVERAL[0]), _of(hoog, _OVERAL[1]))
    eigen = _als_getal(element.get("value"))
    if eigen is None:
        return None
    teken = element.get("comparator")
    return (_OVERAL[0] if teken in ("<", "<=") else eigen, _OVERAL[1] if teken in (">", ">=") else eigen)


def _of(waarde: Decimal | None, anders: Decimal) -> Decimal:
    return anders if waarde is None else waarde


def _als_getal(element: Any) -> Decimal | None:
    if isinstance(element, bool) or not isinstance(element, (int, Decimal)):
        return None
    return Decimal(element)


def _proef(waarde: str) -> Callable[[Vak], bool] | None:
    voor, tekst = prefix(waarde)
    if not _GETAL.fullmatch(tekst):
        return None
    try:
        gezocht = Decimal(tekst)
    except InvalidOperation:
        return None
    rand = _halve_stap(tekst)
    z_van, z_tot = gezocht - rand, gezocht + rand
    marge = abs(gezocht) / 10

    def gelijk(vak: Vak) -> bool:
        return z_van <= vak[0] and vak[1] < z_tot

    proeven: dict[str, Callable[[Vak], bool]] = {
        "eq": gelijk,
        "ne": lambda vak: not gelijk(vak),
        "gt": lambda vak: vak[1] > gezocht,
        "lt": lambda vak: vak[0] < gezocht,
        "ge": lambda vak: vak[1] >= gezocht,
        "le": lambda vak: vak[0] <= gezocht,
        "sa": lambda vak: vak[0] > gezocht,
        "eb": lambda vak: vak[1] < gezocht,
        "ap": lambda vak: vak[0] <= gezocht + marge and vak[1] >= gezocht - marge,
    }
    return proeven[voor]


def _halve_stap(tekst: str) -> Decimal:
    """De helft van het laatste cijfer: `100` is 99,5 tot 100,5.

    Bij een macht van tien telt één cijfer achter de komma mee, ook als het er niet staat: `1e2` is in het voorbeeld van
    de specificatie 95 tot 105.
    """
    mantisse, _, macht = tekst.lower().partition("e")
    decimalen = len(mantisse.partition(".")[2])
    return Decimal(5).scaleb(int(macht or 0) - (max(decimalen, 1) if macht else decimalen) - 1)
