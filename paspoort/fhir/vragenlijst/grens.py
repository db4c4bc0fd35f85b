"""Wat een vraag van haar antwoorden vraagt, buiten type en keuzes: grenzen, lengtes, aantallen, vaste waarde, doelen.

Leest de extensies die HL7 voor vragen maakte (FHIR R4 Questionnaire, extensions); toetst niets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from paspoort.fhir.fhirjson import Json

_HL7: Final = "http://hl7.org/fhir/StructureDefinition/"


@dataclass(frozen=True, slots=True)
class Grenzen:
    """Alles mag ontbreken. `opties`: (waarde-element, waarde) van elke `answerOption`; `begin` evenzo van `initial`."""

    laagst: Any = None
    hoogst: Any = None
    kortst: int | None = None
    decimalen: int | None = None
    minst: int | None = None
    meest: int | None = None
    bytes: Any = None
    soorten: frozenset[str] = frozenset()
    doelen: frozenset[str] = frozenset()
    eenheden: tuple[tuple[Any, Any], ...] = ()
    maten: tuple[tuple[Any, Any, Any], ...] = ()  # (stelsel, code, naam) om uit te kiezen; één is vast
    patroon: str | None = None
    alleen_lezen: bool = False
    verborgen: bool = False
    begin: tuple[tuple[str, Any], ...] = ()
    opties: tuple[tuple[str, Any], ...] = ()
    lijst: str | None = None
    los: Json | None = None  # de waardelijst zelf, als de vragenlijst haar insluit


def grenzen_van(item: Json, ingesloten: list[Json]) -> Grenzen:
    """De grenzen van één item; `ingesloten` zijn de `contained` van de vragenlijst."""
    per_url: dict[str, list[Any]] = {}
    for extensie in item.get("extension", ()):
        url = str(extensie.get("url", ""))
        if url.startswith(_HL7):
            per_url.setdefault(url.removeprefix(_HL7), []).extend(w for n, w in extensie.items() if n != "url")
    een = {naam: waarden[0] for naam, waarden in per_url.items() if waarden}
    lijst = item.get("answerValueSet")
    los = next((r for r in ingesloten if lijst == f"#{r.get('id')}"), None)
    return Grenzen(
        laagst=een.get("minValue"),
        hoogst=een.get("maxValue"),
        kortst=een.get("minLength"),
        decimalen=een.get("maxDecimalPlaces"),
        minst=een.get("questionnaire-minOccurs"),
        meest=een.get("questionnaire-maxOccurs"),
        bytes=een.get("maxSize"),
        soorten=frozenset(per_url.get("mimeType", ())),
        doelen=frozenset(per_url.get("questionnaire-referenceResource", ())),
        eenheden=tuple((c.get("system"), c.get("code")) for c in per_url.get("questionnaire-unitOption", ())),
        maten=tuple(
            (c.get("system"), c.get("code"), c.get("display"))
            for c in per_url.get("questionnaire-unitOption", ()) or per_url.get("questionnaire-unit", ())
        ),
        patroon=een.get("regex"),
        alleen_lezen=item.get("readOnly") is True,
        verborgen=een.get("questionnaire-hidden") is True,
        begin=_waarden(item.get("initial", ()))
        or _waarden([o for o in item.get("answerOption", ()) if o.get("initialSelected") is True]),
        opties=_waarden(item.get("answerOption", ())),
        lijst=lijst,
        los=los,
    )


def _waarden(lijst: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((n, w) for een in lijst for n, w in een.items() if n.startswith("value"))
