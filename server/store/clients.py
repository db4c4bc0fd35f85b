"""Apps die mogen aansluiten, autorisatiecodes en gebruikte jti's (RFC 6749 §4.1, RFC 7523 §3).

Codes staan als sha256 en werken één keer; een tweede poging vertelt welke familie tokens ingetrokken moet worden.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, select, update

from server.store.hidden import als_hash, nieuw_token, onthul, verberg
from server.store.passports import Opslag
from server.store.sql import Botsing, Op, Row, Unit, query, vervang, voeg_toe
from server.store.tables import tabel
from server.store.tables_oauth import ClientRij, CodeRij, JtiRij
from server.store.tokens import intrekken_van_client

_CLI, _CODE, _JTI = tabel(ClientRij), tabel(CodeRij), tabel(JtiRij)
_CLIENT = query(select(_CLI).where(_CLI.c.client_id == bindparam("client_id")))
_CLIENTS = query(select(_CLI).order_by(_CLI.c.naam, _CLI.c.client_id))
_ZET_CLIENT = vervang(_CLI)
_GEEN_CLIENT = query(delete(_CLI).where(_CLI.c.client_id == bindparam("client_id")))
_SCHORS = query(
    update(_CLI).where(_CLI.c.client_id == bindparam("b_client_id")).values(geschorst=bindparam("b_geschorst"))
)
_NIEUWE_CODE = voeg_toe(_CODE)
_RUIM_CODES = query(delete(_CODE).where(_CODE.c.verloopt <= bindparam("voor")))
_LEES_CODE = query(select(_CODE.c.familie, _CODE.c.client_id, _CODE.c.inhoud, _CODE.c.verloopt, _CODE.c.gebruikt).where(
    _CODE.c.code == bindparam("code")
))  # fmt: skip
_GEBRUIK_CODE = query(
    update(_CODE).where(_CODE.c.code == bindparam("b_code"), _CODE.c.gebruikt == 0).values(gebruikt=1)
)
_NIEUWE_JTI = voeg_toe(_JTI, "ON CONFLICT (client_id, jti) DO NOTHING")
_RUIM_JTI = query(delete(_JTI).where(_JTI.c.verloopt <= bindparam("nu")))
BEWAAR_CODES = 24 * 3600  # zo lang blijft een gebruikte code herkenbaar, om hergebruik te zien


@dataclass(frozen=True, slots=True)
class Client:
    """Een app. `scopes` is het meeste wat zij mag vragen, met spaties ertussen; `jwks` alleen bij een eigen sleutel.

    `jwks_uri`: waar haar sleutels staan als zij ze zelf bijhoudt, in plaats van `jwks`. `waarvoor`: één zin voor op de
    toestemmingsbladzijde. `geschorst`: bestaat nog, en krijgt niets.
    """

    client_id: str
    soort: str  # persoonlijk | gemeente | leverancier | zorgpraktijk | proef
    naam: str
    organisatie: str | None = None
    redirect_uris: tuple[str, ...] = ()
    jwks: Mapping[str, Any] | None = None
    scopes: str = ""
    grant_types: tuple[str, ...] = ()
    waarvoor: str = ""
    id_token_alg: str = "RS256"  # noqa: S105 - een algoritme, geen wachtwoord
    jwks_uri: str | None = None
    geschorst: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """Wat bij een autorisatiecode bewaard is. `gegevens` is van de aanroeper: actor, redirect_uri, PKCE, nonce, …"""

    familie: str
    client_id: str
    gegevens: Mapping[str, Any]
    verloopt: int


class CodeHergebruikt(Exception):  # noqa: N818 - het domein spreekt Nederlands
    """Een code kwam voor de tweede keer; trek `familie` in (`tokens.trek_in`)."""

    def __init__(self, familie: str) -> None:
        super().__init__("code hergebruikt")
        self.familie = familie


async def zet_client(opslag: Opslag, client: Client) -> None:
    """Voeg een app toe of vervang haar."""
    rij = {
        "client_id": client.client_id, "soort": client.soort, "naam": client.naam, "organisatie": client.organisatie,
        "redirect_uris": orjson.dumps(client.redirect_uris).decode(),
        "jwks": None if client.jwks is None else orjson.dumps(dict(client.jwks)).decode(),
        "scopes": client.scopes, "grant_types": " ".join(client.grant_types), "gemaakt": int(time.time()),
        "waarvoor": client.waarvoor, "id_token_alg": client.id_token_alg, "jwks_uri": client.jwks_uri,
        "geschorst": int(client.geschorst),
    }  # fmt: skip
    await opslag.db.voer_uit(Unit((Op(_ZET_CLIENT, rij, 1),)))


async def client(opslag: Opslag, client_id: str) -> Client | None:
    """Een app, of None."""
    rij = await opslag.db.rij(_CLIENT, client_id=client_id)
    return None if rij is None else _client(rij)


async def clients(opslag: Opslag) -> tuple[Client, ...]:
    """Alle apps, op naam."""
    return tuple(_client(rij) for rij in await opslag.db.rijen(_CLIENTS))


async def verwijder_client(opslag: Opslag, client_id: str) -> None:
    """Haal een app weg; al haar tokens en toestemmingen eindigen mee."""
    weg = intrekken_van_client(client_id, int(time.time()))
    await opslag.db.voer_uit(Unit((Op(_GEEN_CLIENT, {"client_id": client_id}), *weg)))


async def schors(opslag: Opslag, client_id: str, geschorst: bool = True) -> None:
    """Schors een app, of laat haar weer toe. Bij schorsen eindigen al haar tokens; een onbekende app is geen fout."""
    zet = Op(_SCHORS, {"b_client_id": client_id, "b_geschorst": int(geschorst)})
    weg = intrekken_van_client(client_id, int(time.time())) if geschorst else ()
    await opslag.db.voer_uit(Unit((zet, *weg)))


def _client(rij: Row) -> Client:
    client_id, soort, naam, organisatie, uris, jwks, scopes, grants, _, waarvoor, alg, jwks_uri, geschorst = rij
    return Client(
        client_id, soort, naam, organisatie, tuple(orjson.loads(uris)),
        None if jwks is None else orjson.loads(jwks), scopes, tuple(grants.split()),
        waarvoor, alg, jwks_uri, bool(geschorst),
    )  # fmt: skip


async def maak_code(
    opslag: Opslag, client_id: str, familie: str, gegevens: Mapping[str, Any], nu: int, verloopt: int
) -> str:
    """Een nieuwe autorisatiecode; ruimt oude op."""
    code = nieuw_token()
    sleutel = als_hash(code)
    rij = {
        "code": sleutel, "familie": familie, "client_id": client_id, "verloopt": verloopt, "gebruikt": 0,
        "inhoud": verberg(opslag.slot("sessie"), dict(gegevens), f"code|{sleutel}"),
    }  # fmt: skip
    await opslag.db.voer_uit(Unit((Op(_RUIM_CODES, {"voor": nu - BEWAAR_CODES}), Op(_NIEUWE_CODE, rij, 1))))
    return code


async def lees_code(opslag: Opslag, code: str, nu: int) -> Code | None:
    """Wat bij een code hoort, zonder haar te gebruiken. None: onbekend of verlopen; anders `CodeHergebruikt`."""
    sleutel = als_hash(code)
    rij = await opslag.db.rij(_LEES_CODE, code=sleutel)
    if rij is None:
        return None
    familie, client_id, inhoud, verloopt, gebruikt = rij
    if gebruikt:
        raise CodeHergebruikt(familie)
    if verloopt <= nu:
        return None
    return Code(familie, client_id, onthul(opslag.slot("sessie"), inhoud, f"code|{sleutel}"), verloopt)


async def gebruik_code(opslag: Opslag, code: str, nu: int) -> Code | None:
    """Wissel een code in: precies één aanroep krijgt haar. None: onbekend of verlopen; anders `CodeHergebruikt`."""
    gevonden = await lees_code(opslag, code, nu)
    if gevonden is None:
        return None
    try:
        await opslag.db.voer_uit(Unit((Op(_GEBRUIK_CODE, {"b_code": als_hash(code)}, 1),)))
    except Botsing:
        raise CodeHergebruikt(gevonden.familie) from None
    return gevonden


async def onthoud_jti(opslag: Opslag, client_id: str, jti: str, nu: int, verloopt: int) -> bool:
    """Waar als deze jti nog niet gebruikt was; onthouden tot `verloopt`."""
    rij = {"client_id": client_id, "jti": als_hash(jti), "verloopt": verloopt}
    try:
        await opslag.db.voer_uit(Unit((Op(_RUIM_JTI, {"nu": nu}), Op(_NIEUWE_JTI, rij, 1))))
    except Botsing:
        return False
    return True
