"""read en vread: één resource, nu of vroeger, door het zicht van nu.

Wie een resource gedeeltelijk ziet, krijgt alleen haar huidige versie (toegang.md §2). Bron: FHIR R4 http.html#read.
"""

from __future__ import annotations

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.antwoorden import SNOEIEN, eis_parameters, gelezen, niet_gevonden
from server.fhir.context import Blik, Context
from server.fhir.outcome import FHIR_JSON
from server.fhir.request import FhirResponse
from server.store.versions import Versie


async def read(ctx: Context) -> FhirResponse:
    """`GET [type]/[id]`. 404 buiten zicht, 410 als het weg is en te zien was."""
    eis_parameters(ctx, *SNOEIEN)
    if (definitie := ctx.deur.definities.get(_type(ctx), _id(ctx))) is not None:
        return FhirResponse(200, definitie.tekst, {"content-type": FHIR_JSON})
    blik, versie = await huidige(ctx)
    getoond = ctx.toon(blik, versie)
    if getoond is None:
        raise niet_gevonden()
    return gelezen(ctx, versie, getoond, blik.zicht)


async def vread(ctx: Context) -> FhirResponse:
    """`GET [type]/[id]/_history/[vid]`."""
    eis_parameters(ctx, *SNOEIEN)
    blik, versie = await huidige(ctx, ook_verwijderd=True)
    vid = ctx.vraag.vid or ""
    if not (vid.isascii() and vid.isdigit() and len(vid) < 10):
        raise niet_gevonden()
    if not versie.verwijderd:
        getoond = ctx.toon(blik, versie)
        if getoond is None:
            raise niet_gevonden()
        if int(vid) == versie.versie:
            return gelezen(ctx, versie, getoond, blik.zicht)
        if not getoond.volledig:
            raise niet_gevonden()
    elif not blik.zicht.geheel:
        raise PaspoortFout(Melding("verwijderd"))  # het zicht is weg; wat er stond, is alleen nog van de houder (§3)
    oud = await ctx.opslag.versie(versie.partitie, versie.type, versie.id, int(vid))
    if oud is None:
        raise niet_gevonden()
    if oud.verwijderd:
        raise PaspoortFout(Melding("verwijderd"))
    getoond = ctx.toon(blik, oud)
    if getoond is None or not getoond.volledig:
        raise niet_gevonden()
    return gelezen(ctx, oud, getoond, blik.zicht)


async def huidige(ctx: Context, ook_verwijderd: bool = False) -> tuple[Blik, Versie]:
    """De huidige versie van de gevraagde resource en de blik erop; het zicht is dan nog niet gevraagd.

    Van een verwijderde is het zicht op haar laatste levende versie wél gevraagd: 410 alleen voor wie haar kon zien.
    """
    blik = await ctx.plaats(_type(ctx), _id(ctx))
    versie = blik.momentopname.get(_type(ctx), _id(ctx)) if blik else None
    if blik is None or versie is None:
        raise niet_gevonden()
    if versie.verwijderd:
        if not await was_zichtbaar(ctx, blik, versie):
            raise niet_gevonden()
        if not ook_verwijderd:
            raise PaspoortFout(Melding("verwijderd"))
    return blik, versie


async def was_zichtbaar(ctx: Context, blik: Blik, versie: Versie) -> bool:
    """Of de vrager de laatste levende versie van iets dat weg is, met het zicht van nu helemaal zou zien."""
    alle = await ctx.opslag.versies(versie.partitie, versie.type, versie.id)
    levend = next((v for v in alle if not v.verwijderd), None)
    getoond = blik.zicht.toon(levend) if levend is not None else None
    return getoond is not None


def _type(ctx: Context) -> str:
    return ctx.vraag.type or ""


def _id(ctx: Context) -> str:
    return ctx.vraag.id or ""
