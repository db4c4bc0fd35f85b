"""De bladzijden om in te loggen: aanbieder of demopersoon kiezen, heen en terug.

De flow zelf staat in `identity.py`, de sessie in `sessie.py`, de keuze van een rol in `rolkeuze.py`, uitloggen in
`afmelden.py`. Geen adres draagt hier een naam, code of token.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from paspoort.fouten import Melding, PaspoortFout
from server.access.voorval import INGELOGD, INLOGGEN_MISLUKT, log_voorval, log_weigering
from server.oauth.aanbieders import DEMO
from server.oauth.bladzijde import NIET_BEWAREN, Render, toon
from server.oauth.demo import Demopersoon
from server.oauth.identity import POGING_SECONDEN, Inlogdienst
from server.oauth.idtoken import Identiteit
from server.oauth.inlogcookie import lees, onderteken
from server.oauth.keys import Sleutels
from server.oauth.sessie import Sessies, zonder_rol
from server.rem import TeVaak
from server.store.passports import Opslag

# Waarom iemand hier terechtkwam, als dat niet vanzelf spreekt (`?reden=`).
REDENEN: Final = {
    "stil": "U deed een kwartier niets. Daarom hebben wij u uitgelogd. Zo kan niemand anders meekijken.",
    "bewaard": "U was te lang weg en bent uitgelogd. Wat u typte, is bewaard. Log in, dan krijgt u het terug.",
    "opnieuw": "Log nog een keer in. Zo weten wij zeker dat u het bent.",
}


class Inloggen:
    """De bladzijden, met wat zij nodig hebben. `personen` is None buiten de demo."""

    def __init__(
        self,
        sessies: Sessies,
        dienst: Inlogdienst,
        sleutels: Sleutels,
        personen: Callable[[], Awaitable[tuple[Demopersoon, ...]]] | None,
        render: Render,
        opslag: Opslag,
    ) -> None:
        self._sessies, self._dienst, self._sleutels = sessies, dienst, sleutels
        self._personen, self._render, self._opslag = personen, render, opslag

    def router(self) -> APIRouter:
        """`/inloggen`, `/inloggen/bij` en `/inloggen/terug/{code}`."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/inloggen", self._toon, methods=["GET"])
        router.add_api_route("/inloggen", self._kies_persoon, methods=["POST"])
        router.add_api_route("/inloggen/bij", self._begin, methods=["POST"])
        router.add_api_route("/inloggen/terug/{code}", self._terug, methods=["GET"])
        return router

    async def _toon(self, request: Request) -> Response:
        volgende = veilig_pad(request.query_params.get("volgende", "/"))
        opnieuw = request.query_params.get("opnieuw") == "1"
        sessie = await self._sessies.huidige(request)
        if not opnieuw and sessie is not None and sessie.actor is None:
            return RedirectResponse("/inloggen/rol?" + urlencode({"volgende": volgende}), 303, headers=NIET_BEWAREN)
        return await self.bladzijde(request, volgende, opnieuw=opnieuw)

    async def bladzijde(
        self, request: Request, volgende: str, *meldingen: Melding, status: int = 200, opnieuw: bool = False
    ) -> Response:
        """De keuze hoe in te loggen, met wat er misging."""
        personen = await self._personen() if self._personen else ()
        aanbieders = tuple(a for a in self._dienst.aanbieders.values() if a.code != DEMO)
        reden = "opnieuw" if opnieuw else request.query_params.get("reden", "")
        context: Mapping[str, Any] = {
            "uitleg": "Kies wie u bent. Een wachtwoord is in deze proef niet nodig."
            if personen
            else "Kies hoe u wilt inloggen.",
            "reden": "" if meldingen else REDENEN.get(reden, ""),
            "personen": personen,
            "aanbieders": aanbieders,
            "volgende": volgende,
            "opnieuw": opnieuw,
            "fouten": tuple(
                {"plek": m.plek or ("persoon" if personen else "aanbieder"), "tekst": m.tekst()} for m in meldingen
            ),
        }
        return toon(self._render, request, "oauth/inloggen.html", context, status)

    async def mislukt(self, request: Request, volgende: str, fout: PaspoortFout) -> Response:
        """De keuze opnieuw, met de fout; 503 als de opslag stil is, 429 als iemand te vaak probeerde."""
        stil = any(m.code == "opslag-stil" for m in fout.meldingen)
        if not stil and not isinstance(fout, TeVaak):
            try:
                codes = tuple(m.code for m in fout.meldingen)
                await log_weigering(self._opslag, request.scope, INLOGGEN_MISLUKT, wat=codes)
            except TeVaak as te_vaak:
                fout = te_vaak
        status, wacht = (503, 60) if stil else (429, fout.seconden) if isinstance(fout, TeVaak) else (400, 0)
        antwoord = await self.bladzijde(request, volgende, *fout.meldingen, status=status)
        if wacht:
            antwoord.headers["Retry-After"] = str(wacht)
        return antwoord

    async def _kies_persoon(self, request: Request) -> Response:
        """In de demo: één POST met `persoon`, en u bent ingelogd."""
        form = await request.form()
        volgende = veilig_pad(str(form.get("volgende") or "/"))
        if vreemd(request):
            return await self.bladzijde(request, volgende, Melding("inloggen-mislukt"), status=403)
        if self._personen is None:
            return await self.bladzijde(request, volgende, Melding("aanbieder-onbekend", "aanbieder"), status=400)
        try:
            identiteit = await self._dienst.kies(DEMO, str(form.get("persoon") or ""))
            return await self._binnen(request, identiteit, volgende)
        except PaspoortFout as fout:
            return await self.mislukt(request, volgende, fout)

    async def _begin(self, request: Request) -> Response:
        """Naar de dienst. `niveau` vraagt om een hoger niveau, `opnieuw` om een verse inlog."""
        form = await request.form()
        volgende = veilig_pad(str(form.get("volgende") or "/"))
        if vreemd(request):
            return await self.bladzijde(request, volgende, Melding("inloggen-mislukt"), status=403)
        try:
            adres, poging = await self._dienst.begin(
                str(form.get("aanbieder") or ""), volgende, opnieuw=form.get("opnieuw") == "1",
                niveau=str(form.get("niveau") or "") or None,
            )  # fmt: skip
        except PaspoortFout as fout:
            return await self.mislukt(request, volgende, fout)
        antwoord = RedirectResponse(adres, 303, headers=NIET_BEWAREN)
        # Lax, niet Strict: de terugweg komt van een ander adres.
        antwoord.set_cookie(
            self._sessies.naam_poging, onderteken(self._sleutels, poging), max_age=POGING_SECONDEN, httponly=True,
            samesite="lax", secure=self._sessies.https, path="/",
        )  # fmt: skip
        return antwoord

    async def _terug(self, request: Request, code: str) -> Response:
        """Terug van de dienst, één keer per poging: wie hetzelfde adres nog eens opent, begint opnieuw."""
        poging = lees(self._sleutels, request.cookies.get(self._sessies.naam_poging, ""))
        if poging is None:
            return await self.bladzijde(request, "/", Melding("inloggen-mislukt"), status=400)
        volgende = veilig_pad(poging.volgende)
        try:
            self._opslag.rem.tel_adres("inloggen", request.scope)
            if not await self._sessies.eenmalig("state", poging.state, poging.sinds + POGING_SECONDEN):
                raise PaspoortFout(Melding("inloggen-mislukt"))
            identiteit = await self._dienst.voltooi(poging, dict(request.query_params), code)
            antwoord = await self._binnen(request, identiteit, volgende)
        except PaspoortFout as fout:
            antwoord = await self.mislukt(request, volgende, fout)
        antwoord.delete_cookie(self._sessies.naam_poging, path="/", secure=self._sessies.https, httponly=True)
        return antwoord

    async def _binnen(self, request: Request, identiteit: Identiteit, volgende: str) -> Response:
        """Een nieuwe sessie met een nieuw token; bij meer rollen eerst kiezen. PaspoortFout `account-onbekend`."""
        token, keuze_nodig = await self._sessies.begin(request, identiteit, volgende)
        if not keuze_nodig:
            await log_voorval(self._opslag, (await self._sessies.met_token(token)), INGELOGD, "gelukt")
        adres = "/inloggen/rol" if keuze_nodig and not zonder_rol(volgende) else volgende
        if adres != volgende and volgende != "/":
            adres += "?" + urlencode({"volgende": volgende})
        antwoord = RedirectResponse(adres, 303, headers=NIET_BEWAREN)
        self._sessies.zet(antwoord, token)
        return antwoord


def veilig_pad(adres: str) -> str:
    """Alleen een eigen pad; al het andere wordt het begin (geen open doorverwijzing)."""
    goed = (
        adres.startswith("/")
        and not adres.startswith(("//", "/\\"))
        and all(32 < ord(x) < 127 and x != "\\" for x in adres)
    )
    return adres if goed else "/"


def vreemd(request: Request) -> bool:
    """Of een andere site dit formulier stuurde (Fetch Metadata, anders Origin; scripts sturen geen van beide)."""
    plaats = request.headers.get("sec-fetch-site")
    if plaats is not None:
        return plaats not in ("same-origin", "none")
    herkomst = request.headers.get("origin")
    return herkomst is not None and herkomst.split("://", 1)[-1] != request.headers.get("host")
