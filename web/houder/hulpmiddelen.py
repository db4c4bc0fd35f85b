"""Wat heb ik: de lijst met hulpmiddelen, en de kaart van één hulpmiddel (beeld `02-hulpmiddel`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.aanvraag import GESLOTEN
from paspoort.advies import Adviesstatus
from paspoort.document import Documentsoort
from paspoort.gegeven import Herkomst
from paspoort.hulpmiddel import Contractvorm, Gebruik, Hulpmiddel
from web.bezoek import Bezoek, Huis
from web.bladzijde import dag
from web.boek import Boek
from web.deur import DeurFout
from web.houder.kader import Kop, hang, id_van, kop, open_boek, toon
from web.woorden import VORMEN, WETTEN, duur, naam_van, tekening_van

HERKOMSTEN = {
    Herkomst.ZELF: "U zette dit er zelf in.",
    Herkomst.DOCUMENT: "U nam dit over van papier.",
    Herkomst.IMPORT: "Dit kwam uit een ander systeem.",
    Herkomst.BEVESTIGD: "Dit is bevestigd.",
    Herkomst.BRON: "Dit schreef wie het leverde of betaalt.",
}


@dataclass(frozen=True, slots=True)
class Rij:
    """Eén hulpmiddel in een lijst: twee regels en een tekening."""

    adres: str
    naam: str
    tekening: str
    regels: tuple[str, ...]


@dataclass(frozen=True)
class Lijst:
    """Alles wat u gebruikt, en wat u niet meer gebruikt."""

    SJABLOON: ClassVar[str] = "houder/hulpmiddelen.html"

    kop: Kop
    nu: tuple[Rij, ...]
    vroeger: tuple[Rij, ...]


@dataclass(frozen=True, slots=True)
class Feit:
    """Een vraag die mensen stellen, met het antwoord en een regel uitleg."""

    vraag: str
    antwoord: str
    uitleg: str


@dataclass(frozen=True, slots=True)
class Papier:
    """Een stuk dat bij het hulpmiddel hoort; zonder adres is het alleen genoemd."""

    titel: str
    regel: str
    adres: str | None


@dataclass(frozen=True, slots=True)
class Gebeurde:
    """Iets wat eerder met het hulpmiddel gebeurde."""

    op: date
    tekst: str


@dataclass(frozen=True)
class Kaart:
    """Eén hulpmiddel: wat is er aan de hand, goed om te weten, papieren, wat er gebeurde."""

    SJABLOON: ClassVar[str] = "houder/hulpmiddel.html"

    kop: Kop
    naam: str
    tekening: str
    omschrijving: str
    sinds: date | None
    tot: date | None
    telefoon: str | None
    leverancier: str | None
    vervangen: str | None
    loopt: str | None
    levensduur: str
    feiten: tuple[Feit, ...]
    herkomst: str
    papieren: tuple[Papier, ...]
    gebeurde: tuple[Gebeurde, ...]


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/hulpmiddelen` en `/hulpmiddel/{id}`."""
    hang(router, huis, "/hulpmiddelen", lijst)
    hang(router, huis, "/hulpmiddel/{id}", kaart)


async def lijst(bezoek: Bezoek) -> Response:
    """Alle hulpmiddelen."""
    boek = await open_boek(bezoek)
    lopend = boek.paspoort.lopende_gebruiken
    vroeger = tuple(rij(boek, g) for g in boek.paspoort.gebruiken if g not in lopend and g.status != "entered-in-error")
    return toon(bezoek, Lijst(kop(bezoek, boek, "hulpmiddelen"), rijen(boek), vroeger))


async def kaart(bezoek: Bezoek) -> Response:
    """De kaart van één hulpmiddel. 404 als het er niet is."""
    boek = await open_boek(bezoek)
    hulpmiddel = boek.paspoort.hulpmiddel(f"Device/{id_van(bezoek)}")
    if hulpmiddel is None:
        raise DeurFout(404, ())
    gebruik = boek.gebruik_van(hulpmiddel)
    loopt = lopende_vraag(boek, gebruik)
    gebruikt = gebruik in boek.paspoort.lopende_gebruiken
    return toon(
        bezoek,
        Kaart(
            kop=kop(bezoek, boek, "hulpmiddelen"),
            naam=naam_van(hulpmiddel),
            tekening=tekening_van(hulpmiddel),
            omschrijving=next((s.tekst for s in hulpmiddel.soorten if s.tekst and s.tekst != hulpmiddel.naam), ""),
            sinds=gebruik.periode.van if gebruik and gebruik.periode else None,
            tot=gebruik.periode.tot if gebruik and gebruik.periode and not gebruikt else None,
            telefoon=boek.telefoon(hulpmiddel.leverancier) or _telefoon(boek, hulpmiddel),
            leverancier=boek.naam(hulpmiddel.leverancier) if boek.heeft(hulpmiddel.leverancier) else None,
            vervangen=f"/vervangen/{gebruik.id}" if gebruik and gebruikt and loopt is None else None,
            loopt=loopt,
            levensduur=_levensduur(hulpmiddel, gebruik, boek.vandaag) if gebruikt and loopt is None else "",
            feiten=_feiten(boek, hulpmiddel, gebruik),
            herkomst=HERKOMSTEN[(gebruik or hulpmiddel).telt_als],
            papieren=_papieren(boek, hulpmiddel, gebruik),
            gebeurde=_gebeurde(boek, hulpmiddel, gebruik),
        ),
    )


def rijen(boek: Boek) -> tuple[Rij, ...]:
    """Wat de houder nu gebruikt; het nieuwste onderaan, zoals het erbij kwam."""
    op_begin = sorted(
        boek.paspoort.lopende_gebruiken,
        key=lambda g: ((g.periode.van if g.periode else None) or date.max, g.id),
    )
    return tuple(rij(boek, g) for g in op_begin)


def rij(boek: Boek, gebruik: Gebruik) -> Rij:
    """Eén regel van de lijst."""
    hulpmiddel = boek.hulpmiddel_van(gebruik)
    verstrekker = gebruik.verstrekker_op(boek.vandaag)
    van = gebruik.periode.van if gebruik.periode else None
    tot = gebruik.periode.tot if gebruik.periode else None
    wie = boek.naam(verstrekker.organisatie) if verstrekker and boek.heeft(verstrekker.organisatie) else "Van uzelf"
    sinds = f", van {van.year} tot {tot.year}" if van and tot else f", sinds {van.year}" if van else ""
    extra = ("Nieuwe is aangevraagd",) if lopende_vraag(boek, gebruik) else ()
    adres = f"/hulpmiddel/{hulpmiddel.id}" if hulpmiddel else "/hulpmiddelen"
    return Rij(adres, naam_van(hulpmiddel), tekening_van(hulpmiddel), (f"{wie}{sinds}", *extra))


def lopende_vraag(boek: Boek, gebruik: Gebruik | None) -> str | None:
    """Het adres van een lopende vraag over dit gebruik."""
    for verzoek in boek.paspoort.verzoeken:
        if gebruik is None or verzoek.betreft != gebruik.verwijzing or verzoek.status != "active":
            continue
        behandeling, opdracht = boek.behandeling_van(verzoek), boek.opdracht_van(verzoek)
        if (behandeling and behandeling.status not in GESLOTEN) or (opdracht and opdracht.status not in GESLOTEN):
            return f"/aanvraag/{verzoek.id}"
    return None


def _levensduur(hulpmiddel: Hulpmiddel, gebruik: Gebruik | None, vandaag: date) -> str:
    if hulpmiddel.onderhoud_voorbij(vandaag):
        return "De maker onderhoudt dit hulpmiddel niet meer. Vraag op tijd een nieuwe."
    tot = hulpmiddel.technische_levensduur_tot
    if tot is None or not hulpmiddel.levensduur_voorbij(vandaag):
        return ""
    van = hulpmiddel.geleverd_op or (gebruik.periode.van if gebruik and gebruik.periode else None)
    jaren = f" Dit hulpmiddel is gemaakt voor {tot.year - van.year} jaar." if van and tot.year > van.year else ""
    return f"U kunt nu een nieuwe vragen.{jaren} Die tijd is om."


def _feiten(boek: Boek, hulpmiddel: Hulpmiddel, gebruik: Gebruik | None) -> tuple[Feit, ...]:
    uit = []
    verstrekker = gebruik.verstrekker_op(boek.vandaag) if gebruik else None
    if boek.heeft(hulpmiddel.eigenaar):
        uitleg = "U mag het gebruiken zolang u het nodig hebt."
        if hulpmiddel.contractvorm is Contractvorm.HUUR:
            uitleg = f"Het wordt gehuurd. {uitleg}"
        uit.append(Feit("Van wie is het?", boek.naam(hulpmiddel.eigenaar), uitleg))
    if verstrekker is not None:
        wet = WETTEN[verstrekker.stelsel] if verstrekker.stelsel else ""
        uit.append(Feit("Wie betaalt?", boek.naam(verstrekker.organisatie), wet))
    if boek.heeft(hulpmiddel.leverancier):
        uit.append(Feit("Wie leverde het?", boek.naam(hulpmiddel.leverancier), ""))
    if gebruik is not None:
        uit.append(Feit("Tot wanneer geldt het besluit?", *duur(gebruik.toekenning, boek.vandaag)))
        if gebruik.verstrekkingsvorm:
            uit.append(Feit("Hoe kreeg u het?", VORMEN[gebruik.verstrekkingsvorm], ""))
    erbij = [naam_van(h) for h in boek.paspoort.hulpmiddelen if h.hoofdhulpmiddel == hulpmiddel.verwijzing]
    if erbij:
        uit.append(Feit("Wat hoort erbij?", ", ".join(erbij), ""))
    return tuple(uit)


def _papieren(boek: Boek, hulpmiddel: Hulpmiddel, gebruik: Gebruik | None) -> tuple[Papier, ...]:
    uit = []
    hier = {hulpmiddel.verwijzing, *([gebruik.verwijzing] if gebruik else [])}
    for advies in boek.paspoort.adviezen:
        if gebruik and advies.verwijzing in gebruik.adviezen and advies.status is Adviesstatus.DEFINITIEF:
            regel = f"{boek.naam(advies.auteur)}, {dag(advies.geschreven_op)}"
            uit.append(Papier("Advies over dit hulpmiddel", regel, f"/advies/{advies.id}"))
    genoemd = gebruik.toekenning.besluit if gebruik and gebruik.toekenning else None
    for besluit in boek.paspoort.besluiten:
        if besluit.betreft in hier or genoemd == besluit.verwijzing:
            papier = "" if besluit.herkomst is Herkomst.BRON else " Van papier overgenomen."
            regel = f"{boek.naam(besluit.door)}, {dag(besluit.genomen_op)}.{papier}"
            uit.append(Papier("Besluit", regel, None))
    for document in boek.paspoort.documenten:
        if hier & set(document.betreft) and document.status == "current":
            soort = (document.soort or Documentsoort.OVERIG).value.capitalize()
            uit.append(Papier(f"{soort} op papier", document.omschrijving or "", f"/papier/{document.id}"))
    return tuple(uit)


def _gebeurde(boek: Boek, hulpmiddel: Hulpmiddel, gebruik: Gebruik | None) -> tuple[Gebeurde, ...]:
    uit = []
    hier = {hulpmiddel.verwijzing, *([gebruik.verwijzing] if gebruik else [])}
    if hulpmiddel.geleverd_op:
        uit.append(Gebeurde(hulpmiddel.geleverd_op, "Het hulpmiddel is geleverd."))
    for e in boek.paspoort.evaluaties:
        if e.geschreven_op and hier & set(e.betreft):
            goed = "Het doet wat het moet doen." if e.doet_wat_het_moet_doen else "Het doet niet wat het moet doen."
            uit.append(Gebeurde(e.geschreven_op, f"U schreef: “{e.problemen or goed}”"))
    for v in boek.paspoort.verzoeken:
        if v.ingediend_op and v.betreft in hier:
            uit.append(Gebeurde(v.ingediend_op, "U vroeg om een ander hulpmiddel."))
    return tuple(sorted(uit, key=lambda g: g.op, reverse=True))


def _telefoon(boek: Boek, hulpmiddel: Hulpmiddel) -> str | None:
    """Het nummer van de leverancier, uit wie er vast contact is."""
    for team in boek.paspoort.begeleiding:
        huizen = {huis for c in team.casemanagers for huis in (c.organisatie, boek.huis(c.lid))}
        if hulpmiddel.leverancier is not None and hulpmiddel.leverancier in huizen:
            return next((c.waarde for c in team.contact if c.soort == "phone"), None)
    return None
