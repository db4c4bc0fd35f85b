"""Wat elke bladzijde van de houder deelt: de omslag met de naam, het menu, en hoe een route erbij komt.

De houder en wie haar vertegenwoordigt zien dezelfde bladzijden; bij de tweede staat op elke bladzijde namens wie.
Bron: beeld.md §3.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Protocol

from fastapi import APIRouter
from fastapi.responses import Response

from server.access.zicht import Zicht, bepaal_zicht
from web.bezoek import Bezoek, Huis, bladzijde
from web.boek import Boek, sla_open


@dataclass(frozen=True, slots=True)
class Kop:
    """De omslag: van wie het paspoort is, wie er handelt, waar in het menu, en het teken voor formulieren."""

    naam: str
    helper: str | None
    actief: str
    csrf: str


@dataclass(frozen=True, slots=True)
class Fout:
    """Eén fout: bij welk veld (id), en wat er mis is en hoe het wel kan."""

    veld: str
    tekst: str


class Bladzijde(Protocol):
    """Een bevroren context die zegt bij welk sjabloon zij hoort."""

    SJABLOON: ClassVar[str]


Handeling = Callable[[Bezoek], Awaitable[Response]]


def hang(router: APIRouter, huis: Huis, pad: str, handeling: Handeling, *methodes: str) -> None:
    """Een bladzijde van de houder; zonder methode alleen GET."""
    router.add_api_route(pad, bladzijde(huis, "houder", handeling), methods=list(methodes or ("GET",)))


def patient_van(bezoek: Bezoek) -> str:
    """Het paspoort van deze houder of van wie zij vertegenwoordigt."""
    return bezoek.actor.patient or ""


def id_van(bezoek: Bezoek) -> str:
    """Het id in het adres."""
    return str(bezoek.request.path_params["id"])


async def eigen_zicht(bezoek: Bezoek) -> Zicht:
    """De blik op het eigen paspoort, voor wat buiten de deur om in de opslag ligt (het log)."""
    opslag = bezoek.huis.opslag
    m = await opslag.momentopname(patient_van(bezoek))
    return bepaal_zicht(bezoek.actor, m, opslag.register, datetime.now(UTC))


async def open_boek(bezoek: Bezoek) -> Boek:
    """Het eigen paspoort."""
    return await sla_open(bezoek.deur, patient_van(bezoek))


def kop(bezoek: Bezoek, boek: Boek, actief: str) -> Kop:
    """De omslag bij dit paspoort. `actief` is start, hulpmiddelen, delen of meer."""
    helper = bezoek.actor.naam if bezoek.actor.rol == "vertegenwoordiger" else None
    return Kop(boek.paspoort.houder.naam or bezoek.actor.naam, helper, actief, bezoek.csrf)


def toon(bezoek: Bezoek, context: Bladzijde, fouten: Sequence[Fout] = ()) -> Response:
    """De bladzijde bij haar context; met fouten is het antwoord 422, zodat ook een programma het ziet."""
    return bezoek.toon(context.SJABLOON, context, 422 if fouten else 200)
