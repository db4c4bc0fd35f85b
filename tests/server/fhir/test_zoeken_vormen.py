"""Zoeken langs HTTP: compartiment, mild, kort, meenemen, totalen, bepalers, en wat nooit in een adres mag."""

from __future__ import annotations

from typing import Any

import pytest

from paspoort.fhir.stelsels import BSN
from tests.conftest import ANDER, HOUDER, PRAKTIJK

Json = dict[str, Any]
WIE = {"reference": f"Patient/{HOUDER}"}
SUBSETTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}


def plekken(bundel: Json, wijze: str = "match") -> set[str]:
    return {
        f"{e['resource']['resourceType']}/{e['resource']['id']}"
        for e in bundel.get("entry", [])
        if e["search"]["mode"] == wijze
    }


def meting(id_: str, **anders: Any) -> Json:
    return {
        "resourceType": "Observation",
        "id": id_,
        "status": "final",
        "code": {"text": id_},
        "subject": WIE,
        **anders,
    }


# --- compartiment


async def test_het_compartiment_van_een_patient_is_wat_van_haar_is(als: Any, wereld: Any) -> None:
    client = als()
    for type_ in ("Device", "Condition", "DeviceUseStatement"):
        zoek = (await client.get(type_)).json()
        vak = (await client.get(f"Patient/{HOUDER}/{type_}")).json()
        assert plekken(vak) == plekken(zoek) != set()
        assert vak["link"][0]["url"] == f"http://test/fhir/Patient/{HOUDER}/{type_}"
    alles = (await client.get(f"Patient/{HOUDER}/*")).json()
    assert plekken(alles) >= {f"Patient/{HOUDER}", "Device/rolstoel-yvonne", "Condition/diagnose-yvonne"}
    assert plekken((await client.get(f"Patient/{HOUDER}/*?_id=rolstoel-yvonne")).json()) == {"Device/rolstoel-yvonne"}
    assert plekken((await client.get(f"Patient/{ANDER}/Device")).json()) == set()
    actief = await client.post(f"Patient/{HOUDER}/Device/_search", data={"status": "inactive"})
    assert plekken(actief.json()) == set()


async def test_het_compartiment_volgt_zicht_en_scope(als: Any, wereld: Any) -> None:
    await wereld.deel(f"Organization/{PRAKTIJK}", "advies", "contact", "hulpmiddelen")
    gezien = plekken((await als(rol="therapeut").get(f"Patient/{HOUDER}/*")).json())
    assert {p.partition("/")[0] for p in gezien} == {"Patient", "Device", "DeviceUseStatement", "Consent"}
    beperkt = plekken((await als(scopes="patient/Device.rs").get(f"Patient/{HOUDER}/*")).json())
    assert beperkt == {"Device/rolstoel-yvonne"}
    assert plekken((await als(rol="verstrekker").get(f"Patient/{HOUDER}/*")).json()) == set()


@pytest.mark.parametrize("adres", [f"Patient/{HOUDER}/Organization", f"Patient/{HOUDER}/*?status=active"])
async def test_wat_niet_in_het_compartiment_kan_is_400(als: Any, adres: str) -> None:
    antwoord = await als().get(adres)
    assert antwoord.status_code == 400
    assert antwoord.json()["issue"][0]["code"] == "not-supported"


# --- mild


async def test_mild_negeert_een_onbekende_parameter_en_zegt_dat(als: Any) -> None:
    client = als()
    vraag = "Device?kleur=rood&status=active&patient.kleur=x"
    assert (await client.get(vraag)).status_code == 400
    assert (await client.get(vraag, headers={"prefer": "handling=strict"})).status_code == 400
    bundel = (await client.get(vraag, headers={"prefer": "return=minimal, handling=lenient"})).json()
    assert plekken(bundel) == {"Device/rolstoel-yvonne"}
    assert bundel["total"] == 1
    assert bundel["link"][0]["url"].endswith("/Device?status=active")
    (uitleg,) = [e["resource"] for e in bundel["entry"] if e["search"]["mode"] == "outcome"]
    assert [(i["severity"], i["expression"]) for i in uitleg["issue"]] == [
        ("warning", ["kleur"]),
        ("warning", ["patient.kleur"]),
    ]


@pytest.mark.parametrize("vraag", ["Device?status:above=x", "Device?_lastUpdated=ooit", "Device?_sort=kleur"])
async def test_mild_neemt_geen_waarde_of_bepaler_die_niet_klopt(als: Any, vraag: str) -> None:
    assert (await als().get(vraag, headers={"prefer": "handling=lenient"})).status_code == 400


# --- kort


async def test_elements_en_summary_maken_korter_en_zeggen_dat(als: Any) -> None:
    client = als()
    (regel,) = (await client.get("Device?_elements=status")).json()["entry"]
    assert regel["resource"].keys() == {"resourceType", "id", "meta", "status"}
    assert SUBSETTED in regel["resource"]["meta"]["tag"]
    (regel,) = (await client.get("Device?_summary=true")).json()["entry"]
    assert "deviceName" not in regel["resource"]
    assert SUBSETTED in regel["resource"]["meta"]["tag"]
    (regel,) = (await client.get("Device?_summary=false")).json()["entry"]
    assert SUBSETTED not in regel["resource"]["meta"]["tag"]
    mee = (await client.get("DeviceUseStatement?_elements=status&_include=DeviceUseStatement:device")).json()["entry"]
    assert [("deviceName" in e["resource"]) for e in mee if e["search"]["mode"] == "include"] == [True]
    fout = await client.get("DeviceUseStatement?_summary=text&_include=DeviceUseStatement:device")
    assert fout.status_code == 400


@pytest.mark.parametrize(
    ("vraag", "totaal", "regels"),
    [
        ("Device?_summary=count", 1, 0),
        ("Device?_count=0", 1, 0),
        ("Device?_count=0&_total=accurate", 1, 0),
        ("Device?_total=none", None, 1),
        ("Device?_total=estimate", 1, 1),
        ("Device?status=inactive&_total=accurate", 0, 0),
        ("Patient?_count=0&_id=houder-ander", 0, 0),
    ],
)
async def test_totalen_tellen_wat_te_zien_is(als: Any, vraag: str, totaal: int | None, regels: int) -> None:
    bundel = (await als().get(vraag)).json()
    assert bundel.get("total") == totaal
    assert len(bundel.get("entry", [])) == regels


# --- meenemen


@pytest.mark.parametrize(
    ("wens", "mee"),
    [
        ("_include=DeviceUseStatement:device", {"Device/rolstoel-yvonne"}),
        ("_include=DeviceUseStatement:device:Device", {"Device/rolstoel-yvonne"}),
        ("_include=DeviceUseStatement:*", {"Device/rolstoel-yvonne", f"Patient/{HOUDER}"}),
        ("_include=*", {"Device/rolstoel-yvonne", f"Patient/{HOUDER}"}),
        ("_revinclude=Observation:focus", {"Observation/gewicht"}),
        ("_revinclude=*", {"Observation/gewicht"}),
        ("_revinclude=Observation:*", {"Observation/gewicht"}),
        (
            "_include=DeviceUseStatement:device&_revinclude:iterate=Observation:device",
            {"Device/rolstoel-yvonne", "Observation/druk"},
        ),
    ],
)
async def test_wat_meekomt(als: Any, wereld: Any, wens: str, mee: set[str]) -> None:
    await wereld.zet(
        HOUDER,
        meting("gewicht", focus=[{"reference": "DeviceUseStatement/gebruik-yvonne"}]),
        meting("druk", device={"reference": "Device/rolstoel-yvonne"}),
    )
    bundel = (await als().get(f"DeviceUseStatement?{wens}")).json()
    assert plekken(bundel, "include") == mee
    assert bundel["total"] == 1


async def test_een_vragenlijst_komt_mee_op_haar_canonical(als: Any, wereld: Any) -> None:
    url = "http://hulpmiddelenpaspoort.nl/fhir/Questionnaire/functioneel-advies"
    antwoord = {"resourceType": "QuestionnaireResponse", "id": "qr", "status": "in-progress", "subject": WIE}
    await wereld.zet(HOUDER, {**antwoord, "questionnaire": f"{url}|1.0.0"})
    client = als(scopes="patient/*.rs user/Questionnaire.rs")
    vraag = "QuestionnaireResponse?_include=QuestionnaireResponse:questionnaire&questionnaire="
    for gezocht in (url, f"{url}|1.0.0"):
        bundel = (await client.get(f"{vraag}{gezocht}")).json()
        assert plekken(bundel) == {"QuestionnaireResponse/qr"}
        assert plekken(bundel, "include") == {"Questionnaire/functioneel-advies-1.0.0"}
    assert plekken((await client.get(f"{vraag}{url}|9")).json()) == set()


# --- waarden en bepalers


@pytest.mark.parametrize(
    ("vraag", "raak"),
    [
        ("code-value-quantity=gewicht|80", False),
        ("code=http://loinc.org|29463-7", True),
        ("code-value-quantity=http://loinc.org|29463-7$80", True),
        ("code-value-quantity=29463-7$gt90", False),
        ("code-value-quantity=29463-7$80|http://unitsofmeasure.org|kg", True),
        ("code-value-quantity=29463-7$80|http://unitsofmeasure.org|g", False),
        ("value-quantity=80||kg", True),
        ("value-quantity=ap82", True),
        ("value-quantity=79.6", False),
        ("performer:identifier=http://big|123", True),
        ("performer:identifier=123", True),
        ("performer:identifier=http://big|124", False),
        ("performer:missing=false", True),
        (f"subject=http://test/fhir/Patient/{HOUDER}", True),
        (f"subject=http://elders/fhir/Patient/{HOUDER}", False),
        (f"subject:Patient={HOUDER}", True),
        (f"subject:Group={HOUDER}", False),
        (f"patient={HOUDER}&status=final,registered", True),
        ("status=http://hl7.org/fhir/observation-status|final", True),
        ("status=http://elders|final", False),
        ("status=FINAL", True),
        ("value-concept:missing=true", True),
        ("identifier=a\\|b", True),
        ("identifier=http://x|a\\|b", True),
        ("identifier=a", False),
        ("_source=http://bron", True),
        ("date=2026-02-03", True),
        ("date=2026-02-02", False),
        ("date=2026-02-03T00:30:00%2B01:00", True),
        ("date=2026-02-03T00:30:00+01:00", True),  # zoals veel clients het sturen: de kale + is een spatie geworden
        ("date=ge2026-02-03T00:31:00+01:00", False),
    ],
)
async def test_waarden_in_alle_vormen(als: Any, wereld: Any, vraag: str, raak: bool) -> None:
    await wereld.zet(
        HOUDER,
        meting(
            "gewicht",
            code={"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
            valueQuantity={"value": 80, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
            performer=[{"identifier": {"system": "http://big", "value": "123"}}],
            identifier=[{"system": "http://x", "value": "a|b"}],
            effectiveDateTime="2026-02-02T23:30:00Z",
            meta={"source": "http://bron"},
        ),
    )
    antwoord = await als().get(f"Observation?{vraag}")
    if vraag.startswith("code-value-quantity=gewicht"):
        assert antwoord.status_code == 400  # een composite heeft twee delen
        return
    assert antwoord.status_code == 200, antwoord.text
    assert (plekken(antwoord.json()) == {"Observation/gewicht"}) is raak


async def test_overleden_en_klank(als: Any) -> None:
    client = als()
    for vraag, raak in (
        ("deceased=false", True),
        ("deceased=true", False),
        ("phonetic=Ivonne", False),
        ("phonetic=yfonne", True),
        ("phonetic=Yvonn", True),
        ("death-date=gt1900", False),
        ("link:missing=true", True),
    ):
        assert bool(plekken((await client.get(f"Patient?{vraag}")).json())) is raak, vraag


@pytest.mark.parametrize(
    "vraag",
    [
        f"Device?patient:identifier={BSN}|999911120",
        "Device?patient:identifier=999911120",
        f"Device?patient.identifier={BSN}|999911120",
        "Device?patient.identifier=999911120",
        f"RelatedPerson?identifier={BSN}|999911120",
        f"Patient?_has:Patient:link:identifier={BSN}|999911120",
        f"Patient/{HOUDER}/Device?patient:identifier={BSN}|1",
    ],
)
async def test_een_bsn_komt_langs_geen_enkele_weg_in_een_adres(als: Any, vraag: str) -> None:
    antwoord = await als().get(vraag)
    assert antwoord.status_code == 400
    assert "999911120" not in antwoord.text
    adres, _, query = vraag.partition("?")
    antwoord = await als().post(f"{adres}/_search?{query}", data={"_count": "1"})
    assert antwoord.status_code == 400
    assert "999911120" not in antwoord.text


async def test_de_proefapp_zoekt_met_alles_over_haar_eigen_testpaspoorten(als: Any, opslag: Any, wereld: Any) -> None:
    client = als(rol="proef")
    for n in range(3):
        await opslag.maak_partitie(f"proef-{n}", "paspoort", "proef-app")
        wie = {"reference": f"Patient/proef-{n}"}
        mens = {"resourceType": "Patient", "id": f"proef-{n}", "name": [{"family": f"Proef{n}"}]}
        await wereld.zet(f"proef-{n}", mens, {**meting(f"m-{n}"), "subject": wie})
    assert plekken((await client.get("Patient?name=proef")).json()) == {f"Patient/proef-{n}" for n in range(3)}
    assert plekken((await client.get("Observation?patient.name=proef1")).json()) == {"Observation/m-1"}
    bundel = (await client.get("Observation?status=final&_sort=-_id&_count=2")).json()
    assert [e["resource"]["id"] for e in bundel["entry"]] == ["m-2", "m-1"]
    verder = next(k["url"] for k in bundel["link"] if k["relation"] == "next")
    assert plekken((await client.get(verder)).json()) == {"Observation/m-0"}
