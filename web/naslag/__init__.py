"""Het naslagwerk onder `/docs`: elke definitie als leesbare bladzijde, de handleidingen, en zoeken. Zonder inloggen.

Er staat niets persoonlijks in. Adres: `/docs/{soort}/{id}`; ook `/docs/StructureDefinition/{id}` en de staart van elke
canonical url komt hier uit. Schrijft niets. Bron: FHIR R4 §5 (Conformance).
"""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from web.bezoek import Huis, fout, thema
from web.naslag.bouwen import Naslag
from web.naslag.woorden import HANDLEIDING, SOORTEN

ZOEKTEKST_HOOGSTENS: Final = 100


def router(huis: Huis) -> APIRouter:
    """`/docs`, `/docs/{soort}` en `/docs/{soort}/{id}`."""
    deur = huis.poort.deur
    naslag = Naslag(deur.definities, deur.validator, deur.basis)

    def toon(request: Request, context: object) -> Response:
        return huis.bladzijden.toon(context.SJABLOON, context, thema=thema(request))  # type: ignore[attr-defined]

    async def start(request: Request) -> Response:
        zoek = _zoektekst(request)
        return toon(request, naslag.zoek(zoek) if zoek else naslag.start())

    async def lijst(request: Request, soort: str) -> Response:
        anders = next((s.sleutel for s in SOORTEN.values() if s.fhirtype == soort), None)
        if anders is not None:
            return RedirectResponse(f"/docs/{anders}", 301)
        if enige := naslag.enige(soort):
            return RedirectResponse(enige.adres, 302)
        context = naslag.lijst(soort, _zoektekst(request))
        return toon(request, context) if context else _niet_gevonden(huis, request)

    async def een(request: Request, soort: str, id: str) -> Response:
        if soort == HANDLEIDING:
            context = naslag.handleiding(id)
            return toon(request, context) if context else _niet_gevonden(huis, request)
        stuk = naslag.bibliotheek.vind(soort, id)
        if stuk is None and soort in ("profiel", "extensie"):
            stuk = naslag.bibliotheek.vind("StructureDefinition", id)
        if stuk is None:
            return _niet_gevonden(huis, request)
        if stuk.soort.sleutel != soort:
            return RedirectResponse(stuk.adres, 301)
        return toon(request, naslag.toon(stuk))

    uit = APIRouter(include_in_schema=False)
    uit.add_api_route("/docs", start, methods=["GET"])
    uit.add_api_route("/docs/{soort}", lijst, methods=["GET"])
    uit.add_api_route("/docs/{soort}/{id}", een, methods=["GET"])
    return uit


def _zoektekst(request: Request) -> str:
    return " ".join(request.query_params.get("q", "").split())[:ZOEKTEKST_HOOGSTENS]


def _niet_gevonden(huis: Huis, request: Request) -> Response:
    zinnen = ("Zoek het op in het naslagwerk.",)
    return fout(huis, request, 404, "Deze bladzijde is er niet", zinnen, "/docs")
