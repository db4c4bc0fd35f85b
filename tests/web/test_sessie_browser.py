"""De waarschuwing voor het einde van de sessie in een echte browser: met het toetsenbord, voorgelezen, en zonder dat
getypte tekst verloren gaat; en wat er zonder script overblijft."""

from __future__ import annotations

import time
from typing import Any

from fastapi import FastAPI
from playwright.async_api import Browser, Page

from server.demo.personen.yvonne import YVONNE
from server.settings import Settings
from server.store.session import verleng_sessie
from tests.browser import KLEUREN, MERKEN, THEMAS, browser_bij, inloggen, keur
from tests.web.werkwereld import wereld

pytestmark = MERKEN

PAD, TEKST = "/papier/nieuw/advies", 'ergotherapeut J. Jansen & "collega" <Noord>'
VELD, MINUUT = "#wie", 60_000


async def zet_einde(app: FastAPI, scherm: Page, over: int) -> None:
    """De sessie van deze browser duurt nog zoveel seconden, wat er op het scherm ook staat."""
    token = next(k["value"] for k in await scherm.context.cookies() if k["name"] == "hmp")
    await verleng_sessie(app.state.opslag, token, int(time.time()) + over)


async def over(scherm: Page) -> int:
    return int(await scherm.evaluate("fetch('/sessie/over').then(a => a.json()).then(j => j.over)"))


async def test_de_waarschuwing_is_te_horen_te_bedienen_en_bewaart_wat_er_getypt_is(settings: Settings) -> None:
    async with wereld(settings, (YVONNE,)) as app, browser_bij(app) as (chroom, basis):
        scherm = await inloggen(chroom, basis, "yvonne")
        await scherm.clock.install()
        await scherm.goto(basis + PAD)
        veld = scherm.locator(VELD)
        await veld.fill(TEKST)
        await zet_einde(app, scherm, 119)
        await scherm.clock.fast_forward(13 * MINUUT + 2000)
        await _de_waarschuwing(scherm)
        await scherm.keyboard.press("Enter")
        await scherm.wait_for_selector("dialog:not([open])", state="attached")
        assert await over(scherm) > 14 * 60 and await veld.input_value() == TEKST
        assert await scherm.evaluate("document.activeElement.name") == await veld.get_attribute("name")
        assert "U bent ingelogd tot" in await scherm.locator("#sessie-stand").inner_text()
        await _escape_is_blijven(app, scherm)
        await _voorbij(app, scherm, basis)
        await _zonder_script(app, chroom, basis)


async def _de_waarschuwing(scherm: Page) -> None:
    await scherm.wait_for_selector("dialog[open]")
    assert await scherm.locator("#sessie-tekst").get_attribute("aria-live") == "assertive"
    assert "Over 2 minuten" in await scherm.locator("#sessie-tekst").inner_text()
    assert await scherm.evaluate("document.activeElement.id") == "sessie-blijf"
    for thema in THEMAS:
        await scherm.evaluate("t => document.documentElement.dataset.theme = t", thema)
        await keur(scherm, f"waarschuwing {thema}", () if thema == THEMAS[0] else KLEUREN)
    await scherm.set_viewport_size({"width": 320, "height": 400})
    await keur(scherm, "waarschuwing 320")
    await scherm.set_viewport_size({"width": 390, "height": 844})
    await scherm.keyboard.press("Tab")  # naar Nee, log uit; en niet achter de waarschuwing
    await scherm.keyboard.press("Shift+Tab")
    assert await scherm.evaluate("document.activeElement.id") == "sessie-blijf"


async def _escape_is_blijven(app: FastAPI, scherm: Page) -> None:
    await zet_einde(app, scherm, 100)
    await scherm.clock.fast_forward(13 * MINUUT + 5000)
    await scherm.wait_for_selector("dialog[open]")
    await scherm.keyboard.press("Escape")
    await scherm.wait_for_selector("dialog:not([open])", state="attached")
    assert await over(scherm) > 14 * 60


async def _voorbij(app: FastAPI, scherm: Page, basis: str) -> None:
    """De tijd is om: het scherm gaat leeg, en na het inloggen staat de tekst er weer."""
    await zet_einde(app, scherm, -1)
    await scherm.clock.fast_forward(16 * MINUUT)
    await scherm.wait_for_url("**/inloggen?*")
    assert "reden=bewaard" in scherm.url and "Wat u typte, is bewaard" in await scherm.locator("main").inner_text()
    assert TEKST not in await scherm.content()
    await keur(scherm, "uitgelogd")
    await scherm.click("button[value=yvonne]")
    await scherm.wait_for_url(f"**{PAD}")
    veld = scherm.locator(VELD)
    assert await veld.input_value() == TEKST
    assert "Wat u typte, staat er weer" in await scherm.locator("[role=status]").first.inner_text()
    await keur(scherm, "teruggekregen")
    await scherm.goto(f"{basis}/formulier")
    await keur(scherm, "wat wacht")
    await scherm.goto(f"{basis}/sessies")
    await keur(scherm, "waar ingelogd")


async def _zonder_script(app: FastAPI, chroom: Browser, basis: str) -> None:
    context = await chroom.new_context(
        base_url=basis, java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    scherm = await context.new_page()
    await scherm.goto(f"{basis}/inloggen")
    await scherm.click("button[value=yvonne]")
    await scherm.goto(basis + PAD)
    assert "U bent ingelogd tot" in await scherm.locator("#sessie").inner_text()
    veld = scherm.locator(VELD)
    await veld.fill(TEKST)
    await zet_einde(app, scherm, 100)
    async with context.expect_page() as nieuw:
        await scherm.click("text=Blijf langer ingelogd")
    tab: Any = await nieuw.value
    await tab.wait_for_load_state()
    assert "U blijft ingelogd" in await tab.locator("h1").inner_text() and await veld.input_value() == TEKST
    assert await over_zonder_script(context) > 14 * 60
    await context.close()


async def over_zonder_script(context: Any) -> int:
    """Hoe lang de sessie van deze browser nog duurt."""
    antwoord = await context.request.get("/sessie/over")
    return int((await antwoord.json())["over"])
