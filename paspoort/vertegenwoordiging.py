"""Wanneer iemand namens een ander handelt: de leeftijden, de soorten mandaat en hoe lang zij gelden (toegang.md §7).

Zuiver: alles volgt uit wat er in het paspoort staat en uit de dag. Een verjaardag werkt dus vanzelf, zonder dat iemand
iets schrijft. Wat een mandaat laat zien en schrijven, staat in `server/access/vertegenwoordiging.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from typing import Final

from paspoort.houder import Mandaatsoort, Vertegenwoordiger, hele_jaren
from paspoort.toegang import ALLE_GROEPEN

LOGT_IN: Final = 12  # vanaf dan kijkt een kind ook zelf
ZELFSTANDIG: Final = 16  # vanaf dan gaat het paspoort alleen over wie de persoon zelf, of een rechter, aanwijst

# Wie de houder zelf aanwijst, met wat dat betekent; de andere soorten volgen uit de wet of van een rechter.
EIGEN_GIFT: Final = frozenset({Mandaatsoort.GEMACHTIGDE, Mandaatsoort.HELPER_LEZEN, Mandaatsoort.HELPER_INVULLEN})
HELPERS: Final = frozenset({Mandaatsoort.HELPER_LEZEN, Mandaatsoort.HELPER_INVULLEN})
# Wie iemand helpt, weet wie dat is.
ALTIJD: Final = "contact"

# Zo lang van tevoren zegt de startbladzijde wat er op een verjaardag verandert.
AANKONDIGEN: Final = 92


@dataclass(frozen=True, slots=True)
class Mijlpaal:
    """Een verjaardag die de toegang verandert: op welke dag, en hoe oud iemand dan wordt."""

    dag: date
    leeftijd: int


def verjaardag(geboren: date, leeftijd: int) -> date:
    """De dag waarop iemand zo oud wordt; wie op 29 februari geboren is, in een gewoon jaar op 1 maart."""
    jaar = min(geboren.year + leeftijd, MAXYEAR)
    try:
        return geboren.replace(year=jaar)
    except ValueError:
        return date(jaar, 3, 1)


def houder_kijkt_zelf(geboren: date | None, overleden: bool, dag: date) -> bool:
    """Of de houder zelf in het paspoort kan. Onder de twaalf niet, na overlijden niet; zonder geboortedatum wel."""
    return not overleden and (geboren is None or hele_jaren(geboren, dag) >= LOGT_IN)


def houder_geeft_zelf(geboren: date | None, dag: date) -> bool:
    """Of de houder zelf iemand mag aanwijzen: vanaf zestien, en alleen als dat vaststaat."""
    return geboren is not None and hele_jaren(geboren, dag) >= ZELFSTANDIG


def geldt(mandaat: Vertegenwoordiger, geboren: date | None, overleden: bool, dag: date) -> bool:
    """Of dit mandaat op deze dag toegang geeft. Wat niet in toegang.md §7 staat, geeft niets."""
    if overleden or geboren is None or mandaat.soort is None or mandaat.actief is False:
        return False
    if mandaat.periode is not None and not mandaat.periode.bevat(dag):
        return False
    zelfstandig = hele_jaren(geboren, dag) >= ZELFSTANDIG
    if mandaat.soort is Mandaatsoort.OUDER:
        return not zelfstandig
    if mandaat.soort not in EIGEN_GIFT:
        return zelfstandig
    # Wat een ander vóór de zestiende verjaardag regelde, is geen eigen gift.
    van = mandaat.periode.van if mandaat.periode else None
    return zelfstandig and van is not None and van >= verjaardag(geboren, ZELFSTANDIG)


def groepen_van(mandaat: Vertegenwoordiger) -> frozenset[str]:
    """Wat het mandaat laat zien: de genoemde groepen; zonder genoemde groepen een helper niets, een ander alles."""
    if not mandaat.groepen and mandaat.soort not in HELPERS:
        return ALLE_GROEPEN
    return (mandaat.groepen & ALLE_GROEPEN) | {ALTIJD}


def laatste_dag(mandaat: Vertegenwoordiger, geboren: date | None) -> date | None:
    """De laatste dag dat dit mandaat kan werken; None als niets het laat eindigen."""
    tot = mandaat.periode.tot if mandaat.periode else None
    if mandaat.soort is not Mandaatsoort.OUDER or geboren is None:
        return tot
    ervoor = verjaardag(geboren, ZELFSTANDIG) - timedelta(days=1)
    return ervoor if tot is None else min(tot, ervoor)


def mijlpaal(geboren: date | None, dag: date) -> Mijlpaal | None:
    """De eerstvolgende verjaardag die de toegang verandert, als die binnen drie maanden valt."""
    if geboren is None:
        return None
    for leeftijd in (LOGT_IN, ZELFSTANDIG):
        jarig = verjaardag(geboren, leeftijd)
        if dag < jarig <= dag + timedelta(days=AANKONDIGEN):
            return Mijlpaal(jarig, leeftijd)
    return None
