"""Meer: alles wat niet elke dag nodig is, en de eigen gegevens zoals zij in het paspoort staan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from web.bezoek import Bezoek, Huis
from web.houder.kader import Kop, hang, kop, open_boek, toon
from web.houder.weg import Loop, loop


@dataclass(frozen=True)
class Meer:
    """De rest."""

    SJABLOON: ClassVar[str] = "houder/meer.html"

    kop: Kop
    vragen: tuple[Loop, ...]


@dataclass(frozen=True, slots=True)
class Naaste:
    """Iemand die in het paspoort genoemd is."""

    naam: str
    relatie: str


@dataclass(frozen=True)
class MijnGegevens:
    """Wat er over de houder zelf in staat."""

    SJABLOON: ClassVar[str] = "houder/mijn_gegevens.html"

    kop: Kop
    geboren: date | None
    adres: tuple[str, ...]
    contact: tuple[str, ...]
    bsn: str
    naasten: tuple[Naaste, ...]
    casemanagers: tuple[str, ...]


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/meer` en `/mijn-gegevens`."""
    hang(router, huis, "/meer", meer)
    hang(router, huis, "/mijn-gegevens", mijn_gegevens)


async def meer(bezoek: Bezoek) -> Response:
    """De rest, met alle vragen die er ooit waren."""
    boek = await open_boek(bezoek)
    vragen = sorted(boek.paspoort.verzoeken, key=lambda v: (v.ingediend_op or date.min, v.id), reverse=True)
    return toon(bezoek, Meer(kop(bezoek, boek, "meer"), tuple(loop(boek, v) for v in vragen)))


async def mijn_gegevens(bezoek: Bezoek) -> Response:
    """De eigen gegevens."""
    boek = await open_boek(bezoek)
    houder = boek.paspoort.houder
    adres = houder.adressen[0] if houder.adressen else None
    plaats = " ".join(x for x in (adres.postcode, adres.plaats) if x) if adres else ""
    return toon(
        bezoek,
        MijnGegevens(
            kop=kop(bezoek, boek, "meer"),
            geboren=houder.geboortedatum,
            adres=(*(adres.regels if adres else ()), *([plaats] if plaats else [])),
            contact=tuple(c.waarde for c in houder.contact),
            bsn=str(houder.bsn.nummer) if houder.bsn else "",
            naasten=tuple(
                Naaste(v.namen[0].volledig if v.namen else "Onbekend", ", ".join(r.tekst or "" for r in v.relaties))
                for v in boek.paspoort.vertegenwoordigers
            ),
            casemanagers=tuple(
                boek.wie(c.lid) for team in boek.paspoort.begeleiding for c in team.casemanagers if boek.heeft(c.lid)
            ),
        ),
    )
