"""Het hele log lezen, buiten de deur om: alle regels van alle stromen, oudste eerst."""

from __future__ import annotations

from sqlalchemy import select

from server.store.audit import regel
from server.store.logrow import Logregel
from server.store.passports import Opslag
from server.store.sql import query
from server.store.tables import LogRij, tabel

_LOG = tabel(LogRij)
_ALLES = query(select(_LOG.c.stroom, _LOG.c.nummer).order_by(_LOG.c.moment, _LOG.c.stroom, _LOG.c.nummer))


async def logboek(opslag: Opslag, *handelingen: str) -> list[Logregel]:
    """De regels met een van deze handelingen; zonder handeling alle."""
    gelezen = [await regel(opslag, f"{stroom}-{nummer}") for stroom, nummer in await opslag.db.rijen(_ALLES)]
    return [r for r in gelezen if r is not None and (not handelingen or r.handeling in handelingen)]
