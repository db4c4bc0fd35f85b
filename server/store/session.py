"""Accounts, hun rollen, en websessies. Namen en BSN-loze identiteiten staan versleuteld, sessietokens als sha256.

Wie iemand is zegt de inlogdienst (`server/oauth/identity.py`); wat iemand mag zegt `server/access`. Tijden zijn
seconden sinds 1970 en komen van de aanroeper, zodat tests de klok kunnen zetten.
"""

from __future__ import annotations

import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from paspoort.fouten import PaspoortFout
from server.store.hidden import als_hash, nieuw_token, onthul, verberg
from server.store.passports import Opslag
from server.store.sql import Botsing, Op, Row, Unit, query, vervang, voeg_toe
from server.store.tables import tabel
from server.store.tables_oauth import AccountRij, LidmaatschapRij, SessieRij
from server.store.tokens import intrekken_van_account

_ACC, _LID, _SES = tabel(AccountRij), tabel(LidmaatschapRij), tabel(SessieRij)
_ACCOUNT_OP_ZOEK = query(select(_ACC.c.id, _ACC.c.inhoud).where(_ACC.c.zoek == bindparam("zoek")))
_ACCOUNT_OP_ID = query(select(_ACC.c.id, _ACC.c.inhoud).where(_ACC.c.id == bindparam("id")))
_NIEUW_ACCOUNT = voeg_toe(_ACC, "ON CONFLICT (zoek) DO NOTHING")
_WIJZIG_ACCOUNT = query(update(_ACC).where(_ACC.c.id == bindparam("b_id")).values(inhoud=bindparam("b_inhoud")))
_LID_KOLOMMEN = (
    _LID.c.id, _LID.c.account, _LID.c.rol, _LID.c.organisatie, _LID.c.functie, _LID.c.patient, _LID.c.inhoud,
    _LID.c.mandaat,
)  # fmt: skip
_LEDEN = query(select(*_LID_KOLOMMEN).where(_LID.c.account == bindparam("account")).order_by(_LID.c.rol, _LID.c.id))
_EEN_LID = query(select(*_LID_KOLOMMEN).where(_LID.c.id == bindparam("id")))
_ZET_LID = vervang(_LID)
_GEEN_LID = query(delete(_LID).where(_LID.c.id == bindparam("id")))
_GEEN_MANDAAT = query(
    delete(_LID).where(_LID.c.patient == bindparam("patient"), _LID.c.mandaat == bindparam("mandaat"))
)

_NIEUWE_SESSIE = voeg_toe(_SES)
_SES_KOLOMMEN = (_SES.c.token, _SES.c.account, _SES.c.inhoud, _SES.c.begonnen, _SES.c.verloopt, _SES.c.nummer)
_SESSIE = query(select(*_SES_KOLOMMEN).where(_SES.c.token == bindparam("token"), _SES.c.verloopt > bindparam("nu")))
_SESSIES_VAN = query(
    select(*_SES_KOLOMMEN)
    .where(_SES.c.account == bindparam("account"), _SES.c.verloopt > bindparam("nu"))
    .order_by(_SES.c.begonnen, _SES.c.token)
)
_LEEFT = query(
    select(_SES.c.token).where(_SES.c.nummer == bindparam("nummer"), _SES.c.verloopt > bindparam("nu")).limit(1)
)
_VERLENG = query(update(_SES).where(_SES.c.token == bindparam("b_token")).values(verloopt=bindparam("b_verloopt")))
_HERSCHRIJF = query(update(_SES).where(_SES.c.token == bindparam("b_token")).values(inhoud=bindparam("b_inhoud")))
_EINDE = query(delete(_SES).where(_SES.c.token == bindparam("token")))
_EINDE_NUMMER = query(delete(_SES).where(_SES.c.account == bindparam("account"), _SES.c.nummer == bindparam("nummer")))
_EINDE_ZOEK = query(delete(_SES).where(_SES.c.zoek == bindparam("zoek")))
_EINDE_ACCOUNT = query(
    delete(_SES).where(
        _SES.c.account == bindparam("account"), func.coalesce(_SES.c.nummer, "-") != bindparam("behalve")
    )
)
_RUIM = query(delete(_SES).where(_SES.c.verloopt <= bindparam("nu")))
CSRF = "csrf"  # waar het zegel van een formulierteken aan hangt


@dataclass(frozen=True, slots=True)
class Account:
    """Een mens zoals een inlogdienst hem kent. `id` is van ons en staat in het log."""

    id: str
    issuer: str
    sub: str
    naam: str


@dataclass(frozen=True, slots=True)
class Lidmaatschap:
    """Eén rol van een account; wie er meer heeft, kiest bij het inloggen."""

    account: str
    rol: str
    organisatie: str | None = None
    functie: str | None = None
    patient: str | None = None
    namens: str | None = None
    id: str = ""
    mandaat: str | None = None  # id van de RelatedPerson in het paspoort waarop de vertegenwoordiging rust


@dataclass(frozen=True, slots=True)
class Websessie:
    """Een open sessie. `gegevens` is van de aanroeper (de gekozen rol, de actor); JSON-waarden.

    `nummer` blijft bij een nieuw token hetzelfde en opent niets: zo noemt iemand een van zijn sessies.
    """

    account: str
    csrf: str
    gegevens: Mapping[str, Any]
    begonnen: int
    verloopt: int
    nummer: str = ""


# --- accounts


async def bewaar_account(opslag: Opslag, issuer: str, sub: str, naam: str) -> Account:
    """Het account van (issuer, sub): nieuw, of met de naam zoals de inlogdienst hem nu geeft."""
    slot, zoek = opslag.slot("sessie"), opslag.slot("index").hmac(f"account|{issuer}|{sub}")
    bestaand = await account_van(opslag, issuer, sub)
    if bestaand is None:
        id_ = secrets.token_hex(12)
        inhoud = verberg(slot, [issuer, sub, naam], f"account|{id_}")
        try:
            await opslag.db.voer_uit(Unit((Op(_NIEUW_ACCOUNT, {"id": id_, "zoek": zoek, "inhoud": inhoud}, 1),)))
            return Account(id_, issuer, sub, naam)
        except Botsing:  # tegelijk op twee apparaten voor het eerst ingelogd
            bestaand = await account_van(opslag, issuer, sub)
            if bestaand is None:
                raise
    if bestaand.naam != naam:
        inhoud = verberg(slot, [issuer, sub, naam], f"account|{bestaand.id}")
        await opslag.db.voer_uit(Unit((Op(_WIJZIG_ACCOUNT, {"b_id": bestaand.id, "b_inhoud": inhoud}, 1),)))
    return replace(bestaand, naam=naam)


async def account_van(opslag: Opslag, issuer: str, sub: str) -> Account | None:
    """Het account dat bij deze inlog hoort, of None."""
    zoek = opslag.slot("index").hmac(f"account|{issuer}|{sub}")
    return _account(opslag, await opslag.db.rij(_ACCOUNT_OP_ZOEK, zoek=zoek))


async def account_met_id(opslag: Opslag, id: str) -> Account | None:
    """Een account bij zijn id."""
    return _account(opslag, await opslag.db.rij(_ACCOUNT_OP_ID, id=id))


def _account(opslag: Opslag, rij: Row | None) -> Account | None:
    return None if rij is None else Account(rij[0], *onthul(opslag.slot("sessie"), rij[1], f"account|{rij[0]}"))


# --- lidmaatschappen


async def zet_lidmaatschap(opslag: Opslag, lid: Lidmaatschap) -> Lidmaatschap:
    """Bewaar een rol; zonder `id` een nieuwe."""
    lid = lid if lid.id else replace(lid, id=secrets.token_hex(8))
    rij = {
        "id": lid.id, "account": lid.account, "rol": lid.rol, "organisatie": lid.organisatie, "functie": lid.functie,
        "patient": lid.patient, "inhoud": verberg(opslag.slot("sessie"), lid.namens, f"lid|{lid.id}"),
        "mandaat": lid.mandaat,
    }  # fmt: skip
    await opslag.db.voer_uit(Unit((Op(_ZET_LID, rij, 1),)))
    return lid


async def lidmaatschappen(opslag: Opslag, account: str) -> tuple[Lidmaatschap, ...]:
    """De rollen van een account."""
    return tuple(_lid(opslag, rij) for rij in await opslag.db.rijen(_LEDEN, account=account))


async def lidmaatschap(opslag: Opslag, id: str) -> Lidmaatschap | None:
    """Eén rol, of None als die is ingetrokken."""
    rij = await opslag.db.rij(_EEN_LID, id=id)
    return None if rij is None else _lid(opslag, rij)


async def verwijder_lidmaatschap(opslag: Opslag, id: str, nu: int | None = None) -> None:
    """Trek een rol in, met alles wat dit account apps liet doen: wie zijn rol kwijt is, leest niet verder."""
    lid = await lidmaatschap(opslag, id)
    if lid is not None:
        tokens = intrekken_van_account(lid.account, int(time.time()) if nu is None else nu)
        await opslag.db.voer_uit(Unit((Op(_GEEN_LID, {"id": id}), *tokens)))


async def verwijder_mandaat(opslag: Opslag, patient: str, mandaat: str) -> None:
    """Haal de rol weg van wie dit mandaat had. Haar apps zien hier dan niets meer."""
    await opslag.db.voer_uit(Unit((Op(_GEEN_MANDAAT, {"patient": patient, "mandaat": mandaat}),)))


def _lid(opslag: Opslag, rij: Row) -> Lidmaatschap:
    id_, account, rol, organisatie, functie, patient, inhoud, mandaat = rij
    namens = onthul(opslag.slot("sessie"), inhoud, f"lid|{id_}")
    return Lidmaatschap(account, rol, organisatie, functie, patient, namens, id_, mandaat)


# --- websessies


async def maak_sessie(
    opslag: Opslag,
    account: str,
    gegevens: Mapping[str, Any],
    nu: int,
    verloopt: int,
    *,
    nummer: str = "",
    bij_dienst: tuple[str, str] | None = None,
    in_plaats_van: str = "",
) -> tuple[str, Websessie]:
    """Een nieuwe sessie met een nieuw token en een nieuw csrf-token; ruimt verlopen sessies op.

    `nummer` gaat mee als een sessie met een ander token verder gaat; `bij_dienst` is (uitgever, sid) van de
    inlogdienst; `in_plaats_van` is het token dat op hetzelfde moment ophoudt te werken.
    """
    token, nummer = nieuw_token(), nummer or secrets.token_hex(12)
    slot, sleutel = opslag.slot("sessie"), als_hash(token)
    csrf = _csrf(opslag, account, str(gegevens.get("lidmaatschap") or ""), nu)
    inhoud = verberg(slot, [csrf, dict(gegevens)], f"sessie|{sleutel}")
    rij = {
        "token": sleutel, "account": account, "inhoud": inhoud, "begonnen": nu, "verloopt": verloopt,
        "nummer": nummer, "zoek": _zoek(opslag, *bij_dienst) if bij_dienst else None,
    }  # fmt: skip
    weg = (Op(_EINDE, {"token": als_hash(in_plaats_van)}),) if in_plaats_van else ()
    await opslag.db.voer_uit(Unit((Op(_RUIM, {"nu": nu}), *weg, Op(_NIEUWE_SESSIE, rij, 1))))
    return token, Websessie(account, csrf, dict(gegevens), nu, verloopt, nummer)


async def lees_sessie(opslag: Opslag, token: str, nu: int) -> Websessie | None:
    """De sessie bij dit token, of None als zij er niet is of verlopen is."""
    rij = await opslag.db.rij(_SESSIE, token=als_hash(token), nu=nu)
    return None if rij is None else _sessie(opslag, rij)


async def sessies_van(opslag: Opslag, account: str, nu: int) -> tuple[Websessie, ...]:
    """Waar dit account nu is ingelogd, de langst geleden begonnen sessie eerst."""
    rijen = await opslag.db.rijen(_SESSIES_VAN, account=account, nu=nu)
    return tuple(_sessie(opslag, rij) for rij in rijen)


async def sessie_leeft(opslag: Opslag, nummer: str, nu: int) -> bool:
    """Of de sessie met dit nummer nog open is, onder welk token ook."""
    return await opslag.db.rij(_LEEFT, nummer=nummer, nu=nu) is not None


async def verleng_sessie(opslag: Opslag, token: str, verloopt: int) -> None:
    """Schuif het einde van een sessie op; een onbekende sessie blijft onbekend."""
    await opslag.db.voer_uit(Unit((Op(_VERLENG, {"b_token": als_hash(token), "b_verloopt": verloopt}),)))


async def herschrijf_sessie(opslag: Opslag, token: str, csrf: str, gegevens: Mapping[str, Any]) -> None:
    """Vervang de gegevens van een sessie (een andere rol gekozen); het token blijft."""
    sleutel = als_hash(token)
    inhoud = verberg(opslag.slot("sessie"), [csrf, dict(gegevens)], f"sessie|{sleutel}")
    await opslag.db.voer_uit(Unit((Op(_HERSCHRIJF, {"b_token": sleutel, "b_inhoud": inhoud}),)))


async def beeindig_sessie(opslag: Opslag, token: str) -> None:
    """Uitloggen."""
    await opslag.db.voer_uit(Unit((Op(_EINDE, {"token": als_hash(token)}),)))


async def beeindig_sessies_van(opslag: Opslag, account: str, behalve: str = "") -> None:
    """Overal uitloggen; met `behalve` blijft de sessie met dat nummer open."""
    await opslag.db.voer_uit(Unit((Op(_EINDE_ACCOUNT, {"account": account, "behalve": behalve}),)))


async def beeindig_sessie_met_nummer(opslag: Opslag, account: str, nummer: str) -> None:
    """Log één eigen sessie uit; het nummer van een ander doet niets."""
    await opslag.db.voer_uit(Unit((Op(_EINDE_NUMMER, {"account": account, "nummer": nummer}),)))


async def beeindig_bij_dienst(opslag: Opslag, issuer: str, sid: str) -> None:
    """Log uit wat bij deze sessie van een inlogdienst hoort (OpenID Connect Back-Channel Logout §2.7)."""
    await opslag.db.voer_uit(Unit((Op(_EINDE_ZOEK, {"zoek": _zoek(opslag, issuer, sid)}),)))


# --- het teken in formulieren


def _csrf(opslag: Opslag, account: str, lid: str, nu: int) -> str:
    """Een verzegeld teken: willekeurig, en voor ons na te lezen van wie en in welke rol het formulier was."""
    return urlsafe_b64encode(verberg(opslag.slot("sessie"), [account, lid, nu], CSRF)).decode().rstrip("=")


def lees_csrf(opslag: Opslag, csrf: str) -> tuple[str, str, int] | None:
    """(account, lidmaatschap, sinds) bij het teken van een formulier, ook als de sessie weg is; vreemd = None."""
    try:
        verzegeld = urlsafe_b64decode(csrf + "=" * (-len(csrf) % 4))
        account, lid, sinds = onthul(opslag.slot("sessie"), verzegeld, CSRF)
    except (ValueError, PaspoortFout):
        return None
    return str(account), str(lid), int(sinds)


def _zoek(opslag: Opslag, issuer: str, sid: str) -> str:
    return opslag.slot("index").hmac(f"sid|{issuer}|{sid}")


def _sessie(opslag: Opslag, rij: Row) -> Websessie:
    sleutel, account, inhoud, begonnen, verloopt, nummer = rij
    csrf, gegevens = onthul(opslag.slot("sessie"), inhoud, f"sessie|{sleutel}")
    return Websessie(account, csrf, gegevens, begonnen, verloopt, nummer or "")
