"""Een advies op papier of als pdf, toegevoegd door de therapeut bij een cliënt die met haar deelt.

Het document en het advies gaan in één transactie, met de datum van het papier en `uit-document`: niet door de machine
gecontroleerd, geen zegel. Zij zet het over; dat het klopt, bevestigt zij daarna zelf of een ander. Bron: issue 5 §6,
besluit 0042.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.document import Bijlage, Document, Documentsoort
from paspoort.fhir.document import naar_fhir
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst.invoertekst import datum_iso
from paspoort.toestemming import HIER
from web import adviespapier
from web.bestand import lees_bestand
from web.bezoek import Bezoek, Huis, bladzijde
from web.boek import sla_open
from web.deur import DeurFout, nieuw_adres
from web.werk import Fout, TeGast, Werkkop, te_gast, werkkop

SJABLOON: Final = "werk/advies_papier.html"
LANGSTE_NAAM: Final = 200
OUDSTE_JAAR: Final = 1950
VELDEN: Final = ("op", "wie", "waarover", "nodig")
DATUM: Final = "Vul de datum in die op het papier staat, bijvoorbeeld 9-3-2019."
TOEKOMST: Final = "Deze datum is nog niet geweest. Kijk nog eens op het papier."
TE_OUD: Final = "Deze datum is wel heel lang geleden. Kijk nog eens op het papier."
WIE: Final = "Vul in wie het advies schreef, bijvoorbeeld: ergotherapeut J. Jansen."
WIE_LANG: Final = f"Deze naam is te lang. Gebruik hoogstens {LANGSTE_NAAM} tekens."
NOG_EENS: Final = "Kies het bestand nog een keer. Dat kunnen wij niet voor u bewaren."


@dataclass(frozen=True)
class PapierContext:
    """Het formulier; wat getypt is blijft staan, het bestand niet."""

    kop: Werkkop
    gast: TeGast
    patient: str
    op: str
    wie: str
    waarover: str
    nodig: str
    vandaag: str
    fouten: tuple[Fout, ...]


def router(huis: Huis) -> APIRouter:
    """`/advies/papier/{patient}`."""
    paden = APIRouter()
    paden.add_api_route("/advies/papier/{patient}", bladzijde(huis, "therapeut", invullen), methods=["GET"])
    paden.add_api_route("/advies/papier/{patient}", bladzijde(huis, "therapeut", bewaar), methods=["POST"])
    return paden


async def invullen(bezoek: Bezoek) -> Response:
    """Het lege formulier. 404 als u niets van deze cliënt mag zien."""
    return await _toon(bezoek, ())


async def bewaar(bezoek: Bezoek) -> Response:
    """Kijk alles tegelijk na en bewaar het in één keer; daarna leest u het advies."""
    bytes_, mediatype, fout = await lees_bestand(bezoek.bestand("bestand"))
    gevonden = [Fout(fout, "bestand")] if fout else []
    op, waarom = _dag(bezoek.veld("op"))
    gevonden += [Fout(waarom, "op")] if waarom else []
    if not bezoek.veld("wie"):
        gevonden.append(Fout(WIE, "wie"))
    elif len(bezoek.veld("wie")) > LANGSTE_NAAM:
        gevonden.append(Fout(WIE_LANG, "wie"))
    gevonden += [Fout(tekst, veld) for veld, tekst in adviespapier.te_lang(bezoek)]
    if gevonden:
        return await _toon(bezoek, (*gevonden, *(() if fout else (Fout(NOG_EENS, "bestand"),))))
    document, bestand = nieuw_adres(), nieuw_adres()
    data = base64.b64encode(bytes_).decode()
    try:
        antwoord = await bezoek.deur.samen(
            {"resourceType": "Binary", "contentType": mediatype, "data": data, "_fullUrl": bestand},
            {**_document(bezoek, op, bestand, mediatype), "_fullUrl": document},
            adviespapier.advies(bezoek, _houder(bezoek), _schrijver(bezoek), op, document),
        )
    except DeurFout as nee:
        if nee.status not in (403, 422):
            raise
        return await _toon(bezoek, (*(Fout(b.tekst) for b in nee.bevindingen), Fout(NOG_EENS, "bestand")))
    plek = str(antwoord[-1].get("response", {}).get("location", "")).partition("QuestionnaireResponse/")[2]
    return bezoek.naar(f"/advies/{plek.partition('/')[0]}/lees")


def _dag(tekst: str) -> tuple[date, str]:
    """De datum van het papier, en wat er niet aan klopt."""
    try:
        gelezen = date.fromisoformat(datum_iso(tekst))
    except ValueError:
        return date.min, DATUM
    if gelezen > datetime.now(HIER).date():
        return gelezen, TOEKOMST
    return gelezen, TE_OUD if gelezen.year < OUDSTE_JAAR else ""


def moment_van(op: date, nu: datetime) -> datetime:
    """Het midden van de dag op het papier, en nooit later dan `nu` (met tijdzone): soms is het nog geen middag."""
    return min(datetime.combine(op, time(12), HIER), nu)


def _houder(bezoek: Bezoek) -> str:
    return f"Patient/{bezoek.request.path_params['patient']}"


def _schrijver(bezoek: Bezoek) -> str:
    return f"PractitionerRole/{bezoek.actor.functie}"


def _document(bezoek: Bezoek, op: date, url: str, mediatype: str) -> Json:
    """Het papier zelf; de auteur is wie het toevoegt, wie het schreef staat in woorden."""
    document = Document(
        soort=Documentsoort.ADVIES,
        van=moment_van(op, datetime.now(HIER)),
        omschrijving=f"Advies van {bezoek.veld('wie')}",
        bijlagen=(Bijlage(url, mediatype),),
        auteurs=(_schrijver(bezoek),),
    )
    return naar_fhir(document, _houder(bezoek))


async def _toon(bezoek: Bezoek, gevonden: tuple[Fout, ...]) -> Response:
    boek = await sla_open(bezoek.deur, str(bezoek.request.path_params["patient"]))
    context = PapierContext(
        kop=werkkop(bezoek, "clienten"),
        gast=te_gast(boek, bezoek.actor),
        patient=boek.paspoort.houder.id,
        **{veld: bezoek.veld(veld) for veld in VELDEN},
        vandaag=datetime.now(HIER).date().isoformat(),
        fouten=gevonden,
    )
    return bezoek.toon(SJABLOON, context, 422 if gevonden else 200)
