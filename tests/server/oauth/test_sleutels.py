"""De tekensleutels: RS256 en ES256, en wisselen terwijl alles doorgaat (OpenID Connect Core §10.1.1)."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from server.cli import main
from server.oauth.keys import HERLAAD, ID_TOKEN_ALGS, NALOOP, VOORAF, Sleutels, wissel
from server.store.passports import Opslag
from server.store.tokens import ondertekensleutels


class Klok:
    """Een klok die een test verzet."""

    def __init__(self) -> None:
        self.nu = time.time()

    def __call__(self) -> float:
        return self.nu


def kids(sleutels: Sleutels) -> set[str]:
    return {s["kid"] for s in sleutels.publiek()["keys"]}


def teken(sleutels: Sleutels, alg: str) -> str:
    sleutel = sleutels.tekent(alg)
    return jwt.encode({"alg": alg, "kid": str(sleutel.kid)}, {"sub": "x"}, sleutel, [alg])


def klopt(getekend: str, jwks: dict[str, Any], alg: str) -> bool:
    try:
        jwt.decode(getekend, KeySet.import_key_set(jwks), algorithms=[alg])  # type: ignore[arg-type]
    except ValueError:
        return False
    return True


async def test_wisselen_heeft_geen_moment_waarop_een_token_niet_klopt(opslag: Opslag) -> None:
    """Wie de JWKS vijf minuten onthoudt, kan elk token nakijken dat intussen getekend wordt, en elk oud token ook."""
    klok = Klok()
    sleutels = Sleutels(klok)
    await sleutels.laad(opslag)
    begin, oud = klok.nu, {alg: str(sleutels.tekent(alg).kid) for alg in ID_TOKEN_ALGS}
    getekend = [(alg, teken(sleutels, alg)) for alg in ID_TOKEN_ALGS]
    onthouden = sleutels.publiek()  # bij een ander, hoogstens vijf minuten oud
    await wissel(opslag, int(klok.nu))
    for minuut in range(1, VOORAF // 60 + 4):
        klok.nu = begin + minuut * HERLAAD
        await sleutels.laad(opslag)
        for alg in ID_TOKEN_ALGS:
            getekend.append((alg, teken(sleutels, alg)))
            assert klopt(getekend[-1][1], onthouden, alg), (minuut, alg)
        if minuut % 5 == 0:
            onthouden = sleutels.publiek()
    assert all(str(sleutels.tekent(alg).kid) != oud[alg] for alg in oud) and set(oud.values()) <= kids(sleutels)
    assert all(klopt(token, sleutels.publiek(), alg) for alg, token in getekend[:4])
    klok.nu = begin + VOORAF + NALOOP + 2 * HERLAAD
    await sleutels.laad(opslag)
    assert not set(oud.values()) & kids(sleutels)


async def test_na_een_lek_is_de_oude_sleutel_per_direct_weg(opslag: Opslag) -> None:
    klok = Klok()
    sleutels = Sleutels(klok)
    await sleutels.laad(opslag)
    oud = {str(sleutels.tekent(alg).kid) for alg in ID_TOKEN_ALGS}
    nieuw = await wissel(opslag, int(klok.nu), meteen=True)
    klok.nu += HERLAAD + 1
    await sleutels.laad(opslag)
    assert {alg: str(sleutels.tekent(alg).kid) for alg in ID_TOKEN_ALGS} == nieuw
    assert not oud & kids(sleutels)
    # Wat voorbij is, wordt bij de volgende wisseling ook als privésleutel weggedaan; de zegelsleutel blijft.
    await wissel(opslag, int(klok.nu))
    over = await ondertekensleutels(opslag)
    assert not oud & {s.kid for s in over} and any(s.alg == "ES256" for s in over)


async def test_geen_privesleutel_op_de_jwks_en_elk_algoritme_staat_er(opslag: Opslag) -> None:
    """smart-2.2.0@207: kale JWK's."""
    sleutels = Sleutels()
    await sleutels.laad(opslag)
    publiek = sleutels.publiek()["keys"]
    assert {s["alg"] for s in publiek} == {"RS256", "ES256"} and all(s["use"] == "sig" and s["kid"] for s in publiek)
    assert not any({"d", "p", "q", "dp", "dq", "qi"} & s.keys() for s in publiek)


def test_de_opdracht_wisselt_en_toont_alleen_namen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for naam in ("DATABASE_URL", "VAULT_URL", "MASTER_KEY", "MASTER_KEY_FILE"):
        monkeypatch.delenv(naam, raising=False)
    assert main(["keys", "rotate", "--demo", "--data", str(tmp_path)]) == 0
    uit = capsys.readouterr().out
    assert "RS256\t" in uit and "ES256\t" in uit and "10 minuten" in uit and '"d"' not in uit
