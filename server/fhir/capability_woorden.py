"""De toelichting in het CapabilityStatement: waar toegang.md iets beperkt, en wat een zoekparameter doorzoekt.

Alleen tekst. Wat kan en niet kan, staat in de registry; deze zinnen zeggen het erbij voor wie aansluit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

STATEMENT: Final = (
    "Persoonlijke gezondheidsomgeving voor hulpmiddelen: één paspoort per houder, gedeeld met toestemming. "
    "Wat de vrager niet mag zien, bestaat niet: lezen geeft 404, zoeken vindt het niet."
)
TERMINOLOGIE: Final = "De codestelsels van het hulpmiddelenpaspoort. Die van anderen, zoals SNOMED CT, staan hier niet."
REST: Final = (
    "Elk antwoord is FHIR, ook een fout (OperationOutcome, alle fouten tegelijk, elk met `expression`). Een onbekende "
    "zoekparameter geeft 400, tenzij `Prefer: handling=lenient`. Over paspoorten heen zoekt u op Task (eigenaar, "
    "stand, datum) en Patient (nummer, alleen met POST _search); al het andere met `patient`."
)
BEVEILIGING: Final = (
    "OAuth 2.1 en SMART App Launch 2.2, met PKCE S256 voor iedereen; apps zonder persoon met private_key_jwt (SMART "
    "Backend Services). Zie .well-known/smart-configuration. Een scope maakt smaller wat de persoon of organisatie "
    "mag, nooit ruimer. Definities vragen geen token."
)
SYSTEEM: Final = {
    "transaction": "Alles of niets, binnen één paspoort; hoogstens 500 regels. Orde: DELETE, POST, PUT, PATCH, GET.",
    "batch": "Elke regel op zich; hoogstens 500.",
}
INTERACTIE: Final = {
    "vread": "Wie een resource voor een deel ziet, leest alleen de huidige versie.",
    "update": "Met `If-Match` of `meta.versionId`: zonder geeft 428, oud geeft 412. Een eigen id kan niet (405).",
    "patch": "JSON Patch (RFC 6902), met `If-Match`. Wie een resource voor een deel ziet, wijzigt niets (403).",
    "delete": "Alleen de houder, in het eigen paspoort. Een ander meldt een vergissing met `entered-in-error`.",
    "history-instance": "Wie een resource voor een deel ziet, krijgt alleen de huidige versie.",
    "history-type": "Binnen wat u mag zien.",
}
# (type, interactie) → wat daar bijzonder aan is (toegang.md §3, §5, §6; ontwerp.md deel 2).
PER_TYPE: Final = {
    ("Patient", "create"): "Alleen de proeftuin: een echt paspoort ontstaat als de houder voor het eerst inlogt.",
    ("Patient", "update"): "Alleen de houder, of wie de houder vertegenwoordigt. Het BSN verandert niet.",
    ("Patient", "delete"): "Alleen de proeftuin.",
    ("Patient", "search-type"): "Op BSN alleen met POST _search, zodat het nummer nergens in een adres staat.",
    ("Condition", "create"): "De houder en de therapeut.",
    ("Observation", "create"): "De houder en de therapeut.",
    ("Goal", "create"): "De houder en de therapeut.",
    (
        "Device",
        "create",
    ): "Zonder `patient` hoort het bij uw organisatie, tot het eerste gebruik het aan een paspoort bindt.",
    ("DeviceUseStatement", "create"): "Noemt een hulpmiddel dat al in een ander paspoort is, dan geeft dit 422.",
    (
        "QuestionnaireResponse",
        "create",
    ): "Wie mag schrijven hangt af van de vragenlijst: het advies is van de therapeut.",
    ("QuestionnaireResponse", "update"): "Tot het definitief is; daarna verandert het niet meer.",
    (
        "DeviceRequest",
        "create",
    ): "`proposal` van de houder; `order` van de verstrekker, of van de houder met het papier erbij.",
    ("DeviceRequest", "update"): "Een verzoek tot het behandeld is; een besluit tot het verzonden is.",
    ("Task", "search-type"): "De werkvoorraad: zonder `patient` op `owner`, `status` en datum.",
    ("Task", "create"): "De houder bij het eigen verzoek, en de verstrekker.",
    ("Task", "update"): "Wie eigenaar is zet de stand verder; de afspraken veranderen niet. De houder mag stoppen.",
    ("Consent", "create"): "Alleen de houder geeft toestemming; een ander vraagt erom (`proposed`).",
    ("Consent", "update"): "Intrekken is `status` op `inactive` zetten; het werkt bij het volgende verzoek.",
    ("Consent", "search-type"): "Een organisatie ziet alleen de toestemmingen die haar noemen.",
    ("CarePlan", "create"): "De verstrekker; de houder van papier.",
    ("CareTeam", "create"): "Alleen bij het importeren, en in de proeftuin.",
    ("Subscription", "create"): "Alleen een app, voor het onderwerp *taak gewijzigd*.",
    ("DocumentReference", "create"): "De houder; een ander alleen waar de tabel van toegang.md dat zegt.",
    ("Binary", "create"): "Hoort bij een DocumentReference: samen in een transactie, of met X-Security-Context.",
    ("Binary", "update"): "Een bestand verandert niet: plaats een nieuw.",
    ("Communication", "create"): "De houder antwoordt; een professional schrijft over een eigen taak.",
    ("RelatedPerson", "create"): "De houder vanaf 16 jaar, voor wie hij laat helpen (mandaatsoort); en bij importeren.",
    ("Provenance", "read"): "Schrijft alleen de server.",
    ("AuditEvent", "read"): "Schrijft alleen de server. De houder ziet alles, een organisatie haar eigen handelingen.",
    ("Organization", "read"): "Voor iedereen met een token.",
    ("Practitioner", "read"): "Alleen binnen een gedeeld paspoort of de eigen organisatie.",
    ("PractitionerRole", "read"): "Alleen binnen een gedeeld paspoort of de eigen organisatie.",
}
DEFINITIES: Final = {
    "StructureDefinition": "Onze profielen en extensies. Zonder token.",
    "ValueSet": "Onze waardelijsten. Zonder token.",
    "CodeSystem": "Onze codestelsels. Zonder token.",
    "SearchParameter": "Waarop te zoeken is boven op R4. Zonder token.",
    "OperationDefinition": "Onze operaties. Zonder token.",
    "CapabilityStatement": "Dit statement. Zonder token.",
}


def parameter(naam: str, expressie: str, doelen: Sequence[str]) -> str:
    """Wat een zoekparameter doorzoekt, en waar een verwijzing heen mag."""
    waarheen = f" Verwijst naar {', '.join(doelen)}." if doelen and "*" not in doelen else ""
    return f"Zoekt in `{expressie}`.{waarheen}"
