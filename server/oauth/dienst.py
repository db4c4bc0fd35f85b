"""Alles van OAuth bij elkaar gezet, één keer per proces: server, sessies, inlogdienst, en in de demo de demoprovider.

Niet: routes (`routes.py`) en regels. De sleutels en aanbieders worden bij het eerste verzoek geladen (`klaar`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import httpx
from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError, InvalidScopeError, OAuth2Error
from authlib.oauth2.rfc9207 import IssuerParameter

from paspoort.fouten import PaspoortFout
from server.access.scopes import ontleed_alle
from server.oauth.bewaring import Bewaring
from server.oauth.bijapp import BijApp
from server.oauth.bladzijde import Render
from server.oauth.clients import EigenToken, Openbaar, PrivateKeyJwt
from server.oauth.grants import AppGrant, CodeGrant, StrengePkce, VernieuwGrant
from server.oauth.inlogopstelling import Inlogopstelling
from server.oauth.keys import Sleutels
from server.oauth.server import Server
from server.oauth.tokens import IdToken, Intrekken, Nakijken, maak_token
from server.registry import TYPES
from server.settings import Settings
from server.store.passports import Opslag

SCOPE_TYPES: Final = frozenset(t.scope_type for t in TYPES.values())


class Issuer(IssuerParameter):  # type: ignore[misc]
    """`iss` in elk antwoord van /oauth/authorize (RFC 9207)."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer

    def __call__(self, authorization_server: Any) -> None:
        authorization_server.register_hook("after_create_authorization_response", self.add_issuer_parameter)

    def get_issuer(self) -> str:
        return self._issuer


class OAuthServer(Server):
    """De server met onze scopes: onbekend is een fout, leeg ook."""

    def get_authorization_grant(self, request: Any) -> Any:
        """Als authlib, met een vaste tekst: authlib zet wat de app stuurde in de fout en struikelt over een é."""
        soort = request.payload.response_type
        if soort in self.response_types:
            return super().get_authorization_grant(request)
        client, adres = self.query_client(request.payload.client_id or ""), request.payload.redirect_uri
        veilig = adres if client and adres and client.check_redirect_uri(adres) else None
        if not client:
            raise InvalidClientError(description="The client does not exist on this server.")
        if not soort:
            raise InvalidRequestError("Missing 'response_type'.", redirect_uri=veilig)
        raise OAuth2Error(
            error="unsupported_response_type", description="Only response_type=code is supported.", redirect_uri=veilig
        )

    def validate_requested_scope(self, scope: str | None) -> None:
        """Onbekend of leeg is invalid_scope; alle fouten in één antwoord."""

        if not scope:
            raise InvalidScopeError("Missing 'scope'.")
        try:
            ontleed_alle(scope, SCOPE_TYPES)
        except PaspoortFout as fout:
            raise InvalidScopeError(" ".join(m.tekst("en") for m in fout.meldingen)) from fout


class OAuthDienst:
    """De samenstelling. `render(template, context)` komt van de app, want bladzijden liggen een laag hoger."""

    def __init__(
        self,
        opslag: Opslag,
        settings: Settings,
        render: Render,
        wegen: Mapping[str, httpx.AsyncBaseTransport] | None = None,
        bij_app: BijApp | None = None,
    ) -> None:
        self.bij_app = bij_app
        self.opslag, self.settings, self.render = opslag, settings, render
        self.sleutels = Sleutels()
        self.inloggen = Inlogopstelling(opslag, settings, self.sleutels, render, wegen)
        self.sessies, self.inlogdienst = self.inloggen.sessies, self.inloggen.dienst
        self.server = bouw_server(Bewaring(opslag, settings.demo), self.sleutels, settings)

    async def klaar(self) -> None:
        """De sleutels laden, één keer. PaspoortFout `opslag-stil`."""
        await self.sleutels.laad(self.opslag)

    def organisatienaam(self, organisatie: str | None) -> str | None:
        """De naam uit het register, voor de toestemmingsbladzijde."""
        return self.sessies.organisatienaam(organisatie)


def bouw_server(bewaring: Bewaring, sleutels: Sleutels, settings: Settings) -> OAuthServer:
    """De authlib-server met alle grants, eindpunten en manieren om een app te herkennen."""
    server = OAuthServer(bewaring)
    issuer = settings.base_url
    server.register_client_auth_method("private_key_jwt", PrivateKeyJwt(bewaring, (f"{issuer}/oauth/token", issuer)))
    server.register_client_auth_method("bearer", EigenToken(bewaring))
    server.register_client_auth_method("none", Openbaar(bewaring))
    server.register_token_generator("default", maak_token)
    id_token = IdToken(sleutels, issuer, settings.fhir_url)
    server.register_grant(CodeGrant, [StrengePkce(required=True), id_token])
    server.register_grant(VernieuwGrant, [id_token])
    server.register_grant(AppGrant)
    server.register_endpoint(Intrekken)
    server.register_endpoint(Nakijken(issuer, settings.fhir_url))
    server.register_extension(Issuer(issuer))
    return server
