"""read, vread, history en $everything langs HTTP: wat te zien is, en precies toegang.md §6 als het dat niet is."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from paspoort.fhir.stelsels import BSN
from server.store.passports import Opslag

ADRESSEN = [
    "Patient/houder-yvonne",
    "Device/rolstoel-yvonne",
    "Device/rolstoel-yvonne/_history/1",
    "Device/rolstoel-yvonne/_history",
    "Patient/houder-yvonne/$everything",
]


@pytest.mark.parametrize("adres", [*ADRESSEN, "Device?patient=houder-yvonne", "Organization"])
async def test_anoniem_krijgt_401_en_niets_anders(anoniem: httpx.AsyncClient, adres: str) -> None:
    antwoord = await anoniem.get(adres)
    assert antwoord.status_code == 401
    assert antwoord.headers["www-authenticate"].startswith("Bearer")
    assert antwoord.json()["issue"][0]["code"] == "login"


@pytest.mark.parametrize("adres", [*ADRESSEN, "Device?patient=houder-yvonne"])
async def test_zonder_scope_is_het_403_ook_als_er_niets_is(als: Any, adres: str) -> None:
    client = als(scopes="patient/Goal.rs")
    bestaand, onbekend = await client.get(adres), await client.get(adres.replace("yvonne", "niemand"))
    assert bestaand.status_code == onbekend.status_code == 403
    assert "insufficient_scope" in bestaand.headers["www-authenticate"]
    assert bestaand.content == onbekend.content


@pytest.mark.parametrize("adres", ADRESSEN)
async def test_andermans_paspoort_is_byte_voor_byte_hetzelfde_als_niets(als: Any, adres: str) -> None:
    client = als()
    verborgen = await client.get(adres.replace("yvonne", "ander"))
    onbekend = await client.get(adres.replace("yvonne", "bestaat-niet"))
    assert verborgen.status_code == onbekend.status_code == 404
    assert verborgen.content == onbekend.content
    assert dict(verborgen.headers) == dict(onbekend.headers)


@pytest.mark.parametrize("adres", ADRESSEN)
async def test_na_het_intrekken_vindt_de_volgende_vraag_niets(als: Any, wereld: Any, adres: str) -> None:
    client = als(rol="therapeut")
    id_ = await wereld.deel("Organization/praktijk-handvat", "advies", "contact", "hulpmiddelen")
    assert (await client.get(adres)).status_code == 200
    await wereld.trek_in(id_)
    assert (await client.get(adres)).status_code == 404


async def test_de_houder_krijgt_de_bytes_zoals_ze_bewaard_zijn(als: Any, wereld: Any) -> None:
    antwoord = await als().get("Device/rolstoel-yvonne")
    versie = (await wereld.momentopname()).get("Device", "rolstoel-yvonne")
    assert antwoord.content == versie.tekst
    assert antwoord.headers["etag"] == 'W/"1"'
    assert antwoord.headers["content-type"] == "application/fhir+json; charset=utf-8"
    assert antwoord.headers["last-modified"].endswith("GMT")
    gelijk = await als().get("Device/rolstoel-yvonne", headers={"if-none-match": 'W/"1"'})
    assert (gelijk.status_code, gelijk.content) == (304, b"")


async def test_een_gedeeltelijk_zicht_verliest_wat_niet_gedeeld_is(als: Any, wereld: Any) -> None:
    await wereld.deel("Organization/leverancier-rijdt", "levering", "contact", "eisen", "maten")
    antwoord = await als(rol="leverancier").get("Patient/houder-yvonne")
    assert antwoord.status_code == 200
    assert "name" in antwoord.json()
    assert "birthDate" not in antwoord.json()
    assert BSN not in antwoord.text
    assert antwoord.headers["etag"].startswith('W/"1-')


async def test_wie_gedeeltelijk_ziet_krijgt_geen_oudere_versie_en_een_geschiedenis_van_een(
    als: Any, wereld: Any
) -> None:
    patient = (await wereld.momentopname()).get("Patient", "houder-yvonne").inhoud
    await wereld.zet("houder-yvonne", {**patient, "telecom": [{"system": "phone", "value": "0612345678"}]})
    await wereld.deel("Organization/leverancier-rijdt", "levering", "contact")
    client = als(rol="leverancier")
    assert (await client.get("Patient/houder-yvonne/_history/1")).status_code == 404
    assert (await client.get("Patient/houder-yvonne/_history/2")).status_code == 200
    geschiedenis = (await client.get("Patient/houder-yvonne/_history")).json()
    assert [r["response"]["etag"] for r in geschiedenis["entry"]] == ['W/"2"']


async def test_de_geschiedenis_toont_alle_versies_nieuwste_eerst(als: Any, wereld: Any) -> None:
    client = als()
    apparaat = (await client.get("Device/rolstoel-yvonne")).json()
    await wereld.zet("houder-yvonne", {**apparaat, "status": "inactive"})
    bundel = (await client.get("Device/rolstoel-yvonne/_history")).json()
    assert (bundel["type"], bundel["total"]) == ("history", 2)
    assert [r["request"]["method"] for r in bundel["entry"]] == ["PUT", "POST"]
    oud = await client.get("Device/rolstoel-yvonne/_history/1")
    assert (oud.json()["status"], oud.headers["etag"]) == ("active", 'W/"1"')
    assert (await client.get("Device/rolstoel-yvonne/_history?_count=1")).json()["total"] == 2


@pytest.mark.parametrize("vid", ["0", "3", "abc", "-1", "99999999999"])
async def test_een_versie_die_er_niet_is_is_404(als: Any, vid: str) -> None:
    assert (await als().get(f"Device/rolstoel-yvonne/_history/{vid}")).status_code == 404


async def test_wat_verwijderd_is_is_410_voor_wie_het_zag_en_404_voor_een_ander(als: Any, wereld: Any) -> None:
    client = als()
    assert (await client.delete("Condition/diagnose-yvonne")).status_code == 204
    assert (await client.get("Condition/diagnose-yvonne")).status_code == 410
    assert (await client.get("Condition/diagnose-yvonne/_history/1")).status_code == 200
    assert (await client.get("Condition/diagnose-yvonne/_history/2")).status_code == 410
    bundel = (await client.get("Condition/diagnose-yvonne/_history")).json()
    assert [r["request"]["method"] for r in bundel["entry"]] == ["DELETE", "POST"]
    await wereld.deel("Organization/leverancier-rijdt", "levering", "contact")
    assert (await als(rol="leverancier").get("Condition/diagnose-yvonne")).status_code == 404
    assert (await als(patient="houder-ander").get("Condition/diagnose-yvonne")).status_code == 404


async def test_everything_geeft_het_hele_paspoort_met_de_patient_voorop(als: Any) -> None:
    bundel = (await als().get("Patient/houder-yvonne/$everything")).json()
    types = [r["resource"]["resourceType"] for r in bundel["entry"]]
    assert types[0] == "Patient"
    assert sorted(types) == ["Condition", "Device", "DeviceUseStatement", "Patient"]
    alleen = (await als().get("Patient/houder-yvonne/$everything?_type=Device,Condition")).json()
    assert {r["resource"]["resourceType"] for r in alleen["entry"]} == {"Device", "Condition"}
    assert (await als().get("Patient/houder-yvonne/$everything?_since=2199-01-01")).json()["total"] == 0


async def test_everything_geeft_alleen_types_die_het_token_mag_lezen(als: Any) -> None:
    bundel = (await als(scopes="patient/Patient.rs patient/Device.rs").get("Patient/houder-yvonne/$everything")).json()
    assert {r["resource"]["resourceType"] for r in bundel["entry"]} == {"Patient", "Device"}


@pytest.mark.parametrize(
    ("query", "plek"),
    [("_type=Nee", "_type"), ("_since=gisteren", "_since"), ("naam=x", "naam"), ("start=2020-13", "start")],
)
async def test_een_onbekende_parameter_van_everything_is_400(als: Any, query: str, plek: str) -> None:
    antwoord = await als().get(f"Patient/houder-yvonne/$everything?{query}")
    assert antwoord.status_code == 400
    assert antwoord.json()["issue"][0]["expression"] == [plek]


async def test_elke_lezing_en_weigering_staat_in_het_log_voor_het_antwoord(
    als: Any, opslag: Opslag, monkeypatch: pytest.MonkeyPatch
) -> None:
    gelogd: list[Any] = []
    echt = opslag.log

    async def log(regels: Any) -> None:
        await echt(regels)
        gelogd.extend(regels)

    monkeypatch.setattr(opslag, "log", log)
    client = als()
    await client.get("Device/rolstoel-yvonne")
    await client.get("Device/rolstoel-ander")
    await client.get("Device?kleur=rood", headers={"prefer": "handling=strict"})
    assert [(r.handeling, r.uitkomst, r.wat) for r in gelogd] == [
        ("read", "gelukt", ("Device/rolstoel-yvonne",)),
        ("read", "geweigerd", ("Device/rolstoel-ander",)),
        ("search-type", "mislukt", ()),
    ]
    assert gelogd[0].partitie == "houder-yvonne"
    assert gelogd[0].grond == "eigen"


async def test_mensen_zijn_alleen_te_zien_binnen_de_eigen_organisatie_of_een_gedeeld_paspoort(
    als: Any, wereld: Any
) -> None:
    houder = als(scopes="patient/*.cruds user/*.rs")
    assert (await als(rol="therapeut").get("PractitionerRole/therapeut-nienke")).status_code == 200
    assert (await als(rol="therapeut").get("PractitionerRole/consulent-karim")).status_code == 404
    assert (await houder.get("PractitionerRole/therapeut-nienke")).status_code == 404
    await wereld.deel("PractitionerRole/therapeut-nienke", "advies", "contact")
    assert (await houder.get("PractitionerRole/therapeut-nienke")).status_code == 200


async def test_de_houder_ziet_in_auditevent_wie_meekeek_en_een_organisatie_alleen_haar_eigen_handelingen(
    als: Any, wereld: Any
) -> None:
    await wereld.deel("Organization/praktijk-handvat", "advies", "contact", "hulpmiddelen")
    therapeut = als(rol="therapeut")
    await therapeut.get("Device/rolstoel-yvonne")
    await als(rol="leverancier").get("Device/rolstoel-yvonne")
    gezien = (await als().get("AuditEvent?patient=houder-yvonne&subtype=read")).json()
    wie = [(e["resource"]["agent"][0]["who"].get("reference"), e["resource"]["outcome"]) for e in gezien["entry"]]
    assert wie == [("PractitionerRole/adviseur-lot", "4"), ("PractitionerRole/therapeut-nienke", "0")]
    regel = gezien["entry"][1]["resource"]
    assert {"what": {"reference": "Device/rolstoel-yvonne"}} in regel["entity"]
    assert (await als().get(f"AuditEvent/{regel['id']}")).status_code == 200
    assert (await therapeut.get(f"AuditEvent/{regel['id']}")).status_code == 404  # toezicht: therapeut –
    assert (await als(patient="houder-ander").get(f"AuditEvent/{regel['id']}")).status_code == 404
    ander = (await als(patient="houder-ander").get("AuditEvent")).json()
    assert {e["resource"]["agent"][0]["who"]["reference"] for e in ander["entry"]} == {"Patient/houder-ander"}
    leverancier = (await als(rol="leverancier").get("AuditEvent?subtype=read")).json()
    assert {e["resource"]["agent"][0]["who"]["reference"] for e in leverancier["entry"]} == {
        "PractitionerRole/adviseur-lot"
    }
    assert (await als().get("AuditEvent?_include=AuditEvent:patient")).status_code == 400


async def test_auditevent_vraagt_een_eigen_scope(als: Any, anoniem: httpx.AsyncClient) -> None:
    assert (await anoniem.get("AuditEvent")).status_code == 401
    assert (await als(scopes="patient/Device.rs").get("AuditEvent")).status_code == 403
