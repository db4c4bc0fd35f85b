"""HTTP aan de rand van /fhir: adres, koppen en token worden een `FhirRequest` en een `Actor`; het antwoord bytes.

Eén ASGI-eindpunt, omdat zoeken in honderd routes per verzoek tijd kost; welke adressen er zijn volgt uit de registry
(`routes`). Logt geen adressen of query. Kent geen gegevens: die geeft alleen de deur. Bron: FHIR R4 http.html.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from fastapi import APIRouter
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from paspoort.fhir.fhirjson import lees, schrijf
from paspoort.fouten import Melding, PaspoortFout, Taal
from server.access.actor import Actor
from server.fhir.capability import capability
from server.fhir.conformance import lees_definitie
from server.fhir.gateway import INTERACTIES, METHODE, Poort, antwoord_buiten_de_deur, interactie_van
from server.fhir.operations import OPERATIES
from server.fhir.outcome import FHIR_JSON, taal_van
from server.fhir.request import FhirRequest, FhirResponse, Json
from server.registry import DEFINITIETYPES, TYPES
from server.settings import Settings

ActorVanToken = Callable[[str], Awaitable[Actor]]

INHOUD_HOOGSTENS: Final = 12 * 1024 * 1024  # een foto van een beschikking, base64 in JSON
FORMULIER_HOOGSTENS: Final = 64 * 1024
QUERY_HOOGSTENS: Final = 8 * 1024
JSONSOORTEN: Final = ("application/fhir+json", "application/json", "text/json")
FORMULIER: Final = "application/x-www-form-urlencoded"
_ID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")
_VASTE_KOPPEN: Final = ((b"cache-control", b"no-store"),)


def maak_router(poort: Poort, actor_van_token: ActorVanToken, settings: Settings) -> APIRouter:
    """De route van /fhir. Zet routes die elders horen (`/fhir/.well-known/…`) in de app ervóór."""
    router = APIRouter()
    eindpunt = FhirEindpunt(poort, actor_van_token, settings)
    router.routes.append(Route("/fhir", eindpunt, include_in_schema=False))
    router.routes.append(Route("/fhir/{pad:path}", eindpunt, include_in_schema=False))
    return router


def routes() -> frozenset[tuple[str, str]]:
    """(methode, adres) van alles wat dit eindpunt doorlaat naar de deur, uit de registry."""
    vorm = {
        "read": "/{type}/{id}",
        "vread": "/{type}/{id}/_history/{vid}",
        "history-instance": "/{type}/{id}/_history",
        "search-type": "/{type}",
        "create": "/{type}",
        "update": "/{type}/{id}",
        "delete": "/{type}/{id}",
    }
    uit = {("POST", "/")}
    for soort in TYPES.values():
        for naam in soort.interactions & INTERACTIES.keys():
            uit.add((METHODE[naam], vorm[naam].replace("{type}", soort.name)))
            if naam == "search-type":
                uit.add(("POST", f"/{soort.name}/_search"))
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
        statement = capability(settings.fhir_url, f"{settings.base_url}/oauth")
        self.metadata = FhirResponse(200, schrijf(statement), {"content-type": FHIR_JSON})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        koppen = _koppen(scope)
        taal = taal_van(koppen.get("accept-language"))
        try:
            antwoord = await self._antwoord(scope, receive, koppen, taal)
        except Exception as fout:
            antwoord = antwoord_buiten_de_deur(fout, taal)
        await _verstuur(send, antwoord, zonder_inhoud=scope["method"] == "HEAD")

    async def _antwoord(self, scope: Scope, receive: Receive, koppen: Mapping[str, str], taal: Taal) -> FhirResponse:
        vraag = ontleed_adres(scope["method"], _pad(scope), scope.get("query_string", b""), koppen)
        _eis_antwoordsoort(koppen, vraag)
        if vraag.type == "metadata" and vraag.id is None:
            return self.metadata if vraag.method == "GET" else _alleen_get(vraag.method)
        if vraag.type in DEFINITIETYPES:
            return lees_definitie(self.poort.deur, vraag) if vraag.method == "GET" else _alleen_get(vraag.method)
        actor = await self.actor_van_token(_bearer(koppen))
        if koppen.get("accept-language"):
            actor = replace(actor, taal=taal)
        if vraag.method in ("POST", "PUT", "PATCH"):
            vraag = await _met_inhoud(vraag, koppen, receive)
        return await self.poort.handle(actor, vraag)


def ontleed_adres(methode: str, pad: str, query: bytes, koppen: Mapping[str, str]) -> FhirRequest:
    """Het adres onder /fhir als vraag. PaspoortFout 404 bij een adres dat FHIR niet kent, 400 bij een kromme query."""
    if len(query) > QUERY_HOOGSTENS:
        raise PaspoortFout(Melding("te-groot", None, {"grens": f"{QUERY_HOOGSTENS} bytes"}))
    delen = [unquote(d) for d in pad.split("/") if d]
    paren = _paren(query)
    plek: dict[str, Any] = {}
    match delen:
        case []:
            pass
        case [type_]:
            plek = {"type": type_}
        case [type_, "_search"]:
            plek = {"type": type_, "search": True}
        case [type_, naam] if naam.startswith("$"):
            plek = {"type": type_, "operation": naam[1:]}
        case [type_, id_] if _ID.fullmatch(id_):
            plek = {"type": type_, "id": id_}
        case [type_, id_, naam] if naam.startswith("$") and _ID.fullmatch(id_):
            plek = {"type": type_, "id": id_, "operation": naam[1:]}
        case [type_, id_, "_history"] if _ID.fullmatch(id_):
            plek = {"type": type_, "id": id_, "history": True}
        case [type_, id_, "_history", vid] if _ID.fullmatch(id_):
            plek = {"type": type_, "id": id_, "history": True, "vid": vid}
        case _:
            raise PaspoortFout(Melding("niet-gevonden"))
    return FhirRequest(
        "GET" if methode == "HEAD" else methode,
        query=paren,
        if_match=koppen.get("if-match"),
        if_none_match=koppen.get("if-none-match"),
        prefer=koppen.get("prefer"),
        headers=koppen,
        **plek,
    )


def _paren(query: bytes) -> tuple[tuple[str, str], ...]:
    if not query:
        return ()
    try:
        return tuple(parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100))
    except (UnicodeDecodeError, ValueError):
        raise PaspoortFout(Melding("zoek-waarde", "query", {"naam": "query"})) from None


async def _met_inhoud(vraag: FhirRequest, koppen: Mapping[str, str], receive: Receive) -> FhirRequest:
    """De vraag met haar JSON, of bij `_search` met de velden van het formulier."""
    soort, _, rest = koppen.get("content-type", "").partition(";")
    soort = soort.strip().lower()
    zoekt = interactie_van(vraag) == "search-type" and vraag.method == "POST"
    data = await _lees_alles(koppen, receive, FORMULIER_HOOGSTENS if zoekt else INHOUD_HOOGSTENS)
    if zoekt:
        if soort != FORMULIER and data:
            raise PaspoortFout(Melding("soort-onbekend", "Content-Type"))
        return replace(vraag, query=(*vraag.query, *_paren(data)))
    if not data:
        return vraag
    tekenset = rest.lower().replace(" ", "").replace('"', "")
    if soort not in JSONSOORTEN or ("charset=" in tekenset and "charset=utf-8" not in tekenset):
        raise PaspoortFout(Melding("soort-onbekend", "Content-Type"))
    inhoud: Json = lees(data)
    return replace(vraag, body=inhoud)


async def _lees_alles(koppen: Mapping[str, str], receive: Receive, grens: int) -> bytes:
    te_groot = PaspoortFout(Melding("te-groot", None, {"grens": f"{grens // 1024} kB"}))
    lengte = koppen.get("content-length", "")
    if lengte.isdigit() and int(lengte) > grens:
        raise te_groot
    delen: list[bytes] = []
    totaal = 0
    while True:
        bericht = await receive()
        if bericht["type"] != "http.request":
            raise PaspoortFout(Melding("geen-inhoud"))
        deel = bericht.get("body", b"")
        totaal += len(deel)
        if totaal > grens:
            raise te_groot
        delen.append(deel)
        if not bericht.get("more_body"):
            return b"".join(delen)


def _bearer(koppen: Mapping[str, str]) -> str:
    """Het token uit Authorization (RFC 6750 §2.1); nooit uit het adres of een formulier."""
    soort, _, token = koppen.get("authorization", "").partition(" ")
    if soort.lower() != "bearer" or not token.strip():
        raise PaspoortFout(Melding("niet-ingelogd"))
    return token.strip()


def _eis_antwoordsoort(koppen: Mapping[str, str], vraag: FhirRequest) -> None:
    gevraagd = next((w for n, w in vraag.query if n == "_format"), None) or koppen.get("accept", "")
    soorten = [s.partition(";")[0].strip().lower().replace(" ", "+") for s in gevraagd.split(",") if s.strip()]
    if soorten and not any(s in ("*/*", "application/*", "json", *JSONSOORTEN) for s in soorten):
        raise PaspoortFout(Melding("antwoordsoort-onbekend", "Accept"))


def _alleen_get(methode: str) -> FhirResponse:
    raise PaspoortFout(Melding("methode-onbekend", None, {"methode": methode, "mag": "GET"}))


def _koppen(scope: Scope) -> dict[str, str]:
    return {naam.decode("latin-1").lower(): waarde.decode("latin-1") for naam, waarde in scope["headers"]}


def _pad(scope: Scope) -> str:
    ruw = scope.get("raw_path")
    pad = ruw.decode("latin-1").partition("?")[0] if ruw else str(scope["path"])
    wortel = str(scope.get("root_path", ""))
    return pad.removeprefix(wortel).removeprefix("/fhir")


async def _verstuur(send: Send, antwoord: FhirResponse, zonder_inhoud: bool) -> None:
    inhoud = antwoord.body or b""
    koppen = [(naam.encode("latin-1"), waarde.encode("latin-1")) for naam, waarde in antwoord.headers.items()]
    if antwoord.status not in (204, 304):
        koppen.append((b"content-length", str(len(inhoud)).encode()))
    await send({"type": "http.response.start", "status": antwoord.status, "headers": [*koppen, *_VASTE_KOPPEN]})
    await send({"type": "http.response.body", "body": b"" if zonder_inhoud else inhoud})
