"""De therapeut: lezen wat mag, een advies schrijven dat al half vol is, de check, de reactie, en het zegel."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest_asyncio
from fastapi import FastAPI

from server.demo.dossier import ANKER
from server.demo.personen.yvonne import ADVIES_2026, YVONNE
from server.fhir.request import FhirRequest
from server.settings import Settings
from tests.klok import vandaag
from tests.web.werkwereld import csrf, houder_van, laat_lezen, log_in, reageer, velden, vraag, wereld
from web.bladzijde import dag

Velden = dict[str, list[str]]


@pytest_asyncio.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    async with wereld(settings, (YVONNE,)) as gevuld:
        yield gevuld


@pytest_asyncio.fixture
async def nienke(app: FastAPI) -> httpx.AsyncClient:
    await laat_lezen(app, YVONNE.patient)
    return await log_in(app, "nienke")


async def _begin(client: httpx.AsyncClient) -> str:
    """Een nieuw concept; geeft het adres om te bewerken."""
    adres = f"/advies/nieuw/{YVONNE.patient}"
    antwoord = await client.post(adres, data={"csrf": csrf((await client.get(adres)).text)})
    assert antwoord.status_code == 303, antwoord.text
    return antwoord.headers["location"]


async def _stuur(client: httpx.AsyncClient, adres: str, **anders: str) -> httpx.Response:
    """Het formulier zoals het er staat, met wat er veranderd is."""
    ingevuld: Velden = velden(_formulier((await client.get(adres)).text))
    ingevuld |= {naam.replace("__", "."): [waarde] for naam, waarde in anders.items()}
    return await client.post(adres, data=ingevuld)


def _formulier(html: str) -> str:
    return html[html.index('aria-label="Functioneel advies"') :]


AF = {
    "hulpvraag": "Zelf naar het werk en de stad in kunnen.",
    "auteur-rol": "ergotherapeut",
    "registratienummer": "19000000001",
    "behandelaar": "ja",
    "urgentie": "gewoon",
}


async def test_zonder_toestemming_staat_er_niemand_in_de_lijst(app: FastAPI) -> None:
    client = await log_in(app, "nienke")
    assert "Yvonne" not in (await client.get("/clienten")).text
    assert (await client.get(f"/client/{YVONNE.patient}")).status_code == 404
    assert (await client.get(f"/advies/nieuw/{YVONNE.patient}")).status_code == 404


async def test_een_client_staat_er_met_doel_en_einddatum(nienke: httpx.AsyncClient) -> None:
    html = (await nienke.get("/clienten")).text
    assert "Yvonne Verbeek" in html and "Het functioneel advies" in html
    client = (await nienke.get(f"/client/{YVONNE.patient}")).text
    assert "Te gast bij" in client and "Yvonne ziet wat u leest en schrijft." in client
    assert "Elektrische rolstoel" in client and "Spinale musculaire atrofie" in client
    assert "Persoonlijk plan van" in client and "Wat vindt u belangrijk, nu en later?" in client
    assert "999900006" not in client  # het BSN hoort niet bij een advies


async def test_het_concept_is_vooraf_ingevuld_met_de_bron_erbij(nienke: httpx.AsyncClient) -> None:
    html = (await nienke.get(await _begin(nienke))).text
    bekend = re.search(r"(\d+) van de (\d+) antwoorden kwamen uit het paspoort", html)
    assert bekend and int(bekend[1]) >= 30
    op = ADVIES_2026.geschreven_op
    assert op and f"Nienke Postma, {dag(op + (vandaag() - ANKER))}" in html  # de demo schuift mee met de dag
    assert re.search(r'name="zitbreedte" value="40"', html)


async def test_een_merk_wordt_gevonden_en_de_zin_blijft_staan(nienke: httpx.AsyncClient) -> None:
    adres = await _begin(nienke)
    merk = "Besturing zoals op de Velora X3, met kinbediening."
    assert (await _stuur(nienke, adres, **{"eis.1.eis-tekst": merk, "eis.2.eis-onderbouwing": ""})).status_code == 303
    html = (await nienke.get(adres)).text
    assert "Adviescheck: 2 fouten" in html
    assert 'href="#eis-1-eis-tekst"' in html and 'href="#eis-2-eis-onderbouwing"' in html
    assert merk in html and "Maak definitief" not in html
    assert re.search(r'id="eis-1-eis-tekst"[^>]*aria-invalid="true"', html)


async def test_een_eis_erbij_en_een_eis_weg_zonder_script(nienke: httpx.AsyncClient) -> None:
    adres = await _begin(nienke)
    eisen = _eisen((await nienke.get(adres)).text)
    erbij = await _stuur(nienke, adres, **{"rij-erbij": "eis"})
    plus = erbij.headers["location"].split("#")[0]
    assert _eisen((await nienke.get(plus)).text) == eisen + 1
    nieuw = {f"eis.{eisen}.eis-tekst": "Zelf de lift bedienen.", f"eis.{eisen}.eis-soort": "wenselijk"}
    assert (await _stuur(nienke, plus, **nieuw)).status_code == 303
    assert "Zelf de lift bedienen." in (await nienke.get(adres)).text
    assert (await _stuur(nienke, adres, **{"rij-weg": "eis.0"})).status_code == 303
    html = (await nienke.get(adres)).text
    assert _eisen(html) == eisen and "Zelf de lift bedienen." in html


def _eisen(html: str) -> int:
    return len(set(re.findall(r'name="eis\.(\d+)\.eis-tekst"', html)))


async def test_een_onleesbaar_antwoord_blijft_staan_en_er_wordt_niets_bewaard(nienke: httpx.AsyncClient) -> None:
    adres = await _begin(nienke)
    antwoord = await _stuur(nienke, adres, zitbreedte="veertig", ontslagdatum="31-02-2027", hulpvraag="Nieuw.")
    assert antwoord.status_code == 422
    assert 'value="veertig"' in antwoord.text and "31-02-2027" in antwoord.text and "Nieuw." in antwoord.text
    assert 'href="#zitbreedte"' in antwoord.text and 'href="#ontslagdatum"' in antwoord.text
    assert "Nieuw." not in (await nienke.get(adres)).text


async def test_wie_op_twee_schermen_schrijft_raakt_niets_kwijt(nienke: httpx.AsyncClient) -> None:
    adres = await _begin(nienke)
    oud = velden(_formulier((await nienke.get(adres)).text))
    assert (await _stuur(nienke, adres, hulpvraag="Van het eerste scherm.")).status_code == 303
    antwoord = await nienke.post(adres, data=oud | {"hulpvraag": ["Van het tweede scherm."]})
    assert antwoord.status_code == 422 and "op een ander scherm bewaard" in antwoord.text
    assert "Van het tweede scherm." in antwoord.text
    assert "Van het eerste scherm." in (await nienke.get(adres)).text


async def test_om_een_reactie_vragen_staat_bij_het_concept(app: FastAPI, nienke: httpx.AsyncClient) -> None:
    adres = await _begin(nienke)
    assert (await _stuur(nienke, adres, actie="reactie")).status_code == 303
    assert "U vroeg om een reactie op" in (await nienke.get(adres)).text
    id_ = adres.split("/")[2]
    advies = await vraag(app, houder_van(YVONNE.patient), FhirRequest("GET", "QuestionnaireResponse", id_))
    assert any(e["url"].endswith("/reactie-gevraagd") for e in advies["extension"])


async def test_zonder_reactie_wordt_het_niet_definitief_en_daarna_met_zegel(
    app: FastAPI, nienke: httpx.AsyncClient
) -> None:
    adres = await _begin(nienke)
    assert (await _stuur(nienke, adres, **AF)).status_code == 303
    html = (await nienke.get(adres)).text
    assert "Alles wat nodig is, staat erin." in html and "Maak definitief" not in html
    await reageer(app, YVONNE.patient, adres.split("/")[2])
    html = (await nienke.get(adres)).text
    assert "Zo klopt het." in html and "Maak definitief" in html
    antwoord = await _stuur(nienke, adres, actie="definitief", **AF)
    assert antwoord.status_code == 303, antwoord.text
    lees = antwoord.headers["location"]
    html = (await nienke.get(lees)).text
    assert "Verzegeld door Nienke Postma" in html and "ES256" in html and "Zo klopt het." in html
    assert 'name="hulpvraag"' not in html
    # bewerken kan niet meer
    weer = await nienke.get(adres)
    assert (weer.status_code, weer.headers["location"]) == (303, lees)


async def test_een_collega_leest_het_concept_maar_schrijft_er_niet_in(app: FastAPI, nienke: httpx.AsyncClient) -> None:
    adres = await _begin(nienke)
    adelien = await log_in(app, "adelien")
    assert (await adelien.get(adres)).status_code == 404  # zij heeft geen toestemming
    await laat_lezen(app, YVONNE.patient, aan="PractitionerRole/vlierhof-revalidatie-1")
    lees = (await adelien.get(adres)).headers["location"]
    html = (await adelien.get(lees)).text
    assert "Dit is een concept." in html and "<textarea" not in html
    assert (await adelien.post(adres, data={"csrf": csrf(html), "actie": "definitief"})).headers["location"] == lees
