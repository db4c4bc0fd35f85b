"""De bladzijden van professionals in een echte browser: geen bevindingen van axe, niets loopt buiten beeld, de intake
past op een scherm, en de link van een cliënt overleeft het inloggen."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from axe_core_python.async_playwright import Axe
from fastapi import FastAPI
from playwright.async_api import Browser, Page, async_playwright

from server.demo.personen.gerda import GERDA
from server.demo.personen.yvonne import YVONNE
from server.settings import Settings
from server.store.invitations import AANGENOMEN, met_id, nodig_uit
from tests.web.werkwereld import dien_in, laat_lezen, wereld
from web.uitnodiging import Aanbod

CHROMIUM = Path("/usr/bin/chromium")
VLAGGEN = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
ANDERE_THEMAS = ("donker", "contrast", "contrast-donker")
BREEDTES = ((320, 700), (390, 844), (1366, 768))
MERK = "Besturing zoals op de Velora X3."

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="geen Chromium op deze machine"),
]


@asynccontextmanager
async def draaiend(settings: Settings) -> AsyncIterator[tuple[FastAPI, Browser, str]]:
    """De app op een poort, met een browser erbij."""
    with socket.socket() as vrij:
        vrij.bind(("127.0.0.1", 0))
        poort = vrij.getsockname()[1]
    async with wereld(settings, (YVONNE, GERDA)) as app, async_playwright() as spel:
        server = uvicorn.Server(uvicorn.Config(app, port=poort, log_level="warning", lifespan="off"))
        taak = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn zegt het niet op een andere manier
            await asyncio.sleep(0.05)
        chroom = await spel.chromium.launch(executable_path=str(CHROMIUM), args=VLAGGEN)
        try:
            yield app, chroom, f"http://127.0.0.1:{poort}"
        finally:
            await chroom.close()
            server.should_exit = True
            await taak


async def inloggen(chroom: Browser, basis: str, wie: str) -> Page:
    # zonder beweging: anders meet axe een kleur die nog aan het verschuiven is
    scherm = await chroom.new_page(reduced_motion="reduce")
    await scherm.goto(f"{basis}/inloggen")
    await scherm.click(f"button[value={wie}]")
    return scherm


async def keur(scherm: Page, waar: str) -> None:
    """Axe, en niets buiten beeld."""
    uitslag = await Axe().run(scherm)
    assert [(waar, v["id"], v["nodes"][0]["html"][:200]) for v in uitslag["violations"]] == []
    assert await scherm.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), waar


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
        gerda = await bianca.locator("text=Gerda Blom").get_attribute("href")
        paden = {
            bianca: ["/werkvoorraad", f"/intake/{taak}", gerda, f"/intake/{taak}/anders", "/clienten", "/code",
                     f"/client/{YVONNE.patient}", "/uitnodiging"],
            nienke: ["/clienten", f"/client/{YVONNE.patient}", f"/advies/nieuw/{YVONNE.patient}",
                     advies.removeprefix(basis), advies.removeprefix(basis) + "?erbij=eis", "/uitnodiging/wacht",
                     advies.removeprefix(basis).replace("bewerk", "lees")],
        }  # fmt: skip
        for scherm, adressen in paden.items():
            for breedte, hoogte in BREEDTES:
                await scherm.set_viewport_size({"width": breedte, "height": hoogte})
                for nummer, adres in enumerate(adressen):
                    await scherm.goto(f"{basis}{adres}")
                    themas = ("licht", ANDERE_THEMAS[nummer % 3]) if breedte == 390 else ("licht",)
                    for thema in themas:
                        await scherm.evaluate("t => document.documentElement.dataset.theme = t", thema)
                        await keur(scherm, f"{adres} {breedte} {thema}")


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
