"""Verversen, scopes en wat de bladzijde zegt. De nummers staan in `vereisten.tsv`."""

from __future__ import annotations

from html import unescape

import pytest

from tests.contract.smart.opstelling import HOUDER, Proefapp, Smart

MET = "openid fhirUser launch/patient offline_access patient/*.rs"


def test_verversen_geeft_hetzelfde_recht_met_een_nieuw_token(smart: Smart, yvonne: Proefapp) -> None:
    """smart-2.2.0@101, smart-2.2.0@102, smart-2.2.0@103, smart-2.2.0@104, smart-2.2.0@109, smart-2.2.0@110,
    smart-2.2.0@111, smart-2.2.0@112, smart-2.2.0@113, smart-2.2.0@114, smart-2.2.0@116, smart-2.2.0@118,
    smart-2.2.0@365: zonder dat iemand er is."""
    eerste = yvonne.tokens(scope=MET)
    yvonne_weg = Proefapp(smart, smart.client(), verifier=yvonne.verifier)
    antwoord = yvonne_weg.vernieuw(eerste["refresh_token"])
    tweede = antwoord.json()
    assert antwoord.status_code == 200 and antwoord.headers["cache-control"] == "no-store"
    assert (tweede["token_type"], tweede["expires_in"], tweede["patient"]) == ("Bearer", 600, HOUDER)
    assert tweede["scope"] == eerste["scope"]
    assert len({eerste["access_token"], tweede["access_token"], eerste["refresh_token"], tweede["refresh_token"]}) == 4
    assert smart.met(tweede).get(f"Patient/{HOUDER}").status_code == 200


def test_minder_vragen_mag_en_meer_niet(smart: Smart, yvonne: Proefapp) -> None:
    """smart-2.2.0@104, smart-2.2.0@115: en de volgende keer is het weer wat is toegestaan."""
    eerste = yvonne.tokens(scope=MET)
    for meer in ("patient/*.cruds", "user/*.rs", f"{MET} system/*.rs"):
        assert yvonne.vernieuw(eerste["refresh_token"], scope=meer).json()["error"] == "invalid_scope"
    minder = yvonne.vernieuw(eerste["refresh_token"], scope="patient/Device.rs?status=active").json()
    assert minder["scope"] == "patient/Device.rs?status=active"
    assert smart.met(minder).get(f"Patient/{HOUDER}").status_code == 403
    assert yvonne.vernieuw(minder["refresh_token"]).json()["scope"] == eerste["scope"]


def test_een_verversingstoken_is_van_een_app_en_werkt_een_keer(smart: Smart, yvonne: Proefapp) -> None:
    """smart-2.2.0@103: en hergebruik beëindigt alles wat eruit kwam (OAuth 2.1 §4.3.1)."""
    eerste = yvonne.tokens(scope=MET)
    ander = Proefapp(smart, yvonne.browser, smart.zet("app-ander"))
    assert ander.vernieuw(eerste["refresh_token"]).json()["error"] == "invalid_grant"
    tweede = yvonne.vernieuw(eerste["refresh_token"]).json()
    assert yvonne.vernieuw(eerste["refresh_token"]).json()["error"] == "invalid_grant"
    assert smart.met(tweede).get(f"Patient/{HOUDER}").status_code == 401
    assert yvonne.vernieuw(tweede["refresh_token"]).json()["error"] == "invalid_grant"


def test_zonder_offline_of_online_access_is_er_geen_verversingstoken(yvonne: Proefapp) -> None:
    """smart-2.2.0@89, smart-2.2.0@102."""
    assert "refresh_token" not in yvonne.tokens(scope="launch/patient patient/*.rs")


def test_met_online_access_mag_het_zolang_de_persoon_er_is(smart: Smart) -> None:
    """smart-2.2.0@100, smart-2.2.0@366: na uitloggen geeft het verversingstoken niets meer."""
    app = Proefapp(smart, smart.browser("yvonne"))
    eerste = app.tokens(scope="launch/patient online_access patient/*.rs")
    tweede = app.vernieuw(eerste["refresh_token"]).json()
    assert tweede["patient"] == HOUDER
    csrf = app.browser.get("/oauth/authorize", params=app.vraag()).text.partition('name="csrf" value="')[2]
    assert app.browser.post("/uitloggen", data={"csrf": csrf.partition('"')[0]}).status_code == 303
    assert app.vernieuw(tweede["refresh_token"]).json()["error"] == "invalid_grant"


def test_wie_altijd_mag_hoeft_er_niet_bij_te_blijven(yvonne: Proefapp) -> None:
    """smart-2.2.0@366: bij allebei geldt offline_access."""
    assert "online_access" not in yvonne.tokens(scope="online_access offline_access patient/*.rs")["scope"]


@pytest.mark.parametrize(("v1", "mag"), [("read", (200, 403)), ("write", (403, 422)), ("*", (200, 422))])
def test_v1_wordt_gelezen_als_v2_en_komt_als_v1_terug(
    smart: Smart, yvonne: Proefapp, v1: str, mag: tuple[int, int]
) -> None:
    """smart-2.2.0@127, smart-2.2.0@128, smart-2.2.0@369."""
    token = yvonne.tokens(scope=f"patient/Device.{v1}")
    assert token["scope"] == f"patient/Device.{v1}"
    client = smart.met(token)
    lezen, maken = client.get("Device"), client.post("Device", json={"resourceType": "Device", "status": "x"})
    assert (lezen.status_code, maken.status_code) == mag


def test_een_voorwaarde_in_een_scope_geldt_bij_elke_vraag(smart: Smart, yvonne: Proefapp) -> None:
    """smart-2.2.0@95, smart-2.2.0@266, smart-2.2.0@370: alles langs alle wegen staat in
    tests/server/fhir/test_fijne_scopes.py."""
    token = yvonne.tokens(scope="patient/Device.rs?status=inactive patient/Patient.rs")
    assert token["scope"] == "patient/Device.rs?status=inactive patient/Patient.rs"
    assert smart.met(token).get("Device/rolstoel-yvonne").status_code == 404
    assert smart.met(token).get("Device?_summary=count").json()["total"] == 0
    ruim = yvonne.tokens(scope="patient/Device.rs?status=active")
    assert smart.met(ruim).get("Device/rolstoel-yvonne").status_code == 200


def test_alle_types_met_een_ster(smart: Smart, yvonne: Proefapp) -> None:
    """smart-2.2.0@144: ook types die er later bij komen; en smart-2.2.0@119: nooit meer dan de persoon zelf mag."""
    client = smart.met(yvonne.tokens(scope="patient/*.cruds"))
    for type_ in ("Patient", "Device", "Condition", "Consent"):
        assert client.get(type_).status_code == 200
    assert client.put("AuditEvent/x", json={"resourceType": "AuditEvent", "id": "x"}).status_code in (403, 405)
    # De eigen geboortedatum verbergen of een ander paspoort maken kan ook met de ruimste scope niet.
    assert client.post("Patient", json={"resourceType": "Patient"}).status_code in (403, 405, 422)


def test_een_batch_wordt_gewogen_op_de_vragen_erin(smart: Smart, yvonne: Proefapp) -> None:
    """smart-2.2.0@130."""
    client = smart.met(yvonne.tokens(scope="patient/Patient.r"))
    regels = [{"request": {"method": "GET", "url": u}} for u in (f"Patient/{HOUDER}", "Device/rolstoel-yvonne")]
    antwoord = client.post("", json={"resourceType": "Bundle", "type": "batch", "entry": regels}).json()
    assert [e["response"]["status"][:3] for e in antwoord["entry"]] == ["200", "403"]


@pytest.mark.parametrize("gevraagd", ["launch/patient?role=iets", "launch/patient"])
def test_een_rol_bij_de_context_geeft_de_context_die_er_is(yvonne: Proefapp, gevraagd: str) -> None:
    """smart-2.2.0@159, smart-2.2.0@167."""
    token = yvonne.tokens(scope=f"{gevraagd} patient/*.rs")
    assert token["patient"] == HOUDER and "launch/patient" in token["scope"].split()


def test_de_bladzijde_zegt_waarvoor_en_tot_wanneer(smart: Smart, yvonne: Proefapp) -> None:
    """De zin van de app, of de onze als zij er geen heeft; en hoe lang, naar wat zij vraagt."""
    for client_id, scope, zinnen in (
        ("app-eigen", MET, ("Om uw maten te tonen.", "Tot u stopt.")),
        (smart.zet("app-kaal"), "patient/*.rs", ("zien en doen wat hierboven staat", "10 minuten")),
        ("app-kaal", "online_access patient/*.rs", ("Zolang u hier bent ingelogd.",)),
    ):
        app = Proefapp(smart, yvonne.browser, client_id)
        tekst = unescape(app.browser.get("/oauth/authorize", params=app.vraag(scope=scope)).text)
        assert all(zin in tekst for zin in zinnen), (client_id, scope)


def test_een_geschorste_app_krijgt_niets_meer(smart: Smart, yvonne: Proefapp) -> None:
    """Bij het eerstvolgende verzoek: haar tokens, haar verversingstoken en de bladzijde."""
    from server.store.clients import schors

    app = Proefapp(smart, yvonne.browser, smart.zet("app-schorsen"))
    token = app.tokens(scope=MET)
    smart.doe(schors(smart.opslag, "app-schorsen"))
    assert smart.met(token).get(f"Patient/{HOUDER}").status_code == 401
    assert app.vernieuw(token["refresh_token"]).json()["error"] == "invalid_client"
    assert app.browser.get("/oauth/authorize", params=app.vraag()).status_code == 400
