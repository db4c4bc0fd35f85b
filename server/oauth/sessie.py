"""De websessie: van cookie naar `Actor`, met csrf-token, een kwartier stilte en een nieuw token bij elke inlog.

`web/` vraagt hier wie er is: `await sessies.actor(request)` en `await sessies.csrf(request)`. Niet: de inlogflow
(`identity.py`) en de bladzijden ervan (`inloggen.py`). Bron: ontwerp.md deel 2 (account = uitgever en sub).
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any, Final, cast

from fastapi import Request
from fastapi.responses import Response

from paspoort.fouten import Melding, PaspoortFout
from server.access.actor import Actor, Rol
from server.oauth.demo import Demopersoon
from server.oauth.identity import Identiteit
from server.settings import Settings
from server.store import session as opgeslagen
from server.store.passports import Opslag
from server.store.session import Account, Lidmaatschap

STIL_SECONDEN: Final = 15 * 60
LANGST_SECONDEN: Final = 12 * 3600
# Niet bij elke bladzijde schrijven: pas als er een minuut van het kwartier op is.
VERLENG_NA: Final = 60

ROLZINNEN: Final = {
    "houder": "Uw eigen paspoort",
    "vertegenwoordiger": "Het paspoort van {namens}",
    "therapeut": "Therapeut",
    "verstrekker": "Consulent",
    "leverancier": "Leverancier",
    "beheerder": "Beheerder",
}


@dataclass(frozen=True, slots=True)
class Sessie:
    """Een open sessie. `actor` is None zolang iemand met meer rollen nog niet koos."""

    token: str
    csrf: str
    account: Account
    lidmaatschappen: tuple[Lidmaatschap, ...]
    gekozen: Lidmaatschap | None
    actor: Actor | None
    begonnen: int

    def klopt_csrf(self, csrf: str) -> bool:
        """Of een formulier van deze sessie is; kijkt in vaste tijd."""
        return secrets.compare_digest(self.csrf.encode(), csrf.encode("utf-8", "replace"))


class Sessies:
    """Zonder eigen toestand: alles staat in de opslag, dus elk proces mag elke vraag doen."""

    def __init__(self, opslag: Opslag, settings: Settings) -> None:
        self._opslag, self._settings = opslag, settings
        self.https = settings.base_url.startswith("https://")
        self.naam_cookie = "__Host-hmp" if self.https else "hmp"
        self.naam_poging = "__Host-hmp-inlog" if self.https else "hmp-inlog"

    async def actor(self, request: Request) -> Actor | None:
        """Wie er is ingelogd, of None."""
        sessie = await self.huidige(request)
        return None if sessie is None else sessie.actor

    async def csrf(self, request: Request) -> str:
        """Het csrf-token voor de formulieren van deze sessie; leeg zonder sessie, en dan klopt er geen."""
        sessie = await self.huidige(request)
        return "" if sessie is None else sessie.csrf

    async def klopt_csrf(self, request: Request, csrf: str) -> bool:
        """Of een formulier van deze sessie is."""
        sessie = await self.huidige(request)
        return sessie is not None and sessie.klopt_csrf(csrf)

    async def huidige(self, request: Request) -> Sessie | None:
        """De sessie bij het cookie, één keer per verzoek opgezocht. PaspoortFout `opslag-stil`."""
        if not hasattr(request.state, "hmp_sessie"):
            request.state.hmp_sessie = await self._lees(request.cookies.get(self.naam_cookie, ""))
        return cast("Sessie | None", request.state.hmp_sessie)

    async def begin(self, request: Request, identiteit: Identiteit) -> tuple[str, bool]:
        """Een nieuwe sessie voor wie net is ingelogd; de oude van deze browser eindigt.

        Geeft (token, moet nog kiezen). PaspoortFout `account-onbekend` als er nergens een rol bij hoort.
        """
        account = await opgeslagen.account_van(self._opslag, identiteit.issuer, identiteit.sub)
        rollen = () if account is None else await opgeslagen.lidmaatschappen(self._opslag, account.id)
        if account is None or not rollen:
            raise PaspoortFout(Melding("account-onbekend"))
        await opgeslagen.bewaar_account(self._opslag, identiteit.issuer, identiteit.sub, identiteit.naam)
        gekozen = rollen[0].id if len(rollen) == 1 else None
        token = await self._nieuw(request, account.id, gekozen, int(time.time()))
        return token, gekozen is None

    async def kies(self, request: Request, lid: Lidmaatschap) -> str:
        """Verder met deze rol, met een nieuw token: wie meer mag, krijgt nooit een oud token."""
        sessie = await self.huidige(request)
        begonnen = int(time.time()) if sessie is None else sessie.begonnen
        return await self._nieuw(request, lid.account, lid.id, begonnen)

    async def klad(self, request: Request) -> dict[str, Any]:
        """Wat een bladzijde van meer stappen in deze sessie bewaarde; weg bij uitloggen of een andere rol."""
        rij = await self._rij(request)
        return {} if rij is None else dict(rij.gegevens.get("klad") or {})

    async def zet_klad(self, request: Request, klad: dict[str, Any]) -> None:
        """Vervang het klad; staat versleuteld bij de sessie. Zonder sessie gebeurt er niets."""
        rij = await self._rij(request)
        if rij is not None:
            token = request.cookies[self.naam_cookie]
            await opgeslagen.herschrijf_sessie(self._opslag, token, rij.csrf, {**rij.gegevens, "klad": klad})

    async def _rij(self, request: Request) -> opgeslagen.Websessie | None:
        token = request.cookies.get(self.naam_cookie, "")
        return await opgeslagen.lees_sessie(self._opslag, token, int(time.time())) if token else None

    async def eindig(self, request: Request) -> None:
        """Uitloggen in deze browser."""
        if token := request.cookies.get(self.naam_cookie):
            await opgeslagen.beeindig_sessie(self._opslag, token)

    def zet(self, antwoord: Response, token: str) -> None:
        """Het sessiecookie. Lax: wie van een app komt om toestemming te geven, blijft ingelogd."""
        antwoord.set_cookie(self.naam_cookie, token, httponly=True, samesite="lax", secure=self.https, path="/")

    def vergeet(self, antwoord: Response) -> None:
        antwoord.delete_cookie(self.naam_cookie, httponly=True, samesite="lax", secure=self.https, path="/")

    def organisatienaam(self, organisatie: str | None) -> str | None:
        """De naam uit het register."""
        rij = self._opslag.register.get("Organization", organisatie) if organisatie else None
        return None if rij is None else str(rij.inhoud.get("name", "")) or None

    async def demopersonen(self) -> tuple[Demopersoon, ...]:
        """Wie er in de demo te kiezen is: `personen` van DATA/demo.json (ontwerp.md deel 3), of niemand."""
        pad = self._settings.data / "demo.json"
        try:
            personen: list[dict[str, Any]] = json.loads(pad.read_text("utf-8"))["personen"]
        except (OSError, ValueError, KeyError):
            return ()
        return tuple(Demopersoon(str(p["code"]), str(p["naam"]), self._omschrijving(p)) for p in personen)

    def _omschrijving(self, persoon: dict[str, Any]) -> str:
        organisatie = str(persoon.get("organisatie") or "")
        plek = self.organisatienaam(organisatie) or organisatie
        return ", ".join(x for x in (str(persoon.get("rol") or ""), plek) if x)

    async def _nieuw(self, request: Request, account: str, lidmaatschap: str | None, begonnen: int) -> str:
        await self.eindig(request)
        nu = int(time.time())
        gegevens = {"lidmaatschap": lidmaatschap, "begonnen": begonnen}
        token, _ = await opgeslagen.maak_sessie(self._opslag, account, gegevens, nu, nu + STIL_SECONDEN)
        return token

    async def _lees(self, token: str) -> Sessie | None:
        nu = int(time.time())
        rij = await opgeslagen.lees_sessie(self._opslag, token, nu) if token else None
        begonnen = 0 if rij is None else int(rij.gegevens["begonnen"])
        if rij is None or nu - begonnen > LANGST_SECONDEN:
            return None
        account = await opgeslagen.account_met_id(self._opslag, rij.account)
        if account is None:
            return None
        rollen = await opgeslagen.lidmaatschappen(self._opslag, account.id)
        gekozen = next((lid for lid in rollen if lid.id == rij.gegevens["lidmaatschap"]), None)
        if rij.verloopt - nu < STIL_SECONDEN - VERLENG_NA:
            await opgeslagen.verleng_sessie(self._opslag, token, nu + STIL_SECONDEN)
        actor = None if gekozen is None else actor_van_lid(account, gekozen)
        return Sessie(token, rij.csrf, account, rollen, gekozen, actor, begonnen)


def actor_van_lid(account: Account, lid: Lidmaatschap) -> Actor:
    """De actor van een eigen bladzijde: zonder beperking door scopes."""
    return Actor(
        "persoon", cast(Rol, lid.rol), account.naam, account=account.id, organisatie=lid.organisatie,
        functie=lid.functie, patient=lid.patient, namens=lid.namens, scopes=None,
    )  # fmt: skip


def rolzin(lid: Lidmaatschap, organisatie: str | None) -> str:
    """Hoe een rol in de keuze staat."""
    zin = ROLZINNEN.get(lid.rol, lid.rol).format(namens=lid.namens or "")
    return f"{zin} bij {organisatie}" if organisatie else zin
