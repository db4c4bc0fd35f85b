"""Een uitnodiging van een cliënt aannemen: de korte code typen, of de link openen die zij stuurde.

De link draagt het token achter een `#`, dus het komt in geen adres en geen log; een klein script zet het in het
formulier. Zonder script werkt de code. Toegang is er pas als de houder zegt dat u het bent. Bron: ontwerp.md deel 1.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from paspoort.fouten import PaspoortFout
from server.access.voorval import CODE_GERADEN, log_voorval
from server.store.invitations import OPEN, VAK, Uitnodiging, met_code, met_token, neem_aan
from web.bezoek import ROLLEN, Bezoek, Huis, bladzijde, thema
from web.uitnodiging import aanbod_uit, gast_van
from web.werk import Fout, TeGast, Werkkop, werkkop
from web.werkwoorden import DOELEN

CODE_SJABLOON = "werk/code.html"
NIET_GEVONDEN = "Deze code is er niet, of hij is verlopen. Een code geldt 10 minuten. Vraag uw cliënt om een nieuwe."
LINK_VOORBIJ = "Deze link werkt niet meer. Hij geldt 10 minuten en voor één persoon. Vraag uw cliënt om een nieuwe."
ANDERE_ROL = "Deze uitnodiging is voor een {rol}. U bent ingelogd als {uw_rol}."
ZONDER_FUNCTIE = "Uw account hoort nog niet bij een functie. Vraag dat aan wie uw organisatie beheert."


@dataclass(frozen=True)
class CodeContext:
    """Een code typen."""

    kop: Werkkop
    gast: TeGast | None
    code: str
    fouten: tuple[Fout, ...]


@dataclass(frozen=True)
class LinkContext:
    """De link van een cliënt, geopend door wie is ingelogd. `kop` is leeg voor wie dat nog niet is."""

    kop: Werkkop | None
    csrf: str


@dataclass(frozen=True)
class WachtContext:
    """Aangenomen: nu is de houder aan de beurt."""

    kop: Werkkop
    gast: TeGast | None
    naam: str
    organisatie: str
    verder: str


def router(huis: Huis) -> APIRouter:
    """`/code`, `/uitnodiging` en `/uitnodiging/wacht`."""
    paden = APIRouter()
    paden.add_api_route("/code", bladzijde(huis, "professional", toon_code), methods=["GET"])
    paden.add_api_route("/code", bladzijde(huis, "professional", met_de_code), methods=["POST"])
    paden.add_api_route("/uitnodiging", _link(huis), methods=["GET"])
    paden.add_api_route("/uitnodiging", bladzijde(huis, "professional", met_de_link), methods=["POST"])
    paden.add_api_route("/uitnodiging/wacht", bladzijde(huis, "professional", wacht), methods=["GET"])
    return paden


async def toon_code(bezoek: Bezoek) -> Response:
    """Het lege formulier."""
    return bezoek.toon(CODE_SJABLOON, CodeContext(werkkop(bezoek, "code"), None, "", ()))


async def met_de_code(bezoek: Bezoek) -> Response:
    """Neem aan met de korte code; een verkeerde code telt mee tegen raden."""
    code = "".join(c for c in bezoek.veld("code") if c.isdigit())
    if len(code) != 6:
        return _opnieuw(bezoek, "Een code heeft 6 cijfers, bijvoorbeeld 481 205.")
    try:
        adres = bezoek.huis.opslag.rem.adres(bezoek.request.scope)
        gevonden = await met_code(bezoek.huis.opslag, code, bezoek.actor.account or "", int(time.time()), adres)
    except PaspoortFout as fout:
        await log_voorval(bezoek.huis.opslag, bezoek.actor, CODE_GERADEN)
        return _opnieuw(bezoek, fout.meldingen[0].tekst(), 429)
    if gevonden is None:
        await log_voorval(bezoek.huis.opslag, bezoek.actor, CODE_GERADEN)
    return await _neem_aan(bezoek, gevonden, NIET_GEVONDEN, "code")


async def met_de_link(bezoek: Bezoek) -> Response:
    """Neem aan met het token uit de link."""
    gevonden = await met_token(bezoek.huis.opslag, bezoek.veld("token"), int(time.time()))
    return await _neem_aan(bezoek, gevonden, LINK_VOORBIJ, "link")


async def wacht(bezoek: Bezoek) -> Response:
    """De bladzijde na het aannemen."""
    verder = "/werkvoorraad" if bezoek.actor.rol == "verstrekker" else "/clienten"
    kop = werkkop(bezoek, "code")
    return bezoek.toon("werk/wacht.html", WachtContext(kop, None, bezoek.actor.naam, kop.organisatie, verder))


async def _neem_aan(bezoek: Bezoek, gevonden: Uitnodiging | None, zin: str, via: str) -> Response:
    if gevonden is None or gevonden.stand != OPEN:
        return _opnieuw(bezoek, zin)
    aanbod = aanbod_uit(gevonden)
    rol = bezoek.actor.rol
    if aanbod.rol != rol:
        woorden = {"therapeut": "therapeut", "verstrekker": "consulent", "leverancier": "leverancier"}
        return _opnieuw(bezoek, ANDERE_ROL.format(rol=woorden.get(aanbod.rol, aanbod.rol), uw_rol=woorden[rol]))
    gast = gast_van(bezoek.actor, werkkop(bezoek, "code").organisatie, via)
    if gast is None or aanbod.doel not in DOELEN:
        return _opnieuw(bezoek, ZONDER_FUNCTIE)
    if not await neem_aan(bezoek.huis.opslag, gevonden.id, gast.als_gegevens(), int(time.time())):
        return _opnieuw(bezoek, zin)
    return bezoek.naar("/uitnodiging/wacht")


def _opnieuw(bezoek: Bezoek, zin: str, status: int = 422) -> Response:
    context = CodeContext(werkkop(bezoek, "code"), None, bezoek.veld("code"), (Fout(zin, "code"),))
    antwoord = bezoek.toon(CODE_SJABLOON, context, status)
    if status == 429:
        antwoord.headers["Retry-After"] = str(VAK)
    return antwoord


def _link(huis: Huis) -> Callable[[Request], Awaitable[Response]]:
    async def route(request: Request) -> Response:
        """Ook voor wie nog niet is ingelogd: het script onthoudt het token in dit tabblad, tot na het inloggen."""
        sessie = await huis.sessies.huidige(request)
        if sessie is not None and sessie.actor is not None and sessie.actor.rol not in ROLLEN["professional"]:
            return RedirectResponse("/", 303)
        kop, csrf = None, ""
        if sessie is not None and sessie.actor is not None:
            kop, csrf = werkkop(Bezoek(huis, request, sessie.actor, sessie.csrf, None), "code"), sessie.csrf
        return huis.bladzijden.toon("werk/uitnodiging.html", LinkContext(kop, csrf), thema=thema(request))

    return route
