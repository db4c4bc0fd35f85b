"""Het log over FHIR: verder terug met een datum, nooit stil afgekapt, en wie het log leest staat er zelf in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from server.fhir.interactions import audit
from server.store.logrow import Logregel
from server.store.passports import Opslag
from tests.conftest import GEMEENTE, HOUDER
from tests.logboek import logboek

REGEL = Logregel(
    actor="PractitionerRole/consulent-karim", naam="Karim", rol="verstrekker", organisatie=GEMEENTE, client=None,
    namens=None, handeling="read", partitie=HOUDER, doel="herhaalverzoek", grond="toestemming:Consent/c",
    wat=("Device/rolstoel-yvonne",), uitkomst="gelukt",
)  # fmt: skip


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
async def oud(opslag: Opslag, wereld: Any) -> None:
    """Tien regels van lang geleden, en tien van later."""
    for jaar in ("2024", "2025"):
        await opslag.log([replace(REGEL, moment=f"{jaar}-03-{d:02d}T12:00:00.000Z") for d in range(1, 11)])


async def test_een_datum_reikt_verder_dan_de_nieuwste_regels(
    oud: None, als: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "REGELS_HOOGSTENS", 6)
    houder = als()
    alles = (await houder.get("AuditEvent?_count=100")).json()
    uitleg = [e["resource"] for e in alles["entry"] if e["resource"]["resourceType"] == "OperationOutcome"]
    (issue,) = uitleg[0]["issue"]
    assert issue["severity"] == "warning" and "2025-03-" in issue["details"]["text"]
    for vraag, dagen in (
        ("date=2024-03-04", ["2024-03-04"]),
        ("date=ge2024-03-09&date=lt2025-01-01", ["2024-03-10", "2024-03-09"]),
        ("date=le2024-03-02", ["2024-03-02", "2024-03-01"]),
        ("date=lt2024-03-02T13:00:00Z&date=gt2024-03-01T13:00:00Z", ["2024-03-02"]),
    ):
        gevonden = (await houder.get(f"AuditEvent?{vraag}")).json()
        regels = [e["resource"] for e in gevonden["entry"] if e["resource"]["resourceType"] == "AuditEvent"]
        assert [r["recorded"][:10] for r in regels] == dagen, vraag


async def test_elke_datum_die_past_wordt_gevonden(oud: None, als: Any) -> None:
    """De ruwe periode is nooit krapper dan het filter: zelfde antwoord met en zonder."""
    houder = als()
    alle = [e["resource"] for e in (await houder.get("AuditEvent?_count=200")).json()["entry"]]
    momenten = [r["recorded"] for r in alle if r["recorded"] < "2026"]
    for vraag, past in (
        ("ge2025", lambda m: m >= "2025"),
        ("lt2025", lambda m: m < "2025"),
        ("2024-03", lambda m: m.startswith("2024-03")),
        ("ne2024-03-01", lambda m: not m.startswith("2024-03-01")),
        ("sa2024-03-09", lambda m: m > "2024-03-10"),
        ("eb2024-03-02", lambda m: m < "2024-03-02"),
    ):
        gevonden = (await houder.get(f"AuditEvent?_count=200&date={vraag}&date=lt2026-01-01")).json()["entry"]
        assert [e["resource"]["recorded"] for e in gevonden] == [m for m in momenten if past(m)], vraag


async def test_wie_het_log_leest_staat_in_het_log(opslag: Opslag, oud: None, als: Any) -> None:
    houder = als()
    gevonden = (await houder.get("AuditEvent?_count=3")).json()["entry"]
    ids = [f"AuditEvent/{e['resource']['id']}" for e in gevonden]
    await houder.get(ids[0])
    zoekregel, leesregel = (await logboek(opslag))[-2:]
    assert zoekregel.wat == tuple(ids) and leesregel.wat == (ids[0],)
    assert zoekregel.partitie == leesregel.partitie == HOUDER


async def test_een_organisatie_zonder_teams_leest_al_haar_eigen_handelingen(oud: None, als: Any) -> None:
    entries = (await als(rol="verstrekker").get("AuditEvent?date=lt2026-01-01&_count=100")).json()["entry"]
    assert len(entries) == 20
    assert "entry" not in (await als(rol="leverancier").get("AuditEvent?date=lt2026-01-01")).json()
