"""De slechte inzendingen van `test_slechte_invoer.py`, per klasse een tabel: wat de houder stuurt en wat zij terugkrijgt."""

# ruff: noqa: E501 - één geval per regel leest als tabel
# fmt: off

from __future__ import annotations

from typing import Any, NamedTuple

from tests.verhaal import stukken as s
from tests.verhaal.product import Json

MERK = "ZwerfWoord7"  # staat in elke slechte inzending en mag daarna nergens in het log staan


class Geval(NamedTuple):
    """Een inzending van de houder, en wat zij terug hoort te krijgen. Bij `plek` None is er geen element om te noemen."""

    naam: str
    pad: str
    inhoud: Any  # bytes, Json, of een functie van het patiënt-id
    status: int
    code: str
    plek: str | None = None
    methode: str = "POST"
    koppen: dict[str, str] = {}  # noqa: RUF012


def apparaat(p: str, **anders: Any) -> Json:
    inhoud = {
        "resourceType": "Device", "status": "active", "patient": s.verwijs(p),
        "type": s.code("categorie", "11A03"), "deviceName": [{"name": MERK, "type": "user-friendly-name"}],
    }  # fmt: skip
    return {k: w for k, w in (inhoud | anders).items() if w is not None}


def aandoening(p: str, **anders: Any) -> Json:
    inhoud = {
        "resourceType": "Condition", "subject": s.verwijs(p), "code": {"text": MERK},
        "clinicalStatus": {"coding": [{"system": s.TERM + "condition-clinical", "code": "active"}]},
        "category": [{"coding": [{"system": s.SNOMED, "code": s.DIAGNOSE}]}],
    }  # fmt: skip
    return {k: w for k, w in (inhoud | anders).items() if w is not None}


def gebruik(p: str, **anders: Any) -> Json:
    return {
        "resourceType": "DeviceUseStatement", "status": "active", "subject": s.verwijs(p),
        "device": {"reference": "Device/bestaat-niet"}, "note": [{"text": MERK}],
    } | anders  # fmt: skip


def antwoord(p: str, lijst: str, *items: Json, **anders: Any) -> Json:
    return {
        "resourceType": "QuestionnaireResponse", "status": "completed", "subject": s.verwijs(p),
        "questionnaire": f"{s.HMP}Questionnaire/{lijst}|1.0.0", "authored": s.nu(), "item": list(items),
    } | anders  # fmt: skip


def item(nummer: str, *waarden: Json) -> Json:
    return {"linkId": nummer, "answer": list(waarden)}


TEKST = {"valueString": MERK}

JSON = (
    Geval("haakje te weinig", "Device", b'{"resourceType":"Device"', 400, "json-kapot"),
    Geval("lege inhoud", "Device", b"", 400, "geen-inhoud"),
    Geval("een lijst", "Device", b"[1,2]", 400, "json-geen-object"),
    Geval("geen UTF-8", "Device", b'{"resourceType":"\xff\xfe"}', 400, "json-geen-utf8"),
    Geval("naam dubbel", "Device", b'{"resourceType":"Device","status":"active","status":"x"}', 400, "json-dubbel"),
    Geval("geen getal", "Observation", b'{"resourceType":"Observation","valueQuantity":{"value":NaN}}', 400, "json-"),
    Geval("komma te veel", "Device", b'{"resourceType":"Device",}', 400, "json-kapot"),
)
VORM = (
    Geval("onbekend element", "Device", lambda p: apparaat(p, kleur=MERK), 400, "fhir-element-onbekend", "Device.kleur"),
    Geval("lijst waar er één hoort", "Device", lambda p: apparaat(p, serialNumber=[MERK]), 400, "fhir-geen-lijst", "Device.serialNumber"),
    Geval("één waar een lijst hoort", "Device", lambda p: apparaat(p, deviceName={"name": MERK, "type": "other"}), 400, "fhir-lijst-nodig", "Device.deviceName"),
    Geval("datum bestaat niet", "Condition", lambda p: aandoening(p, recordedDate="2026-02-30"), 400, "fhir-datum", "Condition.recordedDate"),
    Geval("twee keuzes tegelijk", "Condition", lambda p: aandoening(p, onsetString=MERK, onsetDateTime="2019"), 400, "fhir-keuze-dubbel", "Condition.onset"),
    Geval("leeg element", "Device", lambda p: apparaat(p, note=[{}]), 400, "fhir-leeg", "Device.note"),
    Geval("verplicht ontbreekt", "DeviceUseStatement", lambda p: {k: w for k, w in gebruik(p).items() if k != "device"}, 422, "fhir-verplicht", "DeviceUseStatement.device"),
    Geval("ander type dan het adres", "Device", lambda p: aandoening(p), 400, "type-anders"),
    Geval("type bestaat niet", "Fiets", {"resourceType": "Fiets"}, 404, "type-onbekend"),
)
CODES = (
    Geval("status van een apparaat", "Device", lambda p: apparaat(p, status="kapot"), 422, "fhir-code-onbekend", "Device.status"),
    Geval("klinische status", "Condition", lambda p: aandoening(p, clinicalStatus={"coding": [{"system": s.TERM + "condition-clinical", "code": "weg"}]}), 422, "fhir-", "Condition.clinicalStatus"),
    Geval("eigen extensie, vreemde code", "Device", lambda p: apparaat(p, extension=[s.ext("contractvorm", valueCode="ruil")]), 422, "fhir-code", "Device.extension"),
    Geval("extensie die niet bestaat", "Device", lambda p: apparaat(p, extension=[s.ext("kleurtje", valueString=MERK)]), 422, "fhir-extensie-onbekend", "Device.extension"),
    Geval("extensie op de verkeerde plek", "Condition", lambda p: aandoening(p, extension=[s.ext("contractvorm", valueCode="huur")]), 422, "fhir-extensie-plaats", "Condition.extension"),
    Geval("prognose", "Condition", lambda p: aandoening(p, extension=[s.ext("prognose", valueCode="slecht")]), 422, "fhir-code", "Condition.extension"),
    Geval("status van gebruik", "DeviceUseStatement", lambda p: gebruik(p, status="bezig"), 422, "fhir-code-onbekend", "DeviceUseStatement.status"),
)
VERWIJZINGEN = (
    Geval("bestaat niet", "DeviceUseStatement", lambda p: gebruik(p), 422, "referentie-onbekend", "DeviceUseStatement.device"),
    Geval("verkeerd doel", "DeviceUseStatement", lambda p: gebruik(p, device=s.verwijs(p)), 422, "fhir-verwijzing-doel", "DeviceUseStatement.device"),
    Geval("verkeerde vorm", "DeviceUseStatement", lambda p: gebruik(p, device=s.verwijs("de rolstoel")), 422, "fhir-verwijzing-vorm", "DeviceUseStatement.device"),
    Geval("andere server", "DeviceUseStatement", lambda p: gebruik(p, device=s.verwijs("https://elders.example/fhir/Device/1")), 422, "referentie-extern", "DeviceUseStatement.device"),
    Geval("contained zonder doel", "DeviceUseStatement", lambda p: gebruik(p, device=s.verwijs("#weg")), 422, "fhir-verwijzing-intern", "DeviceUseStatement.device"),
    Geval("andermans paspoort", "Condition", lambda p: aandoening("Patient/iemand-anders"), 422, "", "Condition.subject"),
    Geval("geen paspoort", "Condition", lambda p: aandoening(p, subject=None), 422, "", "Condition.subject"),
)
ANTWOORDEN = (
    Geval("onbekende vraag", "QuestionnaireResponse", lambda p: antwoord(p, "evaluatie", item("99", TEKST)), 422, "vraag-onbekend", "QuestionnaireResponse.item[0]"),
    Geval("verkeerd soort antwoord", "QuestionnaireResponse", lambda p: antwoord(p, "evaluatie", item("1", TEKST)), 422, "antwoord-verkeerd-type", "QuestionnaireResponse.item[0]"),
    Geval("geen keuze uit de lijst", "QuestionnaireResponse", lambda p: antwoord(p, "verzoek", item("1", {"valueCoding": {"system": s.HMP + "CodeSystem/wijziging", "code": MERK}})), 422, "antwoord-geen-keuze", "QuestionnaireResponse.item[0]"),
    Geval("twee antwoorden", "QuestionnaireResponse", lambda p: antwoord(p, "evaluatie", item("1", {"valueBoolean": True}, {"valueBoolean": False})), 422, "antwoord-te-veel", "QuestionnaireResponse.item[0]"),
    Geval("te lang", "QuestionnaireResponse", lambda p: antwoord(p, "evaluatie", item("1", {"valueBoolean": True}), item("2", {"valueString": MERK * 200})), 422, "antwoord-te-lang", "QuestionnaireResponse.item[1]"),
    Geval("verplicht ontbreekt", "QuestionnaireResponse", lambda p: antwoord(p, "evaluatie", item("2", TEKST)), 422, "antwoord-ontbreekt", "QuestionnaireResponse"),
    Geval("vraag twee keer", "QuestionnaireResponse", lambda p: antwoord(p, "persoonlijk-plan", item("1", TEKST), item("1", TEKST)), 422, "vraag-dubbel", "QuestionnaireResponse.item[1]"),
    Geval("onbekende vragenlijst", "QuestionnaireResponse", lambda p: antwoord(p, "tovenarij", item("1", TEKST)), 422, "vragenlijst-onbekend", "QuestionnaireResponse.questionnaire"),
)
ZOEKEN = (
    Geval("onbekende parameter", "Device?kleur=rood", None, 400, "zoek-onbekend", "kleur", "GET"),
    Geval("kromme datum", "Condition?recorded-date=gisteren", None, 400, "zoek-waarde", "recorded-date", "GET"),
    Geval("bepaler die niet kan", "Device?status:above=active", None, 400, "zoek-bepaler", "status", "GET"),
    Geval("aantal is geen getal", "Device?_count=veel", None, 400, "zoek-waarde", "_count", "GET"),
    Geval("sorteren op niets", "Device?_sort=kleur", None, 400, "zoek-", "_sort", "GET"),
    Geval("include van niets", "Device?_include=Device:kleur", None, 400, "zoek-", "_include", "GET"),
    Geval("BSN in een adres", "Patient?identifier=http://fhir.nl/fhir/NamingSystem/bsn|999990019", None, 400, "zoek-met-post", "identifier", "GET"),
    Geval("hoeveelheid zonder getal", "Observation?value-quantity=veel", None, 400, "zoek-waarde", "value-quantity", "GET"),
)
KOPPEN = (
    Geval("verkeerd soort inhoud", "Device", lambda p: apparaat(p), 415, "soort-onbekend", "Content-Type", "POST", {"content-type": "text/plain"}),
    Geval("XML zonder naamruimte", "Device", b"<Device/>", 400, "xml-naamruimte", "Device", "POST", {"content-type": "application/fhir+xml"}),
    Geval("Turtle gestuurd", "Device", b"<a> <b> <c> .", 415, "soort-onbekend", "Content-Type", "POST", {"content-type": "text/turtle"}),
    Geval("Turtle gevraagd", "Device", None, 406, "antwoordsoort-onbekend", "Accept", "GET", {"accept": "text/turtle"}),
    Geval("samengeperst gestuurd", "Device", b"\x1f\x8b", 415, "soort-onbekend", "Content-Encoding", "POST", {"content-encoding": "gzip"}),
    Geval("zoekvraag als JSON", "Device/_search", b"{}", 415, "soort-zoekvraag", "Content-Type"),
    Geval("PATCH zonder JSON Patch", "Device/weg", b"{}", 415, "soort-patch", "Content-Type", "PATCH"),
    Geval("PATCH met een bewerking die er niet is", "Device/weg", b'[{"op":"wis","path":"/status"}]', 400, "patch-vorm", "patch[0].op", "PATCH", {"content-type": "application/json-patch+json"}),
    Geval("een lege voorwaarde", "Device", lambda p: apparaat(p), 400, "voorwaarde-leeg", "If-None-Exist", "POST", {"if-none-exist": "_count=1"}),
    Geval("een voorwaarde op een veld dat er niet is", "Device", lambda p: apparaat(p), 400, "zoek-onbekend", "kleur", "POST", {"if-none-exist": f"kleur={MERK}"}),
    Geval("wijzigen zonder voorwaarde of id", "Device", lambda p: apparaat(p), 405, "methode-onbekend", None, "PUT"),
    Geval("een onbekende methode", "Device", None, 405, "methode-onbekend", None, "PROPFIND"),
    Geval("andere tekenset", "Device", lambda p: apparaat(p), 415, "soort-onbekend", "Content-Type", "POST", {"content-type": "application/fhir+json; charset=latin1"}),
    Geval("geen token", "Device", None, 401, "niet-ingelogd", None, "GET", {"authorization": ""}),
    Geval("Basic in plaats van Bearer", "Device", None, 401, "niet-ingelogd", None, "GET", {"authorization": "Basic YTpi"}),
    Geval("verzonnen token", "Device", None, 401, "niet-ingelogd", None, "GET", {"authorization": f"Bearer {MERK}"}),
)
MATEN = (
    Geval("meer dan 12 MB", "Device", b'{"resourceType":"Device","note":[{"text":"' + b"x" * (12 * 1024 * 1024) + b'"}]}', 413, "te-groot"),
    Geval("een te lang adres", "Device?status=" + "x" * 9000, None, 414, "adres-te-lang", None, "GET"),
    Geval("te diep genest", "Device", b'{"a":' * 80 + b"1" + b"}" * 80, 400, "json-te-diep"),
    Geval("een te lange tekst", "Device", lambda p: apparaat(p, serialNumber=MERK * 2000), 400, "fhir-te-lang", "Device.serialNumber"),
    Geval("een getal met te veel cijfers", "Observation", b'{"resourceType":"Observation","valueQuantity":{"value":1' + b"0" * 60 + b"}}", 400, "json-getal"),
    Geval("een te lang id", "Device/" + "a" * 65, None, 404, "niet-gevonden", None, "GET"),
    Geval("een te groot zoekformulier", "Device/_search", b"status=" + b"x" * (70 * 1024), 413, "te-groot", None, "POST", {"content-type": "application/x-www-form-urlencoded"}),
)
