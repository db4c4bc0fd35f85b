"""De gronden van de herhaaltoets: elk één kleine regel met de norm die hij uitvoert.

Bron: kennis/normenkader-wegwijzer-als.md §6 (B = *Vereenvoudigen terugkerende beschikking*, N = normenkader, A = ALS).
Een grond kijkt alleen naar de waarden van de feiten en naar het beleid; onbekend is nooit genoeg. Alle gronden zijn
monotoon: een gunstiger feit maakt nooit een grond onwaar. Daarop rust wet 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from paspoort.herhaaltoets.beleid import Beleid, Doorzetten
from paspoort.herhaaltoets.feit import Waarden

LOPEND = frozenset({"open", "evaluatiemoment", "evaluatiemoment-voorbij", "einddatum"})
Regel = Callable[[Waarden, Beleid], bool]


@dataclass(frozen=True, slots=True)
class Grondregel:
    """Een grond: welke feiten hij leest, welke norm erachter zit en hoe hij in gewone taal heet."""

    code: str
    norm: str
    feiten: tuple[str, ...]
    klopt: str
    klopt_niet: str
    regel: Regel


def lopend(w: Waarden, beleid: Beleid) -> bool:
    """B1: open einde en evaluatiemoment lopen door zolang de beperking er is; een einddatum tot die dag."""
    return w.toekenning in LOPEND


def bekend(w: Waarden, beleid: Beleid) -> bool:
    """N2.1: maak onderscheid tussen een bekende en een nieuwe cliënt."""
    return w.bekend == "ja"


def ongewijzigd(w: Waarden, beleid: Beleid) -> bool:
    """N2.1.2: een herhaal- of vervangingsvraag, zonder verandering."""
    return w.soort == "ongewijzigd"


def niet_nieuw(w: Waarden, beleid: Beleid) -> bool:
    """N2.1: dezelfde zorgvraag, hooguit een andere maat of behoefte (C1)."""
    return w.soort in {"ongewijzigd", "veranderd"}


def past_bij_huur(w: Waarden, beleid: Beleid) -> bool:
    """B3 huur: vervangen en aanpassen doet de leverancier zelf; bij een verandering als het beleid dat zegt."""
    return w.soort == "ongewijzigd" or (w.soort == "veranderd" and beleid.huur_vervangen_bij_verandering)


def zelfde_categorie(w: Waarden, beleid: Beleid) -> bool:
    """B3: zolang de categorie gelijk blijft, is er geen nieuwe indicatie."""
    return w.categorie == "zelfde"


def categorie_onderbouwd(w: Waarden, beleid: Beleid) -> bool:
    """B3: een andere categorie kan met een onderbouwing van de leverancier en akkoord van de gemeente."""
    return w.categorie == "zelfde" or (w.categorie == "andere" and w.onderbouwing == "ja")


def blijvend(w: Waarden, beleid: Beleid) -> bool:
    """N2.1.2 en B1: bij blijvend gebruik staat de behoefte niet ter discussie."""
    return w.blijvend == "ja"


def geen_tegenspraak(w: Waarden, beleid: Beleid) -> bool:
    """N2.1: niets in het paspoort spreekt tegen wat de houder zegt (C1: zelfde ziekte kan een andere vraag zijn)."""
    return w.tegenspraak == "nee"


def advies_geldt(w: Waarden, beleid: Beleid) -> bool:
    """N3.1: het functioneel advies geldt; het moet er zijn als het beleid dat bij deze vraag wil."""
    return w.advies == "definitief" or (w.advies == "geen" and w.advies_nodig == "nee")


def natura(w: Waarden, beleid: Beleid) -> bool:
    """B3: alleen bij natura heeft de verstrekker een contract met de leverancier."""
    return w.vorm == "natura"


def huur(w: Waarden, beleid: Beleid) -> bool:
    """B3 huur: reparatie, aanpassing en vervanging door de leverancier zelf."""
    return w.contract == "huur"


def koop_of_huur(w: Waarden, beleid: Beleid) -> bool:
    """B3: de contractvorm is bekend. (Huur voldoet ook: dat is de lichtere afspraak.)"""
    return w.contract in {"koop", "huur"}


def aanpassing_binnen_prijs(w: Waarden, beleid: Beleid) -> bool:
    """B3 koop: aanpassen binnen de afgesproken prijs doet de leverancier, en meldt het."""
    return w.aanpassing == "ja"


def levensduur_voorbij(w: Waarden, beleid: Beleid) -> bool:
    """B3 koop: jonger dan de afgesproken technische levensduur vraagt akkoord van de gemeente."""
    return w.levensduur == "voorbij"


def geen_koop(w: Waarden, beleid: Beleid) -> bool:
    """B3: de afspraak over de levensduur geldt alleen bij koop; niet bij huur, pgb of tegemoetkoming."""
    return w.contract == "huur" or (w.contract == "nvt" and w.vorm in {"pgb", "tegemoetkoming"})


def afgekeurd(w: Waarden, beleid: Beleid) -> bool:
    """B3 koop: vervangen binnen de categorie met een afkeurrapport van de leverancier."""
    return w.afkeur == "ja"


def afroep(w: Waarden, beleid: Beleid) -> bool:
    """A: na één onderzoek staat alles in het IVP; een latere melding is een afroep."""
    return w.afroep == "ja"


def beleid_laat_toe(w: Waarden, beleid: Beleid) -> bool:
    """Beleid van de verstrekker. `nooit` betekent: elke vraag gaat naar onderzoek, tegen N2.1.2 in.

    Sluit ook C en D: anders kreeg wie minder gunstige feiten heeft een lichtere route (wet 1).
    """
    return beleid.doorzetten is not Doorzetten.NOOIT


GRONDEN: dict[str, Grondregel] = {
    g.code: g
    for g in (
        Grondregel("lopend", "B1", ("toekenning",), "Beschikking loopt", "Er loopt geen beschikking", lopend),
        Grondregel("bekend", "N2.1", ("bekend",), "Bekende cliënt", "Nog geen bekende cliënt", bekend),
        Grondregel("ongewijzigd", "N2.1.2", ("soort",), "Ongewijzigd", "Er is iets veranderd", ongewijzigd),
        Grondregel("niet-nieuw", "N2.1", ("soort",), "Dezelfde zorgvraag", "Het is een nieuwe vraag", niet_nieuw),
        Grondregel("past-bij-huur", "B3", ("soort",), "Valt binnen de huur", "Valt niet binnen de huur", past_bij_huur),
        Grondregel(
            "zelfde-categorie", "B3", ("categorie",), "Zelfde categorie", "De categorie is anders", zelfde_categorie
        ),
        Grondregel(
            "categorie-onderbouwd",
            "B3",
            ("categorie", "onderbouwing"),
            "De categorie is onderbouwd",
            "De andere categorie is niet onderbouwd",
            categorie_onderbouwd,
        ),
        Grondregel("blijvend", "N2.1.2", ("blijvend",), "Blijvend nodig", "Niet zeker dat het blijvend is", blijvend),
        Grondregel(
            "geen-tegenspraak",
            "N2.1",
            ("tegenspraak",),
            "Geen tegenspraak",
            "Nieuwe gegevens spreken het tegen",
            geen_tegenspraak,
        ),
        Grondregel(
            "advies", "N3.1", ("advies", "advies_nodig"), "Het advies geldt", "Er is geen geldig advies", advies_geldt
        ),
        Grondregel("natura", "B3", ("vorm",), "Verstrekt in natura", "Niet verstrekt in natura", natura),
        Grondregel("huur", "B3", ("contract",), "Het is huur", "Het is geen huur", huur),
        Grondregel(
            "contract", "B3", ("contract",), "De contractvorm is bekend", "De contractvorm is niet bekend", koop_of_huur
        ),
        Grondregel(
            "aanpassing",
            "B3",
            ("aanpassing",),
            "Aanpassing binnen de prijsafspraak",
            "Het is geen aanpassing binnen de prijsafspraak",
            aanpassing_binnen_prijs,
        ),
        Grondregel(
            "levensduur",
            "B3",
            ("levensduur",),
            "De levensduur is om",
            "De levensduur is nog niet om",
            levensduur_voorbij,
        ),
        Grondregel(
            "geen-koop",
            "B3",
            ("contract", "vorm"),
            "Niet gekocht",
            "Gekocht, of dat is niet bekend",
            geen_koop,
        ),
        Grondregel("afgekeurd", "B3", ("afkeur",), "Er is een afkeurrapport", "Er is geen afkeurrapport", afgekeurd),
        Grondregel(
            "afroep", "A", ("afroep",), "Staat in het voorzieningenplan", "Staat niet in een voorzieningenplan", afroep
        ),
        Grondregel(
            "beleid",
            "N2.1.2",
            (),
            "Het beleid laat dit toe",
            "Beleid van de verstrekker: altijd een onderzoek",
            beleid_laat_toe,
        ),
    )
}
