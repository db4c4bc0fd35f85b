"""Het paspoort als geheel: alles van één houder waar het domein over redeneert.

Een onveranderlijke waarde zonder opslag; `paspoort/fhir/paspoort.py` maakt hem uit resources. De volgorde van de
gegevens doet er nergens toe: wie één nodig heeft, kiest op datum en dan op id.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from paspoort.aanvraag import Behandeling, Opdracht, Verzoek
from paspoort.advies import Adviesstatus, FunctioneelAdvies
from paspoort.beschikking import Besluit
from paspoort.document import Document
from paspoort.ervaring import Evaluatie
from paspoort.gegeven import Gebeurtenis, Gegeven
from paspoort.gezondheid import Aandoening, Doel, Meting
from paspoort.houder import Houder, Vertegenwoordiger
from paspoort.hulpmiddel import Gebruik, Hulpmiddel
from paspoort.plan import Begeleiding, PersoonlijkPlan, Voorzieningenplan

G = TypeVar("G", bound=Gegeven)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paspoort:
    """Alles van één houder. Bevat ook wat verviel of eindigde; de regels kijken naar status en datum."""

    houder: Houder = field(default_factory=Houder)
    vertegenwoordigers: tuple[Vertegenwoordiger, ...] = ()
    aandoeningen: tuple[Aandoening, ...] = ()
    metingen: tuple[Meting, ...] = ()
    doelen: tuple[Doel, ...] = ()
    hulpmiddelen: tuple[Hulpmiddel, ...] = ()
    gebruiken: tuple[Gebruik, ...] = ()
    adviezen: tuple[FunctioneelAdvies, ...] = ()
    evaluaties: tuple[Evaluatie, ...] = ()
    plannen: tuple[PersoonlijkPlan, ...] = ()
    voorzieningenplannen: tuple[Voorzieningenplan, ...] = ()
    begeleiding: tuple[Begeleiding, ...] = ()
    verzoeken: tuple[Verzoek, ...] = ()
    besluiten: tuple[Besluit, ...] = ()
    behandelingen: tuple[Behandeling, ...] = ()
    opdrachten: tuple[Opdracht, ...] = ()
    documenten: tuple[Document, ...] = ()
    gebeurtenissen: tuple[Gebeurtenis, ...] = ()

    def hulpmiddel(self, verwijzing: str | None) -> Hulpmiddel | None:
        """Het hulpmiddel achter `Device/id`."""
        return vind(self.hulpmiddelen, verwijzing)

    def gebruik(self, verwijzing: str | None) -> Gebruik | None:
        """Het gebruik achter `DeviceUseStatement/id`."""
        return vind(self.gebruiken, verwijzing)

    @property
    def lopende_gebruiken(self) -> tuple[Gebruik, ...]:
        """Wat de houder nu gebruikt."""
        return tuple(g for g in self.gebruiken if g.status in {"active", "intended"})

    @property
    def nieuwste_adviezen(self) -> tuple[FunctioneelAdvies, ...]:
        """Definitieve adviezen die niet zijn opgevolgd of ingetrokken."""
        definitief = [a for a in self.adviezen if a.status is Adviesstatus.DEFINITIEF]
        opgevolgd = {a.vervangt for a in definitief} | self.met_gebeurtenis("ingetrokken")
        return tuple(a for a in definitief if a.verwijzing not in opgevolgd)

    def met_gebeurtenis(self, soort: str) -> set[str]:
        """`Type/id` van alles waar een gebeurtenis van deze soort bij hoort."""
        return {zonder_versie(d) for g in self.gebeurtenissen if g.soort == soort for d in g.doelen}


def vind(gegevens: tuple[G, ...], verwijzing: str | None) -> G | None:
    """Het gegeven met deze `Type/id`, of niets."""
    return next((g for g in gegevens if g.verwijzing == verwijzing), None)


def zonder_versie(verwijzing: str) -> str:
    """`Type/id` uit `Type/id/versie`."""
    return "/".join(verwijzing.split("/")[:2])
