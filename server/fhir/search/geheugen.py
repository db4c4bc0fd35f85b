"""Wat een voorwaarde op een ongewijzigde resource opleverde, onthouden bij de momentopname.

Alleen voor resources die de vrager helemaal ziet en voorwaarden die van niets anders afhangen dan hun inhoud
(`Filter.vast`): geen keten, geen `_has`, geen `resolve()`, geen `ap` (dat hangt van de klok af). Al het andere wordt
elke keer uitgerekend. Het zicht gaat altijd vóór; dit geheugen beslist nooit of iemand iets mag zien.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from server.access.gronden import onthoud
from server.access.zicht import Getoond
from server.fhir.search.filters import Filter
from server.fhir.search.treffer import Omgeving, Treffer
from server.store.versions import Momentopname

# Zoveel verschillende voorwaarden per momentopname; de oudste gaat eruit.
VOORWAARDEN_ONTHOUDEN: Final = 32

_Antwoorden = dict[str, bool]


class Voorwaarden:
    """De voorwaarden van één zoekvraag op één momentopname."""

    __slots__ = ("_delen", "_omgeving")

    def __init__(self, m: Momentopname, type: str, filters: Sequence[Filter], omgeving: Omgeving) -> None:
        self._omgeving = omgeving
        self._delen = [(f, _antwoorden(m, type, f, omgeving.basis) if f.vast else None) for f in filters]

    def gelden(self, treffer: Treffer) -> bool:
        """Of alle voorwaarden voor deze zichtbare resource gelden."""
        heel = isinstance(treffer.bron, Getoond) and treffer.bron.volledig
        for filter_, antwoorden in self._delen:
            raak = antwoorden.get(treffer.id) if heel and antwoorden is not None else None
            if raak is None:
                raak = filter_.voldoet(treffer, self._omgeving)
                if heel and antwoorden is not None:
                    antwoorden[treffer.id] = raak
            if not raak:
                return False
        return True


def _antwoorden(m: Momentopname, type: str, f: Filter, basis: str) -> _Antwoorden:
    alle: dict[object, _Antwoorden] = onthoud(m, "zoeken", dict)
    sleutel = (type, f.parameter.name, f.bepaler, f.waarden, basis)
    gevonden = alle.get(sleutel)
    if gevonden is None:
        if len(alle) >= VOORWAARDEN_ONTHOUDEN:
            alle.pop(next(iter(alle)))
        gevonden = alle[sleutel] = {}
    return gevonden
