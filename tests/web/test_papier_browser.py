"""Een echte pdf toevoegen in een echte browser: de therapeut bij haar cliënt, en de houder zelf. Besluit 0042.

Wat er per veld fout kan zijn, staat in `test_houder_papier.py`; dezelfde regels lezen hier het formulier.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import httpx
from playwright.async_api import Error, Page, Route

from server.demo.personen.yvonne import YVONNE
from server.settings import Settings
from tests.browser import MERKEN, browser_bij, inloggen, keur
from tests.web.houderwereld import resources
from tests.web.werkwereld import laat_lezen, log_in, wereld

pytestmark = MERKEN
NIET_GECONTROLEERD = "niet door de machine gecontroleerd"


def pdf(map_: Path, tekst: str) -> Path:
    """Een pdf van één bladzijde met deze tekst, met een kloppende inhoudstabel."""
    inhoud = f"BT /F1 12 Tf 72 760 Td ({tekst}) Tj ET".encode("latin-1")
    delen = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(inhoud), inhoud),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    uit, plekken = b"%PDF-1.4\n", []
    for nummer, deel in enumerate(delen, start=1):
        plekken.append(len(uit))
        uit += b"%d 0 obj\n%s\nendobj\n" % (nummer, deel)
    tabel = b"".join(b"%010d 00000 n \n" % plek for plek in plekken)
    staart = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(uit)
    bestand = map_ / "advies.pdf"
    bestand.write_bytes(uit + b"xref\n0 6\n0000000000 65535 f \n" + tabel + staart)
    return bestand


async def verstuur(scherm: Page, knop: str) -> None:
    async with scherm.expect_navigation():
        await scherm.get_by_role("button", name=knop).click()


async def verstuur_ongeduldig(scherm: Page, knop: str) -> None:
    """Nog een tik terwijl het net traag is; het formulier gaat één keer weg."""
    gestuurd: list[str] = []

    async def traag(route: Route) -> None:
        if route.request.method == "POST":
            gestuurd.append(route.request.url)
            await asyncio.sleep(0.8)
        with suppress(Error):  # een verzoek dat de tweede tik afbreekt
            await route.continue_()

    await scherm.route("**/*", traag)
    async with scherm.expect_navigation():
        await scherm.get_by_role("button", name=knop).evaluate("b => { b.click(); setTimeout(() => b.click(), 200) }")
    await scherm.unroute("**/*")
    assert len(gestuurd) == 1, gestuurd


async def test_een_pdf_van_de_therapeut_en_een_van_de_houder(settings: Settings, tmp_path: Path) -> None:
    advies = pdf(tmp_path, "Advies van 9 maart 2019")
    async with wereld(settings, (YVONNE,)) as app, browser_bij(app) as (chroom, basis):
        await laat_lezen(app, YVONNE.patient)
        nienke = await inloggen(chroom, basis, "nienke")
        await nienke.goto(f"{basis}/client/{YVONNE.patient}")
        await nienke.get_by_role("link", name="Voeg een advies van papier toe").click()
        await nienke.locator("#bestand").wait_for()
        assert NIET_GECONTROLEERD in await nienke.inner_text("main")

        # niets ingevuld: elke fout bij haar veld, en getypte tekst blijft
        await nienke.fill("#waarover", "Veilig douchen.")
        await verstuur(nienke, "Voeg dit advies toe")
        for veld in ("bestand", "op", "wie"):
            assert await nienke.locator(f"#{veld}").get_attribute("aria-invalid") == "true", veld
        assert await nienke.input_value("#waarover") == "Veilig douchen."
        await keur(nienke, "advies van papier")

        await nienke.set_input_files("#bestand", advies)
        await nienke.fill("#op", "2019-03-09")
        await nienke.fill("#wie", "ergotherapeut J. Jansen")
        await nienke.fill("#nodig", "- Zittend douchen\n- Opstaan zonder hulp")
        await verstuur_ongeduldig(nienke, "Voeg dit advies toe")
        tekst = await nienke.inner_text("main")
        assert NIET_GECONTROLEERD in tekst and "Van papier, 9 maart 2019" in tekst and "Opstaan zonder hulp" in tekst
        assert "Verzegeld" not in tekst

        # zij en de houder zien precies het bestand dat zij koos
        papier = str(await nienke.get_by_role("link", name="Bekijk het papier").get_attribute("href"))
        assert (await (await log_in(app, "nienke")).get(papier)).content == advies.read_bytes()
        yvonne = await inloggen(chroom, basis, "yvonne")
        await yvonne.goto(nienke.url.removesuffix("/lees"))
        assert "Dit advies komt van papier." in await yvonne.inner_text("main")
        await nienke.goto(f"{basis}/client/{YVONNE.patient}")
        assert "Functioneel advies van ergotherapeut J. Jansen, 9 maart 2019" in await nienke.inner_text("#main, main")

        # de houder doet hetzelfde vanaf haar telefoon
        await yvonne.goto(f"{basis}/papier/nieuw/advies")
        await yvonne.set_input_files("#foto", advies)
        await yvonne.fill("#op", "2018-05-01")
        await yvonne.fill("#wie", "revalidatiearts De Wit")
        await yvonne.check("[name=hulpmiddel] >> nth=0")
        await verstuur(yvonne, "Bewaar")
        assert "De Wit" in await yvonne.inner_text("main")
        kopie = await (await log_in(app, "yvonne")).get(f"{yvonne.url.partition('?')[0].removeprefix(basis)}/bestand")
        assert kopie.content == advies.read_bytes() and kopie.headers["content-type"] == "application/pdf"

        van_papier = [
            r
            for r in await resources(app, YVONNE.patient, "QuestionnaireResponse")
            if any(str(e["url"]).endswith("/uit-document") for e in r.get("extension", ()))
        ]
        assert sorted(r["authored"] for r in van_papier) == ["2018-05-01", "2019-03-09"]
        assert all(r["status"] == "completed" for r in van_papier)


async def test_wie_niet_mag_lezen_voegt_niets_toe(settings: Settings) -> None:
    async with wereld(settings, (YVONNE,)) as app:
        nienke: httpx.AsyncClient = await log_in(app, "nienke")
        assert (await nienke.get(f"/advies/papier/{YVONNE.patient}")).status_code == 404
        await laat_lezen(app, YVONNE.patient)
        assert (await nienke.get(f"/advies/papier/{YVONNE.patient}")).status_code == 200
        bianca = await log_in(app, "bianca")
        assert (await bianca.get(f"/advies/papier/{YVONNE.patient}")).status_code in (403, 404)
