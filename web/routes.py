"""Alle bladzijden in één router. Elke router zegt zelf voor welk publiek hij is; hier staat alleen de volgorde."""

from __future__ import annotations

from fastapi import APIRouter

from server.fhir.gateway import Poort
from server.oauth.sessie import Sessies
from server.settings import Settings
from server.store.passports import Opslag
from web.bezoek import Huis
from web.bladzijde import Bladzijden


def maak_router(poort: Poort, opslag: Opslag, settings: Settings) -> APIRouter:
    """De bladzijden, met de deur waar zij door gaan."""
    Huis(poort, opslag, settings, Sessies(opslag, settings), Bladzijden(settings))
    return APIRouter(include_in_schema=False)
