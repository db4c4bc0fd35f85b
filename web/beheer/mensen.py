"""Wie bij een organisatie werkt: rol, teams, waarmee hij inlogt of met welke code, en schorsen."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.organisatie import Medewerker
from paspoort.fouten import PaspoortFout
from server.store import personeel
from web.beheer.kader import ROLNAMEN, Keuze, beheer, fouten_bij, gekozen, hang, keuzes, kop, pad
from web.bezoek import Bezoek, Huis
from web.bladzijde import dag
from web.werk import Fout, TeGast, Werkkop


@dataclass(frozen=True, slots=True)
class Inlog:
    """Een account waarmee iemand inlogt."""

    id: str
    dienst: str
    wie: str


@dataclass(frozen=True)
class PersoonContext:
    """Een nieuwe of bestaande persoon. `code` is er één keer, net nadat hij gemaakt is."""

    kop: Werkkop
    gast: TeGast | None
    organisatie: str
    huis: str
    id: str
    naam: str
    beroep: str
    mail: str
    rollen: tuple[Keuze, ...]
    teams: tuple[Keuze, ...]
    geschorst: bool
    inlogs: tuple[Inlog, ...]
    code: str
    code_open_tot: str
    fouten: tuple[Fout, ...]


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/beheer/organisatie/{id}/persoon` en `/beheer/persoon/{id}/…`."""
    hang(router, huis, "/beheer/organisatie/{id}/persoon", nieuw, "GET", "POST")
    hang(router, huis, "/beheer/persoon/{id}", bestaand, "GET", "POST")
    hang(router, huis, "/beheer/persoon/{id}/code", code, "POST")
    hang(router, huis, "/beheer/persoon/{id}/inlog", inlog, "POST")
    hang(router, huis, "/beheer/persoon/{id}/schors", schors, "POST")


async def nieuw(bezoek: Bezoek) -> Response:
    """Iemand erbij."""
    huis = (await beheer(bezoek)).organisatie(pad(bezoek))
    rol = next(iter(sorted(huis.rollen)), "") if len(huis.rollen) == 1 else ""
    return await _persoon(bezoek, Medewerker("", "", rol, huis.id))


async def bestaand(bezoek: Bezoek) -> Response:
    """Iemand wijzigen. 404 als zij er niet is."""
    return await _persoon(bezoek, (await beheer(bezoek)).medewerker(pad(bezoek)))


async def code(bezoek: Bezoek) -> Response:
    """Een nieuwe code; hij staat alleen op dit antwoord."""
    b = await beheer(bezoek)
    gemaakt = await b.geef_code(pad(bezoek))
    return await _toon(bezoek, b.medewerker(pad(bezoek)), (), gemaakt)


async def inlog(bezoek: Bezoek) -> Response:
    """Koppel een account, of haal er een weg."""
    b = await beheer(bezoek)
    try:
        if weg := bezoek.veld("weg"):
            await b.ontkoppel(pad(bezoek), weg)
        else:
            await b.koppel(pad(bezoek), bezoek.veld("issuer"), bezoek.veld("sub"))
    except PaspoortFout as fout:
        return await _toon(bezoek, b.medewerker(pad(bezoek)), fouten_bij(fout))
    return bezoek.naar(f"/beheer/persoon/{pad(bezoek)}")


async def schors(bezoek: Bezoek) -> Response:
    """Schors, of hef het op; geldt bij het volgende verzoek."""
    await (await beheer(bezoek)).schors_medewerker(pad(bezoek), bezoek.veld("geschorst") == "ja")
    return bezoek.naar(f"/beheer/persoon/{pad(bezoek)}")


async def _persoon(bezoek: Bezoek, m: Medewerker) -> Response:
    if bezoek.request.method != "POST":
        return await _toon(bezoek, m, ())
    m = replace(
        m,
        naam=bezoek.veld("naam"),
        beroep=bezoek.veld("beroep"),
        mail=bezoek.veld("mail"),
        rol=bezoek.veld("rol"),
        teams=gekozen(bezoek, "teams"),
    )
    try:
        return bezoek.naar(f"/beheer/persoon/{await (await beheer(bezoek)).zet_medewerker(m)}")
    except PaspoortFout as fout:
        return await _toon(bezoek, m, fouten_bij(fout))


async def _toon(bezoek: Bezoek, m: Medewerker, fouten: tuple[Fout, ...], nieuwe_code: str = "") -> Response:
    b = await beheer(bezoek)
    huis = b.organisatie(m.organisatie)
    opslag = bezoek.huis.opslag
    inlogs = await personeel.inlogs_van(opslag, m.id) if m.id else ()
    tot = await personeel.open_code(opslag, m.id, int(time.time())) if m.id else None
    context = PersoonContext(
        kop=kop(bezoek),
        gast=None,
        organisatie=huis.id,
        huis=huis.naam,
        id=m.id,
        naam=m.naam,
        beroep=m.beroep,
        mail=m.mail,
        rollen=keuzes(((r, ROLNAMEN[r]) for r in sorted(huis.rollen)), [m.rol]),
        teams=keuzes(((t.id, t.naam) for t in b.teams(huis.id)), m.teams),
        geschorst=bool(m.id) and b.is_geschorst(f"PractitionerRole/{m.id}"),
        inlogs=tuple(Inlog(i.id, i.account.issuer, i.account.sub) for i in inlogs),
        code=nieuwe_code,
        code_open_tot=dag(datetime.fromtimestamp(tot, UTC)) if tot else "",
        fouten=fouten,
    )
    return bezoek.toon("beheer/persoon.html", context, 422 if fouten else 200)
