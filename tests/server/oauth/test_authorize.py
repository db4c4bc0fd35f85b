"""/oauth/authorize met parameters die niet kloppen: een bladzijde, of als het adres vaststaat naar de app."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.server.oauth.conftest import Proefapp

PLAIN = "p" * 50


@pytest.mark.parametrize(
    "anders",
    [
        {"client_id": None},
        {"client_id": "bestaat-niet"},
        {"client_id": "app-gemeente"},
        {"redirect_uri": None},
        {"redirect_uri": "https://app.example/terug/"},
        {"redirect_uri": "https://app.example/terug?x=1"},
        {"redirect_uri": 'https://kwaad.example/"<é>'},
        {"redirect_uri": "javascript:alert(1)"},
    ],
    ids=str,
)
async def test_een_onveilig_adres_geeft_een_bladzijde_en_geen_doorverwijzing(inlog, anders):
    app = Proefapp(await inlog("yvonne"))
    antwoord = await app.browser.get("/oauth/authorize", params=app.vraag(**anders))
    assert antwoord.status_code == 400 and "location" not in antwoord.headers
    assert "De app kan niet verder" in antwoord.text and "kwaad" not in antwoord.text


@pytest.mark.parametrize(
    ("anders", "fout"),
    [
        ({"state": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain", "code_challenge": PLAIN}, "invalid_request"),
        ({"code_challenge": "te-kort"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": 'é"<x>'}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "patient/Fiets.rs"}, "invalid_scope"),
        ({"scope": 'alles mag é"'}, "invalid_scope"),
        ({"scope": "patient/Device.rs?x=y"}, "invalid_scope"),
        ({"scope": "system/*.rs"}, "invalid_scope"),
        ({"aud": "https://elders.example/fhir"}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"prompt": "none login"}, "invalid_request"),
    ],
    ids=str,
)
async def test_een_fout_gaat_met_state_en_iss_naar_de_app(inlog, anders, fout):
    app = Proefapp(await inlog("yvonne"))
    antwoord = await app.browser.get("/oauth/authorize", params=app.vraag(**anders))
    assert antwoord.status_code == 303, antwoord.text
    adres = urlsplit(antwoord.headers["location"])
    velden = parse_qs(adres.query)
    assert adres.netloc == "app.example" and velden["error"] == [fout] and velden["iss"] == ["http://test"]
    assert velden.get("state", []) == ([] if "state" in anders else ["s-123"])
    assert "code" not in velden


@pytest.mark.parametrize("naam", ["client_id", "redirect_uri", "scope", "state", "code_challenge", "response_type"])
async def test_een_dubbele_parameter_geeft_geen_code(inlog, naam):
    app = Proefapp(await inlog("yvonne"))
    vraag = app.vraag()
    antwoord = await app.browser.get("/oauth/authorize", params=[*vraag.items(), (naam, vraag[naam])])
    assert antwoord.status_code == 400 or "error=invalid_request" in antwoord.headers["location"]


async def test_zonder_inlog_krijgt_prompt_none_login_required(browser):
    app = Proefapp(browser())
    antwoord = await app.browser.get("/oauth/authorize", params=app.vraag(prompt="none"))
    assert "error=login_required" in antwoord.headers["location"]


async def test_een_beheerder_kan_geen_app_in_een_paspoort_laten(inlog):
    app = Proefapp(await inlog("beheer"))
    antwoord = await app.browser.get("/oauth/authorize", params=app.vraag(scope="patient/*.rs user/*.rs"))
    assert "error=access_denied" in antwoord.headers["location"]


async def test_een_te_groot_of_ander_formulier_wordt_geweigerd(inlog):
    browser = await inlog("yvonne")
    assert (await browser.post("/oauth/authorize", data={"x": "y" * 70_000})).status_code == 400
    assert (await browser.post("/oauth/authorize", json={"client_id": "app-eigen"})).status_code == 400
