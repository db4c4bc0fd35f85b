"""Verleningen en hun tokens: toegang, verversing met rotatie, intrekken (RFC 6749 §6, RFC 7009, OAuth 2.1 §4.3).

Een *verlening* is wat iemand een app heeft toegestaan; alle tokens die daaruit komen zijn haar *familie*. Een
verversingstoken dat voor de tweede keer komt, is gestolen of gekopieerd: dan valt de hele familie.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from server.store.hidden import als_hash, nieuw_token, onthul, verberg
from server.store.passports import Opslag
from server.store.sql import Botsing, Op, Row, Unit, query, voeg_toe
from server.store.tables import tabel
from server.store.tables_oauth import SleutelRij, TokenRij, VerleningRij
from server.store.vault import Slot

TOKENS_ONTHOUDEN = 4096
JONG = 600  # seconden: tussen een verlening en haar eerste token kan een ander opruimen

_TOK, _VER, _SLE = tabel(TokenRij), tabel(VerleningRij), tabel(SleutelRij)
_NIEUW_TOKEN, _NIEUWE_VERLENING, _NIEUWE_SLEUTEL = voeg_toe(_TOK), voeg_toe(_VER), voeg_toe(_SLE)
_LEES = query(
    select(
        _TOK.c.soort, _TOK.c.familie, _TOK.c.client_id, _TOK.c.scopes, _TOK.c.inhoud, _TOK.c.uitgegeven,
        _TOK.c.verloopt, _TOK.c.gebruikt,
    ).where(_TOK.c.token == bindparam("token"))
)  # fmt: skip
_GEBRUIK = query(update(_TOK).where(_TOK.c.token == bindparam("b_token"), _TOK.c.gebruikt == 0).values(gebruikt=1))
_WEG = query(delete(_TOK).where(_TOK.c.token == bindparam("token")))
_WEG_FAMILIE = query(delete(_TOK).where(_TOK.c.familie == bindparam("familie")))
_WEG_CLIENT = query(delete(_TOK).where(_TOK.c.client_id == bindparam("client_id")))
_RUIM = query(delete(_TOK).where(_TOK.c.verloopt <= bindparam("nu")))
# Een app zonder persoon (client_credentials) krijgt bij elk token een nieuwe verlening; zonder token zegt die niets.
_RUIM_VERLENINGEN = query(
    delete(_VER).where(
        _VER.c.account.is_(None), _VER.c.patient.is_(None), _VER.c.sinds < bindparam("voor"),
        _VER.c.familie.not_in(select(_TOK.c.familie)),
    )
)  # fmt: skip
_RAAK_OPEN = query(
    update(_VER)
    .where(_VER.c.familie == bindparam("b_familie"), _VER.c.ingetrokken.is_(None))
    .values(client_id=_VER.c.client_id)
)
_TREK_IN = query(
    update(_VER)
    .where(_VER.c.familie == bindparam("b_familie"), _VER.c.ingetrokken.is_(None))
    .values(ingetrokken=bindparam("b_nu"))
)
_TREK_CLIENT_IN = query(
    update(_VER)
    .where(_VER.c.client_id == bindparam("b_client_id"), _VER.c.ingetrokken.is_(None))
    .values(ingetrokken=bindparam("b_nu"))
)
_TREK_ACCOUNT_IN = query(
    update(_VER)
    .where(_VER.c.account == bindparam("b_account"), _VER.c.ingetrokken.is_(None))
    .values(ingetrokken=bindparam("b_nu"))
)
_WEG_ACCOUNT = query(
    delete(_TOK).where(_TOK.c.familie.in_(select(_VER.c.familie).where(_VER.c.account == bindparam("account"))))
)
_VER_KOLOMMEN = (
    _VER.c.familie, _VER.c.client_id, _VER.c.account, _VER.c.patient, _VER.c.scopes, _VER.c.inhoud, _VER.c.sinds,
    _VER.c.ingetrokken,
)  # fmt: skip
_VERLENING = query(select(*_VER_KOLOMMEN).where(_VER.c.familie == bindparam("familie")))
_VAN_PATIENT = query(
    select(*_VER_KOLOMMEN)
    .where(_VER.c.patient == bindparam("patient"), _VER.c.ingetrokken.is_(None))
    .order_by(_VER.c.sinds.desc(), _VER.c.familie)
)
_EINDE_SLEUTELS = query(
    update(_SLE).where(_SLE.c.alg == bindparam("b_alg"), _SLE.c.tot.is_(None)).values(tot=bindparam("b_tot"))
)
_RUIM_SLEUTELS = query(delete(_SLE).where(_SLE.c.tot.is_not(None), _SLE.c.tot <= bindparam("nu")))
_SLEUTELS = query(select(_SLE.c.kid, _SLE.c.alg, _SLE.c.inhoud, _SLE.c.sinds, _SLE.c.tot).order_by(_SLE.c.sinds.desc()))


@dataclass(frozen=True, slots=True)
class Verlening:
    """Wat iemand een app heeft toegestaan. `actor` zijn JSON-waarden van de aanroeper."""

    familie: str
    client_id: str
    account: str | None
    patient: str | None
    scopes: str
    actor: Mapping[str, Any]
    sinds: int
    ingetrokken: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """Een geldig token zoals het bewaard is, zonder het token zelf. `soort` is `toegang` of `verversing`.

    Vergelijkt op identiteit, zodat wat uit een token volgt bij het token onthouden kan worden.
    """

    soort: str
    familie: str
    client_id: str
    scopes: str
    actor: Mapping[str, Any]
    uitgegeven: int
    verloopt: int


@dataclass(frozen=True, slots=True)
class Ondertekensleutel:
    """Een sleutel waarmee de server tokens tekent; `jwk` is de privésleutel."""

    kid: str
    alg: str
    jwk: Mapping[str, Any]
    sinds: int
    tot: int | None = None


class VerversingHergebruikt(Exception):  # noqa: N818 - het domein spreekt Nederlands
    """Een verversingstoken kwam voor de tweede keer; de familie is al ingetrokken."""

    def __init__(self, familie: str) -> None:
        super().__init__("verversingstoken hergebruikt")
        self.familie = familie


async def maak_verlening(
    opslag: Opslag, client_id: str, scopes: str, actor: Mapping[str, Any], nu: int, *,
    account: str | None = None, patient: str | None = None,
) -> Verlening:  # fmt: skip
    """Leg vast wat een app mag; haar tokens volgen met `geef_token`."""
    v = Verlening(secrets.token_hex(16), client_id, account, patient, scopes, dict(actor), nu)
    rij = {
        "familie": v.familie, "client_id": client_id, "account": account, "patient": patient, "scopes": scopes,
        "inhoud": verberg(opslag.slot("sessie"), dict(actor), f"verlening|{v.familie}"), "sinds": nu,
        "ingetrokken": None,
    }  # fmt: skip
    await opslag.db.voer_uit(Unit((Op(_NIEUWE_VERLENING, rij, 1),)))
    return v


async def verlening(opslag: Opslag, familie: str) -> Verlening | None:
    """Een verlening, ook een ingetrokken."""
    rij = await opslag.db.rij(_VERLENING, familie=familie)
    return None if rij is None else _verlening(opslag, rij)


async def verleningen_van(opslag: Opslag, patient: str) -> tuple[Verlening, ...]:
    """De lopende verleningen in één paspoort, nieuwste eerst; voor de bladzijde *Delen*."""
    return tuple(_verlening(opslag, rij) for rij in await opslag.db.rijen(_VAN_PATIENT, patient=patient))


async def geef_token(
    opslag: Opslag, soort: str, familie: str, client_id: str, scopes: str, actor: Mapping[str, Any], nu: int,
    verloopt: int,
) -> str | None:  # fmt: skip
    """Een nieuw token, duurzaam voordat het wordt uitgedeeld. None als de verlening intussen is ingetrokken."""
    token = nieuw_token()
    try:
        await opslag.db.voer_uit(
            Unit((
                Op(_RAAK_OPEN, {"b_familie": familie}, 1),
                Op(_RUIM, {"nu": nu}),
                Op(_NIEUW_TOKEN, _rij(opslag, token, soort, familie, client_id, scopes, actor, nu, verloopt), 1),
                Op(_RUIM_VERLENINGEN, {"voor": nu - JONG}),
            ))
        )  # fmt: skip
    except Botsing:
        return None
    return token


async def lees_token(opslag: Opslag, token: str, nu: int) -> Token | None:
    """Het token als het geldig is, anders None. Eén puntlezing: intrekken verwijdert de rijen van de familie."""
    sleutel = als_hash(token)
    rij = await opslag.db.rij(_LEES, token=sleutel)
    if rij is None or rij[6] <= nu or rij[7]:
        return None
    return _token(opslag.slot("sessie"), sleutel, tuple(rij))


async def client_van_verversing(opslag: Opslag, token: str) -> str | None:
    """Van welke app een verversingstoken is, ook als het al verbruikt is; None als het niet bestaat."""
    rij = await opslag.db.rij(_LEES, token=als_hash(token))
    return rij[2] if rij is not None and rij[0] == "verversing" else None


async def gebruik_verversing(opslag: Opslag, token: str, nu: int) -> Token | None:
    """Verbruik een verversingstoken: precies één aanroep krijgt het. None: onbekend of verlopen.

    Werpt `VerversingHergebruikt` als het al verbruikt was; de familie is dan ingetrokken.
    """
    sleutel = als_hash(token)
    rij = await opslag.db.rij(_LEES, token=sleutel)
    if rij is None or rij[0] != "verversing" or rij[6] <= nu:
        return None
    try:
        if rij[7]:
            raise Botsing
        await opslag.db.voer_uit(Unit((Op(_GEBRUIK, {"b_token": sleutel}, 1),)))
    except Botsing:
        await trek_in(opslag, rij[1], nu)
        raise VerversingHergebruikt(rij[1]) from None
    return _token(opslag.slot("sessie"), sleutel, tuple(rij))


async def verwijder_token(opslag: Opslag, token: str) -> None:
    """Trek één token in (RFC 7009); een onbekend token is geen fout."""
    await opslag.db.voer_uit(Unit((Op(_WEG, {"token": als_hash(token)}),)))


async def trek_in(opslag: Opslag, familie: str, nu: int) -> None:
    """Trek een verlening met al haar tokens in; het eerstvolgende verzoek merkt het."""
    await opslag.db.voer_uit(
        Unit((Op(_TREK_IN, {"b_familie": familie, "b_nu": nu}), Op(_WEG_FAMILIE, {"familie": familie})))
    )


async def trek_client_in(opslag: Opslag, client_id: str, nu: int) -> None:
    """Trek alles van een app in."""
    await opslag.db.voer_uit(Unit(intrekken_van_client(client_id, nu)))


def intrekken_van_client(client_id: str, nu: int) -> tuple[Op, ...]:
    """De opdrachten die alles van een app intrekken, voor in één transactie met wat de aanroeper doet."""
    return (
        Op(_TREK_CLIENT_IN, {"b_client_id": client_id, "b_nu": nu}),
        Op(_WEG_CLIENT, {"client_id": client_id}),
    )


def intrekken_van_account(account: str, nu: int) -> tuple[Op, ...]:
    """De opdrachten die alles intrekken wat een account aan apps gaf."""
    return Op(_WEG_ACCOUNT, {"account": account}), Op(_TREK_ACCOUNT_IN, {"b_account": account, "b_nu": nu})


async def trek_account_in(opslag: Opslag, account: str, nu: int) -> None:
    """Trek alles in wat een account aan apps gaf: wie een rol verliest, verliest ook haar tokens."""
    await opslag.db.voer_uit(Unit(intrekken_van_account(account, nu)))


async def ondertekensleutels(opslag: Opslag) -> tuple[Ondertekensleutel, ...]:
    """De tekensleutels van de server, nieuwste eerst."""
    slot = opslag.slot("sessie")
    return tuple(
        Ondertekensleutel(kid, alg, onthul(slot, inhoud, f"sleutel|{kid}"), sinds, tot)
        for kid, alg, inhoud, sinds, tot in await opslag.db.rijen(_SLEUTELS)
    )


async def bewaar_ondertekensleutel(opslag: Opslag, sleutel: Ondertekensleutel) -> None:
    """Bewaar een nieuwe tekensleutel, versleuteld. `Botsing` als de kid al bestaat."""
    await opslag.db.voer_uit(Unit((Op(_NIEUWE_SLEUTEL, _sleutelrij(opslag, sleutel), 1),)))


async def wissel_ondertekensleutels(
    opslag: Opslag, nieuw: Sequence[Ondertekensleutel], nu: int, oud_tot: int
) -> None:  # fmt: skip
    """Zet nieuwe sleutels erbij en geef de lopende van dezelfde soort een einde; wat al voorbij was, verdwijnt."""
    soorten = sorted({s.alg for s in nieuw})
    weg = [Op(_EINDE_SLEUTELS, {"b_alg": alg, "b_tot": oud_tot}) for alg in soorten]
    erbij = [Op(_NIEUWE_SLEUTEL, _sleutelrij(opslag, s), 1) for s in nieuw]
    await opslag.db.voer_uit(Unit((*weg, Op(_RUIM_SLEUTELS, {"nu": nu}), *erbij)))


def _sleutelrij(opslag: Opslag, sleutel: Ondertekensleutel) -> dict[str, Any]:
    inhoud = verberg(opslag.slot("sessie"), dict(sleutel.jwk), f"sleutel|{sleutel.kid}")
    return {"kid": sleutel.kid, "alg": sleutel.alg, "inhoud": inhoud, "sinds": sleutel.sinds, "tot": sleutel.tot}


def _rij(
    opslag: Opslag, token: str, soort: str, familie: str, client_id: str, scopes: str, actor: Mapping[str, Any],
    nu: int, verloopt: int,
) -> dict[str, Any]:  # fmt: skip
    sleutel = als_hash(token)
    inhoud = verberg(opslag.slot("sessie"), dict(actor), f"token|{sleutel}")
    return {
        "token": sleutel, "soort": soort, "familie": familie, "client_id": client_id, "scopes": scopes,
        "inhoud": inhoud, "uitgegeven": nu, "verloopt": verloopt, "gebruikt": 0,
    }  # fmt: skip


@lru_cache(maxsize=TOKENS_ONTHOUDEN)
def _token(slot: Slot, sleutel: str, rij: Row) -> Token:
    """De rij ontsleuteld. Onthouden op de hele rij: of zij er nog staat, vraagt elke lezing aan de database."""
    soort, familie, client_id, scopes, inhoud, uitgegeven, verloopt, _ = rij
    actor = onthul(slot, inhoud, f"token|{sleutel}")
    return Token(soort, familie, client_id, scopes, actor, uitgegeven, verloopt)


def _verlening(opslag: Opslag, rij: Row) -> Verlening:
    familie, client_id, account, patient, scopes, inhoud, sinds, ingetrokken = rij
    actor = onthul(opslag.slot("sessie"), inhoud, f"verlening|{familie}")
    return Verlening(familie, client_id, account, patient, scopes, actor, sinds, ingetrokken)
