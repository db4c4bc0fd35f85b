"""Ontdekken, CORS en sleutels: SMART App Launch 2.2, Conformance en App Launch. De nummers staan in `vereisten.tsv`."""

from __future__ import annotations

import httpx
import pytest

from tests.contract.smart.opstelling import Json, Smart

ANDERS = "https://app.example"


@pytest.fixture(scope="module")
def document(smart: Smart) -> Json:
    return dict(smart.client().get("/fhir/.well-known/smart-configuration").json())


@pytest.mark.parametrize("accept", [None, "text/html", "application/fhir+xml"])
def test_het_document_is_json_wat_er_ook_gevraagd_wordt(smart: Smart, accept: str | None) -> None:
    """smart-2.2.0@30, smart-2.2.0@372, smart-2.2.0@373, smart-2.2.0@374, smart-2.2.0@376, smart-2.2.0@377,
    smart-2.2.0@380: JSON, als application/json, op de vaste plaats."""
    koppen = {"accept": accept} if accept else {}
    antwoord = smart.client(**koppen).get("/fhir/.well-known/smart-configuration")
    assert antwoord.status_code == 200 and antwoord.headers["content-type"].split(";")[0] == "application/json"
    assert antwoord.json()["authorization_endpoint"] and antwoord.json()["capabilities"]


def test_alles_wat_moet_staat_erin_en_elk_adres_is_volledig(document: Json, smart: Smart) -> None:
    """smart-2.2.0@228, smart-2.2.0@286, smart-2.2.0@287, smart-2.2.0@288, smart-2.2.0@289, smart-2.2.0@378,
    smart-2.2.0@381, smart-2.2.0@382, smart-2.2.0@383, smart-2.2.0@384, smart-2.2.0@385, smart-2.2.0@386,
    smart-2.2.0@389, smart-2.2.0@390, smart-2.2.0@391, smart-2.2.0@392, smart-2.2.0@393."""
    adressen = [n for n in document if n.endswith("_endpoint")]
    assert {"authorization", "token", "introspection", "revocation", "userinfo", "management"} <= {
        n.removesuffix("_endpoint") for n in adressen
    }
    for naam in (*adressen, "jwks_uri", "issuer"):
        assert str(document[naam]).startswith(smart.base), naam
    assert set(document["grant_types_supported"]) >= {"authorization_code", "client_credentials"}
    assert "private_key_jwt" in document["token_endpoint_auth_methods_supported"]
    assert set(document["token_endpoint_auth_signing_alg_values_supported"]) == {"RS384", "ES384"}
    assert document["response_types_supported"] == ["code"]
    assert {"openid", "fhirUser", "launch/patient", "patient/*.cruds", "user/*.cruds", "system/*.cruds"} <= {
        *document["scopes_supported"]
    }
    assert all(isinstance(x, str) for x in document["capabilities"])


def test_alleen_s256_staat_er(document: Json, smart: Smart) -> None:
    """smart-2.2.0@14, smart-2.2.0@15, smart-2.2.0@394: S256 wel en plain niet, ook niet in het OpenID-document."""
    openid = smart.client().get("/.well-known/openid-configuration").json()
    assert document["code_challenge_methods_supported"] == openid["code_challenge_methods_supported"] == ["S256"]


def test_alleen_wat_wij_kunnen_staat_bij_de_vermogens(document: Json) -> None:
    """smart-2.2.0@126, smart-2.2.0@285, smart-2.2.0@346, smart-2.2.0@348: wat er staat is bewezen in deze map; wat
    er niet staat, kunnen wij niet."""
    assert set(document["capabilities"]) == {
        "launch-standalone", "authorize-post", "client-public", "client-confidential-asymmetric", "sso-openid-connect",
        "context-standalone-patient", "permission-patient", "permission-user", "permission-offline",
        "permission-online", "permission-v1", "permission-v2",
    }  # fmt: skip


@pytest.mark.parametrize("pad", ["/fhir/.well-known/smart-configuration", "/fhir/metadata"])
def test_elke_oorsprong_mag_ontdekken(smart: Smart, pad: str) -> None:
    """smart-2.2.0@16."""
    antwoord = smart.client(origin=ANDERS).get(pad)
    assert antwoord.status_code == 200 and antwoord.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("pad", ["/oauth/token", "/fhir/Patient", "/oauth/userinfo", "/oauth/revoke"])
def test_een_app_in_de_browser_mag_token_en_fhir_aanroepen(smart: Smart, pad: str) -> None:
    """smart-2.2.0@17: vooraf en bij het antwoord zelf; nooit met een cookie erbij."""
    koppen = {
        "origin": ANDERS, "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }  # fmt: skip
    vooraf = smart.client(**koppen).options(pad)
    assert vooraf.status_code in (200, 204) and vooraf.headers["access-control-allow-origin"] in ("*", ANDERS)
    mag = vooraf.headers["access-control-allow-headers"].lower()
    assert "authorization" in mag and "content-type" in mag
    antwoord = smart.client(origin=ANDERS).post(pad)
    assert antwoord.headers["access-control-allow-origin"] in ("*", ANDERS)
    assert "access-control-allow-credentials" not in antwoord.headers


@pytest.mark.parametrize("pad", ["/oauth/authorize", "/inloggen", "/delen"])
def test_een_bladzijde_is_geen_cors(smart: Smart, pad: str) -> None:
    """Wie een bladzijde van een ander wil lezen, mag dat niet: daar telt het cookie wel."""
    assert "access-control-allow-origin" not in smart.client(origin=ANDERS).get(pad).headers


def test_de_sleutels_zijn_kale_jwks_voor_rs256_en_es256(smart: Smart, document: Json) -> None:
    """smart-2.2.0@207, smart-2.2.0@208: publiek, zonder X.509, en een ander mag ze even onthouden."""
    antwoord = smart.client().get(httpx.URL(document["jwks_uri"]).path)
    sleutels = antwoord.json()["keys"]
    assert {s["alg"] for s in sleutels} == {"RS256", "ES256"} and all(s["kid"] for s in sleutels)
    assert not any({"d", "p", "x5c"} & s.keys() for s in sleutels)
    assert "max-age=300" in antwoord.headers["cache-control"]
