"""Van token naar `Actor`: het warme pad van elke FHIR-vraag, één puntlezing zonder werkdraad.

Niet: wat de actor mag (`server/access`). Bron: RFC 6750 §2.1; toegang.md §3 (App tokens), §6 (401).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from paspoort.fouten import Melding, PaspoortFout
from server.access.actor import Actor
from server.store.passports import Opslag
from server.store.tokens import TOKENS_ONTHOUDEN, Token, lees_token

VELDEN: Final = (
    "soort", "rol", "naam", "account", "organisatie", "functie", "patient", "namens", "mandaat", "client_id", "taal",
)  # fmt: skip


async def actor_van_token(opslag: Opslag, bearer: str) -> Actor:
    """Wie dit token draagt. PaspoortFout `niet-ingelogd`: onbekend, verlopen, ingetrokken of geen toegangstoken."""
    token = await lees_token(opslag, bearer, int(time.time()))
    if token is None or token.soort != "toegang":
        raise PaspoortFout(Melding("niet-ingelogd"))
    return _actor(token)


@lru_cache(maxsize=TOKENS_ONTHOUDEN)
def _actor(token: Token) -> Actor:
    # Vernieuwen met minder scopes versmalt het token, niet het ja: of dat blijvend is, staat bij de actor.
    blijvend = bool(token.actor.get("blijvend", "offline_access" in token.scopes.split()))
    return replace(actor_uit_json(token.actor, token.scopes), verlening=token.familie, blijvend=blijvend)


def actor_als_json(actor: Actor) -> dict[str, Any]:
    """De actor zoals hij bij een token bewaard wordt; de scopes staan bij het token zelf."""
    return {veld: getattr(actor, veld) for veld in VELDEN}


def actor_uit_json(gegevens: Mapping[str, Any], scope: str) -> Actor:
    """Het omgekeerde van `actor_als_json`, met de scopes van het token."""
    return Actor(**{veld: gegevens[veld] for veld in VELDEN if veld in gegevens}, scopes=frozenset(scope.split()))
