"""De waarden van een ontlede vragenlijst: `Vragenlijst`, `Vraag`, `Keuze`, `Voorwaarde`, `Uitleg`.

Ontleden doet `lijst.py`. FHIR R4 Questionnaire.item.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from paspoort.fhir.vragenlijst.grens import Grenzen

# item.type van R4 → de waarde-elementen die een antwoord mag hebben
WAARDE_ELEMENTEN: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "group": (),
        "display": (),
        "boolean": ("valueBoolean",),
        "decimal": ("valueDecimal",),
        "integer": ("valueInteger",),
        "date": ("valueDate",),
        "dateTime": ("valueDateTime",),
        "time": ("valueTime",),
        "string": ("valueString",),
        "text": ("valueString",),
        "url": ("valueUri",),
        "choice": ("valueCoding",),
        "open-choice": ("valueCoding", "valueString"),
        "attachment": ("valueAttachment",),
        "reference": ("valueReference",),
        "quantity": ("valueQuantity",),
    }
)


@dataclass(frozen=True, slots=True)
class Keuze:
    """Eén antwoordmogelijkheid: een Coding, of een vaste tekst (dan is `systeem` None en `code` de tekst)."""

    systeem: str | None
    code: str
    tekst: str
    element: str = "valueCoding"
    inhoud: Any = field(default=None, compare=False, repr=False)  # de waarde zoals zij in een antwoord komt


@dataclass(frozen=True, slots=True)
class Voorwaarde:
    """Eén `enableWhen`: het antwoord op `vraag` (linkId) vergeleken met `waarde`."""

    vraag: str
    operator: str
    waarde: Any


@dataclass(frozen=True, slots=True)
class Uitleg:
    """Een `display`-item: tekst tussen de vragen, zonder antwoord."""

    link_id: str
    tekst: str
    voorwaarden: tuple[Voorwaarde, ...]
    alle_voorwaarden: bool
    volgorde: int


@dataclass(frozen=True, slots=True)
class Vraag:
    """Eén item: een vraag of een groep. `nodig` geldt pas bij `completed`."""

    link_id: str
    code: str | None
    tekst: str
    type: str
    groep: str | None
    nodig: bool
    herhaalt: bool
    keuzes: tuple[Keuze, ...]
    voorwaarden: tuple[Voorwaarde, ...]
    alle_voorwaarden: bool
    eenheid: str | None
    minimum: Decimal | None
    maximum: Decimal | None
    max_lengte: int | None
    bron: str | None
    hulp: str | None
    kinderen: tuple[Vraag, ...]
    uitleg: frozenset[str] = frozenset()  # linkId's van de `display`-items hieronder
    grenzen: Grenzen = field(default=Grenzen(), repr=False)
    volgorde: int = 0  # de plaats onder de ouder
    control: str | None = None  # itemControl: hoe de vraag het liefst getoond wordt
    berekend: str | None = None  # FHIRPath; het antwoord volgt uit andere antwoorden
    beginformule: str | None = None  # FHIRPath voor het eerste antwoord
    teksten: tuple[Uitleg, ...] = ()  # uitleg tussen de kinderen; de hulptekst staat in `hulp`
    keuzes_uit: str | None = None  # item.codes en bronnen waaruit het antwoord gekozen kan worden
    links: frozenset[str] = field(default=frozenset(), repr=False)  # de linkId van dit item en van alles eronder

    @property
    def is_groep(self) -> bool:
        """Of dit item alleen kinderen heeft en zelf geen antwoord."""
        return self.type == "group"

    @property
    def sleutel(self) -> str:
        """Waaronder code en formulieren de vraag kennen: item.code, en zonder code de linkId."""
        return self.code or self.link_id

    def boom(self) -> Iterator[Vraag]:
        """Dit item en alles eronder, van boven naar beneden."""
        yield self
        for kind in self.kinderen:
            yield from kind.boom()


@dataclass(frozen=True)
class Vragenlijst:
    """Een ontlede Questionnaire. `per_link` en `per_code` bevatten elk item uit de boom."""

    id: str
    url: str
    versie: str | None
    titel: str
    vragen: tuple[Vraag, ...]
    per_link: Mapping[str, Vraag] = field(repr=False)
    per_code: Mapping[str, Vraag] = field(repr=False)
    uitleg: frozenset[str] = frozenset()
    teksten: tuple[Uitleg, ...] = ()

    @property
    def canonical(self) -> str:
        """Wat een QuestionnaireResponse in `questionnaire` zet: url|versie."""
        return f"{self.url}|{self.versie}" if self.versie else self.url

    @property
    def groepen(self) -> frozenset[str]:
        """Alle gegevensgroepen die in deze vragenlijst voorkomen."""
        return frozenset(vraag.groep for vraag in self.per_link.values() if vraag.groep)

    def hoort_bij(self, canonical: object) -> bool:
        """Of een QuestionnaireResponse met dit `questionnaire` naar deze vragenlijst en versie wijst."""
        return canonical == self.canonical or canonical == self.url
