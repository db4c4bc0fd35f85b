"""Wat zoeken vindt, en waar het verder kan kijken: de resources die deze vrager ziet, en niets anders.

Kent geen toegang en geen opslag: een `Omgeving` krijgt functies die al door het zicht gaan.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from paspoort.fhir.referenties import ontleed
from server.fhir.request import Json
from server.fhir.search.vergelijken import eigen_verwijzing

_PLAATS: Final = re.compile(r"([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})(?:/_history/[A-Za-z0-9.-]{1,64})?")


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

    @property
    def plaats(self) -> tuple[str, str]:
        """(type, id)."""
        return self.type, self.id


Opzoeken = Callable[[str, str], Treffer | None]  # type, id → wat daarvan zichtbaar is


class Omgeving:
    """Waar één zoekvraag bij kan in één paspoort. Leeg is voor wat nergens heen verwijst (log, definities)."""

    __slots__ = ("_zoek_op", "basis", "geheugen", "op_url", "van_type")

    def __init__(
        self,
        basis: str = "",
        zoek_op: Opzoeken = lambda _type, _id: None,
        van_type: Callable[[str], Iterable[Treffer]] = lambda _type: (),
        op_url: Callable[[str], Treffer | None] = lambda _url: None,
    ) -> None:
        self.basis, self._zoek_op, self.van_type, self.op_url = basis, zoek_op, van_type, op_url
        self.geheugen: dict[Hashable, frozenset[tuple[str, str]]] = {}  # per `_has`: wie er aangewezen wordt

    def plaats_van(self, element: Any) -> tuple[str, str] | None:
        """(type, id) waar een Reference van hier naar wijst; None bij een ander adres of geen verwijzing."""
        tekst = element.get("reference") if isinstance(element, dict) else None
        gevonden = _PLAATS.fullmatch(eigen_verwijzing(tekst, self.basis)) if isinstance(tekst, str) else None
        return (gevonden[1], gevonden[2]) if gevonden else None

    def zoek_op(self, plaats: tuple[str, str] | None) -> Treffer | None:
        """De zichtbare resource op een plaats."""
        return self._zoek_op(*plaats) if plaats else None

    def los_op(self, verwijzing: str) -> Json | None:
        """De inhoud waar een verwijzing heen wijst, voor `resolve()`."""
        treffer = self.zoek_op(self.plaats_van({"reference": verwijzing}))
        return treffer.inhoud if treffer else None

    def doelen(self, waarden: Iterable[Any]) -> list[Treffer]:
        """De zichtbare resources waar deze waarden (Reference of canonical) naar wijzen."""
        gevonden = (
            self.op_url(w) if isinstance(w, str) and ":" in w else self.zoek_op(self.plaats_van(w)) for w in waarden
        )
        return [t for t in gevonden if t is not None]


def lokaal(verwijzing: str) -> tuple[str, str] | None:
    """(type, id) van een letterlijke verwijzing, ook achter een adres; None bij een andere vorm."""
    gevonden = ontleed(verwijzing)
    return gevonden[:2] if gevonden else None
