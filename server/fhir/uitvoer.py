"""Een antwoord in de gevraagde vorm: JSON of XML, netjes of compact, een bestand zelf, en zo nodig met gzip.

Werkt op bytes die al naar buiten mogen; kent geen gegevens. Tekenset is altijd UTF-8 (Accept-Charset telt niet,
RFC 9110 §12.5.2). Bron: FHIR R4 http.html (§3.1.0.1.9 en verder), binary.html; RFC 9110 §12.5.

Over gzip en BREACH: die aanval laat een ingelogde browser verzoeken doen en leest de lengte. Op /fhir telt alleen een
bearer-token, geen cookie, dus een vreemde bladzijde krijgt niemand zover. Wie het net afluistert en zelf in hetzelfde
paspoort schrijft, kan nog raden; daarom krijgt elk antwoord een toevallige lengte erbij, in de gzip-kop.
"""

from __future__ import annotations

import base64
import secrets
import struct
import zlib
from asyncio import to_thread
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from paspoort.fhir.fhirjson import lees_opgeslagen, schrijf
from paspoort.fhir.fhirxml import naar_xml
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.invoer import FHIR_VERSIES, JSONSOORTEN, MIME, XMLSOORTEN, inhoudsoort
from server.fhir.outcome import FHIR_JSON
from server.fhir.request import FhirRequest, FhirResponse

FHIR_XML: Final = "application/fhir+xml; charset=utf-8"
GZIP_VANAF: Final = 1024
GZIP_NIVEAU: Final = 1  # bij tien keer zoveel rekentijd wordt het nog een tiende kleiner
IN_EEN_DRAAD: Final = 512 * 1024  # boven deze grootte houdt omzetten anderen te lang op
LENGTE_ERBIJ: Final = 32  # hoogstens zoveel bytes toeval
# Een bestand van een ander wordt bewaard, niet geopend: geen script, geen raden naar de soort.
ALS_BESTAND: Final = {
    "content-disposition": "attachment",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
}


@dataclass(frozen=True, slots=True)
class Weergave:
    """Hoe de vrager het antwoord wil."""

    xml: bool = False
    netjes: bool = False


GEWOON: Final = Weergave()


def kies(vraag: FhirRequest, koppen: Mapping[str, str]) -> Weergave:
    """De vorm uit `_format`, `_pretty` en Accept. PaspoortFout 406 als wij die niet hebben.

    Bij het lezen van een Binary beslist `als_bestand` pas als de soort bekend is.
    """
    gevraagd = {n: w for n, w in vraag.query if n in ("_format", "_pretty")} if vraag.query else {}
    netjes = gevraagd.get("_pretty", "false")
    if netjes not in ("true", "false"):
        raise PaspoortFout(Melding("zoek-waarde", "_pretty", {"naam": "_pretty"}))
    soort = gevraagd.get("_format")
    if soort is not None:
        xml = _xml_uit_format(soort)
    elif vraag.type == "Binary" and vraag.method == "GET" and vraag.id is not None:
        xml = _beste(koppen.get("accept", "")) is True
    else:
        keuze = _beste(koppen.get("accept", ""))
        if keuze is None:
            raise PaspoortFout(Melding("antwoordsoort-onbekend", "Accept"))
        xml = keuze
    return Weergave(xml, netjes == "true") if xml or netjes == "true" else GEWOON


def _xml_uit_format(tekst: str) -> bool:
    naam = tekst.replace(" ", "+") if "/" in tekst and ";" not in tekst else tekst
    soort, opties = inhoudsoort(naam)
    soort = soort.replace(" ", "+")
    versie = opties.get("fhirversion", "4.0") in FHIR_VERSIES
    if versie and (soort == "json" or soort in JSONSOORTEN):
        return False
    if versie and (soort == "xml" or soort in XMLSOORTEN):
        return True
    raise PaspoortFout(Melding("antwoordsoort-onbekend", "_format"))


@lru_cache(maxsize=256)
def _wensen(accept: str) -> tuple[tuple[str, float], ...]:
    """De media types uit Accept met hun q; wat wij niet kunnen lezen of een andere FHIR-versie is, doet niet mee."""
    uit = []
    for deel in accept.split(","):
        soort, opties = inhoudsoort(deel)
        if not soort or opties.get("fhirversion", "4.0") not in FHIR_VERSIES:
            continue
        try:
            uit.append((soort, float(opties.get("q", "1"))))
        except ValueError:
            continue
    return tuple(uit)


@lru_cache(maxsize=256)
def _beste(accept: str) -> bool | None:
    """XML (waar), JSON (onwaar) of geen van beide. Bij gelijke wens JSON; zonder Accept ook."""
    if not accept.strip():
        return False
    json, xml = (max(_q(accept, s) for s in soorten) for soorten in (JSONSOORTEN, XMLSOORTEN))
    if max(json, xml) <= 0:
        return None
    return xml > json


def _q(accept: str, soort: str, jokers: bool = True) -> float:
    """Hoe graag iemand deze soort wil: het precieste dat past, telt (RFC 9110 §12.5.1)."""
    wensen = dict(reversed(_wensen(accept)))
    groep = f"{soort.partition('/')[0]}/*"
    # `text/*` vraagt om tekst; dat wij `text/json` als naam aannemen, maakt ons antwoord dat nog niet.
    for naam in (soort, *((groep, "*/*") if jokers and groep != "text/*" else ("*/*",) if jokers else ())):
        if naam in wensen:
            return wensen[naam]
    return 0.0


def als_bestand(vraag: FhirRequest, koppen: Mapping[str, str], antwoord: FhirResponse) -> FhirResponse:
    """Een gelezen Binary als het bestand zelf, voor wie niet om FHIR vraagt (binary.html#rest). PaspoortFout 406."""
    if antwoord.status != 200 or antwoord.body is None or any(n == "_format" for n, _ in vraag.query):
        return antwoord
    accept = koppen.get("accept", "").strip() or "*/*"
    inhoud = lees_opgeslagen(antwoord.body)
    if inhoud.get("resourceType") != "Binary":
        return antwoord
    soort = str(inhoud.get("contentType", ""))
    kaal, _ = inhoudsoort(soort)
    fhir = max(_q(accept, s, jokers=False) for s in (*JSONSOORTEN, *XMLSOORTEN))
    bestand = max(_q(accept, kaal), 0.0)
    if fhir >= bestand and fhir > 0:
        return antwoord
    if bestand <= 0:
        raise PaspoortFout(Melding("antwoordsoort-onbekend", "Accept"))
    # De soort komt van een ander: alleen de kale vorm mag in een kopregel.
    veilig = kaal if MIME.fullmatch(kaal) else "application/octet-stream"
    weg = ("content-type",)
    blijft = {n: w for n, w in antwoord.headers.items() if n not in weg}
    data = base64.b64decode(inhoud.get("data", ""))
    return FhirResponse(200, data, {"content-type": veilig, **blijft, **ALS_BESTAND})


async def vormgeven(antwoord: FhirResponse, weergave: Weergave) -> FhirResponse:
    """Het antwoord als XML of met inspringing, als dat gevraagd is en het FHIR-JSON is."""
    if weergave is GEWOON or not antwoord.body or antwoord.headers.get("content-type") != FHIR_JSON:
        return antwoord
    if len(antwoord.body) > IN_EEN_DRAAD:
        return await to_thread(_in_vorm, antwoord, antwoord.body, weergave)
    return _in_vorm(antwoord, antwoord.body, weergave)


def _in_vorm(antwoord: FhirResponse, data: bytes, weergave: Weergave) -> FhirResponse:
    inhoud = lees_opgeslagen(data)
    if weergave.xml:
        return FhirResponse(antwoord.status, naar_xml(inhoud), {**antwoord.headers, "content-type": FHIR_XML})
    return FhirResponse(antwoord.status, schrijf(inhoud, netjes=True), antwoord.headers)


def wil_gzip(koppen: Mapping[str, str]) -> bool:
    """Of Accept-Encoding om gzip vraagt."""
    kop = koppen.get("accept-encoding")
    return kop is not None and _wil_gzip(kop)


@lru_cache(maxsize=64)
def _wil_gzip(kop: str) -> bool:
    wensen = dict(_wensen(kop))
    return wensen.get("gzip", wensen.get("*", 0.0)) > 0


async def krimp(data: bytes) -> bytes:
    """Met gzip, en wat groot is buiten de event loop."""
    return await to_thread(gzip, data) if len(data) > IN_EEN_DRAAD else gzip(data)


def gzip(data: bytes) -> bytes:
    """Gecomprimeerd (RFC 1952), met een bestandsnaam van toevallige lengte in de kop."""
    naam = b"x" * secrets.randbelow(LENGTE_ERBIJ + 1)
    pers = zlib.compressobj(GZIP_NIVEAU, zlib.DEFLATED, -zlib.MAX_WBITS)
    kop = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x04\xff" + naam + b"\x00"
    staart = struct.pack("<LL", zlib.crc32(data), len(data) & 0xFFFFFFFF)
    return kop + pers.compress(data) + pers.flush() + staart
