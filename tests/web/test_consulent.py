"""De consulent: de werkvoorraad, één verzoek op één bladzijde, één knop, en wat er gebeurt als het anders moet."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from fastapi import FastAPI

from server.access.actor import Actor
from server.demo.personen.gerda import GERDA
from server.demo.personen.yvonne import YVONNE
from server.demo.register import LINDEWAARD, NOORDERWIEL
from server.fhir.request import FhirRequest
from server.settings import Settings
from tests.conftest import Wereld
from tests.web.houderwereld import resources
from tests.web.werkwereld import browser, csrf, dien_in, laat_lezen, log_in, vraag, wereld
from web import consulent, therapeut

DIAGNOSE = "Spinale musculaire atrofie"
BSN = "999900006"
LEVERANCIER = Actor("app", "leverancier", "Systeem", organisatie=NOORDERWIEL, scopes=frozenset({"system/*.cruds"}))


@pytest_asyncio.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    async with wereld(settings, (YVONNE, GERDA)) as gevuld:
        yield gevuld


async def _intake(app: FastAPI) -> tuple[Any, str]:
    """Bianca bij het verzoek van Yvonne: (browser, adres)."""
    taak = await dien_in(app, YVONNE.patient)
    return await log_in(app, "bianca"), f"/intake/{taak}"


async def test_wie_niet_is_ingelogd_gaat_eerst_inloggen(app: FastAPI) -> None:
    antwoord = await browser(app).get("/werkvoorraad")
    assert (antwoord.status_code, antwoord.headers["location"]) == (303, "/inloggen?volgende=/werkvoorraad")


async def test_voor_een_ander_dan_de_consulent_is_de_werkvoorraad_er_niet(app: FastAPI) -> None:
    for wie in ("yvonne", "nienke", "arjan"):
        assert (await (await log_in(app, wie)).get("/werkvoorraad")).status_code == 404


async def test_andermans_verzoek_is_er_niet(app: FastAPI) -> None:
    _, adres = await _intake(app)
    assert (await (await log_in(app, "joost")).get(adres)).status_code == 404


async def test_de_werkvoorraad_toont_het_voorstel_en_de_termijn(app: FastAPI) -> None:
    client, adres = await _intake(app)
    html = (await client.get("/werkvoorraad")).text
    assert f'href="{adres}">Yvonne Verbeek' in html
    assert "Doorzetten" in html and "8 van 8 gronden" in html
    assert re.search(r"Nog \d+ werkdagen", html)


async def test_de_start_van_de_houder_noemt_wie_iets_zag_en_niet_wie_niets_vond(app: FastAPI) -> None:
    client, _ = await _intake(app)
    await client.get("/werkvoorraad")
    yvonne = await log_in(app, "yvonne")
    assert "Bianca Smit zocht, en vond niets." in (await yvonne.get("/wie-keek-mee")).text
    start = (await yvonne.get("/")).text
    assert "vond niets" not in start and "Bianca Smit zocht en bekeek" in start


async def _open_en_gesloten(app: FastAPI, gesloten: int) -> str:
    """Eerst gesloten behandelingen, daarna een open: de oudste wijziging is een gesloten."""
    voorbeeld = next(t for t in await resources(app, GERDA.patient, "Task") if "behandeling" in str(t["code"]))
    klaar = [{**voorbeeld, "id": f"klaar-{n}", "status": "completed"} for n in range(gesloten)]
    await Wereld(app.state.opslag).zet(GERDA.patient, *klaar)
    return (await _intake(app))[1]


async def test_wat_klaar_is_duwt_wat_nog_moet_niet_van_de_lijst(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consulent, "PER_VRAAG", 2)
    monkeypatch.setattr(consulent, "BLADZIJDEN", 1)
    adres = await _open_en_gesloten(app, 8)
    html = (await (await log_in(app, "bianca")).get("/werkvoorraad")).text
    assert adres in html and "Gerda Blom" in html and "Niet alles staat hier" not in html


async def test_past_niet_alles_op_de_lijst_dan_staat_dat_erbij(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consulent, "PER_VRAAG", 1)
    monkeypatch.setattr(consulent, "BLADZIJDEN", 1)
    monkeypatch.setattr(consulent, "CLIENTEN_HOOGSTENS", 0)
    await _intake(app)
    html = (await (await log_in(app, "bianca")).get("/werkvoorraad")).text
    assert "Niet alles staat hier" in html and "Bij 1 andere cliënt niet" in html


async def test_de_clientenlijst_bladert_en_toont_elk_een_keer(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(therapeut, "PER_BLADZIJDE", 1)
    for p in (YVONNE, GERDA):
        await laat_lezen(app, p.patient)
    nienke, adres, gezien = await log_in(app, "nienke"), "/clienten", []
    for _ in range(4):
        html = (await nienke.get(adres)).text
        gezien += re.findall(r'href="/client/[^"]+">([^<]+)', html)
        verder = re.search(r'href="(/clienten\?verder=[^"]+)"', html)
        if verder is None:
            break
        assert not any(p.patient in verder[1] for p in (YVONNE, GERDA))
        adres = verder[1]
    assert sorted(gezien) == ["Gerda Blom", "Yvonne Verbeek"] and "Naar het begin" in html
    assert (await nienke.get("/clienten?verder=zelfbedacht")).status_code == 400


async def test_zoeken_op_naam_komt_in_geen_adres(app: FastAPI) -> None:
    client, adres = await _intake(app)
    token = csrf((await client.get("/werkvoorraad")).text)
    antwoord = await client.post("/werkvoorraad", data={"csrf": token, "zoek": "gerda"})
    assert antwoord.status_code == 200 and "Gerda Blom" in antwoord.text and adres not in antwoord.text
    assert "gerda" not in str(antwoord.request.url)


async def test_de_intake_zegt_waarom_het_door_kan_en_niets_over_ziekte(app: FastAPI) -> None:
    client, adres = await _intake(app)
    html = (await client.get(adres)).text
    for stuk in (
        "Vervanging elektrische rolstoel",
        "8 van de 8 gronden kloppen",
        "0 medische vragen gesteld, 31 bespaard.",
        "Bevestig: zet door naar Noorderwiel",
        "Open einde",
        "De motor van het kantelen hapert",
        "U ziet niet: ziekte",
    ):
        assert stuk in html, stuk
    for geheim in (DIAGNOSE, "SMA", BSN, "1988-03-14", "14 maart 1988"):
        assert geheim not in html, geheim


async def test_het_bsn_staat_er_pas_na_een_druk_op_de_knop(app: FastAPI) -> None:
    client, adres = await _intake(app)
    antwoord = await client.post(adres, data={"csrf": csrf((await client.get(adres)).text), "actie": "bsn"})
    assert BSN in antwoord.text


async def test_een_druk_op_de_knop_zet_door_en_de_leverancier_heeft_de_opdracht(app: FastAPI) -> None:
    client, adres = await _intake(app)
    data = {"csrf": csrf((await client.get(adres)).text), "actie": "bevestig"}
    antwoord = await client.post(adres, data=data)
    assert (antwoord.status_code, antwoord.headers["location"]) == (303, adres)
    html = (await client.get(adres)).text
    assert "Doorgezet" in html and "Bevestig: zet door" not in html
    taken = await vraag(app, LEVERANCIER, FhirRequest("GET", "Task", query=(("patient", YVONNE.patient),)))
    soorten = [e["resource"]["code"]["coding"][0]["code"] for e in taken["entry"]]
    assert "opdracht" in soorten
    # nog eens drukken (een oude bladzijde) beslist niet twee keer
    nog_eens = await client.post(adres, data=data)
    assert nog_eens.status_code == 422 and "Over dit verzoek is al beslist" in nog_eens.text


async def test_een_vreemd_formulier_beslist_niets(app: FastAPI) -> None:
    client, adres = await _intake(app)
    assert (await client.post(adres, data={"csrf": "raad", "actie": "bevestig"})).status_code == 403
    assert "Bevestig: zet door" in (await client.get(adres)).text


async def test_afwijzen_vraagt_een_reden_en_wat_getypt_is_blijft_staan(app: FastAPI) -> None:
    client, adres = await _intake(app)
    bladzijde = (await client.get(f"{adres}/anders")).text
    data = {"csrf": csrf(bladzijde), "uitkomst": "afgewezen", "alternatief-1": "Een stoel met een hendel"}
    antwoord = await client.post(f"{adres}/anders", data=data)
    assert antwoord.status_code == 422
    assert 'href="#motivering"' in antwoord.text and "Een stoel met een hendel" in antwoord.text
    assert re.search(r'value="afgewezen" checked', antwoord.text)
    data = {"csrf": csrf(bladzijde), "uitkomst": "afgewezen", "motivering": "De rolstoel kan nog gemaakt worden."}
    assert (await client.post(f"{adres}/anders", data=data)).status_code == 303
    assert "Afgewezen" in (await client.get(adres)).text


async def test_zonder_uitkomst_gebeurt_er_niets(app: FastAPI) -> None:
    client, adres = await _intake(app)
    token = csrf((await client.get(f"{adres}/anders")).text)
    antwoord = await client.post(f"{adres}/anders", data={"csrf": token})
    assert antwoord.status_code == 422 and "Kies wat u beslist." in antwoord.text


async def test_een_vraag_aan_de_client_legt_de_beurt_bij_de_client(app: FastAPI) -> None:
    client, adres = await _intake(app)
    data = {"csrf": csrf((await client.get(f"{adres}/anders")).text), "uitkomst": "wachten"}
    leeg = await client.post(f"{adres}/anders", data=data)
    assert leeg.status_code == 422 and "Schrijf wat u van uw cliënt wilt weten." in leeg.text
    data["motivering"] = "Past de stoel door uw nieuwe voordeur?"
    assert (await client.post(f"{adres}/anders", data=data)).status_code == 303
    html = (await client.get(adres)).text
    assert "De cliënt is aan de beurt" in html and "U bent aan de beurt" not in html
    # de houder leest de vraag en antwoordt; daarna is de consulent weer aan de beurt
    yvonne = await log_in(app, "yvonne")
    start = (await yvonne.get("/")).text
    bladzijde = re.search(r'href="(/aanvraag/[^"]+)">Bekijk wat u kunt doen', start)
    assert bladzijde
    html = (await yvonne.get(bladzijde[1])).text
    assert "Past de stoel door uw nieuwe voordeur?" in html
    pad, token = f"{bladzijde[1]}/antwoord", {"csrf": csrf(html)}
    leeg = await yvonne.post(pad, data=token)
    assert leeg.status_code == 422 and 'href="#antwoord"' in leeg.text
    assert (await yvonne.post(pad, data={**token, "antwoord": "Ja, die is 90 cm."})).status_code == 303
    html = (await yvonne.get(bladzijde[1])).text
    assert "Ja, die is 90 cm." in html and "Verstuur mijn antwoord" not in html and "U bent aan de beurt" not in html
    html = (await client.get(adres)).text
    assert "Ja, die is 90 cm." in html and "U bent aan de beurt" in html
    # nog een keer antwoorden kan niet: er wacht niemand
    assert (await yvonne.post(pad, data={**token, "antwoord": "En de gang ook."})).status_code == 303
    assert "En de gang ook." not in (await client.get(adres)).text


async def test_papier_bevestigen_met_een_druk_maakt_het_voorstel_lichter(app: FastAPI) -> None:
    client = await log_in(app, "bianca")
    werk = (await client.get("/werkvoorraad")).text
    gevonden = re.search(r'href="(/intake/[^"]+)">Gerda Blom', werk)
    assert gevonden
    adres = gevonden[1]
    voor = (await client.get(adres)).text
    assert "Klopt dit met uw eigen dossier?" in voor and "Bevestig: dit klopt" in voor
    assert "Wie kan dit herstellen?" in voor
    antwoord = await client.post(adres, data={"csrf": csrf(voor), "actie": "papier"})
    assert antwoord.status_code == 303, antwoord.text
    na = (await client.get(adres)).text
    assert "Klopt dit met uw eigen dossier?" not in na
    assert _kloppend(na) != _kloppend(voor) or _voorstel(na) != _voorstel(voor)


def _voorstel(html: str) -> str:
    return re.search(r'<h2 id="voorstel">([^<]*)', html)[1]  # type: ignore[index]


def _kloppend(html: str) -> str:
    return re.search(r"Voorstel: ([^<]*)", html)[1]  # type: ignore[index]


async def test_het_stuk_van_papier_komt_als_afbeelding_zonder_script(app: FastAPI) -> None:
    client = await log_in(app, "bianca")
    adres = re.search(r'href="(/intake/[^"]+)">Gerda Blom', (await client.get("/werkvoorraad")).text)
    assert adres
    stuk = re.search(r'href="(/stuk/[^"]+)"', (await client.get(adres[1])).text)
    assert stuk
    antwoord = await client.get(stuk[1])
    assert antwoord.status_code == 200 and antwoord.headers["content-type"].startswith(("image/", "application/pdf"))
    assert "sandbox" in antwoord.headers["content-security-policy"]
    assert (await (await log_in(app, "joost")).get(stuk[1])).status_code == 404


async def test_stopt_de_client_met_delen_dan_blijft_alleen_het_verzoek(app: FastAPI) -> None:
    client, adres = await _intake(app)
    houder = Actor("persoon", "houder", "Yvonne", account="a", patient=YVONNE.patient, scopes=None)
    consents = await vraag(app, houder, FhirRequest("GET", "Consent", query=(("status", "active"),)))
    for regel in consents["entry"]:
        consent = regel["resource"]
        if any(a["reference"]["reference"] == f"Organization/{LINDEWAARD}" for a in consent["provision"]["actor"]):
            consent["status"] = "inactive"
            await vraag(app, houder, FhirRequest("PUT", "Consent", consent["id"], body=consent))
    html = (await client.get(adres)).text
    assert "U behandelt een lopend verzoek." in html and "Plafondlift" not in html
