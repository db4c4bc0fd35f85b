"""De bedrijfsregels bij schrijven, één bestand per onderwerp. Wie dit pakket laadt, meldt ze alle aan.

De haak zelf is `server/fhir/regels.py`; wie iets mag, staat in `server/access/mogen.py`.
"""

from server.fhir.rules import (
    abonnement,
    advies,
    bericht,
    gesprek,
    levering,
    mandaat,
    taak,
    toestemming,
    verzoek,
    voorstel,
)

__all__ = [
    "abonnement",
    "advies",
    "bericht",
    "gesprek",
    "levering",
    "mandaat",
    "taak",
    "toestemming",
    "verzoek",
    "voorstel",
]
