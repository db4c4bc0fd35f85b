"""Om toestemming vragen in een paspoort waar u al mag lezen, of opschrijven wat uw cliënt op papier of met de stem gaf.

Alles wat hier ontstaat, wacht: een Consent `proposed` door de deur. De cliënt zegt ja in het paspoort, of u typt de
code die de cliënt per mail of brief kreeg en doorgaf (toegang.md §7). U ziet die code nergens.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.toestemming import naar_fhir
from paspoort.fouten import PaspoortFout
from paspoort.toegang import DOELEN
from paspoort.toestemming import HIER, voorstel
from server.store import confirmcodes
from web import vragen
from web.bezoek import Bezoek, Huis, bladzijde
from web.boek import Boek, sla_open
from web.deur import DeurFout, nieuw_id_van
from web.werk import Fout, TeGast, Werkkop, te_gast, werkkop
from web.woorden import naam_van

NIEUW_SJABLOON: Final = "werk/vraag_client.html"
CODE_SJABLOON: Final = "werk/vraag_code.html"
# hoe → (gegeven-via, hoe het heet, uitleg)
HOE: Final = {
    "paspoort": ("gevraagd", "Vraag het in het paspoort", "Uw cliënt logt in en zegt zelf ja of nee."),
    "papier": ("papier", "Uw cliënt tekende op papier", "Uw cliënt krijgt een code per mail of brief."),
    "mondeling": ("mondeling", "Uw cliënt zei het tegen u", "Uw cliënt krijgt een code per mail of brief."),
}


@dataclass(frozen=True, slots=True)
class Keuze:
    """Eén keuze uit een rij."""

    code: str
    naam: str
    uitleg: str
    gekozen: bool


@dataclass(frozen=True)
class VraagClientContext:
    """Waarvoor, hoe, en bij een levering of reparatie welk hulpmiddel."""

    kop: Werkkop
    gast: TeGast
    patient: str
    doelen: tuple[vragen.Doelkeuze, ...]
    hoe: tuple[Keuze, ...]
    hulpmiddelen: tuple[Keuze, ...]
    fouten: tuple[Fout, ...]


@dataclass(frozen=True)
class VraagCodeContext:
    """De vraag ligt klaar; zo nodig de code."""

    kop: Werkkop
    gast: TeGast
    patient: str
    consent: str
    met_code: bool
    gestuurd: bool
    klaar: bool
    fouten: tuple[Fout, ...]


def router(huis: Huis) -> APIRouter:
    """`/client/{patient}/vraag` en `/client/{patient}/vraag/{consent}`."""
    paden = APIRouter()
    paden.add_api_route("/client/{patient}/vraag", bladzijde(huis, "professional", nieuw), methods=["GET"])
    paden.add_api_route("/client/{patient}/vraag", bladzijde(huis, "professional", stel), methods=["POST"])
    paden.add_api_route("/client/{patient}/vraag/{consent}", bladzijde(huis, "professional", code), methods=["GET"])
    paden.add_api_route("/client/{patient}/vraag/{consent}", bladzijde(huis, "professional", typ), methods=["POST"])
    return paden


async def nieuw(bezoek: Bezoek) -> Response:
    """Het formulier. 404 als u niets van deze cliënt mag lezen."""
    boek = await sla_open(bezoek.deur, _patient(bezoek))
    return _nieuw(bezoek, boek, ())


async def stel(bezoek: Bezoek) -> Response:
    """Schrijf de vraag in het paspoort; zij geldt nog niet."""
    patient = _patient(bezoek)
    boek = await sla_open(bezoek.deur, patient)
    a, doel, hoe = bezoek.actor, bezoek.veld("doel"), bezoek.veld("hoe")
    fouten = []
    if doel not in vragen.doelen_van(a.rol):
        fouten.append(Fout("Kies waarvoor u toestemming vraagt.", "doel"))
    if hoe not in HOE:
        fouten.append(Fout("Kies hoe uw cliënt toestemming geeft.", "hoe"))
    eigen = {h.verwijzing for h in boek.paspoort.hulpmiddelen}
    betreft = tuple(p for p in bezoek.velden().get("hulpmiddel", []) if p in eigen)
    if doel in DOELEN and DOELEN[doel].betreft and not betreft:
        fouten.append(Fout("Kies om welk hulpmiddel het gaat.", "hulpmiddel"))
    if fouten:
        return _nieuw(bezoek, boek, tuple(fouten))
    t = voorstel(doel, a.rol, f"Patient/{patient}", vragen.aan_van(a), boek.vandaag, betreft)
    nu = boek.nu.replace(microsecond=0)
    wacht = replace(t, status="proposed", gegeven_via=HOE[hoe][0], gegeven_op=nu)
    try:
        consent = await nieuw_id_van(bezoek.deur, naar_fhir(wacht))
    except DeurFout as fout:
        if fout.status != 422:
            raise
        return _nieuw(bezoek, boek, tuple(Fout(b.tekst, "doel") for b in fout.bevindingen))  # ligt er bijvoorbeeld al
    if hoe != "paspoort":
        await confirmcodes.stuur(bezoek.huis.opslag, patient, consent, int(time.time()))
    return bezoek.naar(f"/client/{patient}/vraag/{consent}?{'code' if hoe != 'paspoort' else 'wacht'}")


async def code(bezoek: Bezoek) -> Response:
    """Typ de code die uw cliënt u geeft."""
    return await _code(bezoek, (), "gestuurd" in bezoek.request.query_params)


async def typ(bezoek: Bezoek) -> Response:
    """De code nakijken, of een nieuwe laten sturen."""
    patient, consent = _patient(bezoek), str(bezoek.request.path_params["consent"])
    if bezoek.veld("wat") == "opnieuw":
        await _opnieuw(bezoek, patient, consent)
        return bezoek.naar(f"/client/{patient}/vraag/{consent}?code&gestuurd")
    cijfers = "".join(c for c in bezoek.veld("code") if c.isdigit())
    if len(cijfers) != confirmcodes.CIJFERS:
        return await _code(bezoek, (Fout("Een code heeft 8 cijfers, bijvoorbeeld 4812 0577.", "code"),), False)
    try:
        await bezoek.deur.operatie("Consent", consent, "activeer", [{"name": "code", "valueString": cijfers}])
    except DeurFout as fout:
        if fout.status != 422:
            raise
        return await _code(bezoek, tuple(Fout(b.tekst, "code") for b in fout.bevindingen), False)
    return bezoek.naar(f"/client/{patient}/vraag/{consent}?klaar")


async def _opnieuw(bezoek: Bezoek, patient: str, consent: str) -> None:
    """Een nieuwe code, alleen voor wie deze toestemming opschreef; de rem houdt een stroom brieven tegen."""
    opslag = bezoek.huis.opslag
    await sla_open(bezoek.deur, patient)  # 404 zonder grond
    if not await confirmcodes.bekend(opslag, patient, consent):
        raise DeurFout(404, ())
    opslag.rem.tel(vragen.MAILS_HOOGSTENS, bezoek.actor.account or "")
    try:
        await confirmcodes.stuur(opslag, patient, consent, int(time.time()))
    except PaspoortFout as fout:
        raise DeurFout(404, ()) from fout


async def _code(bezoek: Bezoek, fouten: tuple[Fout, ...], gestuurd: bool) -> Response:
    boek = await sla_open(bezoek.deur, _patient(bezoek))
    query = bezoek.request.query_params
    context = VraagCodeContext(
        kop=werkkop(bezoek, "clienten"),
        gast=te_gast(boek, bezoek.actor),
        patient=_patient(bezoek),
        consent=str(bezoek.request.path_params["consent"]),
        met_code="wacht" not in query,
        gestuurd=gestuurd,
        klaar="klaar" in query,
        fouten=fouten,
    )
    return bezoek.toon(CODE_SJABLOON, context, 422 if fouten else 200)


def _nieuw(bezoek: Bezoek, boek: Boek, fouten: tuple[Fout, ...]) -> Response:
    gekozen = set(bezoek.velden().get("hulpmiddel", []))
    context = VraagClientContext(
        kop=werkkop(bezoek, "clienten"),
        gast=te_gast(boek, bezoek.actor),
        patient=_patient(bezoek),
        doelen=vragen.keuzes(bezoek.actor.rol, bezoek.veld("doel"), datetime.now(HIER).date()),
        hoe=tuple(Keuze(c, naam, uitleg, c == bezoek.veld("hoe")) for c, (_, naam, uitleg) in HOE.items()),
        hulpmiddelen=tuple(
            Keuze(h.verwijzing, naam_van(h), "", h.verwijzing in gekozen) for h in boek.paspoort.hulpmiddelen
        )
        if any(DOELEN[d].betreft for d in vragen.doelen_van(bezoek.actor.rol))
        else (),
        fouten=fouten,
    )
    return bezoek.toon(NIEUW_SJABLOON, context, 422 if fouten else 200)


def _patient(bezoek: Bezoek) -> str:
    return str(bezoek.request.path_params["patient"])
