"""Tussen authlib en de opslag: apps, codes en tokens als de dingen die authlib verwacht, vanuit de werkdraad.

Beslist niets wat niet in de opslag ligt; de regels van de grants staan in `grants.py`. Wie een token draagt wordt bij
uitgifte vastgelegd, zodat lezen met een token één puntlezing is (`actor.py`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, cast

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, InvalidGrantError, OAuth2Request, TokenMixin

from paspoort.fhir.organisatie import ROL_VAN_SOORT
from server.access.actor import Actor, Rol
from server.access.vertegenwoordiging import heeft_grond
from server.access.voorval import log_voorval
from server.oauth.actor import actor_als_json, actor_uit_json
from server.oauth.clients import OAuthClient
from server.oauth.jwks import Jwks, Ophalen, Sleutelhaler, via_netwerk
from server.oauth.server import wacht_op
from server.oauth.tokens import ONLINE_SECONDEN, VERVERSING_SECONDEN
from server.store import clients as opgeslagen_clients
from server.store import session as opgeslagen_sessies
from server.store import tokens as opgeslagen_tokens
from server.store.clients import Client, Code, CodeHergebruikt
from server.store.passports import Opslag
from server.store.register import REGISTER
from server.store.tokens import Token, VerversingHergebruikt

HERGEBRUIKT: Final = "token-hergebruikt"

# soort organisatie (docs/fhir-afbeelding.md) of app → de rol van een `system/`-token (toegang.md §3).
ROLLEN: Final = {**ROL_VAN_SOORT, "proef": "proef"}


@dataclass(frozen=True, slots=True)
class Verlener:
    """Wie toestemming geeft, of namens wie een token werkt. `sinds` = wanneer ingelogd."""

    actor: Actor
    scope: str
    sinds: int
    lidmaatschap: str | None = None
    sessie: str | None = None  # het nummer van de sessie waarin zij dit toestond


@dataclass(frozen=True)
class OAuthCode(AuthorizationCodeMixin):  # type: ignore[misc]
    """Een autorisatiecode; `tekst` is de code zelf en gaat nergens heen dan terug naar de opslag."""

    tekst: str
    rij: Code
    verlener: Verlener

    def get_redirect_uri(self) -> str:
        return str(self.rij.gegevens["redirect_uri"])

    def get_scope(self) -> str:
        return self.verlener.scope

    def get_nonce(self) -> str | None:
        return self.rij.gegevens.get("nonce")

    def get_auth_time(self) -> int:
        return self.verlener.sinds

    def get_acr(self) -> None:
        """Wij zeggen niets over het niveau van inloggen."""

    def get_amr(self) -> None:
        """Noch over de manier."""

    @property
    def code_challenge(self) -> str:
        return str(self.rij.gegevens["code_challenge"])

    @property
    def code_challenge_method(self) -> str:
        return "S256"


@dataclass(frozen=True)
class OAuthToken(TokenMixin):  # type: ignore[misc]
    """Een bewaard token voor vernieuwen, intrekken en nakijken."""

    tekst: str
    rij: Token
    verlener: Verlener
    organisatie: str | None = None

    @property
    def client_id(self) -> str:
        return self.rij.client_id

    @property
    def verloopt(self) -> int:
        return self.rij.verloopt

    @property
    def uitgegeven(self) -> int:
        return self.rij.uitgegeven

    def check_client(self, client: OAuthClient) -> bool:
        return self.rij.client_id == client.client_id

    def get_scope(self) -> str:
        return self.rij.scopes

    def get_expires_in(self) -> int:
        return self.rij.verloopt - self.rij.uitgegeven

    def is_expired(self) -> bool:
        return self.rij.verloopt <= time.time()

    def is_revoked(self) -> bool:
        """Een ingetrokken token bestaat niet meer in de opslag."""
        return False


class Bewaring:
    """Alle methoden lopen in de werkdraad van authlib en wachten op de lus."""

    def __init__(
        self, opslag: Opslag, demo: bool, nu: Callable[[], int] = lambda: int(time.time()), haal: Ophalen | None = None
    ) -> None:
        self._opslag, self._demo, self._nu = opslag, demo, nu
        self._sleutelhaler = Sleutelhaler(haal or via_netwerk(demo))

    def client(self, client_id: str) -> OAuthClient | None:
        """De app; geschorst (zij, of haar organisatie) is zij er niet, en een proef-app bestaat buiten de demo niet."""
        rij = wacht_op(opgeslagen_clients.client, self._opslag, client_id)
        weg = rij is None or rij.geschorst or (rij.soort == "proef" and not self._demo)
        if rij is not None and not weg and rij.organisatie is not None:
            wacht_op(self._opslag.momentopname, REGISTER)  # een ander proces kan haar net geschorst hebben
            weg = rij.organisatie in self._opslag.register.geschorst
        return None if rij is None or weg else OAuthClient(rij)

    def jwks_van(self, adres: str, kid: str | None) -> Jwks:
        """De sleutels op dit adres. `GeenSleutels` als zij er niet zijn."""
        return wacht_op(self._sleutelhaler.jwks, adres, kid)

    def jti_nieuw(self, client_id: str, jti: str, verloopt: int) -> bool:
        return wacht_op(opgeslagen_clients.onthoud_jti, self._opslag, client_id, jti, self._nu(), verloopt)

    # --- codes

    def maak_code(self, request: OAuth2Request, seconden: int) -> str:
        """De toestemming vastleggen (een verlening) en er een code bij geven."""
        data, verlener, nu = request.payload.data, request.user, self._nu()
        actor = _namens_app(verlener, request.client.client_id)
        verlening = wacht_op(self._verleen, request.client.client_id, verlener.scope, actor, nu)
        gegevens = {
            "actor": actor, "scope": verlener.scope, "sinds": verlener.sinds, "redirect_uri": data["redirect_uri"],
            "code_challenge": data["code_challenge"], "nonce": data.get("nonce"),
        }  # fmt: skip
        return wacht_op(
            opgeslagen_clients.maak_code,
            self._opslag,
            verlening.client_id,
            verlening.familie,
            gegevens,
            nu,
            nu + seconden,
        )

    def code(self, tekst: str, client: OAuthClient) -> OAuthCode | None:
        """De code zonder haar te gebruiken. Een gebruikte code trekt alles in wat eruit kwam (RFC 6749 §4.1.2)."""
        try:
            rij = wacht_op(opgeslagen_clients.lees_code, self._opslag, tekst, self._nu())
        except CodeHergebruikt as fout:
            self._hergebruikt(fout.familie)
            return None
        if rij is None or rij.client_id != client.client_id:
            return None
        return OAuthCode(
            tekst, rij, self._verlener(rij.gegevens["actor"], rij.gegevens["scope"], rij.gegevens["sinds"])
        )

    def verbruik_code(self, code: OAuthCode) -> bool:
        """Precies één aanroep krijgt waar; de tweede trekt de familie in."""
        try:
            return wacht_op(opgeslagen_clients.gebruik_code, self._opslag, code.tekst, self._nu()) is not None
        except CodeHergebruikt as fout:
            self._hergebruikt(fout.familie)
            return False

    # --- tokens

    def bewaar_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        """Het token vastleggen en in het antwoord zetten; `patient` erbij als het token in één paspoort werkt."""
        nu, client = self._nu(), request.client
        bron = request.authorization_code or request.refresh_token
        if bron is None:
            actor = actor_als_json(app_actor(client.rij, self._opslag))
            familie = wacht_op(self._verleen, client.client_id, token["scope"], actor, nu).familie
        else:
            actor, familie = (
                dict(bron.rij.gegevens["actor"] if request.authorization_code else bron.rij.actor),
                bron.rij.familie,
            )
        token["access_token"] = self._geef(
            "toegang", familie, client.client_id, token["scope"], actor, nu, token["expires_in"]
        )
        if "refresh_token" in token:
            # Vernieuwen met minder scopes versmalt het toegangstoken, niet de toestemming zelf (RFC 6749 §6).
            ruim = bron.rij.scopes if request.refresh_token else token["scope"]
            duur = VERVERSING_SECONDEN if "offline_access" in ruim.split() else ONLINE_SECONDEN
            token["refresh_token"] = self._geef("verversing", familie, client.client_id, ruim, actor, nu, duur)
        if actor.get("patient"):
            token["patient"] = actor["patient"]

    def verversing(self, tekst: str) -> OAuthToken | None:
        """Het verversingstoken zonder het te verbruiken; een verbruikt token beëindigt hier de familie."""
        rij = wacht_op(opgeslagen_tokens.lees_token, self._opslag, tekst, self._nu())
        if rij is None:
            self._verbruik(tekst)
            return None
        if rij.soort != "verversing" or not wacht_op(self._mag_nog, rij) or not wacht_op(self._is_er_nog, rij):
            return None
        return self._token(tekst, rij)

    def client_van_verversing(self, tekst: str) -> str | None:
        """De app van een verversingstoken, ook van een verbruikt: dan volgt de fout die daarbij hoort."""
        return wacht_op(opgeslagen_tokens.client_van_verversing, self._opslag, tekst)

    def verbruik_verversing(self, token: OAuthToken) -> bool:
        return self._verbruik(token.tekst)

    def token(self, tekst: str) -> OAuthToken | None:
        """Een geldig token van welke soort ook."""
        rij = wacht_op(opgeslagen_tokens.lees_token, self._opslag, tekst, self._nu())
        return None if rij is None else self._token(tekst, rij)

    def geldig_token(self, tekst: str) -> OAuthToken | None:
        """Een token waar nu nog iets mee te doen is: wie zijn rol of mandaat kwijt is, heeft er geen meer."""
        token = self.token(tekst)
        return token if token is not None and wacht_op(self._mag_nog, token.rij) else None

    def trek_in(self, token: OAuthToken) -> None:
        """Een verversingstoken met zijn hele familie, een toegangstoken alleen."""
        if token.rij.soort == "verversing":
            self._stop(token.rij.familie)
        else:
            wacht_op(opgeslagen_tokens.verwijder_token, self._opslag, token.tekst)

    # --- klein

    def _verbruik(self, tekst: str) -> bool:
        try:
            return wacht_op(opgeslagen_tokens.gebruik_verversing, self._opslag, tekst, self._nu()) is not None
        except VerversingHergebruikt as fout:
            self._log_hergebruik(fout.familie)
            return False

    def _geef(
        self, soort: str, familie: str, client_id: str, scopes: str, actor: dict[str, Any], nu: int, duur: int
    ) -> str:
        token = wacht_op(
            opgeslagen_tokens.geef_token, self._opslag, soort, familie, client_id, scopes, actor, nu, nu + duur
        )
        if token is None:
            raise InvalidGrantError("Access has been ended.")
        return token

    async def _verleen(
        self, client_id: str, scopes: str, actor: dict[str, Any], nu: int
    ) -> opgeslagen_tokens.Verlening:
        return await opgeslagen_tokens.maak_verlening(
            self._opslag, client_id, scopes, actor, nu, account=actor.get("account"), patient=actor.get("patient")
        )

    async def _mag_nog(self, rij: Token) -> bool:
        """Of de rol waarmee de toestemming gegeven is nog bestaat, en een mandaat nu nog geldt (toegang.md §7)."""
        lid = rij.actor.get("lidmaatschap")
        if lid is not None and await opgeslagen_sessies.lidmaatschap(self._opslag, lid) is None:
            return False
        return await heeft_grond(
            self._opslag, actor_uit_json(rij.actor, rij.scopes), datetime.fromtimestamp(self._nu(), UTC)
        )

    async def _is_er_nog(self, rij: Token) -> bool:
        """Bij `online_access`: of de persoon nog in dezelfde sessie is ingelogd (smart-2.2.0@100)."""
        if "online_access" not in rij.scopes.split():
            return True
        nummer = rij.actor.get("sessie")
        return nummer is not None and await opgeslagen_sessies.sessie_leeft(self._opslag, nummer, self._nu())

    def _hergebruikt(self, familie: str) -> None:
        """Een code kwam voor de tweede keer: alles wat eruit kwam eindigt (OAuth 2.1 §4.1.3)."""
        verlening = wacht_op(opgeslagen_tokens.verlening, self._opslag, familie)
        self._stop(familie)
        if verlening is not None and verlening.ingetrokken is None:
            self._log_hergebruik(familie)

    def _log_hergebruik(self, familie: str) -> None:
        """Dat een app haar toegang zo verloor, staat in het paspoort waar zij bij kon."""
        verlening = wacht_op(opgeslagen_tokens.verlening, self._opslag, familie)
        if verlening is not None:
            actor = actor_uit_json(verlening.actor, verlening.scopes)
            wacht_op(partial(log_voorval, client=verlening.client_id), self._opslag, actor, HERGEBRUIKT)

    def _stop(self, familie: str) -> None:
        wacht_op(opgeslagen_tokens.trek_in, self._opslag, familie, self._nu())

    def _token(self, tekst: str, rij: Token) -> OAuthToken:
        client = self.client(rij.client_id)
        organisatie = None if client is None else client.rij.organisatie
        return OAuthToken(tekst, rij, self._verlener(rij.actor, rij.scopes, rij.uitgegeven), organisatie)

    def _verlener(self, actor: Any, scope: str, sinds: int) -> Verlener:
        return Verlener(actor_uit_json(actor, scope), scope, actor.get("sinds", sinds), actor.get("lidmaatschap"))


def _namens_app(verlener: Verlener, client_id: str) -> dict[str, Any]:
    """De actor zoals hij bij code en token ligt, met wat vernieuwen later nodig heeft."""
    actor = actor_als_json(replace(verlener.actor, client_id=client_id))
    blijvend = "offline_access" in verlener.scope.split()
    later = {"lidmaatschap": verlener.lidmaatschap, "sinds": verlener.sinds, "sessie": verlener.sessie}
    return {**actor, **later, "blijvend": blijvend}


def app_actor(client: Client, opslag: Opslag) -> Actor:
    """Wie een `system/`-token is: de organisatie, met de rol van haar soort; InvalidGrantError als die onbekend is."""
    rol = cast("Rol | None", ROLLEN.get(client.soort))
    rij = opslag.register.get("Organization", client.organisatie) if client.organisatie else None
    if client.organisatie and (rij is None or rij.verwijderd or rij.inhoud.get("active") is False):
        raise InvalidGrantError("The organisation of this client has no access now.")
    if rij is not None and client.soort != "proef":
        # Een organisatie kan meer soorten zijn: de app hoort bij haar eigen soort, als die er (nog) bij is.
        soorten = [c.get("code") for t in rij.inhoud.get("type", []) for c in t.get("coding", [])]
        if client.soort not in soorten:
            rol = next((cast(Rol, ROLLEN[s]) for s in soorten if s in ROL_VAN_SOORT), rol)
    if rol is None:
        raise InvalidGrantError("This client does not belong to an organisation with a role.")
    return Actor("app", rol, client.naam, organisatie=client.organisatie, client_id=client.client_id)
