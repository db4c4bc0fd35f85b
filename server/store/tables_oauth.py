"""De tabellen van inloggen en OAuth. Tokens staan er als sha256, personen versleuteld (ontwerp deel 2).

Wie ze leest en schrijft: `session.py`, `clients.py`, `tokens.py`, `invitations.py`; nergens anders staat SQL.
"""

from __future__ import annotations

from sqlalchemy import Index

from server.store.tables import Basis, bytes_, bytes_of_niets, getal, getal_of_niets, tekst, tekst_of_niets


class AccountRij(Basis, table=True):
    """Een mens zoals een inlogdienst hem kent; `zoek` = HMAC van (issuer, sub)."""

    __tablename__ = "account"
    id: str = tekst(pk=True)
    zoek: str = tekst()
    inhoud: bytes = bytes_()
    __table_args__ = (Index("ix_account_zoek", "zoek", unique=True),)


class LidmaatschapRij(Basis, table=True):
    """Een rol van een account."""

    __tablename__ = "lidmaatschap"
    __table_args__ = (
        Index("ix_lidmaatschap_account", "account"),
        Index("ix_lidmaatschap_functie", "functie"),
        Index("ix_lidmaatschap_mandaat", "patient", "mandaat"),
    )
    id: str = tekst(pk=True)
    account: str = tekst()
    rol: str = tekst()
    organisatie: str | None = tekst_of_niets()
    functie: str | None = tekst_of_niets()
    patient: str | None = tekst_of_niets()
    inhoud: bytes = bytes_()  # namens: naam van wie vertegenwoordigd wordt
    mandaat: str | None = tekst_of_niets()  # RelatedPerson in dat paspoort waarop de vertegenwoordiging rust


class SessieRij(Basis, table=True):
    """Een websessie. Het token wisselt bij elke keuze van een rol, `nummer` niet."""

    __tablename__ = "websessie"
    __table_args__ = (
        Index("ix_websessie_account", "account"),
        Index("ix_websessie_nummer", "nummer"),
        Index("ix_websessie_zoek", "zoek"),
    )
    token: str = tekst(pk=True)
    account: str = tekst()
    inhoud: bytes = bytes_()
    begonnen: int = getal()
    verloopt: int = getal()
    nummer: str | None = tekst_of_niets()
    zoek: str | None = tekst_of_niets()  # HMAC van (uitgever, sid): de sessie bij de inlogdienst


class FormulierRij(Basis, table=True):
    """Een formulier van wie niet meer was ingelogd, tot die terug is; `id` = HMAC van wie en welke bladzijde."""

    __tablename__ = "bewaard_formulier"
    __table_args__ = (Index("ix_bewaard_formulier_account", "account"),)
    id: str = tekst(pk=True)
    account: str = tekst()
    inhoud: bytes = bytes_()
    verloopt: int = getal()


class ClientRij(Basis, table=True):
    """Een app die mag aansluiten."""

    __tablename__ = "oauth_client"
    client_id: str = tekst(pk=True)
    soort: str = tekst()
    naam: str = tekst()
    organisatie: str | None = tekst_of_niets()
    redirect_uris: str = tekst()  # JSON
    jwks: str | None = tekst_of_niets()  # JSON
    scopes: str = tekst()
    grant_types: str = tekst()
    gemaakt: int = getal()
    waarvoor: str = tekst()  # in één zin, voor op de toestemmingsbladzijde
    id_token_alg: str = tekst()
    jwks_uri: str | None = tekst_of_niets()
    geschorst: int = getal()


class CodeRij(Basis, table=True):
    """Een autorisatiecode; één keer te gebruiken."""

    __tablename__ = "oauth_code"
    code: str = tekst(pk=True)
    familie: str = tekst()
    client_id: str = tekst()
    inhoud: bytes = bytes_()
    verloopt: int = getal()
    gebruikt: int = getal()


class VerleningRij(Basis, table=True):
    """Wat iemand een app heeft toegestaan; de *familie* van alle tokens die daaruit komen."""

    __tablename__ = "verlening"
    __table_args__ = (
        Index("ix_verlening_patient", "patient"),
        Index("ix_verlening_client", "client_id"),
        Index("ix_verlening_account", "account"),
    )
    familie: str = tekst(pk=True)
    client_id: str = tekst()
    account: str | None = tekst_of_niets()
    patient: str | None = tekst_of_niets()
    scopes: str = tekst()
    inhoud: bytes = bytes_()  # de actor
    sinds: int = getal()
    ingetrokken: int | None = getal_of_niets()


class TokenRij(Basis, table=True):
    """Een toegangs- of verversingstoken, als sha256."""

    __tablename__ = "oauth_token"
    __table_args__ = (Index("ix_oauth_token_familie", "familie"), Index("ix_oauth_token_verloopt", "verloopt"))
    token: str = tekst(pk=True)
    soort: str = tekst()  # toegang | verversing
    familie: str = tekst()
    client_id: str = tekst()
    scopes: str = tekst()
    inhoud: bytes = bytes_()
    uitgegeven: int = getal()
    verloopt: int = getal()
    gebruikt: int = getal()


class JtiRij(Basis, table=True):
    """Gebruikte jti's van client assertions, tot ze verlopen zijn."""

    __tablename__ = "oauth_jti"
    client_id: str = tekst(pk=True)
    jti: str = tekst(pk=True)
    verloopt: int = getal()


class SleutelRij(Basis, table=True):
    """Sleutels waarmee de server tekent; de privésleutel is versleuteld."""

    __tablename__ = "ondertekensleutel"
    kid: str = tekst(pk=True)
    alg: str = tekst()
    inhoud: bytes = bytes_()
    sinds: int = getal()
    tot: int | None = getal_of_niets()


class UitnodigingRij(Basis, table=True):
    """Een QR, link of korte code waarmee een houder iemand toegang gaat geven."""

    __tablename__ = "uitnodiging"
    __table_args__ = (
        Index("ix_uitnodiging_code", "code"),
        Index("ix_uitnodiging_token", "token", unique=True),
        Index("ix_uitnodiging_partitie", "partitie"),
    )
    id: str = tekst(pk=True)
    token: str = tekst()
    code: str = tekst()
    partitie: str = tekst()
    inhoud: bytes = bytes_()
    verloopt: int = getal()
    stand: str = tekst()  # open | aangenomen | bevestigd | vervallen
    aangenomen: bytes | None = bytes_of_niets()


class PogingRij(Basis, table=True):
    """Hoe vaak iemand in een tijdvak een verkeerde korte code probeerde."""

    __tablename__ = "poging"
    door: str = tekst(pk=True)
    vak: int = getal(pk=True)
    aantal: int = getal()
