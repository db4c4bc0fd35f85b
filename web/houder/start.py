"""Start: wat moet ik doen, wat gebeurt er nu, wat heb ik, en wie keek er mee — in die volgorde (beeld.md §3)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import ClassVar

from fastapi.responses import Response

from paspoort.advies import Adviesstatus, FunctioneelAdvies
from paspoort.fhir.waarden import ext
from paspoort.fhir.waarden import kop as kop_uit
from server.access.inzage import inzagen
from server.store.audit import regels_van_paspoort
from server.store.invitations import AANGENOMEN, uitnodigingen_van
from web.adviesverloop import Bericht, verloop
from web.bezoek import Bezoek
from web.bladzijde import als_datum
from web.boek import Boek
from web.houder.advies import eigen_reactie
from web.houder.advies_stand import meelezers
from web.houder.advies_voorgesteld import te_kiezen
from web.houder.delen import partijen, waarvoor, wordt_gevraagd
from web.houder.hulpmiddelen import Rij, rijen
from web.houder.kader import Kop, eigen_zicht, kop, open_boek, patient_van, toon
from web.houder.meekijkers import meekijkers
from web.houder.verjaardag import aankondigingen
from web.houder.weg import Loop, lopend
from web.mandaataanbod import SOORT, aannemer_uit
from web.uitnodiging import gast_uit

LOG_KIJKEN = 60
DAGEN_NIEUW = 14


@dataclass(frozen=True, slots=True)
class Doen:
    """Eén ding dat op de houder wacht."""

    titel: str
    tekst: str
    adres: str
    knop: str


@dataclass(frozen=True, slots=True)
class Keek:
    """De laatste die meekeek, en wanneer."""

    zin: str
    waarom: str
    moment: str


@dataclass(frozen=True)
class Start:
    """De eerste bladzijde."""

    SJABLOON: ClassVar[str] = "houder/start.html"

    kop: Kop
    tekeningen: tuple[str, ...]
    doen: tuple[Doen, ...]
    loopt: tuple[Loop, ...]
    heb: tuple[Rij, ...]
    keek: Keek | None


async def start(bezoek: Bezoek) -> Response:
    """Het begin voor de houder."""
    boek = await open_boek(bezoek)
    heb = rijen(boek)
    loopt = lopend(boek)
    straks = (Doen(titel, tekst, adres, "Bekijk wie er helpt") for titel, tekst, adres in aankondigingen(bezoek, boek))
    doen = (
        *await _bevestigen(bezoek),
        *_gevraagd(boek),
        *_meekijkers(boek),
        *_adviezen(bezoek, boek),
        *_op_u(loopt),
        *straks,
    )
    return toon(
        bezoek,
        Start(
            kop=kop(bezoek, boek, "start"),
            tekeningen=tuple(rij.tekening for rij in heb[:5]),
            doen=doen,
            loopt=loopt,
            heb=heb,
            keek=await _laatste(bezoek),
        ),
    )


async def _bevestigen(bezoek: Bezoek) -> list[Doen]:
    """Wie een code aannam; een helper leest dat alleen als het mandaat over toestemmingen gaat."""
    uit: list[Doen] = []
    if not any("toestemmingen" in g.groepen for g in (await eigen_zicht(bezoek)).gronden):
        return uit
    for u in await uitnodigingen_van(bezoek.huis.opslag, patient_van(bezoek), int(time.time())):
        gast = gast_uit(u.aangenomen_door)
        if u.stand == AANGENOMEN and gast is not None:
            tekst = f"{gast.naam} van {gast.organisatienaam} wil meekijken. Eerst vragen wij het u."
            uit.append(Doen(f"Is dit {gast.naam}?", tekst, f"/delen/uitnodiging/{u.id}", "Bekijk en beslis"))
    for u in await uitnodigingen_van(bezoek.huis.opslag, patient_van(bezoek), int(time.time()), SOORT):
        wie = aannemer_uit(u.aangenomen_door)
        if u.stand == AANGENOMEN and wie is not None and bezoek.actor.rol == "houder":
            tekst = f"{wie.naam} wil u helpen. Eerst vragen wij het u."
            uit.append(Doen(f"Is dit {wie.naam}?", tekst, f"/wie-helpt-mij/code/{u.id}", "Bekijk en beslis"))
    return uit


def _meekijkers(boek: Boek) -> list[Doen]:
    """Een collega die met een reden meekijkt: de houder leest het meteen."""
    return [
        Doen(f"{m.wie} kijkt mee", f"De reden: {m.reden}", "/meekijken", "Bekijk, of laat stoppen")
        for m in meekijkers(boek)
        if m.loopt
    ]


def _gevraagd(boek: Boek) -> list[Doen]:
    """Wie om toestemming vraagt in dit paspoort."""
    uit = []
    for t in boek.toestemmingen:
        if wordt_gevraagd(t):
            wie = partijen(boek, t)
            tekst = f"{waarvoor(t)}. {wie} ziet nog niets hiervan. U beslist."
            uit.append(Doen(f"Mag {wie} meelezen?", tekst, f"/delen/gevraagd/{t.id}", "Bekijk en beslis"))
    return uit


def _adviezen(bezoek: Bezoek, boek: Boek) -> list[Doen]:
    """Een concept waar de adviseur een reactie op vraagt, wie erover mee wil denken, en wat er op te slaan is."""
    uit = []
    for advies in boek.paspoort.adviezen:
        wie, hier = boek.naam(advies.auteur), f"/advies/{advies.id}"
        concept = advies.status is Adviesstatus.CONCEPT
        gevraagd = ext(boek.inhouden[advies.verwijzing], "reactie-gevraagd", "valueDate") is not None
        if concept and gevraagd and not heeft_reactie(boek, advies):
            tekst = f"{wie} schreef een advies. Klopt het voor u? U mag erop reageren."
            uit.append(Doen("Lees het concept van uw advies", tekst, hier, "Lees het advies"))
        for m in meelezers(boek, advies) if concept else ():
            if m.stand == "gevraagd":
                tekst = f"{wie} wil het concept van uw advies samen bespreken. {m.naam} ziet nog niets. U beslist."
                uit.append(Doen(f"Mag {m.naam} meedenken?", tekst, f"{hier}/meelezen/{m.id}", "Bekijk en beslis"))
        if concept and (nieuw := _nieuwe_opmerking(boek, advies)):
            tekst = f"{nieuw.wie} schreef iets over het concept van uw advies. Lees het, en zeg wat u vindt."
            uit.append(Doen("Er is een opmerking bij uw advies", tekst, f"{hier}#opmerkingen", "Lees de opmerking"))
        if te_kiezen(bezoek, boek, advies):
            tekst = f"{wie} stelt voor iets uit het advies in uw paspoort te zetten. U kiest."
            uit.append(Doen("Wilt u dit opslaan?", tekst, f"{hier}/voorstellen", "Bekijk en kies"))
    return uit


def heeft_reactie(boek: Boek, advies: FunctioneelAdvies) -> bool:
    """Of de houder al op dit concept reageerde."""
    return eigen_reactie(boek, advies) is not None


def _nieuwe_opmerking(boek: Boek, advies: FunctioneelAdvies) -> Bericht | None:
    """De nieuwste opmerking, als de houder daarna nog niet reageerde; na twee weken is zij niet nieuw meer."""
    laatste = next(iter(reversed(verloop(boek, advies.id).opmerkingen)), None)
    op = als_datum(laatste.op) if laatste else None
    if laatste is None or op is None or (boek.vandaag - op).days > DAGEN_NIEUW:
        return None
    eigen = eigen_reactie(boek, advies)
    na = eigen is None or kop_uit(eigen)["moment"] is None or str(kop_uit(eigen)["moment"]) < _moment(boek, laatste)
    return laatste if na else None


def _moment(boek: Boek, bericht: Bericht) -> str:
    return str(kop_uit(boek.inhouden[f"Communication/{bericht.id}"])["moment"])


def _op_u(loopt: tuple[Loop, ...]) -> list[Doen]:
    return [Doen(g.titel, g.stand, g.adres, "Bekijk wat u kunt doen") for g in loopt if g.u]


async def _laatste(bezoek: Bezoek) -> Keek | None:
    """Wie het laatst iets zag of geweigerd werd; wie niets vond, staat alleen op *Wie keek mee*."""
    regels = await regels_van_paspoort(bezoek.huis.opslag, patient_van(bezoek), aantal=LOG_KIJKEN)
    gezien = (i for i in inzagen(bezoek.actor, regels, await eigen_zicht(bezoek)) if i.wat or not i.gelukt)
    ander = next((i for i in gezien if i.organisatie and not i.zelf), None)
    return Keek(ander.zin, ander.waarom, ander.moment) if ander else None
