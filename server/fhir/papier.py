"""Een leesbaar stuk als PDF: kop, regels, alinea's. Voor de brief aan de houder en het afschrift van een organisatie.

Weet niets van FHIR. De lettertypen van PDF zelf kennen alleen Latijns-1; wat daar niet in past, wordt een vraagteken.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

VERVANG: Final = {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "€": "EUR"}


def pdf(titel: str, regels: Iterable[tuple[str, str]], alineas: Iterable[str], gemaakt: datetime) -> bytes:
    """Eén stuk: een titel, regels als (naam, waarde), en alinea's. De eigenschappen noemen geen persoon."""
    # Hier en niet bovenaan: fpdf haalt beeld- en lettertypegereedschap binnen, een zesde van de start van het product.
    from fpdf import FPDF
    from fpdf.enums import XPos, YPos

    stuk = FPDF()
    stuk.set_creation_date(gemaakt)
    stuk.set_title(latijn(titel))
    stuk.set_lang("nl")
    stuk.add_page()
    stuk.set_font("Helvetica", "B", 16)
    stuk.multi_cell(0, 9, latijn(titel), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    stuk.ln(4)
    for naam, waarde in regels:
        stuk.set_font("Helvetica", "B", 10)
        stuk.cell(50, 6, latijn(naam))
        stuk.set_font("Helvetica", "", 10)
        stuk.multi_cell(0, 6, latijn(waarde), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    stuk.ln(4)
    for alinea in alineas:
        stuk.multi_cell(0, 6, latijn(alinea), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        stuk.ln(2)
    return bytes(stuk.output())


def latijn(tekst: str) -> str:
    """De tekst in tekens die de ingebouwde lettertypen kennen."""
    for van, naar in VERVANG.items():
        tekst = tekst.replace(van, naar)
    return tekst.encode("latin-1", "replace").decode("latin-1")
