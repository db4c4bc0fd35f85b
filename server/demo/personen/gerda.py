"""Gerda Blom, alleen een beschikking op papier: een foto en een paar velden, nog door niemand bevestigd. Verzonnen.

Wat er staat telt pas als de consulent het bevestigt; tot dan zegt de toets wie dat kan doen.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from paspoort.aanvraag import Wijziging
from paspoort.beschikking import Besluit, Besluitsoort
from paspoort.document import Bijlage, Document, Documentsoort
from paspoort.gezondheid import Aandoening, Aandoeningsoort
from paspoort.hulpmiddel import Contractvorm, Stelsel, Toekenning, Toekenningsoort, Verstrekkingsvorm
from server.demo.bouwen import in_gebruik, melding, mens, om, toestemming
from server.demo.dossier import IK, Deel, Dossier
from server.demo.foto import brief
from server.demo.register import BIANCA, LINDEWAARD, NOORDERWIEL

GEMEENTE, GEBRUIK = f"Organization/{LINDEWAARD}", "DeviceUseStatement/scootmobiel"

GERDA: Final = Dossier(
    "gerda",
    (
        Deel(
            IK,
            (
                mens("Gerda Blom", date(1951, 11, 8), "female", "999900055", "Molenpad 40", "06 00 00 55 40"),
                Aandoening(
                    id="reuma",
                    omschrijving="Reuma",
                    soort=Aandoeningsoort.DIAGNOSE,
                    klinische_status="active",
                    begin=date(2009, 1, 1),
                    vastgelegd_op=date(2009, 1, 1),
                    levenslang=True,
                ),
                *in_gebruik(
                    "scootmobiel", "Scootmobiel", "12 23", date(2020, 9, 14), verstrekker=GEMEENTE, stelsel=Stelsel.WMO,
                    leverancier=f"Organization/{NOORDERWIEL}", categorie="12A05", contractvorm=Contractvorm.HUUR,
                    toekenning=Toekenning(Toekenningsoort.OPEN, "DeviceRequest/besluit-papier", date(2020, 8, 3)),
                ),
                toestemming("toestemming-gemeente", GEMEENTE, "onderzoek", "verstrekker", date(2026, 11, 16)),
                *melding(
                    "scootmobiel", "12A05", "Scootmobiel vervangen", Wijziging.ONGEWIJZIGD, date(2026, 11, 16),
                    date(2026, 12, 28), BIANCA, "Mijn scootmobiel is oud en staat steeds stil.", betreft=GEBRUIK,
                    doel="onderzoek",
                ),
            ),
        ),
        Deel(
            IK,
            (
                brief("foto-beschikking"),
                Document(
                    id="beschikking",
                    soort=Documentsoort.BESCHIKKING,
                    van=om(date(2026, 11, 15)),
                    omschrijving="Foto van de beschikking uit 2020",
                    bijlagen=(Bijlage("Binary/foto-beschikking", "image/png", "Beschikking 3 augustus 2020"),),
                    betreft=(GEBRUIK,),
                ),
                Besluit(
                    id="besluit-papier",
                    soort=Besluitsoort.BESCHIKKING,
                    genomen_op=date(2020, 8, 3),
                    door=GEMEENTE,
                    categorie="12A05",
                    omschrijving="Scootmobiel",
                    toekenning=Toekenning(Toekenningsoort.OPEN, None, date(2020, 8, 3)),
                    verstrekkingsvorm=Verstrekkingsvorm.NATURA,
                    betreft=GEBRUIK,
                    documenten=("DocumentReference/beschikking",),
                ),
            ),
            herkomst="document",
        ),
    ),
)  # fmt: skip
