"""De voorbeelden uit `docs/voorbeelden` doen wat de README en de handleiding van de leverancier beloven.

Zij draaien zoals een lezer ze draait: als eigen proces, tegen een verse demo.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.verhaal.product import WORTEL, Product, vrije_poort

VOORBEELDEN = WORTEL / "docs/voorbeelden"
NODIG = ("bash", "curl", "jq")


def token(product: Product, soort: str, *scope: str) -> str:
    demo = product.map / "data/demo.json"
    opdracht = [sys.executable, str(VOORBEELDEN / "haal_token.py"), str(demo), soort, *scope]
    return subprocess.run(opdracht, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


@pytest.mark.parametrize("soort", ["gemeente", "leverancier", "zorgpraktijk", "zorgverzekeraar", "proef"])
def test_het_voorbeeld_haalt_een_token_waarmee_te_vragen_is(product: Product, soort: str) -> None:
    kop = {"Authorization": f"Bearer {token(product, soort)}"}
    antwoord = httpx.get(f"{product.fhir}/Organization", headers=kop, trust_env=False)
    assert antwoord.status_code == 200 and antwoord.json()["total"] >= 6


def test_het_voorbeeld_gaat_van_zoeken_tot_leveren_en_de_ontvanger_hoort_het(product: Product, tmp_path: Path) -> None:
    missen = [n for n in NODIG if shutil.which(n) is None]
    if missen:
        pytest.skip(f"het voorbeeld gebruikt {', '.join(missen)}")
    gids = (WORTEL / "docs/handleidingen/leverancier.md").read_text("utf-8")
    genoeg = re.search(r"^`(system/Task\.rus [^`]+)`", gids, re.M)
    assert genoeg, "de handleiding noemt de scopes die genoeg zijn"
    bearer = token(product, "leverancier", genoeg[1])
    omgeving = {**os.environ, "TOKEN": bearer, "FHIR": product.fhir, "TMPDIR": str(tmp_path), "NO_PROXY": "127.0.0.1"}
    # twee meldingen: de stap die het script meldt, en de levering
    luistert = [sys.executable, str(VOORBEELDEN / "ontvanger.py"), str(vrije_poort()), "2"]
    with subprocess.Popen(luistert, env=omgeving, stdout=subprocess.PIPE, text=True) as ontvanger:
        assert ontvanger.stdout is not None
        assert ontvanger.stdout.readline() == "handshake 0 -\n"
        gedaan = subprocess.run(
            [str(VOORBEELDEN / "leverancier.sh")],
            env=omgeving,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert gedaan.returncode == 0, gedaan.stderr + gedaan.stdout
        gehoord, _ = ontvanger.communicate(timeout=30)
    assert ontvanger.returncode == 0
    assert [regel.rpartition("/")[0] for regel in gehoord.splitlines()] == [
        f"event-notification {n} {product.fhir}/Task" for n in (1, 2)
    ]
    assert len(re.findall(r"^201\t", gedaan.stdout, re.M)) == 2 and re.search(r"^200\b", gedaan.stdout, re.M)
    kop = {"Authorization": f"Bearer {bearer}"}
    klaar = httpx.get(f"{product.fhir}/Task?business-status=geleverd", headers=kop, trust_env=False).json()
    assert klaar["total"] == 1
    assert not list(tmp_path.iterdir()), "het script ruimt zijn bestanden op"


def test_elke_regel_met_curl_in_de_handleiding_vraagt_wat_het_script_ook_vraagt() -> None:
    gids = (WORTEL / "docs/handleidingen/leverancier.md").read_text("utf-8")
    script = (VOORBEELDEN / "leverancier.sh").read_text("utf-8")
    adressen = set(re.findall(r'"\$FHIR[^"]*"', gids))
    assert len(adressen) >= 5
    assert not [a for a in adressen if a not in script]
