"""FHIR-stukken die de apps van het verhaal insturen, gemaakt uit de gepubliceerde afspraken (docs/fhir-afbeelding.md).

Elke functie geeft een nieuwe resource zonder id. Alle personen en teksten zijn verzonnen.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.verhaal.product import Json

HMP = "http://hulpmiddelenpaspoort.nl/fhir/"
SNOMED = "http://snomed.info/sct"
TERM = "http://terminology.hl7.org/CodeSystem/"
DIAGNOSE, FUNCTIONELE_BEPERKING = "282291009", "248536006"
# toegang.md §4: wat elk doel voorstelt.
GROEPEN = {
    "herhaalverzoek": "contact bsn hulpmiddelen eisen verzoeken besluiten voortgang",
    "onderzoek": "contact persoon bsn gezondheid functioneren maten omgeving hulpmiddelen advies eisen plan verzoeken "
    "besluiten voortgang",
    "advies": "contact persoon gezondheid functioneren maten omgeving hulpmiddelen advies eisen plan verzoeken "
    "besluiten voortgang ervaringen documenten",
    "levering": "contact hulpmiddelen eisen maten omgeving voortgang",
    "reparatie": "contact hulpmiddelen voortgang",
    "afstemming": "advies eisen",
}


def ext(id: str, **waarde: Any) -> Json:
    """Een eigen extensie met één waarde (`valueCode="…"`)."""
    return {"url": f"{HMP}StructureDefinition/{id}", **waarde}


def code(stelsel: str, waarde: str) -> Json:
    """Een CodeableConcept uit een eigen codestelsel."""
    return {"coding": [{"system": f"{HMP}CodeSystem/{stelsel}", "code": waarde}]}


def verwijs(plek: str) -> Json:
    """Een Reference."""
    return {"reference": plek}


def waarde_van(inhoud: Json, id: str) -> Any:
    """De waarde van de eerste eigen extensie met dit id; een samengestelde geeft haar delen per url."""
    gevonden: Json = next((e for e in inhoud.get("extension", []) if e["url"] == f"{HMP}StructureDefinition/{id}"), {})
    return _waarde(gevonden)


def alle(inhoud: Json, id: str) -> list[Any]:
    """De waarden van alle eigen extensies met dit id."""
    return [_waarde(e) for e in inhoud.get("extension", []) if e["url"] == f"{HMP}StructureDefinition/{id}"]


def _waarde(extensie: Json) -> Any:
    if "extension" in extensie:
        return {d["url"]: _waarde(d) for d in extensie["extension"]}
    return next((w for k, w in extensie.items() if k.startswith("value")), None)


def toestemming(patient: str, aan: str, doel: str, betreft: Iterable[str] = (), **anders: Any) -> Json:
    """Een Consent volgens toegang.md §4, vanaf vandaag."""
    vandaag = datetime.now(UTC).date()
    inhoud = {
        "resourceType": "Consent",
        "extension": [ext("betreft", valueReference=verwijs(b)) for b in betreft],
        "status": "active",
        "scope": {"coding": [{"system": TERM + "consentscope", "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "patient": verwijs(patient),
        "dateTime": nu(),
        "performer": [verwijs(patient)],
        "policyRule": {"coding": [{"system": TERM + "v3-ActCode", "code": "OPTIN"}]},
        "provision": {
            "type": "permit",
            "period": {"start": str(vandaag), "end": str(vandaag + timedelta(days=90))},
            "actor": [
                {
                    "role": {"coding": [{"system": TERM + "v3-ParticipationType", "code": "IRCP"}]},
                    "reference": verwijs(aan),
                }
            ],
            "purpose": [{"system": f"{HMP}CodeSystem/doel", "code": doel}],
            "securityLabel": [{"system": f"{HMP}CodeSystem/gegevensgroep", "code": g} for g in GROEPEN[doel].split()],
        },
        **anders,
    }
    return {k: w for k, w in inhoud.items() if w != []}


def verzoek(patient: str, gebruik: str, categorie: str, wijziging: str = "ongewijzigd", **anders: Any) -> Json:
    """Een DeviceRequest `proposal`: graag een nieuwe in plaats van dit gebruik."""
    return {
        "resourceType": "DeviceRequest",
        "extension": [
            ext("aanvrager", valueReference=verwijs(patient)),
            ext("wijziging", valueCode=wijziging),
            ext("betreft", valueReference=verwijs(gebruik)),
        ],
        "status": "active",
        "intent": "proposal",
        "codeCodeableConcept": code("categorie", categorie),
        "subject": verwijs(patient),
        "authoredOn": nu(),
        **anders,
    }


def behandeling(patient: str, verzoek_: str, gemeente: str, doel: str = "herhaalverzoek") -> Json:
    """De Task waarmee de gemeente aan de beurt komt."""
    return {
        "resourceType": "Task",
        "extension": [ext("doel", valueCode=doel)],
        "status": "requested",
        "intent": "order",
        "code": code("taaksoort", "behandeling"),
        "businessStatus": code("taakstatus", "ingediend"),
        "focus": verwijs(verzoek_),
        "for": verwijs(patient),
        "requester": verwijs(patient),
        "owner": verwijs(gemeente),
        "authoredOn": nu(),
    }


def antwoorden(vragenlijst: Json, waarden: Json, **kop: Any) -> Json:
    """Een QuestionnaireResponse bij een gelezen Questionnaire; `waarden` per item.code."""
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{vragenlijst['url']}|{vragenlijst['version']}",
        "status": "in-progress",
        "authored": nu(),
        "item": _items(vragenlijst["item"], waarden),
        **kop,
    }


def _items(vragen: list[Json], waarden: Json) -> list[Json]:
    uit: list[Json] = []
    for vraag in vragen:
        naam = vraag.get("code", [{}])[0].get("code")
        kop = {"linkId": vraag["linkId"], "text": vraag.get("text", "")}
        if vraag["type"] == "group" and vraag.get("repeats"):
            uit += [{**kop, "item": _items(vraag["item"], w)} for w in waarden.get(naam, [])]
        elif vraag["type"] == "group":
            if binnen := _items(vraag["item"], waarden):
                uit.append({**kop, "item": binnen})
        elif naam in waarden:
            lijst = waarden[naam] if isinstance(waarden[naam], list) else [waarden[naam]]
            uit.append({**kop, "answer": [_antwoord(vraag, w) for w in lijst]})
    return uit


def _antwoord(vraag: Json, waarde: Any) -> Json:
    match vraag["type"]:
        case "boolean":
            return {"valueBoolean": waarde}
        case "decimal":
            return {"valueDecimal": waarde}
        case "date":
            return {"valueDate": waarde}
        case "choice":
            for optie in vraag.get("answerOption", []):
                if optie.get("valueCoding", {}).get("code") == waarde:
                    return {"valueCoding": {k: w for k, w in optie["valueCoding"].items() if k != "extension"}}
            stelsel = str(vraag.get("answerValueSet", "")).split("|")[0].replace("/ValueSet/", "/CodeSystem/")
            return {"valueCoding": {"system": stelsel, "code": waarde}}
    return {"valueString": waarde}


def transactie(*regels: tuple[str, str, Json]) -> Json:
    """Een Bundle uit (fullUrl, methode, resource); een resource met id gaat naar haar eigen adres."""
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {
                "fullUrl": url,
                "resource": inhoud,
                "request": {
                    "method": methode,
                    "url": inhoud["resourceType"] + (f"/{inhoud['id']}" if methode == "PUT" else ""),
                },
            }
            for url, methode, inhoud in regels
        ],
    }


def tijdelijk() -> str:
    """Een verwijzing binnen een transactie."""
    h = secrets.token_hex(16)
    return f"urn:uuid:{h[:8]}-{h[8:12]}-4{h[13:16]}-8{h[17:20]}-{h[20:]}"


def parameters(**delen: Any) -> Json:
    """Parameters met per naam een `value[x]`, bijvoorbeeld `uitkomst={"valueCode": "doorgezet"}`."""
    return {"resourceType": "Parameters", "parameter": [{"name": n, **w} for n, w in delen.items()]}


def met_id(inhoud: Json) -> str:
    """`Type/id`."""
    return f"{inhoud['resourceType']}/{inhoud['id']}"


def nu() -> str:
    """Dit moment, zoals FHIR het schrijft."""
    return datetime.now(UTC).isoformat(timespec="seconds")
