"""De bladzijde met wat iemand nog niet verstuurde: ernaartoe, alsnog versturen, of weg (`web/bewaard.py`)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from server.store.forms import Formulier, formulieren_van, gooi_formulier_weg
from web.bewaard import PAD
from web.bezoek import Bezoek, Huis, bladzijde


@dataclass(frozen=True, slots=True)
class Wachtend:
    """Eén formulier dat wacht. `teksten` is wat iemand zelf typte of koos, om te herkennen."""

    id: str
    pagina: str
    doel: str
    velden: tuple[tuple[str, str], ...]
    teksten: tuple[str, ...]


@dataclass(frozen=True)
class Formulieren:
    """Alles wat nog wacht."""

    SJABLOON: ClassVar[str] = "algemeen/formulier.html"

    formulieren: tuple[Wachtend, ...]
    csrf: str


def router(huis: Huis) -> APIRouter:
    """`/formulier` en `/formulier/weg`."""
    uit = APIRouter(include_in_schema=False)
    uit.add_api_route(PAD, bladzijde(huis, "iedereen", toon), methods=["GET"])
    uit.add_api_route(f"{PAD}/weg", bladzijde(huis, "iedereen", weg), methods=["POST"])
    return uit


async def toon(bezoek: Bezoek) -> Response:
    """Alles wat wacht: naar de bladzijde, alsnog versturen, of weg."""
    formulieren = tuple(
        Wachtend(
            f.id, f.pagina if f.pagina != PAD else "", f.doel, f.velden,
            tuple(w for n, w in f.velden if " " in w.strip() or len(w) > 20),
        )
        for f in await _wachtend(bezoek)
    )  # fmt: skip
    return bezoek.toon(Formulieren.SJABLOON, Formulieren(formulieren, bezoek.csrf))


async def weg(bezoek: Bezoek) -> Response:
    """Gooi één formulier weg."""
    sessie = await bezoek.huis.sessies.huidige(bezoek.request)
    if sessie is not None:
        await gooi_formulier_weg(bezoek.huis.opslag, sessie.account.id, bezoek.veld("id"))
    return bezoek.naar(PAD)


async def _wachtend(bezoek: Bezoek) -> tuple[Formulier, ...]:
    sessie = await bezoek.huis.sessies.huidige(bezoek.request)
    if sessie is None or sessie.gekozen is None:
        return ()
    return await formulieren_van(bezoek.huis.opslag, sessie.account.id, sessie.gekozen.id, int(time.time()))
