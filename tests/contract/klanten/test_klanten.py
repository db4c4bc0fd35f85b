"""Vijf FHIR-clients zoals hun makers ze uitgeven, tegen een draaiende server, als de proef-app van de demo.

Elk script (`*.mjs`, `met_*.py`) gaat met de functies van zijn client door dezelfde stappen en schrijft per stap wat de
client zag; hier wordt dat beoordeeld. `hoe` in een uitkomst zegt met welke functie, ook als het de laagste is.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.verhaal.apps import als_organisatie, bewijs, ontdek
from tests.verhaal.product import Json, Product

HIER = Path(__file__).parent
NODE = shutil.which("node", path=Path(sys.executable).parent) or shutil.which("node")
NPM = ("fhir_kit_client.mjs", "medplum_core.mjs", "fhirclient_js.mjs")
PYPI = ("met_fhirpy.py", "met_fhirclient.py")
HTEST = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}

ALLES = ["match Device", "match DeviceUseStatement", *["match Observation"] * 5, "match Patient"]


def patient(zag: Json, versie: str, geslacht: str) -> bool:
    return zag["meta"]["versionId"] == versie and zag["gender"] == geslacht and HTEST in zag["meta"]["security"]


def geweigerd(zag: Json, status: int, code: str) -> bool:
    """Niet elke client geeft de status door; de OperationOutcome geeft elke client door."""
    return zag.get("status") in (status, None) and zag["soort"] == "OperationOutcome" and zag["code"] == code


def transactie(zag: list[list[str]]) -> bool:
    soorten = [plaats.split("/")[-4] for _, plaats in zag]
    return [s for s, _ in zag] == ["201"] * 3 and soorten == ["DeviceUseStatement", "Device", "Patient"]


# Per stap: wat een client gezien moet hebben.
STAPPEN: dict[str, Callable[[Any], bool]] = {
    "ontdekken": lambda zag: zag["fhir"] == "4.0.1" and zag["token"].endswith("/oauth/token"),
    "token": lambda zag: zag == {"aangemeld": True},
    "maken": lambda zag: patient(zag, "1", "female") and len(zag["id"]) > 10,
    "maken zonder patient": lambda zag: zag["meta"]["versionId"] == "1" and "patient" not in zag,
    "lezen": lambda zag: patient(zag, "1", "female") and zag["name"][0]["family"] == "Proefpersoon",
    "wijzigen": lambda zag: patient(zag, "2", "unknown"),
    "verouderd": lambda zag: geweigerd(zag, 412, "versie-verouderd"),
    "oude versie": lambda zag: patient(zag, "1", "female"),
    "geschiedenis": lambda zag: zag == ["2", "1"],
    "zoeken met include": lambda zag: zag == ["include Device", "match DeviceUseStatement"],
    "bladeren": lambda zag: zag["eerste"] == 2 and len(zag["alle"]) == len(set(zag["alle"])) == 5,
    "zoeken over eigen paspoorten": lambda zag: zag == 5,
    "patch": lambda zag: patient(zag, "3", "other"),
    "transactie": transactie,
    "transactie terug": lambda zag: geweigerd(zag, 400, "fhir-datum-bestaat-niet") and zag["gebleven"] == 0,
    "alles": lambda zag: zag == ALLES,
    "keuren": lambda zag: "error" not in zag["goed"] and "error" in zag["kapot"],
    "verwijderen": lambda zag: geweigerd(zag, 410, "verwijderd"),
}  # fmt: skip
EIGEN = {"met_fhirpy.py": {"verversen": lambda zag: zag == {"versie": "3"}, "tellen": lambda zag: zag == 5}}


@pytest.fixture(scope="module")
def uitkomst(product: Product) -> Callable[[str], dict[str, Json]]:
    """Draai een script één keer; geeft per stap wat het schreef."""

    @cache
    def draai_script(script: str) -> dict[str, Json]:
        node = script.endswith(".mjs")
        if node and (NODE is None or not (HIER / "node_modules").is_dir()):
            pytest.skip("node of node_modules ontbreekt; `make test` zet ze klaar (.ci/gereed testen)")
        app, adres = product.app("proef"), ontdek(product)["token_endpoint"]
        omgeving = {
            **os.environ, "FHIR": product.fhir, "TOKEN_ADRES": adres, "SCOPE": app["scope"],
            "VERKLARING": bewijs(app, adres), "NO_PROXY": "127.0.0.1", "PYTHONWARNINGS": "ignore",
        }  # fmt: skip
        opdracht = [str(NODE) if node else sys.executable, script]
        gedaan = subprocess.run(
            opdracht, cwd=HIER, env=omgeving, capture_output=True, text=True, timeout=120, check=False
        )
        assert gedaan.returncode == 0, gedaan.stdout[-1000:] + gedaan.stderr[-3000:]
        return {regel["stap"]: regel for regel in map(json.loads, gedaan.stdout.splitlines())}

    return draai_script


@pytest.mark.parametrize("stap", STAPPEN)
@pytest.mark.parametrize("script", [*NPM, *PYPI])
def test_elke_client_kan_elke_stap(uitkomst: Callable[[str], dict[str, Json]], script: str, stap: str) -> None:
    regel = uitkomst(script)[stap]
    assert "fout" not in regel, f"{regel['hoe']}: {regel.get('fout')}"
    assert STAPPEN[stap](regel["zag"]), regel


@pytest.mark.parametrize(("script", "stap"), [(script, stap) for script, eigen in EIGEN.items() for stap in eigen])
def test_wat_maar_een_client_zo_doet(uitkomst: Callable[[str], dict[str, Json]], script: str, stap: str) -> None:
    regel = uitkomst(script)[stap]
    assert "fout" not in regel, f"{regel['hoe']}: {regel.get('fout')}"
    assert EIGEN[script][stap](regel["zag"]), regel


def test_een_client_die_met_een_ander_token_kijkt_ziet_niets_van_de_proef(product: Product) -> None:
    """De proeftuin is dicht: wat de scripts maakten, is voor een organisatie van de demo onvindbaar."""
    proef, gemeente = als_organisatie(product, "proef"), als_organisatie(product, "gemeente")
    id_ = proef.maak({"resourceType": "Patient", "name": [{"family": "Alleen Hier"}]})["id"]
    assert gemeente.fhir.get(f"Patient/{id_}").status_code == 404
    assert gemeente.lees("Patient", _id=id_)["total"] == 0
    vreemd = product.persoon("Yvonne")["patient"]
    assert proef.fhir.get(f"Patient/{vreemd}").status_code == 404
