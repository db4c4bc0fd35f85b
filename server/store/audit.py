"""Het log lezen (NEN 7513; ontwerp deel 2).

Schrijven gaat via `Opslag.log` en `Opslag.schrijf`; ondertekenen doet `dagwortel.py`, nakijken `logcontrole.py`.
*Wie keek mee* en AuditEvent maken hier hun vragen; de vorm is van `server/access/inzage.py`.
"""

from __future__ import annotations

from sqlalchemy import Select, and_, bindparam, or_, select

from server.store.logrow import Logregel, lees_rij
from server.store.passports import Opslag
from server.store.sql import query
from server.store.tables import LogRij, tabel

EINDE_DER_TIJDEN = "9999"  # later dan elk moment, in elke taal van de database

_LOG = tabel(LogRij)
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
    vanaf = _LOG.c.moment >= bindparam("vanaf", type_=_LOG.c.moment.type)
    return select(*_VELDEN).where(*waar, eerder, vanaf).order_by(*volgorde).limit(bindparam("aantal"))  # type: ignore[arg-type]


_VAN_PASPOORT = query(_nieuwste(_LOG.c.schuilnaam == bindparam("schuilnaam")))
_VAN_ORGANISATIE = query(_nieuwste(_LOG.c.organisatie == bindparam("organisatie")))
_ORGANISATIES = query(
    select(_LOG.c.organisatie)
    .where(_LOG.c.schuilnaam == bindparam("schuilnaam"), _LOG.c.organisatie.is_not(None))
    .distinct()
    .order_by(_LOG.c.organisatie)
)
_EEN = query(select(*_VELDEN).where(_LOG.c.stroom == bindparam("stroom"), _LOG.c.nummer == bindparam("nummer")))


async def regels_van_paspoort(
    opslag: Opslag, partitie: str, *, na: str | None = None, aantal: int = 100, vanaf: str = "", tot: str | None = None
) -> tuple[Logregel, ...]:
    """Wie in dit paspoort keek of schreef, nieuwste eerst; `na` is de laatste `id` van de vorige bladzijde.

    `vanaf` en `tot` (zonder dat moment zelf) zijn momenten in UTC of een begin ervan.
    """
    bos = await opslag.logbos(partitie)
    if bos is None:
        return ()
    plaats = await _plaats(opslag, na, vanaf, tot)
    rijen = await opslag.db.rijen(_VAN_PASPOORT, schuilnaam=bos.schuilnaam, aantal=aantal, **plaats)
    log = opslag.slot("log")
    return tuple(lees_rij(rij, bos, log) for rij in rijen)


async def organisaties_van_paspoort(opslag: Opslag, partitie: str) -> tuple[str, ...]:
    """Welke organisaties in het log van dit paspoort staan, op id."""
    bos = await opslag.logbos(partitie)
    rijen = () if bos is None else await opslag.db.rijen(_ORGANISATIES, schuilnaam=bos.schuilnaam)
    return tuple(rij[0] for rij in rijen)


async def regels_van_organisatie(
    opslag: Opslag,
    organisatie: str,
    *,
    na: str | None = None,
    aantal: int = 100,
    vanaf: str = "",
    tot: str | None = None,
) -> tuple[Logregel, ...]:
    """Wat deze organisatie zelf deed, nieuwste eerst; wat bij een gewist paspoort hoorde is leeg."""
    plaats = await _plaats(opslag, na, vanaf, tot)
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


async def _plaats(opslag: Opslag, na: str | None, vanaf: str, tot: str | None) -> dict[str, str | int]:
    """Waar de vorige bladzijde eindigde; zonder of met een onbekende `na` aan het begin."""
    gevonden = await regel(opslag, na) if na else None
    if gevonden is None:
        return {"vanaf": vanaf, "voor": tot or EINDE_DER_TIJDEN, "voor_stroom": "", "voor_nummer": 0}
    stroom, _, nummer = gevonden.id.partition("-")
    return {"vanaf": vanaf, "voor": gevonden.moment, "voor_stroom": stroom, "voor_nummer": int(nummer)}
