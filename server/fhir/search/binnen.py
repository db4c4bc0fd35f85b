"""Zoeken in één paspoort voor wie geen Bundle nodig heeft: `If-None-Exist`, voorwaardelijk wijzigen, verwijzingen.

Geeft alles wat past en te zien is, zonder bladzijden. Het zicht gaat vóór; wat hier gevonden wordt is nog niet als
gezien gelogd (dat doet `ctx.geef` bij wat er naar buiten gaat). Bron: FHIR R4 http.html#ccreate, #cond-update.
"""

from __future__ import annotations

from collections.abc import Sequence

from server.fhir.context import Blik, Context
from server.fhir.interactions.search import kandidaten, opzoeken
from server.fhir.search.geheugen import Voorwaarden
from server.fhir.search.grammatica import ontleed
from server.fhir.search.zoeken import Treffer
from server.registry import TYPES


def zoek_binnen(
    ctx: Context, blik: Blik, type: str, query: Sequence[tuple[str, str]], in_adres: bool = False
) -> list[Treffer]:
    """Alle zichtbare resources van `type` in dit paspoort die aan de voorwaarden voldoen, op hun vaste volgorde.

    `in_adres`: de voorwaarden stonden in een adres, waar geen BSN in mag (`zoek-met-post`). Een lege query past op
    alles; de aanroeper beslist of dat mag. PaspoortFout als bij zoeken: `zoek-onbekend`, `zoek-waarde`, `zoek-bepaler`.
    """
    vraag = ontleed(TYPES[type], query, via_post=not in_adres)
    register = ctx.registerblik()
    voorwaarden = Voorwaarden(blik.momentopname, type, vraag.filters, opzoeken(ctx, blik, register))
    return [t for t in kandidaten(ctx, blik, type, None) if voorwaarden.gelden(t)]
