"""Wie een abonnee nu is: dezelfde actor als bij een token, opnieuw bepaald bij elke melding.

Een app van een organisatie bestaat zolang zij aangemeld is; een app van een houder zolang haar toestemming loopt en
blijvend is (`offline_access`): wie alleen even mocht kijken, hoort later niets. Wat de abonnee mag zien, beslist
`server/access`. Gebruikt door `server/post/bezorger.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from authlib.oauth2.rfc6749 import InvalidGrantError

from server.access.actor import Actor
from server.access.scopes import normaliseer
from server.access.vertegenwoordiging import heeft_grond
from server.oauth.actor import actor_uit_json
from server.oauth.bewaring import app_actor
from server.store.clients import client
from server.store.passports import Opslag
from server.store.session import lidmaatschap
from server.store.tokens import verleningen_van


def abonnees(opslag: Opslag) -> Callable[[str, str], Awaitable[Actor | None]]:
    """De functie die bij (client_id, partitie) zegt wie dat nu is; None als de app weg is of niet meer mag."""

    async def wie(client_id: str, partitie: str) -> Actor | None:
        app = await client(opslag, client_id)
        if app is None or app.geschorst:
            return None
        if not partitie.startswith("org-"):
            return await _van_houder(opslag, client_id, partitie)
        try:
            actor = app_actor(app, opslag)
        except InvalidGrantError:
            return None
        zelfde = partitie == f"org-{actor.organisatie}" or (actor.rol == "proef" and partitie == f"org-~{client_id}")
        return _met_scopes(actor, app.scopes) if zelfde else None

    return wie


async def _van_houder(opslag: Opslag, client_id: str, patient: str) -> Actor | None:
    for v in await verleningen_van(opslag, patient):
        if v.client_id != client_id or "offline_access" not in v.scopes.split():
            continue
        lid = v.actor.get("lidmaatschap")
        actor = actor_uit_json({**v.actor, "client_id": client_id}, v.scopes)
        rol = lid is None or await lidmaatschap(opslag, lid) is not None
        if rol and await heeft_grond(opslag, actor, datetime.now(UTC)):
            return actor
    return None


def _met_scopes(actor: Actor, scopes: str) -> Actor:
    return Actor(
        actor.soort, actor.rol, actor.naam, organisatie=actor.organisatie, client_id=actor.client_id,
        scopes=normaliseer(scopes),
    )  # fmt: skip
