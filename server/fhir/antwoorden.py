"""Antwoorden van één resource: bytes zoals opgeslagen, met ETag en Last-Modified, en het lezen van die koppen.

Bron: FHIR R4 http.html (read, create, update, concurrency); RFC 9110 §13; toegang.md §2 (ETag van een projectie).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from typing import Final

from paspoort.fhir.fhirjson import schrijf
from paspoort.fouten import Melding, PaspoortFout
from server.access.zicht import Getoond, Zicht
from server.fhir.abonnement import met_geheim
from server.fhir.context import Context
from server.fhir.interactie import VORMGEVING
from server.fhir.outcome import FHIR_JSON, geslaagd
from server.fhir.request import FhirResponse
from server.fhir.search.snoeien import lees_snoei, snoei
from server.store.versions import Versie

ONVINDBAAR: Final = PaspoortFout(Melding("niet-gevonden"))  # voor verborgen en onbekend hetzelfde, byte voor byte
ELKE: Final = "*"  # If-Match: * is elke versie die er is
_ETAG: Final = re.compile(r'(?:W/)?"([1-9]\d{0,9})(?:-[0-9A-Za-z_-]{1,64})?"')
# Wat bij lezen ook mag: een kortere vorm van dezelfde resource.
SNOEIEN: Final = ("_elements", "_summary")
_SOEPEL: Final = re.compile(r"(?:^|[;, ])handling=lenient(?:$|[;, ])")
_PREFER: Final = re.compile(r"(?:^|[;, ])return=(minimal|representation|OperationOutcome)(?:$|[;, ])")


def niet_gevonden() -> PaspoortFout:
    """Een nieuwe 404; altijd met dezelfde inhoud."""
    return PaspoortFout(*ONVINDBAAR.meldingen)


def etag(versie: Versie, volledig: bool, zicht: Zicht) -> str:
    """`W/"n"`, en bij een gedeeltelijk zicht `W/"n-vingerafdruk"`."""
    return f'W/"{versie.versie}"' if volledig else f'W/"{versie.versie}-{zicht.vingerafdruk[:16]}"'


def versienummers(tekst: str, kop: str) -> frozenset[int] | None:
    """De versies die If-Match noemt (`W/"1"`, `"1"`, of een lijst); None bij `*`. PaspoortFout `kop-fout`."""
    if tekst.strip() == ELKE:
        return None
    gevonden = [_ETAG.fullmatch(deel.strip()) for deel in tekst.split(",")]
    nummers = [int(m[1]) for m in gevonden if m is not None]
    if len(nummers) != len(gevonden):
        raise PaspoortFout(Melding("kop-fout", kop, {"kop": kop}))
    return frozenset(nummers)


@lru_cache(maxsize=4096)
def http_datum(moment: str) -> str:
    """Een FHIR-instant als HTTP-date (RFC 9110 §5.6.7)."""
    return format_datetime(datetime.fromisoformat(moment).astimezone(UTC).replace(microsecond=0), usegmt=True)


def eis_parameters(ctx: Context, *mag: str) -> None:
    """PaspoortFout `zoek-onbekend` per query-veld dat hier niets betekent, tenzij `Prefer: handling=lenient`."""
    if not ctx.vraag.query or _SOEPEL.search(ctx.vraag.prefer or ""):
        return
    vreemd = dict.fromkeys(n[:60] for n, _ in ctx.vraag.query if n not in VORMGEVING and n not in mag)
    if vreemd:
        raise PaspoortFout(*(Melding("zoek-onbekend", n, {"naam": n}) for n in vreemd))


def snoeiwens(ctx: Context) -> tuple[tuple[str, ...] | None, str] | None:
    """`_elements` en `_summary` van deze vraag, of None als alles gevraagd is. PaspoortFout `zoek-waarde`."""
    if not ctx.vraag.query:
        return None
    elements, summary = lees_snoei(ctx.vraag.type or "", ctx.vraag.query)
    if summary == "count":
        raise PaspoortFout(Melding("zoek-waarde", "_summary", {"naam": "_summary"}))
    return None if elements is None and summary == "false" else (elements, summary)


def gesnoeid(getoond: Getoond, wens: tuple[tuple[str, ...] | None, str] | None) -> bytes:
    """De bytes van deze resource, zo nodig korter."""
    return getoond.tekst if wens is None else schrijf(snoei(getoond.inhoud, elements=wens[0], summary=wens[1]))


def gelezen(ctx: Context, versie: Versie, getoond: Getoond, zicht: Zicht) -> FhirResponse:
    """Het antwoord op read en vread; 304 als de vrager deze versie al heeft."""
    wens = snoeiwens(ctx)
    tag = etag(versie, getoond.volledig, zicht)
    koppen = {"etag": tag, "last-modified": http_datum(versie.moment)}
    if _heeft_al(ctx, tag, versie, zicht):
        return FhirResponse(304, None, koppen)
    return FhirResponse(200, gesnoeid(getoond, wens), {"content-type": FHIR_JSON, **koppen})


def _heeft_al(ctx: Context, tag: str, versie: Versie, zicht: Zicht) -> bool:
    """If-None-Match gaat voor If-Modified-Since (RFC 9110 §13.2.2)."""
    if (tags := ctx.vraag.if_none_match) is not None:
        gevraagd = {t.strip().removeprefix("W/") for t in tags.split(",")}
        return ELKE in gevraagd or tag.removeprefix("W/") in gevraagd
    sinds = ctx.vraag.headers.get("if-modified-since")
    # Wie gedeeld ziet, kan meer of minder zien zonder dat de resource verandert: dan zegt een tijd niets.
    if sinds is None or not zicht.geheel:
        return False
    try:
        moment = parsedate_to_datetime(sinds)
    except ValueError:
        return False  # RFC 9110 §13.1.3: een tijd die geen HTTP-date is, telt niet
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return datetime.fromisoformat(versie.moment).replace(microsecond=0) <= moment


def voorkeur(ctx: Context) -> str | None:
    """`minimal`, `representation` of `OperationOutcome` uit `Prefer: return=…`, of None."""
    gevonden = _PREFER.search(ctx.vraag.prefer or "")
    return gevonden[1] if gevonden else None


def geschreven(ctx: Context, status: int, versie: Versie, getoond: Getoond | None, zicht: Zicht) -> FhirResponse:
    """Het antwoord op create, update en patch volgens `Prefer`; anders de resource zoals de schrijver haar ziet.

    201 en een create die iets vond dragen Location, een wijziging Content-Location: het adres van precies deze versie.
    """
    koppen = {"etag": f'W/"{versie.versie}"', "last-modified": http_datum(versie.moment)}
    if status == 201:
        getoond = met_geheim(ctx.opslag, versie, getoond)
    adres = f"{ctx.deur.basis}/{versie.type}/{versie.id}/_history/{versie.versie}"
    koppen["location" if status == 201 or ctx.handeling == "create" else "content-location"] = adres
    gewenst = voorkeur(ctx)
    if gewenst == "OperationOutcome":
        uitslag = schrijf(geslaagd(ctx.actor.taal, ctx.waarschuwingen))
        return FhirResponse(status, uitslag, {"content-type": FHIR_JSON, **koppen})
    # Wie alleen mag wijzigen, leest met een lapje (PATCH) niet wat er verder staat.
    if getoond is not None and status == 200 and not ctx.mag_tonen(versie.type, versie.id, getoond):
        getoond = None
    if gewenst == "minimal" or getoond is None:
        return FhirResponse(status, None, koppen)
    koppen["etag"] = etag(versie, getoond.volledig, zicht)
    return FhirResponse(status, getoond.tekst, {"content-type": FHIR_JSON, **koppen})


def verwijderd(ctx: Context, versie: Versie) -> FhirResponse:
    """Het antwoord op delete: 204, of 200 met een OperationOutcome voor wie daarom vraagt."""
    koppen = {"etag": f'W/"{versie.versie}"'}
    if voorkeur(ctx) != "OperationOutcome":
        return FhirResponse(204, None, koppen)
    return FhirResponse(200, schrijf(geslaagd(ctx.actor.taal)), {"content-type": FHIR_JSON, **koppen})
