"""Een advies dat af is, vanaf de kant van de schrijver: meelezers, een vraag, nog geldig, intrekken, opvolgen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from server.demo.personen.yvonne import YVONNE
from server.settings import Settings
from tests.klok import vandaag
from tests.web import advieswereld as aw
from tests.web.werkwereld import csrf, laat_lezen, log_in, wereld
from web.bladzijde import dag

P = YVONNE.patient


@pytest_asyncio.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    async with wereld(settings, (YVONNE,)) as gevuld:
        yield gevuld


async def druk(client: httpx.AsyncClient, adres: str, bij: str, **velden: str) -> httpx.Response:
    """Een formulier op de bladzijde `bij`, verstuurd naar `adres`."""
    return await client.post(adres, data={"csrf": csrf((await client.get(bij)).text), **velden})


async def test_de_schrijver_vraagt_de_houder_beslist_en_wie_meeleest_zegt_iets(app: FastAPI) -> None:
    id_, nienke = await aw.concept(app), await log_in(app, "nienke")
    bewerk, pad = f"/advies/{id_}/bewerk", f"/advies/{id_}/afstemming"
    assert "Vraag iemand om mee te lezen" in (await nienke.get(bewerk)).text
    html = (await nienke.get(pad)).text
    assert aw.GEMEENTE in html and "Leest het advies en de eisen" in html and "Leest alleen de eisen" in html
    assert (await druk(nienke, pad, pad)).status_code == 422  # niemand gekozen
    assert (await druk(nienke, pad, pad, organisatie=aw.GEMEENTE)).status_code == 303
    assert (await druk(nienke, pad, pad, organisatie=aw.GEMEENTE)).status_code == 422  # al gevraagd
    await aw.geef(app, "onderzoek")  # een gewone toestemming laat de gemeente lezen, maar is geen ja op deze vraag
    html = (await druk(nienke, pad, pad, kijk="ja")).text
    assert "Yvonne zei nog geen ja" in html and "Morgen kunt u het nog een keer vragen." in html
    await aw.laat_meedenken(app, id_)
    assert "Mag meelezen tot en met" in (await druk(nienke, pad, pad, kijk="ja")).text
    bianca = await log_in(app, "bianca")
    lees = f"/advies/{id_}/lees"
    erbij = {"actie": "opmerking", "opmerking": "Past dit door de voordeur?", "eis": "2"}
    assert (await druk(bianca, f"/advies/{id_}/meedenken", lees, **erbij)).status_code == 303
    await aw.doe(app, "bianca", id_, "afgestemd", opmerking="Akkoord zo.")
    html = (await nienke.get(bewerk)).text
    assert "Past dit door de voordeur?" in html and "over eis 2" in html and "Afgestemd op" in html
    assert "Akkoord zo." in (await nienke.get(lees)).text
    # een vraag terugnemen kan zolang er niet is afgestemd
    assert (await druk(nienke, pad, pad, organisatie=aw.LEVERANCIER)).status_code == 303
    assert (await druk(nienke, pad, pad, weg=aw.LEVERANCIER)).status_code == 303
    assert f'name="weg" value="{aw.LEVERANCIER}"' not in (await nienke.get(pad)).text
    # een ander komt hier niet, ook niet met het adres
    assert (await bianca.get(pad)).status_code == 404


@pytest.mark.parametrize("zegt_nee", [True, False], ids=["nee", "laat-liggen"])
async def test_wat_niet_gegeven_is_staat_er_zo_en_kan_opnieuw(app: FastAPI, zegt_nee: bool) -> None:
    gisteren = vandaag() - timedelta(days=1)
    id_ = await aw.concept(app, vraagt=[aw.GEMEENTE], gevraagd_op=gisteren)
    nienke, yvonne = await log_in(app, "nienke"), await log_in(app, "yvonne")
    pad = f"/advies/{id_}/afstemming"
    if zegt_nee:
        vraag = f"/advies/{id_}/meelezen/{aw.GEMEENTE.partition('/')[2]}"
        assert (await druk(yvonne, vraag, vraag, besluit="nee")).status_code == 303
    # nee en niets zeggen zien er hetzelfde uit: wat de houder koos, is van de houder
    html = (await druk(nienke, pad, pad, kijk="ja")).text
    assert f"Nog geen toestemming op {dag(vandaag())}" in html and "Vraag het nog eens" in html
    assert (await druk(nienke, pad, pad, organisatie=aw.GEMEENTE)).status_code == 303
    html = (await nienke.get(pad)).text
    assert "Nog geen toestemming" not in html and f"Gevraagd op {dag(vandaag())}" in html
    assert html.count(f'name="weg" value="{aw.GEMEENTE}"') == 1, "opnieuw vragen is dezelfde vraag"
    # ook op de dag van het nee staat de nieuwe vraag bij de houder
    assert "Mag Gemeente Lindewaard meedenken?" in (await yvonne.get(f"/advies/{id_}")).text


async def test_een_bladzijde_openen_vraagt_niet_wie_mag_meelezen(app: FastAPI) -> None:
    """De houder ziet elke vraag in *Wie keek mee*; alleen de knop stelt haar."""
    id_ = await aw.concept(app, vraagt=[aw.GEMEENTE, aw.LEVERANCIER])
    nienke, pad = await log_in(app, "nienke"), f"/advies/{id_}/afstemming"
    vragen = "vroeg of een ander mag lezen"
    for adres in (f"/advies/{id_}/bewerk", pad):
        assert "Gevraagd op" in (await nienke.get(adres)).text
    yvonne = await log_in(app, "yvonne")
    assert vragen not in (await yvonne.get("/wie-keek-mee")).text
    await druk(nienke, pad, pad, kijk="ja")
    assert vragen in (await yvonne.get("/wie-keek-mee")).text


async def test_een_vraag_staat_in_de_lijst_tot_het_antwoord(app: FastAPI) -> None:
    id_, nienke, bianca = await aw.definitief(app), await log_in(app, "nienke"), await log_in(app, "bianca")
    await aw.geef(app)
    lees, daarna = f"/advies/{id_}/lees", f"/advies/{id_}/daarna"
    assert "Vraag van" not in (await nienke.get("/clienten")).text
    vraag = {"actie": "vraag", "vraag": "Waarom 45 graden en niet 30?"}
    assert (await druk(bianca, f"/advies/{id_}/meedenken", lees, **vraag)).status_code == 303
    lijst = (await nienke.get("/clienten")).text
    assert "Vraag van Gemeente Lindewaard" in lijst and f"{lees}#vragen" in lijst
    assert "stelde u een vraag" in (await nienke.get(f"/client/{P}")).text
    html = (await nienke.get(lees)).text
    assert "Waarom 45 graden en niet 30?" in html
    bericht = html.split('name="vraag" value="')[1].split('"')[0]
    leeg = await druk(nienke, daarna, lees, actie="antwoord", vraag=bericht, antwoord=" ")
    assert leeg.status_code == 422 and "Schrijf eerst uw antwoord." in leeg.text
    goed = {"actie": "antwoord", "vraag": bericht, "antwoord": "Onder 40 graden neemt de druk niet af."}
    assert (await druk(nienke, daarna, lees, **goed)).status_code == 303
    assert "Onder 40 graden neemt de druk niet af." in (await bianca.get(lees)).text
    assert "Vraag van" not in (await nienke.get("/clienten")).text
    nog = await druk(nienke, daarna, lees, **goed)
    assert nog.status_code == 422  # er is al een antwoord


async def test_nog_geldig_opvolgen_met_verschil_en_intrekken_met_reden(app: FastAPI) -> None:
    id_, nienke = await aw.definitief(app), await log_in(app, "nienke")
    lees, daarna = f"/advies/{id_}/lees", f"/advies/{id_}/daarna"
    html = (await nienke.get(lees)).text
    assert "Verzegeld door Nienke Postma" in html and "Verandert er één letter" in html
    assert "Er is nog geen bericht over een besluit of een levering." in html
    assert (await druk(nienke, daarna, lees, actie="nog-geldig")).status_code == 303
    assert "Nog geldig, zei Nienke Postma" in (await nienke.get(lees)).text
    # een nieuwe versie: wat is er anders, en de oude zegt dat er een nieuwere is
    nieuw = await aw.definitief(app, vervangt=id_, participatie="Werkt drie dagen.")
    html = (await nienke.get(f"/advies/{nieuw}/lees")).text
    assert "Wat is er anders dan op" in html and "Werkt drie dagen." in html and "Werkt vier dagen." in html
    oud = (await nienke.get(lees)).text
    assert "Er is een nieuwer advies." in oud and "Dit advies is nog geldig" not in oud
    # intrekken vraagt een reden; daarna staat die er, ook voor wie meeleest
    lees, daarna = f"/advies/{nieuw}/lees", f"/advies/{nieuw}/daarna"
    zonder = await druk(nienke, daarna, lees, actie="trek-in", reden="")
    assert zonder.status_code == 422 and "Schrijf waarom u het advies intrekt." in zonder.text
    assert (await druk(nienke, daarna, lees, actie="trek-in", reden="De meting klopte niet.")).status_code == 303
    html = (await nienke.get(lees)).text
    assert "Ingetrokken op" in html and "De meting klopte niet." in html and 'value="trek-in"' not in html
    for adres in (lees, f"/client/{P}"):  # een ingetrokken advies heet nergens meer definitief
        label = (await nienke.get(adres)).text.split(f"/advies/{nieuw}/" if adres != lees else "<h1>")[1]
        assert label.partition("hmp-label")[2].partition("</svg>")[2].startswith("Ingetrokken")
    # wie het niet schreef, trekt niets in
    await laat_lezen(app, P, aan="PractitionerRole/vlierhof-revalidatie-1")
    adelien = await log_in(app, "adelien")
    assert 'value="trek-in"' not in (await adelien.get(lees)).text
    assert (await druk(adelien, daarna, lees, actie="trek-in", reden="Zomaar.")).status_code == 422
