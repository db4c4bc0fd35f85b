"""Het advies op één bladzijde voor wie beslist of levert: wat zij zien en wat niet, meedenken, één vraag, afwijken."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from server.demo.personen.yvonne import YVONNE
from server.fhir.request import FhirRequest
from tests.databases import verse_settings
from tests.web.advieswereld import LEVERANCIER, ZIEKTE, P, concept, definitief, doe, geef, laat_meedenken
from tests.web.houderwereld import resources, volg
from tests.web.werkwereld import csrf, dien_in, houder_van, log_in, vraag, wereld

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FastAPI]:
    """Eén app voor alle tests: elke test schrijft een eigen advies."""
    with verse_settings("sqlite", tmp_path_factory.mktemp("adviesblad")) as settings:
        async with wereld(settings, (YVONNE,)) as gevuld:
            yield gevuld


async def meedenken(client: httpx.AsyncClient, id_: str, velden: Mapping[str, str]) -> httpx.Response:
    """Een formulier op de bladzijde van het advies insturen."""
    bladzijde = await client.get(f"/advies/{id_}/lees")
    assert bladzijde.status_code == 200, bladzijde.text[:400]
    return await client.post(f"/advies/{id_}/meedenken", data={"csrf": csrf(bladzijde.text), **velden})


async def test_een_concept_leest_alleen_wie_mag_meedenken(app: FastAPI) -> None:
    id_ = await concept(app)
    bianca, arjan = await log_in(app, "bianca"), await log_in(app, "arjan")
    assert (await bianca.get(f"/advies/{id_}/lees")).status_code == 404
    await laat_meedenken(app, id_)
    await laat_meedenken(app, id_, LEVERANCIER, "leverancier")
    gemeente, leverancier = (
        (await bianca.get(f"/advies/{id_}/lees")).text,
        (await arjan.get(f"/advies/{id_}/lees")).text,
    )
    assert "Yvonne wil zelf blijven rijden" in gemeente and "Zonder houding te wisselen" in gemeente
    assert "Yvonne wil zelf blijven rijden" not in leverancier and "Zonder houding te wisselen" not in leverancier
    assert "Zelf van houding veranderen" in leverancier and "Een wond, en weken in bed." in leverancier
    for html in (gemeente, leverancier):
        assert ZIEKTE not in html and "Dit is een concept." in html and "Yvonne Verbeek" not in html
    assert "Niet met u gedeeld uit dit advies: ziekte" in leverancier
    for client in (bianca, arjan):
        assert f"/advies/{id_}/lees" in (await client.get("/meedenken")).text
    assert (await (await log_in(app, "nienke")).get("/meedenken")).status_code == 404


async def test_opmerken_en_afstemmen_en_een_leverancier_leest_de_opmerking_van_de_gemeente_niet(
    app: FastAPI,
) -> None:
    id_ = await concept(app)
    await laat_meedenken(app, id_)
    await laat_meedenken(app, id_, LEVERANCIER, "leverancier")
    bianca, arjan = await log_in(app, "bianca"), await log_in(app, "arjan")
    leeg = await meedenken(bianca, id_, {"actie": "opmerking", "opmerking": "", "eis": "1"})
    assert leeg.status_code == 422 and "Schrijf eerst uw opmerking." in leeg.text
    raar = await meedenken(bianca, id_, {"actie": "opmerking", "opmerking": "Kan dit?", "eis": "9"})
    assert raar.status_code == 422 and "Kan dit?" in raar.text, "wat getypt is blijft staan"
    klaar = await meedenken(bianca, id_, {"actie": "opmerking", "opmerking": "Is 30 graden genoeg?", "eis": "2"})
    assert klaar.status_code == 303
    html = (await bianca.get(f"/advies/{id_}/lees")).text
    assert html.index("Eis 2.") < html.index("Is 30 graden genoeg?") < html.index("Eis 1."), "bij eis 2"
    assert (await meedenken(arjan, id_, {"actie": "opmerking", "opmerking": "Dit past."})).status_code == 303
    van_arjan = (await arjan.get(f"/advies/{id_}/lees")).text
    assert "Dit past." in van_arjan and "Is 30 graden genoeg?" not in van_arjan
    klaar = await meedenken(bianca, id_, {"actie": "afgestemd", "afgestemd": "Akkoord zo."})
    html = (await volg(bianca, klaar)).text
    for stuk in ("U hebt afgestemd.", "Akkoord zo.", "Afgestemd op", "U stemde af op"):
        assert stuk in html, stuk
    assert "dacht mee op" in (await (await log_in(app, "yvonne")).get(f"/advies/{id_}")).text


async def test_noodzakelijk_staat_voorop_met_alles_wat_erbij_hoort(app: FastAPI) -> None:
    id_ = await definitief(app)
    await geef(app)
    html = (await (await log_in(app, "bianca")).get(f"/advies/{id_}/lees")).text
    volgorde = ["Noodzakelijk", "Eis 2.", "Zonder houding te wisselen", "Pijnvrij zitten.", "De hele dag, ook buiten.",
                "Een wond, en weken in bed.", "Wenselijk", "Eis 1.", "Wat Yvonne ervan vindt"]  # fmt: skip
    plekken = [html.index(stuk) for stuk in volgorde]
    assert plekken == sorted(plekken)
    for stuk in ("Gelijkvloers huis", "Later ook besturing", "12345678", "Verzegeld door", "versie 2", "Zo klopt het."):
        assert stuk in html, stuk


async def test_wat_er_anders_is_staat_er_en_oud_zegt_dat_er_een_nieuwer_is(app: FastAPI) -> None:
    oud = await definitief(app)
    nieuw = await definitief(app, vervangt=oud, **{"omgeving-woning": "Nu een flat met lift."})
    await geef(app)
    bianca = await log_in(app, "bianca")
    html = (await bianca.get(f"/advies/{nieuw}/lees")).text
    assert "Wat is er anders dan op" in html and html.count("Nu een flat met lift.") == 2
    assert "Gelijkvloers huis met brede deuren." in html, "wat er stond"
    assert "Er is een nieuwer advies." in (await bianca.get(f"/advies/{oud}/lees")).text
    await doe(app, "nienke", nieuw, "trek-in", reden="De flat gaat niet door.")
    html = (await bianca.get(f"/advies/{nieuw}/lees")).text
    assert "Ingetrokken op" in html and "De flat gaat niet door." in html


async def test_een_vraag_kan_met_ja_van_de_client_en_een_tegelijk(app: FastAPI) -> None:
    await geef(app)
    nee, ja = await definitief(app, contact=False), await definitief(app)
    bianca = await log_in(app, "bianca")
    html = (await bianca.get(f"/advies/{nee}/lees")).text
    assert "Yvonne gaf geen toestemming om de schrijver iets te vragen." in html and 'name="vraag"' not in html
    geweigerd = await meedenken(bianca, nee, {"actie": "vraag", "vraag": "Toch?"})
    assert geweigerd.status_code == 422 and "gaf geen toestemming" in geweigerd.text
    assert (await meedenken(bianca, ja, {"actie": "vraag", "vraag": "Waarom 45 graden?"})).status_code == 303
    html = (await bianca.get(f"/advies/{ja}/lees")).text
    assert "Waarom 45 graden?" in html and "Nog geen antwoord." in html and "Uw vraag staat nog open." in html
    assert (await meedenken(bianca, ja, {"actie": "vraag", "vraag": "En nog een?"})).status_code == 422
    assert sum("Waarom 45" in str(c) for c in await resources(app, P, "Communication")) == 1


async def test_wie_een_eis_niet_volgt_zegt_waarom_en_houder_en_lezer_zien_dat(app: FastAPI) -> None:
    id_ = await definitief(app)
    await geef(app)
    taak = await dien_in(app, P)
    bianca, adres = await log_in(app, "bianca"), f"/intake/{taak}/anders"
    html = (await bianca.get(adres)).text
    assert html.index("Eis 2, noodzakelijk") < html.index("Eis 1, wenselijk")
    data = {
        "csrf": csrf(html),
        "uitkomst": "gewijzigd",
        "volgt-2": "nee",
        "volgt-1": "ja",
        "alternatief-2": "Een kussen.",
    }
    half = await bianca.post(adres, data=data)
    assert half.status_code == 422 and 'href="#reden-2"' in half.text and "Een kussen." in half.text
    assert re.search(r'name="volgt-2" value="nee" checked', half.text)
    klaar = await bianca.post(adres, data={**data, "reden-2": "De woning is te klein."})
    assert klaar.status_code == 303, klaar.text[:3000]
    alles = await vraag(app, houder_van(P), FhirRequest("GET", "Task", taak))
    verzoek = alles["focus"]["reference"].removeprefix("DeviceRequest/")
    yvonne = await log_in(app, "yvonne")
    for pad in (f"/aanvraag/{verzoek}", f"/advies/{id_}"):
        html = (await yvonne.get(pad)).text
        assert "De woning is te klein." in html and "Een kussen." in html, pad
    assert "Hiervan is afgeweken" in (await bianca.get(f"/advies/{id_}/lees")).text
