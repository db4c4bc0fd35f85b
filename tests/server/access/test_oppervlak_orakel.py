"""Elk oppervlak van de API tegen het naïeve orakel van toegang.md: rol × stand van de toestemming × oppervlak.

Wat een oppervlak in zijn geheel geeft, is precies wat het orakel toestaat; wat het in delen geeft, nooit meer. Elke
resource heeft hier ook een vorige versie met eigen woorden: die komt alleen naar wie haar helemaal ziet (§2).
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from server.fhir.gateway import Poort
from server.fhir.router import maak_router
from server.store.passports import Opslag
from server.store.versions import Wijziging
from tests import orakel
from tests.aanval.aanvalwereld import register as registerinhoud
from tests.conftest import Toegangskaarten, actor
from tests.ontvanger import Ontvanger, luister
from tests.oppervlakken_erbij import ERBIJ, ingelogd, operaties
from tests.orakel import Wereld, zichtbaar
from tests.orakelpaspoort import GEGEVENS, RESOURCES, m_
from tests.orakelwereld import MERK, VANDAAG, aanwezig, maak, standen, vrager_van
from tests.zichtwereld import FUNCTIE, NU, ORG, PASPOORT, PATIENT
from web.routes import maak_router as maak_web

Json = dict[str, Any]
ROLLEN = ("therapeut", "verstrekker", "leverancier")
TYPES = sorted({p.partition("/")[0] for p in GEGEVENS} | {"Task"})
OUD = "M_oud_"  # zo begint elk woord van een vorige versie
VERWIJZINGEN = [  # (zoekvraag zonder een woord dat zelf geteld wordt, wat te zien moet zijn wil zij iets vinden)
    (f"Patient?_id={PASPOORT}&_has:Condition:patient:_id=als", {"Condition/als", PATIENT}),
    (f"Patient?_id={PASPOORT}&_has:Observation:patient:category=maten", {"Observation/breedte", PATIENT}),
    ("DeviceUseStatement?patient=yvonne&device._id=rolstoel", {"DeviceUseStatement/zit", "Device/rolstoel"}),
    ("Device?patient=yvonne&_has:DeviceUseStatement:device:_id=zit", {"DeviceUseStatement/zit", "Device/rolstoel"}),
    ("Device?patient=yvonne&_has:Provenance:target:_id=wie", {"Provenance/wie", "Device/rolstoel"}),
    ("Goal?patient=yvonne&patient.name=m_naam", {"Goal/buiten", "naam"}),
    (f"Patient?_id={PASPOORT}&name=m_naam", {"naam"}),
    (f"Patient?_id={PASPOORT}&name:missing=false", {"naam"}),
    ("DocumentReference?patient=yvonne&description=m_brief", {"DocumentReference/brief"}),
    ("DocumentReference?patient=yvonne&related=Device/rolstoel", {"DocumentReference/foto"}),
]


@pytest.fixture
def dialect() -> str:
    """Eén database is genoeg: alles hier leest de momentopname."""
    return "sqlite"


@dataclass
class Plaats:
    """Eén database met het paspoort erin, en een client per vrager."""

    opslag: Opslag
    app: FastAPI
    kaarten: Toegangskaarten
    web: httpx.AsyncClient
    ontvanger: Ontvanger
    clients: list[httpx.AsyncClient] = field(default_factory=list)
    abonnementen: dict[str, str] = field(default_factory=dict)
    bezorger: Any = None
    koekjes: dict[str, str] = field(default_factory=dict)
    gesteld: list[int] = field(default_factory=lambda: [0])

    async def cookie(self, rol: str) -> str:
        """De sessie van de mens in deze rol."""
        if rol not in self.koekjes:
            self.koekjes[rol] = await ingelogd(self, rol)
        return self.koekjes[rol]

    async def tel(self, vraag: httpx.Request) -> None:
        """Elke vraag telt."""
        self.gesteld[0] += 1

    def als(self, rol: str, app: bool) -> httpx.AsyncClient:
        soort: Json = {"soort": "app", "functie": None, "client_id": "a"} if app else {"functie": FUNCTIE[rol]}
        wie = actor(rol, "system/*.cruds" if app else "user/*.cruds", organisatie=ORG[rol], **soort)
        self.kaarten.actors[f"{rol}{app}"] = wie
        koppen = {"authorization": f"Bearer {rol}{app}", "accept": "application/fhir+json"}
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app), base_url="http://test/fhir/", headers=koppen,
            event_hooks={"request": [self.tel]},
        )  # fmt: skip
        self.clients.append(client)
        return client

    async def zet(self, *resources: Json) -> None:
        m = await self.opslag.momentopname(PASPOORT)
        wijzigingen = [Wijziging(r["resourceType"], r["id"], r) for r in resources]
        await self.opslag.schrijf(PASPOORT, m.volgnummer, wijzigingen, PATIENT, "zelf", ())


@pytest_asyncio.fixture
async def plaats(opslag: Opslag, settings: Any, validator: Any, definities: Any) -> AsyncIterator[Plaats]:
    m = await opslag.momentopname("register")
    inhoud = registerinhoud()
    wijzigingen = [Wijziging(i["resourceType"], i["id"], i) for i in inhoud]
    await opslag.schrijf("register", m.volgnummer, wijzigingen, "", "bron", ())
    await opslag.maak_partitie(PASPOORT, "paspoort")
    kaarten, app = Toegangskaarten(), FastAPI()
    poort = Poort(opslag, settings.fhir_url, validator, definities, klok=lambda: NU.replace(day=VANDAAG))
    app.include_router(maak_router(poort, kaarten.actor_van_token, settings))
    app.include_router(maak_web(poort, opslag, settings))
    web = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")
    p = Plaats(opslag, app, kaarten, web, Ontvanger())
    web.event_hooks = {"request": [p.tel]}
    await p.zet(*(json.loads(json.dumps(r).replace("M_", OUD)) for r in RESOURCES.values()))
    await p.zet(*RESOURCES.values())
    async with luister() as p.ontvanger:
        yield p
        if p.bezorger is not None:
            await p.bezorger.stop()
    for client in (web, *p.clients):
        await client.aclose()


@dataclass
class Vraag:
    """Eén vrager in één stand, met wat het orakel daarvan zegt."""

    client: httpx.AsyncClient
    feiten: Wereld
    mag: set[str]
    er: set[str]
    uitleg: tuple[object, ...] = ()
    plaats: Plaats | None = None
    rol: str = ""
    app: bool = False

    async def get(self, pad: str, *goed: int, **koppen: str) -> str:
        a = await self.client.get(pad, headers=koppen)
        assert a.status_code in (goed or (200, 404)), (self.uitleg, pad, a.status_code, a.text[:300])
        return self.gezien(pad, a.text)

    def gezien(self, pad: str, tekst: str) -> str:
        """De tekst, nadat vaststaat dat er geen woord in staat dat niet mag."""
        woorden = set(MERK.findall(tekst)) - {m_("naam_bij_verwijzing"), f"{OUD}naam_bij_verwijzing_M"}
        nu = {w for w in woorden if not w.startswith(OUD)}
        assert nu <= self.mag, (self.uitleg, pad, nu - self.mag)
        heel = {w for g in self.feiten.gegevens.values() for w in self._heel(g)}
        assert {w.replace(OUD, "M_") for w in woorden - nu} <= heel, (self.uitleg, pad, woorden - nu)
        return tekst

    def _heel(self, g: orakel.Gegeven) -> set[str]:
        woorden = {s.merk for s in g.stukken}
        return woorden if g.plek in self.er and woorden <= self.mag else set()

    def precies(self, pad: str, *teksten: str) -> None:
        woorden = {w for t in teksten for w in MERK.findall(t)} - {m_("naam_bij_verwijzing")}
        assert woorden == self.mag, (self.uitleg, pad, woorden ^ self.mag)

    async def bladen(self, pad: str) -> tuple[list[str], list[str], int]:
        """Alle bladzijden: de teksten, de plekken in volgorde, en het totaal van de eerste."""
        teksten, plekken, totaal = [], [], -1
        while pad:
            tekst = await self.get(pad, 200, 404)
            inhoud = json.loads(tekst)
            if inhoud["resourceType"] != "Bundle":
                return [], [], 0
            teksten.append(tekst)
            plekken += [_plek(r["resource"]) for r in inhoud.get("entry", ())]
            totaal = inhoud["total"] if totaal < 0 else totaal
            pad = next((link["url"] for link in inhoud["link"] if link["relation"] == "next"), "")
        return teksten, plekken, totaal

    def kent(self, pad: str, plekken: list[str], types: set[str]) -> None:
        eigen = [p for p in plekken if p.partition("/")[0] != "Consent"]
        assert len(set(plekken)) == len(plekken), (self.uitleg, pad, plekken)
        verwacht = {p for p in self.er if p.partition("/")[0] in types}
        assert set(eigen) == verwacht, (self.uitleg, pad, set(eigen) ^ verwacht)


def _plek(r: Json) -> str:
    return f"{r['resourceType']}/{r['id']}"


# --- de oppervlakken


async def alles_in_bladzijden(v: Vraag) -> None:
    pad = f"{PATIENT}/$everything?_count=3"
    teksten, plekken, totaal = await v.bladen(pad)
    if PATIENT in v.er:  # zonder de Patient is er niets om alles van te geven
        v.precies(pad, *teksten)
        v.kent(pad, plekken, set(TYPES))
        assert totaal == len(plekken)


async def compartiment(v: Vraag) -> None:
    pad = f"{PATIENT}/*?_count=4"
    _, plekken, totaal = await v.bladen(pad)
    v.kent(pad, plekken, set(TYPES) - {"Provenance"})  # zij wijst naar een hulpmiddel en niet naar de houder
    assert totaal == len(plekken)
    for type_ in ("Condition", "Device", "Task"):
        _, eigen, _ = await v.bladen(f"{PATIENT}/{type_}?_sort=-_lastUpdated")
        v.kent(f"{PATIENT}/{type_}", eigen, {type_})


async def xml(v: Vraag) -> None:
    tekst = await v.get(f"{PATIENT}/$everything", 200, 404, accept="application/fhir+xml")
    if PATIENT in v.er:
        v.precies("xml", tekst)


async def elk_type(v: Vraag) -> None:
    teksten = []
    for type_ in TYPES:
        vraag = {"patient": PASPOORT} if type_ not in ("Patient", "Provenance") else {"_id": PASPOORT}
        if type_ == "Provenance":
            vraag = {"_id": "wie"}
        a = await v.client.post(f"{type_}/_search", data={**vraag, "_total": "accurate"})
        if a.status_code == 400:
            continue
        teksten.append(v.gezien(type_, a.text))
        gevonden = [_plek(r["resource"]) for r in a.json().get("entry", ())]
        v.kent(type_, gevonden, {type_})
        assert a.json()["total"] == len(gevonden)
    v.precies("elk type", *teksten)


async def batch(v: Vraag) -> None:
    plekken = sorted(v.feiten.gegevens)
    regels = [{"request": {"method": "GET", "url": p}} for p in plekken]
    a = await v.client.post("", json={"resourceType": "Bundle", "type": "batch", "entry": regels})
    v.gezien("batch", a.text)
    v.precies("batch", a.text)
    gelukt = {p for p, r in zip(plekken, a.json()["entry"], strict=True) if r["response"]["status"] == "200"}
    assert gelukt == v.er, (v.uitleg, gelukt ^ v.er)


async def wat_meekomt(v: Vraag) -> None:
    for vraag in (
        "DeviceUseStatement?patient=yvonne&_include=*&_revinclude=*",
        "Device?patient=yvonne&_revinclude:iterate=*&_include:iterate=*",
        "Task?patient=yvonne&_include=*",
        f"Patient?_id={PASPOORT}&_revinclude=*",
        "Device?patient=yvonne&_revinclude=Provenance:target",
    ):
        inhoud = json.loads(await v.get(vraag, 200))
        plekken = {_plek(r["resource"]) for r in inhoud.get("entry", ())}
        assert {p for p in plekken if p in RESOURCES or p.startswith("Task/")} <= v.er, (v.uitleg, vraag, plekken)


async def geschiedenis(v: Vraag) -> None:
    for type_ in TYPES:
        inhoud = json.loads(await v.get(f"{type_}/_history", 200, 400))
        namen = {_plek(r["resource"]) for r in inhoud.get("entry", ()) if "resource" in r}
        assert {p for p in namen if p in RESOURCES} <= v.er, (v.uitleg, type_, namen)
    for plek in RESOURCES:
        await v.get(f"{plek}/_history")
        await v.get(f"{plek}/_history/1")


async def korter(v: Vraag) -> None:
    for type_ in TYPES:
        wie = "patient" if type_ not in ("Patient", "Provenance") else "_id"
        kop = f"{type_}?{wie}={'wie' if type_ == 'Provenance' else PASPOORT}"
        for wens in ("_summary=true", "_summary=data", "_elements=text"):
            await v.get(f"{kop}&{wens}", 200, 400)


async def ketens(v: Vraag) -> None:
    for vraag, nodig in VERWIJZINGEN:
        tekst = await v.get(vraag, 200)
        weet = nodig <= v.er | {"naam"} and ("naam" not in nodig or m_("naam") in v.mag)
        assert (json.loads(tekst)["total"] > 0) is weet, (v.uitleg, vraag, tekst[:300])


async def voorwaarden(v: Vraag) -> None:
    """Verwijderen mag een organisatie nooit: 403 zegt dat het er is, 404 dat het er niet is."""
    for plek in RESOURCES:
        type_, _, id_ = plek.partition("/")
        a = await v.client.delete(f"{type_}?patient={PASPOORT}&_id={id_}")
        v.gezien(plek, a.text)
        if a.status_code not in (400, 405):
            assert a.status_code == (403 if plek in v.er else 404), (v.uitleg, plek, a.text)


OPPERVLAKKEN = (
    alles_in_bladzijden, compartiment, xml, elk_type, batch, wat_meekomt, geschiedenis, korter, ketens, voorwaarden,
    operaties, *ERBIJ,
)  # fmt: skip


async def _loop(plaats: Plaats, rol: str, alles: bool) -> None:
    for nummer, (stand, (toestemmingen, taken)) in enumerate(standen(rol).items()):
        feiten, resources = maak(toestemmingen, taken, frozenset(GEGEVENS))
        vast = [r for r in resources if _plek(r) in ("Consent/c0", "Task/t0")]
        leeg_c, leeg_t = standen(rol)["ingetrokken"][0], standen(rol)["een gesloten opdracht"][1]
        _, dicht = maak(leeg_c, leeg_t, frozenset())
        al = {_plek(r) for r in vast}
        await plaats.zet(*vast, *(r for r in dicht if _plek(r) not in al))
        if "Task/t0" not in al:
            feiten = maak(toestemmingen, leeg_t, frozenset(GEGEVENS))[0]
        for app in (False, True):
            vrager, _ = vrager_van(rol, app)
            mag, er = zichtbaar(feiten, vrager, VANDAAG), aanwezig(feiten, vrager)
            v = Vraag(plaats.als(rol, app), feiten, mag, er, (rol, app, stand), plaats, rol, app)
            for k, oppervlak in enumerate(OPPERVLAKKEN):
                # Paarsgewijs: elke stand met elk oppervlak bij één rol, om en om als mens en als app.
                beurt, om = divmod(nummer + k, 3)
                if alles or (om == ROLLEN.index(rol) and beurt % 2 == app):
                    v.uitleg = (rol, "app" if app else "mens", stand, oppervlak.__name__)
                    await oppervlak(v)


@pytest.mark.parametrize("rol", ROLLEN)
async def test_geen_oppervlak_toont_iets_anders_dan_het_orakel(plaats: Plaats, rol: str) -> None:
    await _loop(plaats, rol, alles=False)


@pytest.mark.lang
@pytest.mark.parametrize("rol", ROLLEN)
async def test_geen_oppervlak_toont_iets_anders_dan_het_orakel_elke_combinatie(plaats: Plaats, rol: str) -> None:
    await _loop(plaats, rol, alles=True)
    assert plaats.gesteld[0] >= 3_400, "met drie rollen meer dan 10.000 vragen over HTTP"


def test_de_standen_verschillen_en_het_orakel_ziet_dat() -> None:
    for rol in ROLLEN:
        gezien = set()
        for toestemmingen, taken in standen(rol).values():
            feiten, _ = maak(toestemmingen, taken, frozenset(GEGEVENS))
            gezien.add(frozenset(zichtbaar(feiten, vrager_van(rol, False)[0], VANDAAG)))
        assert len(gezien) >= 6, rol
