"""Een adres dat er niet is: voor een mens een bladzijde, voor een programma wat zijn protocol voorschrijft."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from server.app import maak_app
from server.settings import Settings


@pytest_asyncio.fixture
async def browser(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = await maak_app(settings)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        yield client
    await app.state.opslag.sluit()


@pytest.mark.parametrize("pad", ["/bestaat-niet", "/hulpmiddel", "/<b>", "/..%2f", "/fhirachtig"])
async def test_een_mens_krijgt_een_bladzijde(browser: httpx.AsyncClient, pad: str) -> None:
    antwoord = await browser.get(pad)
    assert antwoord.status_code == 404
    assert antwoord.headers["content-type"].startswith("text/html")
    assert "Deze bladzijde is er niet" in antwoord.text
    assert "content-security-policy" in antwoord.headers
    assert "<b>" not in antwoord.text


async def test_een_verkeerde_methode_is_ook_een_bladzijde_en_zegt_wat_wel_kan(browser: httpx.AsyncClient) -> None:
    antwoord = await browser.delete("/inloggen")
    assert antwoord.status_code == 405
    assert antwoord.headers["allow"]
    assert "Dat kan hier niet" in antwoord.text


@pytest.mark.parametrize("pad", ["/fhir/Bestaatniet", "/oauth/bestaat-niet", "/static/bestaat-niet.css"])
async def test_een_programma_krijgt_geen_bladzijde(browser: httpx.AsyncClient, pad: str) -> None:
    antwoord = await browser.get(pad)
    assert antwoord.status_code in (401, 404)
    assert not antwoord.headers["content-type"].startswith("text/html")
