"""Importeren en exporteren: wat erin gaat komt er gelijk weer uit, en over elke resource is iets gezegd."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paspoort.fhir.fhirjson import lees
from server.cli import main

Json = dict[str, Any]
NICTIZ = Path(__file__).parents[4] / "shared" / "nl-core" / "voorbeelden"
PATIENT: Json = {
    "resourceType": "Patient",
    "id": "import-1",
    "name": [{"text": "Verzonnen"}],
    "birthDate": "1970-02-03",
}


@pytest.fixture
def bestand(tmp_path: Path) -> Callable[..., str]:
    def maak(*inhoud: Json, naam: str = "in.json") -> str:
        bundel = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": i} for i in inhoud]}
        (tmp_path / naam).write_text(json.dumps(bundel if len(inhoud) != 1 else inhoud[0]))
        return str(tmp_path / naam)

    return maak


@pytest.fixture
def paspoort(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., tuple[int, bytes]]:
    """`paspoort("import", …)` op een eigen map; geeft de uitgang en wat er op het scherm kwam."""

    def doe(opdracht: str, *woorden: str) -> tuple[int, bytes]:
        uitgang = main([opdracht, *woorden, "--demo", "--data", str(tmp_path / "data")])
        uit = capsysbinary.readouterr()
        return uitgang, uit.out + uit.err

    return doe


def meting(**anders: Any) -> Json:
    return {
        "resourceType": "Observation",
        "id": "meting-1",
        "status": "final",
        "code": {"text": "Zitbreedte"},
        "subject": {"reference": "Patient/import-1"},
        **anders,
    }


def eruit(export: bytes) -> dict[str, Json]:
    """De resources van een export op `Type/id`, zonder id en meta."""
    resources = [e["resource"] for e in lees(export)["entry"]]
    return {f"{r['resourceType']}/{r['id']}": _kaal(r) for r in resources}


def _kaal(resource: Json) -> Json:
    return {k: v for k, v in resource.items() if k not in ("id", "meta")}


def test_de_voorbeelden_van_nictiz_worden_een_paspoort_en_komen_er_gelijk_uit(
    paspoort: Callable[..., tuple[int, bytes]],
) -> None:
    if not NICTIZ.is_dir():
        pytest.skip("de voorbeelden van Nictiz staan niet naast dit project")
    bestanden = sorted(NICTIZ.glob("*.json"))
    uitgang, tekst = paspoort("import", *map(str, bestanden))
    assert uitgang == 0, tekst.decode()
    assert tekst.count(b"overgenomen       ") == len(bestanden)
    assert b"ClimbingStairs-01, en dat zat er niet bij" in tekst
    gelezen = [lees(b.read_bytes()) for b in bestanden]
    _, export = paspoort("export", "nl-core-Patient-01")
    gevonden = eruit(export)
    register = {"Organization", "Practitioner", "PractitionerRole"}
    verwacht = {f"{r['resourceType']}/{r['id']}": _kaal(r) for r in gelezen if r["resourceType"] not in register}
    assert gevonden == verwacht


def test_decimalen_en_volgorde_blijven_zoals_zij_kwamen(paspoort: Any, tmp_path: Path, bestand: Any) -> None:
    tekst = json.dumps(meting(valueQuantity={"value": 0.5, "unit": "cm"})).replace("0.5", "40.50")
    (tmp_path / "m.json").write_text(tekst)
    assert paspoort("import", bestand(PATIENT), str(tmp_path / "m.json"))[0] == 0
    assert b'"value":40.50' in paspoort("export", "import-1")[1].replace(b" ", b"")


def test_een_id_dat_al_bestaat_wordt_nieuw_en_verwijzingen_gaan_mee(paspoort: Any, bestand: Any) -> None:
    bron = bestand(PATIENT, meting())
    assert paspoort("import", bron)[0] == 0
    uitgang, tekst = paspoort("import", bron)
    assert uitgang == 0
    nieuw = re.search(rb"Paspoort: (\S+)", tekst)[1].decode()  # type: ignore[index]
    assert nieuw != "import-1"
    resources = eruit(paspoort("export", nieuw)[1])
    assert {i["subject"]["reference"] for n, i in resources.items() if n.startswith("Observation/")} == {
        f"Patient/{nieuw}"
    }


def test_urn_uuid_uit_een_bundel_wordt_een_echt_id(paspoort: Any, tmp_path: Path) -> None:
    urn = "urn:uuid:00000000-0000-4000-8000-0000000000aa"
    zonder_id = {k: v for k, v in PATIENT.items() if k != "id"}
    gebundeld = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": urn, "resource": zonder_id}, {"resource": meting(subject={"reference": urn})}],
    }
    (tmp_path / "b.json").write_text(json.dumps(gebundeld))
    uitgang, tekst = paspoort("import", str(tmp_path / "b.json"))
    assert uitgang == 0, tekst
    assert b"zat er niet bij" not in tekst


@pytest.mark.parametrize(
    ("fout", "reden"),
    [
        (meting(status="bestaat-niet"), "Observation.status"),
        (meting(subject={"reference": "Patient/ander"}), "gaat over een ander"),
        ({k: v for k, v in meting().items() if k != "subject"}, "Observation"),
        ({"resourceType": "AuditEvent", "id": "a"}, "log schrijft alleen de server"),
        ({"resourceType": "Consent", "id": "c", "status": "active"}, "toestemming geeft de houder zelf"),
        (
            {
                "resourceType": "Task",
                "id": "t",
                "status": "requested",
                "intent": "order",
                "code": {"text": "Iets wat nog moet"},
                "for": {"reference": "Patient/import-1"},
                "owner": {"reference": "Organization/lindewaard"},
            },
            "nog loopt",
        ),
        ({"resourceType": "Medication", "id": "m"}, "hoort niet in een paspoort"),
        (PATIENT | {"name": [{"text": "Nog een keer"}]}, "twee keer"),
    ],
)
def test_wat_niet_mee_kan_staat_er_met_de_reden_en_de_rest_gaat_mee(
    fout: Json, reden: str, paspoort: Any, bestand: Any
) -> None:
    uitgang, tekst = paspoort("import", bestand(PATIENT, meting(id="goed"), fout))
    assert uitgang == 1
    assert reden in tekst.decode()
    assert set(eruit(paspoort("export", "import-1")[1])) == {"Patient/import-1", "Observation/goed"}


@pytest.mark.parametrize(
    "inhoud", ["", "{", "[]", '{"resourceType":"Observation"}', '{"resourceType":"Bundle","type":"collection"}', "ÿ"]
)
def test_een_kapot_bestand_maakt_geen_paspoort(inhoud: str, paspoort: Any, tmp_path: Path) -> None:
    (tmp_path / "kapot.json").write_text(inhoud, "latin-1")
    assert paspoort("import", str(tmp_path / "kapot.json"))[0] == 1


def test_proef_schrijft_niets(paspoort: Any, bestand: Any) -> None:
    assert paspoort("import", bestand(PATIENT), "--proef")[0] == 0
    assert paspoort("export", "import-1")[0] == 1


def test_de_export_is_alleen_voor_wie_hem_vroeg_leesbaar(paspoort: Any, bestand: Any, tmp_path: Path) -> None:
    paspoort("import", bestand(PATIENT))
    doel = tmp_path / "uit.json"
    assert paspoort("export", "import-1", "--uit", str(doel))[0] == 0
    assert doel.stat().st_mode & 0o777 == 0o600
    assert paspoort("export", "import-1", "--uit", str(doel))[0] == 1
