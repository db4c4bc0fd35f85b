"""Instellingen uit de omgeving, één keer gelezen bij het starten (ontwerp deel 3, *Commands*).

Maakt de gegevensmap en, alleen in de demo, de hoofdsleutel. Kent geen database en geen HTTP.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

HOOFDSLEUTEL_BYTES = 32
KLUIS_SCHEMA = "kluis"  # op PostgreSQL staat de kluis standaard in een eigen schema van dezelfde server


class InstellingFout(ValueError):  # noqa: N818 - het domein spreekt Nederlands
    """Een instelling ontbreekt of klopt niet; de tekst noemt de naam, nooit de waarde."""


@dataclass(frozen=True)
class Settings:
    """Waar alles staat. `master_key` blijft buiten `repr`, dus ook buiten logs."""

    data: Path
    base_url: str
    database_url: str
    vault_url: str
    master_key: bytes = field(repr=False)
    demo: bool = False
    snapshot_cache_mb: int = 256
    pool_size: int = 8
    grenzen: str = ""  # server/rem.py leest ze
    proxys: str = ""
    aanbieders: str = ""  # server/oauth/aanbieders.py leest dit bestand
    smtp_url: str = field(default="", repr=False)  # met wachtwoord; server/post/maildeur.py leest haar
    mail_van: str = "niet-antwoorden@hulpmiddelenpaspoort.nl"
    master_key_oud: bytes | None = field(default=None, repr=False)  # zolang er van hoofdsleutel gewisseld wordt
    bsn_grond: str = ""  # op welke wet het BSN hier in een paspoort staat; leeg = niet

    @property
    def fhir_url(self) -> str:
        """De FHIR-basis, zonder schuine streep aan het eind."""
        return f"{self.base_url}/fhir"


def uit_omgeving(omgeving: Mapping[str, str] | None = None, *, demo: bool | None = None) -> Settings:
    """Lees de instellingen; `demo` gaat voor de omgevingsvariabele DEMO.

    DATA (./data) · BASE_URL (http://127.0.0.1:PORT) · PORT (8080) · DEMO (0/1) · DATABASE_URL (sqlite in DATA) ·
    VAULT_URL (vault.db ernaast; op PostgreSQL schema `kluis`) · MASTER_KEY (base64, 32 bytes) of MASTER_KEY_FILE ·
    MASTER_KEY_OLD (alleen bij wisselen) · SNAPSHOT_CACHE_MB (256) · POOL_SIZE (8) ·
    GRENZEN en VERTROUWDE_PROXYS (server/rem.py) ·
    SMTP_URL (smtp:// of smtps://; leeg = geen mail) en MAIL_VAN ·
    AANBIEDERS (bestand met inlogdiensten) · BSN_GROND (leeg). Fout: `InstellingFout`.
    """
    env = os.environ if omgeving is None else omgeving
    data = Path(env.get("DATA", "./data")).resolve()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    is_demo = env.get("DEMO", "0") in {"1", "true", "ja"} if demo is None else demo
    database_url = env.get("DATABASE_URL") or f"sqlite:///{data / 'paspoort.db'}"
    return Settings(
        data=data,
        base_url=env.get("BASE_URL", f"http://127.0.0.1:{env.get('PORT', '8080')}").rstrip("/"),
        database_url=database_url,
        vault_url=env.get("VAULT_URL") or _kluis_naast(database_url),
        master_key=_hoofdsleutel(env, data, is_demo),
        master_key_oud=_ontcijfer(env["MASTER_KEY_OLD"], "MASTER_KEY_OLD") if env.get("MASTER_KEY_OLD") else None,
        demo=is_demo,
        snapshot_cache_mb=_getal(env, "SNAPSHOT_CACHE_MB", 256),
        pool_size=_getal(env, "POOL_SIZE", 8),
        grenzen=env.get("GRENZEN", ""),
        proxys=env.get("VERTROUWDE_PROXYS", ""),
        smtp_url=env.get("SMTP_URL", "").strip(),
        mail_van=env.get("MAIL_VAN", "") or Settings.mail_van,
        aanbieders=env.get("AANBIEDERS", ""),
        bsn_grond=env.get("BSN_GROND", "").strip(),
    )


def _kluis_naast(database_url: str) -> str:
    if database_url.startswith("sqlite:///"):
        return f"sqlite:///{Path(database_url.removeprefix('sqlite:///')).with_name('vault.db')}"
    delen = urlsplit(database_url)
    query = urlencode([*((k, v) for k, v in parse_qsl(delen.query) if k != "schema"), ("schema", KLUIS_SCHEMA)])
    return urlunsplit(delen._replace(query=query))


def _getal(env: Mapping[str, str], naam: str, standaard: int) -> int:
    tekst = env.get(naam, "")
    if not tekst:
        return standaard
    if not tekst.isdecimal() or int(tekst) < 1:
        raise InstellingFout(f"{naam} moet een geheel getal vanaf 1 zijn")
    return int(tekst)


def _hoofdsleutel(env: Mapping[str, str], data: Path, demo: bool) -> bytes:
    if env.get("MASTER_KEY"):
        return _ontcijfer(env["MASTER_KEY"], "MASTER_KEY")
    pad = Path(env["MASTER_KEY_FILE"]) if env.get("MASTER_KEY_FILE") else data / "master.key"
    if pad.is_file():
        return _ontcijfer(pad.read_text("ascii"), str(pad))
    if not demo:
        raise InstellingFout("MASTER_KEY of MASTER_KEY_FILE ontbreekt; alleen de demo maakt zelf een hoofdsleutel")
    sleutel = secrets.token_bytes(HOOFDSLEUTEL_BYTES)
    # O_EXCL: twee processen die tegelijk starten mogen nooit elk een andere hoofdsleutel houden
    try:
        fd = os.open(pad, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _ontcijfer(pad.read_text("ascii"), str(pad))
    with os.fdopen(fd, "wb") as bestand:
        bestand.write(base64.b64encode(sleutel))
        bestand.flush()
        os.fsync(bestand.fileno())
    return sleutel


def _ontcijfer(tekst: str, bron: str) -> bytes:
    try:
        sleutel = base64.b64decode(tekst.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise InstellingFout(f"{bron} is geen base64") from None
    if len(sleutel) != HOOFDSLEUTEL_BYTES:
        raise InstellingFout(f"{bron} moet {HOOFDSLEUTEL_BYTES} bytes zijn")
    return sleutel
