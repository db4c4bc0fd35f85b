"""Beginnen met een functioneel advies: volledig of verkort, vooraf ingevuld met wat het paspoort weet.

Schrijven: `therapeut_advies.py`. Wat vooraf ingevuld wordt, beslist `paspoort/fhir/vragenlijst`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import extension
from paspoort.fhir.vragenlijst import (
    Vragenlijst,
    advieslijsten,
    formulier,
    is_advies,
    met_begin,
    vul_voor,
)
from paspoort.fhir.waarden import verwijzing
from web.bezoek import Bezoek, Huis, bladzijde
from web.bladzijde import dag
from web.boek import Boek, sla_open
from web.therapeut_invoer import delen_van, nu_iso
from web.werk import TeGast, Werkkop, te_gast, werkkop

VOLLEDIG: Final = "Volledig advies"
# Voor een andere vragenlijst dan de volledige; haar eigen titel staat op de knop.
KORTER: Final = "Korter. Voor een andere maat of een nieuwe behoefte. De rest van het vorige advies blijft gelden."
HEEL: Final = "Alle vragen: functioneren, omgeving, prognose en het programma van eisen."


@dataclass(frozen=True, slots=True)
class Soort:
    """Een soort advies om mee te beginnen: hoeveel antwoorden er al staan, van hoeveel vragen."""

    id: str
    titel: str
    uitleg: str
    bekend: int
    vragen: int


@dataclass(frozen=True)
class NieuwContext:
    """Voor u begint: welke soorten er zijn, wat al ingevuld zal zijn, en welk advies u opvolgt."""

    kop: Werkkop
    gast: TeGast
    patient: str
    soorten: tuple[Soort, ...]
    volgt_op: str
    concept: str


def router(huis: Huis) -> APIRouter:
    """`/advies/nieuw/{patient}`."""
    paden = APIRouter()
    paden.add_api_route("/advies/nieuw/{patient}", bladzijde(huis, "therapeut", nieuw), methods=["GET"])
    paden.add_api_route("/advies/nieuw/{patient}", bladzijde(huis, "therapeut", begin), methods=["POST"])
    return paden


async def nieuw(bezoek: Bezoek) -> Response:
    """Wat er al bekend is, met één knop per soort om te beginnen."""
    boek = await sla_open(bezoek.deur, str(bezoek.request.path_params["patient"]))
    vorige = vorig_advies(boek)
    eigen_concept = _eigen_concept(boek, bezoek.actor.functie)
    context = NieuwContext(
        kop=werkkop(bezoek, "clienten"),
        gast=te_gast(boek, bezoek.actor),
        patient=boek.paspoort.houder.id,
        soorten=tuple(_soort(lijst, boek) for lijst in _te_kiezen(vorige)),
        volgt_op=dag(vorige.get("authored")) if vorige else "",
        concept=f"/advies/{eigen_concept}/bewerk" if eigen_concept else "",
    )
    return bezoek.toon("werk/advies_nieuw.html", context)


async def begin(bezoek: Bezoek) -> Response:
    """Maak het concept, vooraf ingevuld, en ga schrijven."""
    patient = str(bezoek.request.path_params["patient"])
    boek = await sla_open(bezoek.deur, patient)
    kop: Json = {
        "subject": {"reference": f"Patient/{patient}"},
        "authored": nu_iso(),
        "author": {"reference": f"PractitionerRole/{bezoek.actor.functie}"},
    }
    vorige = vorig_advies(boek)
    if vorige:
        doel = {"reference": f"QuestionnaireResponse/{vorige['id']}"}
        kop = {"extension": [{"url": extension("vervangt"), "valueReference": doel}], **kop}
    lijsten = _te_kiezen(vorige)
    lijst = next((x for x in lijsten if x.id == bezoek.veld("soort")), lijsten[0])
    response, _ = vul_voor(lijst, [*boek.inhouden.values(), *await _schrijver(bezoek)], kop=kop)
    gemaakt = await bezoek.deur.maak(met_begin(response, lijst))
    return bezoek.naar(f"/advies/{gemaakt['id']}/bewerk")


def vorig_advies(boek: Boek) -> Json | None:
    """Het nieuwste definitieve advies: het nieuwe volgt het op."""
    adviezen = boek.paspoort.nieuwste_adviezen
    nieuwste = max(adviezen, key=lambda a: (str(a.geschreven_op or ""), a.id), default=None)
    return boek.inhouden.get(nieuwste.verwijzing) if nieuwste else None


def is_eigen_concept(advies: Json, functie: str | None) -> bool:
    """Of dit een concept is dat deze persoon schrijft."""
    return advies.get("status") == "in-progress" and verwijzing(advies.get("author")) == f"PractitionerRole/{functie}"


def _te_kiezen(vorige: Json | None) -> tuple[Vragenlijst, ...]:
    """Zonder vorig advies alleen de volledige: een verkort advies leunt op wat er al stond."""
    alle = advieslijsten()
    return alle if vorige else alle[:1]


def _soort(lijst: Vragenlijst, boek: Boek) -> Soort:
    voorstel, bronnen = vul_voor(lijst, boek.inhouden.values())
    # geteld zoals straks in het concept: per veld dat een bron heeft, zonder de reactie van de houder
    velden = list(formulier(lijst, voorstel, bronnen=bronnen, alleen=delen_van(lijst)).velden())
    volledig = lijst.id == advieslijsten()[0].id
    return Soort(
        lijst.id,
        VOLLEDIG if volledig else lijst.titel,
        HEEL if volledig else KORTER,
        bekend=sum(bool(v.bronnen) for v in velden),
        vragen=len(velden),
    )


def _eigen_concept(boek: Boek, functie: str | None) -> str | None:
    concepten = [i for plek, i in boek.inhouden.items() if plek.startswith("QuestionnaireResponse/")]
    return next((str(i["id"]) for i in concepten if is_advies(i) and is_eigen_concept(i, functie)), None)


async def _schrijver(bezoek: Bezoek) -> list[Json]:
    """Wie u bent volgens het register, zodat niemand naam, beroep en nummer hoeft over te typen."""
    rol = await bezoek.deur.lees_misschien("PractitionerRole", bezoek.actor.functie or "")
    mens = (verwijzing((rol or {}).get("practitioner")) or "").removeprefix("Practitioner/")
    persoon = await bezoek.deur.lees_misschien("Practitioner", mens) if mens else None
    return [r for r in (rol, persoon) if r is not None]
