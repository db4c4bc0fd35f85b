"""Snoeien van één resource: nummers, verwijzingen, teksten en de bewaarde toetsuitslag (toegang.md §2, Projection)."""

from __future__ import annotations

import base64

from paspoort.fhir.fhirjson import lees, schrijf
from paspoort.fhir.projectie import toon
from paspoort.fhir.stelsels import BSN, OBSERVATION_VALUE, extension

PATIENT = {"reference": "Patient/p"}


def snoei(inhoud, groepen, ziet=(), **anders):
    return toon(inhoud, frozenset(groepen.split()), set(ziet).__contains__, lambda _: None, **anders)


def test_een_nummer_in_een_ander_gegeven_blijft_een_nummer():
    naaste = {
        "resourceType": "RelatedPerson",
        "patient": PATIENT | {"identifier": {"system": BSN, "value": "999990019"}},
        "identifier": [{"system": BSN, "value": "999990019"}, {"system": "urn:klant", "value": "7"}],
    }
    inhoud, volledig = snoei(naaste, "contact")
    assert "999990019" not in str(inhoud) and inhoud["identifier"] == [{"system": "urn:klant", "value": "7"}]
    assert not volledig
    assert "999990019" in str(snoei(naaste, "contact bsn")[0])


def test_een_verwijzing_zonder_leesbaar_doel_vervalt_helemaal():
    for verwijzing in (
        {"display": "ALS"},
        {"identifier": {"value": "x"}},
        {"reference": "#in", "display": "ALS"},
        {"reference": "urn:uuid:1", "display": "ALS"},
        {"reference": "https://elders.example/Device/d", "display": "ALS"},
        {"reference": "Condition/c", "display": "ALS"},
    ):
        inhoud, _ = snoei({"resourceType": "Device", "id": "d", "parent": verwijzing}, "hulpmiddelen", ["Device/d"])
        assert "parent" not in inhoud


def test_een_volledige_resource_is_dezelfde_en_een_deel_draagt_subsetted():
    heel = {"resourceType": "Device", "id": "d", "patient": PATIENT, "status": "active"}
    inhoud, volledig = snoei(heel, "hulpmiddelen")
    assert volledig and inhoud is heel
    deel, volledig = snoei(heel | {"text": {"div": "x"}}, "hulpmiddelen")
    label = {"system": OBSERVATION_VALUE, "code": "SUBSETTED"}
    assert not volledig and deel["meta"] == {"security": [label], "tag": [label]} and "text" not in deel


def test_wie_zelf_schreef_houdt_zijn_verhaal_alleen_als_er_verder_niets_wegvalt():
    eigen = {"resourceType": "Device", "id": "d", "text": {"div": "x"}, "status": "active"}
    assert snoei(eigen, "hulpmiddelen", eigen=True) == (eigen, True)
    meer = eigen | {"extension": [{"url": "urn:vreemd", "valueString": "x"}]}
    inhoud, volledig = snoei(meer, "hulpmiddelen", eigen=True)
    assert not volledig and "text" not in inhoud and "extension" not in inhoud


def test_bijschriften_lopen_gelijk_op_met_hun_lijst():
    bekend = {
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/iso21090-EN-qualifier", "valueCode": "BR"}]
    }
    vreemd = {"extension": [{"url": "urn:vreemd", "valueString": "geheim"}]}
    patient = {"resourceType": "Patient", "name": [{"given": ["A", "B"], "_given": [vreemd, bekend]}]}
    inhoud, _ = snoei(patient, "contact")
    assert inhoud["name"] == [{"given": ["A", "B"], "_given": [None, bekend]}]


def test_de_bewaarde_toetsuitslag_houdt_gronden_en_verliest_bewijs_dat_men_niet_ziet():
    def grond(tekst, bewijs):
        delen = [{"url": "tekst", "valueString": tekst}, {"url": "bewijs", "valueReference": {"reference": bewijs}}]
        return {"url": extension("grond"), "extension": delen}

    uitslag = {
        "resourceType": "GuidanceResponse",
        "subject": PATIENT,
        "status": "success",
        "extension": [grond("blijvende beperking: ja", "Condition/als"), grond("huur", "Device/d")],
    }
    data = base64.b64encode(schrijf(uitslag)).decode()
    bijlage = {"contentType": "application/fhir+json", "data": data}
    verzoek = {
        "resourceType": "DeviceRequest",
        "intent": "proposal",
        "subject": PATIENT,
        "extension": [{"url": extension("toetsuitslag"), "valueAttachment": bijlage}],
    }
    inhoud, volledig = snoei(verzoek, "verzoeken hulpmiddelen", ["Device/d"])
    tekst = schrijf(lees(base64.b64decode(inhoud["extension"][0]["valueAttachment"]["data"]))).decode()
    assert not volledig and "blijvende beperking: ja" in tekst and "Device/d" in tekst and "Condition/als" not in tekst
    assert snoei(verzoek, "verzoeken", ["Device/d", "Condition/als"]) == (verzoek, True)
