"""Hoe lang en op welke grond een organisatie haar eigen afschrift bewaart: gegevens met hun bron.

toegang.md §1 (*eigen afschrift*). Wmo 2015 art. 5.1.1 (college), 5.1.2 (aanbieder) en 5.3.4 (vijftien jaar).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Bewaring:
    """Eén regel: bij deze gebeurtenis bewaart de organisatie haar afschrift zo lang, op deze grond."""

    gebeurtenis: str
    naam: str
    grondslag: str
    jaren: int
    documentsoort: str

    def tot(self, vanaf: date) -> date:
        """De dag waarop de bewaartermijn eindigt; 29 februari wordt 28 februari."""
        try:
            return vanaf.replace(year=vanaf.year + self.jaren)
        except ValueError:
            return vanaf.replace(year=vanaf.year + self.jaren, day=28)


BEWARING: dict[str, Bewaring] = {
    b.gebeurtenis: b
    for b in (
        Bewaring("besloten", "Besluit op een verzoek", "Wmo 2015 art. 5.1.1 en 5.3.4", 15, "beschikking"),
        Bewaring("opgedragen", "Opdracht aan een leverancier", "Wmo 2015 art. 5.1.2 en 5.3.4", 15, "overig"),
        Bewaring("geleverd", "Levering van een hulpmiddel", "Wmo 2015 art. 5.1.2 en 5.3.4", 15, "overig"),
    )
}
