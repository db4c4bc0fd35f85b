"""Gegevens uit antwoorden halen: wat de vragenlijst zegt, en niets wat het paspoort al weet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import codestelsel, extension
from paspoort.fhir.validatie import Validator, definities
from paspoort.fhir.vragenlijst import (
    al_bekend,
    antwoorden,
    bouw,
    controleer,
    eigen,
    haal_uit,
    laad,
    onbekende_bronnen,
    regels_van,
    vul_voor,
)
from paspoort.fhir.vragenlijst.bron import MET_CODE, ZONDER_CODE
from paspoort.fhir.vragenlijst.extractie import ALS_METING, ALS_RESOURCE, CATEGORIE, VASTE_WAARDE
from paspoort.fhir.vragenlijst.inhoud import inhoud_van
from paspoort.fhir.vragenlijst.lijst import EENHEID, WAARDE_ELEMENTEN
from paspoort.fouten import PaspoortFout

VRAGENLIJSTEN = {d["id"]: d for d in definities() if d["resourceType"] == "Questionnaire"}
ADVIES = eigen("functioneel-advies")
KOP = {
    "subject": {"reference": "Patient/p"},
    "authored": "2026-03-03T10:00:00+01:00",
    "author": {"reference": "PractitionerRole/t"},
}
MATEN = ("lichaamslengte", "lichaamsgewicht", "zitbreedte", "zitdiepte", "onderbeenlengte")


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator.laad()


def niets(_: str) -> tuple[Any, ...]:
    return ()


def resources(bundel: Json) -> list[Json]:
    return [r["resource"] for r in bundel.get("entry", [])]


def meting(id: str, waarde: str, dag: str, code: str = "zitbreedte") -> Json:
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "effectiveDateTime": dag,
        "code": {"coding": [{"system": codestelsel("maat"), "code": code}]},
        "valueQuantity": {"value": Decimal(waarde), "code": "cm"},
    }


def vraag(**velden: Any) -> Json:
    return {"linkId": "1", "type": "string", "text": "?", **velden}


def lijst(*items: Json) -> Json:
    return {"resourceType": "Questionnaire", "url": "urn:q", "version": "1", "status": "active", "item": list(items)}


def als_condition(pad: str = "code.text", *vast: Json) -> Json:
    basis = "http://hl7.org/fhir/StructureDefinition/Condition"
    return {
        "definition": f"{basis}#Condition.{pad}",
        "extension": [{"url": ALS_RESOURCE, "extension": [{"url": "definition", "valueCanonical": basis}]}, *vast],
    }


def test_elke_eigen_vragenlijst_is_te_lezen_en_elke_maat_is_een_meting() -> None:
    for inhoud in VRAGENLIJSTEN.values():
        regels_van(inhoud)
    regels = regels_van(VRAGENLIJSTEN["functioneel-advies"])
    codes = {link: ADVIES.per_link[link].sleutel for link in regels}
    assert sorted(codes.values()) == sorted([*MATEN, "diagnose", "wil", "icf"])


def test_wat_het_paspoort_weet_is_geen_voorstel_en_alleen_het_nieuwste_telt() -> None:
    zitbreedte = ADVIES.per_code["zitbreedte"]
    oud, nieuw = meting("a", "40", "2020-01-01"), meting("b", "44.0", "2024-01-01")
    assert al_bekend(zitbreedte, [oud, nieuw]) == (Decimal("44.0"),)
    bekend = {zitbreedte.link_id: al_bekend(zitbreedte, [oud, nieuw])}
    regels = regels_van(VRAGENLIJSTEN["functioneel-advies"])
    for waarde, verwacht in ((44, 0), (Decimal("44.00"), 0), (40, 1), (Decimal("44.5"), 1)):
        response = bouw(ADVIES, {"zitbreedte": waarde}, kop=KOP)
        assert len(resources(haal_uit(response, regels, lambda link: bekend.get(link, ())))) == verwacht, waarde


def test_een_eerder_formulier_is_niet_het_paspoort_zelf() -> None:
    """Een maat die alleen in een advies staat, komt er als meting uit: daar heeft de leverancier wat aan."""
    advies = bouw(ADVIES, {"zitbreedte": 44, "diagnose": ["Artrose"]}, "completed", {**KOP, "id": "advies"})
    assert al_bekend(ADVIES.per_code["zitbreedte"], [advies]) == ()
    assert al_bekend(ADVIES.per_code["diagnose"], [advies]) == ()
    voor, _ = vul_voor(ADVIES, [advies])
    assert antwoorden(voor).een("zitbreedte") == 44


def test_van_dezelfde_dag_wint_het_latere_tijdstip() -> None:
    zitbreedte = ADVIES.per_code["zitbreedte"]
    dag, ochtend, middag = (
        meting("z", "40", "2024-01-01"),
        meting("m", "41", "2024-01-01T09:00:00+01:00"),
        meting("a", "42", "2024-01-01T15:00:00+01:00"),
    )
    for volgorde in ((dag, ochtend, middag), (middag, dag, ochtend)):
        assert al_bekend(zitbreedte, volgorde) == (42,)


def test_een_diagnose_wordt_een_aandoening_van_wie_haar_schreef(validator: Validator) -> None:
    regels = regels_van(VRAGENLIJSTEN["onderzoek"])
    response = bouw(eigen("onderzoek"), {"diagnose": ["Artrose", "Artrose", "Reuma"]}, kop=KOP)
    eerste, tweede = resources(haal_uit(response, regels, niets))
    assert (eerste["code"], tweede["code"]) == ({"text": "Artrose"}, {"text": "Reuma"})
    assert (eerste["subject"], eerste["recorder"], eerste["recordedDate"]) == (
        KOP["subject"],
        KOP["author"],
        KOP["authored"],
    )
    assert [m for m in validator.controleer(eerste) if m.ernst == "error"] == []
    van_app = bouw(eigen("onderzoek"), {"diagnose": ["Reuma"]}, kop={**KOP, "author": {"reference": "Organization/x"}})
    (zonder,) = resources(haal_uit(van_app, regels, niets))
    assert "recorder" not in zonder, "een organisatie legt geen diagnose vast"


@pytest.mark.parametrize(
    ("type_", "antwoord", "verwacht"),
    [
        ("boolean", {"valueBoolean": False}, {"valueBoolean": False}),
        ("string", {"valueString": "x"}, {"valueString": "x"}),
        ("date", {"valueDate": "2026-01-01"}, {"valueDateTime": "2026-01-01"}),
        ("integer", {"valueInteger": 3}, {"valueInteger": 3}),
        ("decimal", {"valueDecimal": Decimal("3.50")}, {"valueQuantity": {"value": Decimal("3.50")}}),
        ("quantity", {"valueQuantity": {"value": 1}}, {"valueQuantity": {"value": 1}}),
        ("url", {"valueUri": "urn:x"}, {"valueString": "urn:x"}),
        (
            "choice",
            {"valueCoding": {"system": "urn:s", "code": "c"}},
            {"valueCodeableConcept": {"coding": [{"system": "urn:s", "code": "c"}]}},
        ),
    ],
)
def test_elk_soort_antwoord_heeft_een_plek_in_een_meting(
    validator: Validator, type_: str, antwoord: Json, verwacht: Json
) -> None:
    code = {
        "extension": [{"url": ALS_METING, "valueBoolean": True}],
        "system": codestelsel("maat"),
        "code": "rughoogte",
    }
    categorie = {"coding": [{"system": codestelsel("observatiesoort"), "code": "maten"}]}
    item = vraag(type=type_, code=[code], extension=[{"url": CATEGORIE, "valueCodeableConcept": categorie}])
    response = {
        "questionnaire": "urn:q|1",
        "status": "completed",
        **KOP,
        "item": [{"linkId": "1", "answer": [antwoord]}],
    }
    (gemaakt,) = resources(haal_uit(response, regels_van(lijst(item)), niets))
    assert {k: w for k, w in gemaakt.items() if k.startswith("value")} == verwacht
    assert gemaakt["status"] == "final"
    assert [m for m in validator.controleer(gemaakt) if m.ernst == "error"] == []


def test_een_eenheid_maakt_van_elk_getal_een_hoeveelheid() -> None:
    code = {"extension": [{"url": ALS_METING, "valueBoolean": True}], "system": "urn:s", "code": "c"}
    eenheid = {"url": EENHEID, "valueCoding": {"system": "http://unitsofmeasure.org", "code": "kg", "display": "kilo"}}
    item = vraag(type="integer", code=[code], extension=[eenheid])
    response = {"questionnaire": "urn:q|1", **KOP, "item": [{"linkId": "1", "answer": [{"valueInteger": 3}]}]}
    (gemaakt,) = resources(haal_uit(response, regels_van(lijst(item)), niets))
    assert gemaakt["valueQuantity"] == {
        "value": 3,
        "unit": "kilo",
        "code": "kg",
        "system": "http://unitsofmeasure.org",
    }


def vast(pad: str, **waarde: Any) -> Json:
    adres = f"http://hl7.org/fhir/StructureDefinition/Condition#Condition.{pad}"
    return {"url": VASTE_WAARDE, "extension": [{"url": "definition", "valueUri": adres}, waarde]}


def uitdrukking(tekst: str) -> dict[str, Any]:
    return {"url": "expression", "valueExpression": {"language": "text/fhirpath", "expression": tekst}}


@pytest.mark.parametrize(
    "item",
    [
        vraag(**als_condition("bestaat.niet")),
        vraag(**{**als_condition(), "definition": "http://hl7.org/fhir/StructureDefinition/Device#Device.lotNumber"}),
        vraag(**{**als_condition(), "definition": "Condition.code"}),
        vraag(extension=als_condition()["extension"]),
        vraag(**als_condition("code.text", vast("subject", **uitdrukking("%resource.item.where(true)")))),
        vraag(**als_condition("code.text", vast("verzonnen", url="fixed-value", valueString="x"))),
        vraag(**als_condition("code.text", vast("subject"))),
    ],
)
def test_wat_hier_niet_uit_te_voeren_is_valt_bij_het_lezen_op(item: Json) -> None:
    with pytest.raises(PaspoortFout) as fout:
        regels_van(lijst(item))
    assert {m.code for m in fout.value.meldingen} == {"vragenlijst-kapot"}
    assert str(fout.value.meldingen[0].plek).startswith("Questionnaire.item[0]")


def test_een_pad_zet_lijsten_waar_r4_ze_heeft() -> None:
    item = vraag(**als_condition("note.text", vast("bodySite.text", url="fixed-value", valueString="arm")))
    response = {"questionnaire": "urn:q|1", **KOP, "item": [{"linkId": "1", "answer": [{"valueString": "x"}]}]}
    (gemaakt,) = resources(haal_uit(response, regels_van(lijst(item)), niets))
    assert (gemaakt["note"], gemaakt["bodySite"]) == ([{"text": "x"}], [{"text": "arm"}])


def binnen_de_grenzen(code: str) -> st.SearchStrategy[Decimal | None]:
    vraag_ = ADVIES.per_code[code]
    return st.none() | st.decimals(vraag_.minimum, vraag_.maximum, places=1)


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries({code: binnen_de_grenzen(code) for code in MATEN}), st.booleans())
def test_invullen_uithalen_vastleggen_en_invullen_geeft_hetzelfde(waarden: dict[str, Any], afgerond: bool) -> None:
    regels = regels_van(VRAGENLIJSTEN["functioneel-advies"])
    paspoort = [meting("oud", "44", "2020-01-01")]
    antwoord = bouw(ADVIES, {"zitbreedte": 44} | waarden, "completed" if afgerond else "in-progress", KOP)
    inhoud = inhoud_van(paspoort)
    bundel = haal_uit(antwoord, regels, lambda link: al_bekend(ADVIES.per_link[link], inhoud))
    samen = paspoort + [{**r, "id": f"nieuw-{n}"} for n, r in enumerate(resources(bundel))]
    opnieuw, _ = vul_voor(ADVIES, samen)
    was, nu = antwoorden(antwoord), antwoorden(opnieuw, ADVIES)
    for code in MATEN:
        assert was.een(code) is None or Decimal(str(was.een(code))) == Decimal(str(nu.een(code))), code
    verder = inhoud_van(samen)
    assert resources(haal_uit(opnieuw, regels, lambda link: al_bekend(ADVIES.per_link[link], verder))) == []


BRONNEN = [*ZONDER_CODE, *(f"{soort}:{c}" for soort in MET_CODE for c in ("eis", "zitbreedte", "reden", "hulpvraag"))]


@pytest.mark.parametrize("type_", sorted(set(WAARDE_ELEMENTEN) - {"display"}))
def test_elke_bron_in_elk_soort_vraag_vult_in_of_laat_leeg(type_: str, vol_paspoort: list[Json]) -> None:
    """Ook een vragenlijst van een ander, die een bron bij een vraag zet waar die niet past."""
    for bron in BRONNEN:
        for herhaalt in (False, True):
            velden: Json = {"extension": [{"url": extension("bron-in-paspoort"), "valueString": bron}]}
            velden |= {"type": type_, "repeats": herhaalt, "maxLength": 5} if type_ == "text" else {"type": type_}
            if type_ == "group":
                velden |= {"repeats": herhaalt, "item": [vraag(linkId="1.1")]}
            questionnaire = laad(lijst(vraag(**velden)))
            response, _ = vul_voor(questionnaire, vol_paspoort, kop=KOP)
            assert [m for m in controleer(response, questionnaire) if m.ernst == "error"] == [], (bron, type_)


@pytest.fixture(scope="module")
def vol_paspoort() -> list[Json]:
    advies = bouw(
        ADVIES,
        {"zitbreedte": 44, "hulpvraag": "Naar buiten.", "eis": [{"eis-tekst": "Draait.", "eis-soort": "noodzakelijk"}]},
        "completed",
        {**KOP, "id": "advies"},
    )
    return [
        {"resourceType": "Patient", "id": "p", "birthDate": "1980", "name": [{"text": "Test"}]},
        {"resourceType": "Condition", "id": "c", "code": {"text": "Reuma"}, "onsetDateTime": "1999"},
        {"resourceType": "Goal", "id": "g", "description": {"text": "Naar buiten"}},
        {"resourceType": "Device", "id": "d", "deviceName": [{"name": "Rolstoel"}]},
        {"resourceType": "DeviceUseStatement", "id": "u", "status": "active", "device": {"reference": "Device/d"}},
        {"resourceType": "DeviceRequest", "id": "r", "intent": "order", "authoredOn": "2020-01-01"},
        bouw(eigen("verzoek"), {"soort": "nieuw", "reden": "Kapot."}, "completed", {**KOP, "id": "v"}),
        meting("m", "44", "2020-01-01"),
        advies,
    ]


def test_een_onbekende_bron_wordt_genoemd() -> None:
    assert onbekende_bronnen(ADVIES) == []
    for bron in ("Geheim", "advies:", "geheim:x", "Patient.name|Geheim", ""):
        velden = {"extension": [{"url": extension("bron-in-paspoort"), "valueString": bron}]}
        assert bool(onbekende_bronnen(laad(lijst(vraag(**velden))))) == bool(bron), bron
