"""Scopes: ontleden, samenvoegen, versmallen en toestaan (SMART App Launch 2.2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paspoort.fouten import PaspoortFout
from server.access.scopes import (
    LETTERS,
    Scope,
    begrens,
    doorsnede,
    laat_toe,
    nodig,
    normaliseer,
    ontleed,
    ontleed_alle,
    schrijf,
    versmal,
    voeg_samen,
)

TYPES = ("Device", "Task", "Patient", "*")
scopes = st.builds(
    Scope,
    st.sampled_from(["patient", "user", "system"]),
    st.sampled_from(TYPES),
    st.sets(st.sampled_from(LETTERS), min_size=1).map(lambda s: "".join(x for x in LETTERS if x in s)),
)
verzamelingen = st.frozensets(scopes, max_size=6)


def rechten(lijst):
    """Naïef: welke (niveau, type, letter) staan toe, met `*` uitgeschreven over de concrete typen."""
    return {
        (s.niveau, t, x)
        for s in lijst
        for t in TYPES
        if t in (s.type, "*") or s.type == "*"
        for x in s.letters
        if t != "*" or s.type == "*"
    }


@pytest.mark.parametrize(
    ("tekst", "verwacht"),
    [
        ("patient/Device.rs", "patient/Device.rs"),
        ("user/*.cruds", "user/*.cruds"),
        ("system/Task.u", "system/Task.u"),
        ("patient/Device.read", "patient/Device.rs"),
        ("patient/Device.write", "patient/Device.cud"),
        ("system/*.*", "system/*.cruds"),
    ],
)
def test_een_scope_komt_in_v2_vorm_terug(tekst, verwacht):
    assert str(ontleed(tekst)) == verwacht


@pytest.mark.parametrize(
    "tekst",
    [
        "patient/Device",
        "patient/.rs",
        "Patient/Device.rs",
        "patient/Device.sr",
        "patient/Device.rr",
        "patient/Device.x",
        "patient/Device.rs?category=x",
        "encounter/Device.rs",
        "patient/Device.rs,",
        "launch",
        "*/*.rs",
        "patient/*.",
    ],
)
def test_een_onbekende_scope_wordt_geweigerd(tekst):
    with pytest.raises(PaspoortFout) as fout:
        ontleed_alle(tekst)
    assert [(m.code, m.plek) for m in fout.value.meldingen] == [("scope-onbekend", "scope")]


def test_alle_onbekende_scopes_worden_samen_gemeld():
    with pytest.raises(PaspoortFout) as fout:
        normaliseer("patient/Device.rs patient/Fiets.rs admin openid", types=["Device"])
    assert [m.waarden["scope"] for m in fout.value.meldingen] == ["patient/Fiets.rs", "admin"]


def test_een_melding_draagt_geen_rare_tekens_verder():
    with pytest.raises(PaspoortFout) as fout:
        ontleed('patient/<script>"é')
    assert '"' not in fout.value.meldingen[0].tekst("en") and "<" not in fout.value.meldingen[0].tekst("en")


def test_wat_een_app_vraagt_wordt_begrensd_tot_wat_zij_mag():
    assert begrens("patient/*.cruds openid fhirUser", "patient/*.rs openid") == "openid patient/*.rs"
    assert begrens("patient/Device.rs", "patient/*.r") == "patient/Device.r"
    assert begrens("user/*.rs", "system/*.rs") == ""


def test_versmallen_mag_en_verruimen_niet():
    assert versmal(None, "patient/*.rs") == "patient/*.rs"
    assert versmal("patient/Device.r", "openid patient/*.rs") == "patient/Device.r"
    with pytest.raises(PaspoortFout) as fout:
        versmal("patient/Device.cr user/*.rs openid", "patient/*.rs")
    assert {m.code for m in fout.value.meldingen} == {"scope-te-ruim"}
    assert len(fout.value.meldingen) == 3


@pytest.mark.parametrize(
    ("interactie", "mag"),
    [
        ("read", True),
        ("vread", True),
        ("history-instance", True),
        ("search-type", True),
        ("everything", True),
        ("create", False),
        ("update", False),
        ("delete", False),
        ("bestaat-niet", False),
    ],
)
def test_rs_is_lezen_en_zoeken(interactie, mag):
    assert laat_toe(frozenset({"patient/Device.rs", "openid"}), "patient", "Device", interactie) is mag
    assert not laat_toe(frozenset({"patient/Device.rs"}), "patient", "Task", interactie)
    assert not laat_toe(frozenset({"patient/Device.rs"}), "user", "Device", interactie)


def test_geen_scopes_is_niets_en_een_eigen_bladzijde_is_onbeperkt():
    assert not laat_toe(frozenset(), None, "Device", "read")
    assert laat_toe(None, None, "Device", "delete")


def test_zonder_niveau_tellen_alle_niveaus():
    assert laat_toe(frozenset({"user/Device.r"}), None, "Device", "read")


def test_ster_en_type_samen_geven_hun_som():
    assert laat_toe(frozenset({"system/*.r", "system/Task.s"}), "system", "Task", "everything")
    assert nodig("system", "Task", "create") == "system/Task.c"


@given(verzamelingen)
def test_schrijven_en_ontleden_verandert_niets(lijst):
    samen = voeg_samen(lijst)
    assert ontleed_alle(schrijf(samen))[0] == samen
    assert rechten(samen) == rechten(lijst)


@given(verzamelingen, verzamelingen)
def test_de_doorsnede_is_precies_wat_beide_toestaan(een, ander):
    assert rechten(doorsnede(een, ander)) == rechten(een) & rechten(ander)


@given(verzamelingen, verzamelingen)
def test_versmallen_geeft_nooit_meer_dan_was_toegekend(gevraagd, toegekend):
    try:
        uit = versmal(schrijf(gevraagd), schrijf(toegekend))
    except PaspoortFout:
        return
    assert rechten(ontleed_alle(uit)[0]) <= rechten(toegekend)
