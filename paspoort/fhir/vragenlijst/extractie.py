"""Gegevens uit antwoorden halen: van een QuestionnaireResponse naar een transactie met voorstellen. Bewaart niets.

Wat eruit komt staat in de vragenlijst, niet hier: als meting (`observationExtract` op een code van de vraag) of als
element van een resource (`definitionExtract` op de vraag, met `item.definition`); op een groep wordt elke rij één
resource. Wat het paspoort al weet, is geen voorstel. Van FHIRPath kent dit alleen `%resource.a.b`. Bron: HL7 SDC 4.0,
Form Data Extraction.
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


@dataclass(frozen=True, slots=True)
class Rij:
    """Een groep waarvan elke rij een resource van dit type is; `delen` zegt per kind (linkId) de plek."""

    type: str
    delen: tuple[tuple[str, tuple[str, ...]], ...]
    vast: tuple[tuple[tuple[str, ...], Any], ...]


Regel = Meting | Resource | Rij


@dataclass(frozen=True, slots=True)
class Uitgehaald:
    """Eén antwoord of rij als resource. `nummer` telt de antwoorden op deze vraag, vanaf 1; `kern` is de waarde."""

    link: str
    nummer: int
    kern: str
    resource: Json


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
    for gevonden in uitgehaald(response, regels):
        link, kern = gevonden.link, gevonden.kern
        if (link, kern) in gehad or kern in {kern_van(w) for w in bekend(link)}:
            continue
        gehad.add((link, kern))
        naam = f"{response.get('questionnaire')}|{response.get('id')}|{link}|{kern}"
        entries.append(
            {
                "fullUrl": f"urn:uuid:{uuid5(NAMESPACE_URL, naam)}",
                "resource": gevonden.resource,
                "request": {"method": "POST", "url": gevonden.resource["resourceType"]},
            }
        )
    bundel: Json = {"resourceType": "Bundle", "type": "transaction"}
    return bundel | ({"entry": entries} if entries else {})


def uitgehaald(response: Json, regels: Mapping[str, Regel]) -> Iterator[Uitgehaald]:
    """Elk antwoord waar een regel voor is, als resource; zonder te kijken wat het paspoort al weet."""
    tel: dict[str, int] = {}
    for link, element, waarde in _antwoorden(items_van(response), regels):
        regel = regels[link]
        tel[link] = tel.get(link, 0) + 1
        if isinstance(regel, Meting):
            resource = _als_meting(response, regel, element, waarde)
        elif isinstance(regel, Resource):
            resource = _als_resource(response, regel.type, regel.vast, ((regel.pad, waarde),))
        else:
            delen = [(pad, waarde[kind]) for kind, pad in regel.delen if kind in waarde]
            resource = _als_resource(response, regel.type, regel.vast, delen)
        yield Uitgehaald(link, tel[link], kern_van(waarde), resource)


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


def _resource(item: Json, plek: str, meldingen: list[Melding]) -> Resource | Rij | None:
    gevraagd = next(iter(_alle(item, ALS_RESOURCE)), None)
    if gevraagd is None:
        return None
    type_ = str(_deel(gevraagd, "definition", "valueCanonical")).removeprefix(R4)
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
    if item.get("type") == "group":
        kinderen = [k for k in item.get("item", ()) if isinstance(k, dict) and "definition" in k]
        delen = [(str(k.get("linkId")), pad) for k in kinderen if (pad := _pad(type_, k["definition"])) is not None]
        if delen and len(delen) == len(kinderen):
            return Rij(type_, tuple(delen), tuple(vast))
    pad = _pad(type_, item.get("definition"))
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
    """(linkId, waarde-element, waarde) van elk antwoord waar een regel voor is; bij een rij de waarde per linkId.

    Een rij zonder antwoord op haar eerste deel zegt niet waar zij over gaat, en wordt niets.
    """
    for item in items:
        if not isinstance(item, dict):
            continue
        regel = regels.get(str(item.get("linkId")))
        if isinstance(regel, Rij):
            rij = {
                str(kind.get("linkId")): waarde[1]
                for kind in items_van(item)
                if isinstance(kind, dict)
                for antwoord in antwoorden_van(kind)
                if (waarde := waarde_van(antwoord)) is not None
            }
            if regel.delen[0][0] in rij:
                yield item["linkId"], "", {kind: rij[kind] for kind, _ in regel.delen if kind in rij}
            continue
        for antwoord in antwoorden_van(item):
            waarde = waarde_van(antwoord)
            if waarde is not None and item.get("linkId") in regels:
                yield item["linkId"], *waarde
            yield from _antwoorden(items_van(antwoord), regels)
        yield from _antwoorden(items_van(item), regels)


def kern_van(waarde: Any) -> str:
    """Waar een waarde aan te herkennen is: een keuze aan haar code, een getal los van zijn nullen."""
    if isinstance(waarde, dict) and waarde and not waarde.keys() & {"code", "reference", "value", "system", "display"}:
        return " | ".join(f"{naam}={kern_van(w)}" for naam, w in waarde.items())
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


def _als_resource(
    response: Json,
    type_: str,
    vaste: tuple[tuple[tuple[str, ...], Any], ...],
    delen: Sequence[tuple[tuple[str, ...], Any]],
) -> Json:
    uit: Json = {"resourceType": type_}
    for pad, vast in vaste:
        gevonden = _uit_response(response, vast) if isinstance(vast, tuple) else vast
        if gevonden is not None and _mag_hier(type_, pad, gevonden):
            _zet(uit, type_, pad, gevonden)
    for pad, waarde in delen:
        _zet(uit, type_, pad, waarde)
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
            waarde = waarde[:10] if soort == "date" and isinstance(waarde, str) else waarde  # een dag uit een tijdstip
            hier[stap] = [*hier.get(stap, ()), waarde] if element.lijst else waarde
        elif element.lijst:
            hier = hier.setdefault(stap, [{}])[0]
        else:
            hier = hier.setdefault(stap, {})
