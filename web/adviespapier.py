"""Een advies van papier als advies in het paspoort: van wie, van wanneer, en wat iemand er zelf uit overneemt.

Het draagt `uit-document`: niet door de machine gecontroleerd en nooit verzegeld. Leest de velden van het formulier van
de houder (`web/houder/papier.py`) en van de therapeut (`web/therapeut_papier.py`); schrijft niets. Bron: issue 5 §6,
docs/fhir-afbeelding.md (*Vragenlijsten*).
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import extension
from paspoort.fhir.vragenlijst import bouw, eigen
from web.bezoek import Bezoek

LIJST: Final = "functioneel-advies"
HOOGSTENS: Final = {"waarover": 2000, "nodig": 4000}
REGELS_HOOGSTENS: Final = 30


def advies(bezoek: Bezoek, houder: str, auteur: str, op: date, document: str) -> Json:
    """Het advies bij dit document (`document` is het adres daarvan in dezelfde transactie).

    `houder` en `auteur` zijn verwijzingen; de auteur is wie het overneemt, wie het schreef staat in woorden.
    """
    kop: Json = {
        "extension": [{"url": extension("uit-document"), "valueReference": {"reference": document}}],
        "subject": {"reference": houder},
        "author": {"reference": auteur},
        "authored": op.isoformat(),
    }
    waarden: dict[str, Any] = {
        "hulpvraag": bezoek.veld("waarover"),
        "auteur-naam": bezoek.veld("wie"),
        "eis": [{"eis-tekst": regel} for regel in regels(bezoek)],
    }
    return bouw(eigen(LIJST), {c: w for c, w in waarden.items() if w}, status="completed", kop=kop)


def regels(bezoek: Bezoek) -> list[str]:
    """Wat het hulpmiddel moet kunnen, één ding per regel."""
    return [r for regel in bezoek.veld("nodig").splitlines() if (r := regel.strip(" -•\t"))]


def te_lang(bezoek: Bezoek) -> list[tuple[str, str]]:
    """(veld, wat eraan te doen is) van wat te lang is; leeg laten mag."""
    uit = [
        (veld, f"Dit is te lang. Gebruik hoogstens {grens} tekens.")
        for veld, grens in HOOGSTENS.items()
        if len(bezoek.veld(veld)) > grens
    ]
    if len(regels(bezoek)) > REGELS_HOOGSTENS:
        uit.append(("nodig", f"Dit zijn er te veel. Schrijf hoogstens {REGELS_HOOGSTENS} regels."))
    return uit
