"""Het beheer op een telefoon van 320 px, met axe en zonder iets buiten beeld; en wat de houder en een collega zien."""

from __future__ import annotations

import pytest

from server.demo.personen.yvonne import YVONNE
from server.settings import Settings
from tests.browser import MERKEN, browser_bij, inloggen, keur
from tests.web.werkwereld import dien_in, wereld

pytestmark = [*MERKEN, pytest.mark.asyncio]
BEHEER = (
    "/beheer", "/beheer/organisatie", "/beheer/organisatie/lindewaard", "/beheer/organisatie/lindewaard/gegevens",
    "/beheer/organisatie/lindewaard/team", "/beheer/team/lindewaard-team-wmo", "/beheer/organisatie/lindewaard/mandaat",
    "/beheer/organisatie/lindewaard/persoon", "/beheer/persoon/lindewaard-wmo-1", "/beheer/apps", "/beheer/app",
    "/medewerker",
)  # fmt: skip


async def test_het_beheer_past_en_klopt_op_320_px(settings: Settings) -> None:
    async with wereld(settings, (YVONNE,)) as app, browser_bij(app) as (chroom, basis):
        taak = await dien_in(app, YVONNE.patient)
        beheer = await inloggen(chroom, basis, "beheer")
        await beheer.set_viewport_size({"width": 320, "height": 700})
        for adres in BEHEER:
            await beheer.goto(f"{basis}{adres}")
            await beheer.locator("main summary").evaluate_all("alle => alle.forEach(s => s.click())")
            await keur(beheer, adres)
        # Een fout wijst naar haar veld, en is met het toetsenbord te vinden.
        await beheer.goto(f"{basis}/beheer/organisatie")
        await beheer.fill("#kvk", "12")
        await beheer.locator("button:text('Bewaar')").press("Enter")
        await beheer.wait_for_selector("[role=alert]")
        await keur(beheer, "fouten")
        await beheer.locator("[role=alert] a", has_text="Dit klopt niet").press("Enter")
        assert await beheer.evaluate("document.activeElement.id || location.hash") in ("kvk", "#kvk")
        tom = await inloggen(chroom, basis, "tom")
        await tom.set_viewport_size({"width": 320, "height": 700})
        await tom.goto(f"{basis}/aanleiding")
        await keur(tom, "aanleiding")
        await tom.fill("#kenmerk", taak)
        await tom.fill("#reden", "Bianca is ziek; mevrouw belt over haar rolstoel.")
        await tom.click("text=Open met deze reden")
        await tom.wait_for_url(f"**/intake/{taak}")
        yvonne = await inloggen(chroom, basis, "yvonne")
        await yvonne.set_viewport_size({"width": 320, "height": 700})
        for adres in ("/", "/meekijken"):
            await yvonne.goto(f"{basis}{adres}")
            await keur(yvonne, adres)
            assert "Bianca is ziek" in await yvonne.inner_text("main")
