"""Zoeken in één paspoort voor wie geen Bundle nodig heeft: `If-None-Exist`, voorwaardelijk wijzigen, verwijzingen.

Geeft alles wat past en te zien is, zonder bladzijden. Het zicht gaat vóór; wat hier gevonden wordt is nog niet als
gezien gelogd (dat doet `ctx.geef` bij wat er naar buiten gaat). Bron: FHIR R4 http.html#ccreate, #cond-update.
"""

from __future__ import annotations

from collections.abc import Sequence

from server.fhir.context import Blik, Context
from server.fhir.search.geheugen import Voorwaarden
from server.fhir.search.grammatica import ontleed
from server.fhir.search.treffer import Treffer
from server.fhir.search.verzamelen import kandidaten, maak_omgeving
from server.registry import TYPES


def zoek_binnen(
    ctx: Context, blik: Blik, type: str, query: Sequence[tuple[str, str]], in_adres: bool = False
) -> list[Treffer]:
    """Alle zichtbare resources van `type` in dit paspoort die aan de voorwaarden voldoen, op hun vaste volgorde.

    `in_adres`: de voorwaarden stonden in een adres, waar geen BSN in mag (`zoek-met-post`). Een lege query past op
    alles; de aanroeper beslist of dat mag. PaspoortFout als bij zoeken: `zoek-onbekend`, `zoek-waarde`, `zoek-bepaler`.
    """
    vraag = ontleed(TYPES[type], query, not in_adres, ctx.deur.basis)
    voorwaarden = Voorwaarden(blik.momentopname, type, vraag.filters, maak_omgeving(ctx, blik))
    return [t for t in kandidaten(ctx, blik, type) if voorwaarden.gelden(t)]
