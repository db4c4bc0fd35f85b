"""Zoeken over paspoorten heen: werkvoorraad, BSN, toestemmingen, agenda, producten (ontwerp deel 2).

Meer dan deze indexen is er niet. Wat hier gevonden wordt, gaat daarna nog door het zicht van het paspoort.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, bindparam, or_, select

from server.store.passports import Opslag
from server.store.sql import Query, query
from server.store.tables import AgendaRij, Bsn, ProductRij, ToestemmingRij, WerkRij, tabel

_BSN, _TOE, _WERK = tabel(Bsn), tabel(ToestemmingRij), tabel(WerkRij)
_AGENDA, _PROD = tabel(AgendaRij), tabel(ProductRij)
_MET_BSN = query(select(_BSN.c.partitie).where(_BSN.c.hmac == bindparam("hmac")).order_by(_BSN.c.partitie))
_MET_TOESTEMMING = query(
    select(_TOE.c.partitie)
    .where(
        or_(_TOE.c.aan == bindparam("aan"), _TOE.c.organisatie == bindparam("organisatie")),
        or_(_TOE.c.tot.is_(None), _TOE.c.tot >= bindparam("dag")),
    )
    .distinct()
    .order_by(_TOE.c.partitie)
)
_MET_TAAK = query(
    select(_WERK.c.partitie)
    .where(_WERK.c.organisatie == bindparam("organisatie"))
    .distinct()
    .order_by(_WERK.c.partitie)
)
_AGENDA_TOT = query(
    select(_AGENDA.c.moment, _AGENDA.c.partitie, _AGENDA.c.soort, _AGENDA.c.verwijzing)
    .where(_AGENDA.c.moment >= bindparam("van"), _AGENDA.c.moment <= bindparam("tot"))
    .order_by(_AGENDA.c.moment, _AGENDA.c.verwijzing)
    .limit(bindparam("aantal"))
)
_MET_PRODUCT = query(
    select(_PROD.c.partitie, _PROD.c.device)
    .where(_PROD.c.hmac == bindparam("hmac"), _PROD.c.eigenaar == bindparam("eigenaar"))
    .order_by(_PROD.c.partitie, _PROD.c.device)
)
# Eén vertaalde opdracht per combinatie van filters; het zijn er hoogstens een paar tientallen.
_FILTERS: dict[str, ColumnElement[bool]] = {
    "eigenaar": _WERK.c.eigenaar == bindparam("eigenaar"),
    "code": _WERK.c.code == bindparam("code"),
    "status": _WERK.c.status == bindparam("status"),
    "business_status": _WERK.c.business_status == bindparam("business_status"),
    "partitie": _WERK.c.partitie == bindparam("partitie"),
    "sinds": _WERK.c.gewijzigd >= bindparam("sinds"),
    "tot": _WERK.c.gewijzigd <= bindparam("tot"),
}
_vertaald: dict[frozenset[str], Query] = {}


@dataclass(frozen=True, slots=True)
class Werk:
    """Een Task in de werkvoorraad. `gewijzigd` en `task` samen zijn de plaats voor bladeren."""

    task: str
    partitie: str
    organisatie: str
    eigenaar: str
    code: str | None
    status: str
    business_status: str | None
    uiterlijk: str | None
    gewijzigd: str


@dataclass(frozen=True, slots=True)
class Afspraak:
    """Een moment in de agenda; `verwijzing` is `Type/id`."""

    moment: str
    partitie: str
    soort: str
    verwijzing: str


async def zoek_taken(
    opslag: Opslag,
    organisatie: str,
    *,
    eigenaar: str | None = None,
    code: str | None = None,
    status: str | None = None,
    business_status: str | None = None,
    partitie: str | None = None,
    sinds: str | None = None,
    tot: str | None = None,
    na: tuple[str, str] = ("", ""),
    aantal: int = 100,
) -> tuple[Werk, ...]:
    """De Tasks van een organisatie, oudste wijziging eerst; `na` = (gewijzigd, task) van de laatst getoonde."""
    gevraagd = {
        "eigenaar": eigenaar, "code": code, "status": status, "business_status": business_status,
        "partitie": partitie, "sinds": sinds, "tot": tot,
    }  # fmt: skip
    waarden = {naam: waarde for naam, waarde in gevraagd.items() if waarde is not None}
    sleutel = frozenset(waarden)
    if sleutel not in _vertaald:
        _vertaald[sleutel] = query(_taken(sleutel))
    rijen = await opslag.db.rijen(
        _vertaald[sleutel], organisatie=organisatie, na_moment=na[0], na_task=na[1], aantal=aantal, **waarden
    )
    return tuple(Werk(*rij) for rij in rijen)


def _taken(filters: Collection[str]) -> Select[tuple[object, ...]]:
    na_moment = bindparam("na_moment", type_=_WERK.c.gewijzigd.type)
    opdracht = select(
        _WERK.c.task, _WERK.c.partitie, _WERK.c.organisatie, _WERK.c.eigenaar, _WERK.c.code, _WERK.c.status,
        _WERK.c.business_status, _WERK.c.uiterlijk, _WERK.c.gewijzigd,
    ).where(
        _WERK.c.organisatie == bindparam("organisatie"),
        or_(_WERK.c.gewijzigd > na_moment, (_WERK.c.gewijzigd == na_moment) & (_WERK.c.task > bindparam("na_task"))),
        *(_FILTERS[naam] for naam in sorted(filters)),
    )  # fmt: skip
    return opdracht.order_by(_WERK.c.gewijzigd, _WERK.c.task).limit(bindparam("aantal"))


async def partities_met_taak(opslag: Opslag, organisatie: str) -> tuple[str, ...]:
    """De paspoorten waarin een Task van deze organisatie staat."""
    return tuple(rij[0] for rij in await opslag.db.rijen(_MET_TAAK, organisatie=organisatie))


async def partities_met_bsn(opslag: Opslag, bsn: str) -> tuple[str, ...]:
    """De paspoorten met dit BSN. Wie dit mag vragen, beslist de aanroeper."""
    hmac = opslag.slot("index").hmac(f"bsn|{bsn}")
    return tuple(rij[0] for rij in await opslag.db.rijen(_MET_BSN, hmac=hmac))


async def partities_met_toestemming(
    opslag: Opslag, organisatie: str | None, functie: str | None, dag: str
) -> tuple[str, ...]:
    """De paspoorten met een actieve toestemming voor deze organisatie of PractitionerRole op deze dag (ISO)."""
    rijen = await opslag.db.rijen(
        _MET_TOESTEMMING, aan=f"PractitionerRole/{functie}", organisatie=organisatie or "", dag=dag
    )
    return tuple(rij[0] for rij in rijen)


async def agenda(opslag: Opslag, van: str, tot: str, aantal: int = 1000) -> tuple[Afspraak, ...]:
    """Wat er tussen twee momenten moet gebeuren, eerste eerst."""
    return tuple(Afspraak(*rij) for rij in await opslag.db.rijen(_AGENDA_TOT, van=van, tot=tot, aantal=aantal))


async def producten(
    opslag: Opslag, eigenaar: str, *, gtin: str | None = None, serie: str | None = None
) -> tuple[tuple[str, str], ...]:
    """(paspoort, Device-id) van de producten van een eigenaar met deze GTIN of dit serienummer."""
    waarde = f"gtin|{gtin}" if gtin is not None else f"serie|{serie}"
    rijen = await opslag.db.rijen(_MET_PRODUCT, hmac=opslag.slot("index").hmac(waarde), eigenaar=eigenaar)
    return tuple((rij[0], rij[1]) for rij in rijen)
