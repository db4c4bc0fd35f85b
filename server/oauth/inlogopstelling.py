"""Alles van inloggen bij elkaar, één keer per proces: de inlogdiensten, in de demo haar eigen dienst, en de bladzijden.

Regels staan elders. `wegen` is hoe een dienst te bereiken is als dat niet het netwerk is (de demo, en tests).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI

from server.oauth.aanbieders import DEMO
from server.oauth.afmelden import Afmelden
from server.oauth.bladzijde import Render
from server.oauth.demo import Demopersoon, Demoprovider
from server.oauth.identity import Inlogdienst
from server.oauth.inloggen import Inloggen
from server.oauth.keys import Sleutels
from server.oauth.rolkeuze import Rolkeuze
from server.oauth.sessie import Sessies
from server.settings import Settings
from server.store.passports import Opslag


class Inlogopstelling:
    """`sessies` en `dienst` voor wie ze nodig heeft; `demo` is None buiten de demo."""

    def __init__(
        self,
        opslag: Opslag,
        settings: Settings,
        sleutels: Sleutels,
        render: Render,
        wegen: Mapping[str, httpx.AsyncBaseTransport] | None = None,
    ) -> None:
        self._settings = settings
        self.sessies = Sessies(opslag, settings)
        self.demo: Demoprovider | None = None
        wegen = dict(wegen or {})
        if settings.demo:
            basis = settings.base_url
            self.demo = Demoprovider(
                basis, f"{basis}/inloggen/terug/{DEMO}", f"{basis}/uitgelogd", self.personen, render
            )
            app = FastAPI(openapi_url=None)
            app.include_router(self.demo.router())
            wegen[DEMO] = httpx.ASGITransport(app=app)
        self.dienst = Inlogdienst(self.sessies.aanbieders, settings.base_url, wegen)
        personen = self.personen if settings.demo else None
        self.inloggen = Inloggen(self.sessies, self.dienst, sleutels, personen, render, opslag)
        self.rolkeuze = Rolkeuze(opslag, settings, self.sessies, self.inloggen, render)
        self.afmelden = Afmelden(opslag, self.sessies, self.dienst, settings.base_url, render)

    def router(self) -> APIRouter:
        """Alle adressen van inloggen; in de demo ook die van haar eigen dienst."""
        router = APIRouter()
        for deel in (self.inloggen, self.rolkeuze, self.afmelden, self.demo):
            if deel is not None:
                router.include_router(deel.router())
        return router

    async def personen(self) -> tuple[Demopersoon, ...]:
        """Wie er in de demo te kiezen is: `personen` van DATA/demo.json (ontwerp.md deel 3), of niemand."""
        try:
            personen: list[dict[str, Any]] = json.loads((self._settings.data / "demo.json").read_text("utf-8"))[
                "personen"
            ]
        except (OSError, ValueError, KeyError):
            return ()
        return tuple(Demopersoon(str(p["code"]), str(p["naam"]), self._omschrijving(p)) for p in personen)

    def _omschrijving(self, persoon: dict[str, Any]) -> str:
        organisatie = str(persoon.get("organisatie") or "")
        plek = self.sessies.organisatienaam(organisatie) or organisatie
        return ", ".join(x for x in (str(persoon.get("rol") or ""), plek) if x)
