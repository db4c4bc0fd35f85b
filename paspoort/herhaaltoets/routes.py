"""De vijf routes, lichtste eerst: per route de rijtjes gronden die samen genoeg zijn. De eerste die klopt, geldt.

herhaaltoets.md, tabel *Routes*. Zuiver rekenen op waarden; teksten en bewijs voegt `uitslag.py` toe.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from paspoort.herhaaltoets.beleid import Beleid, Doorzetten
from paspoort.herhaaltoets.feit import Waarden
from paspoort.herhaaltoets.gronden import GRONDEN


class Route(StrEnum):
    """Van licht naar zwaar; de volgorde hier is de orde A < B < C < D < E van wet 1."""

    LEVERANCIER_DIRECT = "leverancier-direct"
    DOORZETTEN = "doorzetten"
    AKKOORD_CASEMANAGER = "akkoord-casemanager"
    VERKORT_ONDERZOEK = "verkort-onderzoek"
    ONDERZOEK = "onderzoek"

    @property
    def zwaarte(self) -> int:
        """0 is het lichtst."""
        return list(Route).index(self)

    @property
    def letter(self) -> str:
        """De letter uit herhaaltoets.md."""
        return "ABCDE"[self.zwaarte]


class BesluitNodig(StrEnum):
    """Of er naast de route een besluit moet komen."""

    GEEN = "geen"
    VERLENGING = "verlenging"
    BEDRAG = "bedrag"
    WIJZIGING = "wijziging"
    NAAR_UITKOMST = "naar-uitkomst"
    NIEUW = "nieuw"


@dataclass(frozen=True, slots=True)
class Weg:
    """Eén rijtje gronden dat samen genoeg is voor een route."""

    naam: str
    gronden: tuple[str, ...]


_BASIS_A = ("bekend", "lopend", "zelfde-categorie", "natura", "geen-tegenspraak", "advies")
_BASIS_B = ("ongewijzigd", "bekend", "lopend", "zelfde-categorie", "blijvend", "advies", "geen-tegenspraak")
_BASIS_C = ("ongewijzigd", "bekend", "lopend", "blijvend", "advies", "geen-tegenspraak")

ROUTES: dict[Route, tuple[Weg, ...]] = {
    Route.LEVERANCIER_DIRECT: (
        Weg("huur", (*_BASIS_A, "huur", "past-bij-huur")),
        Weg("koop, afgekeurd", (*_BASIS_A, "ongewijzigd", "contract", "levensduur", "afgekeurd")),
        Weg("koop, aanpassing", (*_BASIS_A, "ongewijzigd", "contract", "aanpassing")),
    ),
    Route.DOORZETTEN: (
        Weg("herhaling", (*_BASIS_B, "levensduur", "beleid")),
        Weg("herhaling zonder koop", (*_BASIS_B, "geen-koop", "beleid")),
        Weg("afroep", ("bekend", "afroep", "niet-nieuw", "beleid")),
    ),
    Route.AKKOORD_CASEMANAGER: (Weg("akkoord", (*_BASIS_C, "categorie-onderbouwd", "beleid")),),
    Route.VERKORT_ONDERZOEK: (Weg("verkort", ("bekend", "lopend", "niet-nieuw", "beleid")),),
    Route.ONDERZOEK: (Weg("onderzoek", ()),),
}

# Het beleid staat niet als grond bij een route die klopt als het beleid niets te zeggen had.
STIL_ALS_KLOPT = frozenset({"beleid"})


@dataclass(frozen=True, slots=True)
class Keuze:
    """De gekozen route en de weg erheen."""

    route: Route
    weg: Weg


def kies(waarden: Waarden, beleid: Beleid) -> Keuze:
    """De lichtste route waarvan één weg helemaal klopt. Er is er altijd een: onderzoek."""
    for route, wegen in ROUTES.items():
        for weg in wegen:
            if all(GRONDEN[g].regel(waarden, beleid) for g in weg.gronden):
                return Keuze(route, weg)
    raise AssertionError("onderzoek vraagt niets en past dus altijd")


def besluit_nodig(keuze: Keuze, waarden: Waarden) -> BesluitNodig:
    """Welk besluit erbij hoort: B1 (evaluatiemoment), B3 (wijziging, mag terugwerken), N (pgb: bedrag)."""
    if keuze.route is Route.DOORZETTEN and waarden.vorm == "pgb":
        return BesluitNodig.BEDRAG
    if keuze.route is Route.DOORZETTEN and waarden.toekenning == "evaluatiemoment-voorbij":
        return BesluitNodig.VERLENGING
    return {
        Route.LEVERANCIER_DIRECT: BesluitNodig.GEEN,
        Route.DOORZETTEN: BesluitNodig.GEEN,
        Route.AKKOORD_CASEMANAGER: BesluitNodig.WIJZIGING,
        Route.VERKORT_ONDERZOEK: BesluitNodig.NAAR_UITKOMST,
        Route.ONDERZOEK: BesluitNodig.NIEUW,
    }[keuze.route]


def gaat_vanzelf(keuze: Keuze, beleid: Beleid) -> bool:
    """Of er geen mens hoeft te bevestigen: route A altijd, B als het beleid `zelf` zegt. Nooit iets ongunstigs."""
    return keuze.route is Route.LEVERANCIER_DIRECT or (
        keuze.route is Route.DOORZETTEN and beleid.doorzetten is Doorzetten.ZELF
    )


def eerste_hindernis(route: Route, waarden: Waarden, beleid: Beleid) -> str | None:
    """Waarom een lichtere route niet kan: op de weg die het verst komt, de eerste grond die niet klopt."""
    beste: tuple[int, int, str] | None = None
    for weg in ROUTES[route]:
        fout = [(plek, g) for plek, g in enumerate(weg.gronden) if not GRONDEN[g].regel(waarden, beleid)]
        if not fout:
            return None
        plek, grond = fout[0]
        # Het verst komt wie de minste hindernissen heeft, en dan wie pas het laatst struikelt.
        kandidaat = (len(fout), -plek, grond)
        if beste is None or kandidaat[:2] < beste[:2]:
            beste = kandidaat
    return beste[2] if beste else None
