"""Zoeken in het log van het eigen paspoort: wie, wat en wanneer, en verder waar een bladzijde ophield.

Het log zelf kent alleen organisatie en moment leesbaar; de rest is versleuteld en wordt hier gekozen. Wat iemand er
niet van mag zien, haalt `regels_voor` weg.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from paspoort.toestemming import HIER
from server.access.actor import Actor
from server.access.inzage import regels_voor, soort
from server.access.zicht import Zicht
from server.store.audit import regels_van_paspoort
from server.store.logrow import Logregel
from web.bezoek import Bezoek
from web.bladzijde import als_datum
from web.houder.kader import Fout, patient_van

STAP: Final = 500  # regels per keer uit de opslag
BEKEKEN_HOOGSTENS: Final = 10_000  # zoveel regels bekijkt één bladzijde; daarna is er een knop
DAG_HOOGSTENS: Final = 500  # een dag met meer regels gaat verder op de volgende bladzijde

ANDEREN, IEDEREEN, IK, NAMENS = "", "alles", "ik", "namens"
WIE: Final = {
    ANDEREN: "Iedereen, behalve ik",
    IEDEREEN: "Iedereen, ook ik",
    IK: "Alleen ik",
    NAMENS: "Wie mij vertegenwoordigt",
}
ALLES, LEZEN, SCHRIJVEN, GEWEIGERD, TOEGANG = "", "lezen", "schrijven", "geweigerd", "toegang"
WAT: Final = {
    ALLES: "Alles",
    LEZEN: "Gekeken",
    SCHRIJVEN: "Iets geschreven of veranderd",
    GEWEIGERD: "Geweigerd",
    TOEGANG: "Ingelogd, apps en deze lijst",
}


@dataclass(frozen=True, slots=True)
class Vraag:
    """Wat iemand wil zien. `wie` is een sleutel van `WIE` of het id van een organisatie; `tot` telt mee."""

    wie: str = ANDEREN
    wat: str = ALLES
    van: date | None = None
    tot: date | None = None

    def past(self, regel: Logregel, lezer: Actor) -> bool:
        """Of een regel erbij hoort."""
        if self.wat == GEWEIGERD:
            if regel.uitkomst != "geweigerd":
                return False
        elif self.wat and soort(regel) != self.wat:
            return False
        if self.wie == NAMENS:
            return regel.namens is not None
        if self.wie in (ANDEREN, IK):
            return _eigen(regel, lezer) is (self.wie == IK)
        return self.wie == IEDEREEN or regel.organisatie == self.wie

    def grenzen(self) -> tuple[str, str | None]:
        """Het begin van de eerste dag en het eind van de laatste, als moment in UTC."""
        vanaf = "" if self.van is None else _moment(self.van)
        return vanaf, None if self.tot is None else _moment(self.tot + timedelta(days=1))

    def velden(self) -> dict[str, str]:
        """De velden van het formulier, zonder wat leeg is; er staat geen naam in."""
        alle = {"wie": self.wie, "wat": self.wat, "van": _dag(self.van), "tot": _dag(self.tot)}
        return {naam: waarde for naam, waarde in alle.items() if waarde}


@dataclass(frozen=True, slots=True)
class Gevonden:
    """De regels, nieuwste eerst, en waar het verder gaat als er meer is."""

    regels: tuple[Logregel, ...]
    verder: str | None


def lees_vraag(velden: Mapping[str, str]) -> tuple[Vraag, tuple[Fout, ...]]:
    """De vraag uit een formulier of adres; een dag die niet klopt, is een fout bij dat veld."""
    fouten: list[Fout] = []
    dagen: dict[str, date | None] = {}
    for veld, naam in (("van", "eerste"), ("tot", "laatste")):
        tekst = velden.get(veld, "").strip()
        try:
            dagen[veld] = date.fromisoformat(tekst) if tekst else None
            if (dag := dagen[veld]) is not None and not 2000 <= dag.year < 2200:
                raise ValueError
        except ValueError:
            dagen[veld] = None
            fouten.append(Fout(veld, f"De {naam} dag klopt niet. Schrijf hem zo: 2026-03-09."))
    van, tot = dagen["van"], dagen["tot"]
    if van and tot and van > tot:
        fouten.append(Fout("tot", "De laatste dag ligt voor de eerste dag. Draai ze om."))
    wat = velden.get("wat", ALLES)
    return Vraag(velden.get("wie", ANDEREN), wat if wat in WAT else ALLES, van, tot), tuple(fouten)


async def zoek(
    bezoek: Bezoek, zicht: Zicht, vraag: Vraag, aantal: int, na: str | None = None, *, hele_dagen: bool = False
) -> Gevonden:
    """Hoogstens `aantal` regels vanaf `na`. PaspoortFout `opslag-stil`.

    Met `hele_dagen` komt de rest van de laatste dag erbij, tot `DAG_HOOGSTENS`: wat bij elkaar hoort, staat dan op één
    bladzijde en telt daar goed.
    """
    uit: list[Logregel] = []
    vanaf, tot = vraag.grenzen()
    for _ in range(BEKEKEN_HOOGSTENS // STAP):
        rijen = await regels_van_paspoort(
            bezoek.huis.opslag, patient_van(bezoek), na=na, aantal=STAP, vanaf=vanaf, tot=tot
        )
        for regel in regels_voor(bezoek.actor, rijen, zicht):
            if vraag.past(regel, bezoek.actor):
                if len(uit) >= aantal and not (hele_dagen and len(uit) < DAG_HOOGSTENS and _zelfde_dag(uit[-1], regel)):
                    return Gevonden(tuple(uit), uit[-1].id)
                uit.append(regel)
        if len(rijen) < STAP:
            return Gevonden(tuple(uit), None)
        na = rijen[-1].id
    return Gevonden(tuple(uit), na)


def _eigen(regel: Logregel, lezer: Actor) -> bool:
    """Wat deze lezer zelf deed: een houder niet wat een ander namens haar deed."""
    return regel.rol == lezer.rol and (lezer.rol == "houder" or regel.naam == lezer.naam)


def _zelfde_dag(regel: Logregel, volgende: Logregel) -> bool:
    return als_datum(regel.moment) == als_datum(volgende.moment)


def _moment(dag: date) -> str:
    begin = datetime.combine(dag, time(), HIER).astimezone(UTC)
    return begin.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _dag(dag: date | None) -> str:
    return "" if dag is None else dag.isoformat()
