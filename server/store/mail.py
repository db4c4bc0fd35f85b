"""De mail lezen en bijhouden: wat weg moet, wat weg is, en welk proces verstuurt (ontwerp deel 5, *post*).

Klaarleggen gebeurt in de transactie van wat zij meldt (`mailrow.py`). Aan wie en wat erin staat, weet
`server/post/mail.py`. Tijden komen van de aanroeper, zodat tests de klok kunnen zetten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, delete, func, select, update

from paspoort.fouten import PaspoortFout
from server.store.hidden import onthul, verberg
from server.store.mailrow import DOOD, WACHT
from server.store.passports import Opslag
from server.store.sql import Botsing, Op, Unit, query, voeg_toe
from server.store.tables import tabel
from server.store.tables_mail import MailRij
from server.store.tables_post import LeidingRij

TAAK: Final = "mail"
PER_KEER: Final = 50

_MAIL, _LEI = tabel(MailRij), tabel(LeidingRij)
_TE_DOEN = query(
    select(_MAIL)
    .where(_MAIL.c.stand == WACHT, _MAIL.c.volgende <= bindparam("nu_ms", type_=BigInteger()))
    .order_by(_MAIL.c.volgende, _MAIL.c.gezet, _MAIL.c.id)
    .limit(PER_KEER)
)
_STAND = query(
    update(_MAIL)
    .where(_MAIL.c.id == bindparam("b_id"), _MAIL.c.stand == WACHT)
    .values(stand=bindparam("b_stand"), gezet=bindparam("b_gezet"), inhoud=None)
)
_UITSTEL = query(
    update(_MAIL)
    .where(_MAIL.c.id == bindparam("b_id"))
    .values(pogingen=bindparam("b_pogingen"), volgende=bindparam("b_volgende"))
)
_RUIM = query(delete(_MAIL).where(_MAIL.c.stand != WACHT, _MAIL.c.gezet < bindparam("voor", type_=BigInteger())))
_TELLING = query(select(_MAIL.c.stand, func.count()).group_by(_MAIL.c.stand))
_LAAT_LOS = query(delete(_LEI).where(_LEI.c.taak == TAAK, _LEI.c.proces == bindparam("proces")))
_LEID = voeg_toe(
    _LEI,
    "ON CONFLICT (taak) DO UPDATE SET proces = excluded.proces, sinds = excluded.sinds, tot = excluded.tot "
    "WHERE leiding.proces = excluded.proces OR leiding.tot < excluded.sinds",
)


@dataclass(frozen=True, slots=True)
class Mail:
    """Eén mail die weg moet. `gegevens` is wat niet uit het paspoort komt, ontcijferd; anders leeg.

    `onleesbaar`: de rij klopt niet met haar sleutel; er is niets te versturen.
    """

    id: str
    soort: str
    partitie: str | None
    consent: str | None
    versie: int | None
    gegevens: dict[str, Any]
    pogingen: int
    onleesbaar: bool = False


def verborgen(opslag: Opslag, id: str, gegevens: dict[str, Any]) -> bytes:
    """Wat een mail zelf moet weten (een adres, een code), versleuteld en gebonden aan haar id."""
    return verberg(opslag.slot("post"), gegevens, f"mail|{id}")


async def te_doen(opslag: Opslag, nu_ms: int) -> tuple[Mail, ...]:
    """De mail die nu aan de beurt is, oudste eerst. Eén die niet te ontcijferen is, houdt de andere niet op."""
    slot = opslag.slot("post")
    uit = []
    for id_, soort, partitie, consent, versie, inhoud, _, pogingen, _, _ in await opslag.db.rijen(
        _TE_DOEN, nu_ms=nu_ms
    ):
        gegevens: dict[str, Any] = {}
        onleesbaar = False
        try:
            gegevens = {} if inhoud is None else onthul(slot, inhoud, f"mail|{id_}")
        except PaspoortFout:
            onleesbaar = True
        uit.append(Mail(id_, soort, partitie, consent, versie, gegevens, pogingen, onleesbaar))
    return tuple(uit)


async def rond_af(opslag: Opslag, mail: Mail, stand: str, nu_ms: int) -> None:
    """`gestuurd`, `vervallen` of `dood`; wat zij zelf wist, is dan weg."""
    waarden = {"b_id": mail.id, "b_stand": stand, "b_gezet": nu_ms // 1000}
    await opslag.db.voer_uit(Unit((Op(_STAND, waarden),), sleutel=mail.id))


async def stel_uit(opslag: Opslag, mail: Mail, volgende_ms: int) -> None:
    """Nog eens, niet eerder dan `volgende_ms`."""
    waarden = {"b_id": mail.id, "b_pogingen": mail.pogingen + 1, "b_volgende": volgende_ms}
    await opslag.db.voer_uit(Unit((Op(_UITSTEL, waarden),), sleutel=mail.id))


async def ruim_op(opslag: Opslag, voor: int) -> None:
    """Weg met wat klaar is sinds vóór `voor` (seconden sinds 1970)."""
    await opslag.db.voer_uit(Unit((Op(_RUIM, {"voor": voor}),)))


async def telling(opslag: Opslag) -> dict[str, int]:
    """Hoeveel mail er per stand is; voor de beheerder, geen adressen."""
    return {WACHT: 0, DOOD: 0, **{str(stand): int(aantal) for stand, aantal in await opslag.db.rijen(_TELLING)}}


async def laat_los(opslag: Opslag, proces: str) -> None:
    """Geef de leiding terug, zodat een ander proces meteen verder kan."""
    await opslag.db.voer_uit(Unit((Op(_LAAT_LOS, {"proces": proces}),)))


async def neem_leiding(opslag: Opslag, proces: str, nu_ms: int, tot_ms: int) -> bool:
    """Of dit proces nu (nog) de mail verstuurt; een ander begint pas als `tot` voorbij is."""
    rij = {"taak": TAAK, "proces": proces, "sinds": nu_ms, "tot": tot_ms}
    try:
        await opslag.db.voer_uit(Unit((Op(_LEID, rij, 1),)))
    except Botsing:
        return False
    return True
