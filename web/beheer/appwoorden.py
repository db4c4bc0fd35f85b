"""Wat een app hoogstens mag, in woorden voor de beheerder.

Niet de zinnen voor de houder: die staan in `server/oauth/woorden.py`. Bron: SMART App Launch 2.2 (scopes), issue 3.
"""

from __future__ import annotations

from typing import Final

from paspoort.fouten import PaspoortFout
from server.access.inzage import WOORDEN
from server.access.scopes import ontleed_alle

NIVEAU: Final = {
    "system": "Zelf, zonder mens",
    "user": "Voor wie is ingelogd",
    "patient": "In één paspoort",
}
LETTERS: Final = {"r": "lezen", "s": "zoeken", "c": "toevoegen", "u": "wijzigen", "d": "weghalen"}
ALLES: Final = "alles waar de app recht op heeft"
# Wat in `WOORDEN` tegen de houder zelf gezegd is.
ANDERS: Final = {"Patient": "persoonsgegevens", "CareTeam": "casemanagers"}


def in_woorden(scopes: str) -> str:
    """Eén zin per niveau, zoals *Zelf, zonder mens: doelen (lezen en zoeken).* Leeg als er geen zijn."""
    try:
        gevonden, _ = ontleed_alle(scopes)
    except PaspoortFout:
        return ""
    zinnen = []
    for niveau, begin in NIVEAU.items():
        delen = []
        for s in sorted(s for s in gevonden if s.niveau == niveau):
            wat = ALLES if s.type == "*" else ANDERS.get(s.type) or WOORDEN.get(s.type, (s.type, s.type))[1]
            deel = "een deel van " if s.query else ""
            delen.append(f"{deel}{wat} ({_handelingen(s.letters)})")
        if delen:
            zinnen.append(f"{begin}: {'; '.join(delen)}.")
    return " ".join(zinnen)


def _handelingen(letters: str) -> str:
    if letters == "cruds":
        return "lezen en veranderen"
    alle = [w for x, w in LETTERS.items() if x in letters]
    return " en ".join([d for d in (", ".join(alle[:-1]), alle[-1]) if d])
