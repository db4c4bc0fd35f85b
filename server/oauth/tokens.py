"""Hoe tokens eruitzien, en intrekken en nakijken ervan. Tokens zijn willekeurige tekens; de opslag kent alleen sha256.

Bron: RFC 6749 §5, RFC 7009 (revoke), RFC 7662 (introspect), OpenID Connect Core §2 (id_token, RS256),
SMART App Launch 2.2 (`patient`, `fhirUser`).
"""

from __future__ import annotations

from typing import Any, Final

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Request
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from authlib.oidc.core.grants.code import OpenIDCode

from server.access.actor import Actor
from server.oauth.keys import ID_TOKEN_ALG, ID_TOKEN_ALGS, Sleutels

TOEGANG_SECONDEN: Final = 600
ACHTERGROND_SECONDEN: Final = 300  # een app zonder mens vraagt zo een nieuw (smart-2.2.0@257, @262)
VERVERSING_SECONDEN: Final = 90 * 24 * 3600
ONLINE_SECONDEN: Final = 12 * 3600  # zo lang duurt een sessie hoogstens
ID_TOKEN_SECONDEN: Final = 600
BLIJFT: Final = frozenset({"offline_access", "online_access"})


def maak_token(
    grant_type: str,
    client: Any,
    user: Any = None,
    scope: str | None = None,
    expires_in: int | None = None,
    include_refresh_token: bool = True,
) -> dict[str, Any]:
    """De vorm van een nieuw token; de tekens komen van de opslag, met `patient` erbij (`Bewaring.bewaar_token`).

    Een verversingstoken alleen met `offline_access` of `online_access` (SMART 2.2, refresh tokens); bij vernieuwen
    loopt het door. Het laatste werkt alleen zolang de persoon hier is ingelogd (`Bewaring.verversing`).
    """
    token: dict[str, Any] = {
        "access_token": "",
        "token_type": "Bearer",
        "expires_in": ACHTERGROND_SECONDEN if grant_type == "client_credentials" else TOEGANG_SECONDEN,
        "scope": scope or "",
    }
    if include_refresh_token and (grant_type == "refresh_token" or BLIJFT & set((scope or "").split())):
        token["refresh_token"] = ""
    return token


def persoonsclaims(actor: Actor, scope: str, fhir_url: str) -> dict[str, str]:
    """De claims over een persoon, voor id_token en userinfo: nooit meer dan de scope vraagt."""
    gevraagd = set(scope.split())
    claims = {"sub": actor.account or ""}
    if "profile" in gevraagd:
        claims["name"] = actor.naam
    if "fhirUser" in gevraagd and (verwijzing := fhir_user(actor)):
        claims["fhirUser"] = f"{fhir_url}/{verwijzing}"
    return claims


def fhir_user(actor: Actor) -> str | None:
    """De resource die deze persoon is; een vertegenwoordiger is de RelatedPerson van het mandaat (toegang.md §7)."""
    if actor.rol == "houder" and actor.patient:
        return f"Patient/{actor.patient}"
    if actor.rol == "vertegenwoordiger":
        return f"RelatedPerson/{actor.mandaat}" if actor.mandaat else None
    return f"PractitionerRole/{actor.functie}" if actor.functie else None


class IdToken(OpenIDCode):  # type: ignore[misc]
    """Het id_token bij scope `openid`."""

    def __init__(self, sleutels: Sleutels, issuer: str, fhir_url: str) -> None:
        super().__init__(require_nonce=False)
        self._sleutels, self._issuer, self._fhir_url = sleutels, issuer, fhir_url

    def __call__(self, grant: Any) -> None:
        """Alleen het id_token: op `prompt` let `routes.py`, dat weet of er een sessie is."""
        grant.register_hook("after_create_token_response", self.process_token)

    def get_client_algorithm(self, client: Any) -> str:
        """Wat de app bij aanmelding koos (OIDC Registration §2, `id_token_signed_response_alg`); anders RS256."""
        alg = str(client.rij.id_token_alg)
        return alg if alg in ID_TOKEN_ALGS else ID_TOKEN_ALG

    def get_encode_header(self, client: Any) -> dict[str, str]:
        alg = self.get_client_algorithm(client)
        return {"alg": alg, "kid": str(self._sleutels.tekent(alg).kid)}

    def resolve_client_private_key(self, client: Any) -> Any:
        return self._sleutels.tekent(self.get_client_algorithm(client))

    def get_client_claims(self, client: Any) -> dict[str, Any]:
        return {"iss": self._issuer, "aud": client.get_client_id()}

    DEFAULT_EXPIRES_IN = ID_TOKEN_SECONDEN

    def get_compatible_claims(self, request: OAuth2Request) -> dict[str, Any]:
        """`auth_time` blijft bij vernieuwen het moment van inloggen (OIDC Core §12.2)."""
        return dict(super().get_compatible_claims(request)) | {"auth_time": request.user.sinds}

    def generate_user_info(self, user: Any, scope: str) -> dict[str, str]:
        return persoonsclaims(user.actor, scope, self._fhir_url)


class Intrekken(RevocationEndpoint):  # type: ignore[misc]
    """POST /oauth/revoke. Met een verversingstoken eindigt de hele familie, een toegangstoken eindigt alleen."""

    CLIENT_AUTH_METHODS = ["private_key_jwt", "none"]  # noqa: RUF012

    def check_params(self, request: Any, client: Any) -> None:
        """Een onbekende hint mag genegeerd worden (RFC 7009 §2.1): wij zoeken toch op beide."""
        if not request.form.get("token"):
            raise InvalidRequestError("Missing 'token'.")

    def query_token(self, token_string: str, token_type_hint: str | None) -> Any:
        return self.server.bewaring.token(token_string)

    def revoke_token(self, token: Any, request: Any) -> None:
        self.server.bewaring.trek_in(token)


class Nakijken(IntrospectionEndpoint):  # type: ignore[misc]
    """POST /oauth/introspect: met een sleutel of een eigen `system/`-token (smart-2.2.0@282), en alleen over eigen
    tokens of die van de eigen organisatie (besluit 0032)."""

    CLIENT_AUTH_METHODS = ["private_key_jwt", "bearer"]  # noqa: RUF012

    def __init__(self, issuer: str, fhir_url: str) -> None:
        super().__init__()
        self._issuer, self._fhir_url = issuer, fhir_url

    def check_params(self, request: Any, client: Any) -> None:
        if not request.form.get("token"):
            raise InvalidRequestError("Missing 'token'.")

    def query_token(self, token_string: str, token_type_hint: str | None) -> Any:
        return self.server.bewaring.geldig_token(token_string)

    def check_permission(self, token: Any, client: Any, request: Any) -> bool:
        eigen = token.check_client(client)
        return bool(eigen or (client.rij.organisatie and client.rij.organisatie == token.organisatie))

    def introspect_token(self, token: Any) -> dict[str, Any]:
        actor: Actor = token.verlener.actor
        uit: dict[str, Any] = {
            "active": True,
            "client_id": token.client_id,
            "scope": token.get_scope(),
            "iss": self._issuer,
            "aud": self._fhir_url,
            "sub": actor.account or token.client_id,
            "exp": token.verloopt,
            "iat": token.uitgegeven,
            "token_type": "Bearer",
        }
        if actor.patient:
            uit["patient"] = actor.patient
        if (verwijzing := fhir_user(actor)) and "fhirUser" in token.get_scope().split():
            uit["fhirUser"] = f"{self._fhir_url}/{verwijzing}"
        return uit
