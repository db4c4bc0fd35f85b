"""Getypte tekst gaat niet verloren en maakt weinig versies: zonder verbinding, op twee schermen, en bij het weggaan.

Wat de server met een ingestuurd formulier doet, staat in `test_therapeut_bewaren.py`. Besluit 0043 en 0047.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from playwright.async_api import Page

from paspoort.fhir.vragenlijst import antwoorden
from server.demo.personen.yvonne import YVONNE
from server.settings import Settings
from tests.browser import MERKEN, browser_bij
from tests.web import advieswereld as aw
from tests.web.houderwereld import resources
from tests.web.werkwereld import wereld

pytestmark = MERKEN
LIGT_ER = "() => Object.keys(localStorage).some(n => n.startsWith('hmp-tekst-'))"
LIGT_NIETS = "() => !Object.keys(localStorage).some(n => n.startsWith('hmp-tekst-'))"
BEWAARD = "() => document.getElementById('bewaarstand').textContent.startsWith('Bewaard om')"


@asynccontextmanager
async def schrijvend(settings: Settings) -> AsyncIterator[tuple[FastAPI, Page, str, str]]:
    """(app, het scherm van Nienke, adres van haar concept, id daarvan)."""
    async with wereld(settings, (YVONNE,)) as app, browser_bij(app) as (chroom, basis):
        id_ = await aw.concept(app)
        # een eigen context: daar past een tweede tabblad bij
        nienke = await (await chroom.new_context(reduced_motion="reduce")).new_page()
        await nienke.goto(f"{basis}/inloggen")
        await nienke.click("button[value=nienke]")
        adres = f"{basis}/advies/{id_}/bewerk"
        await nienke.goto(adres)
        yield app, nienke, adres, id_


async def bewaard(app: FastAPI, id_: str) -> dict[str, Any]:
    """Het concept zoals het bij de server staat."""
    alle = await resources(app, YVONNE.patient, "QuestionnaireResponse")
    return next(r for r in alle if r["id"] == id_)


async def typ(scherm: Page, naam: str, tekst: str) -> None:
    """Schrijf dit veld opnieuw, en ga eruit."""
    await scherm.locator(f"[name='{naam}']").first.fill(tekst)
    await scherm.keyboard.press("Tab")


async def test_zonder_verbinding_blijft_elke_letter_en_bijna_niets_wordt_een_versie(settings: Settings) -> None:
    async with schrijvend(settings) as (app, nienke, adres, id_):
        begin = int((await bewaard(app, id_))["meta"]["versionId"])

        # meer velden achter elkaar: de eerste keer meteen, de rest wacht
        await typ(nienke, "hulpvraag", "Over hulpvraag.")
        await nienke.wait_for_function(BEWAARD)
        await nienke.wait_for_function(LIGT_NIETS)
        for naam in ("participatie", "activiteiten", "stoornissen"):
            await typ(nienke, naam, f"Over {naam}.")
        await nienke.wait_for_timeout(2500)
        assert int((await bewaard(app, id_))["meta"]["versionId"]) == begin + 1
        assert "op dit apparaat" in await nienke.inner_text("#bewaarstand")

        # wie een link volgt, neemt alles mee
        async with nienke.expect_navigation():
            await nienke.locator("section[aria-labelledby=afstemming] a").click()
        na_link = await bewaard(app, id_)
        assert int(na_link["meta"]["versionId"]) == begin + 2
        assert all(antwoorden(na_link).een(naam) == f"Over {naam}." for naam in ("participatie", "stoornissen"))
        await nienke.goto(adres)
        await nienke.wait_for_function(LIGT_NIETS)

        # zonder verbinding: de tekst ligt op het toestel, onleesbaar, en gaat mee zodra het weer kan
        await nienke.context.set_offline(True)
        await typ(nienke, "participatie", "Getypt in de trein.")
        await nienke.wait_for_function(LIGT_ER)
        assert "trein" not in str(await nienke.evaluate("JSON.stringify(localStorage)"))
        await nienke.context.set_offline(False)
        await nienke.wait_for_function(BEWAARD)
        assert antwoorden(await bewaard(app, id_)).een("participatie") == "Getypt in de trein."

        # het tabblad gaat dicht zonder verbinding; de volgende keer staat de tekst er weer
        await nienke.context.set_offline(True)
        await typ(nienke, "participatie", "Getypt in de tunnel.")
        await nienke.wait_for_function(LIGT_ER)
        await nienke.wait_for_timeout(600)
        ander = await nienke.context.new_page()
        await nienke.close()
        await ander.context.set_offline(False)
        assert antwoorden(await bewaard(app, id_)).een("participatie") == "Getypt in de trein."
        await ander.goto(adres)
        await ander.get_by_text("staat er weer").wait_for()
        assert await ander.locator("[name=participatie]").input_value() == "Getypt in de tunnel."
        assert antwoorden(await bewaard(app, id_)).een("participatie") == "Getypt in de tunnel."
        await ander.wait_for_function(LIGT_NIETS)


async def test_twee_tabbladen_komen_per_antwoord_bij_elkaar(settings: Settings) -> None:
    async with schrijvend(settings) as (app, een, adres, id_):
        twee = await een.context.new_page()
        await twee.goto(adres)
        await typ(een, "hulpvraag", "Van het eerste tabblad.")
        await een.wait_for_function(BEWAARD)
        await een.wait_for_function(LIGT_NIETS)

        await typ(twee, "participatie", "Van het tweede tabblad.")
        await twee.wait_for_function(
            "() => document.querySelector('[name=hulpvraag]').value === 'Van het eerste tabblad.'"
        )
        samen = antwoorden(await bewaard(app, id_))
        assert (samen.een("hulpvraag"), samen.een("participatie")) == (
            "Van het eerste tabblad.",
            "Van het tweede tabblad.",
        )

        # dezelfde vraag op beide tabbladen: niets gaat weg, de schrijver kiest
        await typ(een, "participatie", "Werkt drie dagen.")
        await een.evaluate("window.dispatchEvent(new Event('pagehide'))")
        keuze = een.get_by_role("group", name="Twee teksten bij")
        await keuze.wait_for()
        assert "Van het tweede tabblad." in await keuze.inner_text()
        assert await een.locator("[name=participatie]").input_value() == "Werkt drie dagen."
        assert antwoorden(await bewaard(app, id_)).een("participatie") == "Van het tweede tabblad."
        await keuze.get_by_role("button", name="Houd wat hier staat").click()
        async with een.expect_navigation():
            await een.locator("section[aria-labelledby=afstemming] a").click()
        assert antwoorden(await bewaard(app, id_)).een("participatie") == "Werkt drie dagen."
