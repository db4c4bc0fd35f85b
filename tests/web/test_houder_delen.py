"""Delen door de bladzijden: niemand leest voor het ja van de houder, daarna precies dat, en na stoppen niets meer."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from server.demo.personen.gerda import GERDA
from server.demo.personen.yvonne import YVONNE
from server.demo.register import LINDEWAARD, NIENKE, VLIERHOF
from server.settings import Settings
from server.store.invitations import met_code, met_token, neem_aan
from tests.web.houderwereld import PASPOORTEN, resources, stuur, volg
from tests.web.werkwereld import browser, dien_in, log_in, wereld
from web.uitnodiging import Gast

FUNCTIE = NIENKE.partition("/")[2]
GAST = Gast("Nienke Postma", "therapeut", FUNCTIE, VLIERHOF, "De Vlierhof", "link")


@pytest_asyncio.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    async with wereld(settings, PASPOORTEN) as app:
        yield app


async def maak_code(yvonne: httpx.AsyncClient, wat: str = "advies", **velden: object) -> tuple[str, str, str]:
    """(adres van de uitnodiging, token, cijfers)."""
    antwoord = await stuur(yvonne, f"/delen/nieuw/{wat}", velden)
    bladzijde = await volg(yvonne, antwoord)
    token = re.search(r"/uitnodiging#([\w-]+)", bladzijde.text)
    cijfers = re.search(r'hmp-code">([\d ]+)<', bladzijde.text)
    assert token and cijfers
    return antwoord.headers["location"], token[1], cijfers[1].replace(" ", "")


async def neem(app: FastAPI, cijfers: str, gast: Gast = GAST) -> None:
    nu = int(time.time())
    u = await met_code(app.state.opslag, cijfers, "test", nu)
    assert u is not None and await neem_aan(app.state.opslag, u.id, gast.als_gegevens(), nu)


@pytest.mark.parametrize("pad", ["/", "/hulpmiddelen", "/delen", "/delen/nieuw", "/wie-keek-mee", "/meer", "/papier"])
async def test_anoniem_gaat_naar_het_inloggen(app: FastAPI, pad: str) -> None:
    antwoord = await browser(app).get(pad)
    assert antwoord.status_code == 303
    assert antwoord.headers["location"].startswith("/inloggen")


@pytest.mark.parametrize("pad", ["/delen", "/hulpmiddelen", "/wie-keek-mee", "/papier/nieuw/besluit"])
async def test_een_professional_vindt_de_bladzijden_van_de_houder_niet(app: FastAPI, pad: str) -> None:
    assert (await (await log_in(app, "nienke")).get(pad)).status_code == 404


async def test_qr_link_en_cijfers_zijn_een_uitnodiging(app: FastAPI) -> None:
    yvonne = await log_in(app, "yvonne")
    adres, token, cijfers = await maak_code(yvonne)
    nu = int(time.time())
    via_token = await met_token(app.state.opslag, token, nu)
    via_code = await met_code(app.state.opslag, cijfers, "test", nu)
    assert via_token is not None and via_code is not None and via_token.id == via_code.id == adres.split("/")[-1]
    assert token not in adres


async def test_pas_na_haar_ja_is_er_een_toestemming(app: FastAPI) -> None:
    yvonne = await log_in(app, "yvonne")
    adres, _, cijfers = await maak_code(yvonne)
    vooraf = len(await resources(app, YVONNE.patient, "Consent"))
    await neem(app, cijfers)
    bladzijde = await yvonne.get(adres)
    assert "Is dit Nienke Postma?" in bladzijde.text
    assert len(await resources(app, YVONNE.patient, "Consent")) == vooraf
    kaart = await volg(yvonne, await stuur(yvonne, adres, {"besluit": "ja"}))
    assert "Nienke Postma" in kaart.text
    nieuw = [c for c in await resources(app, YVONNE.patient, "Consent") if c["status"] == "active"]
    aan = [a["reference"]["reference"] for c in nieuw for a in c["provision"]["actor"]]
    assert NIENKE in aan
    assert "stuurde een link" in kaart.text and "cijfers voor" not in kaart.text
    terug = await yvonne.get(adres)
    assert terug.status_code == 303 and terug.headers["location"] == "/delen", "zij leest: niet zeggen van niet"


async def test_twee_keer_ja_geeft_een_toestemming(app: FastAPI) -> None:
    yvonne = await log_in(app, "yvonne")
    adres, _, cijfers = await maak_code(yvonne)
    await neem(app, cijfers)
    teken = re.search(r'name="csrf" value="([^"]+)"', (await yvonne.get(adres)).text)
    assert teken
    vooraf = len(await resources(app, YVONNE.patient, "Consent"))
    for _ in range(2):
        await yvonne.post(adres, data={"csrf": teken[1], "besluit": "ja"})
    assert len(await resources(app, YVONNE.patient, "Consent")) == vooraf + 1


async def test_nee_laat_de_uitnodiging_vervallen(app: FastAPI) -> None:
    yvonne = await log_in(app, "yvonne")
    adres, token, cijfers = await maak_code(yvonne)
    await neem(app, cijfers)
    vooraf = len(await resources(app, YVONNE.patient, "Consent"))
    assert (await stuur(yvonne, adres, {"besluit": "nee"})).headers["location"] == "/delen"
    assert len(await resources(app, YVONNE.patient, "Consent")) == vooraf
    assert "werkt niet meer" in (await yvonne.get(adres)).text
    assert token not in (await yvonne.get(adres)).text


async def test_een_nieuwe_code_maakt_de_oude_onbruikbaar(app: FastAPI) -> None:
    yvonne = await log_in(app, "yvonne")
    adres, _, cijfers = await maak_code(yvonne)
    nieuw = await stuur(yvonne, adres, {"besluit": "opnieuw"})
    assert nieuw.headers["location"] != adres
    assert await met_code(app.state.opslag, cijfers, "test", int(time.time())) is None


async def test_de_uitnodiging_van_een_ander_bestaat_niet(app: FastAPI) -> None:
    adres, _, _ = await maak_code(await log_in(app, "yvonne"))
    gerda = await log_in(app, "gerda")
    assert (await gerda.get(adres)).status_code == 404
    assert "Gerda" in (await gerda.get("/")).text


async def test_wat_zij_weglaat_staat_niet_in_de_toestemming_en_niet_in_het_voorbeeld(app: FastAPI) -> None:
    yvonne = await log_in(app, "yvonne")
    vol = await yvonne.get("/delen/nieuw/advies")
    assert "Spinale musculaire atrofie" in vol.text
    over = [g for g in re.findall(r'name="groep" value="(\w+)"', vol.text) if g not in ("gezondheid", "plan")]
    adres, _, cijfers = await maak_code(yvonne, groepen="ja", groep=over)
    assert "Spinale musculaire atrofie" not in (await yvonne.get(adres)).text
    await neem(app, cijfers)
    await stuur(yvonne, adres, {"besluit": "ja"})
    nieuw = max(await resources(app, YVONNE.patient, "Consent"), key=lambda c: c["meta"]["lastUpdated"])
    groepen = {c["code"] for c in nieuw["provision"]["securityLabel"]}
    assert groepen == set(over)


async def test_een_reparatie_zonder_hulpmiddel_en_alles_weglaten_kan_niet(app: FastAPI) -> None:
    yvonne = await log_in(app, "yvonne")
    zonder = await stuur(yvonne, "/delen/nieuw/reparatie", {})
    assert zonder.status_code == 422 and "Kies voor welk hulpmiddel het is" in zonder.text
    leeg = await stuur(yvonne, "/delen/nieuw/advies", {"groepen": "ja"})
    assert leeg.status_code == 422 and "Laat minstens één ding lezen" in leeg.text


@pytest.mark.parametrize("keuze", ["", "alles", "advies'--", "../../", "0"])
async def test_een_keuze_die_er_niet_is_wijst_naar_het_veld(app: FastAPI, keuze: str) -> None:
    yvonne = await log_in(app, "yvonne")
    antwoord = await stuur(yvonne, "/delen/nieuw", {"met": keuze})
    assert antwoord.status_code == 422
    assert 'href="#met"' in antwoord.text and 'id="met"' in antwoord.text


async def test_een_formulier_zonder_goed_teken_doet_niets(app: FastAPI) -> None:
    yvonne = await log_in(app, "yvonne")
    toestemming = next(c for c in await resources(app, YVONNE.patient, "Consent") if c["status"] == "active")
    pad = f"/delen/toestemming/{toestemming['id']}"
    for teken in ("", "raad", "é", "x" * 9000):
        assert (await yvonne.post(pad, data={"csrf": teken})).status_code == 403
    na = next(c for c in await resources(app, YVONNE.patient, "Consent") if c["id"] == toestemming["id"])
    assert na["status"] == "active"


async def test_stoppen_zegt_vooraf_wat_doorgaat_en_werkt_meteen(app: FastAPI) -> None:
    await dien_in(app, YVONNE.patient)
    yvonne = await log_in(app, "yvonne")
    gemeente = next(
        c
        for c in await resources(app, YVONNE.patient, "Consent")
        if c["status"] == "active" and LINDEWAARD in str(c["provision"]["actor"])
    )
    pad = f"/delen/toestemming/{gemeente['id']}"
    assert "Dit gaat door als u stopt" in (await yvonne.get(pad)).text
    na = await volg(yvonne, await stuur(yvonne, pad, {}))
    assert "Gestopt." in na.text and "loopt door" in na.text
    assert next(c for c in await resources(app, YVONNE.patient, "Consent") if c["id"] == gemeente["id"])["status"] == (
        "inactive"
    )


async def test_andermans_toestemming_is_er_niet(app: FastAPI) -> None:
    toestemming = (await resources(app, YVONNE.patient, "Consent"))[0]
    gerda = await log_in(app, "gerda")
    pad = f"/delen/toestemming/{toestemming['id']}"
    assert (await gerda.get(pad)).status_code == 404
    teken = re.search(r'name="csrf" value="([^"]+)"', (await gerda.get("/delen")).text)
    assert teken and (await gerda.post(pad, data={"csrf": teken[1]})).status_code == 404
    assert GERDA.patient != YVONNE.patient
