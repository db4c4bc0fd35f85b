"""Een versie ⇄ haar versleutelde rij, en de keten over de ciphertext (ontwerp deel 2). Zuiver, met de sleutel erbij."""

from __future__ import annotations

from typing import Any

from server.store.logstream import keten
from server.store.sql import Row
from server.store.vault import Slot
from server.store.versions import LEVEND, VERWIJDERD, Versie

_SCHEIDING = b"\0"  # tussen auteur en JSON; komt in geen van beide voor


def schrijf_versie(v: Versie, sleutel: str, slot: Slot, ketting: bytes, *, stand: int | None = None) -> dict[str, Any]:
    """De rij voor een versie. De auteur zit in het versleutelde deel; de hash loopt over metadata en ciphertext."""
    verwijderd = stand if stand is not None else VERWIJDERD if v.verwijderd else LEVEND
    inhoud = slot.dicht(v.auteur.encode() + _SCHEIDING + v.tekst, _plaats(v.partitie, v.type, v.id, v.versie))
    rij: dict[str, Any] = {
        "partitie": v.partitie, "volgnummer": v.volgnummer, "type": v.type, "id": v.id, "versie": v.versie,
        "moment": v.moment, "herkomst": v.herkomst, "verwijderd": verwijderd, "sleutel": sleutel, "inhoud": inhoud,
    }  # fmt: skip
    return {**rij, "hash": keten(ketting, rij.values())}


def lees_versie(partitie: str, rij: Row, slot: Slot) -> Versie:
    """De rij terug als versie. `PaspoortFout("opslag-stil")` als er aan de ciphertext of haar plaats is gekomen."""
    volgnummer, type_, id_, versie, moment, herkomst, verwijderd, _, inhoud, _ = rij
    auteur, _, tekst = slot.open(inhoud, _plaats(partitie, type_, id_, versie)).partition(_SCHEIDING)
    return Versie(
        partitie=partitie, volgnummer=volgnummer, type=type_, id=id_, versie=versie, moment=moment,
        auteur=auteur.decode(), herkomst=herkomst, verwijderd=verwijderd != LEVEND, tekst=tekst,
    )  # fmt: skip


def hash_van_rij(partitie: str, rij: Row, ketting: bytes) -> bytes:
    """Wat de hash van een gelezen rij moet zijn, gegeven de vorige."""
    return keten(ketting, (partitie, *rij[:9]))


def _plaats(partitie: str, type_: str, id_: str, versie: int) -> str:
    return f"{partitie}|{type_}|{id_}|{versie}"
