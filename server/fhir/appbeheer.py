"""Wat een beheerder aan apps doet: aanmelden, het meeste dat zij mogen vragen, waarvoor, sleutels, schorsen.

Een app bewijst zich met een sleutel (dan werkt zij voor haar organisatie of voor mensen) of met PKCE alleen. Bron:
SMART App Launch 2.2 (client registration), issue 3 (*Organisaties en apps*).
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from paspoort.fouten import Melding, PaspoortFout
from server.access.scopes import ontleed_alle
from server.fhir.registerbeheer import Beheerder, beheerregel, zelfde_naam
from server.registry import TYPES
from server.store import clients
from server.store.clients import Client
from server.store.passports import Opslag
from server.store.tokens import trek_client_in

TYPEN: Final = frozenset(t.scope_type for t in TYPES.values())
EIGEN_MACHINE: Final = frozenset({"127.0.0.1", "::1", "localhost"})
GEHEIM: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "k", "oth"})  # RFC 7518: wat een sleutel geheim maakt
WAARVOOR_HOOGSTENS: Final = 200


class Appbeheer:
    """De apps, door één beheerder."""

    def __init__(self, opslag: Opslag, door: Beheerder) -> None:
        self.opslag, self.door = opslag, door

    async def apps(self, organisatie: str | None = None) -> tuple[Client, ...]:
        """Alle apps op naam, of die van één organisatie."""
        alle = await clients.clients(self.opslag)
        return tuple(a for a in alle if organisatie is None or a.organisatie == organisatie)

    async def app(self, client_id: str) -> Client:
        """Eén app. PaspoortFout `niet-gevonden`."""
        gevonden = await clients.client(self.opslag, client_id)
        if gevonden is None:
            raise PaspoortFout(Melding("niet-gevonden"))
        return gevonden

    async def zet_app(self, app: Client) -> str:
        """Meld een app aan (zonder client_id) of wijzig haar; geeft haar client_id. PaspoortFout per veld dat fout is.

        Mag zij minder vragen of krijgt zij andere sleutels, dan eindigt alles wat zij had.
        """
        oud = await self.app(app.client_id) if app.client_id else None
        nieuw = replace(
            app,
            client_id=app.client_id or f"{app.soort}-{secrets.token_hex(6)}",
            grant_types=("authorization_code", "refresh_token") if app.redirect_uris else ("client_credentials",),
        )
        fouten = controleer(nieuw, self.opslag)
        anders = oud is None or (oud.naam, oud.organisatie) != (nieuw.naam, nieuw.organisatie)
        # De houder kiest op naam: twee apps van één organisatie (of zonder) zijn dan niet uit elkaar te houden.
        naast = [a for a in await self.apps() if a.organisatie == nieuw.organisatie and a.client_id != nieuw.client_id]
        if anders and zelfde_naam(nieuw.naam, [a.naam for a in naast]):
            fouten.append(Melding("beheer-bestaat-al", "naam"))
        if fouten:
            raise PaspoortFout(*fouten)
        await self._log("zette een app", nieuw.client_id)
        if oud is not None and _krimpt(oud, nieuw):
            await trek_client_in(self.opslag, nieuw.client_id, int(time.time()))
        await clients.zet_client(self.opslag, nieuw)
        await self.opslag.wijzig_register()
        return nieuw.client_id

    async def schors(self, client_id: str, geschorst: bool) -> None:
        """Bij het volgende verzoek krijgt de app niets meer, of weer wel. PaspoortFout `niet-gevonden`."""
        await self.app(client_id)
        await self._log("schorste" if geschorst else "hief een schorsing op", client_id)
        await clients.schors(self.opslag, client_id, geschorst)
        await self.opslag.wijzig_register()

    async def verwijder(self, client_id: str) -> None:
        """Haal een app weg met al haar tokens. PaspoortFout `niet-gevonden`."""
        await self.app(client_id)
        await self._log("haalde een app weg", client_id)
        await clients.verwijder_client(self.opslag, client_id)
        await self.opslag.wijzig_register()

    async def _log(self, woord: str, client_id: str) -> None:
        await self.opslag.log([beheerregel(self.door, woord, (f"Client/{client_id}",))])


def controleer(app: Client, opslag: Opslag) -> list[Melding]:
    """Alles wat er aan een app niet klopt, bij het veld."""
    fouten = [] if app.naam.strip() else [Melding("beheer-verplicht", "naam")]
    if len(app.waarvoor) > WAARVOOR_HOOGSTENS:
        fouten.append(Melding("app-waarvoor-lang", "waarvoor"))
    try:
        if not app.scopes.split():
            raise PaspoortFout(Melding("beheer-verplicht", "scope"))
        ontleed_alle(app.scopes, TYPEN)
    except PaspoortFout as fout:
        fouten += [replace(m, plek="scope") for m in fout.meldingen]
    organisatie = opslag.register.get("Organization", app.organisatie) if app.organisatie else None
    if app.organisatie and (organisatie is None or organisatie.verwijderd):
        fouten.append(Melding("beheer-onbekend", "organisatie"))
    if app.soort != "persoonlijk" and not app.organisatie:
        fouten.append(Melding("beheer-verplicht", "organisatie"))
    if not app.jwks and not app.jwks_uri and not app.redirect_uris:
        fouten.append(Melding("app-zonder-bewijs", "jwks"))
    fouten += [Melding("app-adres", "redirect_uri") for uri in app.redirect_uris if not _goed_adres(uri)]
    if app.jwks_uri and not _goed_adres(app.jwks_uri):
        fouten.append(Melding("app-adres", "jwks_uri"))
    if app.jwks is not None and not _goede_sleutels(app.jwks):
        fouten.append(Melding("app-sleutel", "jwks"))
    return fouten


def _krimpt(oud: Client, nieuw: Client) -> bool:
    minder = set(oud.scopes.split()) - set(nieuw.scopes.split()) or set(oud.redirect_uris) - set(nieuw.redirect_uris)
    return bool(minder) or (oud.jwks, oud.jwks_uri) != (nieuw.jwks, nieuw.jwks_uri)


def lees_jwks(tekst: str) -> Mapping[str, Any] | None:
    """Een JWK Set uit een formulier of bestand; None als er niets staat. PaspoortFout `app-sleutel`."""
    if not tekst.strip():
        return None
    try:
        gelezen = json.loads(tekst)
    except ValueError:
        gelezen = None
    if not isinstance(gelezen, dict) or not _goede_sleutels(gelezen):
        raise PaspoortFout(Melding("app-sleutel", "jwks"))
    return gelezen


def vingerafdrukken(jwks: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Elke sleutel met haar soort en vingerafdruk (RFC 7638), om met de leverancier van de app te vergelijken."""
    if not jwks:
        return ()
    sleutels = KeySet.import_key_set(dict(jwks))  # type: ignore[arg-type]
    return tuple(f"{s.as_dict(private=False)['kty']} {s.thumbprint()}" for s in sleutels.keys)


def _goed_adres(uri: str) -> bool:
    delen = urlsplit(uri)
    buiten = delen.scheme == "http" and delen.hostname not in EIGEN_MACHINE
    return bool(delen.scheme) and not delen.fragment and not buiten and not any(t.isspace() for t in uri)


def _goede_sleutels(jwks: Mapping[str, Any]) -> bool:
    sleutels = jwks.get("keys")
    if not isinstance(sleutels, list) or not sleutels or not all(isinstance(s, dict) for s in sleutels):
        return False
    if any(GEHEIM & s.keys() or s.get("kty") not in ("RSA", "EC") for s in sleutels):
        return False
    try:
        KeySet.import_key_set(dict(jwks))  # type: ignore[arg-type]
    except (JoseError, ValueError, TypeError, KeyError):
        return False
    return True
