"""De app in een OAuth-verzoek: wat zij mag, en hoe een app met een sleutel zich bewijst (private_key_jwt).

Een app heeft óf een sleutel (dan altijd een ondertekende assertion) óf niets (dan alleen PKCE); wachtwoorden bestaan
niet. Bron: RFC 7523 §3, SMART Backend Services 2.2 (RS384/ES384, exp hoogstens vijf minuten vooruit, jti één keer).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from authlib.oauth2.rfc6749 import ClientMixin, InvalidClientError
from authlib.oauth2.rfc6749.authenticate_client import authenticate_none
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from paspoort.fouten import PaspoortFout
from server.access.scopes import begrens
from server.oauth.jwks import GeenSleutels
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
        return bool(self.rij.jwks or self.rij.jwks_uri)

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
        if method == "bearer":
            return endpoint == "introspection"
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
            client = self._herken(query_client, request)
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

    def _herken(self, query_client: Any, request: Any) -> OAuthClient | None:
        """Als authlib, met de kop van de assertion erbij: `kid` en `jku` zeggen welke sleutel (smart-2.2.0@338)."""
        assertion = request.form.get("client_assertion")
        if not assertion:
            return None
        kop, claims = self.extract_assertion(assertion)
        sub = claims.get("sub")
        client: OAuthClient | None = query_client(sub) if isinstance(sub, str) else None
        if client is None:
            raise InvalidClientError(description="The client does not exist on this server.")
        sleutels = self._sleutels_van(client, kop)
        request.client = client
        self.process_assertion_claims(assertion, sleutels)
        return cast(OAuthClient, self.authenticate_client(client))

    def _sleutels_van(self, client: OAuthClient, kop: Mapping[str, Any]) -> KeySet:
        """De sleutels die bij aanmelding gegeven zijn. Een adres in de assertion telt alleen als het dat adres is."""
        kid = kop.get("kid")
        if "jku" in kop and kop["jku"] != client.rij.jwks_uri:
            raise InvalidClientError(description="'jku' is not the JWK Set URL registered for this client.")
        jwks: Mapping[str, Any] | None = client.rij.jwks
        if client.rij.jwks_uri:
            try:
                jwks = self._bewaring.jwks_van(client.rij.jwks_uri, kid if isinstance(kid, str) else None)
            except GeenSleutels as fout:
                raise InvalidClientError(description="The JWK Set of this client could not be read.") from fout
        if not jwks:
            raise InvalidClientError(description="The client has no registered key.")
        return KeySet.import_key_set(cast(Any, dict(jwks)))

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


class EigenToken:
    """Een app die zich bij introspectie toont met een lopend `system/`-token van zichzelf (smart-2.2.0@282)."""

    def __init__(self, bewaring: Any) -> None:
        self._bewaring = bewaring

    def __call__(self, query_client: Any, request: Any) -> OAuthClient | None:
        """De app van het token in de kop Authorization, of None. InvalidClientError bij een kop die niet klopt."""
        kop = {n.lower(): w for n, w in request.headers.items()}.get("authorization")
        if kop is None:
            return None
        soort, _, bearer = kop.partition(" ")
        token = self._bewaring.geldig_token(bearer.strip()) if soort.lower() == "bearer" and bearer.strip() else None
        if token is None or token.rij.soort != "toegang" or token.verlener.actor.soort != "app":
            raise InvalidClientError(description="A running system/ access token is needed.", status_code=401)
        return cast("OAuthClient | None", query_client(token.client_id))


class Openbaar:
    """Een app zonder sleutel noemt zich met `client_id`. Bij verversen hoeft dat niet: SMART 2.2 (Refresh access
    token) vraagt het daar niet, `fhirclient` stuurt het niet, en het token is al van één app."""

    def __init__(self, bewaring: Any) -> None:
        self._bewaring = bewaring

    def __call__(self, query_client: Any, request: Any) -> OAuthClient | None:
        """De app, of None. Of zij zich zo mag tonen, zegt `check_endpoint_auth_method`."""
        form = request.form
        if form.get("grant_type") == "refresh_token" and "client_id" not in form and form.get("refresh_token"):
            client_id = self._bewaring.client_van_verversing(form["refresh_token"])
            return cast("OAuthClient | None", query_client(client_id)) if client_id else None
        return cast("OAuthClient | None", authenticate_none(query_client, request))
