"""`paspoort organisatie`, `persoon` en `client` als een beheerder ze gebruikt, op een echte installatie."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from paspoort.fhir.validatie import Validator
from server.cli import main
from server.cli.omgeving import instellingen
from server.store.passports import Opslag
from server.store.personeel import neem_aan
from server.store.session import bewaar_account

Doe = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def lader() -> Callable[[], Validator]:
    return cache(Validator.laad)


@pytest.fixture
def doe(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, lader: Callable[[], Validator]
) -> Doe:
    """Voer een opdracht uit; geeft uitgang, uitvoer en fouten."""
    monkeypatch.setattr(Validator, "laad", staticmethod(lader))
    monkeypatch.setenv("MASTER_KEY", "A" * 43 + "=")

    def voer_uit(opdracht: str, *woorden: str) -> tuple[int, str, str]:
        uitgang = main([opdracht, "--data", str(tmp_path), *woorden])
        gezegd = capsys.readouterr()
        return uitgang, gezegd.out.strip(), gezegd.err

    return voer_uit


def goed(uitkomst: tuple[int, str, str]) -> str:
    assert uitkomst[0] == 0, uitkomst
    return uitkomst[1]


def test_een_organisatie_met_team_mens_mandaat_en_app(doe: Doe, tmp_path: Path) -> None:
    gemeente = goed(
        doe("organisatie", "add", "Gemeente Proef", "--soort", "gemeente", "--soort", "gr", "--kvk", "12345678")
    )
    buur = goed(doe("organisatie", "add", "Gemeente Buur", "--soort", "gemeente"))
    team = goed(doe("organisatie", "team", gemeente, "Wmo", "--neemt-aan", "herhaalverzoek"))
    wie = goed(doe("persoon", "add", "Kim de Wit", "--organisatie", gemeente, "--rol", "verstrekker", "--team", team))
    goed(doe("organisatie", "mandate", buur, gemeente, "onderzoek", "--tot", "2027-01-01"))
    goed(doe("persoon", "link", wie, "--issuer", "https://inlog.test", "--sub", "kim"))
    goed(doe("organisatie", "change", gemeente, "--plaats", "Proefstad"))

    overzicht = goed(doe("organisatie", "show", gemeente))
    for deel in (
        "gemeente,gr",
        "kvk: 12345678",
        f"team\t{team}\tWmo\therhaalverzoek",
        "Kim de Wit",
        f"{buur} -> {gemeente}",
    ):
        assert deel in overzicht, overzicht
    goed(doe("persoon", "suspend", wie))
    goed(doe("organisatie", "suspend", gemeente))
    assert "geschorst" in goed(doe("organisatie", "list"))
    assert "(geschorst)" in goed(doe("organisatie", "show", gemeente))
    goed(doe("organisatie", "resume", gemeente))
    goed(doe("persoon", "resume", wie))
    assert "geschorst" not in goed(doe("organisatie", "show", gemeente))
    inlog = goed(doe("persoon", "show", wie)).split("inlog\t")[1].split("\t")
    assert inlog[1:] == ["https://inlog.test", "kim"]
    goed(doe("persoon", "unlink", wie, inlog[0]))
    assert "inlog" not in goed(doe("persoon", "show", wie))
    goed(doe("organisatie", "unmandate", buur, gemeente, "onderzoek"))
    assert doe("organisatie", "unmandate", buur, gemeente, "onderzoek")[0] == 1

    sleutel = ECKey.generate_key("P-384", {"use": "sig", "alg": "ES384"}, auto_kid=True)
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps({"keys": [sleutel.as_dict(private=False)]}))
    opties = ("--soort", "gemeente", "--scope", "system/Task.rs", "--organisatie", gemeente, "--jwks", str(jwks))
    app = goed(doe("client", "add", "Zaaksysteem", *opties, "--waarvoor", "Verzoeken behandelen"))
    assert goed(doe("client", "keys", app)) == f"EC {sleutel.thumbprint()}"
    goed(doe("client", "suspend", app))
    assert goed(doe("client", "list")).endswith("geschorst")
    goed(doe("client", "resume", app))
    goed(doe("client", "remove", app))
    assert goed(doe("client", "list")) == ""


def test_een_code_wordt_een_keer_aangenomen(doe: Doe, tmp_path: Path) -> None:
    praktijk = goed(doe("organisatie", "add", "Praktijk", "--soort", "zorgpraktijk"))
    wie = goed(doe("persoon", "add", "Noor", "--organisatie", praktijk, "--rol", "therapeut"))
    oud, nieuw = goed(doe("persoon", "code", wie)), goed(doe("persoon", "code", wie))

    async def neem(code: str) -> str:
        opslag = await Opslag.open(instellingen(tmp_path, None, None))
        try:
            account = await bewaar_account(opslag, "https://inlog.test", "noor", "Noor")
            lid = await neem_aan(opslag, code, account.id, int(time.time()))
            return f"{lid.rol} {lid.organisatie} {lid.functie}"
        except Exception as fout:
            return str(fout)
        finally:
            await opslag.sluit()

    uitkomsten = [asyncio.run(neem(c)) for c in (oud, nieuw.lower().replace("-", " "), nieuw)]
    assert uitkomsten == ["personeelscode-onbekend", f"therapeut {praktijk} {wie}", "personeelscode-onbekend"]


@pytest.mark.parametrize(
    ("opdracht", "veld"),
    [
        (("organisatie", "add", " ", "--soort", "gemeente", "--kvk", "12"), "kvk:"),
        (("persoon", "add", "X", "--organisatie", "bestaat-niet", "--rol", "therapeut"), "Dit is er niet"),
        (("organisatie", "mandate", "a", "a", "*"), "aan:"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_elke_fout_staat_bij_haar_veld(doe: Doe, opdracht: tuple[str, ...], veld: str) -> None:
    uitgang, _, fouten = doe(*opdracht)
    assert uitgang == 1
    assert veld in fouten


def test_een_app_klopt_of_wordt_geweigerd_met_alle_fouten(doe: Doe, tmp_path: Path) -> None:
    geheim = tmp_path / "geheim.json"
    geheim.write_text(json.dumps({"keys": [ECKey.generate_key("P-256").as_dict(private=True)]}))
    assert doe("client", "add", "X", "--soort", "persoonlijk", "--scope", "patient/*.rs", "--jwks", str(geheim))[0] == 2
    uitgang, _, fouten = doe(
        "client", "add", "X", "--soort", "gemeente", "--scope", "alles", "--redirect-uri", "http://elders.nl/"
    )
    assert uitgang == 2
    assert all(veld in fouten for veld in ("--scope", "--organisatie", "--redirect-uri")), fouten
