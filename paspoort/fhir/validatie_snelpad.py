"""Het deel van FHIRPath dat in bijna elke invariant staat, één keer vertaald naar gewone functies.

Paden, exists/empty/not/count/where/all, logica, gelijkheid met een vaste waarde, en getallen. Kent de vorm van elk
element, dus een naam die R4 daar niet kent is een fout bij het laden. Wat hier niet staat, rekent `fhirpathpy` uit
(`validatie_pad`); een eigenschapstest legt beide naast elkaar. FHIRPath N1 §3 tot 6; FHIR R4 §2.9 (FHIRPath).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from paspoort.fhir.validatie_teken import (
    TEKSTEN,
    ZONDER_WAARDE,
    Boom,
    Deel,
    Lijst,
    NietSnel,
    Omgeving,
    Rekent,
    Traag,
    dan,
    en,
    erin,
    gelijk,
    is_soort,
    of,
    plus,
    volgorde,
    waar,
    xor,
)
from paspoort.fhir.validatie_vorm import Vorm, vorm

_CONSTANTEN: Final = {"ucum": "http://unitsofmeasure.org"}


def vertaal(boom: Boom, soort: str, resource: str | None, traag: Traag | None = None) -> Rekent:
    """De boom van fhirpathpy's ontleder → een functie. `soort`: vorm van $this; `resource`: type van %resource.

    Een tak van and, or of implies die hier niet kan, rekent `traag`; zo blijft wat ervoor staat een goedkope wacht.
    Werpt `NietSnel` als er iets in staat wat hier niet kan, ValueError als een element niet bestaat.
    """
    return _deel(boom, Deel(_zelf, soort, traag=traag), resource).reken


def _zelf(this: Any, omgeving: Omgeving) -> Lijst:
    return [this]


def _deel(boom: Boom, focus: Deel, resource: str | None) -> Deel:
    soort, kinderen = boom["type"], boom.get("children", [])
    if soort in _DOORGEVEN:
        return _deel(kinderen[0], focus, resource)
    if soort in _VERTALERS:
        return _VERTALERS[soort](boom, kinderen, focus, resource)
    raise NietSnel(soort)


# --- paden


def _keten(boom: Boom, kinderen: list[Boom], focus: Deel, resource: str | None) -> Deel:
    links = _deel(kinderen[0], focus, resource)
    rechts = kinderen[1]
    if rechts["type"] == "MemberInvocation":
        stap = _lid(_naam(rechts), links.soort)
        eerst, daarna = links.reken, stap.reken
        return Deel(lambda t, r: [w for een in eerst(t, r) for w in daarna(een, r)], stap.soort, stap.keuze)
    if rechts["type"] == "FunctionInvocation":
        return _functie(rechts["children"][0], links, focus, resource)
    raise NietSnel(rechts["type"])


def _member(boom: Boom, kinderen: list[Boom], focus: Deel, resource: str | None) -> Deel:
    naam = _naam(boom)
    if focus.soort is not None and naam == focus.soort.partition(".")[0] and naam[:1].isupper():
        return focus
    return _lid(naam, focus.soort)


def _naam(boom: Boom) -> str:
    return str(boom["children"][0]["text"]).strip("`")


def _lid(naam: str, soort: str | None) -> Deel:
    v = vorm(soort) if soort is not None else None
    if v is None:
        raise NietSnel(f"{naam} van {soort}")
    if naam in v.keuzes:
        return _keuze(v, naam)
    element = v.elementen.get(naam)
    if element is None and soort == "Resource":
        raise NietSnel(f"{naam} van een resource die hier geen type heeft")
    if element is None:
        raise ValueError(f"{v.naam} heeft geen element {naam}")
    ernaast = f"_{naam}"

    def een(this: Any, omgeving: Omgeving) -> Lijst:
        if not isinstance(this, dict):
            return []
        waarde = this.get(naam)
        if waarde is None:
            return [ZONDER_WAARDE] if ernaast in this else []
        return [waarde]

    def meer(this: Any, omgeving: Omgeving) -> Lijst:
        if not isinstance(this, dict):
            return []
        waarden = this.get(naam)
        if waarden is None:
            naast = this.get(ernaast)
            return [ZONDER_WAARDE] * len(naast) if isinstance(naast, list) else []
        return [ZONDER_WAARDE if w is None else w for w in waarden]

    return Deel(meer if element.lijst else een, element.soort)


def _keuze(v: Vorm, naam: str) -> Deel:
    namen = v.keuzes[naam]
    soorten = tuple((n, v.elementen[n].soort) for n in namen)

    def kies(this: Any, omgeving: Omgeving) -> Lijst:
        for n in namen:
            if n in this:
                return [this[n]]
            if f"_{n}" in this:
                return [ZONDER_WAARDE]
        return []

    return Deel(kies, None, soorten)


# --- functies


def _functie(functn: Boom, links: Deel, focus: Deel, resource: str | None) -> Deel:
    naam = _naam(functn)
    parameters = [p for k in functn["children"][1:] for p in k.get("children", [])]
    reken = links.reken
    if naam == "trace":
        return links
    if naam == "exists" and not parameters:
        return Deel(lambda t, r: [bool(reken(t, r))], "boolean")
    if naam == "empty":
        return Deel(lambda t, r: [not reken(t, r)], "boolean")
    if naam == "count":
        return Deel(lambda t, r: [len(reken(t, r))], "integer")
    if naam == "not":
        return Deel(lambda t, r: [] if (w := waar(reken(t, r))) is None else [not w], "boolean")
    if naam == "hasValue":
        return Deel(lambda t, r: [len(u := reken(t, r)) == 1 and _heeft_waarde(u[0])], "boolean")
    if naam in ("where", "exists", "all") and len(parameters) == 1:
        toets = _deel(parameters[0], Deel(_zelf, links.soort, links.keuze), resource).reken
        if naam == "where":
            return Deel(lambda t, r: [w for w in reken(t, r) if waar(toets(w, r))], links.soort)
        if naam == "exists":
            return Deel(lambda t, r: [any(waar(toets(w, r)) for w in reken(t, r))], "boolean")
        return Deel(lambda t, r: [all(waar(toets(w, r)) for w in reken(t, r))], "boolean")
    if naam in ("startsWith", "contains") and len(parameters) == 1 and links.soort in TEKSTEN:
        tekst = _literal(parameters[0])
        if not isinstance(tekst, str):
            raise NietSnel(naam)
        zoek: Callable[[str, str], bool] = str.startswith if naam == "startsWith" else operator.contains
        # FHIRPath geeft leeg bij niets; HL7's validator geeft onwaar, en daar rekenen bdl-8 en ref-1 op
        return Deel(lambda t, r: [len(u := reken(t, r)) == 1 and _tekst(u[0]) and zoek(u[0], tekst)], "boolean")
    if naam == "first":
        return Deel(lambda t, r: reken(t, r)[:1], links.soort)
    if naam == "intersect" and len(parameters) == 1:
        # binnen de haakjes van intersect is $this het begin van de uitdrukking
        andere = _deel(parameters[0], focus, resource).reken
        return Deel(lambda t, r: [w for w in reken(t, r) if w in andere(t, r)], links.soort)
    raise NietSnel(naam)


def _tekst(waarde: Any) -> bool:
    return isinstance(waarde, str)


def _heeft_waarde(waarde: Any) -> bool:
    return waarde is not ZONDER_WAARDE and not isinstance(waarde, dict)


def _los(boom: Boom, kinderen: list[Boom], focus: Deel, resource: str | None) -> Deel:
    """Een functie zonder pad ervoor: `where(use = 'home').empty()` begint bij $this."""
    return _functie(kinderen[0], focus, focus, resource)


# --- tekens


def _tak(boom: Boom, focus: Deel, resource: str | None) -> Rekent:
    try:
        return _deel(boom, focus, resource).reken
    except NietSnel:
        if focus.traag is None:
            raise
        return focus.traag(boom)


def _logica(boom: Boom, kinderen: list[Boom], focus: Deel, resource: str | None) -> Deel:
    a, b = (_tak(k, focus, resource) for k in kinderen)
    if boom["type"] == "OrExpression":
        return xor(a, b) if boom["terminalNodeText"][0] == "xor" else of(a, b)
    return en(a, b) if boom["type"] == "AndExpression" else dan(a, b)


def _vergelijk(boom: Boom, kinderen: list[Boom], focus: Deel, resource: str | None) -> Deel:
    a, b = (_deel(k, focus, resource) for k in kinderen)
    teken = boom["terminalNodeText"][0]
    if boom["type"] == "EqualityExpression":
        return gelijk(teken, a, b)
    if boom["type"] == "InequalityExpression":
        return volgorde(teken, a, b)
    if teken != "+":
        raise NietSnel(teken)
    return plus(a, b)


def _erin(boom: Boom, kinderen: list[Boom], focus: Deel, resource: str | None) -> Deel:
    if boom["terminalNodeText"][0] != "in":
        raise NietSnel("contains")
    return erin(_deel(kinderen[0], focus, resource), frozenset(_literals(kinderen[1])))


def _is(boom: Boom, kinderen: list[Boom], focus: Deel, resource: str | None) -> Deel:
    links = _deel(kinderen[0], focus, resource)
    # alleen een keuze van $this zelf: dan staat het type in de naam van het element
    if boom["terminalNodeText"][0] != "is" or not links.keuze or not _is_lid(kinderen[0]):
        raise NietSnel("is")
    return is_soort(links, str(kinderen[1]["text"]).rpartition(".")[2])


def _is_lid(boom: Boom) -> bool:
    while boom["type"] in _DOORGEVEN:
        boom = boom["children"][0]
    return bool(boom["type"] == "MemberInvocation")


# --- vaste waarden


def _vast(boom: Boom, kinderen: list[Boom], focus: Deel, resource: str | None) -> Deel:
    waarde = _literal(boom)
    uitkomst = [waarde]
    soort = "boolean" if isinstance(waarde, bool) else "string" if isinstance(waarde, str) else "decimal"
    return Deel(lambda t, r: uitkomst, soort)


def _constante(boom: Boom, kinderen: list[Boom], focus: Deel, resource: str | None) -> Deel:
    naam = str(kinderen[0]["children"][0]["text"]).strip("`")
    if naam == "resource" and resource is not None:
        return Deel(lambda t, r: [r.resource], resource)
    if naam == "extension":
        return Deel(lambda t, r: [] if r.extensie is None else [r.extensie], "Extension")
    if naam in _CONSTANTEN:
        uitkomst: Lijst = [_CONSTANTEN[naam]]
        return Deel(lambda t, r: uitkomst, "string")
    raise NietSnel(f"%{naam}")


def _dit(boom: Boom, kinderen: list[Boom], focus: Deel, resource: str | None) -> Deel:
    return focus


def _literal(boom: Boom) -> Any:
    while boom["type"] in _DOORGEVEN or boom["type"] == "LiteralTerm":
        boom = boom["children"][0]
    tekst = str(boom.get("text", ""))
    match boom["type"]:
        case "StringLiteral" if "\\" not in tekst:
            return tekst[1:-1]
        case "BooleanLiteral":
            return tekst == "true"
        case "NumberLiteral":
            return Decimal(tekst) if "." in tekst else int(tekst)
    raise NietSnel(boom["type"])


def _literals(boom: Boom) -> list[Any]:
    if boom["type"] in _DOORGEVEN:
        return _literals(boom["children"][0])
    if boom["type"] == "UnionExpression":
        return [waarde for kind in boom["children"] for waarde in _literals(kind)]
    return [_literal(boom)]


_DOORGEVEN: Final = frozenset({"", "TermExpression", "InvocationTerm", "ParenthesizedTerm", "EntireExpression"})
_VERTALERS: Final[dict[str, Callable[[Boom, list[Boom], Deel, str | None], Deel]]] = {
    "InvocationExpression": _keten,
    "MemberInvocation": _member,
    "FunctionInvocation": _los,
    "OrExpression": _logica,
    "AndExpression": _logica,
    "ImpliesExpression": _logica,
    "EqualityExpression": _vergelijk,
    "InequalityExpression": _vergelijk,
    "MembershipExpression": _erin,
    "TypeExpression": _is,
    "AdditiveExpression": _vergelijk,
    "LiteralTerm": _vast,
    "ExternalConstantTerm": _constante,
    "ThisInvocation": _dit,
}
