"""De invoer van elke operatie is precies wat haar OperationDefinition zegt: elke genoemde mag, elke andere niet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paspoort.fhir.stelsels import waardelijst
from paspoort.fhir.validatie import definities
from paspoort.fouten import PaspoortFout
from server.fhir.operations import OPENBARE_OPERATIES, OPERATIES
from server.fhir.outcome import status_van
from server.fhir.parameters import ELEMENTEN, lees, vakken
from server.fhir.request import FhirRequest
from server.registry import TYPES
from tests import stroomwereld as s
from tests.conftest import HOUDER

OPDEFS = {d["id"]: d for d in definities() if d["resourceType"] == "OperationDefinition"}
SAMEN = [(o.naam, o.definitie, o.methodes) for o in (*OPERATIES.values(), *OPENBARE_OPERATIES.values())]
# Een waarde die bij haar type past; of zij hier iets oplevert doet er niet toe.
VOORBEELD: dict[str, Any] = {
    "boolean": True,
    "canonical": waardelijst("route"),
    "code": "Device",
    "date": "2020-01-01",
    "instant": "2020-01-01T00:00:00Z",
    "integer": 1,
    "string": "x",
    "uri": waardelijst("route"),
    "Reference": {"reference": f"Patient/{HOUDER}"},
    "Resource": {"resourceType": "Device"},
}
WAARDE_ELEMENTEN = sorted({e for es in ELEMENTEN.values() for e in es} | {"valueReference", "resource", "part"})
NAMEN = st.sampled_from(sorted({p["name"] for d in OPDEFS.values() for p in d["parameter"]} | {"_format", "x"}))
SLEUTELS = st.sampled_from(["name", "reference", "resourceType", "valueString", "part", "x"])
ALLEEN_MET_ID = ("beslis", "bevestig", "definitief", "status", "events")


@pytest.fixture
def dialect() -> str:
    """Operaties lezen van de momentopname; de database maakt hier niet uit."""
    return "sqlite"


def adressen(naam: str) -> Iterator[str]:
    """Elk adres waar deze operatie kan; zonder id als dat mag, want daar is meer invoer."""
    if any(o == naam for _, o in OPENBARE_OPERATIES):
        yield f"ValueSet/${naam}"
        return
    (type_, *_) = [t.name for t in TYPES.values() if naam in t.operations]
    yield f"{type_}/${naam}" if OPERATIES[naam].op_type else f"{type_}/rolstoel-yvonne/${naam}"


def parameter(vak: Any) -> dict[str, Any]:
    if vak.delen:
        return {"name": vak.naam, "part": [parameter(d) for d in vak.delen]}
    waarde = VOORBEELD.get(vak.soort, {"resourceType": vak.soort})
    return {"name": vak.naam, vak.elementen[0]: waarde}


def klachten(antwoord: Any) -> list[tuple[str, str]]:
    inhoud = antwoord.json()
    if inhoud["resourceType"] != "OperationOutcome":
        return []
    return [
        (i["details"].get("coding", [{"code": ""}])[0]["code"], (i.get("expression") or [""])[0])
        for i in inhoud["issue"]
    ]


def test_elke_operatie_heeft_een_definitie_en_elke_definitie_een_operatie() -> None:
    assert {d for _, d, _ in SAMEN} == OPDEFS.keys()
    for naam, definitie, methodes in SAMEN:
        d = OPDEFS[definitie]
        assert (d["code"], d["affectsState"]) == (naam, d["affectsState"])
        assert not (d["affectsState"] and "GET" in methodes), naam
        typen = [t.name for t in TYPES.values() if naam in t.operations] or ["ValueSet"]
        assert d["resource"] == ["Resource"] or set(d["resource"]) == set(typen), naam
        if naam in OPERATIES:
            assert d["type"] == OPERATIES[naam].op_type
        assert all(p["documentation"] for p in d["parameter"])
        for p in d["parameter"]:
            assert p["use"] == "out" or p.get("part") or vakken(definitie), naam


def test_elk_type_van_invoer_kan_de_lezer_lezen() -> None:
    bekend = {*ELEMENTEN, "Reference", "Resource", *TYPES, ""}
    for _, definitie, _ in SAMEN:
        alle = [*vakken(definitie), *(d for v in vakken(definitie) for d in v.delen)]
        assert {v.soort for v in alle} <= bekend, definitie


@pytest.mark.parametrize(("naam", "definitie"), [(n, d) for n, d, _ in SAMEN])
async def test_elke_genoemde_parameter_mag_en_een_andere_niet(als: Any, wereld: Any, naam: str, definitie: str) -> None:
    await s.vul(wereld)
    mag = vakken(definitie)
    client = als(rol="proef", client_id="invoer") if naam in ("status", "events") else als(scopes=None)
    for adres in adressen(naam):
        for vak in mag:
            antwoord = await client.post(adres, json={"resourceType": "Parameters", "parameter": [parameter(vak)]})
            assert antwoord.status_code < 500
            fout = [c for c, plek in klachten(antwoord) if plek.startswith("Parameters.parameter[0]")]
            assert "parameter-onbekend" not in fout, (adres, vak.naam, antwoord.text)
        vreemd = {"resourceType": "Parameters", "parameter": [{"name": "verzonnen", "valueString": "x"}]}
        antwoord = await client.post(adres, json=vreemd)
        if antwoord.status_code in (403, 404) and naam in ALLEEN_MET_ID:
            continue  # eerst moet er iets te zien zijn; hieronder met iets dat er is
        assert antwoord.status_code == 400, antwoord.text
        assert ("parameter-onbekend", "Parameters.parameter[0].name") in klachten(antwoord)
        if "GET" in {n: m for n, _, m in SAMEN}[naam]:
            antwoord = await client.get(f"{adres}?verzonnen=x")
            assert (antwoord.status_code, klachten(antwoord)[0]) == (400, ("parameter-onbekend", "verzonnen"))


async def test_ook_op_wat_er_is_mag_een_onbekende_parameter_niet(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    await wereld.zet(HOUDER, s.concept(), auteur="PractitionerRole/therapeut-nienke")
    await wereld.deel("Organization/praktijk-handvat", "advies", "contact", "hulpmiddelen", "advies", "eisen")
    verzoek = (await als().post("DeviceRequest", json=s.verzoek())).json()["id"]
    taak = (await als().post("Task", json=s.behandeling(f"DeviceRequest/{verzoek}"))).json()["id"]
    vreemd = {"resourceType": "Parameters", "parameter": [{"name": "verzonnen", "valueString": "x"}]}
    therapeut, gemeente = als(rol="therapeut"), als(rol="verstrekker")
    for client, adres in (
        (therapeut, "QuestionnaireResponse/advies-1/$definitief"),
        (therapeut, "Device/rolstoel-yvonne/$bevestig"),
        (gemeente, f"Task/{taak}/$beslis"),
        (als(), f"DeviceRequest/{verzoek}/$herhaaltoets"),
        (als(), f"Patient/{HOUDER}/$everything"),
        (als(), "Device/rolstoel-yvonne/$validate"),
    ):
        antwoord = await client.post(adres, json=vreemd)
        assert antwoord.status_code == 400, (adres, antwoord.text)
        assert ("parameter-onbekend", "Parameters.parameter[0].name") in klachten(antwoord)
        antwoord = await client.post(f"{adres}?verzonnen=x", json={"resourceType": "Parameters"})
        assert ("parameter-onbekend", "verzonnen") in klachten(antwoord), adres


@pytest.mark.parametrize(
    ("inhoud", "plek"),
    [
        ({"resourceType": "Device"}, "resourceType"),
        ({"resourceType": "Parameters", "parameter": {}}, "Parameters.parameter"),
        ({"resourceType": "Parameters", "parameter": ["x"]}, "Parameters.parameter[0].name"),
        ({"resourceType": "Parameters", "parameter": [{"name": 3}]}, "Parameters.parameter[0].name"),
        ({"resourceType": "Parameters", "parameter": [{"name": "verstrekker"}]}, "Parameters.parameter[0]"),
        ({"resourceType": "Parameters", "Parameter": []}, "Parameters.Parameter"),
        (
            {"resourceType": "Parameters", "parameter": [{"name": "verstrekker", "valueReference": "x"}]},
            "Parameters.parameter[0].valueReference",
        ),
        (
            {"resourceType": "Parameters", "parameter": [{"name": "verstrekker", "valueReference": {}, "part": []}]},
            "Parameters.parameter[0]",
        ),
        (
            {
                "resourceType": "Parameters",
                "parameter": [{"name": "verzoek", "resource": {"resourceType": "Device"}}],
            },
            "Parameters.parameter[0].resource.resourceType",
        ),
    ],
)
async def test_een_kromme_vorm_is_400_op_zijn_plek(als: Any, inhoud: Any, plek: str) -> None:
    antwoord = await als().post("DeviceRequest/$herhaaltoets", json=inhoud)
    assert antwoord.status_code == 400, antwoord.text
    assert plek in {p for _, p in klachten(antwoord)}


async def test_alle_fouten_komen_samen(als: Any) -> None:
    delen = [{"name": "verzonnen"}, {"name": "_count", "valueString": "1"}, {"name": "start", "valueDate": "x"}]
    antwoord = await als().post("Patient/$everything?ook=x", json={"resourceType": "Parameters", "parameter": delen})
    assert [p for _, p in klachten(antwoord)] == [
        "ook",
        "Parameters.parameter[0].name",
        "Parameters.parameter[1]",
        "Parameters.parameter[2].valueDate",
    ]


WAARDEN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda kind: st.lists(kind, max_size=3) | st.dictionaries(SLEUTELS, kind, max_size=3),
    max_leaves=8,
)
DEEL = st.fixed_dictionaries({}, optional={"name": NAMEN | WAARDEN, **dict.fromkeys(WAARDE_ELEMENTEN, WAARDEN)})


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(sorted(OPDEFS)),
    st.lists(DEEL | WAARDEN, max_size=3) | WAARDEN,
    st.lists(st.tuples(NAMEN, st.text(max_size=8)), max_size=3),
)
def test_wat_er_ook_binnenkomt_de_lezer_leest_het_of_noemt_de_parameter(
    definitie: str, lijst: Any, query: list[tuple[str, str]]
) -> None:
    body = {"resourceType": "Parameters", "parameter": lijst}
    try:
        gegeven = lees(FhirRequest("POST", operation="x", query=tuple(query), body=body), definitie)
    except PaspoortFout as fout:
        for m in fout.meldingen:
            assert status_van(m.code)[0] == 400, m
            assert m.plek and (m.plek.startswith("Parameters") or m.plek in {n for n, _ in query}), m
        return
    bekend = {v.naam: v for v in vakken(definitie)}
    assert gegeven.per_naam.keys() <= bekend.keys()
    for naam, waarden in gegeven.per_naam.items():
        hoogstens = bekend[naam].hoogstens
        assert hoogstens is None or len(waarden) <= hoogstens
