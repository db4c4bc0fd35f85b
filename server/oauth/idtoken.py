"""Nakijken wat een inlogdienst ondertekende: het id_token bij inloggen en het logout_token bij uitloggen daar.

Zuiver: sleutels en tijd komen van de aanroeper. Alles wat niet klopt is een ValueError of JoseError zonder gegevens.

Bron: OpenID Connect Core 1.0 §3.1.3.7 (id_token), OpenID Connect Back-Channel Logout 1.0 §2.4–2.6 (logout_token).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import KeySet

from server.oauth.aanbieders import Aanbieder

# Alleen handtekeningen met een publieke sleutel: `none` en HS256 staan er niet in, wat de kop van het token ook zegt.
ALGS: Final = ("RS256", "PS256", "ES256")
SPELING: Final = 60  # seconden verschil tussen twee klokken
UITLOGGEN: Final = "http://schemas.openid.net/event/backchannel-logout"
UITLOG_SECONDEN: Final = 300  # ouder is een oud bericht (Back-Channel Logout §2.6 laat ons kiezen)


@dataclass(frozen=True, slots=True)
class Identiteit:
    """Wie de inlogdienst zegt dat het is. `issuer` is de naam waaronder het account staat.

    `gegevens` heeft de sleutels van `aanbieders.CLAIMS`, voor zover de dienst ze gaf; `id_token` alleen als de browser
    zelf bij de dienst was, om daar weer uit te loggen.
    """

    issuer: str
    sub: str
    naam: str
    aanbieder: str = ""
    acr: str | None = None
    auth_time: int | None = None
    sid: str | None = None
    id_token: str | None = None
    gegevens: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Afmelding:
    """Wie zich bij de inlogdienst afmeldde: één sessie (`sid`), of alles van een mens (`sub`)."""

    issuer: str
    sub: str | None
    sid: str | None
    jti: str


def lees_id_token(
    aanbieder: Aanbieder, id_token: object, jwks: Mapping[str, Any], nonce: str, nu: int, sinds: int | None
) -> Identiteit:
    """OIDC Core §3.1.3.7: handtekening, uitgever, publiek, tijd en nonce; met `sinds` ook dat er net is ingelogd."""
    claims = _claims(aanbieder, id_token, jwks, nu)
    if claims.get("nonce") != nonce or not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise ValueError("nonce of sub")
    exp, auth_time = claims.get("exp"), claims.get("auth_time")
    if exp is None or not _getal(exp) or exp < nu - SPELING:
        raise ValueError("exp")
    if auth_time is not None and not _getal(auth_time):
        raise ValueError("auth_time")
    if sinds is not None and (auth_time is None or auth_time < sinds - SPELING):
        raise ValueError("auth_time te oud")
    gegevens = {
        naam: _als_tekst(claims[claim])
        for naam, claim in aanbieder.claims.items()
        if claim and claims.get(claim) is not None
    }
    acr, sid = claims.get("acr"), claims.get("sid")
    return Identiteit(
        aanbieder.accounts,
        claims["sub"],
        gegevens.get("naam") or claims["sub"],
        aanbieder.code,
        acr if isinstance(acr, str) else None,
        None if auth_time is None else int(auth_time),
        sid if isinstance(sid, str) else None,
        str(id_token),
        gegevens,
    )


def lees_logout_token(aanbieder: Aanbieder, token: object, jwks: Mapping[str, Any], nu: int) -> Afmelding:
    """Back-Channel Logout §2.6. Een id_token is geen logout_token: dat heeft een nonce, en geen `events`."""
    claims = _claims(aanbieder, token, jwks, nu)
    gebeurtenissen = claims.get("events")
    if not isinstance(gebeurtenissen, dict) or not isinstance(gebeurtenissen.get(UITLOGGEN), dict) or "nonce" in claims:
        raise ValueError("events of nonce")
    sub, sid, jti = claims.get("sub"), claims.get("sid"), claims.get("jti")
    if not isinstance(jti, str) or not jti or not (sub or sid):
        raise ValueError("jti, sub of sid")
    if claims["iat"] < nu - UITLOG_SECONDEN or ("exp" in claims and claims["exp"] < nu - SPELING):
        raise ValueError("te oud")
    return Afmelding(aanbieder.accounts, sub and str(sub), sid and str(sid), jti)


def _claims(aanbieder: Aanbieder, token: object, jwks: Mapping[str, Any], nu: int) -> dict[str, Any]:
    """De claims van een token dat door deze dienst voor ons is ondertekend."""
    if not isinstance(token, str):
        raise ValueError("geen token")
    sleutels = KeySet.import_key_set({"keys": list(jwks["keys"])})
    claims = dict(jwt.decode(token, sleutels, algorithms=list(ALGS)).claims)
    publiek = claims.get("aud")
    lijst = publiek if isinstance(publiek, list) else [publiek]
    if claims.get("iss") != aanbieder.issuer or aanbieder.client_id not in lijst:
        raise ValueError("iss of aud")
    if (len(lijst) > 1 or "azp" in claims) and claims.get("azp") != aanbieder.client_id:
        raise ValueError("azp")
    if not _getal(claims.get("iat")) or claims["iat"] > nu + SPELING:
        raise ValueError("iat")
    return claims


def _getal(waarde: object) -> bool:
    return isinstance(waarde, int | float) and not isinstance(waarde, bool)


def _als_tekst(waarde: Any) -> str:
    """Een claim als tekst; een lijst of object als JSON (`vertegenwoordigt`)."""
    return json.dumps(waarde) if isinstance(waarde, list | dict) else str(waarde)
