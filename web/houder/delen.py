"""Delen: wie leest wat en tot wanneer, en wie wacht op een antwoord (toegang.md §1). Eén ervan: `toestemming.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar, Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fouten import PaspoortFout
from paspoort.toestemming import Toestemming
from server.oauth.apps import apps_van, stop_app
from server.store.invitations import AANGENOMEN, OPEN, uitnodigingen_van
from web.bezoek import Bezoek, Huis
from web.bladzijde import als_datum
from web.boek import Boek
from web.deur import DeurFout
from web.houder.kader import Kop, hang, kop, open_boek, patient_van, toon
from web.uitnodiging import aanbod_uit, gast_uit
from web.woorden import WAARVOOR


@dataclass(frozen=True, slots=True)
class Lezer:
    """Wie mag lezen, waarvoor en tot wanneer."""

    id: str
    wie: str
    waarvoor: str
    tot: date | None


@dataclass(frozen=True, slots=True)
class Uitgenodigd:
    """Een code die nog werkt, of die iemand aannam."""

    id: str
    waarvoor: str
    gast: str | None


# Wat een ander voorstelde of opschreef, en dus op een ja wacht.
GEVRAAGD: Final = frozenset({"gevraagd", "papier", "mondeling"})


@dataclass(frozen=True, slots=True)
class App:
    """Een app die de houder toeliet."""

    id: str
    naam: str
    organisatie: str
    leest: tuple[str, ...]
    schrijft: tuple[str, ...]


@dataclass(frozen=True)
class Delen:
    """Het overzicht."""

    SJABLOON: ClassVar[str] = "houder/delen.html"

    kop: Kop
    uitgenodigd: tuple[Uitgenodigd, ...]
    gevraagd: tuple[Lezer, ...]
    nu: tuple[Lezer, ...]
    straks: tuple[Lezer, ...]
    voorbij: tuple[Lezer, ...]
    apps: tuple[App, ...]


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/delen`, en een app stoppen."""
    hang(router, huis, "/delen", delen)
    hang(router, huis, "/delen/app", stop_met_app, "POST")


async def delen(bezoek: Bezoek) -> Response:
    """Wie leest wat."""
    boek = await open_boek(bezoek)
    per_stand: dict[str, list[Lezer]] = {"nu": [], "straks": [], "voorbij": [], "gevraagd": []}
    for t in sorted(boek.toestemmingen, key=lambda t: (str(t.gegeven_op), t.id), reverse=True):
        waar = "gevraagd" if wordt_gevraagd(t) else stand(boek, t)
        per_stand[waar].append(_lezer(boek, t))
    apps = tuple(
        App(a.client_id, a.naam, a.organisatie or "onbekend", a.leest, a.schrijft)
        for a in await apps_van(bezoek.huis.opslag, patient_van(bezoek))
    )
    return toon(
        bezoek,
        Delen(
            kop=kop(bezoek, boek, "delen"),
            uitgenodigd=await _uitgenodigd(bezoek),
            gevraagd=tuple(per_stand["gevraagd"]),
            nu=tuple(per_stand["nu"]),
            straks=tuple(per_stand["straks"]),
            voorbij=tuple(per_stand["voorbij"]),
            apps=apps,
        ),
    )


async def stop_met_app(bezoek: Bezoek) -> Response:
    """Een app mag niet meer meekijken."""
    try:
        await stop_app(bezoek.huis.opslag, bezoek.actor, bezoek.veld("app"))
    except PaspoortFout as fout:
        raise DeurFout(404, ()) from fout
    return bezoek.naar("/delen")


def stand(boek: Boek, t: Toestemming) -> str:
    """`nu` leest iemand mee, `straks` wacht de toestemming nog op iets, `voorbij` geldt zij niet meer."""
    if t.geldt(boek.nu):
        return "nu"
    wacht = t.status == "proposed" or (t.status == "active" and t.van is not None and _later(t.van, boek.nu))
    return "straks" if wacht else "voorbij"


def wordt_gevraagd(t: Toestemming) -> bool:
    """Of een ander dit voorstelde en er nog geen ja of nee is."""
    return t.status == "proposed" and t.gegeven_via in GEVRAAGD


def waarvoor(t: Toestemming) -> str:
    """Het doel in gewone woorden."""
    return WAARVOOR.get(t.doel or "", "Waarvoor staat er niet bij")


def partijen(boek: Boek, t: Toestemming) -> str:
    """Wie er mag lezen."""
    return " en ".join(boek.wie(aan) for aan in sorted(t.aan)) or "niemand"


def _lezer(boek: Boek, t: Toestemming) -> Lezer:
    return Lezer(t.id, partijen(boek, t), waarvoor(t), als_datum(t.tot))


def vind(boek: Boek, id_: str) -> Toestemming:
    """De toestemming met dit id; `DeurFout` 404 als zij niet in dit paspoort staat."""
    gevonden = next((t for t in boek.toestemmingen if t.id == id_), None)
    if gevonden is None:
        raise DeurFout(404, ())
    return gevonden


async def _uitgenodigd(bezoek: Bezoek) -> tuple[Uitgenodigd, ...]:
    nu = int(datetime.now(UTC).timestamp())
    uit = []
    for u in await uitnodigingen_van(bezoek.huis.opslag, patient_van(bezoek), nu):
        gast = gast_uit(u.aangenomen_door)
        if u.stand in (OPEN, AANGENOMEN):
            uit.append(Uitgenodigd(u.id, aanbod_uit(u).waarvoor, gast.naam if gast else None))
    return tuple(uit)


def _later(van: date | datetime, nu: datetime) -> bool:
    return van > nu if isinstance(van, datetime) else van > nu.date()
