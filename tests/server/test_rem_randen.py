"""De rem aan elke rand: FHIR, OAuth en bladzijden zeggen 429 met Retry-After; het log noemt elke weigering één keer."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from server.app import maak_app
from server.rem import Rem
from server.settings import Settings
from server.store.passports import Opslag
from tests.logboek import logboek


def stil() -> float:
    """Een klok die stilstaat: ook op een trage machine blijft alles in één venster."""
    return 1000.0


@pytest.fixture
def dialect() -> str:
    """De rem zelf staat niet in de database."""
    return "sqlite"


async def test_zoeken_houdt_op_per_account_en_lezen_niet(opslag: Opslag, als: Any) -> None:
    opslag.rem = Rem("zoeken.wie=3/60", klok=stil)
    houder, ander = als("houder"), als("therapeut")
    for _ in range(3):
        assert (await houder.get("Condition")).status_code == 200
    nee = await houder.get("Condition")
    assert nee.status_code == 429 and 1 <= int(nee.headers["retry-after"]) <= 120
    uitkomst = nee.json()
    assert uitkomst["resourceType"] == "OperationOutcome" and uitkomst["issue"][0]["code"] == "throttled"
    for pad in ("Condition/_history", "Patient/houder-yvonne/$everything", "Patient/houder-yvonne/Condition"):
        assert (await houder.get(pad)).status_code == 429, pad
    assert (await houder.post("Condition/_search")).status_code == 429
    bundel = {"resourceType": "Bundle", "type": "batch", "entry": [{"request": {"method": "GET", "url": "Condition"}}]}
    (regel,) = (await houder.post("", json=bundel)).json()["entry"]
    assert regel["response"]["status"].startswith("429")
    assert (await houder.get("Patient/houder-yvonne")).status_code == 200, "lezen van één ding blijft"
    assert (await ander.get("Condition?patient=houder-yvonne")).status_code != 429, "ieder telt voor zich"
    geweigerd = [r for r in await logboek(opslag) if r.uitkomst == "geweigerd" and r.naam == "Test houder"]
    assert len(geweigerd) == 1, "de eerste weigering staat in het log, de rest zou het vullen"


async def test_een_adres_dat_overspoelt_houdt_op_ook_zonder_token(opslag: Opslag, anoniem: Any, als: Any) -> None:
    opslag.rem = Rem("zoeken.adres=4/60", klok=stil)
    codes = [(await anoniem.get("ValueSet")).status_code for _ in range(6)]
    assert codes == [200] * 4 + [429] * 2
    assert (await als("houder").get("Condition")).status_code == 429


async def test_zonder_token_staat_in_het_log_en_niet_in_een_paspoort(opslag: Opslag, anoniem: Any) -> None:
    opslag.rem = Rem("geweigerd.adres=3/60", klok=stil)
    codes = [(await anoniem.get(f"Patient/houder-{i}")).status_code for i in range(6)]
    assert codes == [401] * 3 + [429] * 3
    regels = await logboek(opslag, "zonder-token", "te-vaak")
    assert [r.handeling for r in regels] == ["zonder-token"] * 3 + ["te-vaak"]
    assert {(r.uitkomst, r.rol, r.naam, r.partitie) for r in regels} == {("geweigerd", "onbekend", "", None)}
    assert regels[0].wat == ("Patient/houder-0",)


@pytest.fixture
async def browser(settings: Settings) -> Any:
    """Het product zoals `serve` het maakt, met lage grenzen."""
    laag = "token.client=3/60, token.adres=8/60, inloggen.adres=2/60, code.adres=2/60"
    app = await maak_app(settings)
    app.state.opslag.rem = Rem(laag, klok=stil)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        client.opslag = app.state.opslag  # type: ignore[attr-defined]
        yield client
    await app.state.opslag.sluit()


async def test_een_app_die_raadt_houdt_op_en_een_ander_kan_haar_niet_ophouden(browser: Any) -> None:
    velden = {"grant_type": "refresh_token", "refresh_token": "verzonnen"}
    codes = [(await browser.post("/oauth/token", data=velden | {"client_id": "a"})).status_code for _ in range(4)]
    assert codes == [400] * 3 + [429]
    nee = await browser.post("/oauth/token", data=velden | {"client_id": "a"})
    assert nee.json()["error"] == "temporarily_unavailable" and int(nee.headers["retry-after"]) > 0
    assert nee.headers["access-control-allow-origin"] == "*", "een app in de browser leest dit ook"
    assert (await browser.post("/oauth/token", data=velden | {"client_id": "b"})).status_code == 400
    regels = await logboek(browser.opslag, "token-geweigerd")
    assert [(r.client, r.wat) for r in regels] == [("a", ("invalid_client",))] * 3 + [("b", ("invalid_client",))]


@pytest.mark.parametrize(("pad", "velden"), [("/inloggen", {"persoon": "niemand"}), ("/code", {"code": "123456"})])
async def test_een_mens_krijgt_een_bladzijde_die_zegt_hoe_lang(browser: Any, pad: str, velden: dict[str, str]) -> None:
    for _ in range(2):
        assert (await browser.post(pad, data=velden)).status_code != 429
    nee = await browser.post(pad, data=velden)
    assert nee.status_code == 429 and int(nee.headers["retry-after"]) > 0
    assert re.search(r"Probeer het over \d+ seconden nog eens", nee.text) and "<h1>Even wachten</h1>" in nee.text
    assert nee.headers["content-security-policy"]
    assert (await browser.get("/inloggen")).status_code == 200, "een bladzijde bekijken telt niet"
