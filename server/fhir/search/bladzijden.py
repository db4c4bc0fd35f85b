"""Bladzijden die niet verschuiven: wie doorbladert, ziet wat er bij het begin was elk één keer.

De volgorde van een vraag ligt vast op het begin (`Merk`). Wat daarna verandert, houdt zijn plaats van toen en toont
zich zoals het nu is; wat er bij komt, doet niet mee; wat weg is of niet meer past, valt weg zonder dat iets verschuift.
Zuiver: wie de oude versie nodig heeft, krijgt haar van de aanroeper. Bron: FHIR R4 http.html#paging.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.search.treffer import Treffer
from server.store.versions import Momentopname, Versie

# Zoveel partities houden elk hun eigen volgnummer in het teken; daarboven volstaat één moment voor alle.
VOLGNUMMERS_HOOGSTENS: Final = 20

Plaats = tuple[str, str]  # type, id


@dataclass(frozen=True, slots=True)
class Merk:
    """Het begin van een doorlopen vraag: het volgnummer per partitie, of één moment voor allemaal."""

    volgnummers: Mapping[str, int] | None = None
    moment: str = ""

    def was_er(self, versie: Versie) -> bool:
        """Of deze versie er bij het begin al was."""
        if self.volgnummers is None:
            return versie.moment <= self.moment
        return versie.volgnummer <= self.volgnummers.get(versie.partitie, -1)

    @classmethod
    def van(cls, opnamen: Sequence[Momentopname]) -> Merk:
        """Het merk van nu."""
        if len(opnamen) <= VOLGNUMMERS_HOOGSTENS:
            return cls({m.partitie: m.volgnummer for m in opnamen})
        return cls(None, max((alle[-1].moment for m in opnamen if (alle := m.alle())), default=""))

    def als_json(self) -> Any:
        """De vorm voor in het teken."""
        return self.moment if self.volgnummers is None else dict(self.volgnummers)

    @classmethod
    def uit_json(cls, waarde: Any) -> Merk:
        """Terug uit het teken."""
        return cls(None, waarde) if isinstance(waarde, str) else cls(waarde)


@dataclass(frozen=True, slots=True)
class Rij:
    """Eén plaats in de volgorde. `toen`: zoals zij bij het begin was; `nu`: wat er te geven is, of None."""

    toen: Treffer
    nu: Treffer | None
    volgorde: tuple[int, str, str, str]  # welke partitie, en moment, id en type van toen: de volgorde zonder `_sort`
    partitie: str


@dataclass(frozen=True, slots=True)
class Anker:
    """Waar een bladzijde aan vastzit: na (of vóór) deze resource; is zij gewist, dan op deze plaats."""

    plaats: Plaats
    nummer: int
    terug: bool = False


@dataclass(frozen=True, slots=True)
class Bladzijde:
    """De rijen van één bladzijde en waar de vorige en volgende beginnen, als die er zijn."""

    rijen: Sequence[Rij]
    vorige: Anker | None
    volgende: Anker | None


def snijd(rijen: Sequence[Rij], aantal: int, anker: Anker | None) -> Bladzijde:
    """De bladzijde na (of vóór) het anker, of de eerste."""
    zichtbaar = [n for n, rij in enumerate(rijen) if rij.nu is not None]
    if anker is None:
        gekozen = zichtbaar[:aantal]
    else:
        grens = _nummer(rijen, anker)
        if anker.terug:
            gekozen = [n for n in zichtbaar if n < grens][-aantal:]
        else:
            gekozen = [n for n in zichtbaar if n > grens][:aantal]
    if not gekozen:
        return Bladzijde((), None, None)
    eerste, laatste = gekozen[0], gekozen[-1]
    return Bladzijde(
        [rijen[n] for n in gekozen],
        Anker(rijen[eerste].toen.plaats, eerste, terug=True) if zichtbaar[0] < eerste else None,
        Anker(rijen[laatste].toen.plaats, laatste) if zichtbaar[-1] > laatste else None,
    )


def _nummer(rijen: Sequence[Rij], anker: Anker) -> int:
    gevonden = next((n for n, rij in enumerate(rijen) if rij.toen.plaats == anker.plaats), None)
    if gevonden is not None:
        return gevonden
    # Gewist of buiten zicht geraakt: de rijen erna zijn één plaats opgeschoven.
    return anker.nummer if anker.terug else anker.nummer - 1


def naar_json(merk: Merk, anker: Anker | None) -> dict[str, Any] | None:
    """De plek van een bladzijde, voor in een teken; zonder anker is er geen."""
    return None if anker is None else {"m": merk.als_json(), "a": [*anker.plaats, anker.nummer, int(anker.terug)]}


def uit_json(inhoud: Mapping[str, Any] | None) -> tuple[Merk | None, Anker | None]:
    """(merk, anker) uit een geopend teken; zonder plek het begin. PaspoortFout `zoek-waarde` bij een ander teken."""
    if inhoud is None or not inhoud.keys() & {"a", "k"}:
        return None, None
    try:
        type_, id_, nummer, terug = inhoud["a"]
        return Merk.uit_json(inhoud["m"]), Anker((str(type_), str(id_)), int(nummer), bool(terug))
    except (KeyError, TypeError, ValueError):
        raise PaspoortFout(Melding("zoek-waarde", "_bladzijde", {"naam": "_bladzijde"})) from None


def query_uit(inhoud: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """De zoekvraag uit een geopend teken."""
    paren = inhoud.get("q")
    if not isinstance(paren, list) or not all(isinstance(p, list) and len(p) == 2 for p in paren):
        raise PaspoortFout(Melding("zoek-waarde", "_bladzijde", {"naam": "_bladzijde"}))
    return tuple((str(n), str(w)) for n, w in paren)
