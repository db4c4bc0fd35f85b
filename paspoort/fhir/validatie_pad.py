"""Invarianten: een `constraint` van een StructureDefinition, bij het laden vertaald naar één toets.

Wat `validatie_snelpad` kan, gaat zo; de rest rekent fhirpathpy uit, met de functies die het mist. Een uitdrukking die
niet te ontleden is, of een element noemt dat er niet is, is een fout bij het laden.
FHIR R4 ElementDefinition.constraint.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from antlr4 import CommonTokenStream, InputStream, ParseTreeWalker, Token
from fhirpathpy import apply_parsed_path
from fhirpathpy.engine.invocations import invocation_registry
from fhirpathpy.engine.nodes import ResourceNode
from fhirpathpy.models import models
from fhirpathpy.parser.ASTPathListener import ASTPathListener
from fhirpathpy.parser.generated.FHIRPathLexer import FHIRPathLexer
from fhirpathpy.parser.generated.FHIRPathParser import FHIRPathParser

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.validatie_snelpad import vertaal
from paspoort.fhir.validatie_teken import Boom, NietSnel, Omgeving, Rekent, waar
from paspoort.fhir.validatie_vorm import vorm
from paspoort.fhir.validatie_waarde import waarde_fout

BESTE_PRAKTIJK: Final = "http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice"
HL7: Final = "http://hl7.org/fhir/StructureDefinition/"

# Uitdrukkingen die de wandeling over de structuur al bewaakt, elk element weer. Op uitdrukking, niet op sleutel: wie
# de regel in het profiel verandert, krijgt weer een gewone toets.
DOOR_DE_STRUCTUUR: Final = frozenset(
    {
        "hasValue() or (children().count() > id.count())",  # ele-1: fhir-leeg
        "extension.exists() != value.exists()",  # ext-1: fhir-extensie-inhoud
        "contained.contained.empty()",  # dom-2: fhir-contained-genest
        # dom-3: fhir-contained-los
        "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical)"
        " | %resource.descendants().as(uri) | %resource.descendants().as(url))) or descendants().where(reference = '#')"
        ".exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(canonical) = '#')"
        ".exists()).not()).trace('unmatched', id).empty()",
        "htmlChecks()",  # txt-1 en txt-2: fhir-verhaal-onveilig en fhir-verhaal-vorm
        "start.hasValue().not() or end.hasValue().not() or (start <= end)",  # per-1: fhir-periode-omgekeerd
        # ref-1: fhir-verwijzing-intern
        "reference.startsWith('#').not() or (reference.substring(1).trace('url') in"
        " %rootResource.contained.id.trace('ids'))",
    }
)


@dataclass(frozen=True, slots=True)
class Invariant:
    """Eén regel, klaar om te toetsen. `bron`: de StructureDefinition die hem stelde."""

    sleutel: str
    ernst: str
    tekst: str
    bron: str
    reken: Rekent

    def weeg(self, waarde: Any, omgeving: Omgeving) -> bool | None:
        """Of de waarde voldoet; None als dat niet is uit te rekenen of onbekend blijft."""
        try:
            return waar(self.reken(waarde, omgeving))
        except Exception:  # fhirpathpy werpt van alles; wie hier belt, weegt wat dat betekent
            return None

    def geldt(self, waarde: Any, omgeving: Omgeving) -> bool:
        """Of er niets te melden is: onbekend telt bij een fout als fout (als bij HL7), bij een waarschuwing niet."""
        return self.weeg(waarde, omgeving) in ((True, None) if self.ernst == "warning" else (True,))


def invariant(constraint: Json, soort: str, pad: str, resource: str | None, bron: str) -> Invariant | None:
    """De toets van een `constraint` op elementen van `soort`, of None als de structuur hem al bewaakt of het advies is.

    `pad`: het pad zoals fhirpathpy typen kent (`Questionnaire.item`). Werpt ValueError als hij niet is te vertalen.
    """
    if any(e["url"] == BESTE_PRAKTIJK and e["valueBoolean"] for e in constraint.get("extension", ())):
        return None
    uitdrukking = constraint.get("expression")
    if uitdrukking is None:
        raise ValueError(f"{constraint['key']} heeft geen FHIRPath")
    if uitdrukking in DOOR_DE_STRUCTUUR:
        return None
    try:
        reken = _vertaald(uitdrukking, soort, pad, resource)
    except ValueError as fout:
        raise ValueError(f"{bron} {constraint['key']}: {fout}") from None
    return Invariant(
        constraint["key"], constraint["severity"], constraint["human"], constraint.get("source", bron), reken
    )


@cache
def _vertaald(uitdrukking: str, soort: str, pad: str, resource: str | None) -> Rekent:
    boom = _ontleed(uitdrukking)

    def traag(tak: Boom) -> Rekent:
        _ken_functies(tak)
        return traag_pad(tak, pad)

    try:
        return vertaal(boom, soort, resource, traag)
    except NietSnel:
        return traag(boom)


@cache
def _ontleed(uitdrukking: str) -> Boom:
    """De boom zoals fhirpathpy hem rekent. Zijn eigen `parse` herstelt stil van een fout; dat mag hier niet."""
    ontleder = FHIRPathParser(CommonTokenStream(FHIRPathLexer(InputStream(uitdrukking))))
    ontleder.removeErrorListeners()
    boom = ontleder.expression()
    if ontleder.getNumberOfSyntaxErrors() or ontleder.getCurrentToken().type != Token.EOF:
        raise ValueError(f"geen FHIRPath: {uitdrukking}")
    luisteraar = ASTPathListener()  # type: ignore[no-untyped-call]
    ParseTreeWalker().walk(luisteraar, boom)
    uitkomst: Boom = luisteraar.parentStack[0]["children"][0]
    return uitkomst


def traag_pad(boom: Boom, pad: str) -> Rekent:
    """Dezelfde uitdrukking door fhirpathpy; ook de tweede mening van de eigenschapstest."""
    kop = {"children": [boom]}

    def reken(this: Any, omgeving: Omgeving) -> list[Any]:
        namen = {"resource": omgeving.resource, "rootResource": omgeving.wortel}
        opties = {"userInvocationTable": _functies(omgeving)}
        knoop = ResourceNode.create_node(this, pad)  # type: ignore[no-untyped-call]
        namen["context"] = knoop
        uitkomst: list[Any] = apply_parsed_path([knoop], kop, namen, models["r4"], opties)  # type: ignore[no-untyped-call]
        return uitkomst

    return reken


def formule(uitdrukking: str) -> Callable[[Json], list[Any]]:
    """Een FHIRPath over een hele resource, met `%resource`; ValueError als zij niet te lezen is.

    Rekenen werpt wat fhirpathpy werpt.
    """
    boom = _ontleed(uitdrukking)
    _ken_functies(boom)
    reken = traag_pad(boom, "QuestionnaireResponse")
    return lambda inhoud: reken(inhoud, Omgeving(inhoud, inhoud, _LEEG, _LEEG, _LEEG))


def _functies(omgeving: Omgeving) -> dict[str, dict[str, Any]]:
    """Wat fhirpathpy niet heeft (FHIR R4 §2.9.1.5, Additional functions)."""

    def resolve(invoer: list[Any]) -> list[Any]:
        adressen = [een.get("reference") if isinstance(een, dict) else een for een in invoer]
        gevonden = [omgeving.doel(adres) for adres in adressen if isinstance(adres, str)]
        return [een for een in gevonden if een is not None]

    return {
        "hasValue": {"fn": lambda invoer: [len(invoer) == 1 and invoer[0] is not None and not _samen(invoer[0])]},
        "getValue": {"fn": lambda invoer: [een for een in invoer if not _samen(een)]},
        "htmlChecks": {"fn": lambda invoer: [all(waarde_fout("xhtml", een) is None for een in invoer)]},
        "resolve": {"fn": resolve},
        "conformsTo": {
            "fn": lambda invoer, url: [omgeving.past(een, url) for een in invoer[:1]],
            "arity": {1: ["String"]},
        },
        "memberOf": {
            "fn": lambda invoer, url: [omgeving.lid(een, url) for een in invoer[:1]],
            "arity": {1: ["String"]},
        },
    }


def _samen(waarde: Any) -> bool:
    return isinstance(waarde, (dict, list))


def _ken_functies(boom: Boom) -> None:
    """Een functie die niemand kent, is een fout bij het laden en niet pas bij de eerste houder."""
    if boom["type"] == "Functn":
        naam = str(boom["children"][0]["text"])
        if naam not in invocation_registry and naam not in _EIGEN:
            raise ValueError(f"onbekende functie {naam}()")
    for kind in boom.get("children", ()):
        _ken_functies(kind)


_LEEG: Final[Callable[..., Any]] = lambda *_: None  # noqa: E731 - staat nergens anders
_EIGEN: Final = frozenset(_functies(Omgeving({}, {}, _LEEG, _LEEG, _LEEG)))


def fhirpad(eerste: str, namen: list[str]) -> str:
    """Het pad waaronder fhirpathpy het type van een element kent: een datatype heet naar zichzelf."""
    pad, huidig = eerste, vorm(eerste)
    for naam in namen:
        element = huidig.elementen.get(naam) if huidig else None
        if element is None:
            return pad
        huidig = vorm(element.soort)
        eigen = huidig is not None and huidig.naam.startswith(eerste) and "Element" in huidig.afkomst
        pad = f"{pad}.{naam}" if eigen else element.soort
    return pad
