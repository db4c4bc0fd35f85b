"""Het log lezen, ondertekenen en controleren (NEN 7513; ontwerp deel 2).

Schrijven gaat via `Opslag.log` en `Opslag.schrijf`.
*Wie keek mee* en AuditEvent maken hier hun vragen; de vorm is van `server/access/inzage.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import orjson
from sqlalchemy import Select, and_, bindparam, func, or_, select

from server.store import statements as sql
from server.store.cipher import hash_van_rij
from server.store.logrow import Logregel, lees_rij
from server.store.logstream import begin, begin_ketting, keten
from server.store.passports import Opslag
from server.store.sql import Op, Unit, query, vervang
from server.store.tables import DagwortelRij, LogRij, tabel

STAP = 2000  # regels per keer bij het controleren: zo past elk log in het geheugen

_LOG, _DAG = tabel(LogRij), tabel(DagwortelRij)
_VELDEN = (
    _LOG.c.stroom, _LOG.c.nummer, _LOG.c.moment, _LOG.c.schuilnaam, _LOG.c.organisatie, _LOG.c.rol, _LOG.c.handeling,
    _LOG.c.uitkomst, _LOG.c.wie, _LOG.c.wat,
)  # fmt: skip


def _nieuwste(*waar: object) -> Select[tuple[object, ...]]:
    voor, stroom, nummer = (bindparam(n, type_=t.type) for n, t in (
        ("voor", _LOG.c.moment), ("voor_stroom", _LOG.c.stroom), ("voor_nummer", _LOG.c.nummer)
    ))  # fmt: skip
    eerder = or_(
        _LOG.c.moment < voor,
        and_(_LOG.c.moment == voor, _LOG.c.stroom < stroom),
        and_(_LOG.c.moment == voor, _LOG.c.stroom == stroom, _LOG.c.nummer < nummer),
    )
    volgorde = (_LOG.c.moment.desc(), _LOG.c.stroom.desc(), _LOG.c.nummer.desc())
    return select(*_VELDEN).where(*waar, eerder).order_by(*volgorde).limit(bindparam("aantal"))  # type: ignore[arg-type]


_VAN_PASPOORT = query(_nieuwste(_LOG.c.schuilnaam == bindparam("schuilnaam")))
_VAN_ORGANISATIE = query(_nieuwste(_LOG.c.organisatie == bindparam("organisatie")))
_EEN = query(select(*_VELDEN).where(_LOG.c.stroom == bindparam("stroom"), _LOG.c.nummer == bindparam("nummer")))
_STROMEN = query(select(_LOG.c.stroom).distinct().order_by(_LOG.c.stroom))
_VERVOLG = query(
    select(*_VELDEN, _LOG.c.hash)
    .where(_LOG.c.stroom == bindparam("stroom"), _LOG.c.nummer > bindparam("na"))
    .order_by(_LOG.c.nummer)
    .limit(bindparam("aantal"))
)
_OUDSTE = query(select(func.min(_LOG.c.moment)))
_EINDSTAND = query(
    select(_LOG.c.stroom, func.max(_LOG.c.nummer)).where(_LOG.c.moment < bindparam("voor")).group_by(_LOG.c.stroom)
)
_HASH = query(select(_LOG.c.hash).where(_LOG.c.stroom == bindparam("stroom"), _LOG.c.nummer == bindparam("nummer")))
_DAGEN = query(select(_DAG.c.dag, _DAG.c.stromen, _DAG.c.handtekening).order_by(_DAG.c.dag))
_ZET_DAG = vervang(_DAG)


@dataclass(frozen=True, slots=True)
class Controle:
    """Uitslag van een controle: `fouten` noemt stroom, nummer of dag, nooit een persoon."""

    regels: int
    stromen: int
    dagen: int
    fouten: tuple[str, ...]

    @property
    def goed(self) -> bool:
        """Klopt alles?"""
        return not self.fouten


async def regels_van_paspoort(
    opslag: Opslag, partitie: str, *, na: str | None = None, aantal: int = 100
) -> tuple[Logregel, ...]:
    """Wie in dit paspoort keek of schreef, nieuwste eerst; `na` is de laatste `id` van de vorige bladzijde."""
    bos = await opslag.logbos(partitie)
    if bos is None:
        return ()
    plaats = await _plaats(opslag, na)
    rijen = await opslag.db.rijen(_VAN_PASPOORT, schuilnaam=bos.schuilnaam, aantal=aantal, **plaats)
    log = opslag.slot("log")
    return tuple(lees_rij(rij, bos, log) for rij in rijen)


async def regels_van_organisatie(
    opslag: Opslag, organisatie: str, *, na: str | None = None, aantal: int = 100
) -> tuple[Logregel, ...]:
    """Wat deze organisatie zelf deed, nieuwste eerst; wat bij een gewist paspoort hoorde is leeg."""
    plaats = await _plaats(opslag, na)
    log, uit = opslag.slot("log"), []
    for rij in await opslag.db.rijen(_VAN_ORGANISATIE, organisatie=organisatie, aantal=aantal, **plaats):
        partitie = await opslag.kluis.partitie_van_schuilnaam(rij[3]) if rij[3] else None
        uit.append(lees_rij(rij, await opslag.logbos(partitie), log))
    return tuple(uit)


async def regel(opslag: Opslag, id: str) -> Logregel | None:
    """Eén logregel bij zijn `id` (`stroom-nummer`), of None."""
    stroom, _, nummer = id.partition("-")
    if not nummer.isdecimal() or len(nummer) > 18:
        return None
    rij = await opslag.db.rij(_EEN, stroom=stroom, nummer=int(nummer))
    if rij is None:
        return None
    partitie = await opslag.kluis.partitie_van_schuilnaam(rij[3]) if rij[3] else None
    return lees_rij(rij, await opslag.logbos(partitie), opslag.slot("log"))


async def teken_dagen(opslag: Opslag, vandaag: date | None = None) -> tuple[str, ...]:
    """Onderteken elke afgelopen dag die nog geen wortel heeft; geeft die dagen terug. Voor start en nacht."""
    tot = vandaag or datetime.now(UTC).date()
    oudste = await opslag.db.rij(_OUDSTE)
    if oudste is None or oudste[0] is None:
        return ()
    getekend = {rij[0] for rij in await opslag.db.rijen(_DAGEN)}
    dag, nieuw = date.fromisoformat(oudste[0][:10]), []
    while dag < tot:
        if dag.isoformat() not in getekend:
            await _teken(opslag, dag)
            nieuw.append(dag.isoformat())
        dag += timedelta(days=1)
    return tuple(nieuw)


async def controleer(opslag: Opslag) -> Controle:
    """Loop elke stroom na, regel voor regel, en elke ondertekende dag."""
    fouten: list[str] = []
    regels, stromen = 0, await opslag.db.rijen(_STROMEN)
    for (stroom,) in stromen:
        geteld, fout = await _controleer_stroom(opslag, stroom)
        regels += geteld
        fouten += fout
    dagen = await opslag.db.rijen(_DAGEN)
    for dag, eindstand, handtekening in dagen:
        if opslag.ondertekenaar.inhoud(handtekening) != _wortel(dag, eindstand):
            fouten.append(f"dag {dag}: handtekening klopt niet")
        for stroom, nummer, hash_ in orjson.loads(eindstand):
            rij = await opslag.db.rij(_HASH, stroom=stroom, nummer=nummer)
            if rij is None or bytes(rij[0]).hex() != hash_:
                fouten.append(f"dag {dag}: stroom {stroom} regel {nummer} ontbreekt of is veranderd")
    return Controle(regels, len(stromen), len(dagen), tuple(fouten))


async def controleer_keten(opslag: Opslag, partitie: str) -> tuple[str, ...]:
    """De fouten in de keten van een partitie; leeg als zij klopt. Werkt zonder sleutels, dus ook na wissen."""
    kop = await opslag.db.rij(sql.KOP, partitie=partitie)
    if kop is None:
        return (f"partitie {partitie} bestaat niet",)
    ketting, verwacht = begin_ketting(partitie), 1
    for rij in await opslag.db.rijen(sql.SINDS, partitie=partitie, na=0, tot=kop[1]):
        ketting = hash_van_rij(partitie, rij, ketting)
        if rij[0] != verwacht or bytes(rij[9]) != ketting:
            return (f"versie {verwacht} ontbreekt of is veranderd",)
        verwacht += 1
    if verwacht - 1 != kop[1] or ketting != bytes(kop[2]):
        return (f"de keten eindigt bij {verwacht - 1} in plaats van {kop[1]}",)
    return ()


async def _plaats(opslag: Opslag, na: str | None) -> dict[str, str | int]:
    """Waar de vorige bladzijde eindigde; zonder of met een onbekende `na` aan het begin."""
    gevonden = await regel(opslag, na) if na else None
    if gevonden is None:
        return {"voor": "~", "voor_stroom": "", "voor_nummer": 0}
    stroom, _, nummer = gevonden.id.partition("-")
    return {"voor": gevonden.moment, "voor_stroom": stroom, "voor_nummer": int(nummer)}


async def _teken(opslag: Opslag, dag: date) -> None:
    eindstand = []
    voor = (dag + timedelta(days=1)).isoformat()
    for stroom, nummer in sorted(tuple(rij) for rij in await opslag.db.rijen(_EINDSTAND, voor=voor)):
        rij = await opslag.db.rij(_HASH, stroom=stroom, nummer=nummer)
        eindstand.append([stroom, nummer, bytes(rij[0]).hex() if rij is not None else ""])
    tekst = orjson.dumps(eindstand).decode()
    handtekening = opslag.ondertekenaar.teken(_wortel(dag.isoformat(), tekst))
    waarden = {"dag": dag.isoformat(), "stromen": tekst, "handtekening": handtekening}
    await opslag.db.voer_uit(Unit((Op(_ZET_DAG, waarden, 1),)))


def _wortel(dag: str, eindstand: str) -> bytes:
    return f"{dag}|{eindstand}".encode()


async def _controleer_stroom(opslag: Opslag, stroom: str) -> tuple[int, list[str]]:
    vorige, nummer = begin(stroom), 0
    while True:
        rijen = await opslag.db.rijen(_VERVOLG, stroom=stroom, na=nummer, aantal=STAP)
        for rij in rijen:
            nummer += 1
            vorige = keten(vorige, rij[:10])
            if rij[1] != nummer or bytes(rij[10]) != vorige:
                return nummer, [f"stroom {stroom} regel {nummer} ontbreekt of is veranderd"]
        if len(rijen) < STAP:
            return nummer, []
