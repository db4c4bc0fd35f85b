"""Een klein paspoort waar een vervanging zonder onderzoek door mag, en de stukken die in de stroom nodig zijn.

Alles verzonnen. `paspoort()` geeft de resources bovenop `tests/conftest.py`; de rest zijn de inzendingen van de houder.
"""

from __future__ import annotations

import json
from typing import Any

from paspoort.fhir.fhirjson import schrijf
from paspoort.fhir.stelsels import codestelsel, extension
from paspoort.fhir.vragenlijst import bouw, eigen
from tests.conftest import FUNCTIES, GEMEENTE, HOUDER, LEVERANCIER, toestemming

Json = dict[str, Any]
WIE = {"reference": f"Patient/{HOUDER}"}
GEHEIM = "Verzonnen spierziekte"

ADVIES: Json = {
    "hulpvraag": "Zelfstandig door het huis kunnen.",
    "wil": ["Zelf naar de keuken kunnen."],
    "prognose": "stabiel",
    "levenslang": True,
    "stoornissen": "Weinig kracht in de benen.",
    "activiteiten": "Kan niet lopen.",
    "participatie": "Werkt thuis.",
    "persoonlijke-factoren": "Doet graag alles zelf.",
    "omgeving-woning": "Gelijkvloers, brede deuren.",
    "omgeving-vervoer": "Reist met de trein.",
    "omgeving-hulp": "Woont alleen.",
    "eerder-geprobeerd": "Een rollator, te zwaar.",
    "urgentie": "gewoon",
    "auteur-naam": "N. Verzonnen",
    "auteur-rol": "ergotherapeut",
    "registratienummer": "19000000001",
    "behandelaar": True,
    "eis": [
        {
            "eis-tekst": "Zelf kunnen draaien binnen 150 cm.",
            "eis-soort": "noodzakelijk",
            "eis-onderbouwing": "De gang is smal; anders komt zij de kamer niet in.",
            "eis-doel": "Zelf naar de keuken.",
            "eis-categorie": "11A03",
        }
    ],
}


def concept(id: str = "advies-1", **anders: Any) -> Json:
    """Een concept-advies van de therapeut, volledig ingevuld tenzij `anders` iets weghaalt."""
    kop = {
        "subject": WIE,
        "authored": "2026-03-01T10:00:00+01:00",
        "author": {"reference": f"PractitionerRole/{FUNCTIES['therapeut']}"},
    }
    inhoud = bouw(eigen("functioneel-advies"), {**ADVIES, **anders}, kop=kop)
    return {**json.loads(schrijf(inhoud)), "id": id}


def apparaat(**anders: Any) -> Json:
    """De rolstoel: gehuurd, met een leverancier."""
    return {
        "resourceType": "Device",
        "id": "rolstoel-yvonne",
        "extension": [
            {"url": extension("categorie"), "valueCode": "11A03"},
            {"url": extension("contractvorm"), "valueCode": "huur"},
            {"url": extension("leverancier"), "valueReference": {"reference": f"Organization/{LEVERANCIER}"}},
        ],
        "status": "active",
        "type": {"coding": [{"system": codestelsel("categorie"), "code": "11A03"}]},
        "deviceName": [{"name": "Rolstoel", "type": "user-friendly-name"}],
        "patient": WIE,
        **anders,
    }


def gebruik(**anders: Any) -> Json:
    """Het gebruik, verstrekt door de gemeente."""
    return {
        "resourceType": "DeviceUseStatement",
        "id": "gebruik-yvonne",
        "extension": [
            {
                "url": extension("toekenning"),
                "extension": [
                    {"url": "soort", "valueCode": "open"},
                    {"url": "besluit", "valueReference": {"reference": "DeviceRequest/besluit-2019"}},
                    {"url": "sinds", "valueDate": "2019-04-02"},
                ],
            },
            {
                "url": extension("verstrekker"),
                "extension": [
                    {"url": "organisatie", "valueReference": {"reference": f"Organization/{GEMEENTE}"}},
                    {"url": "stelsel", "valueCode": "wmo"},
                ],
            },
            {"url": extension("verstrekkingsvorm"), "valueCode": "natura"},
        ],
        "status": "active",
        "subject": WIE,
        "timingPeriod": {"start": "2019-06-03"},
        "device": {"reference": "Device/rolstoel-yvonne"},
        **anders,
    }


def besluit(**anders: Any) -> Json:
    """De beschikking van 2019, zonder einde."""
    return {
        "resourceType": "DeviceRequest",
        "id": "besluit-2019",
        "extension": [
            {"url": extension("besluitsoort"), "valueCode": "beschikking"},
            {
                "url": extension("toekenning"),
                "extension": [{"url": "soort", "valueCode": "open"}, {"url": "sinds", "valueDate": "2019-04-02"}],
            },
            {"url": extension("verstrekkingsvorm"), "valueCode": "natura"},
            {"url": extension("betreft"), "valueReference": {"reference": "DeviceUseStatement/gebruik-yvonne"}},
        ],
        "status": "active",
        "intent": "order",
        "codeCodeableConcept": {"coding": [{"system": codestelsel("categorie"), "code": "11A03"}]},
        "subject": WIE,
        "authoredOn": "2019-04-02",
        "performer": {"reference": f"Organization/{GEMEENTE}"},
        **anders,
    }


def diagnose() -> Json:
    """Een levenslange aandoening, lang geleden vastgelegd."""
    return {
        "resourceType": "Condition",
        "id": "diagnose-yvonne",
        "extension": [{"url": extension("levenslang"), "valueBoolean": True}],
        "clinicalStatus": {
            "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]
        },
        "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "282291009"}]}],
        "code": {"text": GEHEIM},
        "subject": WIE,
        "recordedDate": "2018-01-10",
    }


def maat() -> Json:
    """De zitbreedte bij deze rolstoel."""
    return {
        "resourceType": "Observation",
        "id": "zitbreedte-yvonne",
        "status": "final",
        "category": [{"coding": [{"system": codestelsel("observatiesoort"), "code": "maten"}]}],
        "code": {"coding": [{"system": codestelsel("maat"), "code": "zitbreedte"}]},
        "subject": WIE,
        "effectiveDateTime": "2019-03-01",
        "valueQuantity": {"value": 44, "unit": "cm", "system": "http://unitsofmeasure.org", "code": "cm"},
    }


async def vul(wereld: Any, herkomst: str = "bron") -> None:
    """Zet het paspoort klaar; met `herkomst="zelf"` is het alleen door de houder opgegeven."""
    await wereld.zet(HOUDER, apparaat(), gebruik(), besluit(), herkomst=herkomst)
    # import: een tweede versie van een mens zou nieuws van vandaag zijn, en dus tegenspraak
    await wereld.zet(HOUDER, diagnose(), maat(), herkomst="import")


def verzoek(**anders: Any) -> Json:
    """Er is niets veranderd: graag een nieuwe."""
    return {
        "resourceType": "DeviceRequest",
        "extension": [
            {"url": extension("aanvrager"), "valueReference": WIE},
            {"url": extension("wijziging"), "valueCode": "ongewijzigd"},
            {"url": extension("betreft"), "valueReference": {"reference": "DeviceUseStatement/gebruik-yvonne"}},
        ],
        "status": "active",
        "intent": "proposal",
        "codeCodeableConcept": {"coding": [{"system": codestelsel("categorie"), "code": "11A03"}]},
        "subject": WIE,
        "authoredOn": "2026-03-12",
        **anders,
    }


def behandeling(verzoek_: str, **anders: Any) -> Json:
    """De behandeling bij de gemeente."""
    return {
        "resourceType": "Task",
        "extension": [{"url": extension("doel"), "valueCode": "herhaalverzoek"}],
        "status": "requested",
        "intent": "order",
        "code": {"coding": [{"system": codestelsel("taaksoort"), "code": "behandeling"}]},
        "businessStatus": {"coding": [{"system": codestelsel("taakstatus"), "code": "ingediend"}]},
        "focus": {"reference": verzoek_},
        "for": WIE,
        "requester": WIE,
        "owner": {"reference": f"Organization/{GEMEENTE}"},
        "authoredOn": "2026-03-12T09:00:00+01:00",
        **anders,
    }


def inzending() -> Json:
    """Wat de houder in één keer verstuurt: verzoek, behandeling, en beide toestemmingen."""
    regels: list[Json] = []

    def voeg_toe(naam: str, inhoud: Json) -> None:
        kaal = {k: v for k, v in inhoud.items() if k != "id"}
        url = inhoud["resourceType"]
        regels.append({"fullUrl": f"urn:uuid:{naam}", "resource": kaal, "request": {"method": "POST", "url": url}})

    voeg_toe("00000000-0000-4000-8000-000000000001", verzoek())
    voeg_toe("00000000-0000-4000-8000-000000000002", behandeling("urn:uuid:00000000-0000-4000-8000-000000000001"))
    gemeente = toestemming(
        f"Organization/{GEMEENTE}",
        "herhaalverzoek",
        ("contact", "bsn", "hulpmiddelen", "eisen", "verzoeken", "besluiten", "voortgang"),
        "x",
        HOUDER,
    )
    voeg_toe("00000000-0000-4000-8000-000000000003", gemeente)
    levering = toestemming(
        f"Organization/{LEVERANCIER}",
        "levering",
        ("contact", "hulpmiddelen", "eisen", "maten", "omgeving", "voortgang"),
        "y",
        HOUDER,
    )
    betreft = [
        {"url": extension("betreft"), "valueReference": {"reference": "DeviceUseStatement/gebruik-yvonne"}},
        {"url": extension("betreft"), "valueReference": {"reference": "Device/rolstoel-yvonne"}},
    ]
    voeg_toe("00000000-0000-4000-8000-000000000004", {**levering, "status": "proposed", "extension": betreft})
    return {"resourceType": "Bundle", "type": "transaction", "entry": regels}


def uitslag_van(guidance: Json, id: str) -> Any:
    """De waarde van een enkelvoudige extensie van de uitslag."""
    gevonden = next((e for e in guidance.get("extension", []) if e["url"] == extension(id)), {})
    return next((v for k, v in gevonden.items() if k.startswith("value")), None)


def gronden_van(guidance: Json) -> list[Json]:
    """De gronden van de uitslag, elk als {feit, uitkomst, norm, tekst, bewijs}."""
    uit = []
    for e in guidance.get("extension", []):
        if e["url"] == extension("grond"):
            uit.append({d["url"]: next(v for k, v in d.items() if k.startswith("value")) for d in e["extension"]})
    return uit
