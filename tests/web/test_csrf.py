"""Elk adres dat iets doet, weigert een formulier dat niet van hier komt; elke bladzijde heeft strenge kopregels."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from server.app import maak_app
from server.demo.inloggen import LEDEN
from server.demo.personen.yvonne import YVONNE
from server.settings import Settings
from server.veilig import CSP, VEILIG
from tests.databases import verse_settings
from tests.web.werkwereld import browser, log_in, wereld
from web.bladzijde import SJABLONEN

# Zonder cookie: hier valt met een gestolen bezoek niets te doen, of de vraag bewijst zich zelf.
ZONDER_COOKIE = {
    "/oauth/token": "bewijs van de app in de vraag",
    "/oauth/revoke": "bewijs van de app in de vraag",
    "/oauth/introspect": "bewijs van de app in de vraag",
    "/oauth/userinfo": "token in de kop",
    "/demo-inlog/token": "bewijs van de app in de vraag",
    "/inloggen/afmelden/{code}": "getekend door de inlogdienst (OpenID Connect Back-Channel Logout)",
}
# Vóór het inloggen is er geen sessie om een teken bij te bewaren: daar telt de herkomst (Fetch Metadata of Origin).
OP_HERKOMST = {"/inloggen", "/inloggen/bij"}
ONSCHULDIG = {
    "/weergave": "kiest alleen letters en kleuren in deze browser",
    "/demo-inlog/uit": "de inlogdienst van de demo: uitloggen met haar eigen id_token",
    "/sessie/bewaar": "antwoordt een script altijd hetzelfde; bewaart alleen met een ondertekend teken (test_bewaard)",
    "/demo-inlog/authorize": "de inlogdienst van de demo; wie inlogt wordt daarna hier gekoppeld aan state en nonce",
}
ZONDER_TEKEN = {
    "oauth/demo.html": "de inlogdienst van de demo",
    "oauth/uit_bij_dienst.html": "gaat naar de inlogdienst, met het id_token dat zij gaf",
}
AUTORISATIE = "/oauth/authorize"  # een app mag de bladzijde met POST openen; `besluit` zonder teken: test_authorize.py
in_een_lus = pytest.mark.asyncio(loop_scope="module")
VREEMD = {"origin": "https://kwaad.example", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}


def posts(routes: list[Any]) -> Iterator[str]:
    """Elk adres dat POST aanneemt, ook uit routers in routers."""
    for route in routes:
        router = getattr(route, "original_router", None)
        if router is not None:
            yield from posts(router.routes)
        elif "POST" in (getattr(route, "methods", None) or ()):
            yield route.path


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FastAPI]:
    with verse_settings("sqlite", tmp_path_factory.mktemp("csrf")) as settings:
        async with wereld(settings, (YVONNE,)) as app:
            yield app


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ingelogd(app: FastAPI) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """Van elke rol iemand die is ingelogd."""
    rollen = {p.rol: p.code for p in reversed(LEDEN) if p.rol != "houder"} | {"houder": "yvonne"}
    uit = {rol: await log_in(app, code) for rol, code in rollen.items()}
    yield uit
    for client in uit.values():
        await client.aclose()


@in_een_lus
async def test_elk_formulier_zonder_teken_van_deze_sessie_wordt_geweigerd(
    app: FastAPI, ingelogd: dict[str, httpx.AsyncClient]
) -> None:
    """Met het cookie van de sessie en zonder haar teken, zoals een vreemde site het kan sturen."""
    fout: dict[str, object] = {}
    for pad in sorted(set(posts(app.routes)) - set(ZONDER_COOKIE) - set(OP_HERKOMST) - set(ONSCHULDIG) - {AUTORISATIE}):
        uitslag = {}
        for rol, client in ingelogd.items():
            for velden in ({}, {"csrf": "verkeerd"}):
                antwoord = await client.post(re.sub(r"\{[^}]+\}", "x", pad), data={"x": "y", **velden}, headers=VREEMD)
                uitslag[rol, len(velden)] = antwoord.status_code
        if 403 not in uitslag.values() or not set(uitslag.values()) <= {403, 404}:
            fout[pad] = uitslag
    assert not fout


@in_een_lus
@pytest.mark.parametrize("pad", sorted(OP_HERKOMST))
async def test_voor_het_inloggen_telt_de_herkomst(app: FastAPI, pad: str) -> None:
    async with browser(app) as client:
        velden = {"persoon": "yvonne", "aanbieder": "demo"}
        for koppen in (VREEMD, {"origin": "https://kwaad.example"}, {"sec-fetch-site": "same-site"}):
            antwoord = await client.post(pad, data=velden, headers=koppen)
            assert antwoord.status_code == 403, koppen
            assert "set-cookie" not in antwoord.headers


@in_een_lus
async def test_wie_uitgelogd_is_doet_met_geen_formulier_iets(app: FastAPI) -> None:
    async with browser(app) as client:
        anders = set(ZONDER_COOKIE) | set(OP_HERKOMST) | set(ONSCHULDIG) | {AUTORISATIE}
        for pad in sorted(set(posts(app.routes)) - anders):
            antwoord = await client.post(re.sub(r"\{[^}]+\}", "x", pad), data={"x": "y"}, headers=VREEMD)
            naar = antwoord.headers.get("location", "")
            assert antwoord.status_code in (401, 403, 404) or naar.startswith("/inloggen"), (pad, antwoord.status_code)


@in_een_lus
async def test_elke_bladzijde_en_elk_antwoord_heeft_de_kopregels(
    app: FastAPI, ingelogd: dict[str, httpx.AsyncClient]
) -> None:
    houder = ingelogd["houder"]
    for pad in ("/", "/delen", "/wie-keek-mee", "/inloggen", "/bestaat-niet", "/docs", "/oauth/authorize"):
        antwoord = await houder.get(pad)
        assert antwoord.headers["content-security-policy"] == CSP, pad
        assert antwoord.headers["cache-control"] == "no-store", pad
    for pad in ("/", "/static/stijl.css", "/fhir/metadata", "/fhir/Patient/x", "/oauth/jwks", "/healthz", "/weg"):
        koppen = (await houder.get(pad)).headers
        for naam, waarde in VEILIG:
            if naam != b"referrer-policy":  # inloggen stuurt same-origin, zodat de browser Origin meestuurt
                assert koppen[naam.decode()] == waarde.decode(), (pad, naam)
        assert "server" not in koppen and "x-powered-by" not in koppen


def test_de_regels_voor_inhoud_laten_niets_van_buiten_of_uit_de_bladzijde_toe() -> None:
    regels = dict(deel.split(" ", 1) for deel in CSP.split("; "))
    assert (
        regels["default-src"] == "'none'" and regels["base-uri"] == "'none'" and regels["frame-ancestors"] == "'none'"
    )
    assert regels["form-action"] == "'self'" and regels["script-src"] == "'self'" and regels["style-src"] == "'self'"
    assert "unsafe" not in CSP and "*" not in CSP and "http" not in CSP


@pytest.mark.parametrize("sjabloon", sorted(p.relative_to(SJABLONEN).as_posix() for p in SJABLONEN.rglob("*.html")))
def test_geen_sjabloon_heeft_script_of_stijl_in_de_bladzijde(sjabloon: str) -> None:
    tekst = (SJABLONEN / sjabloon).read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", tekst)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', tekst), "niets van buiten"
    for formulier in re.findall(r'<form[^>]*method="post".*?</form>', tekst, re.S):
        veilig = "csrf" in formulier or re.search(r'action="/(inloggen|inloggen/bij|weergave)"', formulier)
        assert veilig or sjabloon in ZONDER_TEKEN, "een formulier zonder teken"


async def test_met_https_is_er_hsts_en_een_cookie_dat_alleen_van_hier_komt(settings: Settings) -> None:
    app = await maak_app(replace(settings, base_url="https://paspoort.example"))
    try:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="https://paspoort.example"
        ) as client:
            antwoord = await client.get("/inloggen")
            assert antwoord.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
    finally:
        await app.state.opslag.sluit()


async def test_een_onverwachte_fout_toont_een_nummer_en_geen_gegevens(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = await maak_app(settings)

    async def stuk(*_: object, **__: object) -> None:
        raise RuntimeError("Yvonne de Wit 999911120 SELECT * FROM versie")

    monkeypatch.setattr(type(app.state.opslag.db), "rij", stuk)
    monkeypatch.setattr(type(app.state.opslag.db), "rijen", stuk)
    async with browser(app) as client:
        client.cookies.set("hmp", "een-teken")
        for pad in ("/", "/wie-keek-mee", "/inloggen", "/fhir/Patient/x", "/oauth/jwks", "/readyz"):
            antwoord = await client.get(pad, headers={"authorization": "Bearer x"})
            assert antwoord.status_code == 500, pad
            for geheim in ("Yvonne", "999911120", "SELECT", "RuntimeError", "Traceback", ".py"):
                assert geheim not in antwoord.text, (pad, geheim)
            assert re.search(r"nummer [0-9a-f]{8}", antwoord.text), pad
    assert "Yvonne" not in caplog.text and "999911120" not in caplog.text
    assert re.search(r"onverwacht [0-9a-f]{8}", caplog.text), "het nummer staat in ons log, met de plek en zonder tekst"
    monkeypatch.undo()
    await app.state.opslag.sluit()
