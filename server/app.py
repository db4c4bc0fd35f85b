"""Het product als één ASGI-app: opslag, deur, OAuth en bladzijden bij elkaar gezet.

Beslist zelf niets: elke laag hieronder heeft haar eigen rand. Hier staan alleen de kopregels die voor alles gelden, de
gezondheidsadressen en het vangnet voor wat niemand verwachtte.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp

from paspoort.fouten import PaspoortFout
from server.fhir.cors import Openbaar
from server.fhir.scopezicht import kijk_van_abonnee
from server.settings import Settings
from server.store.passports import Opslag
from server.store.register import REGISTER
from server.veilig import CSP, VEILIG
from web.vangnet import Vangnet, meld

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


async def maak_app(settings: Settings) -> FastAPI:
    """Open de opslag en zet de app in elkaar. Sluiten: `await app.state.opslag.sluit()`.

    De lifespan begint en stopt het bezorgen van berichten (`server/post`).

    Fouten: `PaspoortFout("opslag-stil")` als de database of de kluis niet opengaat.
    """
    from server.fhir.gateway import Poort
    from server.fhir.router import FhirEindpunt
    from server.oauth.abonnee import abonnees
    from server.oauth.actor import actor_van_token
    from server.oauth.routes import maak_router as maak_oauth
    from server.post.bezorger import Bezorger
    from server.post.mail import Postbode
    from server.post.maildeur import maak_deur
    from web.bijapp import BijAppDeur
    from web.bladzijde import maak_render
    from web.geen_bladzijde import hang_op
    from web.routes import maak_router as maak_web
    from web.te_vaak import Afremmer
    from web.tussenstap import Tussenstap

    opslag = await Opslag.open(settings)
    poort = Poort(opslag, settings.fhir_url)
    render = maak_render(settings)
    # Er gaan geen sporen of tellingen naar buiten; wat er te tellen is, telt `Tellingen`.
    stil: Any = {"tracing": False, "metrics": False, "logs": False}
    dicht: Any = {"docs_url": None, "redoc_url": None, "openapi_url": None, "telemetry": stil}
    app = PaspoortApp(title="Hulpmiddelenpaspoort", lifespan=_bezorgt, **dicht)
    app.state.opslag, app.state.poort, app.state.settings = opslag, poort, settings
    app.state.tellingen = Tellingen()
    app.state.bezorger = Bezorger(opslag, abonnees(opslag), kijk=kijk_van_abonnee(settings.fhir_url))
    app.state.postbode = Postbode(opslag, maak_deur(settings))
    app.include_router(maak_oauth(opslag, settings, render, bij_app=BijAppDeur(poort, opslag)))
    app.include_router(maak_web(poort, opslag, settings))
    app.mount("/static", StaticFiles(directory=Path(__file__).parent.parent / "web" / "static"), name="static")
    hang_op(app, settings)
    app.add_middleware(Vangnet, settings=settings)
    _bediening(app)
    fhir = FhirEindpunt(poort, lambda bearer: actor_van_token(opslag, bearer), settings)
    binnen = Afremmer(Tussenstap(app.binnen, settings), opslag, settings)
    app.buitenom = Kopregels(binnen, settings=settings, tellingen=app.state.tellingen, fhir=fhir)
    return app


class PaspoortApp(FastAPI):
    """De app met de kopregels buitenom: een FHIR-vraag gaat zo langs geen enkele laag die alleen bladzijden dient."""

    buitenom: Kopregels

    async def binnen(self, scope: Scope, receive: Receive, send: Send) -> None:
        """FastAPI zelf, met zijn eigen lagen."""
        await super().__call__(scope, receive, send)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Elk verzoek, langs de kopregels."""
        await self.buitenom(scope, receive, send)


@asynccontextmanager
async def _bezorgt(app: FastAPI) -> AsyncIterator[None]:
    """Zolang de app draait, gaan er berichten uit."""
    app.state.bezorger.start()
    app.state.postbode.start()
    yield
    await app.state.postbode.stop()
    await app.state.bezorger.stop()


def _bediening(app: FastAPI) -> None:
    """Gezondheid en tellingen; en het vangnet, dat een nummer toont en verder niets."""

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> Response:
        return PlainTextResponse("ok")

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> Response:
        try:
            await app.state.opslag.momentopname(REGISTER)
        except PaspoortFout:
            return PlainTextResponse("opslag stil", status_code=503, headers={"Retry-After": "5"})
        return PlainTextResponse("ok")

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        tekst = app.state.tellingen.tekst() + _geheugen(app.state.opslag) + app.state.bezorger.tekst()
        tekst += app.state.postbode.tekst()
        return PlainTextResponse(tekst, media_type="text/plain; version=0.0.4")


def _geheugen(opslag: Opslag) -> str:
    """Hoe vaak een momentopname al in het geheugen stond, en hoeveel er staat."""
    g = opslag.geheugen
    return (
        "# TYPE paspoort_momentopname_total counter\n"
        f'paspoort_momentopname_total{{bron="geheugen"}} {g.treffers}\n'
        f'paspoort_momentopname_total{{bron="opslag"}} {g.missers}\n'
        f"# TYPE paspoort_momentopname_bytes gauge\npaspoort_momentopname_bytes {g.gewicht}\n"
    )


class Tellingen:
    """Aantallen antwoorden per klasse en de tijd die ze samen kostten; geen paden, geen personen."""

    def __init__(self) -> None:
        self._antwoorden: Counter[str] = Counter()
        self._seconden = 0.0

    def tel(self, status: int, seconden: float) -> None:
        """Eén antwoord erbij."""
        self._antwoorden[f"{status // 100}xx"] += 1
        self._seconden += seconden

    def tekst(self) -> str:
        """In de vorm die Prometheus leest."""
        regels = ["# TYPE paspoort_antwoorden_total counter"]
        regels += [f'paspoort_antwoorden_total{{klasse="{k}"}} {n}' for k, n in sorted(self._antwoorden.items())]
        regels += ["# TYPE paspoort_antwoord_seconden_total counter"]
        regels += [f"paspoort_antwoord_seconden_total {self._seconden:.3f}"]
        return "\n".join(regels) + "\n"


class Kopregels:
    """Kale ASGI-laag: veilige kopregels op elk antwoord, tellen, en een nummer bij wat niemand verwachtte.

    `/fhir` gaat hier rechtstreeks naar zijn eindpunt: langs alle routes van de bladzijden kost het meer dan het lezen.
    """

    def __init__(self, app: ASGIApp, settings: Settings, tellingen: Tellingen, fhir: ASGIApp) -> None:
        self.app, self.tellingen, self.fhir = Openbaar(app), tellingen, fhir
        https = settings.base_url.startswith("https://")
        hsts = ((b"strict-transport-security", b"max-age=63072000; includeSubDomains"),) if https else ()
        self.vast = (*VEILIG, *hsts)
        self.bladzijde = (*self.vast, (b"content-security-policy", CSP.encode()), (b"cache-control", b"no-store"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begin, gestuurd = time.perf_counter(), False

        async def stuur(bericht: Message) -> None:
            nonlocal gestuurd
            if bericht["type"] == "http.response.start":
                gestuurd = True
                al = bericht["headers"] = list(bericht.get("headers", ()))
                soorten = dict(al)
                html = soorten.get(b"content-type", b"").startswith(b"text/html")
                al += [kv for kv in (self.bladzijde if html else self.vast) if kv[0] not in soorten]
                self.tellingen.tel(bericht["status"], time.perf_counter() - begin)
            await send(bericht)

        try:
            await (self.fhir if _is_fhir(scope["path"]) else self.app)(scope, receive, stuur)
        except Exception as fout:  # wat buiten FastAPI misgaat; daarbinnen vangt `web/vangnet.py`
            nummer = meld(fout)
            if not gestuurd:
                tekst = f"Er ging iets mis bij ons. Probeer het straks nog eens. Belt u ons? Noem dan nummer {nummer}."
                await PlainTextResponse(tekst, status_code=500)(scope, receive, stuur)


def _is_fhir(pad: str) -> bool:
    """Adressen van de FHIR-deur, ook wat er niet bestaat; alleen de ontdekking van SMART is van OAuth."""
    return (pad.startswith("/fhir/") and pad != "/fhir/.well-known/smart-configuration") or pad == "/fhir"
