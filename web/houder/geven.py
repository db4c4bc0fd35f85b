"""Een toestemming vastleggen: meteen geldig als de houder (of wie beslist) haar geeft, of wachtend op een code.

Een helper die invult, geeft haar niet zelf: hij schrijft op wat de houder zei, en de houder krijgt een code per mail of
brief. Met die code gaat zij gelden. Bron: toegang.md §7.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.toestemming import naar_fhir
from paspoort.toestemming import Toestemming
from server.access.vertegenwoordiging import mag_namens
from server.store import confirmcodes
from web.bezoek import Bezoek, Huis
from web.boek import Boek
from web.deur import DeurFout, nieuw_id_van
from web.houder.delen import partijen, vind, waarvoor, wordt_gevraagd
from web.houder.kader import Fout, Kop, hang, id_van, kop, open_boek, patient_van, toon


@dataclass(frozen=True)
class Bevestigcode:
    """De code typen die de houder kreeg."""

    SJABLOON: ClassVar[str] = "houder/bevestigcode.html"

    kop: Kop
    id: str
    wie: str
    waarvoor: str
    gestuurd: bool
    fouten: tuple[Fout, ...]


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/delen/bevestig/{id}`."""
    hang(router, huis, "/delen/bevestig/{id}", bevestig)
    hang(router, huis, "/delen/bevestig/{id}", typ, "POST")


async def geef(bezoek: Bezoek, boek: Boek, t: Toestemming) -> Response:
    """Schrijf de toestemming door de deur; voor een helper wacht zij op de code van de houder."""
    gegeven = replace(t, gegeven_op=boek.nu.replace(microsecond=0))
    if not await met_code(bezoek, boek):
        consent = await bezoek.deur.maak(naar_fhir(gegeven))
        return bezoek.naar(f"/delen/toestemming/{consent['id']}?gegeven")
    wacht = replace(gegeven, status="proposed", gegeven_via="mondeling")
    id_ = await nieuw_id_van(bezoek.deur, naar_fhir(wacht))
    await confirmcodes.stuur(bezoek.huis.opslag, patient_van(bezoek), id_, int(time.time()))
    return bezoek.naar(f"/delen/bevestig/{id_}")


async def met_code(bezoek: Bezoek, boek: Boek) -> bool:
    """Of wie hier handelt een code van de houder nodig heeft."""
    m = await bezoek.huis.opslag.momentopname(patient_van(bezoek))
    return mag_namens(bezoek.actor, m, "toestemming-geven", boek.nu) == "met-code"


async def bevestig(bezoek: Bezoek) -> Response:
    """Het formulier voor de code."""
    return await _toon(bezoek, ())


async def typ(bezoek: Bezoek) -> Response:
    """Kijk de code na, of laat een nieuwe sturen."""
    boek = await open_boek(bezoek)
    t, opslag = _wacht(boek, id_van(bezoek)), bezoek.huis.opslag
    if bezoek.veld("wat") == "opnieuw":
        opslag.rem.tel("vraag.mail", bezoek.actor.account or "")
        await confirmcodes.stuur(opslag, patient_van(bezoek), t.id, int(time.time()))
        return bezoek.naar(f"/delen/bevestig/{t.id}?gestuurd")
    cijfers = "".join(c for c in bezoek.veld("code") if c.isdigit())
    if len(cijfers) != confirmcodes.CIJFERS:
        return await _toon(bezoek, (Fout("code", "Een code heeft 8 cijfers, bijvoorbeeld 4812 0577."),))
    try:
        await bezoek.deur.operatie("Consent", t.id, "activeer", [{"name": "code", "valueString": cijfers}])
    except DeurFout as fout:
        if fout.status != 422:
            raise
        return await _toon(bezoek, tuple(Fout("code", b.tekst) for b in fout.bevindingen))
    return bezoek.naar(f"/delen/toestemming/{t.id}?gegeven")


def _wacht(boek: Boek, id_: str) -> Toestemming:
    t = vind(boek, id_)
    if not wordt_gevraagd(t) or t.gegeven_via == "gevraagd":
        raise DeurFout(404, ())
    return t


async def _toon(bezoek: Bezoek, fouten: tuple[Fout, ...]) -> Response:
    boek = await open_boek(bezoek)
    t = _wacht(boek, id_van(bezoek))
    gestuurd = "gestuurd" in bezoek.request.query_params
    return toon(
        bezoek,
        Bevestigcode(kop(bezoek, boek, "delen"), t.id, partijen(boek, t), waarvoor(t), gestuurd, fouten),
        fouten,
    )
