"""De post lezen en bijhouden: wat te bezorgen is, wat bezorgd is, en welk proces bezorgt (ontwerp deel 5, *post*).

Klaarleggen gebeurt in de transactie van de Task zelf (`meldingen.py`). Of iets verstuurd mag worden, beslist
`server/post`. Tijden komen van de aanroeper, zodat tests de klok kunnen zetten.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, case, delete, exists, func, or_, select, update

from server.store.meldingen import DOOD, GESTUURD, VERVALLEN, WACHT
from server.store.passports import Opslag
from server.store.sql import Botsing, Op, Unit, query, voeg_toe
from server.store.tables import tabel
from server.store.tables_post import AbonnementRij, BezorgingRij, LeidingRij, MeldingRij

TAAK: Final = "post"
TE_DOEN_HOOGSTENS: Final = 200

_ABO, _BEZ, _MEL, _LEI = tabel(AbonnementRij), tabel(BezorgingRij), tabel(MeldingRij), tabel(LeidingRij)
_A_KOLOMMEN = (_ABO.c.id, _ABO.c.partitie, _ABO.c.stand, _ABO.c.eind, _BEZ.c.hoogste, _BEZ.c.pogingen, _BEZ.c.volgende)
_M_KOLOMMEN = (
    _MEL.c.abonnement, _MEL.c.partitie, _MEL.c.volgnummer, _MEL.c.task, _MEL.c.versie, _MEL.c.moment, _MEL.c.nummer,
    _MEL.c.stand,
)  # fmt: skip
_SAMEN = _ABO.join(_BEZ, _BEZ.c.abonnement == _ABO.c.id)
_LIGT_KLAAR = exists().where(_MEL.c.abonnement == _ABO.c.id, _MEL.c.stand == WACHT)
_TE_DOEN = query(
    select(*_A_KOLOMMEN)
    .select_from(_SAMEN)
    .where(
        or_(
            (_BEZ.c.volgende <= bindparam("nu_ms", type_=BigInteger()))
            & or_(_ABO.c.stand == "requested", (_ABO.c.stand == "active") & _LIGT_KLAAR),
            (_ABO.c.eind <= bindparam("nu_s", type_=BigInteger())) & (_ABO.c.stand != "off"),
        )
    )
    .order_by(_BEZ.c.volgende, _ABO.c.id)
    .limit(TE_DOEN_HOOGSTENS)
)
_EEN = query(select(*_A_KOLOMMEN).select_from(_SAMEN).where(_ABO.c.id == bindparam("id")))
# Wat al een nummer heeft gaat voor: dat is eerder begonnen en moet in volgorde af.
_VOLGENDE = query(
    select(*_M_KOLOMMEN)
    .where(_MEL.c.abonnement == bindparam("abonnement"), _MEL.c.stand == WACHT)
    .order_by(case((_MEL.c.nummer.is_(None), 1), else_=0), _MEL.c.moment, _MEL.c.partitie, _MEL.c.volgnummer)
    .limit(1)
)
_DEZE = (
    _MEL.c.abonnement == bindparam("b_abonnement"),
    _MEL.c.partitie == bindparam("b_partitie"),
    _MEL.c.volgnummer == bindparam("b_volgnummer"),
)
_NUMMER = query(update(_MEL).where(*_DEZE, _MEL.c.nummer.is_(None)).values(nummer=bindparam("b_nummer")))
_TEL = query(
    update(_BEZ)
    .where(_BEZ.c.abonnement == bindparam("b_abonnement"), _BEZ.c.hoogste == bindparam("b_nummer") - 1)
    .values(hoogste=bindparam("b_nummer"))
)
_STAND = query(update(_MEL).where(*_DEZE).values(stand=bindparam("b_stand"), gezet=bindparam("b_gezet")))
_TERUG = query(
    update(_MEL)
    .where(_MEL.c.abonnement == bindparam("b_abonnement"), _MEL.c.stand == DOOD)
    .values(stand=WACHT, gezet=bindparam("b_gezet"))
)
_UITSTEL = query(
    update(_BEZ)
    .where(_BEZ.c.abonnement == bindparam("b_abonnement"))
    .values(pogingen=bindparam("b_pogingen"), volgende=bindparam("b_volgende"))
)
_TUSSEN = query(
    select(*_M_KOLOMMEN)
    .where(
        _MEL.c.abonnement == bindparam("abonnement"), _MEL.c.nummer >= bindparam("van", type_=BigInteger()),
        _MEL.c.nummer <= bindparam("tot", type_=BigInteger()), _MEL.c.stand != VERVALLEN,
    )
    .order_by(_MEL.c.nummer)
    .limit(bindparam("aantal"))
)  # fmt: skip
_RUIM = query(
    delete(_MEL).where(
        or_(
            ((_MEL.c.stand == GESTUURD) | (_MEL.c.stand == VERVALLEN))
            & (_MEL.c.gezet < bindparam("klaar", type_=BigInteger())),
            _MEL.c.gezet < bindparam("oud", type_=BigInteger()),
        )
    )
)
_LEID = voeg_toe(
    _LEI,
    "ON CONFLICT (taak) DO UPDATE SET proces = excluded.proces, sinds = excluded.sinds, tot = excluded.tot "
    "WHERE leiding.proces = excluded.proces OR leiding.tot < excluded.sinds",
)
_LAAT_LOS = query(delete(_LEI).where(_LEI.c.taak == TAAK, _LEI.c.proces == bindparam("proces")))
_TELLING = query(
    select(_ABO.c.id, _ABO.c.partitie, _ABO.c.stand, _BEZ.c.hoogste, _BEZ.c.pogingen, _MEL.c.stand, func.count())
    .select_from(
        _SAMEN.outerjoin(_MEL, (_MEL.c.abonnement == _ABO.c.id) & ((_MEL.c.stand == WACHT) | (_MEL.c.stand == DOOD)))
    )
    .group_by(_ABO.c.id, _ABO.c.partitie, _ABO.c.stand, _BEZ.c.hoogste, _BEZ.c.pogingen, _MEL.c.stand)
    .order_by(_ABO.c.partitie, _ABO.c.id)
)


@dataclass(frozen=True, slots=True)
class Abonnement:
    """Een abonnement met zijn bezorging. `volgende` in ms, `eind` in seconden sinds 1970."""

    id: str
    partitie: str
    stand: str
    eind: int | None
    hoogste: int
    pogingen: int
    volgende: int


@dataclass(frozen=True, slots=True)
class Melding:
    """Een Task die veranderde, voor één abonnement. `nummer` is None zolang zij nog nooit verstuurd is."""

    abonnement: str
    partitie: str
    volgnummer: int
    task: str
    versie: int
    moment: str
    nummer: int | None
    stand: str

    @property
    def sleutel(self) -> dict[str, Any]:
        """De drie waarden die haar aanwijzen, als parameters."""
        return {"b_abonnement": self.abonnement, "b_partitie": self.partitie, "b_volgnummer": self.volgnummer}


async def te_doen(opslag: Opslag, nu_ms: int) -> tuple[Abonnement, ...]:
    """De abonnementen waar nu iets voor te doen is: een handdruk, een melding, of een einde dat voorbij is."""
    rijen = await opslag.db.rijen(_TE_DOEN, nu_ms=nu_ms, nu_s=nu_ms // 1000)
    return tuple(Abonnement(*rij) for rij in rijen)


async def abonnement(opslag: Opslag, id: str) -> Abonnement | None:
    """Eén abonnement, of None."""
    rij = await opslag.db.rij(_EEN, id=id)
    return None if rij is None else Abonnement(*rij)


async def volgende(opslag: Opslag, id: str) -> Melding | None:
    """De melding die aan de beurt is."""
    rij = await opslag.db.rij(_VOLGENDE, abonnement=id)
    return None if rij is None else Melding(*rij)


async def nummer(opslag: Opslag, melding: Melding, hoogste: int) -> Melding:
    """Geef de melding het volgende nummer. `Botsing` als een ander proces dat net deed."""
    nieuw = hoogste + 1
    ops = (
        Op(_TEL, {"b_abonnement": melding.abonnement, "b_nummer": nieuw}, 1),
        Op(_NUMMER, {**melding.sleutel, "b_nummer": nieuw}, 1),
    )
    await opslag.db.voer_uit(Unit(ops, sleutel=melding.abonnement))
    return replace(melding, nummer=nieuw)


async def rond_af(opslag: Opslag, melding: Melding, stand: str, nu_ms: int) -> None:
    """`gestuurd`, `vervallen` of `dood`; de pogingen beginnen daarna opnieuw."""
    ops = (
        Op(_STAND, {**melding.sleutel, "b_stand": stand, "b_gezet": nu_ms // 1000}),
        Op(_UITSTEL, {"b_abonnement": melding.abonnement, "b_pogingen": 0, "b_volgende": 0}),
    )
    await opslag.db.voer_uit(Unit(ops, sleutel=melding.abonnement))


async def stel_uit(opslag: Opslag, id: str, pogingen: int, volgende_ms: int) -> None:
    """Nog eens, niet eerder dan `volgende_ms`."""
    waarden = {"b_abonnement": id, "b_pogingen": pogingen, "b_volgende": volgende_ms}
    await opslag.db.voer_uit(Unit((Op(_UITSTEL, waarden),), sleutel=id))


async def haal_terug(opslag: Opslag, id: str, nu: int) -> None:
    """Wat niet bezorgd kon worden, wacht weer vanaf `nu` (seconden sinds 1970), met het nummer dat het had."""
    begin = {"b_abonnement": id, "b_pogingen": 0, "b_volgende": 0}
    await opslag.db.voer_uit(Unit((Op(_TERUG, {"b_abonnement": id, "b_gezet": nu}), Op(_UITSTEL, begin)), sleutel=id))


async def gebeurtenissen(opslag: Opslag, id: str, van: int, tot: int, aantal: int) -> tuple[Melding, ...]:
    """De genummerde meldingen van een abonnement, oudste eerst, zolang zij bewaard zijn."""
    rijen = await opslag.db.rijen(_TUSSEN, abonnement=id, van=van, tot=tot, aantal=aantal)
    return tuple(Melding(*rij) for rij in rijen)


async def ruim_op(opslag: Opslag, klaar_voor: int, oud_voor: int) -> None:
    """Weg met wat klaar is sinds vóór `klaar_voor`, en met alles van vóór `oud_voor` (seconden sinds 1970)."""
    await opslag.db.voer_uit(Unit((Op(_RUIM, {"klaar": klaar_voor, "oud": oud_voor}),)))


async def neem_leiding(opslag: Opslag, proces: str, nu_ms: int, tot_ms: int) -> bool:
    """Of dit proces nu (nog) bezorgt. Eén tegelijk; wie wegvalt, is zijn beurt kwijt bij `tot`."""
    rij = {"taak": TAAK, "proces": proces, "sinds": nu_ms, "tot": tot_ms}
    try:
        await opslag.db.voer_uit(Unit((Op(_LEID, rij, 1),)))
    except Botsing:
        return False
    return True


async def laat_los(opslag: Opslag, proces: str) -> None:
    """Geef de leiding terug, zodat een ander proces meteen verder kan."""
    await opslag.db.voer_uit(Unit((Op(_LAAT_LOS, {"proces": proces}),)))


@dataclass(frozen=True, slots=True)
class Stand:
    """Eén abonnement voor de beheerder: aantallen, geen inhoud."""

    id: str
    partitie: str
    stand: str
    gestuurd: int
    pogingen: int
    wacht: int
    dood: int


async def overzicht(opslag: Opslag) -> tuple[Stand, ...]:
    """Alle abonnementen met wat er wacht en wat niet bezorgd kon worden."""
    uit: dict[str, Stand] = {}
    for id_, partitie, stand, hoogste, pogingen, soort, aantal in await opslag.db.rijen(_TELLING):
        rij = uit.setdefault(id_, Stand(id_, partitie, stand, hoogste, pogingen, 0, 0))
        if soort is not None:
            uit[id_] = replace(rij, **{soort: aantal})
    return tuple(uit.values())
