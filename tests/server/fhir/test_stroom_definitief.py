"""Een advies wordt definitief over de echte app: volledig, met reactie, verzegeld en onveranderlijk."""

from __future__ import annotations

from typing import Any

import pytest

from paspoort.fhir.stelsels import ITEM_AUTEUR, extension
from paspoort.fhir.vragenlijst import antwoorden, bouw, eigen
from paspoort.toegang import ALLE_GROEPEN
from server.fhir.zegel import klopt
from server.oauth.keys import Sleutels
from server.store.sealkey import zegelsleutels
from tests import stroomwereld as s
from tests.conftest import HOUDER, PRAKTIJK
from tests.server.fhir.test_stroom_beslis import code

GROEPEN = ALLE_GROEPEN - {"bsn", "financieel", "toezicht", "toestemmingen"}


async def begin(als: Any, wereld: Any, **anders: Any) -> tuple[Any, str]:
    """De therapeut met toestemming heeft een concept geschreven; geeft de client en het id."""
    await s.vul(wereld)
    await wereld.deel(f"Organization/{PRAKTIJK}", "advies", *GROEPEN)
    therapeut = als(rol="therapeut")
    inhoud = {k: v for k, v in s.concept(**anders).items() if k != "id"}
    antwoord = await therapeut.post("QuestionnaireResponse", json=inhoud)
    assert antwoord.status_code == 201, antwoord.text
    return therapeut, antwoord.json()["id"]


def reactie(advies: str, **anders: Any) -> dict[str, Any]:
    waarden = {"reactie-houder": "Zo klopt het voor mij.", "akkoord": "ja", **anders}
    kop = {"subject": s.WIE, "authored": "2026-03-02T10:00:00+01:00", "author": s.WIE}
    inhoud = bouw(eigen("reactie-advies"), waarden, status="completed", kop=kop)
    bij = {"url": extension("bij"), "valueReference": {"reference": f"QuestionnaireResponse/{advies}"}}
    return {**inhoud, "extension": [bij]}


async def test_definitief_met_de_reactie_van_de_houder_en_een_zegel_dat_klopt(als: Any, wereld: Any) -> None:
    therapeut, id_ = await begin(als, wereld)
    gegeven = await als().post("QuestionnaireResponse", json=reactie(id_))
    assert gegeven.status_code == 201, gegeven.text
    antwoord = await therapeut.post(f"QuestionnaireResponse/{id_}/$definitief")
    assert antwoord.status_code == 200, antwoord.text
    advies = antwoord.json()
    assert advies["status"] == "completed"
    assert antwoorden(advies).een("reactie-houder") == "Zo klopt het voor mij."
    deel = next(i for i in advies["item"] if "extension" in i)
    assert deel["extension"] == [{"url": ITEM_AUTEUR, "valueReference": s.WIE}]
    (bron,) = (await wereld.momentopname()).van_type("Provenance")
    vread = await als().get(bron.inhoud["target"][0]["reference"])
    sleutels = await zegelsleutels(wereld.opslag)
    assert klopt(bron.inhoud, vread.content, "http://test/fhir", sleutels)
    assert not klopt(bron.inhoud, vread.content.replace(b"150 cm", b"160 cm"), "http://test/fhir", sleutels)
    anders = {**bron.inhoud, "agent": [{"who": {"reference": "PractitionerRole/iemand-anders"}}]}
    assert not klopt(anders, vread.content, "http://test/fhir", sleutels)


async def test_de_sleutel_van_het_zegel_staat_op_jwks_zonder_geheim(als: Any, wereld: Any) -> None:
    therapeut, id_ = await begin(als, wereld)
    assert (await therapeut.post(f"QuestionnaireResponse/{id_}/$definitief")).is_success
    sleutels = Sleutels()
    await sleutels.laad(wereld.opslag)
    publiek = {k["kid"]: k for k in sleutels.publiek()["keys"]}
    (zegel,) = await zegelsleutels(wereld.opslag)
    assert publiek[zegel.kid]["kty"] == "EC"
    assert all("d" not in k for k in publiek.values())
    assert sleutels.ondertekenaar.kid != zegel.kid


async def test_wat_ontbreekt_komt_in_een_keer_bij_het_element(als: Any, wereld: Any) -> None:
    eis = {**s.ADVIES["eis"][0], "eis-onderbouwing": None, "eis-tekst": "Een Quickie Helium met zijplaten."}
    therapeut, id_ = await begin(als, wereld, eis=[eis], hulpvraag=None)
    antwoord = await therapeut.post(f"QuestionnaireResponse/{id_}/$definitief")
    assert antwoord.status_code == 422
    assert {"eis-zonder-onderbouwing", "eis-noemt-merk", "antwoord-ontbreekt"} <= set(code(antwoord))
    assert all(i["expression"][0].startswith("QuestionnaireResponse") for i in antwoord.json()["issue"])
    assert (await wereld.momentopname()).get("QuestionnaireResponse", id_).versie == 1


async def test_een_definitief_advies_verandert_niet_meer(als: Any, wereld: Any) -> None:
    therapeut, id_ = await begin(als, wereld)
    concept = (await therapeut.get(f"QuestionnaireResponse/{id_}")).json()
    gewoon = await therapeut.put(
        f"QuestionnaireResponse/{id_}", json={**concept, "status": "completed"}, headers={"if-match": 'W/"1"'}
    )
    assert (gewoon.status_code, code(gewoon)) == (422, ["advies-via-definitief"])
    klaar = (await therapeut.post(f"QuestionnaireResponse/{id_}/$definitief")).json()
    for client in (therapeut, als()):
        terug = await client.put(
            f"QuestionnaireResponse/{id_}", json={**klaar, "status": "in-progress"}, headers={"if-match": 'W/"2"'}
        )
        assert terug.status_code == 403
    assert (await therapeut.delete(f"QuestionnaireResponse/{id_}")).status_code == 403
    nog = await therapeut.post(f"QuestionnaireResponse/{id_}/$definitief")
    assert (nog.status_code, code(nog)) == (422, ["advies-geen-concept"])


async def test_een_nieuw_advies_zegt_welk_het_vervangt(als: Any, wereld: Any) -> None:
    therapeut, id_ = await begin(als, wereld)
    vervangt = {"url": extension("vervangt"), "valueReference": {"reference": f"QuestionnaireResponse/{id_}"}}
    nieuw = {**{k: v for k, v in s.concept().items() if k != "id"}, "extension": [vervangt]}
    te_vroeg = await therapeut.post("QuestionnaireResponse", json=nieuw)
    assert (te_vroeg.status_code, code(te_vroeg)) == (422, ["advies-vervangt"])
    assert (await therapeut.post(f"QuestionnaireResponse/{id_}/$definitief")).is_success
    antwoord = await therapeut.post("QuestionnaireResponse", json=nieuw)
    assert antwoord.status_code == 201, antwoord.text
    assert (await therapeut.post(f"QuestionnaireResponse/{antwoord.json()['id']}/$definitief")).status_code == 200


@pytest.mark.parametrize(("wie", "status"), [({"rol": "houder"}, 403), ({"rol": "verstrekker"}, 404)])
async def test_alleen_de_schrijver_maakt_definitief(als: Any, wereld: Any, wie: Any, status: int) -> None:
    _, id_ = await begin(als, wereld)
    assert (await als(**wie).post(f"QuestionnaireResponse/{id_}/$definitief")).status_code == status
    zonder = als(rol="therapeut", scopes="user/QuestionnaireResponse.rs")
    assert (await zonder.post(f"QuestionnaireResponse/{id_}/$definitief")).status_code == 403
    assert (await wereld.momentopname()).get("QuestionnaireResponse", id_).versie == 1


async def test_een_ander_van_dezelfde_praktijk_is_niet_de_schrijver(als: Any, wereld: Any) -> None:
    _, id_ = await begin(als, wereld)
    ander = (await wereld.momentopname("register")).get("PractitionerRole", "therapeut-nienke").inhoud
    await wereld.zet("register", {**ander, "id": "therapeut-collega"})
    collega = als(rol="therapeut", functie="therapeut-collega")
    assert (await collega.post(f"QuestionnaireResponse/{id_}/$definitief")).status_code == 403


async def test_een_vreemde_reactie_komt_niet_in_deel_drie(als: Any, wereld: Any) -> None:
    therapeut, id_ = await begin(als, wereld, **{"reactie-houder": "Ik vind alles goed.", "contact-auteur": True})
    await wereld.zet(HOUDER, {**reactie(id_), "id": "nagemaakt"}, auteur="PractitionerRole/therapeut-nienke")
    antwoord = await therapeut.post(f"QuestionnaireResponse/{id_}/$definitief")
    assert antwoord.status_code == 200, antwoord.text
    gegeven = antwoorden(antwoord.json())
    assert gegeven.een("reactie-houder") is None and gegeven.een("contact-auteur") is None


async def test_wie_het_advies_schrijft_staat_er_als_schrijver_in(als: Any, wereld: Any) -> None:
    therapeut, id_ = await begin(als, wereld)
    app = als(rol="therapeut", soort="app", functie=None, scopes="system/*.cruds")
    register = await wereld.momentopname("register")
    ander = register.get("PractitionerRole", "therapeut-nienke").inhoud
    await wereld.zet("register", {**ander, "id": "therapeut-collega"})
    collega = {"reference": "PractitionerRole/therapeut-collega"}
    los = {k: v for k, v in s.concept().items() if k != "id"}
    stuk = {**los["item"][0], "extension": [{"url": ITEM_AUTEUR, "valueReference": s.WIE}]}
    for anders in (
        {"author": s.WIE},
        {"author": collega},
        {"author": {"display": "Dr. N. Verzonnen"}},
        {"item": [stuk]},
    ):
        a = await therapeut.post("QuestionnaireResponse", json=los | anders)
        assert (a.status_code, code(a)) == (422, ["advies-schrijver"]), anders
    gevuld = await therapeut.post("QuestionnaireResponse", json={k: v for k, v in los.items() if k != "author"})
    assert gevuld.json()["author"] == los["author"]
    mens = await app.post("QuestionnaireResponse", json=los | {"author": collega})
    assert mens.status_code == 201, mens.text  # een app schrijft voor de mensen van haar organisatie
    concept = (await therapeut.get(f"QuestionnaireResponse/{id_}")).json()
    a = await therapeut.put(f"QuestionnaireResponse/{id_}", json=concept | {"author": collega})
    assert (a.status_code, code(a)) == (422, ["advies-schrijver"])
