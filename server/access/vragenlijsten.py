"""Vragenlijsten die alleen in het register staan, één keer ontleed per momentopname. Bepaalt zelf geen zicht."""

from __future__ import annotations

from paspoort.fhir.vragenlijst.lijst import Vragenlijst, laad
from paspoort.fouten import PaspoortFout
from server.access.gronden import onthoud
from server.store.register import Register


def register_vragenlijst(register: Register, canonical: object) -> Vragenlijst | None:
    """De vragenlijst met dit adres, of None."""
    lijsten = onthoud(register.momentopname, "vragenlijsten", lambda: _ontleed(register))
    return next((lijst for lijst in lijsten if lijst.hoort_bij(canonical)), None)


def _ontleed(register: Register) -> tuple[Vragenlijst, ...]:
    uit = []
    for versie in register.van_type("Questionnaire"):
        try:
            uit.append(laad(versie.inhoud))
        except PaspoortFout:
            continue  # een kapotte vragenlijst laat niemand iets zien
    return tuple(uit)
