"""Toestemming: het voorstel per doel, geldigheid, de zinnen, en heen en terug naar FHIR."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paspoort.fhir.toestemming import naar_fhir, uit_fhir
from paspoort.fouten import PaspoortFout
from paspoort.toegang import ALLE_GROEPEN
from paspoort.toestemming import Toestemming, einde_na, leest, leest_niet, voorstel, zin

VANDAAG = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("doel", "rol", "dagen"),
    [
        ("onderzoek", "verstrekker", 365),
        ("advies", "therapeut", 183),
        ("reparatie", "leverancier", 30),
        ("afstemming", "verstrekker", 30),
        ("verhuizing", "leverancier", 92),
    ],
)
def test_een_voorstel_eindigt_vanzelf(doel, rol, dagen):
    t = voorstel(doel, rol, "Patient/p", "Organization/o", VANDAAG)
    assert t.tot == VANDAAG + timedelta(days=dagen) and t.groepen


def test_de_houder_haalt_groepen_weg():
    t = voorstel("levering", "leverancier", "Patient/p", "Organization/o", VANDAAG, zonder=["maten"])
    assert "maten" not in t.groepen and "eisen" in t.groepen


@pytest.mark.parametrize(("doel", "rol"), [("onbekend", "verstrekker"), ("levering", "therapeut"), ("", "")])
def test_een_doel_dat_niet_past_is_een_fout_bij_doel(doel, rol):
    with pytest.raises(PaspoortFout) as fout:
        voorstel(doel, rol, "Patient/p", "Organization/o", VANDAAG)
    assert [(m.code, m.plek) for m in fout.value.meldingen] == [("doel-onbekend", "doel")]


def test_na_het_besluit_of_de_levering_loopt_de_toestemming_nog_even_door():
    assert einde_na("herhaalverzoek", "besluit", VANDAAG) == VANDAAG + timedelta(weeks=6)
    assert einde_na("levering", "levering", VANDAAG) == VANDAAG + timedelta(days=92)
    assert einde_na("levering", "besluit", VANDAAG) is None


def test_de_zinnen_zeggen_wat_er_gelezen_wordt_en_wat_niet():
    assert zin(["hulpmiddelen", "contact"], "Rijdt") == (
        "Rijdt leest: naam, adres en telefoon en uw hulpmiddelen en hoe u ze gebruikt."
    )
    assert zin([], "Rijdt") == "Rijdt leest niets."
    assert leest_niet({"contact"})[0] == "diagnoses en prognose"
    assert not set(leest({"contact"})) & set(leest_niet({"contact"}))


plekken = st.frozensets(st.sampled_from(["Device/a", "Condition/b", "Task/c", "DeviceUseStatement/d"]), max_size=3)
momenten = (
    st.none()
    | st.dates(date(2020, 1, 1), date(2030, 1, 1))
    | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
)
toestemmingen = st.builds(
    Toestemming,
    patient=st.just("Patient/p"),
    aan=st.frozensets(st.sampled_from(["Organization/o", "PractitionerRole/f"]), max_size=2),
    doel=st.sampled_from([None, "advies", "levering"]),
    groepen=st.frozensets(st.sampled_from(sorted(ALLE_GROEPEN))),
    van=momenten,
    tot=momenten,
    status=st.sampled_from(["active", "inactive", "proposed"]),
    uitzonderingen=plekken,
    betreft=plekken,
    alleen=st.none() | plekken.filter(bool),
    gegeven_via=st.sampled_from([None, "qr", "code"]),
    id=st.sampled_from(["", "c1"]),
)


@given(toestemmingen)
def test_heen_en_terug_naar_fhir_is_dezelfde_toestemming(t):
    assert uit_fhir(naar_fhir(t)) == t


@pytest.mark.parametrize(
    "kapot",
    [
        {},
        {"provision": "x"},
        {"provision": {"actor": "x", "period": [], "securityLabel": [1]}},
        {"patient": {"reference": 3}},
        {"extension": [None]},
    ],
)
def test_kapotte_inhoud_geeft_een_toestemming_zonder_iets(kapot):
    t = uit_fhir({"resourceType": "Consent", "status": "active"} | kapot)
    assert not t.aan and not t.groepen


@given(toestemmingen, st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_alleen_een_actieve_begrepen_toestemming_binnen_haar_periode_geldt(t, nu):
    if t.geldt(nu):
        assert t.status == "active" and t.begrepen
        assert t.tot is None or not isinstance(t.tot, datetime) or nu <= t.tot
    else:
        assert t.status != "active" or t.van is not None or t.tot is not None
