"""Een tweede OpenID-provider voor de tests: een echte, met eigen uitgever, sleutel en sessies, die ook kan liegen.

`fout` verandert wat zij in een id_token zet; `zonder_iss` laat RFC 9207 weg. Alles loopt over HTTP, zonder netwerk.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus, urlencode

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import ECKey

UITLOGGEN = "http://schemas.openid.net/event/backchannel-logout"


@dataclass
class Proefaanbieder:
    """`wie` is wie er bij deze provider achter de knoppen zit; `claims` gaan in elk id_token."""

    issuer: str
    client_id: str = "paspoort"
    geheim: str | None = None
    sleutel_van_klant: ECKey | None = None
    wie: str = "persoon-1"
    claims: dict[str, Any] = field(default_factory=dict)
    fout: Callable[[dict[str, Any]], str] | None = None
    belooft_iss: bool = True
    sleutel: ECKey = field(
        default_factory=lambda: ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    )
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    gezien: list[dict[str, str]] = field(default_factory=list)  # wat er op het token-eindpunt binnenkwam
    tokens: list[str] = field(default_factory=list)
    stil: bool = False

    def weg(self) -> httpx.AsyncBaseTransport:
        """Hoe wij bij haar komen."""
        app = FastAPI()
        pad = httpx.URL(self.issuer).path.rstrip("/")
        app.add_api_route(f"{pad}/.well-known/openid-configuration", self._metadata)
        app.add_api_route(f"{pad}/authorize", self._authorize)
        app.add_api_route(f"{pad}/token", self._token, methods=["POST"])
        app.add_api_route(f"{pad}/jwks", self._jwks)
        return httpx.ASGITransport(app=app)

    async def kies(self, adres: str) -> str:
        """De persoon logt in; geeft het adres waar haar browser heen gaat."""
        async with httpx.AsyncClient(transport=self.weg()) as browser:
            return str((await browser.get(adres)).headers["location"])

    async def _metadata(self) -> Response:
        if self.stil:
            return Response(status_code=503)
        return JSONResponse({
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/uit",
            "authorization_response_iss_parameter_supported": self.belooft_iss,
        })  # fmt: skip

    async def _jwks(self) -> Response:
        return JSONResponse({"keys": [self.sleutel.as_dict(private=False)]})

    async def _authorize(self, request: Request) -> Response:
        vraag = dict(request.query_params)
        code = secrets.token_urlsafe(8)
        self.codes[code] = vraag
        terug = {"code": code, "state": vraag["state"]} | ({"iss": self.issuer} if self.belooft_iss else {})
        return RedirectResponse(f"{vraag['redirect_uri']}?{urlencode(terug)}", 303)

    async def _token(self, request: Request) -> Response:
        velden = {n: str(w) for n, w in (await request.form()).items()}
        self.gezien.append(velden)
        vraag = self.codes.pop(velden.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(velden.get("code_verifier", "").encode()).digest())
        goed = (
            vraag is not None
            and challenge.rstrip(b"=").decode() == vraag["code_challenge"]
            and velden["redirect_uri"] == vraag["redirect_uri"]
            and self._klant(request, velden)
        )
        if vraag is None or not goed:
            return JSONResponse({"error": "invalid_grant"}, 400)
        claims = self.id_claims(nonce=vraag["nonce"])
        token = self.fout(claims) if self.fout else self.teken(claims)
        self.tokens.append(token)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": token})

    def _klant(self, request: Request, velden: dict[str, str]) -> bool:
        """Of de vrager bewijst onze klant te zijn, op de manier die met haar is afgesproken."""
        if self.sleutel_van_klant is not None:
            bewijs = jwt.decode(velden["client_assertion"], self.sleutel_van_klant, algorithms=["ES256"]).claims
            goed = bewijs["iss"] == bewijs["sub"] == self.client_id and bewijs["aud"] == f"{self.issuer}/token"
            return bool(goed and bewijs["exp"] - time.time() <= 60 and "client_secret" not in velden)
        if self.geheim is not None and "client_secret" not in velden:
            _, _, deel = request.headers["authorization"].partition(" ")
            naam, _, geheim = base64.b64decode(deel).decode().partition(":")
            return (unquote_plus(naam), unquote_plus(geheim)) == (self.client_id, self.geheim)
        return velden.get("client_secret") == self.geheim and velden["client_id"] == self.client_id

    def id_claims(self, **anders: Any) -> dict[str, Any]:
        nu = int(time.time())
        return {
            "iss": self.issuer, "aud": self.client_id, "sub": self.wie, "iat": nu, "exp": nu + 300, "auth_time": nu,
            "name": "Mila Proef", **self.claims, **anders,
        }  # fmt: skip

    def teken(self, claims: dict[str, Any], sleutel: ECKey | None = None) -> str:
        ec = sleutel or self.sleutel
        return jwt.encode({"alg": "ES256", "kid": str(ec.kid)}, claims, ec, ["ES256"])

    def logout_token(self, **anders: Any) -> str:
        nu = int(time.time())
        claims = {
            "iss": self.issuer, "aud": self.client_id, "iat": nu, "exp": nu + 60, "jti": secrets.token_hex(8),
            "events": {UITLOGGEN: {}},
        } | anders  # fmt: skip
        return self.teken({n: w for n, w in claims.items() if w is not None})


def onbeveiligd(kop: dict[str, Any], claims: dict[str, Any], handtekening: bytes = b"") -> str:
    """Een token zonder of met een zelfbedachte handtekening."""
    delen = [json.dumps(kop).encode(), json.dumps(claims).encode(), handtekening]
    return ".".join(base64.urlsafe_b64encode(d).rstrip(b"=").decode() for d in delen)
