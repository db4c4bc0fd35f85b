"""Wissen neemt ook mee wat de houder over het advies typte en niet meer kon versturen."""

from __future__ import annotations

from pathlib import Path

from server.demo.personen.yvonne import YVONNE
from tests.databases import verse_settings
from tests.web.advieswereld import concept, definitief
from tests.web.houderwereld import stuur, volg
from tests.web.werkwereld import csrf, log_in, wereld


async def test_wissen_gooit_bewaarde_tekst_over_dat_advies_weg_en_over_een_ander_niet(tmp_path: Path) -> None:
    """Zij typt bij twee adviezen, is dan uitgelogd en verstuurt: beide teksten wachten op haar."""
    with verse_settings("sqlite", tmp_path) as settings:
        async with wereld(settings, (YVONNE,)) as app:
            weg, blijft = await definitief(app), await concept(app)
            yvonne = await log_in(app, "yvonne")
            teken = csrf((await yvonne.get(f"/advies/{blijft}")).text)
            yvonne.cookies.clear()
            for id_, tekst in ((weg, "Over het eerste."), (blijft, "Over het tweede.")):
                velden, kop = {"csrf": teken, "reactie-houder": tekst}, {"referer": f"http://test/advies/{id_}"}
                antwoord = await yvonne.post(f"/advies/{id_}", data=velden, headers=kop)
                assert antwoord.headers["location"] == f"/inloggen?volgende=/advies/{id_}&reden=bewaard"
            yvonne = await log_in(app, "yvonne")
            wacht = (await yvonne.get("/formulier")).text
            assert "Over het eerste." in wacht and "Over het tweede." in wacht
            gewist = await volg(yvonne, await stuur(yvonne, f"/advies/{weg}/weg", {"hoe": "wissen", "zeker": "ja"}))
            assert "Het advies is gewist." in gewist.text
            wacht = (await yvonne.get("/formulier")).text
            assert "Over het eerste." not in wacht and weg not in wacht
            assert "Over het tweede." in wacht, "dat advies is er nog"
