"""De eerste bladzijde van de houder: alles wat zij kan doen staat er, ook wat onder *Nog N dingen* valt."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from server.demo.personen.yvonne import YVONNE
from tests.databases import verse_settings
from tests.web.advieswereld import GEMEENTE, concept, definitief
from tests.web.werkwereld import log_in, wereld

MEER = re.compile(r"<summary>Nog (\d+) ding(en)? om te doen</summary>")
KNOP = re.compile(r'<a class="hmp-knop" href="(/[^"]*)"')


@pytest.mark.parametrize("dingen", [3, 4, 6])
async def test_meer_dan_drie_dingen_staan_achter_een_regel_die_goed_telt(tmp_path: Path, dingen: int) -> None:
    """Drie staan open, de rest zit in het uitklapblok; elke knop komt ergens uit en geen twee op dezelfde plek."""
    with verse_settings("sqlite", tmp_path) as settings:
        async with wereld(settings, (YVONNE,)) as app:
            yvonne = await log_in(app, "yvonne")
            assert KNOP.findall(_doen((await yvonne.get("/")).text)) == [], "in de demo wacht er nog niets op haar"
            nieuw = [f"/advies/{await concept(app, vraagt=(GEMEENTE,))}/meelezen/" for _ in range(dingen - 1)]
            nieuw.append(f"/advies/{await definitief(app)}/voorstellen")
            vak = _doen((await yvonne.get("/")).text)
            knoppen = KNOP.findall(vak)
            assert len(knoppen) == dingen == len(set(knoppen))
            assert all(any(k.startswith(n) for k in knoppen) for n in nieuw), "wat er te doen is, staat er"
            gevonden = MEER.search(vak)
            assert (gevonden is not None) is (len(knoppen) > 3)
            if gevonden:
                dicht = KNOP.findall(vak[gevonden.end() :])
                assert int(gevonden[1]) == len(dicht) == len(knoppen) - 3
                assert (gevonden[2] is None) is (len(dicht) == 1)
            assert [(await yvonne.get(k.partition("#")[0])).status_code for k in knoppen] == [200] * len(knoppen)


def _doen(html: str) -> str:
    """Wat er onder *Wat moet ik doen?* staat."""
    return html.partition('id="doen"')[2].partition("</section>")[0]
