"""Wat een vraag van haar antwoorden vraagt: lengtes, grenzen, aantallen, keuzes, vaste waarden, volgorde, uitleg."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from paspoort.fhir.validatie_codes import Codes
from paspoort.fhir.vragenlijst import controleer, laad

Json = dict[str, Any]
HL7 = "http://hl7.org/fhir/StructureDefinition/"
LIJST = "http://voorbeeld.nl/lijst"
STELSEL = "http://voorbeeld.nl/kleuren"
ROOD = {"system": STELSEL, "code": "rood"}
LIJST_JSON = {
    "resourceType": "ValueSet", "id": "kleuren", "url": LIJST,
    "compose": {"include": [{"system": STELSEL, "concept": [{"code": "rood"}, {"code": "blauw"}]}]},
}  # fmt: skip
CODES = Codes([LIJST_JSON])


def ext(naam: str, **waarde: Any) -> Json:
    return {"url": f"{HL7}{naam}", **waarde}


def fouten(vragen: list[Json], *items: Json, status: str = "in-progress", **meer: Any) -> list[tuple[str, str | None]]:
    lijst = laad({"resourceType": "Questionnaire", "url": "http://x.nl/q", "version": "1", "item": vragen, **meer})
    response = {"questionnaire": lijst.canonical, "status": status, "item": list(items)}
    meldingen = controleer(response, lijst, CODES.lijst)
    assert all(m.tekst("nl") and m.tekst("en") for m in meldingen)
    return [(m.code, m.plek) for m in meldingen]


def vraag(soort: str, *extensies: Json, **meer: Any) -> Json:
    return {"linkId": "1", "type": soort, **({"extension": list(extensies)} if extensies else {}), **meer}


def antwoord(*waarden: Json) -> Json:
    return {"linkId": "1", "answer": list(waarden)}


PAREN: list[tuple[str, Json, Json, Json]] = [
    ("antwoord-te-kort", vraag("string", ext("minLength", valueInteger=3)), {"valueString": "abc"},
     {"valueString": "ab"}),
    ("antwoord-te-lang", vraag("string", maxLength=3), {"valueString": "abc"}, {"valueString": "abcd"}),
    ("antwoord-te-lang", vraag("url", maxLength=12), {"valueUri": "http://x.nl/"}, {"valueUri": "http://x.nl/a"}),
    ("antwoord-buiten-grens", vraag("integer", ext("minValue", valueInteger=1)), {"valueInteger": 1},
     {"valueInteger": 0}),
    ("antwoord-buiten-grens", vraag("date", ext("maxValue", valueDate="2026-12-31")), {"valueDate": "2026-12-31"},
     {"valueDate": "2027-01-01"}),
    ("antwoord-buiten-grens", vraag("time", ext("minValue", valueTime="09:00:00")), {"valueTime": "09:00:00"},
     {"valueTime": "08:59:59"}),
    ("antwoord-buiten-grens", vraag("dateTime", ext("minValue", valueDateTime="2026-01-01T00:00:00Z")),
     {"valueDateTime": "2026-01-01T00:00:00Z"}, {"valueDateTime": "2026-01-01T00:30:00+01:00"}),
    ("antwoord-te-precies", vraag("decimal", ext("maxDecimalPlaces", valueInteger=1)),
     {"valueDecimal": Decimal("1.5")}, {"valueDecimal": Decimal("1.25")}),
    ("antwoord-geen-keuze", vraag("choice", answerValueSet=LIJST), {"valueCoding": ROOD},
     {"valueCoding": {"system": STELSEL, "code": "groen"}}),
    ("antwoord-geen-keuze", vraag("choice", answerValueSet="#kleuren"), {"valueCoding": ROOD},
     {"valueCoding": {"code": "rood"}}),
    ("antwoord-geen-keuze", vraag("choice", answerOption=[{"valueString": "ja"}]), {"valueString": "ja"},
     {"valueString": "nee"}),
    ("antwoord-geen-keuze", vraag("integer", answerOption=[{"valueInteger": 1}, {"valueInteger": 2}]),
     {"valueInteger": 2}, {"valueInteger": 3}),
    ("antwoord-geen-keuze", vraag("date", answerOption=[{"valueDate": "2026-01-01"}]), {"valueDate": "2026-01-01"},
     {"valueDate": "2026-01-02"}),
    ("antwoord-geen-keuze", vraag("open-choice", answerOption=[{"valueCoding": ROOD}]), {"valueString": "paars"},
     {"valueCoding": {"system": STELSEL, "code": "paars"}}),
    ("antwoord-verkeerd-type", vraag("choice", answerOption=[{"valueString": "ja"}]), {"valueString": "ja"},
     {"valueCoding": ROOD}),
    ("antwoord-verkeerd-type", vraag("reference", ext("questionnaire-referenceResource", valueCode="Device")),
     {"valueReference": {"reference": "Device/1"}}, {"valueReference": {"reference": "Patient/1"}}),
    ("antwoord-verkeerd-type", vraag("attachment", ext("mimeType", valueCode="image/png")),
     {"valueAttachment": {"contentType": "image/png"}}, {"valueAttachment": {"contentType": "image/jpeg"}}),
    ("antwoord-verkeerd-type", vraag("attachment", ext("maxSize", valueDecimal=Decimal("5"))),
     {"valueAttachment": {"contentType": "a/b", "size": 5}}, {"valueAttachment": {"contentType": "a/b", "size": 6}}),
    ("antwoord-geen-keuze", vraag("quantity", ext("questionnaire-unitOption", valueCoding=ROOD)),
     {"valueQuantity": {"value": 1, **ROOD}}, {"valueQuantity": {"value": 1, "code": "cm"}}),
    ("antwoord-ligt-vast", vraag("string", readOnly=True, initial=[{"valueString": "vast"}]),
     {"valueString": "vast"}, {"valueString": "los"}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "item", "goed", "fout"), PAREN)
def test_een_antwoord_binnen_en_buiten_wat_de_vraag_vraagt(code: str, item: Json, goed: Json, fout: Json) -> None:
    element = next(naam for naam in fout)
    assert fouten([item], antwoord(goed), contained=[LIJST_JSON]) == []
    assert fouten([item], antwoord(fout), contained=[LIJST_JSON]) == [
        (code, f"QuestionnaireResponse.item[0].answer[0].{element}")
    ]


def test_een_waardelijst_die_hier_niet_is_houdt_niets_tegen() -> None:
    item = vraag("choice", answerValueSet="http://elders.nl/lijst")
    assert fouten([item], antwoord({"valueCoding": {"code": "x"}})) == []


def test_alleen_lezen_zonder_vaste_waarde_mag_een_uitgerekende_waarde_hebben() -> None:
    assert fouten([vraag("string", readOnly=True)], antwoord({"valueString": "x"})) == []


def test_het_aantal_antwoorden_en_rijen() -> None:
    aantal = (ext("questionnaire-minOccurs", valueInteger=2), ext("questionnaire-maxOccurs", valueInteger=3))
    x = {"valueString": "x"}
    item = vraag("string", *aantal, repeats=True)
    assert fouten([item], antwoord(x, x)) == fouten([item], antwoord(x, x, x)) == []
    assert fouten([item], antwoord(x)) == [("antwoord-aantal-te-weinig", "QuestionnaireResponse.item[0].answer")]
    assert fouten([item], antwoord(x, x, x, x)) == [
        ("antwoord-aantal-te-veel", "QuestionnaireResponse.item[0].answer[3]")
    ]
    groep = vraag("group", *aantal, repeats=True, item=[{"linkId": "1.1", "type": "string"}])
    rij = {"linkId": "1", "item": [{"linkId": "1.1", "answer": [x]}]}
    assert fouten([groep], rij, rij) == []
    assert fouten([groep], rij) == [("antwoord-aantal-te-weinig", "QuestionnaireResponse.item")]
    assert fouten([groep], rij, rij, rij, rij) == [("antwoord-aantal-te-veel", "QuestionnaireResponse.item[3]")]


def test_items_staan_in_de_volgorde_van_de_vragenlijst() -> None:
    vragen = [{"linkId": "a", "type": "string"}, {"linkId": "b", "type": "string"}]
    a, b = ({"linkId": x, "answer": [{"valueString": "x"}]} for x in "ab")
    assert fouten(vragen, a, b) == fouten(vragen, b) == []
    assert fouten(vragen, b, a) == [("vraag-volgorde", "QuestionnaireResponse.item[1].linkId")]


def test_uitleg_mag_genoemd_worden_maar_heeft_geen_antwoord_en_geen_onderdelen() -> None:
    vragen = [{"linkId": "u", "type": "display", "text": "Let op"}, {"linkId": "a", "type": "string"}]
    assert fouten(vragen, {"linkId": "u"}) == []
    assert fouten(vragen, {"linkId": "u", "answer": [{"valueString": "x"}]}) == [
        ("groep-met-antwoord", "QuestionnaireResponse.item[0].answer")
    ]
    assert fouten(vragen, {"linkId": "u", "item": [{"linkId": "a"}]}) == [
        ("groep-met-antwoord", "QuestionnaireResponse.item[0].item")
    ]


@pytest.mark.parametrize(
    ("soort", "gevraagd", "gegeven", "operator", "mag"),
    [
        ("date", {"answerDate": "2026-01-01"}, {"valueDate": "2026-01-02"}, ">", True),
        ("date", {"answerDate": "2026-01-01"}, {"valueDate": "2026"}, ">", False),
        ("quantity", {"answerQuantity": {"value": 40, **ROOD}}, {"valueQuantity": {"value": 41, **ROOD}}, ">=", True),
        ("quantity", {"answerQuantity": {"value": 40, **ROOD}}, {"valueQuantity": {"value": 41, **ROOD}}, "=", False),
        ("reference", {"answerReference": {"reference": "Device/1"}}, {"valueReference": {"reference": "Device/2"}},
         "=", False),
        ("boolean", {"answerBoolean": True}, {"valueBoolean": True}, "=", True),
        ("boolean", {"answerBoolean": False}, {"valueBoolean": True}, "=", False),
        ("choice", {"answerCoding": ROOD}, {"valueCoding": {**ROOD, "display": "Rood"}}, "=", True),
        ("time", {"answerTime": "10:00:00"}, {"valueTime": "09:00:00"}, "<", True),
    ],
)  # fmt: skip
def test_een_voorwaarde_op_elk_soort_antwoord(
    soort: str, gevraagd: Json, gegeven: Json, operator: str, mag: bool
) -> None:
    voorwaarde = {"question": "1", "operator": operator, **gevraagd}
    vragen = [vraag(soort), {"linkId": "2", "type": "string", "enableWhen": [voorwaarde]}]
    gevonden = fouten(vragen, antwoord(gegeven), {"linkId": "2", "answer": [{"valueString": "x"}]})
    assert (gevonden == []) is mag
    assert mag or gevonden == [("antwoord-niet-gevraagd", "QuestionnaireResponse.item[1]")]


def test_een_vraag_onder_een_antwoord_hoort_bij_dat_antwoord() -> None:
    vragen = [vraag("boolean", item=[{"linkId": "1.1", "type": "string", "required": True}])]
    onder = {"valueBoolean": True, "item": [{"linkId": "1.1", "answer": [{"valueString": "x"}]}]}
    assert fouten(vragen, antwoord(onder)) == []
    naast = {"linkId": "1", "answer": [{"valueBoolean": True}], "item": [{"linkId": "1.1"}]}
    assert fouten(vragen, naast) == [("vraag-verkeerde-plaats", "QuestionnaireResponse.item[0].item")]
