"""Getypte tekst overleeft de sessie: bewaard voor wie terugkomt in dezelfde rol, en voor niemand anders. En de eigen
inlog: tot wanneer, verlengen, waar nog meer, daar uitloggen."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from server.fhir.gateway import Poort
from server.oauth.routes import maak_router as maak_oauth
from server.oauth.sessie import BEWAAR_SECONDEN, LANGST_SECONDEN, STIL_SECONDEN, Sessies
from server.settings import Settings
from server.store import forms
from server.store import session as opgeslagen
from server.store.passports import Opslag
from server.store.session import Account, Lidmaatschap, bewaar_account, zet_lidmaatschap
from tests.conftest import ANDER, HOUDER
from web import formulier, sessies
from web.bezoek import Bezoek, Huis, bladzijde
from web.bladzijde import Bladzijden, maak_render

TEKST = "Ik kan de <drempel> niet over & val dan bijna.\nSoms twee keer."
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


async def _vragen(bezoek: Bezoek) -> Response:
    """Een bladzijde met een formulier; POST zegt wat er aankwam."""
    if bezoek.request.method == "POST":
        return PlainTextResponse(f"aangekomen: {bezoek.veld('tekst')}")
    return HTMLResponse(
        f'<main><form method="post"><input type="hidden" name="csrf" value="{escape(bezoek.csrf)}">'
        '<textarea name="tekst"></textarea><input type="checkbox" name="zeker" value="ja"></form></main>'
    )


@dataclass
class Web:
    """De bladzijden, met `log_in(sub)` voor een nieuwe browser."""

    app: FastAPI
    opslag: Opslag
    accounts: dict[str, Account]
    leden: dict[str, Lidmaatschap]
    browser: Callable[[], httpx.AsyncClient]

    async def sessie(self, sub: str, client: httpx.AsyncClient | None = None, **gegevens: Any) -> httpx.AsyncClient:
        """Een ingelogde browser; met `client` logt die opnieuw in."""
        client = client or self.browser()
        nu = int(time.time())
        alles = {"lidmaatschap": self.leden[sub].id, "begonnen": nu, "formulier": True, "toestel": "Firefox op Windows"}
        token, _ = await opgeslagen.maak_sessie(
            self.opslag, self.accounts[sub].id, alles | gegevens, nu, nu + STIL_SECONDEN
        )
        client.cookies.set("hmp", token, domain="test.local", path="/")
        return client

    async def stil(self, client: httpx.AsyncClient) -> None:
        """Een kwartier niets."""
        await opgeslagen.verleng_sessie(self.opslag, client.cookies["hmp"], int(time.time()) - 1)


@pytest_asyncio.fixture
async def web(opslag: Opslag, wereld: Any, settings: Settings, tmp_path: Path) -> AsyncIterator[Web]:
    huis = Huis(Poort(opslag, settings.fhir_url), opslag, settings, Sessies(opslag, settings), Bladzijden(settings))
    app = FastAPI()
    app.add_api_route("/vragen", bladzijde(huis, "houder", _vragen), methods=["GET", "POST"])
    app.add_api_route("/alleen-versturen", bladzijde(huis, "houder", _vragen), methods=["POST"])
    app.include_router(sessies.router(huis))
    app.include_router(formulier.router(huis))
    app.include_router(maak_oauth(opslag, settings, maak_render(settings)))
    accounts, leden = {}, {}
    for sub, patient in (("yvonne", HOUDER), ("ander", ANDER)):
        accounts[sub] = await bewaar_account(opslag, "https://inlog.example", sub, sub.title())
        leden[sub] = await zet_lidmaatschap(opslag, Lidmaatschap(accounts[sub].id, "houder", patient=patient))
    open_: list[httpx.AsyncClient] = []

    def browser() -> httpx.AsyncClient:
        open_.append(httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test.local"))
        return open_[-1]

    yield Web(app, opslag, accounts, leden, browser)
    for client in open_:
        await client.aclose()


def csrf_in(bladzijde_: str) -> str:
    return bladzijde_.split('name="csrf" value="')[1].split('"')[0]


async def verlopen_post(web: Web, sub: str = "yvonne", pad: str = "/vragen", **kop: str) -> tuple[Any, httpx.Response]:
    """Iemand opent het formulier, typt, doet een kwartier niets, en verstuurt."""
    client = await web.sessie(sub)
    csrf = csrf_in((await client.get("/vragen")).text)
    await web.stil(client)
    koppen = {"referer": "http://test.local/vragen?x=1", **kop}
    return client, await client.post(pad, data={"csrf": csrf, "tekst": TEKST, "zeker": "ja"}, headers=koppen)


async def test_wie_te_laat_verstuurt_krijgt_na_het_inloggen_haar_tekst_terug(web: Web) -> None:
    client, antwoord = await verlopen_post(web)
    assert antwoord.status_code == 303
    assert antwoord.headers["location"] == "/inloggen?volgende=/vragen&reden=bewaard"
    assert "Wat u typte, is bewaard" in (await client.get(antwoord.headers["location"])).text
    ruw = (await web.opslag.db.rijen(forms._VAN, account=web.accounts["yvonne"].id, nu=0))[0][1]
    assert b"drempel" not in bytes(ruw)
    await web.sessie("yvonne", client)
    terug = (await client.get("/vragen")).text
    assert escape(TEKST) in terug and 'value="ja" checked' in terug and "Wat u typte, staat er weer" in terug
    goed = await client.post("/vragen", data={"csrf": csrf_in(terug), "tekst": TEKST, "zeker": "ja"})
    assert goed.text.startswith("aangekomen")
    assert escape(TEKST) not in (await client.get("/vragen")).text  # verstuurd is verstuurd


async def test_een_formulier_zonder_eigen_bladzijde_is_alsnog_te_versturen_of_weg_te_gooien(web: Web) -> None:
    for kop in ({"referer": "http://test.local/alleen-versturen"}, {"referer": "https://elders.example/vragen"}):
        client, antwoord = await verlopen_post(web, pad="/alleen-versturen", **kop)
        assert antwoord.headers["location"] == "/inloggen?volgende=/formulier&reden=bewaard"
    await web.sessie("yvonne", client)
    lijst = (await client.get("/formulier")).text
    assert 'action="/alleen-versturen"' in lijst and escape(TEKST, quote=False).split("\n")[0] in lijst
    assert "U hebt nog iets niet verstuurd" in (await client.get("/vragen")).text
    id_ = lijst.split('name="id" value="')[1].split('"')[0]
    ander = await web.sessie("ander")
    await ander.post("/formulier/weg", data={"csrf": csrf_in((await ander.get("/vragen")).text), "id": id_})
    assert "Verstuur het zo" in (await client.get("/formulier")).text
    await client.post("/formulier/weg", data={"csrf": csrf_in(lijst), "id": id_})
    assert "Er wacht niets meer" in (await client.get("/formulier")).text


async def test_tekst_komt_nooit_bij_een_ander_of_in_een_andere_rol(web: Web) -> None:
    client, _ = await verlopen_post(web)
    await web.sessie("ander", client)
    assert "drempel" not in (await client.get("/vragen")).text + (await client.get("/formulier")).text
    tweede = await zet_lidmaatschap(web.opslag, Lidmaatschap(web.accounts["yvonne"].id, "houder", patient=ANDER))
    await web.sessie("yvonne", client, lidmaatschap=tweede.id)
    assert "drempel" not in (await client.get("/vragen")).text + (await client.get("/formulier")).text


async def test_een_vreemd_formulier_wordt_niet_bewaard(web: Web) -> None:
    client = await web.sessie("yvonne")
    csrf = csrf_in((await client.get("/vragen")).text)
    await web.stil(client)
    velden = {"csrf": csrf, "tekst": TEKST}
    for data, kop in (
        (velden | {"csrf": "verzonnen"}, {}), ({"tekst": TEKST}, {}), (velden | {"csrf": csrf[:-4] + "AAAA"}, {}),
        (velden, {"sec-fetch-site": "cross-site"}), (velden, {"origin": "https://kwaad.example"}),
        (velden | {"tekst": "x" * 300_000}, {}), ({"csrf": csrf}, {}),
    ):  # fmt: skip
        antwoord = await client.post("/vragen", data=data, headers=kop)
        assert antwoord.headers["location"] == "/inloggen?volgende=/vragen", (data.keys(), kop)
        assert (await client.post("/sessie/bewaar", data=data, headers=kop)).json() == {"bewaard": False}
    assert await forms.formulieren_van(web.opslag, web.accounts["yvonne"].id, web.leden["yvonne"].id, 0) == ()


async def test_een_formulier_van_voor_de_nieuwe_inlog_gaat_niet_verloren(web: Web) -> None:
    """Twee tabbladen: in het ene opnieuw ingelogd, in het andere verstuurd."""
    client = await web.sessie("yvonne")
    oud = csrf_in((await client.get("/vragen")).text)
    await web.sessie("yvonne", client)
    antwoord = await client.post(
        "/vragen", data={"csrf": oud, "tekst": TEKST}, headers={"referer": "http://test.local/vragen"}
    )
    assert (antwoord.status_code, antwoord.headers["location"]) == (303, "/vragen")
    assert escape(TEKST) in (await client.get("/vragen")).text
    await web.sessie("ander", client)
    vreemd = await client.post("/vragen", data={"csrf": oud, "tekst": TEKST})
    assert vreemd.status_code == 403


async def test_bewaren_is_kort_en_niet_onbeperkt(web: Web) -> None:
    account, lid, nu = web.accounts["yvonne"].id, web.leden["yvonne"].id, int(time.time())
    await verlopen_post(web)
    assert len(await forms.formulieren_van(web.opslag, account, lid, nu)) == 1
    assert await forms.formulieren_van(web.opslag, account, lid, nu + BEWAAR_SECONDEN + 2) == ()
    for n in range(8):
        stuk = forms.Formulier(account, lid, f"/{n}", f"/{n}", (("a", str(n)),))
        await forms.bewaar_formulier(web.opslag, stuk, nu, nu + 100 + n)
    wachten = await forms.formulieren_van(web.opslag, account, lid, nu)
    assert len(wachten) == forms.HOOGSTENS and wachten[-1].pagina == "/vragen" and wachten[-2].pagina == "/7"


async def test_het_klad_van_een_bladzijde_met_stappen_overleeft_de_sessie_en_niet_het_uitloggen(
    web: Web, settings: Settings
) -> None:
    beheer = Sessies(web.opslag, settings)

    def verzoek(client: httpx.AsyncClient) -> Any:
        return type("V", (), {"cookies": {"hmp": client.cookies["hmp"]}, "state": type("S", (), {})()})()

    client = await web.sessie("yvonne")
    await beheer.zet_klad(verzoek(client), {"reden": TEKST})
    await web.stil(client)
    await web.sessie("yvonne", client)
    assert await beheer.klad(verzoek(client)) == {"reden": TEKST}
    assert await beheer.klad(verzoek(await web.sessie("ander"))) == {}
    csrf = csrf_in((await client.get("/vragen")).text)
    assert (await client.post("/uitloggen", data={"csrf": csrf})).status_code == 303
    assert await beheer.klad(verzoek(await web.sessie("yvonne"))) == {}


async def test_verlengen_met_en_zonder_script_en_nooit_voorbij_twaalf_uur(web: Web) -> None:
    client = await web.sessie("yvonne")
    csrf, token, nu = csrf_in((await client.get("/vragen")).text), client.cookies["hmp"], int(time.time())
    await opgeslagen.verleng_sessie(web.opslag, token, nu + 100)
    assert 95 <= (await client.get("/sessie/over")).json()["over"] <= 100  # vragen verlengt niet
    assert 90 <= (await client.get("/sessie/over")).json()["over"] <= 100
    script = {"accept": "application/json"}
    assert (await client.post("/sessie/verleng", data={"csrf": "x"}, headers=script)).status_code == 401
    over = (await client.post("/sessie/verleng", data={"csrf": csrf}, headers=script)).json()
    assert over["over"] >= STIL_SECONDEN - 5 and over["tot"].endswith(" uur")
    zonder = await client.post("/sessie/verleng", data={"csrf": csrf})
    assert "U blijft ingelogd" in zonder.text and over["tot"][:3] in zonder.text
    laat = await web.sessie("yvonne", begonnen=nu - LANGST_SECONDEN + 60)
    csrf = csrf_in((await laat.get("/vragen")).text)
    assert (await laat.post("/sessie/verleng", data={"csrf": csrf}, headers=script)).json()["over"] <= 60
    await web.stil(client)
    assert (await client.get("/sessie/over")).json() == {"over": 0}
    assert (await client.post("/sessie/verleng", data={"csrf": csrf}, headers=script)).status_code == 401
    assert (await client.post("/sessie/verleng", data={"csrf": csrf})).headers["location"] == "/inloggen?reden=stil"


async def test_elke_bladzijde_zegt_tot_wanneer_en_heeft_de_waarschuwing(web: Web) -> None:
    client = await web.sessie("yvonne")
    html = (await client.get("/sessies")).text
    assert "U bent ingelogd tot" in html and 'data-over="' in html and "<dialog" in html
    assert 'action="/sessie/verleng" target="_blank"' in html and "Verder als iemand anders" not in html
    assert (await client.get("/sessies")).headers["referrer-policy"] == "same-origin"


async def test_de_eigen_sessies_en_daar_uitloggen(web: Web) -> None:
    een, twee, drie = [await web.sessie("yvonne") for _ in range(3)]
    ander = await web.sessie("ander")
    html = (await een.get("/sessies")).text
    assert html.count("Firefox op Windows") >= 3 and html.count("dit is waar u nu bent") == 1
    csrf = csrf_in(html)
    vreemd = (await opgeslagen.sessies_van(web.opslag, web.accounts["ander"].id, 0))[0].nummer
    for nummer in (vreemd, "verzonnen", ""):
        await een.post("/sessies/uit", data={"csrf": csrf, "nummer": nummer})
    assert [(await c.get("/sessies")).status_code for c in (een, twee, drie, ander)] == [200, 200, 200, 200]
    van_twee = csrf_in((await twee.get("/sessies")).text)
    eigen = await opgeslagen.sessies_van(web.opslag, web.accounts["yvonne"].id, 0)
    weg = next(s.nummer for s in eigen if s.csrf == van_twee)
    await een.post("/sessies/uit", data={"csrf": csrf, "nummer": weg})
    assert [(await c.get("/sessies")).status_code for c in (een, twee, drie)] == [200, 303, 200]
    await een.post("/sessies/uit", data={"csrf": csrf, "alle": "ja"})
    assert [(await c.get("/sessies")).status_code for c in (een, drie, ander)] == [200, 303, 200]


async def test_een_echte_inlog_onthoudt_het_toestel_en_niet_meer(web: Web, settings: Settings) -> None:
    (settings.data / "demo.json").write_text('{"personen": [{"code": "yvonne", "naam": "Yvonne"}]}')
    account = await bewaar_account(web.opslag, "demo-inlog", "yvonne", "Yvonne")
    await zet_lidmaatschap(web.opslag, Lidmaatschap(account.id, "houder", patient=HOUDER))
    client = web.browser()
    await client.post("/inloggen", data={"persoon": "yvonne"}, headers={"user-agent": FIREFOX})
    html = (await client.get("/sessies")).text
    assert "Firefox op Windows" in html and "met Demo" in html and "140" not in html
