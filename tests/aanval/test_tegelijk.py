"""Tegelijk: intrekken onder drukte, en twee schrijvers; altijd met twee processen op één database.

Wat begint nadat het intrekken bevestigd is, toont niets (toegang.md §1 kolom *ends*). Van twee schrijvers op dezelfde
versie krijgt er één 412 (§6), en schrijven in twee partities zet zich nooit vast.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from paspoort.fhir.validatie import Validator
from server.fhir.definities import Definities
from server.fhir.gateway import Poort
from server.fhir.router import maak_router
from server.oauth.actor import actor_van_token
from server.store.passports import Opslag
from server.store.versions import Deel, Volgnummerbotsing, Wijziging
from tests.aanval.aanvalwereld import DAAR, HIER, Product, product
from tests.aanval.test_na_intrekken import GEHEIM, PRAKTIJK, Gebeurtenis, ingetrokken, zonder
from tests.databases import verse_settings

pytestmark = pytest.mark.asyncio(loop_scope="module")
Json = dict[str, Any]
OP_POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)
OP_SQLITE = pytest.param("sqlite", marks=pytest.mark.lang)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=[OP_POSTGRES, OP_SQLITE])
async def p(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    validator: Validator,
    definities: Definities,
) -> AsyncIterator[Product]:
    """Het product, met genoeg verbindingen voor drukte."""
    with verse_settings(str(request.param), Path(tmp_path_factory.mktemp("tegelijk"))) as settings:
        async with product(replace(settings, pool_size=8), validator, definities) as draaiend:
            yield draaiend


@dataclass
class Waarneming:
    """Eén antwoord: wanneer de vraag begon, en of er iets in stond."""

    begin: float
    status: int
    geheim: bool


@dataclass
class Drukte:
    """Wat alle lezers samen zagen; `bevestigd` is het moment waarop het intrekken vaststond."""

    genoeg: int
    waar: list[Waarneming] = field(default_factory=list)
    bevestigd: float = float("inf")
    op_gang: asyncio.Event = field(default_factory=asyncio.Event)
    klaar: asyncio.Event = field(default_factory=asyncio.Event)

    def noteer(self, w: Waarneming) -> None:
        self.waar.append(w)
        if sum(x.geheim for x in self.waar) >= self.genoeg:
            self.op_gang.set()
        if len(self.later) >= 2 * self.genoeg:
            self.klaar.set()

    @property
    def later(self) -> list[Waarneming]:
        return [w for w in self.waar if w.begin > self.bevestigd]

    async def lees_door(self, client: httpx.AsyncClient, pad: str) -> None:
        while not self.klaar.is_set():
            begin = time.monotonic()
            a = await client.get(pad)
            self.noteer(Waarneming(begin, a.status_code, GEHEIM in a.text))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def processen(p: Product, validator: Validator, definities: Definities) -> AsyncIterator[list[Any]]:
    """Twee ASGI-apps: de echte, en een deur op een tweede opslag, met eigen geheugen, zoals een tweede proces."""
    tweede = await Opslag.open(p.opslag.settings)
    poort = Poort(tweede, p.opslag.settings.fhir_url, validator, definities)
    app = FastAPI()
    app.include_router(maak_router(poort, lambda t: actor_van_token(tweede, t), p.opslag.settings))
    yield [p.app, app]
    await tweede.sluit()


def _client(p: Product, app: Any, als: httpx.AsyncClient) -> httpx.AsyncClient:
    """Dezelfde vrager bij een van de processen."""
    transport = httpx.ASGITransport(app=app)
    p.open.append(httpx.AsyncClient(transport=transport, base_url="http://test/fhir/", headers=als.headers, timeout=60))
    return p.open[-1]


# --- lezen terwijl er wordt ingetrokken


@asynccontextmanager
async def organisatie_geschorst(p: Product, id: str) -> AsyncIterator[None]:
    await p.opslag.schors("praktijk")
    yield
    await p.opslag.schors("praktijk", geschorst=False)


@asynccontextmanager
async def organisatie_inactief(p: Product, id: str) -> AsyncIterator[None]:
    async with zonder(p, "Organization", "praktijk"):
        yield


@pytest.mark.parametrize("ronde", [1, *(pytest.param(n, marks=pytest.mark.lang) for n in range(2, 6))])
@pytest.mark.parametrize("gebeurtenis", [ingetrokken, organisatie_geschorst, organisatie_inactief])
async def test_onder_drukte_toont_niets_wat_na_de_gebeurtenis_begint(
    p: Product, processen: list[Any], gebeurtenis: Gebeurtenis, ronde: int
) -> None:
    id = f"druk-{gebeurtenis.__name__.replace('_', '-')}-{ronde}"
    await p.deel(PRAKTIJK, "advies", id=id)
    wie = await p.systeem("therapeut"), await p.persoon("nienke")
    clients = [_client(p, app, als) for app in processen for als in wie]
    paden = ("Condition/als-hier", f"Patient/{HIER}/$everything", "Condition?patient=houder-hier")
    drukte = Drukte(genoeg=3 * len(clients) * len(paden))
    lezers = [asyncio.create_task(drukte.lees_door(c, pad)) for c in clients for pad in paden]
    await asyncio.wait_for(drukte.op_gang.wait(), 120)
    async with gebeurtenis(p, id):
        drukte.bevestigd = time.monotonic()
        await asyncio.wait_for(drukte.klaar.wait(), 120)
        await asyncio.gather(*lezers)
    lek = [w for w in drukte.later if w.geheim]
    assert not lek, f"{len(lek)} van {len(drukte.later)} toonden nog iets"
    assert {w.status for w in drukte.later} <= {200, 401, 404}


# --- twee schrijvers


async def test_van_twee_schrijvers_op_een_versie_wint_er_een(p: Product, processen: list[Any]) -> None:
    """Met `If-Match` op dezelfde versie: steeds precies één 200 en één 412, en geen wijziging gaat verloren."""
    houder = await p.persoon("hanna")
    een, twee = (_client(p, app, houder) for app in processen)
    plek = f"Device/{await _hulpmiddel(een)}"
    for ronde in range(8):
        nu = await een.get(plek)
        koppen = {"if-match": nu.headers["etag"]}
        inhouden = [nu.json() | {"note": [{"text": f"{naam} {ronde}"}]} for naam in ("een", "twee")]
        a, b = await asyncio.gather(
            een.put(plek, json=inhouden[0], headers=koppen), twee.put(plek, json=inhouden[1], headers=koppen)
        )
        assert sorted((a.status_code, b.status_code)) == [200, 412], (a.text, b.text)
        gewonnen = "een" if a.status_code == 200 else "twee"
        assert (await twee.get(plek)).json()["note"] == [{"text": f"{gewonnen} {ronde}"}]
    assert (await een.get(f"{plek}/_history")).json()["total"] == 9


async def _hulpmiddel(client: httpx.AsyncClient) -> str:
    inhoud = {"resourceType": "Device", "status": "active", "patient": {"reference": f"Patient/{HIER}"}}
    a = await client.post("Device", json=inhoud)
    assert a.status_code == 201, a.text
    return str(a.json()["id"])


async def test_schrijven_in_twee_partities_zet_zich_niet_vast(p: Product, processen: list[Any]) -> None:
    """Een hulpmiddel verhuist van de leverancier naar een paspoort, in beide processen en beide paspoorten tegelijk.

    Wie te vaak botst, krijgt 503 met `Retry-After`; elk hulpmiddel komt in hoogstens één paspoort terecht.
    """
    groepen = ("contact", "hulpmiddelen", "eisen", "maten", "omgeving", "voortgang")
    for patient in (HIER, DAAR):
        await p.wereld.deel("Organization/rijdt", "levering", *groepen, id=f"twee-{patient}", patient=patient)
    app = await p.systeem("leverancier")
    clients = [_client(p, a, app) for a in processen]
    stoelen = [
        (await app.post("Device", json={"resourceType": "Device", "status": "active"})).json()["id"] for _ in "abcd"
    ]

    def gebruik(stoel: str, patient: str) -> Json:
        wie, ding = {"reference": f"Patient/{patient}"}, {"reference": f"Device/{stoel}"}
        return {"resourceType": "DeviceUseStatement", "status": "active", "subject": wie, "device": ding}

    taken = [
        c.post("DeviceUseStatement", json=gebruik(s, pat)) for s in stoelen for pat in (HIER, DAAR) for c in clients
    ]
    los = [c.post("Device", json={"resourceType": "Device", "status": "active"}) for c in clients for _ in range(4)]
    uit = await asyncio.wait_for(asyncio.gather(*taken, *los), 120)
    assert {a.status_code for a in uit} <= {201, 422, 503}, {a.status_code: a.text[:300] for a in uit}
    assert all(a.headers.get("retry-after") for a in uit if a.status_code == 503)
    for stoel in stoelen:
        eigenaars = {a.json()["subject"]["reference"] for a in uit if a.status_code == 201 and stoel in a.text}
        assert len(eigenaars) <= 1, eigenaars
    assert {a.status_code for a in uit} & {201}


async def test_in_omgekeerde_volgorde_zet_de_opslag_zich_niet_vast(p: Product, processen: list[Any]) -> None:
    """Twee transacties schrijven dezelfde partities in omgekeerde volgorde: een wint, geen blijft hangen."""

    async def schrijf(opslag: Opslag, eerst: str, dan: str) -> bool:
        m, ander = await opslag.momentopname(eerst), await opslag.momentopname(dan)
        wijziging = Wijziging("Device", f"los-{eerst}", {"resourceType": "Device", "id": f"los-{eerst}"})
        deel = Deel(
            dan,
            ander.volgnummer,
            (Wijziging("Device", f"bij-{eerst}", {"resourceType": "Device", "id": f"bij-{eerst}"}),),
        )
        try:
            await opslag.schrijf(eerst, m.volgnummer, [wijziging], "", "bron", (), lambda _: ((), [deel]))
        except Volgnummerbotsing:
            return False
        return True

    tweede = await Opslag.open(p.opslag.settings)
    try:
        gelukt = []
        for _ in range(15):
            paar = schrijf(p.opslag, HIER, DAAR), schrijf(tweede, DAAR, HIER)
            gelukt += await asyncio.wait_for(asyncio.gather(*paar), 60)
        assert any(gelukt)
    finally:
        await tweede.sluit()
