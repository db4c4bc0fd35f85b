"""Delen: wie leest wat en tot wanneer, wat er doorgaat als u stopt, en stoppen (toegang.md §1 en §4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar, Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fouten import PaspoortFout
from paspoort.toestemming import Toestemming, leest, leest_niet
from server.oauth.apps import apps_van, stop_app
from server.store.invitations import AANGENOMEN, OPEN, uitnodigingen_van
from web.bezoek import Bezoek, Huis
from web.bladzijde import als_datum
from web.boek import Boek
from web.deur import DeurFout
from web.houder.kader import Kop, hang, id_van, kop, open_boek, patient_van, toon
from web.uitnodiging import aanbod_uit, gast_uit
from web.woorden import WAARVOOR, naam_van

GEGEVEN_VIA: Final = {
    "qr": "U liet een code zien.",
    "link": "U liet een code zien of stuurde een link.",
    "code": "U las cijfers voor.",
    "verzoek": "U gaf dit bij een vraag.",
    "oauth": "U liet een app toe.",
    "papier": "U gaf dit op papier.",
}


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
    nu: tuple[Lezer, ...]
    straks: tuple[Lezer, ...]
    voorbij: tuple[Lezer, ...]
    apps: tuple[App, ...]


@dataclass(frozen=True)
class Toestemmingkaart:
    """Eén toestemming, met stoppen en wat er dan doorgaat. `stand` is nu, straks of voorbij."""

    SJABLOON: ClassVar[str] = "houder/toestemming.html"

    kop: Kop
    id: str
    wie: str
    waarvoor: str
    stand: str
    leest: tuple[str, ...]
    leest_niet: tuple[str, ...]
    betreft: tuple[str, ...]
    van: date | None
    tot: date | None
    via: str
    gaat_door: tuple[str, ...]
    net_gestopt: bool


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/delen`, `/delen/toestemming/{id}` met stoppen, en een app stoppen."""
    hang(router, huis, "/delen", delen)
    hang(router, huis, "/delen/toestemming/{id}", kaart)
    hang(router, huis, "/delen/toestemming/{id}", stop, "POST")
    hang(router, huis, "/delen/app", stop_met_app, "POST")


async def delen(bezoek: Bezoek) -> Response:
    """Wie leest wat."""
    boek = await open_boek(bezoek)
    per_stand: dict[str, list[Lezer]] = {"nu": [], "straks": [], "voorbij": []}
    for t in sorted(boek.toestemmingen, key=lambda t: (str(t.gegeven_op), t.id), reverse=True):
        per_stand[stand(boek, t)].append(_lezer(boek, t))
    apps = tuple(
        App(a.client_id, a.naam, a.organisatie or "onbekend", a.leest, a.schrijft)
        for a in await apps_van(bezoek.huis.opslag, patient_van(bezoek))
    )
    return toon(
        bezoek,
        Delen(
            kop=kop(bezoek, boek, "delen"),
            uitgenodigd=await _uitgenodigd(bezoek),
            nu=tuple(per_stand["nu"]),
            straks=tuple(per_stand["straks"]),
            voorbij=tuple(per_stand["voorbij"]),
            apps=apps,
        ),
    )


async def kaart(bezoek: Bezoek) -> Response:
    """Eén toestemming."""
    boek = await open_boek(bezoek)
    return toon(bezoek, _kaart(bezoek, boek, _vind(boek, id_van(bezoek))))


async def stop(bezoek: Bezoek) -> Response:
    """Intrekken; het werkt bij de volgende keer dat iemand leest."""
    boek = await open_boek(bezoek)
    t = _vind(boek, id_van(bezoek))
    if stand(boek, t) != "voorbij":
        await bezoek.deur.wijzig({**boek.inhouden[f"Consent/{t.id}"], "status": "inactive"})
    return bezoek.naar(f"/delen/toestemming/{t.id}?gestopt")


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


def waarvoor(t: Toestemming) -> str:
    """Het doel in gewone woorden."""
    return WAARVOOR.get(t.doel or "", "Waarvoor staat er niet bij")


def partijen(boek: Boek, t: Toestemming) -> str:
    """Wie er mag lezen."""
    return " en ".join(boek.wie(aan) for aan in sorted(t.aan)) or "niemand"


def gaat_door(boek: Boek, t: Toestemming) -> tuple[str, ...]:
    """Wat na stoppen doorloopt: een open opdracht of behandeling van dezelfde organisatie (toegang.md §1)."""
    huizen = {boek.huis(aan) for aan in t.aan} - {None}
    uit = []
    for taak in (*boek.paspoort.opdrachten, *boek.paspoort.behandelingen):
        if taak.open and boek.huis(taak.eigenaar) in huizen:
            wie = boek.naam(boek.huis(taak.eigenaar))
            if taak in boek.paspoort.opdrachten:
                uit.append(f"De opdracht bij {wie} loopt door. {wie} ziet alleen nog wat daarvoor nodig is.")
            else:
                uit.append(f"Uw vraag bij {wie} loopt door. {wie} ziet alleen nog wat daarvoor nodig is.")
    return tuple(dict.fromkeys(uit))


def betreft(boek: Boek, t: Toestemming) -> tuple[str, ...]:
    """De namen van de hulpmiddelen waar de toestemming over gaat."""
    gevonden = []
    for plek in sorted(t.betreft):
        hulpmiddel = boek.paspoort.hulpmiddel(plek) or boek.hulpmiddel_van(boek.paspoort.gebruik(plek))
        if hulpmiddel is not None:
            gevonden.append(naam_van(hulpmiddel))
    return tuple(dict.fromkeys(gevonden))


def _kaart(bezoek: Bezoek, boek: Boek, t: Toestemming) -> Toestemmingkaart:
    nu = stand(boek, t)
    return Toestemmingkaart(
        kop=kop(bezoek, boek, "delen"),
        id=t.id,
        wie=partijen(boek, t),
        waarvoor=waarvoor(t),
        stand=nu,
        leest=leest(t.groepen),
        leest_niet=leest_niet(t.groepen),
        betreft=betreft(boek, t),
        van=als_datum(t.gegeven_op) or als_datum(t.van),
        tot=als_datum(t.tot),
        via=GEGEVEN_VIA.get(t.gegeven_via or "", ""),
        gaat_door=gaat_door(boek, t),
        net_gestopt=nu == "voorbij" and "gestopt" in bezoek.request.query_params,
    )


def _lezer(boek: Boek, t: Toestemming) -> Lezer:
    return Lezer(t.id, partijen(boek, t), waarvoor(t), als_datum(t.tot))


def _vind(boek: Boek, id_: str) -> Toestemming:
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
