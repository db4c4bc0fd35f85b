"""`docs/handleidingen/aansluiten.md` en `zegel.md` doen wat er staat: elke opdracht draait, elk antwoord klopt.

De blokken ```sh lopen achter elkaar in één schil, zoals bij een lezer; een blok ```text is wat het blok ervóór toont.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.verhaal.product import WORTEL, Product

GIDS = WORTEL / "docs/handleidingen/aansluiten.md"
ZEGEL = WORTEL / "docs/handleidingen/zegel.md"
NODIG = ("bash", "curl", "jq")
SCHEIDING = "=== einde van blok"
BLOK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.M | re.S)


def blokken(gids: Path = GIDS) -> list[tuple[str, str | None]]:
    """Elk blok opdrachten, met het antwoord dat eronder staat."""
    uit: list[tuple[str, str | None]] = []
    for soort, inhoud in BLOK.findall(gids.read_text("utf-8")):
        if soort == "sh":
            uit.append((inhoud, None))
        else:
            uit[-1] = (uit[-1][0], inhoud)
    return uit


def draai_na(gids: Path, product: Product, werkmap: Path, **erbij: Path) -> list[str]:
    """Elk blok van de gids in één schil; toetst elk getoond antwoord. Geeft wat er daarna in de werkmap staat."""
    missen = [n for n in NODIG if shutil.which(n) is None]
    if missen:
        pytest.skip(f"de gids gebruikt {', '.join(missen)}")
    mappen = {"data": product.map / "data", "docs": WORTEL / "docs", ".venv": Path(sys.prefix), **erbij}
    for naam, doel in mappen.items():
        (werkmap / naam).symlink_to(doel)
    stappen = blokken(gids)
    assert all(antwoord for _, antwoord in stappen), "elk blok toont zijn antwoord"
    script = "".join(f"{opdrachten}\necho '{SCHEIDING}'\n" for opdrachten, _ in stappen)
    pad = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    gedaan = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=werkmap,
        env={**os.environ, "NO_PROXY": "127.0.0.1", "PATH": pad},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert gedaan.returncode == 0, gedaan.stdout[-2000:] + gedaan.stderr[-2000:]
    getoond = gedaan.stdout.split(f"{SCHEIDING}\n")[:-1]
    for (opdrachten, antwoord), echt in zip(stappen, getoond, strict=True):
        assert echt == antwoord, opdrachten
    return sorted(p.name for p in werkmap.iterdir())


def test_de_gids_van_nul_tot_opruimen(product: Product, tmp_path: Path) -> None:
    assert len(blokken()) >= 10
    assert draai_na(GIDS, product, tmp_path) == [".venv", "data", "docs"], "de gids ruimt haar bestanden op"


def test_het_zegel_is_na_te_kijken_met_een_gewoon_jose_programma(product: Product, tmp_path: Path) -> None:
    modules = WORTEL / "tests/contract/klanten/node_modules"
    if not (modules / "jose").is_dir():
        pytest.skip("npm-pakket jose is er niet (make klanten)")
    assert draai_na(ZEGEL, product, tmp_path, node_modules=modules) == [".venv", "data", "docs", "node_modules"]


def test_de_gids_noemt_elke_client_die_getest_is() -> None:
    tekst = GIDS.read_text("utf-8")
    for naam in ("fhir-kit-client", "@medplum/core", "fhirclient", "fhirpy"):
        assert f"`{naam}`" in tekst
