"""De definities uit `fhir_profiles/` als leesbare resources: geladen bij het starten, daarna alleen bytes.

Iedereen mag ze lezen, ook zonder token; er staat niets persoonlijks in. Bron: FHIR R4 §5 Conformance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from paspoort.fhir.fhirjson import schrijf
from paspoort.fhir.validatie import definities
from server.fhir.request import Json
from server.fhir.search.zoeken import Treffer
from server.registry import DEFINITIETYPES

TYPES_MET_DEFINITIES = (*DEFINITIETYPES, "Questionnaire")


@dataclass(slots=True)
class Definitie:
    """De bron van een definitie als treffer."""

    inhoud: Json
    tekst: bytes


class Definities:
    """Alle definities op type en id, en op canonical url."""

    def __init__(self, alle: Iterable[Json]) -> None:
        """`alle`: FHIR-JSON; alleen de types van de registry doen mee."""
        self._per_type: dict[str, dict[str, Treffer]] = {t: {} for t in TYPES_MET_DEFINITIES}
        self._per_url: dict[str, Json] = {}
        for inhoud in alle:
            self.voeg_toe(inhoud)

    def voeg_toe(self, inhoud: Json) -> None:
        """Eén definitie erbij, bij het starten; dezelfde id vervangt. Andere types doen niet mee."""
        type_, id_ = inhoud["resourceType"], inhoud.get("id", "")
        if type_ in self._per_type:
            self._per_type[type_][id_] = Treffer(type_, id_, Definitie(inhoud, schrijf(inhoud)))
            self._per_url[inhoud.get("url", "")] = inhoud

    @classmethod
    def laad(cls) -> Definities:
        """Wat in het pakket `fhir_profiles` staat."""
        return cls(definities())

    def get(self, type: str, id: str) -> Treffer | None:
        """Eén definitie."""
        return self._per_type.get(type, {}).get(id)

    def van_type(self, type: str) -> list[Treffer]:
        """Alle definities van een type, op id."""
        return [t for _, t in sorted(self._per_type.get(type, {}).items())]

    def op_url(self, canonical: str) -> Json | None:
        """De definitie met deze canonical; `|versie` moet dan kloppen."""
        url, _, versie = canonical.partition("|")
        inhoud = self._per_url.get(url)
        return inhoud if inhoud is not None and versie in ("", inhoud.get("version", "")) else None
