"""Het zicht van een token met fijne scopes: wat niet aan de voorwaarde van de scope voldoet, is er niet.

Zit om het zicht heen (`server/access/zicht.py`) en kan dus alleen versmallen. Weegt wat de vrager van een resource
ziet, zodat een voorwaarde nooit iets verraadt dat verborgen is. Lezen, zoeken, meenemen, `$everything`, geschiedenis en
meldingen gaan er zo vanzelf langs; schrijven vraagt `past` op wat er was en wat het wordt.
Bron: SMART App Launch 2.2, Finer-grained resource constraints (smart-2.2.0@370).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from paspoort.fhir.fhirjson import Json
from server.access.actor import Actor
from server.access.fijne_scopes import Query
from server.access.gronden import Grond, bepaal_gronden
from server.access.scopes import INTERACTIES, is_fijn, voorwaarden
from server.access.zicht import Getoond, Zicht, bepaal_zicht
from server.fhir.search.filters import Filter
from server.fhir.search.grammatica import ontleed
from server.fhir.search.treffer import Omgeving, Treffer
from server.registry import TYPES
from server.store.register import REGISTER, Register
from server.store.versions import Momentopname, Versie

_ZOEKT: Final = frozenset({"search-type", "history-type"})
_LEEST: Final = frozenset({"read", "vread", "history-instance"})
NERGENS: Final = Omgeving()


@dataclass(frozen=True, slots=True)
class Doorgang:
    """Welke handeling op welk type onderweg is; daar hangt van af welke letter van een scope telt."""

    handeling: str
    type: str | None
    basis: str  # de FHIR-basis: een verwijzing daarheen is een eigen verwijzing

    def letters(self, type: str) -> str:
        """De letters waarvan er één moet passen om een resource van dit type te zien."""
        if self.handeling == "search-system" or (self.handeling in _ZOEKT and type == self.type):
            return "s"
        if self.handeling in _ZOEKT or self.handeling in _LEEST or self.handeling.startswith("$"):
            return "r"
        return "cruds"  # wie schrijft ziet wat hij schrijven, lezen of zoeken mag; wat hij schrijft weegt `past`


class Scopezicht(Zicht):
    """Een zicht waarin van sommige types alleen staat wat aan de scope voldoet."""

    def __init__(
        self,
        actor: Actor,
        momentopname: Momentopname,
        register: Register,
        nu: datetime,
        gronden: tuple[Grond, ...],
        doorgang: Doorgang,
    ) -> None:
        self._doorgang = doorgang
        self._past: dict[tuple[str, str, int], bool] = {}
        super().__init__(actor, momentopname, register, nu, gronden)

    @property
    def sleutel(self) -> tuple[object, ...]:
        """Ook de scopes en de handeling: een ander token ziet iets anders."""
        return (*super().sleutel, self.actor.scopes, self._doorgang)

    def toon(self, versie: Versie) -> Getoond | None:
        """Wat het zicht toont, als het ook aan de scope voldoet."""
        getoond = super().toon(versie)
        if getoond is None:
            return None
        sleutel = (versie.type, versie.id, versie.versie)
        if sleutel not in self._past:
            treffer = Treffer(versie.type, versie.id, getoond)
            d = self._doorgang
            queries = [voorwaarden(self.actor.scopes, versie.type, x) for x in d.letters(versie.type)]
            # Zonder scope voor dit type weegt de deur het type zelf (`Context.mag_lezen`).
            vrij = None in queries or not any(queries)
            self._past[sleutel] = vrij or any(_voldoet(q, treffer, d.basis) for q in queries if q)
        return getoond if self._past[sleutel] else None


def zicht_door_scope(
    actor: Actor,
    momentopname: Momentopname,
    register: Register,
    nu: datetime,
    doorgang: Doorgang,
    gedeeld: Sequence[Zicht] = (),
) -> Zicht:
    """Als `bepaal_zicht`, en voor een token met fijne scopes versmald tot wat daaraan voldoet."""
    if not is_fijn(actor.scopes) or momentopname.partitie == REGISTER:
        return bepaal_zicht(actor, momentopname, register, nu, gedeeld)
    gronden = bepaal_gronden(actor, momentopname, register, nu)
    return Scopezicht(actor, momentopname, register, nu, gronden, doorgang)


def past(
    scopes: frozenset[str] | None, type: str, interactie: str, id: str, gezien: Getoond | Json, basis: str
) -> bool:
    """Of de scopes deze interactie op deze ene resource toestaan; `gezien` is wat er was of wat het wordt."""
    if not is_fijn(scopes):
        return True
    bron = gezien if isinstance(gezien, Getoond) else Getoond(gezien, b"", True, ())
    treffer = Treffer(type, id, bron)
    per_letter = (voorwaarden(scopes, type, x) for x in INTERACTIES.get(interactie, ""))
    return all(q is None or _voldoet(q, treffer, basis) for q in per_letter)


def _voldoet(queries: frozenset[Query], treffer: Treffer, basis: str) -> bool:
    """Of één van de zoekvragen past."""
    return any(all(f.voldoet(treffer, NERGENS) for f in _filters(treffer.type, q, basis)) for q in queries)


@lru_cache(maxsize=512)
def _filters(type: str, query: Query, basis: str) -> tuple[Filter, ...]:
    return ontleed(TYPES[type], query, True, basis).filters


def kijk_van_abonnee(basis: str) -> Callable[[Actor, Momentopname, Register, datetime], Zicht]:
    """Het zicht van een abonnee die bericht krijgt over een Task."""
    return lambda actor, m, register, nu: zicht_door_scope(actor, m, register, nu, Doorgang("read", "Task", basis))
