"""Het corpus van eiszinnen: met de hand geschreven vóór de regels die erop gemeten worden; de helft blijft achter.

`klasse`: functioneel (niets mis), merk, wens (wens als behoefte), vaag, diagnose (een term uit de eigen diagnosen in de
eis). `deel`: `maken` mag wie regels schrijft bekijken, `achter` niet. Alle zinnen zijn verzonnen. De meting toont
alleen aantallen, nooit een zin. Een zin zonder eigen diagnose wordt gemeten tegen alle diagnosen van haar deel
tegelijk: het
moeilijkste paspoort dat er is.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from paspoort.adviescheck_merk import merkvondsten
from paspoort.adviescheck_taal import is_vaag, klinkt_als_wens
from paspoort.adviescheck_ziekte import noemt_ziekte

CORPUS = json.loads((Path(__file__).parent / "corpus" / "eisen.json").read_text("utf-8"))
KLASSEN = ("functioneel", "merk", "wens", "vaag", "diagnose")
DOEL = {"functioneel": 0.8, "merk": 0.95, "wens": 0.8, "vaag": 0.8, "diagnose": 0.8}
# (goed gevonden, ten onrechte, gemist) zoals gemeten; zie docs/metingen.md. Beter mag, slechter niet.
GEMETEN = {
    ("maken", "functioneel"): (33, 0, 0),
    ("maken", "merk"): (33, 0, 0),
    ("maken", "wens"): (33, 0, 0),
    ("maken", "vaag"): (33, 0, 0),
    ("maken", "diagnose"): (33, 0, 0),
    ("achter", "functioneel"): (32, 5, 1),
    ("achter", "merk"): (33, 1, 0),
    ("achter", "wens"): (32, 2, 1),
    ("achter", "vaag"): (29, 0, 4),
    ("achter", "diagnose"): (33, 0, 0),
}


def oordeel(zin: str, diagnosen: tuple[str, ...]) -> frozenset[str]:
    """De klassen die de check in deze zin ziet; vaag alleen als er niets anders is, zoals in `controleer_advies`."""
    gevonden = {
        "merk": bool(merkvondsten(zin)),
        "diagnose": bool(noemt_ziekte(zin, diagnosen)),
        "wens": klinkt_als_wens(zin) is not None,
    }
    anders = frozenset(k for k, ja in gevonden.items() if ja)
    return anders or frozenset({"vaag" if is_vaag(zin) else "functioneel"})


@lru_cache(maxsize=2)
def meting(deel: str) -> dict[str, tuple[int, int, int]]:
    """Per klasse hoe vaak goed gevonden, ten onrechte gevonden en gemist."""
    rijen = [r for r in CORPUS if r["deel"] == deel]
    alle = tuple(sorted({d for r in rijen for d in r["diagnosen"]}))
    uit = [(r["klasse"], oordeel(r["zin"], tuple(r["diagnosen"]) or alle)) for r in rijen]
    return {
        k: (
            sum(klasse == k and k in gezien for klasse, gezien in uit),
            sum(klasse != k and k in gezien for klasse, gezien in uit),
            sum(klasse == k and k not in gezien for klasse, gezien in uit),
        )
        for k in KLASSEN
    }


def test_het_corpus_is_groot_genoeg_en_eerlijk_verdeeld() -> None:
    assert len({r["zin"] for r in CORPUS}) == len(CORPUS) >= 300
    verdeling = Counter((r["klasse"], r["deel"]) for r in CORPUS)
    assert {k for k, _ in verdeling} == set(KLASSEN)
    assert min(verdeling.values()) >= 30
    assert sum(r["deel"] == "achter" for r in CORPUS) * 2 == len(CORPUS)


def test_een_diagnosezin_zegt_welke_diagnose_in_het_paspoort_staat() -> None:
    assert all(bool(r["diagnosen"]) == (r["klasse"] == "diagnose") for r in CORPUS)


@pytest.mark.parametrize("klasse", KLASSEN)
@pytest.mark.parametrize("deel", ["maken", "achter"])
def test_de_check_haalt_het_doel_en_zakt_niet_onder_wat_gemeten_is(deel: str, klasse: str) -> None:
    goed, onterecht, gemist = meting(deel)[klasse]
    was_goed, was_onterecht, _ = GEMETEN[deel, klasse]
    assert goed / (goed + onterecht) >= DOEL[klasse], "precisie onder het doel"
    assert goed / (goed + gemist) >= DOEL[klasse], "opbrengst onder het doel"
    assert goed >= was_goed, "er wordt minder gevonden dan gemeten"
    assert onterecht <= was_onterecht, "er is meer vals alarm dan gemeten"
