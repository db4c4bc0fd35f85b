"""transaction (alles of niets, één paspoort) en batch (elke regel voor zich).

Volgorde volgens FHIR: DELETE, POST, PUT en PATCH, dan GET en HEAD. Een GET die mislukt, houdt de transactie tegen: hij
wordt daarom ook vóór het schrijven gevraagd. Bron: FHIR R4 http.html#transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Final

from paspoort.fhir.fhirjson import lees_opgeslagen, schrijf
from paspoort.fouten import Melding, PaspoortFout
from server.fhir import outcome
from server.fhir.antwoorden import geschreven, verwijderd
from server.fhir.bundelregels import Invoer, ontleed
from server.fhir.bundelverwijzingen import vul_in, zoek_verwijzingen
from server.fhir.bundle import Regel, regels
from server.fhir.conformance import lees_definitie
from server.fhir.context import Blik, Context
from server.fhir.interactie import criteria
from server.fhir.interactions.write import bestaand, inhoud_van, op_voorwaarde
from server.fhir.outcome import FHIR_JSON
from server.fhir.request import FhirResponse
from server.fhir.schrijven import Opdracht, bereid_voor
from server.fhir.voorwaarde import Query, Vondst, thuis, uit_kop, vind
from server.registry import DEFINITIETYPES, TYPES
from server.store.versions import Versie

VOLGORDE: Final = ("DELETE", "POST", "PUT", "PATCH")
# Boven deze grens wordt van een batch niets meer uitgevoerd en gaat een transactie niet door: het antwoord staat in het
# geheugen, en vijfhonderd keer hetzelfde bestand vragen kost de vrager niets.
ANTWOORD_HOOGSTENS: Final = 32 * 1024 * 1024


@dataclass(slots=True)
class Plan:
    """Wat een transactie gaat schrijven, en wat er bij een voorwaarde al was. Op het nummer van de regel."""

    opdrachten: dict[int, Opdracht] = field(default_factory=dict)
    bestaat: dict[int, Vondst] = field(default_factory=dict)

    def plaats(self, i: Invoer) -> str | None:
        """`Type/id` van waar deze regel op uitkomt."""
        al = self.bestaat.get(i.nummer)
        id_ = al.versie.id if al is not None else i.id
        return f"{i.vraag.type}/{id_}" if id_ is not None else None


async def transaction(ctx: Context) -> FhirResponse:
    """`POST [base]` met een Bundle van type transaction of batch."""
    bundel = inhoud_van(ctx.vraag.body, "Bundle", "Bundle")
    soort = bundel.get("type")
    if soort not in ("transaction", "batch"):
        raise PaspoortFout(Melding("bundel-soort", "Bundle.type"))
    invoer = ontleed(ctx, bundel)
    if soort == "batch":
        return await _batch(ctx, invoer)
    return await _transactie(ctx, _alle_goed(invoer))


# --- batch


async def _batch(ctx: Context, invoer: list[Invoer | PaspoortFout]) -> FhirResponse:
    ctx.handeling = "batch"
    uit: list[Regel] = []
    grootte = 0
    for i in invoer:
        if isinstance(i, Invoer) and grootte > ANTWOORD_HOOGSTENS:
            i = _te_groot(i)
        if isinstance(i, PaspoortFout):
            uit.append(_als_regel(outcome.antwoord(i, ctx.actor.taal)))
        else:
            antwoord = await _voer_uit(ctx, i)
            grootte += len(antwoord.body or b"")
            uit.append(_als_regel(antwoord, zonder_inhoud=i.hoofd))
    ctx.gelogd = any(isinstance(i, Invoer) for i in invoer)  # elke regel heeft zichzelf gelogd
    return _bundel("batch-response", uit)


def _te_groot(i: Invoer) -> PaspoortFout:
    return PaspoortFout(Melding("te-groot", i.regel, {"grens": f"{ANTWOORD_HOOGSTENS // 1024} kB"}))


async def _voer_uit(ctx: Context, i: Invoer) -> FhirResponse:
    """Eén regel als losse vraag, door dezelfde deur."""
    if i.vraag.type not in DEFINITIETYPES:
        return await ctx.deur.voer_uit(ctx.actor, i.vraag)
    try:
        return lees_definitie(ctx.deur, i.vraag)
    except PaspoortFout as fout:
        return outcome.antwoord(fout, ctx.actor.taal)


# --- transaction


def _alle_goed(invoer: list[Invoer | PaspoortFout]) -> list[Invoer]:
    """De regels, als er aan geen een iets mis is; anders alle vormfouten samen."""
    fouten = [m for i in invoer if isinstance(i, PaspoortFout) for m in i.meldingen]
    goed = [i for i in invoer if isinstance(i, Invoer)]
    namen = [i.full_url for i in goed if i.full_url]
    for i in goed:
        if i.full_url and namen.count(i.full_url) > 1:
            fouten.append(Melding("bundel-dubbel", f"{i.regel}.fullUrl"))
        if i.vraag.operation and i.vraag.method != "GET":
            # Een operatie kan op zichzelf schrijven; dat is niet in dezelfde transactie terug te draaien.
            fouten.append(Melding("niet-ondersteund", f"{i.regel}.request", {"wat": f"${i.vraag.operation[:40]}"}))
    if fouten:
        raise PaspoortFout(*fouten)
    return goed


async def _transactie(ctx: Context, invoer: list[Invoer]) -> FhirResponse:
    lezend = [i for i in invoer if i.vraag.method == "GET"]
    schrijvend = [i for i in invoer if i.vraag.method != "GET"]
    schrijvend.sort(key=lambda i: VOLGORDE.index(i.vraag.method))
    for i in invoer:
        if not i.vraag.operation and i.vraag.type in TYPES:
            ctx.eis_scope(TYPES[i.vraag.type].scope_type, i.interactie)
    uit: dict[int, Regel] = {}
    if schrijvend:
        plan = await _plan(ctx, schrijvend)
        _geen_gelezen_grafsteen(lezend, plan)
        if (mislukt := await _proef(ctx, lezend)) is not None:
            return mislukt
        uit = await _leg_vast(ctx, schrijvend, plan)
    grootte = 0
    for i in lezend:
        antwoord = await _voer_uit(ctx, i)
        if antwoord.status >= 400 and not schrijvend:
            return _houdt_tegen(ctx, i, antwoord)
        grootte += len(antwoord.body or b"")
        if grootte > ANTWOORD_HOOGSTENS and not schrijvend:
            raise _te_groot(i)
        uit[i.nummer] = _als_regel(antwoord, zonder_inhoud=i.hoofd)
    ctx.gelogd = ctx.gelogd or (bool(lezend) and not schrijvend)
    return _bundel("transaction-response", [uit[n] for n in sorted(uit)])


async def _proef(ctx: Context, lezend: list[Invoer]) -> FhirResponse | None:
    """De leesvragen vooraf: de eerste die mislukt is het antwoord, en er is dan nog niets geschreven."""
    grootte = 0
    for i in lezend:
        antwoord = await _voer_uit(ctx, i)
        if antwoord.status >= 400:
            return _houdt_tegen(ctx, i, antwoord)
        grootte += len(antwoord.body or b"")
        if grootte > ANTWOORD_HOOGSTENS:
            raise _te_groot(i)
    return None


def _houdt_tegen(ctx: Context, i: Invoer, antwoord: FhirResponse) -> FhirResponse:
    """De fout van één regel als fout van de hele transactie, bij die regel."""
    ctx.gelogd = True
    inhoud = lees_opgeslagen(antwoord.body or b"{}")
    for issue in inhoud.get("issue", ()):
        issue["expression"] = [f"{i.regel}.request.url"]
    return replace(antwoord, body=schrijf(inhoud))


def _geen_gelezen_grafsteen(lezend: list[Invoer], plan: Plan) -> None:
    weg = {(o.type, o.id) for o in plan.opdrachten.values() if o.handeling == "delete"}
    fouten = [Melding("bundel-dubbel", f"{i.regel}.request") for i in lezend if (i.vraag.type, i.vraag.id) in weg]
    if fouten:
        raise PaspoortFout(*fouten)


async def _plan(ctx: Context, schrijvend: list[Invoer]) -> Plan:
    """Elke regel als opdracht: voorwaarden opgezocht, verwijzingen ingevuld, dubbelen geweigerd."""
    schrijvend = await zoek_verwijzingen(ctx, schrijvend, None, eerst=True)
    partitie = await _partitie(ctx, schrijvend)
    schrijvend = await zoek_verwijzingen(ctx, schrijvend, partitie, eerst=False)
    plan = Plan()
    weg = {(i.vraag.type, i.id) for i in schrijvend if i.interactie == "delete"}
    fouten: list[Melding] = []
    voorwaarden: set[tuple[str, object]] = set()
    for i in schrijvend:
        try:
            await _opdracht(ctx, i, plan, partitie, weg, voorwaarden)
        except PaspoortFout as fout:
            fouten += fout.meldingen
    gezien: set[tuple[str, str]] = set()
    for o in plan.opdrachten.values():
        if (o.type, o.id) in gezien:
            fouten.append(Melding("bundel-dubbel", o.plek))
        gezien.add((o.type, o.id))
    if fouten:
        raise PaspoortFout(*fouten)
    plaatsen = {
        i.full_url: plaats
        for i in schrijvend
        if i.full_url and i.interactie != "delete" and (plaats := _waar(plan, i)) is not None
    }
    for i in schrijvend:
        opdracht = plan.opdrachten.get(i.nummer)
        if opdracht is not None and opdracht.inhoud is not None:
            opdracht.inhoud = vul_in(opdracht.inhoud, i.full_url, plaatsen)
    return plan


def _waar(plan: Plan, i: Invoer) -> str | None:
    o = plan.opdrachten.get(i.nummer)
    return f"{o.type}/{o.id}" if o is not None else plan.plaats(i)


async def _opdracht(
    ctx: Context,
    i: Invoer,
    plan: Plan,
    partitie: str | None,
    weg: set[tuple[str | None, str | None]],
    voorwaarden: set[tuple[str, object]],
) -> None:
    """Zet deze regel in het plan. PaspoortFout bij haar element."""
    v, type_ = i.vraag, i.vraag.type or ""
    if i.interactie == "patch":
        plan.opdrachten[i.nummer] = Opdracht("update", type_, i.id or "", None, i.plek, v.if_match, v.patch)
        return
    inhoud = None if i.interactie == "delete" else inhoud_van(v.body, type_, i.plek)
    kop = v.headers.get("if-none-exist") if i.interactie == "create" else None
    plek = f"{i.regel}.request.{'ifNoneExist' if kop is not None else 'url'}"
    query = uit_kop(kop, plek) if kop is not None else () if v.id else criteria(v)
    al = await _vind(ctx, i, query, plek, partitie) if query or kop is not None else None
    if query:
        if (type_, query) in voorwaarden:
            raise PaspoortFout(Melding("bundel-dubbel", plek))
        voorwaarden.add((type_, query))
    if i.interactie == "create":
        if al is not None and (type_, al.versie.id) not in weg:
            plan.bestaat[i.nummer] = al
        else:
            plan.opdrachten[i.nummer] = Opdracht("create", type_, i.id or "", inhoud, i.plek)
    elif i.interactie == "update" and inhoud is not None and i.id is None:
        plan.opdrachten[i.nummer] = op_voorwaarde(type_, inhoud, al, i.plek, v.if_match)
    elif i.interactie == "update" and inhoud is not None:
        if inhoud.get("id") != i.id:
            raise PaspoortFout(Melding("id-anders", f"{i.plek}.id"))
        plan.opdrachten[i.nummer] = Opdracht("update", type_, i.id or "", inhoud, i.plek, v.if_match)
    else:
        id_ = i.id or (al.versie.id if al is not None else None)
        if id_ is None:
            raise PaspoortFout(Melding("niet-gevonden", plek))
        weg.add((type_, id_))
        plan.opdrachten[i.nummer] = Opdracht("delete", type_, id_, None, i.plek, v.if_match)


async def _vind(ctx: Context, i: Invoer, query: Query, plek: str, partitie: str | None) -> Vondst | None:
    """Zoals `vind`, met elke fout bij deze regel."""
    try:
        return await vind(ctx, i.vraag.type or "", query, plek, partitie)
    except PaspoortFout as fout:
        raise PaspoortFout(*(replace(m, plek=plek) for m in fout.meldingen)) from None


async def _partitie(ctx: Context, invoer: list[Invoer]) -> str | None:
    """Het paspoort van deze transactie: dat van een bestaande resource, of dat wat een inhoud noemt."""
    los = None
    for i in invoer:
        if i.id is not None and i.interactie != "create":
            blik = await ctx.plaats(i.vraag.type or "", i.id)
            # Wat verborgen is, wijst geen paspoort aan: dan zou het antwoord verraden dat het er is.
            if blik is not None and ctx.zichtbaar(blik, i.vraag.type or "", i.id) is not None:
                return blik.momentopname.partitie
        elif i.vraag.body is not None and (gevonden := await thuis(ctx, i.vraag.type or "", i.vraag.body)) is not None:
            if not gevonden.startswith("org-"):
                return gevonden
            los = gevonden  # een Device zonder Patient kan bij een paspoort horen dat een andere regel noemt
    return los


async def _leg_vast(ctx: Context, schrijvend: list[Invoer], plan: Plan) -> dict[int, Regel]:
    """Schrijf het plan in één keer; per regel het antwoord."""
    uit: dict[int, Regel] = {}
    stil = replace(ctx, vraag=replace(ctx.vraag, prefer=ctx.vraag.prefer or "return=minimal"))
    for nummer, al in plan.bestaat.items():
        uit[nummer] = _als_regel(bestaand(stil, al), al.versie)
    if not plan.opdrachten:
        return uit
    blik, wijzigingen = await bereid_voor(
        ctx, [plan.opdrachten[i.nummer] for i in schrijvend if i.nummer in plan.opdrachten]
    )
    nieuw, versies = await ctx.leg_vast(blik, wijzigingen)
    stil = replace(stil, waarschuwingen=ctx.waarschuwingen)
    per_naam = {(v.type, v.id): v for v in versies}
    for nummer, o in plan.opdrachten.items():
        uit[nummer] = _geschreven(stil, o, per_naam[o.type, o.id], nieuw)
    return uit


def _geschreven(ctx: Context, o: Opdracht, versie: Versie, blik: Blik) -> Regel:
    if o.handeling == "delete":
        return _als_regel(verwijderd(ctx, versie), versie)
    status = 201 if o.handeling == "create" else 200
    return _als_regel(geschreven(ctx, status, versie, blik.zicht.toon(versie), blik.zicht), versie)


# --- antwoorden


def _als_regel(antwoord: FhirResponse, versie: Versie | None = None, zonder_inhoud: bool = False) -> Regel:
    """Een antwoord als regel; een fout of OperationOutcome komt in `response.outcome`."""
    koppen: Mapping[str, str] = antwoord.headers
    response = {"status": str(antwoord.status)}
    for kop, naam in (("location", "location"), ("content-location", "location"), ("etag", "etag")):
        if kop in koppen:
            response[naam] = koppen[kop]
    if versie is not None:
        response["lastModified"] = versie.moment
    elif (gewijzigd := koppen.get("last-modified")) is not None:  # een kop kent geen delen van een seconde
        response["lastModified"] = f"{parsedate_to_datetime(gewijzigd):%Y-%m-%dT%H:%M:%SZ}"
    if antwoord.body is not None and b'"OperationOutcome"' in antwoord.body[:40]:
        response["outcome"] = antwoord.body.decode()
        return Regel(None, None, None, response)
    return Regel(None, None if zonder_inhoud else antwoord.body, None, response)


def _bundel(soort: str, inhoud: list[Regel]) -> FhirResponse:
    return FhirResponse(200, regels(soort, inhoud), {"content-type": FHIR_JSON})
