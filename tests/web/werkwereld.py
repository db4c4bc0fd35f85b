"""De demo als echte app voor de bladzijden van professionals: Yvonne en wie om haar heen werkt, en haar verzoek.

`wereld(settings)` geeft een app met een gevulde opslag; `log_in` een ingelogde browser; `dien_in` verstuurt wat
de houder in drie stappen verstuurt. Alle personen zijn verzonnen.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from paspoort.fhir.fhirjson import lees
from paspoort.fhir.stelsels import codestelsel, extension
from paspoort.fhir.toestemming import naar_fhir
from paspoort.fhir.vragenlijst import bouw, eigen
from paspoort.toestemming import HIER, voorstel
from server.access.actor import Actor
from server.app import maak_app
from server.demo import vullen
from server.demo.dossier import Dossier
from server.demo.inloggen import LEDEN
from server.demo.register import LINDEWAARD, NIENKE, NOORDERWIEL
from server.fhir.request import FhirRequest
from server.settings import Settings
from server.store.passports import Opslag
from tests.databases import verse_settings
from tests.klok import vandaag
from tests.mappen import eigen_map

Json = dict[str, Any]
_GEVULD: dict[tuple[str, ...], Path] = {}  # per dag: de demo schuift mee, ook als de toetsen door middernacht lopen
NAMEN = ("verzoek", "formulier", "behandeling", "gemeente", "leverancier")


@asynccontextmanager
async def wereld(settings: Settings, dossiers: Sequence[Dossier]) -> AsyncIterator[FastAPI]:
    """Een draaiende app met deze paspoorten uit de demo; vullen gaat één keer per proces, daarna is het een kopie."""
    for bestand in (await _gevuld(settings, tuple(dossiers))).iterdir():
        shutil.copy(bestand, settings.data / bestand.name)
    app = await maak_app(settings)
    (settings.data / "demo.json").write_text(json.dumps({"personen": [p.als_json() for p in LEDEN]}))
    try:
        yield app
    finally:
        await app.state.opslag.sluit()


async def _gevuld(settings: Settings, dossiers: tuple[Dossier, ...]) -> Path:
    """De databases van deze demo, als bestanden."""
    naam = (vandaag().isoformat(), *(d.patient for d in dossiers))
    if naam not in _GEVULD:
        map_ = eigen_map("hmp-demo-")
        with verse_settings("sqlite", map_) as mal:
            opslag = await Opslag.open(replace(mal, base_url=settings.base_url))
            alle, vullen.DOSSIERS = vullen.DOSSIERS, dossiers
            try:
                await vullen.vul(opslag, vandaag())
            finally:
                vullen.DOSSIERS = alle
                await opslag.sluit()
        _GEVULD[naam] = map_
    return _GEVULD[naam]


def browser(app: FastAPI) -> httpx.AsyncClient:
    """Een browser die nog niemand is."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test", timeout=60)


async def log_in(app: FastAPI, persoon: str) -> httpx.AsyncClient:
    """Een ingelogde browser."""
    client = browser(app)
    antwoord = await client.post("/inloggen", data={"persoon": persoon})
    assert antwoord.status_code == 303, antwoord.text[:500]
    return client


def csrf(html: str) -> str:
    """Het csrf-token op een bladzijde."""
    gevonden = re.search(r'name="csrf" value="([^"]+)"', html)
    assert gevonden, html[:400]
    return gevonden[1]


def velden(html: str) -> dict[str, list[str]]:
    """Alle velden zoals een browser ze zou insturen: invoer, gekozen keuzes, tekstvakken."""
    uit: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        soort = re.search(r'type="(\w+)"', tag)
        naam, waarde = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if naam and (not soort or soort[1] not in ("radio", "checkbox") or " checked" in tag):
            uit.setdefault(naam[1], []).append(unescape(waarde[1]) if waarde else "")
    for naam_, tekst in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', html, re.S):
        uit.setdefault(naam_, []).append(unescape(tekst))
    for naam_, opties in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', html, re.S):
        gekozen = re.search(r'value="([^"]*)" selected', opties)
        uit.setdefault(naam_, []).append(unescape(gekozen[1]) if gekozen else "")
    return uit


def houder_van(patient: str) -> Actor:
    """De houder op een eigen bladzijde."""
    return Actor("persoon", "houder", "Houder", account="test|houder", patient=patient, scopes=None)


async def vraag(app: FastAPI, actor: Actor, vraag_: FhirRequest) -> Json:
    """Eén vraag aan de deur, die moet lukken."""
    antwoord = await app.state.poort.handle(actor, vraag_)
    inhoud: Json = lees(antwoord.body) if antwoord.body else {}
    assert antwoord.status < 300, inhoud
    return inhoud


async def dien_in(app: FastAPI, patient: str, wat: str = "elektrische rolstoel") -> str:
    """Er is niets veranderd: graag een nieuwe. Geeft het id van de behandeling."""
    alles = await vraag(app, houder_van(patient), FhirRequest("GET", "Patient", patient, operation="everything"))
    inhouden = [e["resource"] for e in alles["entry"]]
    apparaat = next(i for i in inhouden if i["resourceType"] == "Device" and wat in i["deviceName"][0]["name"].lower())
    gebruik = next(
        i for i in inhouden
        if i["resourceType"] == "DeviceUseStatement" and i["device"]["reference"] == f"Device/{apparaat['id']}"
    )  # fmt: skip
    categorie = next(e["valueCode"] for e in apparaat["extension"] if e["url"] == extension("categorie"))
    betreft = (f"Device/{apparaat['id']}", f"DeviceUseStatement/{gebruik['id']}")
    wie, nu = {"reference": f"Patient/{patient}"}, vandaag()
    urn = {naam: f"urn:uuid:00000000-0000-4000-8000-00000000000{n}" for n, naam in enumerate(NAMEN)}
    formulier = bouw(
        eigen("verzoek"),
        {
            "soort": "ongewijzigd",
            "reden": "Mijn rolstoel is op. De motor van het kantelen hapert. Verder is er niets veranderd.",
            "contactvoorkeur": "Mail, bellen na 11 uur",
        },
        status="completed",
        kop={"subject": wie, "author": wie, "authored": nu.isoformat()},
    )
    verzoek = {
        "resourceType": "DeviceRequest", "status": "active", "intent": "proposal", "subject": wie,
        "extension": [
            {"url": extension("aanvrager"), "valueReference": wie},
            {"url": extension("wijziging"), "valueCode": "ongewijzigd"},
            {"url": extension("betreft"), "valueReference": {"reference": betreft[1]}},
        ],
        "codeCodeableConcept": {"coding": [{"system": codestelsel("categorie"), "code": categorie}]},
        "authoredOn": nu.isoformat(), "supportingInfo": [{"reference": urn["formulier"]}],
    }  # fmt: skip
    behandeling = {
        "resourceType": "Task", "status": "requested", "intent": "order", "for": wie, "requester": wie,
        "extension": [{"url": extension("doel"), "valueCode": "herhaalverzoek"}],
        "code": {"coding": [{"system": codestelsel("taaksoort"), "code": "behandeling"}]},
        "businessStatus": {"coding": [{"system": codestelsel("taakstatus"), "code": "ingediend"}]},
        "focus": {"reference": urn["verzoek"]}, "owner": {"reference": f"Organization/{LINDEWAARD}"},
        "authoredOn": datetime.now(HIER).isoformat(timespec="milliseconds"),
        "restriction": {"period": {"end": (nu + timedelta(days=14)).isoformat()}},
    }  # fmt: skip
    gemeente = naar_fhir(
        voorstel("herhaalverzoek", "verstrekker", f"Patient/{patient}", f"Organization/{LINDEWAARD}", nu)
    )
    levering = naar_fhir(
        voorstel("levering", "leverancier", f"Patient/{patient}", f"Organization/{NOORDERWIEL}", nu, betreft)
    )
    stukken = (verzoek, formulier, behandeling, gemeente, {**levering, "status": "proposed"})
    regels = [
        {"fullUrl": urn[naam], "resource": inhoud, "request": {"method": "POST", "url": inhoud["resourceType"]}}
        for naam, inhoud in zip(NAMEN, stukken, strict=True)
    ]
    bundel: Json = {"resourceType": "Bundle", "type": "transaction", "entry": regels}
    antwoord = await vraag(app, houder_van(patient), FhirRequest("POST", body=bundel))
    return str(antwoord["entry"][2]["response"]["location"].split("Task/")[1].split("/")[0])


async def laat_lezen(app: FastAPI, patient: str, aan: str = NIENKE) -> None:
    """De houder geeft een therapeut toegang voor een advies, zonder de bladzijden."""
    inhoud = naar_fhir(voorstel("advies", "therapeut", f"Patient/{patient}", aan, vandaag()))
    await vraag(app, houder_van(patient), FhirRequest("POST", "Consent", body=inhoud))


async def reageer(app: FastAPI, patient: str, advies: str) -> None:
    """De houder is het eens met het concept."""
    wie = {"reference": f"Patient/{patient}"}
    kop = {
        "extension": [{"url": extension("bij"), "valueReference": {"reference": f"QuestionnaireResponse/{advies}"}}],
        "subject": wie, "author": wie, "authored": vandaag().isoformat(),
    }  # fmt: skip
    inhoud = bouw(
        eigen("reactie-advies"), {"reactie-houder": "Zo klopt het.", "akkoord": "ja"}, status="completed", kop=kop
    )
    await vraag(app, houder_van(patient), FhirRequest("POST", "QuestionnaireResponse", body=inhoud))
