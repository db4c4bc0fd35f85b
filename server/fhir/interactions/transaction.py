"""transaction (alles of niets, één paspoort) en batch (elke regel voor zich).

Volgorde volgens FHIR: DELETE, POST, PUT, GET. `urn:uuid:` wordt het nieuwe id, in elke regel.
Bron: FHIR R4 http.html#transaction.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from paspoort.fhir.referenties import vervang
from paspoort.fouten import Melding, PaspoortFout
from server.fhir.antwoorden import geschreven
from server.fhir.bundle import Regel, regels
from server.fhir.context import Blik, Context
from server.fhir.interactions.write import inhoud_van
from server.fhir.outcome import FHIR_JSON
from server.fhir.request import FhirRequest, FhirResponse, Json
from server.fhir.schrijven import Handeling, Opdracht, bereid_voor, nieuw_id
from server.registry import TYPES
from server.store.versions import Versie

REGELS_HOOGSTENS: Final = 500
HANDELING: Final[dict[str, Handeling]] = {"POST": "create", "PUT": "update", "DELETE": "delete"}
VOLGORDE: Final = ("DELETE", "POST", "PUT", "GET")
_ADRES: Final = re.compile(r"([A-Z][A-Za-z]+)(?:/([A-Za-z0-9.-]{1,64}))?(?:/_history/(\d+))?")


@dataclass(frozen=True, slots=True)
class Invoer:
    """Eén regel van de Bundle, ontleed. `id` is bij POST het nieuwe id."""

    nummer: int
    vraag: FhirRequest
    id: str | None
    full_url: str | None

    @property
    def plek(self) -> str:
        """Het begin van elke expression van deze regel."""
        return f"Bundle.entry[{self.nummer}].resource"


async def transaction(ctx: Context) -> FhirResponse:
    """`POST [base]` met een Bundle van type transaction of batch."""
    bundel = inhoud_van(ctx.vraag.body, "Bundle", "Bundle")
    soort = bundel.get("type")
    if soort not in ("transaction", "batch"):
        raise PaspoortFout(Melding("bundel-soort", "Bundle.type"))
    invoer = _ontleed(ctx, bundel)
    if soort == "batch":
        antwoorden = [await ctx.deur.voer_uit(ctx.actor, i.vraag) for i in invoer]
        ctx.gelogd = True  # elke regel heeft zichzelf gelogd
        return _bundel("batch-response", [_als_regel(a) for a in antwoorden])
    return await _transactie(ctx, invoer)


async def _transactie(ctx: Context, invoer: list[Invoer]) -> FhirResponse:
    uit: dict[int, Regel] = {}
    schrijvend = sorted((i for i in invoer if i.vraag.method != "GET"), key=lambda i: VOLGORDE.index(i.vraag.method))
    for i in schrijvend:
        ctx.eis_scope(TYPES[i.vraag.type or ""].scope_type, HANDELING[i.vraag.method])
    for i in invoer:
        if i.vraag.method == "GET":
            ctx.eis_scope(TYPES[i.vraag.type or ""].scope_type, "read" if i.vraag.id else "search-type")
    if schrijvend:
        opdrachten = _opdrachten(ctx, schrijvend)
        blik, wijzigingen = await bereid_voor(ctx, opdrachten)
        nieuw, versies = await ctx.leg_vast(blik, wijzigingen)
        per_naam = {(v.type, v.id): v for v in versies}
        for i, o in zip(schrijvend, opdrachten, strict=True):
            uit[i.nummer] = _geschreven(ctx, o, per_naam[o.type, o.id], nieuw)
    for i in invoer:
        if i.vraag.method == "GET":
            uit[i.nummer] = _als_regel(await ctx.deur.voer_uit(ctx.actor, i.vraag))
    ctx.gelogd = True
    return _bundel("transaction-response", [uit[n] for n in sorted(uit)])


def _opdrachten(ctx: Context, invoer: list[Invoer]) -> list[Opdracht]:
    nieuw = {i.full_url: f"{i.vraag.type}/{i.id}" for i in invoer if i.full_url and i.vraag.method == "POST"}

    def wijs(verwijzing: str) -> str:
        return nieuw.get(verwijzing, verwijzing)

    uit: list[Opdracht] = []
    gezien: set[tuple[str, str]] = set()
    for i in invoer:
        type_, id_ = i.vraag.type or "", i.id or ""
        if (type_, id_) in gezien:
            raise PaspoortFout(Melding("bundel-dubbel", i.plek))
        gezien.add((type_, id_))
        inhoud = None
        if i.vraag.method != "DELETE":
            inhoud = vervang(inhoud_van(i.vraag.body, type_, i.plek), wijs)
            if i.vraag.method == "PUT" and inhoud.get("id") != id_:
                raise PaspoortFout(Melding("id-anders", f"{i.plek}.id"))
        uit.append(Opdracht(HANDELING[i.vraag.method], type_, id_, inhoud, i.plek, i.vraag.if_match))
    return uit


def _ontleed(ctx: Context, bundel: Json) -> list[Invoer]:
    """De regels; alle vormfouten samen."""
    gegeven = bundel.get("entry", [])
    if not isinstance(gegeven, list) or len(gegeven) > REGELS_HOOGSTENS:
        raise PaspoortFout(Melding("te-groot", "Bundle.entry", {"grens": f"{REGELS_HOOGSTENS} entry"}))
    uit: list[Invoer] = []
    fouten: list[Melding] = []
    for nummer, regel in enumerate(gegeven):
        try:
            uit.append(_regel(ctx, nummer, regel))
        except PaspoortFout as fout:
            fouten.extend(fout.meldingen)
    namen = [i.full_url for i in uit if i.full_url]
    fouten += [
        Melding("bundel-dubbel", f"Bundle.entry[{i.nummer}].fullUrl")
        for i in uit
        if i.full_url and namen.count(i.full_url) > 1
    ]
    if fouten:
        raise PaspoortFout(*fouten)
    return uit


def _regel(ctx: Context, nummer: int, regel: Any) -> Invoer:
    plek = f"Bundle.entry[{nummer}]"
    verzoek = regel.get("request") if isinstance(regel, dict) else None
    if not isinstance(verzoek, dict):
        raise PaspoortFout(Melding("bundel-regel", f"{plek}.request"))
    methode, url = verzoek.get("method"), verzoek.get("url")
    if methode not in VOLGORDE:
        raise PaspoortFout(Melding("bundel-regel", f"{plek}.request.method"))
    if verzoek.get("ifNoneExist") is not None:
        raise PaspoortFout(Melding("niet-ondersteund", f"{plek}.request.ifNoneExist", {"wat": "ifNoneExist"}))
    delen = urlsplit(url.removeprefix(f"{ctx.deur.basis}/")) if isinstance(url, str) else None
    adres = _ADRES.fullmatch(delen.path) if delen else None
    if adres is None or delen is None or adres[1] not in TYPES or (delen.query and methode != "GET"):
        raise PaspoortFout(Melding("bundel-regel", f"{plek}.request.url"))
    type_, id_, vid = adres.groups()
    if ((methode == "POST") == (id_ is not None) and methode != "GET") or (vid and methode != "GET"):
        raise PaspoortFout(Melding("bundel-regel", f"{plek}.request.url"))
    inhoud = regel.get("resource")
    if methode in ("POST", "PUT") and not isinstance(inhoud, dict):
        raise PaspoortFout(Melding("geen-inhoud", f"{plek}.resource"))
    if methode in HANDELING and HANDELING[methode] not in TYPES[type_].interactions:
        raise PaspoortFout(Melding("niet-ondersteund", f"{plek}.request", {"wat": f"{methode} {type_}"}))
    vraag = FhirRequest(
        methode,
        type_,
        id_,
        vid,
        search=methode == "GET" and id_ is None,
        query=tuple(parse_qsl(delen.query, keep_blank_values=True)),
        body=inhoud if methode in ("POST", "PUT") else None,
        if_match=verzoek.get("ifMatch") if isinstance(verzoek.get("ifMatch"), str) else None,
        prefer=ctx.vraag.prefer,
    )
    full_url = regel.get("fullUrl")
    return Invoer(
        nummer, vraag, nieuw_id() if methode == "POST" else id_, full_url if isinstance(full_url, str) else None
    )


def _geschreven(ctx: Context, o: Opdracht, versie: Versie, blik: Blik) -> Regel:
    if o.handeling == "delete":
        return Regel(None, None, None, {"status": "204"})
    stil = replace(ctx, vraag=replace(ctx.vraag, prefer=ctx.vraag.prefer or "return=minimal"))
    status = 201 if o.handeling == "create" else 200
    return _als_regel(geschreven(stil, status, versie, blik.zicht.toon(versie), blik.zicht), versie)


def _als_regel(antwoord: FhirResponse, versie: Versie | None = None) -> Regel:
    """Een antwoord als regel; een fout of OperationOutcome komt in `response.outcome`."""
    koppen: Mapping[str, str] = antwoord.headers
    response = {"status": str(antwoord.status)}
    for kop, naam in (("location", "location"), ("etag", "etag")):
        if kop in koppen:
            response[naam] = koppen[kop]
    if versie is not None:
        response["lastModified"] = versie.moment
    if antwoord.body is not None and b'"OperationOutcome"' in antwoord.body[:40]:
        response["outcome"] = antwoord.body.decode()
        return Regel(None, None, None, response)
    return Regel(None, antwoord.body, None, response)


def _bundel(soort: str, inhoud: list[Regel]) -> FhirResponse:
    return FhirResponse(200, regels(soort, inhoud), {"content-type": FHIR_JSON})
