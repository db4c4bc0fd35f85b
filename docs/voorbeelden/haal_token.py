"""Haal een token op voor een app van de demo: `python docs/voorbeelden/haal_token.py data/demo.json leverancier`.

Alles staat hier voluit, zodat u het kunt overnemen in uw eigen taal: een ondertekende verklaring (private_key_jwt,
SMART Backend Services) gaat naar het token-adres, en een kortlevend token komt terug.
"""

import json
import secrets
import sys
import time
from pathlib import Path

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey


def token(demo: dict, soort: str, scope: str = "") -> str:
    """Het toegangstoken voor de eerste app van deze soort, met deze scopes of anders alles wat zij mag vragen."""
    app = next(a for a in demo["apps"] if a["soort"] == soort and "private_jwk" in a)
    sleutel = ECKey.import_key(app["private_jwk"])
    adres = f"{demo['base']}/oauth/token"
    nu = int(time.time())
    verklaring = jwt.encode(
        {"alg": "ES384", "kid": app["private_jwk"]["kid"], "typ": "JWT"},
        {
            "iss": app["client_id"],
            "sub": app["client_id"],
            "aud": adres,
            "iat": nu,
            "exp": nu + 240,
            "jti": secrets.token_hex(16),
        },
        sleutel,
        algorithms=["ES384"],
    )
    antwoord = httpx.post(
        adres,
        data={
            "grant_type": "client_credentials",
            "scope": scope or app["scope"],
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": verklaring,
        },
    )
    antwoord.raise_for_status()
    return str(antwoord.json()["access_token"])


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit("gebruik: haal_token.py DEMO.JSON gemeente|leverancier|zorgpraktijk|zorgverzekeraar|proef [SCOPE]")
    print(token(json.loads(Path(sys.argv[1]).read_text("utf-8")), *sys.argv[2:]))
