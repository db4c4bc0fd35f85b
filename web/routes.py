"""Alle bladzijden in één router. Elke router zegt zelf voor welk publiek hij is; hier staat alleen de volgorde."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Final

from fastapi import APIRouter

from server.fhir.gateway import Poort
from server.oauth.sessie import Sessies
from server.settings import Settings
from server.store.passports import Opslag
from web import algemeen, formulier, houder, naslag, sessies
from web.bezoek import Huis
from web.bladzijde import Bladzijden

# Elk publiek heeft een module met `router(huis) -> APIRouter`.
PUBLIEKEN: Final = (
    "web.therapeut",
    "web.consulent",
    "web.aannemen",
    "web.vragen",
    "web.vragen_client",
    "web.mag_delen",
    "web.aanleiding",
    "web.beheer",
)


def maak_router(poort: Poort, opslag: Opslag, settings: Settings) -> APIRouter:
    """De bladzijden, met de deur waar zij door gaan."""
    huis = Huis(poort, opslag, settings, Sessies(opslag, settings), Bladzijden(settings))
    alles = APIRouter(include_in_schema=False)
    alles.include_router(algemeen.router(huis))
    alles.include_router(houder.router(huis))
    alles.include_router(naslag.router(huis))
    alles.include_router(sessies.router(huis))
    alles.include_router(formulier.router(huis))
    for naam in PUBLIEKEN:
        if find_spec(naam) is not None:
            alles.include_router(import_module(naam).router(huis))
    return alles
