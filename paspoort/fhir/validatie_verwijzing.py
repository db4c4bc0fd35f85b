"""Wat binnen één resource naar elkaar wijst: verwijzingen, `contained`, en labels die elkaar niet herhalen.

Of een doel op deze server bestaat, weet alleen de poort; hier telt de vorm, het type, en wat de resource zelf bij zich
heeft. FHIR R4 §2.3.0 (References), ref-1, dom-3, Meta.security.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.referenties import ontleed
from paspoort.fhir.validatie_vorm import Element, is_resourcetype

if TYPE_CHECKING:
    from paspoort.fhir.validatie_structuur import Wandeling

_URN = re.compile(r"urn:(uuid:[0-9a-fA-F-]{36}|oid:[0-2](\.(0|[1-9][0-9]*))+)")
# R4 references.html: één van deze drie SHALL er zijn, "unless an extension is provided"
_WIJST = frozenset(("reference", "identifier", "display", "extension", "_reference", "_display"))
_HIER = re.compile(r"#[A-Za-z0-9\-.]{1,64}")


def verwijzing(w: Wandeling, e: Element, inhoud: Json, plek: str) -> None:
    """Vorm en type van één verwijzing; wat naar binnen wijst, onthoudt zij voor `intern`. R4 §2.3.0, Reference.type."""
    tekst = inhoud.get("reference")
    if _WIJST.isdisjoint(inhoud):
        w.meld("fhir-verwijzing-leeg", plek)
    genoemd = inhoud.get("type")
    if isinstance(genoemd, str) and not _past(genoemd, e.doelen):
        w.meld("fhir-verwijzing-doel", f"{plek}.type", doelen=opsomming(e.doelen or ()))
    if not isinstance(tekst, str) or _URN.fullmatch(tekst):
        return
    if tekst == "#" or _HIER.fullmatch(tekst):
        w.hier.append((tekst[1:], plek, e))
        if tekst == "#" and not w.in_contained:
            w.meld("fhir-verwijzing-intern", f"{plek}.reference")
        return
    ontleding = ontleed(tekst)
    if ontleding is None or ("://" not in tekst and tekst.count("/") not in (1, 3)):
        # Een verwijzing naar een ander adres hoeft geen FHIR-adres te zijn; een relatieve wel.
        if not re.match(r"https?://[^/\s]+/", tekst):
            w.meld("fhir-verwijzing-vorm", f"{plek}.reference")
    elif isinstance(genoemd, str) and genoemd != ontleding[0] and is_resourcetype(ontleding[0]):
        w.meld("fhir-verwijzing-doel", f"{plek}.type", doelen=ontleding[0])
    elif not _past(ontleding[0], e.doelen) and ("://" not in tekst or is_resourcetype(ontleding[0])):
        w.meld("fhir-verwijzing-doel", f"{plek}.reference", doelen=opsomming(e.doelen or ()))


def _past(soort: str, doelen: frozenset[str] | None) -> bool:
    if doelen is None or "Resource" in doelen:
        return is_resourcetype(soort)
    return soort in doelen


def labels(w: Wandeling, meta: Any, plek: str) -> None:
    """Labels zijn een verzameling (R4 Meta.security: `system` en `code` tellen): hetzelfde staat er één keer."""
    lijst = meta.get("security") if isinstance(meta, dict) else None
    if not isinstance(lijst, list) or len(lijst) < 2:
        return
    gehad: set[tuple[str, str]] = set()
    for nummer, label in enumerate(lijst):
        if isinstance(label, dict) and "code" in label:
            deze = str(label.get("system")), str(label.get("code"))
            if deze in gehad:
                w.meld("fhir-label-dubbel", f"{plek}.security[{nummer}]")
            gehad.add(deze)


def intern(w: Wandeling, inhoud: Json, plek: str) -> None:
    """ref-1: wie `#id` zegt, heeft een `contained` met dat id. dom-3: wat ingesloten is, wordt ook genoemd."""
    ingesloten = inhoud.get("contained")
    aanwezig = ingesloten if isinstance(ingesloten, list) else []
    begin = len(plek) + len(".contained[")
    typen = {str(een.get("id")): een.get("resourceType") for een in aanwezig if isinstance(een, dict)}
    for id, waar, element in w.hier:
        if element.soort != "Reference" or not id:
            continue
        if id not in typen:
            w.meld("fhir-verwijzing-intern", f"{waar}.reference")
        elif not _past(str(typen[id]), element.doelen):
            w.meld("fhir-verwijzing-doel", f"{waar}.reference", doelen=opsomming(element.doelen or ()))
    genoemd = {id for id, _, _ in w.hier}
    # wie van de ingeslotenen met `#` naar zijn omhulsel wijst
    omhoog = {
        waar[begin : waar.index("]", begin)]
        for id, waar, _ in w.hier
        if not id and waar.startswith(f"{plek}.contained[")
    }
    gehad: set[str] = set()
    for nummer, een in enumerate(aanwezig):
        naam = een.get("id") if isinstance(een, dict) else None
        if not isinstance(naam, str):
            continue
        if naam in gehad:
            w.meld("fhir-contained-dubbel", f"{plek}.contained[{nummer}].id")
        elif naam not in genoemd and str(nummer) not in omhoog:
            w.meld("fhir-contained-los", f"{plek}.contained[{nummer}]")
        gehad.add(naam)


def opsomming(codes: object) -> str:
    """De eerste codes van een lijst, voor in een foutmelding."""
    namen = sorted(map(str, codes)) if isinstance(codes, (frozenset, set, tuple, list)) else []
    return ", ".join(namen[:14]) + (" …" if len(namen) > 14 else "")
