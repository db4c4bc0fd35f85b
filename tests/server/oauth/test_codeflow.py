"""De code-flow van begin tot eind, met een app van authlib en een van losse HTTP (smart-2.2.0@27, 31, 53–59, 73–87)."""

import asyncio
import warnings
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from server.access.scopes import ontleed_alle
from tests.server.oauth.conftest import SLEUTELS, TERUG, Proefapp, velden_van


async def test_een_app_van_authlib_doet_de_hele_flow(inlog, oauth_app):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from authlib.integrations.httpx_client import AsyncOAuth2Client
    yvonne = await inlog("yvonne")
    verifier = "v" * 64
    transport = httpx.ASGITransport(app=oauth_app)
    async with AsyncOAuth2Client(
        "app-eigen", redirect_uri=TERUG, scope="openid offline_access patient/Device.rs", code_challenge_method="S256",
        token_endpoint_auth_method="none", transport=transport, base_url="http://test",
    ) as app:  # fmt: skip
        metadata = (await yvonne.get("/.well-known/openid-configuration")).json()
        adres, state = app.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
        bladzijde = await yvonne.get(adres)
        antwoord = await yvonne.post("/oauth/authorize", data=velden_van(bladzijde.text) | {"besluit": "ja"})
        token = await app.fetch_token(
            metadata["token_endpoint"], authorization_response=antwoord.headers["location"], state=state,
            code_verifier=verifier,
        )  # fmt: skip
        assert token["patient"] == "houder-yvonne"
        hulpmiddelen = await app.get("http://test/fhir/Device")
        assert hulpmiddelen.status_code == 200
        assert [e["resource"]["id"] for e in hulpmiddelen.json()["entry"]] == ["rolstoel-yvonne"]
        vernieuwd = await app.refresh_token(metadata["token_endpoint"])
        assert vernieuwd["access_token"] != token["access_token"]


async def test_het_antwoord_draagt_alles_wat_smart_vraagt(inlog):
    app = Proefapp(await inlog("yvonne"))
    antwoord = await app.vraag_toestemming()
    velden = parse_qs(urlsplit(antwoord.headers["location"]).query)
    assert velden["state"] == ["s-123"] and velden["iss"] == ["http://test"]
    uit = await app.wissel(velden["code"][0])
    assert uit.status_code == 200
    assert uit.headers["cache-control"] == "no-store" and uit.headers["pragma"] == "no-cache"
    token = uit.json()
    assert token["token_type"] == "Bearer" and token["expires_in"] == 600
    assert set(token["scope"].split()) == {"openid", "fhirUser", "launch/patient", "offline_access", "patient/*.rs"}
    assert token["patient"] == "houder-yvonne"


async def test_het_id_token_klopt_met_de_gepubliceerde_sleutel(inlog, mensen):
    app = Proefapp(await inlog("yvonne"))
    token = await app.tokens()
    jwks = KeySet.import_key_set((await app.browser.get("/oauth/jwks")).json())
    assert all("d" not in s for s in (await app.browser.get("/oauth/jwks")).json()["keys"])
    claims = jwt.decode(token["id_token"], jwks, algorithms=["RS256"]).claims
    assert claims["iss"] == "http://test" and claims["aud"] == "app-eigen" and claims["nonce"] == "n-456"
    assert claims["sub"] == mensen["yvonne"] and claims["fhirUser"] == "http://test/fhir/Patient/houder-yvonne"
    assert "name" not in claims  # `profile` was niet gevraagd


async def test_een_therapeut_krijgt_alleen_user_scopes(inlog):
    app = Proefapp(await inlog("nienke"))
    token = await app.tokens(scope="openid fhirUser launch/patient patient/*.rs user/*.rs")
    assert set(token["scope"].split()) == {"openid", "fhirUser", "user/*.rs"}
    assert "patient" not in token and "refresh_token" not in token


async def test_een_app_met_sleutel_bewijst_zich(inlog):
    app = Proefapp(await inlog("nienke"), "app-sleutel", SLEUTELS["code"])
    code = await app.code(scope="user/*.rs")
    zonder = await app.wissel(code, client_assertion=None, client_assertion_type=None, client_id="app-sleutel")
    assert zonder.json()["error"] == "invalid_client"
    assert (await app.wissel(code)).status_code == 200


async def test_een_v1_scope_komt_terug_zoals_zij_gevraagd_is(inlog):
    app = Proefapp(await inlog("yvonne"))
    assert (await app.tokens(scope="patient/Device.read"))["scope"] == "patient/Device.read"


async def test_nee_zeggen_gaat_als_access_denied_terug(inlog):
    app = Proefapp(await inlog("yvonne"))
    velden = parse_qs(urlsplit((await app.vraag_toestemming("nee")).headers["location"]).query)
    assert velden["error"] == ["access_denied"] and velden["state"] == ["s-123"] and velden["iss"] == ["http://test"]
    assert "code" not in velden


async def test_een_code_werkt_een_keer_en_hergebruik_trekt_alles_in(inlog):
    app = Proefapp(await inlog("yvonne"))
    code = await app.code()
    token = (await app.wissel(code)).json()
    kop = {"Authorization": f"Bearer {token['access_token']}"}
    assert (await app.browser.get("/fhir/Device", headers=kop)).status_code == 200
    nogmaals = await app.wissel(code)
    assert (nogmaals.status_code, nogmaals.json()["error"]) == (400, "invalid_grant")
    assert (await app.browser.get("/fhir/Device", headers=kop)).status_code == 401
    assert (await app.vernieuw(token["refresh_token"])).json()["error"] == "invalid_grant"


async def test_twee_keer_tegelijk_inwisselen_geeft_hoogstens_een_token(inlog):
    app = Proefapp(await inlog("yvonne"))
    code = await app.code()
    antwoorden = await asyncio.gather(*(app.wissel(code) for _ in range(4)))
    assert sum(a.status_code == 200 for a in antwoorden) <= 1
    assert all(a.status_code in (200, 400) for a in antwoorden)


async def test_een_code_van_een_ander_werkt_niet(inlog):
    app = Proefapp(await inlog("yvonne"))
    code = await app.code()
    ander = Proefapp(app.browser, "app-sleutel", SLEUTELS["code"], app.verifier)
    assert (await ander.wissel(code)).json()["error"] == "invalid_grant"
    assert (await app.wissel(code)).status_code == 200


async def test_de_toestemmingsbladzijde_zegt_in_gewone_taal_wat_de_app_mag(inlog):
    app = Proefapp(await inlog("yvonne"))
    bladzijde = (
        await app.browser.get("/oauth/authorize", params=app.vraag(scope="patient/Device.rs patient/Task.cu"))
    ).text
    assert "Mag Mijn app meekijken?" in bladzijde and "Uw hulpmiddelen" in bladzijde
    assert "Uw ziekte en beperkingen" in bladzijde.split("Dit leest de app niet")[1]
    assert "Hoe het met uw verzoeken" in bladzijde.split("Dit mag de app veranderen")[1].split("leest de app niet")[0]
    assert "10 minuten" in bladzijde and "app.example" in bladzijde


async def test_wie_niet_is_ingelogd_logt_in_en_komt_terug_bij_de_vraag(browser):
    app = Proefapp(browser())
    heen = await app.browser.get("/oauth/authorize", params=app.vraag())
    assert heen.status_code == 303 and heen.headers["location"].startswith("/inloggen?volgende=")
    volgende = velden_van((await app.browser.get(heen.headers["location"])).text)["volgende"]
    terug = await app.browser.post("/inloggen", data={"persoon": "yvonne", "volgende": volgende})
    bladzijde = await app.browser.get(terug.headers["location"])
    assert bladzijde.status_code == 200 and "Mag Mijn app meekijken?" in bladzijde.text


async def test_de_app_mag_de_vraag_ook_met_post_stellen(inlog):
    app = Proefapp(await inlog("yvonne"))
    bladzijde = await app.browser.post("/oauth/authorize", data=app.vraag())
    assert bladzijde.status_code == 200 and "Mag Mijn app meekijken?" in bladzijde.text


async def test_een_vreemd_formulier_geeft_geen_toestemming(inlog):
    app = Proefapp(await inlog("yvonne"))
    for csrf in ("", "verzonnen", "é"):
        antwoord = await app.browser.post("/oauth/authorize", data=app.vraag() | {"csrf": csrf, "besluit": "ja"})
        assert antwoord.status_code == 403 and "location" not in antwoord.headers


async def test_het_formulier_kan_niet_meer_vragen_dan_de_persoon_mag(inlog):
    app = Proefapp(await inlog("nienke"))
    bladzijde = await app.browser.get("/oauth/authorize", params=app.vraag(scope="user/Device.rs"))
    velden = velden_van(bladzijde.text) | {"scope": "user/Device.rs patient/*.cruds", "besluit": "ja"}
    antwoord = await app.browser.post("/oauth/authorize", data=velden)
    token = (await app.wissel(httpx.URL(antwoord.headers["location"]).params["code"])).json()
    assert {s.niveau for s in ontleed_alle(token["scope"])[0]} == {"user"}


@pytest.mark.parametrize("prompt", ["none", "login"])
async def test_prompt_wordt_gehoorzaamd(inlog, prompt):
    app = Proefapp(await inlog("yvonne"))
    antwoord = await app.browser.get("/oauth/authorize", params=app.vraag(prompt=prompt))
    assert antwoord.status_code == 303
    if prompt == "none":
        assert "error=consent_required" in antwoord.headers["location"]
    else:
        assert antwoord.headers["location"].startswith("/inloggen?") and "prompt" not in antwoord.headers["location"]
