"""JSON lezen en schrijven: wat erin gaat komt er zo weer uit, en wat geen FHIR-JSON kan zijn wordt geweigerd."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paspoort.fhir.fhirjson import MAX_DIEPTE, lees, lees_opgeslagen, schrijf
from paspoort.fouten import PaspoortFout

DECIMALEN = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6)
WAARDEN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | DECIMALEN | st.text(),
    lambda kind: st.lists(kind, max_size=4) | st.dictionaries(st.text(), kind, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), WAARDEN, max_size=5))
def test_wat_geschreven_is_wordt_hetzelfde_gelezen(inhoud: dict[str, object]) -> None:
    assert lees(schrijf(inhoud)) == inhoud
    assert lees_opgeslagen(schrijf(inhoud)) == inhoud


@pytest.mark.parametrize("getal", ["1.0", "1.00", "0.1", "-0.0", "10.50", "1E+2", "0.000001", "72.500"])
def test_een_decimaal_houdt_zijn_cijfers(getal: str) -> None:
    assert schrijf(lees(f'{{"value":{getal}}}'.encode())) == f'{{"value":{getal}}}'.encode()


def test_de_volgorde_blijft() -> None:
    assert schrijf(lees(b'{"z":1,"a":{"y":[2,1],"b":true}}')) == b'{"z":1,"a":{"y":[2,1],"b":true}}'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "json-kapot"),
        (b'{"a":1', "json-kapot"),
        (b'{"a":1,}', "json-kapot"),
        (b"{'a':1}", "json-kapot"),
        (b'{"a":01}', "json-kapot"),
        (b'{"a":"\x01"}', "json-kapot"),
        (b'{"a":1} x', "json-kapot"),
        (b'{"a":"\xff"}', "json-geen-utf8"),
        (b'{"a":"\\ud800"}', "json-geen-utf8"),
        (b'{"\\udc00":1}', "json-geen-utf8"),
        (b"[]", "json-geen-object"),
        (b'"tekst"', "json-geen-object"),
        (b'{"a":1,"a":2}', "json-dubbel"),
        (b'{"x":{"a":1,"b":2,"a":1}}', "json-dubbel"),
        (b'{"a":NaN}', "json-getal"),
        (b'{"a":Infinity}', "json-getal"),
        (b'{"a":-Infinity}', "json-getal"),
        (b'{"a":1e999999999}', "json-getal"),
        (b'{"a":99999999999999999999999}', "json-getal"),
        (b'{"a":' + b"[" * (MAX_DIEPTE + 1) + b"]" * (MAX_DIEPTE + 1) + b"}", "json-te-diep"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "json-te-diep"),
    ],
)
def test_wat_geen_fhir_json_kan_zijn_wordt_geweigerd(data: bytes, code: str) -> None:
    with pytest.raises(PaspoortFout) as fout:
        lees(data)
    assert [m.code for m in fout.value.meldingen] == [code]
    assert fout.value.meldingen[0].tekst("nl") and fout.value.meldingen[0].tekst("en")


def test_een_fout_noemt_regel_en_teken() -> None:
    with pytest.raises(PaspoortFout) as fout:
        lees(b'{\n  "a": ?\n}')
    assert fout.value.meldingen[0].waarden == {"regel": "2", "kolom": "8"}


def test_een_heel_teken_uit_twee_helften_mag() -> None:
    assert lees(b'{"a":"\\ud83d\\ude00"}') == {"a": "\U0001f600"}


def test_een_nan_komt_er_ook_niet_uit() -> None:
    with pytest.raises(TypeError):
        schrijf({"a": Decimal("NaN")})


def test_het_is_ook_voor_een_ander_gewone_json() -> None:
    assert json.loads(schrijf({"a": Decimal("1.50"), "b": "é"})) == {"a": 1.5, "b": "é"}
