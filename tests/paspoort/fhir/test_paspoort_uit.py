"""Van resources naar paspoort, en van uitslag naar GuidanceResponse."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from paspoort.fhir.fhirjson import Json, lees
from paspoort.fhir.herhaaltoets import naar_fhir, onderzoeksvragen
from paspoort.fhir.paspoort import gegeven_uit, paspoort_uit
from paspoort.fhir.stelsels import codestelsel, extension
from paspoort.fhir.validatie import Validator
from paspoort.gegeven import Herkomst
from paspoort.herhaaltoets import Beleid, Route, toets

GEMEENTE = {"reference": "Organization/lindewaard"}
VANDAAG = date(2026, 11, 24)
MOMENT = "2026-11-01T10:00:00+01:00"
BESLUIT: Json = {
    "resourceType": "DeviceRequest",
    "id": "besluit",
    "meta": {"versionId": "1"},
    "status": "active",
    "intent": "order",
    "subject": {"reference": "Patient/yvonne"},
    "authoredOn": "2019-04-02",
    "performer": GEMEENTE,
    "codeCodeableConcept": {"coding": [{"system": codestelsel("categorie"), "code": "11A02"}]},
    "extension": [
        {"url": extension("toekenning"), "extension": [{"url": "soort", "valueCode": "open"}]},
        {"url": extension("betreft"), "valueReference": {"reference": "DeviceUseStatement/gebruik"}},
        {"url": extension("verstrekkingsvorm"), "valueCode": "natura"},
    ],
}
GEBRUIK: Json = {
    "resourceType": "DeviceUseStatement",
    "id": "gebruik",
    "meta": {"versionId": "1"},
    "status": "active",
    "subject": {"reference": "Patient/yvonne"},
    "device": {"reference": "Device/rolstoel"},
}
ROLSTOEL: Json = {
    "resourceType": "Device",
    "id": "rolstoel",
    "meta": {"versionId": "1"},
    "patient": {"reference": "Patient/yvonne"},
    "extension": [
        {"url": extension("categorie"), "valueCode": "11A02"},
        {"url": extension("contractvorm"), "valueCode": "koop"},
        {"url": extension("technische-levensduur-tot"), "valueDate": "2026-05"},
    ],
}
ZIEKTE: Json = {
    "resourceType": "Condition",
    "id": "sma",
    "meta": {"versionId": "1"},
    "subject": {"reference": "Patient/yvonne"},
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "5262007", "display": "SPIERZIEKTE"}]},
    "recordedDate": "2001",
    "extension": [{"url": extension("levenslang"), "valueBoolean": True}],
}
VERZOEK: Json = {
    "resourceType": "DeviceRequest",
    "id": "verzoek",
    "meta": {"versionId": "1"},
    "status": "active",
    "intent": "proposal",
    "subject": {"reference": "Patient/yvonne"},
    "authoredOn": "2026-11-21",
    "extension": [
        {"url": extension("wijziging"), "valueCode": "ongewijzigd"},
        {"url": extension("betreft"), "valueReference": {"reference": "DeviceUseStatement/gebruik"}},
    ],
}
PATIENT: Json = {"resourceType": "Patient", "id": "yvonne", "meta": {"versionId": "3"}, "birthDate": "1985-03-03"}
ALLES = [PATIENT, BESLUIT, GEBRUIK, ROLSTOEL, ZIEKTE, VERZOEK]


def bevestiging(doel: str) -> Json:
    return {
        "resourceType": "Provenance",
        "id": "bev",
        "meta": {"versionId": "1"},
        "target": [{"reference": doel}],
        "recorded": "2026-11-20T10:00:00+01:00",
        "activity": {"coding": [{"system": codestelsel("gebeurtenis"), "code": "bevestigd"}]},
        "agent": [{"who": {"reference": "PractitionerRole/bianca"}, "onBehalfOf": GEMEENTE}],
    }


def bronnen(*erbij: Json, papier: bool = False) -> list[tuple[Json, str, str]]:
    zelf = {"besluit", "gebruik"} if papier else set()
    return [(r, "document" if r["id"] in zelf else "bron", MOMENT) for r in [*ALLES, *erbij]]


def test_elk_gegeven_ligt_in_zijn_eigen_vak() -> None:
    p = paspoort_uit(bronnen())
    assert (p.houder.id, p.houder.versie) == ("yvonne", 3)
    assert [len(v) for v in (p.besluiten, p.verzoeken, p.gebruiken, p.hulpmiddelen, p.aandoeningen)] == [1] * 5
    assert p.besluiten[0].bewijs == "DeviceRequest/besluit/1"
    assert p.besluiten[0].herkomst is Herkomst.BRON
    assert p.hulpmiddelen[0].technische_levensduur_tot == date(2026, 5, 31)  # alleen een maand: tot het einde ervan


def test_de_volgorde_van_resources_doet_er_niet_toe() -> None:
    rij = bronnen(bevestiging("DeviceRequest/besluit/_history/1"))
    assert all(paspoort_uit(random.Random(n).sample(rij, len(rij))) == paspoort_uit(rij) for n in range(20))


def test_wat_het_domein_niet_kent_blijft_liggen() -> None:
    vreemd: list[Json] = [
        {"resourceType": "Consent", "id": "x"},
        {"resourceType": "DeviceRequest", "id": "x", "intent": "plan"},
        {"resourceType": "Task", "id": "x", "code": {"text": "iets anders"}},
        {"resourceType": "QuestionnaireResponse", "id": "x", "questionnaire": "http://elders/Questionnaire/a"},
    ]
    assert paspoort_uit([(r, "bron", None) for r in vreemd]) == paspoort_uit([])
    assert all(gegeven_uit(r) is None for r in vreemd)


@pytest.mark.parametrize(
    ("naam", "doel", "herkomst", "telt"),
    [
        ("precies deze versie", "DeviceRequest/besluit/_history/1", "bron", True),
        ("een oudere versie", "DeviceRequest/besluit/_history/0", "bron", False),
        ("een nieuwere versie", "DeviceRequest/besluit/_history/2", "bron", False),
        ("zonder versie", "DeviceRequest/besluit", "bron", False),
        ("een ander besluit", "DeviceRequest/ander/_history/1", "bron", False),
        ("meegebracht bij een import", "DeviceRequest/besluit/_history/1", "import", False),
        ("door de houder zelf", "DeviceRequest/besluit/_history/1", "zelf", False),
    ],
)
def test_een_bevestiging_telt_voor_precies_een_versie(naam: str, doel: str, herkomst: str, telt: bool) -> None:
    p = paspoort_uit([*bronnen(papier=True), (bevestiging(doel), herkomst, MOMENT)])
    besluit = p.besluiten[0]
    assert (besluit.telt_als is Herkomst.BEVESTIGD) is telt, naam
    assert besluit.bevestigd_door == ("Organization/lindewaard" if telt else None)


def test_papier_komt_er_pas_door_na_bevestigen() -> None:
    beleid = Beleid("Organization/lindewaard")
    eerst = paspoort_uit(bronnen(papier=True))
    daarna = paspoort_uit([*bronnen(papier=True), (bevestiging("DeviceRequest/besluit/_history/1"), "bron", MOMENT)])
    assert toets(eerst, eerst.verzoeken[0], beleid, VANDAAG).route is Route.ONDERZOEK
    assert toets(daarna, daarna.verzoeken[0], beleid, VANDAAG).route is Route.DOORZETTEN


def test_de_uitslag_is_een_geldige_guidance_response_zonder_ziekte() -> None:
    p = paspoort_uit(bronnen())
    vragen = onderzoeksvragen(ALLES)
    uitslag = toets(p, p.verzoeken[0], Beleid("Organization/lindewaard"), VANDAAG, vragen)
    inhoud = naar_fhir(uitslag, "Patient/yvonne", "DeviceRequest/verzoek")
    assert inhoud["requestIdentifier"] == {"value": "DeviceRequest/verzoek"}
    assert [m for m in Validator.laad().controleer(inhoud) if m.ernst == "error"] == []
    assert "SPIERZIEKTE" not in json.dumps(inhoud)
    waarden = {e["url"].split("/")[-1]: e for e in inhoud["extension"]}
    assert waarden["route"]["valueCode"] == "doorzetten"
    assert waarden["gevraagde-vragen"]["valueInteger"] == 0
    assert waarden["bespaarde-vragen"]["valueInteger"] == sum(v.beantwoord for v in vragen) > 0
    gronden = [e for e in inhoud["extension"] if e["url"] == extension("grond")]
    assert len(gronden) == len(uitslag.gronden)
    assert {"url": "bewijs", "valueReference": {"reference": "DeviceRequest/besluit/_history/1"}} in [
        d for g in gronden for d in g["extension"]
    ]
    assert any("afkeurrapport" in n["text"] for n in inhoud["note"])


def test_wat_ontbreekt_staat_er_ook_als_data_requirement() -> None:
    p = paspoort_uit(bronnen(papier=True))
    inhoud = naar_fhir(toets(p, p.verzoeken[0], Beleid("Organization/lindewaard"), VANDAAG), "Patient/yvonne")
    assert {"type": "DeviceRequest"} in inhoud["dataRequirement"]
    assert [m for m in Validator.laad().controleer(inhoud) if m.ernst == "error"] == []


def test_er_zijn_31_onderzoeksvragen_en_een_leeg_paspoort_beantwoordt_er_geen() -> None:
    assert len(onderzoeksvragen([])) == 31
    assert not any(v.beantwoord for v in onderzoeksvragen([]))


def test_de_voorbeelden_van_nictiz_zijn_te_lezen() -> None:
    map_ = Path(__file__).parents[4] / "shared" / "nl-core" / "voorbeelden"
    if not map_.is_dir():
        pytest.skip("de voorbeelden van Nictiz staan buiten het project en zijn er hier niet")
    inhouden: list[Any] = [lees(f.read_bytes()) for f in sorted(map_.glob("*.json"))]
    p = paspoort_uit([(r, "import", MOMENT) for r in inhouden])
    per_type = {r["resourceType"] for r in inhouden}
    assert inhouden
    assert bool(p.aandoeningen) == ("Condition" in per_type)
    assert bool(p.hulpmiddelen) == ("Device" in per_type)
