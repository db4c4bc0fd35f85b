"""Vragen om toestemming: een organisatie vraagt, zonder te weten of er een paspoort is (toegang.md §5).

De organisatie krijgt een link (zeven dagen) en een korte code (tien minuten) en geeft die aan de cliënt, of laat de
link mailen. Wie de vraag opent en ja of nee zegt, staat hier niet: een nee ziet er voor de organisatie uit als geen
antwoord.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, delete, select, update

from server.store import pogingen
from server.store.hidden import als_hash, nieuw_token, onthul, verberg
from server.store.mail import verborgen
from server.store.mailrow import VRAAG, leg_klaar
from server.store.passports import Opslag
from server.store.sql import Botsing, Op, Row, Unit, query, voeg_toe
from server.store.tables import tabel
from server.store.tables_mail import ToestemmingsvraagRij

LINK_SECONDEN: Final = 7 * 86400
CODE_SECONDEN: Final = 600
OPEN, JA, NEE = "open", "ja", "nee"

_V = tabel(ToestemmingsvraagRij)
_NIEUW = voeg_toe(_V)
_NU = bindparam("nu", type_=BigInteger())
_OP_ID = query(select(_V).where(_V.c.id == bindparam("id")))
_OP_TOKEN = query(select(_V).where(_V.c.token == bindparam("token"), _V.c.verloopt > _NU, _V.c.stand == OPEN))
_OP_CODE = query(select(_V).where(_V.c.code == bindparam("code"), _V.c.code_tot > _NU, _V.c.stand == OPEN))
_VAN = query(
    select(_V)
    .where(_V.c.organisatie == bindparam("organisatie"), _V.c.verloopt > _NU)
    .order_by(_V.c.verloopt.desc(), _V.c.id)
    .limit(100)
)
_STAND = query(
    update(_V)
    .where(_V.c.id == bindparam("b_id"), _V.c.stand == OPEN, _V.c.verloopt > bindparam("b_nu", type_=BigInteger()))
    .values(stand=bindparam("b_stand"))
)
_CODE = query(
    update(_V)
    .where(_V.c.id == bindparam("b_id"), _V.c.stand == OPEN)
    .values(code=bindparam("b_code"), code_tot=bindparam("b_tot"), inhoud=bindparam("b_inhoud"))
)
_RUIM = query(delete(_V).where(_V.c.verloopt <= bindparam("voor", type_=BigInteger())))


@dataclass(frozen=True, slots=True)
class Vraag:
    """Een vraag om toestemming. `gegevens` (doel, rol, groepen, wie vraagt) zijn JSON-waarden van `web`.

    `token` en `code` zijn er alleen voor wie vraagt: zij staan versleuteld in de rij.
    """

    id: str
    organisatie: str
    functie: str | None
    gegevens: Mapping[str, Any]
    verloopt: int
    code_tot: int
    stand: str
    token: str
    code: str


async def stel(opslag: Opslag, organisatie: str, functie: str | None, gegevens: Mapping[str, Any], nu: int) -> Vraag:
    """Een nieuwe vraag, met link en korte code."""
    id_, token, code = secrets.token_hex(12), nieuw_token(), await _vrije_code(opslag, nu)
    rij: dict[str, Any] = {
        "id": id_, "token": als_hash(token), "code": _hmac(opslag, code), "organisatie": organisatie,
        "functie": functie, "inhoud": _dicht(opslag, id_, gegevens, token, code), "verloopt": nu + LINK_SECONDEN,
        "code_tot": nu + CODE_SECONDEN, "stand": OPEN,
    }  # fmt: skip
    await opslag.db.voer_uit(Unit((Op(_RUIM, {"voor": nu - 86400}), Op(_NIEUW, rij, 1))))
    return Vraag(id_, organisatie, functie, dict(gegevens), rij["verloopt"], rij["code_tot"], OPEN, token, code)


async def nieuwe_code(opslag: Opslag, vraag: Vraag, nu: int) -> bool:
    """Weer tien minuten, met een andere code; onwaar als de vraag niet meer open staat."""
    code = await _vrije_code(opslag, nu)
    inhoud = _dicht(opslag, vraag.id, vraag.gegevens, vraag.token, code)
    waarden = {"b_id": vraag.id, "b_code": _hmac(opslag, code), "b_tot": nu + CODE_SECONDEN, "b_inhoud": inhoud}
    return await _probeer(opslag, Op(_CODE, waarden, 1))


async def mail(opslag: Opslag, vraag: Vraag, aan: str, naam: str, huis: str) -> None:
    """Leg de mail met de link klaar; het adres staat alleen versleuteld, tot zij weg is."""
    id_ = f"vraag.{secrets.token_hex(12)}"
    gegevens = {"aan": aan, "naam": naam, "organisatie": huis, "token": vraag.token}
    await opslag.db.voer_uit(Unit((leg_klaar(id_, VRAAG, inhoud=verborgen(opslag, id_, gegevens)),)))


async def met_id(opslag: Opslag, id: str) -> Vraag | None:
    """Een vraag bij haar id, ook als zij beantwoord of verlopen is."""
    rij = await opslag.db.rij(_OP_ID, id=id)
    return None if rij is None else _lees(opslag, rij)


async def met_token(opslag: Opslag, token: str, nu: int) -> Vraag | None:
    """De open vraag achter een link."""
    rij = await opslag.db.rij(_OP_TOKEN, token=als_hash(token), nu=nu)
    return None if rij is None else _lees(opslag, rij)


async def met_code(opslag: Opslag, code: str, door: str, nu: int, adres: str = "") -> Vraag | None:
    """De open vraag bij een korte code. `PaspoortFout("code-te-vaak")` na vijf verkeerde in tien minuten."""
    gehasht = _hmac(opslag, code)
    wie = {f"account|{door}": pogingen.PER_WIE} | ({f"adres|{adres}": pogingen.PER_ADRES} if adres else {})
    await pogingen.tel(opslag, {**wie, f"code|{gehasht}": pogingen.PER_WIE}, nu)
    rij = await opslag.db.rij(_OP_CODE, code=gehasht, nu=nu)
    if rij is None:
        return None
    await pogingen.neem_terug(opslag, wie, nu)
    return _lees(opslag, rij)


async def vragen_van(opslag: Opslag, organisatie: str, nu: int) -> tuple[Vraag, ...]:
    """De vragen van een organisatie die nog niet verlopen zijn, nieuwste eerst."""
    rijen = await opslag.db.rijen(_VAN, organisatie=organisatie, nu=nu)
    return tuple(_lees(opslag, rij) for rij in rijen)


async def beantwoord(opslag: Opslag, id: str, ja: bool, nu: int) -> bool:
    """Ja of nee; precies één keer waar."""
    return await _probeer(opslag, Op(_STAND, {"b_id": id, "b_stand": JA if ja else NEE, "b_nu": nu}, 1))


async def _probeer(opslag: Opslag, op: Op) -> bool:
    try:
        await opslag.db.voer_uit(Unit((op,)))
    except Botsing:
        return False
    return True


async def _vrije_code(opslag: Opslag, nu: int) -> str:
    while True:
        code = f"{secrets.randbelow(10**6):06d}"
        if await opslag.db.rij(_OP_CODE, code=_hmac(opslag, code), nu=nu) is None:
            return code


def _hmac(opslag: Opslag, code: str) -> str:
    return opslag.slot("index").hmac(f"vraagcode|{''.join(c for c in code if c.isdigit())}")


def _dicht(opslag: Opslag, id: str, gegevens: Mapping[str, Any], token: str, code: str) -> bytes:
    return verberg(opslag.slot("sessie"), [dict(gegevens), token, code], f"toestemmingsvraag|{id}")


def _lees(opslag: Opslag, rij: Row) -> Vraag:
    id_, _, _, organisatie, functie, inhoud, verloopt, code_tot, stand = rij
    gegevens, token, code = onthul(opslag.slot("sessie"), inhoud, f"toestemmingsvraag|{id_}")
    return Vraag(id_, organisatie, functie, gegevens, verloopt, code_tot, stand, token, code)
