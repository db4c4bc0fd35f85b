"""Wat een vragenlijst gebruikt en onze motor niet doet, element voor element gezegd.

Een dichte lijst: wat hier niet als gekend staat, wordt gemeld. Of de vragenlijst FHIR is, zegt `validatie.py`; of zij
te ontleden is, `lijst.py`. FHIR R4 Questionnaire, HL7 SDC 3.0.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import BASIS
from paspoort.fhir.validatie_pad import formule
from paspoort.fhir.vragenlijst.invoer import GERESERVEERD
from paspoort.fhir.vragenlijst.keuzes import keuzes_van
from paspoort.fhir.vragenlijst.lijst import BEGINFORMULE, BEREKEND, ITEM_CONTROL, SDC
from paspoort.fouten import Melding

HL7: Final = "http://hl7.org/fhir/StructureDefinition/"
# Wat wij van een item lezen; `id` en `definition` veranderen aan het invullen niets.
ITEM: Final = frozenset(
    {
        "linkId", "id", "definition", "code", "text", "type", "enableWhen", "enableBehavior", "required", "repeats",
        "readOnly", "maxLength", "answerValueSet", "answerOption", "initial", "item", "extension",
    }
)  # fmt: skip
VAN_HL7: Final = (
    "minValue", "maxValue", "minLength", "maxDecimalPlaces", "maxSize", "mimeType", "regex", "questionnaire-unit",
    "questionnaire-unitOption", "questionnaire-minOccurs", "questionnaire-maxOccurs", "questionnaire-hidden",
    "questionnaire-itemControl", "questionnaire-referenceResource",
)  # fmt: skip
VAN_SDC: Final = (
    "calculatedExpression", "initialExpression", "definitionExtract", "definitionExtractValue",
    "observation-extract-category", "observationExtract",
)  # fmt: skip
EXTENSIES: Final = frozenset(
    {*(f"{HL7}{naam}" for naam in VAN_HL7), *(f"{SDC}sdc-questionnaire-{naam}" for naam in VAN_SDC)}
)
CONTROLS: Final = frozenset({"help", "radio-button", "check-box", "drop-down", "autocomplete", "lookup", "text-box"})
OPERATOREN: Final = frozenset({"exists", "=", "!=", ">", "<", ">=", "<="})
BUITEN_DE_RESPONSE: Final = re.compile(r"%(?!resource\b|context\b|ucum\b|sct\b|loinc\b)`?[A-Za-z]")


def onondersteund(vragenlijst: Json) -> tuple[Melding, ...]:
    """Een waarschuwing (`vragenlijst-onondersteund`) bij elk deel dat onze motor laat liggen; leeg is: alles gaat."""
    links = {str(i.get("linkId")): i for i, _ in _alle(vragenlijst, "Questionnaire")}
    uit = [_melding(f"Questionnaire.{naam}", wat) for naam, wat in BOVEN.items() if naam in vragenlijst]
    uit += [
        _melding(f"Questionnaire.extension[{n}]", f"extensie {_kort(e.get('url'))}")
        for n, e in enumerate(vragenlijst.get("extension", ()))
        if not str(e.get("url")).startswith(BASIS)
    ]
    for item, plek in _alle(vragenlijst, "Questionnaire"):
        uit += [_melding(f"{plek}{hier}", wat) for hier, wat in _item(item, vragenlijst, links)]
    uit += [_melding(plek, wat) for plek, wat in _dubbel(vragenlijst.get("item", ()), "Questionnaire", Counter())]
    uit += [_melding(plek, "een rekenformule in een herhaalde groep") for plek in _in_herhaling(vragenlijst)]
    return tuple(uit)


BOVEN: Final = {
    "derivedFrom": "afgeleid van een andere vragenlijst",
    "modifierExtension": "een extensie die de betekenis verandert",
}
TYPES: Final = {
    "attachment": "een bestand kiezen in het formulier (het blijft staan zoals het is)",
    "reference": "een verwijzing kiezen in het formulier (typen kan wel)",
}


def _melding(plek: str, wat: str) -> Melding:
    return Melding("vragenlijst-onondersteund", plek, {"wat": wat}, "warning")


def _alle(ouder: Json, plek: str) -> Iterator[tuple[Json, str]]:
    items = ouder.get("item")
    for nummer, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            yield item, f"{plek}.item[{nummer}]"
            yield from _alle(item, f"{plek}.item[{nummer}]")


def _item(item: Json, vragenlijst: Json, links: dict[str, Json]) -> Iterator[tuple[str, str]]:
    """(plek onder het item, wat er niet gaat)."""
    soort = str(item.get("type"))
    for naam in item:
        if naam.lstrip("_") not in ITEM:
            yield f".{naam}", f"element {naam}"
    if soort in TYPES and item.get("readOnly") is not True:
        yield ".type", TYPES[soort]
    if soort not in ("group", "display"):
        for nummer, kind in enumerate(item.get("item", ())):
            if isinstance(kind, dict) and kind.get("type") != "display":
                yield f".item[{nummer}]", "een vraag onder een antwoord (maak er een vraag naast met enableWhen)"
    if item.get("code", [{}])[0].get("code") in GERESERVEERD or item.get("linkId") in GERESERVEERD:
        yield ".code", "een code die het formulier zelf gebruikt"
    for nummer, code in enumerate(item.get("code", ())):
        if not re.fullmatch(r"[A-Za-z0-9_-]+", str(code.get("code", ""))):
            yield f".code[{nummer}]", "een code met andere tekens dan letters, cijfers en streepjes"
    for nummer, ext in enumerate(item.get("extension", ())):
        wat = _extensie(ext, item)
        if wat:
            yield f".extension[{nummer}]", wat
    for nummer, regel in enumerate(item.get("enableWhen", ())):
        yield from ((f".enableWhen[{nummer}]{hier}", wat) for hier, wat in _voorwaarde(regel, item, links))
    adres = item.get("answerValueSet")
    ingesloten = [r for r in vragenlijst.get("contained", ()) if isinstance(r, dict)]
    if adres is not None and not keuzes_van(item, ingesloten):
        yield ".answerValueSet", "een waardelijst die hier niet helemaal bekend is: kiezen kan niet"


def _extensie(ext: Json, item: Json) -> str | None:
    url = str(ext.get("url"))
    if url not in EXTENSIES and not url.startswith(BASIS):
        return f"extensie {_kort(url)}"
    if url == ITEM_CONTROL:
        codes = [c.get("code") for c in ext.get("valueCodeableConcept", {}).get("coding", ())]
        anders = [str(c) for c in codes if c not in CONTROLS]
        return f"weergave {', '.join(anders)}" if anders else None
    if url == f"{HL7}regex":
        try:
            re.compile(str(ext.get("valueString")))
        except re.error:
            return "een patroon dat niet te lezen is"
    if url in (BEREKEND, BEGINFORMULE):
        return _formule(ext.get("valueExpression") or {}, item)
    return None


def _formule(formule_: Json, item: Json) -> str | None:
    tekst = str(formule_.get("expression", ""))
    if formule_.get("language") != "text/fhirpath":
        return f"een formule in {formule_.get('language')}"
    if item.get("type") in ("group", "display", "choice", "open-choice", "quantity", "reference", "attachment"):
        return f"een formule bij type {item.get('type')}"
    if buiten := BUITEN_DE_RESPONSE.search(tekst):
        return f"een formule met {tekst[buiten.start() :].split('.')[0][:40]}"
    try:
        formule(tekst)
    except ValueError as fout:
        return f"een formule: {fout}"[:120]
    return None


def _voorwaarde(regel: Any, item: Json, links: dict[str, Json]) -> Iterator[tuple[str, str]]:
    if regel.get("operator") not in OPERATOREN:
        yield ".operator", f"operator {regel.get('operator')}"
    if regel.get("question") not in links:
        yield ".question", "een voorwaarde op een vraag die er niet is"
    elif _kring(str(item.get("linkId")), links):
        yield ".question", "voorwaarden in een kring: deze vraag wordt nooit gesteld"


def _kring(link_id: str, links: dict[str, Json]) -> bool:
    gezien: set[str] = set()
    te_doen = [link_id]
    while te_doen:
        regels = links.get(te_doen.pop(), {}).get("enableWhen", ())
        for volgende in (str(regel.get("question")) for regel in regels):
            if volgende == link_id:
                return True
            if volgende not in gezien:
                gezien.add(volgende)
                te_doen.append(volgende)
    return False


def _dubbel(items: Any, plek: str, gezien: Counter[str]) -> Iterator[tuple[str, str]]:
    """Codes die in dezelfde rij (of buiten elke rij) twee keer voorkomen: die houdt het formulier niet uit elkaar."""
    for nummer, item in enumerate(items if isinstance(items, list) else ()):
        if not isinstance(item, dict) or item.get("type") == "display":
            continue
        hier = f"{plek}.item[{nummer}]"
        sleutel = str((item.get("code") or [{}])[0].get("code") or item.get("linkId"))
        gezien[sleutel] += 1
        if gezien[sleutel] == 2:
            yield f"{hier}.code", "een code die al bij een andere vraag staat"
        eigen_rij = item.get("type") == "group" and item.get("repeats") is True
        yield from _dubbel(item.get("item"), hier, Counter() if eigen_rij else gezien)


def _in_herhaling(vragenlijst: Json) -> Iterator[str]:
    for item, plek in _alle(vragenlijst, "Questionnaire"):
        if item.get("repeats") is True and item.get("type") == "group":
            for onder, hier in _alle(item, plek):
                for nummer, ext in enumerate(onder.get("extension", ())):
                    if ext.get("url") in (BEREKEND, BEGINFORMULE):
                        yield f"{hier}.extension[{nummer}]"


def _kort(url: object) -> str:
    return str(url).rpartition("/")[2][:80]
