"""Formulieren van wie niet meer was ingelogd, versleuteld en kort, tot die persoon in dezelfde rol terug is.

Eén per bladzijde, en per account hoogstens `HOOGSTENS`: de oudste vervalt. Wie het mag lezen, beslist de aanroeper.
Tijden zijn seconden sinds 1970 en komen van de aanroeper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, delete, select

from server.store.hidden import onthul, verberg
from server.store.passports import Opslag
from server.store.sql import Op, Row, Unit, query, vervang
from server.store.tables import tabel
from server.store.tables_oauth import FormulierRij

HOOGSTENS: Final = 5

_FRM = tabel(FormulierRij)
_VAN = query(
    select(_FRM.c.id, _FRM.c.inhoud, _FRM.c.verloopt)
    .where(_FRM.c.account == bindparam("account"), _FRM.c.verloopt > bindparam("nu"))
    .order_by(_FRM.c.verloopt, _FRM.c.id)
)
_ZET = vervang(_FRM)
_WEG = query(delete(_FRM).where(_FRM.c.account == bindparam("account"), _FRM.c.id == bindparam("id")))
_RUIM = query(delete(_FRM).where(_FRM.c.verloopt <= bindparam("nu")))


@dataclass(frozen=True, slots=True)
class Formulier:
    """Wat iemand had ingevuld. `pagina` is waar het formulier stond, `doel` waarheen het ging; beide alleen een pad."""

    account: str
    lidmaatschap: str
    pagina: str
    doel: str
    velden: tuple[tuple[str, str], ...]
    id: str = ""


async def bewaar_formulier(opslag: Opslag, formulier: Formulier, nu: int, verloopt: int) -> None:
    """Bewaar; een eerder formulier van dezelfde bladzijde wordt vervangen, wat te veel is valt af."""
    f = formulier
    id_ = opslag.slot("index").hmac(f"formulier|{f.account}|{f.lidmaatschap}|{f.pagina}|{f.doel}")
    inhoud = verberg(
        opslag.slot("sessie"), [f.lidmaatschap, f.pagina, f.doel, f.velden], f"formulier|{f.account}|{id_}"
    )
    ander = [rij[0] for rij in await opslag.db.rijen(_VAN, account=f.account, nu=nu) if rij[0] != id_]
    oud = [Op(_WEG, {"account": f.account, "id": x}) for x in ander[: max(0, len(ander) - HOOGSTENS + 1)]]
    rij = {"id": id_, "account": f.account, "inhoud": inhoud, "verloopt": verloopt}
    await opslag.db.voer_uit(Unit((Op(_RUIM, {"nu": nu}), *oud, Op(_ZET, rij, 1))))


async def formulieren_van(opslag: Opslag, account: str, lidmaatschap: str, nu: int) -> tuple[Formulier, ...]:
    """Wat er wacht voor deze persoon in deze rol, het oudste eerst."""
    alle = [_lees(opslag, account, rij) for rij in await opslag.db.rijen(_VAN, account=account, nu=nu)]
    return tuple(f for f in alle if f.lidmaatschap == lidmaatschap)


async def wacht_er_een(opslag: Opslag, account: str, nu: int) -> bool:
    """Of er iets wacht voor dit account, in welke rol ook."""
    return await opslag.db.rij(_VAN, account=account, nu=nu) is not None


async def gooi_formulier_weg(opslag: Opslag, account: str, id: str) -> None:
    """Weg ermee: verstuurd, of niet meer gewild. Het formulier van een ander blijft."""
    await opslag.db.voer_uit(Unit((Op(_WEG, {"account": account, "id": id}),)))


def _lees(opslag: Opslag, account: str, rij: Row) -> Formulier:
    lid, pagina, doel, velden = onthul(opslag.slot("sessie"), rij[1], f"formulier|{account}|{rij[0]}")
    return Formulier(account, lid, pagina, doel, tuple((str(n), str(w)) for n, w in velden), rij[0])
