"""De tekens van FHIRPath als functies over wat al vertaald is: and, or, implies, =, <, in, is, +.

Kent geen paden en ontleedt niets; dat doet `validatie_snelpad`. FHIRPath N1 §6 (Operations).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.validatie_orde import HOEVEELHEDEN, MOMENTEN, orde

ZONDER_WAARDE: Final = object()  # een primitief met alleen extensies: bestaat wel, heeft geen waarde
GETALLEN: Final = frozenset({"integer", "decimal", "unsignedInt", "positiveInt"})
TEKSTEN: Final = frozenset({"code", "string", "uri", "url", "canonical", "id", "markdown", "boolean", "oid", "uuid"})
_VERGELIJKT: Final[dict[str, Callable[[int, int], bool]]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Omgeving:
    """Waarin een uitdrukking rekent: `%resource`, `%rootResource`, en wie de rest weet (profielen, lijsten, doelen).

    `extensie`: de extensie waar een `contextInvariant` over gaat (`%extension`).
    """

    resource: Json
    wortel: Json
    past: Callable[[Any, str], bool]  # conformsTo
    lid: Callable[[Any, str], bool]  # memberOf
    doel: Callable[[str], Json | None]  # resolve, voor zover het doel in de hand is
    extensie: Json | None = None


Lijst = list[Any]
Rekent = Callable[[Any, Omgeving], Lijst]
Boom = dict[str, Any]
Traag = Callable[[Boom], Rekent]


class NietSnel(Exception):  # noqa: N818 - geen fout: dan rekent fhirpathpy
    """Deze uitdrukking gebruikt iets wat hier niet staat."""


@dataclass(frozen=True, slots=True)
class Deel:
    """Een vertaald stuk: hoe het rekent, en van welke soort de uitkomst is (None = een waarde zonder FHIR-type)."""

    reken: Rekent
    soort: str | None
    keuze: tuple[tuple[str, str], ...] = ()  # bij `value[x]`: (JSON-naam, soort)
    traag: Traag | None = None  # alleen bij $this van de hele uitdrukking


def waar(uitkomst: Lijst) -> bool | None:
    """Een verzameling als waarheid: leeg is onbekend, één waarde die geen boolean is telt als waar."""
    if not uitkomst:
        return None
    if len(uitkomst) > 1:
        raise ValueError("meer dan één waarde waar één waarheid hoort")
    return uitkomst[0] if isinstance(uitkomst[0], bool) else True


def of(a: Rekent, b: Rekent) -> Deel:
    """`or`, met drie waarheden; rechts wordt alleen gerekend als links niet waar is."""

    def reken(t: Any, r: Omgeving) -> Lijst:
        links = waar(a(t, r))
        if links:
            return [True]
        rechts = waar(b(t, r))
        return [True] if rechts else [] if links is None or rechts is None else [False]

    return Deel(reken, "boolean")


def xor(a: Rekent, b: Rekent) -> Deel:
    """`xor`, met drie waarheden."""

    def reken(t: Any, r: Omgeving) -> Lijst:
        links, rechts = waar(a(t, r)), waar(b(t, r))
        return [] if links is None or rechts is None else [links != rechts]

    return Deel(reken, "boolean")


def en(a: Rekent, b: Rekent) -> Deel:
    """`and`, met drie waarheden; rechts wordt alleen gerekend als links niet onwaar is."""

    def reken(t: Any, r: Omgeving) -> Lijst:
        links = waar(a(t, r))
        if links is False:
            return [False]
        rechts = waar(b(t, r))
        return [False] if rechts is False else [] if links is None or rechts is None else [True]

    return Deel(reken, "boolean")


def dan(a: Rekent, b: Rekent) -> Deel:
    """`implies`, met drie waarheden; rechts wordt alleen gerekend als links niet onwaar is."""

    def reken(t: Any, r: Omgeving) -> Lijst:
        links = waar(a(t, r))
        if links is False:
            return [True]
        rechts = waar(b(t, r))
        return [True] if rechts else [] if links is None or rechts is None else [False]

    return Deel(reken, "boolean")


def gelijk(teken: str, a: Deel, b: Deel) -> Deel:
    """`=` en `!=` tussen teksten of tussen getallen. Werpt `NietSnel` bij iets anders."""
    soorten = {a.soort, b.soort}
    if teken not in ("=", "!=") or a.keuze or b.keuze or not (soorten <= TEKSTEN or soorten <= GETALLEN):
        raise NietSnel(f"{teken} tussen {soorten}")
    links, rechts, gewenst = a.reken, b.reken, teken == "="

    def reken(t: Any, r: Omgeving) -> Lijst:
        x, y = links(t, r), rechts(t, r)
        if not x or not y or ZONDER_WAARDE in x or ZONDER_WAARDE in y:
            return []
        return [(len(x) == len(y) and all(map(operator.eq, x, y))) == gewenst]

    return Deel(reken, "boolean")


def volgorde(teken: str, a: Deel, b: Deel) -> Deel:
    """`<` en de zijnen tussen getallen, momenten of hoeveelheden. Werpt `NietSnel` bij iets anders."""
    soorten = {a.soort, b.soort}
    if not (soorten <= GETALLEN or soorten <= MOMENTEN or soorten <= HOEVEELHEDEN):
        raise NietSnel(f"{teken} tussen {soorten}")
    links, rechts, vergelijk = a.reken, b.reken, _VERGELIJKT[teken]

    def reken(t: Any, r: Omgeving) -> Lijst:
        x, y = links(t, r), rechts(t, r)
        if not x or not y or ZONDER_WAARDE in x or ZONDER_WAARDE in y:
            return []
        if len(x) > 1 or len(y) > 1:
            raise ValueError("meer dan één waarde om te vergelijken")
        uitkomst = orde(x[0], y[0])
        return [] if uitkomst is None else [vergelijk(uitkomst, 0)]

    return Deel(reken, "boolean")


def erin(links: Deel, mogelijk: frozenset[Any]) -> Deel:
    """`in` met een vaste verzameling teksten."""
    if links.soort not in TEKSTEN:
        raise NietSnel("in")
    van = links.reken

    def reken(t: Any, r: Omgeving) -> Lijst:
        x = van(t, r)
        if len(x) > 1:
            raise ValueError("meer dan één waarde voor `in`")
        return [x[0] in mogelijk] if x else []

    return Deel(reken, "boolean")


def is_soort(links: Deel, gezocht: str) -> Deel:
    """`value is Quantity`: welke van de elementen van een keuze er staat.

    HL7 schrijft in que-7 `Boolean` waar het FHIR-type boolean bedoeld is; hoofdletters tellen dus niet.
    """
    goed = tuple(naam for naam, soort in links.keuze if soort.lower() == gezocht.lower())
    if not goed:
        raise ValueError(f"dit element is nooit van type {gezocht}")
    van = links.reken
    return Deel(lambda t, r: [any(n in t or f"_{n}" in t for n in goed)] if van(t, r) else [], "boolean")


def plus(a: Deel, b: Deel) -> Deel:
    """`+` tussen getallen."""
    if a.soort not in GETALLEN or b.soort not in GETALLEN:
        raise NietSnel("+")
    links, rechts = a.reken, b.reken
    return Deel(lambda t, r: [x[0] + y[0]] if (x := links(t, r)) and (y := rechts(t, r)) else [], "integer")
