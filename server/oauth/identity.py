"""Wie iemand is: inloggen bij een OpenID-provider. Een account is (uitgever, sub); meer weten wij niet.

Wel: de code-flow met PKCE, state en nonce, en het nakijken van het id_token. Niet: rollen (lidmaatschappen bij het
account), de sessie (`sessie.py`) en de bladzijden (`inloggen.py`). De provider van de demo loopt over dezelfde weg,
maar zonder netwerk.

Bron: OpenID Connect Core 1.0 §3.1.2–3.1.3.7, RFC 9207 (iss in het antwoord).
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx
from authlib.common.security import generate_token
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from paspoort.fouten import Melding, PaspoortFout

ID_TOKEN_ALGS: Final = ["RS256", "ES256"]
POGING_SECONDEN: Final = 600

# Deze bibliotheken schrijven adressen en tokens in hun log (code en state staan in de query): dat mag niet.
for _naam in ("httpx", "httpx2", "httpcore"):
    logging.getLogger(_naam).setLevel(logging.WARNING)
logging.getLogger("authlib").setLevel(logging.INFO)


@dataclass(frozen=True, slots=True)
class Aanbieder:
    """Eén OpenID-provider. `account_issuer` is de naam waaronder accounts staan, als die niet `issuer` is."""

    code: str
    naam: str
    issuer: str
    client_id: str
    client_secret: str | None = None
    scope: str = "openid profile"
    naam_claim: str = "name"
    account_issuer: str | None = None
    transport: httpx.AsyncBaseTransport | None = None


@dataclass(frozen=True, slots=True)
class Poging:
    """Wat de browser bij zich houdt tussen heen en terug; ondertekend in een cookie (`sessie.py`)."""

    aanbieder: str
    state: str
    nonce: str
    verifier: str
    volgende: str
    sinds: int


@dataclass(frozen=True, slots=True)
class Identiteit:
    """Wie de provider zegt dat het is."""

    issuer: str
    sub: str
    naam: str


class Inlogdienst:
    """De vragende kant. Eén per proces; onthoudt de ontdekkingsdocumenten van de aanbieders."""

    def __init__(self, aanbieders: tuple[Aanbieder, ...], terug: str) -> None:
        self.aanbieders = {a.code: a for a in aanbieders}
        self.terug = terug
        self._metadata: dict[str, dict[str, Any]] = {}

    async def begin(self, code: str, volgende: str) -> tuple[str, Poging]:
        """Het adres om heen te gaan en wat te onthouden. PaspoortFout `aanbieder-onbekend`, `aanbieder-stil`."""
        aanbieder = self._aanbieder(code)
        metadata = await self._ontdek(aanbieder)
        poging = Poging(code, generate_token(32), generate_token(32), generate_token(64), volgende, int(time.time()))
        vraag = {
            "response_type": "code", "client_id": aanbieder.client_id, "redirect_uri": self.terug,
            "scope": aanbieder.scope, "state": poging.state, "nonce": poging.nonce,
            "code_challenge": create_s256_code_challenge(poging.verifier), "code_challenge_method": "S256",
        }  # fmt: skip
        return str(add_params_to_uri(metadata["authorization_endpoint"], list(vraag.items()))), poging

    async def kies(self, code: str, persoon: str) -> Identiteit:
        """De hele flow in één keer, voor de provider van de demo: de keuze wordt daar ingestuurd.

        PaspoortFout `persoon-onbekend` als de provider deze persoon niet kent.
        """
        adres, poging = await self.begin(code, "/")
        delen = urlsplit(adres)
        velden = {naam: waarden[0] for naam, waarden in parse_qs(delen.query).items()} | {"persoon": persoon}
        aanbieder = self._aanbieder(code)
        async with httpx.AsyncClient(transport=aanbieder.transport) as client:
            antwoord = await client.post(delen._replace(query="").geturl(), data=velden)
        if antwoord.status_code != 303:
            raise PaspoortFout(Melding("persoon-onbekend", "persoon"))
        terug = parse_qs(urlsplit(antwoord.headers["location"]).query)
        return await self.voltooi(poging, {naam: waarden[0] for naam, waarden in terug.items()})

    async def voltooi(self, poging: Poging, velden: dict[str, str]) -> Identiteit:
        """De terugkomst nakijken en het id_token ophalen. PaspoortFout `inloggen-mislukt` bij alles wat niet klopt."""
        aanbieder = self._aanbieder(poging.aanbieder)
        if time.time() - poging.sinds > POGING_SECONDEN or velden.get("state") != poging.state or "code" not in velden:
            raise PaspoortFout(Melding("inloggen-mislukt"))
        metadata = await self._ontdek(aanbieder)
        if velden.get("iss", metadata["issuer"]) != metadata["issuer"]:
            raise PaspoortFout(Melding("inloggen-mislukt"))
        try:
            async with httpx.AsyncClient(transport=aanbieder.transport, timeout=10) as client:
                vraag = {
                    "grant_type": "authorization_code", "code": velden["code"], "redirect_uri": self.terug,
                    "client_id": aanbieder.client_id, "code_verifier": poging.verifier,
                }  # fmt: skip
                geheim = aanbieder.client_secret
                auth = httpx.BasicAuth(aanbieder.client_id, geheim) if geheim else httpx.USE_CLIENT_DEFAULT
                token = await client.post(metadata["token_endpoint"], data=vraag, auth=auth)
                token.raise_for_status()
                sleutels = await client.get(metadata["jwks_uri"])
                sleutels.raise_for_status()
            return _controleer(aanbieder, metadata, token.json().get("id_token"), sleutels.json(), poging.nonce)
        except (JoseError, httpx.HTTPError, ValueError, KeyError) as fout:
            raise PaspoortFout(Melding("inloggen-mislukt")) from fout

    def _aanbieder(self, code: str) -> Aanbieder:
        gevonden = self.aanbieders.get(code)
        if gevonden is None:
            raise PaspoortFout(Melding("aanbieder-onbekend", "aanbieder"))
        return gevonden

    async def _ontdek(self, aanbieder: Aanbieder) -> dict[str, Any]:
        """Het ontdekkingsdocument; de uitgever moet precies die van de instellingen zijn (OIDC Discovery §4.3)."""
        if aanbieder.code not in self._metadata:
            try:
                async with httpx.AsyncClient(transport=aanbieder.transport, timeout=10) as client:
                    antwoord = await client.get(f"{aanbieder.issuer}/.well-known/openid-configuration")
                    antwoord.raise_for_status()
                    gevonden = antwoord.json()
            except (httpx.HTTPError, ValueError) as fout:
                raise PaspoortFout(Melding("aanbieder-stil", "aanbieder", {"naam": aanbieder.naam})) from fout
            if gevonden.get("issuer") != aanbieder.issuer:
                raise PaspoortFout(Melding("aanbieder-stil", "aanbieder", {"naam": aanbieder.naam}))
            self._metadata[aanbieder.code] = gevonden
        return self._metadata[aanbieder.code]


def _controleer(
    aanbieder: Aanbieder, metadata: dict[str, Any], id_token: object, jwks: dict[str, Any], nonce: str
) -> Identiteit:
    """OIDC Core §3.1.3.7: handtekening, uitgever, publiek, tijd en nonce."""
    if not isinstance(id_token, str):
        raise ValueError("geen id_token")
    token = jwt.decode(id_token, KeySet.import_key_set(jwks), algorithms=ID_TOKEN_ALGS)  # type: ignore[arg-type]
    regels = jwt.JWTClaimsRegistry(
        leeway=60,
        iss={"essential": True, "value": metadata["issuer"]},
        aud={"essential": True, "value": aanbieder.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    regels.validate(token.claims)
    publiek = token.claims["aud"]
    if isinstance(publiek, list) and len(publiek) > 1 and token.claims.get("azp") != aanbieder.client_id:
        raise ValueError("azp")
    sub = str(token.claims["sub"])
    return Identiteit(
        aanbieder.account_issuer or metadata["issuer"], sub, str(token.claims.get(aanbieder.naam_claim) or sub)
    )
