"""Een verstrekker legt alleen een besluit van zichzelf vast, of van wie haar mandaat gaf."""

from __future__ import annotations

from typing import Any

import pytest

from server.store.register import Mandaat
from tests import stroomwereld as s
from tests.conftest import GEMEENTE, HOUDER

BUUR = "gemeente-buur"


@pytest.fixture
def dialect() -> str:
    """De regel gaat niet over de database."""
    return "sqlite"


async def test_niemand_besluit_in_naam_van_een_ander(als: Any, wereld: Any) -> None:
    await s.vul(wereld)
    organisatie = (await wereld.momentopname("register")).get("Organization", GEMEENTE).inhoud
    await wereld.zet("register", {**organisatie, "id": BUUR})
    await wereld.deel(f"Organization/{GEMEENTE}", "onderzoek", "besluiten", "financieel", "hulpmiddelen")
    kop = ("id", "performer", "requester", "basedOn")
    besluit = {k: w for k, w in s.besluit().items() if k not in kop} | {"status": "draft"}
    vreemd, eigen = ({"reference": f"Organization/{o}"} for o in (BUUR, GEMEENTE))
    clients = (als(rol="verstrekker"), als(rol="verstrekker", soort="app", functie=None, scopes="system/*.cruds"))
    for client in clients:
        for naam in ("performer", "requester"):
            a = await client.post("DeviceRequest", json=besluit | {naam: vreemd})
            assert a.status_code == 422, a.text
            assert a.json()["issue"][0]["expression"] == [f"DeviceRequest.{naam}"]
        a = await client.post("DeviceRequest", json=besluit | {"performer": eigen})
        assert a.status_code == 201, a.text
        # Een concept van zichzelf wordt achteraf ook niet dat van een ander.
        a = await client.put(f"DeviceRequest/{a.json()['id']}", json=a.json() | {"performer": vreemd})
        assert a.status_code == 422, a.text
    await wereld.opslag.zet_mandaat(Mandaat(BUUR, GEMEENTE, "onderzoek"))
    a = await clients[0].post("DeviceRequest", json=besluit | {"performer": vreemd})
    assert a.status_code == 201, a.text
    assert len((await wereld.momentopname(HOUDER)).van_type("DeviceRequest")) == 4
