"""Na intrekken, een datum die verstrijkt, een schorsing of een ontslag: het eerstvolgende verzoek geeft niets meer.

Elke gebeurtenis tegen elk lopend ding: token van een app, token van een mens, bladzijde en abonnement (toegang.md §1
kolom *ends*, §6). Onder drukte: `test_tegelijk.py`; de uitnodiging: `test_uitnodiging_voorbij.py`.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from server.oauth.abonnee import abonnees
from server.post.bezorger import Bezorger
from server.post.versturen import Verzender
from server.store.clients import client as lees_client
from server.store.clients import verwijder_client, zet_client
from server.store.session import lidmaatschappen, verwijder_lidmaatschap, zet_lidmaatschap
from tests.aanval.aanvalwereld import HIER, Product
from tests.ontvanger import luister
from tests.server.post.conftest import aanvraag, opdracht

pytestmark = pytest.mark.asyncio(loop_scope="module")
Json = dict[str, Any]
GEHEIM = "M_hier_"
PRAKTIJK = "Organization/praktijk"


@dataclass
class Lopend:
    """Alles wat de praktijk open heeft staan op het moment dat er iets gebeurt."""

    systeem: httpx.AsyncClient
    mens: httpx.AsyncClient
    bladzijde: httpx.AsyncClient

    async def antwoorden(self) -> dict[str, httpx.Response]:
        """Wat elk lopend ding nu op zijn eerstvolgende verzoek krijgt."""
        uit = {}
        for naam, c in (("systeem", self.systeem), ("mens", self.mens)):
            for pad in (
                "Condition/als-hier", "Condition/als-hier/_history/2", "Condition/als-hier/_history",
                "Condition?patient=houder-hier", f"Patient/{HIER}/$everything", f"Patient/{HIER}/Condition",
                "Condition/_history", "Consent?patient=houder-hier", f"Patient?_id={HIER}",
            ):  # fmt: skip
                uit[f"{naam} {pad}"] = await c.get(pad)
            zoek = await c.post("Condition/_search", data={"patient": HIER})
            regels = [{"request": {"method": "GET", "url": "Condition/als-hier"}}]
            batch = await c.post("", json={"resourceType": "Bundle", "type": "batch", "entry": regels})
            uit |= {f"{naam} _search": zoek, f"{naam} batch": batch}
        for pad in ("/clienten", f"/client/{HIER}", "/advies/advies-hier/lees"):
            uit[f"bladzijde {pad}"] = await self.bladzijde.get(pad)
        return uit


async def lopend(p: Product) -> Lopend:
    """De praktijk heeft toegang, en alles staat open."""
    alles = Lopend(await p.systeem("therapeut"), await p.persoon("nienke"), await p.browser("nienke"))
    ziet = {naam: GEHEIM in a.text for naam, a in (await alles.antwoorden()).items()}
    niet = [naam for naam, z in ziet.items() if not z and "Consent" not in naam]
    assert not niet, niet
    return alles


# --- de gebeurtenissen; elke maakt zichzelf ongedaan

Gebeurtenis = Callable[[Product, str], Any]


@asynccontextmanager
async def ingetrokken(p: Product, id: str) -> AsyncIterator[None]:
    houder = await p.persoon("hanna")
    nu = await houder.get(f"Consent/{id}")
    inhoud = nu.json() | {"status": "inactive"}
    a = await houder.put(f"Consent/{id}", json=inhoud, headers={"if-match": nu.headers["etag"]})
    assert a.status_code == 200, a.text
    yield


@asynccontextmanager
async def ingetrokken_op_de_bladzijde(p: Product, id: str) -> AsyncIterator[None]:
    houder = await p.browser("hanna")
    a = await p.stuur(houder, f"/delen/toestemming/{id}", {"wat": "stop"})
    assert a.status_code == 303, a.text[:500]
    yield


@asynccontextmanager
async def verwijderd(p: Product, id: str) -> AsyncIterator[None]:
    a = await (await p.persoon("hanna")).delete(f"Consent/{id}")
    assert a.status_code == 204, a.text
    yield


@asynccontextmanager
async def verlopen(p: Product, id: str) -> AsyncIterator[None]:
    voor = (await p.wereld.momentopname(HIER)).volgnummer
    p.klok.verzet = timedelta(days=10)
    try:
        yield
        assert (await p.wereld.momentopname(HIER)).volgnummer == voor, "er werd iets geschreven"
    finally:
        p.klok.verzet = timedelta()


@asynccontextmanager
async def organisatie_geschorst(p: Product, id: str) -> AsyncIterator[None]:
    await p.opslag.schors("praktijk")
    try:
        yield
    finally:
        await p.opslag.schors("praktijk", geschorst=False)


@asynccontextmanager
async def organisatie_inactief(p: Product, id: str) -> AsyncIterator[None]:
    async with zonder(p, "Organization", "praktijk"):
        yield


@asynccontextmanager
async def zonder(p: Product, type_: str, id: str) -> AsyncIterator[None]:
    m = await p.opslag.momentopname("register")
    versie = m.get(type_, id)
    assert versie is not None
    await p.wereld.zet("register", {**versie.inhoud, "active": False})
    try:
        yield
    finally:
        await p.wereld.zet("register", dict(versie.inhoud))


ALLES_WEG = (
    ingetrokken,
    ingetrokken_op_de_bladzijde,
    verwijderd,
    verlopen,
    organisatie_geschorst,
    organisatie_inactief,
)


@pytest.mark.parametrize("gebeurtenis", ALLES_WEG, ids=lambda g: g.__name__)
async def test_het_eerstvolgende_verzoek_toont_niets_meer(p: Product, gebeurtenis: Gebeurtenis) -> None:
    id = f"weg-{gebeurtenis.__name__.replace('_', '-')}"
    eind = {"end": (p.klok() + timedelta(days=3)).date().isoformat(), "start": "2026-01-01"}
    await p.deel(PRAKTIJK, "advies", id=id)
    bron = (await p.wereld.momentopname(HIER)).get("Consent", id)
    assert bron is not None
    await p.wereld.zet(HIER, {**bron.inhoud, "provision": {**bron.inhoud["provision"], "period": eind}})
    open_ = await lopend(p)
    async with gebeurtenis(p, id):
        for naam, a in (await open_.antwoorden()).items():
            assert GEHEIM not in a.text, (naam, a.text[:500])
            assert naam.startswith("bladzijde") or a.status_code in (200, 401, 404), (naam, a.status_code)
        # En precies als wat er nooit was.
        for client in (open_.systeem, open_.mens):
            weg, nooit = await client.get("Condition/als-hier"), await client.get("Condition/als-nooit")
            assert (weg.status_code, weg.content) == (nooit.status_code, nooit.content)
            assert weg.status_code in (401, 404)


async def test_wie_zijn_functie_kwijt_is_ziet_niets_maar_zijn_organisatie_wel(p: Product) -> None:
    await p.deel(PRAKTIJK, "advies", id="functie-weg")
    open_ = await lopend(p)
    async with zonder(p, "PractitionerRole", "nienke"):
        for naam, a in (await open_.antwoorden()).items():
            assert naam.startswith("systeem") or GEHEIM not in a.text, naam
        assert GEHEIM in (await open_.systeem.get("Condition/als-hier")).text


async def test_wie_zijn_rol_kwijt_is_komt_met_een_lopend_token_niet_meer_binnen(p: Product) -> None:
    await p.deel(PRAKTIJK, "advies", id="rol-weg")
    open_ = await lopend(p)
    (lid,) = await lidmaatschappen(p.opslag, p.accounts["nienke"])
    await verwijder_lidmaatschap(p.opslag, lid.id)
    try:
        for naam, a in (await open_.antwoorden()).items():
            assert naam.startswith("systeem") or GEHEIM not in a.text, naam
    finally:
        await zet_lidmaatschap(p.opslag, lid)


async def test_een_app_die_weg_is_leest_met_een_lopend_token_niets_meer(p: Product) -> None:
    await p.deel(PRAKTIJK, "advies", id="app-weg")
    open_ = await lopend(p)
    app = await lees_client(p.opslag, "app-praktijk")
    assert app is not None
    await verwijder_client(p.opslag, "app-praktijk")
    try:
        a = await open_.systeem.get("Condition/als-hier")
        assert a.status_code == 401 and GEHEIM not in a.text, a.text[:300]
    finally:
        await zet_client(p.opslag, app)


async def test_een_abonnement_hoort_na_intrekken_of_schorsing_niets_meer(p: Product) -> None:
    """De Task sluit, of de organisatie wordt geschorst: de brief die al klaarlag gaat niet meer weg."""
    klok = time.time
    bezorger = Bezorger(p.opslag, abonnees(p.opslag), Verzender(demo=True), klok)
    app = await p.systeem("leverancier")

    def taak(id: str, status: str = "requested") -> Json:
        naar = {"for": {"reference": f"Patient/{HIER}"}, "owner": {"reference": "Organization/rijdt"}}
        return opdracht(id, status, **naar, requester={"reference": "Organization/gemeente"})

    async with luister() as ontvanger:
        a = await app.post("Subscription", json=aanvraag(ontvanger.adres))
        assert a.status_code == 201, a.text
        await bezorger.ronde()
        await p.wereld.zet(HIER, taak("post-1"))
        await bezorger.ronde()
        genoemd = [b for b in _berichten(ontvanger) if "post-1" in b]
        assert genoemd, "zonder dit bericht bewijst de rest niets"
        await p.wereld.zet(HIER, taak("post-2"))
        await p.wereld.zet(HIER, taak("post-3"))
        await p.wereld.zet(HIER, taak("post-2", "cancelled"))  # de grond is weg vóór het bezorgen
        await p.opslag.schors("rijdt")
        try:
            await bezorger.ronde()
            events = await app.get(f"Subscription/{a.json()['id']}/$events")
            assert "post-" not in events.text, events.text[:500]
        finally:
            await p.opslag.schors("rijdt", geschorst=False)
        assert not [b for b in _berichten(ontvanger) if "post-2" in b or "post-3" in b]
    await bezorger.stop()


def _berichten(ontvanger: Any) -> list[str]:
    return [b.inhoud.decode() for b in ontvanger.post]
