"""HTTP aan de rand van /fhir: adres, koppen en token worden een `FhirRequest` en een `Actor`; het antwoord bytes.

Eén ASGI-eindpunt, omdat zoeken in honderd routes per verzoek tijd kost; welke adressen er zijn volgt uit de registry
(`routes`). Logt geen adressen of query. Kent geen gegevens: die geeft alleen de deur. Bron: FHIR R4 http.html.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

from fastapi import APIRouter
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from paspoort.fouten import Melding, PaspoortFout, Taal
from server.access.actor import Actor
from server.access.voorval import ZONDER_TOKEN, log_te_vaak, log_weigering
from server.fhir.adres import ontleed_adres
from server.fhir.capability import mogelijkheden
from server.fhir.conformance import lees_definitie
from server.fhir.cors import KOPPEN as CORS
from server.fhir.cors import METHODEN, vooraf
from server.fhir.gateway import INTERACTIES, Poort, antwoord_buiten_de_deur
from server.fhir.interactie import VOORWAARDELIJK, VORM, kent, niet_deze_methode
from server.fhir.invoer import INHOUD_HOOGSTENS as INHOUD_HOOGSTENS
from server.fhir.invoer import met_inhoud
from server.fhir.operations import OPERATIES
from server.fhir.outcome import taal_van
from server.fhir.request import FhirRequest, FhirResponse
from server.fhir.uitvoer import GEWOON, GZIP_VANAF, Weergave, als_bestand, kies, krimp, vormgeven, wil_gzip
from server.registry import DEFINITIETYPES, TYPES
from server.rem import TeVaak
from server.settings import Settings

ActorVanToken = Callable[[str], Awaitable[Actor]]

# Niets wordt onderweg bewaard; wie zelf bewaart, weet waar het antwoord van afhing.
VASTE_KOPPEN: Final = (
    (b"cache-control", b"no-store"),
    (b"vary", b"Accept, Accept-Encoding, Accept-Language, Authorization"),
    *CORS,
)
METHODES: Final = frozenset(METHODEN.split(", "))


def maak_router(poort: Poort, actor_van_token: ActorVanToken, settings: Settings) -> APIRouter:
    """De route van /fhir. Zet routes die elders horen (`/fhir/.well-known/…`) in de app ervóór."""
    router = APIRouter()
    eindpunt = FhirEindpunt(poort, actor_van_token, settings)
    router.routes.append(Route("/fhir", eindpunt, include_in_schema=False))
    router.routes.append(Route("/fhir/{pad:path}", eindpunt, include_in_schema=False))
    return router


def routes() -> frozenset[tuple[str, str]]:
    """(methode, adres) van alles wat dit eindpunt doorlaat naar de deur, uit de registry.

    Een adres op `?` kiest de resource met een zoekvraag (voorwaardelijk).
    """
    uit = {("POST", "/")}
    for soort in TYPES.values():
        for naam in soort.interactions & INTERACTIES.keys():
            methode, adres = VORM[naam]
            uit.add((methode, adres.replace("{type}", soort.name)))
            if naam == "search-type":
                uit.add(("POST", f"/{soort.name}/_search"))
        for naam, (methode, adres) in VOORWAARDELIJK.items():
            if kent(soort, naam, FhirRequest(methode, soort.name)):
                uit.add((methode, adres.replace("{type}", soort.name)))
        for operatie in (OPERATIES[n] for n in soort.operations if n in OPERATIES):
            for methode in operatie.methodes:
                uit.add((methode, f"/{soort.name}/{{id}}/${operatie.naam}"))
                if operatie.op_type:
                    uit.add((methode, f"/{soort.name}/${operatie.naam}"))
    return frozenset(uit)


class FhirEindpunt:
    """Eén ASGI-app voor alle FHIR-adressen."""

    def __init__(self, poort: Poort, actor_van_token: ActorVanToken, settings: Settings) -> None:
        self.poort = poort
        self.actor_van_token = actor_van_token
        self.mogelijkheden = mogelijkheden(poort.deur.definities, settings.fhir_url, f"{settings.base_url}/oauth")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        methode = scope["method"]
        if methode == "OPTIONS":
            await vooraf(send)
            return
        koppen = _koppen(scope)
        taal = taal_van(koppen.get("accept-language"))
        weergave, vraag = GEWOON, None
        try:
            vraag = ontleed_adres(methode, _pad(scope), scope.get("query_string", b""), koppen)
            weergave = kies(vraag, koppen)
            antwoord, weergave = await self._antwoord(vraag, weergave, koppen, receive, taal, scope)
        except Exception as fout:
            antwoord = antwoord_buiten_de_deur(await self._gelogd(fout, scope, vraag), taal)
        try:
            antwoord = await vormgeven(antwoord, weergave)
        except Exception as fout:
            antwoord = antwoord_buiten_de_deur(fout, taal)
        await _verstuur(send, antwoord, zonder_inhoud=methode == "HEAD", klein=wil_gzip(koppen))

    async def _gelogd(self, fout: Exception, scope: Scope, vraag: FhirRequest | None) -> Exception:
        """Wie geen geldig token heeft, komt niet tot de deur; ook dat staat in het log (toegang.md §6, NEN 7513)."""
        opslag = self.poort.opslag
        try:
            if isinstance(fout, TeVaak):
                await log_te_vaak(opslag, fout)
            elif isinstance(fout, PaspoortFout) and fout.meldingen[0].code == "niet-ingelogd":
                await log_weigering(opslag, scope, ZONDER_TOKEN, wat=_gevraagd(vraag))
        except PaspoortFout as anders:
            return anders
        return fout

    async def _antwoord(
        self,
        vraag: FhirRequest,
        weergave: Weergave,
        koppen: Mapping[str, str],
        receive: Receive,
        taal: Taal,
        scope: Scope,
    ) -> tuple[FhirResponse, Weergave]:
        if vraag.method not in METHODES:
            raise niet_deze_methode(vraag.method, sorted(METHODES))
        if _zoekt(vraag):
            self.poort.opslag.rem.tel_adres("zoeken", scope)
        if vraag.type == "metadata" and vraag.id is None:
            _alleen_get(vraag)
            return self.mogelijkheden.antwoord(vraag), weergave
        if vraag.type in DEFINITIETYPES and vraag.compartment is None:
            if vraag.operation and vraag.method == "POST":
                vraag = await met_inhoud(vraag, koppen, receive)
            elif vraag.search and vraag.method == "POST":
                vraag = replace(await met_inhoud(vraag, koppen, receive), method="GET", search=False)
                weergave = kies(vraag, koppen)
            elif vraag.search:
                raise niet_deze_methode(vraag.method, ["POST"])
            elif not vraag.operation:
                _alleen_get(vraag)
            return lees_definitie(self.poort.deur, vraag), weergave
        actor = await self.actor_van_token(_bearer(koppen))
        if koppen.get("accept-language"):
            actor = replace(actor, taal=taal)
        if vraag.method in ("POST", "PUT", "PATCH"):
            was = vraag.query
            vraag = await met_inhoud(vraag, koppen, receive)
            if vraag.query != was:  # een zoekformulier kan zelf om een vorm vragen
                weergave = kies(vraag, koppen)
        antwoord = await self.poort.handle(actor, vraag)
        if vraag.type == "Binary" and vraag.method == "GET" and vraag.id is not None:
            antwoord = als_bestand(vraag, koppen, antwoord)
        return antwoord, weergave


def _bearer(koppen: Mapping[str, str]) -> str:
    """Het token uit Authorization (RFC 6750 §2.1); nooit uit het adres of een formulier."""
    soort, _, token = koppen.get("authorization", "").partition(" ")
    if soort.lower() != "bearer" or not token.strip():
        raise PaspoortFout(Melding("niet-ingelogd"))
    return token.strip()


def _zoekt(vraag: FhirRequest) -> bool:
    """Een vraag waarvan het antwoord over veel kan gaan; lezen en schrijven van één resource tellen hier niet."""
    return bool(vraag.operation or vraag.search or (vraag.id is None and vraag.method in ("GET", "HEAD")))


def _gevraagd(vraag: FhirRequest | None) -> tuple[str, ...]:
    if vraag is None or vraag.type not in TYPES:
        return ()
    return (f"{vraag.type}/{vraag.id}",) if vraag.id else ()


def _alleen_get(vraag: FhirRequest) -> None:
    if vraag.method != "GET":
        raise niet_deze_methode(vraag.method, ["GET"])


def _koppen(scope: Scope) -> dict[str, str]:
    return {naam.decode("latin-1").lower(): waarde.decode("latin-1") for naam, waarde in scope["headers"]}


def _pad(scope: Scope) -> str:
    ruw = scope.get("raw_path")
    pad = ruw.decode("latin-1").partition("?")[0] if ruw else str(scope["path"])
    wortel = str(scope.get("root_path", ""))
    return pad.removeprefix(wortel).removeprefix("/fhir")


async def _verstuur(send: Send, antwoord: FhirResponse, zonder_inhoud: bool, klein: bool) -> None:
    inhoud = antwoord.body or b""
    koppen = [(naam.encode("latin-1"), waarde.encode("latin-1")) for naam, waarde in antwoord.headers.items()]
    # HEAD noemt de lengte zonder krimpen; een bestand (foto, pdf) is al klein.
    is_fhir = "fhir+" in antwoord.headers.get("content-type", "")
    if klein and is_fhir and len(inhoud) >= GZIP_VANAF and not zonder_inhoud:
        inhoud = await krimp(inhoud)
        koppen.append((b"content-encoding", b"gzip"))
    if antwoord.status not in (204, 304):
        koppen.append((b"content-length", str(len(inhoud)).encode()))
    await send({"type": "http.response.start", "status": antwoord.status, "headers": [*koppen, *VASTE_KOPPEN]})
    await send({"type": "http.response.body", "body": b"" if zonder_inhoud else inhoud})
