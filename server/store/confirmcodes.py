"""De code waarmee een toestemming op papier of met de stem bevestigd wordt (toegang.md §7).

Alleen de houder krijgt haar, per mail of brief; wie de toestemming opschreef, ziet haar niet. Vijf verkeerde en zij
werkt niet meer. De mail ligt klaar in dezelfde transactie als de code. Zoeken gaat op HMAC.
"""

from __future__ import annotations

import secrets
from typing import Final

from sqlalchemy import BigInteger, bindparam, delete, select, update

from server.store.mail import verborgen
from server.store.mailrow import BEVESTIGCODE, leg_klaar
from server.store.passports import Opslag
from server.store.sql import Op, Unit, query, vervang
from server.store.tables import tabel
from server.store.tables_mail import BevestigcodeRij

GELDIG_SECONDEN: Final = 42 * 86400  # een brief doet er een paar dagen over, en blijft wel eens liggen
POGINGEN_MAX: Final = 5
CIJFERS: Final = 8

_B = tabel(BevestigcodeRij)
_ZET = vervang(_B)
_LEES = query(
    select(_B.c.code, _B.c.pogingen, _B.c.partitie).where(
        _B.c.consent == bindparam("consent"), _B.c.verloopt > bindparam("nu", type_=BigInteger())
    )
)
_TEL = query(
    update(_B)
    .where(_B.c.consent == bindparam("b_consent"), _B.c.pogingen < POGINGEN_MAX)
    .values(pogingen=_B.c.pogingen + 1)
)
_WEG = query(delete(_B).where(_B.c.consent == bindparam("consent")))


async def stuur(opslag: Opslag, partitie: str, consent: str, nu: int) -> None:
    """Een nieuwe code bij deze Consent, en de mail of brief erover; een eerdere code werkt dan niet meer."""
    code = f"{secrets.randbelow(10**CIJFERS):0{CIJFERS}d}"
    rij = {
        "consent": consent, "partitie": partitie, "code": _hmac(opslag, consent, code),
        "verloopt": nu + GELDIG_SECONDEN, "pogingen": 0,
    }  # fmt: skip
    id_ = f"code.{consent}.{secrets.token_hex(6)}"
    leesbaar = {"code": f"{code[:4]} {code[4:]}"}
    brief = leg_klaar(id_, BEVESTIGCODE, partitie, consent, inhoud=verborgen(opslag, id_, leesbaar))
    await opslag.db.voer_uit(Unit((Op(_ZET, rij), brief), sleutel=partitie))


async def bekend(opslag: Opslag, partitie: str, consent: str) -> bool:
    """Of er voor deze Consent ooit een code gestuurd is die nog niet gebruikt is, ook als zij niet meer werkt."""
    rij = await opslag.db.rij(_LEES, consent=consent, nu=0)
    return rij is not None and rij[2] == partitie


async def klopt(opslag: Opslag, partitie: str, consent: str, code: str, nu: int) -> bool | None:
    """Of dit de code is; None als er geen (meer) is: nooit gestuurd, verlopen, of vijf keer verkeerd geraden.

    Eerst tellen, dan pas kijken: ook wie veel tegelijk probeert, krijgt er niet meer dan vijf.
    """
    rij = await opslag.db.rij(_LEES, consent=consent, nu=nu)
    if rij is None or rij[2] != partitie or rij[1] >= POGINGEN_MAX:
        return None
    await opslag.db.voer_uit(Unit((Op(_TEL, {"b_consent": consent}),), sleutel=partitie))
    na = await opslag.db.rij(_LEES, consent=consent, nu=nu)
    if na is None or na[1] > POGINGEN_MAX:
        return None
    return secrets.compare_digest(str(na[0]), _hmac(opslag, consent, code))


async def weg(opslag: Opslag, consent: str) -> None:
    """De code is gebruikt, of de toestemming van de baan."""
    await opslag.db.voer_uit(Unit((Op(_WEG, {"consent": consent}),)))


def _hmac(opslag: Opslag, consent: str, code: str) -> str:
    return opslag.slot("index").hmac(f"bevestig|{consent}|{''.join(c for c in code if c.isdigit())}")
