"""De gegevensgroep van elk type, elke categorie en elk elementpad (toegang.md §2).

Alleen gegevens. Wat hier niet staat, is van niemand dan de houder: `None`. Bekende R4-elementen van een type zonder
eigen regel volgen de groep van dat type; extensies niet, die moeten hier met naam staan. `contained` en de verhalende
tekst staan hier bewust niet. Extensies heten hier naar de staart van hun URL.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# code: wat erin zit, in gewone taal
GROEPEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "contact": "naam, adres en telefoon",
        "persoon": "geboortedatum, geslacht en taal",
        "bsn": "burgerservicenummer",
        "gezondheid": "diagnoses en prognose",
        "functioneren": "wat u wel en niet kunt",
        "maten": "lichaamsmaten voor het passen",
        "omgeving": "woning, vervoer, werk of school en hulp",
        "hulpmiddelen": "uw hulpmiddelen en hoe u ze gebruikt",
        "advies": "het functioneel advies",
        "eisen": "de eisen aan het hulpmiddel",
        "plan": "uw persoonlijk plan",
        "verzoeken": "uw verzoeken",
        "besluiten": "besluiten en bezwaren",
        "financieel": "tarieven en budgetten",
        "voortgang": "hoe ver uw verzoek of levering is",
        "ervaringen": "uw ervaringen en klachten",
        "documenten": "overige documenten",
        "toestemmingen": "de toestemmingen die u gaf",
        "toezicht": "wie er meekeek",
    }
)
ALLE_GROEPEN: Final = frozenset(GROEPEN)

# Types met één groep voor de hele resource, behalve wat hieronder anders staat.
BASISGROEP: Final[Mapping[str, str]] = MappingProxyType(
    {
        "RelatedPerson": "contact",
        "CareTeam": "contact",
        "Goal": "functioneren",
        "Device": "hulpmiddelen",
        "DeviceUseStatement": "hulpmiddelen",
        "CarePlan": "besluiten",
        "Task": "voortgang",
        "Communication": "voortgang",
        "Consent": "toestemmingen",
        "AuditEvent": "toezicht",
        "GuidanceResponse": "verzoeken",
    }
)

# Condition: functionele beperking (SNOMED), en al het andere is gezondheid.
CONDITION_FUNCTIONEREN: Final = frozenset({"248536006"})

# Observation: categorie van ons; zonder die categorie telt alleen een bekende lichaamsmaat.
OBSERVATION_CATEGORIE: Final[Mapping[str, str]] = MappingProxyType({"maten": "maten", "functioneren": "functioneren"})
MAATCODES_LOINC: Final = frozenset({"8302-2", "29463-7", "3137-7", "3141-9"})  # lichaamslengte en -gewicht
MAATCODES_SNOMED: Final = frozenset({"50373000", "27113001"})

# DeviceRequest.intent: voorstel of opdracht; andere bedoelingen hebben geen groep.
DEVICEREQUEST_INTENT: Final[Mapping[str, str]] = MappingProxyType({"proposal": "verzoeken", "order": "besluiten"})

# DocumentReference.type (documentsoort). Een foto hoort bij hulpmiddelen als hij naar een hulpmiddel of gebruik wijst.
DOCUMENTSOORT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "beschikking": "besluiten",
        "brief": "besluiten",
        "advies": "advies",
        "afkeurrapport": "hulpmiddelen",
        "offerte": "financieel",
    }
)
FOTO: Final = "foto"
DOCUMENT_ANDERS: Final = "documenten"

# Communication.category (berichtsoort): afstemmen over een advies ("alignment"); elk ander bericht is een gesprek.
BERICHTSOORT: Final[Mapping[str, str]] = MappingProxyType(dict.fromkeys(("opmerking", "vraag", "antwoord"), "advies"))

# QuestionnaireResponse: de groep van de kop (author, authored, extensies …); antwoorden volgen hun vraag.
VRAGENLIJST_KOP: Final[Mapping[str, str]] = MappingProxyType(
    {
        "functioneel-advies": "advies",
        "reactie-advies": "advies",
        "verzoek": "verzoeken",
        "onderzoek": "verzoeken",
        "evaluatie": "ervaringen",
        "persoonlijk-plan": "plan",
    }
)

# Patient: alleen deze elementen; `identifier` per stelsel, alles wat hier niet staat is van de houder.
PATIENT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": "contact",
        "telecom": "contact",
        "address": "contact",
        "birthDate": "persoon",
        "gender": "persoon",
        "communication": "persoon",
        "identifier": "bsn",
    }
)
BSN_STELSELS: Final = frozenset({"http://fhir.nl/fhir/NamingSystem/bsn", "urn:oid:2.16.840.1.113883.2.4.6.3"})

# Elementen die overal, op elke diepte, een andere groep hebben dan hun resource.
OVERAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "reasonCode": "gezondheid",
        "reasonReference": "gezondheid",
        "addresses": "gezondheid",
    }
)
# Elementen die dat alleen hebben als zij een Condition noemen.
ALS_CONDITION: Final = frozenset({"supportingInfo", "supportingInformation"})
# Waarom iets gebeurde is gezondheid, ook waar R4 het `reason` noemt.
PER_PAD: Final[Mapping[str, str]] = MappingProxyType({"Provenance.reason": "gezondheid"})

# Task.input en Task.output, op de code van `type` (taakinvoer). Onbekende invoer heeft geen groep.
TAAKINVOER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "verzoek": "verzoeken",
        "hulpmiddel": "hulpmiddelen",
        "gebruik": "hulpmiddelen",
        "eisen": "eisen",
        "maat": "maten",
        "soort-opdracht": "voortgang",
        "categorie": "voortgang",
        "looptijd": "voortgang",
        "contactvoorkeur": "contact",
        "verwachte-datum": "voortgang",
        "reden-uitstel": "voortgang",
        "passing-resultaat": "voortgang",
        "uitkomst": "besluiten",
        "brief": "besluiten",
        "besluit": "besluiten",
        "opdracht": "voortgang",
        "nieuw-hulpmiddel": "hulpmiddelen",
        "nieuw-gebruik": "hulpmiddelen",
        "gronden": "verzoeken",
    }
)

# Extensies per plek; "" is de groep van de resource zelf. Alleen op precies deze plek.
EXTENSIES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({
    "Condition": {"prognose": "gezondheid", "levenslang": "gezondheid", "voorstel": ""},
    "Observation": {"voorstel": ""},
    "Goal": {"voorstel": ""},
    "Device": dict.fromkeys(
        (
            "voorzieningsoort", "categorie", "contractvorm", "maatwerk", "geleverd-op", "technische-levensduur-tot",
            "onderhoud-fabrikant-tot", "leverancier",
        ),
        "",
    ),
    "DeviceUseStatement": {
        "toekenning": "besluiten",
        **dict.fromkeys(("verstrekker", "verstrekkingsvorm", "tijdelijk", "proef", "vervangt", "voorstel"), ""),
    },
    "QuestionnaireResponse": dict.fromkeys(
        ("vervangt", "bij", "reactie-gevraagd", "betreft", "afstemming-gevraagd", "uit-document"), ""
    ),
    "Communication": {"over-eis": ""},
    # alleen wie elke groep van de vragenlijst heeft, houdt haar over (vragenlijst/projectie.py)
    **{f"QuestionnaireResponse.{'item.' * diepte}answer": {"antwoord-bron": ""} for diepte in range(1, 5)},
    "DeviceRequest": {
        "tarief": "financieel",
        **dict.fromkeys(
            (
                "aanvrager", "wijziging", "verandering", "betreft", "hoeveelheid", "onderbouwing-afwijking", "afroep",
                "aanpassing", "toetsuitslag", "besluitsoort", "toekenning", "categorie", "verstrekkingsvorm",
                "afwijking", "bezwaar", "herzien-op", "ingetrokken-op",
            ),
            "",
        ),
    },
    "Task": {
        "doel": "",
        "afwijking": "besluiten",
        # De opname, de spoed en de data van de aanvraag horen bij het verzoek, niet bij wie alleen levert.
        **dict.fromkeys(
            ("meldingsdatum", "aanvraagdatum", "opnamedatum", "ontslagdatum", "spoed", "pgb-besproken-op"), "verzoeken"
        ),
    },
    "CarePlan.activity.detail": {"budget": "financieel"},
    # Voor wie iemand handelt, hoort bij het contact; hoe ver het gaat en wat verborgen is, alleen bij de houder.
    "RelatedPerson": {"mandaatsoort": ""},
    "Consent": {"gegeven-via": "", "betreft": ""},
    "GuidanceResponse": dict.fromkeys(
        ("route", "besluit-nodig", "bespaarde-vragen", "gevraagde-vragen", "grond", "ontbreekt"), ""
    ),
})  # fmt: skip

# De delen van samengestelde extensies; een ander deel is onbekend.
EXTENSIEDELEN: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "voorstel": frozenset({"advies", "vraag", "nummer", "bij"}),
        "toekenning": frozenset({"soort", "besluit", "sinds", "tot", "reden"}),
        "verstrekker": frozenset({"organisatie", "periode", "stelsel"}),
        "afstemming-gevraagd": frozenset({"organisatie", "op"}),
        "antwoord-bron": frozenset({"wie", "wanneer", "verwijzing", "bevestigd"}),
        "proef": frozenset({"resultaat", "geslaagd"}),
        "tarief": frozenset({"bedrag", "opbouw", "looptijd", "inclusief"}),
        "afwijking": frozenset({"eis", "reden", "alternatief"}),
        "bezwaar": frozenset({"tot", "ingediend-op", "uitkomst"}),
        "grond": frozenset({"feit", "uitkomst", "norm", "tekst", "bewijs"}),
        "ontbreekt": frozenset({"feit", "wie", "tekst"}),
    }
)

# Extensies van HL7 en Nictiz die een deel van een naam, adres of code zijn: zij volgen het element waar zij bij staan.
DEEL_VAN_ELEMENT: Final = frozenset(
    {
        "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
        "http://hl7.org/fhir/StructureDefinition/humanname-own-name",
        "http://hl7.org/fhir/StructureDefinition/humanname-own-prefix",
        "http://hl7.org/fhir/StructureDefinition/humanname-partner-name",
        "http://hl7.org/fhir/StructureDefinition/humanname-partner-prefix",
        "http://hl7.org/fhir/StructureDefinition/humanname-assembly-order",
        "http://hl7.org/fhir/StructureDefinition/iso21090-EN-qualifier",
        "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-streetName",
        "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-houseNumber",
        "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-buildingNumberSuffix",
        "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-additionalLocator",
        "http://nictiz.nl/fhir/StructureDefinition/ext-AddressInformation.AddressType",
        "http://nictiz.nl/fhir/StructureDefinition/ext-CodeSpecification",
    }
)

# Elementen die ook bij een gedeeltelijk zicht blijven staan omdat de resource er niet zonder kan.
GERAAMTE: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "QuestionnaireResponse": frozenset({"questionnaire", "status", "subject"}),
    }
)
# De omschrijving bij een verwijzing kan meer zeggen dan dat er iets is; bij deze doelen hoort zij bij een groep.
REFERENTIETEKST: Final[Mapping[str, str]] = MappingProxyType({"Patient": "contact", "QuestionnaireResponse": "advies"})
# De band met het paspoort: blijft als kale verwijzing staan (toegang.md §5).
BAND: Final[Mapping[str, str]] = MappingProxyType({
    **dict.fromkeys(
        (
            "Condition", "Observation", "Goal", "DeviceUseStatement", "QuestionnaireResponse", "DeviceRequest",
            "CareTeam", "CarePlan", "DocumentReference", "Communication",
        ),
        "subject",
    ),
    "Task": "for", "RelatedPerson": "patient", "Consent": "patient", "Device": "patient", "GuidanceResponse": "subject",
})  # fmt: skip
