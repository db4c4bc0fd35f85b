"""Hangt een eis samen met de rest? De onderbouwing zegt iets nieuws, en het doel staat ook in deel 1 of het paspoort.

Vergelijkt woorden op hun stam; begrijpt geen zinnen. Bij twijfel is er verband: een waarschuwing te veel leest niemand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Final

from paspoort.adviescheck_taal import eistaal
from paspoort.adviescheck_woorden import WOORD, kaal

UITGANGEN: Final = ("ingen", "ing", "heden", "heid", "en", "de", "te", "t", "e", "s", "n")


def herhaalt(onderbouwing: str, eis: str) -> bool:
    """Of de onderbouwing met andere volgorde of leestekens alleen de eis nog eens zegt."""
    nieuw, oud = _stammen(onderbouwing), _stammen(eis)
    return bool(nieuw) and nieuw <= oud


def mager(onderbouwing: str) -> bool:
    """Of er in de onderbouwing niets staat dat iets uitlegt: ‘is nodig’, ‘zie boven’."""
    return not _stammen(onderbouwing)


def past_bij(doel: str, genoemd: Collection[str]) -> bool:
    """Of een doel of probleem terug te vinden is in wat genoemd is: minstens één inhoudswoord is hetzelfde."""
    return any(_verwant(a, b) for a in _stammen(doel) for b in genoemd)


def stammen(teksten: Iterable[str]) -> frozenset[str]:
    """De stammen van alle inhoudswoorden van deze teksten."""
    return frozenset().union(*(_stammen(tekst) for tekst in teksten))


def _stammen(tekst: str) -> frozenset[str]:
    """De inhoudswoorden, zonder uitgang."""
    leeg = _leeg()
    return frozenset(_stam(w) for w in WOORD.findall(kaal(tekst)) if len(w) > 2 and w not in leeg)


@lru_cache(maxsize=1)
def _leeg() -> frozenset[str]:
    doet_ertoe = {"zitten", "liggen", "rijden", "rijdt", "vervoeren", "bedienen", "binnen", "buiten", "zit", "ligt"}
    return (eistaal().leeg - doet_ertoe) | eistaal().zegt_niets


def _stam(woord: str) -> str:
    """Ruwe stam: verplaatsen, verplaatst en verplaats worden hetzelfde."""
    for uitgang in UITGANGEN if woord.endswith(UITGANGEN) else ():
        if woord.endswith(uitgang) and len(woord) - len(uitgang) >= 4:
            return woord[: -len(uitgang)]
    return woord


def _verwant(a: str, b: str) -> bool:
    """Gelijk, of het ene woord zit in het andere (rijden, autorijden), of zij beginnen hetzelfde."""
    kort, lang = sorted((a, b), key=len)
    return kort == lang or (len(kort) >= 4 and (kort in lang or (len(kort) >= 5 and kort[:5] == lang[:5])))
