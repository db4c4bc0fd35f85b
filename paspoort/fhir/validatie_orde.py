"""De volgorde van twee FHIR-waarden: getallen, data en momenten van verschillende precisie, en hoeveelheden.

Geeft None als FHIR de volgorde niet vastlegt (`2024` tegenover `2024-05`, meter tegenover kilo). Kent geen profielen.
FHIRPath N1 §6.2 (Comparison); FHIR R4 §2.24.0.1.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

MOMENTEN = frozenset({"date", "dateTime", "instant"})
HOEVEELHEDEN = frozenset({"Quantity", "Age", "Count", "Distance", "Duration"})

_DELEN = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+\-]\d\d:\d\d))?")


def orde(links: Any, rechts: Any) -> int | None:
    """-1, 0 of 1; None als het niet te zeggen is. Getallen, tijden en momenten als tekst, of een Quantity als dict."""
    if isinstance(links, dict) and isinstance(rechts, dict):
        return _hoeveelheden(links, rechts)
    if isinstance(links, str) and isinstance(rechts, str):
        if _is_tijd(links) and _is_tijd(rechts):
            return _teken(links, rechts)
        return _momenten(links, rechts)
    getal = (int, float, Decimal)
    if isinstance(links, bool) or isinstance(rechts, bool):
        return None
    if isinstance(links, getal) and isinstance(rechts, getal):
        a, b = Decimal(str(links)), Decimal(str(rechts))
        return _teken(a, b) if a.is_finite() and b.is_finite() else None
    return None


def _is_tijd(tekst: str) -> bool:
    return len(tekst) > 4 and tekst[2] == ":"


def _teken(links: Any, rechts: Any) -> int:
    return int(links > rechts) - int(links < rechts)


def _hoeveelheden(links: dict[str, Any], rechts: dict[str, Any]) -> int | None:
    maat: tuple[str, ...] = ("system", "code") if "system" in links and "system" in rechts else ("unit", "code")
    if "code" not in links or "code" not in rechts:
        maat = ("unit",)
    if any(links.get(naam) != rechts.get(naam) for naam in maat) or "value" not in links or "value" not in rechts:
        return None
    return orde(links["value"], rechts["value"])


def _momenten(links: str, rechts: str) -> int | None:
    a, b = _DELEN.fullmatch(links), _DELEN.fullmatch(rechts)
    if a is None or b is None:
        return None
    if a[4] and b[4]:
        return _teken(_tijdstip(a), _tijdstip(b))
    for x, y in zip(a.groups()[:3], b.groups()[:3], strict=True):
        if x is None or y is None:
            return 0 if x is y else None
        if x != y:
            return _teken(x, y)
    return None if a[4] or b[4] else 0


def _tijdstip(deel: re.Match[str]) -> tuple[datetime, Decimal]:
    jaar, maand, dag, uur, minuut, seconde = (int(deel[n]) for n in range(1, 7))
    try:
        heel = datetime(jaar, maand, dag, uur, minuut, tzinfo=UTC) + timedelta(seconds=seconde)
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC), Decimal(0)
    if deel[8] != "Z":
        verschil = timedelta(hours=int(deel[8][1:3]), minutes=int(deel[8][4:]))
        with suppress(OverflowError):
            heel = heel - verschil if deel[8][0] == "+" else heel + verschil
    return heel, Decimal(deel[7] or 0)
