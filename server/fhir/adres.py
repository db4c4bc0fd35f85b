"""Een adres onder /fhir als `FhirRequest`: uit HTTP, of uit `request.url` van een regel in een Bundle.

Kent geen inhoud en geen token. Bron: FHIR R4 http.html (§3.1.0.1.2, *service base URL* en volgende).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, unquote_to_bytes

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.request import FhirRequest

ADRES_HOOGSTENS: Final = 8 * 1024
VELDEN_HOOGSTENS: Final = 100
COMPARTIMENT: Final = "Patient"  # het enige compartiment dat wij kennen: dat van een paspoort
ALLE_TYPES: Final = "*"  # `Patient/[id]/*`: alle types van het compartiment samen
ID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")
_KAPOT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")


def ontleed_adres(methode: str, pad: str, query: bytes, koppen: Mapping[str, str]) -> FhirRequest:
    """Het adres als vraag. 404 bij een adres dat FHIR niet kent, 414 als het te lang is, 400 bij kapotte %-tekens."""
    if len(query) + len(pad) > ADRES_HOOGSTENS:
        raise PaspoortFout(Melding("adres-te-lang", None, {"grens": str(ADRES_HOOGSTENS)}))
    return FhirRequest(
        "GET" if methode == "HEAD" else methode,
        query=paren(query),
        if_match=koppen.get("if-match"),
        if_none_match=koppen.get("if-none-match"),
        prefer=koppen.get("prefer"),
        headers=koppen,
        **_plek([_leesbaar(d) for d in pad.split("/") if d]),
    )


def _plek(delen: list[str]) -> dict[str, Any]:
    """Welke velden van de vraag dit pad invult."""
    match delen:
        case []:
            return {}
        case [type_]:
            return {"type": type_}
        case [type_, "_search"]:
            return {"type": type_, "search": True}
        case [type_, "_history"]:
            return {"type": type_, "history": True}
        case [type_, naam] if naam.startswith("$"):
            return {"type": type_, "operation": naam[1:]}
        case [type_, id_, *rest] if ID.fullmatch(id_):
            return _plek_binnen(type_, id_, rest)
    raise PaspoortFout(Melding("niet-gevonden"))


def _plek_binnen(type_: str, id_: str, rest: list[str]) -> dict[str, Any]:
    match rest:
        case []:
            return {"type": type_, "id": id_}
        case [naam] if naam.startswith("$"):
            return {"type": type_, "id": id_, "operation": naam[1:]}
        case ["_history"]:
            return {"type": type_, "id": id_, "history": True}
        case ["_history", vid] if ID.fullmatch(vid):
            return {"type": type_, "id": id_, "history": True, "vid": vid}
        case ["*"] | ["*", "_search"] if type_ == COMPARTIMENT:
            return {"compartment": id_, "type": ALLE_TYPES, "search": True}
        case [binnen] | [binnen, "_search"] if type_ == COMPARTIMENT and binnen.isalpha():
            return {"compartment": id_, "type": binnen, "search": True}
    raise PaspoortFout(Melding("niet-gevonden"))


def paren(query: bytes) -> tuple[tuple[str, str], ...]:
    """De velden van een query of formulier, in volgorde en met herhaling. PaspoortFout 400 als zij niet te lezen is."""
    if not query:
        return ()
    try:
        tekst = query.decode("ascii")
        # Een NUL staat in geen enkele waarde van FHIR, en PostgreSQL neemt hem niet aan: dan leek de opslag stil.
        if _KAPOT.search(tekst) or "%00" in tekst:
            raise ValueError
        return tuple(parse_qsl(tekst, keep_blank_values=True, errors="strict", max_num_fields=VELDEN_HOOGSTENS))
    except ValueError:
        raise PaspoortFout(Melding("zoek-waarde", "query", {"naam": "query"})) from None


def _leesbaar(deel: str) -> str:
    if "%" not in deel and deel.isascii():
        return deel
    try:
        if _KAPOT.search(deel):
            raise ValueError
        return unquote_to_bytes(deel).decode("utf-8")
    except ValueError:
        raise PaspoortFout(Melding("adres-kapot")) from None
