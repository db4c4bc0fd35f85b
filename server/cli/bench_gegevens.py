"""Veel kleine verzonnen paspoorten, om te meten of een verzoek duurder wordt als er meer paspoorten zijn.

Alleen voor `paspoort bench --groei`; de paspoorten van gewone omvang staan in `bench_wereld.py`. Meet zelf niets.
"""

from __future__ import annotations

import asyncio
import random
from typing import Final

from paspoort.fhir.fhirjson import Json
from server.access.actor import Actor
from server.cli.bench_wereld import Scenario, get, meting, post, token
from server.settings import Settings
from server.store.passports import Opslag
from server.store.versions import Wijziging

GROEI_RESOURCES: Final = 20
GROEI_STEEKPROEF: Final = 100  # over zoveel paspoorten gaan de vragen, hoeveel er ook zijn
SAMEN: Final = 32  # zoveel tegelijk vullen: dan delen zij hun COMMIT


async def maak_kleine(settings: Settings, aantal: int) -> tuple[Scenario, ...]:
    """Vul een lege map met `aantal` paspoorten; vragen over een willekeurig deel ervan, met het token van de houder."""
    opslag = await Opslag.open(settings)
    ids = [f"groei-{nummer:06d}" for nummer in range(aantal)]
    try:
        for begin in range(0, aantal, SAMEN):
            await asyncio.gather(*(_paspoort(opslag, id_) for id_ in ids[begin : begin + SAMEN]))
            if begin // 1000 != (begin + SAMEN) // 1000:
                print(f"{begin + SAMEN} van {aantal} kleine paspoorten klaar …", flush=True)
        deel = random.Random(1).sample(ids, min(aantal, GROEI_STEEKPROEF))  # noqa: S311 - een steekproef
        kaarten = [(i, await token(opslag, _houder(i), "patient/*.cruds", i)) for i in deel]
    finally:
        await opslag.sluit()
    return (
        Scenario("lezen", "één resource lezen", {}, tuple(get(f"Device/{i}-rolstoel", t) for i, t in kaarten)),
        Scenario("zoeken", "klein zoeken", {}, tuple(get(f"Device?patient={i}", t) for i, t in kaarten)),
        Scenario("alles", "$everything", {}, tuple(get(f"Patient/{i}/$everything", t) for i, t in kaarten)),
        Scenario(
            "maken", "Observation maken", {}, tuple(post("Observation", meting(i, 1, i), t) for i, t in kaarten), 201
        ),
    )


def resources_van(id: str) -> tuple[Json, ...]:
    """Een Patient, een hulpmiddel en metingen: samen `GROEI_RESOURCES`."""
    patient: Json = {
        "resourceType": "Patient",
        "id": id,
        "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}]},
        "name": [{"family": "Meting", "given": ["Test"]}],
        "birthDate": "1970-01-01",
    }
    rolstoel: Json = {
        "resourceType": "Device",
        "id": f"{id}-rolstoel",
        "status": "active",
        "patient": {"reference": f"Patient/{id}"},
        "type": {"coding": [{"system": "http://snomed.info/sct", "code": "58938008", "display": "rolstoel"}]},
        "deviceName": [{"name": "Rolstoel", "type": "user-friendly-name"}],
    }
    return (patient, rolstoel, *(meting(id, nummer, id) for nummer in range(GROEI_RESOURCES - 2)))


def _houder(patient: str) -> Actor:
    return Actor("persoon", "houder", "Test Meting", patient=patient)


async def _paspoort(opslag: Opslag, id: str) -> None:
    await opslag.maak_partitie(id, "paspoort")
    wijzigingen = [Wijziging(r["resourceType"], r["id"], r) for r in resources_van(id)]
    await opslag.schrijf(id, 0, wijzigingen, f"Patient/{id}", "zelf")
    opslag.vergeet(id)
