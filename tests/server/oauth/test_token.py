"""/oauth/token: foute parameters, PKCE, vernieuwen met rotatie en versmallen."""

import pytest

from server.oauth.actor import actor_van_token
from server.store.session import lidmaatschappen, verwijder_lidmaatschap
from tests.server.oauth.conftest import Proefapp


@pytest.mark.parametrize(
    ("anders", "fout"),
    [
        ({"code_verifier": None}, "invalid_request"),
        ({"code_verifier": "kort"}, "invalid_request"),
        ({"code_verifier": "x" * 60}, "invalid_grant"),
        ({"redirect_uri": None}, "invalid_grant"),
        ({"redirect_uri": "https://app.example/anders"}, "invalid_grant"),
        ({"client_id": None}, "invalid_client"),
        ({"client_id": "bestaat-niet"}, "invalid_client"),
        ({"client_id": "app-sleutel"}, "invalid_client"),
        ({"code": None}, "invalid_request"),
        ({"code": "verzonnen"}, "invalid_grant"),
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": 'é"'}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "invalid_client"),
    ],
    ids=str,
)
async def test_een_foute_inwisseling_zegt_wat_er_mis_is(inlog, anders, fout):
    app = Proefapp(await inlog("yvonne"))
    antwoord = await app.wissel(await app.code(), **anders)
    assert antwoord.status_code in (400, 401) and antwoord.json()["error"] == fout
    assert "access_token" not in antwoord.json() and antwoord.headers["cache-control"] == "no-store"


async def test_andere_vormen_van_een_verzoek_worden_geweigerd(inlog):
    app = Proefapp(await inlog("yvonne"))
    code = await app.code()
    velden = {"grant_type": "authorization_code", "code": code, "client_id": "app-eigen"}
    assert (await app.browser.post("/oauth/token", json=velden)).json()["error"] == "invalid_request"
    assert (await app.browser.post("/oauth/token", params=velden)).json()["error"] == "invalid_request"
    assert (await app.browser.post("/oauth/token", params=velden, data=velden)).json()["error"] == "invalid_request"
    dubbel = "&".join(f"{n}={w}" for n, w in velden.items()) + "&code=" + code
    kop = {"content-type": "application/x-www-form-urlencoded"}
    assert (await app.browser.post("/oauth/token", content=dubbel, headers=kop)).json()["error"] == "invalid_request"
    assert (await app.browser.post("/oauth/token", content=b"\xff\xfe=1", headers=kop)).json()[
        "error"
    ] == "invalid_request"
    assert (await app.browser.get("/oauth/token")).status_code == 405


async def test_zonder_offline_access_geen_verversingstoken(inlog):
    app = Proefapp(await inlog("yvonne"))
    assert "refresh_token" not in await app.tokens(scope="patient/*.rs")


async def test_vernieuwen_geeft_een_nieuw_paar_en_hergebruik_beeindigt_de_familie(inlog):
    app = Proefapp(await inlog("yvonne"))
    eerste = await app.tokens()
    tweede = (await app.vernieuw(eerste["refresh_token"])).json()
    assert tweede["patient"] == "houder-yvonne" and tweede["refresh_token"] != eerste["refresh_token"]
    assert tweede["scope"] == eerste["scope"]
    kop = {"Authorization": f"Bearer {tweede['access_token']}"}
    assert (await app.browser.get("/fhir/Device", headers=kop)).status_code == 200
    assert (await app.vernieuw(eerste["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await app.browser.get("/fhir/Device", headers=kop)).status_code == 401
    assert (await app.vernieuw(tweede["refresh_token"])).json()["error"] == "invalid_grant"


async def test_vernieuwen_mag_versmallen_maar_niet_verruimen_en_de_toestemming_blijft(inlog, opslag):
    app = Proefapp(await inlog("yvonne"))
    eerste = await app.tokens(scope="offline_access patient/*.rs")
    smal = await app.vernieuw(eerste["refresh_token"], scope="patient/Device.r")
    assert smal.json()["scope"] == "patient/Device.r"
    assert (await actor_van_token(opslag, smal.json()["access_token"])).blijvend, "het ja is niet smaller geworden"
    even = await Proefapp(await inlog("yvonne")).tokens(scope="patient/*.rs")
    assert not (await actor_van_token(opslag, even["access_token"])).blijvend
    ruimer = await app.vernieuw(smal.json()["refresh_token"], scope="patient/*.cruds")
    assert ruimer.json()["error"] == "invalid_scope"
    weer = await app.vernieuw(smal.json()["refresh_token"])
    assert set(weer.json()["scope"].split()) == {"offline_access", "patient/*.rs"}


@pytest.mark.parametrize("token", ["", "verzonnen", "é"])
async def test_een_onbekend_verversingstoken_wordt_geweigerd(inlog, token):
    app = Proefapp(await inlog("yvonne"))
    assert (await app.vernieuw(token)).json()["error"] in ("invalid_grant", "invalid_request")


async def test_een_toegangstoken_is_geen_verversingstoken_en_andersom(inlog):
    app = Proefapp(await inlog("yvonne"))
    token = await app.tokens()
    assert (await app.vernieuw(token["access_token"])).json()["error"] == "invalid_grant"
    kop = {"Authorization": f"Bearer {token['refresh_token']}"}
    assert (await app.browser.get("/fhir/Device", headers=kop)).status_code == 401


async def test_een_andere_app_kan_niet_vernieuwen(inlog):
    app = Proefapp(await inlog("yvonne"))
    token = await app.tokens()
    antwoord = await app.vernieuw(token["refresh_token"], client_id="app-sleutel")
    assert antwoord.json()["error"] == "invalid_client"


async def test_wie_de_rol_niet_meer_heeft_kan_niet_vernieuwen(inlog, opslag, mensen):
    app = Proefapp(await inlog("nienke"))
    token = await app.tokens(scope="offline_access user/*.rs")
    for lid in await lidmaatschappen(opslag, mensen["nienke"]):
        await verwijder_lidmaatschap(opslag, lid.id)
    assert (await app.vernieuw(token["refresh_token"])).json()["error"] == "invalid_grant"
