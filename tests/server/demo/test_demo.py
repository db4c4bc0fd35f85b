"""De demo: volledig, geldig, elke keer hetzelfde, en met de uitkomsten waar het verhaal op rust."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from paspoort.fhir.referenties import ontleed, referenties
from paspoort.fhir.stelsels import ACT_REASON, BSN, CATEGORIE, HTEST, extension
from paspoort.fhir.validatie import Validator
from paspoort.houder import voldoet_aan_elfproef
from server.access.actor import Actor
from server.access.zicht import bepaal_zicht
from server.cli import main
from server.cli.omgeving import instellingen
from server.demo import register
from server.demo.dossier import ANKER, Dossier, id_van, resources
from server.demo.inloggen import LEDEN
from server.demo.personen import DOSSIERS
from server.demo.personen.henk import VRAGEN
from server.demo.register import NIENKE, VLIERHOF
from server.fhir.toetsing import behandelaar, toets_verzoek
from server.store import logcontrole
from server.store.passports import Opslag

Json = dict[str, Any]
DAGEN = (ANKER, ANKER + timedelta(days=100), date(2028, 2, 29))
ROUTES = {  # code → de route van de vraag die nog loopt
    "rene": "onderzoek",
    "anna": "verkort-onderzoek",
    "henk": "doorzetten",
    "gerda": "onderzoek",
    "fatma": "akkoord-casemanager",
    "kees": "onderzoek",
    "ab": "onderzoek",
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Een demo die twee keer gemaakt is."""
    data = tmp_path_factory.mktemp("demo")
    assert main(["demo", "--data", str(data), "--port", "8091"]) == 0
    eerste = (data / "demo.json").read_bytes()
    assert main(["demo", "--data", str(data), "--port", "8091"]) == 0
    assert (data / "demo.json").read_bytes() == eerste
    return data


@pytest.fixture
async def opslag(demo: Path) -> Any:
    geopend = await Opslag.open(instellingen(demo, 8091, demo=True))
    yield geopend
    await geopend.sluit()


@pytest.mark.parametrize("dag", DAGEN)
@pytest.mark.parametrize("dossier", DOSSIERS, ids=lambda d: d.code)
def test_elk_paspoort_is_geldig_en_hangt_nergens_los(dossier: Dossier, dag: date) -> None:
    validator = Validator.laad()
    alles = [r.inhoud for r in resources(dossier, dag)]
    hier = {f"{i['resourceType']}/{i['id']}" for i in (*alles, *register.resources())}
    for inhoud in alles:
        fouten = [(m.plek, m.tekst()) for m in validator.controleer(inhoud) if m.ernst == "error"]
        assert not fouten, (inhoud["resourceType"], fouten)
        for _, verwijzing in referenties(inhoud):
            delen = ontleed(verwijzing)
            assert delen is not None
            assert f"{delen[0]}/{delen[1]}" in hier, verwijzing


def test_het_register_is_geldig() -> None:
    validator = Validator.laad()
    assert not [m for r in register.resources() for m in validator.controleer(r) if m.ernst == "error"]


@pytest.mark.parametrize("dossier", DOSSIERS, ids=lambda d: d.code)
def test_elke_persoon_is_herkenbaar_verzonnen(dossier: Dossier) -> None:
    patient = resources(dossier, ANKER)[0].inhoud
    assert {"system": ACT_REASON, "code": HTEST} in patient["meta"]["security"]
    bsn = next(i["value"] for i in patient["identifier"] if i["system"] == BSN)
    assert bsn.startswith("9999")
    assert voldoet_aan_elfproef(bsn)
    assert not any(naam.lower() in patient["id"] for naam in patient["name"][0]["text"].split())


def test_geen_twee_mensen_delen_een_nummer_of_een_id() -> None:
    alles = [r.inhoud for d in DOSSIERS for r in resources(d, ANKER)]
    ids = [f"{i['resourceType']}/{i['id']}" for i in alles]
    nummers = [i["identifier"][0]["value"] for i in alles if i["resourceType"] == "Patient"]
    assert len(set(ids)) == len(ids)
    assert len(set(nummers)) == len(nummers) == len(DOSSIERS)


def test_demo_json_heeft_de_vorm_van_het_contract(demo: Path) -> None:
    pad = demo / "demo.json"
    assert pad.stat().st_mode & 0o777 == 0o600
    inhoud = json.loads(pad.read_text("utf-8"))
    assert inhoud["base"] == "http://127.0.0.1:8091"
    assert inhoud["fhir"] == "http://127.0.0.1:8091/fhir"
    assert all({"code", "naam", "rol"} <= p.keys() for p in inhoud["personen"])
    assert all("patient" in p for p in inhoud["personen"] if p["rol"] == "houder")
    assert {o["soort"] for o in inhoud["organisaties"]} >= {
        "gemeente",
        "leverancier",
        "zorgpraktijk",
        "zorgverzekeraar",
    }
    apps = {a["soort"]: a for a in inhoud["apps"]}
    for soort in ("gemeente", "leverancier", "zorgpraktijk"):
        assert apps[soort]["private_jwk"]["d"]
        assert apps[soort]["organisatie"] in {o["id"] for o in inhoud["organisaties"]}
    assert "http://localhost/callback" in apps["persoonlijk"]["redirect_uris"]
    assert "private_jwk" not in apps["persoonlijk"]
    assert apps["proef"]["scope"] == "system/*.cruds"


def test_elk_paspoort_van_demo_json_bestaat(demo: Path) -> None:
    assert {p.patient for p in LEDEN if p.patient} <= {d.patient for d in DOSSIERS}


async def test_een_tweede_keer_voegt_niets_toe(opslag: Opslag) -> None:
    assert len(await opslag.partities()) == len(DOSSIERS)
    for dossier in DOSSIERS:
        m = await opslag.momentopname(dossier.patient)
        assert all(v.versie <= 2 for v in m.alle())
        assert all(v.versie == 1 for v in m.alle() if v.type != "DeviceRequest")
    assert (await logcontrole.controleer(opslag)).goed


async def test_de_vervanging_van_yvonne_gaat_door_met_alle_gronden_waar(opslag: Opslag) -> None:
    patient = id_van("yvonne", "ik")
    m = await opslag.momentopname(patient)
    verzoek = {
        "resourceType": "DeviceRequest",
        "id": "vraag",
        "extension": [
            {"url": extension("wijziging"), "valueCode": "ongewijzigd"},
            {
                "url": extension("betreft"),
                "valueReference": {"reference": f"DeviceUseStatement/{id_van('yvonne', 'rolstoel')}"},
            },
        ],
        "status": "active",
        "intent": "proposal",
        "codeCodeableConcept": {"coding": [{"system": CATEGORIE, "code": "11A02"}]},
        "subject": {"reference": f"Patient/{patient}"},
        "authoredOn": datetime.now(UTC).date().isoformat(),
    }
    uitslag = toets_verzoek(m, opslag.register, verzoek, datetime.now(UTC), behandelaar(m, verzoek))
    assert uitslag.route.value == "doorzetten"
    assert [g.uitkomst for g in uitslag.gronden] == ["ja"] * 8
    assert uitslag.bespaarde_vragen == 31
    assert not uitslag.ontbreekt


@pytest.mark.parametrize("code", ROUTES)
async def test_elke_route_komt_voor(code: str, opslag: Opslag) -> None:
    m = await opslag.momentopname(id_van(code, "ik"))
    lopend = [
        v.inhoud
        for v in m.van_type("DeviceRequest")
        if v.inhoud["intent"] == "proposal" and v.inhoud["status"] == "active"
    ]
    routes = [toets_verzoek(m, opslag.register, v, datetime.now(UTC), behandelaar(m, v)).route for v in lopend]
    assert [r.value for r in routes] == [ROUTES[code]]
    assert any(e["url"] == extension("toetsuitslag") for e in lopend[0]["extension"])


async def test_nienke_ziet_yvonne_pas_als_yvonne_haar_toelaat(opslag: Opslag) -> None:
    nienke = Actor("persoon", "therapeut", "Nienke", organisatie=VLIERHOF, functie=NIENKE.split("/")[1], scopes=None)
    m = await opslag.momentopname(id_van("yvonne", "ik"))
    assert not bepaal_zicht(nienke, m, opslag.register, datetime.now(UTC)).gronden


def test_de_reeks_van_het_als_protocol_heeft_de_echte_tussenpozen() -> None:
    # bijlage 1: gevraagd en gekomen, in dagen
    echt = {
        "traplift": date(2019, 6, 11) - date(2019, 5, 13),
        "oprit": date(2019, 6, 28) - date(2019, 5, 13),
        "rolstoel": date(2019, 10, 11) - date(2019, 5, 13),
        "deuropener": date(2019, 9, 26) - date(2019, 5, 13),
        "toilet": date(2019, 12, 11) - date(2019, 10, 18),
        "verlichting": date(2020, 3, 4) - date(2019, 12, 6),
    }
    assert {v.id: v.gekomen - v.gevraagd for v in VRAGEN} == echt
    assert all(v.gevraagd <= v.besloten <= v.gekomen for v in VRAGEN)


def test_een_echte_installatie_krijgt_nooit_verzonnen_mensen(tmp_path: Path) -> None:
    (tmp_path / "paspoort.db").touch()
    assert main(["demo", "--data", str(tmp_path)]) == 1
    assert not (tmp_path / "demo.json").exists()


@pytest.mark.parametrize("merk", ["", "0123456789abcdef"])
def test_een_demo_van_een_andere_versie_zegt_wat_u_doet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], merk: str
) -> None:
    for naam, inhoud in (("demo.json", "{}"), ("demo.klaar", merk)):
        (tmp_path / naam).write_text(inhoud)
    assert main(["demo", "--data", str(tmp_path), "--port", "8091"]) == 1
    zegt = capsys.readouterr().err
    assert "andere versie" in zegt and str(tmp_path) in zegt and "haal" in zegt
    assert not (tmp_path / "paspoort.db").exists() and (tmp_path / "demo.klaar").read_text() == merk
