"""`$aanleiding` over HTTP: wie mag, wat het opent en niet, hoe lang, wat het log zegt, en dat niemand het namaakt."""

from __future__ import annotations

from typing import Any

import pytest

from paspoort.fhir.organisatie import Medewerker, Organisatie, medewerker_naar, organisatie_naar
from paspoort.fhir.stelsels import BERICHTSOORT
from server.store.audit import regels_van_paspoort
from tests.conftest import ANDER, GEMEENTE, HOUDER

REDEN = "Karim is ziek en mevrouw belt over haar rolstoel."


@pytest.fixture
def dialect() -> str:
    """Gaat niet over de database."""
    return "sqlite"


def vraag(reden: str = REDEN) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": [{"name": "reden", "valueString": reden}]}


@pytest.fixture
async def bea(als: Any, wereld: Any) -> Any:
    """Karim zit in het team dat alles aanneemt; Bea werkt er ook, zonder team."""
    team = Organisatie("wmo", "Wmo", deel_van=GEMEENTE, is_team=True, neemt_aan=frozenset({"alles"}))
    mensen = [
        medewerker_naar(Medewerker("consulent-karim", "Karim", "verstrekker", GEMEENTE, teams=frozenset({"wmo"}))),
        medewerker_naar(Medewerker("consulent-bea", "Bea", "verstrekker", GEMEENTE)),
    ]
    await wereld.zet("register", organisatie_naar(team), *mensen, auteur="dienst")
    await wereld.deel(f"Organization/{GEMEENTE}", "onderzoek", "contact", "hulpmiddelen")
    return als(rol="verstrekker", functie="consulent-bea")


async def test_met_een_reden_leest_zij_een_dag_mee_en_de_houder_kan_het_stoppen(
    als: Any, wereld: Any, bea: Any
) -> None:
    karim = als(rol="verstrekker")
    assert (await karim.get(f"Patient/{HOUDER}")).status_code == 200
    dicht = await bea.get(f"Patient/{HOUDER}")
    assert dicht.status_code == 404
    gemaakt = await bea.post(f"Patient/{HOUDER}/$aanleiding", json=vraag())
    assert gemaakt.status_code == 201, gemaakt.text
    bericht = gemaakt.json()
    assert bericht["payload"] == [{"contentString": REDEN}]
    open_ = await bea.get(f"Patient/{HOUDER}")
    assert open_.status_code == 200 and open_.json()["name"] == (await karim.get(f"Patient/{HOUDER}")).json()["name"]
    toestel = {"resourceType": "Device", "status": "active", "patient": {"reference": f"Patient/{HOUDER}"}}
    assert (await bea.post("Device", json=toestel)).status_code == 403
    (stoel, *_) = (await bea.get(f"Device?patient={HOUDER}")).json()["entry"]
    assert (await bea.post(f"Device/{stoel['resource']['id']}/$bevestig")).status_code == 403
    regels = await regels_van_paspoort(wereld.opslag, HOUDER, aantal=20)
    las = [r for r in regels if r.handeling == "read" and "consulent-bea" in r.actor and r.uitkomst == "gelukt"]
    assert las and f"aanleiding:Communication/{bericht['id']}" in (las[0].grond or "")
    keek = (await als().get(f"AuditEvent?patient={HOUDER}")).text
    assert f"Communication/{bericht['id']}" in keek
    houder = als()
    assert (await houder.get(f"Communication/{bericht['id']}")).status_code == 200
    assert (
        await houder.put(f"Communication/{bericht['id']}", json={**bericht, "status": "entered-in-error"})
    ).status_code == 403
    assert (await houder.delete(f"Communication/{bericht['id']}")).status_code == 204
    assert (await bea.get(f"Patient/{HOUDER}")).content == dicht.content


async def test_niets_te_openen_en_er_niet_zijn_is_hetzelfde(als: Any, wereld: Any, bea: Any) -> None:
    """Ook een toestemming op naam van een collega is niets te openen."""
    await wereld.deel("PractitionerRole/consulent-karim", "onderzoek", "contact", patient=ANDER)
    nooit = await bea.post("Patient/bestaat-niet/$aanleiding", json=vraag())
    ander = await bea.post(f"Patient/{ANDER}/$aanleiding", json=vraag())
    vreemd = await als(rol="leverancier").post(f"Patient/{HOUDER}/$aanleiding", json=vraag())
    al_open = await als(rol="verstrekker").post(f"Patient/{HOUDER}/$aanleiding", json=vraag())
    assert nooit.status_code == 404
    assert nooit.content == ander.content == vreemd.content == al_open.content
    assert not (await wereld.momentopname(ANDER)).van_type("Communication")


@pytest.mark.parametrize(
    "wie",
    [
        {"rol": "houder"},
        {"rol": "verstrekker", "soort": "app", "functie": None, "scopes": "system/*.cruds"},
        {"rol": "beheerder", "scopes": "user/*.cruds"},
        {"rol": "verstrekker", "functie": None},
    ],
    ids=["houder", "app", "beheerder", "zonder functie"],
)
async def test_alleen_een_mens_van_een_organisatie(als: Any, bea: Any, wie: dict[str, Any]) -> None:
    assert (await als(**wie).post(f"Patient/{HOUDER}/$aanleiding", json=vraag())).status_code == 403


async def test_zonder_scope_voor_patient_is_er_geen_operatie(als: Any, bea: Any) -> None:
    client = als(rol="verstrekker", functie="consulent-bea", scopes="user/Task.rs")
    assert (await client.post(f"Patient/{HOUDER}/$aanleiding", json=vraag())).status_code == 403


@pytest.mark.parametrize("reden", ["", "ziek", "   ziek   ", "x" * 501])
async def test_een_reden_zegt_iets(bea: Any, reden: str) -> None:
    assert (await bea.post(f"Patient/{HOUDER}/$aanleiding", json=vraag(reden))).status_code in (400, 422)
    assert (await bea.get(f"Patient/{HOUDER}")).status_code == 404


async def test_niemand_maakt_haar_zelf(als: Any, wereld: Any, bea: Any) -> None:
    """Ook een collega met zicht, de app en de houder kunnen Bea zo niet binnenlaten."""
    await wereld.deel(f"Organization/{GEMEENTE}", "onderzoek", "voortgang", "contact")
    bericht = {
        "resourceType": "Communication", "status": "completed", "payload": [{"contentString": REDEN}],
        "category": [{"coding": [{"system": BERICHTSOORT, "code": "aanleiding"}]}],
        "subject": {"reference": f"Patient/{HOUDER}"}, "recipient": [{"reference": f"Patient/{HOUDER}"}],
        "sender": {"reference": "PractitionerRole/consulent-bea"},
    }  # fmt: skip
    app = als(rol="verstrekker", soort="app", functie=None, scopes="system/*.cruds")
    for wie in (als(rol="verstrekker"), app, als(), bea):
        antwoord = await wie.post("Communication", json=bericht)
        assert antwoord.status_code in (400, 403, 404, 422), antwoord.text
        bundel = {
            "resourceType": "Bundle", "type": "transaction",
            "entry": [{"resource": bericht, "request": {"method": "POST", "url": "Communication"}}],
        }  # fmt: skip
        assert (await wie.post("", json=bundel)).status_code in (400, 403, 404, 422)
    assert (await bea.get(f"Patient/{HOUDER}")).status_code == 404
