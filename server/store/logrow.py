"""De logregel (NEN 7513) als waarde, en hoe hij versleuteld de stroom in gaat en er weer uit komt.

Wie keek (`wie`) overleeft het wissen van een paspoort, waarnaar gekeken werd (`wat`) niet: dat zit onder de
sleutel van het paspoort. Een houder die in het eigen paspoort kijkt, zit helemaal onder die sleutel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from paspoort.fouten import PaspoortFout
from server.store.sql import Logstuk, Row
from server.store.vault import Sleutelbos, Slot
from server.store.versions import nu_als_instant

EIGEN_ROLLEN = frozenset({"houder", "vertegenwoordiger"})
_EIGEN, _INSTALLATIE = b"e", b"i"  # eerste byte van een blob: onder welke sleutel


@dataclass(frozen=True, slots=True)
class Logregel:
    """Wie, organisatie, rol, doel, grond, wat, uitkomst. `moment` vult de opslag; `id` bestaat pas na lezen."""

    actor: str
    naam: str
    rol: str
    organisatie: str | None
    client: str | None
    namens: str | None
    handeling: str
    partitie: str | None
    doel: str | None
    grond: str | None
    wat: tuple[str, ...]  # "Type/id"
    uitkomst: str  # gelukt | geweigerd | mislukt | fout
    moment: str = ""
    id: str = ""


def maak_stuk(regel: Logregel, bos: Sleutelbos | None, log: Slot) -> Logstuk:
    """De regel zoals hij in de stroom komt. Zonder `bos` (geen paspoort, of gewist) onder de installatiesleutel."""
    wie = orjson.dumps([regel.actor, regel.naam, regel.client, regel.namens])
    wat = orjson.dumps([regel.wat, regel.doel, regel.grond, None if bos else regel.partitie])
    eigen = regel.rol in EIGEN_ROLLEN
    return Logstuk(
        moment=regel.moment or nu_als_instant(),
        schuilnaam=bos.schuilnaam if bos else None,
        organisatie=regel.organisatie,
        rol=regel.rol,
        handeling=regel.handeling,
        uitkomst=regel.uitkomst,
        wie=_dicht(wie, bos.slot if bos and eigen else None, log, "logwie"),
        wat=_dicht(wat, bos.slot if bos else None, log, "logwat"),
    )


def lees_rij(rij: Row, bos: Sleutelbos | None, log: Slot) -> Logregel:
    """Een rij van de stroom terug als regel; wat onder een gewiste sleutel zat, is leeg."""
    stroom, nummer, moment, _, organisatie, rol, handeling, uitkomst, wie, wat = rij
    actor, naam, client, namens = _open(wie, bos, log, "logwie") or ("", "", None, None)
    gedaan, doel, grond, partitie = _open(wat, bos, log, "logwat") or ((), None, None, None)
    return Logregel(
        actor=actor, naam=naam, rol=rol, organisatie=organisatie, client=client, namens=namens, handeling=handeling,
        partitie=bos.partitie if bos else partitie, doel=doel, grond=grond, wat=tuple(gedaan), uitkomst=uitkomst,
        moment=moment, id=f"{stroom}-{nummer}",
    )  # fmt: skip


def _dicht(data: bytes, eigen: Slot | None, log: Slot, bij: str) -> bytes:
    return _EIGEN + eigen.dicht(data, bij) if eigen else _INSTALLATIE + log.dicht(data, bij)


def _open(blob: bytes, bos: Sleutelbos | None, log: Slot, bij: str) -> list[Any] | None:
    slot = log if blob[:1] == _INSTALLATIE else (bos.slot if bos else None)
    if slot is None:
        return None
    try:
        waarden: list[Any] = orjson.loads(slot.open(blob[1:], bij))
    except PaspoortFout:
        return None
    return waarden
