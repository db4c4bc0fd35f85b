"""Hoe ver een vraag is: de negen stappen, wie er aan de beurt is, de weg die wij verwachten, en stoppen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.aanvraag import Fase, Uitkomst, Verzoek
from paspoort.beschikking import Afwijking
from paspoort.fhir.stelsels import TAAKSTATUS
from web.adviesverloop import afwijkingen_uit
from web.bezoek import Bezoek, Huis
from web.boek import Boek
from web.deur import DeurFout
from web.gesprek import HOOGSTENS, Regel, bericht, gesprek
from web.houder.delen import Lezer, partijen, stand, waarvoor
from web.houder.kader import Fout, Kop, hang, id_van, kop, open_boek, patient_van, toon
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
    net_geantwoord: bool
    wie: str
    bel: str
    gesprek: tuple[Regel, ...]
    mag_antwoorden: bool
    antwoord: str
    fouten: tuple[Fout, ...]
    verwacht: Verwachting | None
    nee: bool
    afwijkingen: tuple[Afwijking, ...]
    brief: str | None
    lezers: tuple[Lezer, ...]
    mag_stoppen: bool


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/aanvraag/{id}`, antwoorden en stoppen."""
    hang(router, huis, "/aanvraag/{id}", aanvraag)
    hang(router, huis, "/aanvraag/{id}", stop, "POST")
    hang(router, huis, "/aanvraag/{id}/antwoord", antwoord, "POST")


async def aanvraag(bezoek: Bezoek) -> Response:
    """De bladzijde van één vraag."""
    boek = await open_boek(bezoek)
    return await _toon(bezoek, boek, _vind(boek, id_van(bezoek)), ())


async def antwoord(bezoek: Bezoek) -> Response:
    """Het antwoord op wat de behandelaar vroeg; daarna is die weer aan de beurt (`server/fhir/rules/gesprek.py`)."""
    boek = await open_boek(bezoek)
    verzoek = _vind(boek, id_van(bezoek))
    behandeling = boek.behandeling_van(verzoek)
    if behandeling is None or behandeling.fase is not Fase.WACHT_OP_HOUDER:
        return bezoek.naar(f"/aanvraag/{verzoek.id}")
    woorden = bezoek.veld("antwoord")
    if not woorden or len(woorden) > HOOGSTENS:
        zin = f"Dit is te lang. Gebruik hoogstens {HOOGSTENS} tekens." if woorden else "Schrijf eerst uw antwoord."
        return await _toon(bezoek, boek, verzoek, (Fout("antwoord", zin),))
    taak = behandeling.verwijzing
    op = next((r.id for r in reversed(gesprek(boek, taak)) if not r.van_houder), "")
    aan = (behandeling.eigenaar, boek.huis(behandeling.eigenaar))
    await bezoek.deur.maak(bericht(boek, taak, f"Patient/{patient_van(bezoek)}", aan, woorden, op))
    return bezoek.naar(f"/aanvraag/{verzoek.id}?geantwoord")


async def _toon(bezoek: Bezoek, boek: Boek, verzoek: Verzoek, fouten: tuple[Fout, ...]) -> Response:
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
            net_geantwoord="geantwoord" in query,
            wie=wie,
            bel=(boek.telefoon(boek.huis(behandeling.eigenaar)) or "") if behandeling else "",
            gesprek=gesprek(boek, behandeling.verwijzing) if behandeling else (),
            mag_antwoorden=behandeling is not None and behandeling.fase is Fase.WACHT_OP_HOUDER,
            antwoord=bezoek.veld("antwoord") if fouten else "",
            fouten=fouten,
            verwacht=verwacht,
            nee=behandeling is not None and behandeling.uitkomst is Uitkomst.AFGEWEZEN,
            afwijkingen=_afwijkingen(boek, verzoek),
            brief=f"/papier/{brief}" if brief else None,
            lezers=_lezers(boek, verzoek),
            mag_stoppen=behandeling is not None and behandeling.open,
        ),
        fouten,
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
