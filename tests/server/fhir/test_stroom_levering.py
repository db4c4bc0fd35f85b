"""De leverancier voert de opdracht uit met zijn eigen app: stappen melden, leveren, en wat dat in het paspoort doet."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from paspoort.fhir.stelsels import BSN, codestelsel, extension
from tests import stroomwereld as s
from tests.conftest import GEMEENTE, HOUDER, LEVERANCIER
from tests.server.fhir.test_stroom_beslis import code, dien_in, parameters

DEVICE, GEBRUIK = "urn:uuid:00000000-0000-4000-8000-00000000000a", "urn:uuid:00000000-0000-4000-8000-00000000000b"


def fase(naam: str) -> dict[str, Any]:
    return {"coding": [{"system": codestelsel("taakstatus"), "code": naam}]}


def uitvoer(naam: str, **waarde: Any) -> dict[str, Any]:
    return {"type": {"coding": [{"system": codestelsel("taakinvoer"), "code": naam}]}, **waarde}


async def opdracht(als: Any, wereld: Any) -> tuple[Any, dict[str, Any], dict[str, str]]:
    """De gemeente heeft doorgezet; geeft de app van de leverancier, zijn opdracht en de ids."""
    await s.vul(wereld)
    ids = await dien_in(als)
    antwoord = await als(rol="verstrekker").post(f"Task/{ids['taak']}/$beslis", json=parameters("doorgezet"))
    assert antwoord.status_code == 200, antwoord.text
    app = als(rol="leverancier", soort="app", functie=None, account=None, client_id="app", scopes="system/*.cruds")
    (regel,) = (await app.get(f"Task?owner=Organization/{LEVERANCIER}")).json()["entry"]
    return app, regel["resource"], ids


async def stap(app: Any, taak: dict[str, Any], naam: str, status: str = "in-progress", **meer: Any) -> Any:
    inhoud = {**taak, "status": status, "businessStatus": fase(naam), **meer}
    return await app.put(f"Task/{taak['id']}", json=inhoud)


def levering(taak: dict[str, Any], *, met_gebruik: bool) -> dict[str, Any]:
    nieuw = {k: v for k, v in s.apparaat(serialNumber="SN-2").items() if k != "id"}
    klaar = {
        **taak,
        "status": "completed",
        "businessStatus": fase("geleverd"),
        "output": [*taak.get("output", []), uitvoer("nieuw-hulpmiddel", valueReference={"reference": DEVICE})],
    }
    regels = [
        {"fullUrl": DEVICE, "resource": nieuw, "request": {"method": "POST", "url": "Device"}},
        {"resource": klaar, "request": {"method": "PUT", "url": f"Task/{taak['id']}"}},
    ]
    if met_gebruik:
        gebruik = {
            "resourceType": "DeviceUseStatement",
            "status": "active",
            "subject": s.WIE,
            "device": {"reference": DEVICE},
            "timingPeriod": {"start": "2026-11-20"},
        }
        regels.insert(
            1, {"fullUrl": GEBRUIK, "resource": gebruik, "request": {"method": "POST", "url": "DeviceUseStatement"}}
        )
    return {"resourceType": "Bundle", "type": "transaction", "entry": regels}


async def test_de_leverancier_meldt_zijn_stappen_en_gaat_niet_terug(als: Any, wereld: Any) -> None:
    app, taak, _ = await opdracht(als, wereld)
    verwacht = [uitvoer("verwachte-datum", valueDate="2026-12-01")]
    antwoord = await stap(app, taak, "passing-gepland", output=verwacht)
    assert antwoord.status_code == 200, antwoord.text
    taak = antwoord.json()
    terug = await stap(app, taak, "contact-gelegd")
    assert (terug.status_code, code(terug)) == (422, ["fase-kan-niet"])
    mis = await stap(app, taak, "gepast", status="completed")
    assert (mis.status_code, code(mis)) == (422, ["taak-status-past-niet"])
    houder = (await als().get(f"Task/{taak['id']}")).json()
    assert houder["output"] == verwacht


async def test_de_afspraken_in_de_opdracht_verandert_de_leverancier_niet(als: Any, wereld: Any) -> None:
    app, taak, _ = await opdracht(als, wereld)
    antwoord = await stap(app, taak, "besteld", input=taak["input"][:1])
    assert antwoord.status_code == 403
    tekst = await stap(app, taak, "besteld", description="Verzonnen spierziekte")
    assert tekst.status_code == 422


async def test_geleverd_zonder_hulpmiddel_kan_niet(als: Any, wereld: Any) -> None:
    app, taak, _ = await opdracht(als, wereld)
    antwoord = await stap(app, taak, "geleverd", status="completed")
    assert (antwoord.status_code, code(antwoord)) == (422, ["levering-zonder-hulpmiddel"])


@pytest.mark.parametrize("met_gebruik", [True, False])
async def test_na_de_levering_staat_het_nieuwe_er_en_eindigt_het_oude(als: Any, wereld: Any, met_gebruik: bool) -> None:
    app, taak, ids = await opdracht(als, wereld)
    antwoord = await app.post("", json=levering(taak, met_gebruik=met_gebruik))
    assert antwoord.status_code == 200, antwoord.text
    m = await wereld.momentopname()
    oud = m.get("DeviceUseStatement", "gebruik-yvonne")
    assert oud.inhoud["status"] == "completed"
    assert oud.inhoud["timingPeriod"]["end"]
    (nieuw,) = (v for v in m.van_type("DeviceUseStatement") if v.id != "gebruik-yvonne")
    namen = {e["url"].rsplit("/", 1)[1] for e in nieuw.inhoud["extension"]}
    assert {"toekenning", "verstrekker", "verstrekkingsvorm", "vervangt"} <= namen
    middel = m.get("Device", nieuw.inhoud["device"]["reference"].removeprefix("Device/"))
    assert (middel.inhoud["serialNumber"], middel.herkomst) == ("SN-2", "bron")
    klaar = m.get("Task", taak["id"]).inhoud
    assert "nieuw-gebruik" in json.dumps(klaar["output"])
    assert m.get("Consent", ids["levering"]).inhoud["provision"]["period"]["end"] < "2099"
    lopend = await als().get("DeviceUseStatement?status=active&_include=DeviceUseStatement:device")
    assert {e["resource"]["id"] for e in lopend.json()["entry"]} == {nieuw.id, middel.id}
    terug = await stap(app, klaar, "besteld")
    assert terug.status_code in (403, 422)


async def test_de_leverancier_bewaart_alleen_wat_hij_zag(als: Any, wereld: Any) -> None:
    app, taak, _ = await opdracht(als, wereld)
    assert (await app.post("", json=levering(taak, met_gebruik=False))).status_code == 200
    eigen = await wereld.opslag.momentopname(f"org-{LEVERANCIER}")
    (document,) = eigen.van_type("DocumentReference")
    assert (await app.get(f"DocumentReference/{document.id}")).status_code == 200
    for binary in eigen.van_type("Binary"):
        inhoud = base64.b64decode(binary.inhoud["data"])
        for geheim in (s.GEHEIM, BSN, "999911120", "besluit-2019"):
            assert geheim.encode() not in inhoud
        if binary.inhoud["contentType"].startswith("application/fhir"):
            soorten_erin = [r["resource"]["resourceType"] for r in json.loads(inhoud)["entry"]]
            assert soorten_erin[:3] == ["Task", "Device", "DeviceUseStatement"]
    soorten = [p["resource"] for p in (await als().get("Provenance")).json()["entry"]]
    geleverd = next(p for p in soorten if p["activity"]["coding"][0]["code"] == "geleverd")
    assert geleverd["agent"][0]["onBehalfOf"] == {"reference": f"Organization/{LEVERANCIER}"}


async def test_ingetrokken_toestemming_stopt_de_opdracht_niet(als: Any, wereld: Any) -> None:
    app, taak, ids = await opdracht(als, wereld)
    houder = als()
    eigen = (await houder.get(f"Consent/{ids['levering']}")).json()
    antwoord = await houder.put(f"Consent/{ids['levering']}", json={**eigen, "status": "inactive"})
    assert antwoord.status_code == 200, antwoord.text
    assert (await stap(app, taak, "besteld")).status_code == 200
    gezien = await app.get(f"Patient/{HOUDER}/$everything")
    assert "Condition" not in gezien.text
    gemeente = (await houder.get(f"Consent/{ids['gemeente']}")).json()
    assert (await houder.put(f"Consent/{ids['gemeente']}", json={**gemeente, "status": "inactive"})).is_success
    assert (await als(rol="verstrekker").get(f"Task/{ids['taak']}")).status_code == 404


async def test_een_toestemming_is_volledig_en_krijgt_een_einde(als: Any, wereld: Any) -> None:
    houder = als()
    goed = next(r["resource"] for r in s.inzending()["entry"] if r["resource"]["resourceType"] == "Consent")
    kaal = {k: v for k, v in goed["provision"].items() if k not in ("period", "actor", "purpose")}
    antwoord = await houder.post("Consent", json={**goed, "provision": kaal})
    assert (antwoord.status_code, code(antwoord)) == (422, ["toestemming-onvolledig", "toestemming-onvolledig"])
    provision = {k: v for k, v in goed["provision"].items() if k != "period"}
    antwoord = await houder.post("Consent", json={**goed, "provision": provision})
    assert antwoord.status_code == 201, antwoord.text
    assert antwoord.json()["provision"]["period"]["end"] > "2026"
    toezicht = [{"system": codestelsel("gegevensgroep"), "code": "toezicht"}]
    antwoord = await houder.post(
        "Consent", json={**goed, "provision": {**goed["provision"], "securityLabel": toezicht}}
    )
    assert antwoord.status_code == 422


async def test_een_verzoek_om_toestemming_van_een_partij_maakt_zij_niet_zelf_geldig(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    await wereld.deel(f"Organization/{GEMEENTE}", "herhaalverzoek", "contact", "verzoeken", "hulpmiddelen")
    goed = next(r["resource"] for r in s.inzending()["entry"] if r["resource"]["resourceType"] == "Consent")
    antwoord = await als(rol="verstrekker").post("Consent", json=goed)
    assert antwoord.status_code == 403


async def test_een_behandeling_hoort_bij_een_verstrekker_en_een_verzoek(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    houder = als()
    verzoek = (await houder.post("DeviceRequest", json=s.verzoek())).json()
    ander = {"reference": f"Organization/{LEVERANCIER}"}
    antwoord = await houder.post("Task", json=s.behandeling(f"DeviceRequest/{verzoek['id']}", owner=ander))
    assert (antwoord.status_code, code(antwoord)) == (422, ["behandelaar-onbekend"])
    antwoord = await houder.post("Task", json=s.behandeling("DeviceRequest/besluit-2019"))
    assert (antwoord.status_code, code(antwoord)) == (422, ["geen-verzoek"])
    antwoord = await houder.post("Task", json=s.behandeling(f"DeviceRequest/{verzoek['id']}"))
    assert antwoord.status_code == 201, antwoord.text
    assert antwoord.json()["restriction"]["period"]["end"]


async def test_een_signaal_van_de_leverancier_is_een_concept_zonder_uitslag(als: Any, wereld: Any) -> None:
    await opdracht(als, wereld)
    signaal = {**s.verzoek(), "status": "draft"}
    signaal["extension"] = [e for e in signaal["extension"] if e["url"] == extension("betreft")]
    antwoord = await als(rol="leverancier").post("DeviceRequest", json=signaal)
    assert antwoord.status_code == 201, antwoord.text
    versies = [v for v in (await wereld.momentopname()).van_type("DeviceRequest") if v.inhoud["status"] == "draft"]
    assert len(versies) == 1
    assert extension("toetsuitslag") not in json.dumps(versies[0].inhoud)
    echt = await als(rol="leverancier").post("DeviceRequest", json=s.verzoek())
    assert echt.status_code == 403
