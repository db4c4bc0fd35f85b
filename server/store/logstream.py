"""De keten van een logstroom: elke regel draagt de hash van zichzelf en zijn voorganger (ontwerp deel 2).

Elke schrijver heeft zijn eigen stroom, zodat processen elkaar niet ophouden. Zuivere functies; lezen en
controleren doet `audit.py`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from server.store.sql import Logstuk, Query, voeg_toe
from server.store.tables import LogRij, tabel

VOEG_REGEL_TOE: Query = voeg_toe(tabel(LogRij))
LOGTABEL = tabel(LogRij).name
LOGKOLOMMEN = tuple(kolom.name for kolom in tabel(LogRij).columns)
KOLOMMEN = ("moment", "schuilnaam", "organisatie", "rol", "handeling", "uitkomst", "wie", "wat")


def keten(vorige: bytes, velden: Iterable[str | int | bytes | None]) -> bytes:
    """sha256 over de vorige hash en de velden, elk met zijn lengte, zodat schuiven tussen velden opvalt."""
    som = sha256(vorige)
    for veld in velden:
        if veld is None:
            som.update(b"-")
            continue
        stuk = veld if isinstance(veld, bytes) else str(veld).encode()
        som.update(b"%d:" % len(stuk))
        som.update(stuk)
    return som.digest()


def begin(stroom: str) -> bytes:
    """De hash vóór de eerste regel van een stroom."""
    return sha256(b"logstroom|" + stroom.encode()).digest()


@dataclass
class Stroom:
    """De stand van één stroom in één schrijver. Na een mislukte of onzekere vastlegging begint een nieuwe."""

    id: str
    nummer: int
    hash: bytes

    @classmethod
    def nieuw(cls) -> Stroom:
        """Een nieuwe stroom met een willekeurige naam."""
        naam = secrets.token_hex(8)
        return cls(naam, 0, begin(naam))

    def rijen(self, stukken: Iterable[Logstuk]) -> list[dict[str, Any]]:
        """Geef de regels hun nummer en hash; verschuift de stand."""
        uit: list[dict[str, Any]] = []
        for stuk in stukken:
            velden = (
                stuk.moment, stuk.schuilnaam, stuk.organisatie, stuk.rol, stuk.handeling, stuk.uitkomst, stuk.wie,
                stuk.wat,
            )  # fmt: skip
            self.nummer += 1
            self.hash = keten(self.hash, (self.id, self.nummer, *velden))
            rij: dict[str, Any] = dict(zip(KOLOMMEN, velden, strict=True))
            rij.update(stroom=self.id, nummer=self.nummer, hash=self.hash)
            uit.append(rij)
        return uit


def begin_ketting(partitie: str) -> bytes:
    """De hash vóór de eerste versie van een partitie."""
    return keten(b"partitie", (partitie,))
