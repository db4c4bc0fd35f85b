"""Tokens als hash en persoonlijke inhoud versleuteld, voor de tabellen van inloggen en OAuth. Zuiver."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Any

import orjson

from server.store.vault import Slot


def nieuw_token() -> str:
    """256 willekeurige bits, veilig in een URL."""
    return secrets.token_urlsafe(32)


def als_hash(token: str) -> str:
    """Zo staat een token in de database: een gestolen tabel opent niets."""
    return sha256(token.encode()).hexdigest()


def verberg(slot: Slot, waarde: Any, bij: str) -> bytes:
    """JSON-waarde → versleuteld, gebonden aan haar rij."""
    return slot.dicht(orjson.dumps(waarde), bij)


def onthul(slot: Slot, data: bytes, bij: str) -> Any:
    """Het omgekeerde van `verberg`. `PaspoortFout("opslag-stil")` als de rij niet klopt."""
    return orjson.loads(slot.open(bytes(data), bij))
