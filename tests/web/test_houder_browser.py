"""De bladzijden van de houder in een echte browser: geen bevindingen van axe in elke breedte en elk thema, niets buiten
beeld, en delen en vervangen met alleen het toetsenbord."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, Page

from server.demo.personen.yvonne import YVONNE
from server.demo.register import LINDEWAARD, NIENKE
from server.settings import Settings
from tests.browser import KLEUREN, MERKEN, THEMAS, browser_bij, inloggen, keur
from tests.web import advieswereld as adviezen
from tests.web.houderwereld import PASPOORTEN, gebruik_van, resources
from tests.web.werkwereld import laat_lezen, wereld

HOOGTES = {320: 700, 390: 844, 1366: 768}
# Elke breedte in de gewone kleuren en elk thema op de telefoon; met `make test-alles` ook alles met alles.
GEWOON = {320: THEMAS[:1], 390: THEMAS[1:], 1366: THEMAS[:1]}
ALLES = dict.fromkeys(HOOGTES, THEMAS)
HOOGSTENS_TABS = 60

pytestmark = MERKEN


@asynccontextmanager
async def draaiend(settings: Settings) -> AsyncIterator[tuple[FastAPI, Browser, str]]:
    """De demo van de houder op een poort, met een browser erbij."""
    async with wereld(settings, PASPOORTEN) as app, browser_bij(app) as (chroom, basis):
        yield app, chroom, basis


async def tab_naar(scherm: Page, tekst: str) -> None:
    """Met Tab naar de knop, link of keuze met deze tekst; de focus moet te zien zijn en binnen beeld staan."""
    for _ in range(HOOGSTENS_TABS):
        await scherm.keyboard.press("Tab")
        hier = await scherm.evaluate(
            "(() => { const e = document.activeElement; const k = e.closest('label');"
            " return (k || e).innerText || e.value || ''; })()"
        )
        if tekst in hier:
            assert await scherm.evaluate("document.activeElement.matches(':focus-visible')"), tekst
            return
    raise AssertionError(f"met Tab niet te bereiken: {tekst} op {scherm.url}")


async def druk(scherm: Page, tekst: str) -> None:
    """Tab ernaartoe en Enter; wacht op de volgende bladzijde."""
    await tab_naar(scherm, tekst)
    async with scherm.expect_navigation():
        await scherm.keyboard.press("Enter")


@pytest.mark.parametrize("wat", [GEWOON, pytest.param(ALLES, marks=pytest.mark.lang)], ids=["gewoon", "alles"])
async def test_elke_bladzijde_is_toegankelijk_in_elke_breedte_en_elk_thema(
    settings: Settings, wat: dict[int, tuple[str, ...]]
) -> None:
    async with draaiend(settings) as (app, chroom, basis):
        gebruik = await gebruik_van(app, YVONNE.patient, "elektrische rolstoel")
        await laat_lezen(app, YVONNE.patient)
        nienke, scherm = await inloggen(chroom, basis, "nienke"), await inloggen(chroom, basis, "yvonne")
        await nienke.goto(f"{basis}/advies/nieuw/{YVONNE.patient}")
        await nienke.click("text=Begin het advies")
        concept = nienke.url.split("/advies/")[1].split("/")[0]
        gevraagd, klaar = await adviezen.concept(app, vraagt=(adviezen.GEMEENTE,)), await adviezen.definitief(app)

        await scherm.goto(f"{basis}/delen/nieuw/advies")
        await scherm.click("text=Maak een code")
        code = scherm.url.removeprefix(basis)
        cijfers = await scherm.locator(".hmp-code").inner_text()
        await scherm.goto(f"{basis}/delen/nieuw/advies")
        await scherm.click("text=Maak een code")
        open_code = scherm.url.removeprefix(basis)
        await nienke.goto(f"{basis}/code")
        await nienke.fill("#code", cijfers)
        await nienke.click("text=Neem de uitnodiging aan")

        await scherm.goto(f"{basis}/vervangen/{gebruik}")
        await scherm.click("text=Er is iets veranderd")
        await scherm.click("text=Verder")
        await scherm.click("text=Het past niet meer")
        await scherm.click("text=Verder")
        await scherm.click("text=Ja, zij mogen meelezen")
        stappen = [f"/vervangen/{gebruik}{s}" for s in ("", "/wat", "/delen", "/anders", "/controle")]
        toestemming = (await resources(app, YVONNE.patient, "Consent"))[0]["id"]
        papier = (await resources(app, YVONNE.patient, "DocumentReference") or [{"id": ""}])[0]["id"]
        apparaat = (await resources(app, YVONNE.patient, "Device"))[0]["id"]
        paden = [
            "/", "/hulpmiddelen", f"/hulpmiddel/{apparaat}", "/delen", "/delen/nieuw", "/delen/nieuw/advies",
            "/delen/nieuw/reparatie", code, open_code, f"/delen/toestemming/{toestemming}",
            f"/delen/toestemming/{toestemming}/voorbeeld", "/delen/vraag", *stappen,
            f"/advies/{concept}", f"/advies/{gevraagd}/meelezen/{LINDEWAARD}", f"/advies/{klaar}", "/adviezen",
            f"/advies/{klaar}/voorstellen", f"/advies/{klaar}/weg",
            "/papier", "/papier/nieuw/besluit", "/papier/nieuw/advies",
            *([f"/papier/{papier}"] if papier else []), "/wie-keek-mee", "/meer", "/mijn-gegevens", "/hulp",
            "/weergave", "/toegankelijk",
        ]  # fmt: skip
        await keur_alles(scherm, basis, paden, wat)
        await scherm.goto(f"{basis}{stappen[-1]}")
        await scherm.click("text=Verstuur mijn vraag")
        for _ in range(2):  # samen meer dan drie dingen te doen: de rest staat in een uitklapblok
            await adviezen.concept(app, vraagt=(adviezen.GEMEENTE,))
        await keur_alles(scherm, basis, [scherm.url.removeprefix(basis), "/"], wat)
        meer = scherm.locator("summary", has_text="om te doen")
        assert await meer.count() == 1, "op de eerste bladzijde is ook het uitklapblok gekeurd"
        assert await scherm.locator("details .hmp-kaart--beurt").count() == int((await meer.inner_text()).split()[1])


async def keur_alles(scherm: Page, basis: str, paden: list[str], wat: dict[int, tuple[str, ...]]) -> None:
    """Elke bladzijde in drie breedtes; de thema's per breedte zonder opnieuw te laden."""
    for breedte, themas in wat.items():
        await scherm.set_viewport_size({"width": breedte, "height": HOOGTES[breedte]})
        for pad in paden:
            antwoord = await scherm.goto(f"{basis}{pad}")
            assert antwoord is not None and antwoord.status == 200, pad
            await scherm.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            for thema in themas:
                await scherm.evaluate("t => document.documentElement.dataset.theme = t", thema)
                await keur(scherm, f"{pad} {breedte} {thema}", KLEUREN if thema != THEMAS[0] else ())


async def test_een_bladzijde_met_fouten_is_toegankelijk_en_wijst_de_weg(settings: Settings) -> None:
    async with draaiend(settings) as (_, chroom, basis):
        scherm = await inloggen(chroom, basis, "yvonne")
        await scherm.goto(f"{basis}/papier/nieuw/besluit")
        await scherm.click("text=Bewaar in mijn paspoort")
        for thema in THEMAS:
            await scherm.evaluate("t => document.documentElement.dataset.theme = t", thema)
            await keur(scherm, f"fouten {thema}")
        for adres in await scherm.eval_on_selector_all(".hmp-foutlijst a", "as => as.map(a => a.getAttribute('href'))"):
            assert await scherm.locator(f"[id='{adres[1:]}']").count() == 1


async def test_delen_met_alleen_het_toetsenbord(settings: Settings) -> None:
    async with draaiend(settings) as (app, chroom, basis):
        scherm = await inloggen(chroom, basis, "yvonne")
        await scherm.goto(f"{basis}/delen")
        await druk(scherm, "Deel met iemand")
        await tab_naar(scherm, "Mijn ergotherapeut")
        await scherm.keyboard.press("Space")
        await druk(scherm, "Verder")
        await druk(scherm, "Maak een code")
        cijfers = await scherm.locator(".hmp-code").inner_text()
        nienke = await inloggen(chroom, basis, "nienke")
        await nienke.goto(f"{basis}/code")
        await nienke.fill("#code", cijfers)
        await nienke.click("text=Neem de uitnodiging aan")
        await druk(scherm, "Kijk of het gelukt is")
        await druk(scherm, "Ja, dit is Nienke Postma")
        await druk(scherm, "Stop met delen")
        assert "Gestopt." in await scherm.locator("[role=status]").inner_text()
        consents = await resources(app, YVONNE.patient, "Consent")
        assert [c for c in consents if c["status"] == "active" and NIENKE in str(c["provision"]["actor"])] == []


async def test_vervangen_met_alleen_het_toetsenbord(settings: Settings) -> None:
    async with draaiend(settings) as (app, chroom, basis):
        gebruik = await gebruik_van(app, YVONNE.patient, "elektrische rolstoel")
        scherm = await inloggen(chroom, basis, "yvonne")
        await scherm.goto(f"{basis}/vervangen/{gebruik}")
        await tab_naar(scherm, "Er is niets veranderd")
        await scherm.keyboard.press("Space")
        await druk(scherm, "Verder")
        await druk(scherm, "Ja, zij mogen meelezen")
        await druk(scherm, "Verstuur mijn vraag")
        assert "Uw vraag is verstuurd" in await scherm.locator("[role=status]").inner_text()


async def test_het_menu_komt_na_de_inhoud_en_er_is_een_sprong_naartoe(settings: Settings) -> None:
    async with draaiend(settings) as (_, chroom, basis):
        scherm = await inloggen(chroom, basis, "yvonne")
        await scherm.goto(f"{basis}/delen")
        volgorde = "!!(document.querySelector('main').compareDocumentPosition(document.querySelector('#menu')) & 4)"
        assert await scherm.evaluate(volgorde)
        await scherm.keyboard.press("Tab")
        await scherm.keyboard.press("Tab")
        await scherm.keyboard.press("Enter")
        assert await scherm.evaluate("document.activeElement.id") == "menu"
        await scherm.set_viewport_size({"width": 1366, "height": 768})
        onderkant = await scherm.evaluate("document.querySelector('#menu').getBoundingClientRect().bottom")
        assert onderkant <= await scherm.evaluate("document.querySelector('main').getBoundingClientRect().top")


async def test_niets_valt_weg_bij_veel_vergroten_en_ruime_tekst(settings: Settings) -> None:
    """320 × 256 is 1280 × 1024 op 400 %; met de tekstafstand van WCAG 1.4.12."""
    ruim = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
    async with draaiend(settings) as (_, chroom, basis):
        scherm = await inloggen(chroom, basis, "yvonne")
        await scherm.set_viewport_size({"width": 320, "height": 256})
        for pad in ("/", "/hulpmiddelen", "/delen", "/delen/nieuw/advies", "/papier/nieuw/besluit", "/wie-keek-mee"):
            await scherm.goto(f"{basis}{pad}")
            await scherm.evaluate(
                "css => { const b = new CSSStyleSheet(); b.replaceSync(css);"
                " document.adoptedStyleSheets = [b]; }", ruim
            )  # fmt: skip
            assert await scherm.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), pad
            assert await scherm.evaluate("getComputedStyle(document.querySelector('#menu')).position") == "static"


async def test_zonder_script_reageert_zij_op_een_advies_en_blijft_staan_wat_zij_schreef(settings: Settings) -> None:
    """Eerst mist er een keuze: de fout wijst de weg, de tekst staat er nog, en daarna is de reactie bewaard."""
    async with draaiend(settings) as (app, chroom, basis):
        advies = await adviezen.concept(app)
        kaal = await chroom.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
        scherm = await kaal.new_page()
        await scherm.goto(f"{basis}/inloggen")
        await scherm.click("button[value=yvonne]")
        await scherm.goto(f"{basis}/advies/{advies}")
        await scherm.fill("[name=reactie-houder]", "Ik mis mijn hond.")
        await scherm.click("text=Bewaar mijn reactie")
        assert await scherm.locator(".hmp-foutlijst a").count() == 1
        assert await scherm.input_value("[name=reactie-houder]") == "Ik mis mijn hond."
        await scherm.check("[name=akkoord][value=deels]")
        await scherm.click("text=Bewaar mijn reactie")
        assert "Uw reactie is bewaard." in await scherm.inner_text("main")
        assert await scherm.input_value("[name=reactie-houder]") == "Ik mis mijn hond."
        assert await scherm.is_checked("[name=akkoord][value=deels]")
        stukken = await resources(app, YVONNE.patient, "QuestionnaireResponse")
        assert sum("reactie-advies" in str(r["questionnaire"]) for r in stukken) == 1
