"""De namen waaronder wij en anderen dingen kennen: basisadres, extensies, codestelsels, SNOMED, BSN.

Alleen constanten, en de functies die er een URL mee maken (docs/fhir-afbeelding.md).
"""

from __future__ import annotations

from typing import Final

BASIS: Final = "http://hulpmiddelenpaspoort.nl/fhir/"

BSN: Final = "http://fhir.nl/fhir/NamingSystem/bsn"
AGB: Final = "http://fhir.nl/fhir/NamingSystem/agb-z"
BIG: Final = "http://fhir.nl/fhir/NamingSystem/big"
SNOMED: Final = "http://snomed.info/sct"
LOINC: Final = "http://loinc.org"
ICF: Final = "http://hl7.org/fhir/sid/icf-nl"
UCUM: Final = "http://unitsofmeasure.org"
ACT_REASON: Final = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
ACT_CODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
OBSERVATION_VALUE: Final = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
PARTICIPATION_TYPE: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
CONDITION_CLINICAL: Final = "http://terminology.hl7.org/CodeSystem/condition-clinical"
CONDITION_VERIFICATION: Final = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
CONSENT_SCOPE: Final = "http://terminology.hl7.org/CodeSystem/consentscope"

# FHIR R4: wie een antwoord gaf als dat niet de schrijver van het geheel is.
ITEM_AUTEUR: Final = "http://hl7.org/fhir/StructureDefinition/questionnaireresponse-author"
ORGANISATIETYPE: Final = "http://terminology.hl7.org/CodeSystem/organization-type"
TEAM: Final = "team"  # Organization.type van een team, naast onze soort
HTEST: Final = "HTEST"  # meta.security van testpersonen, systeem ACT_REASON
SUBSETTED: Final = "SUBSETTED"  # meta.tag van een gedeeltelijk zicht, systeem OBSERVATION_VALUE
DIAGNOSE: Final = "282291009"  # SNOMED: diagnosis interpretation
FUNCTIONELE_BEPERKING: Final = "248536006"  # SNOMED: finding of functional performance and activity
TOESTEMMING_LOINC: Final = "59284-0"  # LOINC: consent document


def extension(id: str) -> str:
    """De URL van onze extensie, bijvoorbeeld `extension("contractvorm")`."""
    return f"{BASIS}StructureDefinition/{id}"


def profiel(type: str) -> str:
    """De URL van ons minimumprofiel van een FHIR-type."""
    return f"{BASIS}StructureDefinition/hmp-{type}"


def codestelsel(id: str) -> str:
    """De URL van ons codestelsel, bijvoorbeeld `codestelsel("taakstatus")`."""
    return f"{BASIS}CodeSystem/{id}"


def waardelijst(id: str) -> str:
    """De URL van de waardelijst bij een codestelsel."""
    return f"{BASIS}ValueSet/{id}"


def vragenlijst(id: str) -> str:
    """De URL van onze vragenlijst, zonder versie."""
    return f"{BASIS}Questionnaire/{id}"


HERKOMST: Final = codestelsel("herkomst")
TAAKSOORT: Final = codestelsel("taaksoort")
TAAKSTATUS: Final = codestelsel("taakstatus")
TAAKINVOER: Final = codestelsel("taakinvoer")
ISO9999: Final = codestelsel("iso9999")
CATEGORIE: Final = codestelsel("categorie")
DOEL: Final = codestelsel("doel")
BERICHTSOORT: Final = codestelsel("berichtsoort")
GEGEVENSGROEP: Final = codestelsel("gegevensgroep")
HERHAALTOETS_MODULE: Final = f"{BASIS}OperationDefinition/DeviceRequest-herhaaltoets"
