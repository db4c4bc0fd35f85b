"""Wat er met een advies gebeurt zonder dat het verandert: afgestemd, nog geldig, ingetrokken."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from paspoort.fhir.organisatie import Organisatie, organisatie_naar
from paspoort.fhir.paspoort import paspoort_uit
from paspoort.fhir.stelsels import extension
from tests import stroomwereld as s
from tests.conftest import GEMEENTE, HOUDER, LEVERANCIER, PRAKTIJK
from tests.server.fhir.test_stroom_beslis import code, dien_in
from tests.server.fhir.test_stroom_definitief import GROEPEN, begin

AFSTEMMEN = ("advies", "eisen")


@pytest.fixture
def dialect() -> str:
    """De regels gaan niet over de database."""
    return "sqlite"


def parameters(**waarden: str) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": [{"name": n, "valueString": w} for n, w in waarden.items()]}


async def deel_concept(wereld: Any, aan: str, id_: str, *groepen: str) -> str:
    betreft = [{"url": extension("betreft"), "valueReference": {"reference": f"QuestionnaireResponse/{id_}"}}]
    return str(await wereld.deel(f"Organization/{aan}", "afstemming", *(groepen or AFSTEMMEN), extension=betreft))


async def test_wie_meeleest_zegt_dat_er_is_afgestemd_en_een_nieuwe_versie_is_dat_niet(als: Any, wereld: Any) -> None:
    therapeut, id_ = await begin(als, wereld)
    await deel_concept(wereld, GEMEENTE, id_)
    consulent = als(rol="verstrekker")
    eerste = await consulent.post(
        f"QuestionnaireResponse/{id_}/$afgestemd", json=parameters(opmerking="Let op de deur.")
    )
    assert eerste.status_code == 201, eerste.text
    assert eerste.json()["target"] == [{"reference": f"QuestionnaireResponse/{id_}/_history/1"}]
    nog_eens = await consulent.post(f"QuestionnaireResponse/{id_}/$afgestemd")
    assert (nog_eens.status_code, nog_eens.json()["id"]) == (200, eerste.json()["id"])
    (opmerking,) = (await therapeut.get(f"Communication?patient={HOUDER}")).json()["entry"]
    assert opmerking["resource"]["payload"] == [{"contentString": "Let op de deur."}]
    concept = (await therapeut.get(f"QuestionnaireResponse/{id_}")).json()
    assert (await therapeut.put(f"QuestionnaireResponse/{id_}", json=concept)).status_code == 200
    derde = await consulent.post(f"QuestionnaireResponse/{id_}/$afgestemd")
    assert derde.status_code == 201
    assert derde.json()["target"] == [{"reference": f"QuestionnaireResponse/{id_}/_history/2"}]


async def test_de_leverancier_stemt_af_op_de_eisen_en_ziet_de_rest_niet(als: Any, wereld: Any) -> None:
    _, id_ = await begin(als, wereld)
    await deel_concept(wereld, LEVERANCIER, id_)
    leverancier = als(rol="leverancier")
    gezien = await leverancier.get(f"QuestionnaireResponse/{id_}")
    assert "150 cm" in gezien.text
    assert "Werkt thuis" not in gezien.text
    antwoord = await leverancier.post(f"QuestionnaireResponse/{id_}/$afgestemd", json=parameters(opmerking="Kan."))
    assert antwoord.status_code == 201, antwoord.text
    gezegd = (await leverancier.get(f"Communication?patient={HOUDER}")).json()["entry"][0]["resource"]
    assert gezegd["payload"] == [{"contentString": "Kan."}]
    assert "recipient" not in gezegd  # wie het advies schreef, hoort bij de groep advies


@pytest.mark.parametrize(
    ("rol", "doel", "status"),
    [("verstrekker", None, 404), ("verstrekker", "onderzoek", 403), ("leverancier", "levering", 403)],
)
async def test_afstemmen_vraagt_de_toestemming_daarvoor(
    als: Any, wereld: Any, rol: str, doel: Any, status: int
) -> None:
    _, id_ = await begin(als, wereld)
    if doel is not None:
        await wereld.deel(f"Organization/{GEMEENTE if rol == 'verstrekker' else LEVERANCIER}", doel, "advies", "eisen")
    antwoord = await als(rol=rol).post(f"QuestionnaireResponse/{id_}/$afgestemd")
    assert antwoord.status_code == status
    for wie in (als(), als(rol="therapeut")):
        assert (await wie.post(f"QuestionnaireResponse/{id_}/$afgestemd")).status_code == 403


async def test_na_definitief_leest_wie_meedacht_niets_meer(als: Any, wereld: Any) -> None:
    therapeut, id_ = await begin(als, wereld)
    await deel_concept(wereld, GEMEENTE, id_)
    consulent = als(rol="verstrekker")
    assert (await consulent.post(f"QuestionnaireResponse/{id_}/$afgestemd", json=parameters(opmerking="x"))).is_success
    assert (await therapeut.post(f"QuestionnaireResponse/{id_}/$definitief")).is_success
    for adres in (f"QuestionnaireResponse/{id_}", f"QuestionnaireResponse/{id_}/_history/1"):
        assert (await consulent.get(adres)).status_code == 404
    assert (await consulent.get(f"Communication?patient={HOUDER}")).json().get("entry") is None
    assert (await consulent.get(f"Provenance?patient={HOUDER}")).json().get("entry") is None


async def test_een_ander_concept_of_een_ander_gegeven_geeft_deze_toestemming_niet(als: Any, wereld: Any) -> None:
    therapeut, id_ = await begin(als, wereld)
    ander = {k: v for k, v in s.concept(hulpvraag="Iets heel anders.").items() if k != "id"}
    tweede = (await therapeut.post("QuestionnaireResponse", json=ander)).json()["id"]
    await deel_concept(wereld, GEMEENTE, id_, *AFSTEMMEN, "hulpmiddelen", "contact")
    alles = await als(rol="verstrekker").get(f"Patient/{HOUDER}/$everything")
    assert alles.status_code == 404
    assert (await als(rol="verstrekker").get(f"QuestionnaireResponse/{tweede}")).status_code == 404
    assert (await als(rol="verstrekker").get("Device/rolstoel-yvonne")).status_code == 404


async def definitief(als: Any, wereld: Any, **anders: Any) -> tuple[Any, str]:
    therapeut, id_ = await begin(als, wereld, **anders)
    antwoord = await therapeut.post(f"QuestionnaireResponse/{id_}/$definitief")
    assert antwoord.status_code == 200, antwoord.text
    return therapeut, id_


async def test_nog_geldig_en_daarna_ingetrokken_met_reden_in_het_domein(als: Any, wereld: Any) -> None:
    therapeut, id_ = await definitief(als, wereld)
    geldig = await therapeut.post(f"QuestionnaireResponse/{id_}/$nog-geldig")
    assert geldig.status_code == 201, geldig.text
    zonder = await therapeut.post(f"QuestionnaireResponse/{id_}/$trek-in", json=parameters(reden="x" * 501))
    assert (zonder.status_code, code(zonder)) == (422, ["intrekken-reden"])
    weg = await therapeut.post(f"QuestionnaireResponse/{id_}/$trek-in", json=parameters(reden="Past niet meer."))
    assert weg.status_code == 201, weg.text
    assert weg.json()["reason"] == [{"text": "Past niet meer."}]
    zelfde = await therapeut.post(f"QuestionnaireResponse/{id_}/$trek-in", json=parameters(reden="Past niet meer."))
    assert (zelfde.status_code, zelfde.json()["id"]) == (200, weg.json()["id"])
    for operatie, inhoud in (("$nog-geldig", None), ("$trek-in", parameters(reden="Anders."))):
        nog = await therapeut.post(f"QuestionnaireResponse/{id_}/{operatie}", json=inhoud)
        assert (nog.status_code, code(nog)) == (422, ["advies-ingetrokken"])
    m = await wereld.momentopname()
    advies = next(a for a in paspoort_uit((v.inhoud, v.herkomst, v.moment) for v in m.alle()).adviezen if a.id == id_)
    assert (advies.nog_geldig_op, advies.ingetrokken_reden) == (advies.ingetrokken_op, "Past niet meer.")
    assert m.get("QuestionnaireResponse", id_).versie == 2  # het document zelf verandert niet


async def test_een_concept_is_niet_geldig_en_niet_in_te_trekken(als: Any, wereld: Any) -> None:
    therapeut, id_ = await begin(als, wereld)
    for operatie, inhoud in (("$nog-geldig", None), ("$trek-in", parameters(reden="Fout."))):
        antwoord = await therapeut.post(f"QuestionnaireResponse/{id_}/{operatie}", json=inhoud)
        assert (antwoord.status_code, code(antwoord)) == (422, ["advies-niet-definitief"])


async def test_wie_het_niet_schreef_trekt_niet_in_en_wie_het_half_ziet_zegt_niet_dat_het_klopt(
    als: Any, wereld: Any
) -> None:
    _, id_ = await definitief(als, wereld)
    ander = (await wereld.momentopname("register")).get("PractitionerRole", "therapeut-nienke").inhoud
    await wereld.zet("register", {**ander, "id": "therapeut-collega"})
    await wereld.deel(f"Organization/{GEMEENTE}", "onderzoek", *GROEPEN)
    collega, consulent = als(rol="therapeut", functie="therapeut-collega"), als(rol="verstrekker")
    for client in (collega, consulent, als()):
        weg = await client.post(f"QuestionnaireResponse/{id_}/$trek-in", json=parameters(reden="Weg ermee."))
        assert weg.status_code == 403
    assert (await collega.post(f"QuestionnaireResponse/{id_}/$nog-geldig")).status_code == 201
    for client in (consulent, als()):
        assert (await client.post(f"QuestionnaireResponse/{id_}/$nog-geldig")).status_code == 403
    for toestemming in (await wereld.momentopname()).van_type("Consent"):
        await wereld.trek_in(toestemming.id)
    await wereld.deel(f"Organization/{PRAKTIJK}", "advies", "advies", "eisen")
    assert (await collega.post(f"QuestionnaireResponse/{id_}/$nog-geldig")).status_code == 403


async def test_een_opgevolgd_advies_is_niet_meer_geldig_te_verklaren(als: Any, wereld: Any) -> None:
    therapeut, id_ = await definitief(als, wereld)
    vervangt = {"url": extension("vervangt"), "valueReference": {"reference": f"QuestionnaireResponse/{id_}"}}
    nieuw = {**{k: v for k, v in s.concept().items() if k != "id"}, "extension": [vervangt]}
    tweede = (await therapeut.post("QuestionnaireResponse", json=nieuw)).json()["id"]
    assert (await therapeut.post(f"QuestionnaireResponse/{tweede}/$definitief")).is_success
    antwoord = await therapeut.post(f"QuestionnaireResponse/{id_}/$nog-geldig")
    assert (antwoord.status_code, code(antwoord)) == (422, ["advies-opgevolgd"])


async def test_intrekken_laat_een_lopend_verzoek_opnieuw_toetsen(als: Any, wereld: Any) -> None:
    therapeut, id_ = await definitief(als, wereld)
    ids = await dien_in(als)

    async def advies_in_toets() -> list[str]:
        verzoek = (await wereld.momentopname()).get("DeviceRequest", ids["verzoek"]).inhoud
        bijlage = next(e for e in verzoek["extension"] if e["url"] == extension("toetsuitslag"))
        gronden = s.gronden_van(json.loads(base64.b64decode(bijlage["valueAttachment"]["data"])))
        return [g["uitkomst"] for g in gronden if g["feit"] == "advies"]

    voor = await advies_in_toets()
    assert (await therapeut.post(f"QuestionnaireResponse/{id_}/$trek-in", json=parameters(reden="Fout."))).is_success
    assert await advies_in_toets() != voor


async def test_anoniem_en_zonder_scope_gebeurt_er_niets(anoniem: Any, als: Any, wereld: Any) -> None:
    _, id_ = await definitief(als, wereld)
    lezer = als(rol="therapeut", scopes="user/*.rs")
    for operatie in ("$afgestemd", "$nog-geldig", "$trek-in"):
        assert (await anoniem.post(f"QuestionnaireResponse/{id_}/{operatie}")).status_code == 401
        antwoord = await lezer.post(f"QuestionnaireResponse/{id_}/{operatie}", json=parameters(reden="x"))
        assert antwoord.status_code in (400, 403)
    assert len((await wereld.momentopname()).van_type("Provenance")) == 1  # alleen het zegel


async def alleen_meekijken(wereld: Any, therapeut: Any) -> None:
    """De praktijk verdeelt het werk voortaan in een team waar zij niet in zit; zij opent het met een reden."""
    team = Organisatie("hand", "Hand", deel_van=PRAKTIJK, is_team=True, neemt_aan=frozenset({"alles"}))
    await wereld.zet("register", organisatie_naar(team), auteur="dienst")
    reden = parameters(reden="De cliënt belde mij hierover.")
    assert (await therapeut.post(f"Patient/{HOUDER}/$aanleiding", json=reden)).status_code == 201


async def test_wie_met_een_aanleiding_meekijkt_trekt_niets_in_ook_niet_wat_zij_zelf_schreef(
    als: Any, wereld: Any
) -> None:
    therapeut, id_ = await definitief(als, wereld)
    await alleen_meekijken(wereld, therapeut)
    assert (await therapeut.get(f"QuestionnaireResponse/{id_}")).status_code == 200
    antwoord = await therapeut.post(f"QuestionnaireResponse/{id_}/$trek-in", json=parameters(reden="Fout."))
    assert (antwoord.status_code, code(antwoord)) == (403, ["niet-van-u"])


async def test_wie_met_een_aanleiding_meekijkt_maakt_geen_concept_definitief(als: Any, wereld: Any) -> None:
    therapeut, id_ = await begin(als, wereld)
    await alleen_meekijken(wereld, therapeut)
    assert (await therapeut.get(f"QuestionnaireResponse/{id_}")).status_code == 200
    antwoord = await therapeut.post(f"QuestionnaireResponse/{id_}/$definitief")
    assert (antwoord.status_code, code(antwoord)) == (403, ["niet-van-u"])
