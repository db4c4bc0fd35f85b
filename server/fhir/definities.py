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
            url, versie = inhoud.get("url", ""), inhoud.get("version", "")
            self._per_url[f"{url}|{versie}"] = inhoud
            if url not in self._per_url or _nummers(self._per_url[url]) <= _nummers(inhoud):
                self._per_url[url] = inhoud

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
        """De definitie met deze canonical, in de versie na `|`, anders de nieuwste."""
        return self._per_url.get(canonical.removesuffix("|"))


def _nummers(inhoud: Json) -> tuple[int, ...]:
    """De versie om op te ordenen: 2.0.0 komt na 1.10.0."""
    return tuple(int(deel) if deel.isdecimal() else 0 for deel in str(inhoud.get("version", "")).split("."))
