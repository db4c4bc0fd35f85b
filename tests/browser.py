"""Een app op een poort met Chromium erbij, en axe op wat er op het scherm staat.

Voor elke test die een echte browser nodig heeft. Wie de app vult, is van de test zelf.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import uvicorn
from axe_core_python.async_playwright import Axe
from fastapi import FastAPI
from playwright.async_api import Browser, Page, async_playwright

CHROMIUM: Final = Path("/usr/bin/chromium")
VLAGGEN: Final = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
THEMAS: Final = ("licht", "donker", "contrast", "contrast-donker")
# Een thema verandert alleen kleuren: de andere regels van axe zijn dan al gezien.
KLEUREN: Final = ("color-contrast", "link-in-text-block")
MERKEN: Final = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="geen Chromium op deze machine"),
]
_AXE: Final = str(Axe().axe_script)


@asynccontextmanager
async def browser_bij(app: FastAPI) -> AsyncIterator[tuple[Browser, str]]:
    """De app op een vrije poort, met een browser; geeft (browser, adres zonder schuine streep)."""
    with socket.socket() as vrij:
        vrij.bind(("127.0.0.1", 0))
        poort = vrij.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=poort, log_level="warning", lifespan="off"))
    taak = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn zegt het niet op een andere manier
        await asyncio.sleep(0.05)
    async with async_playwright() as spel:
        chroom = await spel.chromium.launch(executable_path=str(CHROMIUM), args=VLAGGEN)
        try:
            yield chroom, f"http://127.0.0.1:{poort}"
        finally:
            await chroom.close()
            server.should_exit = True
            await taak


async def inloggen(chroom: Browser, basis: str, wie: str) -> Page:
    """Een scherm van een telefoon waarop deze demopersoon is ingelogd."""
    # Zonder overgang: anders meet axe een kleur die halverwege is.
    scherm = await chroom.new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    await scherm.goto(f"{basis}/inloggen")
    await scherm.click(f"button[value={wie}]")
    return scherm


async def keur(scherm: Page, waar: str, regels: Sequence[str] = ()) -> None:
    """Geen bevindingen van axe (alle regels, of alleen deze), en niets buiten beeld."""
    # Eén keer inladen per bladzijde, en alleen wat fout is terug: een vijfde van de tijd.
    if not await scherm.evaluate("typeof axe === 'object'"):
        await scherm.evaluate(_AXE)
    keuze: dict[str, Any] = {"resultTypes": ["violations"]} | ({"runOnly": list(regels)} if regels else {})
    gevonden = await scherm.evaluate(
        "async o => (await axe.run(document, o)).violations.map(v => [v.id, v.nodes[0].html.slice(0, 200)])", keuze
    )
    assert [(waar, *regel) for regel in gevonden] == []
    assert await scherm.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), waar
