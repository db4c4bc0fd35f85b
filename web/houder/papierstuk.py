"""Wat er van een papier in het paspoort komt: het document, het besluit, en zo nodig het hulpmiddel zelf.

Leest alleen velden die `papier.py` al nakeek; schrijft niets. Bron: docs/fhir-afbeelding.md (*Besluit*, *Document*).
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from paspoort.beschikking import Besluit, Besluitsoort
from paspoort.document import Bijlage, Document, Documentsoort
from paspoort.fhir.beschikking import naar_fhir as besluit_naar_fhir
from paspoort.fhir.document import naar_fhir as document_naar_fhir
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.hulpmiddel import gebruik_naar_fhir, hulpmiddel_naar_fhir
from paspoort.gegeven import Periode
from paspoort.hulpmiddel import (
    Gebruik,
    Hulpmiddel,
    Stelsel,
    Toekenning,
    Toekenningsoort,
    Verstrekker,
    Verstrekkingsvorm,
)
from paspoort.toestemming import HIER
from web.bezoek import Bezoek
from web.boek import Boek
from web.deur import nieuw_adres
from web.houder.kader import patient_van
from web.woorden import naam_van

ANDERS: Final = "anders"
# Wie er besluit → hoe het besluit heet en uit welke wet.
BESLUIT_BIJ: Final = {
    "gemeente": (Besluitsoort.BESCHIKKING, Stelsel.WMO),
    "gr": (Besluitsoort.BESCHIKKING, Stelsel.WMO),
    "zorgverzekeraar": (Besluitsoort.MACHTIGING, Stelsel.ZVW),
    "zorgkantoor": (Besluitsoort.TOEKENNING, Stelsel.WLZ),
    "uwv": (Besluitsoort.BESLISSING, Stelsel.UWV),
}


def hulpmiddel(bezoek: Bezoek, boek: Boek, organisaties: dict[str, tuple[str, str]]) -> tuple[list[Json], str]:
    """Het gebruik waar het over gaat; een nieuw hulpmiddel komt er met dezelfde transactie bij."""
    if bezoek.veld("hulpmiddel") != ANDERS:
        return [], f"DeviceUseStatement/{bezoek.veld('hulpmiddel')}"
    houder, ding, gebruik = f"Patient/{patient_van(bezoek)}", nieuw_adres(), nieuw_adres()
    wie = bezoek.veld("organisatie")
    stelsel = BESLUIT_BIJ[organisaties[wie][1]][1] if wie in organisaties else None
    hulpmiddel = Hulpmiddel(naam=bezoek.veld("hulpmiddel_naam"), status="active")
    nieuw = Gebruik(
        hulpmiddel=ding,
        periode=Periode(van=date.fromisoformat(bezoek.veld("op"))),
        verstrekkers=(Verstrekker(wie, stelsel),) if wie in organisaties else (),
    )
    return [
        {**hulpmiddel_naar_fhir(hulpmiddel, houder), "_fullUrl": ding},
        {**gebruik_naar_fhir(nieuw, houder), "_fullUrl": gebruik},
    ], gebruik


def document(bezoek: Bezoek, soort: Documentsoort, op: date, url: str, mediatype: str, gebruik: str) -> Json:
    """Het DocumentReference: wat het is, van wanneer, en bij welk gebruik het hoort."""
    houder = f"Patient/{patient_van(bezoek)}"
    van = f" van {bezoek.veld('wie')}" if bezoek.veld("wie") else ""
    return document_naar_fhir(
        Document(
            soort=soort,
            van=datetime.combine(op, time(12), HIER),
            omschrijving=f"{soort.value.capitalize()}{van}",
            bijlagen=(Bijlage(url, mediatype),),
            betreft=(gebruik,),
            auteurs=(houder,),
        ),
        houder,
    )


def besluit(
    bezoek: Bezoek,
    boek: Boek,
    op: date,
    tot: date | None,
    bij: str,
    gebruik: str,
    organisaties: dict[str, tuple[str, str]],
) -> Json:
    """Het besluit zoals het op papier staat; `bij` is het adres van het document."""
    wie = bezoek.veld("organisatie")
    hulpmiddel = boek.hulpmiddel_van(boek.paspoort.gebruik(gebruik))
    return besluit_naar_fhir(
        Besluit(
            soort=BESLUIT_BIJ[organisaties[wie][1]][0],
            genomen_op=op,
            door=wie,
            categorie=hulpmiddel.categorie if hulpmiddel else None,
            omschrijving=naam_van(hulpmiddel) if hulpmiddel else bezoek.veld("hulpmiddel_naam"),
            toekenning=Toekenning(Toekenningsoort(bezoek.veld("duur")), sinds=op, tot=tot),
            verstrekkingsvorm=Verstrekkingsvorm(bezoek.veld("vorm")),
            betreft=gebruik,
            documenten=(bij,),
        ),
        f"Patient/{patient_van(bezoek)}",
    )
