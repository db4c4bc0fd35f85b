"""Wat er van een advies werd: besluit, afwijking en levering bereiken de schrijver, en niet meer dan dat."""

from __future__ import annotations

from typing import Any

import pytest

from paspoort.fhir.stelsels import extension
from tests import stroomwereld as s
from tests.conftest import HOUDER, LEVERANCIER, PRAKTIJK
from tests.server.fhir.test_stroom_beslis import dien_in, parameters
from tests.server.fhir.test_stroom_definitief import GROEPEN
from tests.server.fhir.test_stroom_levering import levering, stap

AFWIJKING = [
    {"name": "eis", "valueString": "Zelf kunnen draaien binnen 150 cm."},
    {"name": "reden", "valueString": "De deur wordt verbreed."},
    {"name": "alternatief", "valueString": "Een bredere deur."},
]


@pytest.fixture
def dialect() -> str:
    """De regels gaan niet over de database."""
    return "sqlite"


async def zaak(als: Any, wereld: Any) -> tuple[Any, dict[str, str]]:
    """Een definitief advies, een verzoek, en een schrijver die nog meeleest."""
    await s.vul(wereld)
    await wereld.zet(HOUDER, {**s.concept(), "status": "completed"}, auteur="PractitionerRole/therapeut-nienke")
    await wereld.deel(f"Organization/{PRAKTIJK}", "advies", *GROEPEN)
    return als(rol="therapeut"), await dien_in(als)


async def berichten(client: Any) -> list[dict[str, Any]]:
    gevonden = (await client.get(f"Communication?patient={HOUDER}")).json().get("entry", [])
    return [e["resource"] for e in gevonden]


async def test_een_besluit_met_afwijking_bereikt_de_schrijver_zonder_het_besluit(als: Any, wereld: Any) -> None:
    schrijver, ids = await zaak(als, wereld)
    inzending = parameters("toegekend", afwijking=AFWIJKING, leverancier={"reference": f"Organization/{LEVERANCIER}"})
    antwoord = await als(rol="verstrekker").post(f"Task/{ids['taak']}/$beslis", json=inzending)
    assert antwoord.status_code == 200, antwoord.text
    (bericht,) = await berichten(schrijver)
    assert bericht["category"][0]["coding"][0]["code"] == "uitkomst"
    assert bericht["about"] == [{"reference": "QuestionnaireResponse/advies-1"}]
    assert [p["contentString"] for p in bericht["payload"]] == [
        "Het verzoek is toegekend.",
        "Niet gevolgd: Zelf kunnen draaien binnen 150 cm. Reden: De deur wordt verbreed. "
        "In plaats daarvan: Een bredere deur.",
    ]
    order = next(v for v in (await wereld.momentopname()).van_type("DeviceRequest") if v.id not in ids.values())
    assert (await schrijver.get(f"DeviceRequest/{order.id}")).status_code == 404
    assert "Task/" not in (await schrijver.get(f"Task?patient={HOUDER}")).text.replace("Task/?", "")


async def test_een_afwijzing_zet_de_afwijking_bij_de_behandeling(als: Any, wereld: Any) -> None:
    schrijver, ids = await zaak(als, wereld)
    inzending = parameters("afgewezen", motivering="Het kan anders.", afwijking=AFWIJKING)
    antwoord = await als(rol="verstrekker").post(f"Task/{ids['taak']}/$beslis", json=inzending)
    assert antwoord.status_code == 200, antwoord.text
    taak = (await als().get(f"Task/{ids['taak']}")).json()
    (afwijking,) = [e for e in taak["extension"] if e["url"] == extension("afwijking")]
    assert afwijking["extension"][1] == {"url": "reden", "valueString": "De deur wordt verbreed."}
    (bericht,) = await berichten(schrijver)
    assert bericht["payload"][0] == {"contentString": "Het verzoek is afgewezen."}
    assert "De deur wordt verbreed." in bericht["payload"][1]["contentString"]
    assert "Het kan anders" not in str(bericht)  # de motivering is aan de houder


async def test_de_levering_bereikt_de_schrijver_en_de_leverancier_leest_niet_wie_dat_is(als: Any, wereld: Any) -> None:
    schrijver, ids = await zaak(als, wereld)
    assert (await als(rol="verstrekker").post(f"Task/{ids['taak']}/$beslis", json=parameters("doorgezet"))).is_success
    app = als(rol="leverancier", soort="app", functie=None, account=None, client_id="app", scopes="system/*.cruds")
    (regel,) = (await app.get(f"Task?owner=Organization/{LEVERANCIER}")).json()["entry"]
    taak = (await stap(app, regel["resource"], "contact-gelegd")).json()
    klaar = await app.post("", json=levering(taak, met_gebruik=False))
    assert klaar.status_code == 200, klaar.text
    teksten = [b["payload"][0]["contentString"] for b in await berichten(schrijver)]
    assert len(teksten) == 2
    assert teksten[-1].startswith("Het hulpmiddel is geleverd op ")
    assert await berichten(app) == []
    assert "therapeut-nienke" not in (await app.get(f"Patient/{HOUDER}/$everything")).text


async def test_niemand_dan_de_server_schrijft_een_uitkomst(als: Any, wereld: Any) -> None:
    schrijver, ids = await zaak(als, wereld)
    assert (await als(rol="verstrekker").post(f"Task/{ids['taak']}/$beslis", json=parameters("doorgezet"))).is_success
    (bericht,) = await berichten(schrijver)
    kaal = {k: w for k, w in bericht.items() if k not in ("id", "meta")}
    for client in (als(), schrijver, als(rol="verstrekker")):
        assert (await client.post("Communication", json=kaal)).status_code == 403
        assert (await client.put(f"Communication/{bericht['id']}", json=bericht)).status_code in (403, 405)


async def test_wie_van_een_ander_advies_afwijkt_bericht_de_schrijver_daarvan(als: Any, wereld: Any) -> None:
    """Het verzoek rust op een ouder advies, maar de eis die niet gevolgd wordt staat in het nieuwste."""
    schrijver, ids = await zaak(als, wereld)
    eis = {**s.ADVIES["eis"][0], "eis-tekst": "Zelf de hoogte van de zitting kunnen veranderen."}
    nieuw = {**s.concept(eis=[eis]), "id": "advies-2", "status": "completed", "authored": "2020-01-01"}
    await wereld.zet(HOUDER, nieuw, auteur="PractitionerRole/therapeut-nienke")
    delen = [{**d, "valueString": eis["eis-tekst"]} if d["name"] == "eis" else d for d in AFWIJKING]
    inzending = parameters("afgewezen", motivering="Het kan anders.", afwijking=delen)
    assert (await als(rol="verstrekker").post(f"Task/{ids['taak']}/$beslis", json=inzending)).status_code == 200
    (bericht,) = await berichten(schrijver)
    assert bericht["about"] == [{"reference": "QuestionnaireResponse/advies-2"}]


@pytest.mark.parametrize("verborgen", [False, True])
async def test_per_advies_de_eigen_eisen_en_niets_over_een_advies_dat_de_beslisser_niet_ziet(
    als: Any, wereld: Any, verborgen: bool
) -> None:
    schrijver, ids = await zaak(als, wereld)
    eis = {**s.ADVIES["eis"][0], "eis-tekst": "Zelf de hoogte van de zitting kunnen veranderen."}
    ander = {**s.concept(eis=[eis]), "id": "advies-2", "status": "completed", "authored": "2020-01-01"}
    await wereld.zet(HOUDER, ander, auteur="PractitionerRole/therapeut-nienke")
    if verborgen:
        consent = (await wereld.momentopname()).get("Consent", ids["gemeente"]).inhoud
        data = [{"meaning": "instance", "reference": {"reference": "QuestionnaireResponse/advies-2"}}]
        regel = {**consent["provision"], "provision": [{"type": "deny", "data": data}]}
        await wereld.zet(HOUDER, {**consent, "provision": regel})
    consulent = als(rol="verstrekker")
    assert (await consulent.get("QuestionnaireResponse/advies-2")).status_code == (404 if verborgen else 200)
    inzending = parameters("afgewezen", motivering="Het kan anders.", afwijking=AFWIJKING)
    delen = [{**d, "valueString": eis["eis-tekst"]} if d["name"] == "eis" else d for d in AFWIJKING]
    inzending["parameter"].append({"name": "afwijking", "part": delen})
    assert (await consulent.post(f"Task/{ids['taak']}/$beslis", json=inzending)).status_code == 200
    gekregen = {b["about"][0]["reference"].rpartition("/")[2]: str(b["payload"]) for b in await berichten(schrijver)}
    assert set(gekregen) == ({"advies-1"} if verborgen else {"advies-1", "advies-2"})
    assert AFWIJKING[0]["valueString"] in gekregen["advies-1"]
    if not verborgen:
        assert eis["eis-tekst"] in gekregen["advies-2"] and eis["eis-tekst"] not in gekregen["advies-1"]
        assert AFWIJKING[0]["valueString"] not in gekregen["advies-2"]
