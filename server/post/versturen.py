"""Eén bericht naar één abonnee: ondertekend, naar precies het opgezochte adres, zonder omwegen en zonder geduld.

Geen doorverwijzing, geen proxy uit de omgeving, geen koekjes, geen hergebruikte verbinding; van het antwoord telt
alleen de status. De ontvanger herkent ons aan `X-Hub-Signature-256` (onze afspraak, docs/handleidingen/leverancier.md).
Of er grond is om te sturen weet `bezorger.py`. Bron: RFC 2104, RFC 9110 §15.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ssl
from dataclasses import dataclass
from functools import cache
from typing import Final

import httpx

from server.post.adres import AdresGeweigerd, Doel, Opzoeker, ontleed, systeem_opzoeker, zoek_op
from server.post.onderwerp import JSON_SOORT
from server.store.passports import Opslag

TEKEN: Final = "X-Hub-Signature-256"
TIJD: Final = httpx.Timeout(5.0, connect=3.0)
SAMEN_HOOGSTENS: Final = 10.0  # seconden, wat er ook gebeurt
ANTWOORD_HOOGSTENS: Final = 4096

# reden: (Nederlands voor Subscription.error, of het zin heeft het nog eens te proberen)
REDENEN: Final[dict[str, tuple[str, bool]]] = {
    "adres": ("Dit adres mag niet: wij sturen alleen naar https op een openbaar adres.", False),
    "verbinding": ("Er kwam geen veilige verbinding met dit adres.", True),
    "traag": ("De ontvanger antwoordde niet op tijd.", True),
    "status": ("De ontvanger antwoordde met HTTP-status {status}.", True),
}


@dataclass(frozen=True, slots=True)
class Uitslag:
    """Of het bericht is aangenomen; zo niet, waarom, en of opnieuw proberen zin heeft."""

    gelukt: bool
    tekst: str = ""
    opnieuw: bool = True


GELUKT: Final = Uitslag(True)


def geheim(opslag: Opslag, abonnement: str) -> str:
    """Waarmee de berichten van dit abonnement ondertekend worden. Staat nergens: volgt uit een sleutel van de kluis."""
    return opslag.slot("post").hmac(f"abonnement|{abonnement}")


def handtekening(sleutel: str, inhoud: bytes) -> str:
    """De waarde van `X-Hub-Signature-256`: HMAC-SHA256 over precies de bytes van het bericht."""
    return f"sha256={hmac.new(sleutel.encode(), inhoud, hashlib.sha256).hexdigest()}"


class Verzender:
    """Verstuurt; houdt niets bij. `opzoeker` is in tests een andere."""

    def __init__(self, demo: bool, opzoeker: Opzoeker = systeem_opzoeker) -> None:
        self._demo, self._opzoeker = demo, opzoeker

    async def stuur(self, adres: str, inhoud: bytes, sleutel: str) -> Uitslag:
        """Gelukt bij een status 2xx. Werpt niets: elke storing is een uitslag."""
        try:
            async with asyncio.timeout(SAMEN_HOOGSTENS):
                return await self._stuur(ontleed(adres, self._demo), inhoud, sleutel)
        except AdresGeweigerd:
            return _mislukt("adres")
        except (TimeoutError, httpx.TimeoutException):
            return _mislukt("traag")
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError, ValueError):
            return _mislukt("verbinding")

    async def _stuur(self, doel: Doel, inhoud: bytes, sleutel: str) -> Uitslag:
        adressen = await zoek_op(doel, self._demo, self._opzoeker)
        for nummer, ip in enumerate(adressen, 1):
            try:
                status = await _post(doel, ip, inhoud, sleutel)
            except httpx.ConnectError:
                if nummer == len(adressen):
                    raise
                continue
            return GELUKT if 200 <= status < 300 else _mislukt("status", status)
        return _mislukt("verbinding")


async def _post(doel: Doel, ip: str, inhoud: bytes, sleutel: str) -> int:
    """De status van het antwoord. De verbinding gaat naar `ip`; naam en certificaat zijn die van `doel`."""
    koppen = {
        "Host": doel.host_kop,
        "Content-Type": JSON_SOORT,
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "User-Agent": "hulpmiddelenpaspoort",
        "Connection": "close",
        TEKEN: handtekening(sleutel, inhoud),
    }
    plek = f"{'https' if doel.tls else 'http'}://{f'[{ip}]' if ':' in ip else ip}:{doel.poort}{doel.pad}"
    naam = {"sni_hostname": doel.host} if doel.tls else {}
    async with (
        httpx.AsyncClient(verify=_certificaten(), trust_env=False, follow_redirects=False, timeout=TIJD) as client,
        client.stream("POST", plek, content=inhoud, headers=koppen, extensions=naam) as antwoord,
    ):
        gelezen = 0
        async for deel in antwoord.aiter_raw():  # zo kan de ontvanger uitpraten; wat hij zegt, telt niet
            gelezen += len(deel)
            if gelezen > ANTWOORD_HOOGSTENS:
                break
        return antwoord.status_code


@cache
def _certificaten() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _mislukt(reden: str, status: int = 0) -> Uitslag:
    tekst, opnieuw = REDENEN[reden]
    return Uitslag(False, tekst.format(status=status), opnieuw)
