"""Waar een melding heen mag: alleen https naar een openbaar adres; in de demo ook naar de eigen computer.

Een abonnee kiest het adres, dus wij zijn de vreemde die erheen belt. Daarom: geen adres binnen een netwerk, geen omweg
langs een naam die later iets anders wordt (de naam wordt één keer opgezocht, en de verbinding gaat naar precies dat
adres), geen wachtwoord in het adres. Doorverwijzingen volgen wij niet: dat doet `versturen.py`. Kent geen HTTP.
Bron: besluit 0017; IANA special-purpose address registries (RFC 6890).
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

LENGTE_HOOGSTENS: Final = 1024
ADRESSEN_HOOGSTENS: Final = 4
OPZOEKEN_HOOGSTENS: Final = 3.0  # seconden
_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAAM: Final = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_GETAL: Final = re.compile(r"\d+|0x[0-9a-f]*")

# Wat niemand van buiten is, ook waar `ipaddress` het openbaar noemt.
VIER: Final = tuple(
    IPv4Network(n)
    for n in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # gegevens over de machine bij Azure
    )
)  # fmt: skip
# IPv6: alleen 2000::/3 is uitgedeeld; daarbinnen vallen tunnels en oefenadressen af. Zo zit er geen IPv4 in verstopt.
ZES: Final = IPv6Network("2000::/3")
ZES_NIET: Final = tuple(
    IPv6Network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)

Opzoeker = Callable[[str, int], Awaitable[Sequence[str]]]


class AdresGeweigerd(Exception):  # noqa: N818 - het domein spreekt Nederlands
    """Hierheen sturen wij niet; `reden` is een sleutel van `REDENEN`."""

    def __init__(self, reden: str) -> None:
        super().__init__(reden)
        self.reden = reden


REDENEN: Final = {
    "vorm": "het is geen volledig webadres",
    "https": "het begint niet met https://",
    "inlog": "er staat een naam of wachtwoord in",
    "openbaar": "het wijst niet naar een openbaar adres",
}


@dataclass(frozen=True, slots=True)
class Doel:
    """Een adres in delen. `host` zoals in het adres, klein geschreven; `pad` met query."""

    tls: bool
    host: str
    poort: int
    pad: str

    @property
    def host_kop(self) -> str:
        """De waarde van de kop Host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.poort == (443 if self.tls else 80) else f"{host}:{self.poort}"


def ontleed(adres: str, demo: bool) -> Doel:
    """Het adres in delen, als het aan de vorm te zien mag. `AdresGeweigerd` met de reden."""
    if len(adres) > LENGTE_HOOGSTENS or not adres.isascii() or not adres.isprintable() or " " in adres or "\\" in adres:
        raise AdresGeweigerd("vorm")
    try:
        delen = urlsplit(adres)
        host, poort = (delen.hostname or "").lower(), delen.port
    except ValueError:
        raise AdresGeweigerd("vorm") from None
    if delen.scheme not in ("https", "http"):
        raise AdresGeweigerd("https")
    if "@" in delen.netloc:
        raise AdresGeweigerd("inlog")
    getal = _als_ip(host)
    # Een naam die op een getal eindigt, lezen systemen als IP-adres in een oude schrijfwijze (0x7f.1, 2130706433).
    naam = _NAAM.fullmatch(host) is not None and _GETAL.fullmatch(host.rpartition(".")[2]) is None
    if (getal is None and not naam) or "#" in adres or poort == 0:
        raise AdresGeweigerd("vorm")
    eigen = demo and (host == "localhost" or (getal is not None and getal.is_loopback))
    if delen.scheme == "http" and not eigen:
        raise AdresGeweigerd("https")
    if getal is not None and not eigen and not is_openbaar(host):
        raise AdresGeweigerd("openbaar")
    tls = delen.scheme == "https"
    pad = (delen.path or "/") + (f"?{delen.query}" if delen.query else "")
    return Doel(tls, host, poort or (443 if tls else 80), pad)


def is_openbaar(tekst: str) -> bool:
    """Of dit IP-adres van buiten is. Onleesbaar, met een zone of verpakt (IPv4 in IPv6) is het niet."""
    getal = _als_ip(tekst)
    if isinstance(getal, IPv4Address):
        return getal.is_global and not any(getal in net for net in VIER)
    if isinstance(getal, IPv6Address):
        return getal.is_global and getal in ZES and not any(getal in net for net in ZES_NIET)
    return False


async def zoek_op(doel: Doel, demo: bool, opzoeker: Opzoeker) -> tuple[str, ...]:
    """De IP-adressen van het doel, één keer opgezocht. `AdresGeweigerd("openbaar")` als er één niet mag of er geen is.

    Onvindbaar en verboden zijn met opzet hetzelfde: anders kon een abonnee ons netwerk aftasten.
    """
    if _als_ip(doel.host) is not None:
        gevonden: Sequence[str] = [doel.host]
    else:
        try:
            gevonden = await asyncio.wait_for(opzoeker(doel.host, doel.poort), OPZOEKEN_HOOGSTENS)
        except (OSError, TimeoutError, UnicodeError):
            gevonden = []
    adressen = tuple(dict.fromkeys(gevonden))
    eigen = demo and bool(adressen) and all(_is_eigen(a) for a in adressen)
    mag = eigen or (doel.tls and bool(adressen) and all(is_openbaar(a) for a in adressen))
    if not mag:
        raise AdresGeweigerd("openbaar")
    return adressen[:ADRESSEN_HOOGSTENS]


async def systeem_opzoeker(host: str, poort: int) -> Sequence[str]:
    """De naam zoals dit systeem hem kent."""
    loop = asyncio.get_running_loop()
    return [str(a[4][0]) for a in await loop.getaddrinfo(host, poort, type=socket.SOCK_STREAM)]


def _is_eigen(tekst: str) -> bool:
    getal = _als_ip(tekst)
    return getal is not None and getal.is_loopback and not (isinstance(getal, IPv6Address) and getal.ipv4_mapped)


def _als_ip(tekst: str) -> IPv4Address | IPv6Address | None:
    try:
        return None if "%" in tekst else ip_address(tekst)
    except ValueError:
        return None
