"""Apps: het meeste dat zij mogen vragen, waarvoor, hun adressen en sleutels, en schorsen."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.organisatie import ROL_VAN_SOORT
from paspoort.fouten import PaspoortFout
from server.fhir.appbeheer import lees_jwks, vingerafdrukken
from server.store.clients import Client
from web.beheer.appwoorden import in_woorden
from web.beheer.kader import Keuze, appbeheer, beheer, fouten_bij, hang, keuzes, kop, pad
from web.beheer.organisaties import Regel
from web.bezoek import Bezoek, Huis
from web.werk import Fout, TeGast, Werkkop
from web.woorden import codes


@dataclass(frozen=True)
class AppsContext:
    """Alle apps."""

    kop: Werkkop
    gast: TeGast | None
    apps: tuple[Regel, ...]


@dataclass(frozen=True)
class AppContext:
    """Een nieuwe of bestaande app. `jwks` is wat er in het vak staat; leeg laat de sleutels zoals zij zijn."""

    kop: Werkkop
    gast: TeGast | None
    id: str
    naam: str
    waarvoor: str
    scope: str
    scope_woorden: str
    soorten: tuple[Keuze, ...]
    organisaties: tuple[Keuze, ...]
    adressen: str
    jwks: str
    jwks_uri: str
    sleutels: tuple[str, ...]
    geschorst: bool
    fouten: tuple[Fout, ...]


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/beheer/apps` en `/beheer/app/…`."""
    hang(router, huis, "/beheer/apps", alle)
    hang(router, huis, "/beheer/app", nieuw, "GET", "POST")
    hang(router, huis, "/beheer/organisatie/{id}/app", nieuw)
    hang(router, huis, "/beheer/app/{id}", bestaand, "GET", "POST")
    hang(router, huis, "/beheer/app/{id}/schors", schors, "POST")
    hang(router, huis, "/beheer/app/{id}/weg", weg, "POST")


async def alle(bezoek: Bezoek) -> Response:
    """De lijst."""
    b = await beheer(bezoek)
    namen = {o.id: o.naam for o in b.organisaties()}
    regels = tuple(
        Regel(
            f"/beheer/app/{a.client_id}",
            a.naam,
            namen.get(a.organisatie or "", "Van niemand in het bijzonder"),
            "Geschorst" if a.geschorst else "",
        )
        for a in await appbeheer(bezoek).apps()
    )
    return bezoek.toon("beheer/apps.html", AppsContext(kop(bezoek, "apps"), None, regels))


async def nieuw(bezoek: Bezoek) -> Response:
    """Een app aanmelden; bij een organisatie staat haar soort al klaar."""
    id_ = bezoek.request.path_params.get("id")
    huis = (await beheer(bezoek)).organisatie(id_) if id_ else None
    soort = next(iter(sorted(huis.soorten)), "") if huis else "persoonlijk"
    return await _app(bezoek, Client("", soort, "", huis.id if huis else None))


async def bestaand(bezoek: Bezoek) -> Response:
    """Een app wijzigen. 404 als zij er niet is."""
    return await _app(bezoek, await appbeheer(bezoek).app(pad(bezoek)))


async def schors(bezoek: Bezoek) -> Response:
    """Schors, of hef het op; geldt bij het volgende verzoek."""
    await appbeheer(bezoek).schors(pad(bezoek), bezoek.veld("geschorst") == "ja")
    return bezoek.naar(f"/beheer/app/{pad(bezoek)}")


async def weg(bezoek: Bezoek) -> Response:
    """Haal een app weg, als de beheerder zegt dat het zeker is; terug kan het niet."""
    if bezoek.veld("zeker") != "ja":
        fout = Fout("Vink aan dat u het zeker weet.", "zeker")
        return await _toon(bezoek, await appbeheer(bezoek).app(pad(bezoek)), (fout,))
    await appbeheer(bezoek).verwijder(pad(bezoek))
    return bezoek.naar("/beheer/apps")


async def _app(bezoek: Bezoek, app: Client) -> Response:
    if bezoek.request.method != "POST":
        return await _toon(bezoek, app, ())
    app = replace(
        app,
        naam=bezoek.veld("naam"),
        waarvoor=bezoek.veld("waarvoor"),
        scopes=" ".join(bezoek.veld("scope").split()),
        redirect_uris=tuple(bezoek.veld("redirect_uri").split()),
        jwks_uri=bezoek.veld("jwks_uri") or None,
        soort=app.soort if app.client_id else bezoek.veld("soort"),
        organisatie=app.organisatie if app.client_id else bezoek.veld("organisatie") or None,
    )
    try:
        if (sleutels := lees_jwks(bezoek.veld("jwks"))) is not None:
            app = replace(app, jwks=sleutels)
        elif app.jwks_uri:
            app = replace(app, jwks=None)
        return bezoek.naar(f"/beheer/app/{await appbeheer(bezoek).zet_app(app)}")
    except PaspoortFout as fout:
        return await _toon(bezoek, app, fouten_bij(fout))


async def _toon(bezoek: Bezoek, app: Client, fouten: tuple[Fout, ...]) -> Response:
    b = await beheer(bezoek)
    soorten = {"persoonlijk": "Voor mensen zelf", **{s: codes("organisatiesoort")[s] for s in ROL_VAN_SOORT}}
    huizen = [("", "Geen"), *((o.id, o.naam) for o in b.organisaties())]
    context = AppContext(
        kop=kop(bezoek, "apps"),
        gast=None,
        id=app.client_id,
        naam=app.naam,
        waarvoor=app.waarvoor,
        scope=app.scopes,
        scope_woorden=in_woorden(app.scopes),
        soorten=keuzes(soorten.items(), [app.soort]),
        organisaties=keuzes(huizen, [app.organisatie or ""]),
        adressen="\n".join(app.redirect_uris),
        jwks=bezoek.veld("jwks") if fouten else "",
        jwks_uri=app.jwks_uri or "",
        sleutels=vingerafdrukken(app.jwks),
        geschorst=app.geschorst,
        fouten=fouten,
    )
    return bezoek.toon("beheer/app.html", context, 422 if fouten else 200)
