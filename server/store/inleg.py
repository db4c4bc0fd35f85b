"""Nieuwe versies van één partitie versleuteld en als opdrachten, klaar om met andere samen vast te leggen.

Zuiver: raakt geen database; `passports.py` voert de opdrachten van alle betrokken partities in één eenheid uit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from server.store import statements as sql
from server.store.cache import Ingang
from server.store.cipher import schrijf_versie
from server.store.sql import Op
from server.store.versions import VERHUISD, Deel, Versie, Vertrek, Volgnummerbotsing, Wijziging

_Plek = tuple[str, str]  # (type, id)


@dataclass(frozen=True, slots=True)
class Stuk:
    """Wat er in één partitie bij komt: `vertrekt` gaat hier weg, `komt_van` lag tot nu toe elders."""

    ingang: Ingang
    versies: tuple[Versie, ...]
    vertrekt: frozenset[_Plek] = frozenset()
    komt_van: dict[_Plek, Vertrek] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inleg:
    """De opdrachten voor één partitie, en wat er in het geheugen komt te staan als zij geslaagd zijn."""

    ingang: Ingang
    versies: tuple[Versie, ...]
    sleutels: tuple[Op, ...]
    ops: tuple[Op, ...]
    ketting: bytes
    gebruikt: dict[_Plek, str]
    vertrekt: frozenset[_Plek]

    @property
    def partitie(self) -> str:
        """De partitie waar dit in komt."""
        return self.ingang.momentopname.partitie

    def bezegel(self) -> Ingang:
        """De ingang na het vastleggen; de nieuwe sleutels horen nu bij hun resources."""
        m, bos = self.ingang.momentopname, self.ingang.bos
        bos.van.update(self.gebruikt)
        return Ingang(m.met(m.volgnummer + len(self.versies), self.versies, self.vertrekt), bos, self.ketting)


def samengevoegd(wijzigingen: Iterable[Wijziging], delen: Iterable[Deel]) -> list[Deel]:
    """De delen voor andere partities, één per partitie, met wat daar vertrekt. `Volgnummerbotsing` als zij schuren."""
    vertrokken = (
        Deel(
            w.vertrek.partitie,
            w.vertrek.verwacht_volgnummer,
            (Wijziging(w.type, w.id, None),),
            frozenset({(w.type, w.id)}),
        )
        for w in wijzigingen
        if w.vertrek is not None
    )
    uit: dict[str, Deel] = {}
    for deel in (*vertrokken, *delen):
        al = uit.get(deel.partitie)
        if al is not None and al.verwacht_volgnummer != deel.verwacht_volgnummer:
            raise Volgnummerbotsing
        if al is not None:
            samen = (*al.wijzigingen, *deel.wijzigingen)
            deel = Deel(deel.partitie, deel.verwacht_volgnummer, samen, al.vertrekt | deel.vertrekt)
        uit[deel.partitie] = deel
    return list(uit.values())


def versleutel(stuk: Stuk) -> Inleg:
    """Versleutel de versies in volgorde, elk met de sleutel van haar resource en de hash van de vorige."""
    ingang, versies = stuk.ingang, stuk.versies
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
        vertrekt = (v.type, v.id) in stuk.vertrekt
        rij = schrijf_versie(v, naam, bos.gegevens[naam], ketting, stand=VERHUISD if vertrekt else None)
        ketting = rij["hash"]
        ops.append(Op(sql.NIEUWE_VERSIE, rij, 1))
        plaats = {"type": v.type, "id": v.id, "partitie": v.partitie, "versie": v.versie}
        vertrek = stuk.komt_van.get((v.type, v.id))
        if vertrekt:
            continue  # waar zij heen gaat, zet haar nieuwe plaats
        if v.versie == 1:
            ops.append(Op(sql.NIEUWE_LOCATIE, plaats, 1))
        elif vertrek is not None:
            verzet = {f"b_{naam_}": waarde for naam_, waarde in plaats.items()}
            ops.append(Op(sql.VERHUIS_LOCATIE, verzet | {"b_van": vertrek.partitie, "b_vorige": vertrek.versie}, 1))
        else:
            verzet = {f"b_{naam_}": waarde for naam_, waarde in plaats.items()} | {"b_vorige": v.versie - 1}
            ops.append(Op(sql.VOLGENDE_LOCATIE, verzet, 1))
    nummer = m.volgnummer + len(versies)
    waarden = {"b_id": m.partitie, "b_verwacht": m.volgnummer, "b_nieuw": nummer, "b_ketting": ketting}
    schuif = Op(sql.SCHUIF_OP, waarden, 1)
    return Inleg(ingang, versies, tuple(sleutels), (schuif, *ops), ketting, gebruikt, stuk.vertrekt)
