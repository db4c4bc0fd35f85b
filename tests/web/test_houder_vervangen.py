"""Vervangen in drie stappen: niets over gezondheid, één transactie, twee keer drukken is één vraag, en stoppen."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from paspoort.fhir.aanvraag import behandeling_uit_fhir, verzoek_uit_fhir
from paspoort.fhir.toestemming import uit_fhir
from paspoort.fhir.vragenlijst import antwoorden
from paspoort.toestemming import Toestemming
from server.demo.personen.yvonne import YVONNE
from server.demo.register import LINDEWAARD
from server.settings import Settings
from tests.web.houderwereld import PASPOORTEN, gebruik_van, resources, stuur, volg
from tests.web.werkwereld import log_in, wereld

ROLSTOEL = "elektrische rolstoel"


@pytest_asyncio.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    async with wereld(settings, PASPOORTEN) as app:
        yield app


@pytest_asyncio.fixture
async def yvonne(app: FastAPI) -> httpx.AsyncClient:
    return await log_in(app, "yvonne")


@pytest_asyncio.fixture
async def pad(app: FastAPI) -> str:
    return f"/vervangen/{await gebruik_van(app, YVONNE.patient, ROLSTOEL)}"


async def tot_controle(yvonne: httpx.AsyncClient, pad: str) -> httpx.Response:
    """Ongewijzigd, en zij mogen meelezen."""
    twee = await volg(yvonne, await stuur(yvonne, pad, {"soort": "ongewijzigd"}))
    assert "Mogen zij meelezen?" in twee.text
    return await volg(yvonne, await stuur(yvonne, f"{pad}/delen", {"toestemming": "ja"}))


async def bij_het_verzoek(app: FastAPI) -> dict[str | None, Toestemming]:
    """De toestemmingen die bij een vraag gegeven zijn, per doel."""
    alle = [uit_fhir(r) for r in await resources(app, YVONNE.patient, "Consent")]
    return {t.doel: t for t in alle if t.gegeven_via == "verzoek"}


async def test_niets_veranderd_vraagt_niets_meer(yvonne: httpx.AsyncClient, pad: str) -> None:
    twee = await volg(yvonne, await stuur(yvonne, pad, {"soort": "ongewijzigd"}))
    invoer = re.findall(r"<(?:input|textarea|select)[^>]*>", twee.text)
    assert all('type="hidden"' in i for i in invoer)
    assert "geen vragen over uw gezondheid" in twee.text


async def test_de_derde_stap_toont_de_verwachte_weg_en_belooft_niets(yvonne: httpx.AsyncClient, pad: str) -> None:
    drie = await tot_controle(yvonne, pad)
    assert "waarschijnlijk meteen doorzetten" in drie.text
    assert "Dit is een verwachting" in drie.text
    assert re.search(r"\d+ vragen stellen wij niet", drie.text)
    assert "Er is nog niets verstuurd" in drie.text


async def test_versturen_is_een_transactie(app: FastAPI, yvonne: httpx.AsyncClient, pad: str) -> None:
    vooraf = {t: len(await resources(app, YVONNE.patient, t)) for t in ("DeviceRequest", "Task", "Consent")}
    await tot_controle(yvonne, pad)
    na = await volg(yvonne, await stuur(yvonne, f"{pad}/controle", {}))
    assert "Uw vraag is verstuurd" in na.text
    erbij = {t: len(await resources(app, YVONNE.patient, t)) - n for t, n in vooraf.items()}
    assert erbij == {"DeviceRequest": 1, "Task": 1, "Consent": 2}

    vragen = [r for r in await resources(app, YVONNE.patient, "DeviceRequest") if r["intent"] == "proposal"]
    inhoud = max(vragen, key=lambda r: r["meta"]["lastUpdated"])
    vraag = verzoek_uit_fhir(inhoud)
    assert vraag.wijziging == "ongewijzigd"
    assert vraag.betreft == f"DeviceUseStatement/{pad.split('/')[2]}"
    formulier = next(
        r
        for r in await resources(app, YVONNE.patient, "QuestionnaireResponse")
        if f"QuestionnaireResponse/{r['id']}" in vraag.formulieren
    )
    assert formulier["status"] == "completed" and antwoorden(formulier).een("soort") == "ongewijzigd"
    taak = next(
        b
        for r in await resources(app, YVONNE.patient, "Task")
        if (b := behandeling_uit_fhir(r)).verzoek == vraag.verwijzing
    )
    assert (taak.doel, taak.eigenaar) == ("herhaalverzoek", f"Organization/{LINDEWAARD}")
    per_doel = await bij_het_verzoek(app)
    assert per_doel["herhaalverzoek"].status == "active"
    assert "gezondheid" not in per_doel["herhaalverzoek"].groepen
    assert per_doel["levering"].status == "proposed" and per_doel["levering"].betreft


async def test_twee_keer_drukken_is_een_vraag(app: FastAPI, yvonne: httpx.AsyncClient, pad: str) -> None:
    drie = await tot_controle(yvonne, pad)
    teken = re.search(r'name="csrf" value="([^"]+)"', drie.text)
    assert teken
    vooraf = len(await resources(app, YVONNE.patient, "Task"))
    eerste = await yvonne.post(f"{pad}/controle", data={"csrf": teken[1]})
    tweede = await yvonne.post(f"{pad}/controle", data={"csrf": teken[1]})
    assert "/aanvraag/" in eerste.headers["location"]
    assert tweede.headers["location"] == pad
    assert (await yvonne.get(pad)).headers["location"] == eerste.headers["location"].partition("?")[0]
    assert len(await resources(app, YVONNE.patient, "Task")) == vooraf + 1


@pytest.mark.parametrize("stap", ["/wat", "/delen", "/anders", "/controle"])
async def test_een_stap_overslaan_kan_niet(yvonne: httpx.AsyncClient, pad: str, stap: str) -> None:
    antwoord = await yvonne.get(f"{pad}{stap}")
    assert antwoord.status_code == 303 and antwoord.headers["location"] == pad


@pytest.mark.parametrize("soort", ["", "nieuw", "ONGEWIJZIGD", "ongewijzigd,veranderd", "💥"])
async def test_een_antwoord_dat_niet_bestaat_wijst_naar_het_veld(
    yvonne: httpx.AsyncClient, pad: str, soort: str
) -> None:
    antwoord = await stuur(yvonne, pad, {"soort": soort})
    assert antwoord.status_code == 422 and 'href="#soort"' in antwoord.text and 'id="soort"' in antwoord.text


async def test_wat_er_veranderd_is_moet_gekozen_en_getypt_blijft_staan(yvonne: httpx.AsyncClient, pad: str) -> None:
    await stuur(yvonne, pad, {"soort": "veranderd"})
    lang = "Ik groei & word <sterker>. " * 100
    antwoord = await stuur(yvonne, f"{pad}/wat", {"verandering": "raad", "reden": lang})
    assert antwoord.status_code == 422
    assert 'href="#verandering"' in antwoord.text and 'href="#reden"' in antwoord.text
    assert "Ik groei &amp; word &lt;sterker&gt;" in antwoord.text


async def test_veranderd_leest_de_gemeente_om_te_onderzoeken(app: FastAPI, yvonne: httpx.AsyncClient, pad: str) -> None:
    await stuur(yvonne, pad, {"soort": "veranderd"})
    twee = await volg(
        yvonne, await stuur(yvonne, f"{pad}/wat", {"verandering": ["maat", "gebruik"], "reden": "Hij knelt."})
    )
    assert "Diagnoses en prognose" in twee.text
    drie = await volg(yvonne, await stuur(yvonne, f"{pad}/delen", {"toestemming": "ja"}))
    assert "Het past niet meer" in drie.text and "Hij knelt." in drie.text
    await stuur(yvonne, f"{pad}/controle", {})
    assert "onderzoek" in await bij_het_verzoek(app)


async def test_terug_en_verder_houdt_wat_gekozen_was(yvonne: httpx.AsyncClient, pad: str) -> None:
    await stuur(yvonne, pad, {"soort": "veranderd"})
    await stuur(yvonne, f"{pad}/wat", {"verandering": "woning", "reden": "Wij verhuisden.", "aanpassing": "ja"})
    terug = await yvonne.get(f"{pad}/wat")
    assert re.search(r'value="woning"[^>]* checked', terug.text) and "Wij verhuisden." in terug.text


async def test_anders_kiezen_haalt_weg_wat_zij_weglaat(app: FastAPI, yvonne: httpx.AsyncClient, pad: str) -> None:
    await stuur(yvonne, pad, {"soort": "ongewijzigd"})
    anders = await volg(yvonne, await stuur(yvonne, f"{pad}/delen", {"toestemming": "anders"}))
    v, lev = (re.findall(rf'name="{n}" value="(\w+)"', anders.text) for n in ("verstrekker", "leverancier"))
    zonder = await stuur(yvonne, f"{pad}/anders", {"verstrekker": ["contact"], "leverancier": lev})
    assert zonder.status_code == 422 and 'href="#verstrekker"' in zonder.text
    goed = {"verstrekker": [g for g in v if g != "bsn"], "leverancier": [g for g in lev if g != "omgeving"]}
    assert (await stuur(yvonne, f"{pad}/anders", goed)).headers["location"].endswith("/controle")
    await stuur(yvonne, f"{pad}/controle", {})
    per_doel = await bij_het_verzoek(app)
    assert "bsn" not in per_doel["herhaalverzoek"].groepen
    assert "omgeving" not in per_doel["levering"].groepen


async def test_een_vraag_stoppen_zolang_niemand_besloot(app: FastAPI, yvonne: httpx.AsyncClient, pad: str) -> None:
    await tot_controle(yvonne, pad)
    adres = (await stuur(yvonne, f"{pad}/controle", {})).headers["location"].partition("?")[0]
    na = await volg(yvonne, await stuur(yvonne, adres, {}))
    assert "Uw vraag is gestopt" in na.text
    taken = [behandeling_uit_fhir(r) for r in await resources(app, YVONNE.patient, "Task")]
    taak = next(t for t in taken if (t.verzoek or "").endswith(adres.split("/")[-1]))
    assert not taak.open


async def test_andermans_hulpmiddel_en_vraag_zijn_er_niet(app: FastAPI, yvonne: httpx.AsyncClient, pad: str) -> None:
    await tot_controle(yvonne, pad)
    adres = (await stuur(yvonne, f"{pad}/controle", {})).headers["location"]
    gerda = await log_in(app, "gerda")
    for vreemd in (pad, f"{pad}/delen", f"{pad}/controle", adres):
        assert (await gerda.get(vreemd)).status_code == 404
