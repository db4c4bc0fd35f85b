"""De onderdelen van zoeken als zuivere functies: paden, vergelijken, bereik, en hun wetten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paspoort.fhir.stelsels import extension
from server.fhir.search.pad import ontleed, waarden
from server.fhir.search.vergelijken import bereik, past


def nergens(_: str) -> None:
    return None


@pytest.mark.parametrize(
    ("expressie", "verwacht"),
    [
        ("a.b", [1, 2]),
        ("a.b | c", [1, 2, 3]),
        ("waarde[x]", ["tekst"]),
        ("telecom.where(system='email').value", ["x@y"]),
        ("extension('doel').value[x]", ["levering"]),
        ("bestaat.niet", []),
        ("device.resolve().type", ["stoel"]),
    ],
)
def test_een_pad_haalt_de_waarden_op(expressie: str, verwacht: list[Any]) -> None:
    inhoud = {
        "a": [{"b": 1}, {"b": [2]}],
        "c": 3,
        "waarde": "telt niet",
        "waardeString": "tekst",
        "telecom": [{"system": "phone", "value": "06"}, {"system": "email", "value": "x@y"}],
        "extension": [{"url": extension("doel"), "valueCode": "levering"}],
        "device": {"reference": "Device/1"},
    }
    assert waarden(inhoud, expressie, lambda r: {"type": "stoel"} if r == "Device/1" else None) == verwacht


@pytest.mark.parametrize("expressie", ["a.exists()", "a[0]", "a.where(b=1)", "(a)", "a as b", ""])
def test_wat_buiten_de_deeltaal_valt_faalt_bij_het_laden(expressie: str) -> None:
    with pytest.raises(ValueError, match="zoekexpressie"):
        ontleed(expressie)


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
    vormen = [moment.strftime(f) for f in ("%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%SZ")]
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


def test_een_tijdzone_telt_mee() -> None:
    assert past("date", "2024-05-01T01:00:00+02:00", None, "2024-04-30")
    assert not past("date", "2024-05-01T01:00:00+02:00", None, "2024-05-01")
    begin, einde = bereik("2024-02") or (datetime.now(UTC), datetime.now(UTC))
    assert einde - begin == timedelta(days=29)


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
