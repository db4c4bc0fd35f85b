"""De app met vijf inlogdiensten, elk met een eigen uitgever, en browsers om mee in te loggen. Geen demo of netwerk."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from joserfc.jwk import ECKey

from server.oauth.routes import maak_router
from server.oauth.sessie import Sessies
from server.settings import Settings
from server.store.passports import Opslag
from server.store.session import Lidmaatschap, bewaar_account, zet_lidmaatschap
from tests.server.oauth.proefaanbieder import Proefaanbieder
from web.bladzijde import maak_render

HOUDER = "houder-yvonne"
NIVEAUS = ["laag", "midden", "hoog"]
KLANTSLEUTEL = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)


@dataclass
class Huis:
    """De app met haar inlogdiensten; `browser()` is een nieuwe, lege browser."""

    browser: Callable[[], httpx.AsyncClient]
    opslag: Opslag
    settings: Settings
    diensten: dict[str, Proefaanbieder]
    account: str

    async def heen(self, client: httpx.AsyncClient, code: str, **velden: str) -> str:
        antwoord = await client.post("/inloggen/bij", data={"aanbieder": code, "volgende": "/delen", **velden})
        assert antwoord.status_code == 303, antwoord.text
        return str(antwoord.headers["location"])

    async def inloggen(self, client: httpx.AsyncClient, code: str, **velden: str) -> httpx.Response:
        """De hele weg, zoals een browser hem gaat."""
        return await client.get(await self.diensten[code].kies(await self.heen(client, code, **velden)))

    async def sessie(self, client: httpx.AsyncClient) -> Any:
        verzoek: Any = type("Verzoek", (), {"cookies": dict(client.cookies), "state": type("State", (), {})()})()
        return await Sessies(self.opslag, self.settings).huidige(verzoek)


@asynccontextmanager
async def inlogwereld(opslag: Opslag, settings: Settings, tmp_path: Path) -> AsyncIterator[Huis]:
    """Een app met vijf inlogdiensten, bij elk dezelfde persoon; de opslag heeft de paspoorten al."""
    diensten = {
        "burger": Proefaanbieder("https://burger.example/oidc", geheim="ge:heim %é"),
        "werk": Proefaanbieder("https://werk.example", sleutel_van_klant=KLANTSLEUTEL, belooft_iss=False),
        "post": Proefaanbieder("https://post.example/oidc", geheim="geheim"),
        "kwaad": Proefaanbieder("https://kwaad.example"),
        "gezin": Proefaanbieder("https://gezin.example"),
    }
    (tmp_path / "burger.geheim").write_text("ge:heim %é\n", "utf-8")
    (tmp_path / "post.geheim").write_text("geheim")
    (tmp_path / "werk.jwk").write_text(json.dumps(KLANTSLEUTEL.as_dict(private=True)))
    eigen: dict[str, dict[str, Any]] = {
        "burger": {
            "client_secret_file": "burger.geheim", "niveaus": NIVEAUS, "acr": {"houder": "midden", "*": "laag"},
            "rollen": ["houder", "vertegenwoordiger"],
        },
        "werk": {"sleutel_file": "werk.jwk"},
        "post": {"client_secret_file": "post.geheim", "client_secret_post": True},
        "kwaad": {},
        "gezin": {"paspoort": True, "claims": {"vertegenwoordigt": "represents"}},
    }  # fmt: skip
    rijen = [
        {"code": c, "naam": c.title(), "issuer": d.issuer, "client_id": d.client_id, **eigen[c]}
        for c, d in diensten.items()
    ]
    (tmp_path / "aanbieders.json").write_text(json.dumps({"aanbieders": rijen}))
    echt = replace(settings, demo=False, aanbieders=str(tmp_path / "aanbieders.json"))
    app = FastAPI()
    app.include_router(maak_router(opslag, echt, maak_render(echt), {c: d.weg() for c, d in diensten.items()}))
    for dienst in diensten.values():
        account = await bewaar_account(opslag, dienst.issuer, dienst.wie, "Mila")
        await zet_lidmaatschap(opslag, Lidmaatschap(account.id, "houder", patient=HOUDER))
    account = await bewaar_account(opslag, diensten["burger"].issuer, "persoon-1", "Mila")
    diensten["burger"].claims = {"acr": "midden", "sid": "s-1"}
    open_: list[httpx.AsyncClient] = []

    def browser() -> httpx.AsyncClient:
        open_.append(httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test"))
        return open_[-1]

    yield Huis(browser, opslag, echt, diensten, account.id)
    for client in open_:
        await client.aclose()


async def binnen(huis: Huis, code: str) -> httpx.AsyncClient:
    client = huis.browser()
    assert (await huis.inloggen(client, code)).status_code == 303
    return client
