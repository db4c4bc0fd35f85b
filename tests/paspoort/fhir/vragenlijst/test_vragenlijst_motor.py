"""De motor: wat zij niet doet zegt zij, rekenen, beginwaarden, versies naast elkaar, rijen die naar zichzelf kijken."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from paspoort.fhir.vragenlijst import (
    Bron,
    Gegeven,
    antwoorden,
    bouw,
    controleer,
    eigen,
    formulier,
    knop,
    laad,
    met_begin,
    onondersteund,
    uit_formulier,
    vragenlijst_van,
)
from paspoort.fouten import PaspoortFout

MAP = Path(__file__).parents[4] / "fhir_profiles" / "Questionnaire"
ONZE = {p.name: json.loads(p.read_text()) for p in MAP.glob("*.json")}
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
HL7 = "http://hl7.org/fhir/StructureDefinition/"


def lijst(*items: dict[str, Any], **meer: Any) -> dict[str, Any]:
    return {"resourceType": "Questionnaire", "url": "http://proef/q", "item": list(items), **meer}


def vraag(link: str, type: str = "string", **meer: Any) -> dict[str, Any]:
    return {"linkId": link, "type": type, "text": f"Vraag {link}", "code": [{"code": link}], **meer}


def formule(tekst: str, taal: str = "text/fhirpath", soort: str = "calculated") -> dict[str, Any]:
    url = f"{SDC}sdc-questionnaire-{soort}Expression"
    return {"url": url, "valueExpression": {"language": taal, "expression": tekst}}


def als(link: str, operator: str = "exists", **antwoord: Any) -> dict[str, Any]:
    return {"question": link, "operator": operator, **(antwoord or {"answerBoolean": True})}


# --- wat niet gaat


@pytest.mark.parametrize("naam", [n for n, q in ONZE.items() if q["resourceType"] == "Questionnaire"])
def test_onze_vragenlijsten_gebruiken_niets_dat_niet_gaat(naam: str) -> None:
    assert onondersteund(ONZE[naam]) == ()


CONTROL = {"url": f"{HL7}questionnaire-itemControl", "valueCodeableConcept": {"coding": [{"code": "slider"}]}}


@pytest.mark.parametrize(
    ("inhoud", "plek", "wat"),
    [
        (lijst(vraag("a"), derivedFrom=["http://x"]), "Questionnaire.derivedFrom", "afgeleid"),
        (lijst(vraag("a"), extension=[{"url": f"{SDC}sdc-questionnaire-launchContext"}]),
         "Questionnaire.extension[0]", "launchContext"),
        (lijst(vraag("a", prefix="1.")), "Questionnaire.item[0].prefix", "element prefix"),
        (lijst(vraag("a", modifierExtension=[])), "Questionnaire.item[0].modifierExtension", "modifierExtension"),
        (lijst(vraag("a", "attachment")), "Questionnaire.item[0].type", "bestand"),
        (lijst(vraag("a", "reference")), "Questionnaire.item[0].type", "verwijzing"),
        (lijst(vraag("a", item=[vraag("b")])), "Questionnaire.item[0].item[0]", "onder een antwoord"),
        (lijst(vraag("a", extension=[{"url": "http://elders/x"}])), "Questionnaire.item[0].extension[0]", "extensie x"),
        (lijst(vraag("a", extension=[CONTROL])), "Questionnaire.item[0].extension[0]", "slider"),
        (lijst(vraag("a", extension=[{"url": f"{HL7}regex", "valueString": "("}])),
         "Questionnaire.item[0].extension[0]", "patroon"),
        (lijst(vraag("a", "decimal", extension=[formule("1", "text/cql")])),
         "Questionnaire.item[0].extension[0]", "cql"),
        (lijst(vraag("a", "decimal", extension=[formule("%patient.age")])),
         "Questionnaire.item[0].extension[0]", "%patient"),
        (lijst(vraag("a", "decimal", extension=[formule("1 +")])), "Questionnaire.item[0].extension[0]", "formule"),
        (lijst(vraag("a", "decimal", extension=[formule("bedenk()")])), "Questionnaire.item[0].extension[0]", "bedenk"),
        (lijst(vraag("a", "choice", extension=[formule("1")])), "Questionnaire.item[0].extension[0]", "type choice"),
        (lijst(vraag("g", "group", repeats=True, item=[vraag("a", "decimal", extension=[formule("1")])])),
         "Questionnaire.item[0].item[0].extension[0]", "herhaalde groep"),
        (lijst(vraag("a", "choice", answerValueSet="http://snomed.info/sct?fhir_vs")),
         "Questionnaire.item[0].answerValueSet", "waardelijst"),
        (lijst(vraag("a", enableWhen=[als("weg")])), "Questionnaire.item[0].enableWhen[0].question", "die er niet is"),
        (lijst(vraag("a", enableWhen=[als("b")]), vraag("b", enableWhen=[als("a")])),
         "Questionnaire.item[1].enableWhen[0].question", "kring"),
        (lijst(vraag("a", enableWhen=[als("a")])), "Questionnaire.item[0].enableWhen[0].question", "kring"),
        (lijst(vraag("a") | {"code": [{"code": "zoek"}]}), "Questionnaire.item[0].code", "zelf gebruikt"),
        (lijst(vraag("a") | {"code": [{"code": "a.b"}]}), "Questionnaire.item[0].code[0]", "andere tekens"),
        (lijst(vraag("a"), vraag("b") | {"code": [{"code": "a"}]}), "Questionnaire.item[1].code", "andere vraag"),
    ],
)  # fmt: skip
def test_wat_niet_gaat_staat_bij_zijn_element(inhoud: dict[str, Any], plek: str, wat: str) -> None:
    gevonden = {m.plek: m for m in onondersteund(inhoud)}
    assert plek in gevonden and wat in gevonden[plek].waarden["wat"]
    assert all(m.ernst == "warning" and m.code == "vragenlijst-onondersteund" for m in gevonden.values())


def test_dezelfde_code_in_een_andere_rij_mag() -> None:
    assert (
        onondersteund(
            lijst(vraag("a"), vraag("g", "group", repeats=True, item=[vraag("a1") | {"code": [{"code": "a"}]}]))
        )
        == ()
    )


# --- rekenen en beginnen

BMI = lijst(
    vraag("lengte", "decimal"),
    vraag("gewicht", "decimal"),
    vraag("g", "group", item=[
        vraag("bmi", "decimal", extension=[
            formule("%resource.item.where(linkId='gewicht').answer.valueDecimal"
                    " / (%resource.item.where(linkId='lengte').answer.valueDecimal"
                    " * %resource.item.where(linkId='lengte').answer.valueDecimal)"),
            {"url": f"{HL7}maxDecimalPlaces", "valueInteger": 1},
        ]),
        vraag("dubbel", "integer", extension=[formule(
            "%resource.item.where(linkId='g').item.where(linkId='bmi').answer.valueDecimal * 2")]),
    ]),
)  # fmt: skip


def test_een_berekend_antwoord_volgt_uit_de_andere_ook_een_som_van_een_som() -> None:
    bmi = laad(BMI)
    response, meldingen = uit_formulier(bmi, {"lengte": ["1,8"], "gewicht": ["81"], "bmi": ["99"]})
    gegeven = antwoorden(response, bmi)
    assert meldingen == [] and (gegeven.een("bmi"), gegeven.een("dubbel")) == (Decimal("25.0"), 50)
    zonder, _ = uit_formulier(bmi, {"gewicht": ["81"]}, response)
    assert antwoorden(zonder, bmi).een("bmi") is None and "g" not in [i["linkId"] for i in zonder["item"]]
    assert [v.waarde for v in formulier(bmi, response).velden() if v.vast] == ["25,0", "50"]


def test_een_berekend_antwoord_dat_niet_volgt_wordt_aangewezen() -> None:
    bmi = laad(BMI)
    response, _ = uit_formulier(bmi, {"lengte": ["1,8"], "gewicht": ["81"]})
    response["item"][2]["item"][0]["answer"] = [{"valueDecimal": Decimal("20.0")}]
    assert [m.code for m in controleer(response, bmi) if m.code == "antwoord-niet-berekend"] != []
    assert all("linkId='g'" in str(m.plek) for m in controleer(response, bmi))


def test_een_nieuw_formulier_begint_met_zijn_beginwaarden_en_daarna_niet_meer() -> None:
    q = laad(lijst(
        vraag("a", initial=[{"valueString": "begin"}]),
        vraag("b", "choice", answerOption=[{"valueString": "x"}, {"valueString": "y", "initialSelected": True}]),
        vraag("c", "date", extension=[formule("today()", soort="initial")]),
        vraag("d", initial=[{"valueString": "nee"}], enableWhen=[als("e")]),
        vraag("e"),
    ))  # fmt: skip
    gegeven = antwoorden(met_begin({"questionnaire": q.url}, q), q)
    assert (gegeven.een("a"), gegeven.een("b"), gegeven.een("d")) == ("begin", "y", None)
    assert len(gegeven.een("c")) == 10
    zelf = bouw(q, {"a": "zelf"})
    assert antwoorden(met_begin(zelf, q), q).een("a") == "zelf"


# --- wat gesteld is


def test_een_vraag_in_een_rij_kijkt_niet_naar_een_andere_rij() -> None:
    rijen = vraag("g", "group", repeats=True, item=[
        vraag("soort"), vraag("meer", enableWhen=[als("soort", "=", answerString="ja")]),
    ])  # fmt: skip
    q = laad(lijst(rijen))
    response = bouw(q, {"g": [{"soort": "ja"}, {"meer": "x"}]})
    assert [m.plek for m in controleer(response, q)] == ["QuestionnaireResponse.item[1].item[0]"]


def test_een_antwoord_op_een_vraag_die_niet_gesteld_is_telt_niet() -> None:
    q = laad(lijst(
        vraag("a"), vraag("b", enableWhen=[als("a")]), vraag("c", enableWhen=[als("b")]),
        vraag("zonder-b", enableWhen=[als("b", answerBoolean=False)]),
    ))  # fmt: skip
    form = {"b": ["2"], "c": ["3"], "zonder-b": ["4"]}
    response, meldingen = uit_formulier(q, form)
    assert meldingen == [] and [i["linkId"] for i in response["item"]] == ["zonder-b"]
    response, meldingen = uit_formulier(q, form | {"a": ["1"]})
    assert meldingen == [] and [i["linkId"] for i in response["item"]] == ["a", "b", "c"]


def test_een_kring_van_voorwaarden_houdt_op() -> None:
    q = laad(lijst(vraag("a", enableWhen=[als("b")]), vraag("b", enableWhen=[als("a")])))
    assert "item" not in uit_formulier(q, {"a": ["1"], "b": ["2"]})[0]


# --- versies


def test_elke_versie_van_een_vragenlijst_is_te_lezen() -> None:
    for q in (q for q in ONZE.values() if q["resourceType"] == "Questionnaire"):
        canonical = f"{q['url']}|{q['version']}"
        assert vragenlijst_van({"questionnaire": canonical}).canonical == canonical
    nieuwste = eigen("functioneel-advies")
    assert vragenlijst_van({"questionnaire": nieuwste.url}) is nieuwste
    assert nieuwste.versie == max(q["version"] for q in ONZE.values() if q.get("url") == nieuwste.url)


@pytest.mark.parametrize("versie", ["9.9.9", "", "../verzoek", "1.0.0-x", "1.0.0|1"])
def test_een_versie_die_er_niet_is_is_onbekend(versie: str) -> None:
    with pytest.raises(PaspoortFout):
        vragenlijst_van({"questionnaire": f"{eigen('functioneel-advies').url}|{versie}"})


# --- knoppen en bevestigen


def test_een_knop_zegt_wat_er_opnieuw_getoond_moet_worden() -> None:
    assert knop({"a": ["x"], "actie": ["bewaar"]}).opnieuw is False
    k = knop({"zoek": ["soort"], "soort.zoek": [" rol "]})
    assert (k.opnieuw, dict(k.zoek)) == (True, {"soort": "rol"})
    assert knop({"rij-erbij": ["eis"]}).extra == ("eis",) and knop({"bijwerken": ["x"]}).opnieuw


def test_klopt_bevestigt_de_bron_van_wat_genoemd_is_en_maar_een_keer() -> None:
    advies = eigen("functioneel-advies")
    bron = Bron("A. Dekker", "2026-05-11", "Condition/sma")
    eis = [
        {"eis-tekst": Gegeven("Kan zelf rijden over drempels.", bron)},
        {"eis-tekst": Gegeven("Past in de bus.", bron)},
    ]
    vorige = bouw(advies, {"diagnose": [Gegeven("SMA", bron)], "zitbreedte": Gegeven("38", bron), "eis": eis})
    form = formulier(advies, vorige).invoer()
    eerst, _ = uit_formulier(advies, form | {"klopt": ["diagnose", "eis.1"]}, vorige, nu="2026-11-22T10:00:00+01:00")
    velden = {v.naam: v for v in formulier(advies, eerst).velden()}
    assert [n for n, v in velden.items() if v.bevestigd] == ["diagnose", "eis.1.eis-tekst"]
    later, _ = uit_formulier(advies, form | {"klopt": ["diagnose", "eis"]}, eerst, nu="2026-11-23T10:00:00+01:00")
    gezegd = {v.naam: v.bron.bevestigd_op for v in formulier(advies, later).velden() if v.bron}
    assert gezegd["diagnose"] == "2026-11-22T10:00:00+01:00" and gezegd["zitbreedte"] is None
    assert gezegd["eis.0.eis-tekst"] == "2026-11-23T10:00:00+01:00"
    anders, _ = uit_formulier(advies, form | {"diagnose": ["ALS"]}, later)
    assert antwoorden(anders).bron("diagnose") is None


def test_een_antwoord_dat_niet_in_een_veld_past_blijft_zoals_het_was() -> None:
    q = laad(lijst(
        vraag("m", "dateTime"), vraag("q", "quantity"), vraag("b", "attachment"), vraag("r", "reference"),
        vraag("c", "choice", answerOption=[{"valueCoding": {"system": "http://x", "code": "1", "display": "Een"}}]),
        vraag("verborgen", extension=[{"url": f"{HL7}questionnaire-hidden", "valueBoolean": True}]),
    ))  # fmt: skip
    vorige = {"resourceType": "QuestionnaireResponse", "questionnaire": q.url, "status": "in-progress", "item": [
        {"linkId": "m", "answer": [{"valueDateTime": "2026-05-01T10:00:07Z"}]},
        {"linkId": "q", "answer": [{"valueQuantity": {"value": Decimal("0.0000001"), "comparator": "<", "unit": "g"}}]},
        {"linkId": "b", "answer": [{"valueAttachment": {"title": "foto", "contentType": "image/png"}}]},
        {"linkId": "r", "answer": [{"valueReference": {"reference": "Device/a", "display": "Stoel"}}]},
        {"linkId": "c", "answer": [{"valueCoding": {"system": "http://x", "code": "1", "display": "Anders gezegd"}}]},
        {"linkId": "verborgen", "answer": [{"valueString": "x"}]},
    ]}  # fmt: skip
    assert uit_formulier(q, formulier(q, vorige).invoer(), vorige) == (vorige, [])


def test_een_coding_zonder_tekst_krijgt_die_van_de_vragenlijst_en_nooit_een_leeg_element() -> None:
    optie = {"system": "http://x", "code": "1", "display": "Een"}
    q = laad(lijst(vraag("c", "choice", answerOption=[{"valueCoding": optie}])))
    assert bouw(q, {"c": {**optie, "display": None}})["item"][0]["answer"] == [{"valueCoding": optie}]
    elders = {"system": "http://y", "code": "2", "display": None}
    assert bouw(q, {"c": elders})["item"][0]["answer"] == [{"valueCoding": {"system": "http://y", "code": "2"}}]


def test_eigen_woorden_die_luiden_als_een_keuze_staan_naast_die_keuze() -> None:
    lijst = laad(
        {"resourceType": "Questionnaire", "url": "http://proef/q", "status": "active",
         "item": [{"linkId": "v", "type": "open-choice", "repeats": True, "text": "Wat", "code": [{"code": "v"}],
                   "answerOption": [{"valueCoding": {"system": "http://proef", "code": "a", "display": "A"}}]}]}
    )  # fmt: skip
    gekozen = {"valueCoding": {"system": "http://proef", "code": "a", "display": "A"}}
    response, meldingen = uit_formulier(lijst, {"v": ["a"], "v.anders": ["a"]})
    assert meldingen == [] and response["item"][0]["answer"] == [gekozen, {"valueString": "a"}]
    (veld,) = formulier(lijst, response).velden()
    assert (veld.waarden, veld.anders) == (("a",), ("a",))
    assert uit_formulier(lijst, formulier(lijst, response).invoer(), response) == (response, [])
