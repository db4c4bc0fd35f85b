"""Elke vraag laat precies een regel na met wie, organisatie, rol, doel, grond, wat en uitkomst; ook wat niet mocht."""

from __future__ import annotations

from typing import Any

import pytest

from server.rem import Rem
from server.store.passports import Opslag
from tests.conftest import GEMEENTE, HOUDER, LEVERANCIER
from tests.logboek import logboek

# (rol, scopes, methode, pad, status, uitkomst, handeling, in welk paspoort)
VRAGEN = [
    ("verstrekker", None, "GET", "Device/rolstoel-yvonne", 200, "gelukt", "read", HOUDER),
    ("verstrekker", None, "GET", f"Device?patient={HOUDER}", 200, "gelukt", "search-type", HOUDER),
    ("verstrekker", None, "GET", "Device/rolstoel-ander", 404, "geweigerd", "read", "houder-ander"),
    ("verstrekker", None, "GET", "Device/nooit-geweest", 404, "geweigerd", "read", None),
    ("verstrekker", None, "DELETE", "Device/rolstoel-yvonne", 403, "geweigerd", "delete", HOUDER),
    ("verstrekker", "user/Task.rs", "GET", "Device/rolstoel-yvonne", 403, "geweigerd", "read", None),
    ("leverancier", None, "GET", f"Patient/{HOUDER}/$everything", 404, "geweigerd", "$everything", HOUDER),
    ("leverancier", None, "POST", "Device", 400, "mislukt", "create", None),
    ("houder", None, "GET", "Condition", 200, "gelukt", "search-type", HOUDER),
]


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.mark.parametrize(
    ("rol", "scopes", "methode", "pad", "status", "uitkomst", "handeling", "paspoort"),
    VRAGEN,
    ids=lambda w: str(w)[:30],
)
async def test_elke_vraag_laat_een_regel_na(
    opslag: Opslag, wereld: Any, als: Any, rol: str, scopes: str | None, methode: str, pad: str, status: int,
    uitkomst: str, handeling: str, paspoort: str | None,
) -> None:  # fmt: skip
    consent = await wereld.deel(f"Organization/{GEMEENTE}", "herhaalverzoek", "contact", "hulpmiddelen")
    eerder = len(await logboek(opslag))
    antwoord = await als(rol=rol, scopes=scopes).request(methode, pad, json={} if methode == "POST" else None)
    assert antwoord.status_code == status, antwoord.text
    (regel,) = (await logboek(opslag))[eerder:]
    assert (regel.uitkomst, regel.handeling, regel.partitie, regel.rol) == (uitkomst, handeling, paspoort, rol)
    assert regel.naam == f"Test {rol}" and regel.moment and regel.actor
    assert regel.organisatie == {"verstrekker": GEMEENTE, "leverancier": LEVERANCIER, "houder": None}[rol]
    if uitkomst == "gelukt" and rol == "verstrekker":
        assert regel.doel == "herhaalverzoek" and regel.grond == f"toestemming:Consent/{consent}"
        assert "Device/rolstoel-yvonne" in regel.wat
    elif uitkomst == "geweigerd":
        assert (regel.grond is not None) is (methode == "DELETE"), "alleen wie mag kijken, had een grond"


async def test_ook_te_vaak_vragen_staat_in_het_log(opslag: Opslag, als: Any) -> None:
    opslag.rem = Rem("zoeken.wie=1/60", klok=lambda: 1000.0)
    houder = als()
    assert [(await houder.get("Device")).status_code for _ in range(3)] == [200, 429, 429]
    assert [r.uitkomst for r in await logboek(opslag, "search-type")] == ["gelukt", "geweigerd"]


async def test_de_houder_ziet_dat_een_ander_iets_wilde_en_dat_het_niet_mocht(wereld: Any, als: Any) -> None:
    await als(rol="leverancier").get("Condition/diagnose-yvonne")
    (regel,) = [e["resource"] for e in (await als().get("AuditEvent?subtype=read")).json()["entry"]]
    assert regel["outcome"] == "4" and regel["outcomeDesc"] == "Dit mocht niet; er is niets getoond."
    assert regel["agent"][0]["who"] == {"reference": "PractitionerRole/adviseur-lot"}
    assert {"reference": f"Organization/{LEVERANCIER}"} in [a["who"] for a in regel["agent"]]
    eigen = (await als(rol="leverancier").get("AuditEvent?subtype=read")).json()["entry"][0]["resource"]
    assert HOUDER not in str(eigen), "haar eigen log zegt niet in welk paspoort zij misgreep"
