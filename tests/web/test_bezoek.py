"""De rand van elke bladzijde: wie niet is ingelogd, wie er niet hoort, een vreemd formulier, en een deur die nee zegt.

Echte sessies, echte opslag; de bladzijden zijn hier zo klein mogelijk.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.gateway import Poort
from server.oauth.sessie import STIL_SECONDEN, Sessies
from server.settings import Settings
from server.store.passports import Opslag
from server.store.session import Lidmaatschap, bewaar_account, lees_sessie, maak_sessie, zet_lidmaatschap
from web.bezoek import Bezoek, Huis, bladzijde
from web.bladzijde import Bladzijden
from web.deur import Bevinding, DeurFout

HOUDER = "houder-yvonne"
PROEF = "/proef"

Inlog = Callable[[str], Awaitable[tuple[httpx.AsyncClient, str]]]


async def _zeg(bezoek: Bezoek) -> Response:
    return PlainTextResponse(f"{bezoek.actor.rol} {bezoek.veld('antwoord')}".strip())


def _deur(status: int, tekst: str = "") -> Callable[[Bezoek], Awaitable[Response]]:
    async def handeling(bezoek: Bezoek) -> Response:
        raise DeurFout(status, (Bevinding("Device.type", tekst, "error"),) if tekst else ())

    return handeling


async def _stil(bezoek: Bezoek) -> Response:
    raise PaspoortFout(Melding("opslag-stil"))


async def _niet_van_u(bezoek: Bezoek) -> Response:
    raise PaspoortFout(Melding("niet-van-u"))


@pytest_asyncio.fixture
async def app(opslag: Opslag, wereld: Any, settings: Settings) -> FastAPI:
    huis = Huis(Poort(opslag, settings.fhir_url), opslag, settings, Sessies(opslag, settings), Bladzijden(settings))
    app = FastAPI()
    paden = {
        PROEF: _zeg,
        "/deur/404": _deur(404), "/deur/410": _deur(410), "/deur/412": _deur(412), "/deur/503": _deur(503),
        "/deur/422": _deur(422, "Vul een soort in."), "/deur/403": _deur(403),
        "/stil": _stil, "/niet-van-u": _niet_van_u,
    }  # fmt: skip
    for pad, handeling in paden.items():
        app.add_api_route(pad, bladzijde(huis, "houder", handeling), methods=["GET", "POST"])
    app.add_api_route("/iedereen", bladzijde(huis, "iedereen", _zeg), methods=["GET"])
    return app


@pytest_asyncio.fixture
async def inlog(app: FastAPI, opslag: Opslag) -> AsyncIterator[Inlog]:
    """`await inlog(rol)` geeft (browser, csrf)."""
    open_: list[httpx.AsyncClient] = []

    async def doe(rol: str) -> tuple[httpx.AsyncClient, str]:
        account = await bewaar_account(opslag, "https://inlog.example", rol, "Yvonne")
        lid = await zet_lidmaatschap(opslag, Lidmaatschap(account.id, rol, patient=HOUDER if rol == "houder" else None))
        nu = int(time.time())
        gegevens = {"lidmaatschap": lid.id, "begonnen": nu}
        token, sessie = await maak_sessie(opslag, account.id, gegevens, nu, nu + STIL_SECONDEN)
        assert await lees_sessie(opslag, token, nu) is not None
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://test", cookies={"hmp": token}
        )
        open_.append(client)
        return client, sessie.csrf

    yield doe
    for client in open_:
        await client.aclose()


async def test_wie_niet_is_ingelogd_gaat_naar_inloggen_en_komt_terug(app: FastAPI) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as anoniem:
        antwoord = await anoniem.get(PROEF + "?code=123456")
    assert antwoord.status_code == 303
    assert antwoord.headers["location"] == "/inloggen?volgende=/proef"  # wat achter het vraagteken stond, blijft weg


@pytest.mark.parametrize("token", ["", "verzonnen", "x" * 5000])
async def test_een_verzonnen_cookie_is_niet_ingelogd(app: FastAPI, token: str) -> None:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test", cookies={"hmp": token})
    async with client:
        assert (await client.get(PROEF)).status_code == 303


async def test_wie_er_niet_hoort_vindt_de_bladzijde_niet(inlog: Inlog) -> None:
    therapeut, _ = await inlog("therapeut")
    antwoord = await therapeut.get(PROEF)
    assert antwoord.status_code == 404
    assert "Deze bladzijde is er niet" in antwoord.text
    assert (await therapeut.get("/iedereen")).text == "therapeut"


async def test_een_formulier_van_hier_wordt_gelezen(inlog: Inlog) -> None:
    houder, csrf = await inlog("houder")
    antwoord = await houder.post(PROEF, data={"csrf": csrf, "antwoord": "  ja  "})
    assert (antwoord.status_code, antwoord.text) == (200, "houder ja")


@pytest.mark.parametrize("csrf", [None, "", "verzonnen", "café", "x" * 4000])
async def test_een_formulier_van_elders_doet_niets(inlog: Inlog, csrf: str | None) -> None:
    houder, _ = await inlog("houder")
    antwoord = await houder.post(PROEF, data={"antwoord": "ja"} | ({} if csrf is None else {"csrf": csrf}))
    assert antwoord.status_code == 403
    assert "Dit formulier is te oud" in antwoord.text


async def test_het_teken_van_een_ander_werkt_niet(inlog: Inlog) -> None:
    _, van_ander = await inlog("therapeut")
    houder, _ = await inlog("houder")
    assert (await houder.post(PROEF, data={"csrf": van_ander})).status_code == 403


def _delen(*koppen: str, inhoud: bytes = b"1") -> bytes:
    delen = (f"--g\r\nContent-Disposition: form-data; {kop}\r\n\r\n".encode() + inhoud + b"\r\n" for kop in koppen)
    return b"".join(delen) + b"--g--\r\n"


MULTIPART = "multipart/form-data; boundary=g"


@pytest.mark.parametrize(
    ("soort", "inhoud"),
    [
        ("multipart/form-data", b"zonder grens"),
        (MULTIPART, b"kapot"),
        (MULTIPART, _delen(*(f'name="a{i}"' for i in range(2001)))),
        (MULTIPART, _delen('name="a"', inhoud=b"x" * 1_100_000)),
        (MULTIPART, _delen(*(f'name="f"; filename="{i}"' for i in range(5)))),
    ],
    ids=["zonder-grens", "kapot", "te-veel-velden", "te-lang-veld", "te-veel-bestanden"],
)
async def test_een_formulier_dat_niet_te_lezen_is_geeft_een_bladzijde(inlog: Inlog, soort: str, inhoud: bytes) -> None:
    houder, _ = await inlog("houder")
    antwoord = await houder.post(PROEF, content=inhoud, headers={"Content-Type": soort})
    assert antwoord.status_code == 400
    assert antwoord.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("pad", "status", "zin"),
    [
        ("/deur/404", 404, "Dit is er niet"),
        ("/deur/410", 404, "Dit is er niet"),
        ("/deur/412", 409, "Iemand anders was u net voor."),
        ("/deur/422", 422, "Vul een soort in."),
        ("/deur/403", 403, "Probeer het opnieuw."),
        ("/deur/503", 503, "Wij kunnen nu niets bewaren"),
        ("/stil", 503, "Wij kunnen nu niets bewaren"),
        ("/niet-van-u", 422, "U mag dit lezen, maar niet veranderen."),
    ],
)
async def test_wat_de_deur_zegt_staat_er_in_gewone_woorden(inlog: Inlog, pad: str, status: int, zin: str) -> None:
    houder, _ = await inlog("houder")
    antwoord = await houder.get(pad)
    assert antwoord.status_code == status
    assert zin in antwoord.text
    assert ("retry-after" in antwoord.headers) == (status == 503)


@pytest.mark.parametrize(("cookie", "teken"), [("donker", 'data-theme="donker"'), ("paars", ""), ('"><b>', "")])
async def test_alleen_een_weergave_die_bestaat_wordt_gekozen(inlog: Inlog, cookie: str, teken: str) -> None:
    houder, _ = await inlog("houder")
    houder.cookies.set("hmp-weergave", cookie)
    html = (await houder.get("/deur/404")).text
    assert ("data-theme" in html) == bool(teken)
    assert teken in html


async def test_de_foutbladzijde_noemt_geen_adres_of_persoon(inlog: Inlog, tmp_path: Path) -> None:
    houder, _ = await inlog("houder")
    html = (await houder.get("/deur/404")).text
    assert HOUDER not in html
    assert "Yvonne" not in html
