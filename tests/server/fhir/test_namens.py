"""Vertegenwoordiging over REST: het mandaat als RelatedPerson, de verjaardag met een eigen klok, Provenance en log."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from paspoort.fhir.fhirjson import lees
from paspoort.fhir.stelsels import extension
from server.access.vertegenwoordiging import heeft_grond
from server.fhir.gateway import Poort
from server.fhir.request import FhirRequest
from server.store.audit import regels_van_paspoort
from tests.conftest import HOUDER, actor

Json = dict[str, Any]
MANDAAT = "mandaat-peter"


def mandaat(soort: str = "gemachtigde", id: str = MANDAAT, **anders: Any) -> Json:
    extensies = [{"url": extension("mandaatsoort"), "valueCode": soort}]
    extensies += [{"url": extension("mandaatgroep"), "valueCode": g} for g in anders.pop("groepen", ())]
    uit: Json = {
        "resourceType": "RelatedPerson", "id": id, "active": True, "patient": {"reference": f"Patient/{HOUDER}"},
        "name": [{"text": "Peter"}], "period": {"start": "2020-01-01"}, "extension": extensies,
    }  # fmt: skip
    return uit | anders


def peter(**anders: Any) -> Any:
    return actor("vertegenwoordiger", naam="Peter", namens="Yvonne", mandaat=MANDAAT, **anders)


async def doe(
    poort: Poort, wie: Any, methode: str, type_: str, id_: str | None = None, **anders: Any
) -> tuple[int, Json]:
    antwoord = await poort.handle(wie, FhirRequest(methode, type_, id_, **anders))
    return antwoord.status, lees(antwoord.body) if antwoord.body else {}


async def test_de_houder_geeft_en_eindigt_een_mandaat_en_een_ander_niet(poort: Poort, wereld: Any) -> None:
    houder = actor("houder")
    kaal = {k: w for k, w in mandaat("helper-lezen", groepen=["hulpmiddelen"]).items() if k != "id"}
    status, gemaakt = await doe(poort, houder, "POST", "RelatedPerson", body=kaal)
    assert status == 201
    wie = peter() if gemaakt["id"] == MANDAAT else actor("vertegenwoordiger", mandaat=gemaakt["id"])
    assert (await doe(poort, wie, "GET", "Device", "rolstoel-yvonne"))[0] == 200
    assert (await doe(poort, wie, "GET", "DeviceRequest"))[1].get("total", 0) == 0
    ruimer = {**gemaakt, "extension": gemaakt["extension"][:1]}
    assert (await doe(poort, wie, "PUT", "RelatedPerson", gemaakt["id"], body=ruimer))[0] == 403
    assert (await doe(poort, wie, "POST", "RelatedPerson", body=kaal))[0] == 403
    assert (await doe(poort, actor("therapeut"), "POST", "RelatedPerson", body=kaal))[0] in (403, 404, 422)
    assert (await doe(poort, houder, "POST", "RelatedPerson", body=mandaat("curator", id="") | {}))[0] in (400, 403)
    uit = {**gemaakt, "active": False}
    assert (await doe(poort, houder, "PUT", "RelatedPerson", gemaakt["id"], body=uit))[0] == 200
    for type_, id_ in (("Device", "rolstoel-yvonne"), ("Patient", HOUDER), ("RelatedPerson", gemaakt["id"])):
        assert (await doe(poort, wie, "GET", type_, id_))[0] == 404


@pytest.mark.parametrize(
    ("velden", "code"),
    [
        ({"groepen": []}, "mandaat-groep"),
        ({"period": {"start": "1990-01-01"}}, "mandaat-begin"),
        ({"period": {}}, "mandaat-begin"),
        ({"name": []}, "mandaat-naam"),
    ],
)
async def test_een_mandaat_dat_nooit_zou_werken_wordt_geweigerd_bij_het_element(
    poort: Poort, wereld: Any, velden: Json, code: str
) -> None:
    inhoud = mandaat("helper-lezen", **({"groepen": ["maten"]} | velden))
    inhoud = {k: w for k, w in inhoud.items() if k != "id" and w not in ([], {})}
    status, uitkomst = await doe(poort, actor("houder"), "POST", "RelatedPerson", body=inhoud)
    gevonden = [i["details"]["coding"][0]["code"] for i in uitkomst["issue"] if i["severity"] == "error"]
    assert status == 422 and code in gevonden


async def test_een_verjaardag_werkt_voor_een_lopend_token_zonder_dat_iemand_schrijft(poort: Poort, wereld: Any) -> None:
    patient = (await wereld.momentopname()).get("Patient", HOUDER).inhoud
    await wereld.zet(HOUDER, {**patient, "birthDate": "2010-05-04"}, mandaat("ouder-met-gezag", period={}))
    klok = {"nu": datetime(2026, 5, 3, 21, 59, 59, tzinfo=UTC)}
    deur = Poort(poort.opslag, poort.deur.basis, poort.deur.validator, poort.deur.definities, lambda: klok["nu"])
    ouder = peter()
    vragen = [
        ("GET", "Device", "rolstoel-yvonne", {}),
        ("GET", "Patient", HOUDER, {"operation": "everything"}),
        ("GET", "Device", "rolstoel-yvonne", {"vid": "1"}),
    ]
    for methode, type_, id_, anders in vragen:
        assert (await doe(deur, ouder, methode, type_, id_, **anders))[0] == 200
    assert (await doe(deur, ouder, "GET", "AuditEvent"))[1]["total"] > 0
    assert await heeft_grond(poort.opslag, ouder, klok["nu"])
    volgnummer = (await wereld.momentopname()).volgnummer
    klok["nu"] = datetime(2026, 5, 3, 22, 0, tzinfo=UTC)  # middernacht in Nederland
    for methode, type_, id_, anders in vragen:
        assert (await doe(deur, ouder, methode, type_, id_, **anders))[0] == 404
    for type_ in ("Device", "AuditEvent", "Consent", "RelatedPerson"):
        assert (await doe(deur, ouder, "GET", type_))[1].get("total", 0) == 0
    kaal = {"resourceType": "Device", "patient": {"reference": f"Patient/{HOUDER}"}}
    assert (await doe(deur, ouder, "POST", "Device", body=kaal))[0] in (403, 404, 422)
    assert not await heeft_grond(poort.opslag, ouder, klok["nu"])
    assert (await wereld.momentopname()).volgnummer == volgnummer


async def test_elke_handeling_noemt_wie_en_namens_wie_in_log_en_provenance(poort: Poort, wereld: Any) -> None:
    await wereld.zet(HOUDER, mandaat())
    nieuw = {
        "resourceType": "Device", "status": "active", "patient": {"reference": f"Patient/{HOUDER}"},
        "deviceName": [{"name": "Krukken", "type": "user-friendly-name"}],
    }  # fmt: skip
    status, gemaakt = await doe(poort, peter(), "POST", "Device", body=nieuw)
    assert status == 201
    gebeurd = [v.inhoud for v in (await wereld.momentopname()).van_type("Provenance")]
    assert len(gebeurd) == 1
    assert gebeurd[0]["target"] == [{"reference": f"Device/{gemaakt['id']}/_history/1"}]
    who = {"who": {"reference": f"RelatedPerson/{MANDAAT}"}, "onBehalfOf": {"reference": f"Patient/{HOUDER}"}}
    assert gebeurd[0]["agent"] == [who]
    assert [m for m in poort.deur.validator.controleer(gebeurd[0]) if m.ernst == "error"] == []
    regel = (await regels_van_paspoort(poort.opslag, HOUDER, aantal=1))[0]
    assert (regel.naam, regel.namens, regel.rol) == ("Peter", "Yvonne", "vertegenwoordiger")
    await doe(poort, peter(), "GET", "Device", gemaakt["id"])
    gelezen = (await regels_van_paspoort(poort.opslag, HOUDER, aantal=1))[0]
    assert gelezen.grond == f"mandaat:RelatedPerson/{MANDAAT}" and gelezen.namens == "Yvonne"
    assert (await doe(poort, actor("houder"), "DELETE", "Device", gemaakt["id"]))[0] == 204
    await doe(poort, actor("houder"), "POST", "Device", body=nieuw)
    assert len((await wereld.momentopname()).van_type("Provenance")) == 1  # de houder zelf vertegenwoordigt niemand


async def test_wie_afgeschermd_is_leest_er_ook_in_het_log_niet_over(poort: Poort, wereld: Any) -> None:
    dicht = {"url": extension("afgeschermd"), "valueReference": {"reference": "Device/rolstoel-yvonne"}}
    mandaat_ = mandaat()
    await wereld.zet(HOUDER, {**mandaat_, "extension": [*mandaat_["extension"], dicht]})
    await doe(poort, actor("houder"), "GET", "Device", "rolstoel-yvonne")
    assert (await doe(poort, peter(), "GET", "Device", "rolstoel-yvonne"))[0] == 404
    _, onbekend = await doe(poort, peter(), "GET", "Device", "bestaat-niet")
    _, verborgen = await doe(poort, peter(), "GET", "Device", "rolstoel-yvonne")
    assert onbekend == verborgen
    for pad in ("AuditEvent", "Device", "DeviceUseStatement"):
        assert "rolstoel-yvonne" not in str(await doe(poort, peter(), "GET", pad))
    assert "rolstoel-yvonne" in str(await doe(poort, actor("houder"), "GET", "AuditEvent"))
