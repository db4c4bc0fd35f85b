"""Uitnodigingen: een QR, link of korte code waarmee een houder iemand toegang gaat geven (ontwerp deel 1, stap 1).

Drie stappen: de houder maakt haar, een professional neemt haar aan, de houder bevestigt wie het is. Pas dan maakt `web`
de Consent. Zoeken gaat op sha256 van het token en HMAC van de code; raden wordt geteld. Voor de QR op het
scherm van de houder staan beide ook versleuteld in de rij, tien minuten lang.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from server.store import pogingen
from server.store.hidden import als_hash, nieuw_token, onthul, verberg
from server.store.passports import Opslag
from server.store.sql import Botsing, Op, Row, Unit, query, voeg_toe
from server.store.tables import tabel
from server.store.tables_oauth import UitnodigingRij

VAK = pogingen.DUUR  # seconden waarin verkeerde codes geteld worden
POGINGEN_MAX = pogingen.PER_WIE
OPEN, AANGENOMEN, BEVESTIGD, VERVALLEN = "open", "aangenomen", "bevestigd", "vervallen"

_UIT = tabel(UitnodigingRij)
_KOLOMMEN = (_UIT.c.id, _UIT.c.partitie, _UIT.c.inhoud, _UIT.c.verloopt, _UIT.c.stand, _UIT.c.aangenomen)
_NIEUW = voeg_toe(_UIT)
_OP_TOKEN = query(select(*_KOLOMMEN).where(_UIT.c.token == bindparam("token"), _UIT.c.verloopt > bindparam("nu")))
_OP_CODE = query(
    select(*_KOLOMMEN).where(_UIT.c.code == bindparam("code"), _UIT.c.stand == OPEN, _UIT.c.verloopt > bindparam("nu"))
)
_OP_ID = query(select(*_KOLOMMEN).where(_UIT.c.id == bindparam("id")))
_VAN = query(
    select(*_KOLOMMEN)
    .where(_UIT.c.partitie == bindparam("partitie"), _UIT.c.verloopt > bindparam("nu"))
    .order_by(_UIT.c.verloopt.desc(), _UIT.c.id)
)
_STAP = query(
    update(_UIT)
    .where(_UIT.c.id == bindparam("b_id"), _UIT.c.stand == bindparam("b_van"), _UIT.c.verloopt > bindparam("b_nu"))
    .values(stand=bindparam("b_naar"))
)
_NEEM_AAN = query(
    update(_UIT)
    .where(_UIT.c.id == bindparam("b_id"), _UIT.c.stand == OPEN, _UIT.c.verloopt > bindparam("b_nu"))
    .values(stand=AANGENOMEN, aangenomen=bindparam("b_aangenomen"))
)
_RUIM = query(delete(_UIT).where(_UIT.c.verloopt <= bindparam("voor")))


@dataclass(frozen=True, slots=True)
class Uitnodiging:
    """`gegevens` (doel, groepen, …) en `aangenomen_door` (wie, naam, organisatie) zijn JSON-waarden van `web`."""

    id: str
    partitie: str
    gegevens: Mapping[str, Any]
    verloopt: int
    stand: str
    aangenomen_door: Mapping[str, Any] | None = None


async def nodig_uit(
    opslag: Opslag, partitie: str, gegevens: Mapping[str, Any], nu: int, verloopt: int
) -> tuple[Uitnodiging, str, str]:
    """Een nieuwe uitnodiging, haar token (voor link en QR) en haar korte code van zes cijfers."""
    id_, token = secrets.token_hex(12), nieuw_token()
    code = await _vrije_code(opslag, nu)
    rij = {
        "id": id_, "token": als_hash(token), "code": _code_hmac(opslag, code), "partitie": partitie,
        "inhoud": verberg(opslag.slot("sessie"), [dict(gegevens), token, code], f"uitnodiging|{id_}"),
        "verloopt": verloopt,
        "stand": OPEN, "aangenomen": None,
    }  # fmt: skip
    await opslag.db.voer_uit(Unit((Op(_RUIM, {"voor": nu - 24 * 3600}), Op(_NIEUW, rij, 1))))
    return Uitnodiging(id_, partitie, dict(gegevens), verloopt, OPEN), token, code


async def met_token(opslag: Opslag, token: str, nu: int, soort: str = "") -> Uitnodiging | None:
    """De uitnodiging van deze soort achter een link of QR, zolang zij niet verlopen is."""
    return _van_soort(opslag, await opslag.db.rij(_OP_TOKEN, token=als_hash(token), nu=nu), soort)


async def met_code(
    opslag: Opslag, code: str, door: str, nu: int, adres: str = "", soort: str = ""
) -> Uitnodiging | None:
    """De open uitnodiging bij een korte code. `PaspoortFout("code-te-vaak")` na vijf verkeerde in tien minuten.

    Telt per account (`door`), per adres, en per getypte code: ook wie met veel accounts één code probeert, houdt op.
    """
    gehasht = _code_hmac(opslag, code)
    wie = {f"account|{door}": POGINGEN_MAX} | ({f"adres|{adres}": pogingen.PER_ADRES} if adres else {})
    await pogingen.tel(opslag, {**wie, f"code|{gehasht}": POGINGEN_MAX}, nu)
    gevonden = _van_soort(opslag, await opslag.db.rij(_OP_CODE, code=gehasht, nu=nu), soort)
    if gevonden is not None:
        await pogingen.neem_terug(opslag, wie, nu)
    return gevonden


async def met_id(opslag: Opslag, id: str, soort: str = "") -> Uitnodiging | None:
    """Een uitnodiging van deze soort bij haar id."""
    return _van_soort(opslag, await opslag.db.rij(_OP_ID, id=id), soort)


async def sleutels(opslag: Opslag, id: str, nu: int) -> tuple[str, str] | None:
    """Token en code, om de houder haar QR nog eens te tonen zolang niemand haar aannam."""
    rij = await opslag.db.rij(_OP_ID, id=id)
    if rij is None or rij[4] != OPEN or rij[3] <= nu:
        return None
    _, token, code = onthul(opslag.slot("sessie"), rij[2], f"uitnodiging|{id}")
    return token, code


async def uitnodigingen_van(opslag: Opslag, partitie: str, nu: int, soort: str = "") -> tuple[Uitnodiging, ...]:
    """De uitnodigingen van deze soort in een paspoort die niet verlopen zijn."""
    rijen = await opslag.db.rijen(_VAN, partitie=partitie, nu=nu)
    return tuple(u for rij in rijen if (u := _van_soort(opslag, rij, soort)) is not None)


async def neem_aan(opslag: Opslag, id: str, door: Mapping[str, Any], nu: int) -> bool:
    """Een professional neemt de uitnodiging aan; onwaar als iemand anders haar al heeft of zij verlopen is."""
    aangenomen = verberg(opslag.slot("sessie"), dict(door), f"aangenomen|{id}")
    return await _probeer(opslag, Op(_NEEM_AAN, {"b_id": id, "b_aangenomen": aangenomen, "b_nu": nu}, 1))


async def bevestig(opslag: Opslag, id: str, nu: int) -> bool:
    """De houder zegt dat het de juiste is; precies één keer waar."""
    return await _probeer(opslag, _stap(id, AANGENOMEN, BEVESTIGD, nu))


async def laat_vervallen(opslag: Opslag, id: str, nu: int) -> bool:
    """De houder trekt de uitnodiging in, of zegt dat het de verkeerde is."""
    return await _probeer(opslag, _stap(id, OPEN, VERVALLEN, nu)) or await _probeer(
        opslag, _stap(id, AANGENOMEN, VERVALLEN, nu)
    )


def _stap(id: str, van: str, naar: str, nu: int) -> Op:
    return Op(_STAP, {"b_id": id, "b_van": van, "b_naar": naar, "b_nu": nu}, 1)


async def _probeer(opslag: Opslag, op: Op) -> bool:
    try:
        await opslag.db.voer_uit(Unit((op,)))
    except Botsing:
        return False
    return True


async def _vrije_code(opslag: Opslag, nu: int) -> str:
    while True:
        code = f"{secrets.randbelow(10**6):06d}"
        if await opslag.db.rij(_OP_CODE, code=_code_hmac(opslag, code), nu=nu) is None:
            return code


def _code_hmac(opslag: Opslag, code: str) -> str:
    return opslag.slot("index").hmac(f"code|{''.join(c for c in code if c.isdigit())}")


def _van_soort(opslag: Opslag, rij: Row | None, soort: str) -> Uitnodiging | None:
    """De uitnodiging als zij van deze soort is: om mee te lezen (leeg), of om te helpen (`mandaat`)."""
    gevonden = None if rij is None else _lees(opslag, rij)
    return gevonden if gevonden is not None and gevonden.gegevens.get("soort", "") == soort else None


def _lees(opslag: Opslag, rij: Row) -> Uitnodiging:
    id_, partitie, inhoud, verloopt, stand, aangenomen = rij
    slot = opslag.slot("sessie")
    door = None if aangenomen is None else onthul(slot, aangenomen, f"aangenomen|{id_}")
    gegevens, _, _ = onthul(slot, inhoud, f"uitnodiging|{id_}")
    return Uitnodiging(id_, partitie, gegevens, verloopt, stand, door)
