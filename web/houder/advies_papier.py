"""Een advies van papier als advies in het paspoort: van wie, van wanneer, en wat de houder er zelf uit overneemt.

Het draagt `uit-document`: niet door de machine gecontroleerd en nooit verzegeld. Leest alleen velden die `papier.py` al
nakeek; schrijft niets. Bron: issue 5 §6, docs/fhir-afbeelding.md (*Vragenlijsten*).
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import extension
from paspoort.fhir.vragenlijst import bouw, eigen
from web.bezoek import Bezoek
from web.houder.kader import Fout, patient_van

LIJST: Final = "functioneel-advies"
HOOGSTENS: Final = {"waarover": 2000, "nodig": 4000}
REGELS_HOOGSTENS: Final = 30


def advies(bezoek: Bezoek, op: date, document: str) -> Json:
    """Het advies bij dit document (`document` is het adres daarvan in dezelfde transactie)."""
    houder = {"reference": f"Patient/{patient_van(bezoek)}"}
    kop: Json = {
        "extension": [{"url": extension("uit-document"), "valueReference": {"reference": document}}],
        "subject": houder,
        "author": houder,
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


def fouten(bezoek: Bezoek) -> list[Fout]:
    """Wat er te lang is; leeg laten mag."""
    uit = [
        Fout(veld, f"Dit is te lang. Gebruik hoogstens {grens} tekens.")
        for veld, grens in HOOGSTENS.items()
        if len(bezoek.veld(veld)) > grens
    ]
    if len(regels(bezoek)) > REGELS_HOOGSTENS:
        uit.append(Fout("nodig", f"Dit zijn er te veel. Schrijf hoogstens {REGELS_HOOGSTENS} regels."))
    return uit
