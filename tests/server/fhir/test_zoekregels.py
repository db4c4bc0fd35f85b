"""De onderdelen van zoeken als zuivere functies: paden, vergelijken, bereik, en hun wetten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.fhir.search.pad import compileer
from server.fhir.search.vergelijken import bereik, maak_proef
from server.registry import SearchParam

BASIS = "http://test/fhir"
PATIENT = {
    "resourceType": "Patient",
    "id": "p",
    "telecom": [{"system": "phone", "value": "06"}, {"system": "email", "value": "x@y"}],
    "extension": [{"url": "http://e", "valueCode": "a"}, {"url": "http://f", "valueCode": "b"}],
    "generalPractitioner": [{"reference": "Practitioner/1"}, {"reference": "Organization/2"}],
}


def los_op(verwijzing: str) -> dict[str, Any] | None:
    return {"Device/1": {"resourceType": "Device", "type": {"text": "stoel"}}}.get(verwijzing)


def past(soort: str, element: Any, bepaler: str | None, waarde: str, **parameter: Any) -> bool:
    proef = maak_proef(SearchParam("x", soort, "x", **parameter), bepaler, waarde, BASIS)
    assert proef is not None
    return proef(element)


@pytest.mark.parametrize(
    ("type", "expressie", "anders", "verwacht"),
    [
        ("Patient", "Resource.id", {}, ["p"]),
        ("Patient", "Patient.telecom.where(system='email')", {}, [{"system": "email", "value": "x@y"}]),
        ("Patient", "Patient.telecom.value | Patient.id", {}, ["06", "x@y", "p"]),
        ("Patient", "Patient.extension('http://f').value", {}, ["b"]),
        ("Patient", "Patient.deceased.exists() and Patient.deceased != false", {}, [False]),
        ("Patient", "Patient.deceased.exists() and Patient.deceased != false", {"deceasedBoolean": True}, [True]),
        ("Patient", "Patient.deceased.exists() and Patient.deceased != false", {"deceasedBoolean": False}, [False]),
        ("Patient", "Patient.deceased.exists() and Patient.deceased != false", {"deceasedDateTime": "2020"}, [True]),
        ("Patient", "(Patient.deceased as dateTime)", {"deceasedDateTime": "2020"}, ["2020"]),
        ("Patient", "(Patient.deceased as dateTime)", {"deceasedBoolean": True}, []),
        (
            "Patient",
            "Patient.generalPractitioner.where(resolve() is Organization)",
            {},
            [{"reference": "Organization/2"}],
        ),
        ("Observation", "Observation.value", {"valueString": "a"}, ["a"]),
        ("Observation", "(Observation.value as CodeableConcept).text", {"valueCodeableConcept": {"text": "b"}}, ["b"]),
        ("Observation", "Observation.component.value.as(string)", {"component": [{"valueString": "c"}, {}]}, ["c"]),
        ("Device", "Device.status", {"statusReason": [{"text": "n"}]}, []),
        (
            "DeviceUseStatement",
            "DeviceUseStatement.device.resolve().type.text",
            {"device": {"reference": "Device/1"}},
            ["stoel"],
        ),
        ("DeviceUseStatement", "DeviceUseStatement.device.resolve().type", {"device": {"reference": "Device/2"}}, []),
    ],
)
def test_een_expressie_haalt_de_waarden_op(
    type: str, expressie: str, anders: dict[str, Any], verwacht: list[Any]
) -> None:
    inhoud = {**(PATIENT if type == "Patient" else {"resourceType": type}), **anders}
    assert compileer(expressie, type)(inhoud, los_op) == verwacht


@pytest.mark.parametrize(
    "expressie",
    [
        "",
        "Patient.name[0]",
        "Patient.name.first()",
        "Patient.kleur",
        "Patient.(name)",
        "Patient.name as HumanName",
        "Patient.deceased.as(Quantity)",
        "Patient.name.where(use='usual'",
        "Patient.name or Patient.id",
        "Device.status",
        "Patient.name is HumanName",
    ],
)
def test_een_expressie_die_niet_klopt_faalt_bij_het_laden(expressie: str) -> None:
    with pytest.raises(ValueError, match="zoekexpressie"):
        compileer(expressie, "Patient")


@pytest.mark.parametrize(
    "tekst",
    [
        "",
        "20",
        "2020-00",
        "2020-13",
        "2020-02-30",
        "2020-1-1",
        "2020-01-01T25:00",
        "gisteren",
        "2020-01-01 10:00",
        "-2020",
    ],
)
def test_geen_datum_heeft_geen_bereik(tekst: str) -> None:
    assert bereik(tekst) is None


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)).map(lambda d: d.replace(microsecond=0)))
def test_een_grovere_datum_omvat_een_fijnere(moment: datetime) -> None:
    vormen = [moment.strftime(f) for f in ("%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")]
    bereiken = [b for v in vormen if (b := bereik(v.rjust(4, "0")))]
    assert len(bereiken) == len(vormen)
    for grof, fijn in pairwise(bereiken):
        assert grof[0] <= fijn[0]
        assert fijn[1] <= grof[1]


@given(
    st.dates(datetime(1900, 1, 1).date(), datetime(2199, 1, 1).date()),
    st.dates(datetime(1900, 1, 1).date(), datetime(2199, 1, 1).date()),
)
def test_precies_een_van_voor_gelijk_en_na_geldt(eigen: Any, gezocht: Any) -> None:
    uitkomsten = [past("date", eigen.isoformat(), None, f"{p}{gezocht.isoformat()}") for p in ("lt", "eq", "gt")]
    assert uitkomsten.count(True) == 1
    assert past("date", eigen.isoformat(), None, f"ne{gezocht.isoformat()}") != uitkomsten[1]
    assert past("date", eigen.isoformat(), None, f"le{gezocht.isoformat()}") == (uitkomsten[0] or uitkomsten[1])


def test_een_dag_is_een_dag_in_nederland_en_een_tijdzone_telt_mee() -> None:
    for moment in ("2024-05-01T01:00:00+02:00", "2024-04-30T23:00:00Z", "2024-04-30T19:00:00-04:00"):
        assert past("date", moment, None, "2024-05-01")
        assert not past("date", moment, None, "2024-04-30")
        assert past("date", moment, None, "2024-04-30T23:00:00Z")
        assert past("date", moment, None, "2024-05-01T01:00")
    begin, einde = bereik("2024-02") or (datetime.now(UTC), datetime.now(UTC))
    assert einde - begin == timedelta(days=29)
    begin, einde = bereik("2024-03-31") or (datetime.now(UTC), datetime.now(UTC))
    assert einde - begin == timedelta(hours=23)  # de klok gaat vooruit


@pytest.mark.parametrize(
    ("eigen", "gezocht", "raak"),
    [
        (Decimal("100.4"), "100", True),
        (Decimal("100.5"), "100", False),
        (Decimal("100.04"), "100.0", True),
        (Decimal("100.4"), "100.0", False),
        (Decimal("5"), "gt4", True),
        (Decimal("5"), "lt5", False),
        (Decimal("5"), "le5", True),
        (Decimal("109"), "ap100", True),
        (Decimal("111"), "ap100", False),
        (True, "1", False),
    ],
)
def test_een_getal_vergelijkt_met_de_nauwkeurigheid_van_de_vraag(eigen: Any, gezocht: str, raak: bool) -> None:
    assert past("number", eigen, None, gezocht) is raak


@pytest.mark.parametrize(
    ("gezocht", "raak"),
    [("42", True), ("42|http://unitsofmeasure.org|cm", True), ("42||cm", True), ("42||mm", False), ("gt42", False)],
)
def test_een_hoeveelheid_vergelijkt_ook_de_eenheid(gezocht: str, raak: bool) -> None:
    eigen = {"value": Decimal("42.0"), "unit": "cm", "system": "http://unitsofmeasure.org", "code": "cm"}
    assert past("quantity", eigen, None, gezocht) is raak


@pytest.mark.parametrize(
    ("gezocht", "raak"), [("muller", True), ("MÜLL", True), ("uller", False), ("Jan", True), ("official", False)]
)
def test_tekst_vergelijkt_zonder_accenten_en_alleen_wat_een_naam_is(gezocht: str, raak: bool) -> None:
    assert past("string", {"use": "official", "family": "Müller", "given": ["Jan"]}, None, gezocht) is raak
