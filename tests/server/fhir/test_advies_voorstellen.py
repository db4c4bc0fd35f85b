"""Een definitief advies stelt het paspoort iets voor; de houder neemt het over of wijst het af."""

from __future__ import annotations

from typing import Any

import pytest

from paspoort.fhir.paspoort import paspoort_uit
from paspoort.fhir.stelsels import extension
from paspoort.fhir.voorstel import is_voorstel, voorstel_van
from paspoort.paspoort import Paspoort
from tests import stroomwereld as s
from tests.conftest import GEMEENTE, HOUDER
from tests.server.fhir.test_stroom_beslis import code
from tests.server.fhir.test_stroom_definitief import begin, reactie

ANTWOORDEN: dict[str, Any] = {"diagnose": [s.GEHEIM, "Verzonnen artrose"], "zitbreedte": 46}
ANDERE_EIS = {"eis": [{**s.ADVIES["eis"][0], "eis-categorie": "12A05"}]}


@pytest.fixture
def dialect() -> str:
    """De regels gaan niet over de database."""
    return "sqlite"


async def definitief(als: Any, wereld: Any, **anders: Any) -> tuple[Any, str]:
    therapeut, id_ = await begin(als, wereld, **{**ANTWOORDEN, **anders})
    antwoord = await therapeut.post(f"QuestionnaireResponse/{id_}/$definitief")
    assert antwoord.status_code == 200, antwoord.text
    return therapeut, id_


async def vervolg(therapeut: Any, id_: str, **anders: Any) -> str:
    """Een nieuwe versie van het advies, ook definitief."""
    vervangt = {"url": extension("vervangt"), "valueReference": {"reference": f"QuestionnaireResponse/{id_}"}}
    kaal = {k: v for k, v in s.concept(**{**ANTWOORDEN, **anders}).items() if k != "id"}
    nieuw = (await therapeut.post("QuestionnaireResponse", json={**kaal, "extension": [vervangt]})).json()["id"]
    antwoord = await therapeut.post(f"QuestionnaireResponse/{nieuw}/$definitief")
    assert antwoord.status_code == 200, antwoord.text
    return str(nieuw)


async def open_(wereld: Any) -> dict[str, Any]:
    """De open voorstellen, op vraag."""
    m = await wereld.momentopname()
    return {v.vraag: x for x in m.alle() if (v := voorstel_van(x.inhoud)) is not None and v.stand == "open"}


async def domein(wereld: Any) -> Paspoort:
    m = await wereld.momentopname()
    return paspoort_uit((v.inhoud, v.herkomst, v.moment) for v in m.alle())


async def test_elk_antwoord_dat_het_paspoort_niet_weet_wordt_een_voorstel(als: Any, wereld: Any) -> None:
    _, id_ = await definitief(als, wereld)
    voorstellen = await open_(wereld)
    assert {k: (v.type, v.herkomst, v.auteur) for k, v in voorstellen.items()} == {
        "diagnose": ("Condition", "bron", "PractitionerRole/therapeut-nienke"),
        "wil": ("Goal", "bron", "PractitionerRole/therapeut-nienke"),
        "zitbreedte": ("Observation", "bron", "PractitionerRole/therapeut-nienke"),
        "eis-categorie": ("DeviceUseStatement", "bron", "PractitionerRole/therapeut-nienke"),
    }
    assert voorstellen["diagnose"].inhoud["code"] == {"text": "Verzonnen artrose"}  # de andere staat er al
    assert {is_voorstel(v.inhoud) for v in voorstellen.values()} == {f"QuestionnaireResponse/{id_}"}
    assert voorstel_van(voorstellen["diagnose"].inhoud).nummer == 2
    for plek in voorstellen.values():  # elk is een geldige resource, en de houder leest het
        assert (await als().get(f"{plek.type}/{plek.id}")).status_code == 200
        kaal = {k: w for k, w in plek.inhoud.items() if k not in ("id", "meta")}
        assert '"severity":"error"' not in (await als().post(f"{plek.type}/$validate", json=kaal)).text


async def test_een_voorstel_dat_ontbreekt_zegt_niets_over_wat_de_schrijver_niet_ziet(als: Any, wereld: Any) -> None:
    # de houder schermt één diagnose af; het advies noemt precies die, en er komt een voorstel alsof zij er niet stond
    therapeut, id_ = await begin(als, wereld, **ANTWOORDEN)
    m = await wereld.momentopname()
    (ja,), (geheim,) = m.van_type("Consent"), m.van_type("Condition")
    deny = {"type": "deny", "data": [{"meaning": "instance", "reference": {"reference": f"Condition/{geheim.id}"}}]}
    await wereld.zet(HOUDER, {**ja.inhoud, "provision": {**ja.inhoud["provision"], "provision": [deny]}})
    assert (await therapeut.get(f"Condition/{geheim.id}")).status_code == 404
    assert (await therapeut.post(f"QuestionnaireResponse/{id_}/$definitief")).status_code == 200
    m = await wereld.momentopname()
    gevonden = [x.inhoud["code"]["text"] for x in m.van_type("Condition") if is_voorstel(x.inhoud)]
    assert sorted(gevonden) == sorted(ANTWOORDEN["diagnose"])


async def test_een_voorstel_is_geen_feit_tot_de_houder_het_overneemt(als: Any, wereld: Any) -> None:
    therapeut, _ = await definitief(als, wereld)
    voor = await domein(wereld)
    assert "Verzonnen artrose" not in [a.omschrijving for a in voor.aandoeningen]
    assert {g.id for g in voor.gebruiken} == {"gebruik-yvonne"}
    assert not voor.doelen
    voorstellen = await open_(wereld)
    for vraag in ("diagnose", "wil", "zitbreedte"):
        v = voorstellen[vraag]
        assert (await therapeut.post(f"{v.type}/{v.id}/$neem-over")).status_code == 403
        antwoord = await als().post(f"{v.type}/{v.id}/$neem-over")
        assert antwoord.status_code == 200, antwoord.text
        assert (await als().post(f"{v.type}/{v.id}/$neem-over")).status_code == 200  # nog eens maakt niet uit
    na = await domein(wereld)
    assert "Verzonnen artrose" in [a.omschrijving for a in na.aandoeningen]
    assert [d.tekst for d in na.doelen] == ["Zelf naar de keuken kunnen."]
    maten = {m.herkomst.value for m in na.metingen if m.id == voorstellen["zitbreedte"].id}
    assert maten == {"bron"}  # het blijft van wie het schreef
    assert [g.soort for g in na.gebeurtenissen].count("overgenomen") == 3


async def test_een_koppeling_komt_bij_het_gebruik_en_een_bevestiging_blijft(als: Any, wereld: Any) -> None:
    _, id_ = await definitief(als, wereld)
    await wereld.deel(f"Organization/{GEMEENTE}", "onderzoek", "hulpmiddelen", "besluiten")
    assert (await als(rol="verstrekker").post("DeviceUseStatement/gebruik-yvonne/$bevestig")).status_code == 201
    v = (await open_(wereld))["eis-categorie"]
    antwoord = await als().post(f"DeviceUseStatement/{v.id}/$neem-over")
    assert antwoord.json()["id"] == "gebruik-yvonne", antwoord.text
    assert antwoord.json()["derivedFrom"] == [{"reference": f"QuestionnaireResponse/{id_}"}]
    gebruik = (await domein(wereld)).gebruik("DeviceUseStatement/gebruik-yvonne")
    assert gebruik.adviezen == (f"QuestionnaireResponse/{id_}",)
    assert gebruik.bevestigd_op is not None
    assert (await als().get(f"DeviceUseStatement/{v.id}")).status_code == 410


async def test_afgewezen_komt_niet_terug_en_een_nieuw_advies_maakt_niets_dubbel(als: Any, wereld: Any) -> None:
    therapeut, id_ = await definitief(als, wereld)
    eerste = await open_(wereld)
    weg, over = eerste["diagnose"], eerste["zitbreedte"]
    assert (await als().post(f"Condition/{weg.id}/$wijs-af")).status_code == 200
    assert (await als().post(f"Observation/{over.id}/$neem-over")).status_code == 200
    tweede_id = await vervolg(therapeut, id_)
    tweede = await open_(wereld)
    assert tweede.keys() == {"wil", "eis-categorie"}
    for vraag, v in tweede.items():  # hetzelfde voorstel, nu bij het nieuwe advies
        assert (v.id, is_voorstel(v.inhoud)) == (eerste[vraag].id, f"QuestionnaireResponse/{tweede_id}")
    await vervolg(therapeut, tweede_id, wil=["Zelf naar buiten."], zitbreedte=48, **ANDERE_EIS)
    derde = await open_(wereld)
    assert derde["wil"].id == eerste["wil"].id  # hetzelfde antwoord, anders gezegd
    assert derde["wil"].inhoud["description"] == {"text": "Zelf naar buiten."}
    assert derde["zitbreedte"].id != over.id  # wat overgenomen is, blijft
    assert (await wereld.momentopname()).get("Observation", over.id).inhoud["valueQuantity"]["value"] == 46
    assert "eis-categorie" not in derde  # waar niets meer voor pleit, is weg


async def test_niemand_zet_een_voorstel_ongemerkt_vast_en_niemand_maakt_er_een(als: Any, wereld: Any) -> None:
    therapeut, _ = await definitief(als, wereld)
    v = (await open_(wereld))["zitbreedte"]
    gelezen = (await therapeut.get(f"Observation/{v.id}")).json()
    vast = await therapeut.put(f"Observation/{v.id}", json={**gelezen, "status": "final"})
    assert (vast.status_code, code(vast)) == (422, ["voorstel-via-houder"])
    zonder = {k: w for k, w in gelezen.items() if k != "extension"}
    kaal = await therapeut.put(f"Observation/{v.id}", json={**zonder, "status": "final"})
    assert (kaal.status_code, code(kaal)) == (422, ["voorstel-van-server"])
    assert (await als().put(f"Observation/{v.id}", json={**gelezen, "status": "final"})).status_code == 403
    nieuw = {k: w for k, w in gelezen.items() if k not in ("id", "meta")}
    gemaakt = await therapeut.post("Observation", json=nieuw)
    assert (gemaakt.status_code, code(gemaakt)) == (422, ["voorstel-van-server"])
    terug = await therapeut.put(f"Observation/{v.id}", json={**gelezen, "status": "entered-in-error"})
    assert terug.status_code == 200, terug.text
    antwoord = await als().post(f"Observation/{v.id}/$neem-over")
    assert (antwoord.status_code, code(antwoord)) == (422, ["geen-voorstel"])


async def test_over_een_gewoon_gegeven_is_niets_te_beslissen(anoniem: Any, als: Any, wereld: Any) -> None:
    await definitief(als, wereld)
    for operatie in ("$neem-over", "$wijs-af"):
        antwoord = await als().post(f"Condition/diagnose-yvonne/{operatie}")
        assert (antwoord.status_code, code(antwoord)) == (422, ["geen-voorstel"])
        assert (await anoniem.post(f"Condition/diagnose-yvonne/{operatie}")).status_code == 401
        assert (await als(rol="leverancier").post(f"Condition/diagnose-yvonne/{operatie}")).status_code == 404
        lezer = als(scopes="patient/*.rs")
        assert (await lezer.post(f"Condition/diagnose-yvonne/{operatie}")).status_code == 403


async def test_verwijderen_neemt_mee_wat_aan_het_advies_hangt_en_laat_het_feit_staan(als: Any, wereld: Any) -> None:
    therapeut, id_ = await begin(als, wereld, **{**ANTWOORDEN, **ANDERE_EIS})
    assert (await als().post("QuestionnaireResponse", json=reactie(id_))).status_code == 201
    assert (await therapeut.post(f"QuestionnaireResponse/{id_}/$definitief")).status_code == 200
    v = (await open_(wereld))["diagnose"]
    assert (await als().post(f"Condition/{v.id}/$neem-over")).status_code == 200
    weg = await als().delete(f"QuestionnaireResponse/{id_}")
    assert weg.status_code == 204, weg.text
    m = await wereld.momentopname()
    assert m.van_type("QuestionnaireResponse") == ()
    assert await open_(wereld) == {}
    assert not m.get("Condition", v.id).verwijderd
