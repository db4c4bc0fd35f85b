"""Opmerkingen bij een concept, één vraag aan de schrijver en het antwoord, over de echte app."""

from __future__ import annotations

from typing import Any

import pytest

from paspoort.fhir.bericht import als_category
from paspoort.fhir.stelsels import extension
from tests import stroomwereld as s
from tests.conftest import FUNCTIES, GEMEENTE, HOUDER, LEVERANCIER
from tests.server.fhir.test_advies_gebeurtenissen import deel_concept
from tests.server.fhir.test_stroom_beslis import code
from tests.server.fhir.test_stroom_definitief import GROEPEN, begin, reactie

NIENKE = f"PractitionerRole/{FUNCTIES['therapeut']}"
KARIM = f"PractitionerRole/{FUNCTIES['verstrekker']}"


@pytest.fixture
def dialect() -> str:
    """De regels gaan niet over de database."""
    return "sqlite"


def bericht(soort: str, over: str, tekst: str = "Past dit door de deur?", **anders: Any) -> dict[str, Any]:
    return {
        "resourceType": "Communication",
        "status": "completed",
        "category": als_category(soort),
        "subject": s.WIE,
        "about": [{"reference": f"QuestionnaireResponse/{over}"}],
        "payload": [{"contentString": tekst}],
        **anders,
    }


def over_eis(nummer: str) -> dict[str, Any]:
    return {"extension": [{"url": extension("over-eis"), "valueString": nummer}]}


async def final(als: Any, wereld: Any, contact: bool = True) -> tuple[Any, str]:
    """Een definitief advies dat de gemeente leest; de houder vindt contact met de schrijver goed, of niet."""
    therapeut, id_ = await begin(als, wereld)
    gegeven = await als().post("QuestionnaireResponse", json=reactie(id_, **{"contact-auteur": contact}))
    assert gegeven.status_code == 201, gegeven.text
    antwoord = await therapeut.post(f"QuestionnaireResponse/{id_}/$definitief")
    assert antwoord.status_code == 200, antwoord.text
    await wereld.deel(f"Organization/{GEMEENTE}", "onderzoek", *GROEPEN)
    return therapeut, id_


async def gezien(client: Any) -> list[str]:
    gevonden = (await client.get(f"Communication?patient={HOUDER}")).json().get("entry", [])
    return sorted(e["resource"]["payload"][0]["contentString"] for e in gevonden)


# --- opmerkingen


async def test_opmerkingen_bij_een_concept_en_wie_ze_leest(als: Any, wereld: Any) -> None:
    therapeut, id_ = await begin(als, wereld)
    await deel_concept(wereld, GEMEENTE, id_)
    await deel_concept(wereld, LEVERANCIER, id_)
    consulent, leverancier = als(rol="verstrekker"), als(rol="leverancier")
    een = await consulent.post("Communication", json=bericht("opmerking", id_, "Van de gemeente.", **over_eis("1")))
    twee = await leverancier.post("Communication", json=bericht("opmerking", id_, "Van de leverancier."))
    assert (een.status_code, twee.status_code) == (201, 201), (een.text, twee.text)
    assert een.json()["recipient"] == [{"reference": NIENKE}]
    assert een.json()["sender"] == {"reference": KARIM}
    assert "sent" in een.json()
    alle = ["Van de gemeente.", "Van de leverancier."]
    for client in (als(), therapeut, consulent):
        assert await gezien(client) == alle
    assert await gezien(leverancier) == ["Van de leverancier."]
    assert (await leverancier.get(f"Communication/{een.json()['id']}")).status_code == 404


@pytest.mark.parametrize("soort", ["vraag", "antwoord", "uitkomst", "aanleiding"])
async def test_een_leverancier_maakt_alleen_een_opmerking(als: Any, wereld: Any, soort: str) -> None:
    _, id_ = await begin(als, wereld)
    await deel_concept(wereld, LEVERANCIER, id_)
    antwoord = await als(rol="leverancier").post("Communication", json=bericht(soort, id_))
    assert antwoord.status_code == 403


async def test_een_leverancier_met_een_andere_toestemming_maakt_geen_opmerking(als: Any, wereld: Any) -> None:
    _, id_ = await begin(als, wereld)
    await wereld.deel(f"Organization/{LEVERANCIER}", "levering", "eisen", "voortgang")
    assert (await als(rol="leverancier").post("Communication", json=bericht("opmerking", id_))).status_code == 403


async def test_de_houder_en_de_schrijver_maken_geen_opmerking(als: Any, wereld: Any) -> None:
    therapeut, id_ = await begin(als, wereld)
    assert (await als().post("Communication", json=bericht("opmerking", id_))).status_code == 403
    antwoord = await therapeut.post("Communication", json=bericht("opmerking", id_))
    assert (antwoord.status_code, code(antwoord)) == (422, ["bericht-soort"])


async def test_wie_alleen_de_eisen_leest_maakt_als_verstrekker_geen_opmerking(als: Any, wereld: Any) -> None:
    _, id_ = await begin(als, wereld)
    await deel_concept(wereld, GEMEENTE, id_, "eisen")
    assert (await als(rol="verstrekker").post("Communication", json=bericht("opmerking", id_))).status_code == 403


async def test_elke_fout_in_een_bericht_komt_bij_haar_element(als: Any, wereld: Any) -> None:
    _, id_ = await begin(als, wereld)
    await deel_concept(wereld, GEMEENTE, id_)
    kapot = bericht("opmerking", id_, "x" * 2001, sender={"reference": NIENKE}, **over_eis("2"))
    antwoord = await als(rol="verstrekker").post("Communication", json=kapot)
    assert antwoord.status_code == 422
    plekken = {(c, i["expression"][0]) for c, i in zip(code(antwoord), antwoord.json()["issue"], strict=True)}
    assert plekken == {
        ("bericht-te-lang", "Communication.payload[0].contentString"),
        ("bericht-afzender", "Communication.sender"),
        ("bericht-eis-onbekend", "Communication.extension"),
    }
    leeg = bericht("opmerking", id_, payload=[])
    leeg.pop("payload")
    antwoord = await als(rol="verstrekker").post("Communication", json=leeg)
    assert (antwoord.status_code, code(antwoord)) == (422, ["bericht-leeg"])


async def test_wat_gezegd_is_blijft_staan_of_is_een_vergissing(als: Any, wereld: Any) -> None:
    therapeut, id_ = await begin(als, wereld)
    await deel_concept(wereld, GEMEENTE, id_)
    consulent = als(rol="verstrekker")
    gezegd = (await consulent.post("Communication", json=bericht("opmerking", id_))).json()
    plek = f"Communication/{gezegd['id']}"
    anders = {**gezegd, "payload": [{"contentString": "Iets anders."}]}
    for client in (consulent, therapeut, als()):
        assert (await client.put(plek, json=anders)).status_code == 403
    vergist = await consulent.put(plek, json={**gezegd, "status": "entered-in-error"})
    assert vergist.status_code == 200, vergist.text


async def test_bij_een_definitief_advies_hoort_een_vraag_en_geen_opmerking(als: Any, wereld: Any) -> None:
    _, id_ = await final(als, wereld)
    antwoord = await als(rol="verstrekker").post("Communication", json=bericht("opmerking", id_))
    assert (antwoord.status_code, code(antwoord)) == (422, ["bericht-bij-concept"])


# --- vraag en antwoord


async def test_een_vraag_aan_de_schrijver_en_haar_antwoord(als: Any, wereld: Any) -> None:
    therapeut, id_ = await final(als, wereld)
    consulent = als(rol="verstrekker")
    vraag = await consulent.post("Communication", json=bericht("vraag", id_, "Waarom 150 cm?"))
    assert vraag.status_code == 201, vraag.text
    tweede = await consulent.post("Communication", json=bericht("vraag", id_, "En nog iets?"))
    assert (tweede.status_code, code(tweede)) == (422, ["vraag-loopt-al"])
    op = {"inResponseTo": [{"reference": f"Communication/{vraag.json()['id']}"}]}
    antwoord = await therapeut.post("Communication", json=bericht("antwoord", id_, "De gang is smal.", **op))
    assert antwoord.status_code == 201, antwoord.text
    assert antwoord.json()["recipient"] == [{"reference": KARIM}]
    for client in (als(), therapeut, consulent):
        assert await gezien(client) == ["De gang is smal.", "Waarom 150 cm?"]
    nog = await therapeut.post("Communication", json=bericht("antwoord", id_, "Nog eens.", **op))
    assert (nog.status_code, code(nog)) == (422, ["vraag-al-beantwoord"])
    nieuw = await consulent.post("Communication", json=bericht("vraag", id_, "Nog één vraag."))
    assert nieuw.status_code == 201


async def test_zonder_toestemming_voor_contact_of_bij_een_concept_is_er_geen_vraag(als: Any, wereld: Any) -> None:
    _, id_ = await final(als, wereld, contact=False)
    antwoord = await als(rol="verstrekker").post("Communication", json=bericht("vraag", id_))
    assert (antwoord.status_code, code(antwoord)) == (422, ["vraag-mag-niet"])


async def test_een_schrijver_zonder_zicht_krijgt_geen_vraag(als: Any, wereld: Any) -> None:
    _, id_ = await final(als, wereld)
    for v in (await wereld.momentopname()).van_type("Consent"):
        if v.inhoud["provision"]["purpose"][0]["code"] == "advies":
            await wereld.trek_in(v.id)
    antwoord = await als(rol="verstrekker").post("Communication", json=bericht("vraag", id_))
    assert (antwoord.status_code, code(antwoord)) == (422, ["schrijver-ziet-niet"])


async def test_alleen_de_schrijver_antwoordt_en_alleen_op_een_vraag_over_dit_advies(als: Any, wereld: Any) -> None:
    therapeut, id_ = await final(als, wereld)
    vraag = (await als(rol="verstrekker").post("Communication", json=bericht("vraag", id_))).json()
    op = {"inResponseTo": [{"reference": f"Communication/{vraag['id']}"}]}
    ander = (await wereld.momentopname("register")).get("PractitionerRole", "therapeut-nienke").inhoud
    await wereld.zet("register", {**ander, "id": "therapeut-collega"})
    collega = als(rol="therapeut", functie="therapeut-collega")
    antwoord = await collega.post("Communication", json=bericht("antwoord", id_, **op))
    assert (antwoord.status_code, code(antwoord)) == (422, ["antwoord-van-schrijver"])
    los = await therapeut.post("Communication", json=bericht("antwoord", id_))
    assert (los.status_code, code(los)) == (422, ["antwoord-zonder-vraag"])
    verkeerd = await als(rol="verstrekker").post("Communication", json=bericht("antwoord", id_, **op))
    assert (verkeerd.status_code, code(verkeerd)) == (422, ["bericht-soort"])


async def test_het_systeem_van_de_praktijk_antwoordt_en_dat_van_de_leverancier_merkt_op(als: Any, wereld: Any) -> None:
    _, id_ = await final(als, wereld)
    vraag = (await als(rol="verstrekker").post("Communication", json=bericht("vraag", id_))).json()
    praktijk = als(rol="therapeut", soort="app", functie=None, scopes="system/*.cruds")
    op = {"inResponseTo": [{"reference": f"Communication/{vraag['id']}"}]}
    antwoord = await praktijk.post("Communication", json=bericht("antwoord", id_, **op))
    assert antwoord.status_code == 201, antwoord.text
    ander = {k: v for k, v in s.concept().items() if k != "id"}
    concept = (await als(rol="therapeut").post("QuestionnaireResponse", json=ander)).json()["id"]
    await deel_concept(wereld, LEVERANCIER, concept)
    leverancier = als(rol="leverancier", soort="app", functie=None, scopes="system/*.cruds")
    gezegd = await leverancier.post("Communication", json=bericht("opmerking", concept))
    assert gezegd.status_code == 201, gezegd.text
    for client in (leverancier, als(rol="leverancier")):  # een app schrijft voor haar hele organisatie
        assert await gezien(client) == ["Past dit door de deur?"]


async def test_een_gewoon_gesprek_verandert_niet_van_groep(als: Any, wereld: Any) -> None:
    await wereld.deel(f"Organization/{GEMEENTE}", "onderzoek", "voortgang")
    los = {"resourceType": "Communication", "status": "completed", "subject": s.WIE, "sender": s.WIE}
    los |= {"recipient": [{"reference": KARIM}], "payload": [{"contentString": "Hoe ver bent u?"}]}
    assert (await als().post("Communication", json=los)).status_code == 201
    assert await gezien(als(rol="verstrekker")) == ["Hoe ver bent u?"]


async def test_niemand_legt_een_ander_woorden_in_de_mond(als: Any, wereld: Any) -> None:
    await wereld.deel(f"Organization/{GEMEENTE}", "onderzoek", *GROEPEN, "voortgang")
    mens, app = als(rol="verstrekker"), als(rol="verstrekker", soort="app", functie=None, scopes="system/*.cruds")
    los = {"resourceType": "Communication", "status": "completed", "subject": s.WIE}
    los |= {"payload": [{"contentString": "Ik kan niet meer wachten."}]}
    vreemd = [s.WIE, {"reference": f"Organization/{LEVERANCIER}"}, {"reference": NIENKE}, {"display": "Yvonne"}]
    for client in (mens, app):
        for zender in vreemd:
            a = await client.post("Communication", json=los | {"sender": zender})
            assert a.status_code == 422 and code(a) == ["bericht-afzender"], (zender, a.text)
    for client, eigen in ((mens, KARIM), (mens, f"Organization/{GEMEENTE}"), (mens, None), (app, None)):
        zelf = {"sender": {"reference": eigen, "display": "Yvonne"}} if eigen else {}
        a = await client.post("Communication", json=los | zelf)
        assert a.status_code == 201, a.text
        assert a.json()["sender"] == {"reference": eigen or (KARIM if client is mens else f"Organization/{GEMEENTE}")}
    # Ook achteraf wordt een eigen bericht niet dat van een ander.
    kop = {"If-Match": a.headers["etag"], "content-type": "application/json-patch+json"}
    om = [{"op": "replace", "path": "/sender/reference", "value": s.WIE["reference"]}]
    a = await app.patch(f"Communication/{a.json()['id']}", json=om, headers=kop)
    assert a.status_code == 422 and code(a) == ["bericht-afzender"], a.text
