"""Een leverancier met een app, een ontvanger, en een bezorger met een klok die de test zet."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio

from paspoort.fhir.stelsels import codestelsel, extension
from server.oauth.abonnee import abonnees
from server.post.bezorger import Bezorger
from server.post.onderwerp import FILTER, GEHEIM, INHOUD, ONDERWERP
from server.post.versturen import Verzender
from server.store.clients import Client, zet_client
from server.store.passports import Opslag
from tests.conftest import GEMEENTE, HOUDER, LEVERANCIER, Als, Wereld
from tests.ontvanger import Ontvanger, luister

Json = dict[str, Any]
APP = "app-rijdt"
BEGIN = time.time() + 86_400  # na alles wat de opslag zelf van een datum voorziet, op welke dag deze toets ook loopt


def opdracht(id: str, status: str = "requested", **anders: Any) -> Json:
    """Een opdracht aan de leverancier, zonder doel: hij ziet de Task en verder niets."""
    return {
        "resourceType": "Task",
        "id": id,
        "extension": [{"url": extension("doel"), "valueCode": "levering"}],
        "status": status,
        "intent": "order",
        "code": {"coding": [{"system": codestelsel("taaksoort"), "code": "opdracht"}]},
        "for": {"reference": f"Patient/{HOUDER}"},
        "requester": {"reference": f"Organization/{GEMEENTE}"},
        "owner": {"reference": f"Organization/{LEVERANCIER}"},
        "authoredOn": "2026-03-12T09:00:00+01:00",
        **anders,
    }


def aanvraag(adres: str, *filters: str, **anders: Any) -> Json:
    """Een Subscription zoals een app haar stuurt."""
    inhoud: Json = {
        "resourceType": "Subscription",
        "status": "requested",
        "reason": "Opdrachten in ons eigen systeem",
        "criteria": ONDERWERP,
        "channel": {
            "type": "rest-hook",
            "endpoint": adres,
            "payload": "application/fhir+json",
            "_payload": {"extension": [{"url": INHOUD, "valueCode": "id-only"}]},
        },
        **anders,
    }
    if filters:
        inhoud["_criteria"] = {"extension": [{"url": FILTER, "valueString": f} for f in filters]}
    return inhoud


@dataclass
class Klok:
    """De klok van de bezorger, in seconden."""

    nu: float = BEGIN

    def __call__(self) -> float:
        return self.nu


@dataclass
class Postkantoor:
    """De app van de leverancier, met een ontvanger en een bezorger die alleen loopt als de test dat zegt."""

    opslag: Opslag
    wereld: Wereld
    app: httpx.AsyncClient
    ontvanger: Ontvanger
    klok: Klok
    bezorger: Bezorger

    async def abonneer(self, *filters: str, adres: str = "", **anders: Any) -> tuple[str, str]:
        """Vraag een abonnement aan en bezorg de handdruk; geeft id en geheim."""
        antwoord = await self.app.post("Subscription", json=aanvraag(adres or self.ontvanger.adres, *filters, **anders))
        assert antwoord.status_code == 201, antwoord.text
        inhoud = antwoord.json()
        geheim = next(e["valueString"] for e in inhoud["channel"]["extension"] if e["url"] == GEHEIM)
        await self.bezorger.ronde()
        return inhoud["id"], geheim

    async def stand(self, id: str) -> Json:
        """De Subscription zoals zij nu is."""
        inhoud: Json = (await self.app.get(f"Subscription/{id}")).json()
        return inhoud

    async def later(self, seconden: float) -> None:
        """Zet de klok vooruit en bezorg wat er dan te bezorgen is."""
        self.klok.nu += seconden
        await self.bezorger.ronde()

    def nieuwe_bezorger(self, **anders: Any) -> Bezorger:
        """Een ander proces op dezelfde opslag."""
        return Bezorger(self.opslag, abonnees(self.opslag), klok=self.klok, **anders)


@pytest.fixture
def klok() -> Klok:
    return Klok()


@pytest_asyncio.fixture
async def kantoor(opslag: Opslag, wereld: Wereld, als: Als, klok: Klok) -> AsyncIterator[Postkantoor]:
    scopes = "system/*.cruds"
    await zet_client(opslag, Client(APP, "leverancier", "App van Rijdt", LEVERANCIER, scopes=scopes))
    app = als(rol="leverancier", soort="app", client_id=APP, functie=None, account=None, scopes=scopes)
    bezorger = Bezorger(opslag, abonnees(opslag), Verzender(demo=True), klok)
    async with luister() as ontvanger:
        yield Postkantoor(opslag, wereld, app, ontvanger, klok, bezorger)
    await bezorger.stop()
