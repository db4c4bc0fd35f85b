"""Wat een verstrekker zelf mag kiezen in de herhaaltoets, met de standaard van herhaaltoets.md.

Alleen waarden. De wet en de normen staan in de gronden; beleid kan een termijn korter maken en een route sluiten,
nooit een houder iets onthouden zonder dat een mens besluit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from paspoort.gegeven import GEWICHT, Gegeven, Herkomst


class AdviesVereist(StrEnum):
    """Wanneer een definitief advies nodig is."""

    ALTIJD = "altijd"
    BIJ_COMPLEX = "bij-complex"
    NOOIT = "nooit"


class Doorzetten(StrEnum):
    """Wie bij route B op de knop drukt; `nooit` sluit de routes B, C en D."""

    ZELF = "zelf"
    NA_BEVESTIGING = "na-bevestiging"
    NOOIT = "nooit"


MINIMALE_HERKOMST: Mapping[str, Herkomst] = MappingProxyType(
    {
        "toekenning": Herkomst.BEVESTIGD,
        "contract": Herkomst.BEVESTIGD,
        "advies": Herkomst.BEVESTIGD,
        "bekend": Herkomst.BEVESTIGD,
        "afkeur": Herkomst.BEVESTIGD,  # het rapport moet van de leverancier zijn (B3)
        "afroep": Herkomst.BEVESTIGD,
    }
)


@dataclass(frozen=True, slots=True)
class Beleid:
    """Het beleid van één verstrekker op één moment. `verstrekker` is `Organization/id`.

    `overgenomen` zijn organisaties waarvan deze verstrekker de toekenningen overnam (verhuizing, GR);
    `verkorte_termijnen` zijn aantallen per termijncode; `prijsafspraak` de categorieën waarvoor een aanpassing binnen
    de prijsafspraak met de leverancier valt (B3).
    """

    verstrekker: str = ""
    overgenomen: frozenset[str] = frozenset()
    advies_vereist: AdviesVereist = AdviesVereist.BIJ_COMPLEX
    huur_vervangen_bij_verandering: bool = True
    doorzetten: Doorzetten = Doorzetten.NA_BEVESTIGING
    minimale_herkomst: Mapping[str, Herkomst] = field(default_factory=lambda: MINIMALE_HERKOMST)
    advies_maximaal_jaren: int | None = None
    prijsafspraak: frozenset[str] = frozenset()
    verkorte_termijnen: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def telt(self, feit: str, gegeven: Gegeven) -> bool:
        """Of de herkomst van dit gegeven zwaar genoeg is voor dit feit."""
        return gegeven.gewicht >= GEWICHT[self.minimale_herkomst.get(feit, Herkomst.ZELF)]

    @property
    def organisaties(self) -> frozenset[str]:
        """De verstrekker zelf en van wie die overnam."""
        return self.overgenomen | ({self.verstrekker} if self.verstrekker else frozenset())
