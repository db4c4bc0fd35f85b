"""Versmallen laat nooit meer zien, verlengen is nooit eindeloos, en het verloop zegt van elke verandering iets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paspoort.fhir.toestemming import naar_fhir, pas_aan, uit_fhir
from paspoort.fouten import PaspoortFout
from paspoort.toegang import DOELEN
from paspoort.toegang.groepen import ALLE_GROEPEN
from paspoort.toestemming import Toestemming, langst, verleng, versmal, voorstel
from paspoort.toestemmingsverloop import veranderingen

vlot = settings(max_examples=60, deadline=None)
DAG = date(2026, 11, 22)
groepen = st.frozensets(st.sampled_from(sorted(ALLE_GROEPEN)))
plekken = st.frozensets(st.sampled_from([f"Condition/{n}" for n in range(4)]), max_size=3)
dagen = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2028, 1, 1)))
toestemmingen = st.builds(
    Toestemming,
    patient=st.just("Patient/p"),
    aan=st.sampled_from([frozenset({"Organization/a"}), frozenset({"PractitionerRole/b"})]),
    doel=st.sampled_from(sorted(DOELEN)),
    groepen=groepen,
    van=dagen,
    tot=dagen,
    status=st.sampled_from(["proposed", "active", "inactive", "rejected"]),
    uitzonderingen=plekken,
    betreft=st.frozensets(st.sampled_from(["Device/1", "Device/2"])),
    alleen=st.one_of(st.none(), plekken),
    gegeven_via=st.sampled_from([None, "link", "code"]),
)


@vlot
@given(toestemmingen, groepen, plekken, dagen)
def test_versmallen_geeft_nooit_meer(t: Toestemming, over: frozenset[str], dicht: frozenset[str], tot: date) -> None:
    try:
        smal = versmal(t, over, dicht, tot)
    except PaspoortFout as fout:
        assert {m.code for m in fout.meldingen} <= {"toestemming-leeg", "toestemming-einddatum"}
        return
    assert smal.groepen <= t.groepen and smal.uitzonderingen >= t.uitzonderingen
    assert t.tot is None or (smal.tot is not None and smal.tot <= t.tot)
    gelijk = {"groepen": t.groepen, "uitzonderingen": t.uitzonderingen, "tot": t.tot}
    assert replace(smal, **gelijk) == t


@vlot
@given(toestemmingen, st.dates(date(2026, 1, 1), date(2029, 1, 1)))
def test_verlengen_is_later_en_nooit_verder_dan_het_doel_voorstelt(t: Toestemming, tot: date) -> None:
    try:
        lang = verleng(t, tot, DAG)
    except PaspoortFout as fout:
        assert [m.code for m in fout.meldingen] == ["toestemming-einddatum"]
        return
    verst = langst(t.doel, DAG)
    assert verst is not None and lang.tot is not None and DAG <= lang.tot <= verst
    assert t.tot is None or lang.tot > t.tot
    assert replace(lang, tot=t.tot) == t


@vlot
@given(toestemmingen, toestemmingen)
def test_het_verloop_noemt_elke_verandering(oud: Toestemming, nieuw: Toestemming) -> None:
    assert bool(veranderingen(oud, nieuw)) == (oud != nieuw)
    for v in veranderingen(oud, nieuw):
        assert v.zin.endswith(".") and v.zin[0].isupper()
    soorten = {v.soort for v in veranderingen(oud, nieuw)}
    if nieuw.groepen - oud.groepen or oud.uitzonderingen - nieuw.uitzonderingen:
        assert "meer" in soorten
    if oud.groepen - nieuw.groepen or nieuw.uitzonderingen - oud.uitzonderingen:
        assert "minder" in soorten


@vlot
@given(toestemmingen)
def test_het_begin_en_het_einde_staan_erin(t: Toestemming) -> None:
    assert veranderingen(None, t) and veranderingen(t, None)
    assert veranderingen(t, replace(t, id="x", gegeven_op=datetime(2026, 1, 1, tzinfo=UTC))) == ()


@vlot
@given(toestemmingen, toestemmingen)
def test_aanpassen_in_fhir_laat_de_rest_staan(oud: Toestemming, nieuw: Toestemming) -> None:
    vreemd = {"url": "http://voorbeeld.nl/x", "valueString": "blijft"}
    consent = naar_fhir(oud)
    consent = {**consent, "id": "c", "meta": {"versionId": "3"}, "extension": [*consent.get("extension", ()), vreemd]}
    na = pas_aan(consent, nieuw)
    assert (na["id"], na["meta"]) == ("c", {"versionId": "3"}) and vreemd in na["extension"]
    assert replace(uit_fhir(na), id="") == nieuw


def test_een_beperking_die_wij_niet_kennen_wordt_niet_overschreven() -> None:
    t = voorstel("advies", "therapeut", "Patient/p", "Organization/a", DAG)
    consent = naar_fhir(t)
    consent["provision"]["class"] = [{"code": "x"}]
    with pytest.raises(PaspoortFout):
        pas_aan(consent, replace(t, tot=DAG + timedelta(days=1)))
