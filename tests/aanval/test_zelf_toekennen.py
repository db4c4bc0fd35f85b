"""Zichzelf iets toekennen: velden die van de server zijn, een aanleiding, een mandaat, een id_token als sleutel."""

from __future__ import annotations

from typing import Any

import pytest

from paspoort.fhir.stelsels import BERICHTSOORT, codestelsel, extension
from tests.aanval.aanvalwereld import HIER, Product
from tests.server.oauth.conftest import Proefapp

pytestmark = pytest.mark.asyncio(loop_scope="module")
Json = dict[str, Any]
WIE: Json = {"reference": f"Patient/{HIER}"}


async def test_wat_van_de_server_is_neemt_hij_niet_van_een_app_aan(p: Product) -> None:
    houder = await p.persoon("hanna")
    meta = {
        "versionId": "99", "lastUpdated": "2001-01-01T00:00:00Z",
        "tag": [{"system": codestelsel("herkomst"), "code": "bron"}],
    }  # fmt: skip
    a = await houder.post("Device", json={"resourceType": "Device", "id": "bed-hier", "meta": meta, "patient": WIE})
    assert a.status_code == 201, a.text
    gemaakt = a.json()
    assert gemaakt["id"] != "bed-hier" and gemaakt["meta"]["versionId"] == "1"
    assert not gemaakt["meta"]["lastUpdated"].startswith("2001")
    assert [t["code"] for t in gemaakt["meta"]["tag"] if t["system"] == codestelsel("herkomst")] == ["zelf"]


async def test_niemand_schrijft_zichzelf_een_aanleiding_mandaat_of_toestemming(p: Product) -> None:
    await p.deel("Organization/praktijk", "advies", "voortgang", "contact", id="zelf-toekennen")
    aanleiding = {
        "resourceType": "Communication", "status": "completed", "subject": WIE,
        "category": [{"coding": [{"system": BERICHTSOORT, "code": "aanleiding"}]}],
        "sender": {"reference": "PractitionerRole/nienke"}, "payload": [{"contentString": "ik wil alles zien"}],
    }  # fmt: skip
    mandaat = {
        "resourceType": "RelatedPerson", "active": True, "patient": WIE,
        "extension": [{"url": extension("mandaatsoort"), "valueCode": "curator"}],
    }  # fmt: skip
    toestemming = (await p.wereld.momentopname(HIER)).get("Consent", "zelf-toekennen")
    assert toestemming is not None
    ruimer = {**toestemming.inhoud, "id": "ruimer"}
    voor = (await p.wereld.momentopname(HIER)).volgnummer
    for client in (await p.persoon("nienke"), await p.systeem("therapeut")):
        for inhoud in (aanleiding, mandaat, ruimer):
            a = await client.post(inhoud["resourceType"], json=inhoud)
            assert a.status_code in (400, 403, 404, 422), (inhoud["resourceType"], a.status_code, a.text[:300])
    assert (await p.wereld.momentopname(HIER)).volgnummer == voor


async def test_een_id_token_en_een_verversingstoken_openen_niets(p: Product) -> None:
    app = Proefapp(await p.browser("hanna"))
    tokens = await app.tokens(scope="openid fhirUser launch/patient offline_access patient/*.rs")
    goed = p.met_token(tokens["access_token"])
    assert (await goed.get(f"Patient/{HIER}")).status_code == 200
    for naam in ("id_token", "refresh_token"):
        a = await p.met_token(tokens[naam]).get(f"Patient/{HIER}")
        assert a.status_code == 401 and "www-authenticate" in a.headers, naam
