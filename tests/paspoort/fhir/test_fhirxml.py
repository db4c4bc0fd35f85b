"""FHIR-XML: heen en terug verandert niets, en wat niet klopt wordt bij zijn element genoemd."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paspoort.fhir.fhirjson import lees
from paspoort.fhir.fhirxml import naar_xml, uit_xml
from paspoort.fhir.validatie import Validator
from paspoort.fouten import PaspoortFout

VOORBEELDEN = Path(__file__).parents[3] / "fhir_profiles" / "examples"
VERWACHT = json.loads((VOORBEELDEN / "verwacht.json").read_text())
PATIENT = '<Patient xmlns="http://hl7.org/fhir">{}</Patient>'


def _geldig() -> list[Path]:
    fout = {naam for naam, regels in VERWACHT.items() if regels}
    return [p for p in sorted(VOORBEELDEN.rglob("*.json")) if p.name not in fout and p.name != "verwacht.json"]


def test_elk_geldig_voorbeeld_is_heen_en_terug_gelijk() -> None:
    validator = Validator.laad()
    gedaan = 0
    for pad in _geldig():
        inhoud = lees(pad.read_bytes())
        if any(m.ernst == "error" for m in validator.controleer(inhoud)):
            continue
        assert uit_xml(naar_xml(inhoud)) == inhoud, pad.name
        gedaan += 1
    assert gedaan > 80


def test_elementen_staan_in_de_volgorde_van_de_specificatie() -> None:
    inhoud = {
        "resourceType": "Observation",
        "subject": {"reference": "Patient/1"},
        "status": "final",
        "code": {"text": "x"},
        "meta": {"versionId": "1"},
        "id": "a",
    }
    namen = [kind.tag.rpartition("}")[2] for kind in ElementTree.fromstring(naar_xml(inhoud))]
    assert namen == ["id", "meta", "status", "code", "subject"]


def test_primitieven_met_extensies_en_gaten() -> None:
    inhoud = {
        "resourceType": "Patient",
        "birthDate": "1970-01-01",
        "_birthDate": {"id": "g", "extension": [{"url": "http://x.nl/a", "valueDecimal": Decimal("1.50")}]},
        "name": [
            {
                "given": ["An", None, "Ben"],
                "_given": [None, {"extension": [{"url": "http://x.nl/b", "valueBoolean": True}]}, None],
            }
        ],
        "multipleBirthInteger": 2,
    }
    assert uit_xml(naar_xml(inhoud)) == inhoud


def test_decimalen_houden_hun_cijfers() -> None:
    for tekst in ("1.0", "0.10", "100", "-3.140"):
        maat = f'<valueQuantity><value value="{tekst}"/></valueQuantity>'
        xml = f'<Observation xmlns="http://hl7.org/fhir">{maat}</Observation>'
        assert str(uit_xml(xml.encode())["valueQuantity"]["value"]) == tekst
        assert f'value="{tekst}"'.encode() in naar_xml(uit_xml(xml.encode()))


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1))
def test_elke_tekst_overleeft(tekst: str) -> None:
    inhoud = {"resourceType": "Patient", "name": [{"text": tekst + "\n\t\r" + tekst}]}
    assert uit_xml(naar_xml(inhoud)) == inhoud


def test_verhaal_met_html_wordt_xml_dat_klopt() -> None:
    div = '<div xmlns="http://www.w3.org/1999/xhtml"><p title="a &amp; b">één<br>twee&nbsp;&lt;</p></div>'
    xml = naar_xml({"resourceType": "Patient", "text": {"status": "generated", "div": div}})
    terug = uit_xml(xml)["text"]["div"]
    assert terug == '<div xmlns="http://www.w3.org/1999/xhtml"><p title="a &amp; b">één<br/>twee\xa0&lt;</p></div>'
    assert uit_xml(naar_xml(uit_xml(xml)))["text"]["div"] == terug


def test_resources_in_resources() -> None:
    binnen = {"resourceType": "Organization", "id": "o", "name": "Gemeente"}
    bundel = {"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:0", "resource": binnen}]}
    assert uit_xml(naar_xml(bundel)) == bundel
    patient = {"resourceType": "Patient", "contained": [binnen, {**binnen, "id": "p"}]}
    assert uit_xml(naar_xml(patient)) == patient


def test_te_veel_van_een_enkel_element_komt_bij_de_controle() -> None:
    inhoud = uit_xml(PATIENT.format('<birthDate value="1970"/><birthDate value="1971"/>').encode())
    assert inhoud["birthDate"] == ["1970", "1971"]


def test_een_kromme_waarde_blijft_tekst_voor_de_controle() -> None:
    assert uit_xml(PATIENT.format('<active value="ja"/>').encode())["active"] == "ja"


@pytest.mark.parametrize(
    ("xml", "code", "plek"),
    [
        ("", "xml-kapot", None),
        ("<Patient", "xml-kapot", None),
        ('<!DOCTYPE p [<!ENTITY a "aaaa">]><Patient xmlns="http://hl7.org/fhir"/>', "xml-doctype", None),
        (PATIENT.format('<active value="&a;"/>'), "xml-kapot", None),
        ("<Patient/>", "xml-naamruimte", "Patient"),
        ('<Foo xmlns="http://hl7.org/fhir"/>', "fhir-type-onbekend", "Foo"),
        (PATIENT.format("<foo/>"), "fhir-element-onbekend", "Patient.foo"),
        (PATIENT.format('<name><given foo="x"/></name>'), "xml-attribuut", "Patient.name[0].given[0]"),
        (PATIENT.format("<name><given>An</given></name>"), "xml-tekst", "Patient.name[0].given[0]"),
        (PATIENT.format("<contained/>"), "fhir-geen-resource", "Patient.contained[0]"),
        (PATIENT.format("<text><div>x</div></text>"), "xml-naamruimte", "Patient.text.div"),
        (PATIENT.format("<extension><extension>" * 80 + "</extension></extension>" * 80), "json-te-diep", None),
        (
            PATIENT.format(
                '<text><div xmlns="http://www.w3.org/1999/xhtml">' + "<b>" * 90 + "</b>" * 90 + "</div></text>"
            ),
            "json-te-diep",
            None,
        ),
    ],
)
def test_fout_staat_bij_het_element(xml: str, code: str, plek: str | None) -> None:
    with pytest.raises(PaspoortFout) as fout:
        uit_xml(xml.encode())
    assert (fout.value.meldingen[0].code, fout.value.meldingen[0].plek) == (code, plek)
