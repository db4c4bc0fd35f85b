"""Wie een abonnee nu is: dezelfde actor als bij een token, opnieuw bepaald bij elke melding.

Een app van een organisatie bestaat zolang zij aangemeld is. Een app van een houder of vertegenwoordiger handelt onder
precies het ja waarmee zij het abonnement zette, zolang dat loopt en blijvend is (`offline_access`): wie alleen even
mocht kijken, hoort later niets, en een later ja van een ander aan dezelfde app houdt het niet in leven. Wat de abonnee
mag zien, beslist `server/access`. Gebruikt door `server/post/bezorger.py`. Bron: toegang.md §1, §7.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from authlib.oauth2.rfc6749 import InvalidGrantError

from paspoort.fhir.fhirjson import Json
from server.access.actor import Actor
from server.access.scopes import normaliseer
from server.access.vertegenwoordiging import heeft_grond
from server.oauth.actor import actor_uit_json
from server.oauth.bewaring import app_actor
from server.post.onderwerp import app_van, verlening_van
from server.store.clients import client
from server.store.passports import Opslag
from server.store.session import lidmaatschap
from server.store.tokens import verlening

# Waarom een abonnement eindigde; de eigenaar leest het in `Subscription.error`. Noemt niemand.
APP_WEG: Final = "De app die dit abonnement zette, doet niet meer mee."
VERLENING_WEG: Final = "De toestemming waarmee de app dit abonnement zette, is voorbij. Vraag een nieuw abonnement aan."


def abonnees(opslag: Opslag) -> Callable[[Json, str, datetime], Awaitable[Actor | str]]:
    """De functie die van een Subscription in een partitie zegt wie dat dan is, of in een zin waarom niemand meer."""

    async def wie(abonnement: Json, partitie: str, nu: datetime) -> Actor | str:
        client_id = app_van(abonnement) or ""
        app = await client(opslag, client_id)
        if app is None or app.geschorst:
            return APP_WEG
        if not partitie.startswith("org-"):
            familie = verlening_van(abonnement) or ""
            return await _van_mens(opslag, client_id, familie, partitie, nu) or VERLENING_WEG
        try:
            actor = app_actor(app, opslag)
        except InvalidGrantError:
            return APP_WEG
        zelfde = partitie == f"org-{actor.organisatie}" or (actor.rol == "proef" and partitie == f"org-~{client_id}")
        return _met_scopes(actor, app.scopes) if zelfde else APP_WEG

    return wie


async def _van_mens(opslag: Opslag, client_id: str, familie: str, patient: str, nu: datetime) -> Actor | None:
    v = await verlening(opslag, familie)
    if v is None or v.ingetrokken is not None or (v.client_id, v.patient) != (client_id, patient):
        return None
    if "offline_access" not in v.scopes.split():
        return None
    lid = v.actor.get("lidmaatschap")
    if lid is not None and await lidmaatschap(opslag, lid) is None:
        return None
    actor = actor_uit_json({**v.actor, "client_id": client_id}, v.scopes)
    return actor if await heeft_grond(opslag, actor, nu) else None


def _met_scopes(actor: Actor, scopes: str) -> Actor:
    return Actor(
        actor.soort, actor.rol, actor.naam, organisatie=actor.organisatie, client_id=actor.client_id,
        scopes=normaliseer(scopes),
    )  # fmt: skip
