"""Houder, consulent en schrijver om één advies, in een echte browser: opmerken, reageren, vragen en afwijken.

Elke stap komt bij de ander op de eerste bladzijde, en daar vandaan is zij te vinden. Issue 5 §4 en §5.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from playwright.async_api import Page

from server.demo.personen.yvonne import YVONNE
from server.settings import Settings
from tests.browser import MERKEN, browser_bij, inloggen
from tests.web import advieswereld as aw
from tests.web.werkwereld import dien_in, wereld

pytestmark = MERKEN
LIGT_ER = "() => Object.keys(localStorage).some(n => n.startsWith('hmp-tekst-'))"
LIGT_NIETS = "() => !Object.keys(localStorage).some(n => n.startsWith('hmp-tekst-'))"


@asynccontextmanager
async def drie(settings: Settings) -> AsyncIterator[tuple[FastAPI, str, Page, Page, Page]]:
    """(app, adres, Nienke, Yvonne, Bianca)."""
    async with wereld(settings, (YVONNE,)) as app, browser_bij(app) as (chroom, basis):
        nienke, yvonne, bianca = [await inloggen(chroom, basis, wie) for wie in ("nienke", "yvonne", "bianca")]
        yield app, basis, nienke, yvonne, bianca


async def druk(scherm: Page, naam: str) -> None:
    """Een knop of link met deze naam, en de volgende bladzijde."""
    knop = re.compile(naam)
    doel = scherm.get_by_role("button", name=knop).or_(scherm.get_by_role("link", name=knop)).first
    async with scherm.expect_navigation():
        await doel.click()


async def test_opmerken_reageren_vragen_en_afwijken_komen_bij_de_ander_op_de_eerste_bladzijde(
    settings: Settings,
) -> None:
    async with drie(settings) as (app, basis, nienke, yvonne, bianca):
        id_ = await aw.concept(app)
        await aw.laat_meedenken(app, id_)

        # een opmerking bij een eis
        await bianca.goto(f"{basis}/advies/{id_}/lees")
        await bianca.get_by_label("Uw opmerking voor de schrijver").fill("Is 30 graden ook genoeg?")
        await bianca.get_by_label("Waar gaat het over?").select_option("2")
        await druk(bianca, "Stuur deze opmerking")
        assert "Uw opmerking is verstuurd." in await bianca.inner_text("main")

        await nienke.goto(f"{basis}/clienten")
        await druk(nienke, "Opmerking van Gemeente Lindewaard")
        assert "Is 30 graden ook genoeg?" in await nienke.inner_text("main")
        await yvonne.goto(f"{basis}/")
        assert "Er is een opmerking bij uw advies" in await yvonne.inner_text("main")
        await druk(yvonne, "Lees de opmerking")
        assert "Is 30 graden ook genoeg?" in await yvonne.inner_text("section[aria-labelledby=opmerkingen]")

        # halverwege weg: de tekst ligt onleesbaar op het toestel, en staat er weer
        await yvonne.locator("[name=reactie-houder]").fill("Ik wil ook verder achterover.")
        await yvonne.wait_for_function(LIGT_ER)
        assert "achterover" not in str(await yvonne.evaluate("JSON.stringify(localStorage)"))
        await yvonne.goto(f"{basis}/")
        await yvonne.goto(f"{basis}/advies/{id_}")
        await yvonne.get_by_text("Wat u typte, staat er weer.").wait_for()
        assert await yvonne.locator("[name=reactie-houder]").input_value() == "Ik wil ook verder achterover."
        await yvonne.get_by_label("Ja", exact=True).first.check()
        await druk(yvonne, "Bewaar mijn reactie")
        assert "Uw reactie is bewaard." in await yvonne.inner_text("main")
        await yvonne.wait_for_function(LIGT_NIETS)
        await yvonne.goto(f"{basis}/")
        assert "Er is een opmerking bij uw advies" not in await yvonne.inner_text("main")

        # één vraag aan de schrijver
        id_ = await aw.definitief(app)
        await aw.geef(app)
        taak = await dien_in(app, aw.P)
        await bianca.goto(f"{basis}/advies/{id_}/lees")
        await bianca.get_by_label("Wat wilt u weten om te kunnen beslissen?").fill("Kan dit ook met een zuil?")
        await druk(bianca, "Stel deze vraag")
        assert "Nog geen antwoord." in await bianca.inner_text("main")

        await nienke.goto(f"{basis}/clienten")
        await druk(nienke, "Vraag van Gemeente Lindewaard")
        await nienke.get_by_label("Uw antwoord").fill("Nee, daar kan zij niet bij.")
        await druk(nienke, "Stuur het antwoord")
        await bianca.goto(f"{basis}/werkvoorraad")
        assert "Er is antwoord op uw vraag. Yvonne Verbeek" in await bianca.inner_text("main")
        await druk(bianca, "Lees het antwoord")
        assert "Nienke Postma" in await bianca.inner_text("section[aria-labelledby=vraag-kop]")
        await yvonne.goto(f"{basis}/advies/{id_}")
        for scherm in (bianca, yvonne, nienke):
            tekst = await scherm.inner_text("main")
            assert "Kan dit ook met een zuil?" in tekst and "Nee, daar kan zij niet bij." in tekst

        # een besluit dat een eis niet volgt
        await bianca.goto(f"{basis}/intake/{taak}/anders")
        await bianca.locator("[name=uitkomst][value=gewijzigd]").check()
        eis = bianca.get_by_role("group", name=re.compile("^Eis 2, noodzakelijk"))
        await eis.get_by_label("Ik volg deze eis niet").check()
        await eis.get_by_label("Waarom volgt u eis 2 niet?").fill("De woning is te klein.")
        await eis.get_by_label("Wat komt er in plaats van eis 2?").fill("Een los kussen.")
        await druk(bianca, "Neem dit besluit")
        await yvonne.goto(f"{basis}/advies/{id_}")
        await nienke.goto(f"{basis}/advies/{id_}/lees")
        for scherm in (yvonne, nienke):
            tekst = await scherm.inner_text("main")
            assert "De woning is te klein." in tekst and "Een los kussen." in tekst
