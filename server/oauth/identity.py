"""Wie iemand is: inloggen bij een OpenID-provider. Een account is (uitgever, sub); meer weten wij niet.

Wel: de code-flow met PKCE, state en nonce, ons bewijs bij de dienst, en waar iemand zich daar weer afmeldt. Niet: de
tokens zelf (`idtoken.py`), rollen (lidmaatschappen bij het account), de sessie (`sessie.py`) en de bladzijden
(`inloggen.py`). De provider van de demo loopt over dezelfde weg, maar zonder netwerk.

Bron: OpenID Connect Core 1.0 §3.1.2–3.1.3, §9; RFC 9207 (iss in het antwoord); RFC 9700 §4.4 (verwisselde diensten).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qs, quote_plus, urlsplit

import httpx
from authlib.common.security import generate_token
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError

from paspoort.fouten import Melding, PaspoortFout
from server.oauth.aanbieders import Aanbieder, sleutel_alg
from server.oauth.idtoken import Afmelding, Identiteit, lees_id_token, lees_logout_token

POGING_SECONDEN: Final = 600
METADATA_SECONDEN: Final = 3600
SLEUTELS_SECONDEN: Final = 60  # zo vaak kan een vreemd logout_token ons hoogstens naar de dienst laten gaan
BEWIJS_SECONDEN: Final = 60
ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

# Deze bibliotheken schrijven adressen en tokens in hun log (code en state staan in de query): dat mag niet.
for _naam in ("httpx", "httpx2", "httpcore"):
    logging.getLogger(_naam).setLevel(logging.WARNING)
logging.getLogger("authlib").setLevel(logging.INFO)


@dataclass(frozen=True, slots=True)
class Poging:
    """Wat de browser bij zich houdt tussen heen en terug; ondertekend in een cookie (`inlogcookie.py`).

    `opnieuw`: de dienst moet de persoon opnieuw laten inloggen, wat er ook nog openstond.
    """

    aanbieder: str
    state: str
    nonce: str
    verifier: str
    volgende: str
    sinds: int
    opnieuw: bool = False


class Inlogdienst:
    """De vragende kant. Eén per proces; onthoudt de ontdekkingsdocumenten van de aanbieders.

    `basis` is ons eigen adres; `wegen` zegt per code hoe de dienst te bereiken is als dat niet het netwerk is.
    """

    def __init__(
        self, aanbieders: tuple[Aanbieder, ...], basis: str, wegen: Mapping[str, httpx.AsyncBaseTransport] | None = None
    ) -> None:
        self.aanbieders = {a.code: a for a in aanbieders}
        self._basis, self._wegen = basis, wegen or {}
        self._metadata: dict[str, tuple[float, dict[str, Any]]] = {}
        self._jwks: dict[str, tuple[float, dict[str, Any]]] = {}

    def terug(self, code: str) -> str:
        """Waar deze dienst naar terugstuurt: elke dienst een eigen adres, dan zijn zij niet te verwisselen."""
        return f"{self._basis}/inloggen/terug/{code}"

    async def begin(
        self, code: str, volgende: str, *, opnieuw: bool = False, niveau: str | None = None
    ) -> tuple[str, Poging]:
        """Het adres om heen te gaan en wat te onthouden. PaspoortFout `aanbieder-onbekend`, `aanbieder-stil`."""
        aanbieder = self.aanbieder(code)
        metadata = await self._ontdek(aanbieder)
        poging = Poging(
            code, generate_token(32), generate_token(32), generate_token(64), volgende, int(time.time()), opnieuw
        )
        vraag = {
            "response_type": "code", "client_id": aanbieder.client_id, "redirect_uri": self.terug(code),
            "scope": aanbieder.scope, "state": poging.state, "nonce": poging.nonce,
            "code_challenge": create_s256_code_challenge(poging.verifier), "code_challenge_method": "S256",
        }  # fmt: skip
        if niveaus := aanbieder.vanaf(niveau if niveau in aanbieder.niveaus else None):
            vraag["acr_values"] = " ".join(niveaus)
        if opnieuw:
            vraag |= {"prompt": "login", "max_age": "0"}
        return str(add_params_to_uri(metadata["authorization_endpoint"], list(vraag.items()))), poging

    async def kies(self, code: str, persoon: str) -> Identiteit:
        """De hele flow in één keer, voor de provider van de demo: de keuze wordt daar ingestuurd.

        PaspoortFout `persoon-onbekend` als de provider deze persoon niet kent.
        """
        adres, poging = await self.begin(code, "/")
        delen = urlsplit(adres)
        velden = {naam: waarden[0] for naam, waarden in parse_qs(delen.query).items()} | {"persoon": persoon}
        async with self._client(self.aanbieder(code)) as client:
            antwoord = await client.post(delen._replace(query="").geturl(), data=velden)
        if antwoord.status_code != 303:
            raise PaspoortFout(Melding("persoon-onbekend", "persoon"))
        terug = parse_qs(urlsplit(antwoord.headers["location"]).query)
        identiteit = await self.voltooi(poging, {naam: waarden[0] for naam, waarden in terug.items()}, code)
        # De browser was er zelf niet: bij de dienst is er niets om uit te loggen.
        return replace(identiteit, id_token=None)

    async def voltooi(self, poging: Poging, velden: Mapping[str, str], code: str) -> Identiteit:
        """De terugkomst nakijken en het id_token ophalen. PaspoortFout `inloggen-mislukt` bij alles wat niet klopt,
        `inloggen-gestopt` als de persoon bij de dienst zelf stopte."""
        aanbieder = self.aanbieder(poging.aanbieder)
        nu = int(time.time())
        # Elke dienst heeft een eigen terugadres: wie de code van een ander langs het onze stuurt, komt verkeerd uit.
        if code != poging.aanbieder or nu - poging.sinds > POGING_SECONDEN or velden.get("state") != poging.state:
            raise PaspoortFout(Melding("inloggen-mislukt"))
        metadata = await self._ontdek(aanbieder)
        # RFC 9207 §2.4: belooft de dienst `iss`, dan moet het er zijn; is het er, dan moet het kloppen.
        beloofd = metadata.get("authorization_response_iss_parameter_supported") is True
        if velden.get("iss", "" if beloofd else aanbieder.issuer) != aanbieder.issuer:
            raise PaspoortFout(Melding("inloggen-mislukt"))
        if "code" not in velden:
            gestopt = velden.get("error") == "access_denied"
            raise PaspoortFout(Melding("inloggen-gestopt" if gestopt else "inloggen-mislukt"))
        try:
            async with self._client(aanbieder) as client:
                token = await client.post(
                    metadata["token_endpoint"],
                    data={
                        "grant_type": "authorization_code", "code": velden["code"],
                        "redirect_uri": self.terug(aanbieder.code), "code_verifier": poging.verifier,
                        **_bewijs(aanbieder, metadata["token_endpoint"], nu),
                    },
                    auth=_basic(aanbieder),
                )  # fmt: skip
                token.raise_for_status()
                id_token = token.json().get("id_token")
            sleutels = await self._sleutels(aanbieder, metadata, vers=True)
            return lees_id_token(
                aanbieder, id_token, sleutels, poging.nonce, nu, poging.sinds if poging.opnieuw else None
            )
        except (JoseError, httpx.HTTPError, ValueError, KeyError, AttributeError) as fout:
            raise PaspoortFout(Melding("inloggen-mislukt")) from fout

    async def uitlogadres(self, code: str) -> str | None:
        """Waar iemand zich bij de dienst afmeldt (OIDC RP-Initiated Logout §2.1), of None als dat niet kan."""
        aanbieder = self.aanbieders.get(code)
        try:
            adres = (await self._ontdek(aanbieder)).get("end_session_endpoint") if aanbieder else None
        except PaspoortFout:
            return None  # de dienst is stil: hier bent u wel uitgelogd
        return adres if isinstance(adres, str) else None

    async def afmelding(self, code: str, logout_token: str) -> Afmelding:
        """Wat de dienst buiten de browser om meldt. PaspoortFout `afmelding-ongeldig`, of zoals `begin`."""
        aanbieder = self.aanbieder(code)
        metadata = await self._ontdek(aanbieder)
        try:
            sleutels = await self._sleutels(aanbieder, metadata, vers=False)
            return lees_logout_token(aanbieder, logout_token, sleutels, int(time.time()))
        except (JoseError, httpx.HTTPError, ValueError, KeyError) as fout:
            raise PaspoortFout(Melding("afmelding-ongeldig", "logout_token")) from fout

    def aanbieder(self, code: str) -> Aanbieder:
        """De dienst met deze code. PaspoortFout `aanbieder-onbekend`."""
        gevonden = self.aanbieders.get(code)
        if gevonden is None:
            raise PaspoortFout(Melding("aanbieder-onbekend", "aanbieder"))
        return gevonden

    def _client(self, aanbieder: Aanbieder) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self._wegen.get(aanbieder.code), timeout=10)

    async def _sleutels(self, aanbieder: Aanbieder, metadata: Mapping[str, Any], vers: bool) -> dict[str, Any]:
        """De sleutels van de dienst; een nieuwe werkt meteen bij inloggen, en binnen een minuut bij afmelden."""
        sinds, sleutels = self._jwks.get(aanbieder.code, (0.0, {}))
        if vers or not sleutels or time.monotonic() - sinds > SLEUTELS_SECONDEN:
            async with self._client(aanbieder) as client:
                antwoord = await client.get(metadata["jwks_uri"])
                antwoord.raise_for_status()
            sleutels = dict(antwoord.json())
            self._jwks[aanbieder.code] = (time.monotonic(), sleutels)
        return sleutels

    async def _ontdek(self, aanbieder: Aanbieder) -> dict[str, Any]:
        """Het ontdekkingsdocument; de uitgever moet precies die van de instellingen zijn (OIDC Discovery §4.3)."""
        sinds, gevonden = self._metadata.get(aanbieder.code, (0.0, {}))
        if gevonden and time.monotonic() - sinds < METADATA_SECONDEN:
            return gevonden
        stil = Melding("aanbieder-stil", "aanbieder", {"naam": aanbieder.naam})
        try:
            async with self._client(aanbieder) as client:
                antwoord = await client.get(f"{aanbieder.issuer.rstrip('/')}/.well-known/openid-configuration")
                antwoord.raise_for_status()
                nieuw = antwoord.json()
        except (httpx.HTTPError, ValueError) as fout:
            raise PaspoortFout(stil) from fout
        nodig = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if not isinstance(nieuw, dict) or nieuw.get("issuer") != aanbieder.issuer:
            raise PaspoortFout(stil)
        if not all(isinstance(nieuw.get(n), str) for n in nodig):
            raise PaspoortFout(stil)
        self._metadata[aanbieder.code] = (time.monotonic(), nieuw)
        return nieuw


def _basic(aanbieder: Aanbieder) -> httpx.BasicAuth | httpx._client.UseClientDefault:
    if aanbieder.client_secret is None or aanbieder.client_secret_post:
        return httpx.USE_CLIENT_DEFAULT
    # RFC 6749 §2.3.1: naam en geheim worden eerst zoals in een formulier geschreven.
    return httpx.BasicAuth(quote_plus(aanbieder.client_id), quote_plus(aanbieder.client_secret))


def _bewijs(aanbieder: Aanbieder, publiek: str, nu: int) -> dict[str, str]:
    """Hoe wij ons bij het token-eindpunt bekendmaken: met een eigen sleutel, een geheim, of alleen met onze naam."""
    velden = {"client_id": aanbieder.client_id}
    if aanbieder.sleutel is not None:
        alg = sleutel_alg(aanbieder.sleutel) or ""
        claims = {
            "iss": aanbieder.client_id, "sub": aanbieder.client_id, "aud": publiek, "jti": generate_token(24),
            "iat": nu, "exp": nu + BEWIJS_SECONDEN,
        }  # fmt: skip
        kop = {"alg": alg} | ({"kid": str(aanbieder.sleutel.kid)} if aanbieder.sleutel.kid else {})
        bewijs = jwt.encode(kop, claims, aanbieder.sleutel, [alg])
        return velden | {"client_assertion_type": ASSERTION, "client_assertion": bewijs}
    if aanbieder.client_secret is not None and aanbieder.client_secret_post:
        return velden | {"client_secret": aanbieder.client_secret}
    return velden
