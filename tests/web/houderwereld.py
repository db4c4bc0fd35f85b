"""De houder in de test: een app met de demo, een ingelogde browser, en formulieren insturen zoals een mens dat doet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
from fastapi import FastAPI

from server.demo.personen.gerda import GERDA
from server.demo.personen.yvonne import YVONNE
from server.fhir.request import FhirRequest
from tests.web.werkwereld import csrf, houder_van, vraag

Json = dict[str, Any]
PASPOORTEN = (YVONNE, GERDA)


async def stuur(client: httpx.AsyncClient, pad: str, velden: Mapping[str, Any], **anders: Any) -> httpx.Response:
    """Het formulier op deze bladzijde insturen, met het teken dat er stond."""
    bladzijde = await client.get(pad)
    assert bladzijde.status_code == 200, bladzijde.text[:500]
    return await client.post(pad, data={"csrf": csrf(bladzijde.text), **velden}, **anders)


async def volg(client: httpx.AsyncClient, antwoord: httpx.Response) -> httpx.Response:
    """De bladzijde waar een formulier naartoe stuurt."""
    assert antwoord.status_code == 303, antwoord.text[:800]
    return await client.get(antwoord.headers["location"])


async def resources(app: FastAPI, patient: str, type_: str) -> list[Json]:
    """Alles van dit type in het paspoort, zoals de houder het ziet."""
    alles = await vraag(app, houder_van(patient), FhirRequest("GET", "Patient", patient, operation="everything"))
    return [e["resource"] for e in alles["entry"] if e["resource"]["resourceType"] == type_]


async def gebruik_van(app: FastAPI, patient: str, naam: str) -> str:
    """Het id van het gebruik van het hulpmiddel met deze naam."""
    apparaten = await resources(app, patient, "Device")
    ding = next(d for d in apparaten if naam.lower() in str(d.get("deviceName", "")).lower())
    gebruiken = await resources(app, patient, "DeviceUseStatement")
    return str(next(g["id"] for g in gebruiken if g["device"]["reference"] == f"Device/{ding['id']}"))
