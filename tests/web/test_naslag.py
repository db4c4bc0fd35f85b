"""Het naslagwerk onder /docs: elke definitie heeft een bladzijde, elke link komt ergens uit, niets is leeg.

Zonder inloggen en zonder browser; hoe het eruitziet staat in `test_naslag_browser.py`.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import httpx
import pytest_asyncio
from fastapi import FastAPI

from paspoort.fhir.stelsels import BASIS
from paspoort.fhir.validatie import Validator, definities
from server.app import maak_app
from server.settings import Settings
from web.naslag.bibliotheek import Bibliotheek, soort_van
from web.naslag.elementen import rijen
from web.naslag.voorbeelden import Voorbeelden
from web.naslag.woorden import SOORTEN

DEFINITIES = [d for d in definities() if soort_van(d) is not None]


@pytest_asyncio.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    app = await maak_app(settings)
    yield app
    await app.state.opslag.sluit()


@pytest_asyncio.fixture
async def lezer(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Iemand zonder token, zonder cookie en zonder script."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        yield client


def adres_van(definitie: dict[str, str]) -> str:
    soort = soort_van(definitie)
    assert soort is not None
    return f"/docs/{soort.sleutel}/{definitie['id']}"


async def test_elke_definitie_heeft_een_bladzijde_en_elke_link_komt_ergens_uit(lezer: httpx.AsyncClient) -> None:
    bladzijden: dict[str, str] = {}
    wachten = ["/docs", *map(adres_van, DEFINITIES)]
    links: set[tuple[str, str]] = set()
    while wachten:
        adres = wachten.pop()
        if adres in bladzijden:
            continue
        antwoord = await lezer.get(adres, follow_redirects=True)
        assert antwoord.status_code == 200, adres
        bladzijden[adres] = antwoord.text
        for href in map(unescape, re.findall(r'href="([^"]*)"', antwoord.text)):
            links.add((adres, href))
            doel = urlsplit(urljoin(adres, href))
            if not doel.scheme and doel.path.startswith("/docs") and doel.path not in bladzijden:
                wachten.append(doel.path)
    ankers = {adres: set(re.findall(r'\sid="([^"]*)"', tekst)) for adres, tekst in bladzijden.items()}
    for adres, tekst in bladzijden.items():
        assert len(ankers[adres]) == len(re.findall(r'\sid="', tekst)), f"dubbel id op {adres}"
    elders = set()
    for adres, href in links:
        doel = urlsplit(urljoin(adres, href))
        if doel.scheme:
            assert doel.scheme in ("http", "https"), href
        elif doel.path in ankers:
            assert not doel.fragment or doel.fragment in ankers[doel.path], (adres, href)
        else:
            elders.add(doel.path + (f"?{doel.query}" if doel.query else ""))
    for pad in sorted(elders):
        assert (await lezer.get(pad)).status_code in (200, 302, 303), pad
    for definitie in DEFINITIES:  # iedere bladzijde zegt wat er staat, en waar het in FHIR heet
        tekst = unescape(bladzijden[adres_van(definitie)])
        assert definitie["url"] in tekst
        assert unescape(re.sub(r"<[^>]+>", "", tekst)).count(definitie["description"].replace("`", "")[:40]) >= 1


def test_elke_definitie_heeft_een_goed_en_een_fout_voorbeeld_met_wat_de_server_ervan_zegt(validator: Validator) -> None:
    voorbeelden = Voorbeelden(validator)
    mist = []
    for stuk in Bibliotheek(DEFINITIES).alle():
        gevonden = voorbeelden.van(stuk)
        goed, fout = [v for v in gevonden if v.goed], [v for v in gevonden if not v.goed]
        if len(goed) != 1 or len(fout) != 1 or goed[0].bevindingen or not fout[0].bevindingen:
            mist.append(f"{stuk.soort.sleutel}/{stuk.id}")
    assert mist == [], "zet {id}-goed.json en {id}-fout.json in fhir_profiles/examples (operaties: examples/operaties)"


def test_een_code_als_voorbeeld_zit_in_de_lijst_of_niet(validator: Validator) -> None:
    bibliotheek, voorbeelden = Bibliotheek(DEFINITIES), Voorbeelden(validator)
    for stuk in bibliotheek.per_soort["waardelijst"].values():
        lijst = validator.codes.lijst(stuk.url)
        assert lijst is not None
        goed, fout = (v.inhoud for v in voorbeelden.van(stuk))
        assert lijst.bevat(goed["system"], goed["code"]) != "eruit", stuk.id
        assert lijst.bevat(fout["system"], fout["code"]) == "eruit", stuk.id


def test_elk_element_heeft_een_betekenis() -> None:
    bibliotheek = Bibliotheek(DEFINITIES)
    leeg = [
        (stuk.id, rij.pad)
        for sleutel in ("profiel", "extensie")
        for stuk in bibliotheek.per_soort[sleutel].values()
        for rij in rijen(stuk.inhoud, bibliotheek)
        if not rij.betekenis.strip()
    ]
    assert leeg == []


async def test_een_adres_van_fhir_komt_bij_dezelfde_bladzijde(lezer: httpx.AsyncClient) -> None:
    openbaar = [d for d in DEFINITIES if d["resourceType"] != "Questionnaire"]  # een vragenlijst vraagt een token
    for definitie in openbaar[::20]:
        staart = definitie["url"].removeprefix(BASIS)
        antwoord = await lezer.get(f"/docs/{staart}")
        assert (antwoord.status_code, antwoord.headers["location"]) == (301, adres_van(definitie))
        resource = await lezer.get(f"/fhir/{staart}")
        assert resource.json()["url"] == definitie["url"]
    assert (await lezer.get("/docs/profiel/spoed")).headers["location"] == "/docs/extensie/spoed"
    assert (await lezer.get("/docs/ValueSet")).headers["location"] == "/docs/waardelijst"


async def test_wat_er_niet_is_is_een_bladzijde_die_dat_zegt(lezer: httpx.AsyncClient) -> None:
    for adres in (
        "/docs/profiel/bestaat-niet",
        "/docs/onzin",
        "/docs/onzin/x",
        "/docs/handleiding/...",
        "/docs/handleiding/x",
    ):
        antwoord = await lezer.get(adres)
        assert antwoord.status_code == 404, adres
        assert "Deze bladzijde is er niet" in antwoord.text


async def test_zoeken_vindt_op_titel_code_en_vraag_en_ontsnapt_wat_er_staat(lezer: httpx.AsyncClient) -> None:
    async def vind(tekst: str) -> str:
        return (await lezer.get("/docs", params={"q": tekst})).text

    assert "/docs/extensie/contractvorm" in await vind("contractvorm")
    assert "/docs/codestelsel/categorie" in await vind("scootmobiel")
    assert "/docs/vragenlijst/evaluatie" in await vind("Doet het hulpmiddel")
    assert "Niets past bij" in await vind("xyzzy")
    assert "<b>" not in (await vind("<b>x"))
    lijst = (await lezer.get("/docs/extensie", params={"q": "leverancier"})).text
    assert "/docs/extensie/leverancier" in lijst
    assert "/docs/extensie/spoed" not in lijst


async def test_er_is_geen_openapi_en_geen_swagger(lezer: httpx.AsyncClient) -> None:
    for adres in ("/openapi.json", "/redoc", "/docs/oauth2-redirect"):
        assert (await lezer.get(adres)).status_code == 404
    assert "swagger" not in (await lezer.get("/docs")).text.lower()


def test_elke_soort_heeft_een_uitleg_en_een_pictogram() -> None:
    assert all(s.uitleg.endswith(".") and s.icoon for s in SOORTEN.values())
