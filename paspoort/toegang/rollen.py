"""Wat elke rol binnen haar zicht mag, per gegevensgroep (toegang.md §3).

Alleen de tabel en de opzoeking. De voorwaarden hebben hier een naam; `server/access/mogen.py` en `zicht.py` toetsen ze.
Een vertegenwoordiger heeft de kolom van de houder. Wat er niet staat, mag niet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

# L lezen · S maken · W wijzigen; tussen haken wat er daarbij moet gelden.
# Lezen:   met-hen = de Task of het gesprek betreft hen zelf · eigen-taak = gaat over een Task van hen ·
#          noemt-hen = de toestemming noemt hen.
# Maken:   papier = overgenomen van een document · reactie · bezwaar · antwoord = een bericht, of de Task bij het eigen
#          verzoek · aanvraag = alleen een voorstel dat de houder moet aannemen · opmerking = een bericht erover.
# Wijzigen: eigen = zelf geschreven · eigen-taak = de Task is van hen · tot-definitief · tot-behandeld · tot-verzonden ·
#          intrekken = alleen de eigen Task afbreken · bezwaar = alleen het bezwaar erbij.
RECHTEN: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "contact": {"houder": "L W", "therapeut": "L", "verstrekker": "L", "leverancier": "L"},
        "persoon": {"houder": "L W", "therapeut": "L", "verstrekker": "L"},
        "bsn": {"houder": "L", "verstrekker": "L"},
        "gezondheid": {"houder": "L S W(eigen)", "therapeut": "L S W(eigen)", "verstrekker": "L"},
        "functioneren": {"houder": "L S W(eigen)", "therapeut": "L S W(eigen)", "verstrekker": "L"},
        "maten": {"houder": "L S W(eigen)", "therapeut": "L S W(eigen)", "verstrekker": "L", "leverancier": "L"},
        "omgeving": {"houder": "L S W(eigen)", "therapeut": "L S W(eigen)", "verstrekker": "L", "leverancier": "L"},
        "hulpmiddelen": {
            "houder": "L S W(eigen)",
            "therapeut": "L S W(eigen)",
            "verstrekker": "L S W(eigen)",
            "leverancier": "L S W(eigen)",
        },
        "advies": {
            # "reaction S W until final"; een advies op papier neemt de houder over uit een document (herhaaltoets.md)
            "houder": "L S(reactie,papier) W(eigen,tot-definitief)",
            "therapeut": "L S W(eigen,tot-definitief)",
            "verstrekker": "L S(opmerking)",
        },
        "eisen": {"houder": "L", "therapeut": "L S W(eigen,tot-definitief)", "verstrekker": "L", "leverancier": "L"},
        "plan": {"houder": "L S W", "therapeut": "L", "verstrekker": "L"},
        "verzoeken": {
            "houder": "L S W(tot-behandeld)",
            "therapeut": "S(machtiging)",
            "verstrekker": "L",
            "leverancier": "S(signaal)",
        },
        "besluiten": {"houder": "L S(papier) W(bezwaar)", "verstrekker": "L S W(eigen,tot-verzonden)"},
        "financieel": {"houder": "L S(papier)", "verstrekker": "L S W(eigen,tot-verzonden)"},
        "voortgang": {
            "houder": "L S(antwoord) W(intrekken)",
            "therapeut": "L(met-hen)",
            "verstrekker": "L S W(eigen-taak)",
            "leverancier": "L W(eigen-taak)",
        },
        "ervaringen": {
            "houder": "L S",
            "therapeut": "L",
            "verstrekker": "L(eigen-taak)",
            "leverancier": "L(eigen-taak)",
        },
        # In §3 heeft `documenten` geen regel voor anderen; de houder ziet en beheert het hele eigen paspoort (§1).
        "documenten": {"houder": "L S W(eigen)"},
        "toestemmingen": {
            "houder": "L S W",
            "therapeut": "L(noemt-hen) S(aanvraag)",
            "verstrekker": "L(noemt-hen) S(aanvraag)",
            "leverancier": "L(noemt-hen) S(aanvraag)",
        },
        "toezicht": {"houder": "L", "verstrekker": "L(eigen)", "leverancier": "L(eigen)"},
    }
)
ROLLEN: Final = frozenset({"houder", "therapeut", "verstrekker", "leverancier"})

# AuditEvent, Provenance en versies schrijft niemand zelf (§3, onder de tabel).
ONSCHRIJFBAAR: Final = frozenset({"AuditEvent", "Provenance"})

_VORM: Final = re.compile(r"([LSW])(?:\(([a-z,-]+)\))?")


@cache
def recht(groep: str, rol: str, handeling: str) -> frozenset[str] | None:
    """De voorwaarden waaronder de rol dit met de groep mag; leeg = zonder voorwaarde, None = niet.

    `handeling` is L, S of W. Bij S betekenen meer voorwaarden *een van deze*; bij L en W *alle*.
    """
    kolom = "houder" if rol == "vertegenwoordiger" else rol
    for deel in RECHTEN.get(groep, {}).get(kolom, "").split():
        gevonden = _VORM.fullmatch(deel)
        if gevonden and gevonden[1] == handeling:
            return frozenset((gevonden[2] or "").split(",")) - {""}
    return None


@cache
def leesbaar(rol: str) -> frozenset[str]:
    """De groepen die de rol mag lezen, al dan niet onder een voorwaarde."""
    return frozenset(groep for groep in RECHTEN if recht(groep, rol, "L") is not None)
