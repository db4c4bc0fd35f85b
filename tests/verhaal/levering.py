"""Wat het systeem van de leverancier insturen kan: een stap verder, en de levering met het nieuwe hulpmiddel."""

from __future__ import annotations

from typing import Final

from tests.klok import vandaag
from tests.verhaal import stukken as s
from tests.verhaal.product import Json

ROLSTOEL: Final = "11A02"
SERIENUMMER: Final = "SN-VERHAAL-1"
NAAM: Final = "Elektrische rolstoel, nieuw"


def stap(taak: Json, fase: str, uitvoer: str, waarde: Json) -> Json:
    """De opdracht een fase verder, met één regel uitvoer erbij."""
    regel = {"type": s.code("taakinvoer", uitvoer), **waarde}
    return taak | {
        "status": "in-progress",
        "businessStatus": s.code("taakstatus", fase),
        "output": [*taak.get("output", []), regel],
    }


def levering(fhir: str, wie: str, oud_gebruik: str, opdracht: Json) -> Json:
    """In één transactie: het nieuwe hulpmiddel, het nieuwe gebruik, en de opdracht die daarmee klaar is."""
    nieuw, gebruik = s.tijdelijk(), s.tijdelijk()
    apparaat: Json = {
        "resourceType": "Device",
        "extension": [s.ext("categorie", valueCode=ROLSTOEL), s.ext("geleverd-op", valueDate=str(vandaag()))],
        "status": "active",
        "patient": s.verwijs(wie),
        "type": s.code("categorie", ROLSTOEL),
        "deviceName": [{"name": NAAM, "type": "user-friendly-name"}],
        "serialNumber": SERIENUMMER,
    }
    nieuw_gebruik: Json = {
        "resourceType": "DeviceUseStatement",
        "extension": [s.ext("vervangt", valueReference=s.verwijs(oud_gebruik))],
        "status": "active",
        "subject": s.verwijs(wie),
        "device": s.verwijs(nieuw),
        "timingPeriod": {"start": str(vandaag())},
    }
    klaar = stap(opdracht, "geleverd", "passing-resultaat", {"valueString": "Zit goed."}) | {"status": "completed"}
    klaar["output"] = [
        *klaar["output"],
        {"type": s.code("taakinvoer", "nieuw-hulpmiddel"), "valueReference": s.verwijs(nieuw)},
        {"type": s.code("taakinvoer", "nieuw-gebruik"), "valueReference": s.verwijs(gebruik)},
    ]
    return s.transactie(
        (nieuw, "POST", apparaat),
        (gebruik, "POST", nieuw_gebruik),
        (f"{fhir}/{s.met_id(opdracht)}", "PUT", klaar),
    )
