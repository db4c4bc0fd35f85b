"""Wanneer een vraag complex is: zeven kenmerken, één is genoeg (Wegwijzer tip 1).

Bij twijfel casemanagement. Stelt alleen vast; wie de casemanager wordt, regelt de verstrekker (N1.1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from paspoort.aanvraag import Verzoek
from paspoort.gezondheid import Aandoeningsoort, Prognose
from paspoort.hulpmiddel import Stelsel
from paspoort.paspoort import Paspoort

VOLWASSEN = 18


@dataclass(frozen=True, slots=True)
class Kenmerk:
    """Eén kenmerk dat speelt, met de versies waar het op rust."""

    code: str
    tekst: str
    bewijs: tuple[str, ...] = ()


def kenmerken(paspoort: Paspoort, verzoek: Verzoek | None, vandaag: date) -> tuple[Kenmerk, ...]:
    """De kenmerken die op deze dag spelen, in vaste volgorde; leeg betekent: niet complex."""
    gevonden = (regel(paspoort, verzoek, vandaag) for regel in REGELS)
    return tuple(kenmerk for kenmerk in gevonden if kenmerk is not None)


def domeinoverstijgend(paspoort: Paspoort, verzoek: Verzoek | None, vandaag: date) -> Kenmerk | None:
    """W tip 1: hulpmiddelen uit meer dan één wet tegelijk."""
    stelsels: dict[Stelsel, str] = {}
    for gebruik in paspoort.lopende_gebruiken:
        verstrekker = gebruik.verstrekker_op(vandaag)
        if verstrekker and verstrekker.stelsel and verstrekker.stelsel is not Stelsel.EIGEN:
            stelsels.setdefault(verstrekker.stelsel, gebruik.bewijs)
    if len(stelsels) < 2:
        return None
    namen = " en ".join(s.value.capitalize() if s is not Stelsel.UWV else "UWV" for s in sorted(stelsels))
    return Kenmerk(
        "domeinoverstijgend", f"Hulpmiddelen uit meer dan één wet: {namen}.", tuple(sorted(stelsels.values()))
    )


def progressief(paspoort: Paspoort, verzoek: Verzoek | None, vandaag: date) -> Kenmerk | None:
    """W tip 1: een ziekte die steeds verder gaat."""
    bewijs = [a.bewijs for a in paspoort.aandoeningen if a.geldt and a.prognose is Prognose.PROGRESSIEF]
    bewijs += [a.bewijs for a in paspoort.nieuwste_adviezen if a.prognose is Prognose.PROGRESSIEF]
    return Kenmerk("progressief", "De beperking neemt toe.", tuple(sorted(bewijs))) if bewijs else None


def multimorbiditeit(paspoort: Paspoort, verzoek: Verzoek | None, vandaag: date) -> Kenmerk | None:
    """W tip 1: meer dan één ziekte tegelijk."""
    bewijs = [a.bewijs for a in paspoort.aandoeningen if a.geldt and a.soort is Aandoeningsoort.DIAGNOSE]
    return (
        Kenmerk("multimorbiditeit", "Er spelen meer aandoeningen.", tuple(sorted(bewijs))) if len(bewijs) > 1 else None
    )


def kind(paspoort: Paspoort, verzoek: Verzoek | None, vandaag: date) -> Kenmerk | None:
    """W tip 1: een kind groeit."""
    leeftijd = paspoort.houder.leeftijd(vandaag)
    if leeftijd is None or leeftijd >= VOLWASSEN:
        return None
    return Kenmerk("kind", "Het gaat om een kind.", (paspoort.houder.bewijs,))


def afwijking(paspoort: Paspoort, verzoek: Verzoek | None, vandaag: date) -> Kenmerk | None:
    """W tip 1: bewust afwijken van de standaard contractafspraken."""
    if verzoek is None or not verzoek.onderbouwing_afwijking:
        return None
    return Kenmerk("contractafwijking", "Er is iets anders nodig dan standaard is afgesproken.", (verzoek.bewijs,))


def partij(paspoort: Paspoort, verzoek: Verzoek | None, vandaag: date) -> Kenmerk | None:
    """W tip 1: een van de partijen vindt het complex; hier: de adviseur, in het laatste advies."""
    bewijs = [a.bewijs for a in paspoort.nieuwste_adviezen if a.complexe_kenmerken]
    return Kenmerk("partij", "De adviseur noemt de vraag complex.", tuple(sorted(bewijs))) if bewijs else None


def revalidatie(paspoort: Paspoort, verzoek: Verzoek | None, vandaag: date) -> Kenmerk | None:
    """W tip 1: een revalidatiecentrum is betrokken (N2.3: ook vóór het ontslag)."""
    bewijs = [
        a.bewijs for a in paspoort.nieuwste_adviezen if a.schrijver is not None and a.schrijver.rol == "revalidatiearts"
    ]
    bewijs += [b.bewijs for b in paspoort.behandelingen if b.open and b.opnamedatum is not None]
    return Kenmerk("revalidatie", "Een revalidatiecentrum is betrokken.", tuple(sorted(bewijs))) if bewijs else None


REGELS: tuple[Callable[[Paspoort, Verzoek | None, date], Kenmerk | None], ...] = (
    domeinoverstijgend,
    progressief,
    multimorbiditeit,
    kind,
    afwijking,
    partij,
    revalidatie,
)
