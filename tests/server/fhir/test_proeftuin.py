"""De proeftuin: een vreemde client maakt wat hij nodig heeft, ziet alleen dat, en loopt niet vol."""

from __future__ import annotations

from typing import Any

import pytest

from server.fhir import proeftuin
from server.store.passports import Opslag

PATIENT = {"resourceType": "Patient", "name": [{"text": "Proef Persoon"}]}
ROLSTOEL = {
    "resourceType": "Device",
    "status": "active",
    "deviceName": [{"name": "Rolstoel", "type": "user-friendly-name"}],
}


async def maak(client: Any, inhoud: dict[str, Any]) -> str:
    antwoord = await client.post(inhoud["resourceType"], json=inhoud)
    assert antwoord.status_code == 201, antwoord.text
    return str(antwoord.json()["id"])


async def test_een_hulpmiddel_zonder_patient_is_van_de_app_die_het_maakte(als: Any) -> None:
    proef, ander = als(rol="proef"), als(rol="proef", client_id="andere-app")
    id_ = await maak(proef, ROLSTOEL)
    assert (await proef.get(f"Device/{id_}")).json()["deviceName"][0]["name"] == "Rolstoel"
    for wie in (ander, als(rol="leverancier"), als(rol="verstrekker"), als(rol="houder")):
        assert (await wie.get(f"Device/{id_}")).status_code == 404
    gevonden = (await proef.get("Device", params={"_id": id_})).json()
    assert [r["resource"]["id"] for r in gevonden["entry"]] == [id_]
    assert (await proef.delete(f"Device/{id_}")).status_code == 204
    assert (await proef.get(f"Device/{id_}")).status_code == 410


async def test_het_eerste_gebruik_bindt_het_losse_hulpmiddel_aan_het_testpaspoort(als: Any) -> None:
    proef = als(rol="proef")
    device, patient, tweede = await maak(proef, ROLSTOEL), await maak(proef, PATIENT), await maak(proef, PATIENT)
    gebruik = {
        "resourceType": "DeviceUseStatement",
        "status": "active",
        "subject": {"reference": f"Patient/{patient}"},
        "device": {"reference": f"Device/{device}"},
    }
    await maak(proef, gebruik)
    assert (await proef.get(f"Device/{device}")).json()["patient"] == {"reference": f"Patient/{patient}"}
    dubbel = await proef.post("DeviceUseStatement", json={**gebruik, "subject": {"reference": f"Patient/{tweede}"}})
    assert dubbel.status_code == 422
    assert dubbel.json()["issue"][0]["details"]["coding"][0]["code"] == "hulpmiddel-gebonden"


async def test_alleen_een_hulpmiddel_kan_zonder_patient(als: Any) -> None:
    maat = {"resourceType": "Observation", "status": "final", "code": {"text": "zitbreedte"}}
    antwoord = await als(rol="proef").post("Observation", json=maat)
    assert antwoord.status_code in (400, 422) and "subject" in str(antwoord.json()["issue"])


async def test_zoeken_gaat_over_alle_eigen_testpaspoorten_met_bladzijden(als: Any) -> None:
    proef = als(rol="proef")
    patienten = [await maak(proef, PATIENT) for _ in range(3)]
    for patient in patienten:
        await maak(proef, {**ROLSTOEL, "patient": {"reference": f"Patient/{patient}"}})
    los = await maak(proef, ROLSTOEL)
    bundel = (await proef.get("Device", params={"status": "active", "_count": "3"})).json()
    volgende = next(x["url"] for x in bundel["link"] if x["relation"] == "next")
    assert volgende.endswith("&_count=3"), "er zijn clients die anders zelf een aantal aan de link hangen"
    rest = (await proef.get(volgende)).json()
    ids = [r["resource"]["id"] for r in [*bundel["entry"], *rest["entry"]]]
    assert len(set(ids)) == 4 and los in ids
    een = (await proef.get(volgende.replace("_count=3", "_count=1000"))).json()
    assert een["entry"] == rest["entry"]
    assert (await proef.get(volgende + "&status=active")).status_code == 400


async def test_alles_van_een_testpaspoort_in_een_vraag(als: Any) -> None:
    proef = als(rol="proef")
    patient = await maak(proef, PATIENT)
    device = await maak(proef, {**ROLSTOEL, "patient": {"reference": f"Patient/{patient}"}})
    await maak(proef, ROLSTOEL)
    gevonden = (await proef.get(f"Patient/{patient}/*")).json()
    assert device in {r["resource"]["id"] for r in gevonden["entry"]} and gevonden["total"] <= 2


async def test_een_mislukte_eerste_schrijfactie_houdt_geen_plaats_bezet(
    als: Any, opslag: Opslag, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proeftuin, "PASPOORTEN_HOOGSTENS", 2)
    proef = als(rol="proef")

    async def stuk(*_: object, **__: object) -> None:
        raise OSError("de schijf is vol")

    with monkeypatch.context() as even:
        even.setattr(Opslag, "schrijf", stuk)
        for _ in range(2):
            assert (await proef.post("Patient", json=PATIENT)).status_code == 500
    assert len(await opslag.testpartities("proef-app")) == 2
    assert (await proef.post("Patient", json=PATIENT)).status_code == 422, "misschien schrijft iemand daar nog"
    monkeypatch.setattr(proeftuin, "BEZIG_SECONDEN", -5)
    nieuw = await maak(proef, PATIENT)
    assert await opslag.testpartities("proef-app") == (nieuw,)


async def test_vol_is_vol_tot_er_een_verwijderd_is(als: Any, opslag: Opslag, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proeftuin, "PASPOORTEN_HOOGSTENS", 3)
    proef = als(rol="proef")
    await maak(proef, ROLSTOEL)  # telt niet als paspoort
    ids = [await maak(proef, PATIENT) for _ in range(3)]
    vol = await proef.post("Patient", json=PATIENT)
    assert vol.status_code == 422
    assert vol.json()["issue"][0]["details"]["coding"][0]["code"] == "proef-vol"
    assert await maak(als(rol="proef", client_id="andere-app"), PATIENT)
    assert (await proef.delete(f"Patient/{ids[1]}")).status_code == 204
    # Vooraf nakijken wist niets; pas wie echt schrijft, maakt plaats.
    assert (await proef.post("Patient/$validate?mode=create", json=PATIENT)).status_code == 200
    assert (await proef.get(f"Patient/{ids[1]}")).status_code == 410
    nieuw = await maak(proef, PATIENT)
    over = await opslag.testpartities("proef-app")
    assert nieuw in over and ids[1] not in over and len(over) == 3 + 1
    assert (await proef.get(f"Patient/{ids[1]}")).status_code == 404
