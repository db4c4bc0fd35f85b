"""Geen foute mutant komt door de controle: wat wordt aangenomen, staat met zijn reden in `overlevers.json`."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator

import pytest

from tests.oracle.basis import fouten, nictiz, voorbeelden
from tests.oracle.corpus import van
from tests.oracle.mutaties import CATEGORIEEN, Mutant
from tests.oracle.overlevers import REGELS, lees_lijst, onverklaard
from tests.oracle.vergelijk import VERKLARINGEN

STEEKPROEF = 16  # een op de zoveel in `make test`, vast gekozen; alles in `make test-alles`


def overlevers(mutanten: Iterator[Mutant]) -> list[Mutant]:
    return [m for m in mutanten if not fouten(m.inhoud)]


def steekproef(mutanten: Iterator[Mutant]) -> Iterator[Mutant]:
    return (m for m in mutanten if zlib.crc32(m.id.encode()) % STEEKPROEF == 0)


def test_elk_goed_voorbeeld_wordt_aangenomen() -> None:
    assert {naam: f for naam, inhoud in [*voorbeelden(), *nictiz()] if (f := fouten(inhoud))} == {}


def test_geen_foute_mutant_wordt_aangenomen() -> None:
    assert list(onverklaard(overlevers(steekproef(van(voorbeelden()))))) == []


@pytest.mark.lang
def test_geen_enkele_foute_mutant_wordt_aangenomen() -> None:
    assert list(onverklaard(overlevers(van(voorbeelden())))) == []


def test_het_corpus_is_vast_en_raakt_elke_categorie() -> None:
    eerste, tweede = ([(m.id, m.categorie) for m in van(list(voorbeelden())[:9])] for _ in range(2))
    assert eerste == tweede
    assert len({id for id, _ in eerste}) == len(eerste)
    assert {c for _, c in eerste} >= set(CATEGORIEEN) - {"invariant", "questionnaire"}


def test_elke_verklaring_zegt_wie_het_zegt_en_waar() -> None:
    verklaringen = json.loads(VERKLARINGEN.read_bytes())
    assert len({v["naam"] for v in verklaringen}) == len(verklaringen)
    for v in verklaringen:
        assert v["wie"] in ("fhir", "eigen", "hl7", "grens"), v["naam"]
        assert v["reden"] and v["bron"].startswith("R4 " if v["wie"] == "fhir" else ("R4 ", "eigen: ", "HAPI: ")), v[
            "naam"
        ]


def test_elke_overlever_in_de_lijst_hoort_bij_een_regel_met_een_reden() -> None:
    lijst = lees_lijst()
    assert lijst
    assert set(lijst.values()) <= set(REGELS)
    assert all(reden for _, reden in REGELS.values())
