"""Wie voor een ander kijkt: mag deze bladzijde nu, vóór zij iets uit de opslag leest (toegang.md §7).

De deur weegt elke resource; een paar bladzijden (uitnodigingen, apps, het log) lezen zelf in de opslag. Daarom wordt
hier per adres gezegd welke groep een mandaat moet hebben, en wat een helper niet mag insturen.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from fastapi import Request

from paspoort.fouten import PaspoortFout
from server.access.actor import Actor
from server.access.vertegenwoordiging import Antwoord, bereik, houder_mag_kijken, mag_namens
from server.store.passports import Opslag

# begin van het adres → de groep waar de bladzijde over gaat
GROEPEN: Final = {"/delen": "toestemmingen", "/wie-keek-mee": "toezicht", "/wie-helpt-mij": "contact"}
# begin van het adres → wat insturen daar betekent; de eerste telt. De rest is invullen, en dat weegt de deur verder.
# Een toestemming die een helper opschrijft, wacht op de code van de houder (besluit 0030, `houder/geven.py`).
INSTUREN: Final = {
    "/delen/nieuw": "toestemming-geven",
    "/delen/uitnodiging": "toestemming-geven",
    "/delen/vraag": "toestemming-geven",
    "/delen/gevraagd": "toestemming-geven",
    "/delen/bevestig": "toestemming-geven",
    "/delen": "beslissen",
    "/wie-helpt-mij": "beslissen",
}

VOORBIJ: Final = (
    "Uw toegang is voorbij",
    ("U kunt niet meer in dit paspoort.", "Kies een ander paspoort, of log uit."),
)
OVERLEDEN: Final = ("Dit paspoort is gesloten", ("Niemand kan hier nog inloggen.", "Vragen? Bel de helpdesk."))
NIET_DIT: Final = (
    "Dit hoort niet bij uw hulp",
    ("U helpt {naam} met iets anders.", "Vraag {naam} om dit zelf te doen."),
)


async def weigering(
    opslag: Opslag, actor: Actor, request: Request, nu: datetime | None = None
) -> tuple[int, str, tuple[str, ...]] | None:
    """Status, kop en zinnen van de bladzijde die nee zegt, of None als deze houder of vertegenwoordiger verder mag."""
    nu = nu or datetime.now(UTC)
    try:
        m = await opslag.momentopname(actor.patient or "")
    except PaspoortFout as fout:
        if fout.meldingen[0].code != "niet-gevonden":
            raise
        return (404, *VOORBIJ)
    if actor.rol == "houder":
        return None if houder_mag_kijken(m, nu) else (404, *OVERLEDEN)
    mandaat = bereik(actor, m, nu)
    if mandaat is None:
        return (404, *VOORBIJ)
    pad = request.url.path
    groep = next((g for begin, g in GROEPEN.items() if pad.startswith(begin)), None)
    handeling = next((h for begin, h in INSTUREN.items() if pad.startswith(begin)), "invullen")
    antwoord: Antwoord = mag_namens(actor, m, handeling, nu) if request.method == "POST" else "ja"
    if (groep is None or groep in mandaat.groepen) and antwoord != "nee":
        return None
    kop, zinnen = NIET_DIT
    return 403, kop, tuple(zin.format(naam=actor.namens or "de houder") for zin in zinnen)
