"""Het ondoorzichtige teken van een volgende of vorige bladzijde: verzegeld, voor één vrager en één soort vraag.

Wat er gezocht is (een naam, een geboortedatum, een BSN) staat er versleuteld in en dus nooit leesbaar in een adres.
AES-256-GCM met de installatiesleutel `bladzijde`; wie vraagt en wat hij vraagt zit in de AAD, zodat een ander er niets
mee kan. Een teken geeft geen toegang: het zicht wordt bij elke bladzijde opnieuw bepaald.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from typing import Any, Final

import orjson

from paspoort.fouten import Melding, PaspoortFout
from server.access.actor import Actor
from server.fhir.context import Context
from server.store.vault import Slot

NAAM: Final = "_bladzijde"
# Ruim binnen wat de rand van een query aanneemt (8 kB), samen met het adres.
LENGTE_HOOGSTENS: Final = 6000
ONTPAKT_HOOGSTENS: Final = 256 * 1024


def verzegel(ctx: Context, soort: str, inhoud: dict[str, Any]) -> str:
    """`inhoud` (JSON) als teken, alleen te openen door dezelfde vrager bij dezelfde `soort` ("Patient", "$everything").

    PaspoortFout `te-groot` als de zoekvraag zo lang is dat zij niet meer in een adres past.
    """
    return maak(ctx.opslag.slot("bladzijde"), _plaats(ctx.actor, soort), inhoud)


def ontzegel(ctx: Context, soort: str, teken: str, plek: str = NAAM) -> dict[str, Any]:
    """De inhoud terug. PaspoortFout `zoek-waarde` (400) op `plek` bij gerommel, een andere vrager of soort."""
    return lees(ctx.opslag.slot("bladzijde"), _plaats(ctx.actor, soort), teken, plek)


def maak(slot: Slot, plaats: str, inhoud: dict[str, Any]) -> str:
    """Het teken voor een vaste plaats; voor wie geen vrager heeft (de definities, zonder token)."""
    dicht = slot.dicht(zlib.compress(orjson.dumps(inhoud), 9), plaats)
    teken = base64.urlsafe_b64encode(dicht).decode().rstrip("=")
    if len(teken) > LENGTE_HOOGSTENS:
        raise PaspoortFout(Melding("te-groot", None, {"grens": f"{LENGTE_HOOGSTENS} bytes"}))
    return teken


def lees(slot: Slot, plaats: str, teken: str, plek: str = NAAM) -> dict[str, Any]:
    """De inhoud van een teken dat `maak` voor deze plaats gaf."""
    try:
        if len(teken) > LENGTE_HOOGSTENS:
            raise ValueError
        ruw = base64.b64decode(teken + "=" * (-len(teken) % 4), b"-_", validate=True)
        # Alleen wat wij zelf verzegelden komt hier door; de grens is er voor als die sleutel ooit uitlekt.
        inhoud = orjson.loads(zlib.decompressobj().decompress(slot.open(ruw, plaats), ONTPAKT_HOOGSTENS))
    except (ValueError, binascii.Error, zlib.error, PaspoortFout):
        raise PaspoortFout(Melding("zoek-waarde", plek, {"naam": plek})) from None
    if not isinstance(inhoud, dict):
        raise PaspoortFout(Melding("zoek-waarde", plek, {"naam": plek}))
    return inhoud


def _plaats(actor: Actor, soort: str) -> str:
    """Wie er vraagt, zonder het token: een ververst token leest verder, een andere app, rol of houder niet."""
    a = actor
    wie = (a.client_id, a.account, a.soort, a.rol, a.organisatie, a.functie, a.patient, soort)
    return f"bladzijde|{hashlib.sha256(orjson.dumps(wie)).hexdigest()}"
