"""Geheugen voor momentopnamen: de langst ongebruikte gaat eruit als het plafond in MB bereikt is.

Geldigheid is niet van dit geheugen: `passports.py` vergelijkt bij elk verzoek het volgnummer met de database.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from server.store.vault import Sleutelbos
from server.store.versions import Momentopname


@dataclass(frozen=True, slots=True)
class Ingang:
    """Wat van een partitie in het geheugen staat. `ketting` is de hash bij het volgnummer van de momentopname."""

    momentopname: Momentopname
    bos: Sleutelbos
    ketting: bytes


class Momentopnamegeheugen:
    """LRU op partitie, begrensd op het geschatte gewicht."""

    def __init__(self, megabytes: int) -> None:
        self.plafond = megabytes * 1024 * 1024
        self.gewicht = 0
        self.treffers = self.missers = 0
        self._ingangen: OrderedDict[str, Ingang] = OrderedDict()

    def __len__(self) -> int:
        return len(self._ingangen)

    def get(self, partitie: str) -> Ingang | None:
        """De ingang, en merk haar als net gebruikt."""
        ingang = self._ingangen.get(partitie)
        if ingang is not None:
            self._ingangen.move_to_end(partitie)
        return ingang

    def vers(self, partitie: str, volgnummer: int) -> Ingang | None:
        """De ingang als zij minstens zo nieuw is als dit volgnummer; telt of het geheugen hielp."""
        ingang = self.get(partitie)
        if ingang is not None and ingang.momentopname.volgnummer >= volgnummer:
            self.treffers += 1
            return ingang
        self.missers += 1
        return None

    def zet(self, ingang: Ingang) -> None:
        """Bewaar de nieuwste; een oudere dan die er al staat wordt genegeerd, een te zware niet bewaard."""
        partitie = ingang.momentopname.partitie
        oud = self._ingangen.get(partitie)
        if oud is not None and oud.momentopname.volgnummer > ingang.momentopname.volgnummer:
            return
        self.weg(partitie)
        if ingang.momentopname.gewicht > self.plafond:
            return
        self._ingangen[partitie] = ingang
        self.gewicht += ingang.momentopname.gewicht
        while self.gewicht > self.plafond:
            _, langst = self._ingangen.popitem(last=False)
            self.gewicht -= langst.momentopname.gewicht

    def weg(self, partitie: str) -> None:
        """Vergeet een partitie."""
        oud = self._ingangen.pop(partitie, None)
        if oud is not None:
            self.gewicht -= oud.momentopname.gewicht
