"""Inloggen: demopersoon in één verzoek, de hele flow in de browser, rol kiezen, uitloggen, en wat niet mag."""

import time
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI

from paspoort.fhir.stelsels import extension
from paspoort.fouten import PaspoortFout
from server.oauth.identity import Inlogdienst, Poging
from server.oauth.inloggen import veilig_pad
from server.oauth.routes import maak_router
from server.oauth.sessie import Sessies
from server.store import session as opgeslagen
from tests.server.oauth.conftest import Proefapp, velden_van
from web.bladzijde import maak_render


async def actor_in(browser, opslag, settings):
    """Wie de bladzijden zien, uit het cookie van deze browser."""
    verzoek = type("Verzoek", (), {"cookies": dict(browser.cookies), "state": type("State", (), {})()})()
    return await Sessies(opslag, settings).actor(verzoek)


async def test_een_demopersoon_logt_in_met_een_verzoek(browser, opslag, settings):
    client = browser()
    antwoord = await client.post("/inloggen", data={"persoon": "yvonne"})
    assert antwoord.status_code == 303 and antwoord.headers["location"] == "/"
    cookie = antwoord.headers["set-cookie"]
    assert cookie.startswith("hmp=") and "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie
    actor = await actor_in(client, opslag, settings)
    assert (actor.rol, actor.patient, actor.naam, actor.scopes) == ("houder", "houder-yvonne", "Yvonne", None)


async def test_met_https_is_het_cookie_gebonden_aan_de_site(opslag, settings, mensen):
    veilig = replace(settings, base_url="https://test")
    app = FastAPI()
    app.include_router(maak_router(opslag, veilig, maak_render(settings)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://test") as client:
        antwoord = await client.post("/inloggen", data={"persoon": "yvonne"})
    cookie = antwoord.headers["set-cookie"]
    assert cookie.startswith("__Host-hmp=") and "Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie


@pytest.mark.parametrize(
    "velden", [{}, {"persoon": ""}, {"persoon": "bestaat-niet"}, {"persoon": "é<"}, {"naam": "yvonne"}]
)
async def test_een_onbekende_persoon_krijgt_de_keuze_opnieuw(browser, velden):
    client = browser()
    antwoord = await client.post("/inloggen", data=velden)
    assert antwoord.status_code == 400 and "Deze persoon kennen wij niet" in antwoord.text
    assert "set-cookie" not in antwoord.headers


async def test_wie_nergens_een_rol_heeft_kan_niets_dan_een_eigen_paspoort_maken(browser, opslag, settings):
    client = browser()
    antwoord = await client.post("/inloggen", data={"persoon": "leeg"})
    assert antwoord.headers["location"] == "/inloggen/rol" and await actor_in(client, opslag, settings) is None
    assert "Maak mijn paspoort" in (await client.get("/inloggen/rol")).text


async def test_een_andere_site_kan_niemand_laten_inloggen(browser):
    client = browser()
    for kop in ({"sec-fetch-site": "cross-site"}, {"origin": "https://kwaad.example"}, {"origin": "null"}):
        assert (await client.post("/inloggen", data={"persoon": "yvonne"}, headers=kop)).status_code == 403
    goed = await client.post("/inloggen", data={"persoon": "yvonne"}, headers={"origin": "http://test"})
    assert goed.status_code == 303


async def test_elke_inlog_geeft_een_nieuw_token_en_het_oude_is_weg(browser, opslag):
    client = browser()
    await client.post("/inloggen", data={"persoon": "yvonne"})
    eerste = client.cookies["hmp"]
    await client.post("/inloggen", data={"persoon": "nienke"})
    assert client.cookies["hmp"] != eerste
    assert await opgeslagen.lees_sessie(opslag, eerste, int(time.time())) is None


MANDAAT = {
    "resourceType": "RelatedPerson",
    "id": "mandaat-peter",
    "active": True,
    "patient": {"reference": "Patient/houder-yvonne"},
    "name": [{"text": "Peter"}],
    "period": {"start": "2020-01-01"},
    "extension": [{"url": extension("mandaatsoort"), "valueCode": "gemachtigde"}],
}


async def test_wie_meer_rollen_heeft_kiest_en_kan_eerst_niets(browser, opslag, wereld, settings, mensen):
    rol = next(lid for lid in await opgeslagen.lidmaatschappen(opslag, mensen["peter"]) if lid.namens)
    await opgeslagen.zet_lidmaatschap(opslag, replace(rol, mandaat="mandaat-peter"))
    await wereld.zet("houder-yvonne", MANDAAT)
    client = browser()
    antwoord = await client.post("/inloggen", data={"persoon": "peter", "volgende": "/delen"})
    assert antwoord.headers["location"] == "/inloggen/rol?volgende=%2Fdelen"
    assert await actor_in(client, opslag, settings) is None
    bladzijde = await client.get(antwoord.headers["location"])
    assert "Het paspoort van Yvonne" in bladzijde.text and "Uw eigen paspoort" in bladzijde.text
    keuze = bladzijde.text.split("Het paspoort van Yvonne")[0].split('value="')[-1].split('"')[0]
    velden = velden_van(bladzijde.text) | {"lidmaatschap": keuze}
    zonder = await client.post("/inloggen/rol", data=velden | {"csrf": "x"})
    assert zonder.status_code == 403
    voor = client.cookies["hmp"]
    gekozen = await client.post("/inloggen/rol", data=velden)
    assert gekozen.headers["location"] == "/delen" and client.cookies["hmp"] != voor
    actor = await actor_in(client, opslag, settings)
    assert (actor.rol, actor.patient, actor.namens) == ("vertegenwoordiger", "houder-yvonne", "Yvonne")
    assert actor.mandaat == "mandaat-peter"
    await wereld.zet("houder-yvonne", MANDAAT | {"active": False})
    bladzijde = (await client.get("/inloggen/rol")).text
    assert bladzijde.count('name="lidmaatschap"') == 1 and "Uw toegang hier is voorbij" in bladzijde


async def test_wie_velen_helpt_zoekt_op_naam_zonder_naam_in_een_adres(browser, opslag, wereld, mensen):
    await wereld.zet("houder-yvonne", MANDAAT)
    for naam in ("Anna", "Bas", "Cor", "Dirk", "Els", "Frits", "Gé", "Hannah"):
        lid = opgeslagen.Lidmaatschap(mensen["yvonne"], "vertegenwoordiger", None, None, "houder-yvonne", naam)
        await opgeslagen.zet_lidmaatschap(opslag, replace(lid, mandaat="mandaat-peter"))
    client = browser()
    await client.post("/inloggen", data={"persoon": "yvonne"})
    alles = (await client.get("/inloggen/rol")).text
    namen = [stuk.split("<")[0] for stuk in alles.split("Het paspoort van ")[1:]]
    assert namen == ["Anna", "Bas", "Cor", "Dirk", "Els", "Frits", "Gé", "Hannah"] and "Zoek op naam" in alles
    gevonden = await client.post("/inloggen/rol", data=velden_van(alles) | {"zoek": "an"})
    assert gevonden.status_code == 200 and gevonden.text.count("Het paspoort van ") == 2  # Anna en Hannah
    assert "Wij vinden niemand" not in gevonden.text
    leeg = (await client.post("/inloggen/rol", data=velden_van(alles) | {"zoek": "<x>"})).text
    assert "&lt;x&gt;" in leeg and leeg.count("Het paspoort van ") == 0 and "Uw eigen paspoort" in leeg


async def test_uitloggen_beeindigt_de_sessie_en_vraagt_csrf(browser, opslag, settings):
    client = browser()
    await client.post("/inloggen", data={"persoon": "peter"})
    csrf = velden_van((await client.get("/inloggen/rol")).text)["csrf"]
    token = client.cookies["hmp"]
    assert (await client.post("/uitloggen", data={})).status_code == 403
    assert (await client.post("/uitloggen", data={"csrf": csrf})).status_code == 303
    assert await opgeslagen.lees_sessie(opslag, token, int(time.time())) is None
    assert "hmp" not in client.cookies


async def test_een_sessie_eindigt_na_een_kwartier_stilte(browser, opslag):
    client = browser()
    await client.post("/inloggen", data={"persoon": "yvonne"})
    token, nu = client.cookies["hmp"], int(time.time())
    assert await opgeslagen.lees_sessie(opslag, token, nu + 14 * 60) is not None
    assert await opgeslagen.lees_sessie(opslag, token, nu + 15 * 60 + 1) is None


async def test_de_flow_in_de_browser_gaat_langs_de_provider(browser):
    client = browser()
    heen = await client.post("/inloggen/bij", data={"aanbieder": "demo", "volgende": "/delen"})
    assert heen.status_code == 303 and heen.headers["location"].startswith("http://test/demo-inlog/authorize?")
    bladzijde = await client.get(heen.headers["location"])
    assert "Wie bent u vandaag?" in bladzijde.text
    gekozen = await client.post("/demo-inlog/authorize", data=velden_van(bladzijde.text) | {"persoon": "yvonne"})
    terug = await client.get(gekozen.headers["location"])
    assert terug.status_code == 303 and terug.headers["location"] == "/delen" and client.cookies["hmp"]
    nogmaals = await client.get(gekozen.headers["location"])
    assert nogmaals.status_code == 400  # poging en code zijn op


async def test_een_terugkomst_zonder_eigen_poging_logt_niet_in(browser):
    aanvaller, slachtoffer = browser(), browser()
    heen = await aanvaller.post("/inloggen/bij", data={"aanbieder": "demo"})
    bladzijde = await aanvaller.get(heen.headers["location"])
    gekozen = await aanvaller.post("/demo-inlog/authorize", data=velden_van(bladzijde.text) | {"persoon": "yvonne"})
    antwoord = await slachtoffer.get(gekozen.headers["location"])
    assert antwoord.status_code == 400 and "hmp" not in slachtoffer.cookies
    slachtoffer.cookies.set("hmp-inlog", "verzonnen")
    assert (await slachtoffer.get(gekozen.headers["location"])).status_code == 400


@pytest.mark.parametrize(
    "anders",
    [
        {"client_id": "x"},
        {"redirect_uri": "https://kwaad.example/"},
        {"response_type": "token"},
        {"code_challenge_method": "plain"},
        {"nonce": ""},
        {"state": ""},
        {"code_challenge": ""},
    ],
    ids=str,
)
async def test_de_demoprovider_weigert_een_foute_vraag(browser, anders):
    client = browser()
    heen = await client.post("/inloggen/bij", data={"aanbieder": "demo"})
    velden = dict(httpx.URL(heen.headers["location"]).params) | anders
    antwoord = await client.post("/demo-inlog/authorize", data=velden | {"persoon": "yvonne"})
    assert antwoord.status_code == 400 and "location" not in antwoord.headers


async def test_de_demoprovider_wisselt_een_code_een_keer_en_met_verifier(browser):
    client = browser()
    for velden in ({}, {"grant_type": "authorization_code"}, {"grant_type": "password"}, {"code": "x"}):
        assert (await client.post("/demo-inlog/token", data=velden)).status_code == 400


async def test_buiten_de_demo_bestaat_de_demo_niet(opslag, settings, mensen):
    app = FastAPI()
    app.include_router(maak_router(opslag, replace(settings, demo=False), maak_render(settings)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        for pad in ("/demo-inlog/authorize", "/demo-inlog/jwks", "/demo-inlog/.well-known/openid-configuration"):
            assert (await client.get(pad)).status_code == 404
        assert (await client.post("/demo-inlog/token")).status_code == 404
        assert (await client.post("/inloggen", data={"persoon": "yvonne"})).status_code == 400
        assert "yvonne" not in (await client.get("/inloggen")).text
        app_ = Proefapp(client, "app-proef")
        antwoord = await client.get("/oauth/authorize", params=app_.vraag())
        assert "Wij kennen deze app niet" in antwoord.text


@pytest.mark.parametrize("velden", [{}, {"code": "x"}, {"state": "s"}, {"code": "x", "state": "ander"},
                                    {"code": "x", "state": "s", "iss": "https://kwaad.example"},
                                    {"code": "x", "state": "s"}])  # fmt: skip
async def test_een_terugkomst_die_niet_klopt_is_mislukt(oauth_app, mensen, settings, opslag, velden):
    from server.oauth.dienst import OAuthDienst

    dienst: Inlogdienst = OAuthDienst(opslag, settings, maak_render(settings)).inlogdienst
    poging = Poging("demo", "s", "n", "v" * 50, "/", int(time.time()))
    with pytest.raises(PaspoortFout) as fout:
        await dienst.voltooi(poging, velden, "demo")
    assert fout.value.meldingen[0].code == "inloggen-mislukt"


@pytest.mark.parametrize(
    "adres", ["https://kwaad.example", "//kwaad.example", "/\\kwaad.example", "", "delen", "/a\nb", "/\t/x"]
)
def test_na_het_inloggen_gaat_u_nooit_naar_een_andere_site(adres):
    assert veilig_pad(adres) == "/"
    assert veilig_pad("/oauth/authorize?x=1&y=%2F") == "/oauth/authorize?x=1&y=%2F"
