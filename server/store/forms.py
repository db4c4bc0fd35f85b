"""Wat iemand typte en nog niet verstuurde, versleuteld en kort: het overleeft de sessie, niet de dag.

*Formulieren* zijn van wie niet meer was ingelogd: één per bladzijde, en per account hoogstens `HOOGSTENS`; de oudste
vervalt. Het *klad* is van bladzijden met meer stappen: één per account en rol. Een *beurt* onthoudt dat een formulier
al verstuurd is, en waar dat heen leidde. Wie iets mag lezen, beslist de aanroeper. Tijden zijn seconden sinds 1970 en
komen van de aanroeper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, delete, select

from server.store.hidden import onthul, verberg
from server.store.passports import Opslag
from server.store.sql import Botsing, Op, Row, Unit, query, vervang, voeg_toe
from server.store.tables import tabel
from server.store.tables_oauth import FormulierRij

HOOGSTENS: Final = 5

_FRM = tabel(FormulierRij)
_VAN = query(
    select(_FRM.c.id, _FRM.c.inhoud, _FRM.c.verloopt)
    .where(
        _FRM.c.account == bindparam("account"),
        _FRM.c.verloopt > bindparam("nu"),
        # een beurt heet b…, een formulier f…, een klad k…
        _FRM.c.id.between("f", "g"),
    )
    .order_by(_FRM.c.verloopt, _FRM.c.id)
)
_EEN = query(select(_FRM.c.inhoud).where(_FRM.c.id == bindparam("id"), _FRM.c.verloopt > bindparam("nu")))
_ZET = vervang(_FRM)
_NIEUW = voeg_toe(_FRM)
_WEG = query(delete(_FRM).where(_FRM.c.account == bindparam("account"), _FRM.c.id == bindparam("id")))
_ALLES_WEG = query(delete(_FRM).where(_FRM.c.account == bindparam("account")))
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
    id_ = "f" + opslag.slot("index").hmac(f"formulier|{f.account}|{f.lidmaatschap}|{f.pagina}|{f.doel}")
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


async def gooi_alles_weg(opslag: Opslag, account: str) -> None:
    """Wie zelf uitlogt, laat niets achter."""
    await opslag.db.voer_uit(Unit((Op(_ALLES_WEG, {"account": account}),)))


async def lees_klad(opslag: Opslag, account: str, lidmaatschap: str, nu: int) -> dict[str, Any]:
    """Het klad van deze persoon in deze rol, of niets."""
    id_ = _klad_id(opslag, account, lidmaatschap)
    rij = await opslag.db.rij(_EEN, id=id_, nu=nu)
    return {} if rij is None else dict(onthul(opslag.slot("sessie"), rij[0], f"klad|{account}|{id_}"))


async def zet_klad(
    opslag: Opslag, account: str, lidmaatschap: str, klad: Mapping[str, Any], nu: int, verloopt: int
) -> None:
    """Vervang het klad; leeg is weg."""
    id_ = _klad_id(opslag, account, lidmaatschap)
    inhoud = verberg(opslag.slot("sessie"), dict(klad), f"klad|{account}|{id_}")
    rij = {"id": id_, "account": account, "inhoud": inhoud, "verloopt": verloopt}
    op = Op(_ZET, rij, 1) if klad else Op(_WEG, {"account": account, "id": id_})
    await opslag.db.voer_uit(Unit((Op(_RUIM, {"nu": nu}), op)))


async def neem_beurt(opslag: Opslag, account: str, wat: str, nu: int, duur: int) -> bool:
    """Waar als niemand dit formulier nog verstuurde; de beurt duurt `duur` seconden. Precies één aanroeper wint."""
    id_ = _beurt_id(opslag, account, wat)
    rij = {"id": id_, "account": account, "inhoud": b"", "verloopt": nu + duur}
    try:
        await opslag.db.voer_uit(Unit((Op(_RUIM, {"nu": nu}), Op(_NIEUW, rij, 1))))
    except Botsing:
        return False
    return True


async def uitkomst_van_beurt(opslag: Opslag, account: str, wat: str) -> str | None:
    """Waar het formulier heen leidde; leeg als het nog bezig is, None als de beurt er niet meer is."""
    id_ = _beurt_id(opslag, account, wat)
    rij = await opslag.db.rij(_EEN, id=id_, nu=0)
    if rij is None:
        return None
    return str(onthul(opslag.slot("sessie"), rij[0], f"beurt|{account}|{id_}")) if rij[0] else ""


async def klaar_met_beurt(opslag: Opslag, account: str, wat: str, adres: str, verloopt: int) -> None:
    """Het is gedaan: onthoud tot `verloopt` waar het heen leidde (een pad)."""
    id_ = _beurt_id(opslag, account, wat)
    inhoud = verberg(opslag.slot("sessie"), adres, f"beurt|{account}|{id_}")
    rij = {"id": id_, "account": account, "inhoud": inhoud, "verloopt": verloopt}
    await opslag.db.voer_uit(Unit((Op(_ZET, rij, 1),)))


async def geef_beurt_terug(opslag: Opslag, account: str, wat: str) -> None:
    """Het lukte niet: het mag nog eens."""
    await gooi_formulier_weg(opslag, account, _beurt_id(opslag, account, wat))


def _beurt_id(opslag: Opslag, account: str, wat: str) -> str:
    return "b" + opslag.slot("index").hmac(f"beurt|{account}|{wat}")


def _klad_id(opslag: Opslag, account: str, lidmaatschap: str) -> str:
    return "k" + opslag.slot("index").hmac(f"klad|{account}|{lidmaatschap}")


def _lees(opslag: Opslag, account: str, rij: Row) -> Formulier:
    lid, pagina, doel, velden = onthul(opslag.slot("sessie"), rij[1], f"formulier|{account}|{rij[0]}")
    return Formulier(account, lid, pagina, doel, tuple((str(n), str(w)) for n, w in velden), rij[0])
