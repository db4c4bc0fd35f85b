"""Bundles schrijven uit bytes die er al zijn: zonder de resources opnieuw te ontleden of te schrijven.

Doet niets met toegang; wat hier binnenkomt mag naar buiten. Bron: FHIR R4 bundle.html, http.html#transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import orjson

from server.fhir.search.zoeken import Treffer


@dataclass(frozen=True, slots=True)
class Regel:
    """Eén regel van een history- of responsebundle."""

    full_url: str | None
    tekst: bytes | None
    request: dict[str, str] | None = None
    response: dict[str, str] = field(default_factory=dict)


def searchset(
    basis: str,
    gevonden: Sequence[Treffer],
    mee: Sequence[Treffer],
    totaal: int | None,
    links: Sequence[tuple[str, str]],
    uitleg: bytes | None = None,
) -> bytes:
    """Een searchset; `links` zijn (relatie, url). De bytes van elke resource gaan ongewijzigd mee.

    `uitleg`: een OperationOutcome over de vraag zelf, die geen treffer is en niet meetelt.
    """
    kop = b'{"resourceType":"Bundle","type":"searchset"'
    if totaal is not None:
        kop += b',"total":%d' % totaal
    kop += b',"link":' + orjson.dumps([{"relation": r, "url": u} for r, u in links])
    regels = [_zoekregel(basis, t, b"match") for t in gevonden] + [_zoekregel(basis, t, b"include") for t in mee]
    if uitleg is not None:
        regels.append(b'{"resource":' + uitleg + b',"search":{"mode":"outcome"}}')
    return _sluit(kop, regels)


def _zoekregel(basis: str, treffer: Treffer, soort: bytes) -> bytes:
    adres = f"{basis}/{treffer.type}/{treffer.id}".encode()
    return b'{"fullUrl":"' + adres + b'","resource":' + treffer.tekst + b',"search":{"mode":"' + soort + b'"}}'


def regels(
    soort: str, inhoud: Iterable[Regel], totaal: int | None = None, links: Sequence[tuple[str, str]] = ()
) -> bytes:
    """Een history, transaction-response of batch-response."""
    kop = b'{"resourceType":"Bundle","type":"' + soort.encode() + b'"'
    if totaal is not None:
        kop += b',"total":%d' % totaal
    if links:
        kop += b',"link":' + orjson.dumps([{"relation": r, "url": u} for r, u in links])
    return _sluit(kop, [_regel(r) for r in inhoud])


def _regel(regel: Regel) -> bytes:
    delen = []
    if regel.full_url:
        delen.append(b'"fullUrl":' + orjson.dumps(regel.full_url))
    if regel.tekst is not None:
        delen.append(b'"resource":' + regel.tekst)
    if regel.request:
        delen.append(b'"request":' + orjson.dumps(regel.request))
    if regel.response:
        response = orjson.dumps({k: v for k, v in regel.response.items() if k != "outcome"})
        if "outcome" in regel.response:
            response = response[:-1] + b',"outcome":' + regel.response["outcome"].encode() + b"}"
        delen.append(b'"response":' + response)
    return b"{" + b",".join(delen) + b"}"


def _sluit(kop: bytes, delen: Sequence[bytes]) -> bytes:
    return kop + (b',"entry":[' + b",".join(delen) + b"]}" if delen else b"}")
