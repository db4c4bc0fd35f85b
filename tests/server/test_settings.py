"""Instellingen uit de omgeving: veilige standaarden, en fouten die de naam noemen en de waarde niet."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

from server.settings import InstellingFout, uit_omgeving

SLEUTEL = base64.b64encode(bytes(range(32))).decode()


def test_de_demo_maakt_een_hoofdsleutel_die_alleen_de_eigenaar_leest(tmp_path: Path) -> None:
    een = uit_omgeving({"DATA": str(tmp_path)}, demo=True)
    pad = tmp_path / "master.key"
    assert stat.S_IMODE(pad.stat().st_mode) == 0o600
    assert uit_omgeving({"DATA": str(tmp_path)}, demo=True).master_key == een.master_key
    assert len(een.master_key) == 32


def test_buiten_de_demo_moet_de_hoofdsleutel_er_zijn(tmp_path: Path) -> None:
    with pytest.raises(InstellingFout, match="MASTER_KEY"):
        uit_omgeving({"DATA": str(tmp_path)})
    assert not (tmp_path / "master.key").exists()
    assert uit_omgeving({"DATA": str(tmp_path), "MASTER_KEY": SLEUTEL}).master_key == bytes(range(32))
    bestand = tmp_path / "elders.key"
    bestand.write_text(SLEUTEL + "\n")
    assert uit_omgeving({"DATA": str(tmp_path), "MASTER_KEY_FILE": str(bestand)}).master_key == bytes(range(32))


@pytest.mark.parametrize("kapot", ["geen base64!", base64.b64encode(b"kort").decode()])
def test_een_kapotte_hoofdsleutel_staat_niet_in_de_fout(tmp_path: Path, kapot: str) -> None:
    with pytest.raises(InstellingFout) as fout:
        uit_omgeving({"DATA": str(tmp_path), "MASTER_KEY": kapot})
    assert kapot not in str(fout.value)


def test_de_hoofdsleutel_staat_niet_in_de_weergave(tmp_path: Path) -> None:
    settings = uit_omgeving({"DATA": str(tmp_path), "MASTER_KEY": SLEUTEL})
    assert repr(settings.master_key) not in repr(settings)


def test_standaarden_en_eigen_waarden(tmp_path: Path) -> None:
    standaard = uit_omgeving({"DATA": str(tmp_path), "MASTER_KEY": SLEUTEL})
    assert standaard.database_url == f"sqlite:///{tmp_path / 'paspoort.db'}"
    assert standaard.vault_url == f"sqlite:///{tmp_path / 'vault.db'}"
    assert (standaard.base_url, standaard.demo, standaard.snapshot_cache_mb) == ("http://127.0.0.1:8080", False, 256)
    eigen = uit_omgeving(
        {
            "DATA": str(tmp_path),
            "MASTER_KEY": SLEUTEL,
            "DATABASE_URL": "postgresql://u@h/db?sslmode=require",
            "BASE_URL": "https://x.nl/",
            "DEMO": "1",
        }
    )
    assert eigen.vault_url == "postgresql://u@h/db?sslmode=require&schema=kluis"
    assert (eigen.base_url, eigen.fhir_url, eigen.demo) == ("https://x.nl", "https://x.nl/fhir", True)


@pytest.mark.parametrize("waarde", ["0", "-1", "veel", "1.5"])
def test_een_onzinnig_getal_wordt_geweigerd(tmp_path: Path, waarde: str) -> None:
    with pytest.raises(InstellingFout, match="SNAPSHOT_CACHE_MB"):
        uit_omgeving({"DATA": str(tmp_path), "MASTER_KEY": SLEUTEL, "SNAPSHOT_CACHE_MB": waarde})
