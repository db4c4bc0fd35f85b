"""Vertegenwoordiging (toegang.md §7): leeftijd, soort, periode, overlijden, groepen, afschermen, en wat er mag."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paspoort.fhir.stelsels import extension
from paspoort.houder import Mandaatsoort
from paspoort.toegang import ALLE_GROEPEN
from paspoort.vertegenwoordiging import mijlpaal, verjaardag
from tests.zichtwereld import (
    MANDAAT,
    NU,
    PASPOORT,
    PATIENT,
    aandoening,
    actor,
    gebruik,
    hulpmiddel,
    mandaat,
    mens,
    opname,
    toestemming,
    zicht,
)
from tests.zichtwereld import taak as maak_taak

HIER = ZoneInfo("Europe/Amsterdam")
WIE, HOUDER = actor("vertegenwoordiger"), actor("houder")
KIND = "2013-06-01"  # twaalf op NU
SOORTEN = [s.value for s in Mandaatsoort]


def ziet(z, m):
    return {f"{v.type}/{v.id}" for v in m.alle() if z.toon(v) is not None}


# --- wie, wanneer: naast een naïeve tabel


def naief(geboren: date | None, soort: str | None, van: date | None, tot: date | None, weg: bool, dag: date) -> bool:
    """Uit §7 met de hand: tel de verjaardagen één voor één."""
    if geboren is None or soort not in SOORTEN or weg:
        return False
    if (van and dag < van) or (tot and dag > tot):
        return False
    jaren, zestien = 0, None
    d = geboren
    for jaar in range(geboren.year + 1, dag.year + 1):
        schrikkel = jaar % 4 == 0 and (jaar % 100 != 0 or jaar % 400 == 0)
        d = (
            date(jaar, 3, 1)
            if (geboren.month, geboren.day) == (2, 29) and not schrikkel
            else geboren.replace(year=jaar)
        )
        if d <= dag:
            jaren += 1
            zestien = d if jaren == 16 else zestien
    if soort == "ouder-met-gezag":
        return jaren < 16
    if soort in ("mentor", "curator"):
        return jaren >= 16
    return jaren >= 16 and van is not None and zestien is not None and van >= zestien


DAG = NU.date()
DAGEN = st.sampled_from([DAG + timedelta(days=x) for x in (-5000, -400, -1, 0, 1, 30)])
GEBOREN = (
    st.none()
    | st.dates(date(2005, 1, 1), date(2026, 3, 1))
    | st.sampled_from(
        [date(DAG.year - j, DAG.month, DAG.day + x) for j in (11, 12, 15, 16, 17) for x in (-1, 0, 1)]
        + [date(2008, 2, 29)]
    )
)


@settings(max_examples=400, deadline=None)
@given(
    geboren=GEBOREN,
    soort=st.none() | st.sampled_from([*SOORTEN, "koning"]),
    van=st.none() | DAGEN | st.dates(date(2024, 1, 1), date(2026, 4, 1)),
    tot=st.none() | DAGEN,
    weg=st.sampled_from([{}, {}, {"deceasedBoolean": True}, {"deceasedBoolean": False}, {"deceasedDateTime": "2026"}]),
    dag=st.just(DAG) | st.dates(date(2024, 2, 28), date(2026, 12, 31)),
)
def test_een_mandaat_geldt_precies_als_de_tabel_het_zegt(geboren, soort, van, tot, weg, dag):
    iso = [d and d.isoformat() for d in (geboren, van, tot)]
    m = opname(mens(iso[0], **weg), mandaat(soort, iso[1], iso[2]), hulpmiddel())
    overleden = bool(weg) and weg.get("deceasedBoolean") is not False
    nu = datetime(dag.year, dag.month, dag.day, 10, tzinfo=HIER)
    verwacht = naief(geboren, soort, van, tot, overleden, dag)
    assert bool(zicht(WIE, m, nu=nu).gronden) is verwacht
    jong = geboren is not None and geboren.year + 12 > 0 and naief(geboren, "ouder-met-gezag", None, None, False, dag)
    if overleden:
        assert not zicht(HOUDER, m, nu=nu).gronden
    elif not jong:
        assert zicht(HOUDER, m, nu=nu).gronden


@pytest.mark.parametrize(
    ("geboren", "moment", "ouder", "kind"),
    [
        ("2014-03-04", "2026-03-03T22:59:59Z", True, False),  # in Nederland nog de dag ervoor
        ("2014-03-04", "2026-03-03T23:00:00Z", True, True),  # twaalf, om middernacht hier
        ("2010-03-04", "2026-03-03T22:59:59Z", True, True),
        ("2010-03-04", "2026-03-03T23:00:00Z", False, True),  # zestien
        ("2010-07-04", "2026-07-03T21:59:59Z", True, True),  # zomertijd
        ("2010-07-04", "2026-07-03T22:00:00Z", False, True),
        ("2008-02-29", "2024-02-29T12:00:00Z", False, True),
        ("2012-02-29", "2028-02-28T22:59:59Z", True, True),
        ("2011-02-28", "2027-02-27T23:00:00Z", False, True),
        ("2010", "2025-12-31T23:00:00Z", False, True),  # alleen een jaar: de eerste dag ervan
    ],
)
def test_een_verjaardag_werkt_om_middernacht_in_nederland_zonder_dat_iemand_schrijft(geboren, moment, ouder, kind):
    m = opname(mens(geboren), mandaat("ouder-met-gezag", None), hulpmiddel())
    nu = datetime.fromisoformat(moment)
    assert bool(zicht(WIE, m, nu=nu).gronden) is ouder
    assert bool(zicht(HOUDER, m, nu=nu).gronden) is kind


def test_op_29_februari_geboren_wordt_in_een_gewoon_jaar_op_1_maart_zestien():
    assert verjaardag(date(2009, 2, 28), 16) == date(2025, 2, 28)
    assert verjaardag(date(2004, 2, 29), 17) == date(2021, 3, 1)
    m = opname(mens("2012-02-29"), mandaat("ouder-met-gezag", None))
    voor, op = (datetime(2028, 2, dag, 12, tzinfo=HIER) for dag in (28, 29))
    assert zicht(WIE, m, nu=voor).gronden and not zicht(WIE, m, nu=op).gronden


@pytest.mark.parametrize(
    "anders",
    [
        {"active": False},
        {"patient": {"reference": "Patient/ander"}},
        {"id": "ander-mandaat"},
        {"tot": "2026-03-02"},
        {"van": "2026-03-04"},
        {"soort": None},
    ],
)
def test_zonder_geldig_mandaat_is_er_niets(anders):
    m = opname(mens(), mandaat(**anders), hulpmiddel())
    z = zicht(WIE, m)
    assert z.gronden == () and ziet(z, m) == set()


def test_een_account_zonder_mandaat_en_een_verwijderd_mandaat_zien_niets():
    m = opname(mens(), mandaat(), hulpmiddel())
    assert zicht(WIE, m).gronden and not zicht(actor("vertegenwoordiger", mandaat=None), m).gronden
    assert not zicht(actor("vertegenwoordiger", "app"), m).gronden


# --- groepen en afschermen


def test_een_helper_ziet_alleen_contact_en_de_genoemde_groepen():
    m = opname(mens(telecom=[{"value": "06"}]), mandaat("helper-lezen", groepen=["hulpmiddelen"]), aandoening(),
               hulpmiddel(), gebruik(reasonReference=[{"reference": "Condition/als"}]))  # fmt: skip
    z = zicht(WIE, m)
    assert ziet(z, m) == {PATIENT, f"RelatedPerson/{MANDAAT}", "Device/rolstoel", "DeviceUseStatement/gebruik"}
    persoon = z.toon(m.get("Patient", PASPOORT))
    assert not persoon.volledig and "birthDate" not in persoon.inhoud and "telecom" in persoon.inhoud
    assert "reasonReference" not in z.toon(m.get("DeviceUseStatement", "gebruik")).inhoud
    assert z.toon(m.get("RelatedPerson", MANDAAT)).volledig


def test_een_helper_zonder_groepen_ziet_alleen_contact():
    m = opname(mens(), mandaat("helper-invullen"), aandoening(), hulpmiddel())
    assert ziet(zicht(WIE, m), m) == {PATIENT, f"RelatedPerson/{MANDAAT}"}


def test_wat_de_houder_zelf_schreef_is_voor_een_helper_niet_eigen():
    tekst = {"status": "generated", "div": "<div>ook over gezondheid</div>"}
    m = opname(mens(text=tekst), mandaat("helper-lezen"), {"resourceType": "Binary", "id": "los"})
    z = zicht(WIE, m)
    assert "text" not in z.toon(m.get("Patient", PASPOORT)).inhoud and z.toon(m.get("Binary", "los")) is None


def test_een_kind_van_twaalf_schermt_af_en_de_ouder_ziet_de_rest_zoals_die_ligt():
    noemt = gebruik(reasonReference=[{"reference": "Condition/geheim"}])
    los = {"resourceType": "Provenance", "id": "p", "target": [{"reference": "Condition/geheim"}]}
    vreemd = hulpmiddel("stoel", extension=[{"url": "http://elders/x", "valueString": "x"}])
    m = opname(mens(KIND), mandaat("ouder-met-gezag", zonder=["Condition/geheim"]), aandoening("geheim"),
               aandoening("open"), hulpmiddel(), vreemd, noemt, los)  # fmt: skip
    z = zicht(WIE, m)
    assert "Condition/geheim" not in ziet(z, m) and "Provenance/p" not in ziet(z, m)
    assert z.toon(m.get("Condition", "open")).volledig and z.toon(m.get("Device", "stoel")).volledig
    assert "Condition/geheim" not in str(z.toon(m.get("DeviceUseStatement", "gebruik")).tekst)
    assert "geheim" not in str(z.toon(m.get("RelatedPerson", MANDAAT)).tekst)
    assert ziet(zicht(HOUDER, m), m) == {f"{v.type}/{v.id}" for v in m.alle()}


@settings(max_examples=60, deadline=None)
@given(st.frozensets(st.sampled_from(sorted(ALLE_GROEPEN))), st.frozensets(st.sampled_from(sorted(ALLE_GROEPEN))))
def test_minder_groepen_laat_nooit_meer_zien(een, ander):
    inhoud = [mens(), aandoening(), hulpmiddel(), gebruik(), toestemming("Organization/gemeente", ["contact"])]
    ruim, krap = (opname(*inhoud, mandaat("helper-lezen", groepen=g)) for g in (een | ander, een))
    assert ziet(zicht(WIE, krap), krap) <= ziet(zicht(WIE, ruim), ruim)


def test_toestemmingen_ziet_een_vertegenwoordiger_alleen_met_die_groep():
    inhoud = [mens(), toestemming("Organization/gemeente", ["contact"])]
    for groepen, ja in (([], True), (["toestemmingen"], True), (["hulpmiddelen"], False)):
        m = opname(*inhoud, mandaat("gemachtigde", groepen=groepen))
        assert ("Consent/c" in ziet(zicht(WIE, m), m)) is ja


# --- overlijden


def test_na_overlijden_gaat_alleen_een_lopende_opdracht_door():
    inhoud = [
        hulpmiddel(), gebruik(), aandoening(), toestemming("Organization/rijdt", ["contact", "gezondheid"]),
        maak_taak("Organization/rijdt", "levering", ["Device/rolstoel"]),
    ]  # fmt: skip
    leeft, weg = opname(mens(), *inhoud), opname(mens(deceasedDateTime="2026-03-01"), *inhoud)
    leverancier = actor("leverancier")
    assert {g.soort for g in zicht(leverancier, leeft).gronden} == {"toestemming", "opdracht"}
    assert [g.soort for g in zicht(leverancier, weg).gronden] == ["opdracht"]
    assert "Device/rolstoel" in ziet(zicht(leverancier, weg), weg) and not zicht(HOUDER, weg).gronden


def test_de_mijlpaal_komt_drie_maanden_van_tevoren():
    geboren = date(2010, 6, 1)
    assert mijlpaal(geboren, date(2026, 2, 27)) is None
    assert mijlpaal(geboren, date(2026, 3, 3)) == mijlpaal(geboren, date(2026, 5, 31))
    assert mijlpaal(geboren, date(2026, 5, 31)).leeftijd == 16 and mijlpaal(geboren, date(2026, 6, 1)) is None
    assert mijlpaal(date(9999, 12, 31), date(2026, 6, 1)) is None and mijlpaal(None, DAG) is None


def test_een_extensie_van_een_ander_maakt_geen_mandaat():
    vreemd = {"url": extension("mandaatsoort").replace("nl/", "com/"), "valueCode": "curator"}
    m = opname(mens(), mandaat(None, extension=[vreemd]))
    assert not zicht(WIE, m, nu=datetime(2026, 3, 3, tzinfo=UTC)).gronden
