"""Twee ingevulde vragenlijsten naast elkaar: wat erbij kwam, wegviel of anders werd; rij bij de rij die erop lijkt."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paspoort.fhir.vragenlijst import Bron, Gegeven, bouw, eigen, laad, verschil
from paspoort.fouten import PaspoortFout

ADVIES = eigen("functioneel-advies")
EISEN = [
    {"eis-tekst": "Kan zelf rijden over drempels van 3 cm, binnen en buiten.", "eis-soort": "noodzakelijk"},
    {"eis-tekst": "De zithouding is elektrisch te kantelen tot 30 graden.", "eis-soort": "noodzakelijk"},
    {"eis-tekst": "Past in de eigen bus en is daar veilig vast te zetten.", "eis-soort": "wenselijk"},
]


def kort(oud: dict[str, Any], nieuw: dict[str, Any]) -> list[tuple[str, str, str, str, str | None]]:
    return [(v.code, v.soort, v.oud, v.nieuw, v.rij) for v in verschil(bouw(ADVIES, oud), bouw(ADVIES, nieuw))]


def test_een_antwoord_komt_erbij_valt_weg_of_wordt_anders() -> None:
    assert kort({"hulpvraag": "a", "zitbreedte": "44"}, {"hulpvraag": "b", "levenslang": True}) == [
        ("hulpvraag", "anders", "a", "b", None),
        ("levenslang", "erbij", "", "ja", None),
        ("zitbreedte", "weg", "44 cm", "", None),
    ]


def test_een_keuze_staat_er_in_woorden_en_een_getal_is_hetzelfde_getal() -> None:
    tekst = {k.code: k.tekst for k in ADVIES.per_code["prognose"].keuzes}
    assert kort({"prognose": "stabiel", "zitbreedte": "44"}, {"prognose": "progressief", "zitbreedte": "44.0"}) == [
        ("prognose", "anders", tekst["stabiel"], tekst["progressief"], None)
    ]
    assert kort({"zitbreedte": "44"}, {"zitbreedte": "44,0"}) == []


def test_bij_meer_antwoorden_telt_elk_antwoord_en_niet_de_volgorde() -> None:
    assert kort({"diagnose": ["a", "b"]}, {"diagnose": ["b", "c"]}) == [
        ("diagnose", "weg", "a", "", None),
        ("diagnose", "erbij", "", "c", None),
    ]
    assert kort({"diagnose": ["a", "b"]}, {"diagnose": ["b", "a"]}) == []


def test_een_eis_ertussen_maakt_de_andere_eisen_niet_anders() -> None:
    nieuw = {"eis-tekst": "Hoort zonder apparaat wat anderen zeggen."}
    assert kort({"eis": EISEN}, {"eis": [EISEN[0], nieuw, *EISEN[1:]]}) == [
        ("eis-tekst", "erbij", "", nieuw["eis-tekst"], "Eis 2")
    ]
    assert kort({"eis": EISEN}, {"eis": EISEN[::-1]}) == []


def test_een_gewijzigde_eis_blijft_dezelfde_eis_en_een_vervallen_eis_heet_zo() -> None:
    anders = EISEN[1] | {"eis-tekst": "De zithouding is elektrisch te kantelen tot 45 graden."}
    assert kort({"eis": EISEN}, {"eis": [anders, EISEN[2]]}) == [
        ("eis-tekst", "anders", EISEN[1]["eis-tekst"], anders["eis-tekst"], "Eis 1"),
        ("eis-tekst", "weg", EISEN[0]["eis-tekst"], "", "Eis 1 (vervallen)"),
        ("eis-soort", "weg", "Noodzakelijk", "", "Eis 1 (vervallen)"),
    ]


def test_een_bron_of_een_schermtekst_is_geen_verschil() -> None:
    oud = bouw(ADVIES, {"hulpvraag": Gegeven("a", Bron("x", "2026-01-01", None)), "prognose": "stabiel"})
    nieuw = copy.deepcopy(oud)
    nieuw["item"][0]["text"] = "Deel 1"
    nieuw["item"][0]["item"][0]["answer"][0].pop("extension")
    nieuw["item"][0]["item"][1]["answer"][0]["valueCoding"]["display"] = "anders geschreven"
    assert verschil(oud, nieuw) == ()


def test_een_onbekende_vragenlijst_is_een_fout_en_geen_leeg_verschil() -> None:
    with pytest.raises(PaspoortFout):
        verschil(bouw(ADVIES, {}), {"resourceType": "QuestionnaireResponse", "questionnaire": "http://elders/x"})


def test_twee_versies_van_een_vragenlijst_vergelijken_op_code() -> None:
    def lijst(link: str, titel: str) -> Any:
        return laad(
            {
                "resourceType": "Questionnaire",
                "item": [{"linkId": link, "text": titel, "type": "string", "code": [{"code": "naam"}]}],
            }
        )

    een, twee = lijst("1", "Naam"), lijst("9.9", "Hoe heet u?")
    assert verschil(bouw(een, {"naam": "x"}), bouw(twee, {"naam": "x"}), een, twee) == ()
    (anders,) = verschil(bouw(een, {"naam": "x"}), bouw(twee, {"naam": "y"}), een, twee)
    assert (anders.label, anders.oud, anders.nieuw) == ("Hoe heet u?", "x", "y")


# --- wetten

TEKST = st.sampled_from(["rijdt zelf", "rijdt zelf buiten", "kantelt 30 graden", "past in de bus", "ziet goed", "x"])
RIJ = st.fixed_dictionaries(
    {"eis-tekst": TEKST}, optional={"eis-soort": st.sampled_from(["noodzakelijk", "wenselijk"]), "eis-gevolg": TEKST}
)
INGEVULD = st.fixed_dictionaries(
    {},
    optional={
        "hulpvraag": TEKST,
        "levenslang": st.booleans(),
        "diagnose": st.lists(TEKST, max_size=3),
        "zitbreedte": st.integers(20, 60).map(str),
        "eis": st.lists(RIJ, max_size=4),
    },
)


def plat(waarden: dict[str, Any]) -> list[tuple[str, str]]:
    """Elk antwoord als (code, waarde), rijen plat; naïef."""
    uit = []
    for code, waarde in waarden.items():
        for los in waarde if isinstance(waarde, list) else [waarde]:
            uit += plat(los) if isinstance(los, dict) else [(code, str(los))]
    return sorted(uit)


@settings(max_examples=60, deadline=None)
@given(INGEVULD, INGEVULD)
def test_de_verschillen_toegepast_op_het_oude_geven_het_nieuwe(oud: dict[str, Any], nieuw: dict[str, Any]) -> None:
    van, naar = bouw(ADVIES, oud), bouw(ADVIES, nieuw)
    assert verschil(van, van) == ()
    woorden = {"True": "ja", "False": "nee", "noodzakelijk": "Noodzakelijk", "wenselijk": "Wenselijk"}

    def in_woorden(waarden: dict[str, Any]) -> list[tuple[str, str]]:
        return sorted((c, woorden.get(w, f"{w} cm" if c == "zitbreedte" else w)) for c, w in plat(waarden))

    stand = in_woorden(oud)
    for v in verschil(van, naar):
        assert v.oud != v.nieuw
        if v.oud:
            stand.remove((v.code, v.oud))
        if v.nieuw:
            stand.append((v.code, v.nieuw))
    assert sorted(stand) == in_woorden(nieuw)
    assert bool(verschil(naar, van)) is bool(verschil(van, naar))
