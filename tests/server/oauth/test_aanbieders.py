"""Het bestand met inlogdiensten: wat erin mag, en dat elke fout de plaats noemt en nooit een geheim."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from server.oauth.aanbieders import Aanbieder, aanbieders_uit, sleutel_alg
from server.settings import InstellingFout, Settings

VOORBEELD = Path(__file__).parents[3] / "docs/voorbeelden/aanbieders.json"
GOED: dict[str, Any] = {"code": "a", "naam": "A", "issuer": "https://a.example", "client_id": "wij"}


def instellingen(map_: Path, *rijen: Any, tekst: str | None = None) -> Settings:
    pad = map_ / "aanbieders.json"
    pad.write_text(json.dumps({"aanbieders": rijen}) if tekst is None else tekst)
    return Settings(map_, "http://test", "sqlite://", "sqlite://", b"", aanbieders=str(pad))


def test_het_voorbeeld_uit_de_handleiding_wordt_gelezen(tmp_path: Path) -> None:
    (tmp_path / "digid.geheim").write_text("hier-staat-een-geheim\n")
    sleutel = ECKey.generate_key("P-256", auto_kid=True).as_dict(private=True)
    (tmp_path / "eherkenning.jwk").write_text(json.dumps({"keys": [sleutel]}))
    digid, eherkenning = aanbieders_uit(instellingen(tmp_path, tekst=VOORBEELD.read_text("utf-8")))
    assert (digid.client_secret, digid.paspoort, digid.claims["bsn"]) == ("hier-staat-een-geheim", True, "bsn")
    assert eherkenning.sleutel is not None and sleutel_alg(eherkenning.sleutel) == "ES256"
    assert digid.genoeg("houder", digid.niveaus[-1]) and not digid.genoeg("verstrekker", digid.niveaus[-1])
    assert not eherkenning.genoeg("houder", eherkenning.niveaus[-1])
    assert "hier-staat-een-geheim" not in repr(digid) and str(sleutel["d"]) not in repr(eherkenning)


def test_zonder_bestand_zijn_er_geen_diensten(tmp_path: Path) -> None:
    assert aanbieders_uit(replace(instellingen(tmp_path), aanbieders="")) == ()


@pytest.mark.parametrize(
    ("anders", "zegt"),
    [
        ({"code": ""}, "[0]: code"),
        ({"code": "a b"}, "[0].code"),
        ({"code": "demo"}, "demo"),
        ({"issuer": "http://a.example"}, "[0].issuer"),
        ({"issuer": "https://a.example?x=1"}, "[0].issuer"),
        ({"client_secret": "in-het-bestand-zelf"}, "onbekend veld client_secret"),
        ({"client_secret_file": "bestaat-niet"}, "[0].client_secret_file"),
        ({"sleutel_file": "geen.jwk"}, "[0].sleutel_file"),
        ({"sleutel_file": "publiek.jwk"}, "[0].sleutel_file"),
        ({"client_secret_file": "g", "sleutel_file": "k"}, "niet allebei"),
        ({"scope": "profile"}, "[0].scope"),
        ({"niveaus": ["laag", "laag"]}, "[0].niveaus"),
        ({"niveaus": "laag"}, "[0].niveaus"),
        ({"acr": {"houder": "hoog"}, "niveaus": ["laag"]}, "[0].acr"),
        ({"acr": {"koning": "laag"}, "niveaus": ["laag"]}, "[0].acr"),
        ({"rollen": ["koning"]}, "[0].rollen"),
        ({"claims": {"schoenmaat": "x"}}, "[0].claims"),
        ({"claims": {"naam": 1}}, "[0].claims"),
    ],
    ids=str,
)
def test_een_fout_noemt_de_plaats(tmp_path: Path, anders: dict[str, Any], zegt: str) -> None:
    (tmp_path / "geen.jwk").write_text("{geheim")
    (tmp_path / "publiek.jwk").write_text(json.dumps(RSAKey.generate_key(2048).as_dict(private=False)))
    with pytest.raises(InstellingFout) as fout:
        aanbieders_uit(instellingen(tmp_path, GOED | anders))
    assert zegt in str(fout.value) and "geheim" not in str(fout.value).replace("client_secret", "")
    assert "in-het-bestand-zelf" not in str(fout.value)


@pytest.mark.parametrize("tekst", ["", "[]", "{}", '{"aanbieders": {}}', '{"aanbieders": ["a"]}', "geheim"])
def test_een_bestand_dat_niet_te_lezen_is_houdt_de_server_tegen(tmp_path: Path, tekst: str) -> None:
    with pytest.raises(InstellingFout, match="AANBIEDERS"):
        aanbieders_uit(instellingen(tmp_path, tekst=tekst))


def test_twee_diensten_delen_nooit_een_code_of_een_naam_voor_accounts(tmp_path: Path) -> None:
    for ander in ({"code": "b"}, {"issuer": "https://b.example"}, {"code": "demo", "issuer": "https://b.example"}):
        with pytest.raises(InstellingFout, match="één keer"):
            aanbieders_uit(instellingen(tmp_path, GOED, GOED | ander))
    samen = aanbieders_uit(instellingen(tmp_path, GOED, GOED | {"code": "b", "account_issuer": "b"}))
    assert [a.accounts for a in samen] == ["https://a.example", "b"]


def test_een_niveau_telt_vanaf_de_laagste_die_mag() -> None:
    a = Aanbieder("a", "A", "https://a", "c", niveaus=("l", "m", "h"), acr={"houder": "m", "*": "h"})
    assert [a.genoeg("houder", n) for n in ("l", "m", "h", "x", None)] == [False, True, True, False, False]
    assert [a.genoeg("therapeut", n) for n in ("m", "h")] == [False, True]
    assert (a.vanaf(None), a.vanaf("h")) == (("m", "h"), ("h",))
    vrij = Aanbieder("a", "A", "https://a", "c")
    assert vrij.genoeg("houder", None) and vrij.vanaf(None) == ()
