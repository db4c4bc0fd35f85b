"""Wie bij een functie hoort: accounts per functie, codes waarmee iemand een functie aanneemt, en schorsen.

De functie zelf (PractitionerRole) staat in het register. Een code wordt buiten ons om gegeven (op papier, in een
gesprek), werkt één keer en een week. Beslist niet wie dit mag: dat doet `server/fhir/registerbeheer.py`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select, update

from paspoort.fouten import Melding, PaspoortFout
from server.store import pogingen
from server.store.hidden import onthul, verberg
from server.store.passports import Opslag
from server.store.session import Account, Lidmaatschap, account_met_id, beeindig_sessies_van
from server.store.sql import Botsing, Op, Unit, query, vervang, voeg_toe
from server.store.tables import tabel
from server.store.tables_beheer import PersoneelscodeRij, SchorsingRij
from server.store.tables_oauth import LidmaatschapRij, VerleningRij
from server.store.tokens import trek_in, verlening

CODE_TEKENS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # zonder wat op elkaar lijkt
CODE_LENGTE = 12  # 60 bits
CODE_GELDIG = 7 * 24 * 3600

_LID, _VER = tabel(LidmaatschapRij), tabel(VerleningRij)
_CODE, _STIL = tabel(PersoneelscodeRij), tabel(SchorsingRij)
_NIEUW_LID = voeg_toe(_LID)
_LEDEN = query(select(_LID.c.id, _LID.c.account).where(_LID.c.functie == bindparam("functie")).order_by(_LID.c.id))
_ANDERE_ROL = query(update(_LID).where(_LID.c.functie == bindparam("b_functie")).values(rol=bindparam("b_rol")))
_VERLENINGEN = query(select(_VER.c.familie).where(_VER.c.account == bindparam("account"), _VER.c.ingetrokken.is_(None)))
_NIEUWE_CODE = voeg_toe(_CODE)
_RUIM = query(delete(_CODE).where(_CODE.c.verloopt <= bindparam("nu")))
_VERVANG = query(delete(_CODE).where(_CODE.c.functie == bindparam("functie"), _CODE.c.gebruikt == 0))
_LEES = query(
    select(_CODE.c.functie, _CODE.c.inhoud).where(
        _CODE.c.code == bindparam("code"), _CODE.c.gebruikt == 0, _CODE.c.verloopt > bindparam("nu")
    )
)
_OPEN = query(
    select(_CODE.c.verloopt).where(
        _CODE.c.functie == bindparam("functie"), _CODE.c.gebruikt == 0, _CODE.c.verloopt > bindparam("nu")
    )
)
_GEBRUIK = query(update(_CODE).where(_CODE.c.code == bindparam("b_code"), _CODE.c.gebruikt == 0).values(gebruikt=1))
_ZET_STIL, _NIET_STIL = vervang(_STIL), query(delete(_STIL).where(_STIL.c.naam == bindparam("naam")))


@dataclass(frozen=True, slots=True)
class Inlog:
    """Een account dat een functie heeft; `id` is dat van het lidmaatschap."""

    id: str
    account: Account


async def inlogs_van(opslag: Opslag, functie: str) -> tuple[Inlog, ...]:
    """Wie met deze functie inlogt."""
    uit = []
    for id_, account in await opslag.db.rijen(_LEDEN, functie=functie):
        if (gevonden := await account_met_id(opslag, account)) is not None:
            uit.append(Inlog(id_, gevonden))
    return tuple(uit)


async def open_code(opslag: Opslag, functie: str, nu: int) -> int | None:
    """Tot wanneer er een code voor deze functie openstaat, in seconden; None als er geen is."""
    rij = await opslag.db.rij(_OPEN, functie=functie, nu=nu)
    return None if rij is None else int(rij[0])


async def maak_code(opslag: Opslag, organisatie: str, rol: str, functie: str, nu: int) -> str:
    """Een nieuwe code voor deze functie; een oudere die nog open stond, vervalt."""
    code = "".join(secrets.choice(CODE_TEKENS) for _ in range(CODE_LENGTE))
    sleutel = _hmac(opslag, code)
    rij = {
        "code": sleutel, "functie": functie, "verloopt": nu + CODE_GELDIG, "gebruikt": 0,
        "inhoud": verberg(opslag.slot("sessie"), [organisatie, rol], f"personeel|{sleutel}"),
    }  # fmt: skip
    await opslag.db.voer_uit(
        Unit((Op(_RUIM, {"nu": nu}), Op(_VERVANG, {"functie": functie}), Op(_NIEUWE_CODE, rij, 1)))
    )
    return "-".join(code[i : i + 4] for i in range(0, CODE_LENGTE, 4))


async def neem_aan(opslag: Opslag, code: str, account: str, nu: int, adres: str = "") -> Lidmaatschap:
    """Neem de functie bij deze code aan voor dit account; precies één keer.

    PaspoortFout `personeelscode-onbekend` (ook verlopen of al gebruikt) of `code-te-vaak`, beide bij veld `code`.
    """
    wie = {f"personeel|{account}": pogingen.PER_WIE} | ({f"personeel|{adres}": pogingen.PER_ADRES} if adres else {})
    await pogingen.tel(opslag, wie, nu)
    sleutel = _hmac(opslag, code)
    rij = await opslag.db.rij(_LEES, code=sleutel, nu=nu)
    if rij is None:
        raise _onbekend()
    organisatie, rol = onthul(opslag.slot("sessie"), rij[1], f"personeel|{sleutel}")
    lid = Lidmaatschap(account, rol, organisatie, rij[0], id=secrets.token_hex(8))
    try:
        await opslag.db.voer_uit(Unit((Op(_GEBRUIK, {"b_code": sleutel}, 1), Op(_NIEUW_LID, _rij(opslag, lid), 1))))
    except Botsing:
        raise _onbekend() from None
    await pogingen.neem_terug(opslag, wie, nu)
    return lid


async def stop_functie(opslag: Opslag, functie: str, nu: int) -> None:
    """Beëindig wat er nu met deze functie loopt: sessies van wie haar heeft, en tokens die met haar gegeven zijn."""
    for inlog in await inlogs_van(opslag, functie):
        await beeindig_sessies_van(opslag, inlog.account.id)
        for (familie,) in await opslag.db.rijen(_VERLENINGEN, account=inlog.account.id):
            v = await verlening(opslag, familie)
            if v is not None and v.actor.get("functie") == functie:
                await trek_in(opslag, familie, nu)


async def zet_rol(opslag: Opslag, functie: str, rol: str, nu: int) -> None:
    """Een andere rol voor wie deze functie heeft; wat met de oude liep, eindigt, en een open code vervalt."""
    await opslag.db.voer_uit(
        Unit((Op(_ANDERE_ROL, {"b_functie": functie, "b_rol": rol}), Op(_VERVANG, {"functie": functie})))
    )
    await stop_functie(opslag, functie, nu)


async def schors_functie(opslag: Opslag, functie: str, geschorst: bool, nu: int) -> None:
    """Schors een functie of hef dat op. Het zicht is bij het volgende verzoek weg; tokens en sessies eindigen."""
    naam = f"PractitionerRole/{functie}"
    op = Op(_ZET_STIL, {"naam": naam, "sinds": nu}) if geschorst else Op(_NIET_STIL, {"naam": naam})
    await opslag.wijzig_register(op)
    if geschorst:
        await stop_functie(opslag, functie, nu)


def _rij(opslag: Opslag, lid: Lidmaatschap) -> dict[str, object]:
    return {
        "id": lid.id, "account": lid.account, "rol": lid.rol, "organisatie": lid.organisatie, "functie": lid.functie,
        "patient": None, "inhoud": verberg(opslag.slot("sessie"), None, f"lid|{lid.id}"), "mandaat": None,
    }  # fmt: skip


def _hmac(opslag: Opslag, code: str) -> str:
    schoon = "".join(t for t in code.upper() if t.isalnum())
    return opslag.slot("index").hmac(f"personeel|{schoon}")


def _onbekend() -> PaspoortFout:
    return PaspoortFout(Melding("personeelscode-onbekend", "code"))
