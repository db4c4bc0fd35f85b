"""Gegevens uit antwoorden halen: van een QuestionnaireResponse naar een transactie met voorstellen. Bewaart niets.

Wat eruit komt staat in de vragenlijst, niet hier: als meting (`observationExtract` op een code van de vraag) of als
element van een resource (`definitionExtract` op de vraag, met `item.definition`). Wat het paspoort al weet, is geen
voorstel. Van FHIRPath kent dit alleen `%resource.a.b`. Bron: HL7 SDC 4.0, Form Data Extraction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import UCUM
from paspoort.fhir.validatie_vorm import is_resourcetype, vorm
from paspoort.fhir.vragenlijst.controle import antwoorden_van, items_van, waarde_van
from paspoort.fhir.vragenlijst.lijst import EENHEID
from paspoort.fouten import Melding, PaspoortFout

SDC: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
ALS_METING: Final = f"{SDC}observationExtract"
CATEGORIE: Final = f"{SDC}observation-extract-category"
ALS_RESOURCE: Final = f"{SDC}definitionExtract"
VASTE_WAARDE: Final = f"{SDC}definitionExtractValue"
R4: Final = "http://hl7.org/fhir/StructureDefinition/"
_UITDRUKKING: Final = re.compile(r"%resource((?:\.[a-z][A-Za-z]{0,40}){1,5})")
_STATUS: Final[Mapping[str, str]] = {"completed": "final", "amended": "amended"}
# Van een antwoord naar Observation.value[x]; een keuze wordt een CodeableConcept, een getal met eenheid een Quantity.
_METING: Final[Mapping[str, str]] = {
    "valueBoolean": "valueBoolean",
    "valueDate": "valueDateTime",
    "valueDateTime": "valueDateTime",
    "valueInteger": "valueInteger",
    "valueQuantity": "valueQuantity",
    "valueString": "valueString",
    "valueTime": "valueTime",
}

Bekend = Callable[[str], Collection[Any]]  # linkId → de waarden die het paspoort al weet


@dataclass(frozen=True, slots=True)
class Meting:
    """Een vraag waarvan het antwoord een Observation is."""

    codes: tuple[Json, ...]
    categorie: tuple[Json, ...]
    eenheid: Json | None


@dataclass(frozen=True, slots=True)
class Resource:
    """Een vraag waarvan elk antwoord een resource van dit type is, met `pad` als plek van het antwoord."""

    type: str
    pad: tuple[str, ...]
    vast: tuple[tuple[tuple[str, ...], Any], ...]  # (pad, waarde), of als waarde een tuple: pad in de response


Regel = Meting | Resource


def regels_van(questionnaire: Json) -> dict[str, Regel]:
    """Per linkId wat het antwoord wordt. PaspoortFout `vragenlijst-kapot` bij wat hier niet uit te voeren is."""
    meldingen: list[Melding] = []
    regels = dict(_regels(questionnaire.get("item"), "Questionnaire", meldingen))
    if meldingen:
        raise PaspoortFout(*meldingen)
    return regels


def haal_uit(response: Json, regels: Mapping[str, Regel], bekend: Bekend) -> Json:
    """De transactie met een voorstel per antwoord dat het paspoort nog niet weet; zonder voorstellen zonder `entry`.

    De voorstellen krijgen vaste `fullUrl`s: dezelfde antwoorden geven dezelfde transactie.
    """
    entries = []
    gehad: set[tuple[str, str]] = set()
    for link, element, waarde in _antwoorden(items_van(response), regels):
        regel, sleutel = regels[link], (link, _kern(waarde))
        if sleutel in gehad or sleutel[1] in {_kern(w) for w in bekend(link)}:
            continue
        gehad.add(sleutel)
        if isinstance(regel, Meting):
            resource = _als_meting(response, regel, element, waarde)
        else:
            resource = _als_resource(response, regel, waarde)
        naam = f"{response.get('questionnaire')}|{response.get('id')}|{link}|{sleutel[1]}"
        entries.append(
            {
                "fullUrl": f"urn:uuid:{uuid5(NAMESPACE_URL, naam)}",
                "resource": resource,
                "request": {"method": "POST", "url": resource["resourceType"]},
            }
        )
    bundel: Json = {"resourceType": "Bundle", "type": "transaction"}
    return bundel | ({"entry": entries} if entries else {})


# --- de vragenlijst lezen


def _regels(items: object, plek: str, meldingen: list[Melding]) -> Iterator[tuple[str, Regel]]:
    for nummer, item in enumerate(items if isinstance(items, list) else []):
        if not isinstance(item, dict):
            continue
        hier = f"{plek}.item[{nummer}]"
        gevonden = _meting(item) or _resource(item, hier, meldingen)
        if gevonden is not None:
            yield str(item.get("linkId")), gevonden
        yield from _regels(item.get("item"), hier, meldingen)


def _meting(item: Json) -> Meting | None:
    codes = [c for c in item.get("code", ()) if _extensie(c, ALS_METING, "valueBoolean") is True]
    if not codes:
        return None
    kaal = tuple({k: w for k, w in c.items() if k != "extension"} for c in codes)
    categorie = tuple(e["valueCodeableConcept"] for e in _alle(item, CATEGORIE) if "valueCodeableConcept" in e)
    return Meting(kaal, categorie, _extensie(item, EENHEID, "valueCoding"))


def _resource(item: Json, plek: str, meldingen: list[Melding]) -> Resource | None:
    gevraagd = next(iter(_alle(item, ALS_RESOURCE)), None)
    if gevraagd is None:
        return None
    type_ = str(_deel(gevraagd, "definition", "valueCanonical")).removeprefix(R4)
    pad = _pad(type_, item.get("definition"))
    vast: list[tuple[tuple[str, ...], Any]] = []
    for nummer, e in enumerate(_alle(item, VASTE_WAARDE)):
        doel = _pad(type_, _deel(e, "definition", "valueUri"))
        uitdrukking = _deel(e, "expression", "valueExpression")
        waarde = next(
            (w for d in e.get("extension", ()) if d.get("url") == "fixed-value" for k, w in d.items() if k != "url"),
            None,
        )
        if isinstance(uitdrukking, dict):
            tekst = _UITDRUKKING.fullmatch(str(uitdrukking.get("expression")))
            waarde = tuple(tekst[1].strip(".").split(".")) if tekst else None
        if doel is None or waarde is None:
            meldingen.append(Melding("vragenlijst-kapot", f"{plek}.extension", {"waarom": f"waarde {nummer + 1}"}))
        else:
            vast.append((doel, waarde))
    if pad is None:
        meldingen.append(Melding("vragenlijst-kapot", f"{plek}.definition", {"waarom": "element bestaat niet"}))
        return None
    return Resource(type_, pad, tuple(vast))


def _pad(type_: str, definitie: object) -> tuple[str, ...] | None:
    """De stappen na het type van `…#Condition.code.text`, als R4 dat element kent."""
    basis, _, element = str(definitie).partition("#")
    stappen = tuple(element.split("."))
    if basis != f"{R4}{type_}" or stappen[0] != type_ or len(stappen) < 2 or not is_resourcetype(type_):
        return None
    soort = type_
    for stap in stappen[1:]:
        gevonden = vorm(soort)
        if gevonden is None or stap not in gevonden.elementen:
            return None
        soort = gevonden.elementen[stap].soort
    return stappen[1:]


def _alle(element: Json, url: str) -> list[Json]:
    return [e for e in element.get("extension", ()) if isinstance(e, dict) and e.get("url") == url]


def _extensie(element: Json, url: str, naam: str) -> Any:
    return next((e.get(naam) for e in _alle(element, url)), None)


def _deel(ext: Json, url: str, naam: str) -> Any:
    return next((d.get(naam) for d in ext.get("extension", ()) if d.get("url") == url), None)


# --- antwoorden lezen en resources maken


def _antwoorden(items: Sequence[Any], regels: Mapping[str, Regel]) -> Iterator[tuple[str, str, Any]]:
    """(linkId, waarde-element, waarde) van elk antwoord waar een regel voor is."""
    for item in items:
        if not isinstance(item, dict):
            continue
        for antwoord in antwoorden_van(item):
            waarde = waarde_van(antwoord)
            if waarde is not None and item.get("linkId") in regels:
                yield item["linkId"], *waarde
            yield from _antwoorden(items_van(antwoord), regels)
        yield from _antwoorden(items_van(item), regels)


def _kern(waarde: Any) -> str:
    """Waar een waarde aan te herkennen is: een keuze aan haar code, een getal los van zijn nullen."""
    if isinstance(waarde, dict):
        return str(waarde.get("code") or waarde.get("reference") or waarde.get("value") or waarde)
    tekst = str(waarde).strip()
    if not isinstance(waarde, str | bool):
        return tekst.rstrip("0").rstrip(".") if "." in tekst else tekst
    return tekst


def _als_meting(response: Json, regel: Meting, element: str, waarde: Any) -> Json:
    auteur, plek = response.get("author"), response.get("id")
    uit: Json = {
        "resourceType": "Observation",
        "status": _STATUS.get(str(response.get("status")), "preliminary"),
        "category": list(regel.categorie),
        "code": {"coding": list(regel.codes)},
        "subject": response.get("subject"),
        "effectiveDateTime": response.get("authored"),
        "performer": [auteur] if auteur else None,
        **_meetwaarde(regel, element, waarde),
        "derivedFrom": [{"reference": f"QuestionnaireResponse/{plek}"}] if plek else None,
    }
    return {naam: w for naam, w in uit.items() if w is not None and w != []}


def _meetwaarde(regel: Meting, element: str, waarde: Any) -> Json:
    if element == "valueCoding":
        return {"valueCodeableConcept": {"coding": [waarde]}}
    if element == "valueDecimal" or (element == "valueInteger" and regel.eenheid):
        eenheid = regel.eenheid or {}
        maat = {"unit": eenheid.get("display") or eenheid.get("code"), "code": eenheid.get("code")}
        stelsel = {"system": eenheid.get("system") or UCUM} if eenheid.get("code") else {}
        return {"valueQuantity": {"value": waarde} | {k: w for k, w in (maat | stelsel).items() if w}}
    return {_METING.get(element, "valueString"): waarde if element in _METING else str(waarde)}


def _als_resource(response: Json, regel: Resource, waarde: Any) -> Json:
    uit: Json = {"resourceType": regel.type}
    for pad, vast in regel.vast:
        gevonden = _uit_response(response, vast) if isinstance(vast, tuple) else vast
        if gevonden is not None and _mag_hier(regel.type, pad, gevonden):
            _zet(uit, regel.type, pad, gevonden)
    _zet(uit, regel.type, regel.pad, waarde)
    return uit


def _uit_response(response: Json, pad: tuple[str, ...]) -> Any:
    gevonden: Any = response
    for stap in pad:
        gevonden = gevonden.get(stap) if isinstance(gevonden, dict) else None
    return gevonden


def _mag_hier(type_: str, pad: tuple[str, ...], waarde: Any) -> bool:
    """Of een verwijzing naar een type gaat dat hier mag; een organisatie legt bijvoorbeeld geen diagnose vast."""
    gevonden = vorm(type_)
    doelen = gevonden.elementen[pad[0]].doelen if gevonden and len(pad) == 1 else None
    verwijzing = waarde.get("reference") if isinstance(waarde, dict) else None
    return not doelen or not isinstance(verwijzing, str) or verwijzing.partition("/")[0] in doelen


def _zet(uit: Json, type_: str, pad: tuple[str, ...], waarde: Any) -> None:
    """Zet de waarde op het pad, met lijsten waar R4 ze heeft."""
    hier, soort = uit, type_
    for nummer, stap in enumerate(pad):
        gevonden = vorm(soort)
        assert gevonden is not None  # het pad is bij het lezen van de vragenlijst nagegaan
        element = gevonden.elementen[stap]
        soort = element.soort
        if nummer == len(pad) - 1:
            hier[stap] = [*hier.get(stap, ()), waarde] if element.lijst else waarde
        elif element.lijst:
            hier = hier.setdefault(stap, [{}])[0]
        else:
            hier = hier.setdefault(stap, {})
