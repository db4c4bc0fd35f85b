"""De tabellen van de gegevensdatabase, één keer verklaard voor SQLite en PostgreSQL (ontwerp deel 2).

Alleen TEXT, INTEGER, BIGINT en BLOB, zodat de ruwe drivers zonder vertaling lezen en schrijven. Sleutels staan hier
niet: die staan in de kluis (`vault.py`), een database apart. Wat een naam of gezondheid kan verraden is versleuteld.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import BigInteger, Index, LargeBinary, Table, Text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class Basis(SQLModel, registry=registry()):
    """Eigen metadata, los van die van de kluis."""


def tekst(pk: bool = False) -> Any:
    """Een verplichte TEXT-kolom."""
    return Field(primary_key=pk, sa_type=Text, nullable=False)


def tekst_of_niets() -> Any:
    """Een TEXT-kolom die leeg mag zijn."""
    return Field(default=None, sa_type=Text, nullable=True)


def getal(pk: bool = False) -> Any:
    """Een verplichte BIGINT-kolom; tijden zijn seconden sinds 1970."""
    return Field(primary_key=pk, sa_type=BigInteger, nullable=False, sa_column_kwargs={"autoincrement": False})


def getal_of_niets() -> Any:
    """Een BIGINT-kolom die leeg mag zijn."""
    return Field(default=None, sa_type=BigInteger, nullable=True)


def bytes_() -> Any:
    """Een verplichte BLOB-kolom."""
    return Field(sa_type=LargeBinary, nullable=False)


def bytes_of_niets() -> Any:
    """Een BLOB-kolom die leeg mag zijn."""
    return Field(default=None, sa_type=LargeBinary, nullable=True)


def tabel(model: type[SQLModel]) -> Table:
    """De SQLAlchemy Core-tabel achter een model."""
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


# --- versies ---------------------------------------------------------------------------------------------------


class Partitie(Basis, table=True):
    """Een paspoort, organisatiepartitie of het register. `volgnummer` = laatste versie, `ketting` = haar hash."""

    __tablename__ = "partitie"
    id: str = tekst(pk=True)
    soort: str = tekst()  # paspoort | organisatie | register
    volgnummer: int = getal()
    ketting: bytes = bytes_()
    stand: int = getal()  # loopt op bij afgeleide tabellen van het register (geschorst, mandaat)
    gewist: int = getal()
    testdata_van: str | None = tekst_of_niets()
    gemaakt: int = getal()


class VersieRij(Basis, table=True):
    """Eén versie; wordt nooit veranderd. `verwijderd`: 0 levend, 1 verwijderd, 2 gewist."""

    __tablename__ = "versie"
    __table_args__ = (Index("ix_versie_resource", "type", "id", "versie", unique=True),)
    partitie: str = tekst(pk=True)
    volgnummer: int = getal(pk=True)
    type: str = tekst()
    id: str = tekst()
    versie: int = getal()
    moment: str = tekst()
    herkomst: str = tekst()
    verwijderd: int = getal()
    sleutel: str = tekst()  # id van de gegevenssleutel in de kluis
    inhoud: bytes = bytes_()  # nonce + AES-256-GCM over auteur en JSON
    hash: bytes = bytes_()


class Locatie(Basis, table=True):
    """Waar een resource ligt en wat haar huidige versie is."""

    __tablename__ = "locatie"
    __table_args__ = (Index("ix_locatie_partitie", "partitie"),)
    type: str = tekst(pk=True)
    id: str = tekst(pk=True)
    partitie: str = tekst()
    versie: int = getal()


# --- indexen over paspoorten heen ------------------------------------------------------------------------------


class Bsn(Basis, table=True):
    """BSN als HMAC met een sleutel uit de kluis → paspoort."""

    __tablename__ = "bsn"
    __table_args__ = (Index("ix_bsn_partitie", "partitie"),)
    hmac: str = tekst(pk=True)
    partitie: str = tekst(pk=True)


class ToestemmingRij(Basis, table=True):
    """Wie (Organization/x of PractitionerRole/x) een actieve toestemming heeft in welk paspoort, tot wanneer."""

    __tablename__ = "toestemming"
    __table_args__ = (
        Index("ix_toestemming_partitie", "partitie"),
        Index("ix_toestemming_organisatie", "organisatie", "partitie"),
    )
    aan: str = tekst(pk=True)
    partitie: str = tekst(pk=True)
    consent: str = tekst(pk=True)
    organisatie: str | None = tekst_of_niets()
    tot: str | None = tekst_of_niets()


class WerkRij(Basis, table=True):
    """Een Task zoals de eigenaar haar zoekt; geen inhoud."""

    __tablename__ = "werkvoorraad"
    __table_args__ = (
        Index("ix_werkvoorraad_organisatie", "organisatie", "gewijzigd", "task"),
        Index("ix_werkvoorraad_status", "organisatie", "status", "gewijzigd", "task"),
        Index("ix_werkvoorraad_eigenaar", "organisatie", "eigenaar", "gewijzigd", "task"),
        Index("ix_werkvoorraad_eigenaar_status", "organisatie", "eigenaar", "status", "gewijzigd", "task"),
        Index("ix_werkvoorraad_paspoorten", "organisatie", "partitie"),
        Index("ix_werkvoorraad_partitie", "partitie"),
    )
    task: str = tekst(pk=True)
    partitie: str = tekst()
    organisatie: str = tekst()
    eigenaar: str = tekst()
    code: str | None = tekst_of_niets()
    status: str = tekst()
    business_status: str | None = tekst_of_niets()
    uiterlijk: str | None = tekst_of_niets()
    gewijzigd: str = tekst()


class AgendaRij(Basis, table=True):
    """Een moment waarop iets moet gebeuren; alleen soort en verwijzing."""

    __tablename__ = "agenda"
    __table_args__ = (Index("ix_agenda_moment", "moment"), Index("ix_agenda_partitie", "partitie"))
    verwijzing: str = tekst(pk=True)
    soort: str = tekst(pk=True)
    partitie: str = tekst()
    moment: str = tekst()


class ProductRij(Basis, table=True):
    """Eigenaar en HMAC van GTIN of serienummer → paspoort, voor terugroepacties."""

    __tablename__ = "product"
    __table_args__ = (Index("ix_product_hmac", "hmac", "eigenaar"), Index("ix_product_partitie", "partitie"))
    device: str = tekst(pk=True)
    hmac: str = tekst(pk=True)
    partitie: str = tekst()
    eigenaar: str | None = tekst_of_niets()


class Geschorst(Basis, table=True):
    """Een organisatie die niets meer mag zien."""

    __tablename__ = "geschorst"
    organisatie: str = tekst(pk=True)
    sinds: int = getal()


class MandaatRij(Basis, table=True):
    """Mandaat tussen organisaties: van, aan, taak, periode."""

    __tablename__ = "mandaat"
    van: str = tekst(pk=True)
    aan: str = tekst(pk=True)
    taak: str = tekst(pk=True)
    sinds: str | None = tekst_of_niets()
    tot: str | None = tekst_of_niets()


# --- log -------------------------------------------------------------------------------------------------------


class LogRij(Basis, table=True):
    """Eén regel van een logstroom (NEN 7513); `wie` en `wat` zijn versleuteld, het paspoort heeft een schuilnaam."""

    __tablename__ = "logregel"
    __table_args__ = (
        Index("ix_logregel_schuilnaam", "schuilnaam", "moment"),
        Index("ix_logregel_organisatie", "organisatie", "moment"),
        Index("ix_logregel_moment", "moment"),
    )
    stroom: str = tekst(pk=True)
    nummer: int = getal(pk=True)
    moment: str = tekst()
    schuilnaam: str | None = tekst_of_niets()
    organisatie: str | None = tekst_of_niets()
    rol: str = tekst()
    handeling: str = tekst()
    uitkomst: str = tekst()
    wie: bytes = bytes_()
    wat: bytes = bytes_()
    hash: bytes = bytes_()


class DagwortelRij(Basis, table=True):
    """De ondertekende eindstand van alle stromen op een dag."""

    __tablename__ = "dagwortel"
    dag: str = tekst(pk=True)
    stromen: str = tekst()  # JSON: [[stroom, nummer, hash], …]
    handtekening: str = tekst()  # ES256, JWS compact
    vorige: str | None = tekst_of_niets()  # sha256 van de handtekening van de vorige dag; leeg bij de eerste


class LogbeginRij(Basis, table=True):
    """Waar een stroom begint nadat regels voorbij hun bewaartermijn verwijderd zijn: de laatste die weg is."""

    __tablename__ = "logbegin"
    stroom: str = tekst(pk=True)
    nummer: int = getal()
    hash: bytes = bytes_()
    voor: str = tekst()  # alles van vóór deze dag is weg
    handtekening: str = tekst()
