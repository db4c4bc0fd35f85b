"""Wat voor iedereen is: `/` per rol, letters en kleuren, hulp, toegankelijkheid; en de bladzijde van de leverancier.

Een leverancier werkt in deze versie met het eigen systeem (ontwerp.md deel 3, *Roles*); hier ziet hij alleen wat open
staat.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from paspoort.aanvraag import GESLOTEN
from paspoort.fhir.aanvraag import is_opdracht, opdracht_uit_fhir
from paspoort.termijn import in_woorden
from paspoort.toestemming import HIER
from web.bezoek import THEMA_COOKIE, Bezoek, Huis, bladzijde, fout, thema
from web.bladzijde import THEMAS
from web.houder.start import start
from web.woorden import codes

BEGIN: Final = {"therapeut": "/clienten", "verstrekker": "/werkvoorraad", "beheerder": "/beheer"}
JAAR: Final = 365 * 24 * 3600
THEMANAMEN: Final = {
    "licht": ("Licht", "Donkere letters op een lichte bladzijde."),
    "donker": ("Donker", "Lichte letters op een donkere bladzijde."),
    "contrast": ("Extra duidelijk, licht", "Zwart op wit, met dikke lijnen."),
    "contrast-donker": ("Extra duidelijk, donker", "Wit op zwart, met dikke lijnen."),
}


@dataclass(frozen=True, slots=True)
class Themakeuze:
    """Eén weergave om te kiezen; de lege waarde volgt het toestel."""

    waarde: str
    naam: str
    uitleg: str
    gekozen: bool


@dataclass(frozen=True)
class Weergave:
    """Letters en kleuren kiezen."""

    SJABLOON: ClassVar[str] = "algemeen/weergave.html"

    keuzes: tuple[Themakeuze, ...]
    csrf: str
    bewaard: bool


@dataclass(frozen=True)
class Hulp:
    """Waar u hulp krijgt."""

    SJABLOON: ClassVar[str] = "algemeen/hulp.html"


@dataclass(frozen=True)
class Toegankelijk:
    """Wat wij doen zodat iedereen dit kan gebruiken, en wat nog niet goed is."""

    SJABLOON: ClassVar[str] = "algemeen/toegankelijk.html"


@dataclass(frozen=True, slots=True)
class OpenOpdracht:
    """Eén opdracht in de lijst; zonder naam of gegevens van de houder."""

    id: str
    soort: str
    categorie: str
    stand: str
    sinds: datetime | None
    uiterlijk: date | None
    termijn: str


@dataclass(frozen=True)
class Opdrachten:
    """De open opdrachten van een leverancier, alleen om te lezen."""

    SJABLOON: ClassVar[str] = "algemeen/opdrachten.html"

    organisatie: str
    opdrachten: tuple[OpenOpdracht, ...]
    csrf: str


def router(huis: Huis) -> APIRouter:
    """`/`, `/weergave`, `/hulp` en `/toegankelijk`."""
    uit = APIRouter(include_in_schema=False)
    uit.add_api_route("/", bladzijde(huis, "iedereen", begin), methods=["GET"])

    async def toon_weergave(request: Request) -> Response:
        return await _weergave(huis, request)

    async def zet_weergave(request: Request) -> Response:
        return await _zet_weergave(huis, request)

    async def hulp(request: Request) -> Response:
        return huis.bladzijden.toon(Hulp.SJABLOON, Hulp(), thema=thema(request))

    async def toegankelijk(request: Request) -> Response:
        return huis.bladzijden.toon(Toegankelijk.SJABLOON, Toegankelijk(), thema=thema(request))

    uit.add_api_route("/weergave", toon_weergave, methods=["GET"])
    uit.add_api_route("/weergave", zet_weergave, methods=["POST"])
    uit.add_api_route("/hulp", hulp, methods=["GET"])
    uit.add_api_route("/toegankelijk", toegankelijk, methods=["GET"])
    return uit


async def begin(bezoek: Bezoek) -> Response:
    """Ieder begint op de eigen bladzijde."""
    rol = bezoek.actor.rol
    if rol in ("houder", "vertegenwoordiger"):
        return await start(bezoek)
    if rol in BEGIN:
        return bezoek.naar(BEGIN[rol])
    return await _opdrachten(bezoek)


async def _opdrachten(bezoek: Bezoek) -> Response:
    organisatie = bezoek.actor.organisatie or ""
    taken = await bezoek.deur.zoek("Task", owner=f"Organization/{organisatie}")
    gevonden = [opdracht_uit_fhir(t) for t in taken if is_opdracht(t) and t.get("status") not in GESLOTEN]
    vandaag = datetime.now(HIER).date()
    opdrachten = tuple(
        OpenOpdracht(
            id=o.id,
            soort=codes("soort-opdracht").get(o.soort or "", "Opdracht"),
            categorie=codes("categorie").get(o.categorie or "", "Hulpmiddel"),
            stand=codes("taakstatus").get(o.fase or "", ""),
            sinds=o.gemaakt_op,
            uiterlijk=o.uiterlijk,
            termijn=in_woorden(o.uiterlijk, vandaag) if o.uiterlijk else "",
        )
        for o in sorted(gevonden, key=lambda o: (o.uiterlijk or date.max, o.id))
    )
    naam = bezoek.huis.sessies.organisatienaam(organisatie) or "uw organisatie"
    return bezoek.toon(Opdrachten.SJABLOON, Opdrachten(naam, opdrachten, bezoek.csrf))


async def _weergave(huis: Huis, request: Request) -> Response:
    nu = thema(request) or ""
    keuzes = [Themakeuze("", "Zoals mijn toestel", "Wij volgen uw telefoon of computer.", nu == "")]
    keuzes += [Themakeuze(code, *THEMANAMEN[code], nu == code) for code in THEMAS]
    bewaard = "bewaard" in request.query_params
    context = Weergave(tuple(keuzes), await huis.sessies.csrf(request), bewaard)
    return huis.bladzijden.toon(Weergave.SJABLOON, context, thema=thema(request))


async def _zet_weergave(huis: Huis, request: Request) -> Response:
    """Werkt ook zonder inloggen: er hangt niets aan dan de kleur van deze browser."""
    formulier = await request.form(max_files=0, max_fields=10)
    sessie = await huis.sessies.huidige(request)
    if sessie is not None and not sessie.klopt_csrf(str(formulier.get("csrf", ""))):
        return fout(huis, request, 403, "Dit formulier is te oud", ("Ga terug en kies nog eens.",), "/weergave")
    gekozen = str(formulier.get("thema", ""))
    antwoord = RedirectResponse("/weergave?bewaard", 303)
    if gekozen in THEMAS:
        antwoord.set_cookie(
            THEMA_COOKIE, gekozen, max_age=JAAR, httponly=True, samesite="lax", secure=huis.sessies.https, path="/"
        )
    else:
        antwoord.delete_cookie(THEMA_COOKIE, path="/")
    return antwoord
