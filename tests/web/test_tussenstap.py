"""Naar een app of inlogdienst gaat een browser over een eigen bladzijde; een programma krijgt de gewone 303."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response

from server.settings import Settings
from web.tussenstap import Tussenstap

VENSTER = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "same-origin"}
APP = "https://app.example/terug?code=a%22b&state=1"


@pytest.fixture
def client(settings: Settings) -> httpx.AsyncClient:
    app = FastAPI()

    @app.post("/naar")
    async def naar(adres: str) -> Response:
        antwoord = RedirectResponse(adres, 303, headers={"Cache-Control": "no-store"})
        antwoord.set_cookie("sessie", "x")
        return antwoord

    return httpx.AsyncClient(transport=httpx.ASGITransport(app=Tussenstap(app, settings)), base_url="http://test")


async def test_een_formulier_van_een_browser_komt_op_een_eigen_bladzijde_die_verder_gaat(
    client: httpx.AsyncClient,
) -> None:
    antwoord = await client.post("/naar", params={"adres": APP}, headers=VENSTER)
    assert antwoord.status_code == 200 and "location" not in antwoord.headers
    assert (
        '<meta http-equiv="refresh" content="0;url=https://app.example/terug?code=a%22b&amp;state=1">' in antwoord.text
    )
    assert "U gaat naar app.example." in antwoord.text and "<script" not in antwoord.text
    assert antwoord.headers["cache-control"] == "no-store" and "sessie=x" in antwoord.headers["set-cookie"]


@pytest.mark.parametrize(
    ("adres", "koppen"),
    [
        ("/inloggen/rol", VENSTER),
        ("http://test/inloggen", VENSTER),
        (APP, {}),
        (APP, {**VENSTER, "sec-fetch-mode": "cors"}),
        (APP, {**VENSTER, "sec-fetch-dest": "iframe"}),
    ],
)
async def test_wat_binnen_blijft_of_geen_venster_is_krijgt_de_gewone_doorverwijzing(
    client: httpx.AsyncClient, adres: str, koppen: dict[str, str]
) -> None:
    antwoord = await client.post("/naar", params={"adres": adres}, headers=koppen)
    assert (antwoord.status_code, antwoord.headers["location"]) == (303, adres)


@pytest.mark.parametrize("adres", ["nl.app:/terug?code=1", "http://test:8443/terug", "https://test/terug"])
async def test_een_eigen_schema_of_een_andere_poort_is_elders(client: httpx.AsyncClient, adres: str) -> None:
    antwoord = await client.post("/naar", params={"adres": adres}, headers=VENSTER)
    assert antwoord.status_code == 200 and f"url={adres}" in antwoord.text
