"""Wie keek mee: elke keer dat iemand dit paspoort opende of iets schreef, ook als het niet mocht (NEN 7513).

Leest het log van het eigen paspoort; de zinnen komen uit `server/access/inzage.py`. Beeld `05-wie-keek-mee`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from fastapi import APIRouter
from fastapi.responses import Response

from server.access.inzage import Inzage, inzagen, regels_voor
from server.store.audit import regels_van_paspoort
from server.store.logrow import Logregel
from web.bezoek import Bezoek, Huis
from web.bladzijde import als_datum
from web.boek import mensen
from web.houder.delen import Lezer, partijen, stand, waarvoor
from web.houder.kader import Kop, eigen_zicht, hang, kop, open_boek, patient_van, toon

PER_KEER: Final = 200
ANDEREN, IEDEREEN = "", "alles"


@dataclass(frozen=True, slots=True)
class Regel:
    """Eén keer kijken of schrijven."""

    moment: str
    zin: str
    organisatie: str
    waarom: str
    gelukt: bool


@dataclass(frozen=True, slots=True)
class Dag:
    """Alles van één dag, nieuwste eerst."""

    dag: date | None
    regels: tuple[Regel, ...]


@dataclass(frozen=True, slots=True)
class Keuze:
    """Van wie u het wilt zien."""

    code: str
    naam: str
    gekozen: bool


@dataclass(frozen=True)
class WieKeekMee:
    """Het log in gewone taal."""

    SJABLOON: ClassVar[str] = "houder/wie_keek_mee.html"

    kop: Kop
    nu: tuple[Lezer, ...]
    geweigerd: Regel | None
    keuzes: tuple[Keuze, ...]
    dagen: tuple[Dag, ...]
    verder: str | None


def voeg_toe(router: APIRouter, huis: Huis) -> None:
    """`/wie-keek-mee`."""
    hang(router, huis, "/wie-keek-mee", wie_keek_mee)


async def wie_keek_mee(bezoek: Bezoek) -> Response:
    """De lijst; `wie` kiest van wie, `na` toont eerdere dagen."""
    boek = await open_boek(bezoek)
    query = bezoek.request.query_params
    wie, na = query.get("wie", ANDEREN), query.get("na") or None
    zicht = await eigen_zicht(bezoek)
    rijen = await regels_van_paspoort(bezoek.huis.opslag, patient_van(bezoek), na=na, aantal=PER_KEER)
    voor_mij = regels_voor(bezoek.actor, rijen, zicht)
    paren = list(zip(voor_mij, inzagen(bezoek.actor, voor_mij, zicht), strict=True))
    huizen = dict.fromkeys(r.organisatie for r, _ in paren if r.organisatie)
    namen = (await mensen(bezoek.deur, {f"Organization/{h}" for h in huizen})).namen
    gekozen = [(r, i) for r, i in paren if _past(wie, r, i)]
    weigeringen = (_regel(r, i, namen) for r, i in paren if r.uitkomst == "geweigerd")
    return toon(
        bezoek,
        WieKeekMee(
            kop=kop(bezoek, boek, "meer"),
            nu=tuple(
                Lezer(t.id, partijen(boek, t), f"{waarvoor(t)}.", als_datum(t.tot))
                for t in boek.toestemmingen
                if stand(boek, t) == "nu"
            ),
            geweigerd=next(weigeringen, None),
            keuzes=(
                Keuze(ANDEREN, "Iedereen, behalve ik", wie == ANDEREN),
                Keuze(IEDEREEN, "Iedereen, ook ik", wie == IEDEREEN),
                *(Keuze(h, namen.get(f"Organization/{h}", h), wie == h) for h in huizen),
            ),
            dagen=_dagen(_regel(r, i, namen) for r, i in gekozen),
            verder=rijen[-1].id if len(rijen) == PER_KEER else None,
        ),
    )


def _past(wie: str, regel: Logregel, inzage: Inzage) -> bool:
    if wie == ANDEREN:
        return not inzage.zelf
    return wie == IEDEREEN or regel.organisatie == wie


def _regel(regel: Logregel, inzage: Inzage, namen: Mapping[str, str]) -> Regel:
    huis = namen.get(f"Organization/{regel.organisatie}", "") if regel.organisatie else ""
    return Regel(inzage.moment, inzage.zin, huis, inzage.waarom, regel.uitkomst != "geweigerd")


def _dagen(regels: Iterable[Regel]) -> tuple[Dag, ...]:
    per_dag: dict[date | None, list[Regel]] = {}
    for regel in regels:
        per_dag.setdefault(als_datum(regel.moment), []).append(regel)
    return tuple(Dag(dag, tuple(rs)) for dag, rs in per_dag.items())
