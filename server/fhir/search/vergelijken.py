"""Of een waarde uit een resource past bij een zoekwaarde: één functie per soort parameter.

Tijden zonder zone tellen als UTC. Bron: FHIR R4 search.html §3.1.1.4 (prefixen, token, reference, string, quantity).
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

PREFIXEN: Final = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")

_DATUM: Final = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?)?)?"
)
_VERWIJZING: Final = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})(?:/_history/.*)?")
_VERST: Final = datetime.max.replace(tzinfo=UTC)
_VROEGST: Final = datetime.min.replace(tzinfo=UTC)

Bereik = tuple[datetime, datetime]  # van, tot (niet tot en met)


def controleer_waarde(soort: str, waarde: str) -> bool:
    """Of een zoekwaarde van deze soort goed gevormd is."""
    if soort == "date":
        return bereik(_prefix(waarde)[1]) is not None
    if soort in ("number", "quantity"):
        return _getal(_prefix(waarde)[1].split("|")[0]) is not None
    if soort == "token":
        return waarde.count("|") <= 1 and waarde != "|"
    if soort == "reference":
        return len(waarde) <= 200 and " " not in waarde and not waarde.startswith("/")
    return True


def past(soort: str, element: Any, bepaler: str | None, waarde: str) -> bool:
    """Of dit element past. `:missing` en `:not` over een hele lijst doet de aanroeper."""
    return _VERGELIJK[soort](element, bepaler, waarde)


def _token(element: Any, _: str | None, waarde: str) -> bool:
    stelsel, streep, code = waarde.partition("|") if "|" in waarde else ("", "", waarde)
    if isinstance(element, bool):
        return code == ("true" if element else "false")
    if isinstance(element, str):
        return code == element
    if not isinstance(element, dict):
        return False
    if "coding" in element:
        return any(_token(c, None, waarde) for c in element["coding"])
    if "code" not in element and "value" not in element:
        return False
    eigen_code = element["code"] if "code" in element and "value" not in element else element.get("value")
    eigen_stelsel = element.get("system", "")
    if streep and eigen_stelsel != stelsel:
        return False
    return not code or code == eigen_code


def _reference(element: Any, bepaler: str | None, waarde: str) -> bool:
    if isinstance(element, str):  # canonical
        return element == waarde or element.partition("|")[0] == waarde
    verwijzing = element.get("reference") if isinstance(element, dict) else None
    gevonden = _VERWIJZING.fullmatch(verwijzing) if isinstance(verwijzing, str) else None
    if gevonden is None:
        return False
    gezocht = _VERWIJZING.fullmatch(waarde)
    type_, id_ = gezocht.groups() if gezocht else (bepaler, waarde)
    return gevonden[2] == id_ and type_ in (None, gevonden[1]) and bepaler in (None, gevonden[1])


def _string(element: Any, bepaler: str | None, waarde: str) -> bool:
    if isinstance(element, dict):
        return any(
            _string(v, bepaler, waarde) for k, v in element.items() if k not in ("use", "type", "period", "extension")
        )
    if isinstance(element, list):
        return any(_string(v, bepaler, waarde) for v in element)
    if not isinstance(element, str):
        return False
    if bepaler == "exact":
        return element == waarde
    kaal, gezocht = vereenvoudig(element), vereenvoudig(waarde)
    return gezocht in kaal if bepaler == "contains" else kaal.startswith(gezocht)


def _uri(element: Any, _: str | None, waarde: str) -> bool:
    return isinstance(element, str) and element == waarde


def _date(element: Any, _: str | None, waarde: str) -> bool:
    prefix, tekst = _prefix(waarde)
    gezocht = bereik(tekst)
    eigen = bereik_van(element)
    if gezocht is None or eigen is None:
        return False
    (van, tot), (z_van, z_tot) = eigen, gezocht
    if prefix == "ap":
        marge = max(abs(datetime.now(UTC) - z_van) / 10, timedelta(days=1))
        return van < z_tot + marge and tot > z_van - marge
    return {
        "eq": z_van <= van and tot <= z_tot,
        "ne": not (z_van <= van and tot <= z_tot),
        "gt": tot > z_tot,
        "lt": van < z_van,
        "ge": tot > z_tot or (z_van <= van and tot <= z_tot),
        "le": van < z_van or (z_van <= van and tot <= z_tot),
        "sa": van >= z_tot,
        "eb": tot <= z_van,
    }[prefix]


def _number(element: Any, _: str | None, waarde: str) -> bool:
    if isinstance(element, bool) or not isinstance(element, (int, Decimal)):
        return False
    prefix, tekst = _prefix(waarde)
    gezocht = _getal(tekst)
    return gezocht is not None and _vergelijk_getal(Decimal(element), prefix, gezocht, tekst)


def _quantity(element: Any, _: str | None, waarde: str) -> bool:
    if not isinstance(element, dict):
        return False
    deel, *eenheid = waarde.split("|")
    if not _number(element.get("value"), None, deel):
        return False
    if not eenheid:
        return True
    stelsel, code = [*eenheid, ""][:2]
    return (not stelsel or element.get("system") == stelsel) and (
        not code or code in (element.get("code"), element.get("unit"))
    )


def _vergelijk_getal(eigen: Decimal, prefix: str, gezocht: Decimal, tekst: str) -> bool:
    decimalen = len(tekst.partition(".")[2]) if "e" not in tekst.lower() else 0
    halve_stap = Decimal(1).scaleb(-decimalen) / 2  # "100" vindt 99,5 tot 100,5 (search.html#number)
    gelijk = gezocht - halve_stap <= eigen < gezocht + halve_stap
    return {
        "eq": gelijk,
        "ne": not gelijk,
        "gt": eigen > gezocht,
        "sa": eigen > gezocht,
        "lt": eigen < gezocht,
        "eb": eigen < gezocht,
        "ge": eigen >= gezocht,
        "le": eigen <= gezocht,
        "ap": abs(eigen - gezocht) <= abs(gezocht) / 10,
    }[prefix]


_VERGELIJK: Final[dict[str, Callable[[Any, str | None, str], bool]]] = {
    "token": _token,
    "reference": _reference,
    "string": _string,
    "uri": _uri,
    "date": _date,
    "number": _number,
    "quantity": _quantity,
}


def vereenvoudig(tekst: str) -> str:
    """Zonder hoofdletters en accenten, zoals een string-parameter vergelijkt."""
    return "".join(c for c in unicodedata.normalize("NFKD", tekst.casefold()) if not unicodedata.combining(c))


@lru_cache(maxsize=4096)
def bereik(tekst: str) -> Bereik | None:
    """Het tijdvak dat een (gedeeltelijke) datum beslaat, of None als het geen datum is."""
    m = _DATUM.fullmatch(tekst)
    if m is None:
        return None
    jaar, maand, dag, uur, minuut, seconde, deel, zone = m.groups()
    try:
        van = datetime(
            int(jaar), int(maand or 1), int(dag or 1), int(uur or 0), int(minuut or 0), int(seconde or 0), tzinfo=UTC
        )
        if deel:
            van += timedelta(microseconds=int(float(deel) * 1_000_000))
        if zone and zone != "Z":
            uren, minuten = int(zone[1:3]), int(zone[4:])
            verschil = timedelta(hours=uren, minutes=minuten)
            van = van - verschil if zone[0] == "+" else van + verschil
        return van, van + _duur(van, maand, dag, uur, seconde, deel)
    except (ValueError, OverflowError):
        return None


def _duur(
    van: datetime, maand: str | None, dag: str | None, uur: str | None, seconde: str | None, deel: str | None
) -> timedelta:
    if deel:
        return timedelta(milliseconds=1)
    if seconde:
        return timedelta(seconds=1)
    if uur:
        return timedelta(minutes=1)
    if dag:
        return timedelta(days=1)
    if maand:
        return timedelta(days=monthrange(van.year, van.month)[1])
    return timedelta(days=366 if monthrange(van.year, 2)[1] == 29 else 365)


def bereik_van(element: Any) -> Bereik | None:
    """Het tijdvak van een date, dateTime, instant, Period of Timing in een resource."""
    if isinstance(element, str):
        return bereik(element)
    if not isinstance(element, dict):
        return None
    if "repeat" in element or "event" in element:
        momenten = [b for e in element.get("event", ()) if (b := bereik(e))]
        grens = bereik_van(element.get("repeat", {}).get("boundsPeriod"))
        alle = momenten + ([grens] if grens else [])
        return (min(a for a, _ in alle), max(b for _, b in alle)) if alle else None
    if "start" not in element and "end" not in element:
        return None
    begin, einde = bereik(element.get("start", "")), bereik(element.get("end", ""))
    return begin[0] if begin else _VROEGST, einde[1] if einde else _VERST


def _prefix(waarde: str) -> tuple[str, str]:
    return (waarde[:2], waarde[2:]) if waarde[:2] in PREFIXEN else ("eq", waarde)


def _getal(tekst: str) -> Decimal | None:
    if not re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?([eE][+-]?\d{1,2})?", tekst):
        return None
    try:
        return Decimal(tekst)
    except InvalidOperation:
        return None
