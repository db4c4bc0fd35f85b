"""Issue 5: een volledig functioneel advies kost de therapeut minder dan twaalf minuten eigen werk, en 40 % stond er al.

Eén advies bij elke `make test`, alle vier onder `lang`. Zie `advies_hand.py` voor wat er telt.
"""

from __future__ import annotations

import pytest

from paspoort.fhir.vragenlijst import antwoorden
from server.settings import Settings
from tests.browser import MERKEN, browser_bij
from tests.verhaal.advies_eerste import HENK_THUIS, RENE_NAAR_HUIS
from tests.verhaal.advies_geval import Geval
from tests.verhaal.advies_schrijven import MINUTEN, VOORAF, schrijf
from tests.verhaal.advies_vervolg import ANNA_GROEIT, YVONNE_RIJDT
from tests.web.werkwereld import wereld

pytestmark = MERKEN
LANG = pytest.mark.lang


@pytest.mark.parametrize(
    "geval",
    [
        pytest.param(RENE_NAAR_HUIS, marks=LANG),
        pytest.param(YVONNE_RIJDT, marks=LANG),
        ANNA_GROEIT,
        pytest.param(HENK_THUIS, marks=LANG),
    ],
    ids=lambda g: g.naam,
)
async def test_een_volledig_advies_kost_minder_dan_twaalf_minuten(settings: Settings, geval: Geval) -> None:
    async with wereld(settings, (geval.dossier,)) as app, browser_bij(app) as (chroom, basis):
        verslag = await schrijf(app, chroom, basis, geval)

    assert verslag.telling.seconden < 60 * MINUTEN, verslag.per
    assert verslag.aandeel >= VOORAF, (verslag.uit_paspoort, verslag.antwoorden)
    for code in ("urgentie", "prognose", "verwachte-behoefte"):
        assert antwoorden(verslag.advies).een(code), f"een consulent mist {code}"
    eisen = antwoorden(verslag.advies).groepen("eis")
    assert len(eisen) >= len(geval.eisen)
    for eis in eisen[-len(geval.eisen) :]:
        for code in geval.eisen[0].velden():
            assert eis.een(code), code
