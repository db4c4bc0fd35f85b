"""De inhoud van een HTTP-verzoek als `FhirRequest`: JSON, XML, JSON Patch, een zoekformulier of een rauw bestand.

Leest nooit meer dan mag. Of de inhoud klopt, zegt de schrijfweg. Bron: FHIR R4 http.html (§3.1.0.1.9), binary.html.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from starlette.types import Receive

from paspoort.fhir.fhirjson import lees, lees_lijst
from paspoort.fhir.fhirxml import uit_xml
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.adres import paren
from server.fhir.interactie import interactie_van
from server.fhir.request import FhirRequest, Json

INHOUD_HOOGSTENS: Final = 12 * 1024 * 1024  # een foto van een beschikking, base64 in JSON
FORMULIER_HOOGSTENS: Final = 64 * 1024
PATCH_HOOGSTENS: Final = 1024 * 1024
FHIR_JSON: Final = ("application/fhir+json", "application/json+fhir")
FHIR_XML: Final = ("application/fhir+xml", "application/xml+fhir")
JSONSOORTEN: Final = (*FHIR_JSON, "application/json", "text/json")
XMLSOORTEN: Final = (*FHIR_XML, "application/xml", "text/xml")
JSON_PATCH: Final = "application/json-patch+json"
FORMULIER: Final = "application/x-www-form-urlencoded"
FHIR_VERSIES: Final = ("4.0", "4.0.1")
MIME: Final = re.compile(r"[\w.+-]{1,64}/[\w.+-]{1,64}", re.ASCII)
# Een rauw bestand wordt base64 in de Binary en groeit dan een derde.
RAUW_HOOGSTENS: Final = INHOUD_HOOGSTENS // 4 * 3


async def met_inhoud(vraag: FhirRequest, koppen: Mapping[str, str], receive: Receive) -> FhirRequest:
    """De vraag met wat er in de inhoud staat. PaspoortFout 413, 415, of die van JSON, XML of formulier."""
    if koppen.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
        raise PaspoortFout(Melding("soort-onbekend", "Content-Encoding"))  # klein gestuurd kan heel groot worden
    soort, opties = inhoudsoort(koppen.get("content-type", ""))
    naam = interactie_van(vraag)
    if vraag.method == "POST" and naam in ("search-type", "search-compartment"):
        data = await _lees_alles(koppen, receive, FORMULIER_HOOGSTENS)
        if soort != FORMULIER and data:
            raise PaspoortFout(Melding("soort-zoekvraag", "Content-Type"))
        return replace(vraag, query=(*vraag.query, *paren(data)), in_adres=len(vraag.query))
    if vraag.method == "PATCH":
        data = await _lees_alles(koppen, receive, PATCH_HOOGSTENS)
        if data and (soort != JSON_PATCH or not _utf8(opties)):
            raise PaspoortFout(Melding("soort-patch", "Content-Type"))
        return replace(vraag, patch=lees_lijst(data)) if data else vraag
    if vraag.type == "Binary" and naam in ("create", "update") and _is_bestand(soort):
        data = await _lees_alles(koppen, receive, RAUW_HOOGSTENS)
        return replace(vraag, body=_binary(vraag, koppen, data)) if data else vraag
    data = await _lees_alles(koppen, receive, INHOUD_HOOGSTENS)
    if not data:
        return vraag
    if not _utf8(opties) or opties.get("fhirversion", "4.0") not in FHIR_VERSIES:
        raise _soort_onbekend()
    if soort in JSONSOORTEN:
        return replace(vraag, body=lees(data))
    if soort in XMLSOORTEN:
        return replace(vraag, body=uit_xml(data))
    raise _soort_onbekend()


def inhoudsoort(kop: str) -> tuple[str, dict[str, str]]:
    """Een media type met zijn parameters, in kleine letters."""
    soort, *rest = kop.split(";")
    delen = (deel.partition("=") for deel in rest)
    return soort.strip().lower(), {n.strip().lower(): w.strip().strip('"').lower() for n, _, w in delen}


def _utf8(opties: Mapping[str, str]) -> bool:
    return opties.get("charset", "utf-8") in ("utf-8", "utf8")


def _soort_onbekend() -> PaspoortFout:
    return PaspoortFout(Melding("soort-onbekend", "Content-Type"))


def _is_bestand(soort: str) -> bool:
    """Of dit een bestand zelf is en geen Binary-resource; `application/json` lezen wij overal als FHIR."""
    return soort not in (*JSONSOORTEN, *XMLSOORTEN, FORMULIER) and MIME.fullmatch(soort) is not None


def _binary(vraag: FhirRequest, koppen: Mapping[str, str], data: bytes) -> Json:
    """Het bestand als Binary (binary.html#rest): het paspoort staat in X-Security-Context."""
    uit: Json = {"resourceType": "Binary"}
    if vraag.id is not None:
        uit["id"] = vraag.id
    uit["contentType"] = koppen["content-type"].strip()
    verwijzing = koppen.get("x-security-context", "").strip()
    if verwijzing:
        uit["securityContext"] = {"reference": verwijzing}
    uit["data"] = base64.b64encode(data).decode()
    return uit


async def _lees_alles(koppen: Mapping[str, str], receive: Receive, grens: int) -> bytes:
    te_groot = PaspoortFout(Melding("te-groot", None, {"grens": f"{grens // 1024} kB"}))
    lengte = koppen.get("content-length", "")
    if lengte.isdigit() and int(lengte) > grens:
        raise te_groot
    delen: list[bytes] = []
    totaal = 0
    while True:
        bericht = await receive()
        if bericht["type"] != "http.request":
            raise PaspoortFout(Melding("geen-inhoud"))
        deel = bericht.get("body", b"")
        totaal += len(deel)
        if totaal > grens:
            raise te_groot
        delen.append(deel)
        if not bericht.get("more_body"):
            return b"".join(delen)
