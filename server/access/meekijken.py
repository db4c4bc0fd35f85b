"""Wat een aanleiding opent voor een collega die niet is toegewezen (toegang.md §1, besluit 0024).

De gronden zelf staan in `gronden.py`, wie is toegewezen in `toewijzing.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from server.access.actor import Actor
from server.access.gronden import Grond, Taak, bepaal_gronden, is_eigenaar, is_van_organisatie
from server.store.register import Register
from server.store.versions import Momentopname


def te_openen(actor: Actor, m: Momentopname, register: Register, nu: datetime) -> bool:
    """Of een aanleiding deze vrager hier meer zou laten zien dan hij als toegewezen persoon al ziet."""
    return any(g.aanleiding for g in bepaal_gronden(actor, m, register, nu, "Communication/te-schrijven"))


def ligt_bij(actor: Actor, taak: Taak, register: Register, nu: datetime, gronden: Iterable[Grond]) -> bool:
    """Of de vrager de Task leest als de zijne; wie met een aanleiding meekijkt, leest wat een collega leest."""
    mee = any(g.aanleiding for g in gronden)
    return (is_van_organisatie if mee else is_eigenaar)(actor, taak, register, nu)
