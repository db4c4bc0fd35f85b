"""De rand van /fhir: adressen, koppen, soorten, maten; en dat tabel, routes en CapabilityStatement gelijk zijn."""

from __future__ import annotations

import logging
from typing import Any

import httpx
import pytest

from paspoort.fhir.validatie import Validator
from paspoort.fouten import TEKSTEN, Melding, PaspoortFout
from server.fhir import outcome
from server.fhir.gateway import INTERACTIES
from server.fhir.operations import OPERATIES
from server.fhir.router import INHOUD_HOOGSTENS, routes
from server.registry import DEFINITIETYPES, TYPES


async def test_wat_het_statement_zegt_is_wat_er_gerouteerd_wordt(anoniem: httpx.AsyncClient) -> None:
    statement = (await anoniem.get("metadata")).json()
    vorm = {
        "read": ("GET", "/{t}/{{id}}"),
        "vread": ("GET", "/{t}/{{id}}/_history/{{vid}}"),
        "history-instance": ("GET", "/{t}/{{id}}/_history"),
        "history-type": ("GET", "/{t}/_history"),
        "patch": ("PATCH", "/{t}/{{id}}"),
        "search-type": ("GET", "/{t}"),
        "create": ("POST", "/{t}"),
        "update": ("PUT", "/{t}/{{id}}"),
        "delete": ("DELETE", "/{t}/{{id}}"),
    }
    gezegd = {("POST", "/")}
    for resource in statement["rest"][0]["resource"]:
        naam = resource["type"]
        if naam in DEFINITIETYPES:
            continue
        for interactie in resource.get("interaction", []):
            methode, adres = vorm[interactie["code"]]
            gezegd.add((methode, adres.format(t=naam)))
            if interactie["code"] == "search-type":
                gezegd.add(("POST", f"/{naam}/_search"))
        if resource.get("conditionalUpdate"):
            gezegd.add(("PUT", f"/{naam}?"))
        if resource.get("conditionalDelete") == "single":
            gezegd.add(("DELETE", f"/{naam}?"))
        for operatie in resource.get("operation", []):
            rij = OPERATIES[operatie["name"]]
            for methode in rij.methodes:
                gezegd.add((methode, f"/{naam}/{{id}}/${rij.naam}"))
                if rij.op_type:
                    gezegd.add((methode, f"/{naam}/${rij.naam}"))
    assert gezegd == routes()


async def test_het_statement_is_zelf_geldig_en_heeft_elke_zoekparameter(anoniem: httpx.AsyncClient) -> None:
    antwoord = await anoniem.get("metadata")
    assert antwoord.headers["content-type"].startswith("application/fhir+json")
    statement = antwoord.json()
    assert statement["fhirVersion"] == "4.0.1"
    fouten = [m for m in Validator.laad().controleer(statement) if m.ernst == "error"]
    assert fouten == []
    per_type = {r["type"]: {p["name"] for p in r.get("searchParam", [])} for r in statement["rest"][0]["resource"]}
    for naam, soort in TYPES.items():
        if "search-type" in soort.interactions:
            assert {p.name for p in soort.search} <= per_type[naam]


async def test_elke_route_doet_iets_en_elke_andere_methode_is_405(als: Any) -> None:
    client = als(scopes="patient/*.cruds user/*.cruds")
    toegestaan = routes()
    for naam in TYPES:
        for methode in ("GET", "POST", "PUT", "DELETE", "PATCH"):
            for adres in ("/{t}", "/{t}/{{id}}", "/{t}/_history", "/{t}/{{id}}/_history"):
                sjabloon = adres.format(t=naam)
                antwoord = await client.request(methode, sjabloon.replace("{id}", "x").lstrip("/"))
                verwacht = (methode, sjabloon) in toegestaan
                if verwacht:
                    assert antwoord.status_code in (200, 400, 404), (methode, sjabloon, antwoord.text)
                else:
                    assert antwoord.status_code == 405, (methode, sjabloon, antwoord.text)


def test_elke_interactie_van_de_tabel_heeft_een_functie() -> None:
    assert {i for t in TYPES.values() for i in t.interactions} <= INTERACTIES.keys()


def test_elke_fout_heeft_een_status_en_elke_status_een_fout() -> None:
    assert outcome.STATUS.keys() == TEKSTEN.keys(), "zet de code in paspoort/fouten.py én in server/fhir/outcome.py"
    for status, issue in outcome.STATUS.values():
        assert 400 <= status < 600
        assert issue


def test_een_outcome_noemt_elke_fout_bij_zijn_element_in_twee_talen() -> None:
    fout = PaspoortFout(Melding("versie-nodig"), Melding("zoek-onbekend", "kleur", {"naam": "kleur"}))
    nl, en = outcome.als_outcome(fout.meldingen, "nl"), outcome.als_outcome(fout.meldingen, "en")
    assert [i.get("expression") for i in nl["issue"]] == [None, ["kleur"]]
    assert nl["issue"][0]["details"]["text"] != en["issue"][0]["details"]["text"]
    assert Validator.laad().controleer(nl) == []


@pytest.mark.parametrize(
    ("accept", "taal"),
    [
        ("en", "en"),
        ("nl-NL,en;q=0.5", "nl"),
        ("en-GB,nl;q=0.9", "en"),
        ("de,fr", "nl"),
        ("", "nl"),
        ("en;q=x,nl", "nl"),
        ("en;q=0", "nl"),
    ],
)
def test_de_taal_volgt_accept_language(accept: str, taal: str) -> None:
    assert outcome.taal_van(accept) == taal


async def test_het_antwoord_is_engels_voor_wie_dat_vraagt(als: Any) -> None:
    antwoord = await als().get("Device/weg", headers={"accept-language": "en"})
    assert antwoord.json()["issue"][0]["details"]["text"] == "Not found."


@pytest.mark.parametrize(
    ("kop", "status"),
    [
        ("application/fhir+json", 200),
        ("application/json", 200),
        ("*/*", 200),
        ("application/fhir+xml", 200),
        ("text/html", 406),
        ("application/fhir+xml, application/fhir+json;q=0.5", 200),
        ("image/png", 406),
        ("onzin", 406),
    ],
)
async def test_wij_antwoorden_alleen_in_fhir(als: Any, kop: str, status: int) -> None:
    assert (await als().get("Device/rolstoel-yvonne", headers={"accept": kop})).status_code == status


@pytest.mark.parametrize(
    ("vorm", "status"), [("json", 200), ("application/fhir%2Bjson", 200), ("xml", 200), ("ttl", 406), ("html", 406)]
)
async def test_format_gaat_voor_accept(als: Any, vorm: str, status: int) -> None:
    antwoord = await als().get(f"Device/rolstoel-yvonne?_format={vorm}", headers={"accept": "text/html"})
    assert antwoord.status_code == status


@pytest.mark.parametrize(
    "soort",
    [
        "text/turtle",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
        "application/fhir+json; charset=latin1",
    ],
)
async def test_een_andere_soort_inhoud_is_415(als: Any, soort: str) -> None:
    antwoord = await als().post("Device", content=b'{"resourceType":"Device"}', headers={"content-type": soort})
    assert antwoord.status_code == 415


async def test_zoeken_met_post_wil_een_formulier(als: Any) -> None:
    assert (await als().post("Device/_search", json={"status": "active"})).status_code == 415
    assert (await als().post("Device/_search", data={"status": "active"})).json()["total"] == 1
    assert (await als().post("Device/_search")).status_code == 200
    geweigerd = await als().get("Device/_search")
    assert (geweigerd.status_code, geweigerd.headers["allow"]) == (405, "POST")
    assert (await als().get("StructureDefinition/_search")).status_code == 405


async def test_te_groot_is_413_ook_als_de_lengte_er_niet_bij_staat(als: Any) -> None:
    client, koppen = als(), {"content-type": "application/fhir+json"}
    groot = b"x" * (INHOUD_HOOGSTENS + 1)

    async def in_stukken() -> Any:
        for begin in range(0, len(groot), 1 << 20):
            yield groot[begin : begin + (1 << 20)]

    assert (await client.post("Device", content=groot, headers=koppen)).status_code == 413
    assert (await client.post("Device", content=in_stukken(), headers=koppen)).status_code == 413
    assert (await client.post("Device/_search", data={"status": "x" * 70_000})).status_code == 413
    assert (await client.get("Device?status=" + "x" * 9000)).status_code == 414
    assert (await client.get("Device?status=" + "x" * 3000)).status_code == 400


@pytest.mark.parametrize(
    ("adres", "status"),
    [
        ("Onzin", 404),
        ("Onzin/1", 404),
        ("Device/1/2/3", 404),
        ("Device/met%20spatie", 404),
        ("Device/" + "x" * 65, 404),
        ("Device/%2e%2e%2fPatient", 404),
        ("Device/rolstoel-yvonne/$onzin", 404),
        ("Condition/$everything", 404),
        ("$everything", 404),
        ("Device?a=%ff", 400),
        ("Device?" + "&".join(f"a{n}=1" for n in range(101)), 400),
    ],
)
async def test_een_krom_adres_geeft_een_nette_fout(als: Any, adres: str, status: int) -> None:
    antwoord = await als().get(adres)
    assert antwoord.status_code == status, antwoord.text
    assert antwoord.json()["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize("kop", ["", "Bearer", "Bearer ", "Basic dXNlcjpwdw==", "Bearer verzonnen", "verzonnen"])
async def test_een_kromme_authorization_is_401(anoniem: httpx.AsyncClient, kop: str) -> None:
    antwoord = await anoniem.get("Device", headers={"authorization": kop})
    assert antwoord.status_code == 401
    assert antwoord.headers["www-authenticate"]


async def test_een_token_in_het_adres_telt_niet(anoniem: httpx.AsyncClient) -> None:
    assert (await anoniem.get("Device?access_token=x")).status_code == 401


async def test_antwoorden_worden_nergens_bewaard(als: Any) -> None:
    antwoord = await als().get("Patient/houder-yvonne")
    assert antwoord.headers["cache-control"] == "no-store"
    kop = await als().head("Patient/houder-yvonne")
    assert (kop.status_code, kop.content) == (200, b"")


async def test_een_onverwachte_fout_geeft_een_nummer_en_logt_niets_persoonlijks(
    als: Any, poort: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stuk(*_: Any) -> None:
        raise RuntimeError("geheim: 999911120 Yvonne")

    monkeypatch.setattr(poort.opslag, "partitie_van", stuk)
    monkeypatch.setattr(poort.opslag, "momentopname", stuk)
    with caplog.at_level(logging.DEBUG):
        antwoord = await als().get("Patient/houder-yvonne")
    assert antwoord.status_code == 500
    melding = antwoord.json()["issue"][0]["details"]["text"]
    eigen = [r.getMessage() for r in caplog.records if r.name == "hmp.fhir"]
    assert len(eigen) == 1
    assert "RuntimeError" in eigen[0]
    assert eigen[0].split()[1] in melding
    for tekst in (antwoord.text, caplog.text):
        assert "999911120" not in tekst
    assert "Yvonne" not in antwoord.text
    assert "geheim" not in caplog.text


async def test_validate_zegt_alles_en_bewaart_niets(als: Any, wereld: Any) -> None:
    voor = (await wereld.momentopname()).volgnummer
    client = als()
    goed = {"resourceType": "Device", "status": "active", "patient": {"reference": "Patient/houder-yvonne"}}
    antwoord = await client.post("Device/$validate", json=goed)
    assert antwoord.status_code == 200
    assert antwoord.json()["issue"][0]["severity"] == "information"
    slecht = await client.post("Device/$validate", json={**goed, "status": "kapot", "kleur": "rood"})
    assert slecht.status_code == 200
    plekken = {i["expression"][0] for i in slecht.json()["issue"] if i["severity"] == "error"}
    assert {"Device.status", "Device.kleur"} <= plekken
    parameters = {
        "resourceType": "Parameters",
        "parameter": [{"name": "resource", "resource": goed}, {"name": "mode", "valueCode": "create"}],
    }
    assert (await client.post("Device/$validate", json=parameters)).json()["issue"][0]["severity"] == "information"
    assert (await client.post("Device/$validate", json={"resourceType": "Goal"})).json()["issue"][0][
        "severity"
    ] == "error"
    assert (await wereld.momentopname()).volgnummer == voor


@pytest.mark.parametrize(
    ("query", "inhoud"),
    [
        ("", None),
        ("?mode=raar", {"resourceType": "Device"}),
        ("?kleur=rood", {"resourceType": "Device"}),
        ("", {"resourceType": "Parameters", "parameter": [{"name": "raar", "valueCode": "x"}]}),
        ("", {"resourceType": "Parameters", "parameter": [{"name": "resource", "valueCode": "x"}]}),
        ("", {"resourceType": "Parameters"}),
    ],
)
async def test_validate_zonder_iets_om_na_te_kijken_is_400(als: Any, query: str, inhoud: Any) -> None:
    assert (await als().post(f"Device/$validate{query}", json=inhoud)).status_code == 400
