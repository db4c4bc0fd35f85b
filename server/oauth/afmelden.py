"""Uitloggen: hier, bij de inlogdienst, en als de dienst zegt dat iemand zich daar afmeldde.

Naar de dienst gaat een formulier, geen adres: een id_token noemt een mens, en adressen blijven in de geschiedenis van
een browser staan. Bron: OIDC RP-Initiated Logout 1.0 §2 (POST mag), OIDC Back-Channel Logout 1.0 §2.5–2.8.
"""

from __future__ import annotations

import time
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from paspoort.fouten import PaspoortFout
from server.access.voorval import INLOGGEN_MISLUKT, UITGELOGD, log_voorval, log_weigering
from server.oauth.bladzijde import NIET_BEWAREN, Render, toon
from server.oauth.identity import Inlogdienst
from server.oauth.idtoken import SPELING, UITLOG_SECONDEN
from server.oauth.sessie import Sessie, Sessies
from server.rem import TeVaak
from server.store.passports import Opslag
from server.veilig import csp

GEEN_CACHE: Final = {"Cache-Control": "no-store"}


class Afmelden:
    """De adressen om uit te loggen."""

    def __init__(self, opslag: Opslag, sessies: Sessies, dienst: Inlogdienst, basis: str, render: Render) -> None:
        self._opslag, self._sessies, self._dienst = opslag, sessies, dienst
        self._basis, self._render = basis, render

    def router(self) -> APIRouter:
        """`/uitloggen`, `/uitgelogd` en `/inloggen/afmelden/{code}`."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/uitloggen", self._uit, methods=["POST"])
        router.add_api_route("/uitgelogd", self._uitgelogd, methods=["GET"])
        router.add_api_route("/inloggen/afmelden/{code}", self._gemeld, methods=["POST"])
        return router

    async def _uit(self, request: Request) -> Response:
        """Eerst hier, dan bij de dienst: ook als de dienst stil is, bent u hier weg."""
        form = await request.form()
        sessie = await self._sessies.huidige(request)
        if sessie is not None and not sessie.klopt_csrf(str(form.get("csrf") or "")):
            context = {
                "kop": "U bent nog ingelogd", "regels": ("Deze bladzijde was te oud om mee uit te loggen.",),
                "verder": "Ga terug, ververs de bladzijde en kies nog eens Uitloggen.",
            }  # fmt: skip
            return toon(self._render, request, "oauth/fout.html", context, 403)
        await self._sessies.eindig(request)
        if sessie is not None and sessie.actor is not None:
            await log_voorval(self._opslag, sessie.actor, UITGELOGD, "gelukt")
        antwoord = await self._verder(request, sessie)
        self._sessies.vergeet(antwoord)
        return antwoord

    async def _verder(self, request: Request, sessie: Sessie | None) -> Response:
        """Naar de dienst als de browser daar ook is ingelogd, anders naar het begin."""
        hint = None if sessie is None else sessie.gegevens.get("id_token")
        aanbieder = None if sessie is None else sessie.aanbieder
        adres = await self._dienst.uitlogadres(aanbieder.code) if hint and aanbieder else None
        if adres is None or aanbieder is None:
            return RedirectResponse("/inloggen", 303, headers=NIET_BEWAREN)
        context = {
            "dienst": aanbieder.naam, "adres": adres, "velden": {
                "id_token_hint": str(hint), "client_id": aanbieder.client_id,
                "post_logout_redirect_uri": f"{self._basis}/uitgelogd",
            },
        }  # fmt: skip
        antwoord = toon(self._render, request, "oauth/uit_bij_dienst.html", context)
        # Het enige formulier naar buiten; de dienst stuurt haar soms langs meer eigen adressen.
        antwoord.headers["Content-Security-Policy"] = csp(f"{urlsplit(adres).scheme}:")
        return antwoord

    async def _uitgelogd(self, request: Request) -> Response:
        """Terug van de dienst. Wat er achter het vraagteken staat, doet niets."""
        ingelogd = await self._sessies.huidige(request) is not None
        return toon(self._render, request, "oauth/uitgelogd.html", {"ingelogd": ingelogd})

    async def _gemeld(self, request: Request, code: str) -> Response:
        """De dienst meldt buiten de browser om dat iemand zich afmeldde. Elk bericht werkt één keer."""
        form = await request.form(max_files=0, max_fields=5)
        fouten: tuple[str, ...] = ("afmelding-dubbel",)
        try:
            afmelding = await self._dienst.afmelding(code, str(form.get("logout_token") or ""))
            tot = int(time.time()) + UITLOG_SECONDEN + SPELING
            if await self._sessies.eenmalig(f"uit|{code}", afmelding.jti, tot):
                await self._sessies.afgemeld(afmelding)
                return Response(status_code=200, headers=GEEN_CACHE)
        except PaspoortFout as fout:
            if any(m.code == "opslag-stil" for m in fout.meldingen):
                return JSONResponse({"error": "temporarily_unavailable"}, 503, headers=GEEN_CACHE)
            fouten = tuple(m.code for m in fout.meldingen)
        try:
            await log_weigering(self._opslag, request.scope, INLOGGEN_MISLUKT, wat=fouten)
        except TeVaak as fout:
            return JSONResponse({"error": "slow_down"}, 429, headers={**GEEN_CACHE, "Retry-After": str(fout.seconden)})
        return JSONResponse({"error": "invalid_request"}, 400, headers=GEEN_CACHE)
