"""Het teken van een bladzijde: voor buitenstaanders onleesbaar, en alleen voor dezelfde vrager en vraag te openen."""

from __future__ import annotations

import base64
import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paspoort.fouten import PaspoortFout
from server.fhir.context import Context
from server.fhir.request import FhirRequest
from server.fhir.search import cursor
from server.store.vault import Slot
from tests.conftest import actor

SLOT = Slot(bytes(range(32)))
WAARDEN = st.dictionaries(st.text(), st.integers(-(2**53), 2**53) | st.text(max_size=50) | st.booleans(), max_size=8)


@given(WAARDEN)
def test_wat_erin_gaat_komt_er_hetzelfde_uit(inhoud: dict[str, Any]) -> None:
    assert cursor.lees(SLOT, "p", cursor.maak(SLOT, "p", inhoud)) == inhoud


@given(WAARDEN, st.data())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_een_teken_waar_iets_aan_veranderd_is_gaat_niet_open(inhoud: dict[str, Any], data: st.DataObject) -> None:
    teken = cursor.maak(SLOT, "p", inhoud)
    ruw = bytearray(base64.urlsafe_b64decode(teken + "=" * (-len(teken) % 4)))
    ruw[data.draw(st.integers(0, len(ruw) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(PaspoortFout):
        cursor.lees(SLOT, "p", base64.urlsafe_b64encode(ruw).decode().rstrip("="))


@pytest.mark.parametrize("teken", ["", "a", "verzonnen", "é", "=" * 40, "A" * 7000, "../..", "WyJ4IiwgLTFd"])
def test_wat_geen_teken_is_geeft_een_nette_fout(teken: str) -> None:
    with pytest.raises(PaspoortFout) as fout:
        cursor.lees(SLOT, "p", teken)
    assert [m.code for m in fout.value.meldingen] == ["zoek-waarde"]


def test_wat_gezocht_is_staat_er_niet_leesbaar_in() -> None:
    teken = cursor.maak(SLOT, "p", {"q": [["family", "Verzonnen"], ["identifier", "999911120"]]})
    ruw = base64.urlsafe_b64decode(teken + "=" * (-len(teken) % 4))
    assert b"Verzonnen" not in ruw
    assert b"999911120" not in ruw


def test_een_te_lange_vraag_past_niet_in_een_adres() -> None:
    lang = "".join(chr(200 + (n * 7919) % 5000) for n in range(6000))
    with pytest.raises(PaspoortFout) as fout:
        cursor.maak(SLOT, "p", {"q": lang})
    assert [m.code for m in fout.value.meldingen] == ["te-groot"]


async def test_alleen_dezelfde_vrager_bij_dezelfde_vraag_kan_verder(poort: Any) -> None:
    wie = actor("verstrekker", client_id="app-1")

    def ctx(**anders: Any) -> Context:
        wie_dan = dataclasses.replace(wie, **anders)
        return Context(poort.deur, wie_dan, FhirRequest("GET", "Patient"), "search-type", datetime.now(UTC))

    teken = cursor.verzegel(ctx(), "Patient", {"n": 1})
    assert cursor.ontzegel(ctx(), "Patient", teken) == {"n": 1}
    assert cursor.ontzegel(ctx(scopes=frozenset({"user/Patient.rs"})), "Patient", teken) == {"n": 1}
    for anders in ({"client_id": "app-2"}, {"organisatie": "ander"}, {"rol": "leverancier"}, {"patient": "p"}):
        with pytest.raises(PaspoortFout):
            cursor.ontzegel(ctx(**anders), "Patient", teken)
    with pytest.raises(PaspoortFout):
        cursor.ontzegel(ctx(), "Task", teken)
