"""Wat iemand van één versie ziet: de bytes die naar buiten gaan, of dat alles is, en waarom (voor het log)."""

from __future__ import annotations

from paspoort.fhir.fhirjson import Json
from server.access.gronden import Grond
from server.store.versions import Versie


class Getoond:
    """Wat iemand van één versie ziet. `inhoud` wordt pas ontleed als iemand haar vraagt; `tekst` gaat naar buiten."""

    __slots__ = ("_inhoud", "_versie", "gronden", "tekst", "volledig")

    def __init__(
        self,
        inhoud: Json | None,
        tekst: bytes,
        volledig: bool,
        gronden: tuple[Grond, ...],
        versie: Versie | None = None,
    ) -> None:
        self._inhoud, self._versie = inhoud, versie
        self.tekst, self.volledig, self.gronden = tekst, volledig, gronden

    @property
    def inhoud(self) -> Json:
        """De JSON; gedeeld, niemand past haar aan."""
        if self._inhoud is None:
            self._inhoud = self._versie.inhoud if self._versie is not None else {}
        return self._inhoud

    @property
    def meekijken(self) -> bool:
        """Of dit alleen met een aanleiding te zien is: dan wijzigt de vrager niets (besluit 0024)."""
        return all(g.aanleiding for g in self.gronden)
