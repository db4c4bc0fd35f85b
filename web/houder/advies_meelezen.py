"""Mag een gemeente of leverancier meedenken over het concept? Wie, wat zij precies lezen, hoe lang, ja of nee.

De toestemming heeft doel `afstemming` en gaat alleen over dit ene concept. Een leverancier leest alleen de eisen, dus
dat staat er ook in. Bron: toegang.md §3 en §4, issue 5 §4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.advies import Adviesstatus, FunctioneelAdvies
from paspoort.fhir.toestemming import naar_fhir
from paspoort.toegang import leesbaar
from paspoort.toestemming import Toestemming, leest, leest_niet, voorstel
from server.access.voorbeeld import partij
from web.adviestekst import Antwoord, een, leesdelen, leeseisen
from web.bezoek import Bezoek, Huis
from web.bladzijde import als_datum
from web.boek import Boek
from web.deur import DeurFout
from web.houder.advies import vind_advies
from web.houder.advies_stand import Meelezer, meelezer, meelezers, toestemming_voor
from web.houder.advies_woorden import KOPPEN, VRAGEN
from web.houder.beeld import Beeld, Vak, gezien
from web.houder.geven import geef, met_code
from web.houder.kader import Kop, hang, id_van, kop, open_boek, patient_van, toon


@dataclass(frozen=True)
class Meelezen:
    """Eén organisatie en dit concept; `stand` zegt welke knoppen er zijn."""

    SJABLOON: ClassVar[str] = "houder/advies_meelezen.html"

    kop: Kop
    id: str
    org: str
    wie: str
    auteur: str
    stand: str
    leest: tuple[str, ...]
    leest_niet: tuple[str, ...]
    tot: date | None
    kaart: str
    leest_al: bool
    beeld: Beeld


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/advies/{id}/meelezen/{org}`."""
    hang(router, huis, "/advies/{id}/meelezen/{org}", meelezen)
    hang(router, huis, "/advies/{id}/meelezen/{org}", beslis, "POST")


async def meelezen(bezoek: Bezoek) -> Response:
    """De vraag, of wat u eerder koos."""
    boek = await open_boek(bezoek)
    advies, wie = _vind(bezoek, boek)
    plek = f"Organization/{wie.id}"
    t = _nieuw(bezoek, boek, advies, plek)
    loopt = toestemming_voor(boek, advies, plek) if wie.stand == "ja" else None
    return toon(
        bezoek,
        Meelezen(
            kop=kop(bezoek, boek, "delen"),
            id=advies.id,
            org=wie.id,
            wie=wie.naam,
            auteur=boek.wie(advies.auteur),
            stand=wie.stand,
            leest=leest((loopt or t).groepen),
            leest_niet=leest_niet((loopt or t).groepen),
            tot=als_datum((loopt or t).tot),
            kaart=f"/delen/toestemming/{loopt.id}" if loopt else "",
            leest_al=_leest_al(boek, advies, plek),
            beeld=await _beeld(bezoek, boek, advies, loopt or t, wie.naam),
        ),
    )


async def beslis(bezoek: Bezoek) -> Response:
    """Ja, nee, of stoppen. Een nee wordt bewaard, zodat niemand het steeds weer vraagt."""
    boek = await open_boek(bezoek)
    advies, wie = _vind(bezoek, boek)
    plek, besluit = f"Organization/{wie.id}", bezoek.veld("besluit")
    loopt = toestemming_voor(boek, advies, plek) if wie.stand == "ja" else None
    if besluit == "stop" and loopt is not None:
        await bezoek.deur.wijzig({**boek.inhouden[f"Consent/{loopt.id}"], "status": "inactive"})
    elif besluit in ("ja", "nee") and loopt is None:
        t = _nieuw(bezoek, boek, advies, plek)
        if besluit == "ja" and await met_code(bezoek, boek):
            return await geef(bezoek, boek, t)
        gegeven = replace(t, gegeven_op=boek.nu.replace(microsecond=0), gegeven_via="gevraagd")
        await bezoek.deur.maak(naar_fhir(replace(gegeven, status="active" if besluit == "ja" else "rejected")))
    else:
        return bezoek.naar(f"/advies/{advies.id}/meelezen/{wie.id}")
    return bezoek.naar(f"/advies/{advies.id}?meelezen")


def _vind(bezoek: Bezoek, boek: Boek) -> tuple[FunctioneelAdvies, Meelezer]:
    """Het concept en de organisatie die de therapeut noemde. `DeurFout` 404 als dat zo niet is."""
    advies = vind_advies(boek, id_van(bezoek))
    plek = f"Organization/{bezoek.request.path_params['org']}"
    bekend = {m.id for m in meelezers(boek, advies)}
    if advies.status is not Adviesstatus.CONCEPT or plek.partition("/")[2] not in bekend or not _rol(bezoek, plek):
        raise DeurFout(404, ())
    return advies, meelezer(boek, advies, plek)


def _nieuw(bezoek: Bezoek, boek: Boek, advies: FunctioneelAdvies, plek: str) -> Toestemming:
    rol = _rol(bezoek, plek)
    t = voorstel("afstemming", rol, f"Patient/{patient_van(bezoek)}", plek, boek.vandaag, (advies.verwijzing,))
    return replace(t, groepen=t.groepen & leesbaar(rol))


async def _beeld(bezoek: Bezoek, boek: Boek, advies: FunctioneelAdvies, t: Toestemming, naam: str) -> Beeld:
    """Wat deze toestemming zelf laat zien van het concept, van hetzelfde zicht als bij echt lezen."""
    rol = next((r for aan in sorted(t.aan) if (r := _rol(bezoek, aan))), "")
    alles = await gezien(bezoek, boek, replace(t, aan=frozenset(), status="active"), rol)
    stuk = next((i for i in alles if f"{i['resourceType']}/{i.get('id')}" == advies.verwijzing), None)
    if stuk is None:
        return Beeld(naam, ())
    delen = [Vak(KOPPEN.get(d.id, d.titel), tuple(_regel(a) for a in d.antwoorden)) for d in leesdelen(stuk)]
    eisen = tuple(e.tekst for e in leeseisen(stuk))
    vakken = (
        Vak("Waar gaat het om?", tuple(t for t in [een(stuk, "hulpvraag")] if t)),
        Vak("Wat het moet kunnen", eisen),
    )
    return Beeld(naam, tuple(v for v in (*vakken, *delen) if v.regels))


def _regel(antwoord: Antwoord) -> str:
    """Vraag en antwoord: alleen “Gewoon” zegt niets."""
    vraag = VRAGEN.get(antwoord.code, antwoord.vraag)
    return f"{vraag} {antwoord.tekst}".replace("\n", ", ")


def _leest_al(boek: Boek, advies: FunctioneelAdvies, plek: str) -> bool:
    """Of deze organisatie door een andere toestemming al in het paspoort leest."""
    return any(
        t.geldt(boek.nu) and plek in {boek.huis(a) for a in t.aan} and advies.verwijzing not in t.betreft
        for t in boek.toestemmingen
    )


def _rol(bezoek: Bezoek, plek: str) -> str:
    wie = partij(plek, bezoek.huis.opslag.register)
    return wie.rol if wie is not None and wie.rol in ("verstrekker", "leverancier") else ""
