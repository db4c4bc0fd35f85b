"""Een FHIR-vraag en -antwoord als gewone waarden: HTTP, bladzijden en Bundle-regels gaan door dezelfde deur.

Doet niets met HTTP; `router.py` maakt er een van, `gateway.py` voert hem uit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FhirRequest:
    """Wat er gevraagd wordt. `operation` is de naam zonder `$`; `query` behoudt volgorde en herhaling.

    `history` zonder `id` is de geschiedenis van een type; PUT en DELETE zonder `id` zijn voorwaardelijk op `query`.
    `headers` zijn de koppen in kleine letters; een regel van een Bundle zet er `if-none-exist` en zijn soort in.
    """

    method: str
    type: str | None = None
    id: str | None = None
    vid: str | None = None
    operation: str | None = None
    history: bool = False
    search: bool = False
    query: tuple[tuple[str, str], ...] = ()
    in_adres: int | None = None  # hoeveel paren vooraan `query` bij POST _search uit het adres komen; None = alle
    body: Json | None = None
    patch: list[Any] | None = None  # de bewerkingen van een JSON Patch (RFC 6902)
    compartment: str | None = None  # id van de Patient bij `GET Patient/[id]/[type]?…`; `type` kan dan `*` zijn
    if_match: str | None = None
    if_none_match: str | None = None
    prefer: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FhirResponse:
    """Het antwoord: de bytes gaan ongewijzigd naar buiten. `body is None` betekent een leeg antwoord."""

    status: int
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
