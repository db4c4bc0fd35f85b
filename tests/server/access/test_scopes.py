"""Scopes: ontleden, samenvoegen, versmallen en toestaan (SMART App Launch 2.2)."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paspoort.fouten import PaspoortFout
from server.access.scopes import (
    LETTERS,
    V1,
    Scope,
    begrens,
    doorsnede,
    is_fijn,
    laat_toe,
    nodig,
    normaliseer,
    ontleed,
    ontleed_alle,
    schrijf,
    versmal,
    voeg_samen,
    voorwaarden,
)

TYPES = ("Device", "Task", "Patient", "*")
NIVEAUS = ("patient", "user", "system")
VOORWAARDEN = (("status", "active"), ("identifier", "x|1"))
letters = st.sets(st.sampled_from(LETTERS), min_size=1).map(lambda s: "".join(x for x in LETTERS if x in s))
scopes = st.one_of(
    st.builds(Scope, st.sampled_from(NIVEAUS), st.sampled_from(TYPES), letters),
    st.builds(
        Scope,
        st.sampled_from(NIVEAUS),
        st.sampled_from(["Device", "Task"]),
        letters,
        st.sets(st.sampled_from(VOORWAARDEN)).map(lambda q: tuple(sorted(q))),
    ),
    st.builds(
        lambda n, t, v: Scope(n, t, V1[v], (), v),
        st.sampled_from(NIVEAUS),
        st.sampled_from(TYPES),
        st.sampled_from(list(V1)),
    ),
)
verzamelingen = st.frozensets(scopes, max_size=6)


def rechten(lijst):
    """Naïef: welke (niveau, type, letter) staan toe op een resource die aan deze voorwaarden voldoet, met `*`
    uitgeschreven over de concrete typen."""
    return {
        (s.niveau, t, x, frozenset(waar))
        for s in lijst
        for t in TYPES
        if t in (s.type, "*") or s.type == "*"
        for x in s.letters
        if t != "*" or s.type == "*"
        for n in range(len(VOORWAARDEN) + 1)
        for waar in combinations(VOORWAARDEN, n)
        if set(s.query) <= set(waar)
    }


@pytest.mark.parametrize(
    ("tekst", "verwacht"),
    [
        ("patient/Device.rs", "patient/Device.rs"),
        ("user/*.cruds", "user/*.cruds"),
        ("system/Task.u", "system/Task.u"),
        ("patient/Device.rs?type=b&status=a", "patient/Device.rs?status=a&type=b"),
        (
            "patient/Device.rs?type=http://x.nl/y|z,http://x.nl/y%7Cw",
            "patient/Device.rs?type=http://x.nl/y|z,http://x.nl/y|w",
        ),
        ("user/Observation.rs?code=a%26b%20%22", "user/Observation.rs?code=a%26b%20%22"),
    ],
)
def test_een_scope_komt_in_een_vaste_vorm_terug(tekst, verwacht):
    assert str(ontleed(tekst)) == verwacht and ontleed(verwacht) == ontleed(tekst)


@pytest.mark.parametrize(("v1", "v2"), [("read", "rs"), ("write", "cud"), ("*", "cruds")])
def test_v1_betekent_v2_en_komt_als_v1_terug(v1, v2):
    """smart-2.2.0@127 en smart-2.2.0@128: v1 wordt gelezen als v2, en wie v1 vroeg krijgt v1 terug."""
    scope = ontleed(f"patient/Device.{v1}")
    assert (scope.letters, str(scope)) == (v2, f"patient/Device.{v1}")
    assert begrens(f"patient/Device.{v1}", "patient/*.cruds") == f"patient/Device.{v1}"
    assert begrens(f"patient/Device.{v2}", f"patient/*.{v1}") == f"patient/Device.{v2}"
    assert begrens("patient/Device.*", "patient/Device.rs") == "patient/Device.rs"


@pytest.mark.parametrize(
    "scope",
    [
        "patient/Device.rs?bestaat-niet=x",
        "patient/Device.rs?patient.gender=female",
        "patient/Device.rs?_has:DeviceUseStatement:device:status=active",
        "patient/Device.rs?status:not=active",
        "patient/Device.rs?status=",
        "patient/Device.rs?status=|",
        "patient/Device.rs?status",
        "patient/Device.rs?",
        "patient/*.rs?_id=x",
        "patient/Device.read?status=active",
        "patient/AuditEvent.rs?action=R",
        "user/Practitioner.rs?identifier=x",
        "patient/Patient.rs?identifier=999911120",
        "patient/Device.rs?identifier=http://fhir.nl/fhir/NamingSystem/bsn|999911120",
        "patient/Observation.rs?date=ge2020",
        "patient/DeviceRequest.rs?patient=Patient/x",
        "patient/Device.rs?" + "&".join(f"status=active{n}" for n in range(6)),
        "patient/Device.rs?status=" + "x" * 400,
    ],
)
def test_een_voorwaarde_die_wij_niet_kunnen_wegen_wordt_geweigerd(scope):
    with pytest.raises(PaspoortFout) as fout:
        ontleed_alle(scope)
    assert [m.code for m in fout.value.meldingen] == ["scope-onbekend"]


def test_voorwaarden_zegt_waaraan_een_resource_moet_voldoen():
    nauw = frozenset({"patient/Device.rs?status=active", "patient/Device.r?type=x", "patient/Task.r"})
    assert voorwaarden(nauw, "Device", "r") == {(("status", "active"),), (("type", "x"),)}
    assert voorwaarden(nauw, "Device", "s") == {(("status", "active"),)}
    assert voorwaarden(nauw, "Device", "c") == frozenset()
    assert voorwaarden(nauw, "Task", "r") is None and voorwaarden(None, "Device", "r") is None
    assert voorwaarden(nauw | {"patient/*.r"}, "Device", "r") is None
    assert is_fijn(nauw) and not is_fijn(frozenset({"patient/*.rs", "openid"})) and not is_fijn(None)


def test_een_rol_in_de_context_geeft_de_context_zelf():
    """smart-2.2.0@159: een rol die wij niet kennen geeft de context die er is."""
    assert normaliseer("launch/patient?role=iets") == {"launch/patient"}


@pytest.mark.parametrize(
    "tekst",
    [
        "patient/Device",
        "patient/.rs",
        "Patient/Device.rs",
        "patient/Device.sr",
        "patient/Device.rr",
        "patient/Device.x",
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
