"""Lang wroeten met de vragen van `tests/contract`: elke keer andere, en alles wat het CapabilityStatement noemt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from tests.contract.openapi import onderzoek
from tests.contract.vreemd import Vraag, Wereld, keur, maak_wereld
from tests.contract.vreemde_vragen import bundels, operatievragen, opvragen, patches, schrijven, xml, zoeken
from tests.verhaal.product import draai

pytestmark = pytest.mark.lang
LANG = settings(max_examples=3_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def wereld(tmp_path: Any) -> Iterator[Wereld]:
    """Een vers product per test; `Wereld` ververst de tokens zelf."""
    with draai(tmp_path) as product:
        w = maak_wereld(product)
        yield w
        w.sluit()
        assert "onverwacht" not in product.log(), product.log()[-3000:]


@pytest.mark.parametrize(
    "soort", [opvragen, zoeken, schrijven, bundels, patches, operatievragen, xml], ids=lambda s: s.__name__
)
def test_duizenden_vreemde_vragen(wereld: Wereld, soort: Any) -> None:
    @LANG
    @given(vraag=soort())
    def stel(vraag: Vraag) -> None:
        keur(vraag, wereld.stuur(vraag))

    stel()


@pytest.mark.parametrize("soort", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda s: s.value)
def test_schemathesis_bij_alles_wat_het_capabilitystatement_noemt(wereld: Wereld, soort: GenerationMode) -> None:
    assert onderzoek(wereld, None, settings(LANG, max_examples=20), soort) > 1_000
