"""Wat er op een verjaardag of aan het eind van een mandaat verandert, drie maanden van tevoren op de startbladzijde.

Uitgerekend uit de geboortedag en de mandaten zoals zij er liggen: er wordt niets geschreven en er is geen taak die op
tijd moet draaien (toegang.md §7).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from paspoort.vertegenwoordiging import ZELFSTANDIG, geldt, laatste_dag, mijlpaal
from web.bezoek import Bezoek
from web.bladzijde import dag
from web.boek import Boek

EINDE_DAGEN: Final = 30
ADRES: Final = "/wie-helpt-mij"


def aankondigingen(bezoek: Bezoek, boek: Boek) -> list[tuple[str, str, str]]:
    """Titel, tekst en adres van wat er binnenkort aan de hulp verandert."""
    houder, zelf = boek.paspoort.houder, bezoek.actor.rol == "houder"
    uit = []
    jarig = mijlpaal(houder.geboortedatum, boek.vandaag)
    if jarig is not None:
        uit.append(_jarig(houder.naam, jarig.dag, jarig.leeftijd, zelf))
    for v in boek.paspoort.vertegenwoordigers:
        eind = laatste_dag(v, houder.geboortedatum)
        nu = geldt(v, houder.geboortedatum, False, boek.vandaag)
        # Een einde door de verjaardag staat hierboven al.
        eigen = v.periode is not None and v.periode.tot == eind
        if nu and eigen and eind is not None and eind <= boek.vandaag + timedelta(days=EINDE_DAGEN):
            uit.append(_eindigt(v.namen[0].volledig if v.namen else "Uw helper", houder.naam, eind, zelf))
    return uit


def _jarig(naam: str, op: date, leeftijd: int, zelf: bool) -> tuple[str, str, str]:
    if leeftijd == ZELFSTANDIG:
        if zelf:
            tekst = "Vanaf die dag zien uw ouders niets meer. Wilt u dat iemand u helpt? Dat kiest u dan zelf."
            return f"U wordt {leeftijd} op {dag(op)}", tekst, ADRES
        tekst = f"Vanaf die dag kunt u hier niet meer in. Wil {naam} dat u helpt? Dan vraagt {naam} u dat zelf."
    else:
        tekst = f"Vanaf die dag kan {naam} zelf inloggen. {naam} kiest dan ook wat u niet ziet."
    return f"{naam} wordt {leeftijd} op {dag(op)}", tekst, ADRES


def _eindigt(helper: str, naam: str, op: date, zelf: bool) -> tuple[str, str, str]:
    if zelf:
        tekst = "Daarna ziet diegene niets meer. Wilt u langer hulp? Maak dan een nieuwe code."
        return f"{helper} helpt u tot en met {dag(op)}", tekst, ADRES
    return f"De hulp van {helper} stopt na {dag(op)}", f"Langer helpen? Dan geeft {naam} een nieuwe code.", ADRES
