"""Doelen: wat een toestemming voorstelt, aan wie, en tot wanneer (toegang.md §4).

Alleen de tabel. De houder mag groepen weghalen; wie er een toevoegt, doet dat zichtbaar in de toestemming zelf.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from paspoort.toegang.groepen import ALLE_GROEPEN


def _g(tekst: str) -> frozenset[str]:
    return frozenset(tekst.split())


@dataclass(frozen=True, slots=True)
class Doel:
    """Eén doel. `groepen` per rol die het kan krijgen; `betreft`: hulpmiddelen alleen voor zover genoemd.

    De einddatum is die van een toestemming die nu begint; `na` zegt welke gebeurtenis hem bij het sluiten verzet.
    """

    code: str
    naam: str
    groepen: Mapping[str, frozenset[str]]
    dagen: int
    na: str | None = None
    dagen_na: int | None = None
    betreft: bool = False


_ONDERZOEK: Final = _g(
    "contact persoon bsn gezondheid functioneren maten omgeving hulpmiddelen advies eisen plan verzoeken besluiten "
    "voortgang"
)

DOELEN: Final[Mapping[str, Doel]] = MappingProxyType(
    {
        d.code: d
        for d in (
            Doel("onderzoek", "uw verzoek onderzoeken", {"verstrekker": _ONDERZOEK}, 365, "besluit", 42),
            Doel(
                "herhaalverzoek",
                "uw herhaalverzoek afhandelen",
                {"verstrekker": _g("contact bsn hulpmiddelen eisen verzoeken besluiten voortgang")},
                365,
                "besluit",
                42,
            ),
            Doel(
                "advies",
                "een functioneel advies maken",
                {"therapeut": ALLE_GROEPEN - _g("bsn financieel toezicht toestemmingen")},
                183,
            ),
            Doel(
                "levering",
                "uw hulpmiddel leveren",
                {"leverancier": _g("contact hulpmiddelen eisen maten omgeving voortgang")},
                365,
                "levering",
                92,
                betreft=True,
            ),
            Doel(
                "reparatie",
                "uw hulpmiddel repareren",
                {"leverancier": _g("contact hulpmiddelen voortgang")},
                30,
                betreft=True,
            ),
            Doel(
                "afstemming",
                "het advies samen bespreken",
                {"verstrekker": _g("advies eisen"), "leverancier": _g("advies eisen")},
                30,
            ),
            Doel(
                "verhuizing",
                "uw hulpmiddelen meenemen bij een verhuizing",
                {
                    "verstrekker": _g("contact bsn hulpmiddelen besluiten eisen omgeving"),
                    "leverancier": _g("contact hulpmiddelen eisen maten"),
                },
                92,
            ),
        )
    }
)


def groepen_van_doel(doel: str | None, rol: str) -> frozenset[str]:
    """De groepen die dit doel aan deze rol voorstelt; een onbekend doel of een andere rol geeft niets."""
    gevonden = DOELEN.get(doel or "")
    return gevonden.groepen.get(rol, frozenset()) if gevonden else frozenset()
