"""De zoekvraag uitvoeren op wat iemand ziet: voorwaarden, volgorde en wat er meekomt.

Krijgt alleen zichtbare resources en kan dus nooit iets anders geven; telt ook alleen die. Bladzijden: `bladzijden.py`.
Bron: FHIR R4 search.html#sort, #include, #revinclude.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, Final, TypeVar

from server.fhir.search.filters import Filter, lezer
from server.fhir.search.grammatica import Zoekvraag
from server.fhir.search.treffer import Bron, Omgeving, Opzoeken, Treffer, lokaal
from server.fhir.search.vergelijken import bereik_van, vereenvoudig
from server.fhir.search.wensen import Meenemen
from server.registry import SearchParam

__all__ = ["NERGENS", "Bron", "Omgeving", "Opzoeken", "Treffer", "lokaal", "neem_mee", "sorteer", "voldoet"]

# `:iterate` gaat door tot er niets bij komt, en hoogstens zoveel stappen.
STAPPEN_HOOGSTENS: Final = 8
NERGENS: Final = Omgeving()

T = TypeVar("T")


def voldoet(treffer: Treffer, filters: Iterable[Filter], omgeving: Omgeving) -> bool:
    """Of alle voorwaarden gelden."""
    return all(f.voldoet(treffer, omgeving) for f in filters)


def sorteer(
    treffers: list[T], volgorde: Sequence[tuple[SearchParam, bool]], zie: Callable[[T], tuple[Treffer, Omgeving]]
) -> list[T]:
    """Stabiel gesorteerd; zonder waarde komt achteraan, in beide richtingen. Eigen volgorde: zoals aangeboden.

    `zie` geeft per rij de resource en waar haar verwijzingen heen kunnen.
    """
    for parameter, aflopend in reversed(volgorde):
        lees = lezer(parameter)
        met, zonder = [], []
        for rij in treffers:
            treffer, omgeving = zie(rij)
            sleutels = [
                s for w in lees(treffer.inhoud, omgeving.los_op) if (s := _sleutel(w, parameter.type)) is not None
            ]
            if sleutels:
                met.append((max(sleutels) if aflopend else min(sleutels), rij))
            else:
                zonder.append(rij)
        met.sort(key=lambda paar: paar[0], reverse=aflopend)
        treffers = [rij for _, rij in met] + zonder
    return treffers


def _sleutel(waarde: Any, soort: str) -> tuple[int, Any] | None:
    if isinstance(waarde, bool):
        return (0, int(waarde))
    if isinstance(waarde, (int, Decimal)):
        return (0, Decimal(waarde))
    if soort == "date":
        tijd = bereik_van(waarde)
        return (1, tijd[0]) if tijd is not None else None
    if isinstance(waarde, str):
        return (2, vereenvoudig(waarde))
    if not isinstance(waarde, dict):
        return None
    if isinstance(waarde.get("value"), (int, Decimal)):
        return (0, Decimal(waarde["value"]))
    codering = (waarde.get("coding") or [waarde])[0]
    for naam in ("family", "text", "reference", "code", "value", "display", "line", "city"):
        tekst = codering.get(naam) or waarde.get(naam)
        tekst = tekst[0] if isinstance(tekst, list) and tekst else tekst
        if isinstance(tekst, str):
            return (2, vereenvoudig(tekst))
    return None


def neem_mee(gevonden: Sequence[Treffer], vraag: Zoekvraag, omgeving: Omgeving) -> list[Treffer]:
    """Wat `_include` en `_revinclude` erbij geven: elk één keer, niet wat al gevonden is."""
    al = {t.plaats for t in gevonden}
    uit: list[Treffer] = []
    laatste: Sequence[Treffer] = gevonden
    for stap in range(STAPPEN_HOOGSTENS):
        includes, revincludes = ([m for m in mee if m.door or stap == 0] for mee in (vraag.includes, vraag.revincludes))
        # Een eerste stap zonder `:iterate` gaat alleen van de treffers uit; daarna alleen wat nieuw is.
        nieuw = []
        for t in (*_heen(laatste, includes, omgeving), *_terug(laatste, revincludes, omgeving)):
            if t.plaats not in al:
                al.add(t.plaats)
                nieuw.append(t)
        if not nieuw:
            break
        uit += nieuw
        laatste = nieuw
    return uit


def _heen(van: Sequence[Treffer], mee: Sequence[Meenemen], omgeving: Omgeving) -> Iterable[Treffer]:
    for m in mee:
        lees = lezer(m.parameter)
        for t in van:
            if t.type == m.bron:
                yield from (d for d in omgeving.doelen(lees(t.inhoud, omgeving.los_op)) if m.doel in (None, d.type))


def _terug(naar: Sequence[Treffer], mee: Sequence[Meenemen], omgeving: Omgeving) -> Iterable[Treffer]:
    for m in mee:
        lees = lezer(m.parameter)
        plaatsen = {t.plaats for t in naar if m.doel in (None, t.type)}
        for kandidaat in omgeving.van_type(m.bron) if plaatsen else ():
            wijst = (omgeving.plaats_van(w) for w in lees(kandidaat.inhoud, omgeving.los_op))
            if any(w in plaatsen for w in wijst):
                yield kandidaat
