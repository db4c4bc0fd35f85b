"""Elk advies is een advies: volledig, verkort, of een eerdere versie. De vragenlijst verschilt, de code nooit."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from paspoort.advies import Adviesstatus, Eissoort, FunctioneelAdvies
from paspoort.fhir.advies import is_advies, lijst_van, naar_fhir, uit_fhir
from paspoort.fhir.fhirjson import Json, lees
from paspoort.fhir.gegevensgroep import basisgroepen
from paspoort.fhir.paspoort import paspoort_uit
from paspoort.fhir.vragenlijst import (
    Vragenlijst,
    adviescheck,
    advieslijsten,
    antwoorden,
    bouw,
    controleer,
    eigen,
    formulier,
    groepen_van,
    projecteer,
    uit_formulier,
    verschil,
    vul_voor,
)
from paspoort.fouten import PaspoortFout

VOORBEELDEN = Path(__file__).parents[4] / "fhir_profiles" / "examples"
ADVIEZEN = ["functioneel-advies", "functioneel-advies-1.0.0", "verkort-advies"]
LEVERANCIER = {"eisen", "maten", "omgeving"}


def voorbeeld(id: str) -> Json:
    return lees((VOORBEELDEN / f"{id}-goed.json").read_bytes())


@pytest.fixture(params=ADVIEZEN)
def advies(request: pytest.FixtureRequest) -> Json:
    return voorbeeld(str(request.param))


def test_een_advies_is_te_herkennen_aan_wat_het_vraagt_en_niet_aan_zijn_naam(advies: Json) -> None:
    assert is_advies(advies)
    assert lijst_van(advies).hoort_bij(advies["questionnaire"])
    assert is_advies(advies | {"questionnaire": advies["questionnaire"].partition("|")[0] + "|9.9"})
    assert basisgroepen(advies) == {"advies"}


@pytest.mark.parametrize("id", ["reactie-advies", "onderzoek", "evaluatie", "verzoek", "persoonlijk-plan"])
def test_een_ander_formulier_is_geen_advies(id: str) -> None:
    assert not is_advies(voorbeeld(id))


@pytest.mark.parametrize("canonical", [None, "", 7, "http://elders/Questionnaire/functioneel-advies|2.0.0"])
def test_wat_geen_vragenlijst_van_ons_noemt_is_geen_advies(canonical: object) -> None:
    assert not is_advies({"resourceType": "QuestionnaireResponse", "questionnaire": canonical})


def test_de_volledige_lijst_staat_voorop_en_is_de_nieuwste() -> None:
    assert [lijst.canonical.rpartition("/")[2] for lijst in advieslijsten()] == [
        "functioneel-advies|2.0.0",
        "verkort-advies|1.0.0",
    ]


def test_elk_advies_komt_heel_door_het_domein(advies: Json) -> None:
    gelezen = uit_fhir(advies)
    assert gelezen.status is Adviesstatus.DEFINITIEF
    assert gelezen.hulpvraag and gelezen.eisen[0].soort is Eissoort.NOODZAKELIJK and gelezen.schrijver
    assert gelezen.maten and gelezen.akkoord == "ja"
    terug = naar_fhir(gelezen, "Patient/voorbeeld")
    assert antwoordvormen(terug) == antwoordvormen(advies)
    assert uit_fhir(terug) == replace(gelezen, geschreven_op=gelezen.geschreven_op)


def antwoordvormen(response: Json) -> Any:
    """De antwoorden zoals zij er staan, getallen als getal."""

    def kaal(item: Json) -> Any:
        waarden = [
            {k: Decimal(str(w)) if k == "valueDecimal" else w for k, w in a.items()} for a in item.get("answer", [])
        ]
        for waarde in waarden:
            waarde.get("valueCoding", {}).pop("display", None)
        return item["linkId"], waarden, [kaal(kind) for kind in item.get("item", [])]

    return [kaal(item) for item in json.loads(json.dumps(response["item"], default=str))]


def test_wat_alleen_een_volledig_of_alleen_een_verkort_advies_zegt() -> None:
    vol, kort, eerste = (uit_fhir(voorbeeld(id)) for id in ("functioneel-advies", "verkort-advies", ADVIEZEN[1]))
    assert vol.vragenlijst == "" and kort.vragenlijst.endswith("/verkort-advies|1.0.0")
    assert [(f.code, f.ernst) for f in vol.functies] == [("b730", "ernstig"), ("d465", "licht")]
    assert vol.geprobeerd[0].geslaagd is False and vol.verwacht_wanneer == "later"
    assert set(dict(vol.verhaal)) >= {"kan", "mag"} and vol.wil
    assert (kort.veranderd, bool(kort.veranderd_uitleg), kort.functies) == (("maat",), True, ())
    assert dict(eerste.verhaal)["wil-kan-mag"] and not eerste.wil
    with pytest.raises(PaspoortFout):
        naar_fhir(replace(vol, vragenlijst="http://hulpmiddelenpaspoort.nl/fhir/Questionnaire/functioneel-advies|9.9"))


def test_van_een_versie_die_wij_niet_kennen_lezen_wij_alleen_de_kop() -> None:
    vreemd = voorbeeld("functioneel-advies") | {"questionnaire": eigen("functioneel-advies").url + "|9.9"}
    gelezen = uit_fhir(vreemd)
    assert gelezen.auteur == "PractitionerRole/voorbeeld" and gelezen.eisen == () and gelezen.hulpvraag is None


def test_elk_advies_staat_in_het_paspoort_bij_de_adviezen(advies: Json) -> None:
    (gevonden,) = paspoort_uit([(advies, "bron", "2026-09-09T10:00:00+02:00")]).adviezen
    assert isinstance(gevonden, FunctioneelAdvies) and gevonden.eisen


def test_elk_goed_advies_komt_zonder_fout_door_de_check_en_zonder_onderbouwing_niet(advies: Json) -> None:
    assert [m for m in adviescheck(advies) if m.ernst == "error"] == []
    lijst = lijst_van(advies)
    link = lijst.per_code["eis-onderbouwing"].link_id
    eis = next(i for i in advies["item"] if i["linkId"] == lijst.per_code["deel-eisen"].link_id)["item"][0]
    eis["item"] = [i for i in eis["item"] if i["linkId"] != link]
    assert [m.code for m in adviescheck(advies) if m.ernst == "error"] != []


def test_wie_eisen_maten_en_omgeving_mag_lezen_ziet_van_elk_advies_die_en_niets_over_gezondheid(advies: Json) -> None:
    lijst = lijst_van(advies)
    gezien = projecteer(advies, lijst, LEVERANCIER)
    gegeven = antwoorden(gezien, lijst)
    assert groepen_van(gezien, lijst) == LEVERANCIER
    assert gegeven.groepen("eis")[0].een("eis-tekst") and gegeven.een("zitbreedte") and gegeven.een("omgeving-woning")
    weg = ("diagnose", "prognose", "wil", "hulpvraag", "urgentie-reden", "auteur-naam", "reactie-houder")
    assert [code for code in weg if gegeven.een(code) is not None] == []
    assert gegeven.groepen("eis")[0].een("eis-doel") is None and gegeven.groepen("icf") == ()


def test_elk_advies_gaat_heen_en_terug_door_een_formulier(advies: Json) -> None:
    lijst = lijst_van(advies)
    velden = {veld.naam: list(veld.waarden) for veld in formulier(lijst, advies).velden()}
    kop = {naam: waarde for naam, waarde in advies.items() if naam != "item"}
    terug, meldingen = uit_formulier(lijst, velden, kop)
    assert meldingen == []
    assert antwoordvormen(terug) == antwoordvormen(advies)


@pytest.mark.parametrize("lijst", advieslijsten(), ids=lambda lijst: lijst.id)
def test_elk_nieuw_advies_begint_met_het_vorige(lijst: Vragenlijst) -> None:
    for id in ADVIEZEN:
        vorig = voorbeeld(id)
        response, bronnen = vul_voor(lijst, [vorig])
        assert controleer(response, lijst) == []
        gegeven, was = antwoorden(response, lijst), antwoorden(vorig, lijst_van(vorig))
        assert gegeven.groepen("eis")[0].een("eis-tekst") == was.groepen("eis")[0].een("eis-tekst")
        assert gegeven.een("prognose") == "progressief" and gegeven.een("zitbreedte") == was.een("zitbreedte")
        assert {bron.verwijzing for bron in bronnen.values()} == {f"QuestionnaireResponse/{vorig['id']}"}


def test_tussen_een_volledig_en_een_verkort_advies_is_het_verschil_te_zien() -> None:
    gezien = {v.code: (v.oud, v.nieuw) for v in verschil(voorbeeld("functioneel-advies"), voorbeeld("verkort-advies"))}
    assert gezien["zitbreedte"] == ("38 cm", "41 cm")


def test_waarom_er_spoed_is_hoort_er_alleen_bij_spoed_te_staan() -> None:
    def ontbreekt(lijst: Vragenlijst, **waarden: Any) -> set[str | None]:
        klaar = bouw(lijst, {k.replace("_", "-"): w for k, w in waarden.items()}, "completed")
        return {m.waarden["vraag"] for m in controleer(klaar, lijst) if m.code == "antwoord-ontbreekt"}

    for lijst in advieslijsten():
        reden = lijst.per_code["urgentie-reden"].tekst
        assert reden in ontbreekt(lijst, urgentie="spoed")
        assert reden not in ontbreekt(lijst, urgentie="gewoon") and reden not in ontbreekt(lijst)
        assert reden not in ontbreekt(lijst, urgentie="spoed", urgentie_reden="Hij gaat morgen naar huis.")
