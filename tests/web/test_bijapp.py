"""Bij het toelaten van een app: haar organisatie leest alleen zelf mee als de houder daar apart ja op zegt."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from paspoort.fhir.toestemming import uit_fhir
from paspoort.toegang import DOELEN
from server.demo.personen.yvonne import YVONNE
from server.demo.register import NOORDERWIEL, VLIERHOF
from server.settings import Settings
from server.store.clients import Client, zet_client
from tests.web.houderwereld import resources
from tests.web.werkwereld import csrf, log_in, velden, wereld

TERUG = "https://app.example/terug"
APPS = {"praktijk": VLIERHOF, "lev": NOORDERWIEL, "los": None}
VRAAG = "Laat De Vlierhof ook zelf lezen"


@pytest_asyncio.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    async with wereld(settings, (YVONNE,)) as app:
        for naam, organisatie in APPS.items():
            rij = Client(
                naam,
                "persoonlijk",
                f"App {naam}",
                organisatie,
                (TERUG,),
                scopes="launch/patient patient/*.rs",
                grant_types=("authorization_code",),
            )
            await zet_client(app.state.opslag, rij)
        yield app


async def open_bladzijde(app: FastAPI, yvonne: httpx.AsyncClient, client_id: str) -> str:
    geheim = base64.urlsafe_b64encode(hashlib.sha256(b"x" * 64).digest()).rstrip(b"=").decode()
    vraag = {
        "response_type": "code", "client_id": client_id, "redirect_uri": TERUG, "state": "s" * 24,
        "scope": "launch/patient patient/*.rs", "aud": app.state.settings.fhir_url, "code_challenge": geheim,
        "code_challenge_method": "S256",
    }  # fmt: skip
    antwoord = await yvonne.get("/oauth/authorize", params=vraag)
    assert antwoord.status_code == 200, antwoord.headers
    return antwoord.text


async def ja(yvonne: httpx.AsyncClient, html: str, **erbij: str) -> None:
    ingevuld = {n: w[0] for n, w in velden(html).items()} | {"csrf": csrf(html), "besluit": "ja"} | erbij
    antwoord = await yvonne.post("/oauth/authorize", data=ingevuld)
    assert antwoord.headers["location"].startswith(TERUG), antwoord.text[:300]


async def test_toelaten_alleen_geeft_geen_toestemming_en_met_het_vakje_een(app: FastAPI) -> None:
    yvonne = await log_in(app, "yvonne")
    vooraf = len(await resources(app, YVONNE.patient, "Consent"))
    html = await open_bladzijde(app, yvonne, "praktijk")
    vakje = re.search(r'<input[^>]*name="ook"[^>]*>', html)
    assert VRAAG in html and vakje and "checked" not in vakje[0]
    await ja(yvonne, html)
    assert len(await resources(app, YVONNE.patient, "Consent")) == vooraf

    await ja(yvonne, await open_bladzijde(app, yvonne, "praktijk"), ook="ja")
    alle = await resources(app, YVONNE.patient, "Consent")
    assert len(alle) == vooraf + 1
    t = uit_fhir(max(alle, key=lambda c: c["meta"]["lastUpdated"]))
    assert (t.aan, t.doel, t.gegeven_via) == (frozenset({f"Organization/{VLIERHOF}"}), "advies", "oauth")
    assert t.groepen == DOELEN["advies"].groepen["therapeut"] and t.tot is not None
    assert VRAAG not in await open_bladzijde(app, yvonne, "praktijk"), "zij mag al"


@pytest.mark.parametrize("client_id", ["lev", "los"])
async def test_zonder_passend_doel_is_er_geen_vraag(app: FastAPI, client_id: str) -> None:
    yvonne = await log_in(app, "yvonne")
    vooraf = len(await resources(app, YVONNE.patient, "Consent"))
    html = await open_bladzijde(app, yvonne, client_id)
    assert 'name="ook"' not in html
    await ja(yvonne, html, ook="ja")
    assert len(await resources(app, YVONNE.patient, "Consent")) == vooraf
