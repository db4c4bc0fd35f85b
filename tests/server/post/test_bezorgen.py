"""Van een taak die verandert tot een bericht bij de leverancier: handdruk, volgorde, grond, opnieuw, dode brief."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from paspoort.fhir.validatie import Validator
from server.access.inzage import zin
from server.cli.abonnement import opnieuw, toon
from server.cli.beheer import toon_post
from server.post.bezorger import GEDULD, GEDULD_HANDDRUK, PER_EIGENAAR
from server.store import audit, outbox
from server.store.clients import Client, verwijder_client, zet_client
from server.store.versions import Wijziging
from tests.conftest import GEMEENTE, HOUDER, LEVERANCIER, Als
from tests.contract.geheimen import Geheimen, behandeling
from tests.ontvanger import luister
from tests.server.post.conftest import APP, Postkantoor, aanvraag, opdracht

Json = dict[str, Any]


async def test_na_de_handdruk_is_het_abonnement_actief_en_het_geheim_klopt(kantoor: Postkantoor) -> None:
    id_, geheim = await kantoor.abonneer()
    [handdruk] = kantoor.ontvanger.post
    assert handdruk.regel == "POST /meld?x=1 HTTP/1.1"
    assert handdruk.koppen["content-type"] == "application/fhir+json"
    assert handdruk.is_van(geheim) and not handdruk.is_van("0" * 64)
    assert handdruk.stand == {
        "subscription": f"http://test/fhir/Subscription/{id_}",
        "topic": "http://hulpmiddelenpaspoort.nl/fhir/SubscriptionTopic/taak-gewijzigd",
        "status": "requested",
        "type": "handshake",
        "events-since-subscription-start": "0",
    }
    assert (await kantoor.stand(id_))["status"] == "active"


async def test_een_nieuwe_en_een_gewijzigde_opdracht_komen_als_genummerd_bericht(kantoor: Postkantoor) -> None:
    id_, geheim = await kantoor.abonneer()
    await kantoor.wereld.zet(HOUDER, opdracht("t1"))
    await kantoor.wereld.zet(HOUDER, opdracht("t1", "in-progress"), opdracht("t2"))
    await kantoor.bezorger.ronde()
    assert kantoor.ontvanger.taken() == ["t1", "t1", "t2"]
    berichten = kantoor.ontvanger.post[1:]
    assert [p.stand["notification-event"]["event-number"] for p in berichten] == ["1", "2", "3"]
    assert [p.stand["events-since-subscription-start"] for p in berichten] == ["1", "2", "3"]
    assert all(p.is_van(geheim) and p.stand["status"] == "active" for p in berichten)
    assert (await outbox.abonnement(kantoor.opslag, id_)).hoogste == 3  # type: ignore[union-attr]


async def test_het_bericht_is_een_goede_bundle_met_alleen_ids(kantoor: Postkantoor, validator: Validator) -> None:
    id_, _ = await kantoor.abonneer()
    await kantoor.wereld.zet(HOUDER, opdracht("t1", description="Zwijgwoord", note=[{"text": "Zwijgwoord"}]))
    g = Geheimen()
    geheim_stuk = behandeling(g, f"Patient/{HOUDER}", "DeviceRequest/x", f"Organization/{LEVERANCIER}")
    await kantoor.wereld.zet(HOUDER, {**geheim_stuk, "id": "t2"})
    await kantoor.bezorger.ronde()
    assert kantoor.ontvanger.taken() == ["t1", "t2"]
    for post in kantoor.ontvanger.post:
        assert g.plek(post.inhoud.decode()) == []
        assert [m for m in validator.controleer(post.bundel) if m.ernst == "error"] == []
        assert [m for m in validator.controleer(post.bundel["entry"][0]["resource"]) if m.ernst == "error"] == []
    bericht = kantoor.ontvanger.post[1]
    for geheim in ("Zwijgwoord", HOUDER, "Yvonne", GEMEENTE, LEVERANCIER, "999911120", "requested", "levering"):
        assert geheim.encode() not in bericht.inhoud, geheim
    status, taak = bericht.bundel["entry"]
    assert status["request"] == {"method": "GET", "url": f"http://test/fhir/Subscription/{id_}/$status"}
    assert taak == {
        "fullUrl": "http://test/fhir/Task/t1",
        "request": {"method": "GET", "url": "Task/t1"},
        "response": {"status": "200"},
    }


async def test_wie_de_taak_bij_het_versturen_niet_mag_zien_hoort_niets(kantoor: Postkantoor) -> None:
    await kantoor.abonneer()
    groepen = ("contact", "voortgang")
    toestemming = await kantoor.wereld.deel(f"Organization/{LEVERANCIER}", "levering", *groepen)
    van_de_gemeente = opdracht("t1", owner={"reference": f"Organization/{GEMEENTE}"})
    await kantoor.wereld.zet(HOUDER, van_de_gemeente)
    await kantoor.bezorger.ronde()
    assert kantoor.ontvanger.taken() == ["t1"], "met toestemming wel"
    await kantoor.wereld.zet(HOUDER, {**van_de_gemeente, "status": "in-progress"})
    await kantoor.wereld.trek_in(toestemming)
    await kantoor.bezorger.ronde()
    assert kantoor.ontvanger.taken() == ["t1"], "de toestemming verviel na het klaarleggen en vóór het versturen"
    assert kantoor.bezorger.tellingen["geen-grond"] == 1


async def test_wie_er_niet_bij_hoort_krijgt_ook_geen_nummer_dat_iets_verraadt(kantoor: Postkantoor) -> None:
    id_, _ = await kantoor.abonneer()
    await kantoor.wereld.zet(HOUDER, opdracht("t1", owner={"reference": f"Organization/{GEMEENTE}"}))
    await kantoor.wereld.zet(HOUDER, opdracht("t2"))
    await kantoor.bezorger.ronde()
    assert [p.stand["notification-event"]["event-number"] for p in kantoor.ontvanger.post[1:]] == ["1"]
    assert kantoor.ontvanger.taken() == ["t2"]
    assert (await outbox.abonnement(kantoor.opslag, id_)).hoogste == 1  # type: ignore[union-attr]


async def test_een_geschorste_organisatie_hoort_niets(kantoor: Postkantoor) -> None:
    await kantoor.abonneer()
    await kantoor.wereld.zet(HOUDER, opdracht("t1"))
    await kantoor.opslag.schors(LEVERANCIER)
    await kantoor.bezorger.ronde()
    assert kantoor.ontvanger.taken() == []


async def test_een_app_die_weg_is_hoort_niets_en_haar_abonnement_gaat_uit(kantoor: Postkantoor) -> None:
    id_, _ = await kantoor.abonneer()
    await verwijder_client(kantoor.opslag, APP)
    await kantoor.wereld.zet(HOUDER, opdracht("t1"))
    await kantoor.bezorger.ronde()
    assert kantoor.ontvanger.taken() == []
    stand = await kantoor.stand(id_)
    assert stand["status"] == "off" and "app" in stand["error"]


async def test_een_filter_laat_alleen_door_wat_erbij_past_op_het_moment_van_de_wijziging(kantoor: Postkantoor) -> None:
    await kantoor.abonneer(f"Task?owner=Organization/{LEVERANCIER}&status=requested,received", "Task?code=opdracht")
    await kantoor.wereld.zet(HOUDER, opdracht("t1"))
    await kantoor.wereld.zet(HOUDER, opdracht("t1", "in-progress"))
    await kantoor.wereld.zet(HOUDER, opdracht("t2", code={"coding": [{"code": "reparatie"}]}))
    await kantoor.bezorger.ronde()
    assert kantoor.ontvanger.taken() == ["t1"]


async def test_een_andere_organisatie_hoort_niets_van_een_taak_van_deze(kantoor: Postkantoor, als: Als) -> None:
    await kantoor.abonneer()
    ander = als(rol="verstrekker", soort="app", client_id="app-x", functie=None, scopes="system/*.cruds")
    antwoord = await ander.post("Subscription", json=aanvraag(kantoor.ontvanger.adres))
    assert antwoord.status_code == 201
    gevonden = await kantoor.app.get(f"Subscription/{antwoord.json()['id']}")
    assert gevonden.status_code == 404, "andermans abonnement bestaat niet"


async def test_opnieuw_met_steeds_meer_geduld_en_daarna_verder_in_volgorde(kantoor: Postkantoor) -> None:
    await kantoor.abonneer()
    kantoor.ontvanger.antwoorden = [500, 503, 200, 200]
    await kantoor.wereld.zet(HOUDER, opdracht("t1"))
    await kantoor.wereld.zet(HOUDER, opdracht("t2"))
    await kantoor.bezorger.ronde()
    assert kantoor.ontvanger.taken() == ["t1"]
    await kantoor.later(GEDULD[0] - 0.5)
    assert kantoor.ontvanger.taken() == ["t1"], "nog geen seconde voorbij"
    await kantoor.later(0.5)
    assert kantoor.ontvanger.taken() == ["t1", "t1"]
    await kantoor.later(GEDULD[1])
    assert kantoor.ontvanger.taken() == ["t1", "t1", "t1", "t2"]
    nummers = [p.stand["notification-event"]["event-number"] for p in kantoor.ontvanger.post[1:]]
    assert nummers == ["1", "1", "1", "2"], "een herhaling houdt haar nummer"


async def test_een_dode_brief_is_te_zien_en_te_halen_en_na_opnieuw_aanvragen_gaat_het_verder(
    kantoor: Postkantoor, capsys: pytest.CaptureFixture[str]
) -> None:
    id_, _ = await kantoor.abonneer()
    kantoor.ontvanger.antwoorden = [500] * (len(GEDULD) + 1)
    await kantoor.wereld.zet(HOUDER, opdracht("t1"))
    await kantoor.bezorger.ronde()
    for wacht in GEDULD:
        await kantoor.later(wacht)
    assert len(kantoor.ontvanger.taken()) == len(GEDULD) + 1
    stand = await kantoor.stand(id_)
    assert stand["status"] == "error"
    assert stand["error"] == "Melding 1 kwam niet aan. De ontvanger antwoordde met HTTP-status 500."
    await kantoor.wereld.zet(HOUDER, opdracht("t2"))
    await kantoor.later(86400)
    assert "t2" not in kantoor.ontvanger.taken(), "wat stokt, wacht op de abonnee"
    [rij] = [r for r in await outbox.overzicht(kantoor.opslag) if r.id == id_]
    assert (rij.stand, rij.wacht, rij.dood) == ("error", 1, 1)
    await toon_post(kantoor.opslag)
    assert capsys.readouterr().out == (
        "1 abonnementen (1 stokken), 1 meldingen wachten.\n"
        f"  {id_}\torg-{LEVERANCIER}\terror\t1 gestuurd\t1 wachten\t1 niet bezorgd\n"
    )

    gemist = (await kantoor.app.get(f"Subscription/{id_}/$events?eventsSinceNumber=1")).json()
    assert [e["fullUrl"] for e in gemist["entry"][1:]] == ["http://test/fhir/Task/t1"]
    antwoord = await kantoor.app.put(f"Subscription/{id_}", json={**stand, "status": "requested"})
    assert antwoord.status_code == 200 and "error" not in antwoord.json()
    await kantoor.bezorger.ronde()
    assert (await kantoor.stand(id_))["status"] == "active"
    assert kantoor.ontvanger.taken()[-1] == "t2"
    assert kantoor.ontvanger.post[-1].stand["notification-event"]["event-number"] == "2"


async def test_de_beheerder_zet_dode_brieven_weer_klaar_en_zij_komen_in_volgorde(
    kantoor: Postkantoor, capsys: pytest.CaptureFixture[str]
) -> None:
    id_, _ = await kantoor.abonneer()
    kantoor.ontvanger.antwoorden = [500] * (len(GEDULD) + 1)
    await kantoor.wereld.zet(HOUDER, opdracht("t1"))
    await kantoor.bezorger.ronde()
    for wacht in GEDULD:
        await kantoor.later(wacht)
    await kantoor.wereld.zet(HOUDER, opdracht("t2"))
    al = len(kantoor.ontvanger.post)
    assert await opnieuw(kantoor.opslag, id_) == 0
    await kantoor.bezorger.ronde()
    assert kantoor.ontvanger.soorten()[al:] == ["handshake", "event-notification", "event-notification"]
    assert kantoor.ontvanger.taken()[-2:] == ["t1", "t2"]
    nummers = [p.stand["notification-event"]["event-number"] for p in kantoor.ontvanger.post[-2:]]
    assert nummers == ["1", "2"], "een dode brief houdt haar nummer"
    stand = await kantoor.stand(id_)
    assert stand["status"] == "active" and "error" not in stand
    await kantoor.app.put(f"Subscription/{id_}", json={**stand, "status": "off"})
    assert [await opnieuw(kantoor.opslag, x) for x in (id_, "er-niet")] == [1, 1], "uit is uit"
    capsys.readouterr()
    await toon(kantoor.opslag)
    assert capsys.readouterr().out == f"{id_}\torg-{LEVERANCIER}\toff\t2 gestuurd\t0 wachten\t0 niet bezorgd\n"


async def test_een_handdruk_die_niet_lukt_eindigt_als_fout_en_niets_gaat_erheen(kantoor: Postkantoor) -> None:
    kantoor.ontvanger.antwoorden = [404] * (len(GEDULD_HANDDRUK) + 1)
    id_, _ = await kantoor.abonneer()
    await kantoor.wereld.zet(HOUDER, opdracht("t1"))
    for wacht in GEDULD_HANDDRUK:
        assert (await kantoor.stand(id_))["status"] == "requested"
        await kantoor.later(wacht)
    assert (await kantoor.stand(id_))["status"] == "error"
    assert set(kantoor.ontvanger.soorten()) == {"handshake"}


async def test_wat_voor_de_handdruk_gebeurde_komt_erna_alsnog(kantoor: Postkantoor) -> None:
    kantoor.ontvanger.antwoorden = [503]
    await kantoor.abonneer()
    await kantoor.wereld.zet(HOUDER, opdracht("t1"))
    await kantoor.later(GEDULD_HANDDRUK[0])
    assert kantoor.ontvanger.soorten() == ["handshake", "handshake", "event-notification"]


async def test_uit_is_uit_en_voorbij_is_voorbij(kantoor: Postkantoor) -> None:
    eind = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(kantoor.klok.nu + 60))
    id_, _ = await kantoor.abonneer(end=eind)
    await kantoor.wereld.zet(HOUDER, opdracht("t1"))
    await kantoor.later(61)
    assert (await kantoor.stand(id_))["status"] == "off"
    await kantoor.wereld.zet(HOUDER, opdracht("t2"))
    await kantoor.later(1)
    assert kantoor.ontvanger.taken() == []
    assert (await kantoor.app.delete(f"Subscription/{id_}")).status_code == 204
    assert await outbox.overzicht(kantoor.opslag) == ()


async def test_het_bericht_staat_als_inzage_in_het_log_van_het_paspoort(kantoor: Postkantoor) -> None:
    await kantoor.abonneer()
    kantoor.ontvanger.antwoorden = [500]
    await kantoor.wereld.zet(HOUDER, opdracht("t1"))
    await kantoor.bezorger.ronde()
    await kantoor.later(GEDULD[0])
    regels = [r for r in await audit.regels_van_paspoort(kantoor.opslag, HOUDER) if r.handeling == "melding"]
    assert len(regels) == 1, "een tweede poging is dezelfde inzage"
    assert (regels[0].organisatie, regels[0].client, regels[0].wat) == (LEVERANCIER, APP, ("Task/t1",))
    assert regels[0].grond == "opdracht:Task/t1" and regels[0].doel == "levering"
    assert zin(regels[0]) == "App van Rijdt kreeg bericht over de voortgang."


async def test_wie_traag_is_houdt_alleen_zichzelf_op(kantoor: Postkantoor, als: Als) -> None:
    async with luister() as traag:
        for _ in range(PER_EIGENAAR + 2):
            await kantoor.abonneer(adres=traag.adres)
        traag.antwoorden = [0.8] * 20
        ander = als(rol="verstrekker", soort="app", client_id="app-veldkant", functie=None, scopes="system/*.cruds")
        app = Client("app-veldkant", "gemeente", "Zaaksysteem", GEMEENTE, scopes="system/*.cruds")
        await zet_client(kantoor.opslag, app)
        await ander.post("Subscription", json=aanvraag(kantoor.ontvanger.adres))
        await kantoor.bezorger.ronde()
        traag.post.clear()
        toestemming = ("contact", "voortgang")
        await kantoor.wereld.deel(f"Organization/{GEMEENTE}", "onderzoek", *toestemming)
        await kantoor.wereld.zet(HOUDER, opdracht("t1"))
        bezig = asyncio.create_task(kantoor.bezorger.ronde())
        await kantoor.ontvanger.tot(2)
        assert kantoor.ontvanger.taken() == ["t1"] and len(traag.post) <= PER_EIGENAAR
        await bezig
        assert traag.taken() == ["t1"] * (PER_EIGENAAR + 2), "ook wie moest wachten, hoort het"


async def test_twee_processen_bezorgen_niet_allebei_en_een_ander_neemt_het_over(kantoor: Postkantoor) -> None:
    await kantoor.abonneer()
    ander = kantoor.nieuwe_bezorger()
    await kantoor.wereld.zet(HOUDER, opdracht("t1"), opdracht("t2"))
    await asyncio.gather(kantoor.bezorger.ronde(), ander.ronde())
    assert sorted(kantoor.ontvanger.taken()) == ["t1", "t2"]
    await kantoor.wereld.zet(HOUDER, opdracht("t3"))
    await ander.ronde()
    assert kantoor.ontvanger.taken()[2:] == [], "de eerste leidt nog"
    kantoor.klok.nu += 31
    await ander.ronde()
    assert kantoor.ontvanger.taken()[2:] == ["t3"], "wie zwijgt, is zijn beurt kwijt"
    await ander.stop()


async def test_een_proces_dat_wegvalt_tussen_vastleggen_en_versturen_verliest_niets(kantoor: Postkantoor) -> None:
    await kantoor.abonneer()
    kantoor.ontvanger.antwoorden = [5.0]
    await kantoor.wereld.zet(HOUDER, opdracht("t1"), opdracht("t2"))
    bezig = asyncio.create_task(kantoor.bezorger.ronde())
    await kantoor.ontvanger.tot(2)
    await kantoor.bezorger.stop()  # het bericht is weg, de bevestiging kwam nooit
    bezig.cancel()
    ander = kantoor.nieuwe_bezorger()
    await ander.ronde()
    assert kantoor.ontvanger.taken() == ["t1", "t1", "t2"], "minstens één keer"
    nummers = [p.stand["notification-event"]["event-number"] for p in kantoor.ontvanger.post[1:]]
    assert nummers == ["1", "1", "2"]
    await ander.stop()


async def test_wat_niet_vastligt_wordt_ook_niet_gemeld(kantoor: Postkantoor) -> None:
    await kantoor.abonneer()
    m = await kantoor.opslag.momentopname(HOUDER)
    wijziging = Wijziging("Task", "t1", opdracht("t1"))
    try:
        await kantoor.opslag.schrijf(HOUDER, m.volgnummer - 1, [wijziging], "x", "bron", ())
    except Exception as fout:
        assert type(fout).__name__ == "Volgnummerbotsing"
    await kantoor.bezorger.ronde()
    assert kantoor.ontvanger.taken() == []


async def test_een_gewist_paspoort_laat_geen_post_achter(kantoor: Postkantoor) -> None:
    id_, _ = await kantoor.abonneer()
    await kantoor.wereld.zet(HOUDER, opdracht("t1"))
    await kantoor.opslag.wis(HOUDER)
    await kantoor.bezorger.ronde()
    assert kantoor.ontvanger.taken() == []
    assert await outbox.gebeurtenissen(kantoor.opslag, id_, 0, 99, 10) == ()


async def test_de_lus_bezorgt_vanzelf_en_stopt_netjes(kantoor: Postkantoor) -> None:
    kantoor.klok.nu = time.time()
    await kantoor.abonneer()
    kantoor.bezorger.start()
    await kantoor.wereld.zet(HOUDER, opdracht("t1"))
    await kantoor.ontvanger.tot(2)
    await kantoor.bezorger.stop()
    assert kantoor.ontvanger.taken() == ["t1"]
    assert 'paspoort_meldingen_total{uitkomst="handdruk-aangenomen"} 1' in kantoor.bezorger.tekst()
