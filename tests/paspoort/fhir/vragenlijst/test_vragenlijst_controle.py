"""Foute antwoorden: elke klasse met minstens vijf gevallen, elk aangewezen bij zijn element."""

from __future__ import annotations

from typing import Any

import pytest

from paspoort.fhir.vragenlijst import bouw, controleer, eigen, laad, ontbrekend

ADVIES = eigen("functioneel-advies")
VERZOEK = eigen("verzoek")
HMP = "http://hulpmiddelenpaspoort.nl/fhir/CodeSystem/"


def fouten(*items: Any, lijst: Any = ADVIES, status: str = "in-progress") -> list[tuple[str, str | None]]:
    response = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": lijst.canonical,
        "status": status,
        "item": list(items),
    }
    meldingen = controleer(response, lijst)
    assert all(m.tekst("nl") and m.tekst("en") for m in meldingen)
    return [(m.code, m.plek) for m in meldingen]


def deel1(link: str, *antwoorden: Any) -> dict[str, Any]:
    return {"linkId": "1", "item": [{"linkId": link, "answer": list(antwoorden)}]}


IN_DEEL_1 = "QuestionnaireResponse.item[0].item[0]"


@pytest.mark.parametrize(
    ("link", "antwoord", "element"),
    [
        ("1.4", {"valueString": "ja"}, "valueString"),
        ("1.4", {"valueBoolean": "true"}, "valueBoolean"),
        ("1.4", {"valueBoolean": 1}, "valueBoolean"),
        ("1.17", {"valueString": "44"}, "valueString"),
        ("1.17", {"valueDecimal": "44"}, "valueDecimal"),
        ("1.17", {"valueDecimal": True}, "valueDecimal"),
        ("1.17", {"valueQuantity": {"value": 44}}, "valueQuantity"),
        ("1.23", {"valueDate": "2026-02-30"}, "valueDate"),
        ("1.23", {"valueDate": "morgen"}, "valueDate"),
        ("1.23", {"valueDate": 20260901}, "valueDate"),
        ("1.1", {"valueString": 7}, "valueString"),
        ("1.3", {"valueString": "stabiel"}, "valueString"),
        ("1.3", {"valueCoding": "stabiel"}, "valueCoding"),
        ("1.3", {"valueCoding": {"code": 4}}, "valueCoding"),
    ],
)
def test_een_antwoord_van_het_verkeerde_type(link: str, antwoord: dict[str, Any], element: str) -> None:
    assert fouten(deel1(link, antwoord)) == [("antwoord-verkeerd-type", f"{IN_DEEL_1}.answer[0].{element}")]


@pytest.mark.parametrize(
    ("coding"),
    [
        {"system": HMP + "prognose", "code": "beter"},
        {"system": HMP + "prognose", "code": "Stabiel"},
        {"system": HMP + "urgentie", "code": "stabiel"},
        {"code": "stabiel"},
        {"system": HMP + "prognose"},
        {"display": "Blijft ongeveer gelijk"},
    ],
)
def test_een_keuze_die_niet_in_de_lijst_staat(coding: dict[str, Any]) -> None:
    assert fouten(deel1("1.3", {"valueCoding": coding})) == [
        ("antwoord-geen-keuze", f"{IN_DEEL_1}.answer[0].valueCoding")
    ]


@pytest.mark.parametrize(
    ("item", "code", "plek"),
    [
        ({"linkId": "9"}, "vraag-onbekend", "item[0].linkId"),
        ({"linkId": ""}, "vraag-onbekend", "item[0].linkId"),
        ({"linkId": "1.1"}, "vraag-verkeerde-plaats", "item[0].linkId"),
        ({"linkId": "2.1.1"}, "vraag-verkeerde-plaats", "item[0].linkId"),
        ({"linkId": "2", "item": [{"linkId": "2.1.1"}]}, "vraag-verkeerde-plaats", "item[0].item[0].linkId"),
        ({"linkId": "1", "item": [{"linkId": "1.1-hulp"}]}, "vraag-onbekend", "item[0].item[0].linkId"),
        ({"linkId": "1", "answer": [{"valueString": "x"}]}, "groep-met-antwoord", "item[0].answer"),
        ({"linkId": "1", "item": [{"linkId": "1.1", "item": []}]}, "vraag-verkeerde-plaats", "item[0].item[0].item"),
    ],
)
def test_een_item_dat_hier_niet_hoort(item: dict[str, Any], code: str, plek: str) -> None:
    assert fouten(item) == [(code, f"QuestionnaireResponse.{plek}")]


@pytest.mark.parametrize(
    ("item", "plek"),
    [
        ("los", "item[0].linkId"),
        ({}, "item[0].linkId"),
        ({"linkId": 1}, "item[0].linkId"),
        (None, "item[0].linkId"),
        ({"linkId": "1", "item": {"linkId": "1.1"}}, "item[0].item"),
        ({"linkId": "1", "item": [{"linkId": "1.1", "answer": "x"}]}, "item[0].item[0].answer"),
        ({"linkId": "1", "item": [{"linkId": "1.1", "answer": ["x"]}]}, "item[0].item[0].answer[0]"),
    ],
)
def test_kapotte_vorm_geeft_een_melding_en_geen_uitzondering(item: Any, plek: str) -> None:
    assert fouten(item) == [("antwoord-vorm", f"QuestionnaireResponse.{plek}")]


@pytest.mark.parametrize(
    ("link", "antwoord", "code", "element"),
    [
        ("1.1", {}, "antwoord-leeg", ""),
        ("1.1", {"valueString": "  "}, "antwoord-leeg", ".valueString"),
        ("1.1", {"valueString": "x" * 4001}, "antwoord-te-lang", ".valueString"),
        ("1.2", {"valueString": "x" * 251}, "antwoord-te-lang", ".valueString"),
        ("1.15", {"valueDecimal": 1.72}, "antwoord-buiten-grens", ".valueDecimal"),
        ("1.16", {"valueDecimal": 720}, "antwoord-buiten-grens", ".valueDecimal"),
        ("1.17", {"valueDecimal": -44}, "antwoord-buiten-grens", ".valueDecimal"),
        ("1.17", {"valueDecimal": float("nan")}, "antwoord-buiten-grens", ".valueDecimal"),
    ],
)
def test_een_lege_te_lange_of_onmogelijke_waarde(link: str, antwoord: dict[str, Any], code: str, element: str) -> None:
    assert fouten(deel1(link, antwoord)) == [(code, f"{IN_DEEL_1}.answer[0]{element}")]


def test_een_vraag_twee_keer_of_een_antwoord_te_veel() -> None:
    tekst = {"valueString": "x"}
    dubbel = {"linkId": "1", "item": [{"linkId": "1.1", "answer": [tekst]}, {"linkId": "1.1", "answer": [tekst]}]}
    assert fouten(dubbel) == [("vraag-dubbel", "QuestionnaireResponse.item[0].item[1].linkId")]
    assert fouten(deel1("1.1", tekst, tekst)) == [("antwoord-te-veel", f"{IN_DEEL_1}.answer[1]")]
    assert fouten({"linkId": "1"}, {"linkId": "1"}) == [("vraag-dubbel", "QuestionnaireResponse.item[1].linkId")]
    assert fouten(deel1("1.2", tekst, tekst)) == []
    twee_waarden = {"valueString": "x", "valueBoolean": True}
    assert fouten(deel1("1.1", twee_waarden)) == [("antwoord-verkeerd-type", f"{IN_DEEL_1}.answer[0].valueBoolean")]


def test_alle_fouten_komen_samen_elk_bij_zijn_element() -> None:
    gevonden = fouten(
        deel1("1.4", {"valueString": "ja"}), {"linkId": "9"}, {"linkId": "2", "item": [{"linkId": "2.1", "answer": []}]}
    )
    assert gevonden == [
        ("antwoord-verkeerd-type", f"{IN_DEEL_1}.answer[0].valueString"),
        ("vraag-onbekend", "QuestionnaireResponse.item[1].linkId"),
        ("groep-met-antwoord", "QuestionnaireResponse.item[2].item[0].answer"),
    ]


@pytest.mark.parametrize("canonical", [None, "", VERZOEK.canonical, ADVIES.url + "|9.0.0", 7])
def test_antwoorden_bij_een_andere_vragenlijst(canonical: object) -> None:
    response = {"resourceType": "QuestionnaireResponse", "questionnaire": canonical, "status": "in-progress"}
    assert [(m.code, m.plek) for m in controleer(response, ADVIES)] == [
        ("vragenlijst-anders", "QuestionnaireResponse.questionnaire")
    ]


def test_in_een_concept_is_niets_verplicht_en_bij_completed_alles_wat_nodig_is() -> None:
    concept = bouw(ADVIES, {"eis": [{"eis-tekst": "Rijdt zelf."}]})
    assert controleer(concept, ADVIES) == []
    definitief = controleer(concept | {"status": "completed"}, ADVIES)
    assert definitief == ontbrekend(concept, ADVIES)
    plekken = [m.plek for m in definitief]
    assert {m.code for m in definitief} == {"antwoord-ontbreekt"}
    assert "QuestionnaireResponse.item.where(linkId='1').item.where(linkId='1.1')" in plekken
    assert "QuestionnaireResponse.item[0].item[0].item.where(linkId='2.1.7')" in plekken
    nodig = [v for v in ADVIES.per_link.values() if v.nodig and not v.is_groep and not v.voorwaarden]
    assert len(definitief) == len(nodig) - 1


def test_zonder_eis_ontbreekt_de_eis_zelf_en_niet_haar_velden() -> None:
    plekken = [m.plek or "" for m in ontbrekend(bouw(ADVIES, {"hulpvraag": "x"}), ADVIES)]
    assert [p for p in plekken if "'2" in p] == [
        "QuestionnaireResponse.item.where(linkId='2').item.where(linkId='2.1')"
    ]


@pytest.mark.parametrize(
    ("soort", "mag"), [("veranderd", True), ("ongewijzigd", False), ("nieuw", False), (None, False)]
)
def test_wat_er_veranderd_is_hoort_alleen_bij_veranderd(soort: str | None, mag: bool) -> None:
    response = bouw(VERZOEK, {"soort": soort, "verandering": ["maat"]})
    assert ([m.code for m in controleer(response, VERZOEK)] == []) is mag


@pytest.mark.parametrize(
    ("operator", "waarde", "antwoord", "geldt"),
    [
        ("=", 3, 3, True),
        ("=", 3, 4, False),
        ("!=", 3, 4, True),
        ("!=", 3, 3, False),
        (">", 3, 4, True),
        (">", 3, 3, False),
        (">=", 3, 3, True),
        ("<", 3, 2, True),
        ("<=", 3, 4, False),
        ("exists", True, 3, True),
        ("exists", False, 3, False),
        ("exists", False, None, True),
        (">", 3, None, False),
    ],
)
def test_enablewhen_vergelijkt_zoals_r4_zegt(operator: str, waarde: Any, antwoord: int | None, geldt: bool) -> None:
    soort = "answerBoolean" if operator == "exists" else "answerInteger"
    lijst = laad(
        {
            "url": "u",
            "item": [
                {"linkId": "a", "type": "integer"},
                {
                    "linkId": "b",
                    "type": "string",
                    "enableWhen": [{"question": "a", "operator": operator, soort: waarde}],
                },
            ],
        }
    )
    a = [{"linkId": "a", "answer": [{"valueInteger": antwoord}]}] if antwoord is not None else []
    meldingen = fouten(*a, {"linkId": "b", "answer": [{"valueString": "x"}]}, lijst=lijst)
    assert (meldingen == []) is geldt


def test_een_verborgen_vraag_is_niet_verplicht_en_alle_voorwaarden_tellen_bij_all() -> None:
    voorwaarden = [
        {"question": "a", "operator": "=", "answerBoolean": True},
        {"question": "b", "operator": "=", "answerBoolean": True},
    ]
    items = [
        {"linkId": "a", "type": "boolean"},
        {"linkId": "b", "type": "boolean"},
        {"linkId": "c", "type": "string", "required": True, "enableBehavior": "all", "enableWhen": voorwaarden},
    ]
    lijst = laad({"url": "u", "item": items})
    een, twee = ({"linkId": x, "answer": [{"valueBoolean": True}]} for x in "ab")
    assert fouten(een, lijst=lijst, status="completed") == []
    assert fouten(een, twee, lijst=lijst, status="completed") == [
        ("antwoord-ontbreekt", "QuestionnaireResponse.item.where(linkId='c')")
    ]


@pytest.mark.parametrize(
    ("rij", "kinderen_verplicht", "plek"),
    [
        ({}, False, "QuestionnaireResponse.item.where(linkId='g')"),
        ({}, True, "QuestionnaireResponse.item[1].item.where(linkId='t')"),
        ({"item": [{"linkId": "t"}]}, True, "QuestionnaireResponse.item[1].item.where(linkId='t')"),
        ({"item": [{"linkId": "t", "answer": [{"valueString": "x"}]}]}, True, None),
    ],
)
def test_een_lege_rij_naast_een_volle_is_bij_definitief_een_fout(
    rij: dict[str, Any], kinderen_verplicht: bool, plek: str | None
) -> None:
    kind = {"linkId": "t", "type": "string", "required": kinderen_verplicht}
    groep = {"linkId": "g", "type": "group", "repeats": True, "required": True, "item": [kind]}
    lijst = laad({"url": "u", "item": [groep]})
    vol = {"linkId": "g", "item": [{"linkId": "t", "answer": [{"valueString": "x"}]}]}
    assert fouten(vol, {"linkId": "g", **rij}, lijst=lijst) == []
    verwacht = [("antwoord-ontbreekt", plek)] if plek else []
    assert fouten(vol, {"linkId": "g", **rij}, lijst=lijst, status="completed") == verwacht
