"""transaction en batch langs HTTP: alles of niets, één paspoort, en wat er mis kan zijn aan een Bundle."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

Json = dict[str, Any]
WIE = {"reference": "Patient/houder-yvonne"}
NIEUW = "urn:uuid:11111111-1111-4111-8111-111111111111"


def regel(methode: str, url: str, inhoud: Json | None = None, full_url: str | None = None, **request: Any) -> Json:
    uit: Json = {"request": {"method": methode, "url": url, **request}}
    if inhoud is not None:
        uit["resource"] = inhoud
    if full_url is not None:
        uit["fullUrl"] = full_url
    return uit


def bundel(*regels: Json, type: str = "transaction") -> Json:
    return {"resourceType": "Bundle", "type": type, "entry": list(regels)}


def apparaat(**velden: Any) -> Json:
    return {"resourceType": "Device", "status": "active", "patient": WIE, **velden}


def gebruik(device: str, **velden: Any) -> Json:
    return {
        "resourceType": "DeviceUseStatement",
        "status": "active",
        "subject": WIE,
        "device": {"reference": device},
        **velden,
    }


def codes(antwoord: httpx.Response) -> set[tuple[str, str]]:
    return {(i["details"]["coding"][0]["code"], (i.get("expression") or [""])[0]) for i in antwoord.json()["issue"]}


async def stand(wereld: Any) -> int:
    return int((await wereld.momentopname()).volgnummer)


async def test_anoniem_en_zonder_scope_gaan_niet(anoniem: httpx.AsyncClient, als: Any, wereld: Any) -> None:
    inhoud, voor = bundel(regel("POST", "Device", apparaat())), await stand(wereld)
    assert (await anoniem.post("", json=inhoud)).status_code == 401
    assert (await als(scopes="patient/*.rs").post("", json=inhoud)).status_code == 403
    alleen_device = als(scopes="patient/Device.cruds")
    beide = bundel(regel("POST", "Device", apparaat()), regel("GET", "Patient/houder-yvonne"))
    assert (await alleen_device.post("", json=beide)).status_code == 403
    assert await stand(wereld) == voor


async def test_andermans_paspoort_en_ingetrokken_toestemming(als: Any, wereld: Any) -> None:
    inhoud = bundel(regel("POST", "Device", apparaat()))
    assert (await als(patient="houder-ander").post("", json=inhoud)).status_code == 422
    id_ = await wereld.deel("Organization/praktijk-handvat", "advies", "contact", "hulpmiddelen")
    client = als(rol="therapeut")
    assert (await client.post("", json=inhoud)).status_code == 200
    await wereld.trek_in(id_)
    assert (await client.post("", json=inhoud)).status_code == 422


async def test_alles_komt_samen_met_verwijzingen_naar_wat_nog_geen_id_had(als: Any) -> None:
    client = als()
    antwoord = await client.post(
        "",
        json=bundel(
            regel("GET", "DeviceUseStatement?status=active"),
            regel("PUT", "Device/rolstoel-yvonne", apparaat(id="rolstoel-yvonne", status="inactive"), ifMatch='W/"1"'),
            regel("POST", "DeviceUseStatement", gebruik(NIEUW)),
            regel("POST", "Device", apparaat(), NIEUW),
            regel("DELETE", "Condition/diagnose-yvonne"),
        ),
    )
    assert antwoord.status_code == 200, antwoord.text
    regels = antwoord.json()["entry"]
    assert [r["response"]["status"] for r in regels] == ["200", "200", "201", "201", "204"]
    assert regels[0]["resource"]["total"] == 2  # GET komt na het schrijven
    nieuw = regels[3]["response"]["location"].split("/fhir/")[1].removesuffix("/_history/1")
    adres = regels[2]["response"]["location"].split("/fhir/")[1].removesuffix("/_history/1")
    assert (await client.get(adres)).json()["device"]["reference"] == nieuw
    assert (await client.get("Condition/diagnose-yvonne")).status_code == 410


async def test_return_representation_geeft_de_resources_mee(als: Any) -> None:
    antwoord = await als().post(
        "", json=bundel(regel("POST", "Device", apparaat())), headers={"prefer": "return=representation"}
    )
    assert antwoord.json()["entry"][0]["resource"]["resourceType"] == "Device"
    zonder = await als().post("", json=bundel(regel("POST", "Device", apparaat())))
    assert "resource" not in zonder.json()["entry"][0]


@pytest.mark.parametrize(
    ("slecht", "status", "plek"),
    [
        (regel("POST", "Device", apparaat(status="kapot")), 422, "Bundle.entry[1].resource.status"),
        (regel("POST", "Device", apparaat(kleur="rood")), 400, "Bundle.entry[1].resource.kleur"),
        (regel("POST", "DeviceUseStatement", gebruik("Device/weg")), 422, "Bundle.entry[1].resource.device"),
        (regel("POST", "DeviceUseStatement", gebruik(NIEUW)), 422, "Bundle.entry[1].resource.device"),
        (
            regel("POST", "Device", {**apparaat(), "patient": {"reference": "Patient/houder-ander"}}),
            422,
            "Bundle.entry[1].resource.patient",
        ),
        (regel("PUT", "Device/rolstoel-yvonne", apparaat(id="rolstoel-yvonne")), 428, ""),
        (regel("PUT", "Device/rolstoel-yvonne", apparaat(id="rolstoel-yvonne"), ifMatch='W/"9"'), 412, ""),
        (regel("PUT", "Device/weg", apparaat(id="weg"), ifMatch='W/"1"'), 405, ""),
        (regel("DELETE", "Device/rolstoel-ander"), 404, ""),
        (regel("DELETE", "Device/rolstoel-yvonne"), 409, "Bundle.entry[1].resource"),
        (regel("PUT", "Device/rolstoel-yvonne", apparaat(id="x"), ifMatch='W/"1"'), 400, "Bundle.entry[1].resource.id"),
        (regel("POST", "Goal", apparaat()), 400, "Bundle.entry[1].resource.resourceType"),
    ],
)
async def test_een_slechte_regel_houdt_alles_tegen(als: Any, wereld: Any, slecht: Json, status: int, plek: str) -> None:
    voor = await stand(wereld)
    antwoord = await als().post("", json=bundel(regel("POST", "Device", apparaat()), slecht))
    assert antwoord.status_code in ({400, 422} if status in (400, 422) else {status}), antwoord.text
    assert any(p.startswith(plek) for _, p in codes(antwoord)), antwoord.text
    assert await stand(wereld) == voor


@pytest.mark.parametrize(
    ("inhoud", "plek"),
    [
        ({"resourceType": "Bundle", "type": "searchset"}, "Bundle.type"),
        ({"resourceType": "Bundle"}, "Bundle.type"),
        ({"resourceType": "Device"}, "Bundle.resourceType"),
        ({"resourceType": "Bundle", "type": "transaction", "entry": {}}, "Bundle.entry"),
        ({"resourceType": "Bundle", "type": "transaction", "entry": [{}] * 501}, "Bundle.entry"),
        (bundel({}), "Bundle.entry[0].request"),
        (bundel({"request": "POST"}), "Bundle.entry[0].request"),
        (bundel(regel("TRACE", "Device/x")), "Bundle.entry[0].request.method"),
        (bundel(regel("PATCH", "Device/x")), "Bundle.entry[0].resource"),
        (bundel(regel("PATCH", "Device/x", apparaat())), "Bundle.entry[0].resource.resourceType"),
        (bundel(regel("POST", "Device/_search")), "Bundle.entry[0].request.url"),
        (bundel(regel("GET", "")), "Bundle.entry[0].request.url"),
        (bundel(regel("GET", "urn:uuid:11111111-1111-4111-8111-111111111111")), "Bundle.entry[0].request.url"),
        (bundel(regel("GET", "Device/x", ifModifiedSince="gisteren")), "Bundle.entry[0].request.ifModifiedSince"),
        (bundel(regel("GET", "Device/x", ifNoneMatch=3)), "Bundle.entry[0].request.ifNoneMatch"),
        (bundel(regel("POST", "Device", apparaat(), "rolstoel")), "Bundle.entry[0].fullUrl"),
        (bundel(regel("POST", "Device", apparaat(), "http://x/Device/1/_history/1")), "Bundle.entry[0].fullUrl"),
        (bundel(regel("POST", "Device/x/$validate", apparaat())), "Bundle.entry[0].request"),
        (bundel(regel("POST", "Device/x", apparaat())), "Bundle.entry[0].request.url"),
        (bundel(regel("PUT", "Device", apparaat())), "Bundle.entry[0].request.url"),
        (bundel(regel("DELETE", "Device?_count=1")), "Bundle.entry[0].request.url"),
        (bundel(regel("DELETE", "Device?status=inactive")), "Bundle.entry[0].request.url"),
        (bundel(regel("GET", "Nee/1")), "Bundle.entry[0].request.url"),
        (bundel(regel("GET", "https://elders.example/Device/1")), "Bundle.entry[0].request.url"),
        (bundel(regel("POST", "Device")), "Bundle.entry[0].resource"),
        (bundel(regel("POST", "Provenance", {"resourceType": "Provenance"})), "Bundle.entry[0].request"),
        (bundel(regel("POST", "Device", apparaat(), ifNoneExist="_sort=x")), "Bundle.entry[0].request.ifNoneExist"),
        (
            bundel(regel("POST", "Device", apparaat(), NIEUW), regel("POST", "Device", apparaat(), NIEUW)),
            "Bundle.entry[0].fullUrl",
        ),
        (
            bundel(regel("DELETE", "Condition/diagnose-yvonne"), regel("DELETE", "Condition/diagnose-yvonne")),
            "Bundle.entry[1].resource",
        ),
    ],
)
async def test_een_kromme_bundel_wijst_de_regel_aan(als: Any, wereld: Any, inhoud: Json, plek: str) -> None:
    voor = await stand(wereld)
    antwoord = await als().post("", json=inhoud)
    assert antwoord.status_code in (400, 404, 413)
    assert plek in {p for _, p in codes(antwoord)}, antwoord.text
    assert await stand(wereld) == voor


async def test_een_transactie_raakt_precies_een_paspoort(als: Any) -> None:
    proef = als(rol="proef")
    ids = [(await proef.post("Patient", json={"resourceType": "Patient"})).json()["id"] for _ in range(2)]
    regels = [regel("POST", "Device", apparaat(patient={"reference": f"Patient/{i}"})) for i in ids]
    antwoord = await proef.post("", json=bundel(*regels))
    assert (antwoord.status_code, codes(antwoord)) == (422, {("een-paspoort", "Bundle")})
    voor = (await proef.get("Patient")).json()["total"]
    twee = await proef.post("", json=bundel(*(regel("POST", "Patient", {"resourceType": "Patient"}) for _ in range(2))))
    assert (twee.status_code, codes(twee)) == (422, {("een-paspoort", "Bundle")})
    assert (await proef.get("Patient")).json()["total"] == voor


async def test_de_proeftuin_maakt_een_heel_paspoort_in_een_transactie(als: Any) -> None:
    ander = "urn:uuid:22222222-2222-4222-8222-222222222222"
    antwoord = await als(rol="proef").post(
        "",
        json=bundel(
            regel("POST", "DeviceUseStatement", gebruik(NIEUW, subject={"reference": ander})),
            regel("POST", "Device", apparaat(patient={"reference": ander}), NIEUW),
            regel("POST", "Patient", {"resourceType": "Patient", "name": [{"text": "Proef"}]}, ander),
        ),
    )
    assert antwoord.status_code == 200, antwoord.text
    id_ = antwoord.json()["entry"][2]["response"]["location"].split("/Patient/")[1].split("/")[0]
    alles = (await als(rol="proef").get(f"Patient/{id_}/$everything")).json()
    assert alles["total"] == 3


async def test_bij_een_batch_staat_elke_regel_op_zichzelf(als: Any) -> None:
    antwoord = await als().post(
        "",
        json=bundel(
            regel("GET", "Device/rolstoel-yvonne"),
            regel("GET", "Device/rolstoel-ander"),
            regel("POST", "Device", apparaat()),
            regel("POST", "Device", apparaat(status="kapot")),
            type="batch",
        ),
    )
    regels = antwoord.json()["entry"]
    assert antwoord.json()["type"] == "batch-response"
    assert [r["response"]["status"] for r in regels][:3] == ["200", "404", "201"]
    assert regels[3]["response"]["status"] in ("400", "422")
    assert regels[0]["resource"]["id"] == "rolstoel-yvonne"
    for nummer in (0, 2):
        assert regels[nummer]["response"]["lastModified"][:19] == regels[nummer]["resource"]["meta"]["lastUpdated"][:19]
    assert regels[1]["response"]["outcome"]["resourceType"] == "OperationOutcome"
