"""Wissen: de sleutel vernietigen, zodat ciphertext en back-ups onleesbaar worden (ontwerp deel 2).

De wissing staat eerst op de ondertekende lijst buiten de back-up; `herhaal` voert haar opnieuw uit na een onderbreking
of een teruggezette back-up: bij de start, en elk uur (`server/cli/serve.py`). De keten over de ciphertext
blijft te controleren.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

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

POGINGEN: Final = 10
Plek = tuple[str, str]  # type, id

_LID, _TOK, _VER, _UIT = tabel(LidmaatschapRij), tabel(TokenRij), tabel(VerleningRij), tabel(UitnodigingRij)
_TOKENS_WEG = query(
    delete(_TOK).where(_TOK.c.familie.in_(select(_VER.c.familie).where(_VER.c.patient == bindparam("partitie"))))
)
_VERLENINGEN_WEG = query(delete(_VER).where(_VER.c.patient == bindparam("partitie")))
_LEDEN_WEG = query(delete(_LID).where(_LID.c.patient == bindparam("partitie")))
_UITNODIGINGEN_WEG = query(delete(_UIT).where(_UIT.c.partitie == bindparam("partitie")))


async def wis(opslag: Opslag, partitie: str, type_: str | None, id_: str | None) -> None:
    """Wis een partitie (zonder type en id) of één resource. `PaspoortFout("niet-gevonden")` of `opslag-stil`."""
    if type_ is not None and id_ is not None:
        await wis_samen(opslag, partitie, ((type_, id_),))
        return
    await opslag.momentopname(partitie)
    opslag.ondertekenaar.noteer_wissing(Wissing(nu_als_instant(), partitie))
    await _partitie(opslag, partitie)


async def wis_samen(opslag: Opslag, partitie: str, plekken: Sequence[Plek], gezien: int | None = None) -> None:
    """Wis resources die bij elkaar horen: in één keer op de lijst, in één transactie uit beeld, dan samen de sleutels.

    Breekt het af, dan is er niets weg, of maakt `herhaal` het af. `PaspoortFout("niet-gevonden")` of `opslag-stil`.
    Met `gezien`, het volgnummer waarop de plekken gekozen zijn: `Volgnummerbotsing` als er sindsdien iets bij kwam, en
    dan is er niets weg.
    """
    if not plekken:
        return
    m = await opslag.momentopname(partitie)
    if gezien is not None and m.volgnummer != gezien:
        raise Volgnummerbotsing
    if any(m.get(type_, id_) is None for type_, id_ in plekken):
        raise PaspoortFout(Melding("niet-gevonden"))
    nu = nu_als_instant()
    opslag.ondertekenaar.noteer_wissing(*(Wissing(nu, partitie, type_, id_) for type_, id_ in plekken))
    await _resources(opslag, partitie, plekken)


async def herhaal(opslag: Opslag) -> None:
    """Wat op de wislijst staat, is weg. Doet niets voor wat al gewist is."""
    for w in opslag.ondertekenaar.wissingen():
        if w.type is None or w.id is None:
            kop = await opslag.db.rij(sql.KOP, partitie=w.partitie)
            if (kop is not None and not kop[3]) or await opslag.kluis.heeft_partitie(w.partitie):
                await _partitie(opslag, w.partitie)
        elif await opslag.kluis.heeft_resource(w.partitie, w.type, w.id):
            await _resources(opslag, w.partitie, ((w.type, w.id),))


async def _resources(opslag: Opslag, partitie: str, plekken: Sequence[Plek]) -> None:
    for _ in range(POGINGEN):
        m = await opslag.momentopname(partitie)
        over = [v for type_, id_ in plekken if (v := m.get(type_, id_)) is not None]
        if not over:  # de grafstenen staan er al; alleen de sleutels nog
            break
        try:
            await _grafstenen(opslag, m, over)
            break
        except Volgnummerbotsing:
            continue
    else:
        raise Volgnummerbotsing
    sleutels = [
        (plek, type_, id_)
        for type_, id_ in plekken
        for plek in (*await eerdere_partities(opslag, type_, id_), partitie)
    ]
    try:
        await opslag.kluis.wis_resources(sleutels)
    finally:  # ook als de kluis stil was: wat hier nog open in het geheugen ligt, is niet meer te zien
        for plek in {plek for plek, _, _ in sleutels}:
            opslag.vergeet(plek)


async def _grafstenen(opslag: Opslag, m: Momentopname, versies: Sequence[Versie]) -> None:
    ingang = await opslag.ingang(m.partitie, m.volgnummer)
    if ingang.momentopname.volgnummer != m.volgnummer:
        raise Volgnummerbotsing
    ketting, ops = ingang.ketting, []
    for nummer, v in enumerate(versies, start=m.volgnummer + 1):
        steen = Versie(
            partitie=m.partitie, volgnummer=nummer, type=v.type, id=v.id, versie=v.versie + 1,
            moment=nu_als_instant(v.moment), auteur="", herkomst=v.herkomst, verwijderd=True, tekst=b"",
        )  # fmt: skip
        naam = ingang.bos.van[(v.type, v.id)]
        rij = schrijf_versie(steen, naam, ingang.bos.gegevens[naam], ketting, stand=GEWIST)
        ketting = rij["hash"]
        index = opdrachten(steen, opslag.slot("index").hmac, opslag.register.organisatie_van)
        ops += [Op(sql.NIEUWE_VERSIE, rij, 1), Op(sql.GEEN_LOCATIE, {"type": v.type, "id": v.id}, 1), *index]
    schuif = {
        "b_id": m.partitie,
        "b_verwacht": m.volgnummer,
        "b_nieuw": m.volgnummer + len(versies),
        "b_ketting": ketting,
    }
    try:
        await opslag.db.voer_uit(Unit((Op(sql.SCHUIF_OP, schuif, 1), *ops), sleutel=m.partitie))
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
