"""Het naslagwerk in een echte browser, zonder script: geen bevindingen van axe, niets buiten beeld, te bedienen met het
toetsenbord. Van elke soort één bladzijde; bij axe wisselen breedte en thema om de beurt."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser

from server.app import maak_app
from server.settings import Settings
from tests.browser import MERKEN, THEMAS, browser_bij, keur

BREEDTES = ((320, 640), (390, 844), (1366, 768))
BLADZIJDEN = (
    "/docs",
    "/docs?q=rolstoel",
    "/docs/extensie",
    "/docs/profiel/hmp-Goal",
    "/docs/extensie/toekenning",
    "/docs/waardelijst",  # lange adressen in de omschrijving
    "/docs/waardelijst/uitkomst",
    "/docs/vragenlijst/verzoek",
    "/docs/operatie/Task-beslis",
    "/docs/handleiding/leverancier",
)
LANGE_BLADZIJDEN = (
    "/docs/mogelijkheden/hulpmiddelenpaspoort",
    "/docs/profiel/hmp-opdracht",
    "/docs/codestelsel/taakstatus",
    "/docs/zoekparameter/DeviceUseStatement-status",
    "/docs/handleiding/naslag",
    "/docs/handleiding/leverancier.sh",
)

pytestmark = MERKEN


@asynccontextmanager
async def draaiend(settings: Settings) -> AsyncIterator[tuple[Browser, str]]:
    app = await maak_app(settings)
    async with browser_bij(app) as (chroom, basis):
        yield chroom, basis
    await app.state.opslag.sluit()


@pytest.mark.parametrize("adressen", [BLADZIJDEN, pytest.param(LANGE_BLADZIJDEN, marks=pytest.mark.lang)])
async def test_elke_soort_bladzijde_is_toegankelijk_op_telefoon_en_scherm(
    settings: Settings, adressen: tuple[str, ...]
) -> None:
    async with draaiend(settings) as (chroom, basis):
        scherm = await chroom.new_page(reduced_motion="reduce")
        for nummer, adres in enumerate(adressen):
            await scherm.goto(basis + adres)
            await scherm.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            for beurt in range(3):
                breedte, hoogte = BREEDTES[(nummer + beurt) % 3]
                await scherm.set_viewport_size({"width": breedte, "height": hoogte})
                past = "document.documentElement.scrollWidth <= window.innerWidth"
                assert await scherm.evaluate(past), f"{adres} {breedte}"
            thema = THEMAS[nummer % 4]
            await scherm.evaluate("t => document.documentElement.dataset.theme = t", thema)
            await keur(scherm, f"{adres} {breedte} {thema}")


async def test_zonder_script_en_met_alleen_het_toetsenbord_is_iets_te_vinden(settings: Settings) -> None:
    async with draaiend(settings) as (chroom, basis):
        scherm = await (await chroom.new_context(java_script_enabled=False)).new_page()
        await scherm.set_viewport_size({"width": 320, "height": 640})
        await scherm.goto(f"{basis}/docs")
        await scherm.keyboard.press("Tab")
        assert await scherm.locator(":focus").inner_text() == "Direct naar de inhoud"
        await scherm.keyboard.press("Tab")
        await scherm.keyboard.press("Enter")  # naar het menu
        await scherm.keyboard.press("Tab")
        await scherm.keyboard.type("contractvorm")
        await scherm.keyboard.press("Enter")
        await scherm.wait_for_url("**/docs?q=contractvorm")
        await scherm.click("main a[href='/docs/extensie/contractvorm']")
        assert await scherm.locator("h1").inner_text() == "Contractvorm"
        assert "Dit wordt geweigerd" in await scherm.locator("main").inner_text()
