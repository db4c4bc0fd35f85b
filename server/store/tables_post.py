"""De tabellen van de post: abonnementen als index, hun bezorging, de meldingen die klaarliggen, en wie bezorgt.

Geen inhoud en geen adressen: een melding wijst met ids aan wat er veranderde, en waar zij heen gaat staat versleuteld
in de Subscription. Wie ze leest en schrijft: `meldingen.py` en `outbox.py`; nergens anders staat SQL.
"""

from __future__ import annotations

from sqlalchemy import Index

from server.store.tables import Basis, getal, getal_of_niets, tekst, tekst_of_niets


class AbonnementRij(Basis, table=True):
    """Een Subscription zoals de bezorger haar zoekt; volgt haar laatste versie. `eind` in seconden sinds 1970."""

    __tablename__ = "abonnement"
    __table_args__ = (
        Index("ix_abonnement_partitie", "partitie"),
        Index("ix_abonnement_organisatie", "organisatie"),
    )
    id: str = tekst(pk=True)
    partitie: str = tekst()  # een paspoort, of org-<organisatie>
    organisatie: str | None = tekst_of_niets()
    stand: str = tekst()  # requested | active | error | off
    eind: int | None = getal_of_niets()


class BezorgingRij(Basis, table=True):
    """Hoe ver de bezorging is. `hoogste` = laatst gegeven nummer; `volgende` = niet eerder dan (ms sinds 1970)."""

    __tablename__ = "bezorging"
    abonnement: str = tekst(pk=True)
    partitie: str = tekst()
    hoogste: int = getal()
    pogingen: int = getal()
    volgende: int = getal()


class MeldingRij(Basis, table=True):
    """Dat een Task veranderde, voor één abonnement. `nummer` komt pas als er bij het versturen grond is."""

    __tablename__ = "melding"
    __table_args__ = (
        Index("ix_melding_stand", "abonnement", "stand", "moment"),
        Index("ix_melding_partitie", "partitie"),
        Index("ix_melding_gezet", "stand", "gezet"),
    )
    abonnement: str = tekst(pk=True)
    partitie: str = tekst(pk=True)
    volgnummer: int = getal(pk=True)
    task: str = tekst()
    versie: int = getal()
    moment: str = tekst()
    nummer: int | None = getal_of_niets()
    stand: str = tekst()  # wacht | gestuurd | dood | vervallen
    gezet: int = getal()  # seconden sinds 1970: wanneer zij in deze stand kwam


class LeidingRij(Basis, table=True):
    """Welk proces een taak doet die er één tegelijk mag doen. `sinds` en `tot` in ms sinds 1970."""

    __tablename__ = "leiding"
    taak: str = tekst(pk=True)
    proces: str = tekst()
    sinds: int = getal()
    tot: int = getal()
