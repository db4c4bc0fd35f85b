"""De volgorde van momenten, getallen en hoeveelheden, ook als FHIR hem niet vastlegt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paspoort.fhir.validatie_orde import orde

CM = {"system": "http://unitsofmeasure.org", "code": "cm"}


@pytest.mark.parametrize(
    ("links", "rechts", "uitkomst"),
    [
        ("2024", "2025", -1),
        ("2024", "2024", 0),
        ("2024", "2024-05", None),
        ("2024-05", "2023", 1),
        ("2024-05-01", "2024-05-01T10:00:00Z", None),
        ("2024-05-02", "2024-05-01T10:00:00Z", 1),
        ("2024-05-01T10:00:00Z", "2024-05-01T11:30:00+02:00", 1),
        ("2024-05-01T10:00:00Z", "2024-05-01T12:00:00+02:00", 0),
        ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00.5Z", -1),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", 0),
        ("10:00:00", "10:00:01", -1),
        ("25:00:00", "2024-05-01", None),
        ("geen datum", "2024", None),
        (1, Decimal("1.0"), 0),
        (2, 1.5, 1),
        (float("nan"), 1, None),
        (True, 1, None),
        (1, "1", None),
        ({"value": 1, **CM}, {"value": 2, **CM}, -1),
        ({"value": 1, **CM}, {"value": 2, "code": "kg"}, None),
        ({"value": 1, "unit": "cm"}, {"value": 1, "unit": "cm"}, 0),
        ({"unit": "cm"}, {"value": 1, "unit": "cm"}, None),
    ],
)
def test_de_volgorde_van_twee_waarden(links: Any, rechts: Any, uitkomst: int | None) -> None:
    assert orde(links, rechts) == uitkomst
    assert orde(rechts, links) == (None if uitkomst is None else -uitkomst)


_MOMENTEN = st.builds(
    lambda moment, uren: moment.replace(tzinfo=UTC).astimezone(timezone(timedelta(hours=uren))),
    st.datetimes(datetime(1900, 1, 2), datetime(2100, 1, 1)).map(lambda m: m.replace(microsecond=0)),
    st.integers(-12, 14),
)


@given(_MOMENTEN, _MOMENTEN)
def test_momenten_staan_in_de_volgorde_van_de_klok(links: datetime, rechts: datetime) -> None:
    verwacht = (links > rechts) - (links < rechts)
    assert orde(links.isoformat(), rechts.isoformat()) == verwacht
