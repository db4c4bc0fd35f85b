"""Wat over paspoorten heen te vinden is, volgt elke wijziging in dezelfde transactie."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from server.store import REGISTER, Opslag, Volgnummerbotsing, Wijziging, worklist

HMP = "http://hulpmiddelenpaspoort.nl/fhir/"
BSN = "http://fhir.nl/fhir/NamingSystem/bsn"


def taak(id: str, eigenaar: str, status: str = "requested", **extra: Any) -> Wijziging:
    inhoud = {
        "resourceType": "Task", "id": id, "status": status, "intent": "order", "owner": {"reference": eigenaar},
        "code": {"coding": [{"system": f"{HMP}CodeSystem/taaksoort", "code": "behandeling"}]}, **extra,
    }  # fmt: skip
    return Wijziging("Task", id, inhoud)


def toestemming(id: str, aan: str, status: str = "active", tot: str | None = "2030-01-01") -> Wijziging:
    provision: dict[str, Any] = {"type": "permit", "actor": [{"reference": {"reference": aan}}]}
    if tot:
        provision["period"] = {"end": tot}
    return Wijziging("Consent", id, {"resourceType": "Consent", "id": id, "status": status, "provision": provision})


@pytest_asyncio.fixture
async def met_functie(opslag: Opslag, paspoort: str, maak: Any) -> str:
    functie = {"resourceType": "PractitionerRole", "id": "pr1", "organization": {"reference": "Organization/org1"}}
    await maak.schrijf(opslag, REGISTER, Wijziging("PractitionerRole", "pr1", functie))
    return paspoort


async def test_een_taak_staat_in_de_werkvoorraad_van_haar_eigenaar(opslag: Opslag, met_functie: str, maak: Any) -> None:
    await maak.schrijf(
        opslag,
        met_functie,
        taak("t1", "Organization/org1", businessStatus={"coding": [{"code": "ingediend"}]}),
        taak("t2", "PractitionerRole/pr1", "in-progress", restriction={"period": {"end": "2027-03-01"}}),
        taak("t3", "Organization/org2"),
    )
    alle = await worklist.zoek_taken(opslag, "org1")
    assert [(w.task, w.eigenaar, w.status, w.business_status, w.code) for w in alle] == [
        ("t1", "Organization/org1", "requested", "ingediend", "behandeling"),
        ("t2", "PractitionerRole/pr1", "in-progress", None, "behandeling"),
    ]
    assert [w.task for w in await worklist.zoek_taken(opslag, "org1", status="in-progress")] == ["t2"]
    assert [w.task for w in await worklist.zoek_taken(opslag, "org1", eigenaar="Organization/org1")] == ["t1"]
    assert await worklist.zoek_taken(opslag, "org1", code="opdracht") == ()
    assert await worklist.partities_met_taak(opslag, "org2") == ("p1",)
    (afspraak,) = await worklist.agenda(opslag, "2027-01-01", "2027-12-31")
    assert (afspraak.soort, afspraak.verwijzing) == ("uiterste-datum", "Task/t2")
    # doorgegeven aan een ander, of klaar
    klaar = taak("t2", "PractitionerRole/pr1", "completed", restriction={"period": {"end": "2027-03-01"}})
    await maak.schrijf(opslag, met_functie, taak("t1", "Organization/org2"), klaar)
    assert [(w.task, w.status) for w in await worklist.zoek_taken(opslag, "org1")] == [("t2", "completed")]
    assert await worklist.agenda(opslag, "2027-01-01", "2027-12-31") == ()
    await maak.schrijf(opslag, met_functie, Wijziging("Task", "t2", None))
    assert await worklist.zoek_taken(opslag, "org1") == ()


async def test_bladeren_door_de_werkvoorraad_slaat_niets_over(opslag: Opslag, paspoort: str, maak: Any) -> None:
    await maak.schrijf(opslag, paspoort, *(taak(f"t{i}", "Organization/org1") for i in range(7)))
    gezien: list[str] = []
    na = ("", "")
    while bladzijde := await worklist.zoek_taken(opslag, "org1", na=na, aantal=3):
        gezien += [w.task for w in bladzijde]
        na = (bladzijde[-1].gewijzigd, bladzijde[-1].task)
    assert gezien == [f"t{i}" for i in range(7)]


async def test_een_toestemming_telt_zolang_zij_actief_is(opslag: Opslag, met_functie: str, maak: Any) -> None:
    await maak.schrijf(
        opslag, met_functie, toestemming("c1", "Organization/org1"), toestemming("c2", "PractitionerRole/pr1", tot=None)
    )

    async def gevonden(organisatie: str | None, functie: str | None, dag: str) -> tuple[str, ...]:
        return await worklist.partities_met_toestemming(opslag, organisatie, functie, dag)

    assert await gevonden("org1", None, "2027-01-01") == ("p1",)
    assert await gevonden(None, "pr1", "2099-01-01") == ("p1",)
    assert await gevonden("org2", "pr2", "2027-01-01") == ()
    await maak.schrijf(opslag, met_functie, toestemming("c2", "PractitionerRole/pr1", "inactive"))
    assert await gevonden("org1", "pr1", "2030-01-01") == ("p1",)
    assert await gevonden("org1", "pr1", "2030-01-02") == ()
    await maak.schrijf(opslag, met_functie, toestemming("c1", "Organization/org1", "inactive"))
    assert await gevonden("org1", "pr1", "2027-01-01") == ()


async def test_bsn_is_te_vinden_en_verdwijnt_met_de_patient(opslag: Opslag, paspoort: str, maak: Any) -> None:
    def patient(*nummers: str) -> Wijziging:
        return Wijziging(
            "Patient",
            "p1",
            {"resourceType": "Patient", "id": "p1", "identifier": [{"system": BSN, "value": n} for n in nummers]},
        )

    await maak.schrijf(opslag, paspoort, patient("999911120"))
    assert await worklist.partities_met_bsn(opslag, "999911120") == ("p1",)
    await maak.schrijf(opslag, paspoort, patient("999990342"))
    assert await worklist.partities_met_bsn(opslag, "999911120") == ()
    assert await worklist.partities_met_bsn(opslag, "999990342") == ("p1",)
    await maak.schrijf(opslag, paspoort, Wijziging("Patient", "p1", None))
    assert await worklist.partities_met_bsn(opslag, "999990342") == ()


async def test_een_product_is_te_vinden_voor_zijn_eigenaar(opslag: Opslag, paspoort: str, maak: Any) -> None:
    device = {
        "resourceType": "Device", "id": "d1", "serialNumber": "SN-1", "owner": {"reference": "Organization/org1"},
        "udiCarrier": [{"deviceIdentifier": "08717"}],
        "extension": [{"url": f"{HMP}StructureDefinition/technische-levensduur-tot", "valueDate": "2031-05-01"}],
    }  # fmt: skip
    await maak.schrijf(opslag, paspoort, Wijziging("Device", "d1", device))
    assert await worklist.producten(opslag, "Organization/org1", gtin="08717") == (("p1", "d1"),)
    assert await worklist.producten(opslag, "Organization/org1", serie="SN-1") == (("p1", "d1"),)
    assert await worklist.producten(opslag, "Organization/org2", serie="SN-1") == ()
    assert [a.soort for a in await worklist.agenda(opslag, "2031-01-01", "2031-12-31")] == ["technische-levensduur"]


async def test_een_botsing_laat_de_index_ongemoeid(opslag: Opslag, paspoort: str, maak: Any) -> None:
    await maak.schrijf(opslag, paspoort, taak("t1", "Organization/org1"))
    with pytest.raises(Volgnummerbotsing):
        await opslag.schrijf(paspoort, 0, [taak("t2", "Organization/org1")], "a", "zelf")
    assert [w.task for w in await worklist.zoek_taken(opslag, "org1")] == ["t1"]


async def test_het_register_kent_de_organisatie_van_een_functie(opslag: Opslag, met_functie: str) -> None:
    assert opslag.register.organisatie_van("PractitionerRole/pr1") == "org1"
    assert opslag.register.organisatie_van("Organization/x") == "x"
    assert opslag.register.organisatie_van("PractitionerRole/onbekend") is None
    assert opslag.register.organisatie_van("Patient/p1") is None
