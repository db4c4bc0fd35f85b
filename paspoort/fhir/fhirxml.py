"""FHIR-XML lezen en schrijven: dezelfde inhoud als de JSON, in de vorm en volgorde van FHIR R4 §2.6.1 (XML).

Doet alleen de vertaling; of de inhoud klopt, zegt `validatie.py`. Een waarde die niet bij haar soort past blijft daarom
tekst, zodat die haar bij haar element noemt. De volgorde van elementen maakt bij het lezen niet uit.
Geen DOCTYPE en geen entiteiten van buiten (R4 §2.6.1, security).
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape

from fhir.resources.R4B import get_fhir_model_class

from paspoort.fhir.fhirjson import MAX_CIJFERS, MAX_DIEPTE, MAX_EXPONENT, Json
from paspoort.fhir.fhirxml_opmaak import LEEG, XHTML, als_attributen, als_xhtml
from paspoort.fhir.validatie_vorm import Element, Vorm, is_resourcetype, vorm
from paspoort.fouten import Melding, PaspoortFout

FHIR: Final = "http://hl7.org/fhir"
MAX_ELEMENTEN: Final = 200_000  # ruim een transaction van 500 regels; een element kost hier veel meer dan in JSON
MAX_MELDINGEN: Final = 100
_GEHEEL: Final = re.compile(r"-?[0-9]{1,18}")
_DECIMAAL: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")


@dataclass(slots=True)
class Knoop:
    """Eén XML-element. Van XHTML is alleen de tekst (`opmaak`) bewaard."""

    ruimte: str
    naam: str
    attributen: dict[str, str]
    kinderen: list[Knoop] = field(default_factory=list)
    tekst: str = ""
    opmaak: str = ""


# --- lezen


def uit_xml(data: bytes) -> Json:
    """XML van buiten → FHIR-JSON, getallen met een punt als `Decimal`.

    Werpt `PaspoortFout` met `xml-kapot` (regel en kolom), `xml-doctype`, `json-te-diep`, of per element
    `fhir-element-onbekend`, `fhir-type-onbekend`, `xml-attribuut`, `xml-tekst`, `xml-naamruimte`.
    """
    wortel = _Boom().lees(data)
    fouten: list[Melding] = []
    inhoud = _resource(wortel, wortel.naam, fouten)
    if fouten:
        raise PaspoortFout(*fouten[:MAX_MELDINGEN])
    return inhoud


class _Boom:
    """Bouwt van bytes een boom van knopen; alles onder een XHTML-element wordt weer tekst."""

    def __init__(self) -> None:
        self.stapel: list[Knoop] = []
        self.wortel: Knoop | None = None
        self.opmaak: list[str] = []
        self.in_opmaak = 0
        self.aantal = 0

    def lees(self, data: bytes) -> Knoop:
        lezer = expat.ParserCreate(namespace_separator=" ")
        lezer.buffer_text = True
        lezer.StartElementHandler, lezer.EndElementHandler = self.begin, self.einde
        lezer.CharacterDataHandler = self.tekst
        lezer.StartDoctypeDeclHandler = _geen_doctype
        try:
            lezer.Parse(data, True)
        except expat.ExpatError as fout:
            waarden = {"regel": str(fout.lineno), "kolom": str(fout.offset + 1)}
            raise PaspoortFout(Melding("xml-kapot", None, waarden)) from None
        assert self.wortel is not None  # expat keurt een leeg document af
        return self.wortel

    def begin(self, naam: str, attributen: dict[str, str]) -> None:
        ruimte, _, kort = naam.rpartition(" ")
        if ruimte == XHTML or self.in_opmaak:
            vast = {"xmlns": XHTML} if not self.in_opmaak else {}
            # xml:lang is het enige attribuut met een naamruimte dat opmaak mag dragen.
            gewoon = {("xml:lang" if k.endswith(" lang") else k): w for k, w in attributen.items()}
            self.opmaak.append(f"<{kort}{als_attributen({**vast, **gewoon})}>")
            self.in_opmaak += 1
            if self.in_opmaak + len(self.stapel) > MAX_DIEPTE:
                raise PaspoortFout(Melding("json-te-diep", None, {"diepte": str(MAX_DIEPTE)}))
            if self.in_opmaak > 1:
                return
        knoop = Knoop(ruimte, kort, {} if self.in_opmaak else attributen)
        if self.stapel:
            self.stapel[-1].kinderen.append(knoop)
        else:
            self.wortel = knoop
        self.stapel.append(knoop)
        if len(self.stapel) > MAX_DIEPTE:
            raise PaspoortFout(Melding("json-te-diep", None, {"diepte": str(MAX_DIEPTE)}))
        self.aantal += 1
        if self.aantal > MAX_ELEMENTEN:
            raise PaspoortFout(Melding("fhir-te-groot"))

    def einde(self, naam: str) -> None:
        if self.in_opmaak:
            kort = naam.rpartition(" ")[2]
            if kort in LEEG and self.opmaak[-1].startswith(f"<{kort}"):
                self.opmaak[-1] = self.opmaak[-1][:-1] + "/>"
            else:
                self.opmaak.append(f"</{kort}>")
            self.in_opmaak -= 1
            if self.in_opmaak:
                return
            self.stapel[-1].opmaak = "".join(self.opmaak)
            self.opmaak.clear()
        self.stapel.pop()

    def tekst(self, tekst: str) -> None:
        if self.in_opmaak:
            self.opmaak.append(escape(tekst))
        elif self.stapel and not self.stapel[-1].tekst and (kaal := tekst.strip()):
            self.stapel[-1].tekst = kaal  # dat er iets staat is genoeg: het hoort daar nooit


def _geen_doctype(*_: object) -> NoReturn:
    raise PaspoortFout(Melding("xml-doctype"))


def _resource(knoop: Knoop, plek: str, fouten: list[Melding]) -> Json:
    gevonden = vorm(knoop.naam) if is_resourcetype(knoop.naam) else None
    if knoop.ruimte != FHIR:
        fouten.append(Melding("xml-naamruimte", plek[:80], {"naamruimte": FHIR}))
        return {}
    if gevonden is None:
        fouten.append(Melding("fhir-type-onbekend", plek[:80]))
        return {}
    return {"resourceType": knoop.naam, **_object(knoop, gevonden, plek, fouten)}


def _object(knoop: Knoop, v: Vorm, plek: str, fouten: list[Melding]) -> Json:
    """Een resource, datatype of onderdeel. Attributen: `id`, en `url` van een Extension."""
    uit: Json = {}
    # Van een resource is `id` een element; van al het andere een attribuut.
    attributen = () if v.resource else ("id", "url") if v.naam == "Extension" else ("id",)
    _alleen(knoop, attributen, plek, fouten)
    uit.update({naam: knoop.attributen[naam] for naam in attributen if naam in knoop.attributen})
    aantal: dict[str, int] = {}
    for kind in knoop.kinderen:
        e = v.elementen.get(kind.naam)
        if e is None or (kind.naam in attributen):
            leesbaar = kind.naam if len(kind.naam) <= 64 else kind.naam[:64]
            fouten.append(Melding("fhir-element-onbekend", f"{plek}.{leesbaar}", {"type": v.naam}))
            continue
        nummer = aantal.setdefault(e.naam, 0)
        aantal[e.naam] += 1
        hier = f"{plek}.{e.naam}[{nummer}]" if e.lijst else f"{plek}.{e.naam}"
        if kind.ruimte != (XHTML if e.soort == "xhtml" else FHIR):
            fouten.append(Melding("xml-naamruimte", hier, {"naamruimte": XHTML if e.soort == "xhtml" else FHIR}))
            continue
        _zet(uit, e, nummer, *_waarde(kind, e, hier, fouten))
    return uit


def _waarde(knoop: Knoop, e: Element, plek: str, fouten: list[Melding]) -> tuple[Any, Json | None]:
    """(waarde, wat er bij een primitief naast staat)."""
    if e.soort == "xhtml":
        return knoop.opmaak, None
    if e.soort == "Resource":
        _alleen(knoop, (), plek, fouten)
        if len(knoop.kinderen) != 1:
            fouten.append(Melding("fhir-geen-resource", plek))
            return {}, None
        return _resource(knoop.kinderen[0], plek, fouten), None
    if not e.primitief:
        gevonden = vorm(e.soort)
        assert gevonden is not None
        return _object(knoop, gevonden, plek, fouten), None
    _alleen(knoop, ("id", "value"), plek, fouten)
    ernaast: Json = {"id": knoop.attributen["id"]} if "id" in knoop.attributen else {}
    extensie = vorm("Extension")
    assert extensie is not None
    for nummer, kind in enumerate(knoop.kinderen):
        hier = f"{plek}.extension[{nummer}]"
        if kind.naam != "extension" or kind.ruimte != FHIR:
            fouten.append(Melding("fhir-element-onbekend", f"{plek}.{kind.naam[:64]}", {"type": e.soort}))
            continue
        ernaast.setdefault("extension", []).append(_object(kind, extensie, hier, fouten))
    return _primitief(e.soort, knoop.attributen.get("value")), ernaast or None


def _primitief(soort: str, tekst: str | None) -> Any:
    if tekst is None:
        return None
    if soort == "boolean":
        return {"true": True, "false": False}.get(tekst, tekst)
    if soort in ("integer", "positiveInt", "unsignedInt"):
        return int(tekst) if _GEHEEL.fullmatch(tekst) else tekst
    if soort == "decimal" and _DECIMAAL.fullmatch(tekst):
        getal = Decimal(tekst)
        past = len(getal.as_tuple().digits) <= MAX_CIJFERS and abs(getal.adjusted()) <= MAX_EXPONENT
        return (int(tekst) if _GEHEEL.fullmatch(tekst) else getal) if past else tekst
    return tekst


def _zet(uit: Json, e: Element, nummer: int, waarde: Any, ernaast: Json | None) -> None:
    """Zet een waarde zoals JSON haar heeft. Een tweede van wat er maar één mag zijn, maakt er een lijst van."""
    als_lijst = e.lijst or nummer > 0
    if not e.primitief:
        if als_lijst:
            _lijst(uit, e.naam).append(waarde)
        else:
            uit[e.naam] = waarde
        return
    for naam, stuk in ((e.naam, waarde), (f"_{e.naam}", ernaast)):
        if not als_lijst:
            uit.update({naam: stuk} if stuk is not None else {})
            continue
        if stuk is not None or naam in uit:
            lijst = _lijst(uit, naam)
            lijst += [None] * (nummer - len(lijst))
            lijst.append(stuk)


def _lijst(uit: Json, naam: str) -> list[Any]:
    """De lijst onder deze naam, ter plaatse: kopiëren kost bij elke herhaling meer."""
    al = uit.get(naam)
    if not isinstance(al, list):
        al = uit[naam] = [al] if naam in uit else []
    return al


def _alleen(knoop: Knoop, mag: tuple[str, ...], plek: str, fouten: list[Melding]) -> None:
    for naam in knoop.attributen:
        if naam not in mag and "schemaLocation" not in naam:
            kort = naam.rpartition(" ")[2][:64]
            fouten.append(Melding("xml-attribuut", plek, {"naam": kort}))
    if knoop.tekst.strip():
        fouten.append(Melding("xml-tekst", plek))


# --- schrijven


def naar_xml(inhoud: Json) -> bytes:
    """FHIR-JSON die de controle doorkwam → XML in UTF-8, elementen in de volgorde van de specificatie."""
    uit: list[str] = ['<?xml version="1.0" encoding="UTF-8"?>']
    _schrijf_resource(uit, inhoud, f' xmlns="{FHIR}"')
    return "".join(uit).encode()


@functools.cache
def _volgorde(soort: str) -> tuple[str, ...]:
    """De JSON-namen van een type in de volgorde van de specificatie."""
    model = get_fhir_model_class(soort)
    gevonden = vorm(soort)
    assert gevonden is not None
    reeks: list[str] = [n for n in model.elements_sequence() if n in gevonden.elementen]
    return (*reeks, *(n for n in gevonden.elementen if n not in reeks))


def _schrijf_resource(uit: list[str], inhoud: Json, ruimte: str = "") -> None:
    soort = inhoud["resourceType"]
    uit.append(f"<{soort}{ruimte}>")
    _schrijf_elementen(uit, inhoud, soort, overslaan=())
    uit.append(f"</{soort}>")


def _schrijf_elementen(uit: list[str], inhoud: Json, soort: str, overslaan: tuple[str, ...]) -> None:
    v = vorm(soort)
    assert v is not None
    for naam in _volgorde(soort):
        if naam in overslaan or (naam not in inhoud and f"_{naam}" not in inhoud):
            continue
        e = v.elementen[naam]
        waarden, ernaast = inhoud.get(naam), inhoud.get(f"_{naam}")
        if not e.lijst:
            _schrijf_waarde(uit, e, waarden, ernaast)
            continue
        waarden, ernaast = waarden or [], ernaast or []
        for nummer in range(max(len(waarden), len(ernaast))):
            _schrijf_waarde(
                uit,
                e,
                waarden[nummer] if nummer < len(waarden) else None,
                ernaast[nummer] if nummer < len(ernaast) else None,
            )


def _schrijf_waarde(uit: list[str], e: Element, waarde: Any, ernaast: Json | None) -> None:
    if e.soort == "xhtml":
        uit.append(als_xhtml(waarde))
    elif e.soort == "Resource":
        uit.append(f"<{e.naam}>")
        _schrijf_resource(uit, waarde)
        uit.append(f"</{e.naam}>")
    elif e.primitief:
        naast = ernaast or {}
        attributen = {"id": naast["id"]} if "id" in naast else {}
        if waarde is not None:
            attributen["value"] = {True: "true", False: "false"}[waarde] if isinstance(waarde, bool) else str(waarde)
        _schrijf_element(uit, e.naam, attributen, {"extension": naast.get("extension", [])}, "Element")
    else:
        namen = ("id", "url") if e.soort == "Extension" else ("id",)
        _schrijf_element(uit, e.naam, {n: waarde[n] for n in namen if n in waarde}, waarde, e.soort, namen)


def _schrijf_element(
    uit: list[str], naam: str, attributen: dict[str, str], inhoud: Json, soort: str, overslaan: tuple[str, ...] = ()
) -> None:
    begin = len(uit)
    uit.append(f"<{naam}{als_attributen(attributen)}>")
    _schrijf_elementen(uit, inhoud, soort, overslaan)
    if len(uit) == begin + 1:
        uit[begin] = uit[begin][:-1] + "/>"
    else:
        uit.append(f"</{naam}>")
