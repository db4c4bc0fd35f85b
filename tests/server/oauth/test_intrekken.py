"""Intrekken, nakijken en userinfo; een ingetrokken token is bij het eerstvolgende verzoek 401 (toegang.md §6)."""

import pytest

from paspoort.fouten import PaspoortFout
from server.access.actor import Actor
from server.oauth.apps import apps_van, stop_app
from tests.server.oauth.conftest import HOUDER, SLEUTELS, Proefapp, bewijs


def kop(token):
    return {"Authorization": f"Bearer {token}"}


async def test_een_toegangstoken_intrekken_werkt_bij_het_eerstvolgende_verzoek(inlog):
    app = Proefapp(await inlog("yvonne"))
    token = await app.tokens()
    assert (await app.browser.get("/fhir/Device", headers=kop(token["access_token"]))).status_code == 200
    uit = await app.browser.post("/oauth/revoke", data={"token": token["access_token"], "client_id": "app-eigen"})
    assert uit.status_code == 200
    antwoord = await app.browser.get("/fhir/Device", headers=kop(token["access_token"]))
    assert antwoord.status_code == 401 and "WWW-Authenticate" in antwoord.headers
    assert (await app.vernieuw(token["refresh_token"])).status_code == 200


async def test_een_verversingstoken_intrekken_beeindigt_ook_het_toegangstoken(inlog):
    app = Proefapp(await inlog("yvonne"))
    token = await app.tokens()
    velden = {"token": token["refresh_token"], "token_type_hint": "access_token", "client_id": "app-eigen"}
    assert (await app.browser.post("/oauth/revoke", data=velden)).status_code == 200
    assert (await app.browser.get("/fhir/Device", headers=kop(token["access_token"]))).status_code == 401


@pytest.mark.parametrize(
    ("velden", "status"),
    [
        ({"client_id": "app-eigen"}, 400),
        ({"token": "", "client_id": "app-eigen"}, 400),
        ({"token": "x"}, 400),
        ({"token": "x", "client_id": "bestaat-niet"}, 400),
        ({"token": "x", "client_id": "app-sleutel"}, 400),
        ({"token": "onbekend", "client_id": "app-eigen"}, 200),
        ({"token": "onbekend", "token_type_hint": "iets", "client_id": "app-eigen"}, 200),
    ],
    ids=str,
)
async def test_intrekken_met_andere_parameters(browser, velden, status):
    assert (await browser().post("/oauth/revoke", data=velden)).status_code == status


async def test_een_app_kan_het_token_van_een_ander_niet_intrekken(inlog):
    app = Proefapp(await inlog("yvonne"))
    token = await app.tokens()
    velden = {"token": token["access_token"]} | bewijs("app-sleutel", SLEUTELS["code"])
    assert (await app.browser.post("/oauth/revoke", data=velden)).status_code == 400
    assert (await app.browser.get("/fhir/Device", headers=kop(token["access_token"]))).status_code == 200


async def test_nakijken_zegt_wat_een_token_mag(inlog):
    app = Proefapp(await inlog("nienke"), "app-sleutel", SLEUTELS["code"])
    token = await app.tokens(scope="openid fhirUser user/*.rs")
    velden = {"token": token["access_token"]} | bewijs("app-sleutel", SLEUTELS["code"])
    uit = (await app.browser.post("/oauth/introspect", data=velden)).json()
    assert uit["active"] is True and uit["scope"] == token["scope"] and uit["client_id"] == "app-sleutel"
    assert uit["iss"] == "http://test" and uit["exp"] - uit["iat"] == 600
    assert uit["fhirUser"] == "http://test/fhir/PractitionerRole/therapeut-nienke"


async def test_nakijken_van_een_vreemd_of_onbekend_token_is_inactief(inlog):
    app = Proefapp(await inlog("yvonne"))
    token = await app.tokens()
    for tekst in (token["access_token"], "onbekend", "é"):
        velden = {"token": tekst} | bewijs("app-sleutel", SLEUTELS["code"])
        assert (await app.browser.post("/oauth/introspect", data=velden)).json() == {"active": False}


@pytest.mark.parametrize(
    "velden", [{}, {"token": "x"}, {"token": "x", "client_id": "app-eigen"}, {"client_id": "app-eigen"}]
)
async def test_nakijken_zonder_sleutel_kan_niet(browser, velden):
    antwoord = await browser().post("/oauth/introspect", data=velden)
    assert antwoord.status_code in (400, 401) and "active" not in antwoord.json()


@pytest.mark.parametrize("waarde", ["", "Bearer", "Bearer verzonnen", "Basic eDp5", "verzonnen"])
async def test_userinfo_zonder_geldig_token_is_401(browser, waarde):
    antwoord = await browser().get("/oauth/userinfo", headers={"Authorization": waarde})
    assert antwoord.status_code == 401 and antwoord.headers["www-authenticate"].startswith("Bearer")


async def test_userinfo_geeft_alleen_wat_de_scope_vraagt(inlog, mensen):
    app = Proefapp(await inlog("yvonne"))
    token = (await app.tokens(scope="openid profile"))["access_token"]
    assert (await app.browser.get("/oauth/userinfo", headers=kop(token))).json() == {
        "sub": mensen["yvonne"],
        "name": "Yvonne",
    }
    zonder = (await app.tokens(scope="patient/*.rs"))["access_token"]
    assert (await app.browser.get("/oauth/userinfo", headers=kop(zonder))).status_code == 403


async def test_de_houder_ziet_haar_apps_en_stopt_ermee(inlog, opslag):
    app = Proefapp(await inlog("yvonne"))
    token = await app.tokens(scope="offline_access patient/Device.rs")
    lijst = await apps_van(opslag, HOUDER)
    assert [(a.naam, a.leest, a.blijvend) for a in lijst] == [("Mijn app", ("uw hulpmiddelen",), True)]
    ander = Actor("persoon", "houder", "Ander", patient="houder-ander", scopes=None)
    with pytest.raises(PaspoortFout):
        await stop_app(opslag, ander, "app-eigen")
    await stop_app(opslag, Actor("persoon", "houder", "Yvonne", account="a", patient=HOUDER, scopes=None), "app-eigen")
    assert await apps_van(opslag, HOUDER) == ()
    assert (await app.browser.get("/fhir/Device", headers=kop(token["access_token"]))).status_code == 401
    assert (await app.vernieuw(token["refresh_token"])).json()["error"] == "invalid_grant"
