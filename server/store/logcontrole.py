"""Het log nakijken zonder het te lezen: elke keten, elke ondertekende dag, elk begin na opruimen (NEN 7513 §8).

Werkt zonder de sleutels van paspoorten, dus ook na wissen. Een fout noemt stroom, nummer of dag, nooit een persoon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import orjson
from sqlalchemy import bindparam, select

from server.store import statements as sql
from server.store.bewaren import Logbegin, beginnen
from server.store.cipher import hash_van_rij
from server.store.dagwortel import kort, wortel
from server.store.logstream import begin, begin_ketting, keten
from server.store.passports import Opslag
from server.store.sql import Row, query
from server.store.tables import DagwortelRij, LogRij, tabel

STAP = 2000  # regels per keer bij het controleren: zo past elk log in het geheugen

_LOG, _DAG = tabel(LogRij), tabel(DagwortelRij)
_STROMEN = query(select(_LOG.c.stroom).distinct().order_by(_LOG.c.stroom))
_VERVOLG = query(
    select(
        _LOG.c.stroom, _LOG.c.nummer, _LOG.c.moment, _LOG.c.schuilnaam, _LOG.c.organisatie, _LOG.c.rol,
        _LOG.c.handeling, _LOG.c.uitkomst, _LOG.c.wie, _LOG.c.wat, _LOG.c.hash,
    )
    .where(_LOG.c.stroom == bindparam("stroom"), _LOG.c.nummer > bindparam("na"))
    .order_by(_LOG.c.nummer)
    .limit(bindparam("aantal"))
)  # fmt: skip
_HASH = query(select(_LOG.c.hash).where(_LOG.c.stroom == bindparam("stroom"), _LOG.c.nummer == bindparam("nummer")))
_DAGEN = query(select(_DAG.c.dag, _DAG.c.stromen, _DAG.c.handtekening, _DAG.c.vorige).order_by(_DAG.c.dag))


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


async def controleer(opslag: Opslag) -> Controle:
    """Loop elke stroom na, regel voor regel, en elke ondertekende dag. PaspoortFout `opslag-stil`."""
    fouten: list[str] = []
    opgeruimd = {}
    for b in await beginnen(opslag):
        opgeruimd[b.stroom] = b
        if opslag.ondertekenaar.inhoud(b.handtekening) != b.inhoud():
            fouten.append(f"stroom {b.stroom}: het begin na opruimen is niet ondertekend")
    regels, stromen = 0, await opslag.db.rijen(_STROMEN)
    for (stroom,) in stromen:
        geteld, fout = await _controleer_stroom(opslag, stroom, opgeruimd.get(stroom))
        regels += geteld
        fouten += fout
    dagen = await opslag.db.rijen(_DAGEN)
    for rij in dagen:
        fouten += await _controleer_dag(opslag, rij, opgeruimd)
    fouten += _controleer_reeks(dagen)
    fouten += _controleer_lijst(opslag, dagen)
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


async def _controleer_stroom(opslag: Opslag, stroom: str, opgeruimd: Logbegin | None) -> tuple[int, list[str]]:
    vorige, nummer = (opgeruimd.hash, opgeruimd.nummer) if opgeruimd else (begin(stroom), 0)
    geteld = 0
    while True:
        # Vanaf het allereerste nummer, zodat een regel van vóór het begin ook opvalt.
        rijen = await opslag.db.rijen(_VERVOLG, stroom=stroom, na=nummer if geteld else 0, aantal=STAP)
        for rij in rijen:
            nummer, geteld = nummer + 1, geteld + 1
            vorige = keten(vorige, rij[:10])
            if rij[1] != nummer or bytes(rij[10]) != vorige:
                return geteld, [f"stroom {stroom} regel {nummer} ontbreekt of is veranderd"]
        if len(rijen) < STAP:
            return geteld, []


async def _controleer_dag(opslag: Opslag, rij: Row, opgeruimd: Mapping[str, Logbegin]) -> list[str]:
    dag, eindstand, handtekening, vorige = rij
    if opslag.ondertekenaar.inhoud(handtekening) != wortel(dag, eindstand, vorige):
        return [f"dag {dag}: handtekening klopt niet"]
    fouten = []
    for stroom, nummer, hash_ in orjson.loads(eindstand):
        weg = opgeruimd.get(stroom)
        if weg is not None and nummer <= weg.nummer:
            if nummer == weg.nummer and weg.hash.hex() != hash_:
                fouten.append(f"dag {dag}: stroom {stroom} is opgeruimd tot een andere regel {nummer}")
            continue
        bewaard = await opslag.db.rij(_HASH, stroom=stroom, nummer=nummer)
        if bewaard is None or bytes(bewaard[0]).hex() != hash_:
            fouten.append(f"dag {dag}: stroom {stroom} regel {nummer} ontbreekt of is veranderd")
    return fouten


def _controleer_reeks(dagen: Sequence[Row]) -> list[str]:
    """Elke dag noemt de vorige, en er ontbreekt er geen tussenin."""
    fouten: list[str] = []
    eerder: Row | None = None
    for rij in dagen:
        if eerder is not None:
            if date.fromisoformat(eerder[0]) + timedelta(days=1) != date.fromisoformat(rij[0]):
                fouten.append(f"dag {rij[0]}: er ontbreken dagen tussen {eerder[0]} en deze")
            if rij[3] is not None and rij[3] != kort(eerder[2]):
                fouten.append(f"dag {rij[0]}: noemt een andere dag dan {eerder[0]} als vorige")
        elif rij[3]:
            fouten.append(f"dag {rij[0]}: de dag ervoor ontbreekt")
        eerder = rij
    return fouten


def _controleer_lijst(opslag: Opslag, dagen: Sequence[Row]) -> list[str]:
    """Wat buiten de database ondertekend staat, staat er ook in: ook de laatste dag is niet ongemerkt te vervangen."""
    bewaard = {rij[2]: rij[0] for rij in dagen}
    buiten = opslag.ondertekenaar.dagen()
    fouten = [
        f"dag {dag}: staat in de lijst buiten de database, maar daar niet of anders"
        for handtekening, dag in buiten.items()
        if handtekening not in bewaard
    ]
    fouten += [f"dag {dag}: ontbreekt in de lijst buiten de database" for h, dag in bewaard.items() if h not in buiten]
    return fouten
