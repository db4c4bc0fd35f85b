"""De losse start (standalone launch): code, tokens, context en identiteit. De nummers staan in `vereisten.tsv`."""

from __future__ import annotations

import re
import secrets
import time
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from server.oauth.grants import CODE_SECONDEN
from server.store import clients, tokens
from tests.contract.smart.opstelling import ANDER, HOUDER, MANDAAT, Json, Proefapp, Smart

TERUG = "http://127.0.0.1:9/terug"
PERSOONLIJK = "openid fhirUser launch/patient offline_access patient/*.rs"


@pytest.fixture(scope="module")
def token(yvonne: Proefapp) -> Json:
    """Het tokenantwoord van een gewone start."""
    return yvonne.tokens(scope=PERSOONLIJK)


def id_token(smart: Smart, token: Json) -> Json:
    """De claims, nagekeken met de sleutels van de server."""
    sleutels = KeySet.import_key_set(smart.client().get("/oauth/jwks").json())
    return dict(jwt.decode(token["id_token"], sleutels, algorithms=["RS256", "ES256"]).claims)


# --- de vraag om een code


@pytest.mark.parametrize("methode", ["GET", "POST"])
def test_wie_ja_zegt_stuurt_een_code_naar_de_app(yvonne: Proefapp, methode: str) -> None:
    """smart-2.2.0@27, smart-2.2.0@48, smart-2.2.0@49, smart-2.2.0@53, smart-2.2.0@56, smart-2.2.0@57,
    smart-2.2.0@59, smart-2.2.0@353, smart-2.2.0@354, smart-2.2.0@205: met state zoals gegeven, en iss (RFC 9207)."""
    state = "ab/+ =&é" + secrets.token_urlsafe(12)
    naar = httpx.URL(yvonne.antwoord(methode=methode, state=state).headers["location"])
    assert dict(naar.params) == {"code": naar.params["code"], "state": state, "iss": yvonne.smart.base}
    assert yvonne.wissel(naar.params["code"]).status_code == 200


def test_wie_nee_zegt_stuurt_een_fout_naar_de_app(yvonne: Proefapp) -> None:
    """smart-2.2.0@54, smart-2.2.0@73: en er komt geen token."""
    uit = yvonne.terug(besluit="nee")
    assert uit["error"] == "access_denied" and uit["state"] == "s-123" and "code" not in uit


@pytest.mark.parametrize("terug", ["https://evil.example/", f"{TERUG}/", f"{TERUG}?x=1", TERUG.upper(), None])
def test_alleen_naar_een_adres_dat_is_aangemeld(yvonne: Proefapp, terug: str | None) -> None:
    """smart-2.2.0@18, smart-2.2.0@24: letterlijk gelijk; anders ziet de persoon een bladzijde en gaat er niets naar
    dat adres."""
    antwoord = yvonne.browser.get("/oauth/authorize", params=yvonne.vraag(redirect_uri=terug))
    assert antwoord.status_code == 400 and "location" not in antwoord.headers
    onbekend = yvonne.browser.get("/oauth/authorize", params=yvonne.vraag(client_id="bestaat-niet"))
    assert onbekend.status_code == 400 and "location" not in onbekend.headers


@pytest.mark.parametrize(
    "anders",
    [
        {"code_challenge": None}, {"code_challenge_method": None}, {"code_challenge_method": "plain"},
        {"code_challenge_method": "s256"}, {"code_challenge": "te-kort"}, {"scope": None}, {"scope": "admin"},
        {"aud": "https://elders.example/fhir"}, {"resource": "https://elders.example/fhir"}, {"state": None},
        {"response_type": "token"}, {"response_mode": "fragment"}, {"request": "x.y.z"}, {"max_age": "-1"},
    ],
    ids=str,
)  # fmt: skip
def test_een_vraag_die_niet_kan_geeft_geen_code(yvonne: Proefapp, anders: dict[str, str | None]) -> None:
    """smart-2.2.0@14, smart-2.2.0@15, smart-2.2.0@96, smart-2.2.0@129: S256 voor elke app, `plain` nergens, en
    alleen voor deze server."""
    uit = yvonne.weiger(**anders)
    assert uit["error"] and uit["iss"] == yvonne.smart.base and "code" not in uit


def test_een_code_is_een_minuut_geldig_en_werkt_een_keer(yvonne: Proefapp) -> None:
    """smart-2.2.0@55, smart-2.2.0@58: en hergebruik beëindigt wat eruit kwam (OAuth 2.1 §4.1.3)."""
    smart, code = yvonne.smart, yvonne.terug(scope=PERSOONLIJK)["code"]
    nu = int(time.time())
    assert CODE_SECONDEN <= 60
    assert smart.doe(clients.lees_code(smart.opslag, code, nu)) is not None
    assert smart.doe(clients.lees_code(smart.opslag, code, nu + CODE_SECONDEN + 1)) is None
    eerste = yvonne.wissel(code).json()
    assert smart.met(eerste).get(f"Patient/{HOUDER}").status_code == 200
    assert yvonne.wissel(code).json()["error"] == "invalid_grant"
    assert smart.met(eerste).get(f"Patient/{HOUDER}").status_code == 401
    assert yvonne.vernieuw(eerste["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "anders",
    [{"code_verifier": None}, {"code_verifier": "a" * 43}, {"redirect_uri": None}, {"redirect_uri": "http://x/"},
     {"client_id": "app-ES384"}, {"client_id": None}, {"code": "verzonnen"}],
    ids=str,
)  # fmt: skip
def test_een_code_is_van_wie_haar_vroeg(yvonne: Proefapp, anders: dict[str, str | None]) -> None:
    """smart-2.2.0@31, smart-2.2.0@73: met de verifier, het adres en de app van de vraag; anders een fout en geen
    token."""
    velden: dict[str, Any] = {"code": yvonne.terug()["code"], **anders}
    antwoord = yvonne.wissel(**velden)
    assert antwoord.status_code in (400, 401) and antwoord.json()["error"] and "access_token" not in antwoord.json()


# --- het tokenantwoord


def test_het_tokenantwoord_heeft_wat_de_standaard_zegt(yvonne: Proefapp) -> None:
    """smart-2.2.0@73, smart-2.2.0@74, smart-2.2.0@75, smart-2.2.0@76, smart-2.2.0@78, smart-2.2.0@80,
    smart-2.2.0@81, smart-2.2.0@83, smart-2.2.0@84, smart-2.2.0@85, smart-2.2.0@86, smart-2.2.0@87, smart-2.2.0@88,
    smart-2.2.0@89, smart-2.2.0@91, smart-2.2.0@134, smart-2.2.0@149, smart-2.2.0@164, smart-2.2.0@167,
    smart-2.2.0@168, smart-2.2.0@169, smart-2.2.0@170, smart-2.2.0@355, smart-2.2.0@363, smart-2.2.0@365: JSON,
    no-store, kort geldig, met de context ernaast en niet in het token."""
    antwoord = yvonne.wissel(yvonne.terug(scope=PERSOONLIJK)["code"])
    assert antwoord.headers["cache-control"] == "no-store" and antwoord.headers["pragma"] == "no-cache"
    assert antwoord.headers["content-type"].split(";")[0] == "application/json"
    token = antwoord.json()
    assert token["token_type"] == "Bearer" and token["expires_in"] == 600 and token["patient"] == HOUDER
    assert set(token["scope"].split()) == set(PERSOONLIJK.split())
    assert re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", token["access_token"]) and len(token["access_token"]) < 100
    assert token["refresh_token"] and token["id_token"]


def test_een_verlopen_token_werkt_nergens(smart: Smart) -> None:
    """smart-2.2.0@77, smart-2.2.0@94, smart-2.2.0@265: 401 bij FHIR, bij userinfo en als introspectie."""
    nu = int(time.time())

    async def maak(verloopt: int) -> str:
        inhoud = {"soort": "persoon", "rol": "houder", "naam": "Y", "account": "y", "patient": HOUDER}
        v = await tokens.maak_verlening(smart.opslag, "app-eigen", "openid patient/*.rs", inhoud, nu, patient=HOUDER)
        wat = await tokens.geef_token(smart.opslag, "toegang", v.familie, "app-eigen", v.scopes, inhoud, nu, verloopt)
        assert wat is not None
        return wat

    for verloopt, status in ((nu + 60, 200), (nu, 401), (nu - 60, 401)):
        bearer = smart.doe(maak(verloopt))
        assert smart.met(bearer).get(f"Patient/{HOUDER}").status_code == status
        assert smart.client(authorization=f"Bearer {bearer}").get("/oauth/userinfo").status_code == status


@pytest.mark.parametrize("bearer", ["x", "é", "id_token", "refresh_token"])
def test_wat_geen_toegangstoken_is_opent_niets(smart: Smart, token: Json, bearer: str) -> None:
    """smart-2.2.0@94: ook een id_token, een verversingstoken of een token van een ander niet."""
    waarde = str(token.get(bearer, bearer)).encode()
    antwoord = httpx.get(
        f"{smart.fhir}/Patient/{HOUDER}", headers={b"authorization": b"Bearer " + waarde}, trust_env=False
    )
    assert antwoord.status_code == 401 and antwoord.headers["www-authenticate"].startswith("Bearer")


def test_een_token_is_van_een_paspoort(smart: Smart, token: Json) -> None:
    """smart-2.2.0@136, smart-2.2.0@170, smart-2.2.0@367: patient/ is het ene paspoort uit de context; een ander is
    er niet."""
    client = smart.met(token)
    assert client.get(f"Patient/{token['patient']}").status_code == 200
    assert client.get(f"Patient/{ANDER}").status_code == 404
    assert {e["resource"]["id"] for e in client.get("Patient").json()["entry"]} == {HOUDER}
    assert client.post("Device", json={"resourceType": "Device"}).status_code == 403


# --- wie er is ingelogd


def test_het_id_token_zegt_wie_er_is(smart: Smart, token: Json) -> None:
    """smart-2.2.0@198, smart-2.2.0@200, smart-2.2.0@203, smart-2.2.0@204, smart-2.2.0@209, smart-2.2.0@210,
    smart-2.2.0@358: RS256, met fhirUser als volledig adres dat te lezen is."""
    claims = id_token(smart, token)
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (smart.base, "app-eigen", "n-456")
    assert claims["fhirUser"] == f"{smart.fhir}/Patient/{HOUDER}"
    assert claims["exp"] - claims["iat"] <= 600 and abs(claims["auth_time"] - time.time()) < 3600
    assert (
        jwt.decode(token["id_token"], KeySet.import_key_set(smart.client().get("/oauth/jwks").json())).header["alg"]
        == "RS256"
    )
    assert smart.met(token).get(claims["fhirUser"]).json()["resourceType"] == "Patient"


def test_userinfo_zegt_hetzelfde(smart: Smart, token: Json) -> None:
    """smart-2.2.0@214."""
    claims = smart.client(authorization=f"Bearer {token['access_token']}").get("/oauth/userinfo").json()
    assert claims["sub"] == id_token(smart, token)["sub"] and claims["fhirUser"].endswith(f"Patient/{HOUDER}")


def test_een_app_die_es256_koos_krijgt_es256(smart: Smart, yvonne: Proefapp) -> None:
    """smart-2.2.0@210: RS256 kan altijd; ES256 is een keuze bij aanmelding."""
    app = Proefapp(smart, yvonne.browser, smart.zet("app-es256", id_token_alg="ES256"))
    token = app.tokens(scope="openid fhirUser")
    sleutels = KeySet.import_key_set(smart.client().get("/oauth/jwks").json())
    assert jwt.decode(token["id_token"], sleutels, algorithms=["ES256"]).header["alg"] == "ES256"


def test_wie_voor_een_ander_handelt_is_een_related_person(smart: Smart) -> None:
    """smart-2.2.0@198, smart-2.2.0@209: de RelatedPerson van het mandaat, en te lezen met het token."""
    token = Proefapp(smart, smart.browser("peter")).tokens(scope=PERSOONLIJK)
    assert token["patient"] == HOUDER
    naar = id_token(smart, token)["fhirUser"]
    assert naar == f"{smart.fhir}/RelatedPerson/{MANDAAT}" and smart.met(token).get(naar).status_code == 200


def test_een_behandelaar_is_haar_functie_en_krijgt_geen_paspoort_als_context(smart: Smart) -> None:
    """smart-2.2.0@79, smart-2.2.0@140, smart-2.2.0@145, smart-2.2.0@198, smart-2.2.0@368: user/ is wat zij mag
    zien; patient/ valt weg en dat staat in `scope`."""
    scope = "openid fhirUser launch/patient patient/*.rs user/*.rs"
    token = Proefapp(smart, smart.browser("nienke")).tokens(scope=scope)
    assert set(token["scope"].split()) == {"openid", "fhirUser", "user/*.rs"} and "patient" not in token
    assert id_token(smart, token)["fhirUser"] == f"{smart.fhir}/PractitionerRole/therapeut-nienke"
    assert smart.met(token).get(f"Patient/{HOUDER}").status_code == 404


def test_wie_geen_resource_is_krijgt_de_scope_fhiruser_niet(smart: Smart) -> None:
    """smart-2.2.0@197."""
    token = Proefapp(smart, smart.browser("beheer")).tokens(scope="openid fhirUser")
    assert token["scope"] == "openid" and "fhirUser" not in id_token(smart, token)


def test_wie_meer_rollen_heeft_kiest_eerst_de_rol_die_past(smart: Smart) -> None:
    """smart-2.2.0@163, smart-2.2.0@165: er komt altijd een paspoort bij een patient/-scope; de persoon kiest welk."""
    app = Proefapp(smart, smart.browser("twee"))
    naar = app.browser.get("/oauth/authorize", params=app.vraag())
    assert naar.status_code == 303 and naar.headers["location"].startswith("/inloggen/rol?volgende=")
    assert app.weiger(prompt="none")["error"] == "interaction_required"
    bladzijde = app.browser.get(naar.headers["location"]).text
    for keuze, status in (("Therapeut", 303), ("eigen paspoort", 200)):
        knop = re.search(rf'value="([0-9a-f]+)"[^>]*>(?:(?!</button).)*{keuze}', bladzijde, re.S)
        assert knop, bladzijde
        csrf = re.search(r'name="csrf" value="([^"]+)"', bladzijde)
        assert csrf
        velden = {"csrf": csrf[1], "lidmaatschap": knop[1], "volgende": "/"}
        assert app.browser.post("/inloggen/rol", data=velden).status_code == 303
        # Als therapeut past de vraag niet, als houder wel; dan staat er ook hoe zij iets anders kiest.
        toont = app.browser.get("/oauth/authorize", params=app.vraag())
        assert toont.status_code == status
        bladzijde = app.browser.get("/inloggen/rol").text
    assert "/inloggen/rol?volgende=" in toont.text
    assert app.tokens()["patient"] == ANDER


@pytest.mark.parametrize(("max_age", "opnieuw"), [("0", True), ("1000", False)])
def test_max_age_laat_opnieuw_inloggen_als_dat_te_lang_geleden_is(smart: Smart, max_age: str, opnieuw: bool) -> None:
    """smart-2.2.0@206: wij kennen meer van OpenID Connect dan moet (Core §3.1.2.1)."""
    app = Proefapp(smart, smart.browser("yvonne"))
    antwoord = app.browser.get("/oauth/authorize", params=app.vraag(max_age=max_age))
    if not opnieuw:
        assert antwoord.status_code == 200
        return
    assert antwoord.status_code == 303 and antwoord.headers["location"].startswith("/inloggen?volgende=")
    assert "opnieuw=1" in antwoord.headers["location"] and "max_age" not in antwoord.headers["location"]
    assert app.weiger(max_age=max_age, prompt="none")["error"] == "login_required"
