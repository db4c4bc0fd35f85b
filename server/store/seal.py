"""Ondertekenen wat buiten de database moet standhouden: de wislijst en de dagwortels van het log (ES256, RFC 7515).

De sleutel en beide lijsten staan in de gegevensmap, buiten de back-up van de database (ontwerp deel 2).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from server.store.sql import opslag_stil

SLEUTELBESTAND = "ondertekening.pem"
WISLIJST = "wislijst.jws"
DAGLIJST = "dagwortels.jws"


@dataclass(frozen=True, slots=True)
class Wissing:
    """Eén gewiste partitie (type en id None) of resource."""

    moment: str
    partitie: str
    type: str | None = None
    id: str | None = None


class Ondertekenaar:
    """Tekent en controleert met de sleutel van deze installatie."""

    def __init__(self, data: Path) -> None:
        self._pad = data / SLEUTELBESTAND
        self._lijst, self._dagen = data / WISLIJST, data / DAGLIJST
        self._sleutel = self._lees_of_maak()

    def teken(self, inhoud: bytes) -> str:
        """JWS compact met de inhoud erin."""
        return jws.serialize_compact({"alg": "ES256"}, inhoud, self._sleutel)

    def inhoud(self, getekend: str) -> bytes | None:
        """De inhoud als de handtekening klopt, anders None."""
        try:
            return jws.deserialize_compact(getekend.encode(), self._sleutel, algorithms=["ES256"]).payload
        except (JoseError, ValueError):
            return None

    def noteer_wissing(self, *wissingen: Wissing) -> None:
        """Zet de wissingen in één keer op de lijst; keert terug als zij op schijf staan. PaspoortFout `opslag-stil`."""
        _voeg_toe(self._lijst, [self.teken(orjson.dumps(asdict(w))) for w in wissingen])

    def wissingen(self) -> Iterator[Wissing]:
        """De wissingen met een geldige handtekening, oudste eerst. Een half geschreven laatste regel telt niet."""
        if not self._lijst.is_file():
            return
        for regel in self._lijst.read_text("ascii").splitlines():
            inhoud = self.inhoud(regel)
            if inhoud is not None:
                yield Wissing(**orjson.loads(inhoud))

    def noteer_dagen(self, handtekeningen: Sequence[str]) -> None:
        """Zet de ondertekende dagen die er nog niet op staan op de lijst; keert terug als zij op schijf staan."""
        al = self.dagen()
        nieuw = [h for h in handtekeningen if h not in al]
        if nieuw:
            _voeg_toe(self._dagen, nieuw)

    def dagen(self) -> dict[str, str]:
        """Handtekening → dag, van elke ondertekende dag op de lijst. Een regel die niet klopt, heet `onleesbaar`."""
        if not self._dagen.is_file():
            return {}
        uit = {}
        for regel in self._dagen.read_text("ascii", "replace").splitlines():
            inhoud = self.inhoud(regel)
            uit[regel] = inhoud.decode().partition("|")[0] if inhoud is not None else "onleesbaar"
        return uit

    def _lees_of_maak(self) -> ECKey:
        if not self._pad.is_file():
            pem = ECKey.generate_key("P-256", private=True).as_pem(private=True)
            try:
                fd = os.open(self._pad, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                return ECKey.import_key(self._pad.read_bytes())
            with os.fdopen(fd, "wb") as bestand:
                bestand.write(pem)
                bestand.flush()
                os.fsync(bestand.fileno())
        return ECKey.import_key(self._pad.read_bytes())


def _voeg_toe(pad: Path, regels: Sequence[str]) -> None:
    """Achteraan; keert terug als alles op schijf staat. Na een half geschreven regel op een nieuwe.

    `PaspoortFout("opslag-stil")` als het niet (helemaal) op de schijf past.
    """
    try:
        fd = os.open(pad, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            lengte = os.fstat(fd).st_size
            half = lengte > 0 and os.pread(fd, 1, lengte - 1) != b"\n"
            rest = ("\n" * half + "".join(f"{regel}\n" for regel in regels)).encode()
            while rest:  # op een volle schijf gaat er minder op dan gevraagd; de volgende keer is dat een fout
                rest = rest[os.write(fd, rest) :]
            os.fsync(fd)
        finally:
            os.close(fd)
    except OSError:
        raise opslag_stil() from None
