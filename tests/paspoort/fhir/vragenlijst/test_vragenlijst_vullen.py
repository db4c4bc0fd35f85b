"""Vooraf invullen uit een vol paspoort: elk antwoord met zijn bron, en 31 vragen bespaard."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest

from paspoort.fhir.fhirjson import lees, schrijf
from paspoort.fhir.stelsels import FUNCTIONELE_BEPERKING, HERKOMST, SNOMED, codestelsel, extension
from paspoort.fhir.vragenlijst import (
    Bron,
    antwoorden,
    beantwoordt,
    bespaard,
    bespaarvragen,
    bouw,
    controleer,
    eigen,
    vul_voor,
)

ADVIES = eigen("functioneel-advies")
ONDERZOEK = eigen("onderzoek")
EIS = {
    "eis-tekst": "Verandert zelf van houding.",
    "eis-soort": "noodzakelijk",
    "eis-onderbouwing": "Is overdag alleen.",
    "eis-doel": "Zelf van houding veranderen",
}
VERHAAL = (
    "stoornissen",
    "activiteiten",
    "participatie",
    "persoonlijke-factoren",
    "omgeving-woning",
    "omgeving-vervoer",
    "omgeving-werk-school",
    "omgeving-hulp",
    "eerder-geprobeerd",
    "hulpvraag",
    "auteur-naam",
)


def ext(id: str, **waarde: Any) -> dict[str, Any]:
    return {"url": extension(id), **waarde}


def meting(id: str, code: str, waarde: str, eenheid: str, dag: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "effectiveDateTime": dag,
        "category": [{"coding": [{"system": codestelsel("observatiesoort"), "code": "maten"}]}],
        "code": {"coding": [{"system": codestelsel("maat"), "code": code}]},
        "valueQuantity": {"value": Decimal(waarde), "code": eenheid},
    }


def eerder_advies(
    id: str = "advies", dag: str = "2026-03-03", status: str = "completed", **anders: Any
) -> dict[str, Any]:
    waarden: dict[str, Any] = {code: f"{code} uit het advies" for code in VERHAAL} | {
        "eis": [EIS, EIS | {"eis-soort": "wenselijk"}]
    }
    kop = {"authored": f"{dag}T10:00:00+01:00", "id": id}
    return bouw(ADVIES, waarden | {"auteur-naam": "Nienke Postma"} | anders, status, kop)


PASPOORT: list[dict[str, Any]] = [
    {
        "resourceType": "Patient",
        "id": "yvonne",
        "birthDate": "1984-03-12",
        "name": [{"given": ["Yvonne"], "family": "Verbeek"}],
        "address": [{"line": ["Kastanjelaan 14"], "city": "Lindewaard"}],
        "telecom": [{"system": "email", "value": "y@voorbeeld.nl"}],
    },
    {"resourceType": "RelatedPerson", "id": "peter", "name": [{"text": "Peter Verbeek"}]},
    {
        "resourceType": "Condition",
        "id": "sma",
        "code": {"text": "Spinale musculaire atrofie type 2"},
        "recordedDate": "2012-05-01",
        "recorder": {"display": "A. Dekker, revalidatiearts"},
        "onsetDateTime": "1986",
        "extension": [ext("prognose", valueCode="progressief"), ext("levenslang", valueBoolean=True)],
    },
    {
        "resourceType": "Condition",
        "id": "arm",
        "code": {"text": "Beperkte armfunctie"},
        "recordedDate": "2020-01-01",
        "category": [{"coding": [{"system": SNOMED, "code": FUNCTIONELE_BEPERKING}]}],
    },
    {
        "resourceType": "Condition",
        "id": "fout",
        "code": {"text": "Verkeerde diagnose"},
        "verificationStatus": {"coding": [{"code": "entered-in-error"}]},
    },
    meting("l", "lichaamslengte", "1.58", "m", "2026-01-10"),
    meting("g", "lichaamsgewicht", "46.5", "kg", "2026-01-10"),
    meting("z1", "zitbreedte", "36", "cm", "2020-01-10"),
    meting("z2", "zitbreedte", "38", "cm", "2026-01-10"),
    meting("d", "zitdiepte", "4.2", "kg", "2026-01-10"),
    {
        "resourceType": "Device",
        "id": "stoel",
        "deviceName": [{"name": "Elektrische rolstoel"}],
        "meta": {"tag": [{"system": HERKOMST, "code": "zelf"}]},
        "extension": [ext("leverancier", valueReference={"reference": "Organization/n", "display": "Noorderwiel"})],
    },
    {"resourceType": "Device", "id": "oud", "deviceName": [{"name": "Kinderrolstoel"}]},
    {
        "resourceType": "DeviceUseStatement",
        "id": "g1",
        "status": "active",
        "device": {"reference": "Device/stoel"},
        "timingPeriod": {"start": "2019-05-12"},
        "extension": [
            ext(
                "verstrekker",
                extension=[
                    {
                        "url": "organisatie",
                        "valueReference": {"reference": "Organization/l", "display": "Gemeente Lindewaard"},
                    }
                ],
            )
        ],
    },
    {"resourceType": "DeviceUseStatement", "id": "g0", "status": "completed", "device": {"reference": "Device/oud"}},
    {
        "resourceType": "DeviceRequest",
        "id": "besluit",
        "intent": "order",
        "status": "active",
        "authoredOn": "2019-04-02",
        "codeCodeableConcept": {"coding": [{"code": "11A02", "display": "Elektrische rolstoel"}]},
    },
    eerder_advies(),
]


def test_een_vol_paspoort_bespaart_alle_31_vragen() -> None:
    codes = {vraag.code for vraag in bespaarvragen(ONDERZOEK)}
    assert set(bespaard(ONDERZOEK, PASPOORT)) == codes
    assert len(codes) == 31
    response, _ = vul_voor(ONDERZOEK, PASPOORT)
    assert controleer(response | {"status": "completed"}, ONDERZOEK) == []


def test_een_leeg_paspoort_bespaart_niets_en_vult_niets() -> None:
    assert bespaard(ONDERZOEK, []) == ()
    assert vul_voor(ADVIES, []) == (
        {"resourceType": "QuestionnaireResponse", "questionnaire": ADVIES.canonical, "status": "in-progress"},
        {},
    )


@pytest.mark.parametrize(
    ("weg", "vragen"),
    [
        ("RelatedPerson", {"contactpersoon"}),
        ("DeviceRequest", {"eerder-besluit"}),
        ("Observation", {"lichaamslengte", "lichaamsgewicht", "zitbreedte"}),
        ("Patient", {"naam", "adres", "bereikbaar", "geboortedatum"}),
    ],
)
def test_zonder_een_gegeven_moeten_precies_die_vragen_gesteld(weg: str, vragen: set[str]) -> None:
    rest = [r for r in PASPOORT if r["resourceType"] != weg]
    assert {v.code for v in bespaarvragen(ONDERZOEK)} - set(bespaard(ONDERZOEK, rest)) == vragen


def test_elk_antwoord_draagt_zijn_bron() -> None:
    response, bronnen = vul_voor(ADVIES, PASPOORT)
    assert bronnen["diagnose.0"] == Bron("A. Dekker, revalidatiearts", "2012-05-01", "Condition/sma")
    assert bronnen["prognose"].verwijzing == "Condition/sma"
    assert bronnen["omgeving-woning"] == Bron("Nienke Postma", "2026-03-03", "QuestionnaireResponse/advies")
    assert bronnen["eis.1.eis-soort"].verwijzing == "QuestionnaireResponse/advies"
    assert bronnen["hulpmiddelen-nu.0"] == Bron("de houder", None, "Device/stoel")
    gegeven = antwoorden(response)
    assert gegeven.bron("zitbreedte") == Bron("het paspoort", "2026-01-10", "Observation/z2")
    assert controleer(response, ADVIES) == []
    assert controleer(lees(schrijf(response)), ADVIES) == []


def test_de_nieuwste_maat_telt_in_de_eenheid_van_de_vraag_en_een_onmogelijke_niet() -> None:
    gegeven = antwoorden(vul_voor(ADVIES, PASPOORT)[0])
    assert gegeven.een("zitbreedte") == Decimal(38)
    assert gegeven.een("lichaamslengte") == Decimal(158)
    assert gegeven.een("zitdiepte") is None


def test_alleen_wat_geldt_en_nu_in_gebruik_is_wordt_overgenomen() -> None:
    gegeven = antwoorden(vul_voor(ADVIES, PASPOORT)[0])
    assert gegeven.alle("diagnose") == ("Spinale musculaire atrofie type 2",)
    assert gegeven.alle("hulpmiddelen-nu") == ("Elektrische rolstoel",)
    assert [eis.een("eis-soort") for eis in gegeven.groepen("eis")] == ["noodzakelijk", "wenselijk"]


def test_het_nieuwste_definitieve_advies_telt_en_een_concept_of_ingetrokken_advies_niet() -> None:
    nieuwer = eerder_advies("nieuwer", "2026-06-01", participatie="nieuwer")
    concept = eerder_advies("concept", "2026-07-01", "in-progress", participatie="concept")
    gegeven = antwoorden(vul_voor(ADVIES, [*PASPOORT, nieuwer, concept])[0])
    assert gegeven.een("participatie") == "nieuwer"
    intrekking = {
        "resourceType": "Provenance",
        "id": "p",
        "activity": {"coding": [{"code": "ingetrokken"}]},
        "target": [{"reference": "QuestionnaireResponse/nieuwer/_history/1"}],
    }
    gegeven = antwoorden(vul_voor(ADVIES, [*PASPOORT, nieuwer, intrekking])[0])
    assert gegeven.een("participatie") == "participatie uit het advies"


def test_wat_na_het_advies_over_functioneren_kwam_staat_eronder() -> None:
    def waarneming(dag: str, waarde: str) -> dict[str, Any]:
        return {
            "resourceType": "Observation",
            "id": dag,
            "status": "final",
            "effectiveDateTime": dag,
            "valueString": waarde,
            "category": [{"coding": [{"code": "functioneren"}]}],
            "performer": [{"display": "A. Dekker"}],
            "code": {"text": "Spierkracht", "coding": [{"system": "http://hl7.org/fhir/sid/icf-nl", "code": "b730"}]},
        }

    response, bronnen = vul_voor(
        ADVIES, [*PASPOORT, waarneming("2026-05-11", "minder"), waarneming("2025-01-01", "oud")]
    )
    assert antwoorden(response).een("stoornissen") == "stoornissen uit het advies\nSpierkracht: minder"
    assert bronnen["stoornissen"] == Bron("A. Dekker", "2026-05-11", "Observation/2026-05-11")


def test_wat_vooraf_vaststaat_gaat_voor_en_het_verzoek_vult_de_hulpvraag() -> None:
    verzoek = bouw(
        eigen("verzoek"),
        {"soort": "ongewijzigd", "reden": "Mijn rolstoel is op."},
        "completed",
        {"id": "v", "authored": "2026-11-21"},
    )
    kop = {"subject": {"reference": "Patient/yvonne"}}
    response, bronnen = vul_voor(ADVIES, [*PASPOORT, verzoek], {"auteur-naam": "Nienke", "participatie": "anders"}, kop)
    gegeven = antwoorden(response)
    assert gegeven.een("hulpvraag") == "Mijn rolstoel is op."
    assert gegeven.een("auteur-naam") == "Nienke"
    assert gegeven.een("participatie") == "anders"
    assert "auteur-naam" not in bronnen and "participatie" not in bronnen
    assert response["subject"] == kop["subject"]


def test_de_volgorde_van_de_resources_maakt_niet_uit() -> None:
    eerst = vul_voor(ADVIES, PASPOORT)
    for zaad in range(10):
        geschud = random.Random(zaad).sample(PASPOORT, len(PASPOORT))
        assert vul_voor(ADVIES, geschud) == eerst


def test_een_onbekende_bron_is_een_fout_in_de_vragenlijst() -> None:
    with pytest.raises(KeyError):
        beantwoordt("Patient.schoenmaat", [])
