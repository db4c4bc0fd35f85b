"""De inhoud van één resource nakijken: type, structuur, profiel, en antwoorden tegen hun vragenlijst.

Kijkt niet naar wat er al is; dat doen `verwijzingen.py` en `schrijven.py`. Ook de kern van `$validate`.
"""

from __future__ import annotations

from dataclasses import replace

from paspoort.fhir.validatie import Validator
from paspoort.fhir.vragenlijst.controle import controleer as controleer_antwoorden
from paspoort.fhir.vragenlijst.lijst import vragenlijst_van
from paspoort.fhir.vragenlijst.onondersteund import onondersteund
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.request import Json


def controleer_inhoud(validator: Validator, type: str, inhoud: Json, plek: str) -> list[Melding]:
    """Alle bevindingen; `plek` vervangt het type aan het begin van elke expression."""
    meldingen = list(validator.controleer(inhoud))
    # Een code die niet bestaat zegt niets over de andere antwoorden; een kapotte vorm wel.
    kapot = any(m.ernst == "error" and m.code != "fhir-code-onbekend" for m in meldingen)
    if type == "QuestionnaireResponse" and not kapot:
        try:
            meldingen += controleer_antwoorden(inhoud, vragenlijst_van(inhoud), validator.codes.lijst)
        except PaspoortFout as fout:
            meldingen += fout.meldingen
    if type == "Questionnaire" and not kapot:
        meldingen += onondersteund(inhoud)  # waarschuwingen: wat onze motor van deze vragenlijst laat liggen
    if plek == type:
        return meldingen
    return [replace(m, plek=plek + m.plek[len(type) :]) if m.plek and m.plek.startswith(type) else m for m in meldingen]
