"""De regels van een batch of transaction als vragen: adres, methode, koppen en inhoud, elk bij hun eigen element.

Voert niets uit. Bron: FHIR R4 http.html#transaction, bundle.html (Bundle.entry.request).
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace
from typing import Any, Final

from paspoort.fhir.fhirjson import lees_lijst
from paspoort.fouten import Melding, PaspoortFout
from server.fhir import jsonpatch
from server.fhir.adres import ALLE_TYPES, ontleed_adres
from server.fhir.antwoorden import http_datum
from server.fhir.capability import ID as CAPABILITY
from server.fhir.context import Context
from server.fhir.interactie import interactie_van, kent
from server.fhir.invoer import JSON_PATCH
from server.fhir.request import FhirRequest, Json
from server.fhir.schrijven import nieuw_id
from server.fhir.search.vergelijken import bereik
from server.registry import DEFINITIETYPES, TYPES

REGELS_HOOGSTENS: Final = 500
METHODEN: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
MET_INHOUD: Final = ("POST", "PUT", "PATCH")
# Element van de regel → kop die hetzelfde zegt.
KOPPEN: Final = {"ifMatch": "if-match", "ifNoneMatch": "if-none-match", "ifNoneExist": "if-none-exist"}
_FULL_URL: Final = re.compile(
    r"urn:uuid:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+|https?://\S+"
)


@dataclass(frozen=True, slots=True)
class Invoer:
    """Eén regel, ontleed. `id` is bij POST het nieuwe id; `hoofd` is HEAD: alleen de status telt."""

    nummer: int
    vraag: FhirRequest
    interactie: str
    id: str | None
    full_url: str | None
    hoofd: bool = False

    @property
    def regel(self) -> str:
        """De plek van de regel zelf."""
        return f"Bundle.entry[{self.nummer}]"

    @property
    def plek(self) -> str:
        """Het begin van elke expression over de inhoud van deze regel."""
        return f"{self.regel}.resource"


def ontleed(ctx: Context, bundel: Json) -> list[Invoer | PaspoortFout]:
    """Per regel de vraag, of wat er aan haar mis is. PaspoortFout als de lijst zelf niet kan."""
    gegeven = bundel.get("entry", [])
    if not isinstance(gegeven, list):
        raise _kapot("Bundle.entry")
    if len(gegeven) > REGELS_HOOGSTENS:
        raise PaspoortFout(Melding("te-groot", "Bundle.entry", {"grens": f"{REGELS_HOOGSTENS} entry"}))
    uit: list[Invoer | PaspoortFout] = []
    for nummer, regel in enumerate(gegeven):
        try:
            uit.append(_regel(ctx, nummer, regel))
        except PaspoortFout as fout:
            uit.append(fout)
    return uit


def _regel(ctx: Context, nummer: int, regel: Any) -> Invoer:
    plek = f"Bundle.entry[{nummer}]"
    verzoek = regel.get("request") if isinstance(regel, dict) else None
    if not isinstance(verzoek, dict):
        raise _kapot(f"{plek}.request")
    methode = verzoek.get("method")
    if methode not in METHODEN:
        raise _kapot(f"{plek}.request.method")
    vraag = _adres(ctx, plek, methode, verzoek.get("url"), _koppen(verzoek, plek))
    naam = interactie_van(vraag)
    _eis_interactie(vraag, naam, plek, methode)
    if methode in MET_INHOUD:
        inhoud = regel.get("resource")
        if not isinstance(inhoud, dict):
            raise PaspoortFout(Melding("geen-inhoud", f"{plek}.resource"))
        is_patch = methode == "PATCH"
        vraag = replace(vraag, patch=_patch(inhoud, plek)) if is_patch else replace(vraag, body=inhoud)
    full_url = regel.get("fullUrl")
    if full_url is not None and not _is_full_url(full_url):
        raise _kapot(f"{plek}.fullUrl")
    id_ = nieuw_id() if naam == "create" else vraag.id
    return Invoer(nummer, vraag, naam, id_, full_url, methode == "HEAD")


def _adres(ctx: Context, plek: str, methode: str, url: object, koppen: dict[str, str]) -> FhirRequest:
    """`request.url` is kort, of volledig met de basis van deze server."""
    fout = _kapot(f"{plek}.request.url")
    if not isinstance(url, str) or "#" in url:
        raise fout
    kort = url.removeprefix(f"{ctx.deur.basis}/")
    pad, _, query = kort.partition("?")
    if ":" in pad or not pad.strip("/"):
        raise fout
    try:
        vraag = ontleed_adres(methode, pad, query.encode("ascii"), koppen)
    except (PaspoortFout, UnicodeEncodeError):
        raise fout from None
    if (vraag.method, vraag.type, vraag.id) == ("GET", "metadata", None):
        # Hetzelfde als resource; alleen in volle vorm, zoals zij daar staat.
        if dict(vraag.query).get("mode", "full") != "full":
            raise fout
        vraag = replace(vraag, type="CapabilityStatement", id=CAPABILITY, query=())
    leesbaar = vraag.method == "GET" and (vraag.type in DEFINITIETYPES or vraag.type == ALLE_TYPES)
    if vraag.type not in TYPES and not leesbaar:
        raise fout
    if vraag.method == "POST" and vraag.search:
        raise fout  # zoeken staat in een Bundle in het adres
    return replace(vraag, prefer=ctx.vraag.prefer)


def _eis_interactie(vraag: FhirRequest, naam: str, plek: str, methode: str) -> None:
    if vraag.type in (*DEFINITIETYPES, ALLE_TYPES) or vraag.operation:
        return
    if not naam:
        raise _kapot(f"{plek}.request.url")
    if not kent(TYPES[vraag.type or ""], naam, vraag):
        raise PaspoortFout(Melding("niet-ondersteund", f"{plek}.request", {"wat": f"{methode} {vraag.type}"}))


def _koppen(verzoek: Json, plek: str) -> dict[str, str]:
    uit: dict[str, str] = {}
    for naam, kop in KOPPEN.items():
        waarde = verzoek.get(naam)
        if waarde is None:
            continue
        if not isinstance(waarde, str) or not waarde.strip():
            raise _kapot(f"{plek}.request.{naam}")
        uit[kop] = waarde
    sinds = verzoek.get("ifModifiedSince")
    if sinds is not None:
        # In een Bundle is dit een instant, in HTTP een HTTP-date.
        if not isinstance(sinds, str) or "T" not in sinds or bereik(sinds) is None:
            raise _kapot(f"{plek}.request.ifModifiedSince")
        uit["if-modified-since"] = http_datum(sinds)
    return uit


def _patch(inhoud: Json, plek: str) -> list[Any]:
    """De bewerkingen uit een Binary (http.html#transaction: JSON Patch in een Bundle)."""
    if inhoud.get("resourceType") != "Binary":
        raise PaspoortFout(Melding("type-anders", f"{plek}.resource.resourceType", {"type": "Binary"}))
    if inhoud.get("contentType") != JSON_PATCH:
        raise PaspoortFout(Melding("soort-patch", f"{plek}.resource.contentType"))
    data = inhoud.get("data")
    try:
        bewerkingen = lees_lijst(base64.b64decode(data if isinstance(data, str) else "", validate=True))
    except binascii.Error:
        raise PaspoortFout(Melding("patch-vorm", f"{plek}.resource.data", {"verwacht": "base64"})) from None
    except PaspoortFout as fout:
        raise PaspoortFout(*(replace(m, plek=f"{plek}.resource.data") for m in fout.meldingen)) from None
    jsonpatch.controleer(bewerkingen, f"{plek}.resource.data")
    return bewerkingen


def _is_full_url(waarde: object) -> bool:
    """Absoluut, en van een resource en niet van een versie (bundle.html, bdl-8)."""
    return isinstance(waarde, str) and _FULL_URL.fullmatch(waarde) is not None and "/_history/" not in waarde


def _kapot(plek: str) -> PaspoortFout:
    return PaspoortFout(Melding("bundel-regel", plek))
