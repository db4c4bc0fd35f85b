"""Een abonnement leeft precies zo lang als het ja waarmee het gezet is, ook als dezelfde app een ander ja heeft."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from paspoort.vertegenwoordiging import verjaardag as op_leeftijd
from server.oauth.abonnee import APP_WEG, VERLENING_WEG
from server.oauth.actor import actor_als_json
from server.post.bezorger import BEWAAR, GEDULD
from server.post.onderwerp import VERLENING
from server.store import outbox
from server.store.clients import Client, schors, zet_client
from server.store.tokens import maak_verlening, trek_in
from tests.conftest import HOUDER, Als, actor
from tests.klok import dag_van
from tests.server.fhir.test_namens import mandaat, peter
from tests.server.post.conftest import Postkantoor, aanvraag, opdracht

Json = dict[str, Any]
EIGEN, SCOPES = "app-van-mensen", "patient/*.cruds offline_access"
DAG = 86_400


@dataclass
class Gezin:
    """Peter en Yvonne lieten dezelfde app toe; het abonnement is dat van Peter."""

    kantoor: Postkantoor
    abonnement: str
    van_peter: str
    bij_peter: httpx.AsyncClient
    bij_yvonne: httpx.AsyncClient

    async def hoort(self, taak: str) -> bool:
        """Of de app nu bericht krijgt van een nieuwe taak."""
        await self.kantoor.wereld.zet(HOUDER, opdracht(taak))
        await self.kantoor.bezorger.ronde()
        return taak in self.kantoor.ontvanger.taken()

    async def stand(self) -> Json:
        """Wat de houder ervan leest."""
        inhoud: Json = (await self.bij_yvonne.get(f"Subscription/{self.abonnement}")).json()
        return inhoud


async def gezin(kantoor: Postkantoor, als: Als) -> Gezin:
    """Twee mensen, één app, één abonnement."""
    opslag, scopes, nu = kantoor.opslag, SCOPES, int(time.time())
    kantoor.klok.nu = float(nu)
    await zet_client(opslag, Client(EIGEN, "persoonlijk", "App van mensen", None, scopes=scopes))
    await kantoor.wereld.zet(HOUDER, mandaat())
    ja = []
    for wie in (peter(), actor("houder")):
        v = await maak_verlening(opslag, EIGEN, scopes, actor_als_json(wie), nu, account=wie.account, patient=HOUDER)
        ja.append(v.familie)
    namens = {"naam": "Peter", "namens": "Yvonne", "mandaat": "mandaat-peter"}
    van_peter = als("vertegenwoordiger", scopes, client_id=EIGEN, verlening=ja[0], **namens)
    van_yvonne = als("houder", scopes, client_id=EIGEN, verlening=ja[1])
    vreemd = [{"url": VERLENING, "valueString": ja[1]}]  # wat een inzender meestuurt, vervalt
    a = await van_peter.post("Subscription", json=aanvraag(kantoor.ontvanger.adres, extension=vreemd))
    assert a.status_code == 201, a.text
    assert [e["valueString"] for e in a.json()["extension"] if e["url"] == VERLENING] == [ja[0]]
    await kantoor.bezorger.ronde()
    return Gezin(kantoor, a.json()["id"], ja[0], van_peter, van_yvonne)


async def ingetrokken(g: Gezin) -> None:
    await trek_in(g.kantoor.opslag, g.van_peter, int(time.time()))


async def mandaat_weg(g: Gezin) -> None:
    await g.kantoor.wereld.zet(HOUDER, mandaat(active=False))


async def mandaat_verlopen(g: Gezin) -> None:
    """Niemand schrijft iets op de dag zelf; de klok van wie bezorgt beslist."""
    vandaag = dag_van(g.kantoor.klok.nu)
    await g.kantoor.wereld.zet(HOUDER, mandaat(period={"start": "2020-01-01", "end": vandaag.isoformat()}))
    assert await g.hoort("op-de-laatste-dag")
    g.kantoor.klok.nu += 2 * DAG


async def verjaardag(g: Gezin) -> None:
    """Peter is de ouder, en Yvonne wordt vannacht zestien."""
    morgen = dag_van(g.kantoor.klok.nu + DAG)
    jarig = op_leeftijd(morgen, -16).isoformat()
    m = await g.kantoor.wereld.momentopname()
    patient = m.get("Patient", HOUDER)
    assert patient is not None
    await g.kantoor.wereld.zet(HOUDER, mandaat("ouder-met-gezag"), {**patient.inhoud, "birthDate": jarig})
    assert await g.hoort("voor-de-verjaardag")
    g.kantoor.klok.nu += 2 * DAG


async def app_geschorst(g: Gezin) -> None:
    await schors(g.kantoor.opslag, EIGEN)


EINDES: list[tuple[Callable[[Gezin], Awaitable[None]], str]] = [
    (ingetrokken, VERLENING_WEG),
    (mandaat_weg, VERLENING_WEG),
    (mandaat_verlopen, VERLENING_WEG),
    (verjaardag, VERLENING_WEG),
    (app_geschorst, APP_WEG),
]


@pytest.mark.parametrize(("einde", "reden"), EINDES, ids=lambda w: getattr(w, "__name__", ""))
async def test_het_abonnement_eindigt_met_het_ja_waarmee_het_gezet_is(
    kantoor: Postkantoor, als: Als, einde: Callable[[Gezin], Awaitable[None]], reden: str
) -> None:
    g = await gezin(kantoor, als)
    assert await g.hoort("ervoor"), "zonder dit bericht bewijst de rest niets"
    await einde(g)
    assert not await g.hoort("erna"), "het ja van Yvonne aan dezelfde app houdt het niet in leven"
    stand = await g.stand()
    assert (stand["status"], stand["error"]) == ("off", reden)


async def test_wie_het_abonnement_overneemt_houdt_het_onder_het_eigen_ja(kantoor: Postkantoor, als: Als) -> None:
    g = await gezin(kantoor, als)
    stand = await g.stand()
    a = await g.bij_yvonne.put(f"Subscription/{g.abonnement}", json=stand)
    assert a.status_code == 200, a.text
    await ingetrokken(g)
    assert await g.hoort("onder-yvonne")


async def test_een_ja_dat_niet_blijvend_is_draagt_geen_abonnement(kantoor: Postkantoor, als: Als) -> None:
    """Aanvragen en overnemen kan niet, uitzetten wel; wie er een had, houdt het."""
    g = await gezin(kantoor, als)
    even = als("houder", "patient/*.cruds", client_id=EIGEN, verlening="een-bezoek")
    stand = await g.stand()
    nieuw = {k: w for k, w in stand.items() if k not in ("id", "meta")} | {"status": "requested"}
    plek = f"Subscription/{g.abonnement}"
    for a in (await even.post("Subscription", json=nieuw), await even.put(plek, json=stand)):
        assert a.status_code == 422, a.text
        (fout,) = a.json()["issue"]
        assert fout["details"]["coding"][0]["code"] == "abonnement-blijvend"
        assert fout["expression"] == ["Subscription.status"]
    assert await g.hoort("onder-peter")
    assert (await even.put(plek, json={**stand, "status": "off"})).status_code == 200


async def test_het_ja_beslist_en_niet_de_scopes_van_een_versmald_token(kantoor: Postkantoor, als: Als) -> None:
    g = await gezin(kantoor, als)
    smal = als("houder", "patient/*.cruds", client_id=EIGEN, verlening=g.van_peter, blijvend=True)
    assert (await smal.put(f"Subscription/{g.abonnement}", json=await g.stand())).status_code == 200
    assert await g.hoort("nog-steeds")


async def test_een_ja_in_een_ander_paspoort_draagt_geen_abonnement(kantoor: Postkantoor, als: Als) -> None:
    """Een verlening die niet bij dit paspoort of deze app hoort, is er voor dit abonnement niet."""
    g = await gezin(kantoor, als)
    elders = await maak_verlening(kantoor.opslag, EIGEN, SCOPES, actor_als_json(actor("houder")), 1, patient="ander")
    van_ander = als("houder", SCOPES, client_id=EIGEN, verlening=elders.familie)
    a = await van_ander.put(f"Subscription/{g.abonnement}", json=await g.stand())
    assert a.status_code == 200, a.text
    assert not await g.hoort("niets")


async def test_wie_na_bijna_dertig_dagen_opnieuw_vraagt_krijgt_de_brief_nog(kantoor: Postkantoor) -> None:
    id_, _ = await kantoor.abonneer()
    kantoor.ontvanger.antwoorden = [500] * (len(GEDULD) + 1)
    await kantoor.wereld.zet(HOUDER, opdracht("t1"))
    await kantoor.bezorger.ronde()
    for wacht in GEDULD:
        await kantoor.later(wacht)
    al = len(kantoor.ontvanger.post)
    kantoor.klok.nu += BEWAAR - 60
    assert await kantoor.bezorger.opnieuw(id_)
    await outbox.ruim_op(kantoor.opslag, 0, int(kantoor.klok.nu) + 3600 - BEWAAR)
    await kantoor.bezorger.ronde()
    assert kantoor.ontvanger.soorten()[al:] == ["handshake", "event-notification"]
