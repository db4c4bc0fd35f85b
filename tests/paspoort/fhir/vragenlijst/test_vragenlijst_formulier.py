"""Het formulier: namen, rijen, fouten bij hun veld, getypte invoer blijft, bronnen blijven tot iemand verandert."""

from __future__ import annotations

from typing import Any

import pytest

from paspoort.fhir.vragenlijst import (
    Bron,
    Gegeven,
    Groep,
    Herhaling,
    Veld,
    antwoorden,
    bouw,
    bronnen_van,
    controleer,
    eigen,
    formulier,
    ontbrekend,
    uit_formulier,
)

ADVIES = eigen("functioneel-advies")
VERZOEK = eigen("verzoek")
BRON = Bron("A. Dekker", "2026-05-11", "Condition/sma")


def veld(form: Any, naam: str) -> Veld:
    return next(v for v in form.velden() if v.naam == naam)


def test_veldnamen_en_ids_zijn_uniek() -> None:
    response = bouw(ADVIES, {"eis": [{"eis-tekst": "a"}, {"eis-tekst": "b"}], "diagnose": ["x", "y"]})
    velden = list(formulier(ADVIES, response, extra=["eis"]).velden())
    assert len({v.naam for v in velden}) == len({v.id for v in velden}) == len(velden)
    assert [v.naam for v in velden if v.code == "eis-tekst"] == [
        "eis.0.eis-tekst",
        "eis.1.eis-tekst",
        "eis.2.eis-tekst",
    ]


def test_een_veld_zegt_wat_het_is() -> None:
    form = formulier(
        ADVIES, bouw(ADVIES, {"zitbreedte": "44,5", "levenslang": True, "prognose": "stabiel", "diagnose": ["x"]})
    )
    breedte = veld(form, "zitbreedte")
    assert (breedte.soort, breedte.waarde, breedte.eenheid) == ("getal", "44,5", "cm")
    assert [(o.waarde, o.gekozen) for o in veld(form, "levenslang").opties] == [("ja", True), ("nee", False)]
    assert [o.waarde for o in veld(form, "prognose").opties if o.gekozen] == ["stabiel"]
    assert (veld(form, "diagnose").soort, veld(form, "complex-kenmerk").soort) == ("lijst", "keuzes")
    assert veld(form, "hulpvraag").nodig and veld(form, "hulpvraag").hulp
    assert veld(formulier(VERZOEK, {}), "verandering").alleen_als == "“Er is iets veranderd”"


def test_een_lege_herhaling_toont_een_lege_rij_en_een_knop_voegt_er_een_toe() -> None:
    def rijen(response: dict[str, Any], *extra: str) -> list[str]:
        deel = formulier(ADVIES, response, extra=extra).delen[1]
        assert isinstance(deel, Groep) and isinstance(deel.delen[0], Herhaling)
        return [rij.naam for rij in deel.delen[0].rijen]

    assert rijen({}) == ["eis.0"]
    gevuld = bouw(ADVIES, {"eis": [{"eis-tekst": "a"}]})
    assert rijen(gevuld) == ["eis.0"]
    assert rijen(gevuld, "eis") == ["eis.0", "eis.1"]


def test_een_rij_weg_haalt_alleen_die_rij_weg_en_een_lege_rij_vervalt() -> None:
    form = {"eis.0.eis-tekst": ["a"], "eis.1.eis-tekst": ["b"], "eis.2.eis-tekst": ["  "], "eis.10.eis-tekst": ["c"]}
    response, meldingen = uit_formulier(ADVIES, form | {"rij-weg": ["eis.1"]})
    assert [eis.een("eis-tekst") for eis in antwoorden(response).groepen("eis")] == ["a", "c"]
    assert meldingen == []


@pytest.mark.parametrize(
    ("naam", "getypt", "code"),
    [
        ("zitbreedte", "vierenveertig", "antwoord-verkeerd-type"),
        ("zitbreedte", "1e9999", "antwoord-verkeerd-type"),
        ("zitbreedte", "400", "antwoord-buiten-grens"),
        ("ontslagdatum", "31-02-2026", "antwoord-verkeerd-type"),
        ("ontslagdatum", "morgen", "antwoord-verkeerd-type"),
        ("prognose", "beter", "antwoord-geen-keuze"),
        ("levenslang", "misschien", "antwoord-verkeerd-type"),
        ("registratienummer", "1" * 21, "antwoord-te-lang"),
        ("eis.0.eis-soort", "handig", "antwoord-geen-keuze"),
    ],
)
def test_foute_invoer_staat_bij_haar_veld_en_blijft_staan(naam: str, getypt: str, code: str) -> None:
    response, meldingen = uit_formulier(ADVIES, {naam: [getypt]})
    form = formulier(ADVIES, response, meldingen)
    assert [m.code for m in meldingen] == [code]
    assert [(v.naam, v.fouten) for v in form.velden() if v.fouten] == [(naam, tuple(meldingen))]
    assert [regel.veld_id for regel in form.fouten] == [naam.replace(".", "-")]
    if "verkeerd-type" in code and naam != "ontslagdatum":
        assert veld(form, naam).waarde == getypt


def test_een_nederlandse_datum_en_een_komma_worden_gelezen() -> None:
    response, meldingen = uit_formulier(ADVIES, {"ontslagdatum": ["3-9-2026"], "zitbreedte": [" 44,50 "]})
    assert meldingen == []
    assert antwoorden(response).een("ontslagdatum") == "2026-09-03"
    assert str(antwoorden(response).een("zitbreedte")) == "44.50"


@pytest.mark.parametrize(
    "naam", ["hulpvragen", "eis.x.eis-tekst", "eis.-1.eis-tekst", "eis.99999.eis-tekst", "deel-eisen", "eis"]
)
def test_een_naam_die_het_formulier_niet_heeft_telt_niet_mee(naam: str) -> None:
    assert "item" not in uit_formulier(ADVIES, {naam: ["x"]})[0]


def test_een_vraag_die_niet_meer_geldt_verliest_haar_antwoord_stil() -> None:
    response, meldingen = uit_formulier(VERZOEK, {"soort": ["ongewijzigd"], "verandering": ["maat", "woning"]})
    assert meldingen == [] and antwoorden(response).alle("verandering") == ()
    response, meldingen = uit_formulier(VERZOEK, {"soort": ["veranderd"], "verandering": ["maat", "woning"]})
    assert meldingen == [] and antwoorden(response).alle("verandering") == ("maat", "woning")


def test_wat_ontbreekt_wijst_naar_een_veld_ook_als_de_groep_er_nog_niet_is() -> None:
    response = bouw(ADVIES, {"eis": [{"eis-tekst": "a"}]})
    regels = {regel.veld_id for regel in formulier(ADVIES, response, ontbrekend(response, ADVIES)).fouten}
    assert {"hulpvraag", "auteur-naam", "eis-0-eis-onderbouwing"} <= regels and None not in regels
    leeg = bouw(ADVIES, {})
    assert "eis" in {regel.veld_id for regel in formulier(ADVIES, leeg, ontbrekend(leeg, ADVIES)).fouten}


def test_de_bron_blijft_bij_een_antwoord_tot_iemand_het_verandert() -> None:
    vorige = bouw(
        ADVIES,
        {"diagnose": [Gegeven("SMA", BRON)], "levenslang": Gegeven(True, BRON), "zitbreedte": Gegeven("38.0", BRON)},
        kop={"id": "a", "subject": {"reference": "Patient/y"}},
    )
    form = {v.naam: list(v.waarden) for v in formulier(ADVIES, vorige).velden()}
    assert veld(formulier(ADVIES, vorige), "diagnose").bron == BRON
    assert uit_formulier(ADVIES, form, vorige) == (vorige, [])
    anders, _ = uit_formulier(ADVIES, form | {"levenslang": ["nee"]}, vorige)
    assert set(bronnen_van(anders, ADVIES)) == {"diagnose.0", "zitbreedte"}


def test_een_deel_van_het_formulier_laat_de_rest_met_rust() -> None:
    vorige = bouw(ADVIES, {"hulpvraag": "x", "reactie-houder": "klopt", "auteur-naam": "Nienke"})
    alleen = {"deel-hulpvraag", "deel-eisen", "deel-auteur"}
    namen = {v.naam for v in formulier(ADVIES, vorige, alleen=alleen).velden()}
    assert "reactie-houder" not in namen and "hulpvraag" in namen
    response, meldingen = uit_formulier(ADVIES, {"hulpvraag": ["y"], "reactie-houder": ["vervalst"]}, vorige, alleen)
    gegeven = antwoorden(response)
    assert (gegeven.een("hulpvraag"), gegeven.een("reactie-houder"), gegeven.een("auteur-naam")) == ("y", "klopt", None)
    assert meldingen == [] and controleer(response, ADVIES) == []
    assert [item["linkId"] for item in response["item"]] == ["1", "3"]
