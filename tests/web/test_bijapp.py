"""Het vakje bij het toelaten van een app: alleen wie het zet, laat de organisatie van die app ook zelf lezen (0027)."""

from __future__ import annotations

import httpx
import pytest_asyncio
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi import FastAPI

from paspoort.fhir.stelsels import extension
from server.demo.personen.yvonne import YVONNE
from server.demo.register import VLIERHOF
from server.settings import Settings
from server.store.clients import Client, zet_client
from tests.web.houderwereld import PASPOORTEN, resources
from tests.web.werkwereld import log_in, velden, wereld

TERUG = "https://app.example.org/terug"
VRAAG = {
    "response_type": "code", "client_id": "app-praktijk", "redirect_uri": TERUG, "state": "s" * 32,
    "scope": "launch/patient patient/Device.rs", "aud": "http://test/fhir",
    "code_challenge": create_s256_code_challenge("v" * 64), "code_challenge_method": "S256",
}  # fmt: skip


@pytest_asyncio.fixture
async def app(settings: Settings):
    async with wereld(settings, PASPOORTEN) as draaiend:
        rij = Client(
            "app-praktijk", "zorgpraktijk", "Praktijkapp", VLIERHOF, (TERUG,), None, "launch/patient patient/*.rs",
            ("authorization_code",),
        )  # fmt: skip
        await zet_client(draaiend.state.opslag, rij)
        yield draaiend


async def laat_toe(client: httpx.AsyncClient, **erbij: str) -> None:
    """De toestemmingsbladzijde openen en ja zeggen."""
    bladzijde = await client.get("/oauth/authorize", params=VRAAG)
    assert bladzijde.status_code == 200, bladzijde.text[:500]
    formulier = {naam: waarden[-1] for naam, waarden in velden(bladzijde.text).items() if naam != "ook"}
    antwoord = await client.post("/oauth/authorize", data={**formulier, "besluit": "ja", **erbij})
    assert antwoord.status_code == 303


async def gegeven(app: FastAPI) -> list[dict[str, object]]:
    """De toestemmingen van de houder die langs een app kwamen."""
    return [
        c for c in await resources(app, YVONNE.patient, "Consent")
        if any(e["url"] == extension("gegeven-via") and e["valueCode"] == "oauth" for e in c.get("extension", ()))
    ]  # fmt: skip


async def test_zonder_het_vakje_leest_de_organisatie_niets_en_met_het_vakje_komt_er_een_toestemming(
    app: FastAPI,
) -> None:
    houder = await log_in(app, "yvonne")
    bladzijde = (await houder.get("/oauth/authorize", params=VRAAG)).text
    assert 'name="ook"' in bladzijde and 'name="ook" value="ja" checked' not in bladzijde
    await laat_toe(houder)
    assert await gegeven(app) == []
    await laat_toe(houder, ook="ja")
    (consent,) = await gegeven(app)
    provision = consent["provision"]
    assert consent["status"] == "active"
    assert provision["actor"][0]["reference"]["reference"] == f"Organization/{VLIERHOF}"  # type: ignore[index]
    assert "end" in provision["period"]  # type: ignore[index]
    # Wie het al gaf, wordt het niet nog eens gevraagd.
    assert 'name="ook"' not in (await houder.get("/oauth/authorize", params=VRAAG)).text
