"""De eigen OpenID-provider van de demo: een echte code-flow waarin u een persoon kiest in plaats van een wachtwoord.

Bestaat alleen in de demo: buiten de demo wordt deze router niet gemaakt, en is elk adres hieronder een 404. De
toestand (codes, sleutel) leeft in het geheugen van het ene demoproces. Wie de personen zijn, staat bij de accounts.

Bron: OpenID Connect Core 1.0 §3.1 (code flow), RFC 7636 (PKCE, alleen S256), RFC 9207 (iss).
"""

from __future__ import annotations

import hashlib
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from server.oauth.aanbieders import DEMO_ACCOUNT_ISSUER, DEMO_CLIENT_ID, DEMO_NIVEAUS, DEMO_PAD
from server.oauth.bladzijde import Render, toon

PAD: Final = DEMO_PAD
CLIENT_ID: Final = DEMO_CLIENT_ID
ACCOUNT_ISSUER: Final = DEMO_ACCOUNT_ISSUER
NIVEAU: Final = "substantieel"  # wie niets bijzonders vraagt
CODE_SECONDEN: Final = 60


@dataclass(frozen=True, slots=True)
class Demopersoon:
    """Wie u kunt kiezen: `code` is het formulierveld `persoon`."""

    code: str
    naam: str
    omschrijving: str


@dataclass(frozen=True, slots=True)
class _Uitgifte:
    persoon: Demopersoon
    redirect_uri: str
    nonce: str
    challenge: str
    acr: str
    tot: float


class Demoprovider:
    """Eén provider per proces. `personen` zegt wie er te kiezen is; alleen naar `terug` en `uit` stuurt zij door."""

    def __init__(
        self,
        base_url: str,
        terug: str,
        uit: str,
        personen: Callable[[], Awaitable[tuple[Demopersoon, ...]]],
        render: Render,
    ) -> None:
        self.issuer = base_url.rstrip("/") + PAD
        self._terug, self._uit = terug, uit
        self._personen = personen
        self._render = render
        self._codes: dict[str, _Uitgifte] = {}
        self._sleutel = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)

    def router(self) -> APIRouter:
        """De routes onder `/demo-inlog`."""
        router = APIRouter(prefix=PAD, include_in_schema=False)
        router.add_api_route("/.well-known/openid-configuration", self._metadata, methods=["GET"])
        router.add_api_route("/authorize", self._authorize, methods=["GET", "POST"])
        router.add_api_route("/token", self._token, methods=["POST"])
        router.add_api_route("/jwks", self._jwks, methods=["GET"])
        router.add_api_route("/uit", self._end_session, methods=["GET", "POST"])
        return router

    async def _metadata(self) -> JSONResponse:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "end_session_endpoint": f"{self.issuer}/uit",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": ["openid", "profile"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["none"],
                "acr_values_supported": list(DEMO_NIVEAUS),
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def _jwks(self) -> JSONResponse:
        return JSONResponse({"keys": [self._sleutel.as_dict(private=False)]})

    async def _authorize(self, request: Request) -> Response:
        """De keuzebladzijde (GET) en de keuze (POST met `persoon`)."""
        velden = dict(request.query_params)
        if request.method == "POST":
            velden |= {naam: str(waarde) for naam, waarde in (await request.form()).items()}
        if velden.get("client_id") != CLIENT_ID or velden.get("redirect_uri") != self._terug:
            return _fout(400, "invalid_request", "Unknown client_id or redirect_uri.")
        if velden.get("response_type") != "code" or velden.get("code_challenge_method") != "S256":
            return _fout(400, "invalid_request", "Only response_type=code with code_challenge_method=S256.")
        if not velden.get("code_challenge") or not velden.get("nonce") or not velden.get("state"):
            return _fout(400, "invalid_request", "state, nonce and code_challenge are required.")
        personen = await self._personen()
        gekozen = next((p for p in personen if p.code == velden.get("persoon")), None)
        if request.method == "GET" or gekozen is None:
            meegeven = {naam: velden[naam] for naam in sorted(velden.keys() - {"persoon"})}
            context = {"personen": personen, "velden": meegeven, "actie": f"{PAD}/authorize"}
            return toon(self._render, request, "oauth/demo.html", context, 200 if request.method == "GET" else 400)
        code = secrets.token_urlsafe(32)
        nu = time.monotonic()
        self._codes = {c: u for c, u in self._codes.items() if u.tot > nu}
        self._codes[code] = _Uitgifte(
            gekozen, velden["redirect_uri"], velden["nonce"], velden["code_challenge"],
            _niveau(velden.get("acr_values", "")), nu + CODE_SECONDEN,
        )  # fmt: skip
        terug = urlencode({"code": code, "state": velden["state"], "iss": self.issuer})
        return RedirectResponse(f"{velden['redirect_uri']}?{terug}", 303)

    async def _end_session(self, request: Request) -> Response:
        """Afmelden (OIDC RP-Initiated Logout §2): hier is niets te vergeten, dus alleen terug, en alleen naar ons."""
        velden = dict(request.query_params)
        if request.method == "POST":
            velden |= {naam: str(waarde) for naam, waarde in (await request.form()).items()}
        try:
            hint = jwt.decode(velden.get("id_token_hint", ""), self._sleutel, algorithms=["RS256"])
        except (JoseError, ValueError):
            return _fout(400, "invalid_request", "id_token_hint is not ours.")
        if hint.claims.get("aud") != CLIENT_ID or velden.get("post_logout_redirect_uri") != self._uit:
            return _fout(400, "invalid_request", "Unknown post_logout_redirect_uri.")
        staart = f"?{urlencode({'state': velden['state']})}" if velden.get("state") else ""
        return RedirectResponse(self._uit + staart, 303)

    async def _token(self, request: Request) -> Response:
        velden = {naam: str(waarde) for naam, waarde in (await request.form()).items()}
        uitgifte = self._codes.pop(velden.get("code", ""), None)
        if velden.get("grant_type") != "authorization_code":
            return _fout(400, "unsupported_grant_type", "Only authorization_code.")
        verifier = velden.get("code_verifier", "").encode()
        gerekend = urlsafe_b64encode(hashlib.sha256(verifier).digest()).rstrip(b"=").decode()
        if (
            uitgifte is None
            or uitgifte.tot < time.monotonic()
            or velden.get("redirect_uri") != uitgifte.redirect_uri
            or velden.get("client_id") != CLIENT_ID
            or not secrets.compare_digest(gerekend, uitgifte.challenge)
        ):
            return _fout(400, "invalid_grant", "The code is unknown, used, expired or not yours.")
        nu = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT_ID, "sub": uitgifte.persoon.code, "name": uitgifte.persoon.naam,
            "nonce": uitgifte.nonce, "iat": nu, "exp": nu + 300, "auth_time": nu, "acr": uitgifte.acr,
            "sid": secrets.token_urlsafe(12),
        }  # fmt: skip
        id_token = jwt.encode({"alg": "RS256", "kid": self._sleutel.kid}, claims, self._sleutel, ["RS256"])
        return JSONResponse(
            {"access_token": secrets.token_urlsafe(24), "token_type": "Bearer", "expires_in": 60, "id_token": id_token},
            headers={"Cache-Control": "no-store"},
        )


def _niveau(gevraagd: str) -> str:
    """Zo laag als de vraag toelaat, maar gewoon is `substantieel` (OIDC Core §3.1.2.1)."""
    bekend = [n for n in gevraagd.split() if n in DEMO_NIVEAUS]
    return NIVEAU if not bekend or NIVEAU in bekend else bekend[0]


def _fout(status: int, code: str, tekst: str) -> JSONResponse:
    return JSONResponse({"error": code, "error_description": tekst}, status, headers={"Cache-Control": "no-store"})
