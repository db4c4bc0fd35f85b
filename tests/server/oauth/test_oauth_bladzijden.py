"""De bladzijden van inloggen en toestemming in een echte browser: geen bevindingen van axe, op de telefoon en breed."""

from pathlib import Path

import pytest
from axe_core_python.async_playwright import Axe
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from playwright.async_api import async_playwright

from tests.server.oauth.conftest import Proefapp

CHROMIUM = Path("/usr/bin/chromium")
HEEFT_CHROMIUM = CHROMIUM.exists()
STATISCH = Path(__file__).parents[3] / "web" / "static"
VLAGGEN = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


async def bladzijden(inlog, browser, oauth_app: FastAPI) -> dict[str, str]:
    """De html van elke bladzijde, zoals de server haar geeft."""
    yvonne, leeg, peter = await inlog("yvonne"), browser(), await inlog("peter")
    app = Proefapp(yvonne)
    demo = await leeg.post("/inloggen/bij", data={"aanbieder": "demo"})
    antwoorden = {
        "inloggen": await leeg.get("/inloggen"),
        "inlogfout": await leeg.post("/inloggen", data={"persoon": "x"}),
        "demo": await leeg.get(demo.headers["location"]),
        "rol": await peter.get("/inloggen/rol"),
        "toestemming": await yvonne.get("/oauth/authorize", params=app.vraag(scope="patient/Device.rs patient/Task.u")),
        "fout": await yvonne.get("/oauth/authorize", params=app.vraag(client_id="x")),
    }
    return {naam: a.text for naam, a in antwoorden.items()}


@pytest.mark.browser
async def test_de_bladzijden_hebben_geen_bevindingen(inlog, browser, oauth_app, tmp_path):
    if not HEEFT_CHROMIUM:
        pytest.skip("geen Chromium op deze machine")
    oauth_app.mount("/static", StaticFiles(directory=STATISCH))
    alles = await bladzijden(inlog, browser, oauth_app)
    client = browser()
    async with async_playwright() as spel:
        chroom = await spel.chromium.launch(executable_path=str(CHROMIUM), args=VLAGGEN)
        for breedte, hoogte in ((320, 700), (390, 844), (1366, 768)):
            scherm = await chroom.new_page(viewport={"width": breedte, "height": hoogte})

            async def geef(route):
                pad = route.request.url.removeprefix("http://test")
                if pad.startswith("/static"):
                    a = await client.get(pad)
                    await route.fulfill(status=a.status_code, body=a.content, content_type=a.headers["content-type"])
                else:
                    await route.fulfill(body=alles[pad.strip("/")], content_type="text/html; charset=utf-8")

            await scherm.route("http://test/**", geef)
            for naam in alles:
                await scherm.goto(f"http://test/{naam}")
                uitslag = await Axe().run(scherm)
                assert [(naam, v["id"], v["nodes"][0]["html"]) for v in uitslag["violations"]] == []
                assert await scherm.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), naam
                if breedte == 390:
                    await scherm.screenshot(path=str(tmp_path / f"{naam}.png"), full_page=True)
        await chroom.close()
