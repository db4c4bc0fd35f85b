"""Wie met een reden meekijkt: collega's van een organisatie die dit paspoort al mag zien, en hoe u hen laat stoppen.

Het bericht is wat het zicht geeft (besluit 0024): wie het weghaalt, sluit de deur. Alles wat iemand deed, blijft op
*Wie keek mee* staan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.waarden import kop as feiten_van
from paspoort.fhir.waarden import objecten, tekst, verwijzing
from server.access.toewijzing import AANLEIDING_DUURT, is_aanleiding
from web.bezoek import Bezoek, Huis
from web.boek import Boek
from web.houder.kader import Kop, hang, kop, open_boek, toon


@dataclass(frozen=True, slots=True)
class Meekijker:
    """Eén keer dat iemand met een reden opende. `tot` is wanneer het vanzelf voorbij is of was."""

    id: str
    wie: str
    reden: str
    sinds: datetime
    tot: datetime
    loopt: bool


@dataclass(frozen=True)
class Meekijkers:
    """De lijst, met een knop bij wie nu nog kijkt."""

    SJABLOON: ClassVar[str] = "houder/meekijkers.html"

    kop: Kop
    nu: tuple[Meekijker, ...]
    eerder: tuple[Meekijker, ...]
    gestopt: bool


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/meekijken`."""
    hang(router, huis, "/meekijken", meekijken)
    hang(router, huis, "/meekijken", stop, "POST")


async def meekijken(bezoek: Bezoek) -> Response:
    """Wie nu meekijkt, en wie dat eerder deed."""
    boek = await open_boek(bezoek)
    alle = meekijkers(boek)
    context = Meekijkers(
        kop(bezoek, boek, "meer"),
        tuple(m for m in alle if m.loopt),
        tuple(m for m in alle if not m.loopt),
        "gestopt" in bezoek.request.query_params,
    )
    return toon(bezoek, context)


async def stop(bezoek: Bezoek) -> Response:
    """Haal het bericht weg: het zicht is er dan meteen niet meer."""
    boek = await open_boek(bezoek)
    if any(m.id == bezoek.veld("bericht") and m.loopt for m in meekijkers(boek)):
        await bezoek.deur.verwijder("Communication", bezoek.veld("bericht"))
    return bezoek.naar("/meekijken?gestopt")


def meekijkers(boek: Boek) -> tuple[Meekijker, ...]:
    """Alle aanleidingen in dit paspoort, de nieuwste eerst."""
    uit = []
    nu = boek.nu.astimezone(UTC)
    for plek, inhoud in boek.inhouden.items():
        sinds = feiten_van(inhoud)["moment"] if is_aanleiding(inhoud) else None
        if sinds is None:
            continue
        tot = sinds + AANLEIDING_DUURT
        wie = boek.wie(verwijzing(inhoud.get("sender")))
        reden = next((t for p in objecten(inhoud.get("payload")) if (t := tekst(p.get("contentString")))), "")
        uit.append(Meekijker(plek.partition("/")[2], wie, reden, sinds, tot, sinds <= nu < tot))
    return tuple(sorted(uit, key=lambda m: m.sinds, reverse=True))
