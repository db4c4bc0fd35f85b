"""Uitloggen: hier en bij de inlogdienst, en als de dienst meldt dat iemand zich daar afmeldde."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from server.oauth.sessie import Sessies
from server.settings import Settings
from server.store import session as opgeslagen
from server.store.passports import Opslag
from tests.server.oauth.conftest import velden_van
from tests.server.oauth.inlogwereld import Huis, binnen, inlogwereld
from tests.server.oauth.proefaanbieder import onbeveiligd


@pytest.fixture
def dialect() -> str:
    """Hier gaat het om de dienst, niet om de database."""
    return "sqlite"


@pytest_asyncio.fixture
async def huis(opslag: Opslag, wereld: Any, settings: Settings, tmp_path: Path) -> AsyncIterator[Huis]:
    async with inlogwereld(opslag, settings, tmp_path) as klaar:
        yield klaar


async def test_uitloggen_gaat_ook_naar_de_dienst_zonder_token_in_een_adres(huis: Huis) -> None:
    client = await binnen(huis, "burger")
    csrf, token = (await huis.sessie(client)).csrf, client.cookies["hmp"]
    uit = await client.post("/uitloggen", data={"csrf": csrf})
    assert uit.status_code == 200 and 'action="https://burger.example/oidc/uit"' in uit.text
    velden = velden_van(uit.text)
    assert velden["id_token_hint"] == huis.diensten["burger"].tokens[-1]
    assert velden["post_logout_redirect_uri"] == "http://test/uitgelogd"
    assert await opgeslagen.lees_sessie(huis.opslag, token, int(time.time())) is None and "hmp" not in client.cookies
    assert "U bent uitgelogd" in (await client.get("/uitgelogd?state=x")).text


async def test_de_dienst_kan_iemand_uitloggen_en_niemand_anders_kan_dat(huis: Huis) -> None:
    dienst = huis.diensten["burger"]
    een, twee = await binnen(huis, "burger"), huis.browser()
    dienst.claims = {"acr": "midden", "sid": "s-2"}
    await huis.inloggen(twee, "burger")
    drie = await binnen(huis, "kwaad")

    async def meld(token: str, code: str = "burger") -> int:
        antwoord = await huis.browser().post(f"/inloggen/afmelden/{code}", data={"logout_token": token})
        assert antwoord.headers["cache-control"] == "no-store"
        return antwoord.status_code

    nu = int(time.time())
    vals = [
        dienst.logout_token(aud="ander", sid="s-1"), dienst.logout_token(iss="https://kwaad.example", sid="s-1"),
        dienst.logout_token(events=None, sid="s-1"), dienst.logout_token(events={"x": {}}, sid="s-1"),
        dienst.logout_token(nonce="n", sid="s-1"), dienst.logout_token(), dienst.logout_token(jti=None, sid="s-1"),
        dienst.logout_token(iat=nu - 900, exp=None, sid="s-1"), dienst.logout_token(exp=nu - 120, sid="s-1"),
        dienst.tokens[-1], "", "a.b.c", huis.diensten["kwaad"].logout_token(sub="persoon-1"),
        onbeveiligd({"alg": "none"}, json.loads(json.dumps(dienst.id_claims(sid="s-1")))),
    ]  # fmt: skip
    assert {await meld(v) for v in vals} == {400}
    assert await meld(dienst.logout_token(sid="s-1"), "bestaat-niet") == 400
    assert await huis.sessie(een) is not None

    goed = dienst.logout_token(sid="s-1")
    assert (await meld(goed), await meld(goed)) == (200, 400)  # elk bericht één keer
    assert await huis.sessie(een) is None and await huis.sessie(twee) is not None
    assert await meld(dienst.logout_token(sub="persoon-1")) == 200
    assert await huis.sessie(twee) is None and await huis.sessie(drie) is not None


async def test_een_dienst_die_niet_meer_in_het_bestand_staat_laat_niemand_meer_binnen(huis: Huis) -> None:
    client = await binnen(huis, "burger")
    leeg = Sessies(huis.opslag, replace(huis.settings, aanbieders=""))
    verzoek: Any = type("Verzoek", (), {"cookies": dict(client.cookies), "state": type("State", (), {})()})()
    assert await leeg.huidige(verzoek) is None
