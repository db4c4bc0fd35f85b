"""Iemand vraagt u om toestemming: kijk wie, waarvoor en wat, en zeg ja, een beetje, of nee.

Twee wegen, één bladzijde: een link of code die een organisatie u gaf (zij weet niet of u een paspoort hebt), en een
vraag die al in uw paspoort ligt (Consent `proposed`). Pas een ja maakt dat iemand leest. Bron: toegang.md §4, §5 en §7.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from paspoort.fhir.toestemming import pas_aan
from paspoort.fouten import PaspoortFout
from paspoort.toegang import DOELEN
from paspoort.toestemming import Toestemming, leest, leest_niet, voorstel
from server.access.voorval import CODE_GERADEN, log_voorval
from server.store import consentasks
from server.store.consentasks import OPEN, Vraag
from web.bezoek import ROLLEN, Bezoek, Huis, thema
from web.bladzijde import als_datum
from web.boek import Boek
from web.deur import DeurFout
from web.houder.beeld import Beeld, beeld
from web.houder.delen import GEVRAAGD, partijen, vind
from web.houder.geven import geef, met_code
from web.houder.kader import Fout, Kop, hang, id_van, kop, open_boek, patient_van, toon
from web.houder.minder import Minderkeuze, keuze, lees
from web.houder.toestemming import rol_van
from web.houder.uitnodigen_stappen import Hulpmiddelkeuze
from web.woorden import WAARVOOR, naam_van

NIET_GEVONDEN: Final = "Deze cijfers kennen wij niet, of zij zijn verlopen. Vraag de ander om nieuwe."
VOORBIJ: Final = "Deze link werkt niet meer. Vraag de ander om een nieuwe."
HOE: Final = {
    "gevraagd": "",
    "papier": "Iemand schreef op dat u dit op papier gaf. Klopt dat niet? Zeg dan nee.",
    "mondeling": "Iemand schreef op dat u dit zei. Klopt dat niet? Zeg dan nee.",
}


@dataclass(frozen=True)
class VraagCode:
    """Cijfers typen die iemand u gaf."""

    SJABLOON: ClassVar[str] = "houder/vraag_code.html"

    kop: Kop
    cijfers: str
    fouten: tuple[Fout, ...]


@dataclass(frozen=True)
class VraagLink:
    """De link van een organisatie, geopend door wie nog niet is ingelogd."""

    SJABLOON: ClassVar[str] = "houder/vraag_link.html"


@dataclass(frozen=True)
class Gevraagd:
    """Wie vraagt wat; u beslist."""

    SJABLOON: ClassVar[str] = "houder/vraag.html"

    kop: Kop
    adres: str
    wie: str
    wie_precies: str
    waarvoor: str
    hoe: str
    leest: tuple[str, ...]
    leest_niet: tuple[str, ...]
    hulpmiddelen: tuple[Hulpmiddelkeuze, ...]
    minder: Minderkeuze
    tot: date | None
    beeld: Beeld
    fouten: tuple[Fout, ...]


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/delen/vraag` (ook zonder inlog), `/delen/vraag/{id}` en `/delen/gevraagd/{id}`."""
    router.add_api_route("/delen/vraag", _begin(huis), methods=["GET"])
    hang(router, huis, "/delen/vraag", zoek, "POST")
    hang(router, huis, "/delen/vraag/{id}", vraag)
    hang(router, huis, "/delen/vraag/{id}", beslis_vraag, "POST")
    hang(router, huis, "/delen/gevraagd/{id}", gevraagd)
    hang(router, huis, "/delen/gevraagd/{id}", beslis_gevraagd, "POST")


def _begin(huis: Huis) -> Callable[[Request], Awaitable[Response]]:
    async def route(request: Request) -> Response:
        """Ook voor wie nog niet is ingelogd: het script onthoudt het token in dit tabblad, tot na het inloggen."""
        sessie = await huis.sessies.huidige(request)
        if sessie is None or sessie.actor is None:
            return huis.bladzijden.toon(VraagLink.SJABLOON, VraagLink(), thema=thema(request))
        if sessie.actor.rol not in ROLLEN["houder"]:
            return RedirectResponse("/", 303)
        bezoek = Bezoek(huis, request, sessie.actor, sessie.csrf, None)
        return await _code(bezoek, ())

    return route


async def zoek(bezoek: Bezoek) -> Response:
    """Zoek de vraag bij de cijfers of het token; een verkeerde code telt mee tegen raden."""
    opslag, nu = bezoek.huis.opslag, int(time.time())
    if token := bezoek.veld("token"):
        gevonden = await consentasks.met_token(opslag, token, nu)
        return await _verder(bezoek, gevonden, VOORBIJ)
    cijfers = "".join(c for c in bezoek.veld("code") if c.isdigit())
    if len(cijfers) != 6:
        return await _code(bezoek, (Fout("code", "Dit zijn 6 cijfers, bijvoorbeeld 481 205."),))
    adres = opslag.rem.adres(bezoek.request.scope)
    try:
        gevonden = await consentasks.met_code(opslag, cijfers, bezoek.actor.account or "", nu, adres)
    except PaspoortFout as fout:
        await log_voorval(opslag, bezoek.actor, CODE_GERADEN)
        return await _code(bezoek, (Fout("code", fout.meldingen[0].tekst()),))
    if gevonden is None:
        await log_voorval(opslag, bezoek.actor, CODE_GERADEN)
    return await _verder(bezoek, gevonden, NIET_GEVONDEN)


async def vraag(bezoek: Bezoek) -> Response:
    """Wie vraagt wat, via een link of code."""
    boek = await open_boek(bezoek)
    v = await _open(bezoek)
    t = _toestemming(bezoek, boek, v, ())
    return await _toon(bezoek, boek, t, t, f"/delen/vraag/{v.id}", _wie(v), "", ())


async def beslis_vraag(bezoek: Bezoek) -> Response:
    """Ja maakt de toestemming; nee sluit de vraag, en de ander hoort niets."""
    boek = await open_boek(bezoek)
    v = await _open(bezoek)
    opslag, nu = bezoek.huis.opslag, int(time.time())
    if bezoek.veld("besluit") == "nee":
        if await met_code(bezoek, boek):
            raise DeurFout(403, ())  # afwijzen is beslissen: dat doet de houder zelf
        await consentasks.beantwoord(opslag, v.id, False, nu)
        return bezoek.naar("/delen")
    vol = _toestemming(bezoek, boek, v, gekozen_hulpmiddelen(bezoek, boek))
    gekozen, fouten = _lees(bezoek, boek, vol)
    if fouten or bezoek.veld("besluit") != "ja":
        return await _toon(bezoek, boek, vol, gekozen, f"/delen/vraag/{v.id}", _wie(v), "", fouten)
    if not await consentasks.beantwoord(opslag, v.id, True, nu):
        raise DeurFout(404, ())
    return await geef(bezoek, boek, replace(gekozen, gegeven_via="gevraagd"))


async def gevraagd(bezoek: Bezoek) -> Response:
    """Een vraag die al in het paspoort ligt."""
    boek = await open_boek(bezoek)
    t = _wachtend(boek, id_van(bezoek))
    vol = replace(t, status="active")
    wie = (partijen(boek, t), partijen(boek, t))
    return await _toon(bezoek, boek, vol, vol, f"/delen/gevraagd/{t.id}", wie, HOE.get(t.gegeven_via or "", ""), ())


async def beslis_gevraagd(bezoek: Bezoek) -> Response:
    """Ja laat haar gelden, met wat de houder overliet; nee wijst haar af."""
    boek = await open_boek(bezoek)
    t = _wachtend(boek, id_van(bezoek))
    oud = boek.inhouden[f"Consent/{t.id}"]
    if bezoek.veld("besluit") == "nee":
        await bezoek.deur.wijzig({**oud, "status": "rejected"})
        return bezoek.naar("/delen")
    if await met_code(bezoek, boek):
        return bezoek.naar(f"/delen/bevestig/{t.id}")
    vol = replace(t, status="active")
    if betreft := gekozen_hulpmiddelen(bezoek, boek):
        vol = replace(vol, betreft=frozenset(betreft))
    gekozen, fouten = _lees(bezoek, boek, vol)
    if fouten or bezoek.veld("besluit") != "ja":
        wie = (partijen(boek, t), partijen(boek, t))
        hoe = HOE.get(t.gegeven_via or "", "")
        return await _toon(bezoek, boek, vol, gekozen, f"/delen/gevraagd/{t.id}", wie, hoe, fouten)
    gegeven = replace(gekozen, gegeven_op=boek.nu.replace(microsecond=0))
    await bezoek.deur.wijzig(pas_aan(oud, gegeven))
    return bezoek.naar(f"/delen/toestemming/{t.id}?gegeven")


def gekozen_hulpmiddelen(bezoek: Bezoek, boek: Boek) -> tuple[str, ...]:
    """De aangevinkte hulpmiddelen die in dit paspoort staan."""
    alle = {h.verwijzing for h in boek.paspoort.hulpmiddelen}
    return tuple(p for p in bezoek.velden().get("hulpmiddel", []) if p in alle)


def _lees(bezoek: Bezoek, boek: Boek, vol: Toestemming) -> tuple[Toestemming, tuple[Fout, ...]]:
    gekozen, fouten = lees(bezoek, boek, vol)
    if DOELEN[vol.doel or ""].betreft and not vol.betreft:
        fouten = (Fout("hulpmiddel", "Kies voor welk hulpmiddel het is."), *fouten)
    return gekozen, fouten


async def _verder(bezoek: Bezoek, v: Vraag | None, zin: str) -> Response:
    if v is None or v.stand != OPEN:
        return await _code(bezoek, (Fout("code", zin),))
    return bezoek.naar(f"/delen/vraag/{v.id}")


async def _open(bezoek: Bezoek) -> Vraag:
    """De vraag, zolang zij open staat. Wie haar id heeft, kreeg de link of de code."""
    v = await consentasks.met_id(bezoek.huis.opslag, id_van(bezoek))
    if v is None or v.stand != OPEN or v.verloopt <= time.time():
        raise DeurFout(404, ())
    return v


def _toestemming(bezoek: Bezoek, boek: Boek, v: Vraag, betreft: tuple[str, ...]) -> Toestemming:
    rol = v.gegevens["rol"]
    aan = f"PractitionerRole/{v.functie}" if rol == "therapeut" else f"Organization/{v.organisatie}"
    return voorstel(v.gegevens["doel"], rol, f"Patient/{patient_van(bezoek)}", aan, boek.vandaag, betreft)


def _wachtend(boek: Boek, id_: str) -> Toestemming:
    t = vind(boek, id_)
    if t.status != "proposed" or t.gegeven_via not in GEVRAAGD or not t.begrepen or t.doel not in DOELEN:
        raise DeurFout(404, ())
    return t


def _wie(v: Vraag) -> tuple[str, str]:
    return v.gegevens["naam"], f"{v.gegevens['naam']} van {v.gegevens['organisatienaam']}"


async def _code(bezoek: Bezoek, fouten: tuple[Fout, ...]) -> Response:
    boek = await open_boek(bezoek)
    return toon(bezoek, VraagCode(kop(bezoek, boek, "delen"), bezoek.veld("code"), fouten), fouten)


async def _toon(
    bezoek: Bezoek, boek: Boek, vol: Toestemming, gekozen: Toestemming, adres: str, wie: tuple[str, str], hoe: str,
    fouten: tuple[Fout, ...],
) -> Response:  # fmt: skip
    rol = rol_van(bezoek, vol)
    betreft = DOELEN[vol.doel or ""].betreft
    in_gebruik = [h for g in boek.paspoort.lopende_gebruiken if (h := boek.hulpmiddel_van(g))]
    return toon(
        bezoek,
        Gevraagd(
            kop=kop(bezoek, boek, "delen"),
            adres=adres,
            wie=wie[0],
            wie_precies=wie[1],
            waarvoor=WAARVOOR.get(vol.doel or "", ""),
            hoe=hoe,
            leest=leest(gekozen.groepen),
            leest_niet=leest_niet(gekozen.groepen),
            hulpmiddelen=tuple(
                Hulpmiddelkeuze(h.verwijzing, naam_van(h), h.verwijzing in vol.betreft) for h in in_gebruik if betreft
            ),
            minder=await keuze(bezoek, boek, vol, gekozen, rol, bool(fouten) or gekozen != vol),
            tot=als_datum(gekozen.tot),
            beeld=await beeld(bezoek, boek, gekozen, rol, wie[0]),
            fouten=fouten,
        ),
        fouten,
    )
