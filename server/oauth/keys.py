"""De sleutel waarmee de server id_tokens en inlogpogingen tekent; de publieke helften staan op /oauth/jwks.

Bewaren, versleuteld, doet de opslag. Wisselen: een nieuwere sleutel tekent, oude blijven gepubliceerd tot `tot`.
Bron: OpenID Connect Core §10.1.1 (rotatie); SMART 2.2 wil RS256.
"""

from __future__ import annotations

import contextlib
import time
from typing import Any, Final

import anyio
from joserfc.jwk import ECKey, RSAKey

from server.store.passports import Opslag
from server.store.sealkey import zegelsleutel, zegelsleutels
from server.store.sql import Botsing
from server.store.tokens import Ondertekensleutel, bewaar_ondertekensleutel, ondertekensleutels

ID_TOKEN_ALG: Final = "RS256"  # noqa: S105 - een algoritme, geen wachtwoord
BITS: Final = 2048


class Sleutels:
    """De tekensleutels van deze server; leeg tot `laad` is geweest."""

    def __init__(self) -> None:
        self._sleutels: tuple[RSAKey, ...] = ()
        self._zegels: tuple[ECKey, ...] = ()  # voor een definitief advies; hier alleen om te publiceren
        self._slot = anyio.Lock()

    async def laad(self, opslag: Opslag) -> None:
        """Haal de sleutels uit de opslag, en maak er een als er nog geen is. PaspoortFout `opslag-stil`."""
        if self._sleutels:
            return
        async with self._slot:
            await zegelsleutel(opslag)
            self._zegels = await zegelsleutels(opslag)
            rijen = await _id_token_sleutels(opslag)
            if not rijen:
                nieuw = await anyio.to_thread.run_sync(_maak)
                # Bij een botsing maakte een ander proces er net een: dan lezen wij die hieronder.
                with contextlib.suppress(Botsing):
                    await bewaar_ondertekensleutel(opslag, nieuw)
                rijen = await _id_token_sleutels(opslag)
            nu = int(time.time())
            geldig = [r for r in rijen if r.tot is None or r.tot > nu]
            self._sleutels = tuple(RSAKey.import_key(dict(r.jwk)) for r in geldig)

    @property
    def ondertekenaar(self) -> RSAKey:
        """De nieuwste sleutel; tekent en controleert."""
        return self._sleutels[0]

    @property
    def kid(self) -> str:
        return str(self.ondertekenaar.kid)

    def publiek(self) -> dict[str, list[dict[str, Any]]]:
        """De JWKS voor wie een handtekening wil nakijken (nooit een privésleutel)."""
        alle: tuple[RSAKey | ECKey, ...] = (*self._sleutels, *self._zegels)
        return {"keys": [dict(s.as_dict(private=False)) for s in alle]}


async def _id_token_sleutels(opslag: Opslag) -> tuple[Ondertekensleutel, ...]:
    return tuple(r for r in await ondertekensleutels(opslag) if r.alg == ID_TOKEN_ALG)


def _maak() -> Ondertekensleutel:
    """RSA-2048 kost rekentijd: buiten de lus."""
    sleutel = RSAKey.generate_key(BITS, {"use": "sig", "alg": ID_TOKEN_ALG}, auto_kid=True)
    return Ondertekensleutel(str(sleutel.kid), ID_TOKEN_ALG, dict(sleutel.as_dict(private=True)), int(time.time()))
