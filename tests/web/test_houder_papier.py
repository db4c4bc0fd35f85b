"""Papier, advies, log en weergave door de bladzijden van de houder: fouten bij het veld, niets half bewaard."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from paspoort.fhir.beschikking import uit_fhir as besluit_uit_fhir
from paspoort.fhir.waarden import kop
from server.demo.personen.yvonne import YVONNE
from server.demo.register import HUISWIJS, LINDEWAARD, VLIERHOF
from server.fhir.request import FhirRequest
from server.settings import Settings
from tests.web.houderwereld import PASPOORTEN, gebruik_van, resources, stuur, volg
from tests.web.werkwereld import browser, houder_van, laat_lezen, log_in, vraag, wereld

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
GOED = {
    "organisatie": f"Organization/{LINDEWAARD}", "op": "2019-04-02", "hulpmiddel": "anders",
    "hulpmiddel_naam": "Douchestoel", "duur": "open", "vorm": "natura",
}  # fmt: skip


@pytest_asyncio.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    async with wereld(settings, PASPOORTEN) as app:
        yield app


@pytest_asyncio.fixture
async def yvonne(app: FastAPI) -> httpx.AsyncClient:
    return await log_in(app, "yvonne")


def foto(inhoud: bytes = PNG, naam: str = "brief.png", soort: str = "image/png") -> dict[str, tuple[str, bytes, str]]:
    return {"foto": (naam, inhoud, soort)}


async def test_een_besluit_van_papier_staat_er_met_foto_en_wacht_op_bevestiging(
    app: FastAPI, yvonne: httpx.AsyncClient
) -> None:
    antwoord = await stuur(yvonne, "/papier/nieuw/besluit", GOED, files=foto())
    bladzijde = await volg(yvonne, antwoord)
    assert "Het staat in uw paspoort" in bladzijde.text and "Nog niet" in bladzijde.text
    besluit = next(
        r
        for r in await resources(app, YVONNE.patient, "DeviceRequest")
        if "Douchestoel" in str(r) and r["intent"] == "order"
    )
    gelezen = besluit_uit_fhir(besluit)
    assert gelezen.door == f"Organization/{LINDEWAARD}" and gelezen.toekenning is not None
    assert kop(besluit)["herkomst"] == "document"
    bestand = await yvonne.get(antwoord.headers["location"].partition("?")[0] + "/bestand")
    assert bestand.content == PNG and bestand.headers["content-type"] == "image/png"
    assert "Douchestoel" in (await yvonne.get("/hulpmiddelen")).text


@pytest.mark.parametrize(
    ("anders", "veld"),
    [
        ({"op": ""}, "op"),
        ({"op": "31 april 2019"}, "op"),
        ({"op": "2099-01-01"}, "op"),
        ({"op": "0019-04-02"}, "op"),
        ({"organisatie": f"Organization/{VLIERHOF}"}, "organisatie"),
        ({"hulpmiddel": "van-een-ander"}, "hulpmiddel"),
        ({"hulpmiddel_naam": ""}, "hulpmiddel_naam"),
        ({"hulpmiddel_naam": "x" * 101}, "hulpmiddel_naam"),
        ({"duur": "eeuwig"}, "duur"),
        ({"duur": "einddatum", "tot": "ooit"}, "tot"),
        ({"vorm": ""}, "vorm"),
    ],
)
async def test_een_fout_wijst_naar_het_veld_en_er_is_niets_bewaard(
    app: FastAPI, yvonne: httpx.AsyncClient, anders: dict[str, str], veld: str
) -> None:
    vooraf = len(await resources(app, YVONNE.patient, "DocumentReference"))
    antwoord = await stuur(yvonne, "/papier/nieuw/besluit", GOED | anders, files=foto())
    assert antwoord.status_code == 422
    assert f'href="#{veld}"' in antwoord.text and f'id="{veld}"' in antwoord.text
    lijst = re.findall(r'<li><a href="#(\w+)">', antwoord.text)
    assert lijst == sorted(lijst, key=lambda v: antwoord.text.index(f'id="{v}"')), "in de volgorde van de bladzijde"
    assert len(await resources(app, YVONNE.patient, "DocumentReference")) == vooraf


async def test_wat_de_deur_weigert_laat_ook_geen_foto_achter(app: FastAPI, yvonne: httpx.AsyncClient) -> None:
    vooraf = len(await resources(app, YVONNE.patient, "Binary"))
    antwoord = await stuur(yvonne, "/papier/nieuw/besluit", GOED | {"hulpmiddel_naam": "stoel\x01"}, files=foto())
    assert antwoord.status_code == 400
    assert len(await resources(app, YVONNE.patient, "Binary")) == vooraf


@pytest.mark.parametrize(
    ("bestand", "zin"),
    [
        ({}, "Kies een foto of een pdf"),
        (foto(b""), "geen foto of pdf"),
        (foto(b"<script>alert(1)</script>", "brief.png"), "geen foto of pdf"),
        (foto(b"GIF89a", "brief.gif", "image/gif"), "geen foto of pdf"),
        (foto(b"\xff\xd8\xff" + b"0" * (8 * 1024 * 1024)), "te groot"),
        (foto(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "brief.svg", "image/svg+xml"), "geen foto of pdf"),
    ],
)
async def test_alleen_een_foto_of_pdf(yvonne: httpx.AsyncClient, bestand: dict[str, object], zin: str) -> None:
    antwoord = await stuur(yvonne, "/papier/nieuw/besluit", GOED, files=bestand or {"leeg": ("", b"")})
    assert antwoord.status_code == 422 and zin in antwoord.text and 'href="#foto"' in antwoord.text


async def test_een_formulier_dat_veel_te_groot_is_wordt_niet_gelezen(yvonne: httpx.AsyncClient) -> None:
    antwoord = await stuur(yvonne, "/papier/nieuw/besluit", GOED, files=foto(PNG + b"0" * (11 * 1024 * 1024)))
    assert antwoord.status_code == 413 and "Dit is te groot" in antwoord.text


async def test_een_advies_van_papier_is_een_document(app: FastAPI, yvonne: httpx.AsyncClient) -> None:
    gebruik = await gebruik_van(app, YVONNE.patient, "plafondlift")
    velden = {"wie": "ergotherapeut J. Jansen", "op": "1-5-2018", "hulpmiddel": gebruik}
    bladzijde = await volg(yvonne, await stuur(yvonne, "/papier/nieuw/advies", velden, files=foto()))
    assert "Plafondlift" in bladzijde.text and "J. Jansen" in bladzijde.text


async def test_een_advies_van_papier_staat_bij_de_adviezen_en_zegt_dat_niemand_het_controleerde(
    app: FastAPI, yvonne: httpx.AsyncClient
) -> None:
    gebruik = await gebruik_van(app, YVONNE.patient, "plafondlift")
    velden = {
        "wie": "ergotherapeut J. Jansen", "op": "2018-05-01", "hulpmiddel": gebruik,
        "waarover": "Tillen zonder pijn.", "nodig": "- Twee mensen kunnen tillen\n\n- Past door de deur",
    }  # fmt: skip
    stuk = await volg(yvonne, await stuur(yvonne, "/papier/nieuw/advies", velden, files=foto()))
    adres = re.search(r'href="(/advies/[^"]+)"', stuk.text)
    assert adres is not None
    html = (await yvonne.get(adres[1])).text
    assert "Dit advies komt van papier." in html and "Er zit geen zegel op." in html
    assert "Twee mensen kunnen tillen" in html and "Past door de deur" in html and "1 mei 2018" in html
    assert adres[1] in (await yvonne.get("/adviezen")).text
    lang = await stuur(yvonne, "/papier/nieuw/advies", {**velden, "nodig": "x" * 4001}, files=foto())
    assert lang.status_code == 422 and 'href="#nodig"' in lang.text and "x" * 4001 in lang.text


async def test_andermans_papier_is_er_niet(app: FastAPI, yvonne: httpx.AsyncClient) -> None:
    adres = (await stuur(yvonne, "/papier/nieuw/besluit", GOED, files=foto())).headers["location"].partition("?")[0]
    gerda = await log_in(app, "gerda")
    for pad in (adres, f"{adres}/bestand", "/papier/bestaat-niet", "/papier/nieuw/foto"):
        assert (await gerda.get(pad)).status_code == 404


async def concept(app: FastAPI) -> str:
    """Een concept van Nienke met één eis; geeft het id."""
    await laat_lezen(app, YVONNE.patient)
    nienke = await log_in(app, "nienke")
    antwoord = await stuur(nienke, f"/advies/nieuw/{YVONNE.patient}", {})
    return str(antwoord.headers["location"].split("/advies/")[1].split("/")[0])


async def test_reageren_op_een_concept_en_later_nog_eens(app: FastAPI, yvonne: httpx.AsyncClient) -> None:
    pad = f"/advies/{await concept(app)}"
    leeg = await stuur(yvonne, pad, {"reactie-houder": "Ik twijfel."})
    assert leeg.status_code == 422 and 'href="#akkoord"' in leeg.text and "Ik twijfel." in leeg.text
    for zin, akkoord in (("Bijna goed.", "deels"), ("Zo klopt het.", "ja")):
        na = await volg(yvonne, await stuur(yvonne, pad, {"reactie-houder": zin, "akkoord": akkoord}))
        assert "Uw reactie is bewaard" in na.text and zin in na.text
    lijsten = await resources(app, YVONNE.patient, "QuestionnaireResponse")
    reacties = [r for r in lijsten if "/reactie-advies|" in r["questionnaire"]]
    assert len(reacties) == 2, "een reactie verandert niet; de nieuwste telt"


async def test_een_definitief_advies_heeft_geen_formulier(app: FastAPI, yvonne: httpx.AsyncClient) -> None:
    adviezen = [
        r
        for r in await resources(app, YVONNE.patient, "QuestionnaireResponse")
        if "/functioneel-advies|" in r["questionnaire"] and r["status"] == "completed"
    ]
    for advies in adviezen:
        bladzijde = await yvonne.get(f"/advies/{advies['id']}")
        assert "Het verandert niet meer" in bladzijde.text and "<textarea" not in bladzijde.text


async def test_wie_keek_mee_noemt_wie_weigert_en_kan_filteren(app: FastAPI, yvonne: httpx.AsyncClient) -> None:
    await laat_lezen(app, YVONNE.patient)
    nienke = await log_in(app, "nienke")
    await nienke.get(f"/client/{YVONNE.patient}")
    alles = await yvonne.get("/wie-keek-mee")
    assert "Nienke Postma" in alles.text
    ander = await yvonne.get("/wie-keek-mee", params={"wie": HUISWIJS})
    assert "Nienke Postma bekeek" not in ander.text and "Huiswijs" in ander.text
    assert (await yvonne.get("/wie-keek-mee", params={"na": "kapot"})).status_code == 200


async def test_het_log_van_een_ander_is_er_niet(app: FastAPI) -> None:
    gerda = await log_in(app, "gerda")
    assert "Yvonne" not in (await gerda.get("/wie-keek-mee", params={"wie": "alles"})).text


async def test_wie_vertegenwoordigt_ziet_op_elke_bladzijde_namens_wie(app: FastAPI) -> None:
    peter = await log_in(app, "peter")
    for pad in ("/", "/hulpmiddelen", "/delen", "/meer", "/papier"):
        assert "u handelt namens Yvonne Verbeek" in (await peter.get(pad)).text


async def test_letters_en_kleuren_blijven_op_dit_toestel(yvonne: httpx.AsyncClient) -> None:
    await stuur(yvonne, "/weergave", {"thema": "contrast-donker"})
    assert 'data-theme="contrast-donker"' in (await yvonne.get("/")).text
    await stuur(yvonne, "/weergave", {"thema": "roze"})
    assert "data-theme" not in (await yvonne.get("/")).text


@pytest.mark.parametrize("pad", ["/hulp", "/toegankelijk", "/weergave"])
async def test_hulp_is_er_ook_zonder_inloggen(app: FastAPI, pad: str) -> None:
    assert (await browser(app).get(pad)).status_code == 200


async def test_elk_begint_op_de_eigen_bladzijde(app: FastAPI) -> None:
    assert (await (await log_in(app, "nienke")).get("/")).headers["location"] == "/clienten"
    assert (await (await log_in(app, "bianca")).get("/")).headers["location"] == "/werkvoorraad"
    assert "Open opdrachten" in (await (await log_in(app, "arjan")).get("/")).text
    assert (await (await log_in(app, "beheer")).get("/")).headers["location"] == "/beheer"


async def test_geen_bladzijde_draagt_een_naam_of_nummer_in_het_adres(app: FastAPI, yvonne: httpx.AsyncClient) -> None:
    patient = await vraag(app, houder_van(YVONNE.patient), FhirRequest("GET", "Patient", YVONNE.patient))
    bsn = patient["identifier"][0]["value"]
    for pad in ("/", "/hulpmiddelen", "/delen", "/meer", "/wie-keek-mee"):
        adressen = " ".join(deel.split('"')[0] for deel in (await yvonne.get(pad)).text.split('href="')[1:])
        assert bsn not in adressen and "verbeek" not in adressen.lower()
