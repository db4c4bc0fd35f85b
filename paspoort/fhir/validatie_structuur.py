"""Eén wandeling over een resource: onbekende elementen, soorten, aantallen, codes van R4 en doelen van verwijzingen.

Verzamelt alle fouten, elk bij zijn element, en onthoudt onderweg de extensies die wij kennen voor `validatie_profiel`,
de invarianten van R4 die hier te toetsen zijn, en de verwijzingen binnen de resource (`intern`). Kent geen
profielen. FHIR R4 §2.6.2 (JSON), §2.3.0 (References), ele-1, ext-1, per-1, dom-2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.landen import STELSEL as LANDEN
from paspoort.fhir.landen import is_land
from paspoort.fhir.stelsels import UCUM
from paspoort.fhir.ucum import is_ucum
from paspoort.fhir.validatie_basis import Vormen
from paspoort.fhir.validatie_codes import Waardelijst
from paspoort.fhir.validatie_orde import HOEVEELHEDEN, orde
from paspoort.fhir.validatie_pad import Invariant
from paspoort.fhir.validatie_verwijzing import intern, labels, opsomming, verwijzing
from paspoort.fhir.validatie_vorm import Element, Vorm, is_resourcetype
from paspoort.fhir.validatie_waarde import BLANCO, waarde_fout
from paspoort.fouten import Ernst, Melding

BUITEN: Final[dict[str, Callable[[str], bool]]] = {
    UCUM: is_ucum,
    LANDEN: is_land,
}  # stelsels die hier als regel of tabel staan
MET_EENHEID = HOEVEELHEDEN | {"Coding"}
MAX_DIEPTE = 40
MAX_KNOPEN = 50_000
MAX_MELDINGEN = 100

_NAAM = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,63}")
_ADRESSEN = frozenset({"uri", "url", "canonical"})


@dataclass(slots=True)
class Wandeling:
    """Wat één wandeling oplevert.

    `extensies`: (plek, ouder, extensie, resource, wortel) voor elke url onder `eigen` of in `kent`. `vreemd`: waar
    extensies van anderen en ids van onderdelen staan; een gesloten profiel laat die niet toe. `regels`: invarianten
    met waarde, plek, resource en wortel, te toetsen als de structuur klopt. `hier`: (id, plek, element) van
    elke `#id`.
    """

    eigen: str
    vormen: Vormen
    kent: Container[str] = ()
    meldingen: list[Melding] = field(default_factory=list)
    extensies: list[tuple[str, str, Json, Json, Json]] = field(default_factory=list)
    gemeld: set[tuple[str, str]] = field(default_factory=set)
    vreemd: list[str] = field(default_factory=list)
    regels: list[tuple[tuple[Invariant, ...], Any, str, Json, Json]] = field(default_factory=list)
    hier: list[tuple[str, str, Element]] = field(default_factory=list)
    dragers: list[Json] = field(default_factory=list)  # elk object met extensies
    knopen: int = 0
    vol: bool = False
    in_contained: bool = False
    primitief: str = ""  # `HumanName.family`, zolang de toevoeging daarvan aan de beurt is
    resource: Json = field(default_factory=dict)
    wortel: Json = field(default_factory=dict)

    def meld(self, code: str, plek: str, *, ernst: Ernst = "error", **waarden: str) -> None:
        """Voeg een bevinding toe, elke fout op een plek één keer; na `MAX_MELDINGEN` heeft niemand er meer iets aan."""
        if (code, plek) not in self.gemeld and len(self.meldingen) < MAX_MELDINGEN:
            self.gemeld.add((code, plek))
            self.meldingen.append(Melding(code, plek, waarden, ernst))

    def meld_regel(self, regel: Invariant, plek: str) -> None:
        """Meld een invariant die niet geldt, onder zijn eigen sleutel (`obs-6`)."""
        bron = regel.bron.rpartition("/")[2]
        if (regel.sleutel, plek) not in self.gemeld:
            self.gemeld.add((regel.sleutel, plek))
            ernst: Ernst = "warning" if regel.ernst == "warning" else "error"
            waarden = {"sleutel": regel.sleutel, "regel": regel.tekst, "bron": bron}
            if len(self.meldingen) < MAX_MELDINGEN:
                self.meldingen.append(Melding("fhir-regel", plek, waarden, ernst))


def loop_resource(w: Wandeling, inhoud: Any, plek: str = "", diepte: int = 0) -> None:
    """Loop één resource na, ook als `contained` of Bundle-regel. `plek` is het pad ervan (leeg: het type zelf)."""
    if not isinstance(inhoud, dict):
        w.meld("fhir-geen-resource", plek or "Resource")
        return
    soort = inhoud.get("resourceType")
    if not is_resourcetype(soort):
        w.meld("fhir-type-onbekend", f"{plek}.resourceType" if plek else "Resource.resourceType")
        return
    gevonden = w.vormen[str(soort)]
    hier = plek or gevonden.naam
    eerder = w.resource, w.wortel, w.hier
    w.resource = inhoud
    if "meta" in inhoud:
        labels(w, inhoud["meta"], f"{hier}.meta")
    if w.in_contained:
        if "id" not in inhoud:
            w.meld("fhir-verplicht", f"{hier}.id")
    else:
        w.wortel, w.hier = inhoud, []
    _object(w, gevonden, inhoud, hier, diepte)
    if not w.in_contained:
        intern(w, inhoud, hier)
        w.hier = eerder[2]
    w.resource, w.wortel = eerder[:2]


def _object(w: Wandeling, v: Vorm, waarde: Json, plek: str, diepte: int) -> None:
    w.knopen += 1
    if diepte > MAX_DIEPTE or w.knopen > MAX_KNOPEN:
        if not w.vol:
            w.vol = True
            w.meld("fhir-te-diep" if diepte > MAX_DIEPTE else "fhir-te-groot", plek)
        return
    if not waarde:
        w.meld("fhir-leeg", plek)
        return
    for naam, inhoud in waarde.items():
        element = v.elementen.get(naam)
        if element is not None:
            _element(w, v, element, inhoud, waarde.get(f"_{naam}"), f"{plek}.{naam}", diepte)
        # `id` is een kenmerk en xhtml is tekst: daar hangt niets aan (R4 Element.id; xhtml.extension 0..0)
        elif (
            naam[:1] == "_"
            and naam != "_id"
            and (element := v.elementen.get(naam[1:])) is not None
            and element.primitief
            and element.soort != "xhtml"
        ):
            _toevoeging(w, v, element, inhoud, waarde.get(naam[1:]), f"{plek}.{naam[1:]}", diepte)
        elif naam != "resourceType" or not v.resource:
            leesbaar = _NAAM.fullmatch(naam) is not None
            w.meld("fhir-element-onbekend", f"{plek}.{naam}" if leesbaar else plek, type=v.naam)
    for naam in v.verplicht:
        if naam not in waarde and f"_{naam}" not in waarde:
            w.meld("fhir-verplicht", f"{plek}.{naam}")
    for groep, namen in v.keuzes.items():
        aanwezig = [naam for naam in namen if naam in waarde or f"_{naam}" in waarde]
        if len(aanwezig) > 1:
            w.meld("fhir-keuze-dubbel", f"{plek}.{aanwezig[1]}", eerste=aanwezig[0])
        elif not aanwezig and groep in v.keuze_verplicht:
            w.meld("fhir-verplicht", f"{plek}.{groep}")
    if not v.resource and "id" in waarde:
        w.vreemd.append(f"{plek}.id")
    if v.invarianten:
        w.regels.append((v.invarianten, waarde, plek, w.resource, w.wortel))
    if "extension" in waarde:
        w.dragers.append(waarde)
    if v.naam == "Period":
        _periode(w, waarde, plek)
    elif v.naam == "Extension":
        _extensie(w, waarde, plek)


def _element(w: Wandeling, ouder: Vorm, e: Element, inhoud: Any, ernaast: Any, plek: str, diepte: int) -> None:
    if not e.lijst:
        if isinstance(inhoud, list):
            w.meld("fhir-geen-lijst", plek)
        elif inhoud is None:
            w.meld("fhir-leeg", plek)
        else:
            _waarde(w, ouder, e, inhoud, plek, diepte)
        return
    if not isinstance(inhoud, list):
        w.meld("fhir-lijst-nodig", plek)
        return
    if not inhoud:
        w.meld("fhir-leeg", plek)
    for nummer, een in enumerate(inhoud):
        if een is not None:
            _waarde(w, ouder, e, een, f"{plek}[{nummer}]", diepte)
        # null mag in een lijst van primitieven, als er op die plaats in `_naam` iets staat
        elif not (e.primitief and isinstance(ernaast, list) and ernaast[nummer : nummer + 1] not in ([], [None])):
            w.meld("fhir-leeg", f"{plek}[{nummer}]")


def _waarde(w: Wandeling, ouder: Vorm, e: Element, inhoud: Any, plek: str, diepte: int) -> None:
    if e.primitief:
        w.knopen += 1
        if (code := waarde_fout(e.soort, inhoud)) is not None:
            w.meld(code, plek, ernst="warning" if code == BLANCO else "error", soort=e.soort)
            return
        if e.codes is not None and inhoud not in e.codes:
            w.meld("fhir-code-onbekend", plek, codes=opsomming(e.codes))
        elif e.lijst_r4 is not None and not e.lijst_r4.kent(inhoud):
            w.meld("fhir-waarde-vorm", plek, soort=e.lijst_r4.naam)
        elif e.soort in _ADRESSEN and inhoud[0] == "#":
            w.hier.append((inhoud[1:], plek, e))
        if e.invarianten:
            w.regels.append((e.invarianten, inhoud, plek, w.resource, w.wortel))
        return
    if e.soort == "Resource":
        if w.in_contained:  # dom-2
            w.meld("fhir-contained-genest", plek)
            return
        w.in_contained = e.naam == "contained"
        loop_resource(w, inhoud, plek, diepte + 1)
        w.in_contained = False
        return
    if not isinstance(inhoud, dict):
        w.meld("fhir-object-nodig", plek)
        return
    _object(w, w.vormen[e.soort], inhoud, plek, diepte + 1)
    if e.invarianten:
        w.regels.append((e.invarianten, inhoud, plek, w.resource, w.wortel))
    if e.lijst_r4 is not None:
        _lijst_r4(w, e.lijst_r4, e.soort, inhoud, plek)
    if e.soort == "Coding" and (bekend := w.vormen.compleet.get(str(inhoud.get("system")))) is not None:
        # een Coding zonder code mag (Coding.code 0..1), behalve als begrip van een CodeableConcept: zo weegt HL7 het
        if str(inhoud.get("code")) not in bekend and ("code" in inhoud or ouder.naam == "CodeableConcept"):
            w.meld("fhir-code-onbekend", plek, codes=opsomming(bekend))
    elif (toets := BUITEN.get(str(inhoud.get("system")))) is not None and e.soort in MET_EENHEID:
        code = inhoud.get("code", "" if ouder.naam == "CodeableConcept" else None)  # een hoeveelheid mag zonder code
        if isinstance(code, str) and not toets(code):
            w.meld("fhir-code-onbekend", f"{plek}.code", codes=str(inhoud["system"]).rpartition("/")[2])
    elif e.soort == "Reference" and inhoud:
        verwijzing(w, e, inhoud, plek)
    elif e.soort == "Extension":
        url = inhoud.get("url")
        if not isinstance(url, str):
            return
        if url.startswith(w.eigen) or url in w.kent:
            houder = w.primitief if ouder.naam == "Element" and w.primitief else ouder.naam
            w.extensies.append((plek, houder, inhoud, w.resource, w.wortel))
        elif ouder.naam != "Extension":  # binnen een complexe extensie zijn de urls kort; daar toetst het profiel
            w.vreemd.append(plek)
            if e.naam == "modifierExtension":
                w.meld("fhir-modifier-onbekend", plek)
            elif ":" not in url:
                w.meld("fhir-waarde-vorm", f"{plek}.url", soort="uri")


def _toevoeging(w: Wandeling, v: Vorm, e: Element, inhoud: Any, ernaast: Any, plek: str, diepte: int) -> None:
    """`_naam`: id en extensies van een primitief (FHIR R4 §2.6.2.4)."""
    gevonden, buiten = w.vormen["Element"], w.primitief
    if e.lijst != isinstance(inhoud, list) or (e.lijst and isinstance(ernaast, list) and len(ernaast) != len(inhoud)):
        w.meld("fhir-lijst-nodig" if e.lijst else "fhir-geen-lijst", plek)
        return
    for nummer, een in enumerate(inhoud if e.lijst else [inhoud]):
        hier = f"{plek}[{nummer}]" if e.lijst else plek
        if isinstance(een, dict):
            w.primitief = f"{v.naam}.{e.naam}"
            _object(w, gevonden, een, hier, diepte + 1)
            w.primitief = buiten
        elif een is not None or not e.lijst:
            w.meld("fhir-object-nodig", hier)
        waarde = ernaast[nummer] if e.lijst and isinstance(ernaast, list) else ernaast
        gebonden = e.codes is not None or (e.lijst_r4 is not None and e.naam != "language")  # taal: binding preferred
        if gebonden and waarde is None and een is not None:
            w.meld("fhir-verplicht", hier)  # een verplichte lijst vraagt een code; een extensie is er geen (§4.1.5)


def _extensie(w: Wandeling, waarde: Json, plek: str) -> None:
    heeft_waarde = any(naam.lstrip("_").startswith("value") for naam in waarde)
    if "url" not in waarde:
        w.meld("fhir-verplicht", f"{plek}.url")  # ook als er alleen `_url` staat: zonder adres is zij van niemand
    elif heeft_waarde == ("extension" in waarde):
        w.meld("fhir-extensie-inhoud", plek)


def _periode(w: Wandeling, waarde: Json, plek: str) -> None:
    begin, einde = waarde.get("start"), waarde.get("end")
    if not isinstance(begin, str) or not isinstance(einde, str):
        return
    # Wat niet te vergelijken is (2026-03-01 tot 2026), voldoet niet aan per-1: zo weegt HL7's validator het ook.
    if orde(begin, einde) not in (-1, 0):
        w.meld("fhir-periode-omgekeerd", f"{plek}.end")


def _lijst_r4(w: Wandeling, lijst: Waardelijst, soort: str, inhoud: Json, plek: str) -> None:
    """Een verplichte lijst van R4 op een Coding of CodeableConcept: minstens één code komt uit de lijst."""
    codings = [inhoud] if soort == "Coding" else inhoud.get("coding", [])
    codings = [c for c in codings if isinstance(c, dict)] if isinstance(codings, list) else []
    if not any(lijst.bevat(c.get("system"), c.get("code")) != "eruit" for c in codings):
        w.meld("fhir-code-onbekend", plek if soort == "Coding" or not codings else f"{plek}.coding[0]",
               codes=opsomming(lijst.kaal))  # fmt: skip
