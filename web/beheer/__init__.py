"""De bladzijden van de beheerder: organisaties, teams, mensen, mandaten en apps. Nooit een paspoort.

Wat een handeling doet, staat in `server/fhir/registerbeheer.py` en `appbeheer.py`; hier alleen formulieren. De CLI doet
hetzelfde. Bron: issue 3 (*Organisaties en apps*), besluit 0023.
"""

from __future__ import annotations

from fastapi import APIRouter

from web.beheer import aanmelden, apps, mandaten, mensen, organisaties, teams
from web.bezoek import Huis


def router(huis: Huis) -> APIRouter:
    """`/beheer/…`, en `/medewerker` voor wie een code van zijn organisatie heeft."""
    uit = APIRouter(include_in_schema=False)
    for onderwerp in (organisaties, teams, mensen, mandaten, apps, aanmelden):
        onderwerp.voeg_toe(uit, huis)
    return uit
