"""De zoekvraag uitvoeren op wat iemand ziet: voorwaarden, volgorde, bladzijde en wat er meekomt.

Krijgt alleen zichtbare resources en kan dus nooit iets anders geven; telt ook alleen die. Bron: FHIR R4 search.html.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Protocol

import orjson

from paspoort.fhir.referenties import ontleed
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.request import Json
from server.fhir.search import pad
from server.fhir.search.grammatica import Filter, Zoekvraag
from server.fhir.search.vergelijken import bereik_van, past, vereenvoudig
from server.registry import TYPES, SearchParam

_ID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")


class Bron(Protocol):
    """Waar een treffer zijn inhoud vandaan haalt; de inhoud wordt pas ontleed als iemand haar vraagt."""

    tekst: bytes

    @property
    def inhoud(self) -> Json:
        """De JSON; niemand past haar aan."""


@dataclass(frozen=True, slots=True)
class Treffer:
    """Eén zichtbare resource: de inhoud om op te zoeken en de bytes om te geven."""

    type: str
    id: str
    bron: Bron

    @property
    def inhoud(self) -> Json:
        """De zichtbare JSON."""
        return self.bron.inhoud

    @property
    def tekst(self) -> bytes:
        """De bytes die naar buiten gaan."""
        return self.bron.tekst


Opzoeken = Callable[[str, str], Treffer | None]  # type, id → wat daarvan zichtbaar is


def voldoet(treffer: Treffer, filters: Iterable[Filter], zoek_op: Opzoeken) -> bool:
    """Of alle voorwaarden gelden."""
    return all(_voldoet(treffer.inhoud, f, zoek_op) for f in filters)


def _voldoet(inhoud: Json, filter_: Filter, zoek_op: Opzoeken) -> bool:
    waarden = pad.waarden(inhoud, filter_.parameter.expression, _oplosser(zoek_op))
    if filter_.keten:
        doeltype, verder = filter_.keten
        return any(_voldoet(t.inhoud, verder, zoek_op) for t in doelen(waarden, zoek_op) if t.type == doeltype)
    if filter_.bepaler == "missing":
        return (not waarden) == (filter_.waarden == ("true",))
    soort = filter_.parameter.type
    raak = any(past(soort, w, filter_.bepaler, gezocht) for w in waarden for gezocht in filter_.waarden)
    return not raak if filter_.bepaler == "not" else raak


def _oplosser(zoek_op: Opzoeken) -> pad.Oplosser:
    def los_op(verwijzing: str) -> Json | None:
        plaats = lokaal(verwijzing)
        treffer = zoek_op(*plaats) if plaats else None
        return treffer.inhoud if treffer else None

    return los_op


def lokaal(verwijzing: str) -> tuple[str, str] | None:
    """(type, id) van een letterlijke verwijzing, of None bij een andere vorm."""
    gevonden = ontleed(verwijzing)
    return gevonden[:2] if gevonden else None


def doelen(waarden: Iterable[Any], zoek_op: Opzoeken) -> list[Treffer]:
    """De zichtbare resources waar deze Reference-waarden naar wijzen."""
    uit = []
    for waarde in waarden:
        verwijzing = waarde.get("reference") if isinstance(waarde, dict) else None
        plaats = lokaal(verwijzing) if isinstance(verwijzing, str) else None
        treffer = zoek_op(*plaats) if plaats else None
        if treffer is not None:
            uit.append(treffer)
    return uit


def sorteer(treffers: list[Treffer], volgorde: Sequence[tuple[SearchParam, bool]], zoek_op: Opzoeken) -> list[Treffer]:
    """Stabiel gesorteerd; zonder waarde komt achteraan, in beide richtingen. Eigen volgorde: zoals aangeboden."""
    los_op = _oplosser(zoek_op)
    for parameter, aflopend in reversed(volgorde):
        met, zonder = [], []
        for t in treffers:
            sleutels = [
                s for w in pad.waarden(t.inhoud, parameter.expression, los_op) if (s := _sleutel(w)) is not None
            ]
            (met.append((max(sleutels) if aflopend else min(sleutels), t)) if sleutels else zonder.append(t))
        met.sort(key=lambda paar: paar[0], reverse=aflopend)
        treffers = [t for _, t in met] + zonder
    return treffers


def _sleutel(waarde: Any) -> tuple[int, Any] | None:
    if isinstance(waarde, bool):
        return (0, int(waarde))
    if isinstance(waarde, (int, Decimal)):
        return (0, Decimal(waarde))
    if (tijd := bereik_van(waarde)) is not None:
        return (1, tijd[0])
    if isinstance(waarde, str):
        return (2, vereenvoudig(waarde))
    if not isinstance(waarde, dict):
        return None
    if isinstance(waarde.get("value"), (int, Decimal)):
        return (0, Decimal(waarde["value"]))
    codering = (waarde.get("coding") or [waarde])[0]
    for naam in ("family", "text", "reference", "code", "value", "display"):
        tekst = codering.get(naam) or waarde.get(naam)
        if isinstance(tekst, str):
            return (2, vereenvoudig(tekst))
    return None


def neem_mee(
    gevonden: Sequence[Treffer], vraag: Zoekvraag, zoek_op: Opzoeken, van_type: Callable[[str], Iterable[Treffer]]
) -> list[Treffer]:
    """Wat `_include` en `_revinclude` erbij geven: elk één keer, niet wat al gevonden is."""
    al = {(t.type, t.id) for t in gevonden}
    uit: list[Treffer] = []

    def voeg_toe(treffer: Treffer) -> None:
        if (treffer.type, treffer.id) not in al:
            al.add((treffer.type, treffer.id))
            uit.append(treffer)

    los_op = _oplosser(zoek_op)
    for mee in vraag.includes:
        for t in gevonden:
            if t.type == mee.bron:
                for doel in doelen(pad.waarden(t.inhoud, mee.parameter.expression, los_op), zoek_op):
                    if mee.doel in (None, doel.type):
                        voeg_toe(doel)
    namen = {(t.type, t.id) for t in gevonden}
    for mee in vraag.revincludes:
        for kandidaat in van_type(mee.bron):
            wijst = (
                lokaal(w["reference"])
                for w in pad.waarden(kandidaat.inhoud, mee.parameter.expression, los_op)
                if isinstance(w, dict) and isinstance(w.get("reference"), str)
            )
            if any(w in namen for w in wijst):
                voeg_toe(kandidaat)
    return uit


def snijd(treffers: Sequence[Treffer], vraag: Zoekvraag) -> tuple[Sequence[Treffer], str | None]:
    """De gevraagde bladzijde en het teken voor de volgende, of None.

    Het teken noemt de laatste van de vorige bladzijde: komt er ondertussen iets bij of gaat er iets weg, dan slaat de
    lezer niets over dat er al was. PaspoortFout `zoek-waarde` bij een teken dat niet van ons is.
    """
    begin = _begin(treffers, vraag.bladzijde) if vraag.bladzijde else 0
    bladzijde = treffers[begin : begin + vraag.aantal]
    if not bladzijde or begin + len(bladzijde) >= len(treffers):
        return bladzijde, None
    teken = orjson.dumps([bladzijde[-1].id, begin + len(bladzijde)])
    return bladzijde, base64.urlsafe_b64encode(teken).decode().rstrip("=")


def _begin(treffers: Sequence[Treffer], teken: str) -> int:
    try:
        laatste, plaats = orjson.loads(base64.b64decode(teken + "=" * (-len(teken) % 4), b"-_", validate=True))
    except (ValueError, binascii.Error, TypeError):
        laatste, plaats = None, None
    if not isinstance(laatste, str) or not _ID.fullmatch(laatste) or not isinstance(plaats, int) or plaats < 1:
        raise PaspoortFout(Melding("zoek-waarde", "_bladzijde", {"naam": "_bladzijde"}))
    gevonden = next((i for i, t in enumerate(treffers) if t.id == laatste), None)
    return plaats if gevonden is None else gevonden + 1


# Elke expressie wordt bij het laden ontleed: een fout in de tabel valt meteen op.
for _type in TYPES.values():
    for _parameter in _type.search:
        pad.ontleed(_parameter.expression)
