"""De sleutels waarmee de server id_tokens en inlogpogingen tekent; de publieke helften staan op /oauth/jwks.

Bewaren, versleuteld, doet de opslag. Wisselen gaat zonder onderbreking: een nieuwe sleutel staat eerst een tijd
gepubliceerd en tekent dan pas, een oude blijft gepubliceerd tot wat hij tekende voorbij is; elk lopend proces kijkt
elke minuut of er iets veranderd is. Bron: OpenID Connect Core §10.1.1 (rotatie); SMART 2.2 wil RS256 (smart-2.2.0@210).
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any, Final

import anyio
from joserfc.jwk import ECKey, KeyParameters, KeySet, RSAKey

from server.store.passports import Opslag
from server.store.sealkey import zegelsleutel, zegelsleutels
from server.store.sql import Botsing
from server.store.tokens import (
    Ondertekensleutel,
    bewaar_ondertekensleutel,
    ondertekensleutels,
    wissel_ondertekensleutels,
)

ID_TOKEN_ALG: Final = "RS256"  # noqa: S105 - een algoritme, geen wachtwoord
# Algoritme → hoe de sleutel in de opslag heet; `ES256` alleen is daar de zegelsleutel (`sealkey.py`).
ID_TOKEN_ALGS: Final = {ID_TOKEN_ALG: "RS256", "ES256": "ES256 id_token"}
BITS: Final = 2048
HERLAAD: Final = 60  # seconden
JWKS_ONTHOUDEN: Final = 300  # zo lang mag een ander /oauth/jwks onthouden
VOORAF: Final = 2 * JWKS_ONTHOUDEN  # zo lang is een nieuwe sleutel te zien voordat hij tekent
NALOOP: Final = 24 * 3600  # zo lang blijft een oude te zien nadat hij voor het laatst tekende

Sleutel = RSAKey | ECKey


class Sleutels:
    """De tekensleutels van deze server; leeg tot `laad` is geweest."""

    def __init__(self, klok: Callable[[], float] = time.time) -> None:
        self._sleutels: dict[str, tuple[tuple[int, Sleutel], ...]] = {}  # alg → (sinds, sleutel), nieuwste eerst
        self._zegels: tuple[ECKey, ...] = ()  # voor een definitief advies; hier alleen om te publiceren
        self._slot = anyio.Lock()
        self._klok, self._geladen = klok, 0.0

    async def laad(self, opslag: Opslag) -> None:
        """Haal de sleutels uit de opslag, elke minuut opnieuw; maak wat er niet is. PaspoortFout `opslag-stil`."""
        if self._vers():
            return
        async with self._slot:
            if self._vers():
                return
            await zegelsleutel(opslag)
            self._zegels = await zegelsleutels(opslag)
            rijen = await ondertekensleutels(opslag)
            ontbreekt = [alg for alg, naam in ID_TOKEN_ALGS.items() if all(r.alg != naam for r in rijen)]
            for alg in ontbreekt:
                nieuw = await maak(alg, int(self._klok()))
                # Bij een botsing maakte een ander proces er net een: dan lezen wij die hieronder.
                with contextlib.suppress(Botsing):
                    await bewaar_ondertekensleutel(opslag, nieuw)
            if ontbreekt:
                rijen = await ondertekensleutels(opslag)
            nu = self._klok()
            al = {str(s.kid): s for rij in self._sleutels.values() for _, s in rij}  # ontleden kost meer dan lezen
            self._sleutels = {
                alg: tuple(
                    (r.sinds, al.get(r.kid) or _lees(alg, r.jwk))
                    for r in rijen
                    if r.alg == naam and (r.tot is None or r.tot > nu)
                )
                for alg, naam in ID_TOKEN_ALGS.items()
            }
            self._geladen = nu

    def _vers(self) -> bool:
        return bool(self._sleutels) and 0 <= self._klok() - self._geladen < HERLAAD

    def tekent(self, alg: str) -> Sleutel:
        """De nieuwste sleutel van dit algoritme die al mag tekenen."""
        rij = self._sleutels[alg]
        nu = self._klok()
        return next((s for sinds, s in rij if sinds <= nu), rij[-1][1])

    @property
    def ondertekenaar(self) -> RSAKey:
        """De sleutel waarmee nu met RS256 getekend wordt."""
        sleutel = self.tekent(ID_TOKEN_ALG)
        assert isinstance(sleutel, RSAKey)
        return sleutel

    @property
    def kid(self) -> str:
        return str(self.ondertekenaar.kid)

    @property
    def controle(self) -> KeySet:
        """Alle gepubliceerde sleutels van RS256: wat vóór een wisseling getekend is, klopt daarna nog."""
        return KeySet([s for _, s in self._sleutels[ID_TOKEN_ALG]])

    def publiek(self) -> dict[str, list[dict[str, Any]]]:
        """De JWKS voor wie een handtekening wil nakijken (nooit een privésleutel); ook wat straks pas tekent."""
        alle = [*(s for rij in self._sleutels.values() for _, s in rij), *self._zegels]
        return {"keys": [dict(s.as_dict(private=False)) for s in alle]}


async def wissel(opslag: Opslag, nu: int, meteen: bool = False) -> dict[str, str]:
    """Nieuwe sleutels voor id_tokens; geeft per algoritme de nieuwe kid. PaspoortFout `opslag-stil`.

    Gewoon: de nieuwe tekent na `VOORAF` en de oude blijft nog `NALOOP` te zien. `meteen`, na een lek: de nieuwe tekent
    nu en de oude is per direct weg; wat ermee getekend is, klopt niet meer.
    """
    vanaf = nu if meteen else nu + VOORAF
    nieuw = {alg: await maak(alg, vanaf) for alg in ID_TOKEN_ALGS}
    await wissel_ondertekensleutels(opslag, tuple(nieuw.values()), nu, nu if meteen else vanaf + NALOOP)
    return {alg: s.kid for alg, s in nieuw.items()}


async def maak(alg: str, sinds: int) -> Ondertekensleutel:
    """Een nieuwe sleutel om mee te tekenen. RSA-2048 kost rekentijd: buiten de lus."""
    return await anyio.to_thread.run_sync(_maak, alg, sinds)


def _maak(alg: str, sinds: int) -> Ondertekensleutel:
    opties: KeyParameters = {"use": "sig", "alg": alg}
    sleutel: Sleutel = (
        RSAKey.generate_key(BITS, opties, auto_kid=True)
        if alg == ID_TOKEN_ALG
        else ECKey.generate_key("P-256", opties, private=True, auto_kid=True)
    )
    return Ondertekensleutel(str(sleutel.kid), ID_TOKEN_ALGS[alg], dict(sleutel.as_dict(private=True)), sinds)


def _lees(alg: str, jwk: Any) -> Sleutel:
    return RSAKey.import_key(dict(jwk)) if alg == ID_TOKEN_ALG else ECKey.import_key(dict(jwk))
