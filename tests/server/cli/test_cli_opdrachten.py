"""De opdrachtregel: elke opdracht heeft hulp, een uitgang die klopt, en zegt wat er mis is (ontwerp.md deel 3)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from server.cli import OPDRACHTEN, main

CONTRACT = [
    "demo",
    "serve",
    "migrate",
    "check",
    "client",
    "import",
    "export",
    "validate",
    "audit",
    "keys",
    "erase",
    "backup",
    "restore",
    "bench",
]
# Wat er sindsdien bij kwam (besluit 0023; berichten die niet aankomen).
ERBIJ = ["abonnement", "organisatie", "persoon", "vertegenwoordiger"]
GOED = {
    "resourceType": "Patient",
    "id": "p-1",
    "name": [{"text": "Verzonnen Persoon"}],
    "birthDate": "1970-01-01",
}


def test_alle_opdrachten_van_het_contract_bestaan() -> None:
    assert sorted(OPDRACHTEN) == sorted([*CONTRACT, *ERBIJ])


@pytest.mark.parametrize("opdracht", [*CONTRACT, *ERBIJ])
def test_elke_opdracht_heeft_hulp_en_eindigt_met_0(opdracht: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as einde:
        main([opdracht, "--help"])
    assert einde.value.code == 0
    assert OPDRACHTEN[opdracht].uitleg.split(":")[0][:20] in capsys.readouterr().out.replace("\n", " ")


@pytest.mark.parametrize("opdracht", [naam for naam, o in OPDRACHTEN.items() if not o.module])
def test_wat_er_nog_niet_is_zegt_dat_in_een_regel_en_eindigt_met_2(
    opdracht: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([opdracht]) == 2
    fout = capsys.readouterr().err
    assert fout.count("\n") == 1
    assert "bestaat nog niet" in fout


@pytest.mark.parametrize("woorden", [[], ["vlieg"], ["serve", "--snel"], ["import"], ["export"], ["audit", "wis"]])
def test_verkeerd_gebruik_eindigt_met_2(woorden: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as einde:
        main(woorden)
    assert einde.value.code == 2
    assert capsys.readouterr().err


@pytest.mark.parametrize(
    "woorden",
    [["bench", "--verbindingen", "nul"], ["bench", "--paspoorten", "0"], ["export", "x", "--format", "pdf"]],
)
def test_een_optie_die_niet_kan_eindigt_met_2_zonder_iets_te_doen(
    woorden: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA", str(tmp_path / "nieuw"))
    assert main(woorden) == 2
    assert not (tmp_path / "nieuw").exists()


def test_zonder_hoofdsleutel_start_er_buiten_de_demo_niets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("MASTER_KEY", raising=False)
    monkeypatch.delenv("MASTER_KEY_FILE", raising=False)
    assert main(["migrate", "--data", str(tmp_path)]) == 2
    assert "MASTER_KEY" in capsys.readouterr().err


def test_wissen_vraagt_eerst_of_u_het_zeker_weet(tmp_path: Path) -> None:
    assert main(["erase", "p-1", "--demo", "--data", str(tmp_path)]) == 2


def test_validate_zegt_goed_en_eindigt_met_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "p.json").write_text(json.dumps(GOED))
    assert main(["validate", str(tmp_path / "p.json")]) == 0
    assert "goed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("inhoud", "staat_er"),
    [
        ("{", "p.json"),
        ("", "p.json"),
        (json.dumps(GOED | {"gender": "blauw"}), "Patient.gender"),
        (json.dumps(GOED | {"onzin": 1}), "Patient"),
        (json.dumps({"resourceType": "Condition", "id": "c"}), "Condition"),
        (json.dumps({"resourceType": "Bestaatniet"}), "p.json"),
        (json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {}}]}), "Bundle.entry[0]"),
    ],
)
def test_validate_wijst_elke_fout_aan_en_eindigt_met_1(
    inhoud: str, staat_er: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "p.json").write_text(inhoud)
    assert main(["validate", str(tmp_path / "p.json")]) == 1
    assert staat_er in capsys.readouterr().out


def test_validate_leest_alle_bestanden_ook_na_een_fout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "goed.json").write_text(json.dumps(GOED))
    assert main(["validate", str(tmp_path / "weg.json"), str(tmp_path / "goed.json")]) == 1
    assert "goed.json: goed" in capsys.readouterr().out


@pytest.mark.parametrize("woorden", [["retry"], ["list", "een-id"]])
def test_opnieuw_bezorgen_noemt_een_abonnement_en_de_lijst_niet(woorden: list[str]) -> None:
    assert main(["abonnement", *woorden]) == 2
