"""Een uitnodiging aannemen: met de code of met de link, precies één keer, en nog zonder iets te lezen."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from fastapi import FastAPI

from server.demo.personen.yvonne import YVONNE
from server.settings import Settings
from server.store.invitations import AANGENOMEN, OPEN, met_id, nodig_uit
from tests.web.werkwereld import browser, csrf, log_in, wereld
from web.uitnodiging import Aanbod, gast_uit


@pytest_asyncio.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    async with wereld(settings, (YVONNE,)) as gevuld:
        yield gevuld


async def _uitnodiging(app: FastAPI, seconden: int = 600, rol: str = "therapeut") -> tuple[str, str, str]:
    nu = int(time.time())
    aanbod = Aanbod("advies" if rol == "therapeut" else "herhaalverzoek", rol, "Yvonne Verbeek")
    uit = await nodig_uit(app.state.opslag, YVONNE.patient, aanbod.als_gegevens(), nu, nu + seconden)
    return uit[0].id, uit[1], uit[2]


async def test_met_de_code_is_zij_aangenomen_en_ziet_de_houder_wie_het_is(app: FastAPI) -> None:
    id_, _, code = await _uitnodiging(app)
    client = await log_in(app, "nienke")
    token = csrf((await client.get("/code")).text)
    antwoord = await client.post("/code", data={"csrf": token, "code": f"{code[:3]} {code[3:]}"})
    assert (antwoord.status_code, antwoord.headers["location"]) == (303, "/uitnodiging/wacht")
    uitnodiging = await met_id(app.state.opslag, id_)
    assert uitnodiging is not None and uitnodiging.stand == AANGENOMEN
    gast = gast_uit(uitnodiging.aangenomen_door)
    assert gast is not None and (gast.naam, gast.organisatienaam) == ("Nienke Postma", "De Vlierhof")
    assert "Is dit Nienke Postma, De Vlierhof?" in (await client.get("/uitnodiging/wacht")).text
    # de houder zei nog geen ja
    assert (await client.get(f"/client/{YVONNE.patient}")).status_code == 404


async def test_met_de_link_staat_het_token_in_geen_adres(app: FastAPI) -> None:
    id_, token, _ = await _uitnodiging(app)
    client = await log_in(app, "nienke")
    bladzijde = (await client.get("/uitnodiging")).text
    assert 'action="/uitnodiging"' in bladzijde and token not in bladzijde
    antwoord = await client.post("/uitnodiging", data={"csrf": csrf(bladzijde), "token": token})
    assert antwoord.headers["location"] == "/uitnodiging/wacht"
    uitnodiging = await met_id(app.state.opslag, id_)
    assert uitnodiging is not None and uitnodiging.stand == AANGENOMEN


async def test_wie_niet_is_ingelogd_logt_eerst_in_en_komt_terug(app: FastAPI) -> None:
    html = (await browser(app).get("/uitnodiging")).text
    assert 'href="/inloggen?volgende=/uitnodiging"' in html and "<form" not in html


async def test_een_uitnodiging_is_voor_een_persoon(app: FastAPI) -> None:
    _, token, _ = await _uitnodiging(app)
    antwoorden = []
    for wie in ("nienke", "adelien"):
        client = await log_in(app, wie)
        data = {"csrf": csrf((await client.get("/uitnodiging")).text), "token": token}
        antwoorden.append(await client.post("/uitnodiging", data=data))
    assert [a.status_code for a in antwoorden] == [303, 422]
    assert "Deze link werkt niet meer." in antwoorden[1].text


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "1234567", "000 000 0"])
async def test_een_code_heeft_zes_cijfers(app: FastAPI, code: str) -> None:
    client = await log_in(app, "nienke")
    antwoord = await client.post("/code", data={"csrf": csrf((await client.get("/code")).text), "code": code})
    assert antwoord.status_code == 422 and "Een code heeft 6 cijfers" in antwoord.text
    assert 'href="#code"' in antwoord.text


async def test_een_verlopen_code_en_een_onbekende_code_geven_hetzelfde(app: FastAPI) -> None:
    _, _, code = await _uitnodiging(app, seconden=-1)
    client = await log_in(app, "nienke")
    token = csrf((await client.get("/code")).text)
    verlopen = await client.post("/code", data={"csrf": token, "code": code})
    onbekend = await client.post("/code", data={"csrf": token, "code": f"{(int(code) + 1) % 10**6:06d}"})
    assert verlopen.status_code == onbekend.status_code == 422
    assert all("Deze code is er niet, of hij is verlopen." in a.text for a in (verlopen, onbekend))


async def test_na_vijf_verkeerde_codes_is_ook_de_goede_even_niet_goed(app: FastAPI) -> None:
    id_, _, code = await _uitnodiging(app)
    client = await log_in(app, "nienke")
    token = csrf((await client.get("/code")).text)
    fout = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(5):
        await client.post("/code", data={"csrf": token, "code": fout})
    antwoord = await client.post("/code", data={"csrf": token, "code": code})
    assert antwoord.status_code == 429 and "Wacht tien minuten" in antwoord.text
    uitnodiging = await met_id(app.state.opslag, id_)
    assert uitnodiging is not None and uitnodiging.stand == OPEN


async def test_een_uitnodiging_voor_een_andere_rol_blijft_open(app: FastAPI) -> None:
    id_, _, code = await _uitnodiging(app, rol="verstrekker")
    client = await log_in(app, "nienke")
    antwoord = await client.post("/code", data={"csrf": csrf((await client.get("/code")).text), "code": code})
    assert antwoord.status_code == 422 and "is voor een consulent" in antwoord.text
    uitnodiging = await met_id(app.state.opslag, id_)
    assert uitnodiging is not None and uitnodiging.stand == OPEN


async def test_de_houder_neemt_haar_eigen_uitnodiging_niet_aan(app: FastAPI) -> None:
    client = await log_in(app, "yvonne")
    assert (await client.get("/code")).status_code == 404
    assert (await client.get("/uitnodiging")).headers["location"] == "/"
