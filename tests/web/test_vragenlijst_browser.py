"""Een vragenlijst in een echte browser: vragen komen en gaan, zoeken met het toetsenbord, axe, 320 px."""

from __future__ import annotations

from typing import Any

from tests.browser import MERKEN, browser_bij, keur
from tests.web.vragenlijstwereld import app

pytestmark = MERKEN
# labels die letter voor letter breken, en vakken over elkaar
SMAL = """[...document.querySelectorAll('label, legend, input.hmp-invoer')].filter(e => e.offsetParent &&
  !e.matches('.hmp-verborgen') && e.getBoundingClientRect().width < 60).map(e => e.outerHTML.slice(0, 120))"""
NAAST = "document.querySelector('.hmp-rij__vak').getBoundingClientRect().width > 600"


async def test_een_formulier_met_van_alles_erin_in_de_browser() -> None:
    async with browser_bij(app()) as (chroom, basis):
        scherm = await chroom.new_page(viewport={"width": 320, "height": 700}, reduced_motion="reduce")
        fouten: list[Any] = []
        scherm.on("pageerror", lambda fout: fouten.append(str(fout)))
        scherm.on("console", lambda m: fouten.append(m.text) if "script" in m.text.lower() else None)
        await scherm.goto(f"{basis}/")
        await keur(scherm, "leeg, 320 px")

        # vragen komen en gaan, ook een vraag bij een vraag die weggaat
        assert not await scherm.is_visible("#wie") and not await scherm.is_visible("[data-bijwerken] button")
        await scherm.check("input[name=hulp][value=ja]")
        await scherm.check("input[name=vaak][value=dag]")
        assert await scherm.is_visible("#wie") and await scherm.is_visible("#reden")
        await scherm.check("input[name=hulp][value=nee]")
        assert not await scherm.is_visible("#wie") and not await scherm.is_visible("#reden")
        await scherm.check("input[name=hulp][value=ja]")
        assert await scherm.is_visible("#reden")

        # zoeken en kiezen met alleen het toetsenbord
        await scherm.focus("#soort-zoek")
        await scherm.keyboard.type("elektrische rol")
        await scherm.wait_for_selector("[role=option]")
        await keur(scherm, "lijst open, 320 px")
        assert await scherm.get_attribute("#soort-zoek", "aria-expanded") == "true"
        await scherm.keyboard.press("ArrowDown")
        actief = await scherm.get_attribute("#soort-zoek", "aria-activedescendant")
        assert actief and await scherm.get_attribute(f"#{actief}", "aria-selected") == "true"
        await scherm.keyboard.press("Enter")
        assert await scherm.is_checked("input[name=soort][value='11A02']")
        await scherm.keyboard.type("zzz")
        await scherm.wait_for_function(
            "document.querySelector('#soort [role=status]').textContent.includes('Niets gevonden')"
        )
        await scherm.keyboard.press("Escape")

        # bij een vraag met meer antwoorden komt er vanzelf een leeg vak bij
        await scherm.fill("#bijnaam", "Jojo")
        await scherm.keyboard.press("Tab")
        await scherm.keyboard.type("J")
        assert await scherm.locator("input[name=bijnaam]").count() == 3

        # wat mag en niet hoeft is dicht zolang het leeg is; open past het op een telefoon en op een groot scherm
        assert not await scherm.is_visible("#persoon-0-wie-het-is")
        for kop in await scherm.locator("details > summary").all():
            await kop.click()
        for breedte in (320, 1280):
            await scherm.set_viewport_size({"width": breedte, "height": 800})
            assert await scherm.evaluate(SMAL) == [], breedte
        assert await scherm.evaluate(NAAST)

        # een rij heeft haar eigen vragen, en wat verborgen is gaat niet mee
        await scherm.fill("#persoon-0-wie-het-is", "An")
        await scherm.check("input[name='persoon.0.tilt'][value=ja]")
        await scherm.fill("#persoon-0-kilo", "20")
        await scherm.fill("#reden", "Het moet.")
        await scherm.check("input[name=hulp][value=nee]")
        await scherm.click("button.hmp-knop[name=actie]")
        await keur(scherm, "met meldingen")
        gelezen = (await (await scherm.request.get(f"{basis}/laatste")).json())["item"]
        assert {i["linkId"] for i in gelezen} == {"hulp", "soort", "bijnaam", "persoon"}
        assert fouten == []
