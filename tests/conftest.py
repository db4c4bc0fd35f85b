"""Gedeelde opstelling: een echte opslag op een tijdelijk SQLite-bestand, een klein paspoort, de deur, en wie er vraagt.

`als(rol=…, scopes=…)` geeft een HTTP-client die als die persoon of app vraagt; `anoniem` heeft geen token.
Alle personen zijn verzonnen.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import pytest
import pytest_asyncio
from fastapi import FastAPI

from paspoort.fhir.stelsels import BSN, codestelsel
from paspoort.fhir.validatie import Validator
from paspoort.fouten import Melding, PaspoortFout
from server.access.actor import Actor
from server.fhir.definities import Definities
from server.fhir.gateway import Poort
from server.fhir.router import maak_router
from server.settings import Settings
from server.store.passports import Opslag
from server.store.versions import Momentopname, Wijziging
from tests.databases import verse_settings

Json = dict[str, Any]

GEMEENTE, LEVERANCIER, PRAKTIJK = "gemeente-veldkant", "leverancier-rijdt", "praktijk-handvat"
HOUDER, ANDER = "houder-yvonne", "houder-ander"
FUNCTIES = {"therapeut": "therapeut-nienke", "verstrekker": "consulent-karim", "leverancier": "adviseur-lot"}
ORGANISATIES = {"therapeut": PRAKTIJK, "verstrekker": GEMEENTE, "leverancier": LEVERANCIER}

# Hoe lang één voorbeeld duurt, hangt van de machine af: dat is nooit een reden om te falen.
hypothesis.settings.register_profile("huis", deadline=None)
hypothesis.settings.load_profile("gebrek" if "HMP_GEBREK" in os.environ else "huis")  # zie tests/gebreken.py


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Wat het langst duurt eerst: anders wacht aan het eind één kern op de browser van de ander."""
    zwaar = {i.path for i in items if i.get_closest_marker("browser") or "product" in getattr(i, "fixturenames", ())}
    items.sort(key=lambda i: i.path not in zwaar)


@pytest.fixture
def dialect() -> str:
    """Welke database; `tests/server` draait op allebei."""
    return "sqlite"


@pytest.fixture
def settings(dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    # De kleine wereld staat al in de database: haar schrijven kost meer dan de meeste tests die haar gebruiken.
    vulling = vul_wereld if "wereld" in request.fixturenames else None
    with verse_settings(dialect, tmp_path, vulling) as instellingen:
        yield instellingen


@pytest_asyncio.fixture
async def opslag(settings: Settings) -> AsyncIterator[Opslag]:
    geopend = await Opslag.open(settings)
    yield geopend
    await geopend.sluit()


@dataclass
class Wereld:
    """Het register en twee paspoorten, met korte wegen om er iets bij te zetten buiten de deur om."""

    opslag: Opslag
    houder: str = HOUDER
    ander: str = ANDER

    async def zet(self, partitie: str, *inhoud: Json, herkomst: str = "bron", auteur: str = "") -> None:
        """Schrijf resources rechtstreeks in de opslag."""
        m = await self.opslag.momentopname(partitie)
        wijzigingen = [Wijziging(i["resourceType"], i["id"], i) for i in inhoud]
        await self.opslag.schrijf(partitie, m.volgnummer, wijzigingen, auteur or f"Patient/{partitie}", herkomst, ())

    async def momentopname(self, partitie: str = HOUDER) -> Momentopname:
        """Wat er nu staat."""
        return await self.opslag.momentopname(partitie)

    async def deel(self, aan: str, doel: str, *groepen: str, id: str = "", patient: str = HOUDER, **extra: Any) -> str:
        """Zet een actieve toestemming voor `Organization/…` of `PractitionerRole/…`; geeft haar id."""
        inhoud = toestemming(aan, doel, groepen, id or f"toestemming-{secrets.token_hex(4)}", patient)
        await self.zet(patient, {**inhoud, **extra})
        return str(inhoud["id"])

    async def trek_in(self, id: str, patient: str = HOUDER) -> None:
        """Zet een toestemming op inactive."""
        versie = (await self.momentopname(patient)).get("Consent", id)
        assert versie is not None
        await self.zet(patient, {**versie.inhoud, "status": "inactive"})


def toestemming(aan: str, doel: str, groepen: tuple[str, ...], id: str, patient: str) -> Json:
    """Een Consent zoals docs/fhir-afbeelding.md haar beschrijft."""
    deelname = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
    return {
        "resourceType": "Consent",
        "id": id,
        "status": "active",
        "scope": {
            "coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]
        },
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "patient": {"reference": f"Patient/{patient}"},
        "dateTime": "2026-01-01T09:00:00+01:00",
        "performer": [{"reference": f"Patient/{patient}"}],
        "policyRule": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "OPTIN"}]},
        "provision": {
            "type": "permit",
            "period": {"start": "2026-01-01", "end": "2099-12-31"},
            "actor": [{"role": {"coding": [{"system": deelname, "code": "IRCP"}]}, "reference": {"reference": aan}}],
            "purpose": [{"system": codestelsel("doel"), "code": doel}],
            "securityLabel": [{"system": codestelsel("gegevensgroep"), "code": g} for g in groepen],
        },
    }


def _register() -> list[Json]:
    soorten = {GEMEENTE: "gemeente", LEVERANCIER: "leverancier", PRAKTIJK: "zorgpraktijk"}
    uit: list[Json] = [
        {
            "resourceType": "Organization",
            "id": id_,
            "active": True,
            "name": id_.replace("-", " ").title(),
            "type": [{"coding": [{"system": codestelsel("organisatiesoort"), "code": soort}]}],
        }
        for id_, soort in soorten.items()
    ]
    for rol, functie in FUNCTIES.items():
        persoon = f"mens-{rol}"
        uit.append({"resourceType": "Practitioner", "id": persoon, "active": True, "name": [{"text": persoon}]})
        uit.append(
            {
                "resourceType": "PractitionerRole",
                "id": functie,
                "active": True,
                "practitioner": {"reference": f"Practitioner/{persoon}"},
                "organization": {"reference": f"Organization/{ORGANISATIES[rol]}"},
                "code": [{"coding": [{"system": codestelsel("rol"), "code": rol}]}],
            }
        )
    return uit


def _paspoort(id: str) -> list[Json]:
    wie = {"reference": f"Patient/{id}"}
    kort = id.removeprefix("houder-")
    return [
        {
            "resourceType": "Patient",
            "id": id,
            "identifier": [{"system": BSN, "value": "999911120" if id == HOUDER else "999998298"}],
            "name": [{"text": f"Test {kort.title()}", "family": kort.title(), "given": ["Test"]}],
            "birthDate": "1979-05-04",
            "gender": "female",
        },
        {
            "resourceType": "Device",
            "id": f"rolstoel-{kort}",
            "status": "active",
            "patient": wie,
            "type": {
                "coding": [{"system": codestelsel("categorie"), "code": "11A03", "display": "Handbewogen rolstoel"}]
            },
            "deviceName": [{"name": "Rolstoel", "type": "user-friendly-name"}],
        },
        {
            "resourceType": "DeviceUseStatement",
            "id": f"gebruik-{kort}",
            "status": "active",
            "subject": wie,
            "device": {"reference": f"Device/rolstoel-{kort}"},
            "timingPeriod": {"start": "2019-06-03"},
        },
        {
            "resourceType": "Condition",
            "id": f"diagnose-{kort}",
            "clinicalStatus": {
                "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]
            },
            "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "282291009"}]}],
            "code": {"text": "Verzonnen spierziekte"},
            "subject": wie,
        },
    ]


async def vul_wereld(opslag: Opslag) -> None:
    """Schrijf het register en de twee paspoorten in een lege opslag."""
    w = Wereld(opslag)
    await w.zet("register", *_register())
    for id_ in (HOUDER, ANDER):
        await opslag.maak_partitie(id_, "paspoort")
        await w.zet(id_, *_paspoort(id_), herkomst="zelf")


@pytest.fixture
def wereld(opslag: Opslag) -> Wereld:
    return Wereld(opslag)


@pytest.fixture(scope="session")
def validator() -> Validator:
    return Validator.laad()


@pytest.fixture(scope="session")
def definities() -> Definities:
    return Definities.laad()


@pytest.fixture
def poort(opslag: Opslag, settings: Settings, validator: Validator, definities: Definities) -> Poort:
    return Poort(opslag, settings.fhir_url, validator, definities)


@dataclass
class Toegangskaarten:
    """Tokens van de test: wie hier niet in staat, is anoniem."""

    actors: dict[str, Actor] = field(default_factory=dict)

    async def actor_van_token(self, token: str) -> Actor:
        if token not in self.actors:
            raise PaspoortFout(Melding("niet-ingelogd"))
        return self.actors[token]


@pytest.fixture
def kaarten() -> Toegangskaarten:
    return Toegangskaarten()


@pytest.fixture
def app(poort: Poort, settings: Settings, kaarten: Toegangskaarten) -> FastAPI:
    app = FastAPI()
    app.include_router(maak_router(poort, kaarten.actor_van_token, settings))
    return app


Als = Callable[..., httpx.AsyncClient]


@pytest_asyncio.fixture
async def als(app: FastAPI, kaarten: Toegangskaarten, wereld: Wereld) -> AsyncIterator[Als]:
    """`als(rol="therapeut", scopes="user/*.cruds")`; een houder krijgt `patient/*.cruds` en het eigen paspoort."""
    clients: list[httpx.AsyncClient] = []

    def maak(rol: str = "houder", scopes: str | None = None, **velden: Any) -> httpx.AsyncClient:
        token = secrets.token_hex(8)
        kaarten.actors[token] = actor(rol, scopes, **velden)
        client = _client(app, {"authorization": f"Bearer {token}"})
        clients.append(client)
        return client

    yield maak
    for client in clients:
        await client.aclose()


@pytest_asyncio.fixture
async def anoniem(app: FastAPI, wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(app, {}) as client:
        yield client


def actor(rol: str = "houder", scopes: str | None = None, **velden: Any) -> Actor:
    """Een vrager met wat bij de rol hoort; `velden` gaan voor."""
    waarden: dict[str, Any] = {"soort": "persoon", "rol": rol, "naam": f"Test {rol}", "account": f"demo|{rol}"}
    if rol in ("houder", "vertegenwoordiger"):
        waarden |= {"patient": HOUDER}
        scopes = "patient/*.cruds user/Organization.rs" if scopes is None else scopes
    elif rol == "proef":
        waarden |= {"soort": "app", "client_id": "proef-app", "account": None}
        scopes = "system/*.cruds" if scopes is None else scopes
    elif rol in ORGANISATIES:
        waarden |= {"organisatie": ORGANISATIES[rol], "functie": FUNCTIES[rol]}
        scopes = "user/*.cruds" if scopes is None else scopes
    waarden["scopes"] = frozenset((scopes or "").split())
    waarden["blijvend"] = "offline_access" in waarden["scopes"]
    return Actor(**{**waarden, **velden})


def _client(app: FastAPI, koppen: dict[str, str]) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=True),
        base_url="http://test/fhir/",
        headers={"accept": "application/fhir+json", **koppen},
    )
