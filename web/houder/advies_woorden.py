"""De woorden van een advies voor wie het over zichzelf leest: kortere vragen, en uitleg bij vaktaal. Alleen tabellen.

De vragenlijst spreekt de taal van de therapeut; hier staat dezelfde vraag op B1 met *u*. Wat er niet in staat, houdt de
tekst van de vragenlijst.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

# item.code → de vraag zoals de houder haar leest
VRAGEN: Final[Mapping[str, str]] = {
    "diagnose": "Welke ziekte of aandoening hebt u?",
    "prognose": "Hoe gaat het waarschijnlijk verder?",
    "levenslang": "Blijft dit uw hele leven zo?",
    "verwachte-behoefte": "Wat hebt u later waarschijnlijk nodig?",
    "verwacht-wanneer": "Wanneer hebt u dat nodig?",
    "stoornissen": "Wat werkt in uw lichaam minder goed?",
    "activiteiten": "Wat lukt niet, of moeilijk?",
    "participatie": "Waaraan wilt u meedoen?",
    "persoonlijke-factoren": "Wat hoort bij u als persoon?",
    "wil-kan-mag": "Wat wilt, kunt en mag u?",
    "wil": "Wat wilt u?",
    "kan": "Wat kunt u zelf?",
    "mag": "Wat mag, en wat is te gevaarlijk?",
    "omgeving-woning": "Hoe is uw huis?",
    "omgeving-vervoer": "Hoe reist u?",
    "omgeving-werk-school": "Hoe is het op uw werk of school?",
    "omgeving-hulp": "Wie helpt u?",
    "hulpmiddelen-nu": "Wat gebruikt u nu?",
    "eerder-geprobeerd": "Wat is al geprobeerd?",
    "urgentie": "Is er haast bij?",
    "ontslagdatum": "Wanneer gaat u naar huis?",
    "complex-kenmerk": "Wat maakt het ingewikkeld?",
    "auteur-naam": "Wie schreef het?",
    "auteur-rol": "Wat is het beroep?",
    "registratienummer": "Wat is het nummer in het beroepenregister?",
    "behandelaar": "Behandelt deze persoon u ook?",
}
# koppen van adviestekst.KOPPEN → voor de houder
KOPPEN: Final[Mapping[str, str]] = {
    "deel-omgeving": "Uw huis, vervoer en hulp",
    "deel-prognose": "Hoe het verder gaat",
    "deel-functioneren": "Wat wel en niet lukt",
    "deel-gezondheid": "Uw gezondheid",
    "deel-maten": "Uw maten",
    "deel-hulpmiddelen": "Uw hulpmiddelen nu",
    "deel-advies": "Wat is geprobeerd",
}
# stam van een vakwoord → wat het is; de stam staat ergens in een woord van het advies
UITLEG: Final[tuple[tuple[str, str, str], ...]] = (
    ("transfer", "Transfer", "Van de ene plek naar de andere gaan. Bijvoorbeeld van bed naar rolstoel."),
    ("decubitus", "Decubitus", "Een wond doordat u lang op dezelfde plek zit of ligt."),
    ("drukplek", "Drukplek", "Een rode of kapotte plek op de huid, door lang zitten of liggen."),
    ("spasme", "Spasme", "Spieren die vanzelf samentrekken."),
    ("spasti", "Spasticiteit", "Spieren die vanzelf samentrekken of stijf zijn."),
    ("contractuur", "Contractuur", "Een gewricht dat niet meer helemaal buigt of strekt."),
    ("romp", "Romp", "Uw lijf zonder armen, benen en hoofd."),
    ("balans", "Balans", "Uw evenwicht: of u rechtop blijft."),
    ("progressief", "Progressief", "De ziekte wordt langzaam of snel erger."),
    ("stabiel", "Stabiel", "Het blijft ongeveer zoals het is."),
    ("dwarslaesie", "Dwarslaesie", "Een beschadiging van het ruggenmerg."),
    ("spieratrofie", "Spieratrofie", "Spieren worden dunner en zwakker."),
    ("musculaire atrofie", "Musculaire atrofie", "Spieren worden dunner en zwakker."),
    ("scoliose", "Scoliose", "Een rug die naar opzij krom staat."),
    ("orthese", "Orthese", "Een brace of spalk die een deel van het lichaam steunt."),
    ("kantelverstelling", "Kantelverstelling", "De hele zitting kan achterover, met u erin."),
    ("omgevingsbesturing", "Omgevingsbesturing", "Een apparaat om deur, lamp of telefoon te bedienen."),
    ("beademing", "Beademing", "Een apparaat dat helpt met ademen."),
    ("zelfzorg", "Zelfzorg", "Wassen, aankleden, eten en naar de wc gaan."),
    ("mobiliteit", "Mobiliteit", "Hoe u zich verplaatst."),
    ("newton", "Newton", "Een maat voor kracht. 1 newton voelt als het gewicht van een appel."),
    ("participatie", "Participatie", "Meedoen: werk, school, vrienden."),
    ("mantelzorg", "Mantelzorger", "Familie of vrienden die u helpen."),
    ("ontslag", "Ontslag", "De dag dat u uit het ziekenhuis of revalidatiecentrum gaat."),
    ("prognose", "Prognose", "Hoe het waarschijnlijk verdergaat."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Woord:
    """Een vakwoord met uitleg."""

    woord: str
    uitleg: str


def vraag_voor(code: str, tekst: str) -> str:
    """De vraag zoals de houder haar leest."""
    return VRAGEN.get(code, tekst)


def moeilijke_woorden(teksten: Iterable[str]) -> tuple[Woord, ...]:
    """Uitleg bij de vakwoorden die in deze teksten staan, op alfabet."""
    alles = " ".join(teksten).casefold()
    gevonden = {naam: uitleg for stam, naam, uitleg in UITLEG if re.search(rf"{re.escape(stam)}", alles)}
    return tuple(Woord(naam, gevonden[naam]) for naam in sorted(gevonden))
