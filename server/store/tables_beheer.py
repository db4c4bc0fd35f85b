"""De tabellen van het beheer: wie geschorst is, en codes waarmee iemand bij een organisatie gaat horen.

Organisaties en mensen zelf staan in het register (FHIR). Wie deze tabellen leest en schrijft: `personeel.py` en
`passports.py`; nergens anders staat SQL.
"""

from __future__ import annotations

from sqlalchemy import Index

from server.store.tables import Basis, bytes_, getal, tekst


class SchorsingRij(Basis, table=True):
    """Een functie die tijdelijk niets mag: `PractitionerRole/id`."""

    __tablename__ = "schorsing"
    naam: str = tekst(pk=True)
    sinds: int = getal()


class PersoneelscodeRij(Basis, table=True):
    """Een code waarmee iemand na het inloggen een functie aanneemt; één keer te gebruiken."""

    __tablename__ = "personeelscode"
    __table_args__ = (Index("ix_personeelscode_functie", "functie"),)
    code: str = tekst(pk=True)  # HMAC
    functie: str = tekst()
    inhoud: bytes = bytes_()  # organisatie en rol
    verloopt: int = getal()
    gebruikt: int = getal()
