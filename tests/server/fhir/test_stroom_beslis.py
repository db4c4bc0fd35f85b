"""Van verzoek tot besluit over de echte app: de houder vraagt, de gemeente beslist, de leverancier levert."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import pytest

from paspoort.fhir.beleid import naar_extensie
from paspoort.fhir.stelsels import BSN, codestelsel, extension
from paspoort.herhaaltoets import Beleid, Doorzetten
from tests import stroomwereld as s
from tests.conftest import GEMEENTE, HOUDER, LEVERANCIER

BESLIS = "$beslis"


def parameters(uitkomst: str, **meer: Any) -> dict[str, Any]:
    delen: list[dict[str, Any]] = [{"name": "uitkomst", "valueCode": uitkomst}]
    for naam, waarde in meer.items():
        element = {"leverancier": "valueReference", "besluit": "resource", "afwijking": "part"}.get(naam, "valueString")
        delen.append({"name": naam, element: waarde})
    return {"resourceType": "Parameters", "parameter": delen}


async def dien_in(als: Any) -> dict[str, str]:
    """De houder stuurt alles in één keer; geeft per type het id (van Consent: gemeente en leverancier)."""
    antwoord = await als().post("", json=s.inzending())
    assert antwoord.status_code == 200, antwoord.text
    plekken = [r["response"]["location"].split("/fhir/")[1].split("/")[:2] for r in antwoord.json()["entry"]]
    return dict(zip(("verzoek", "taak", "gemeente", "levering"), (p[1] for p in plekken), strict=True))


def code(antwoord: Any) -> list[str]:
    return [i["details"]["coding"][0]["code"] for i in antwoord.json()["issue"]]


async def test_een_verzoek_draagt_de_uitslag_die_toen_gold_ook_na_ander_beleid(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    ids = await dien_in(als)
    verzoek = (await als().get(f"DeviceRequest/{ids['verzoek']}")).json()
    bijlage = next(e for e in verzoek["extension"] if e["url"] == extension("toetsuitslag"))["valueAttachment"]
    uitslag = json.loads(base64.b64decode(bijlage["data"]))
    assert s.uitslag_van(uitslag, "route") == "leverancier-direct"
    gemeente = wereld.opslag.register.get("Organization", GEMEENTE).inhoud
    nooit = Beleid(
        verstrekker=f"Organization/{GEMEENTE}", doorzetten=Doorzetten.NOOIT, huur_vervangen_bij_verandering=False
    )
    await wereld.zet("register", {**gemeente, "extension": [naar_extensie(nooit)]})
    daarna = (await als().get(f"DeviceRequest/{ids['verzoek']}")).json()
    assert daarna == verzoek
    taak = (await als().get(f"Task/{ids['taak']}")).json()
    assert taak["restriction"]["period"]["end"] > "2026"


async def test_wat_een_inzender_zelf_in_de_uitslag_zet_vervalt(als: Any, wereld: Any) -> None:
    await s.vul(wereld, herkomst="zelf")
    vals = {
        "url": extension("toetsuitslag"),
        "valueAttachment": {"contentType": "application/fhir+json", "data": "e30="},
    }
    verzoek = s.verzoek()
    antwoord = await als().post("DeviceRequest", json={**verzoek, "extension": [*verzoek["extension"], vals]})
    assert antwoord.status_code == 201, antwoord.text
    bijlagen = [e["valueAttachment"]["data"] for e in antwoord.json()["extension"] if "valueAttachment" in e]
    assert len(bijlagen) == 1
    assert s.uitslag_van(json.loads(base64.b64decode(bijlagen[0])), "route") == "onderzoek"


async def test_een_druk_zet_het_verzoek_door_en_alles_hoort_bij_elkaar(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    ids = await dien_in(als)
    consulent = als(rol="verstrekker")
    antwoord = await consulent.post(f"Task/{ids['taak']}/{BESLIS}", json=parameters("doorgezet"))
    assert antwoord.status_code == 200, antwoord.text
    m = await wereld.momentopname()
    taak = m.get("Task", ids["taak"]).inhoud
    assert taak["status"] == "completed"
    assert taak["businessStatus"]["coding"][0]["code"] == "doorgezet"
    assert [v for v in m.van_type("DeviceRequest") if v.inhoud["intent"] == "order"] == [
        m.get("DeviceRequest", "besluit-2019")
    ]
    uit = {o["type"]["coding"][0]["code"]: o for o in taak["output"]}
    opdracht = m.get("Task", uit["opdracht"]["valueReference"]["reference"].removeprefix("Task/")).inhoud
    assert opdracht["owner"] == {"reference": f"Organization/{LEVERANCIER}"}
    assert opdracht["restriction"]["period"]["end"] > opdracht["authoredOn"][:10]
    invoer = {i["type"]["coding"][0]["code"] for i in opdracht["input"]}
    assert invoer == {"soort-opdracht", "categorie", "hulpmiddel", "gebruik", "maat", "looptijd"}
    assert m.get("Consent", ids["levering"]).inhoud["status"] == "active"
    assert m.get("Consent", ids["gemeente"]).inhoud["provision"]["period"]["end"] < "2099"
    assert m.get("Consent", ids["gemeente"]).auteur == f"Patient/{HOUDER}"


async def test_de_opdracht_voldoet_aan_haar_eigen_profiel(als: Any, wereld: Any, validator: Any) -> None:
    await s.vul(wereld)
    await wereld.zet(HOUDER, {**s.concept(), "status": "completed"}, auteur="PractitionerRole/therapeut-nienke")
    ids = await dien_in(als)
    antwoord = await als(rol="verstrekker").post(f"Task/{ids['taak']}/{BESLIS}", json=parameters("doorgezet"))
    assert antwoord.status_code == 200, antwoord.text
    m = await wereld.momentopname()
    for v in m.alle():
        fouten = [x for x in validator.controleer(v.inhoud) if x.ernst == "error"]
        assert not fouten, (v, fouten)
    (bericht,) = m.van_type("Communication")
    assert bericht.inhoud["recipient"] == [{"reference": "PractitionerRole/therapeut-nienke"}]
    opdracht = next(v for v in m.van_type("Task") if v.id != ids["taak"])
    eisen = next(i for i in opdracht.inhoud["input"] if i["type"]["coding"][0]["code"] == "eisen")
    assert eisen["valueReference"] == {"reference": "QuestionnaireResponse/advies-1"}


async def test_de_leverancier_ziet_wat_hij_nodig_heeft_en_nooit_de_diagnose_of_het_bsn(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    await wereld.zet(HOUDER, {**s.concept(), "status": "completed"}, auteur="PractitionerRole/therapeut-nienke")
    ids = await dien_in(als)
    assert (await als(rol="verstrekker").post(f"Task/{ids['taak']}/{BESLIS}", json=parameters("doorgezet"))).is_success
    leverancier = als(rol="leverancier", soort="app", functie=None, scopes="system/*.cruds")
    lijst = await leverancier.get(f"Task?owner=Organization/{LEVERANCIER}&status=requested")
    assert lijst.status_code == 200, lijst.text
    assert lijst.json()["total"] == 1
    taak = lijst.json()["entry"][0]["resource"]
    assert "SUBSETTED" not in json.dumps(taak)  # de opdracht is helemaal van hem: hij mag haar bijwerken
    alles = await leverancier.get(f"Patient/{HOUDER}/$everything")
    tekst = alles.text + lijst.text
    for geheim in (s.GEHEIM, BSN, "999911120", "Condition/", "Weinig kracht", "besluit-2019"):
        assert geheim not in tekst, geheim
    for nodig in ("draaien binnen 150 cm", "zitbreedte", "rolstoel-yvonne"):
        assert nodig in tekst, nodig


async def test_de_gemeente_bewaart_haar_afschrift_en_de_houder_ziet_dat(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    ids = await dien_in(als)
    assert (await als(rol="verstrekker").post(f"Task/{ids['taak']}/{BESLIS}", json=parameters("doorgezet"))).is_success
    eigen = await wereld.opslag.momentopname(f"org-{GEMEENTE}")
    documenten = eigen.van_type("DocumentReference")
    assert len(documenten) == 2
    for document in documenten:
        extensies = {e["url"]: e for e in document.inhoud["extension"]}
        assert "5.1" in extensies[extension("wettelijke-grondslag")]["valueString"]
        assert extensies[extension("bewaren-tot")]["valueDate"] > "2040"
        delen = {c["attachment"]["contentType"]: c["attachment"]["url"] for c in document.inhoud["content"]}
        pdf = eigen.get("Binary", delen["application/pdf"].removeprefix("Binary/")).inhoud["data"]
        assert base64.b64decode(pdf).startswith(b"%PDF-")
        bundel = eigen.get("Binary", delen["application/fhir+json"].removeprefix("Binary/")).inhoud["data"]
        gelezen = json.loads(base64.b64decode(bundel))
        assert gelezen["type"] == "collection"
        assert s.GEHEIM not in json.dumps(gelezen)
        assert gelezen["entry"][0]["resource"]["resourceType"] == "Task"
        m = await wereld.momentopname()
        for regel in gelezen["entry"]:
            _, type_, id_, _, nummer = regel["fullUrl"].rsplit("/", 4)
            assert str(m.get(type_, id_).versie) == nummer == regel["resource"]["meta"]["versionId"]
    gebeurtenissen = (await als().get("Provenance")).json()["entry"]
    soorten = {p["resource"]["activity"]["coding"][0]["code"]: p["resource"] for p in gebeurtenissen}
    assert soorten.keys() == {"besloten", "opgedragen"}
    assert soorten["besloten"]["agent"][0]["onBehalfOf"] == {"reference": f"Organization/{GEMEENTE}"}
    assert f"Task/{ids['taak']}/_history/2" in json.dumps(soorten["besloten"]["target"])
    stiekem = await als(rol="leverancier").get(f"DocumentReference/{documenten[0].id}")
    assert stiekem.status_code == 404


async def test_wat_niet_door_mag_noemt_de_grond_en_wie_het_herstelt(als: Any, wereld: Any) -> None:
    await s.vul(wereld, herkomst="zelf")
    ids = await dien_in(als)
    antwoord = await als(rol="verstrekker").post(f"Task/{ids['taak']}/{BESLIS}", json=parameters("doorgezet"))
    assert antwoord.status_code == 422
    assert set(code(antwoord)) == {"doorzetten-kan-niet"}
    teksten = [i["details"]["text"] for i in antwoord.json()["issue"]]
    assert any("verstrekker" in t for t in teksten)
    assert all("(" in t for t in teksten)
    assert (await wereld.momentopname()).get("Task", ids["taak"]).versie == 1


@pytest.mark.parametrize(
    ("wie", "status"), [({"rol": "leverancier"}, 404), ({"rol": "therapeut"}, 404), ({"rol": "houder"}, 403)]
)
async def test_alleen_de_eigenaar_van_de_behandeling_beslist(als: Any, wereld: Any, wie: Any, status: int) -> None:
    await s.vul(wereld)
    ids = await dien_in(als)
    antwoord = await als(**wie).post(f"Task/{ids['taak']}/{BESLIS}", json=parameters("doorgezet"))
    assert antwoord.status_code == status, antwoord.text
    zonder = await als(rol="verstrekker", scopes="user/Task.rs").post(
        f"Task/{ids['taak']}/{BESLIS}", json=parameters("doorgezet")
    )
    assert zonder.status_code == 403


async def test_twee_keer_beslissen_kan_niet_ook_niet_tegelijk(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    ids = await dien_in(als)
    consulent = als(rol="verstrekker")
    vragen = [consulent.post(f"Task/{ids['taak']}/{BESLIS}", json=parameters("doorgezet")) for _ in range(4)]
    antwoorden = await asyncio.gather(*vragen)
    assert sorted(a.status_code for a in antwoorden) == [200, 422, 422, 422]
    assert {c for a in antwoorden if a.status_code == 422 for c in code(a)} == {"behandeling-gesloten"}
    m = await wereld.momentopname()
    assert len(m.van_type("Task")) == 2
    assert len((await wereld.opslag.momentopname(f"org-{GEMEENTE}")).van_type("DocumentReference")) == 2


async def test_afwijzen_vraagt_een_motivering_en_geeft_een_brief_met_bezwaartermijn(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    ids = await dien_in(als)
    consulent = als(rol="verstrekker")
    kaal = await consulent.post(f"Task/{ids['taak']}/{BESLIS}", json=parameters("afgewezen"))
    assert (kaal.status_code, code(kaal)) == (422, ["motivering-ontbreekt"])
    goed = parameters("afgewezen", motivering="De huidige rolstoel voldoet nog.")
    antwoord = await consulent.post(f"Task/{ids['taak']}/{BESLIS}", json=goed)
    assert antwoord.status_code == 200, antwoord.text
    m = await wereld.momentopname()
    uit = {o["type"]["coding"][0]["code"]: o for o in m.get("Task", ids["taak"]).inhoud["output"]}
    assert uit["uitkomst"]["valueCoding"]["code"] == "afgewezen"
    brief = m.get("DocumentReference", uit["brief"]["valueReference"]["reference"].removeprefix("DocumentReference/"))
    binary = brief.inhoud["content"][0]["attachment"]["url"]
    assert (await als().get(binary)).status_code == 200
    assert len(m.van_type("Task")) == 1
    assert m.get("Consent", ids["levering"]).inhoud["status"] == "proposed"


async def test_toekennen_maakt_een_besluit_en_een_afwijking_vraagt_een_reden_per_eis(als: Any, wereld: Any) -> None:
    await s.vul(wereld, herkomst="zelf")
    ids = await dien_in(als)
    consulent = als(rol="verstrekker")
    leeg = [{"name": "eis", "valueString": "Elektrische ondersteuning"}]
    kaal = await consulent.post(f"Task/{ids['taak']}/{BESLIS}", json=parameters("toegekend", afwijking=leeg))
    assert (kaal.status_code, code(kaal)) == (422, ["reden-ontbreekt"])
    assert kaal.json()["issue"][0]["expression"][0].startswith("Parameters.parameter[1].part")
    vol = [*leeg, {"name": "reden", "valueString": "Niet nodig binnenshuis."}]
    antwoord = await consulent.post(f"Task/{ids['taak']}/{BESLIS}", json=parameters("toegekend", afwijking=vol))
    assert antwoord.status_code == 200, antwoord.text
    m = await wereld.momentopname()
    (order,) = (v for v in m.van_type("DeviceRequest") if v.inhoud.get("basedOn"))
    assert order.inhoud["basedOn"] == [{"reference": f"DeviceRequest/{ids['verzoek']}"}]
    assert order.inhoud["performer"] == {"reference": f"Organization/{GEMEENTE}"}
    namen = {e["url"].rsplit("/", 1)[1] for e in order.inhoud["extension"]}
    assert {"besluitsoort", "toekenning", "afwijking", "bezwaar", "betreft"} <= namen
    wijzig = await consulent.put(f"DeviceRequest/{order.id}", json=order.inhoud, headers={"if-match": 'W/"1"'})
    assert wijzig.status_code == 403


async def test_een_andere_leverancier_moet_een_leverancier_zijn(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    ids = await dien_in(als)
    fout = parameters("doorgezet", leverancier={"reference": f"Organization/{GEMEENTE}"})
    antwoord = await als(rol="verstrekker").post(f"Task/{ids['taak']}/{BESLIS}", json=fout)
    assert (antwoord.status_code, code(antwoord)) == (422, ["leverancier-onbekend"])


async def test_een_gewone_wijziging_rondt_een_behandeling_niet_af(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    ids = await dien_in(als)
    consulent = als(rol="verstrekker")
    taak = (await consulent.get(f"Task/{ids['taak']}")).json()
    klaar = {"coding": [{"system": codestelsel("taakstatus"), "code": "toegekend"}]}
    antwoord = await consulent.put(
        f"Task/{ids['taak']}",
        json={**taak, "status": "completed", "businessStatus": klaar},
        headers={"if-match": 'W/"1"'},
    )
    assert (antwoord.status_code, code(antwoord)) == (422, ["taak-via-beslis"])
    bezig = {"coding": [{"system": codestelsel("taakstatus"), "code": "in-onderzoek"}]}
    antwoord = await consulent.put(
        f"Task/{ids['taak']}",
        json={**taak, "status": "in-progress", "businessStatus": bezig},
        headers={"if-match": 'W/"1"'},
    )
    assert antwoord.status_code == 200, antwoord.text
    terug = {"coding": [{"system": codestelsel("taakstatus"), "code": "ingediend"}]}
    antwoord = await consulent.put(
        f"Task/{ids['taak']}",
        json={**taak, "status": "requested", "businessStatus": terug},
        headers={"if-match": 'W/"2"'},
    )
    assert (antwoord.status_code, code(antwoord)) == (422, ["fase-kan-niet"])


async def test_de_houder_trekt_in_en_dan_valt_er_niets_meer_te_beslissen(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    ids = await dien_in(als)
    houder = als()
    taak = (await houder.get(f"Task/{ids['taak']}")).json()
    antwoord = await houder.put(
        f"Task/{ids['taak']}", json={**taak, "status": "cancelled"}, headers={"if-match": 'W/"1"'}
    )
    assert antwoord.status_code == 200, antwoord.text
    assert antwoord.json()["businessStatus"]["coding"][0]["code"] == "ingetrokken"
    m = await wereld.momentopname()
    assert m.get("Consent", ids["levering"]).inhoud["status"] == "inactive"
    antwoord = await als(rol="verstrekker").post(f"Task/{ids['taak']}/{BESLIS}", json=parameters("doorgezet"))
    assert antwoord.status_code in (404, 422)


async def test_een_voorstel_van_een_ander_gaat_nooit_vanzelf_in(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    ids = await dien_in(als)
    eigen = (await wereld.momentopname()).get("Consent", ids["levering"]).inhoud
    vreemd = {**eigen, "id": "voorstel-leverancier"}
    await wereld.zet(HOUDER, vreemd, auteur="PractitionerRole/adviseur-lot")
    assert (await als(rol="verstrekker").post(f"Task/{ids['taak']}/{BESLIS}", json=parameters("doorgezet"))).is_success
    assert (await wereld.momentopname()).get("Consent", "voorstel-leverancier").inhoud["status"] == "proposed"
