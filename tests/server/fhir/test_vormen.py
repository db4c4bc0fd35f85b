"""De vorm van een antwoord en van wat er binnenkomt: Accept, `_format`, `_pretty`, XML, gzip, HEAD, CORS, bestanden."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paspoort.fhir.fhirxml import naar_xml, uit_xml
from server.fhir import uitvoer
from tests.schrijfwereld import codes, maat, stand

ADRES = "Device/rolstoel-yvonne"
XML = "application/fhir+xml"
WIE = {"reference": "Patient/houder-yvonne"}


@pytest.fixture
def dialect() -> str:
    """De rand raakt de database niet."""
    return "sqlite"


# --- kiezen


@pytest.mark.parametrize(
    ("accept", "soort"),
    [
        ("application/fhir+json", "json"),
        ("application/json;q=0.2, application/fhir+xml;q=0.1", "json"),
        ("application/fhir+xml, application/fhir+json;q=0.9", "xml"),
        ("application/fhir+xml, application/fhir+json", "json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "xml"),
        ("*/*", "json"),
        ("application/*;q=0.5", "json"),
        ("application/fhir+json;q=0, */*", "json"),
        ("application/json;q=0, text/json;q=0, application/fhir+json;q=0, application/json+fhir;q=0, */*", "xml"),
        ("application/fhir+json; fhirVersion=4.0", "json"),
        ("application/fhir+json; fhirVersion=5.0", None),
        ("application/fhir+xml; fhirVersion=4.0; charset=utf-8", "xml"),
        ("application/fhir+json;q=0", None),
        ("application/fhir+json;q=veel", None),
        ("text/*", None),
        (",;,", None),
        ("", "json"),
    ],
)
async def test_accept_met_gewicht(als: Any, accept: str, soort: str | None) -> None:
    antwoord = await als().get(ADRES, headers={"accept": accept, "accept-charset": "iso-8859-1"})
    if soort is None:
        assert (antwoord.status_code, codes(antwoord)) == (406, {("antwoordsoort-onbekend", "Accept")})
    else:
        assert antwoord.headers["content-type"] == f"application/fhir+{soort}; charset=utf-8"


@pytest.mark.parametrize(
    ("query", "soort"),
    [
        ("_format=json", "json"),
        ("_format=xml", "xml"),
        ("_format=application/fhir%2Bxml", "xml"),
        ("_format=application/fhir+xml", "xml"),
        ("_format=text/xml", "xml"),
        ("_format=application/fhir%2Bjson%3BfhirVersion=4.0", "json"),
        ("_format=application/fhir%2Bjson%3BfhirVersion=3.0", None),
        ("_format=ttl", None),
        ("_format=", None),
    ],
)
async def test_format_in_elke_schrijfwijze(als: Any, query: str, soort: str | None) -> None:
    antwoord = await als().get(f"{ADRES}?{query}", headers={"accept": "text/html"})
    if soort is None:
        assert (antwoord.status_code, codes(antwoord)) == (406, {("antwoordsoort-onbekend", "_format")})
    else:
        assert antwoord.headers["content-type"].startswith(f"application/fhir+{soort}")


async def test_een_zoekformulier_kan_om_xml_vragen(als: Any) -> None:
    antwoord = await als().post("Device/_search", data={"status": "active", "_format": "xml"})
    assert (antwoord.status_code, antwoord.headers["content-type"].split(";")[0]) == (200, XML)
    assert uit_xml(antwoord.content)["total"] == 1


async def test_pretty_is_leesbaar_en_verandert_geen_getal(als: Any) -> None:
    client = als()
    tekst = json.dumps(maat()).replace('"status"', '"valueQuantity":{"value":42.50,"unit":"cm"},"status"', 1)
    gemaakt = await client.post("Observation", content=tekst, headers={"content-type": "application/fhir+json"})
    adres = f"Observation/{gemaakt.json()['id']}"
    netjes = await client.get(f"{adres}?_pretty=true")
    assert netjes.json() == gemaakt.json()
    assert b'\n  "status"' in netjes.content
    assert b"42.50" in netjes.content
    assert b"\n" not in (await client.get(f"{adres}?_pretty=false")).content
    assert (await client.get(f"{adres}?_pretty=mooi")).status_code == 400


# --- XML


async def test_xml_in_en_uit_bij_elke_interactie(als: Any) -> None:
    client = als()
    koppen = {"content-type": XML, "accept": XML}
    gemaakt = await client.post("Observation", content=naar_xml(maat()), headers=koppen)
    assert gemaakt.status_code == 201, gemaakt.text
    inhoud = uit_xml(gemaakt.content)
    adres = f"Observation/{inhoud['id']}"
    assert (await client.get(adres)).json() == inhoud
    gewijzigd = await client.put(adres, content=naar_xml({**inhoud, "status": "amended"}), headers=koppen)
    assert (gewijzigd.status_code, uit_xml(gewijzigd.content)["status"]) == (200, "amended")
    for vraag in (f"{adres}/_history", f"{adres}/_history/1", "Observation?status=amended", "Observation/_history"):
        antwoord = await client.get(vraag, headers={"accept": XML})
        assert antwoord.headers["content-type"].startswith(XML), vraag
        assert uit_xml(antwoord.content)["resourceType"] in ("Bundle", "Observation")
    bundel = {"resourceType": "Bundle", "type": "transaction"}
    bundel["entry"] = [{"resource": maat(), "request": {"method": "POST", "url": "Observation"}}]  # type: ignore[assignment]
    antwoord = await client.post("", content=naar_xml(bundel), headers=koppen)
    assert uit_xml(antwoord.content)["entry"][0]["response"]["status"] == "201"
    nagekeken = await client.post("Observation/$validate", content=naar_xml(maat()), headers=koppen)
    assert uit_xml(nagekeken.content)["resourceType"] == "OperationOutcome"
    weg = await client.get("Device/weg", headers={"accept": XML})
    assert (weg.status_code, uit_xml(weg.content)["resourceType"]) == (404, "OperationOutcome")


@pytest.mark.parametrize(
    ("data", "plek"),
    [
        (b"<Device", ""),
        (b'<Device xmlns="http://hl7.org/fhir"><kleur value="x"/></Device>', "Device.kleur"),
        (b'<Device xmlns="http://hl7.org/fhir"><status waarde="x"/></Device>', "Device.status"),
        (b'<Device xmlns="http://elders"/>', "Device"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><Device xmlns="http://hl7.org/fhir"/>', ""),
        (b'<Onzin xmlns="http://hl7.org/fhir"/>', "Onzin"),
        (b'<Device xmlns="http://hl7.org/fhir">tekst</Device>', "Device"),
    ],
)
async def test_kapotte_xml_is_400_bij_het_element(als: Any, wereld: Any, data: bytes, plek: str) -> None:
    voor = await stand(wereld)
    antwoord = await als().post("Device", content=data, headers={"content-type": XML})
    assert antwoord.status_code == 400, antwoord.text
    assert plek in {p for _, p in codes(antwoord)}
    assert await stand(wereld) == voor


@pytest.mark.parametrize(
    ("soort", "status"),
    [
        ("application/fhir+json; fhirVersion=4.0", 201),
        ("application/fhir+json; fhirVersion=4.0.1; charset=UTF-8", 201),
        ('application/fhir+json; charset="utf-8"', 201),
        ("application/json+fhir", 201),
        ("application/fhir+json; fhirVersion=3.0", 415),
        ("application/fhir+json; charset=utf-16", 415),
        ("application/fhir+turtle", 415),
    ],
)
async def test_de_soort_van_de_inhoud_met_haar_parameters(als: Any, soort: str, status: int) -> None:
    antwoord = await als().post("Observation", content=json.dumps(maat()), headers={"content-type": soort})
    assert antwoord.status_code == status, antwoord.text


async def test_een_samengeperste_inhoud_is_415(als: Any) -> None:
    koppen = {"content-type": "application/fhir+json", "content-encoding": "gzip"}
    antwoord = await als().post("Observation", content=gzip.compress(json.dumps(maat()).encode()), headers=koppen)
    assert (antwoord.status_code, codes(antwoord)) == (415, {("soort-onbekend", "Content-Encoding")})


async def test_wat_groot_is_komt_er_even_goed_uit(als: Any, wereld: Any) -> None:
    data = base64.b64encode(b"x" * 600_000).decode()
    groot = {"resourceType": "Binary", "id": "groot", "contentType": "x/y", "securityContext": WIE, "data": data}
    await wereld.zet("houder-yvonne", groot)
    koppen = {"accept": XML, "accept-encoding": "gzip"}
    assert uit_xml((await als().get("Binary/groot", headers=koppen)).content)["data"] == data


# --- gzip, HEAD, OPTIONS, CORS


async def test_gzip_alleen_als_het_gevraagd_is_en_loont(als: Any) -> None:
    client = als()
    groot, klein = "metadata", "Device/weg"
    kaal = await client.get(groot, headers={"accept-encoding": "identity"})
    gekrompen = await client.get(groot, headers={"accept-encoding": "br;q=1, gzip;q=0.5"})
    assert "content-encoding" not in kaal.headers
    assert gekrompen.headers["content-encoding"] == "gzip"
    assert gekrompen.content == kaal.content
    assert int(gekrompen.headers["content-length"]) < len(kaal.content) / 4
    for kop in ("gzip;q=0", "identity", "br", "", "gzip;q=0, *"):
        assert "content-encoding" not in (await client.get(groot, headers={"accept-encoding": kop})).headers
    assert "content-encoding" not in (await client.get(klein, headers={"accept-encoding": "gzip"})).headers
    kop = await client.head(groot, headers={"accept-encoding": "gzip"})
    assert (kop.content, int(kop.headers["content-length"])) == (b"", len(kaal.content))


@given(st.binary(max_size=3000))
def test_gzip_komt_er_weer_uit_en_zegt_niet_hoe_lang_het_was(data: bytes) -> None:
    assert gzip.decompress(uitvoer.gzip(data)) == data
    assert len({len(uitvoer.gzip(b"x" * 2000)) for _ in range(40)}) > 1


async def test_een_app_in_een_browser_mag_vragen(anoniem: httpx.AsyncClient, als: Any) -> None:
    koppen = {"origin": "https://app.example", "access-control-request-method": "PUT"}
    vooraf = await anoniem.options(ADRES, headers=koppen)
    assert (vooraf.status_code, vooraf.content) == (204, b"")
    assert vooraf.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in vooraf.headers
    for naam in ("authorization", "if-match", "prefer", "if-none-exist"):
        assert naam in vooraf.headers["access-control-allow-headers"].lower()
    for methode in ("PUT", "PATCH", "DELETE"):
        assert methode in vooraf.headers["access-control-allow-methods"]
    for antwoord in (await als().get(ADRES), await anoniem.get(ADRES), await als().get("Device/weg")):
        assert antwoord.headers["access-control-allow-origin"] == "*"
        assert "ETag" in antwoord.headers["access-control-expose-headers"]


@pytest.mark.parametrize("methode", ["TRACE", "LINK", "FOO", "PROPFIND"])
async def test_een_methode_die_fhir_niet_kent_is_405_met_allow(als: Any, methode: str) -> None:
    antwoord = await als().request(methode, ADRES)
    assert (antwoord.status_code, "GET" in antwoord.headers["allow"]) == (405, True)
    assert antwoord.json()["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize(
    ("methode", "adres", "status"),
    [
        ("GET", "Device/%zz", 400),
        ("GET", "Device/%ff%fe", 400),
        ("GET", "Device?status=%zz", 400),
        ("GET", "Device/" + "x" * 9000, 414),
        ("POST", f"{ADRES}/_search", 404),
        ("POST", ADRES, 405),
        ("POST", "_search", 404),
        ("GET", "_history", 404),
        ("GET", f"{ADRES}/Observation", 404),
        ("GET", "Patient/houder-yvonne/onzin", 404),
        ("DELETE", f"{ADRES}/_history", 405),
        ("DELETE", f"{ADRES}/_history/1", 405),
        ("PUT", "", 405),
    ],
)
async def test_elk_krom_adres_krijgt_een_antwoord_in_fhir(als: Any, methode: str, adres: str, status: int) -> None:
    antwoord = await als().request(methode, adres)
    assert (antwoord.status_code, antwoord.json()["resourceType"]) == (status, "OperationOutcome"), antwoord.text
    assert antwoord.headers["content-type"].startswith("application/fhir+json")


# --- voorwaardelijk lezen


async def test_wie_het_al_heeft_krijgt_304(als: Any, wereld: Any) -> None:
    client = als()
    laatst = (await client.get(ADRES)).headers["last-modified"]
    for kop, waarde, status in [
        ("if-none-match", 'W/"1"', 304),
        ("if-none-match", '"1"', 304),
        ("if-none-match", 'W/"7", W/"1"', 304),
        ("if-none-match", "*", 304),
        ("if-none-match", 'W/"2"', 200),
        ("if-modified-since", laatst, 304),
        ("if-modified-since", "Sat, 01 Jan 2000 00:00:00 GMT", 200),
        ("if-modified-since", "gisteren", 200),
    ]:
        assert (await client.get(ADRES, headers={kop: waarde})).status_code == status, (kop, waarde)
    beide = {"if-none-match": 'W/"2"', "if-modified-since": laatst}
    assert (await client.get(ADRES, headers=beide)).status_code == 200
    await wereld.deel("Organization/praktijk-handvat", "advies", "contact", "hulpmiddelen")
    therapeut = als(rol="therapeut")
    assert (await therapeut.get(ADRES, headers={"if-modified-since": laatst})).status_code == 200


# --- bestanden


async def test_een_bestand_gaat_rauw_in_en_uit(als: Any) -> None:
    client, data = als(), b"%PDF-1.7 \x00\xff"
    koppen = {"content-type": "application/pdf", "x-security-context": WIE["reference"]}
    gemaakt = await client.post("Binary", content=data, headers=koppen)
    assert gemaakt.status_code == 201, gemaakt.text
    inhoud = gemaakt.json()
    assert (inhoud["contentType"], base64.b64decode(inhoud["data"])) == ("application/pdf", data)
    assert inhoud["securityContext"] == WIE
    adres = f"Binary/{inhoud['id']}"
    for accept in ("application/pdf", "*/*", "application/*", "application/pdf, application/fhir+json;q=0.5"):
        rauw = await client.get(adres, headers={"accept": accept, "accept-encoding": "gzip"})
        assert (rauw.content, rauw.headers["content-type"]) == (data, "application/pdf"), accept
        assert rauw.headers["content-disposition"] == "attachment"
        assert rauw.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in rauw.headers["content-security-policy"]
        assert rauw.headers["etag"] == 'W/"1"'
    for accept in ("application/fhir+json", "application/fhir+json, */*;q=0.1", "application/json"):
        assert (await client.get(adres, headers={"accept": accept})).json() == inhoud
    assert uit_xml((await client.get(adres, headers={"accept": XML})).content)["data"] == inhoud["data"]
    assert (await client.get(f"{adres}?_format=json", headers={"accept": "*/*"})).json() == inhoud
    assert (await client.get(adres, headers={"accept": "image/png"})).status_code == 406
    assert (await client.get(f"{adres}/_history/1", headers={"accept": "*/*"})).content == data
    zelfde = await client.get(adres, headers={"accept": "*/*", "if-none-match": 'W/"1"'})
    assert (zelfde.status_code, zelfde.content) == (304, b"")
    weg = await client.get("Binary/weg", headers={"accept": "application/pdf"})
    assert (weg.status_code, weg.json()["resourceType"]) == (404, "OperationOutcome")


async def test_een_soort_van_een_ander_maakt_geen_kop_en_geen_bladzijde(als: Any, wereld: Any) -> None:
    kwaad = {
        "resourceType": "Binary",
        "id": "kwaad",
        "contentType": "text/html\r\nset-cookie: a=b",
        "securityContext": WIE,
        "data": base64.b64encode(b"<script>").decode(),
    }
    await wereld.zet("houder-yvonne", kwaad)
    antwoord = await als().get("Binary/kwaad", headers={"accept": "*/*"})
    assert antwoord.headers["content-type"] == "application/octet-stream"
    assert "set-cookie" not in antwoord.headers


@pytest.mark.parametrize(
    ("koppen", "status"),
    [
        ({"content-type": "application/pdf"}, 201),  # een houder heeft maar één paspoort
        ({"content-type": "application/pdf", "x-security-context": "Patient/houder-ander"}, 422),
        ({"content-type": "application/pdf", "x-security-context": "onzin"}, 422),
        ({"content-type": "geen soort"}, 415),
        ({"content-type": ""}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"content-type": "application/pdf", "if-none-exist": "_id=x"}, 400),
    ],
)
async def test_een_rauw_bestand_met_kromme_koppen(als: Any, koppen: dict[str, str], status: int) -> None:
    antwoord = await als().post("Binary", content=b"%PDF", headers=koppen)
    assert antwoord.status_code == status, antwoord.text
