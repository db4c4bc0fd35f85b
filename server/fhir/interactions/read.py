"""read, vread en history-instance: één resource, nu of vroeger, door het zicht van nu.

Wie een resource gedeeltelijk ziet, krijgt alleen haar huidige versie (toegang.md §2). Bron: FHIR R4 http.html#read.
"""

from __future__ import annotations

from paspoort.fouten import Melding, PaspoortFout
from server.access.zicht import Getoond
from server.fhir.antwoorden import gelezen, niet_gevonden
from server.fhir.bundle import Regel, regels
from server.fhir.context import Blik, Context
from server.fhir.outcome import FHIR_JSON
from server.fhir.request import FhirResponse
from server.fhir.search.grammatica import AANTAL_HOOGSTENS
from server.store.versions import Versie


async def read(ctx: Context) -> FhirResponse:
    """`GET [type]/[id]`. 404 buiten zicht, 410 als het weg is en te zien was."""
    if (definitie := ctx.deur.definities.get(_type(ctx), _id(ctx))) is not None:
        return FhirResponse(200, definitie.tekst, {"content-type": FHIR_JSON})
    blik, versie = await huidige(ctx)
    getoond = ctx.toon(blik, versie)
    if getoond is None:
        raise niet_gevonden()
    return gelezen(ctx, versie, getoond, blik.zicht)


async def vread(ctx: Context) -> FhirResponse:
    """`GET [type]/[id]/_history/[vid]`."""
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
    oud = await ctx.opslag.versie(versie.partitie, versie.type, versie.id, int(vid))
    if oud is None:
        raise niet_gevonden()
    if oud.verwijderd:
        raise PaspoortFout(Melding("verwijderd"))
    getoond = ctx.toon(blik, oud)
    if getoond is None or not getoond.volledig:
        raise niet_gevonden()
    return gelezen(ctx, oud, getoond, blik.zicht)


async def history(ctx: Context) -> FhirResponse:
    """`GET [type]/[id]/_history`, nieuwste eerst. Alleen `_count` is bekend als parameter."""
    aantal = _aantal(ctx)
    blik, versie = await huidige(ctx, ook_verwijderd=True)
    getoond = None if versie.verwijderd else ctx.toon(blik, versie)
    if getoond is None and not versie.verwijderd:
        raise niet_gevonden()
    if getoond is not None and not getoond.volledig:
        paren = [(versie, getoond)]
    else:
        alle = await ctx.opslag.versies(versie.partitie, versie.type, versie.id)
        paren = [(v, g) for v in alle if (g := _oud(ctx, blik, v)) is not None]
    inhoud = regels("history", [_regel(ctx, v, g) for v, g in paren[:aantal]], len(paren))
    return FhirResponse(200, inhoud, {"content-type": FHIR_JSON})


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


_VERWIJDERD = Getoond({}, b"", True, ())


def _oud(ctx: Context, blik: Blik, versie: Versie) -> Getoond | None:
    """Een versie in de geschiedenis: alleen als zij helemaal te zien is; een verwijdering heeft geen inhoud."""
    if versie.verwijderd:
        return _VERWIJDERD
    getoond = ctx.toon(blik, versie)
    return getoond if getoond is not None and getoond.volledig else None


def _regel(ctx: Context, versie: Versie, getoond: Getoond) -> Regel:
    methode = "DELETE" if versie.verwijderd else ("POST" if versie.versie == 1 else "PUT")
    adres = f"{versie.type}/{versie.id}"
    return Regel(
        f"{ctx.deur.basis}/{adres}",
        None if versie.verwijderd else getoond.tekst,
        {"method": methode, "url": versie.type if methode == "POST" else adres},
        {
            "status": {"DELETE": "204", "POST": "201", "PUT": "200"}[methode],
            "etag": f'W/"{versie.versie}"',
            "lastModified": versie.moment,
        },
    )


def _aantal(ctx: Context) -> int:
    fouten = []
    aantal = AANTAL_HOOGSTENS
    for naam, waarde in ctx.vraag.query:
        if naam in ("_format", "_pretty"):
            continue
        if naam != "_count":
            fouten.append(Melding("zoek-onbekend", naam[:60], {"naam": naam[:60]}))
        elif not (waarde.isascii() and waarde.isdigit() and len(waarde) < 7):
            fouten.append(Melding("zoek-waarde", naam, {"naam": naam}))
        else:
            aantal = min(int(waarde), AANTAL_HOOGSTENS)
    if fouten:
        raise PaspoortFout(*fouten)
    return aantal


def _type(ctx: Context) -> str:
    return ctx.vraag.type or ""


def _id(ctx: Context) -> str:
    return ctx.vraag.id or ""
