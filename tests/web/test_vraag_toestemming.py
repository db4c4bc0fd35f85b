"""Een organisatie vraagt om toestemming: met een link of code, in het paspoort, op papier of met de stem."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape
from typing import Any

import httpx
import pytest_asyncio
from fastapi import FastAPI

from paspoort.fhir.toestemming import uit_fhir
from server.demo.personen.gerda import GERDA
from server.demo.personen.yvonne import YVONNE
from server.demo.register import NIENKE
from server.post.mail import Postbode
from server.post.maildeur import Bericht
from server.settings import Settings
from tests.web.houderwereld import PASPOORTEN, resources, stuur, volg
from tests.web.werkwereld import browser, laat_lezen, log_in, wereld


@pytest_asyncio.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    async with wereld(settings, PASPOORTEN) as app:
        yield app


class Bus:
    def __init__(self) -> None:
        self.berichten: list[Bericht] = []

    async def stuur(self, id: str, bericht: Bericht) -> None:
        self.berichten.append(bericht)


async def post_op(app: FastAPI) -> list[Bericht]:
    bus = Bus()
    bode = Postbode(app.state.opslag, bus)
    await bode.ronde()
    await bode.stop()
    return bus.berichten


async def nieuwste(app: FastAPI, patient: str) -> dict[str, Any]:
    return max(await resources(app, patient, "Consent"), key=lambda c: c["meta"]["lastUpdated"])


async def vraag_van(nienke: httpx.AsyncClient) -> tuple[str, str, str]:
    """(adres bij haar, token, cijfers)."""
    antwoord = await stuur(nienke, "/vraag", {"doel": "advies"})
    tekst = (await volg(nienke, antwoord)).text
    token, cijfers = re.search(r"/delen/vraag#([\w-]+)", tekst), re.search(r'hmp-code">([\d ]+)<', tekst)
    assert token and cijfers
    return antwoord.headers["location"], token[1], cijfers[1]


async def test_met_cijfers_en_met_een_link_komt_er_een_toestemming_uit(app: FastAPI) -> None:
    nienke, gerda = await log_in(app, "nienke"), await log_in(app, "gerda")
    _, token, cijfers = await vraag_van(nienke)
    fout = await stuur(gerda, "/delen/vraag", {"code": "000 000"})
    assert fout.status_code == 422 and 'href="#code"' in fout.text
    via_token = await stuur(gerda, "/delen/vraag", {"token": token})
    via_code = await stuur(gerda, "/delen/vraag", {"code": cijfers})
    assert via_token.headers["location"] == via_code.headers["location"]
    adres = via_code.headers["location"]
    bladzijde = (await gerda.get(adres)).text
    assert "Nienke Postma van De Vlierhof vraagt dit." in bladzijde and "ziet nog niets" in bladzijde
    assert (await nienke.get(f"/client/{GERDA.patient}")).status_code == 404

    groepen = [g for g in re.findall(r'name="groep" value="(\w+)"', bladzijde) if g != "plan"]
    kaart = await volg(gerda, await stuur(gerda, adres, {"besluit": "ja", "groepen": "ja", "groep": groepen}))
    assert "Zij vroegen het u, en u zei ja." in kaart.text
    t = uit_fhir(await nieuwste(app, GERDA.patient))
    assert t.aan == {NIENKE} and t.groepen == frozenset(groepen) and t.gegeven_via == "gevraagd" and t.tot
    assert (await nienke.get(f"/client/{GERDA.patient}")).status_code == 200
    # één keer: de vraag is nu weg
    assert (await gerda.get(adres)).status_code == 404
    assert "Uw cliënt zei ja" in (await nienke.get("/vraag")).text


async def test_nee_en_geen_antwoord_zien_er_hetzelfde_uit(app: FastAPI) -> None:
    nienke, gerda = await log_in(app, "nienke"), await log_in(app, "gerda")
    adres_nee, token, _ = await vraag_van(nienke)
    adres_stil, _, _ = await vraag_van(nienke)
    adres = (await stuur(gerda, "/delen/vraag", {"token": token})).headers["location"]
    vooraf = len(await resources(app, GERDA.patient, "Consent"))
    assert (await stuur(gerda, adres, {"besluit": "nee"})).headers["location"] == "/delen"
    assert len(await resources(app, GERDA.patient, "Consent")) == vooraf
    lijst = (await nienke.get("/vraag")).text
    assert lijst.count("Nog geen ja") == 2 and "zei ja" not in lijst
    kaal = [re.sub(r'[\w-]{20,}|\d+|d="[^"]+"', "", (await nienke.get(a)).text) for a in (adres_nee, adres_stil)]
    assert kaal[0] == kaal[1]
    # en mailen naar wie geen paspoort heeft, geeft hetzelfde antwoord
    for aan in ("onbekend@post.example", "gerda@post.example"):
        antwoord = await stuur(nienke, adres_stil, {"wat": "mail", "aan": aan})
        assert antwoord.headers["location"].endswith("?gemaild")
    verkeerd = await stuur(nienke, adres_stil, {"wat": "mail", "aan": "a@b.nl\nBcc: c@d.nl, x"})
    assert verkeerd.status_code == 422
    mails = [b for b in await post_op(app) if "vraagt of zij" in b.onderwerp]
    assert sorted(b.aan for b in mails) == ["gerda@post.example", "onbekend@post.example"]
    assert all("Nienke Postma van De Vlierhof" in b.tekst and "/delen/vraag#" in b.tekst for b in mails)
    # zonder inlog is er een bladzijde, zonder iets over een paspoort; een collega ziet uw vraag niet
    assert "Log in en bekijk de vraag" in (await browser(app).get("/delen/vraag")).text
    assert (await (await log_in(app, "adelien")).get(adres_stil)).status_code == 404


async def test_in_het_paspoort_vragen_en_ja_zeggen(app: FastAPI) -> None:
    await laat_lezen(app, YVONNE.patient)
    nienke, yvonne = await log_in(app, "nienke"), await log_in(app, "yvonne")
    pad = f"/client/{YVONNE.patient}/vraag"
    assert (await stuur(nienke, pad, {})).status_code == 422
    wacht = await volg(nienke, await stuur(nienke, pad, {"doel": "advies", "hoe": "paspoort"}))
    assert "zegt zelf ja of nee" in wacht.text
    t = uit_fhir(await nieuwste(app, YVONNE.patient))
    assert (t.status, t.gegeven_via, t.aan) == ("proposed", "gevraagd", frozenset({NIENKE}))
    weer = await stuur(nienke, pad, {"doel": "advies", "hoe": "paspoort"})
    assert weer.status_code == 422 and "Deze vraag staat al open." in weer.text and 'href="#doel"' in weer.text
    start = (await yvonne.get("/")).text
    assert "Mag Nienke Postma, De Vlierhof meelezen?" in unescape(start)
    assert any(b.onderwerp == "Iemand wil meelezen" for b in await post_op(app))
    kaart = await volg(yvonne, await stuur(yvonne, f"/delen/gevraagd/{t.id}", {"besluit": "ja"}))
    assert uit_fhir(await nieuwste(app, YVONNE.patient)).status == "active"
    assert "Deze toestemming wachtte nog." in kaart.text and "De toestemming begon." in kaart.text
    # nog een keer, en nu nee
    await stuur(nienke, pad, {"doel": "advies", "hoe": "paspoort"})
    id_ = (await nieuwste(app, YVONNE.patient))["id"]
    await stuur(yvonne, f"/delen/gevraagd/{id_}", {"besluit": "nee"})
    assert (await nieuwste(app, YVONNE.patient))["status"] == "rejected"


async def test_op_papier_geldt_pas_met_de_code_van_de_houder(app: FastAPI) -> None:
    await laat_lezen(app, YVONNE.patient)
    nienke = await log_in(app, "nienke")
    antwoord = await stuur(nienke, f"/client/{YVONNE.patient}/vraag", {"doel": "advies", "hoe": "papier"})
    adres = antwoord.headers["location"]
    id_ = adres.split("/vraag/")[1].split("?")[0]
    assert uit_fhir(await nieuwste(app, YVONNE.patient)).gegeven_via == "papier"

    codes = [b for b in await post_op(app) if "Klopt het" in b.onderwerp]
    assert len(codes) == 1 and codes[0].aan.endswith("@post.example")
    code = re.search(r"(\d{4} \d{4})", codes[0].tekst)
    assert code
    mis = f"{(int(code[1].replace(' ', '')) + 1) % 10**8:08d}"
    assert (await stuur(nienke, adres, {"code": "12"})).status_code == 422
    fout = await stuur(nienke, adres, {"code": mis})
    assert fout.status_code == 422 and "klopt niet" in fout.text and code[1] not in fout.text
    klaar = await volg(nienke, await stuur(nienke, adres, {"code": code[1]}))
    assert "geldt nu" in klaar.text
    consent = next(c for c in await resources(app, YVONNE.patient, "Consent") if c["id"] == id_)
    assert consent["status"] == "active" and consent["verification"][0]["verified"] is True
    assert (await stuur(nienke, adres, {"code": code[1]})).status_code == 404, "een code werkt één keer"

    # vijf verkeerde, en dan ook de goede niet meer; een nieuwe code mag
    antwoord = await stuur(nienke, f"/client/{YVONNE.patient}/vraag", {"doel": "advies", "hoe": "mondeling"})
    adres = antwoord.headers["location"]
    code = re.search(r"(\d{4} \d{4})", next(b for b in await post_op(app) if "Klopt het" in b.onderwerp).tekst)
    assert code
    for _ in range(5):
        await stuur(nienke, adres, {"code": f"{(int(code[1].replace(' ', '')) + 1) % 10**8:08d}"})
    assert "werkt niet meer" in (await stuur(nienke, adres, {"code": code[1]})).text
    await stuur(nienke, adres, {"wat": "opnieuw"})
    code = re.search(r"(\d{4} \d{4})", next(b for b in await post_op(app) if "Klopt het" in b.onderwerp).tekst)
    assert code and (await stuur(nienke, adres, {"code": code[1]})).headers["location"].endswith("?klaar")


async def test_mag_ik_delen_op_de_bladzijde(app: FastAPI) -> None:
    await laat_lezen(app, YVONNE.patient)
    nienke = await log_in(app, "nienke")
    pad = f"/client/{YVONNE.patient}/mag-delen"
    bladzijde = (await nienke.get(pad)).text
    keuzes = dict(re.findall(r'value="(Organization/[\w-]+)">([^<]+)<', bladzijde))
    assert keuzes and "De Vlierhof" not in keuzes.values()
    assert (await stuur(nienke, pad, {})).status_code == 422
    uitkomsten = {
        naam: "Ja, dat mag." in (await stuur(nienke, pad, {"partij": plek, "groep": "hulpmiddelen"})).text
        for plek, naam in keuzes.items()
    }
    assert set(uitkomsten.values()) == {True, False}
    assert (await nienke.get(f"/client/{GERDA.patient}/mag-delen")).status_code == 404
