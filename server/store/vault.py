"""De kluis: gewikkelde sleutels in een database apart, en het versleutelen zelf (ontwerp deel 2).

Hoofdsleutel → partitiesleutel → gegevenssleutel per resource; AES-256-GCM. Wie een rij uit de kluis wist, maakt wat
ermee versleuteld was voorgoed onleesbaar. Kent geen FHIR en geen paspoort.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import new as hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Index, bindparam, delete, select, update
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from paspoort.fouten import PaspoortFout
from server.store.sql import Botsing, Database, Op, Query, Row, Unit, opslag_stil, query, voeg_toe
from server.store.tables import bytes_, tabel, tekst

NONCE = 12
HERWIKKEL_PER = 500


class KluisBasis(SQLModel, registry=registry()):
    """Eigen metadata: de kluis staat in een andere database dan de gegevens."""


class InstallatieSleutel(KluisBasis, table=True):
    """Een sleutel van de installatie (`index`, `log`, `sessie`), gewikkeld met de hoofdsleutel."""

    __tablename__ = "installatiesleutel"
    naam: str = tekst(pk=True)
    gewikkeld: bytes = bytes_()


class PartitieSleutel(KluisBasis, table=True):
    """De sleutel van een partitie, en haar schuilnaam in het log, gewikkeld met die sleutel."""

    __tablename__ = "partitiesleutel"
    partitie: str = tekst(pk=True)
    gewikkeld: bytes = bytes_()
    schuilnaam: bytes = bytes_()


class SchuilnaamRij(KluisBasis, table=True):
    """Van schuilnaam terug naar partitie, gewikkeld; verdwijnt als de partitie gewist wordt."""

    __tablename__ = "schuilnaam"
    schuilnaam: str = tekst(pk=True)
    partitie: bytes = bytes_()


class GegevensSleutel(KluisBasis, table=True):
    """De sleutel van één resource, gewikkeld met de partitiesleutel."""

    __tablename__ = "gegevenssleutel"
    __table_args__ = (Index("ix_gegevenssleutel_partitie", "partitie", "type", "resource"),)
    id: str = tekst(pk=True)
    partitie: str = tekst()
    type: str = tekst()
    resource: str = tekst()
    gewikkeld: bytes = bytes_()


_INST, _PART = tabel(InstallatieSleutel), tabel(PartitieSleutel)
_SCHUIL, _GEG = tabel(SchuilnaamRij), tabel(GegevensSleutel)
_LEES_INST = query(select(_INST.c.gewikkeld).where(_INST.c.naam == bindparam("naam")))
_LEES_PART = query(select(_PART.c.gewikkeld, _PART.c.schuilnaam).where(_PART.c.partitie == bindparam("partitie")))
_LEES_SCHUIL = query(select(_SCHUIL.c.partitie).where(_SCHUIL.c.schuilnaam == bindparam("schuilnaam")))
_LEES_GEG = query(
    select(_GEG.c.id, _GEG.c.type, _GEG.c.resource, _GEG.c.gewikkeld).where(_GEG.c.partitie == bindparam("partitie"))
)
_LEES_EEN_GEG = query(
    select(_GEG.c.id).where(
        _GEG.c.partitie == bindparam("partitie"),
        _GEG.c.type == bindparam("type"),
        _GEG.c.resource == bindparam("resource"),
    )
)
_NIEUW_INST, _NIEUW_PART = voeg_toe(_INST), voeg_toe(_PART)
_NIEUW_SCHUIL, _NIEUW_GEG = voeg_toe(_SCHUIL), voeg_toe(_GEG)
_ALLE_INST = query(select(_INST.c.naam, _INST.c.gewikkeld).order_by(_INST.c.naam))
_BLADER_PART = query(
    select(_PART.c.partitie, _PART.c.gewikkeld)
    .where(_PART.c.partitie > bindparam("na"))
    .order_by(_PART.c.partitie)
    .limit(bindparam("aantal"))
)
_ZET_INST = query(
    update(_INST)
    .where(_INST.c.naam == bindparam("b_naam"), _INST.c.gewikkeld == bindparam("b_oud"))
    .values(gewikkeld=bindparam("b_nieuw"))
)
_ZET_PART = query(
    update(_PART)
    .where(_PART.c.partitie == bindparam("b_partitie"), _PART.c.gewikkeld == bindparam("b_oud"))
    .values(gewikkeld=bindparam("b_nieuw"))
)
_WIS_PART = query(delete(_PART).where(_PART.c.partitie == bindparam("partitie")))
_WIS_SCHUIL = query(delete(_SCHUIL).where(_SCHUIL.c.schuilnaam == bindparam("schuilnaam")))
_WIS_GEGS = query(delete(_GEG).where(_GEG.c.partitie == bindparam("partitie")))
_WIS_GEG = query(
    delete(_GEG).where(
        _GEG.c.partitie == bindparam("partitie"),
        _GEG.c.type == bindparam("type"),
        _GEG.c.resource == bindparam("resource"),
    )
)


class Slot:
    """AES-256-GCM met één sleutel. Elk stuk heeft een eigen nonce; `bij` (AAD) bindt het aan zijn plaats."""

    __slots__ = ("_gcm", "_ruw")

    def __init__(self, sleutel: bytes) -> None:
        self._ruw = sleutel
        self._gcm = AESGCM(sleutel)

    def dicht(self, data: bytes, bij: str) -> bytes:
        """Nonce en ciphertext."""
        nonce = os.urandom(NONCE)
        return nonce + self._gcm.encrypt(nonce, data, bij.encode())

    def open(self, data: bytes, bij: str) -> bytes:
        """De klare tekst. `PaspoortFout("opslag-stil")` als er aan data, plaats of sleutel is gekomen."""
        try:
            return self._gcm.decrypt(data[:NONCE], data[NONCE:], bij.encode())
        except InvalidTag:
            raise opslag_stil() from None

    def hmac(self, tekst: str) -> str:
        """HMAC-SHA256 als hex, voor zoeken zonder de waarde te bewaren."""
        return hmac(self._ruw, tekst.encode(), sha256).hexdigest()


@dataclass
class Sleutelbos:
    """De open sleutels van één partitie, alleen in het geheugen."""

    partitie: str
    slot: Slot
    schuilnaam: str
    gegevens: dict[str, Slot] = field(default_factory=dict)  # sleutel-id → slot
    van: dict[tuple[str, str], str] = field(default_factory=dict)  # (type, id) → sleutel-id

    def nieuw(self, type_: str, resource: str) -> tuple[str, Op]:
        """Een nieuwe gegevenssleutel: zijn id en de opdracht die hem in de kluis zet."""
        ruw, naam = secrets.token_bytes(32), secrets.token_hex(12)
        self.gegevens[naam] = Slot(ruw)
        waarden = {"id": naam, "partitie": self.partitie, "type": type_, "resource": resource}
        gewikkeld = self.slot.dicht(ruw, f"{self.partitie}|{type_}|{resource}|{naam}")
        return naam, Op(_NIEUW_GEG, {**waarden, "gewikkeld": gewikkeld}, 1)


class Kluis:
    """Sleutels maken, openen en wissen."""

    def __init__(self, db: Database, hoofdsleutel: bytes, oude: bytes | None = None) -> None:
        """`oude`: tijdens een wisseling van hoofdsleutel; wat daarmee gewikkeld is, gaat nog open."""
        self.db = db
        self._hoofd = Slot(hoofdsleutel)
        self._oud = Slot(oude) if oude else None
        self._installatie: dict[str, Slot] = {}

    async def open_installatie(self, namen: tuple[str, ...]) -> None:
        """Laad de sleutels van de installatie en maak wat er nog niet is; een verkeerde hoofdsleutel valt hier op."""
        for naam in namen:
            rij = await self.db.rij(_LEES_INST, naam=naam)
            if rij is None:
                gewikkeld = self._hoofd.dicht(secrets.token_bytes(32), f"installatie|{naam}")
                with suppress(Botsing):  # een ander proces was eerder; zijn sleutel geldt
                    await self.db.voer_uit(Unit((Op(_NIEUW_INST, {"naam": naam, "gewikkeld": gewikkeld}, 1),)))
                rij = await self.db.rij(_LEES_INST, naam=naam)
            if rij is None:
                raise opslag_stil()
            self._installatie[naam] = Slot(self._open(rij[0], f"installatie|{naam}"))

    def installatie(self, naam: str) -> Slot:
        """Een sleutel van de installatie die bij het openen geladen is."""
        return self._installatie[naam]

    async def maak_partitie(self, partitie: str) -> Sleutelbos:
        """Een nieuwe partitiesleutel, duurzaam voordat er iets mee versleuteld wordt. `Botsing` als zij al bestaat."""
        ruw, schuilnaam = secrets.token_bytes(32), secrets.token_hex(16)
        slot = Slot(ruw)
        waarden = {
            "partitie": partitie,
            "gewikkeld": self._hoofd.dicht(ruw, f"partitie|{partitie}"),
            "schuilnaam": slot.dicht(schuilnaam.encode(), f"schuilnaam|{partitie}"),
        }
        terug = self.installatie("log").dicht(partitie.encode(), f"terug|{schuilnaam}")
        await self.db.voer_uit(
            Unit((Op(_NIEUW_PART, waarden, 1), Op(_NIEUW_SCHUIL, {"schuilnaam": schuilnaam, "partitie": terug}, 1)))
        )
        return Sleutelbos(partitie, slot, schuilnaam)

    async def sleutelbos(self, partitie: str, *, met_gegevens: bool = True) -> Sleutelbos | None:
        """De open sleutels van een partitie; None als zij er niet is of gewist is."""
        rij = await self.db.rij(_LEES_PART, partitie=partitie)
        if rij is None:
            return None
        slot = Slot(self._open(rij[0], f"partitie|{partitie}"))
        bos = Sleutelbos(partitie, slot, slot.open(rij[1], f"schuilnaam|{partitie}").decode())
        if met_gegevens:
            await self.laad_gegevens(bos)
        return bos

    def _open(self, gewikkeld: bytes, bij: str) -> bytes:
        try:
            return self._hoofd.open(gewikkeld, bij)
        except PaspoortFout:
            if self._oud is None:
                raise
            return self._oud.open(gewikkeld, bij)

    async def herwikkel(self) -> int:
        """Wikkel alles wat nog met de oude hoofdsleutel dicht is opnieuw met de nieuwe; geeft hoeveel.

        De sleutels zelf veranderen niet, dus er hoeft niets opnieuw versleuteld. Afgebroken is het te hervatten.
        PaspoortFout `opslag-stil` bij iets dat met geen van beide opengaat; wat dan al omgezet is, blijft dat.
        """
        aantal = await self._herwikkel(
            await self.db.rijen(_ALLE_INST), "installatie", _ZET_INST, lambda naam: {"b_naam": naam}
        )
        na = ""
        while rijen := await self.db.rijen(_BLADER_PART, na=na, aantal=HERWIKKEL_PER):
            aantal += await self._herwikkel(rijen, "partitie", _ZET_PART, lambda naam: {"b_partitie": naam})
            na = rijen[-1][0]
        return aantal

    async def _herwikkel(
        self, rijen: Sequence[Row], soort: str, zet: Query, sleutel: Callable[[str], dict[str, str]]
    ) -> int:
        ops = []
        for naam, gewikkeld in rijen:
            bij = f"{soort}|{naam}"
            try:
                self._hoofd.open(gewikkeld, bij)
            except PaspoortFout:
                nieuw = self._hoofd.dicht(self._open(gewikkeld, bij), bij)
                # Alleen als er intussen niets veranderd is; een gewiste partitie blijft gewist.
                ops.append(Op(zet, {**sleutel(naam), "b_oud": gewikkeld, "b_nieuw": nieuw}))
        if ops:
            # Spoorloos: wie de oude hoofdsleutel heeft, vindt ook in de bestanden niets meer om te openen.
            await self.db.voer_uit(Unit(tuple(ops), spoorloos=True))
        return len(ops)

    async def laad_gegevens(self, bos: Sleutelbos) -> None:
        """Vul de bos aan met gegevenssleutels die zij nog niet had; gewiste blijven weg."""
        for naam, type_, resource, gewikkeld in await self.db.rijen(_LEES_GEG, partitie=bos.partitie):
            if naam not in bos.gegevens:
                ruw = bos.slot.open(gewikkeld, f"{bos.partitie}|{type_}|{resource}|{naam}")
                bos.gegevens[naam] = Slot(ruw)

    async def partitie_van_schuilnaam(self, schuilnaam: str) -> str | None:
        """De partitie achter een schuilnaam, zolang die niet gewist is."""
        rij = await self.db.rij(_LEES_SCHUIL, schuilnaam=schuilnaam)
        return None if rij is None else self.installatie("log").open(rij[0], f"terug|{schuilnaam}").decode()

    async def heeft_partitie(self, partitie: str) -> bool:
        """Is de sleutel van deze partitie er nog?"""
        return await self.db.rij(_LEES_PART, partitie=partitie) is not None

    async def heeft_resource(self, partitie: str, type_: str, resource: str) -> bool:
        """Is er nog een sleutel van deze resource?"""
        return await self.db.rij(_LEES_EEN_GEG, partitie=partitie, type=type_, resource=resource) is not None

    async def wis_partitie(self, partitie: str) -> None:
        """Vernietig alle sleutels van een partitie en het spoor van haar schuilnaam."""
        bos = await self.sleutelbos(partitie, met_gegevens=False)
        ops = [Op(_WIS_GEGS, {"partitie": partitie}), Op(_WIS_PART, {"partitie": partitie})]
        if bos is not None:
            ops.append(Op(_WIS_SCHUIL, {"schuilnaam": bos.schuilnaam}))
        await self.db.voer_uit(Unit(tuple(ops), spoorloos=True))

    async def wis_resources(self, plekken: Sequence[tuple[str, str, str]]) -> None:
        """Vernietig de sleutels van deze resources (partitie, type, id), in één keer: allemaal of geen."""
        ops = tuple(Op(_WIS_GEG, {"partitie": p, "type": t, "resource": r}) for p, t, r in plekken)
        await self.db.voer_uit(Unit(ops, spoorloos=True))
