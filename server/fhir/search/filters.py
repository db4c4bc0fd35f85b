"""Eén voorwaarde van een zoekvraag als functie: één keer gemaakt, daarna alleen nog uitgevoerd.

`grammatica.py` maakt ze uit de query; hier staat wat zij betekenen. Bron: FHIR R4 search.html (modifiers, chaining,
reverse chaining, composite).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from server.fhir.search import pad
from server.fhir.search.treffer import Omgeving, Treffer
from server.fhir.search.vergelijken import Proef
from server.registry import SearchParam

Voldoet = Callable[[Treffer, Omgeving], bool]


@dataclass(frozen=True, slots=True)
class Filter:
    """Eén voorwaarde: één van de waarden moet passen.

    `vast`: hangt alleen van de inhoud van de resource zelf af, en niet van wat anders zichtbaar is of van de klok.
    `verder`: bij een keten of `_has` de voorwaarde op de andere resource, per type.
    """

    parameter: SearchParam
    bepaler: str | None
    waarden: tuple[str, ...]
    voldoet: Voldoet = field(compare=False, repr=False)
    vast: bool = True
    verder: tuple[tuple[str, Filter], ...] = ()

    @property
    def gewoon(self) -> bool:
        """Een voorwaarde op de resource zelf, zonder bepaler die haar omkeert of verzet."""
        return not self.verder and self.bepaler is None


def lezer(parameter: SearchParam) -> pad.Waarden:
    """De waarden van een parameter uit een resource."""
    return pad.compileer(parameter.expression, parameter.base)


def op_waarde(
    parameter: SearchParam, bepaler: str | None, waarden: tuple[str, ...], proeven: Sequence[Proef]
) -> Filter:
    """Een van de proeven past op een van de waarden; bij `:not` juist op geen."""
    lees, omgekeerd = lezer(parameter), bepaler == "not"

    def voldoet(t: Treffer, omgeving: Omgeving) -> bool:
        gevonden = lees(t.inhoud, omgeving.los_op)
        return any(proef(w) for w in gevonden for proef in proeven) is not omgekeerd

    klok = parameter.type in ("date", "number", "quantity") and any(w.startswith("ap") for w in waarden)
    return Filter(parameter, bepaler, waarden, voldoet, vast=not klok and "resolve()." not in parameter.expression)


def afwezig(parameter: SearchParam, waarde: str) -> Filter:
    """`:missing=true` of `false`."""
    lees, weg = lezer(parameter), waarde == "true"
    return Filter(
        parameter,
        "missing",
        (waarde,),
        lambda t, omgeving: (not lees(t.inhoud, omgeving.los_op)) is weg,
        vast="resolve()." not in parameter.expression,
    )


def samengesteld(parameter: SearchParam, waarden: tuple[str, ...], proeven: Sequence[Sequence[Proef]]) -> Filter:
    """Een composite: de delen van één waarde passen op hetzelfde element."""
    delen = pad.samengesteld(parameter.expression, tuple(c.expression for c in parameter.component), parameter.base)

    def voldoet(t: Treffer, omgeving: Omgeving) -> bool:
        los_op = omgeving.los_op
        return any(
            all(any(proef(w) for w in lees(element, los_op)) for lees, proef in zip(onder, rij, strict=True))
            for basis, onder in delen
            for element in basis(t.inhoud, los_op)
            for rij in proeven
        )

    klok = any(deel.startswith("ap") for w in waarden for deel in w.split("$"))
    return Filter(parameter, None, waarden, voldoet, vast=not klok)


def keten(parameter: SearchParam, verder: tuple[tuple[str, Filter], ...]) -> Filter:
    """Een van de zichtbare resources waar deze parameter naar wijst, voldoet aan de voorwaarde van haar type."""
    lees, per_type = lezer(parameter), dict(verder)

    def voldoet(t: Treffer, omgeving: Omgeving) -> bool:
        doelen = omgeving.doelen(lees(t.inhoud, omgeving.los_op))
        return any((f := per_type.get(doel.type)) is not None and f.voldoet(doel, omgeving) for doel in doelen)

    return Filter(parameter, None, (), voldoet, vast=False, verder=verder)


def heeft(bron: str, parameter: SearchParam, verder: Filter) -> Filter:
    """`_has`: een zichtbare resource van type `bron` wijst met deze parameter hierheen en voldoet zelf ook."""
    lees, sleutel = lezer(parameter), object()

    def aangewezen(omgeving: Omgeving) -> frozenset[tuple[str, str]]:
        bronnen = (b for b in omgeving.van_type(bron) if verder.voldoet(b, omgeving))
        plaatsen = (
            doel.plaats if isinstance(w, str) and (doel := omgeving.op_url(w)) else omgeving.plaats_van(w)
            for b in bronnen
            for w in lees(b.inhoud, omgeving.los_op)
        )
        return frozenset(p for p in plaatsen if p is not None)

    def voldoet(t: Treffer, omgeving: Omgeving) -> bool:
        al = omgeving.geheugen.get(sleutel)
        if al is None:
            al = omgeving.geheugen[sleutel] = aangewezen(omgeving)
        return t.plaats in al

    return Filter(parameter, "_has", (), voldoet, vast=False, verder=((bron, verder),))


def een_van(filters: Sequence[Filter]) -> Filter:
    """Minstens één van deze voorwaarden geldt: lid zijn van een compartiment."""

    def voldoet(t: Treffer, omgeving: Omgeving) -> bool:
        return any(f.voldoet(t, omgeving) for f in filters)

    eerste = filters[0]
    return Filter(eerste.parameter, "compartiment", eerste.waarden, voldoet, vast=all(f.vast for f in filters))
