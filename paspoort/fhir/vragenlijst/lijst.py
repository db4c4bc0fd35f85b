"""Een FHIR-Questionnaire, één keer ontleed tot een boom van `Vraag`; daarna wordt de JSON niet meer gelezen.

Kent: linkId, item.code, gegevensgroep (geërfd), type, verplicht, herhaling, keuzes, enableWhen, eenheid, grenzen en
bron-in-paspoort (docs/fhir-afbeelding.md, Vragenlijsten; FHIR R4 Questionnaire). Doet niets met antwoorden.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import BASIS, extension
from paspoort.fhir.vragenlijst.grens import grenzen_van
from paspoort.fhir.vragenlijst.keuzes import keuzes_van
from paspoort.fhir.vragenlijst.vraag import WAARDE_ELEMENTEN, Keuze, Uitleg, Voorwaarde, Vraag, Vragenlijst
from paspoort.fouten import Melding, PaspoortFout

GROEP: Final = extension("gegevensgroep")
NODIG: Final = extension("nodig-voor-definitief")
BRON: Final = extension("bron-in-paspoort")
KEUZES_UIT: Final = extension("keuzes-uit")
EENHEID: Final = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit"
MINIMUM: Final = "http://hl7.org/fhir/StructureDefinition/minValue"
MAXIMUM: Final = "http://hl7.org/fhir/StructureDefinition/maxValue"
NAAM: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
VERSIE: Final = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,2}")
ITEM_CONTROL: Final = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl"
SDC: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
BEREKEND: Final = f"{SDC}sdc-questionnaire-calculatedExpression"
BEGINFORMULE: Final = f"{SDC}sdc-questionnaire-initialExpression"

__all__ = [
    "WAARDE_ELEMENTEN",
    "Keuze",
    "Voorwaarde",
    "Vraag",
    "Vragenlijst",
    "eigen",
    "laad",
    "met_versie",
    "vragenlijst_van",
]


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
        teksten=_teksten(questionnaire.get("item", [])),
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


def met_versie(response: Json, vorige: Json | None = None) -> Json:
    """De response met `|versie` achter haar vragenlijst: die van `vorige`, anders de nieuwste (besluit 0049).

    Wat al een versie noemt, of een vragenlijst die wij niet kennen, blijft zoals het is.
    """
    canonical = response.get("questionnaire")
    if not isinstance(canonical, str) or "|" in canonical:
        return response
    eerder = (vorige or {}).get("questionnaire")
    if isinstance(eerder, str) and eerder.startswith(f"{canonical}|"):
        return {**response, "questionnaire": eerder}
    with suppress(PaspoortFout):
        return {**response, "questionnaire": vragenlijst_van(response).canonical}
    return response


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
    kinderen = _vragen(item.get("item"), groep, plek, meldingen, ingesloten)
    return Vraag(
        link_id=item["linkId"],
        code=codes[0].get("code"),
        tekst=item.get("text", ""),
        type=item["type"],
        groep=groep,
        nodig=item.get("required") is True or _extensie(item, NODIG, "valueBoolean") is True,
        herhaalt=item.get("repeats") is True,
        keuzes=keuzes_van(item, ingesloten),
        voorwaarden=tuple(_voorwaarde(w) for w in item.get("enableWhen", [])),
        alle_voorwaarden=item.get("enableBehavior") == "all",
        eenheid=(_extensie(item, EENHEID, "valueCoding") or {}).get("code"),
        minimum=_getal(_extensie(item, MINIMUM, "valueDecimal", "valueInteger")),
        maximum=_getal(_extensie(item, MAXIMUM, "valueDecimal", "valueInteger")),
        max_lengte=item.get("maxLength"),
        bron=_extensie(item, BRON, "valueString"),
        hulp=_hulp(item),
        kinderen=kinderen,
        uitleg=_uitleg(item.get("item")),
        grenzen=grenzen_van(item, ingesloten),
        keuzes_uit=_extensie(item, KEUZES_UIT, "valueString"),
        control=next(iter(_controls(item)), None),
        berekend=_formule(item, BEREKEND),
        beginformule=_formule(item, BEGINFORMULE),
        teksten=_teksten(item.get("item")),
        links=frozenset({item["linkId"]}).union(*(kind.links for kind in kinderen)),
    )


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


def _controls(item: Json) -> list[str]:
    control = _extensie(item, ITEM_CONTROL, "valueCodeableConcept") or {}
    return [str(c.get("code")) for c in control.get("coding", [])]


def _formule(item: Json, url: str) -> str | None:
    """De FHIRPath van een SDC-uitdrukking; een andere taal kennen wij niet."""
    formule = _extensie(item, url, "valueExpression") or {}
    return formule.get("expression") if formule.get("language") == "text/fhirpath" else None


def _hulp(item: Json) -> str | None:
    """De tekst van het `display`-kind met itemControl `help`."""
    for kind in item.get("item", []):
        if kind.get("type") == "display" and "help" in _controls(kind):
            return str(kind.get("text", ""))
    return None


def _teksten(items: object) -> tuple[Uitleg, ...]:
    """De `display`-items die geen hulptekst zijn, met hun plaats tussen de vragen."""
    return tuple(
        Uitleg(
            str(item.get("linkId")),
            str(item.get("text", "")),
            tuple(_voorwaarde(w) for w in item.get("enableWhen", [])),
            item.get("enableBehavior") == "all",
            nummer,
        )
        for nummer, item in enumerate(items if isinstance(items, list) else [])
        if isinstance(item, dict) and item.get("type") == "display" and "help" not in _controls(item)
    )
