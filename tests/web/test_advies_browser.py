"""Het advies in een echte browser, voor iedereen: axe in elk thema, alleen met het toetsenbord, zonder script, op
320 px en op 400 % zoom. De vier hele adviezen met hun tijd staan in `tests/verhaal/test_advies_schrijven.py`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, Page

from server.demo.dossier import id_van
from server.demo.personen.rene import RENE
from server.demo.personen.yvonne import YVONNE
from server.settings import Settings
from tests.browser import KLEUREN, MERKEN, THEMAS, browser_bij, inloggen, keur
from tests.verhaal.advies_geval import Geval, bij_nienke
from tests.verhaal.advies_schrijven import schrijf
from tests.verhaal.advies_vervolg import YVONNE_RIJDT
from tests.web import toetsenbord
from tests.web.werkwereld import wereld

HOOGTES = {320: 700, 390: 844, 1366: 768}
OM_DE_BEURT = (390, 320, 1366)
MERK = "Besturing zoals op de Velora X3."
DEFINITIEF = id_van("rene", "advies")
KLEIN = Geval(
    "Yvonne",
    "één nieuwe eis",
    bij_nienke(YVONNE),
    "yvonne",
    "Zo klopt het.",
    YVONNE_RIJDT.eisen[:1],
    invullen={**YVONNE_RIJDT.invullen, "urgentie": "gewoon"},
    anders={
        "hulpvraag": "Yvonne wil overdag alleen thuis kunnen zijn.",
        "omgeving-werk-school": "Kantoor met lift; haar bureau verstelt sinds kort elektrisch.",
    },
)

pytestmark = MERKEN


@asynccontextmanager
async def draaiend(settings: Settings) -> AsyncIterator[tuple[FastAPI, Browser, str]]:
    """Yvonne, bij wie Nienke mag schrijven, en René met een definitief advies dat de gemeente mag lezen."""
    async with wereld(settings, (KLEIN.dossier, RENE)) as app, browser_bij(app) as (chroom, basis):
        yield app, chroom, basis


async def begin(nienke: Page, basis: str) -> str:
    """Een concept voor Yvonne; geeft het id."""
    await nienke.goto(f"{basis}/advies/nieuw/{YVONNE.patient}")
    async with nienke.expect_navigation():
        await nienke.get_by_role("button", name=re.compile("^Begin het advies")).click()
    return nienke.url.split("/advies/")[1].split("/")[0]


@pytest.mark.parametrize("alles", [False, pytest.param(True, marks=pytest.mark.lang)], ids=["om-de-beurt", "alles"])
async def test_elke_bladzijde_van_het_advies_is_toegankelijk(settings: Settings, alles: bool) -> None:
    async with draaiend(settings) as (_, chroom, basis):
        nienke, yvonne, bianca = [await inloggen(chroom, basis, wie) for wie in ("nienke", "yvonne", "bianca")]
        concept = await begin(nienke, basis)
        await nienke.locator(".hmp-eis summary").first.click()
        await nienke.locator("[name='eis.0.eis-tekst']").fill(MERK)
        async with nienke.expect_navigation():
            await nienke.locator("button[value=bewaar]:visible").last.click()
        assert "Velora" in await nienke.locator("section[aria-labelledby=check]").inner_text()
        paden = {
            nienke: [f"/client/{YVONNE.patient}", f"/advies/nieuw/{YVONNE.patient}", f"/advies/{concept}/bewerk",
                     f"/advies/{concept}/bewerk?erbij=eis", f"/advies/{concept}/lees", f"/advies/{concept}/afstemming"],
            yvonne: [f"/advies/{concept}", f"/advies/{id_van('yvonne', 'advies')}"],
            bianca: [f"/advies/{DEFINITIEF}/lees"],
        }  # fmt: skip
        nummer = 0
        for scherm, adressen in paden.items():
            for adres in adressen:
                antwoord = await scherm.goto(f"{basis}{adres}")
                assert antwoord is not None and antwoord.status == 200, adres
                for breedte, hoogte in HOOGTES.items():
                    await scherm.set_viewport_size({"width": breedte, "height": hoogte})
                    te_breed = await scherm.evaluate("document.documentElement.scrollWidth - innerWidth")
                    assert te_breed <= 0, f"{adres} is bij {breedte} px {te_breed} px te breed"
                    if alles or breedte == OM_DE_BEURT[nummer % 3]:
                        await keur_in(scherm, f"{adres} {breedte}", THEMAS if alles else THEMAS[nummer % 4 :][:1])
                nummer += 1


async def keur_in(scherm: Page, waar: str, themas: tuple[str, ...]) -> None:
    """Axe in deze thema's; na het eerste alleen de kleuren."""
    for nummer, thema in enumerate(themas):
        await scherm.evaluate("t => document.documentElement.dataset.theme = t", thema)
        await keur(scherm, f"{waar} {thema}", KLEUREN if nummer else ())


async def test_een_heel_advies_met_alleen_het_toetsenbord(settings: Settings) -> None:
    eis = KLEIN.eisen[0]
    async with draaiend(settings) as (_, chroom, basis):
        nienke = await inloggen(chroom, basis, "nienke")
        await nienke.set_viewport_size({"width": 1280, "height": 800})
        await nienke.goto(f"{basis}/clienten")
        await toetsenbord.druk(nienke, "Yvonne Verbeek")
        await toetsenbord.druk(nienke, "Nieuw functioneel advies")
        await toetsenbord.druk(nienke, "Begin het advies")
        concept = nienke.url.split("/advies/")[1].split("/")[0]
        for naam in ("hulpvraag", "omgeving-werk-school"):
            await toetsenbord.schrijf(nienke, naam, str(KLEIN.anders[naam]))
        await toetsenbord.tab_naar(nienke, "Voeg een eis toe")
        await nienke.keyboard.press("Enter")
        await nienke.locator("fieldset.hmp-eis").last.wait_for()
        tekstveld = nienke.locator("fieldset.hmp-eis").last.locator("[name$='.eis-tekst']")
        rij = str(await tekstveld.get_attribute("name")).removesuffix("eis-tekst")
        assert (await toetsenbord.hier(nienke))["naam"] == rij + "eis-tekst", (
            "de aandacht hoort in de nieuwe eis te staan"
        )
        await nienke.keyboard.type(eis.tekst)
        for code in await _volgorde(nienke, rij):
            if code in KEUZES:
                await toetsenbord.kies(nienke, rij + code, KEUZES[code])
            elif code in eis.velden() and code != "eis-tekst":
                await toetsenbord.schrijf(nienke, rij + code, eis.velden()[code])
        await toetsenbord.druk(nienke, "Vraag Yvonne om")

        yvonne = await inloggen(chroom, basis, "yvonne")
        await yvonne.goto(f"{basis}/advies/{concept}")
        await toetsenbord.schrijf(yvonne, "reactie-houder", KLEIN.reactie)
        await toetsenbord.kies(yvonne, "akkoord", "Ja")
        await toetsenbord.druk(yvonne, "Bewaar mijn reactie")

        await nienke.goto(f"{basis}/advies/{concept}/bewerk")
        check = str(await nienke.locator("section[aria-labelledby=check]").text_content())
        assert "0 fouten" in check and "Nog invullen" not in check, check
        await toetsenbord.druk(nienke, "Maak definitief")
        assert "Verzegeld door" in await nienke.inner_text("main")


KEUZES = {
    "eis-soort": "Noodzakelijk",
    "eis-domein": "Communicatie",
    "eis-categorie": "Individuele aanpassing",
    "eis-doel": KLEIN.eisen[0].doel,
}


async def _volgorde(scherm: Page, rij: str) -> list[str]:
    """De velden van deze eis in de volgorde van de bladzijde."""
    namen = await scherm.locator(f"[name^='{rij}']").evaluate_all("v => [...new Set(v.map(e => e.name))]")
    return [str(n).removeprefix(rij) for n in namen]


@pytest.mark.lang
async def test_een_heel_advies_zonder_script(settings: Settings) -> None:
    async with draaiend(settings) as (app, chroom, basis):
        verslag = await schrijf(app, chroom, basis, KLEIN, script=False)
        assert verslag.eisen == 6


@pytest.mark.lang
@pytest.mark.parametrize(("breed", "hoog"), [(320, 700), (320, 256)], ids=["320-px", "400-procent"])
async def test_een_heel_advies_op_een_klein_scherm(settings: Settings, breed: int, hoog: int) -> None:
    """1280 × 1024 op 400 % is 320 × 256: niets te breed, en elk veld en elke knop te raken."""
    async with draaiend(settings) as (app, chroom, basis):
        verslag = await schrijf(app, chroom, basis, KLEIN, breed=breed, hoog=hoog)
        assert verslag.eisen == 6
