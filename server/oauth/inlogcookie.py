"""De inlogpoging in de browser: een ondertekend, kortlevend cookie tussen heengaan en terugkomen.

Wel: state, nonce en verifier bij de browser houden die begon, zodat niemand een ander in zijn account laat landen.
Niet: de sessie zelf, die staat in de opslag (`sessie.py`). Bron: RFC 9700 §4.7 (CSRF op de terugweg).
"""

from __future__ import annotations

import time
from dataclasses import asdict, fields
from typing import Final

from joserfc import jwt
from joserfc.errors import JoseError

from server.oauth.identity import POGING_SECONDEN, Poging
from server.oauth.keys import ID_TOKEN_ALG, Sleutels

TYP: Final = "hmp-inlog+jwt"


def onderteken(sleutels: Sleutels, poging: Poging) -> str:
    """De poging als JWS."""
    claims = asdict(poging) | {"exp": poging.sinds + POGING_SECONDEN}
    return jwt.encode(
        {"alg": ID_TOKEN_ALG, "typ": TYP, "kid": sleutels.kid}, claims, sleutels.ondertekenaar, [ID_TOKEN_ALG]
    )


def lees(sleutels: Sleutels, cookie: str) -> Poging | None:
    """De poging terug, of None als het cookie niet van ons, niet hiervoor, of verlopen is."""
    try:
        token = jwt.decode(cookie, sleutels.controle, algorithms=[ID_TOKEN_ALG])
    except (JoseError, ValueError):
        return None
    claims = token.claims
    # `typ` scheidt dit van een id_token, dat met dezelfde sleutel getekend is.
    if token.header.get("typ") != TYP or claims.get("exp", 0) < time.time():
        return None
    return Poging(**{veld.name: claims[veld.name] for veld in fields(Poging)})
