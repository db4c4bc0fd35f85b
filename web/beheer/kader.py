"""Wat elke bladzijde van het beheer deelt: de kop, het beheer zelf, keuzes en fouten bij hun veld."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fouten import PaspoortFout
from paspoort.toegang import DOELEN
from server.fhir.appbeheer import Appbeheer
from server.fhir.registerbeheer import Beheerder, Registerbeheer
from server.store.register import ALLES
from web.bezoek import Bezoek, Huis, bladzijde
from web.deur import DeurFout
from web.werk import Fout, Menupunt, Werkkop

MENU: Final = (("organisaties", "Organisaties", "/beheer"), ("apps", "Apps", "/beheer/apps"))
ROLNAMEN: Final = {"therapeut": "Therapeut", "verstrekker": "Consulent", "leverancier": "Leverancier"}
# Waar werk voor is: wat een team aanneemt, of waar een mandaat over gaat.
WERK: Final = {code: doel.naam for code, doel in DOELEN.items()}
ALLES_NAAM: Final = "Alles, ook werk zonder doel"

Handeling = Callable[[Bezoek], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Keuze:
    """Iets om te kiezen."""

    waarde: str
    tekst: str
    gekozen: bool


def hang(router: APIRouter, huis: Huis, pad: str, handeling: Handeling, *methodes: str) -> None:
    """Een bladzijde van de beheerder; zonder methode alleen GET. Wat er niet (meer) is, is een 404."""

    async def of_404(bezoek: Bezoek) -> Response:
        try:
            return await handeling(bezoek)
        except PaspoortFout as fout:
            if fout.meldingen[0].code == "niet-gevonden":
                raise DeurFout(404, ()) from fout
            raise

    router.add_api_route(pad, bladzijde(huis, "beheerder", of_404), methods=list(methodes or ("GET",)))


async def beheer(bezoek: Bezoek) -> Registerbeheer:
    """Het register door deze beheerder, zo vers als een ander proces het achterliet."""
    uit = Registerbeheer(bezoek.huis.opslag, lambda: bezoek.huis.poort.deur.validator, _wie(bezoek))
    await uit.ververs()
    return uit


def appbeheer(bezoek: Bezoek) -> Appbeheer:
    """De apps door deze beheerder."""
    return Appbeheer(bezoek.huis.opslag, _wie(bezoek))


def _wie(bezoek: Bezoek) -> Beheerder:
    return Beheerder(bezoek.actor.account or "", bezoek.actor.naam)


def kop(bezoek: Bezoek, hier: str = "organisaties") -> Werkkop:
    """De bovenste balk."""
    punten = tuple(Menupunt(naam, adres, sleutel == hier) for sleutel, naam, adres in MENU)
    return Werkkop("Beheer", f"{bezoek.actor.naam}, beheerder", punten, bezoek.csrf)


def pad(bezoek: Bezoek, naam: str = "id") -> str:
    """Een deel van het adres."""
    return str(bezoek.request.path_params[naam])


def gekozen(bezoek: Bezoek, naam: str) -> frozenset[str]:
    """De aangevinkte waarden van een veld."""
    return frozenset(w for w in bezoek.velden().get(naam, []) if w)


def keuzes(alle: Iterable[tuple[str, str]], nu: Iterable[str]) -> tuple[Keuze, ...]:
    """Keuzes in volgorde, met wat er nu gekozen is."""
    aan = set(nu)
    return tuple(Keuze(waarde, tekst, waarde in aan) for waarde, tekst in alle)


def werk_keuzes(nu: Iterable[str]) -> tuple[Keuze, ...]:
    """Het werk dat een team kan aannemen."""
    return keuzes(((ALLES, ALLES_NAAM), *WERK.items()), nu)


def fouten_bij(fout: PaspoortFout) -> tuple[Fout, ...]:
    """De bevindingen voor op de bladzijde; wat er niet is, gaat door als 404."""
    if any(m.code in ("niet-gevonden", "opslag-stil") for m in fout.meldingen):
        raise fout
    return tuple(Fout(m.tekst(), m.plek or "") for m in fout.meldingen)
