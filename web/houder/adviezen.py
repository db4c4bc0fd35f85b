"""Alle adviezen van de houder: wat nu telt, waar iemand nog aan schrijft, en wat oud is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.advies import Adviesstatus, FunctioneelAdvies
from paspoort.fhir.advies import is_advies
from paspoort.fhir.advies import uit_fhir as advies_uit_fhir
from paspoort.fhir.fhirjson import Json
from web.adviestekst import titel
from web.adviesverloop import verloop
from web.bezoek import Bezoek, Huis
from web.bladzijde import dag
from web.boek import Boek
from web.houder.advies_stand import geschreven_door, is_van_papier, volgt_op
from web.houder.kader import Kop, eigen_zicht, hang, kop, open_boek, patient_van, toon

NET: Final = {"weg": "Het advies is weg.", "gewist": "Het advies is gewist. Het komt niet meer terug."}


@dataclass(frozen=True, slots=True)
class Rij:
    """Eén advies in de lijst."""

    adres: str
    titel: str
    regel: str


@dataclass(frozen=True)
class Adviezen:
    """Alle adviezen, in drie lijsten; `verwijderd` is uit beeld en nog te wissen. `net`: wat net gebeurde."""

    SJABLOON: ClassVar[str] = "houder/adviezen.html"

    kop: Kop
    nu: tuple[Rij, ...]
    concept: tuple[Rij, ...]
    oud: tuple[Rij, ...]
    verwijderd: tuple[Rij, ...]
    net: str


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/adviezen`."""
    hang(router, huis, "/adviezen", adviezen)


async def adviezen(bezoek: Bezoek) -> Response:
    """De lijst, nieuwste eerst."""
    boek = await open_boek(bezoek)
    alle = sorted(boek.paspoort.adviezen, key=lambda a: (a.geschreven_op or date.min, a.id), reverse=True)
    concept = [a for a in alle if a.status is Adviesstatus.CONCEPT]
    oud = [a for a in alle if a not in concept and _is_oud(boek, a)]
    nu = [a for a in alle if a not in concept and a not in oud]
    context = Adviezen(
        kop=kop(bezoek, boek, "meer"),
        nu=tuple(_rijen(boek, nu)),
        concept=tuple(_rijen(boek, concept)),
        oud=tuple(_rijen(boek, oud)),
        verwijderd=tuple([r async for r in _verwijderd(bezoek, boek)]),
        net=next((zin for naam, zin in NET.items() if naam in bezoek.request.query_params), ""),
    )
    return toon(bezoek, context)


async def _verwijderd(bezoek: Bezoek, boek: Boek) -> AsyncIterator[Rij]:
    """Wat de houder verwijderde: dát het weg is zegt de momentopname, wat er stond alleen de deur (zicht en log).

    Een helper ziet het alleen als zij het hele paspoort ziet.
    """
    if not (await eigen_zicht(bezoek)).geheel:
        return
    m = await bezoek.huis.opslag.momentopname(patient_van(bezoek))
    for weg in m.verwijderd("QuestionnaireResponse"):
        stond = await bezoek.deur.versie(weg.type, weg.id, str(weg.versie - 1))
        if is_advies(stond):
            a = advies_uit_fhir(stond)
            yield replace(next(iter(_rijen(boek, [a], stond))), adres=f"/advies/{a.id}/weg")


def _is_oud(boek: Boek, advies: FunctioneelAdvies) -> bool:
    if advies.status is Adviesstatus.VERVALLEN or verloop(boek, advies.id).laatste("ingetrokken"):
        return True
    return any(volgt_op(a, advies) for a in boek.paspoort.adviezen)


def _rijen(boek: Boek, lijst: Iterable[FunctioneelAdvies], stond: Json | None = None) -> Iterable[Rij]:
    for a in lijst:
        inhoud = stond or boek.inhouden[a.verwijzing]
        wie = geschreven_door(boek, a, inhoud)
        op = dag(a.geschreven_op) if a.geschreven_op else ""
        regel = ", ".join(d for d in (wie, op) if d)
        yield Rij(f"/advies/{a.id}", titel(inhoud), ". ".join(d for d in (regel, _stand(boek, a, inhoud)) if d))


def _stand(boek: Boek, advies: FunctioneelAdvies, inhoud: Json) -> str:
    """Waarom het in deze lijst staat, als dat niet vanzelf spreekt."""
    gebeurd = verloop(boek, advies.id)
    if gebeurd.laatste("ingetrokken"):
        return "Ingetrokken"
    if is_van_papier(inhoud):
        return "Van papier" if gebeurd.laatste("bevestigd") else "Van papier, nog niet bevestigd"
    return ""
