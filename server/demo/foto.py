"""Een plaatje van een brief, om te laten zien hoe papier in het paspoort komt. Er staat niets op te lezen."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Final

from paspoort.fhir.fhirjson import Json
from server.demo.dossier import IK

BREED, HOOG, KANTLIJN = 420, 594, 48
# Hoe lang elke regel van de brief is, als deel van de breedte; 0 is een witregel.
REGELS: Final = (0.4, 0.3, 0, 0, 0.5, 0, 0.9, 1, 0.95, 0.4, 0, 1, 0.9, 0.97, 0.6, 0, 0.8, 0.3, 0, 0, 0.35)


def brief(id: str) -> Json:
    """Een Binary met een foto (PNG) van een brief."""
    return {
        "resourceType": "Binary",
        "id": id,
        "contentType": "image/png",
        "securityContext": {"reference": IK},
        "data": base64.b64encode(_png()).decode(),
    }


def _png() -> bytes:
    wit = bytearray(b"\xf4" * BREED)
    rijen = []
    for y in range(HOOG):
        nummer, binnen = divmod(y - KANTLIJN, 24)
        rij = bytearray(wit)
        if 0 <= nummer < len(REGELS) and binnen < 9 and REGELS[nummer]:
            breedte = int((BREED - 2 * KANTLIJN) * REGELS[nummer])
            rij[KANTLIJN : KANTLIJN + breedte] = b"\x46" * breedte
        rijen.append(b"\x00" + bytes(rij))
    kop = struct.pack(">IIBBBBB", BREED, HOOG, 8, 0, 0, 0, 0)
    beeld = zlib.compress(b"".join(rijen), 9)
    return b"\x89PNG\r\n\x1a\n" + _blok(b"IHDR", kop) + _blok(b"IDAT", beeld) + _blok(b"IEND")


def _blok(naam: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + naam + data + struct.pack(">I", zlib.crc32(naam + data))
