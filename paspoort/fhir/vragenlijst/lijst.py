"""Een FHIR-Questionnaire, één keer ontleed tot een boom van `Vraag`; daarna wordt de JSON niet meer gelezen.

Kent: linkId, item.code, gegevensgroep (geërfd), type, verplicht, herhaling, keuzes, enableWhen, eenheid, grenzen en
bron-in-paspoort (docs/fhir-afbeelding.md, Vragenlijsten; FHIR R4 Questionnaire). Doet niets met antwoorden.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import BASIS, extension
from paspoort.fhir.vragenlijst.grens import Grenzen, grenzen_van
from paspoort.fouten import Melding, PaspoortFout

GROEP: Final = extension("gegevensgroep")
NODIG: Final = extension("nodig-voor-definitief")
BRON: Final = extension("bron-in-paspoort")
EENHEID: Final = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit"
MINIMUM: Final = "http://hl7.org/fhir/StructureDefinition/minValue"
MAXIMUM: Final = "http://hl7.org/fhir/StructureDefinition/maxValue"
NAAM: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
VERSIE: Final = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,2}")
ITEM_CONTROL: Final = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl"

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


@dataclass(frozen=True, slots=True)
class Voorwaarde:
    """Eén `enableWhen`: het antwoord op `vraag` (linkId) vergeleken met `waarde`."""

    vraag: str
    operator: str
    waarde: Any


@dataclass(frozen=True, slots=True)
class Vraag:
    """Eén item: een vraag, een groep of (niet opgenomen) uitleg. `nodig` geldt pas bij `completed`."""

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


def laad(questionnaire: Json) -> Vragenlijst:
    """Ontleedt een Questionnaire. Werpt `PaspoortFout` (`vragenlijst-kapot`, plek) met alle fouten samen."""
    meldingen: list[Melding] = []
    ingesloten = [r for r in questionnaire.get("contained", []) if isinstance(r, dict)]
    vragen = _vragen(questionnaire.get("item", []), None, "Questionnaire", meldingen, ingesloten)
    per_link: dict[str, Vraag] = {}
    per_code: dict[str, Vraag] = {}
    for vraag in (v for top in vragen for v in top.boom()):
        if vraag.link_id in per_link:
            plek = f"Questionnaire.item.where(linkId='{vraag.link_id}')"
            meldingen.append(
                Melding("vragenlijst-kapot", plek, {"waarom": f"linkId {vraag.link_id} komt twee keer voor"})
            )
        per_link[vraag.link_id] = vraag
        per_code.setdefault(vraag.sleutel, vraag)
    if meldingen:
        raise PaspoortFout(*meldingen)
    return Vragenlijst(
        id=str(questionnaire.get("id", "")),
        url=str(questionnaire.get("url", "")),
        versie=questionnaire.get("version"),
        titel=str(questionnaire.get("title", "")),
        vragen=vragen,
        per_link=MappingProxyType(per_link),
        per_code=MappingProxyType(per_code),
        uitleg=_uitleg(questionnaire.get("item", [])),
    )


def eigen(id: str, versie: str | None = None) -> Vragenlijst:
    """Onze vragenlijst uit `fhir_profiles/Questionnaire/`; zonder `versie` de nieuwste.

    De nieuwste staat in `{id}.json`, een eerdere in `{id}-{versie}.json` met dezelfde url. Werpt `PaspoortFout`
    (`vragenlijst-onbekend`).
    """
    if NAAM.fullmatch(id) and (versie is None or VERSIE.fullmatch(versie)):
        for naam in (id, f"{id}-{versie}"):
            with suppress(FileNotFoundError):
                lijst = _bestand(naam)
                if lijst.url == f"{BASIS}Questionnaire/{id}" and versie in (None, lijst.versie):
                    return lijst
    raise PaspoortFout(Melding("vragenlijst-onbekend", "QuestionnaireResponse.questionnaire"))


@lru_cache(maxsize=64)
def _bestand(naam: str) -> Vragenlijst:
    """De ontlede vragenlijst uit één bestand; FileNotFoundError wordt niet onthouden."""
    tekst = (files("fhir_profiles") / "Questionnaire" / f"{naam}.json").read_text("utf-8")
    return laad(json.loads(tekst, parse_float=Decimal))


def vragenlijst_van(response: Json) -> Vragenlijst:
    """Onze vragenlijst bij een QuestionnaireResponse, in de versie die zij noemt, anders de nieuwste.

    Werpt `PaspoortFout` (`vragenlijst-onbekend`).
    """
    canonical = response.get("questionnaire")
    voorvoegsel = f"{BASIS}Questionnaire/"
    if isinstance(canonical, str) and canonical.startswith(voorvoegsel):
        id, streep, versie = canonical.removeprefix(voorvoegsel).partition("|")
        return eigen(id, versie if streep else None)
    raise PaspoortFout(Melding("vragenlijst-onbekend", "QuestionnaireResponse.questionnaire"))


def _vragen(
    items: object, groep: str | None, plek: str, meldingen: list[Melding], ingesloten: list[Json]
) -> tuple[Vraag, ...]:
    """De kinderen van een item, zonder `display`; `groep` is wat zij erven."""
    gevonden: list[Vraag] = []
    for nummer, item in enumerate(items if isinstance(items, list) else []):
        hier = f"{plek}.item[{nummer}]"
        if not isinstance(item, dict) or not isinstance(item.get("linkId"), str):
            meldingen.append(Melding("vragenlijst-kapot", f"{hier}.linkId", {"waarom": "linkId ontbreekt"}))
        elif item.get("type") not in WAARDE_ELEMENTEN:
            meldingen.append(Melding("vragenlijst-kapot", f"{hier}.type", {"waarom": "dit type bestaat niet"}))
        elif item["type"] != "display":
            gevonden.append(replace(_vraag(item, groep, hier, meldingen, ingesloten), volgorde=nummer))
    return tuple(gevonden)


def _uitleg(items: object) -> frozenset[str]:
    lijst = items if isinstance(items, list) else []
    return frozenset(str(i.get("linkId")) for i in lijst if isinstance(i, dict) and i.get("type") == "display")


def _vraag(item: Json, geerfd: str | None, plek: str, meldingen: list[Melding], ingesloten: list[Json]) -> Vraag:
    groep = _extensie(item, GROEP, "valueCode") or geerfd
    codes = item.get("code") or [{}]
    return Vraag(
        link_id=item["linkId"],
        code=codes[0].get("code"),
        tekst=item.get("text", ""),
        type=item["type"],
        groep=groep,
        nodig=item.get("required") is True or _extensie(item, NODIG, "valueBoolean") is True,
        herhaalt=item.get("repeats") is True,
        keuzes=tuple(_keuze(optie) for optie in item.get("answerOption", [])),
        voorwaarden=tuple(_voorwaarde(w) for w in item.get("enableWhen", [])),
        alle_voorwaarden=item.get("enableBehavior") == "all",
        eenheid=(_extensie(item, EENHEID, "valueCoding") or {}).get("code"),
        minimum=_getal(_extensie(item, MINIMUM, "valueDecimal", "valueInteger")),
        maximum=_getal(_extensie(item, MAXIMUM, "valueDecimal", "valueInteger")),
        max_lengte=item.get("maxLength"),
        bron=_extensie(item, BRON, "valueString"),
        hulp=_hulp(item),
        kinderen=_vragen(item.get("item"), groep, plek, meldingen, ingesloten),
        uitleg=_uitleg(item.get("item")),
        grenzen=grenzen_van(item, ingesloten),
    )


def _keuze(optie: Json) -> Keuze:
    if "valueCoding" in optie:
        coding = optie["valueCoding"]
        return Keuze(coding.get("system"), coding["code"], coding.get("display", coding["code"]))
    waarde = str(next(w for naam, w in optie.items() if naam.startswith("value")))
    return Keuze(None, waarde, waarde)


def _voorwaarde(regel: Json) -> Voorwaarde:
    waarde = next((w for sleutel, w in regel.items() if sleutel.startswith("answer")), None)
    return Voorwaarde(regel["question"], regel["operator"], waarde)


def _extensie(item: Json, url: str, *elementen: str) -> Any:
    for ext in item.get("extension", []):
        if ext.get("url") == url:
            return next((ext[naam] for naam in elementen if naam in ext), None)
    return None


def _getal(waarde: object) -> Decimal | None:
    try:
        return None if waarde is None else Decimal(str(waarde))
    except InvalidOperation:
        return None


def _hulp(item: Json) -> str | None:
    """De tekst van het `display`-kind met itemControl `help`."""
    for kind in item.get("item", []):
        control = _extensie(kind, ITEM_CONTROL, "valueCodeableConcept") or {}
        if kind.get("type") == "display" and any(c.get("code") == "help" for c in control.get("coding", [])):
            return str(kind.get("text", ""))
    return None
