"""Een meegestuurd bestand: wat voor soort het echt is, en hoe groot het mag zijn.

Kijkt naar de eerste bytes en niet naar de naam: wat wij later tonen, moet zijn wat het zegt.
"""

from __future__ import annotations

from typing import Final

from starlette.datastructures import UploadFile

HOOGSTENS: Final = 8 * 1024 * 1024
# Begin van het bestand → mediatype. Wat hier niet staat, bewaren wij niet.
BEGIN: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)
TOONBAAR: Final = frozenset(mediatype for _, mediatype in BEGIN)
GEEN: Final = "Kies een foto of een pdf van het papier."
TE_GROOT: Final = "Dit bestand is te groot: het mag 8 MB zijn. Maak de foto kleiner of kies een andere."
ANDERS: Final = "Dit is geen foto of pdf. Kies een bestand dat eindigt op jpg, png of pdf."


async def lees_bestand(bestand: UploadFile | None) -> tuple[bytes, str, str]:
    """(bytes, mediatype, fout): bij een fout zijn de eerste twee leeg, en zegt de derde hoe het wel kan."""
    if bestand is None:
        return b"", "", GEEN
    inhoud = await bestand.read(HOOGSTENS + 1)
    if len(inhoud) > HOOGSTENS:
        return b"", "", TE_GROOT
    mediatype = next((m for begin, m in BEGIN if inhoud.startswith(begin)), "")
    return (inhoud, mediatype, "") if mediatype else (b"", "", ANDERS)
