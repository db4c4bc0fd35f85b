"""Bladeren over paspoorten heen tegen vaste kosten: een werkvoorraad, en de paspoorten van een organisatie.

Elke vraag is een bereik in een index met een grens; hoe lang de lijst is, maakt niet uit. De plaats van een taak ligt
vast op het begin van het bladeren: een taak die ondertussen verandert, houdt haar plaats van toen. Zo komt niets dubbel
en ontbreekt niets. Wat hier gevonden wordt, gaat daarna nog door het zicht (ontwerp deel 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, func, select

from server.store.passports import Opslag
from server.store.sql import Query, query
from server.store.tables import ToestemmingRij, VersieRij, WerkRij, tabel

_WERK, _TOE, _VERSIE = tabel(WerkRij), tabel(ToestemmingRij), tabel(VersieRij)
# Zoveel taken mogen er veranderd zijn sinds iemand begon te bladeren; daarna moet hij opnieuw beginnen.
VERANDERD_HOOGSTENS: Final = 5000

Sleutel = tuple[str, str]  # moment van toen, id van de taak
_vertaald: dict[tuple[object, ...], Query] = {}


@dataclass(frozen=True, slots=True)
class Taakplaats:
    """Een taak op haar plaats in de werkvoorraad van één organisatie."""

    sleutel: Sleutel
    partitie: str

    @property
    def task(self) -> str:
        """Het id van de taak."""
        return self.sleutel[1]


async def blader_taken(
    opslag: Opslag,
    organisatie: str,
    *,
    begin: str,
    eigenaars: Sequence[str] = (),
    statussen: Sequence[str] = (),
    na: Sleutel | None = None,
    aflopend: bool = False,
    aantal: int,
) -> list[Taakplaats] | None:
    """De taken na `na`, op (laatste wijziging vóór `begin`, id). Zonder filter: alle van de organisatie.

    Per eigenaar en status één bereik in de index; de aanroeper houdt hun aantal klein. None als er sinds `begin` zoveel
    veranderd is dat de volgorde niet meer vast te stellen is.
    """
    takken = [(e, s) for e in (eigenaars or (None,)) for s in (statussen or (None,))]
    gevonden: list[Taakplaats] = []
    for eigenaar, status in takken:
        waarden = {"organisatie": organisatie, "begin": begin, "aantal": aantal, **_grens(na, aflopend)}
        waarden |= {n: w for n, w in (("eigenaar", eigenaar), ("status", status)) if w is not None}
        vraag = _vraag("vast", eigenaar is not None, status is not None, aflopend)
        gevonden += [Taakplaats((r[0], r[1]), r[2]) for r in await opslag.db.rijen(vraag, **waarden)]
    rijen = await opslag.db.rijen(_vraag("veranderd"), organisatie=organisatie, begin=begin, aantal=VERANDERD_HOOGSTENS)
    if len(rijen) == VERANDERD_HOOGSTENS:
        return None
    for toen, task, partitie, eigenaar, status in rijen:
        past = (not eigenaars or eigenaar in eigenaars) and (not statussen or status in statussen)
        if past and (na is None or ((toen, task) < na if aflopend else (toen, task) > na)):
            gevonden.append(Taakplaats((toen, task), partitie))
    gevonden.sort(key=lambda p: p.sleutel, reverse=aflopend)
    return gevonden[:aantal]


async def blader_partities(
    opslag: Opslag,
    organisatie: str,
    functie: str | None,
    dag: str,
    *,
    na: str = "",
    aflopend: bool = False,
    aantal: int,
) -> list[str]:
    """De paspoorten na `na` waar een toestemming (geldig op `dag`) of een taak van deze organisatie is, op id."""
    grens = {"na": na or (_LAATSTE if aflopend else ""), "aantal": aantal}
    uit: set[str] = set()
    for bron, waarden in (
        ("organisatie", {"organisatie": organisatie, "dag": dag}),
        ("functie", {"aan": f"PractitionerRole/{functie}", "dag": dag}),
        ("taak", {"organisatie": organisatie}),
    ):
        rijen = await opslag.db.rijen(_partitievraag(bron, aflopend), **waarden, **grens)
        uit |= {r[0] for r in rijen}
    return sorted(uit, reverse=aflopend)[:aantal]


_LAATSTE: Final = "\U0010ffff"


def _grens(na: Sleutel | None, aflopend: bool) -> dict[str, str]:
    moment, task = na or ((_LAATSTE, _LAATSTE) if aflopend else ("", ""))
    return {"na_moment": moment, "na_task": task}


def _vraag(soort: str, eigenaar: bool = False, status: bool = False, aflopend: bool = False) -> Query:
    sleutel = (soort, eigenaar, status, aflopend)
    if sleutel not in _vertaald:
        _vertaald[sleutel] = query(_veranderd() if soort == "veranderd" else _vast(eigenaar, status, aflopend))
    return _vertaald[sleutel]


def _vast(eigenaar: bool, status: bool, aflopend: bool) -> Any:
    """Taken die sinds het begin niet veranderd zijn: een bereik in de index."""
    w = _WERK.c
    waar: list[ColumnElement[bool]] = [w.organisatie == bindparam("organisatie"), w.gewijzigd <= bindparam("begin")]
    waar += [w.eigenaar == bindparam("eigenaar")] if eigenaar else []
    waar += [w.status == bindparam("status")] if status else []
    moment: ColumnElement[str] = bindparam("na_moment")
    task: ColumnElement[str] = bindparam("na_task")
    # Eerst de grens op het moment alleen: daar kan een index mee beginnen.
    if aflopend:
        waar += [w.gewijzigd <= moment, (w.gewijzigd < moment) | (w.task < task)]
        volgorde = (w.gewijzigd.desc(), w.task.desc())
    else:
        waar += [w.gewijzigd >= moment, (w.gewijzigd > moment) | (w.task > task)]
        volgorde = (w.gewijzigd.asc(), w.task.asc())
    return select(w.gewijzigd, w.task, w.partitie).where(*waar).order_by(*volgorde).limit(bindparam("aantal"))


def _veranderd() -> Any:
    """Taken die sinds het begin veranderden of ontstonden, op hun plaats van toen of hun eerste moment."""
    w, v = _WERK.c, _VERSIE.c
    van_taak = (v.type == "Task", v.id == w.task)
    toen = select(func.max(v.moment)).where(*van_taak, v.moment <= bindparam("begin")).scalar_subquery()
    eerste = select(func.min(v.moment)).where(*van_taak).scalar_subquery()
    return (
        select(func.coalesce(toen, eerste), w.task, w.partitie, w.eigenaar, w.status)
        .where(w.organisatie == bindparam("organisatie"), w.gewijzigd > bindparam("begin"))
        .order_by(w.gewijzigd)
        .limit(bindparam("aantal"))
    )


def _partitievraag(bron: str, aflopend: bool) -> Query:
    sleutel = (bron, aflopend)
    if sleutel not in _vertaald:
        c = _WERK.c if bron == "taak" else _TOE.c
        waar = [c.aan == bindparam("aan") if bron == "functie" else c.organisatie == bindparam("organisatie")]
        if bron != "taak":
            waar.append(c.tot.is_(None) | (c.tot >= bindparam("dag")))
        waar.append(c.partitie < bindparam("na") if aflopend else c.partitie > bindparam("na"))
        volgorde = c.partitie.desc() if aflopend else c.partitie.asc()
        _vertaald[sleutel] = query(
            select(c.partitie).where(*waar).distinct().order_by(volgorde).limit(bindparam("aantal"))
        )
    return _vertaald[sleutel]
