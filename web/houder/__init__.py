"""De bladzijden van de houder en wie haar vertegenwoordigt. Eén bestand per onderwerp; beeld.md §3."""

from __future__ import annotations

from fastapi import APIRouter

from web.bezoek import Huis
from web.houder import (
    aanvraag,
    advies,
    advies_meelezen,
    advies_voorstel,
    advies_weg,
    adviezen,
    afschermen,
    delen,
    delen_voorbeeld,
    delen_wijzigen,
    geven,
    helpen,
    hulpmiddelen,
    meekijken,
    meekijkers,
    meer,
    papier,
    toestemming,
    uitnodigen,
    vertegenwoordigers,
    vervangen,
    vragen,
)

HELPEN = (vertegenwoordigers, afschermen, helpen)
ADVIES = (adviezen, advies_meelezen, advies_voorstel, advies_weg, advies)
DELEN = (delen, toestemming, delen_wijzigen, delen_voorbeeld, uitnodigen, geven, vragen)


def router(huis: Huis) -> APIRouter:
    """Alle routes van de houder."""
    uit = APIRouter(include_in_schema=False)
    for onderwerp in (hulpmiddelen, *DELEN, *HELPEN, vervangen, aanvraag, papier, *ADVIES, meekijken, meekijkers, meer):
        onderwerp.voeg_toe(uit, huis)
    return uit
