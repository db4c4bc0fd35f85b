"""De app in een OAuth-verzoek: wat zij mag, en hoe een app met een sleutel zich bewijst (private_key_jwt).

Een app heeft óf een sleutel (dan altijd een ondertekende assertion) óf niets (dan alleen PKCE); wachtwoorden bestaan
niet. Bron: RFC 7523 §3, SMART Backend Services 2.2 (RS384/ES384, exp hoogstens vijf minuten vooruit, jti één keer).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final, cast

from authlib.oauth2.rfc6749 import ClientMixin, InvalidClientError
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from paspoort.fouten import PaspoortFout
from server.access.scopes import begrens
from server.store.clients import Client

ASSERTION_ALGS: Final = ("RS384", "ES384")
MAX_VOORUIT: Final = 300
SPELING: Final = 30


@dataclass(frozen=True)
class OAuthClient(ClientMixin):  # type: ignore[misc]
    """Een geregistreerde app zoals authlib haar bevraagt."""

    rij: Client

    @property
    def client_id(self) -> str:
        return self.rij.client_id

    @property
    def heeft_sleutel(self) -> bool:
        """Of de app zich met een sleutel moet bewijzen."""
        return bool(self.rij.jwks)

    def get_client_id(self) -> str:
        return self.rij.client_id

    def get_default_redirect_uri(self) -> None:
        """Er is geen standaard: het adres moet altijd meekomen."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """Wat de app van het gevraagde mag; None als er niets overblijft (authlib maakt er invalid_scope van)."""
        try:
            return begrens(scope or "", self.rij.scopes) or None
        except PaspoortFout:
            return None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Letterlijk gelijk (OAuth 2.1 §4.1.1.3)."""
        return redirect_uri in self.rij.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return False

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == ("private_key_jwt" if self.heeft_sleutel else "none")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code" and self.check_grant_type("authorization_code")

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in self.rij.grant_types


class PrivateKeyJwt(JWTBearerClientAssertion):  # type: ignore[misc]
    """De assertion nakijken: handtekening, aud, iss = sub = client_id, exp en jti."""

    CLIENT_AUTH_METHOD = "private_key_jwt"

    def __init__(self, bewaring: Any, audiences: tuple[str, ...]) -> None:
        super().__init__(leeway=SPELING)
        self._bewaring = bewaring
        self._audiences = list(audiences)

    def __call__(self, query_client: Any, request: Any) -> Any:
        data = request.form
        if "client_assertion" in data and data.get("client_assertion_type") != self.CLIENT_ASSERTION_TYPE:
            raise InvalidClientError(description="Unknown client_assertion_type.", status_code=401)
        try:
            client = super().__call__(query_client, request)
        except InvalidClientError as fout:
            fout.status_code = 401
            raise
        except (ValueError, TypeError) as fout:  # een kapotte assertion mag geen 500 worden
            raise InvalidClientError(description="Invalid JWT assertion.", status_code=401) from fout
        if client is not None and data.get("client_id", client.client_id) != client.client_id:
            raise InvalidClientError(description="client_id and sub differ.", status_code=401)
        return client

    def get_audiences(self) -> list[str]:
        return self._audiences

    def resolve_client_public_key(self, client: OAuthClient) -> KeySet:
        if not client.rij.jwks:
            raise InvalidClientError(description="The client has no registered key.")
        return KeySet.import_key_set(cast(Any, dict(client.rij.jwks)))

    def process_assertion_claims(self, assertion: str, resolve_key: Any) -> dict[str, Any]:
        """Als authlib, maar met alleen de algoritmen die wij aannemen en een grens aan exp."""
        try:
            token = jwt.decode(assertion, resolve_key, algorithms=list(ASSERTION_ALGS))
        except JoseError as fout:
            raise InvalidClientError(description="Invalid signature, key or algorithm.") from fout
        exp = token.claims.get("exp")
        if not isinstance(exp, int | float) or isinstance(exp, bool):
            raise InvalidClientError(description="Missing claim: 'exp'")
        if exp > time.time() + MAX_VOORUIT + SPELING:
            raise InvalidClientError(description="exp is more than five minutes ahead.")
        self.verify_claims(token.claims)
        return dict(token.claims)

    def validate_jti(self, claims: dict[str, Any], jti: object) -> bool:
        """Waar als deze jti nog niet gebruikt is; onthouden tot de assertion verlopen is."""
        if not isinstance(jti, str) or not 0 < len(jti) <= 256:
            return False
        return bool(self._bewaring.jti_nieuw(str(claims["sub"]), jti, int(claims["exp"]) + SPELING))
