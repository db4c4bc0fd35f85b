"""`docs/handleidingen/aansluiten.md` doet wat er staat: elke opdracht draait, elk getoond antwoord klopt.

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
NODIG = ("bash", "curl", "jq")
SCHEIDING = "=== einde van blok"
BLOK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.M | re.S)


def blokken() -> list[tuple[str, str | None]]:
    """Elk blok opdrachten, met het antwoord dat eronder staat."""
    uit: list[tuple[str, str | None]] = []
    for soort, inhoud in BLOK.findall(GIDS.read_text("utf-8")):
        if soort == "sh":
            uit.append((inhoud, None))
        else:
            uit[-1] = (uit[-1][0], inhoud)
    return uit


def test_de_gids_van_nul_tot_opruimen(product: Product, tmp_path: Path) -> None:
    missen = [n for n in NODIG if shutil.which(n) is None]
    if missen:
        pytest.skip(f"de gids gebruikt {', '.join(missen)}")
    for naam, doel in (("data", product.map / "data"), ("docs", WORTEL / "docs"), (".venv", Path(sys.prefix))):
        (tmp_path / naam).symlink_to(doel)
    stappen = blokken()
    assert len(stappen) >= 10 and all(antwoord for _, antwoord in stappen), "elk blok toont zijn antwoord"
    script = "".join(f"{opdrachten}\necho '{SCHEIDING}'\n" for opdrachten, _ in stappen)
    gedaan = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, env={**os.environ, "NO_PROXY": "127.0.0.1"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert gedaan.returncode == 0, gedaan.stdout[-2000:] + gedaan.stderr[-2000:]
    getoond = gedaan.stdout.split(f"{SCHEIDING}\n")[:-1]
    for (opdrachten, antwoord), echt in zip(stappen, getoond, strict=True):
        assert echt == antwoord, opdrachten
    assert sorted(p.name for p in tmp_path.iterdir()) == [".venv", "data", "docs"], "de gids ruimt haar bestanden op"


def test_de_gids_noemt_elke_client_die_getest_is() -> None:
    tekst = GIDS.read_text("utf-8")
    for naam in ("fhir-kit-client", "@medplum/core", "fhirclient", "fhirpy"):
        assert f"`{naam}`" in tekst
