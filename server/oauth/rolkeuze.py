"""Kiezen hoe iemand verder gaat: in welke rol, voor wie, en zo nodig met een eerste eigen paspoort.

Een keuze geeft altijd een nieuw token. Namen staan nooit in een adres: zoeken gaat met een formulier. Of een rol mag
met het niveau waarmee iemand is ingelogd, zegt de aanbieder (`aanbieders.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from paspoort.fouten import Melding, PaspoortFout
from server.access.vertegenwoordiging import heeft_grond
from server.access.voorval import INGELOGD, log_voorval
from server.oauth.bladzijde import NIET_BEWAREN, Render, toon
from server.oauth.eigen_paspoort import maak_eigen_paspoort
from server.oauth.inloggen import Inloggen, veilig_pad
from server.oauth.paspoort_namens import maak_paspoort_namens
from server.oauth.sessie import Sessie, Sessies, actor_van_lid, rolzin
from server.settings import Settings
from server.store.passports import Opslag
from server.store.session import Lidmaatschap

# Wie er meer vertegenwoordigt, krijgt een zoekveld.
ZOEKEN_VANAF: Final = 8
GROEPEN: Final = (
    ("eigen", "Voor uzelf"),
    ("namens", "Voor iemand anders"),
    ("werk", "Voor uw werk"),
)


@dataclass(frozen=True, slots=True)
class Keuze:
    """Eén rol. `niveau` is gevuld als u daarvoor sterker moet inloggen; `voorbij` als er niets meer te openen is."""

    id: str
    zin: str
    niveau: str | None
    voorbij: bool = False


@dataclass(frozen=True, slots=True)
class Groep:
    """Rollen die bij elkaar horen."""

    kop: str
    keuzes: tuple[Keuze, ...]


class Rolkeuze:
    """De bladzijde `/inloggen/rol`."""

    def __init__(
        self, opslag: Opslag, settings: Settings, sessies: Sessies, inloggen: Inloggen, render: Render
    ) -> None:
        self._opslag, self._settings = opslag, settings
        self._sessies, self._inloggen, self._render = sessies, inloggen, render

    def router(self) -> APIRouter:
        """`/inloggen/rol` en `/inloggen/paspoort`."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/inloggen/rol", self._toon, methods=["GET"])
        router.add_api_route("/inloggen/rol", self._kies, methods=["POST"])
        router.add_api_route("/inloggen/paspoort", self._maak, methods=["POST"])
        return router

    async def _toon(self, request: Request) -> Response:
        sessie = await self._sessies.huidige(request)
        if sessie is None:
            return RedirectResponse("/inloggen", 303, headers=NIET_BEWAREN)
        return await self._bladzijde(request, sessie, veilig_pad(request.query_params.get("volgende", "/")))

    async def _bladzijde(
        self, request: Request, sessie: Sessie, volgende: str, zoek: str = "", *meldingen: Melding, status: int = 200
    ) -> Response:
        voor_anderen = [lid for lid in sessie.lidmaatschappen if lid.namens]
        persoon = sessie.gegevens.get("persoon") or {}
        context = {
            "groepen": await self._groepen(sessie, zoek),
            "zoeken": len(voor_anderen) >= ZOEKEN_VANAF,
            "zoek": zoek,
            "gevonden": any(zoek.casefold() in str(lid.namens).casefold() for lid in voor_anderen),
            "niets": not sessie.lidmaatschappen,
            "te_laag": any(not sessie.mag(lid) for lid in sessie.lidmaatschappen),
            "aanbieder": sessie.aanbieder,
            "nieuw": sessie.mag_paspoort,
            "voor_wie": tuple(v.naam.volledig for v in self._sessies.te_maken(sessie)),
            "naam": sessie.account.naam,
            "met_geboortedatum": bool(persoon.get("geboortedatum")),
            "bsn_grond": self._settings.bsn_grond if persoon.get("bsn") else "",
            "csrf": sessie.csrf,
            "volgende": volgende,
            "fouten": tuple(m.tekst() for m in meldingen),
        }
        return toon(self._render, request, "oauth/rol.html", context, status)

    async def _groepen(self, sessie: Sessie, zoek: str) -> tuple[Groep, ...]:
        """De rollen bij elkaar, op naam; met `zoek` alleen de mensen met die letters in hun naam."""
        per: dict[str, list[Keuze]] = {sleutel: [] for sleutel, _ in GROEPEN}
        for lid in sessie.lidmaatschappen:
            if lid.namens and zoek.casefold() not in lid.namens.casefold():
                continue
            per[_groep(lid)].append(await self._keuze(sessie, lid))
        koppen = dict(GROEPEN)
        return tuple(
            Groep(koppen[sleutel], tuple(sorted(keuzes, key=lambda k: k.zin.casefold())))
            for sleutel, keuzes in per.items()
            if keuzes
        )

    async def _keuze(self, sessie: Sessie, lid: Lidmaatschap) -> Keuze:
        zin, dienst = rolzin(lid, self._sessies.organisatienaam(lid.organisatie)), sessie.aanbieder
        if dienst is None or sessie.mag(lid):
            # Een verjaardag of overlijden sluit zonder dat iemand iets schreef (toegang.md §7).
            actor = actor_van_lid(sessie.account, lid)
            return Keuze(lid.id, zin, None, not await heeft_grond(self._opslag, actor, datetime.now(UTC)))
        niveau = dienst.minimum(lid.rol) if lid.rol in dienst.rollen else None
        return Keuze(lid.id, zin, niveau or "")

    async def _kies(self, request: Request) -> Response:
        form = await request.form()
        sessie = await self._sessies.huidige(request)
        if sessie is None:
            return RedirectResponse("/inloggen", 303, headers=NIET_BEWAREN)
        volgende = veilig_pad(str(form.get("volgende") or "/"))
        if not sessie.klopt_csrf(str(form.get("csrf") or "")):
            return await self._bladzijde(request, sessie, volgende, "", Melding("formulier-verlopen"), status=403)
        if "zoek" in form and "lidmaatschap" not in form:
            return await self._bladzijde(request, sessie, volgende, str(form.get("zoek") or "").strip()[:100])
        gekozen = next((lid for lid in sessie.lidmaatschappen if lid.id == form.get("lidmaatschap")), None)
        if gekozen is None:
            adres = "/inloggen/rol?" + urlencode({"volgende": volgende})
            return RedirectResponse(adres, 303, headers=NIET_BEWAREN)
        return await self._verder(request, sessie, gekozen, volgende)

    async def _maak(self, request: Request) -> Response:
        """Een eerste paspoort (toegang.md §5), en meteen verder als houder of als wie haar vertegenwoordigt."""
        form = await request.form()
        sessie = await self._sessies.huidige(request)
        if sessie is None:
            return RedirectResponse("/inloggen", 303, headers=NIET_BEWAREN)
        volgende = veilig_pad(str(form.get("volgende") or "/"))
        if not sessie.klopt_csrf(str(form.get("csrf") or "")):
            return await self._bladzijde(request, sessie, volgende, "", Melding("formulier-verlopen"), status=403)
        grond, wie = self._settings.bsn_grond, str(form.get("voor") or "")
        voor = dict(enumerate(self._sessies.te_maken(sessie))).get(int(wie) if wie.isdecimal() else -1)
        if voor is None and (wie or not sessie.mag_paspoort):
            return RedirectResponse("/inloggen/rol", 303, headers=NIET_BEWAREN)
        try:
            if voor is not None:
                lid = await maak_paspoort_namens(self._opslag, sessie.account, voor, grond)
            else:
                persoon = sessie.gegevens.get("persoon") or {}
                lid = await maak_eigen_paspoort(self._opslag, sessie.account, persoon, grond)
        except PaspoortFout as fout:
            status = 503 if any(m.code == "opslag-stil" for m in fout.meldingen) else 409
            return await self._bladzijde(request, sessie, volgende, "", *fout.meldingen, status=status)
        return await self._verder(request, sessie, lid, volgende)

    async def _verder(self, request: Request, sessie: Sessie, lid: Lidmaatschap, volgende: str) -> Response:
        try:
            token = await self._sessies.kies(request, lid)
        except PaspoortFout as fout:
            return await self._bladzijde(request, sessie, volgende, "", *fout.meldingen, status=403)
        await log_voorval(self._opslag, await self._sessies.met_token(token), INGELOGD, "gelukt")
        antwoord = RedirectResponse(volgende, 303, headers=NIET_BEWAREN)
        self._sessies.zet(antwoord, token)
        return antwoord


def _groep(lid: Lidmaatschap) -> str:
    if lid.rol == "houder":
        return "eigen"
    return "namens" if lid.rol == "vertegenwoordiger" else "werk"
