"""De ontdekkingsdocumenten kloppen met wat er is (smart-2.2.0@14, 15, 30), en elke scope heeft een zin."""

import logging

from fastapi.routing import APIRoute

from server.access.scopes import ontleed
from server.oauth.routes import maak_router
from server.oauth.woorden import TYPE_WOORDEN
from server.registry import TYPES
from tests.server.oauth.conftest import SLEUTELS, Proefapp, bewijs
from web.bladzijde import maak_render


async def test_elk_adres_in_de_documenten_bestaat(browser):
    client = browser()
    openid = (await client.get("/.well-known/openid-configuration")).json()
    smart = (await client.get("/fhir/.well-known/smart-configuration")).json()
    assert openid["issuer"] == smart["issuer"] == "http://test"
    for document in (openid, smart):
        for naam, adres in document.items():
            if (naam.endswith("_endpoint") and naam != "management_endpoint") or naam == "jwks_uri":
                assert (await client.request("GET", adres)).status_code != 404, adres


async def test_wat_er_staat_is_wat_er_geregistreerd_is(browser):
    smart = (await browser().get("/fhir/.well-known/smart-configuration")).json()
    assert smart["grant_types_supported"] == ["authorization_code", "refresh_token", "client_credentials"]
    assert smart["response_types_supported"] == ["code"]
    assert smart["code_challenge_methods_supported"] == ["S256"]
    assert set(smart["token_endpoint_auth_methods_supported"]) == {"private_key_jwt", "none"}
    assert {"launch-standalone", "client-public", "client-confidential-asymmetric", "permission-v2"} <= set(
        smart["capabilities"]
    )


async def test_elke_genoemde_scope_is_te_vragen(browser):
    smart = (await browser().get("/fhir/.well-known/smart-configuration")).json()
    for scope in smart["scopes_supported"]:
        assert "/" not in scope.removeprefix("launch/") or str(ontleed(scope)) == scope


def test_elk_type_met_een_scope_heeft_een_zin():
    assert {t.scope_type for t in TYPES.values() if t.interactions} <= TYPE_WOORDEN.keys()


async def test_buiten_de_bladzijden_is_elke_oauth_route_bekend(opslag, settings):
    def paden(router):
        for route in router.routes:
            if isinstance(route, APIRoute):
                yield route.path
            elif hasattr(route, "original_router"):
                yield from paden(route.original_router)

    assert {p for p in paden(maak_router(opslag, settings, maak_render(settings))) if p.startswith("/oauth")} == {
        "/oauth/authorize", "/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/userinfo", "/oauth/jwks",
    }  # fmt: skip


async def test_geen_geheim_en_geen_naam_in_het_log(inlog, caplog):
    caplog.set_level(logging.DEBUG)
    app = Proefapp(await inlog("yvonne"))
    code = await app.code()
    token = (await app.wissel(code)).json()
    nieuw = (await app.vernieuw(token["refresh_token"])).json()
    await app.vernieuw(token["refresh_token"])
    assertion = bewijs("app-gemeente", SLEUTELS["gemeente"])
    systeem = await app.browser.post(
        "/oauth/token", data={"grant_type": "client_credentials", "scope": "system/*.rs"} | assertion
    )
    geheimen = [
        code, token["access_token"], token["refresh_token"], token["id_token"], nieuw["access_token"], app.verifier,
        assertion["client_assertion"], systeem.json()["access_token"], app.browser.cookies["hmp"], "s-123", "Yvonne",
    ]  # fmt: skip
    tekst = "\n".join(r.getMessage() for r in caplog.records)
    assert [g for g in geheimen if g in tekst] == []
