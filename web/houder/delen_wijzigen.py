"""Een toestemming die er al is: minder laten lezen, langer laten duren, en precies zien wat de ander ziet.

Wijzigen gaat door de deur en werkt bij de volgende keer dat iemand leest. Meer laten lezen kan hier niet: daarvoor is
een nieuwe toestemming, met een nieuw ja. Bron: toegang.md §1 en §4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import Response

from paspoort.fhir.toestemming import pas_aan
from paspoort.fouten import PaspoortFout
from paspoort.toestemming import Toestemming, langst, leest, leest_niet, verleng
from web.bezoek import Bezoek, Huis
from web.bladzijde import als_datum
from web.boek import Boek
from web.deur import DeurFout
from web.houder.beeld import Beeld, beeld
from web.houder.delen import partijen, stand, vind, waarvoor
from web.houder.kader import Fout, Kop, hang, id_van, kop, open_boek, toon
from web.houder.minder import Minderkeuze, keuze, lees
from web.houder.toestemming import rol_van


@dataclass(frozen=True)
class Minder:
    """Minder laten lezen."""

    SJABLOON: ClassVar[str] = "houder/delen_minder.html"

    kop: Kop
    id: str
    wie: str
    waarvoor: str
    leest: tuple[str, ...]
    leest_niet: tuple[str, ...]
    minder: Minderkeuze
    anders: bool
    tot: date | None
    beeld: Beeld
    fouten: tuple[Fout, ...]


@dataclass(frozen=True)
class Langer:
    """Langer laten lezen."""

    SJABLOON: ClassVar[str] = "houder/delen_langer.html"

    kop: Kop
    id: str
    wie: str
    waarvoor: str
    leest: tuple[str, ...]
    nu_tot: date | None
    tot: str
    vroegst: str
    uiterst: date | None
    fouten: tuple[Fout, ...]


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/delen/toestemming/{id}/minder` en `…/langer`."""
    hang(router, huis, "/delen/toestemming/{id}/minder", minder)
    hang(router, huis, "/delen/toestemming/{id}/minder", maak_minder, "POST")
    hang(router, huis, "/delen/toestemming/{id}/langer", langer)
    hang(router, huis, "/delen/toestemming/{id}/langer", maak_langer, "POST")


async def minder(bezoek: Bezoek) -> Response:
    """Het formulier met alles wat er nu te lezen is."""
    boek = await open_boek(bezoek)
    t = _lopend(boek, id_van(bezoek))
    return await _minder(bezoek, boek, t, t, ())


async def maak_minder(bezoek: Bezoek) -> Response:
    """Eerst laten zien hoe het wordt, of meteen bewaren."""
    boek = await open_boek(bezoek)
    t = _lopend(boek, id_van(bezoek))
    gekozen, fouten = lees(bezoek, boek, t)
    if fouten or bezoek.veld("besluit") != "ja":
        return await _minder(bezoek, boek, t, gekozen, fouten)
    if gekozen != t:
        await bezoek.deur.wijzig(pas_aan(boek.inhouden[f"Consent/{t.id}"], gekozen))
    return bezoek.naar(f"/delen/toestemming/{t.id}?veranderd")


async def langer(bezoek: Bezoek) -> Response:
    """Tot wanneer wilt u delen?"""
    boek = await open_boek(bezoek)
    return _langer(bezoek, boek, _lopend(boek, id_van(bezoek)), ())


async def maak_langer(bezoek: Bezoek) -> Response:
    """Een latere laatste dag."""
    boek = await open_boek(bezoek)
    t = _lopend(boek, id_van(bezoek))
    try:
        nieuw = verleng(t, date.fromisoformat(bezoek.veld("tot")), boek.vandaag)
    except ValueError:
        return _langer(bezoek, boek, t, (Fout("tot", "Dit is geen dag. Schrijf hem zo: 2027-03-09."),))
    except PaspoortFout as fout:
        return _langer(bezoek, boek, t, tuple(Fout(m.plek or "tot", m.tekst()) for m in fout.meldingen))
    await bezoek.deur.wijzig(pas_aan(boek.inhouden[f"Consent/{t.id}"], nieuw))
    return bezoek.naar(f"/delen/toestemming/{t.id}?veranderd")


async def _minder(
    bezoek: Bezoek, boek: Boek, t: Toestemming, gekozen: Toestemming, fouten: tuple[Fout, ...]
) -> Response:
    rol, wie = rol_van(bezoek, t), partijen(boek, t)
    return toon(
        bezoek,
        Minder(
            kop=kop(bezoek, boek, "delen"),
            id=t.id,
            wie=wie,
            waarvoor=waarvoor(t),
            leest=leest(gekozen.groepen),
            leest_niet=leest_niet(gekozen.groepen),
            minder=await keuze(bezoek, boek, t, gekozen, rol, True),
            anders=gekozen != t,
            tot=als_datum(gekozen.tot),
            beeld=await beeld(bezoek, boek, gekozen, rol, wie),
            fouten=fouten,
        ),
        fouten,
    )


def _langer(bezoek: Bezoek, boek: Boek, t: Toestemming, fouten: tuple[Fout, ...]) -> Response:
    uiterst = langst(t.doel, boek.vandaag)
    nu_tot = als_datum(t.tot)
    return toon(
        bezoek,
        Langer(
            kop=kop(bezoek, boek, "delen"),
            id=t.id,
            wie=partijen(boek, t),
            waarvoor=waarvoor(t),
            leest=leest(t.groepen),
            nu_tot=nu_tot,
            tot=bezoek.veld("tot") or (uiterst.isoformat() if uiterst else ""),
            vroegst=max(nu_tot or boek.vandaag, boek.vandaag).isoformat(),
            uiterst=uiterst,
            fouten=fouten,
        ),
        fouten,
    )


def _lopend(boek: Boek, id_: str) -> Toestemming:
    """Een toestemming die nog te wijzigen is; wat voorbij is of wat wij niet begrijpen, is hier niet."""
    t = vind(boek, id_)
    if stand(boek, t) == "voorbij" or not t.begrepen:
        raise DeurFout(404, ())
    return t
