"""Zoeken in een lijst keuzes zoals mensen typen: hoofdletters en accenten tellen niet, elk woord moet erin staan.

`web/static/vragenlijst.js` doet hetzelfde in de browser.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

TE_VEEL: Final = 20  # meer uitkomsten dan iemand leest: dan een woord erbij


def vind(term: str, keuzes: Mapping[str, str]) -> list[str]:
    """De optiewaarden waarvan code en tekst samen elk woord van `term` bevatten; wat ermee begint staat voorop."""
    woorden = _kaal(term).split()
    if not woorden:
        return []
    gevonden = []
    for nummer, (waarde, tekst) in enumerate(keuzes.items()):
        kaal = _kaal(f"{waarde} {tekst}")
        if all(woord in kaal for woord in woorden):
            begint = _kaal(tekst).startswith(woorden[0]) or _kaal(waarde).startswith(woorden[0])
            gevonden.append((not begint, nummer, waarde))
    return [waarde for _, _, waarde in sorted(gevonden)]


def _kaal(tekst: str) -> str:
    return "".join(t for t in unicodedata.normalize("NFKD", tekst.casefold()) if not unicodedata.combining(t))
