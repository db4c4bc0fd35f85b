"""Nieuwe versies van één partitie versleuteld en als opdrachten, klaar om met andere samen vast te leggen.

Zuiver: raakt geen database; `passports.py` voert de opdrachten van alle betrokken partities in één eenheid uit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.store import statements as sql
from server.store.cache import Ingang
from server.store.cipher import schrijf_versie
from server.store.sql import Op
from server.store.versions import Versie


@dataclass(frozen=True, slots=True)
class Inleg:
    """De opdrachten voor één partitie, en wat er in het geheugen komt te staan als zij geslaagd zijn."""

    ingang: Ingang
    versies: tuple[Versie, ...]
    sleutels: tuple[Op, ...]
    ops: tuple[Op, ...]
    ketting: bytes
    gebruikt: dict[tuple[str, str], str]

    @property
    def partitie(self) -> str:
        """De partitie waar dit in komt."""
        return self.ingang.momentopname.partitie

    def bezegel(self) -> Ingang:
        """De ingang na het vastleggen; de nieuwe sleutels horen nu bij hun resources."""
        m, bos = self.ingang.momentopname, self.ingang.bos
        bos.van.update(self.gebruikt)
        return Ingang(m.met(m.volgnummer + len(self.versies), self.versies), bos, self.ketting)


def versleutel(ingang: Ingang, versies: Sequence[Versie]) -> Inleg:
    """Versleutel de versies in volgorde, elk met de sleutel van haar resource en de hash van de vorige."""
    m, bos, ketting = ingang.momentopname, ingang.bos, ingang.ketting
    sleutels: list[Op] = []
    ops: list[Op] = []
    gebruikt: dict[tuple[str, str], str] = {}
    for v in versies:
        naam = gebruikt.get((v.type, v.id)) or bos.van.get((v.type, v.id))
        if naam is None:
            naam, sleutel_op = bos.nieuw(v.type, v.id)
            sleutels.append(sleutel_op)
        gebruikt[(v.type, v.id)] = naam
        rij = schrijf_versie(v, naam, bos.gegevens[naam], ketting)
        ketting = rij["hash"]
        ops.append(Op(sql.NIEUWE_VERSIE, rij, 1))
        plaats = {"type": v.type, "id": v.id, "partitie": v.partitie, "versie": v.versie}
        if v.versie == 1:
            ops.append(Op(sql.NIEUWE_LOCATIE, plaats, 1))
        else:
            verzet = {f"b_{naam_}": waarde for naam_, waarde in plaats.items()} | {"b_vorige": v.versie - 1}
            ops.append(Op(sql.VOLGENDE_LOCATIE, verzet, 1))
    nummer = m.volgnummer + len(versies)
    waarden = {"b_id": m.partitie, "b_verwacht": m.volgnummer, "b_nieuw": nummer, "b_ketting": ketting}
    schuif = Op(sql.SCHUIF_OP, waarden, 1)
    return Inleg(ingang, tuple(versies), tuple(sleutels), (schuif, *ops), ketting, gebruikt)
