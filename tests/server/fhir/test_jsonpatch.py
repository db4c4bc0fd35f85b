"""JSON Patch tegen een eigen, naïef model van RFC 6902, op willekeurige documenten en bewerkingen."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paspoort.fhir.fhirjson import schrijf
from paspoort.fouten import PaspoortFout
from server.fhir import jsonpatch

Json = dict[str, Any]
NAMEN = st.sampled_from(["a", "b", "c~", "d/e", "0"])
WAARDEN = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(0, 2),
        st.sampled_from([Decimal("1.0"), Decimal("1.50")]),
        st.sampled_from(["", "x"]),
    ),
    lambda binnen: st.one_of(st.lists(binnen, max_size=3), st.dictionaries(NAMEN, binnen, max_size=3)),
    max_leaves=6,
)
DOCUMENTEN = st.dictionaries(NAMEN, WAARDEN, max_size=4)
DELEN = st.one_of(NAMEN, st.sampled_from(["1", "2", "-", "01"]))
PADEN = st.lists(DELEN, max_size=3).map(lambda d: "".join("/" + x.replace("~", "~0").replace("/", "~1") for x in d))
BEWERKINGEN = st.one_of(
    st.fixed_dictionaries({"op": st.sampled_from(["add", "replace", "test"]), "path": PADEN, "value": WAARDEN}),
    st.fixed_dictionaries({"op": st.just("remove"), "path": PADEN}),
    st.fixed_dictionaries({"op": st.sampled_from(["move", "copy"]), "path": PADEN, "from": PADEN}),
)


class Mislukt(Exception):  # noqa: N818
    """Het model kan de bewerking niet doen."""


def delen(pad: str) -> list[str]:
    return [d.replace("~1", "/").replace("~0", "~") for d in pad.split("/")[1:]]


def nummer(lijst: list[Any], deel: str, erbij: bool) -> int:
    if erbij and deel == "-":
        return len(lijst)
    if not deel.isdecimal() or (len(deel) > 1 and deel[0] == "0"):
        raise Mislukt
    n = int(deel)
    if n > len(lijst) - (0 if erbij else 1):
        raise Mislukt
    return n


def haal(document: Any, stappen: list[str]) -> Any:
    for deel in stappen:
        if isinstance(document, list):
            document = document[nummer(document, deel, False)]
        elif isinstance(document, dict) and deel in document:
            document = document[deel]
        else:
            raise Mislukt
    return document


def zet(document: Any, stappen: list[str], waarde: Any) -> Any:
    if not stappen:
        return waarde
    ouder, deel = haal(document, stappen[:-1]), stappen[-1]
    if isinstance(ouder, list):
        ouder.insert(nummer(ouder, deel, True), waarde)
    elif isinstance(ouder, dict):
        ouder[deel] = waarde
    else:
        raise Mislukt
    return document


def haal_weg(document: Any, stappen: list[str]) -> Any:
    waarde = haal(document, stappen)
    if not stappen:
        raise Mislukt
    ouder = haal(document, stappen[:-1])
    del ouder[nummer(ouder, stappen[-1], False) if isinstance(ouder, list) else stappen[-1]]
    return waarde


def gelijk(a: Any, b: Any) -> bool:
    if isinstance(a, bool) or isinstance(b, bool) or a is None or b is None:
        return a is b
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(gelijk(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(gelijk, a, b))
    return (type(a) in (int, Decimal) and type(b) in (int, Decimal) and a == b) or (isinstance(a, str) and a == b)


def model(document: Any, b: Json) -> Any:
    pad = delen(b["path"])
    if b["op"] == "add":
        return zet(document, pad, copy.deepcopy(b["value"]))
    if b["op"] == "remove":
        haal_weg(document, pad)
        return document
    if b["op"] == "replace":
        if not pad:
            return copy.deepcopy(b["value"])
        ouder = haal(document, pad[:-1])
        haal(document, pad)
        ouder[nummer(ouder, pad[-1], False) if isinstance(ouder, list) else pad[-1]] = copy.deepcopy(b["value"])
        return document
    if b["op"] == "test":
        if not gelijk(haal(document, pad), b["value"]):
            raise Mislukt
        return document
    bron = delen(b["from"])
    waarde = haal(document, bron)
    if b["op"] == "copy":
        return zet(document, pad, copy.deepcopy(waarde))
    if pad == bron:
        return document
    if pad[: len(bron)] == bron:
        raise Mislukt
    return zet(document, pad, haal_weg(document, bron))


@settings(max_examples=200, deadline=None)
@given(DOCUMENTEN, st.lists(BEWERKINGEN, max_size=4))
def test_een_patch_doet_wat_rfc_6902_zegt_en_raakt_de_invoer_niet_aan(document: Json, bewerkingen: list[Json]) -> None:
    voor = schrijf(document)
    jsonpatch.controleer(bewerkingen, "patch")
    try:
        verwacht: Any = copy.deepcopy(document)
        for b in bewerkingen:
            verwacht = model(verwacht, b)
            if not isinstance(verwacht, dict):
                raise Mislukt
    except Mislukt:
        with pytest.raises(PaspoortFout):
            jsonpatch.pas_toe(document, bewerkingen, "X")
    else:
        assert schrijf(jsonpatch.pas_toe(document, bewerkingen, "X")) == schrijf(verwacht)
    assert schrijf(document) == voor


def test_wat_stap_voor_stap_te_diep_wordt_is_een_fout_en_geen_val() -> None:
    diep = [{"op": "add", "path": "/a" * n, "value": {}} for n in range(1, 490)]
    for laatste in ({"op": "copy", "path": "/b", "from": "/a"}, {"op": "test", "path": "/a", "value": 1}):
        jsonpatch.controleer([*diep, laatste], "patch")
        with pytest.raises(PaspoortFout):
            jsonpatch.pas_toe({}, [*diep, laatste], "X")
    with pytest.raises(PaspoortFout):
        jsonpatch.pas_toe({}, diep, "X")


def test_een_test_ziet_verschil_tussen_waar_en_een() -> None:
    for gegeven, gezegd in ((True, 1), (1, True), (False, 0), ("1", 1), (None, False)):
        with pytest.raises(PaspoortFout):
            jsonpatch.pas_toe({"a": gegeven}, [{"op": "test", "path": "/a", "value": gezegd}], "X")
    jsonpatch.pas_toe({"a": Decimal("1.0")}, [{"op": "test", "path": "/a", "value": 1}], "X")
