"""Antwoorden van één resource: bytes zoals opgeslagen, met ETag en Last-Modified, en het lezen van die koppen.

Bron: FHIR R4 http.html (read, create, update, concurrency); toegang.md §2 (ETag van een projectie).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Final

from paspoort.fhir.fhirjson import schrijf
from paspoort.fouten import Melding, PaspoortFout
from server.access.zicht import Getoond, Zicht
from server.fhir.context import Context
from server.fhir.outcome import FHIR_JSON, geslaagd
from server.fhir.request import FhirResponse
from server.store.versions import Versie

ONVINDBAAR: Final = PaspoortFout(Melding("niet-gevonden"))  # voor verborgen en onbekend hetzelfde, byte voor byte
_ETAG: Final = re.compile(r'(?:W/)?"([1-9]\d{0,9})(?:-[0-9A-Za-z_-]{1,64})?"')
_PREFER: Final = re.compile(r"(?:^|[;, ])return=(minimal|representation|OperationOutcome)(?:$|[;, ])")


def niet_gevonden() -> PaspoortFout:
    """Een nieuwe 404; altijd met dezelfde inhoud."""
    return PaspoortFout(*ONVINDBAAR.meldingen)


def etag(versie: Versie, volledig: bool, zicht: Zicht) -> str:
    """`W/"n"`, en bij een gedeeltelijk zicht `W/"n-vingerafdruk"`."""
    return f'W/"{versie.versie}"' if volledig else f'W/"{versie.versie}-{zicht.vingerafdruk[:16]}"'


def versienummer(tekst: str, kop: str) -> int:
    """Het versiedeel van een ETag uit If-Match. PaspoortFout `kop-fout` bij een andere vorm."""
    gevonden = _ETAG.fullmatch(tekst.strip())
    if gevonden is None:
        raise PaspoortFout(Melding("kop-fout", kop, {"kop": kop}))
    return int(gevonden[1])


@lru_cache(maxsize=4096)
def http_datum(moment: str) -> str:
    """Een FHIR-instant als HTTP-date (RFC 9110 §5.6.7)."""
    return format_datetime(datetime.fromisoformat(moment).astimezone(UTC).replace(microsecond=0), usegmt=True)


def gelezen(ctx: Context, versie: Versie, getoond: Getoond, zicht: Zicht) -> FhirResponse:
    """Het antwoord op read en vread; 304 als de vrager deze versie al heeft."""
    tag = etag(versie, getoond.volledig, zicht)
    koppen = {"etag": tag, "last-modified": http_datum(versie.moment)}
    if ctx.vraag.if_none_match and ctx.vraag.if_none_match.strip() in (tag, tag.removeprefix("W/")):
        return FhirResponse(304, None, koppen)
    return FhirResponse(200, getoond.tekst, {"content-type": FHIR_JSON, **koppen})


def geschreven(ctx: Context, status: int, versie: Versie, getoond: Getoond | None, zicht: Zicht) -> FhirResponse:
    """Het antwoord op create en update volgens `Prefer: return=…`; anders de resource zoals de schrijver haar ziet."""
    koppen = {"etag": f'W/"{versie.versie}"', "last-modified": http_datum(versie.moment)}
    if status == 201:
        koppen["location"] = f"{ctx.deur.basis}/{versie.type}/{versie.id}/_history/{versie.versie}"
    gevonden = _PREFER.search(ctx.vraag.prefer or "")
    wens = gevonden[1] if gevonden else "representation"
    if wens == "OperationOutcome":
        uitslag = schrijf(geslaagd(ctx.actor.taal, ctx.waarschuwingen))
        return FhirResponse(status, uitslag, {"content-type": FHIR_JSON, **koppen})
    if wens == "minimal" or getoond is None:
        return FhirResponse(status, None, koppen)
    koppen["etag"] = etag(versie, getoond.volledig, zicht)
    return FhirResponse(status, getoond.tekst, {"content-type": FHIR_JSON, **koppen})
