"""Wat een houder en een vertegenwoordiger mogen schrijven: soort, groepen, het mandaat zelf, de levensloop (§7)."""

from __future__ import annotations

import pytest

from paspoort.houder import Mandaatsoort
from paspoort.toegang import ALLE_GROEPEN
from server.access.vertegenwoordiging import mag_namens
from tests.zichtwereld import (
    NU,
    PASPOORT,
    aandoening,
    actor,
    hulpmiddel,
    mandaat,
    mens,
    opname,
    toestemming,
    versie,
    zicht,
)

WIE, HOUDER = actor("vertegenwoordiger"), actor("houder")
KIND = "2013-06-01"  # twaalf op NU
SOORTEN = [s.value for s in Mandaatsoort]


def mag(wie, m, handeling, inhoud, oud=None):
    return zicht(wie, m).mag(handeling, inhoud, versie(oud or inhoud) if handeling != "S" else None).ja


def vraag(status):
    return {"resourceType": "DeviceRequest", "id": "v", "status": status, "intent": "proposal"}


@pytest.mark.parametrize(
    ("soort", "maakt", "verstuurt", "deelt", "wijzigt", "verwijdert"),
    [
        ("gemachtigde", True, True, True, True, True),
        ("mentor", True, True, True, True, True),
        ("helper-invullen", True, False, False, True, False),
        ("helper-lezen", False, False, False, False, False),
    ],
)
def test_wat_een_soort_mandaat_mag_schrijven(soort, maakt, verstuurt, deelt, wijzigt, verwijdert):
    m = opname(mens(), mandaat(soort, groepen=sorted(ALLE_GROEPEN)), hulpmiddel())
    consent = toestemming("Organization/gemeente", ["contact"])
    assert mag(WIE, m, "S", hulpmiddel("nieuw")) is maakt and mag(WIE, m, "S", vraag("draft")) is maakt
    assert mag(WIE, m, "S", vraag("active")) is verstuurt
    assert mag(WIE, m, "S", consent) is deelt and mag(WIE, m, "S", consent | {"status": "proposed"}) is maakt
    assert mag(WIE, m, "W", hulpmiddel()) is wijzigt and mag(WIE, m, "D", hulpmiddel()) is verwijdert


def test_buiten_de_groepen_van_het_mandaat_maakt_niemand_iets():
    m = opname(mens(), mandaat(groepen=["hulpmiddelen"]), hulpmiddel())
    assert mag(WIE, m, "S", hulpmiddel("nieuw")) and not mag(WIE, m, "S", aandoening("nieuw"))
    assert not mag(WIE, m, "S", toestemming("Organization/gemeente", ["contact"]))


@pytest.mark.parametrize("soort", SOORTEN)
def test_een_vertegenwoordiger_verruimt_het_eigen_mandaat_nooit(soort):
    geboren = KIND if soort == "ouder-met-gezag" else "1961-04-02"
    oud = mandaat(soort, tot="2027-01-01", groepen=["contact"])
    m = opname(mens(geboren), oud, mandaat("helper-lezen", id="ander"))
    for nieuw in (
        mandaat(soort, tot="2030-01-01", groepen=["contact"]),
        mandaat("curator", tot="2027-01-01"),
        mandaat(soort, tot="2027-01-01"),
        {k: w for k, w in oud.items() if k != "extension"},
        oud | {"telecom": [{"value": "06"}]},
    ):
        assert not mag(WIE, m, "W", nieuw, oud)
    assert not mag(WIE, m, "S", mandaat("gemachtigde", id="nieuw")) and not mag(WIE, m, "D", oud)
    assert not mag(WIE, m, "W", mandaat("helper-lezen", id="ander", active=False), mandaat("helper-lezen", id="ander"))
    assert mag(WIE, m, "W", oud | {"active": False}, oud)  # neerleggen mag altijd


@pytest.mark.parametrize(
    ("geboren", "soort", "maakt", "eindigt"),
    [
        ("1961-04-02", "gemachtigde", True, True),
        ("1961-04-02", "helper-lezen", True, True),
        ("1961-04-02", "mentor", False, False),
        ("1961-04-02", "curator", False, False),
        ("1961-04-02", "ouder-met-gezag", False, False),
        (KIND, "gemachtigde", False, False),
        (KIND, "ouder-met-gezag", False, False),
        (None, "gemachtigde", False, False),
    ],
)
def test_de_houder_geeft_en_eindigt_alleen_eigen_giften_vanaf_zestien(geboren, soort, maakt, eindigt):
    oud = mandaat(soort)
    m = opname(mens(geboren), oud)
    assert mag(HOUDER, m, "S", mandaat(soort, id="nieuw")) is maakt
    assert mag(HOUDER, m, "W", oud | {"active": False}, oud) is eindigt and mag(HOUDER, m, "D", oud) is eindigt


def test_een_kind_verandert_aan_het_mandaat_van_een_ouder_alleen_wat_het_afschermt():
    oud = mandaat("ouder-met-gezag", groepen=["contact"])
    dicht = mandaat("ouder-met-gezag", groepen=["contact"], zonder=["Condition/als"])
    m, later = opname(mens(KIND), oud), opname(mens("2010-01-01"), oud)
    assert mag(HOUDER, m, "W", dicht, oud) and mag(HOUDER, m, "W", oud, dicht)
    assert not mag(HOUDER, m, "W", mandaat("ouder-met-gezag"), oud) and not mag(HOUDER, later, "W", dicht, oud)


def test_een_naaste_zonder_mandaat_blijft_gewoon_contact():
    oud = mandaat(None)
    m = opname(mens(), mandaat(), oud | {"id": "naaste"})
    naaste = oud | {"id": "naaste", "telecom": [{"value": "06"}]}
    assert mag(HOUDER, m, "W", naaste, oud) and mag(WIE, m, "W", naaste, oud) and not mag(HOUDER, m, "S", naaste)


@pytest.mark.parametrize(
    ("wie", "oud", "nieuw", "ja"),
    [
        (HOUDER, {"birthDate": "1961-04-02"}, {"birthDate": "1961-04-03"}, True),
        (HOUDER, {"birthDate": "2013-04-02"}, {"birthDate": "2000-04-02"}, False),
        (HOUDER, {"birthDate": "1961-04-02"}, {"birthDate": "2013-04-02"}, False),
        (HOUDER, {"birthDate": "1961-04-02"}, {"birthDate": "1961-04-02", "deceasedBoolean": True}, False),
        (HOUDER, {}, {"birthDate": "1961-04-02"}, False),
        (WIE, {"birthDate": "1961-04-02"}, {"birthDate": "1961-04-03"}, False),
        (WIE, {"birthDate": "1961-04-02"}, {"birthDate": "1961-04-02", "gender": "female"}, True),
    ],
)
def test_geboortedag_en_overlijden_veranderen_niet_om_toegang_te_houden_of_te_krijgen(wie, oud, nieuw, ja):
    kaal = {"resourceType": "Patient", "id": PASPOORT}
    assert mag(wie, opname(kaal | oud, mandaat()), "W", kaal | nieuw, kaal | oud) is ja


@pytest.mark.parametrize(
    ("soort", "lezen", "invullen", "toestemming_geven", "beslissen"),
    [
        ("gemachtigde", "ja", "ja", "ja", "ja"),
        ("helper-invullen", "ja", "ja", "met-code", "nee"),
        ("helper-lezen", "ja", "nee", "nee", "nee"),
        ("ouder-met-gezag", "nee", "nee", "nee", "nee"),
    ],
)
def test_mag_namens_zegt_het_in_een_woord(soort, lezen, invullen, toestemming_geven, beslissen):
    m = opname(mens(), mandaat(soort))
    woorden = {"lezen": lezen, "invullen": invullen, "toestemming-geven": toestemming_geven, "beslissen": beslissen}
    assert {w: mag_namens(WIE, m, w, NU) for w in woorden} == woorden
    assert mag_namens(HOUDER, m, "beslissen", NU) == "ja" and mag_namens(actor("therapeut"), m, "lezen", NU) == "nee"
