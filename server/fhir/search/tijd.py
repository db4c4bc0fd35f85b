"""Datums vergelijken: elke datum is een tijdvak, ook een hele dag, een Period of een Timing.

Wat geen tijdzone heeft (een dag, een maand) is een dag of maand in Nederland: dat is de zone van deze server.
Bron: FHIR R4 search.html#date, #prefix.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from paspoort.toestemming import HIER

PREFIXEN: Final = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")
_DATUM: Final = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?)?)?"
)
_VERST: Final = datetime.max.replace(tzinfo=UTC)
_VROEGST: Final = datetime.min.replace(tzinfo=UTC)

Bereik = tuple[datetime, datetime]  # van, tot (niet tot en met), in UTC


def prefix(waarde: str) -> tuple[str, str]:
    """De prefix van een zoekwaarde en de rest; zonder prefix `eq`."""
    return (waarde[:2], waarde[2:]) if waarde[:2] in PREFIXEN else ("eq", waarde)


def maak(waarde: str) -> Callable[[Any], bool] | None:
    """De zoekwaarde als proef op een element, of None als het geen datum is."""
    voor, tekst = prefix(waarde)
    gezocht = bereik(tekst.replace(" ", "+"))  # een kale + in een adres is een spatie geworden
    if gezocht is None:
        return None
    proef = _PROEVEN[voor]

    def past(element: Any) -> bool:
        eigen = bereik_van(element)
        return eigen is not None and proef(*eigen, *gezocht)

    return past


def _rond(van: datetime, tot: datetime, z_van: datetime, z_tot: datetime) -> bool:
    """`ap`: binnen een tiende van de afstand tot nu, en altijd binnen een dag."""
    marge = max(abs(datetime.now(UTC) - z_van) / 10, timedelta(days=1))
    try:
        return van < z_tot + marge and tot > z_van - marge
    except OverflowError:
        return van < z_tot and tot > z_van


# van, tot van het element; van, tot van de zoekwaarde.
_PROEVEN: Final[dict[str, Callable[[datetime, datetime, datetime, datetime], bool]]] = {
    "eq": lambda van, tot, z_van, z_tot: z_van <= van and tot <= z_tot,
    "ne": lambda van, tot, z_van, z_tot: not (z_van <= van and tot <= z_tot),
    "gt": lambda van, tot, z_van, z_tot: tot > z_tot,
    "lt": lambda van, tot, z_van, z_tot: van < z_van,
    "ge": lambda van, tot, z_van, z_tot: tot > z_tot or (z_van <= van and tot <= z_tot),
    "le": lambda van, tot, z_van, z_tot: van < z_van or (z_van <= van and tot <= z_tot),
    "sa": lambda van, tot, z_van, z_tot: van >= z_tot,
    "eb": lambda van, tot, z_van, z_tot: tot <= z_van,
    "ap": _rond,
}


@lru_cache(maxsize=4096)
def bereik(tekst: str) -> Bereik | None:
    """Het tijdvak dat een (gedeeltelijke) datum beslaat, of None als het geen datum is."""
    m = _DATUM.fullmatch(tekst)
    if m is None:
        return None
    jaar, maand, dag, uur, minuut, seconde, deel, zone = m.groups()
    try:
        van = datetime(int(jaar), int(maand or 1), int(dag or 1), int(uur or 0), int(minuut or 0), int(seconde or 0))  # noqa: DTZ001
        if uur is None:
            return _hier(van), _hier(_eind(van, maand, dag))
        begin = _hier(van) if zone is None else _in_zone(van, zone)
        begin += timedelta(microseconds=int((deel or ".0")[1:7].ljust(6, "0")))
        duur = timedelta(milliseconds=1) if deel else timedelta(seconds=1) if seconde else timedelta(minutes=1)
        return begin, begin + duur
    except (ValueError, OverflowError):
        return None


def _eind(van: datetime, maand: str | None, dag: str | None) -> datetime:
    if dag:
        return van + timedelta(days=1)
    if maand and van.month < 12:
        return van.replace(month=van.month + 1)
    return van.replace(year=van.year + 1, month=1)


def _hier(moment: datetime) -> datetime:
    return moment.replace(tzinfo=HIER).astimezone(UTC)


def _in_zone(moment: datetime, zone: str) -> datetime:
    if zone == "Z":
        return moment.replace(tzinfo=UTC)
    uren, minuten = int(zone[1:3]), int(zone[4:])
    if uren > 14 or minuten > 59:
        raise ValueError(zone)
    verschil = timedelta(hours=uren, minutes=minuten)
    return (moment - verschil if zone[0] == "+" else moment + verschil).replace(tzinfo=UTC)


def bereik_van(element: Any) -> Bereik | None:
    """Het tijdvak van een date, dateTime, instant, Period of Timing in een resource."""
    if isinstance(element, str):
        return bereik(element)
    if not isinstance(element, dict):
        return None
    if "repeat" in element or "event" in element:
        momenten = [b for e in element.get("event") or () if isinstance(e, str) and (b := bereik(e))]
        grens = bereik_van((element.get("repeat") or {}).get("boundsPeriod"))
        alle = momenten + ([grens] if grens else [])
        return (min(a for a, _ in alle), max(b for _, b in alle)) if alle else None
    if "start" not in element and "end" not in element:
        return None
    begin, einde = bereik(element.get("start", "")), bereik(element.get("end", ""))
    return begin[0] if begin else _VROEGST, einde[1] if einde else _VERST
