"""De bladzijden van professionals in een echte browser: geen bevindingen van axe, niets loopt buiten beeld, de intake
past op een scherm, en de link van een cliënt overleeft het inloggen."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from playwright.async_api import Browser

from server.demo.personen.gerda import GERDA
from server.demo.personen.yvonne import YVONNE
from server.settings import Settings
from server.store.invitations import AANGENOMEN, met_id, nodig_uit
from tests.browser import KLEUREN, MERKEN, THEMAS, browser_bij, inloggen, keur
from tests.web import advieswereld as adviezen
from tests.web.werkwereld import dien_in, laat_lezen, wereld
from web.uitnodiging import Aanbod

BREEDTES = ((320, 700), (390, 844), (1366, 768))
MERK = "Besturing zoals op de Velora X3."

pytestmark = MERKEN


@asynccontextmanager
async def draaiend(settings: Settings) -> AsyncIterator[tuple[FastAPI, Browser, str]]:
    """De demo van de professionals op een poort, met een browser erbij."""
    async with wereld(settings, (YVONNE, GERDA)) as app, browser_bij(app) as (chroom, basis):
        yield app, chroom, basis


async def test_elke_bladzijde_is_toegankelijk_in_elke_breedte_en_elk_thema(settings: Settings) -> None:
    async with draaiend(settings) as (app, chroom, basis):
        taak = await dien_in(app, YVONNE.patient)
        await laat_lezen(app, YVONNE.patient)
        bianca, nienke = await inloggen(chroom, basis, "bianca"), await inloggen(chroom, basis, "nienke")
        await nienke.goto(f"{basis}/advies/nieuw/{YVONNE.patient}")
        await nienke.click("text=Begin het advies")
        advies = nienke.url.split("#")[0]
        await nienke.locator("#eis-1 summary").click()
        await nienke.fill("#eis-1-eis-tekst", MERK)
        await nienke.locator("button[value=bewaar]").last.click()
        concept, klaar = await adviezen.concept(app), await adviezen.definitief(app)
        await adviezen.geef(app)
        await adviezen.laat_meedenken(app, concept)
        await adviezen.laat_meedenken(app, concept, adviezen.LEVERANCIER, "leverancier")
        arjan = await inloggen(chroom, basis, "arjan")
        gerda = await bianca.locator("text=Gerda Blom").get_attribute("href")
        paden = {
            bianca: ["/werkvoorraad", f"/intake/{taak}", gerda, f"/intake/{taak}/anders", "/clienten", "/code",
                     f"/client/{YVONNE.patient}", "/uitnodiging", "/meedenken", f"/advies/{klaar}/lees",
                     f"/advies/{concept}/lees"],
            arjan: ["/meedenken", f"/advies/{concept}/lees"],
            nienke: ["/clienten", f"/client/{YVONNE.patient}", f"/advies/nieuw/{YVONNE.patient}",
                     advies.removeprefix(basis), advies.removeprefix(basis) + "?erbij=eis", "/uitnodiging/wacht",
                     advies.removeprefix(basis).replace("bewerk", "lees")],
        }  # fmt: skip
        for scherm, adressen in paden.items():
            for breedte, hoogte in BREEDTES:
                await scherm.set_viewport_size({"width": breedte, "height": hoogte})
                for adres in adressen:
                    await scherm.goto(f"{basis}{adres}")
                    for thema in THEMAS if breedte == 390 else THEMAS[:1]:
                        await scherm.evaluate("t => document.documentElement.dataset.theme = t", thema)
                        await keur(scherm, f"{adres} {breedte} {thema}", KLEUREN if thema != THEMAS[0] else ())


async def test_de_intake_past_zonder_scrollen_en_werkt_met_het_toetsenbord(settings: Settings) -> None:
    async with draaiend(settings) as (app, chroom, basis):
        taak = await dien_in(app, YVONNE.patient)
        scherm = await inloggen(chroom, basis, "bianca")
        await scherm.set_viewport_size({"width": 1366, "height": 768})
        await scherm.goto(f"{basis}/intake/{taak}")
        onder = await scherm.evaluate("document.querySelector('main').getBoundingClientRect().bottom")
        assert onder <= 768
        await scherm.locator("text=Bevestig: zet door naar Noorderwiel").focus()
        await scherm.keyboard.press("Enter")
        await scherm.wait_for_load_state()
        assert await scherm.locator("[role=status]").inner_text() != ""
        assert "Doorgezet" in await scherm.locator("[role=status]").inner_text()


async def test_de_link_overleeft_het_inloggen_en_verdwijnt_uit_het_adres(settings: Settings) -> None:
    async with draaiend(settings) as (app, chroom, basis):
        nu = int(time.time())
        aanbod = Aanbod("advies", "therapeut", "Yvonne Verbeek").als_gegevens()
        uitnodiging, token, _ = await nodig_uit(app.state.opslag, YVONNE.patient, aanbod, nu, nu + 600)
        scherm = await chroom.new_page()
        gezien: list[str] = []
        scherm.on("request", lambda verzoek: gezien.append(verzoek.url))
        await scherm.goto(f"{basis}/uitnodiging#{token}")
        assert scherm.url == f"{basis}/uitnodiging"
        await scherm.click("text=Log eerst in")
        await scherm.click("button[value=nienke]")
        await scherm.click("text=Neem de uitnodiging aan")
        await scherm.wait_for_url("**/uitnodiging/wacht")
        assert not any(token in adres.split("#")[0] for adres in gezien)
        na = await met_id(app.state.opslag, uitnodiging.id)
        assert na is not None and na.stand == AANGENOMEN
