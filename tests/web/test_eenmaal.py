"""Een formulier dat iets nieuws maakt, maakt het één keer: bij twee tikken, *Terug*, een fout, een storing."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from paspoort.fouten import Melding, PaspoortFout
from server.demo.personen.yvonne import YVONNE
from server.demo.register import VLIERHOF
from server.settings import Settings
from server.store.forms import neem_beurt, uitkomst_van_beurt
from server.store.passports import Opslag
from tests.web import test_houder_papier as papier
from tests.web.houderwereld import resources
from tests.web.werkwereld import csrf, laat_lezen, log_in, velden, wereld
from web import eenmaal as module
from web.eenmaal import VELD, eenmaal, sleutelveld

WIE = ("account-1", "lid-1")
Velden = Mapping[str, str]


class Maker:
    """Maakt bij elke beurt iets nieuws, en doet er even over."""

    def __init__(self, status: int = 303, duur: float = 0.0) -> None:
        self.gemaakt, self.status, self.duur = 0, status, duur

    async def __call__(self) -> Response:
        self.gemaakt += 1
        nummer = self.gemaakt
        await asyncio.sleep(self.duur)
        return RedirectResponse(f"/ding/{nummer}", 303) if self.status == 303 else HTMLResponse("fout", self.status)


def formulier(sleutel: str = "s", tekst: str = "rolstoel") -> FormData:
    return FormData([(VELD, sleutel), ("tekst", tekst)])


async def test_tien_keer_tegelijk_is_een_keer(opslag: Opslag) -> None:
    maker = Maker(duur=0.05)
    antwoorden = await asyncio.gather(*(eenmaal(opslag, WIE, "/nieuw", formulier(), maker) for _ in range(10)))
    assert maker.gemaakt == 1
    assert {a.headers["location"] for a in antwoorden if a} == {"/ding/1"} and None not in antwoorden


@pytest.mark.parametrize(
    ("wie", "pad", "ander"),
    [
        (WIE, "/nieuw", formulier(sleutel="andere")),
        (WIE, "/nieuw", formulier(tekst="na Terug verbeterd")),
        (WIE, "/iets-anders", formulier()),
        (("account-2", "lid-1"), "/nieuw", formulier()),
        (("account-1", "lid-2"), "/nieuw", formulier()),
    ],
)
async def test_iets_anders_is_geen_herhaling(opslag: Opslag, wie: tuple[str, str], pad: str, ander: FormData) -> None:
    maker = Maker()
    await eenmaal(opslag, WIE, "/nieuw", formulier(), maker)
    await eenmaal(opslag, wie, pad, ander, maker)
    assert maker.gemaakt == 2


async def test_zonder_sleutel_verandert_er_niets(opslag: Opslag) -> None:
    maker = Maker()
    for _ in range(2):
        await eenmaal(opslag, WIE, "/nieuw", FormData([("tekst", "rolstoel")]), maker)
    assert maker.gemaakt == 2


async def test_wat_terugkwam_met_een_uitleg_mag_opnieuw(opslag: Opslag) -> None:
    maker = Maker(status=422)
    for _ in range(2):
        antwoord = await eenmaal(opslag, WIE, "/nieuw", formulier(), maker)
        assert antwoord is not None and antwoord.status_code == 422
    assert maker.gemaakt == 2


async def test_na_een_storing_mag_het_opnieuw(opslag: Opslag) -> None:
    async def stuk() -> Response:
        raise PaspoortFout(Melding("opslag-stil"))

    with pytest.raises(PaspoortFout):
        await eenmaal(opslag, WIE, "/nieuw", formulier(), stuk)
    maker = Maker()
    assert (await eenmaal(opslag, WIE, "/nieuw", formulier(), maker)) is not None and maker.gemaakt == 1


async def test_wie_wacht_op_een_mislukte_eerste_keer_probeert_het_zelf(opslag: Opslag) -> None:
    uitkomsten = iter((Maker(status=422, duur=0.05), Maker()))

    async def eerst_fout_dan_goed() -> Response:
        return await next(uitkomsten)()

    een, twee = await asyncio.gather(
        *(eenmaal(opslag, WIE, "/nieuw", formulier(), eerst_fout_dan_goed) for _ in range(2))
    )
    assert {a.status_code for a in (een, twee) if a} == {422, 303}


async def test_wie_te_lang_wacht_hoort_dat_het_nog_bezig_is(opslag: Opslag, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WACHT_SECONDEN", 0.0)
    begonnen, klaar = asyncio.Event(), asyncio.Event()

    async def lang() -> Response:
        begonnen.set()
        await klaar.wait()
        return RedirectResponse("/ding/1", 303)

    eerste = asyncio.create_task(eenmaal(opslag, WIE, "/nieuw", formulier(), lang))
    await begonnen.wait()
    assert await eenmaal(opslag, WIE, "/nieuw", formulier(), Maker()) is None
    klaar.set()
    assert (antwoord := await eerste) is not None and antwoord.headers["location"] == "/ding/1"


async def test_een_omgevallen_server_houdt_een_formulier_niet_voor_altijd_vast(opslag: Opslag) -> None:
    nu = int(time.time())
    assert await neem_beurt(opslag, "a", "wat", nu, 60)
    assert not await neem_beurt(opslag, "a", "wat", nu + 59, 60)
    assert await uitkomst_van_beurt(opslag, "a", "wat") == ""
    assert await neem_beurt(opslag, "a", "wat", nu + 60, 60)


def test_elke_bladzijde_heeft_een_eigen_sleutel() -> None:
    sleutels = {re.search('value="([^"]+)"', sleutelveld())[1] for _ in range(100)}  # type: ignore[index]
    assert len(sleutels) == 100 and min(map(len, sleutels)) >= 22


@pytest_asyncio.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    async with wereld(settings, (YVONNE,)) as gemaakt:
        yield gemaakt


async def twee_keer(
    client: httpx.AsyncClient, pad: str, meer: Velden, bestand: bytes = b""
) -> tuple[httpx.Response, ...]:
    """Wat een trillende vinger zonder JavaScript doet: hetzelfde formulier twee keer tegelijk."""
    html = (await client.get(pad)).text
    sleutels = velden(html)[VELD][:1]
    data = {"csrf": csrf(html), VELD: sleutels, **meer}
    files = {"foto": ("brief.png", bestand, "image/png")} if bestand else None
    return tuple(await asyncio.gather(*(client.post(pad, data=data, files=files) for _ in range(2))))


async def test_een_papier_met_foto_van_de_houder(app: FastAPI) -> None:
    yvonne = await log_in(app, "yvonne")
    vooraf = len(await resources(app, YVONNE.patient, "DocumentReference"))
    een, twee = await twee_keer(yvonne, "/papier/nieuw/besluit", papier.GOED, papier.PNG)
    assert een.status_code == twee.status_code == 303
    assert een.headers["location"] == twee.headers["location"]
    assert len(await resources(app, YVONNE.patient, "DocumentReference")) == vooraf + 1


async def test_een_nieuw_advies_van_de_therapeut(app: FastAPI) -> None:
    await laat_lezen(app, YVONNE.patient)
    nienke = await log_in(app, "nienke")
    een, twee = await twee_keer(nienke, f"/advies/nieuw/{YVONNE.patient}", {"soort": "functioneel-advies"})
    assert een.status_code == 303 and een.headers["location"] == twee.headers["location"]


async def test_een_medewerker_van_de_beheerder(app: FastAPI) -> None:
    beheer = await log_in(app, "beheer")
    pad = f"/beheer/organisatie/{VLIERHOF}/persoon"
    nieuw = {"naam": "Sanne de Proef", "rol": "therapeut", "beroep": "ergotherapeut"}
    een, twee = await twee_keer(beheer, pad, nieuw)
    assert een.status_code == 303, een.text[:3000]
    assert een.headers["location"] == twee.headers["location"]
    lijst = (await beheer.get(f"/beheer/organisatie/{VLIERHOF}")).text
    assert lijst.count("Sanne de Proef") == 1
