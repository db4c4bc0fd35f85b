"""Wissen: de sleutel vernietigen, zodat ciphertext en back-ups onleesbaar worden (ontwerp deel 2).

De wissing staat eerst op de ondertekende lijst buiten de back-up; `herhaal` voert haar opnieuw uit na een onderbreking
of een teruggezette back-up. De keten over de ciphertext blijft te controleren.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select

from paspoort.fouten import Melding, PaspoortFout
from server.store import statements as sql
from server.store.cipher import schrijf_versie
from server.store.indexes import opdrachten, ruim_partitie
from server.store.seal import Wissing
from server.store.sql import Botsing, Op, Unit, query
from server.store.tables import tabel
from server.store.tables_oauth import LidmaatschapRij, TokenRij, UitnodigingRij, VerleningRij
from server.store.verhuizing import eerdere_partities
from server.store.versions import GEWIST, Momentopname, Versie, Volgnummerbotsing, nu_als_instant

if TYPE_CHECKING:
    from server.store.passports import Opslag

POGINGEN = 10

_LID, _TOK, _VER, _UIT = tabel(LidmaatschapRij), tabel(TokenRij), tabel(VerleningRij), tabel(UitnodigingRij)
_TOKENS_WEG = query(
    delete(_TOK).where(_TOK.c.familie.in_(select(_VER.c.familie).where(_VER.c.patient == bindparam("partitie"))))
)
_VERLENINGEN_WEG = query(delete(_VER).where(_VER.c.patient == bindparam("partitie")))
_LEDEN_WEG = query(delete(_LID).where(_LID.c.patient == bindparam("partitie")))
_UITNODIGINGEN_WEG = query(delete(_UIT).where(_UIT.c.partitie == bindparam("partitie")))


async def wis(opslag: Opslag, partitie: str, type_: str | None, id_: str | None) -> None:
    """Wis een partitie (zonder type en id) of één resource. `PaspoortFout("niet-gevonden")` of `opslag-stil`."""
    m = await opslag.momentopname(partitie)
    if type_ is None or id_ is None:
        opslag.ondertekenaar.noteer_wissing(Wissing(nu_als_instant(), partitie))
        await _partitie(opslag, partitie)
        return
    if m.get(type_, id_) is None:
        raise PaspoortFout(Melding("niet-gevonden"))
    opslag.ondertekenaar.noteer_wissing(Wissing(nu_als_instant(), partitie, type_, id_))
    await _resource(opslag, partitie, type_, id_)


async def herhaal(opslag: Opslag) -> None:
    """Wat op de wislijst staat, is weg. Doet niets voor wat al gewist is."""
    for w in opslag.ondertekenaar.wissingen():
        if w.type is None or w.id is None:
            kop = await opslag.db.rij(sql.KOP, partitie=w.partitie)
            if (kop is not None and not kop[3]) or await opslag.kluis.heeft_partitie(w.partitie):
                await _partitie(opslag, w.partitie)
        elif await opslag.kluis.heeft_resource(w.partitie, w.type, w.id):
            await _resource(opslag, w.partitie, w.type, w.id)


async def _resource(opslag: Opslag, partitie: str, type_: str, id_: str) -> None:
    for _ in range(POGINGEN):
        m = await opslag.momentopname(partitie)
        v = m.get(type_, id_)
        if v is None:  # de grafsteen staat er al; alleen de sleutel nog
            break
        try:
            await _grafsteen(opslag, m, v)
            break
        except Volgnummerbotsing:
            continue
    else:
        raise Volgnummerbotsing
    for plek in (*await eerdere_partities(opslag, type_, id_), partitie):
        await opslag.kluis.wis_resource(plek, type_, id_)
        opslag.vergeet(plek)


async def _grafsteen(opslag: Opslag, m: Momentopname, v: Versie) -> None:
    ingang = await opslag.ingang(m.partitie, m.volgnummer)
    if ingang.momentopname.volgnummer != m.volgnummer:
        raise Volgnummerbotsing
    steen = Versie(
        partitie=m.partitie, volgnummer=m.volgnummer + 1, type=v.type, id=v.id, versie=v.versie + 1,
        moment=nu_als_instant(v.moment), auteur="", herkomst=v.herkomst, verwijderd=True, tekst=b"",
    )  # fmt: skip
    naam = ingang.bos.van[(v.type, v.id)]
    rij = schrijf_versie(steen, naam, ingang.bos.gegevens[naam], ingang.ketting, stand=GEWIST)
    schuif = {"b_id": m.partitie, "b_verwacht": m.volgnummer, "b_nieuw": steen.volgnummer, "b_ketting": rij["hash"]}
    index = opdrachten(steen, opslag.slot("index").hmac, opslag.register.organisatie_van)
    weg = Op(sql.GEEN_LOCATIE, {"type": v.type, "id": v.id}, 1)
    try:
        await opslag.db.voer_uit(
            Unit((Op(sql.SCHUIF_OP, schuif, 1), Op(sql.NIEUWE_VERSIE, rij, 1), weg, *index), sleutel=m.partitie)
        )
    except Botsing:
        raise Volgnummerbotsing from None


async def _partitie(opslag: Opslag, partitie: str) -> None:
    van = {"partitie": partitie}
    ops = [
        Op(sql.MERK_GEWIST, {"b_id": partitie}),
        *(Op(weg, van) for weg in (sql.GEEN_LOCATIES, _TOKENS_WEG, _VERLENINGEN_WEG, _LEDEN_WEG, _UITNODIGINGEN_WEG)),
        *ruim_partitie(partitie),
    ]
    await opslag.db.voer_uit(Unit(tuple(ops), sleutel=partitie))
    await opslag.kluis.wis_partitie(partitie)
    opslag.vergeet(partitie)
