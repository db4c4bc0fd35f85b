"""De sleutels van een app die haar JWK Set zelf bijhoudt (`jwks_uri`): ophalen, en onthouden zolang zij zelf zegt.

De beheerder geeft het adres bij het aanmelden; toch zijn wij de vreemde die erheen belt: alleen https naar een openbaar
adres, de naam één keer opgezocht (`server/post/adres.py`), geen doorverwijzing, weinig bytes, weinig geduld. Besluit
0031. Bron: SMART App Launch 2.2, Client Authentication: Asymmetric (smart-2.2.0@296, 338, 339, 341, 342).
"""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import httpx

from server.post.adres import AdresGeweigerd, ontleed, systeem_opzoeker, zoek_op

ZONDER_KOP: Final = 60  # seconden, als de app niets zegt
LANGST: Final = 3600
VREEMDE_KID: Final = 10  # na zoveel seconden gaan wij voor een onbekende sleutel nog eens kijken
BYTES_HOOGSTENS: Final = 64 * 1024
SLEUTELS_HOOGSTENS: Final = 50
APPS_HOOGSTENS: Final = 1000
TIJD: Final = httpx.Timeout(3.0)
SAMEN_HOOGSTENS: Final = 5.0
_MAX_AGE: Final = re.compile(r"max-age=(\d{1,9})")

Jwks = Mapping[str, Any]
# Adres → (inhoud, Cache-Control); OSError of ValueError als het niet lukt.
Ophalen = Callable[[str], Awaitable[tuple[bytes, str]]]


class GeenSleutels(Exception):  # noqa: N818 - het domein spreekt Nederlands
    """De sleutels van de app zijn er nu niet; de app kan zich dan niet bewijzen."""


@dataclass(frozen=True, slots=True)
class _Gehaald:
    jwks: Jwks
    op: float
    tot: float

    def kent(self, kid: str | None) -> bool:
        """Of deze sleutel erbij staat; zonder naam is elke goed."""
        return kid is None or any(s.get("kid") == kid for s in self.jwks["keys"])


class Sleutelhaler:
    """Eén per proces. Onthoudt per adres, nooit langer dan de app zegt en nooit langer dan een uur."""

    def __init__(self, haal: Ophalen, klok: Callable[[], float] = time.monotonic) -> None:
        self._haal, self._klok = haal, klok
        self._gehaald: dict[str, _Gehaald] = {}

    async def jwks(self, adres: str, kid: str | None) -> Jwks:
        """De JWK Set op dit adres. `GeenSleutels` als die er niet is of geen JWK Set is."""
        al, nu = self._gehaald.get(adres), self._klok()
        if al is not None and nu < al.tot and (al.kent(kid) or nu < al.op + VREEMDE_KID):
            return al.jwks
        try:
            async with asyncio.timeout(SAMEN_HOOGSTENS):
                inhoud, kop = await self._haal(adres)
            jwks = lees(inhoud)
        except (OSError, ValueError, TimeoutError, httpx.HTTPError, httpx.InvalidURL, AdresGeweigerd) as fout:
            raise GeenSleutels from fout
        if len(self._gehaald) >= APPS_HOOGSTENS:
            self._gehaald.clear()
        self._gehaald[adres] = _Gehaald(jwks, nu, nu + geldig(kop))
        return jwks


def geldig(cache_control: str) -> int:
    """Hoeveel seconden een antwoord met deze kop onthouden mag worden."""
    kop = cache_control.lower()
    if "no-store" in kop or "no-cache" in kop:
        return 0
    gevonden = _MAX_AGE.search(kop)
    return min(int(gevonden[1]), LANGST) if gevonden else ZONDER_KOP


def lees(inhoud: bytes) -> Jwks:
    """Een JWK Set met alleen publieke sleutels. ValueError bij iets anders."""
    jwks = json.loads(inhoud)
    sleutels = jwks.get("keys") if isinstance(jwks, dict) else None
    if not isinstance(sleutels, list) or not 0 < len(sleutels) <= SLEUTELS_HOOGSTENS:
        raise ValueError("geen JWK Set")
    if not all(isinstance(s, dict) and s.get("kty") in ("RSA", "EC") and "d" not in s for s in sleutels):
        raise ValueError("een sleutel die hier niet hoort")
    return {"keys": sleutels}


def via_netwerk(demo: bool) -> Ophalen:
    """Ophalen over https; in de demo ook van de eigen computer."""

    async def haal(adres: str) -> tuple[bytes, str]:
        doel = ontleed(adres, demo)
        for ip in await zoek_op(doel, demo, systeem_opzoeker):
            plek = f"{'https' if doel.tls else 'http'}://{f'[{ip}]' if ':' in ip else ip}:{doel.poort}{doel.pad}"
            try:
                return await _get(plek, doel.host_kop, doel.host if doel.tls else None)
            except httpx.ConnectError:
                continue
        raise OSError("geen verbinding")

    return haal


async def _get(plek: str, host_kop: str, naam: str | None) -> tuple[bytes, str]:
    koppen = {"Host": host_kop, "Accept": "application/json", "Accept-Encoding": "identity", "Connection": "close"}
    extra = {"sni_hostname": naam} if naam else {}
    async with (
        httpx.AsyncClient(verify=_certificaten(), trust_env=False, follow_redirects=False, timeout=TIJD) as client,
        client.stream("GET", plek, headers=koppen, extensions=extra) as antwoord,
    ):
        if antwoord.status_code != 200:
            raise ValueError("geen 200")
        inhoud = b""
        async for deel in antwoord.aiter_raw():
            inhoud += deel
            if len(inhoud) > BYTES_HOOGSTENS:
                raise ValueError("te groot")
        return inhoud, antwoord.headers.get("cache-control", "")


@cache
def _certificaten() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
