"""Een vragenlijst als leesbare schets: vraag, soort, code, keuzes, en wanneer zij gesteld wordt.

FHIR R4 Questionnaire; onze extensies staan in docs/fhir-afbeelding.md. Vult niets in en controleert niets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from paspoort.fhir.stelsels import extension
from paspoort.toegang.groepen import GROEPEN
from server.fhir.request import Json
from web.naslag.bibliotheek import Bibliotheek, Link
from web.naslag.woorden import VERGELIJKING, VRAAGSOORT

_SDC: Final = "http://hl7.org/fhir/StructureDefinition/"


@dataclass(frozen=True, slots=True)
class Vraag:
    """Eén vraag of groep met wat eronder hangt. `groep` is de gegevensgroep: wie haar mag lezen."""

    link_id: str
    tekst: str
    hulp: str
    soort: str
    is_groep: bool
    code: str
    codestelsel: Link
    verplicht: bool
    nodig: bool
    herhaalt: bool
    groep: str
    groep_uitleg: str
    bron: str
    alleen_als: str
    grenzen: tuple[str, ...]
    lijst: Link
    keuzes: tuple[tuple[str, str], ...]
    kinderen: tuple[Vraag, ...]


def schets(definitie: Json, bibliotheek: Bibliotheek) -> tuple[Vraag, ...]:
    """De vragen van een Questionnaire, met hun kinderen."""
    teksten = _teksten(definitie.get("item", ()))
    return tuple(_vraag(i, "", teksten, bibliotheek) for i in definitie.get("item", ()))


def tel(vragen: Sequence[Vraag]) -> int:
    """Hoeveel vragen er zijn, zonder groepen en uitleg."""
    return sum((not v.is_groep and v.soort != VRAAGSOORT["display"]) + tel(v.kinderen) for v in vragen)


def _vraag(item: Mapping[str, Any], groep: str, teksten: Mapping[str, str], bibliotheek: Bibliotheek) -> Vraag:
    extensies = {e["url"]: _waarde(e) for e in item.get("extension", ())}
    groep = str(extensies.get(extension("gegevensgroep"), groep))
    code: Mapping[str, Any] = next(iter(item.get("code", ())), {})
    kinderen = item.get("item", ())
    hulp = " ".join(k.get("text", "") for k in kinderen if _is_hulp(k))
    keuzes = tuple(_keuze(o) for o in item.get("answerOption", ()))
    return Vraag(
        link_id=item["linkId"],
        tekst=str(item.get("text", "")),
        hulp=hulp,
        soort=VRAAGSOORT.get(item["type"], item["type"]),
        is_groep=item["type"] == "group",
        code=str(code.get("code", "")),
        codestelsel=bibliotheek.link(code["system"]) if "system" in code else Link(""),
        verplicht=bool(item.get("required")),
        nodig=extensies.get(extension("nodig-voor-definitief")) is True,
        herhaalt=bool(item.get("repeats")),
        groep=groep,
        groep_uitleg=GROEPEN.get(groep, ""),
        bron=str(extensies.get(extension("bron-in-paspoort"), "")),
        alleen_als=_voorwaarde(item, teksten),
        grenzen=_grenzen(item, extensies),
        lijst=bibliotheek.link(item["answerValueSet"]) if "answerValueSet" in item else Link(""),
        keuzes=keuzes,
        kinderen=tuple(_vraag(k, groep, teksten, bibliotheek) for k in kinderen if not _is_hulp(k)),
    )


def _is_hulp(item: Mapping[str, Any]) -> bool:
    control = [c.get("code") for e in item.get("extension", ()) if e["url"] == f"{_SDC}questionnaire-itemControl"
               for c in e.get("valueCodeableConcept", {}).get("coding", ())]  # fmt: skip
    return "help" in control


def _waarde(extensie: Mapping[str, Any]) -> Any:
    return next((w for naam, w in extensie.items() if naam.startswith("value")), None)


def _keuze(optie: Mapping[str, Any]) -> tuple[str, str]:
    """(code, naam) van een antwoordkeuze."""
    waarde = _waarde(optie)
    if isinstance(waarde, dict):
        return str(waarde.get("code", "")), str(waarde.get("display", ""))
    return str(waarde), ""


def _voorwaarde(item: Mapping[str, Any], teksten: Mapping[str, str]) -> str:
    """`Alleen als 1 (Wat is er?) is: veranderd.`"""
    delen = []
    for v in item.get("enableWhen", ()):
        antwoord = next((w for naam, w in v.items() if naam.startswith("answer")), "")
        if isinstance(antwoord, dict):
            antwoord = antwoord.get("display") or antwoord.get("code") or antwoord.get("value", "")
        if v["operator"] == "exists":
            delen.append(f"vraag {v['question']} {'beantwoord' if antwoord else 'niet beantwoord'} is")
        else:
            tekst = teksten.get(v["question"], v["question"])
            delen.append(f"het antwoord op “{tekst}” {VERGELIJKING[v['operator']]}: {antwoord}")
    woord = " en " if item.get("enableBehavior") == "all" else " of "
    return f"Alleen als {woord.join(delen)}." if delen else ""


def _grenzen(item: Mapping[str, Any], extensies: Mapping[str, Any]) -> tuple[str, ...]:
    uit = [f"hoogstens {item['maxLength']} tekens"] if "maxLength" in item else []
    laagste, hoogste = extensies.get(f"{_SDC}minValue"), extensies.get(f"{_SDC}maxValue")
    if laagste is not None or hoogste is not None:
        uit.append(f"van {laagste} tot {hoogste}" if None not in (laagste, hoogste) else
                   f"ten minste {laagste}" if hoogste is None else f"ten hoogste {hoogste}")  # fmt: skip
    eenheid = extensies.get(f"{_SDC}questionnaire-unit")
    if isinstance(eenheid, dict):
        uit.append(f"in {eenheid.get('display') or eenheid.get('code')}")
    if item.get("readOnly"):
        uit.append("alleen lezen")
    return tuple(uit)


def _teksten(items: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    uit: dict[str, str] = {}
    for item in items:
        uit[item["linkId"]] = str(item.get("text", item["linkId"]))
        uit |= _teksten(item.get("item", ()))
    return uit
