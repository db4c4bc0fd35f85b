"""Bij het toelaten van een app: of haar organisatie ook zelf mag lezen. Een aparte vraag, nooit vanzelf aangevinkt.

Een app handelt als de persoon die haar toelaat; daar krijgt haar organisatie geen grond van (toegang.md §3, *App
tokens*). Wil de organisatie zelf lezen, dan is dat een Consent, met doel, groepen en einddatum van §4. Hier staat
alleen de afspraak; de bladzijden voeren haar uit (`web/bijapp.py`), want schrijven gaat door de deur.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from server.access.actor import Actor


@dataclass(frozen=True, slots=True)
class Ook:
    """Wat er bij het vakje staat: wie, waarvoor, wat zij leest en niet leest, tot wanneer."""

    organisatie: str
    waarvoor: str
    leest: tuple[str, ...]
    leest_niet: tuple[str, ...]
    tot: date | None


class BijApp(Protocol):
    """Wat de toestemmingsbladzijde vraagt en doet."""

    async def vraag(self, actor: Actor, client_id: str) -> Ook | None:
        """Wat er te vragen valt; None als deze app, haar organisatie of deze persoon er niet voor is."""
        ...

    async def geef(self, actor: Actor, client_id: str) -> None:
        """Leg de Consent vast (gegeven-via `oauth`), na een ja met het vakje aan. PaspoortFout als het niet kan."""
        ...
