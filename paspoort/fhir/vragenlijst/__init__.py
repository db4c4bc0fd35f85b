"""De vragenlijsten: ontleden, controleren, projecteren, vooraf invullen, lezen en als formulier tonen.

Zuivere functies op FHIR-JSON; geen HTTP, geen opslag. Wie wat mag zien beslist `server/access`.
"""

from paspoort.fhir.vragenlijst.advies import adviescheck, diagnosetermen
from paspoort.fhir.vragenlijst.antwoorden import Antwoorden, Bron, Gegeven, antwoorden, bouw
from paspoort.fhir.vragenlijst.controle import controleer, ontbrekend
from paspoort.fhir.vragenlijst.extractie import haal_uit, regels_van
from paspoort.fhir.vragenlijst.formulier import formulier
from paspoort.fhir.vragenlijst.invoer import Knop, knop, uit_formulier
from paspoort.fhir.vragenlijst.lijst import Keuze, Vraag, Vragenlijst, eigen, laad, met_versie, vragenlijst_van
from paspoort.fhir.vragenlijst.onondersteund import onondersteund
from paspoort.fhir.vragenlijst.projectie import groepen_van, projecteer
from paspoort.fhir.vragenlijst.rekenen import met_begin
from paspoort.fhir.vragenlijst.soort import advieslijsten, is_advies, lijst_van
from paspoort.fhir.vragenlijst.veld import (
    Deel,
    Formulier,
    Foutregel,
    Groep,
    Herhaling,
    Optie,
    Tekst,
    Toon,
    Veld,
)
from paspoort.fhir.vragenlijst.verschil import Verschil, verschil
from paspoort.fhir.vragenlijst.vullen import (
    Bespaarvraag,
    al_bekend,
    beantwoordt,
    bespaard,
    bespaarvragen,
    bronnen_van,
    keuzes_uit,
    onbekende_bronnen,
    vul_voor,
)

__all__ = [
    "Antwoorden",
    "Bespaarvraag",
    "Bron",
    "Deel",
    "Formulier",
    "Foutregel",
    "Gegeven",
    "Groep",
    "Herhaling",
    "Keuze",
    "Knop",
    "Optie",
    "Tekst",
    "Toon",
    "Veld",
    "Verschil",
    "Vraag",
    "Vragenlijst",
    "adviescheck",
    "advieslijsten",
    "al_bekend",
    "antwoorden",
    "beantwoordt",
    "bespaard",
    "bespaarvragen",
    "bouw",
    "bronnen_van",
    "controleer",
    "diagnosetermen",
    "eigen",
    "formulier",
    "groepen_van",
    "haal_uit",
    "is_advies",
    "keuzes_uit",
    "knop",
    "laad",
    "lijst_van",
    "met_begin",
    "met_versie",
    "onbekende_bronnen",
    "onondersteund",
    "ontbrekend",
    "projecteer",
    "regels_van",
    "uit_formulier",
    "verschil",
    "vragenlijst_van",
    "vul_voor",
]
