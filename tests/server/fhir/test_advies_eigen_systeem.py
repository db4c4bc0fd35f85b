"""Breng uw eigen advies mee: uit het systeem van de praktijk, of van papier (issue: *Bring your own*)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from paspoort.fhir.fhirjson import schrijf
from paspoort.fhir.stelsels import codestelsel, extension
from paspoort.fhir.vragenlijst import bouw, eigen
from paspoort.toegang import ALLE_GROEPEN
from server.fhir.zegel import klopt
from server.store.sealkey import zegelsleutels
from tests import stroomwereld as s
from tests.conftest import GEMEENTE, HOUDER, PRAKTIJK
from tests.server.fhir.test_stroom_beslis import code
from tests.server.fhir.test_stroom_definitief import GROEPEN

DOCUMENT, BESTAND = "urn:uuid:00000000-0000-4000-8000-0000000000d1", "urn:uuid:00000000-0000-4000-8000-0000000000b1"

ANDER_DOCUMENT = [{"url": extension("uit-document"), "valueReference": {"reference": "DocumentReference/x"}}]


@pytest.fixture
def dialect() -> str:
    """De regels gaan niet over de database."""
    return "sqlite"


def eigen_systeem(als: Any) -> Any:
    return als(rol="therapeut", soort="app", functie=None, client_id="epd", scopes="system/*.cruds")


@pytest.mark.parametrize("wie", ["user", "system"])
@pytest.mark.parametrize("lijst", ["functioneel-advies", "verkort-advies"])
async def test_een_eigen_systeem_maakt_een_concept_en_dan_definitief(
    als: Any, wereld: Any, wie: str, lijst: str
) -> None:
    await s.vul(wereld)
    await wereld.deel(f"Organization/{PRAKTIJK}", "advies", *GROEPEN)
    systeem = eigen_systeem(als) if wie == "system" else als(rol="therapeut", scopes="user/*.cruds")
    kop = {"subject": s.WIE, "authored": "2026-03-01T10:00:00+01:00"}
    codes = eigen(lijst).per_code
    waarden = {k: v for k, v in s.ADVIES.items() if k in codes} | {
        "wat-veranderd": ["maat"],
        "wat-veranderd-uitleg": "Zij is breder geworden.",
        "zitbreedte": 47,
    }
    inhoud = json.loads(schrijf(bouw(eigen(lijst), {k: v for k, v in waarden.items() if k in codes}, kop=kop)))
    gemaakt = await systeem.post("QuestionnaireResponse", json=inhoud)
    assert gemaakt.status_code == 201, gemaakt.text
    plek = f"QuestionnaireResponse/{gemaakt.json()['id']}"
    klaar = await systeem.post(f"{plek}/$definitief")
    assert klaar.status_code == 200, klaar.text
    zegel = next(v for v in (await wereld.momentopname()).van_type("Provenance") if "signature" in v.inhoud)
    vread = await als().get(zegel.inhoud["target"][0]["reference"])
    assert klopt(zegel.inhoud, vread.content, "http://test/fhir", await zegelsleutels(wereld.opslag))
    schrijver = "PractitionerRole/therapeut-nienke" if wie == "user" else f"Organization/{PRAKTIJK}"
    assert zegel.inhoud["agent"][0]["who"] == {"reference": schrijver}
    for soort in ("Observation", "Goal") if lijst == "functioneel-advies" else ("Observation",):
        assert [v for v in (await wereld.momentopname()).van_type(soort) if "voorstel" in str(v.inhoud)], soort


def van_papier(**anders: Any) -> dict[str, Any]:
    """Een advies uit 2023 op papier: een scan, het document, en wat er in staat; niet alles is ingevuld."""
    wie = {"reference": f"Patient/{HOUDER}"}
    scan = {"resourceType": "Binary", "contentType": "application/pdf", "securityContext": wie, "data": "JVBERi0xLjQK"}
    document = {
        "resourceType": "DocumentReference",
        "status": "current",
        "type": {"coding": [{"system": codestelsel("documentsoort"), "code": "advies"}]},
        "subject": wie,
        "date": "2023-05-04T00:00:00+02:00",
        "content": [{"attachment": {"contentType": "application/pdf", "url": BESTAND}}],
    }
    kop = {
        "status": "completed",
        "subject": wie,
        "authored": "2023-05-04",
        "extension": [{"url": extension("uit-document"), "valueReference": {"reference": DOCUMENT}}],
    }
    waarden = {"hulpvraag": "Door het huis kunnen.", "eis": [{"eis-tekst": "Draaien binnen 150 cm."}]}
    advies = json.loads(schrijf(bouw(eigen("functioneel-advies"), waarden))) | kop | anders
    regels = [(BESTAND, scan), (DOCUMENT, document), ("urn:uuid:00000000-0000-4000-8000-0000000000a1", advies)]
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {"fullUrl": url, "resource": r, "request": {"method": "POST", "url": r["resourceType"]}}
            for url, r in regels
            if r is not None
        ],
    }


async def advies_id(client: Any, bundel: dict[str, Any]) -> str:
    antwoord = await client.post("", json=bundel)
    assert antwoord.status_code == 200, antwoord.text
    return str(antwoord.json()["entry"][-1]["response"]["location"].split("QuestionnaireResponse/")[1].split("/")[0])


@pytest.mark.parametrize("rol", ["houder", "therapeut"])
async def test_een_advies_van_papier_is_uit_document_zonder_zegel_en_te_bevestigen(
    als: Any, wereld: Any, rol: str
) -> None:
    await wereld.deel(f"Organization/{PRAKTIJK}", "advies", *GROEPEN)
    id_ = await advies_id(als(rol=rol), van_papier())
    m = await wereld.momentopname()
    versie = m.get("QuestionnaireResponse", id_)
    assert (versie.herkomst, versie.inhoud["status"]) == ("document", "completed")
    assert m.van_type("Provenance") == ()  # geen zegel
    await wereld.deel(f"Organization/{GEMEENTE}", "onderzoek", *(ALLE_GROEPEN - {"toezicht", "toestemmingen"}))
    bevestigd = await als(rol="verstrekker").post(f"QuestionnaireResponse/{id_}/$bevestig")
    assert bevestigd.status_code == 201, bevestigd.text
    gelezen = (await als().get(f"QuestionnaireResponse/{id_}")).json()
    for client in (als(), als(rol="therapeut")):
        nog = await client.post(f"QuestionnaireResponse/{id_}/$definitief")
        assert nog.status_code in (403, 422)
        wijzig = await client.put(f"QuestionnaireResponse/{id_}", json={**gelezen, "authored": "2024-01-01"})
        assert wijzig.status_code == 403


@pytest.mark.parametrize(
    ("anders", "plek"),
    [
        ({"status": "in-progress"}, "status"),
        ({"authored": "2999-01-01"}, "authored"),
        (
            {"extension": [{"url": extension("uit-document"), "valueReference": {"reference": "DocumentReference/x"}}]},
            "",
        ),
    ],
)
async def test_wat_er_aan_een_advies_van_papier_niet_klopt(als: Any, wereld: Any, anders: Any, plek: str) -> None:
    await wereld.zet(HOUDER, {"resourceType": "DocumentReference", "id": "x", "status": "current", "subject": s.WIE})
    antwoord = await als().post("", json=van_papier(**anders))
    assert (antwoord.status_code, set(code(antwoord))) == (422, {"advies-uit-document"}), antwoord.text
    assert f"resource.{plek}" in antwoord.text


async def test_zonder_document_is_er_maar_een_weg_naar_definitief(als: Any, wereld: Any) -> None:
    await wereld.deel(f"Organization/{PRAKTIJK}", "advies", *GROEPEN)
    kaal = {k: v for k, v in s.concept().items() if k != "id"} | {"status": "completed"}
    for client in (als(rol="therapeut"), eigen_systeem(als)):
        antwoord = await client.post("QuestionnaireResponse", json=kaal)
        assert (antwoord.status_code, code(antwoord)) == (422, ["advies-via-definitief"])
    assert (await als().post("QuestionnaireResponse", json=kaal)).status_code == 403
