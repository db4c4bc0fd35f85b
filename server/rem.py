"""Hoe vaak iemand iets mag proberen: tellers per soort en per wie, in het geheugen van dit proces (ASVS 5.0, 6.3.1).

Een teller kent alleen een hash met een sleutel die met het proces verdwijnt, dus geen adres en geen account. Gebruik
`opslag.rem.tel("token.client", client_id)` en `opslag.rem.tel_adres("token", scope)`; boven de grens `TeVaak`.
Meer processen tellen elk voor zich. Korte codes zijn te raden en tellen daarom in de database (`store/pogingen.py`).
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

from paspoort.fouten import Melding, PaspoortFout
from server.settings import InstellingFout

# Boven dit aantal tellers deelt wie nieuw is er een met anderen: het geheugen blijft begrensd, ook onder een aanval.
TELLERS_HOOGSTENS: Final = 100_000
IPV6_NET: Final = 64  # zoveel bits heeft één aansluiting; de rest kiest zij zelf
Netwerk = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Grens:
    """Zo vaak in zoveel seconden; `aantal` 0 is onbegrensd."""

    aantal: int
    seconden: int


# Ruim voor mensen, voor een kantoor achter één adres en voor een systeem dat bijwerkt; krap voor wie raadt.
GRENZEN: Final[Mapping[str, Grens]] = {
    "inloggen.adres": Grens(600, 600),
    "inloggen.account": Grens(60, 600),
    "token.adres": Grens(3000, 60),
    "token.client": Grens(1200, 60),
    "zoeken.adres": Grens(30_000, 60),
    "zoeken.wie": Grens(6000, 60),
    "code.adres": Grens(60, 600),
    "vraag.mail": Grens(20, 3600),  # wie om toestemming vraagt, mailt niet de hele stad
    "geweigerd.adres": Grens(3000, 60),  # vragen zonder geldig token
}


class TeVaak(PaspoortFout):
    """Te vaak gevraagd: `seconden` tot het weer mag; `eerste` is waar voor de eerste weigering van een tijdvak."""

    def __init__(self, soort: str, seconden: int, eerste: bool) -> None:
        super().__init__(Melding("te-vaak", None, {"seconden": str(seconden)}))
        self.soort, self.seconden, self.eerste = soort, seconden, eerste


class _Venster:
    """Een schuivend venster uit twee vakken: dit vak, en van het vorige het deel dat nog meetelt."""

    __slots__ = ("_dit", "_geweigerd", "_grens", "_vak", "_vorig")

    def __init__(self, grens: Grens) -> None:
        self._grens, self._vak = grens, -1
        self._dit: dict[bytes, int] = {}
        self._vorig: dict[bytes, int] = {}
        self._geweigerd: set[bytes] = set()

    def tel(self, sleutel: bytes, nu: float) -> tuple[float, bool] | None:
        """None als het mag. Anders hoe lang wachten, en of dit de eerste weigering van dit vak is."""
        duur, hoogstens = self._grens.seconden, self._grens.aantal
        vak = int(nu // duur)
        if vak != self._vak:
            self._vorig = self._dit if vak == self._vak + 1 else {}
            self._dit, self._vak, self._geweigerd = {}, vak, set()
        if len(self._dit) >= TELLERS_HOOGSTENS and sleutel not in self._dit:
            sleutel = sleutel[:2]
        aantal, eerder = self._dit.get(sleutel, 0), self._vorig.get(sleutel, 0)
        voorbij = nu % duur
        if aantal + eerder * (1 - voorbij / duur) < hoogstens:
            self._dit[sleutel] = aantal + 1
            return None
        eerste = sleutel not in self._geweigerd
        if eerste and len(self._geweigerd) < TELLERS_HOOGSTENS:
            self._geweigerd.add(sleutel)
        if aantal < hoogstens:  # het vorige vak houdt tegen: tot er genoeg van voorbij is
            return duur * (1 - (hoogstens - aantal) / eerder) - voorbij, eerste
        return duur - voorbij + duur * (1 - (hoogstens - 1) / aantal), eerste


class Rem:
    """De tellers van dit proces. `grenzen` en `proxys` zoals in de omgeving (`GRENZEN`, `VERTROUWDE_PROXYS`)."""

    def __init__(self, grenzen: str = "", proxys: str = "", klok: Callable[[], float] = time.monotonic) -> None:
        """`InstellingFout` bij een onbekende grens of een netwerk dat er geen is."""
        self.grenzen = {**GRENZEN, **lees_grenzen(grenzen)}
        self._proxys = lees_netwerken(proxys)
        self._klok, self._geheim = klok, os.urandom(32)
        self._vensters = {soort: _Venster(g) for soort, g in self.grenzen.items() if g.aantal}

    def tel(self, soort: str, sleutel: str) -> None:
        """Eén keer erbij voor deze sleutel. `TeVaak` (een PaspoortFout `te-vaak`) boven de grens van `soort`."""
        venster = self._vensters.get(soort)
        if venster is None:
            if soort not in self.grenzen:
                raise KeyError(soort)
            return
        wacht = venster.tel(blake2b(sleutel.encode(), digest_size=16, key=self._geheim).digest(), self._klok())
        if wacht is not None:
            raise TeVaak(soort, max(1, math.ceil(wacht[0])), wacht[1])

    def tel_adres(self, soort: str, scope: Mapping[str, Any]) -> None:
        """Als `tel`, voor `{soort}.adres` en het adres van deze ASGI-vraag."""
        self.tel(f"{soort}.adres", self.adres(scope))

    def adres(self, scope: Mapping[str, Any]) -> str:
        """Waar de vraag vandaan komt: de verbinding, of bij een vertrouwde proxy wat die erbij schreef.

        X-Forwarded-For wordt van achteren gelezen: het eerste adres dat geen vertrouwde proxy is, schreef een proxy die
        wij kennen; wat daarvoor staat, kan de vrager zelf verzonnen hebben. Van IPv6 telt het netwerk (RFC 6177).
        """
        peer = (scope.get("client") or ("", 0))[0]
        if not self._proxys or not _binnen(peer, self._proxys):
            return _net(peer)
        gezien = b",".join(w for n, w in scope["headers"] if n == b"x-forwarded-for").decode("latin-1")
        for deel in reversed([d.strip() for d in gezien.split(",") if d.strip()]):
            if not _binnen(deel, self._proxys):
                return _net(deel)
        return _net(peer)


def lees_grenzen(tekst: str) -> dict[str, Grens]:
    """`"zoeken.wie=6000/60, token.client=0/60"` als grenzen; 0 is onbegrensd. Fout: `InstellingFout`."""
    uit = {}
    for deel in filter(None, (d.strip() for d in tekst.split(","))):
        soort, _, waarde = deel.partition("=")
        aantal, _, seconden = waarde.partition("/")
        if soort not in GRENZEN or not (aantal.isdecimal() and seconden.isdecimal() and int(seconden)):
            raise InstellingFout(f"GRENZEN: {deel!r} is geen soort=aantal/seconden; soorten: {', '.join(GRENZEN)}")
        uit[soort] = Grens(int(aantal), int(seconden))
    return uit


def lees_netwerken(tekst: str) -> tuple[Netwerk, ...]:
    """`"10.0.0.0/8, 127.0.0.1"` als netwerken. Fout: `InstellingFout`."""
    try:
        return tuple(ip_network(deel.strip()) for deel in tekst.split(",") if deel.strip())
    except ValueError:
        raise InstellingFout("VERTROUWDE_PROXYS: een lijst van adressen of netwerken, met komma's ertussen") from None


@lru_cache(maxsize=4096)
def _binnen(adres: str, netwerken: tuple[Netwerk, ...]) -> bool:
    try:
        ip = ip_address(adres)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return any(ip in netwerk for netwerk in netwerken)


@lru_cache(maxsize=4096)
def _net(adres: str) -> str:
    """Het adres waarop geteld wordt; wat geen adres is (een test, een socket) telt zoals het er staat."""
    try:
        ip = ip_address(adres)
    except ValueError:
        return adres[:64]
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or ip_network((ip, IPV6_NET), strict=False))
    return str(ip)
