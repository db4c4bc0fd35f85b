"""De ontdekkingsdocumenten, uitgerekend uit wat er geregistreerd is; nergens een lijst die kan verouderen.

Bron: SMART App Launch 2.2 Conformance (`.well-known/smart-configuration`), OpenID Connect Discovery 1.0, RFC 8414.
"""

from __future__ import annotations

from typing import Any, Final

from server.access.scopes import INTERACTIES, LETTERS, OVERIGE
from server.oauth.clients import ASSERTION_ALGS
from server.oauth.keys import ID_TOKEN_ALGS
from server.oauth.server import Server
from server.registry import TYPES

# Vermogens die uit geen enkele registratie blijken, maar uit hoe de server zich gedraagt (SMART 2.2 Conformance).
GEDRAG: Final = (
    "context-standalone-patient",
    "permission-patient",
    "permission-user",
    "permission-v1",
    "permission-v2",
)


def scopes_ondersteund() -> list[str]:
    """Alle scopes zonder type en per niveau `*` en elk type met de letters die het kent."""
    uit = sorted(OVERIGE)
    for niveau in ("patient", "user", "system"):
        uit.append(f"{niveau}/*.{LETTERS}")
        uit.extend(f"{niveau}/{naam}.{letters}" for naam, letters in _letters().items())
    return uit


def _letters() -> dict[str, str]:
    """Per scope-type welke letters er interacties voor hebben."""
    per_type: dict[str, set[str]] = {}
    for soort in TYPES.values():
        nodig = {x for i in soort.interactions for x in INTERACTIES.get(i, "")}
        per_type.setdefault(soort.scope_type, set()).update(nodig)
    return {
        naam: "".join(x for x in LETTERS if x in gevonden) for naam, gevonden in sorted(per_type.items()) if gevonden
    }


def gemeenschappelijk(server: Server, base_url: str) -> dict[str, Any]:
    """Wat beide documenten zeggen."""
    return {
        "issuer": base_url,
        "authorization_endpoint": f"{base_url}/oauth/authorize",
        "token_endpoint": f"{base_url}/oauth/token",
        "jwks_uri": f"{base_url}/oauth/jwks",
        "revocation_endpoint": f"{base_url}/oauth/revoke",
        "introspection_endpoint": f"{base_url}/oauth/introspect",
        "userinfo_endpoint": f"{base_url}/oauth/userinfo",
        "management_endpoint": f"{base_url}/delen",
        "grant_types_supported": list(server.grant_types),
        "response_types_supported": list(server.response_types),
        "scopes_supported": scopes_ondersteund(),
        "token_endpoint_auth_methods_supported": list(server.token_auth_methods),
        "token_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGS),
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }


def smart(server: Server, base_url: str) -> dict[str, Any]:
    """`/fhir/.well-known/smart-configuration`."""
    vermogens = [*GEDRAG, "sso-openid-connect", "authorize-post"]
    if "authorization_code" in server.grant_types:
        vermogens.append("launch-standalone")
    if "refresh_token" in server.grant_types:
        vermogens += ["permission-offline", "permission-online"]
    if "none" in server.token_auth_methods:
        vermogens.append("client-public")
    if "private_key_jwt" in server.token_auth_methods:
        vermogens.append("client-confidential-asymmetric")
    return gemeenschappelijk(server, base_url) | {"capabilities": sorted(vermogens)}


def openid(server: Server, base_url: str) -> dict[str, Any]:
    """`/.well-known/openid-configuration`."""
    return gemeenschappelijk(server, base_url) | {
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": list(ID_TOKEN_ALGS),
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "claims_supported": ["sub", "name", "fhirUser", "iss", "aud", "exp", "iat", "auth_time", "nonce"],
        "response_modes_supported": ["query"],
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "claims_parameter_supported": False,
    }
