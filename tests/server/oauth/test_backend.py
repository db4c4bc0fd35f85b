"""client_credentials met private_key_jwt (SMART Backend Services 2.2, RFC 7523 §3)."""

import time

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from server.oauth.actor import actor_van_token
from server.store.clients import Client, zet_client
from tests.server.oauth.conftest import SLEUTELS, bewijs

EIGEN = SLEUTELS["gemeente"]


def vraag(client_id="app-gemeente", sleutel=EIGEN, scope="system/*.rs", **rest):
    velden = {"grant_type": "client_credentials", "scope": scope} | bewijs(client_id, sleutel, **rest)
    return {n: w for n, w in velden.items() if w is not None}


async def test_een_gemeente_krijgt_een_token_als_verstrekker(browser, opslag):
    antwoord = await browser().post("/oauth/token", data=vraag())
    assert antwoord.status_code == 200, antwoord.text
    token = antwoord.json()
    assert "refresh_token" not in token and "patient" not in token and token["expires_in"] == 300
    actor = await actor_van_token(opslag, token["access_token"])
    assert (actor.soort, actor.rol, actor.organisatie) == ("app", "verstrekker", "gemeente-veldkant")
    assert actor.scopes == frozenset({"system/*.rs"}) and actor.client_id == "app-gemeente"


async def test_wat_de_app_niet_mag_valt_weg(browser):
    antwoord = await browser().post("/oauth/token", data=vraag(scope="system/*.cruds"))
    assert set(antwoord.json()["scope"].split()) == {"system/*.rs", "system/Task.cruds"}


@pytest.mark.parametrize("alg", ["RS384", "ES384"])
async def test_beide_algoritmen_van_smart_werken(browser, opslag, alg):
    sleutel = EIGEN if alg == "ES384" else RSAKey.generate_key(2048, {"use": "sig", "alg": alg}, auto_kid=True)
    jwks = {"keys": [sleutel.as_dict(private=False)]}
    client = Client(
        "app-alg", "leverancier", "App", "leverancier-rijdt", (), jwks, "system/*.rs", ("client_credentials",)
    )
    await zet_client(opslag, client)
    antwoord = await browser().post("/oauth/token", data=vraag("app-alg", sleutel, alg=alg))
    assert antwoord.status_code == 200, antwoord.text
    assert (await actor_van_token(opslag, antwoord.json()["access_token"])).rol == "leverancier"


async def test_een_assertion_werkt_een_keer(browser):
    client, velden = browser(), vraag()
    assert (await client.post("/oauth/token", data=velden)).status_code == 200
    nogmaals = await client.post("/oauth/token", data=velden)
    assert nogmaals.status_code == 401 and nogmaals.json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://elders.example/token"},
        {"aud": None},
        {"iss": "app-eigen"},
        {"iss": None},
        {"sub": "bestaat-niet"},
        {"sub": None},
        {"sub": ["app-gemeente"]},
        {"exp": None},
        {"exp": int(time.time()) - 120},
        {"exp": int(time.time()) + 3600},
        {"exp": "morgen"},
        {"exp": True},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"nbf": int(time.time()) + 3600},
    ],
    ids=lambda claims: "-".join(claims) + f"-{type(next(iter(claims.values()))).__name__}",
)
async def test_een_claim_die_niet_klopt_wordt_geweigerd(browser, claims):
    antwoord = await browser().post("/oauth/token", data=vraag(**claims))
    assert antwoord.status_code == 401 and antwoord.json()["error"] == "invalid_client"


async def test_een_andere_sleutel_of_algoritme_wordt_geweigerd(browser):
    client = browser()
    vreemd = ECKey.generate_key("P-384", {"kid": str(EIGEN.kid)})
    assert (await client.post("/oauth/token", data=vraag(sleutel=vreemd))).status_code == 401
    geheim = OctKey.import_key("x" * 64, {"kid": str(EIGEN.kid)})
    assert (await client.post("/oauth/token", data=vraag(sleutel=geheim, alg="HS256"))).status_code == 401
    assert (
        await client.post("/oauth/token", data=vraag(sleutel=ECKey.generate_key("P-256"), alg="ES256"))
    ).status_code == 401


@pytest.mark.parametrize(
    "assertion", ["", "x", "a.b.c", "e30.e30.", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhcHAtZ2VtZWVudGUifQ.", "é.é.é"]
)
async def test_een_kapotte_assertion_is_geen_serverfout(browser, assertion):
    velden = vraag() | {"client_assertion": assertion}
    antwoord = await browser().post("/oauth/token", data=velden)
    assert antwoord.status_code in (400, 401) and antwoord.json()["error"] == "invalid_client"


async def test_een_ander_soort_assertion_of_andere_client_id_wordt_geweigerd(browser):
    client = browser()
    assert (await client.post("/oauth/token", data=vraag() | {"client_assertion_type": "x"})).status_code == 401
    assert (await client.post("/oauth/token", data=vraag() | {"client_id": "app-eigen"})).status_code == 401


@pytest.mark.parametrize(
    "scope", [None, "", "patient/*.rs", "openid", "user/*.rs", "system/Fiets.rs", "system/Device.cud"]
)
async def test_alleen_bekende_system_scopes_die_de_app_mag(browser, scope):
    antwoord = await browser().post("/oauth/token", data=vraag(scope=scope))
    assert antwoord.status_code == 400 and antwoord.json()["error"] == "invalid_scope"


async def test_een_app_voor_personen_krijgt_geen_systeemtoken(browser):
    antwoord = await browser().post("/oauth/token", data=vraag("app-sleutel", SLEUTELS["code"]))
    assert antwoord.json()["error"] == "unauthorized_client"


async def test_de_proeftuin_heeft_rol_proef(browser, opslag):
    antwoord = await browser().post("/oauth/token", data=vraag("app-proef", scope="system/*.cruds"))
    assert (await actor_van_token(opslag, antwoord.json()["access_token"])).rol == "proef"


async def test_een_app_zonder_organisatie_met_een_rol_krijgt_niets(browser, opslag):
    jwks = {"keys": [EIGEN.as_dict(private=False)]}
    await zet_client(opslag, Client("app-los", "los", "Los", None, (), jwks, "system/*.rs", ("client_credentials",)))
    assert (await browser().post("/oauth/token", data=vraag("app-los"))).json()["error"] == "invalid_grant"
