"""De tabellen van toestemming buiten het paspoort: vragen van organisaties, bevestigcodes en mail die klaarligt.

Wat een naam, adres of gezondheid kan verraden is versleuteld of staat er niet: een mail over een toestemming wijst met
ids aan wat er veranderde, en haar adres komt pas bij het versturen uit het paspoort. Wie ze leest en schrijft:
`consentasks.py` en `mail.py`; nergens anders staat SQL.
"""

from __future__ import annotations

from sqlalchemy import Index

from server.store.tables import (
    Basis,
    bytes_,
    bytes_of_niets,
    getal,
    getal_of_niets,
    tekst,
    tekst_of_niets,
)


class MailRij(Basis, table=True):
    """Eén mail (of brief) die weg moet. `volgende` in ms, `gezet` in seconden sinds 1970."""

    __tablename__ = "mail"
    __table_args__ = (
        Index("ix_mail_stand", "stand", "volgende"),
        Index("ix_mail_partitie", "partitie"),
        Index("ix_mail_gezet", "stand", "gezet"),
    )
    id: str = tekst(pk=True)
    soort: str = tekst()  # toestemming | vraag | bevestigcode | aanleiding | sein-…
    partitie: str | None = tekst_of_niets()
    consent: str | None = tekst_of_niets()
    versie: int | None = getal_of_niets()
    inhoud: bytes | None = bytes_of_niets()  # wat niet uit het paspoort komt: een adres, een code
    stand: str = tekst()  # wacht | gestuurd | vervallen | dood
    pogingen: int = getal()
    volgende: int = getal()
    gezet: int = getal()


class ToestemmingsvraagRij(Basis, table=True):
    """Een organisatie vraagt iemand om toestemming; aan welk paspoort, staat er niet: dat weet zij niet."""

    __tablename__ = "toestemmingsvraag"
    __table_args__ = (
        Index("ix_toestemmingsvraag_token", "token", unique=True),
        Index("ix_toestemmingsvraag_code", "code"),
        Index("ix_toestemmingsvraag_organisatie", "organisatie", "verloopt"),
    )
    id: str = tekst(pk=True)
    token: str = tekst()
    code: str = tekst()
    organisatie: str = tekst()
    functie: str | None = tekst_of_niets()
    inhoud: bytes = bytes_()  # wie vraagt, waarvoor, welke groepen
    verloopt: int = getal()
    code_tot: int = getal()
    stand: str = tekst()  # open | gebruikt | vervallen


class BevestigcodeRij(Basis, table=True):
    """De code waarmee een toestemming op papier of met de stem bevestigd wordt; alleen de houder krijgt haar."""

    __tablename__ = "bevestigcode"
    __table_args__ = (Index("ix_bevestigcode_partitie", "partitie"),)
    consent: str = tekst(pk=True)
    partitie: str = tekst()
    code: str = tekst()
    verloopt: int = getal()
    pogingen: int = getal()
