"""De Subscription zelf: wie er een mag zetten, wat erin mag, wat de server eraan zet, en wie haar ziet."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from server.oauth.actor import actor_als_json
from server.post.onderwerp import APP as APP_EXTENSIE
from server.post.onderwerp import BACKPORT, GEHEIM, ONDERWERP, ONDERWERPEN
from server.post.versturen import geheim
from server.store import outbox
from server.store.clients import Client, zet_client
from server.store.tokens import maak_verlening, trek_in
from tests.conftest import ANDER, HOUDER, Als, actor
from tests.server.post.conftest import APP, Postkantoor, aanvraag, opdracht

Json = dict[str, Any]
GOED = "https://meld.example/hook"


@pytest.fixture
def dialect() -> str:
    """Regels en zicht kennen geen database; het bezorgen zelf wordt op allebei beproefd (`test_bezorgen.py`)."""
    return "sqlite"


def codes(antwoord: Any) -> set[tuple[str, str]]:
    """(code, plek) van elke fout in een OperationOutcome."""
    return {(i["details"]["coding"][0]["code"], i["expression"][0]) for i in antwoord.json()["issue"]}


def met(**kanaal: Any) -> Json:
    """Een aanvraag met iets anders in het kanaal."""
    inhoud = aanvraag(GOED)
    return {**inhoud, "channel": {**inhoud["channel"], **kanaal}}


FOUT: list[tuple[Json, str, str]] = [
    (met(endpoint="http://meld.example/hook"), "abonnement-adres", "Subscription.channel.endpoint"),
    (met(endpoint="https://u:w@meld.example/hook"), "abonnement-adres", "Subscription.channel.endpoint"),
    (met(endpoint="https://10.0.0.8/hook"), "abonnement-adres", "Subscription.channel.endpoint"),
    (met(endpoint="https://[fd00::1]/hook"), "abonnement-adres", "Subscription.channel.endpoint"),
    (met(endpoint="file:///etc/passwd"), "abonnement-adres", "Subscription.channel.endpoint"),
    (met(header=["Authorization: Bearer x"]), "fhir-niet-toegestaan", "Subscription.channel.header[0]"),
    (met(payload="application/fhir+xml"), "fhir-profiel-waarde", "Subscription.channel.payload"),
    (met(type="email"), "fhir-profiel-waarde", "Subscription.channel.type"),
    (met(_payload={"extension": [{"url": BACKPORT + "backport-payload-content", "valueCode": "full-resource"}]}),
     "abonnement-inhoud", "Subscription.channel.payload.extension"),
    (met(extension=[{"url": BACKPORT + "backport-heartbeat-period", "valueUnsignedInt": 60}]),
     "abonnement-kanaal", "Subscription.channel.extension[0]"),
    (aanvraag(GOED, criteria="Task?status=requested"), "fhir-profiel-waarde", "Subscription.criteria"),
    (aanvraag(GOED, "Task?note=x"), "abonnement-filter", "Subscription.criteria.extension[0]"),
    (aanvraag(GOED, "Patient?name=x"), "abonnement-filter", "Subscription.criteria.extension[0]"),
    (aanvraag(GOED, "Task?owner=Device/x"), "abonnement-filter", "Subscription.criteria.extension[0]"),
    (aanvraag(GOED, *["Task?status=requested"] * 6), "abonnement-kanaal", "Subscription.criteria.extension[5]"),
    (aanvraag(GOED, status="active"), "abonnement-status", "Subscription.status"),
    (aanvraag(GOED, status="off"), "abonnement-status", "Subscription.status"),
    (aanvraag(GOED, end="2020-01-01T00:00:00Z"), "abonnement-voorbij", "Subscription.end"),
    (aanvraag(GOED, end="2030-12-31T23:59:60Z"), "fhir-datum-bestaat-niet", "Subscription.end"),
]  # fmt: skip


async def test_wat_niet_kan_wordt_geweigerd_bij_zijn_element_en_er_gaat_niets_uit(kantoor: Postkantoor) -> None:
    for inhoud, code, plek in FOUT:
        antwoord = await kantoor.app.post("Subscription", json=inhoud)
        assert antwoord.status_code in (400, 422) and (code, plek) in codes(antwoord), (code, antwoord.text)
    await kantoor.bezorger.ronde()
    assert await outbox.overzicht(kantoor.opslag) == () and kantoor.ontvanger.post == []


async def test_alle_fouten_komen_samen(kantoor: Postkantoor) -> None:
    inhoud = aanvraag("https://127.0.0.2:x/", "Task?x=1", "Task?y=1", status="error", end="2020-01-01T00:00:00Z")
    antwoord = await kantoor.app.post("Subscription", json=inhoud)
    assert {plek for _, plek in codes(antwoord)} == {
        "Subscription.channel.endpoint",
        "Subscription.criteria.extension[0]",
        "Subscription.criteria.extension[1]",
        "Subscription.status",
        "Subscription.end",
    }


async def test_er_is_een_grens_aan_het_aantal(kantoor: Postkantoor) -> None:
    for _ in range(20):
        assert (await kantoor.app.post("Subscription", json=aanvraag(GOED))).status_code == 201
    antwoord = await kantoor.app.post("Subscription", json=aanvraag(GOED))
    assert codes(antwoord) == {("abonnement-te-veel", "Subscription")}


async def test_het_geheim_staat_alleen_in_het_eerste_antwoord(kantoor: Postkantoor) -> None:
    antwoord = await kantoor.app.post("Subscription", json=aanvraag(kantoor.ontvanger.adres))
    gemaakt = antwoord.json()
    id_, sleutel = gemaakt["id"], geheim(kantoor.opslag, gemaakt["id"])
    assert gemaakt["channel"]["extension"] == [{"url": GEHEIM, "valueString": sleutel}]
    # wie het hele antwoord terugstuurt, bewaart het geheim niet per ongeluk
    terug = await kantoor.app.put(f"Subscription/{id_}", json=gemaakt)
    assert terug.status_code == 200, terug.text
    adressen = (f"Subscription/{id_}", f"Subscription/{id_}/_history", f"Subscription/{id_}/$status", "Subscription")
    for adres in (*adressen, f"Subscription/{id_}/_history/1", f"Subscription/{id_}/_history/2"):
        gelezen = await kantoor.app.get(adres)
        assert gelezen.status_code == 200 and sleutel not in gelezen.text, adres
    alles = b"".join(p.read_bytes() for p in kantoor.opslag.settings.data.glob("*.db*"))
    assert sleutel.encode() not in alles


async def test_de_server_noemt_de_app_en_een_andere_naam_telt_niet(kantoor: Postkantoor) -> None:
    vals = {"extension": [{"url": APP_EXTENSIE, "valueString": "een-andere-app"}], "error": "zelf verzonnen"}
    gemaakt = (await kantoor.app.post("Subscription", json=aanvraag(GOED, **vals))).json()
    assert gemaakt["extension"] == [{"url": APP_EXTENSIE, "valueString": APP}]
    assert "error" not in gemaakt


async def test_een_ander_adres_vraagt_een_nieuwe_handdruk(kantoor: Postkantoor) -> None:
    id_, _ = await kantoor.abonneer()
    stand = await kantoor.stand(id_)
    ander = {**stand, "channel": {**stand["channel"], "endpoint": kantoor.ontvanger.adres + "&y=2"}}
    assert (await kantoor.app.put(f"Subscription/{id_}", json=ander)).json()["status"] == "requested"
    await kantoor.bezorger.ronde()
    assert kantoor.ontvanger.soorten() == ["handshake", "handshake"]
    stand = await kantoor.stand(id_)
    zelfde = await kantoor.app.put(f"Subscription/{id_}", json={**stand, "reason": "Iets anders"})
    assert zelfde.json()["status"] == "active", "wie het kanaal laat zoals het is, blijft actief"
    oud = await kantoor.app.put(f"Subscription/{id_}", json=stand)
    assert oud.status_code == 412
    soort = {"content-type": "application/json-patch+json", "if-match": zelfde.headers["etag"]}
    uit = [{"op": "replace", "path": "/status", "value": "off"}]
    klaar = await kantoor.app.patch(f"Subscription/{id_}", json=uit, headers=soort)
    assert klaar.status_code == 200 and klaar.json()["status"] == "off"


async def test_de_stand_is_op_te_vragen(kantoor: Postkantoor) -> None:
    id_, _ = await kantoor.abonneer()
    await kantoor.wereld.zet(HOUDER, opdracht("t1"))
    await kantoor.bezorger.ronde()
    antwoord = await kantoor.app.get(f"Subscription/{id_}/$status")
    bundel = antwoord.json()
    assert (bundel["type"], bundel["total"]) == ("searchset", 1)
    delen = {p["name"]: p for p in bundel["entry"][0]["resource"]["parameter"]}
    assert delen["status"]["valueCode"] == "active" and delen["type"]["valueCode"] == "query-status"
    assert delen["events-since-subscription-start"]["valueString"] == "1"
    for slecht in ("$events?content=full-resource", "$events?eventsSinceNumber=x", "$events?ander=1"):
        assert (await kantoor.app.get(f"Subscription/{id_}/{slecht}")).status_code == 400
    assert (await kantoor.app.get("Subscription/bestaat-niet/$events")).status_code == 404


async def test_wat_nu_niet_te_zien_is_komt_ook_niet_met_events(kantoor: Postkantoor) -> None:
    id_, _ = await kantoor.abonneer()
    await kantoor.wereld.zet(HOUDER, opdracht("t1"), opdracht("t2"))
    await kantoor.bezorger.ronde()
    await kantoor.wereld.zet(HOUDER, opdracht("t1", "cancelled"))
    gemist = (await kantoor.app.get(f"Subscription/{id_}/$events")).json()
    assert [e["fullUrl"] for e in gemist["entry"][1:]] == ["http://test/fhir/Task/t2"]


async def test_het_statement_noemt_het_onderwerp(anoniem: httpx.AsyncClient) -> None:
    statement = (await anoniem.get("metadata")).json()
    [soort] = [r for r in statement["rest"][0]["resource"] if r["type"] == "Subscription"]
    assert soort["extension"] == [{"url": ONDERWERPEN, "valueCanonical": ONDERWERP}]
    assert {o["name"] for o in soort["operation"]} == {"status", "events", "validate"}


async def test_alleen_een_app_zet_een_abonnement(kantoor: Postkantoor, als: Als) -> None:
    for rol in ("leverancier", "verstrekker", "therapeut", "houder"):
        mens = als(rol=rol)
        antwoord = await mens.post("Subscription", json=aanvraag(GOED))
        assert antwoord.status_code == 403, rol
    zonder = als(rol="leverancier", soort="app", client_id=APP, functie=None, scopes="system/Task.rs")
    antwoord = await zonder.post("Subscription", json=aanvraag(GOED))
    assert antwoord.status_code == 403 and "insufficient_scope" in antwoord.headers.get("www-authenticate", "")


async def test_een_collega_leest_het_abonnement_van_de_organisatie_en_zoekt_het(kantoor: Postkantoor, als: Als) -> None:
    id_, _ = await kantoor.abonneer()
    collega = als(rol="leverancier")
    assert (await collega.get(f"Subscription/{id_}")).status_code == 200
    gevonden = (await collega.get("Subscription?status=active&_summary=count")).json()
    assert gevonden["total"] == 1
    ander = als(rol="verstrekker")
    assert (await ander.get(f"Subscription/{id_}")).status_code == 404
    assert (await ander.get("Subscription")).json()["total"] == 0


async def test_een_andere_app_van_dezelfde_organisatie_leidt_het_abonnement_niet_om(
    kantoor: Postkantoor, als: Als
) -> None:
    id_, _ = await kantoor.abonneer()
    ander = als(rol="leverancier", soort="app", client_id="een-andere-app", functie=None, scopes="system/*.cruds")
    huidig = (await ander.get(f"Subscription/{id_}")).json()
    koppen = {"if-match": f'W/"{huidig["meta"]["versionId"]}"'}
    antwoord = await ander.put(f"Subscription/{id_}", json={**huidig, "status": "requested"}, headers=koppen)
    assert antwoord.status_code == 403, antwoord.text
    antwoord = await kantoor.app.put(f"Subscription/{id_}", json={**huidig, "status": "off"}, headers=koppen)
    assert antwoord.status_code == 200, antwoord.text


async def test_de_proef_app_abonneert_zich_op_haar_eigen_testpaspoorten(kantoor: Postkantoor, als: Als) -> None:
    await zet_client(kantoor.opslag, Client("proef-app", "proef", "Proef", scopes="system/*.cruds"))
    proef = als(rol="proef")
    patient = (await proef.post("Patient", json={"resourceType": "Patient", "name": [{"text": "T"}]})).json()["id"]
    antwoord = await proef.post("Subscription", json=aanvraag(kantoor.ontvanger.adres))
    assert antwoord.status_code == 201, antwoord.text
    taak = {k: w for k, w in opdracht("x", **{"for": {"reference": f"Patient/{patient}"}}).items() if k != "id"}
    gemaakt = await proef.post("Task", json=taak)
    assert gemaakt.status_code == 201, gemaakt.text
    await kantoor.wereld.zet(HOUDER, opdracht("t1"))
    await kantoor.bezorger.ronde()
    assert kantoor.ontvanger.taken() == [gemaakt.json()["id"]]


async def test_een_app_van_de_houder_hoort_van_haar_paspoort_zolang_de_houder_haar_toelaat(
    kantoor: Postkantoor, als: Als
) -> None:
    scopes = "patient/*.cruds offline_access"
    await zet_client(kantoor.opslag, Client("mijn-app", "persoonlijk", "Mijn app", scopes=scopes))
    wie = actor_als_json(actor("houder", scopes, client_id="mijn-app"))
    verlening = await maak_verlening(kantoor.opslag, "mijn-app", scopes, wie, 1, account="a", patient=HOUDER)
    app = als(rol="houder", scopes=scopes, client_id="mijn-app", verlening=verlening.familie)
    antwoord = await app.post("Subscription", json=aanvraag(kantoor.ontvanger.adres))
    assert antwoord.status_code == 201, antwoord.text
    await kantoor.wereld.zet(HOUDER, opdracht("t1"))
    await kantoor.wereld.zet(ANDER, opdracht("t9", **{"for": {"reference": f"Patient/{ANDER}"}}))
    await kantoor.bezorger.ronde()
    assert kantoor.ontvanger.taken() == ["t1"]
    await trek_in(kantoor.opslag, verlening.familie, 2)
    await kantoor.wereld.zet(HOUDER, opdracht("t2"))
    await kantoor.bezorger.ronde()
    assert "t2" not in kantoor.ontvanger.taken()
    eigen = als(rol="houder")
    gelezen = (await eigen.get(f"Subscription/{antwoord.json()['id']}")).json()
    assert gelezen["status"] == "off"
    assert (await eigen.delete(f"Subscription/{gelezen['id']}")).status_code == 204, "de houder ruimt zelf op"
    partij = als(rol="leverancier")
    assert (await partij.get(f"Subscription/{gelezen['id']}")).status_code == 404


async def test_ook_in_een_transactie_is_het_geheim_er_voor_wie_de_inhoud_vraagt(kantoor: Postkantoor) -> None:
    regel = {"request": {"method": "POST", "url": "Subscription"}, "resource": aanvraag(kantoor.ontvanger.adres)}
    bundel = {"resourceType": "Bundle", "type": "transaction", "entry": [regel]}
    antwoord = await kantoor.app.post("", json=bundel, headers={"prefer": "return=representation"})
    assert antwoord.status_code == 200, antwoord.text
    gemaakt = antwoord.json()["entry"][0]["resource"]
    verwacht = {"url": GEHEIM, "valueString": geheim(kantoor.opslag, gemaakt["id"])}
    assert gemaakt["channel"]["extension"] == [verwacht]
