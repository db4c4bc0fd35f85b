"""Over paspoorten heen: een bladzijde kost evenveel hoe lang de lijst ook is, en verschuift niet onder schrijven."""

from __future__ import annotations

import random
import sqlite3
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from paspoort.fhir.stelsels import codestelsel
from server.fhir.interactions import over_paspoorten
from server.store import bladeren
from server.store.passports import Opslag
from tests.conftest import GEMEENTE, PRAKTIJK

Json = dict[str, Any]


def taak(id_: str, patient: str, status: str = "requested", **anders: Any) -> Json:
    return {
        "resourceType": "Task",
        "id": id_,
        "status": status,
        "intent": "order",
        "code": {"coding": [{"system": codestelsel("taaksoort"), "code": "behandeling"}]},
        "for": {"reference": f"Patient/{patient}"},
        "owner": {"reference": f"Organization/{GEMEENTE}"},
        **anders,
    }


async def vul(wereld: Any, aantal: int, begin: int = 0) -> None:
    """Elk een eigen paspoort met één taak."""
    for n in range(begin, begin + aantal):
        patient = f"pas-{n:03}"
        await wereld.opslag.maak_partitie(patient, "paspoort")
        mens = {"resourceType": "Patient", "id": patient, "name": [{"family": f"Nummer{n}"}]}
        status = ("requested", "in-progress", "on-hold")[n % 3]
        await wereld.zet(patient, mens, taak(f"taak-{n:03}", patient, status, authoredOn=f"2026-01-{n % 28 + 1:02}"))


def link(bundel: Json, naam: str) -> str | None:
    return next((k["url"] for k in bundel["link"] if k["relation"] == naam), None)


def ids(bundel: Json, wijze: str = "match") -> list[str]:
    return [e["resource"]["id"] for e in bundel.get("entry", []) if e["search"]["mode"] == wijze]


async def alles(client: Any, vraag: str) -> list[str]:
    gezien: list[str] = []
    adres: str | None = vraag
    for _ in range(60):
        if adres is None:
            return gezien
        antwoord = await client.get(adres)
        assert antwoord.status_code == 200, antwoord.text
        gezien += ids(antwoord.json())
        adres = link(antwoord.json(), "next")
    raise AssertionError("er komt geen eind aan")


@pytest.fixture
def app_van_gemeente(als: Any) -> Any:
    return als(rol="verstrekker", soort="app", functie=None, scopes="system/*.rs", client_id="app")


@pytest.fixture(params=["vast", "veranderd"])
def marge(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beide wegen: taken die al vaststaan, en taken die net geschreven zijn."""
    if request.param == "vast":
        monkeypatch.setattr(over_paspoorten, "MARGE", timedelta(0))


class Teller:
    """Telt vragen aan de database en geopende momentopnamen; doet ze gewoon."""

    def __init__(self, opslag: Opslag, monkeypatch: pytest.MonkeyPatch) -> None:
        self.vragen = self.rijen = self.paspoorten = 0
        echte_rijen, echte_opname = opslag.db.rijen, opslag.momentopname

        async def rijen(*a: Any, **k: Any) -> Any:
            uit = await echte_rijen(*a, **k)
            self.vragen, self.rijen = self.vragen + 1, self.rijen + len(uit)
            return uit

        async def momentopname(partitie: str) -> Any:
            self.paspoorten += 1
            return await echte_opname(partitie)

        monkeypatch.setattr(opslag.db, "rijen", rijen)
        monkeypatch.setattr(opslag, "momentopname", momentopname)

    def stand(self) -> tuple[int, int, int]:
        uit = self.vragen, self.rijen, self.paspoorten
        self.vragen = self.rijen = self.paspoorten = 0
        return uit


@pytest.mark.usefixtures("marge")
@pytest.mark.parametrize("vraag", ["Task?", "Task?status=requested&", f"Task?owner=Organization/{GEMEENTE}&"])
async def test_elke_bladzijde_kost_evenveel_hoe_lang_de_lijst_ook_is(
    app_van_gemeente: Any, wereld: Any, monkeypatch: pytest.MonkeyPatch, vraag: str
) -> None:
    monkeypatch.setattr(over_paspoorten, "MARGE", timedelta(0))
    await vul(wereld, 24)
    teller = Teller(wereld.opslag, monkeypatch)
    kosten = []
    for stap in range(2):
        if stap:
            monkeypatch.undo()
            monkeypatch.setattr(over_paspoorten, "MARGE", timedelta(0))
            await vul(wereld, 24, 24)
            await alles(app_van_gemeente, f"{vraag}_count=3")  # alles staat in het geheugen
            teller = Teller(wereld.opslag, monkeypatch)
        else:
            await alles(app_van_gemeente, f"{vraag}_count=3")
        teller.stand()
        bundel = (await app_van_gemeente.get(f"{vraag}_count=3")).json()
        eerste = teller.stand()
        bundel = (await app_van_gemeente.get(link(bundel, "next"))).json()
        tweede = teller.stand()
        assert len(ids(bundel)) == 3
        kosten.append((eerste, tweede))
    assert kosten[0] == kosten[1]
    assert all(paspoorten <= 4 for paar in kosten for _, _, paspoorten in paar)
    assert all(rijen <= 12 for paar in kosten for _, rijen, _ in paar)


def test_elke_vraag_is_een_bereik_in_een_index(settings: Any, dialect: str) -> None:
    if dialect != "sqlite":
        pytest.skip("het plan wordt op SQLite bekeken; de indexen zijn dezelfde")
    waarden = dict.fromkeys(
        ["organisatie", "begin", "eigenaar", "status", "na_moment", "na_task", "na", "dag", "aan"], "x"
    )
    vragen = [bladeren._vraag("vast", *keus) for keus in product((False, True), repeat=3)]
    vragen += [
        bladeren._partitievraag(bron, af) for bron, af in product(("organisatie", "functie", "taak"), (False, True))
    ]
    vragen.append(bladeren._vraag("veranderd"))
    with sqlite3.connect(settings.data / "paspoort.db") as db:
        for vraag in vragen:
            plan = " ".join(
                r[3] for r in db.execute(f"EXPLAIN QUERY PLAN {vraag.sqlite}", {**vraag.vast, **waarden, "aantal": 5})
            )
            assert "SCAN" not in plan, (plan, vraag.sqlite)
            assert "TEMP B-TREE" not in plan, (plan, vraag.sqlite)
            assert "INDEX" in plan


@pytest.mark.usefixtures("marge")
@pytest.mark.parametrize("sort", ["", "&_sort=_lastUpdated", "&_sort=-_lastUpdated"])
async def test_elke_taak_komt_een_keer_ook_als_er_geschreven_wordt(
    app_van_gemeente: Any, wereld: Any, sort: str
) -> None:
    await vul(wereld, 14)
    toeval = random.Random(len(sort))
    levend, weg = [f"taak-{n:03}" for n in range(14)], set()
    gezien: list[str] = []
    adres: str | None = f"Task?_count=3{sort}"
    ronde = 0
    while adres:
        antwoord = (await app_van_gemeente.get(adres)).json()
        gezien += ids(antwoord)
        adres = link(antwoord, "next")
        ronde += 1
        assert ronde < 40
        for id_ in toeval.sample(levend, 3):
            n = int(id_[-3:])
            if toeval.random() < 0.2:
                await wereld.zet(f"pas-{n:03}", taak(id_, f"pas-{n:03}", "completed"))
                weg.add(id_)
            else:
                await wereld.zet(f"pas-{n:03}", taak(id_, f"pas-{n:03}", "received", description=f"{ronde}"))
        await wereld.zet(f"pas-{ronde % 14:03}", taak(f"nieuw-{ronde}", f"pas-{ronde % 14:03}"))
    assert len(gezien) == len(set(gezien))
    assert set(levend) - weg <= set(gezien)


@pytest.mark.usefixtures("marge")
async def test_zoeken_op_stand_eigenaar_en_datum(app_van_gemeente: Any, wereld: Any) -> None:
    await vul(wereld, 9)
    client = app_van_gemeente
    assert await alles(client, "Task?status=requested") == ["taak-000", "taak-003", "taak-006"]
    assert set(await alles(client, "Task?status=requested,on-hold&_count=2")) == {
        f"taak-00{n}" for n in (0, 2, 3, 5, 6, 8)
    }
    assert await alles(client, "Task?status=http://hl7.org/fhir/task-status|on-hold&authored-on=ge2026-01-06") == [
        "taak-005",
        "taak-008",
    ]
    assert await alles(client, "Task?status=http://elders|on-hold") == []
    assert len(await alles(client, f"Task?owner={GEMEENTE}&_count=4")) == 9
    assert await alles(client, f"Task?owner=Organization/{PRAKTIJK}") == []
    assert len(await alles(client, "Task?_lastUpdated=ge2026-01-01&_count=4")) == 9
    assert await alles(client, "Task?_lastUpdated=lt2026-01-01&_count=4") == []
    assert await alles(client, "Task?_sort=-_lastUpdated&_count=2") == [f"taak-00{n}" for n in range(8, -1, -1)]
    bundel = (await client.get("Task?_count=4")).json()
    assert "total" not in bundel
    assert (await client.get("Task?_count=4&_total=accurate")).json()["total"] == 9
    assert (await client.get("Task?_count=0")).json()["total"] == 9
    assert (await client.get("Task?_summary=count&status=on-hold")).json() == {
        "resourceType": "Bundle", "type": "searchset", "total": 3,
        "link": [{"relation": "self", "url": "http://test/fhir/Task?_summary=count&status=on-hold"}],
    }  # fmt: skip
    assert (await client.get("Task?_count=50")).json()["total"] == 9
    mee = (await client.get("Task?_count=2&_include=Task:owner")).json()
    assert ids(mee, "include") == [GEMEENTE]


@pytest.mark.usefixtures("marge")
async def test_terug_in_de_werkvoorraad(app_van_gemeente: Any, wereld: Any) -> None:
    await vul(wereld, 7)
    een = (await app_van_gemeente.get("Task?_count=3")).json()
    twee = (await app_van_gemeente.get(link(een, "next"))).json()
    drie = (await app_van_gemeente.get(link(twee, "next"))).json()
    assert link(drie, "next") is None
    assert ids((await app_van_gemeente.get(link(drie, "prev"))).json()) == ids(twee)
    weer = (await app_van_gemeente.get(link(twee, "prev"))).json()
    assert ids(weer) == ids(een)
    assert link(weer, "prev") is None
    assert ids((await app_van_gemeente.get(link(weer, "next"))).json()) == ids(twee)


async def test_zonder_patient_komt_alles_paspoort_na_paspoort(als: Any, wereld: Any) -> None:
    client = als(rol="therapeut")
    assert await alles(client, "Device") == []
    for n in range(6):
        patient = f"pas-{n:03}"
        await wereld.opslag.maak_partitie(patient, "paspoort")
        wie = {"reference": f"Patient/{patient}"}
        stoelen = [{"resourceType": "Device", "id": f"d-{n}-{m}", "status": "active", "patient": wie} for m in (2, 1)]
        mens = {"resourceType": "Patient", "id": patient, "name": [{"family": f"Nummer{n}"}]}
        await wereld.zet(patient, mens, *stoelen)
        if n != 3:
            groepen = ("contact", "hulpmiddelen") if n != 4 else ("contact",)
            await wereld.deel(f"Organization/{PRAKTIJK}", "advies", *groepen, patient=patient)
    verwacht = [f"d-{n}-{m}" for n in (0, 1, 2, 5) for m in (1, 2)]
    for aantal in (1, 3, 4, 50):
        assert await alles(client, f"Device?_count={aantal}") == verwacht
    assert await alles(client, "Device?_lastUpdated=ge2026-01-01") == verwacht
    assert await alles(client, "Patient?_count=2") == [f"pas-00{n}" for n in (0, 1, 2, 4, 5)]
    twee = (await client.get(link((await client.get("Device?_count=3")).json(), "next"))).json()
    assert ids(twee) == verwacht[3:6]
    assert ids((await client.get(link(twee, "prev"))).json()) == verwacht[:3]
    mee = (await client.get("Device?_count=1&_include=Device:patient")).json()
    assert ids(mee, "include") == ["pas-000"]


async def test_een_bladzijde_opent_niet_meer_paspoorten_dan_de_grens(
    als: Any, wereld: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ook wie in honderd paspoorten niets van dit type ziet, krijgt snel antwoord en leest verder met `next`."""
    monkeypatch.setattr(over_paspoorten, "PASPOORTEN_HOOGSTENS", 3)
    for n in range(9):
        await wereld.opslag.maak_partitie(f"pas-{n}", "paspoort")
        await wereld.zet(f"pas-{n}", {"resourceType": "Patient", "id": f"pas-{n}"})
        await wereld.deel(f"Organization/{PRAKTIJK}", "advies", "contact", patient=f"pas-{n}")
    client = als(rol="therapeut")
    teller = Teller(wereld.opslag, monkeypatch)
    adres: str | None = "Goal?_count=2"
    bladzijden = 0
    while adres:
        bundel = (await client.get(adres)).json()
        assert teller.stand()[2] <= 8
        assert ids(bundel) == []
        adres, bladzijden = link(bundel, "next"), bladzijden + 1
    assert bladzijden > 1
