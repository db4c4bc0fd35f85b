"""Hoe ver een vraag is: de negen stappen, wie er aan de beurt is, de weg die wij verwachten, en stoppen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.aanvraag import Uitkomst, Verzoek
from paspoort.beschikking import Afwijking
from paspoort.fhir.stelsels import TAAKSTATUS
from web.adviesverloop import afwijkingen_uit
from web.bezoek import Bezoek, Huis
from web.boek import Boek
from web.deur import DeurFout
from web.houder.delen import Lezer, partijen, stand, waarvoor
from web.houder.kader import Kop, hang, id_van, kop, open_boek, toon
from web.houder.verwachting import Verwachting, verwachting
from web.houder.weg import Loop, loop


@dataclass(frozen=True)
class Aanvraag:
    """Eén vraag. `verwacht` alleen zolang niemand besloot."""

    SJABLOON: ClassVar[str] = "houder/aanvraag.html"

    kop: Kop
    loop: Loop
    gevraagd_op: date | None
    net_verstuurd: bool
    net_gestopt: bool
    wie: str
    verwacht: Verwachting | None
    nee: bool
    afwijkingen: tuple[Afwijking, ...]
    brief: str | None
    lezers: tuple[Lezer, ...]
    mag_stoppen: bool


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/aanvraag/{id}`, en stoppen."""
    hang(router, huis, "/aanvraag/{id}", aanvraag)
    hang(router, huis, "/aanvraag/{id}", stop, "POST")


async def aanvraag(bezoek: Bezoek) -> Response:
    """De bladzijde van één vraag."""
    boek = await open_boek(bezoek)
    verzoek = _vind(boek, id_van(bezoek))
    behandeling = boek.behandeling_van(verzoek)
    wie = boek.naam(behandeling.eigenaar) if behandeling else "De gemeente"
    verwacht = None
    if behandeling is not None and behandeling.open:
        huis = boek.naam(boek.huis(behandeling.eigenaar))  # een organisatie kent iemand en beslist, niet één persoon
        verwacht = verwachting(await bezoek.deur.operatie("DeviceRequest", verzoek.id, "herhaaltoets"), huis)
    query = bezoek.request.query_params
    brief = (behandeling.brief or "").partition("/")[2] if behandeling else ""
    return toon(
        bezoek,
        Aanvraag(
            kop=kop(bezoek, boek, "start"),
            loop=loop(boek, verzoek),
            gevraagd_op=verzoek.ingediend_op,
            net_verstuurd="verstuurd" in query,
            net_gestopt="gestopt" in query,
            wie=wie,
            verwacht=verwacht,
            nee=behandeling is not None and behandeling.uitkomst is Uitkomst.AFGEWEZEN,
            afwijkingen=_afwijkingen(boek, verzoek),
            brief=f"/papier/{brief}" if brief else None,
            lezers=_lezers(boek, verzoek),
            mag_stoppen=behandeling is not None and behandeling.open,
        ),
    )


async def stop(bezoek: Bezoek) -> Response:
    """De vraag stoppen zolang er niet besloten is."""
    boek = await open_boek(bezoek)
    verzoek = _vind(boek, id_van(bezoek))
    behandeling = boek.behandeling_van(verzoek)
    if behandeling is not None and behandeling.open:
        ingetrokken = {"coding": [{"system": TAAKSTATUS, "code": "ingetrokken"}]}
        taak = boek.inhouden[behandeling.verwijzing]
        await bezoek.deur.wijzig({**taak, "status": "cancelled", "businessStatus": ingetrokken})
    return bezoek.naar(f"/aanvraag/{verzoek.id}?gestopt")


def _vind(boek: Boek, id_: str) -> Verzoek:
    gevonden = next((v for v in boek.paspoort.verzoeken if v.id == id_), None)
    if gevonden is None:
        raise DeurFout(404, ())
    return gevonden


def _afwijkingen(boek: Boek, verzoek: Verzoek) -> tuple[Afwijking, ...]:
    """Welke eisen uit het advies de verstrekker niet volgt, en waarom: bij het besluit, of bij een nee."""
    uit = [a for b in boek.paspoort.besluiten if verzoek.verwijzing in b.grondslag for a in b.afwijkingen]
    behandeling = boek.behandeling_van(verzoek)
    uit += afwijkingen_uit(boek.inhouden[behandeling.verwijzing]) if behandeling else ()
    return tuple(dict.fromkeys(uit))


def _lezers(boek: Boek, verzoek: Verzoek) -> tuple[Lezer, ...]:
    """Wie door deze vraag meeleest, of straks gaat meelezen."""
    uit = []
    behandeling = boek.behandeling_van(verzoek)
    hulpmiddel = boek.hulpmiddel_van(boek.paspoort.gebruik(verzoek.betreft))
    erbij = {boek.huis(behandeling.eigenaar) if behandeling else None, hulpmiddel.leverancier if hulpmiddel else None}
    for t in boek.toestemmingen:
        van_deze_vraag = t.gegeven_via == "verzoek" and bool({boek.huis(a) for a in t.aan} & (erbij - {None}))
        if van_deze_vraag and stand(boek, t) != "voorbij":
            straks = " Begint na een ja." if stand(boek, t) == "straks" else ""
            uit.append(Lezer(t.id, partijen(boek, t), f"{waarvoor(t)}.{straks}", None))
    return tuple(uit)
