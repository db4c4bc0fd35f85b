"""Wat een regel van een Bundle kan: voorwaarden, verwijzingen, patch, lezen; en dat een fout niets achterlaat."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paspoort.fhir.stelsels import BSN
from server.fhir.bundelverwijzingen import vul_in
from tests.schrijfwereld import codes, gebruik, stand

Json = dict[str, Any]
WIE = {"reference": "Patient/houder-yvonne"}
STELSEL = "http://voorbeeld.nl/serie"
UUID = "urn:uuid:11111111-1111-4111-8111-111111111111"
UUID2 = "urn:uuid:22222222-2222-4222-8222-222222222222"


@pytest.fixture
def dialect() -> str:
    """Dat een transactie samen vaststaat of niet, bewijst test_transactie op beide databases."""
    return "sqlite"


def regel(methode: str, url: str, inhoud: Json | None = None, full_url: str | None = None, **request: Any) -> Json:
    uit: Json = {"request": {"method": methode, "url": url, **request}}
    return uit | ({"resource": inhoud} if inhoud else {}) | ({"fullUrl": full_url} if full_url else {})


def bundel(*regels: Json, type: str = "transaction") -> Json:
    return {"resourceType": "Bundle", "type": type, "entry": list(regels)}


def apparaat(**velden: Any) -> Json:
    return {"resourceType": "Device", "status": "active", "patient": WIE, **velden}


def met_serie(serie: str, **velden: Any) -> Json:
    return apparaat(identifier=[{"system": STELSEL, "value": serie}], **velden)


def als_patch(*bewerkingen: Json) -> Json:
    data = base64.b64encode(json.dumps(bewerkingen).encode()).decode()
    return {"resourceType": "Binary", "contentType": "application/json-patch+json", "data": data}


def statussen(antwoord: Any) -> list[str]:
    assert antwoord.status_code == 200, antwoord.text
    return [r["response"]["status"] for r in antwoord.json()["entry"]]


def plaats(antwoord: Any, nummer: int) -> str:
    adres: str = antwoord.json()["entry"][nummer]["response"]["location"]
    return adres.split("/fhir/")[1].partition("/_history")[0]


# --- voorwaarden en patch


async def test_voorwaarden_en_een_patch_in_een_transactie(als: Any) -> None:
    client = als()
    vraag = f"identifier={STELSEL}|s-1"
    al = (await client.post("Device", json=met_serie("s-1"))).json()["id"]
    antwoord = await client.post(
        "",
        json=bundel(
            regel("POST", "Device", met_serie("s-1"), UUID, ifNoneExist=vraag),
            regel("POST", "DeviceUseStatement", gebruik(device={"reference": UUID})),
            regel("POST", "Device", met_serie("s-2"), ifNoneExist=f"identifier={STELSEL}|s-2"),
            regel("PUT", f"Device?identifier={STELSEL}|s-3", met_serie("s-3")),
            regel("PATCH", "Device/rolstoel-yvonne", als_patch({"op": "remove", "path": "/deviceName"}), ifMatch="*"),
        ),
    )
    assert statussen(antwoord) == ["200", "201", "201", "201", "200"]
    assert plaats(antwoord, 0) == f"Device/{al}"
    assert (await client.get(plaats(antwoord, 1))).json()["device"]["reference"] == f"Device/{al}"
    assert "deviceName" not in (await client.get("Device/rolstoel-yvonne")).json()
    weg = await client.post("", json=bundel(regel("DELETE", f"Device?identifier={STELSEL}|s-3")))
    assert statussen(weg) == ["204"]
    assert (await client.get(plaats(antwoord, 3))).status_code == 410


async def test_een_verwijzing_mag_een_zoekvraag_zijn(als: Any, wereld: Any) -> None:
    await wereld.deel(
        "Organization/gemeente-veldkant", "onderzoek", "contact", "persoon", "bsn", "hulpmiddelen", "besluiten"
    )
    client = als(rol="verstrekker")
    op_bsn = {"reference": f"Patient?identifier={BSN}|999911120"}
    device = {"reference": "Device?type=11A03"}
    antwoord = await client.post(
        "", json=bundel(regel("POST", "DeviceUseStatement", gebruik(subject=op_bsn, device=device)))
    )
    assert statussen(antwoord) == ["201"]
    gemaakt = (await client.get(plaats(antwoord, 0))).json()
    assert (gemaakt["subject"], gemaakt["device"]) == (WIE, {"reference": "Device/rolstoel-yvonne"})
    voor = await stand(wereld)
    for wie, wat in (
        ("999998298", "subject"),  # bestaat, maar buiten zicht
        ("123456782", "subject"),
        ("999911120", "device"),
    ):
        anders = {"subject": {"reference": f"Patient?identifier={BSN}|{wie}"}, "device": {"reference": "Device?type=x"}}
        slecht = await client.post("", json=bundel(regel("POST", "DeviceUseStatement", gebruik(**anders))))
        assert (slecht.status_code, codes(slecht)) == (
            422,
            {("referentie-onbekend", f"Bundle.entry[0].resource.{wat}")},
        )
    await als().post("Device", json=apparaat(type={"text": "x"}))
    meer = await als().post(
        "", json=bundel(regel("POST", "DeviceUseStatement", gebruik(device={"reference": "Device?status=active"})))
    )
    assert (meer.status_code, codes(meer)) == (412, {("voorwaarde-meer", "Bundle.entry[0].resource.device")})
    assert await stand(wereld) == voor + 1


@pytest.mark.parametrize(
    "full_url",
    [UUID, "urn:oid:1.2.840.99", "http://elders.example/fhir/Device/7", "https://elders.example/r4/Device/a"],
)
async def test_elke_volledige_full_url_verbindt_regels(als: Any, full_url: str) -> None:
    client = als()
    antwoord = await client.post(
        "",
        json=bundel(
            regel("POST", "DeviceUseStatement", gebruik(device={"reference": full_url})),
            regel("POST", "Device", apparaat(), full_url),
        ),
    )
    gemaakt = (await client.get(plaats(antwoord, 0))).json()
    assert gemaakt["device"]["reference"] == plaats(antwoord, 1)


async def test_een_kort_adres_hoort_bij_de_full_url_van_zijn_regel(als: Any) -> None:
    client, elders = als(), "http://elders.example/fhir"
    antwoord = await client.post(
        "",
        json=bundel(
            regel(
                "POST",
                "DeviceUseStatement",
                gebruik(device={"reference": "Device/7"}),
                f"{elders}/DeviceUseStatement/1",
            ),
            regel("POST", "Device", apparaat(), f"{elders}/Device/7"),
        ),
    )
    assert (await client.get(plaats(antwoord, 0))).json()["device"]["reference"] == plaats(antwoord, 1)


def test_ook_een_verhaal_en_een_uri_gaan_mee_een_canonical_en_een_identifier_niet() -> None:
    inhoud = {
        "resourceType": "Basic",
        "text": {"div": f'<div><a href="{UUID}">x</a><img src="{UUID2}"/>{UUID}</div>'},
        "instantiatesCanonical": [UUID],
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": UUID}],
        "extension": [{"url": "http://x/y", "valueUri": UUID}],
    }
    uit = vul_in(inhoud, None, {UUID: "Device/1", UUID2: "Binary/2"})
    assert uit["text"]["div"] == f'<div><a href="Device/1">x</a><img src="Binary/2"/>{UUID}</div>'
    assert uit["extension"][0] == {"url": "http://x/y", "valueUri": "Device/1"}
    assert (uit["instantiatesCanonical"], uit["identifier"]) == (inhoud["instantiatesCanonical"], inhoud["identifier"])


# --- lezen in een bundel


async def test_lezen_in_een_bundel_kent_de_koppen_van_http(als: Any, wereld: Any) -> None:
    client = als()
    moment = (await wereld.momentopname()).get("Device", "rolstoel-yvonne").moment
    antwoord = await client.post(
        "",
        json=bundel(
            regel("GET", "Device/rolstoel-yvonne", ifNoneMatch='W/"1"'),
            regel("GET", "Device/rolstoel-yvonne", ifModifiedSince=moment),
            regel("GET", "Device/rolstoel-yvonne", ifModifiedSince="2001-01-01T00:00:00Z"),
            regel("HEAD", "Device/rolstoel-yvonne"),
            regel("GET", "http://test/fhir/Device/rolstoel-yvonne/_history/1"),
            regel("GET", "Device/_history?_count=1"),
            regel("GET", "Patient/houder-yvonne/$everything"),
            regel("GET", "StructureDefinition?_count=1"),
            regel("GET", "Device?status=active"),
        ),
    )
    assert statussen(antwoord) == ["304", "304", *["200"] * 7]
    regels = antwoord.json()["entry"]
    assert [("resource" in r) for r in regels] == [False, False, True, False, *[True] * 5]
    assert [r["resource"]["resourceType"] for r in regels[4:]] == ["Device", *["Bundle"] * 4]


async def test_een_leesvraag_die_mislukt_houdt_de_transactie_tegen(als: Any, wereld: Any) -> None:
    voor = await stand(wereld)
    for slecht in ("Device/weg", "Device/rolstoel-ander", "Device?kleur=rood", "Device/rolstoel-yvonne/_history/9"):
        for erbij in ([regel("POST", "Device", apparaat())], []):
            antwoord = await als().post("", json=bundel(*erbij, regel("GET", slecht)))
            assert antwoord.status_code in (400, 404)
            plek = f"Bundle.entry[{len(erbij)}].request.url"
            assert antwoord.json()["issue"][0]["expression"] == [plek]
    lees_weg = bundel(regel("DELETE", "Condition/diagnose-yvonne"), regel("GET", "Condition/diagnose-yvonne"))
    assert (await als().post("", json=lees_weg)).status_code == 400
    assert await stand(wereld) == voor


async def test_een_batch_antwoordt_per_regel_ook_als_een_regel_niet_te_lezen_is(als: Any) -> None:
    antwoord = await als().post(
        "",
        json=bundel(
            {},
            regel("GET", "Device/_history"),
            regel("POST", "Device/_search"),
            regel("POST", "Device/$validate", apparaat()),
            regel("PATCH", "Device/rolstoel-yvonne", als_patch({"op": "test", "path": "/status", "value": "x"})),
            regel("DELETE", "Condition/diagnose-yvonne"),
            regel("DELETE", "Condition/diagnose-yvonne"),
            regel("GET", "Onzin/1"),
            type="batch",
        ),
    )
    assert statussen(antwoord) == ["400", "200", "400", "200", "428", "204", "410", "400"]
    regels = antwoord.json()["entry"]
    assert regels[0]["response"]["outcome"]["issue"][0]["expression"] == ["Bundle.entry[0].request"]


# --- fouten


EIGEN = "Device/rolstoel-yvonne"
ZELFDE = regel("PUT", EIGEN, apparaat(id="rolstoel-yvonne"))
WEG_KLEUR = als_patch({"op": "remove", "path": "/kleur"})
LANGS_SERIE = regel("POST", "Device", met_serie("a"), ifNoneExist="identifier=a")


def met(regel_: Json, **request: Any) -> Json:
    return {**regel_, "request": {**regel_["request"], **request}}


@pytest.mark.parametrize(
    ("regels", "status", "code", "plek"),
    [
        ([met(ZELFDE, ifMatch='W/"9"')], 412, "versie-verouderd", "[0].resource"),
        ([met(ZELFDE, ifMatch="9")], 400, "kop-fout", "[0].request.ifMatch"),
        ([regel("PATCH", EIGEN, als_patch())], 428, "versie-nodig", "[0].resource"),
        ([regel("PATCH", EIGEN, WEG_KLEUR, ifMatch="*")], 422, "patch-pad", "[0].resource.kleur"),
        ([regel("PATCH", EIGEN, als_patch({"op": "x"}))], 400, "patch-vorm", "[0].resource.data[0].op"),
        ([regel("PATCH", EIGEN, {**WEG_KLEUR, "data": "!"})], 400, "patch-vorm", "[0].resource.data"),
        ([regel("PATCH", EIGEN, {**WEG_KLEUR, "contentType": "x/y"})], 415, "soort-patch", "[0].resource.contentType"),
        ([regel("DELETE", "Device?status=onbekend")], 404, "niet-gevonden", "[0].request.url"),
        ([regel("PUT", "Device?status=active", apparaat(id="x"))], 400, "id-anders", "[0].resource.id"),
        ([LANGS_SERIE, LANGS_SERIE], 400, "bundel-dubbel", "[1].request.ifNoneExist"),
        ([regel("PUT", "Device?status=active", apparaat()), met(ZELFDE)], 400, "bundel-dubbel", "[1].resource"),
        ([regel("POST", "Device", apparaat(), ifNoneExist="x=1")], 400, "zoek-onbekend", "[0].request.ifNoneExist"),
        ([regel("POST", f"{EIGEN}/$bevestig", apparaat())], 404, "niet-ondersteund", "[0].request"),
        ([met(ZELFDE, url="Device/rolstoel-ander")], 400, "id-anders", "[0].resource.id"),
    ],
)
async def test_een_fout_noemt_haar_regel_en_laat_niets_achter(
    als: Any, wereld: Any, regels: list[Json], status: int, code: str, plek: str
) -> None:
    voor = await stand(wereld)
    antwoord = await als().post("", json=bundel(*regels, regel("POST", "Device", apparaat())))
    assert (antwoord.status_code, codes(antwoord)) == (status, {(code, f"Bundle.entry{plek}")}), antwoord.text
    assert await stand(wereld) == voor


async def test_alle_fouten_van_alle_regels_komen_samen(als: Any) -> None:
    antwoord = await als().post("", json=bundel(met(ZELFDE), regel("DELETE", "Device/weg")))
    assert codes(antwoord) == {
        ("versie-nodig", "Bundle.entry[0].resource"),
        ("niet-gevonden", "Bundle.entry[1].resource"),
    }


async def test_verborgen_en_onbekend_geven_in_een_transactie_hetzelfde(als: Any) -> None:
    client = als(rol="therapeut")
    antwoorden = []
    for id_ in ("rolstoel-ander", "rolstoel-niemand"):
        put = regel("PUT", f"Device/{id_}", apparaat(id=id_), ifMatch="*")
        zoek = regel("POST", "DeviceUseStatement", gebruik(device={"reference": "Device?status=active"}))
        antwoorden.append(await client.post("", json=bundel(put, zoek)))
    assert antwoorden[0].content.replace(b"ander", b"niemand") == antwoorden[1].content
    assert antwoorden[0].status_code == antwoorden[1].status_code


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(6)))
async def test_de_volgorde_van_de_regels_maakt_niet_uit(als: Any, volgorde: list[int]) -> None:
    client = als()
    weg = (await client.post("Device", json=met_serie("weg"))).json()["id"]
    heden = f"Device?identifier={STELSEL}|weg,{STELSEL}|nieuw,{STELSEL}|zo"
    regels = [
        regel("GET", heden),
        regel("PATCH", EIGEN, als_patch({"op": "add", "path": "/lotNumber", "value": "1"}), ifMatch="*"),
        regel("PUT", f"Device?identifier={STELSEL}|zo", met_serie("zo")),
        regel("POST", "DeviceUseStatement", gebruik(device={"reference": UUID})),
        regel("POST", "Device", met_serie("nieuw"), UUID),
        regel("DELETE", f"Device/{weg}"),
    ]
    antwoord = await client.post("", json=bundel(*(regels[n] for n in volgorde)))
    assert antwoord.status_code == 200, antwoord.text
    per_regel = dict(zip(volgorde, antwoord.json()["entry"], strict=True))
    series = {e["resource"]["identifier"][0]["value"] for e in per_regel[0]["resource"]["entry"]}
    assert series == {"nieuw", "zo"}  # gelezen na al het schrijven
    gemaakt = per_regel[3]["response"]["location"].split("/fhir/")[1].partition("/_history")[0]
    nieuw = per_regel[4]["response"]["location"].split("/fhir/")[1].partition("/_history")[0]
    assert (await client.get(gemaakt)).json()["device"]["reference"] == nieuw
    for adres in (gemaakt, nieuw):
        await client.delete(adres)


REGELS = st.sampled_from(
    [
        regel("POST", "Device", apparaat()),
        regel("POST", "Device", met_serie("z"), ifNoneExist=f"identifier={STELSEL}|z"),
        regel("PUT", f"Device?identifier={STELSEL}|y", met_serie("y")),
        regel("PATCH", "Device/rolstoel-yvonne", als_patch({"op": "remove", "path": "/note"}), ifMatch="*"),
        regel("DELETE", "Condition/diagnose-yvonne"),
        regel("POST", "Device", apparaat(status="kapot")),
        regel("POST", "DeviceUseStatement", gebruik(device={"reference": "Device/weg"})),
        regel("GET", "Device/rolstoel-yvonne"),
        regel("GET", "Device/weg"),
    ]
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(REGELS, min_size=1, max_size=5, unique_by=json.dumps))
async def test_een_transactie_doet_alles_of_niets(als: Any, wereld: Any, regels: list[Json]) -> None:
    voor = await wereld.momentopname()
    antwoord = await als().post("", json=bundel(*regels))
    na = await wereld.momentopname()
    if antwoord.status_code == 200:
        assert all(r["response"]["status"] < "400" for r in antwoord.json()["entry"])
        assert len(antwoord.json()["entry"]) == len(regels)
    else:
        assert antwoord.json()["resourceType"] == "OperationOutcome"
        assert na.volgnummer == voor.volgnummer
