"""Eén bezoek aan een bladzijde: wie er is, met welke deur, welk formulier, en of het formulier van hier komt.

Beslist geen toegang: dat doet de deur. Stuurt wie niet is ingelogd naar `/inloggen`, en wie een vreemd formulier
instuurt terug met een uitleg.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from paspoort.fouten import PaspoortFout
from server.access.actor import Actor
from server.fhir.gateway import Poort
from server.oauth.sessie import Sessies
from server.settings import Settings
from server.store.passports import Opslag
from web.bewaard import bewaar, met_wat_wacht, pagina_van, verstuurd
from web.bladzijde import THEMAS, Bladzijden
from web.deur import Deur, DeurFout
from web.eenmaal import eenmaal
from web.namens import weigering

THEMA_COOKIE: Final = "hmp-weergave"
FORMULIER_HOOGSTENS: Final = 10 * 1024 * 1024
BEZIG: Final = (
    "U verstuurde dit formulier al. Het bewaren duurt nu langer dan anders.",
    "Kijk over een minuut of het er staat. Staat het er niet? Verstuur het dan nog eens.",
)
ROLLEN: Final = {
    "houder": ("houder", "vertegenwoordiger"),
    "therapeut": ("therapeut",),
    "consulent": ("verstrekker",),
    "professional": ("therapeut", "verstrekker", "leverancier"),
    "beheerder": ("beheerder",),
}


@dataclass(frozen=True)
class Huis:
    """Wat elke bladzijde deelt; één per proces."""

    poort: Poort
    opslag: Opslag
    settings: Settings
    sessies: Sessies
    bladzijden: Bladzijden


@dataclass(frozen=True, slots=True)
class Sessiebalk:
    """Onderaan elke bladzijde van wie is ingelogd: tot wanneer, en of er meer te kiezen is."""

    tot: datetime
    over: int
    csrf: str
    meer_rollen: bool


@dataclass(frozen=True)
class FoutContext:
    """De bladzijde die zegt dat iets niet kan."""

    kop: str
    zinnen: tuple[str, ...]
    terug: str


class Bezoek:
    """Een ingelogde persoon op één bladzijde."""

    def __init__(self, huis: Huis, request: Request, actor: Actor, csrf: str, formulier: FormData | None) -> None:
        self.huis, self.request, self.actor, self.csrf = huis, request, actor, csrf
        self.deur = Deur(huis.poort, actor)
        self._formulier = formulier

    def veld(self, naam: str) -> str:
        """De tekst van een formulierveld, zonder witruimte eromheen; leeg als het er niet is."""
        waarde = self._formulier.get(naam, "") if self._formulier else ""
        return waarde.strip() if isinstance(waarde, str) else ""

    def velden(self) -> dict[str, list[str]]:
        """Alle tekstvelden met al hun waarden, voor een vragenlijst."""
        uit: dict[str, list[str]] = {}
        for naam, waarde in self._formulier.multi_items() if self._formulier else ():
            if isinstance(waarde, str):
                uit.setdefault(naam, []).append(waarde)
        return uit

    def bestand(self, naam: str) -> UploadFile | None:
        """Een meegestuurd bestand, of None."""
        waarde = self._formulier.get(naam) if self._formulier else None
        return waarde if isinstance(waarde, UploadFile) and waarde.filename else None

    def toon(self, sjabloon: str, context: object, status: int = 200) -> HTMLResponse:
        """De bladzijde met haar context."""
        return self.huis.bladzijden.toon(
            sjabloon, context, thema=thema(self.request), status=status, sessie=sessiebalk(self.request)
        )

    def naar(self, adres: str) -> Response:
        """Na een formulier verder met GET, zodat verversen niets opnieuw verstuurt."""
        return RedirectResponse(adres, 303)


Handeling = Callable[[Bezoek], Awaitable[Response]]


def thema(request: Request) -> str | None:
    """De gekozen weergave, of None: dan volgt de bladzijde het toestel."""
    gekozen = request.cookies.get(THEMA_COOKIE)
    return gekozen if gekozen in THEMAS else None


def bladzijde(huis: Huis, publiek: str, handeling: Handeling) -> Callable[[Request], Awaitable[Response]]:
    """Maak van een handeling een route voor één publiek (sleutel van `ROLLEN`, of `iedereen`)."""

    async def route(request: Request) -> Response:
        try:
            return await _binnen(huis, publiek, handeling, request)
        except DeurFout as nee:
            return _deurfout(huis, request, nee)
        except PaspoortFout as nee:
            stil = any(m.code == "opslag-stil" for m in nee.meldingen)
            return _stil(huis, request) if stil else _lukte_niet(huis, request, 422, [m.tekst() for m in nee.meldingen])
        except HTTPException:  # Starlette over een formulier dat te groot is of niet te lezen
            zinnen = ("Misschien is de foto te groot.", "Probeer het met een kleinere foto of minder tekst.")
            return fout(huis, request, 400, "Dit formulier konden wij niet lezen", zinnen)

    return route


async def _binnen(huis: Huis, publiek: str, handeling: Handeling, request: Request) -> Response:
    """Ingelogd, van dit publiek, en met een formulier van hier: dan pas de handeling."""
    sessie = await huis.sessies.huidige(request)
    if sessie is None or sessie.actor is None:
        if request.method == "POST" and _past(request):
            return await _later(huis, request)
        return RedirectResponse(f"/inloggen?volgende={quote(request.url.path)}", 303)
    if publiek in ROLLEN and sessie.actor.rol not in ROLLEN[publiek]:
        return fout(huis, request, 404, "Deze bladzijde is er niet", ("Misschien is het adres verkeerd.",))
    voor_houder = sessie.actor.rol in ROLLEN["houder"] and (publiek == "houder" or request.url.path == "/")
    if voor_houder and (nee := await weigering(huis.opslag, sessie.actor, request)) is not None:
        return fout(huis, request, *nee, terug="/inloggen/rol")
    if request.method == "POST" and not _past(request):
        zinnen = ("Een foto of pdf mag 8 MB zijn.", "Ga terug en probeer het met een kleinere foto.")
        return fout(huis, request, 413, "Dit is te groot", zinnen)
    formulier = await request.form(max_files=4, max_fields=2000) if request.method == "POST" else None
    if formulier is not None and not sessie.klopt_csrf(str(formulier.get("csrf", ""))):
        velden, pagina = formulier.multi_items(), pagina_van(request)
        # Hetzelfde formulier van dezelfde persoon, van vóór een nieuwe inlog: dat krijgt zij terug om na te kijken.
        if await bewaar(huis.opslag, huis.sessies, request, velden, pagina, request.url.path):
            return RedirectResponse(pagina, 303)
        zinnen = ("U was misschien even weg.", "Ga terug, ververs de bladzijde en probeer het nog eens.")
        return fout(huis, request, 403, "Dit formulier is te oud", zinnen)
    bezoek = Bezoek(huis, request, sessie.actor, sessie.csrf, formulier)
    if formulier is None:
        return await met_wat_wacht(huis.opslag, huis.sessies, request, await handeling(bezoek))
    wie = (sessie.account.id, sessie.gekozen.id if sessie.gekozen else "")
    antwoord = await eenmaal(huis.opslag, wie, request.url.path, formulier, lambda: handeling(bezoek))
    if antwoord is None:
        return fout(huis, request, 409, "Wij zijn hier al mee bezig", BEZIG)
    await verstuurd(huis.opslag, huis.sessies, request, antwoord)
    return antwoord


async def _later(huis: Huis, request: Request) -> Response:
    """Een formulier van wie niet meer is ingelogd: bewaren, en na het inloggen terug."""
    huis.opslag.rem.tel_adres("geweigerd", request.scope)
    formulier = await request.form(max_files=4, max_fields=2000)
    pagina = pagina_van(request)
    bewaard = await bewaar(huis.opslag, huis.sessies, request, formulier.multi_items(), pagina, request.url.path)
    vraag = {"volgende": pagina, "reden": "bewaard"} if bewaard else {"volgende": request.url.path}
    return RedirectResponse("/inloggen?" + urlencode(vraag, safe="/"), 303)


def sessiebalk(request: Request) -> Sessiebalk | None:
    """Tot wanneer iemand is ingelogd, voor onderaan de bladzijde."""
    sessie = getattr(request.state, "hmp_sessie", None)
    if sessie is None or sessie.actor is None:
        return None
    nog = max(0, sessie.verloopt - int(time.time()))
    return Sessiebalk(datetime.fromtimestamp(sessie.verloopt, UTC), nog, sessie.csrf, len(sessie.lidmaatschappen) > 1)


def _past(request: Request) -> bool:
    """Of het formulier zegt hoe groot het is, en dat niet te groot is: lezen kost dan nooit meer dan dit."""
    lengte = request.headers.get("content-length", "")
    return lengte.isdecimal() and len(lengte) < 12 and int(lengte) <= FORMULIER_HOOGSTENS


def fout(huis: Huis, request: Request, status: int, kop: str, zinnen: Sequence[str], terug: str = "/") -> HTMLResponse:
    """Een bladzijde die in gewone woorden zegt wat er is en wat u kunt doen."""
    context = FoutContext(kop, tuple(zinnen), terug)
    return huis.bladzijden.toon("fout.html", context, thema=thema(request), status=status)


def _deurfout(huis: Huis, request: Request, nee: DeurFout) -> HTMLResponse:
    if nee.status in (404, 410):
        return fout(huis, request, 404, "Dit is er niet", ("Misschien is het weg. Of u mag het niet meer zien.",))
    if nee.status in (409, 412):
        zinnen = ("Iemand anders was u net voor.", "Ga terug, ververs de bladzijde en kijk wat er veranderde.")
        return fout(huis, request, 409, "Er is iets veranderd", zinnen)
    if nee.status == 503:
        return _stil(huis, request)
    return _lukte_niet(huis, request, nee.status, [b.tekst for b in nee.bevindingen])


def _stil(huis: Huis, request: Request) -> HTMLResponse:
    antwoord = fout(huis, request, 503, "Wij kunnen nu niets bewaren", ("Probeer het over een paar minuten opnieuw.",))
    antwoord.headers["Retry-After"] = "60"
    return antwoord


def _lukte_niet(huis: Huis, request: Request, status: int, zinnen: Sequence[str]) -> HTMLResponse:
    return fout(huis, request, status, "Dat lukte niet", zinnen or ("Probeer het opnieuw.",))
