"""De plek van een volgende bladzijde van `$everything`: een teken dat alleen deze server leest.

Draagt alleen type en id van wat het laatst gegeven is; het zicht wordt bij elke bladzijde opnieuw bepaald.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from paspoort.fouten import Melding, PaspoortFout
from server.fhir.context import Context
from server.fhir.parameters import Waarde

_PLEK: Final = re.compile(r"([A-Za-z]{1,40})/([A-Za-z0-9.-]{1,64})")


def verzegel_plek(ctx: Context, type_: str, id_: str) -> str:
    """Het teken van de plek ná deze resource."""
    return base64.urlsafe_b64encode(f"{type_}/{id_}".encode()).decode().rstrip("=")


def open_plek(ctx: Context, waarde: Waarde) -> tuple[str, str]:
    """(type, id) van de laatste resource van de vorige bladzijde. PaspoortFout `parameter-vorm` bij een ander teken."""
    tekst = str(waarde.waarde)
    try:
        gevonden = _PLEK.fullmatch(base64.urlsafe_b64decode(tekst + "=" * (-len(tekst) % 4)).decode("ascii"))
    except (binascii.Error, ValueError):
        gevonden = None
    if gevonden is None:
        raise PaspoortFout(Melding("parameter-vorm", waarde.hier, {"verwacht": "het adres uit de link next"}))
    return gevonden[1], gevonden[2]
