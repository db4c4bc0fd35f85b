"""De bladzijden om in en uit te loggen: aanbieder of demopersoon kiezen, rol kiezen, uitloggen.

De flow zelf staat in `identity.py`, de sessie in `sessie.py`. Geen adres draagt hier een naam, code of token.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from paspoort.fouten import Melding, PaspoortFout
from server.oauth.bladzijde import NIET_BEWAREN, Render, toon
from server.oauth.demo import Demopersoon
from server.oauth.identity import POGING_SECONDEN, Identiteit, Inlogdienst
from server.oauth.inlogcookie import lees, onderteken
from server.oauth.keys import Sleutels
from server.oauth.sessie import Sessies, rolzin

DEMO: Final = "demo"


class Inloggen:
    """De bladzijden, met wat zij nodig hebben. `personen` is None buiten de demo."""

    def __init__(
        self, sessies: Sessies, dienst: Inlogdienst, sleutels: Sleutels, personen: Any, render: Render
    ) -> None:
        self._sessies, self._dienst, self._sleutels = sessies, dienst, sleutels
        self._personen, self._render = personen, render

    def router(self) -> APIRouter:
        """`/inloggen`, `/inloggen/bij`, `/inloggen/terug`, `/inloggen/rol`, `/uitloggen`."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/inloggen", self._toon, methods=["GET"])
        router.add_api_route("/inloggen", self._kies_persoon, methods=["POST"])
        router.add_api_route("/inloggen/bij", self._begin, methods=["POST"])
        router.add_api_route("/inloggen/terug", self._terug, methods=["GET"])
        router.add_api_route("/inloggen/rol", self._toon_rol, methods=["GET"])
        router.add_api_route("/inloggen/rol", self._kies_rol, methods=["POST"])
        router.add_api_route("/uitloggen", self._uit, methods=["POST"])
        return router

    async def _toon(self, request: Request) -> Response:
        volgende = veilig_pad(request.query_params.get("volgende", "/"))
        sessie = await self._sessies.huidige(request)
        if sessie is not None and sessie.gekozen is None and sessie.lidmaatschappen:
            return RedirectResponse("/inloggen/rol?volgende=" + quote(volgende, safe=""), 303, headers=NIET_BEWAREN)
        return await self._bladzijde(request, volgende)

    async def _bladzijde(self, request: Request, volgende: str, *meldingen: Melding, status: int = 200) -> Response:
        personen: tuple[Demopersoon, ...] = await self._personen() if self._personen else ()
        aanbieders = tuple(a for a in self._dienst.aanbieders.values() if a.code != DEMO)
        context: Mapping[str, Any] = {
            "uitleg": "Kies wie u bent. Een wachtwoord is in deze proef niet nodig."
            if personen
            else "Kies hoe u wilt inloggen.",
            "personen": personen,
            "aanbieders": aanbieders,
            "volgende": volgende,
            "fouten": tuple(
                {"plek": m.plek or ("persoon" if personen else "aanbieder"), "tekst": m.tekst()} for m in meldingen
            ),
        }
        return toon(self._render, request, "oauth/inloggen.html", context, status)

    async def _kies_persoon(self, request: Request) -> Response:
        """In de demo: één POST met `persoon`, en u bent ingelogd."""
        form = await request.form()
        volgende = veilig_pad(str(form.get("volgende") or "/"))
        if vreemd(request):
            return await self._bladzijde(request, volgende, Melding("inloggen-mislukt"), status=403)
        if self._personen is None:
            return await self._bladzijde(request, volgende, Melding("aanbieder-onbekend", "aanbieder"), status=400)
        try:
            identiteit = await self._dienst.kies(DEMO, str(form.get("persoon") or ""))
            return await self._binnen(request, identiteit, volgende)
        except PaspoortFout as fout:
            return await self._bladzijde(request, volgende, *fout.meldingen, status=400)

    async def _begin(self, request: Request) -> Response:
        form = await request.form()
        volgende = veilig_pad(str(form.get("volgende") or "/"))
        if vreemd(request):
            return await self._bladzijde(request, volgende, Melding("inloggen-mislukt"), status=403)
        try:
            adres, poging = await self._dienst.begin(str(form.get("aanbieder") or ""), volgende)
        except PaspoortFout as fout:
            return await self._bladzijde(request, volgende, *fout.meldingen, status=400)
        antwoord = RedirectResponse(adres, 303, headers=NIET_BEWAREN)
        # Lax, niet Strict: de terugweg komt van een ander adres.
        antwoord.set_cookie(
            self._sessies.naam_poging, onderteken(self._sleutels, poging), max_age=POGING_SECONDEN, httponly=True,
            samesite="lax", secure=self._sessies.https, path="/",
        )  # fmt: skip
        return antwoord

    async def _terug(self, request: Request) -> Response:
        poging = lees(self._sleutels, request.cookies.get(self._sessies.naam_poging, ""))
        if poging is None:
            return await self._bladzijde(request, "/", Melding("inloggen-mislukt"), status=400)
        try:
            identiteit = await self._dienst.voltooi(poging, dict(request.query_params))
            antwoord = await self._binnen(request, identiteit, veilig_pad(poging.volgende))
        except PaspoortFout as fout:
            antwoord = await self._bladzijde(request, veilig_pad(poging.volgende), *fout.meldingen, status=400)
        antwoord.delete_cookie(self._sessies.naam_poging, path="/", secure=self._sessies.https, httponly=True)
        return antwoord

    async def _binnen(self, request: Request, identiteit: Identiteit, volgende: str) -> Response:
        """Een nieuwe sessie met een nieuw token; bij meer rollen eerst kiezen. PaspoortFout `account-onbekend`."""
        token, keuze_nodig = await self._sessies.begin(request, identiteit)
        adres = "/inloggen/rol" if keuze_nodig else volgende
        if keuze_nodig and volgende != "/":
            adres += "?volgende=" + quote(volgende, safe="")
        antwoord = RedirectResponse(adres, 303, headers=NIET_BEWAREN)
        self._sessies.zet(antwoord, token)
        return antwoord

    async def _toon_rol(self, request: Request) -> Response:
        sessie = await self._sessies.huidige(request)
        if sessie is None:
            return RedirectResponse("/inloggen", 303, headers=NIET_BEWAREN)
        keuzes = tuple(
            {"id": lid.id, "zin": rolzin(lid, self._sessies.organisatienaam(lid.organisatie))}
            for lid in sessie.lidmaatschappen
        )
        context = {
            "keuzes": keuzes,
            "csrf": sessie.csrf,
            "volgende": veilig_pad(request.query_params.get("volgende", "/")),
        }
        return toon(self._render, request, "oauth/rol.html", context)

    async def _kies_rol(self, request: Request) -> Response:
        form = await request.form()
        sessie = await self._sessies.huidige(request)
        if sessie is None:
            return RedirectResponse("/inloggen", 303, headers=NIET_BEWAREN)
        volgende = veilig_pad(str(form.get("volgende") or "/"))
        if not sessie.klopt_csrf(str(form.get("csrf") or "")):
            return await self._bladzijde(request, volgende, Melding("formulier-verlopen"), status=403)
        gekozen = next((lid for lid in sessie.lidmaatschappen if lid.id == form.get("lidmaatschap")), None)
        if gekozen is None:
            return RedirectResponse("/inloggen/rol", 303, headers=NIET_BEWAREN)
        antwoord = RedirectResponse(volgende, 303, headers=NIET_BEWAREN)
        self._sessies.zet(antwoord, await self._sessies.kies(request, gekozen))
        return antwoord

    async def _uit(self, request: Request) -> Response:
        form = await request.form()
        sessie = await self._sessies.huidige(request)
        if sessie is not None and not sessie.klopt_csrf(str(form.get("csrf") or "")):
            return await self._bladzijde(request, "/", Melding("formulier-verlopen"), status=403)
        await self._sessies.eindig(request)
        antwoord = RedirectResponse("/inloggen", 303, headers=NIET_BEWAREN)
        self._sessies.vergeet(antwoord)
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
