"""Een cliënt om toestemming vragen, zonder te weten of er een paspoort is: een code, een link, of een mail met de link.

Wat de cliënt antwoordt, ziet u pas bij een ja. Een nee en geen antwoord zien er hetzelfde uit (toegang.md §5). Vragen
in een paspoort waar u al mag lezen: `vragen_client.py`. De houder beslist in `web/houder/vragen.py`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import Response
from markupsafe import Markup

from paspoort.toegang import DOELEN
from paspoort.toestemming import HIER, Toestemming, voorstel
from server.access.actor import Actor
from server.post.maildeur import is_adres, kan_mailen
from server.store import consentasks
from server.store.consentasks import JA, OPEN, Vraag
from web.bezoek import Bezoek, Huis, bladzijde
from web.deur import DeurFout
from web.qr import als_qr
from web.werk import Fout, TeGast, Werkkop, werkkop
from web.werkwoorden import DOELEN as DOELWOORDEN
from web.werkwoorden import GROEPEN, kapitaal

NIEUW_SJABLOON: Final = "werk/vraag_nieuw.html"
SJABLOON: Final = "werk/vraag.html"
MAILS_HOOGSTENS: Final = "vraag.mail"  # server/rem.py


@dataclass(frozen=True, slots=True)
class Doelkeuze:
    """Eén doel met wat het voorstelt."""

    code: str
    naam: str
    leest: str
    gekozen: bool


@dataclass(frozen=True, slots=True)
class Gesteld:
    """Eén vraag die u stelde."""

    adres: str
    waarvoor: str
    stand: str
    tot: datetime


@dataclass(frozen=True)
class NieuwContext:
    """Waarvoor vraagt u toestemming?"""

    kop: Werkkop
    gast: TeGast | None
    doelen: tuple[Doelkeuze, ...]
    gesteld: tuple[Gesteld, ...]
    fouten: tuple[Fout, ...]


@dataclass(frozen=True)
class VraagContext:
    """De code, de link en de mail bij één vraag."""

    kop: Werkkop
    gast: TeGast | None
    id: str
    waarvoor: str
    leest: tuple[str, ...]
    cijfers: str
    code_tot: datetime | None
    plek: str
    link: str
    qr: Markup
    tot: datetime
    mailt: bool
    gemaild: bool
    aan: str
    fouten: tuple[Fout, ...]


def router(huis: Huis) -> APIRouter:
    """`/vraag` en `/vraag/{id}`."""
    paden = APIRouter()
    paden.add_api_route("/vraag", bladzijde(huis, "professional", nieuw), methods=["GET"])
    paden.add_api_route("/vraag", bladzijde(huis, "professional", stel), methods=["POST"])
    paden.add_api_route("/vraag/{id}", bladzijde(huis, "professional", vraag), methods=["GET"])
    paden.add_api_route("/vraag/{id}", bladzijde(huis, "professional", doe), methods=["POST"])
    return paden


async def nieuw(bezoek: Bezoek) -> Response:
    """Kies waarvoor, en zie wat u al vroeg."""
    return await _nieuw(bezoek, ())


async def stel(bezoek: Bezoek) -> Response:
    """Maak de vraag; niemand hoort nog iets."""
    doel = bezoek.veld("doel")
    a = bezoek.actor
    if doel not in doelen_van(a.rol):
        return await _nieuw(bezoek, (Fout("Kies waarvoor u toestemming vraagt.", "doel"),))
    if a.organisatie is None or a.functie is None:
        return await _nieuw(bezoek, (Fout("Uw account hoort nog niet bij een functie.", "doel"),))
    gemaakt = await consentasks.stel(
        bezoek.huis.opslag, a.organisatie, a.functie, gegevens(bezoek, doel), int(time.time())
    )
    return bezoek.naar(f"/vraag/{gemaakt.id}")


async def vraag(bezoek: Bezoek) -> Response:
    """De code en de link."""
    return _vraag(bezoek, await _mijn(bezoek), ())


async def doe(bezoek: Bezoek) -> Response:
    """Een nieuwe code, of de link mailen."""
    v = await _mijn(bezoek)
    if bezoek.veld("wat") == "code":
        await consentasks.nieuwe_code(bezoek.huis.opslag, v, int(time.time()))
        return bezoek.naar(f"/vraag/{v.id}")
    aan = bezoek.veld("aan")
    if not is_adres(aan) or not kan_mailen(bezoek.huis.settings):
        return _vraag(bezoek, v, (Fout("Dit is geen mailadres. Het ziet er zo uit: yvonne@post.nl", "aan"),))
    if v.stand == OPEN and v.verloopt > time.time():
        bezoek.huis.opslag.rem.tel(MAILS_HOOGSTENS, bezoek.actor.account or "")
        naam, huis = v.gegevens["naam"], v.gegevens["organisatienaam"]
        await consentasks.mail(bezoek.huis.opslag, v, aan, naam, huis)
    # Hetzelfde antwoord, wat er ook met de mail of de vraag gebeurt.
    return bezoek.naar(f"/vraag/{v.id}?gemaild")


def doelen_van(rol: str) -> tuple[str, ...]:
    """Waarvoor deze rol toestemming kan vragen."""
    return tuple(code for code, d in DOELEN.items() if rol in d.groepen)


def gegevens(bezoek: Bezoek, doel: str) -> dict[str, Any]:
    """Wat de houder te zien krijgt over wie vraagt."""
    a = bezoek.actor
    huis = bezoek.huis.sessies.organisatienaam(a.organisatie) or "een organisatie"
    return {"doel": doel, "rol": a.rol, "naam": a.naam, "organisatienaam": huis}


def aan_van(actor: Actor) -> str:
    """Wie de toestemming krijgt: een therapeut op naam, anders de organisatie."""
    return f"PractitionerRole/{actor.functie}" if actor.rol == "therapeut" else f"Organization/{actor.organisatie}"


def keuzes(rol: str, gekozen: str, vandaag: date) -> tuple[Doelkeuze, ...]:
    """De doelen met hun voorstel in woorden; is er maar één, dan is dat gekozen."""
    uit, doelen = [], tuple(doelen_van(rol))
    for code in doelen:
        t = voorstel(code, rol, "Patient/voorbeeld", "Organization/voorbeeld", vandaag)
        naam = kapitaal(DOELWOORDEN[code])
        leest = ", ".join(GROEPEN[g] for g in GROEPEN if g in t.groepen)
        uit.append(Doelkeuze(code, naam, leest, len(doelen) == 1 or code == gekozen))
    return tuple(uit)


def voorgesteld(gegevens_: Mapping[str, Any], patient: str, aan: str, vandaag: date) -> Toestemming:
    """De toestemming waar een vraag om gaat. PaspoortFout `doel-onbekend` als doel en rol niet passen."""
    return voorstel(gegevens_["doel"], gegevens_["rol"], f"Patient/{patient}", aan, vandaag)


async def _nieuw(bezoek: Bezoek, fouten: tuple[Fout, ...]) -> Response:
    nu = int(time.time())
    alle = await consentasks.vragen_van(bezoek.huis.opslag, bezoek.actor.organisatie or "", nu)
    gesteld = tuple(
        Gesteld(
            f"/vraag/{v.id}",
            kapitaal(DOELWOORDEN.get(v.gegevens["doel"], "")),
            "Uw cliënt zei ja" if v.stand == JA else "Nog geen ja",
            datetime.fromtimestamp(v.verloopt, HIER),
        )
        for v in alle
        if v.functie == bezoek.actor.functie
    )
    context = NieuwContext(
        kop=werkkop(bezoek, "code"),
        gast=None,
        doelen=keuzes(bezoek.actor.rol, bezoek.veld("doel"), datetime.now(HIER).date()),
        gesteld=gesteld,
        fouten=fouten,
    )
    return bezoek.toon(NIEUW_SJABLOON, context, 422 if fouten else 200)


async def _mijn(bezoek: Bezoek) -> Vraag:
    v = await consentasks.met_id(bezoek.huis.opslag, str(bezoek.request.path_params["id"]))
    zelf = v is not None and v.organisatie == bezoek.actor.organisatie and v.functie == bezoek.actor.functie
    if v is None or not zelf:
        raise DeurFout(404, ())
    return v


def _vraag(bezoek: Bezoek, v: Vraag, fouten: tuple[Fout, ...]) -> Response:
    basis = bezoek.huis.settings.base_url
    link = f"{basis}/delen/vraag#{v.token}"
    werkt = v.code_tot > time.time()
    t = voorgesteld(v.gegevens, "voorbeeld", "Organization/voorbeeld", datetime.now(HIER).date())
    context = VraagContext(
        kop=werkkop(bezoek, "code"),
        gast=None,
        id=v.id,
        waarvoor=DOELWOORDEN.get(v.gegevens["doel"], ""),
        leest=tuple(GROEPEN[g] for g in GROEPEN if g in t.groepen),
        cijfers=f"{v.code[:3]} {v.code[3:]}" if werkt else "",
        code_tot=datetime.fromtimestamp(v.code_tot, HIER) if werkt else None,
        plek=basis.partition("://")[2] + "/delen/vraag",
        link=link,
        qr=als_qr(link),
        tot=datetime.fromtimestamp(v.verloopt, HIER),
        mailt=kan_mailen(bezoek.huis.settings),
        gemaild="gemaild" in bezoek.request.query_params,
        aan=bezoek.veld("aan") if fouten else "",
        fouten=fouten,
    )
    return bezoek.toon(SJABLOON, context, 422 if fouten else 200)
