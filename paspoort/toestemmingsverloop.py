"""Het verloop van een toestemming in gewone taal: gegeven, versmald, verlengd, gestopt. Elke verandering is te lezen.

Vergelijkt alleen wat een toestemming betekent; wie het deed en wanneer, weet de aanroeper. Kent geen FHIR. Bron:
toegang.md §4 (*the houder may take away, not silently add*): wat erbij komt, staat er ook.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Final

from paspoort.toegang.groepen import GROEPEN
from paspoort.toestemming import Toestemming, als_dag

MAANDEN: Final = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
GAAT_NIET_OVER: Final = frozenset({"id", "gegeven_op"})  # zegt niet wat er mag
BEGIN: Final = {
    "active": "De toestemming begon.",
    "proposed": "Deze toestemming wachtte nog.",
    "draft": "Deze toestemming wachtte nog.",
    "inactive": "Er werd gestopt met delen.",
    "rejected": "Het antwoord was nee.",
    "entered-in-error": "Deze toestemming stond er per vergissing.",
}


@dataclass(frozen=True, slots=True)
class Verandering:
    """Wat er veranderde: soort (`gegeven`, `gevraagd`, `gestopt`, `minder`, `meer`, `anders`) en de zin erbij."""

    soort: str
    zin: str


def dag_in_woorden(moment: date | datetime) -> str:
    """`9 maart 2026`."""
    dag = als_dag(moment)
    return f"{dag.day} {MAANDEN[dag.month - 1]} {dag.year}"


def veranderingen(oud: Toestemming | None, nieuw: Toestemming | None) -> tuple[Verandering, ...]:
    """Wat er van `oud` naar `nieuw` veranderde, elk in een zin. `oud` None: gegeven; `nieuw` None: verwijderd.

    Leeg als beide precies hetzelfde betekenen, en anders nooit.
    """
    if nieuw is None:
        return () if oud is None else (Verandering("gestopt", "Deze toestemming werd weggegooid."),)
    if oud is None:
        return _begin(nieuw)
    uit = [v for vergelijk in _VERGELIJK for v in vergelijk(oud, nieuw)]
    if not uit and _kern(oud) != _kern(nieuw):
        uit.append(Verandering("anders", "Er veranderde iets in de toestemming."))
    return tuple(uit)


def _begin(nieuw: Toestemming) -> tuple[Verandering, ...]:
    if nieuw.status == "proposed" or nieuw.status == "draft":
        eerste = Verandering("gevraagd", BEGIN[nieuw.status])
    elif nieuw.status == "active":
        eerste = Verandering("gegeven", BEGIN["active"])
    else:
        eerste = Verandering("gestopt", BEGIN[nieuw.status])
    uit = [eerste]
    if nieuw.groepen:
        uit.append(Verandering("meer", f"Te lezen: {opsomming(_woorden(nieuw.groepen))}."))
    if nieuw.tot:
        uit.append(Verandering("anders", f"Tot {dag_in_woorden(nieuw.tot)}."))
    if nieuw.uitzonderingen:
        uit.append(Verandering("minder", _aantal(nieuw.uitzonderingen, "bleef dicht", "bleven dicht")))
    return tuple(uit)


def _status(oud: Toestemming, nieuw: Toestemming) -> Iterable[Verandering]:
    if oud.status == nieuw.status:
        return
    soort = {"active": "gegeven", "proposed": "gevraagd", "draft": "gevraagd"}.get(nieuw.status, "gestopt")
    opnieuw = oud.status in ("inactive", "rejected") and nieuw.status == "active"
    yield Verandering(soort, "De toestemming begon opnieuw." if opnieuw else BEGIN[nieuw.status])


def _groepen(oud: Toestemming, nieuw: Toestemming) -> Iterable[Verandering]:
    if weg := oud.groepen - nieuw.groepen:
        yield Verandering("minder", f"Niet meer te lezen: {opsomming(_woorden(weg))}.")
    if erbij := nieuw.groepen - oud.groepen:
        yield Verandering("meer", f"Ook te lezen: {opsomming(_woorden(erbij))}.")


def _uitzonderingen(oud: Toestemming, nieuw: Toestemming) -> Iterable[Verandering]:
    if dicht := nieuw.uitzonderingen - oud.uitzonderingen:
        yield Verandering("minder", _aantal(dicht, "ging dicht", "gingen dicht"))
    if weer := oud.uitzonderingen - nieuw.uitzonderingen:
        yield Verandering("meer", _aantal(weer, "ging weer open", "gingen weer open"))


def _alleen(oud: Toestemming, nieuw: Toestemming) -> Iterable[Verandering]:
    if oud.alleen == nieuw.alleen:
        return
    kleiner = nieuw.alleen is not None and (oud.alleen is None or nieuw.alleen < oud.alleen)
    if kleiner:
        yield Verandering("minder", "De toestemming gaat over minder gegevens dan eerst.")
    else:
        yield Verandering("meer", "De toestemming gaat over andere of meer gegevens dan eerst.")


def _einde(oud: Toestemming, nieuw: Toestemming) -> Iterable[Verandering]:
    if oud.tot == nieuw.tot:
        return
    if nieuw.tot is None:
        yield Verandering("meer", "De einddatum ging eraf.")
    elif oud.tot is not None and als_dag(nieuw.tot) == als_dag(oud.tot):
        yield Verandering("anders", f"Het einde op {dag_in_woorden(nieuw.tot)} kreeg een andere tijd.")
    elif oud.tot is None or als_dag(nieuw.tot) < als_dag(oud.tot):
        yield Verandering("minder", f"Korter: tot {dag_in_woorden(nieuw.tot)}.")
    else:
        yield Verandering("meer", f"Langer: tot {dag_in_woorden(nieuw.tot)}.")


def _begindag(oud: Toestemming, nieuw: Toestemming) -> Iterable[Verandering]:
    if oud.van != nieuw.van:
        vanaf = f"Nieuwe begindag: {dag_in_woorden(nieuw.van)}." if nieuw.van else "De begindag ging eraf."
        yield Verandering("anders", vanaf)


def _wie(oud: Toestemming, nieuw: Toestemming) -> Iterable[Verandering]:
    if oud.aan != nieuw.aan:
        yield Verandering("meer", "De toestemming is nu voor iemand anders.")


def _waarvoor(oud: Toestemming, nieuw: Toestemming) -> Iterable[Verandering]:
    if oud.doel != nieuw.doel:
        yield Verandering("meer", "De toestemming is nu voor iets anders.")


def _betreft(oud: Toestemming, nieuw: Toestemming) -> Iterable[Verandering]:
    if oud.betreft == nieuw.betreft:
        return
    if nieuw.betreft and (nieuw.betreft < oud.betreft or not oud.betreft):
        yield Verandering("minder", "De toestemming gaat over minder hulpmiddelen.")
    else:
        yield Verandering("meer", "De toestemming gaat over andere hulpmiddelen.")


_VERGELIJK: Final[tuple[Callable[[Toestemming, Toestemming], Iterable[Verandering]], ...]] = (
    _status, _groepen, _uitzonderingen, _alleen, _betreft, _wie, _waarvoor, _begindag, _einde,
)  # fmt: skip


def opsomming(delen: Iterable[str]) -> str:
    """`a, b en c`."""
    lijst = list(delen)
    return lijst[0] if len(lijst) == 1 else f"{', '.join(lijst[:-1])} en {lijst[-1]}" if lijst else ""


def _woorden(groepen: Iterable[str]) -> list[str]:
    gekozen = set(groepen)
    return [tekst for groep, tekst in GROEPEN.items() if groep in gekozen]


def _aantal(plekken: frozenset[str], enkel: str, meer: str) -> str:
    return f"Eén gegeven {enkel}." if len(plekken) == 1 else f"Een aantal gegevens ({len(plekken)}) {meer}."


def _kern(t: Toestemming) -> tuple[object, ...]:
    kaal = replace(t, id="", gegeven_op=None)
    return tuple(getattr(kaal, f.name) for f in fields(kaal) if f.name not in GAAT_NIET_OVER)
