"""De drie grants, elk strenger dan authlibs standaard: PKCE S256 voor iedereen, codes en verversingstokens één keer.

Wat bewaard wordt, doet `bewaring.py`; hoe een token eruitziet `tokens.py`; wie mag beslissen `authorize.py`.
Bron: OAuth 2.1 §4, RFC 7636, RFC 9700 §4.13–4.14, SMART App Launch 2.2 (App Launch, Backend Services).
"""

from __future__ import annotations

from typing import Any, Final

from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError, InvalidScopeError, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, ClientCredentialsGrant, RefreshTokenGrant
from authlib.oauth2.rfc7636 import CodeChallenge

from paspoort.fouten import PaspoortFout
from server.access.scopes import ontleed_alle, schrijf, versmal

METHODEN: Final = ["private_key_jwt", "none"]
CODE_SECONDEN: Final = 60


class StrengePkce(CodeChallenge):  # type: ignore[misc]
    """authlib neemt `plain`, een ontbrekende methode en sleutelapps zonder challenge aan: hier alle drie niet."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]  # noqa: RUF012 - authlibs eigen naam en vorm
    CODE_CHALLENGE_METHODS = {"S256": CodeChallenge.CODE_CHALLENGE_METHODS["S256"]}  # noqa: RUF012

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if not data.get("code_challenge"):
            raise InvalidRequestError("Missing 'code_challenge': PKCE is required.")
        if data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("'code_challenge_method' must be S256.")
        super().validate_code_challenge(grant, redirect_uri)

    def validate_code_verifier(self, grant: Any, result: object) -> None:
        if not grant.request.form.get("code_verifier"):
            raise InvalidRequestError("Missing 'code_verifier': PKCE is required.")
        super().validate_code_verifier(grant, result)


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    """authorization_code. De beslissing van de persoon zit in `grant_user` (een `Verlener`, zie `bewaring.py`)."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODEN

    @staticmethod
    def validate_authorization_redirect_uri(request: OAuth2Request, client: Any) -> str:
        adres = request.payload.redirect_uri
        if not adres:
            raise InvalidRequestError("Missing 'redirect_uri'.")
        if not client.check_redirect_uri(adres):
            raise InvalidRequestError("'redirect_uri' is not registered for this client.")
        return str(adres)

    def generate_authorization_code(self) -> str:
        """De opslag maakt de code en legt haar meteen vast; zij kent er alleen de hash van."""
        return str(self.server.bewaring.maak_code(self.request, CODE_SECONDEN))

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        """Al gebeurd in `generate_authorization_code`."""

    def query_authorization_code(self, code: str, client: Any) -> Any:
        return self.server.bewaring.code(code, client)

    def delete_authorization_code(self, authorization_code: Any) -> None:
        """De code is al verbruikt in `authenticate_user`: vóór het token, zodat twee tegelijk er één worden."""

    def authenticate_user(self, authorization_code: Any) -> Any:
        if not self.server.bewaring.verbruik_code(authorization_code):
            raise InvalidGrantError("The code has been used before.")
        return authorization_code.verlener


class VernieuwGrant(RefreshTokenGrant):  # type: ignore[misc]
    """refresh_token met rotatie; hergebruik van een oud token beëindigt de hele familie (RFC 9700 §4.14.2)."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODEN
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Any:
        return self.server.bewaring.verversing(refresh_token)

    def _validate_token_scope(self, token: Any) -> None:
        try:
            self.request.scope = versmal(self.request.payload.scope, token.get_scope())
        except PaspoortFout as fout:
            raise InvalidScopeError("; ".join(m.tekst("en") for m in fout.meldingen)) from fout

    def issue_token(self, user: Any, refresh_token: Any) -> Any:
        return self.generate_token(user=user, scope=self.request.scope, include_refresh_token=True)

    def authenticate_user(self, refresh_token: Any) -> Any:
        if not self.server.bewaring.verbruik_verversing(refresh_token):
            raise InvalidGrantError("The refresh token has been used before; access has been ended.")
        return refresh_token.verlener

    def revoke_old_credential(self, refresh_token: Any) -> None:
        """Al verbruikt in `authenticate_user`, om dezelfde reden als bij een code."""


class AppGrant(ClientCredentialsGrant):  # type: ignore[misc]
    """client_credentials: een organisatie met haar eigen sleutel, alleen `system/`-scopes (SMART Backend Services)."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["private_key_jwt"]  # noqa: RUF012

    def validate_requested_scope(self) -> None:
        super().validate_requested_scope()
        scopes, overig = ontleed_alle(self.request.payload.scope or "")
        if overig or any(s.niveau != "system" for s in scopes):
            raise InvalidScopeError("client_credentials takes system/ scopes only.")
        toegestaan = self.request.client.get_allowed_scope(schrijf(scopes))
        if toegestaan is None:
            raise InvalidScopeError("None of these scopes is allowed for this client.")
        self.request.scope = toegestaan

    def create_token_response(self) -> Any:
        token = self.generate_token(scope=self.request.scope, include_refresh_token=False)
        self.save_token(token)
        return 200, token, self.TOKEN_RESPONSE_HEADER
