"""Wat een lezer met een deel van de gegevensgroepen van één resource ziet (toegang.md §2, *Projection*).

Zuiver: verandert de invoer nooit en weet niet wie er leest. Loopt langs de vorm van R4 en laat alleen staan wat de
tabellen van `paspoort/toegang/groepen.py` toestaan; een onbekend element of een onbekende extensie vervalt.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from paspoort.fhir.fhirjson import Json, lees, schrijf
from paspoort.fhir.gegevensgroep import basisgroepen, codings, taakinvoer
from paspoort.fhir.referenties import ontleed
from paspoort.fhir.stelsels import ACT_REASON, BASIS, ITEM_AUTEUR, OBSERVATION_VALUE, SUBSETTED
from paspoort.fhir.validatie_vorm import Element, vorm
from paspoort.fhir.vragenlijst.lijst import Vragenlijst
from paspoort.fhir.vragenlijst.projectie import projecteer
from paspoort.fouten import PaspoortFout
from paspoort.toegang import groepen as tabel

WEG: Final = object()
EXTENSIE: Final = f"{BASIS}StructureDefinition/"
# Wat in meta geen vrije tekst kan zijn, en van wie.
META_STELSELS: Final = (BASIS, ACT_REASON, OBSERVATION_VALUE)
META_PROFIELEN: Final = (BASIS, "http://nictiz.nl/fhir/", "http://hl7.org/fhir/")
# Elementen van een antwoord die van de vragenlijst komen en niet van wie antwoordt.
VAN_DE_LIJST: Final = frozenset({"text", "display", "definition", "id"})
GEEN: Final[Mapping[str, str]] = {}

Zichtbaar = Callable[[str], bool]
VragenlijstVan = Callable[[Json], Vragenlijst | None]


@dataclass(frozen=True, slots=True)
class _Lezer:
    type: str
    groepen: frozenset[str]
    zichtbaar: Zichtbaar


def toon(
    inhoud: Json,
    groepen: frozenset[str],
    zichtbaar: Zichtbaar,
    vragenlijst_van: VragenlijstVan,
    *,
    eigen: bool = False,
    basis: frozenset[str] | None = None,
) -> tuple[Json, bool] | None:
    """De resource zoals een lezer met deze groepen haar ziet, en of dat de hele resource is; None = niets ervan.

    `zichtbaar(verwijzing)` zegt of de lezer het doel ziet. `eigen`: de lezer schreef deze versie zelf; dan blijft de
    verhalende tekst staan als er verder niets wegvalt. `basis` vervangt de groepen van de resource waar die niet uit de
    inhoud volgen (Binary). Een gedeeltelijke resource draagt SUBSETTED in meta.tag en meta.security.
    """
    type_ = str(inhoud.get("resourceType"))
    lezer = _Lezer(type_, groepen, zichtbaar)
    nodig = basis if basis is not None else basisgroepen(inhoud)
    uit: Json
    if type_ == "Patient":
        uit = {naam: w for naam, w in _patient(inhoud, lezer).items() if w is not WEG}
        zien = any(naam.lstrip("_") in tabel.PATIENT for naam in uit)
    elif type_ == "QuestionnaireResponse":
        kop = nodig is not None and nodig <= groepen
        uit = _antwoorden(inhoud, lezer, kop, vragenlijst_van)
        zien = kop or "item" in uit
    elif type_ == "Provenance" and basis is None:
        uit = _elementen(inhoud, "Provenance", "Provenance", lezer)
        zien = "target" in uit  # de groep van haar doel: zonder zichtbaar doel is er niets
    else:
        zien = nodig is not None and nodig <= groepen
        uit = _elementen(inhoud, type_, type_, lezer) if zien else {}
        # Een foto is van een hulpmiddel; ziet de lezer dat niet, dan is zij niets meer uit die groep.
        zien = zien and (basis is not None or basisgroepen({"resourceType": type_} | uit) == nodig)
    if not zien:
        return None
    uit = {"resourceType": type_} | ({"id": inhoud["id"]} if "id" in inhoud else {}) | uit
    meta = inhoud.get("meta")
    if isinstance(meta, dict):
        uit["meta"] = meta if eigen else _meta(meta)
    if eigen and "text" in inhoud and uit | {"text": inhoud["text"]} == inhoud:
        return inhoud, True
    if uit == inhoud:
        return inhoud, True
    return _onvolledig(uit, inhoud), False


def _patient(inhoud: Json, lezer: _Lezer) -> Json:
    """Patient heeft per element een groep; een identifier alleen die van de BSN-stelsels."""
    uit: Json = {}
    for naam, waarde in _elementen(inhoud, "Patient", "Patient", lezer).items():
        kaal = naam.lstrip("_")
        if tabel.PATIENT.get(kaal) not in lezer.groepen:
            continue
        if kaal == "identifier":
            waarde = [i for i in waarde if isinstance(i, dict) and i.get("system") in tabel.BSN_STELSELS] or WEG
        uit[naam] = waarde
    return uit


def _antwoorden(inhoud: Json, lezer: _Lezer, kop: bool, vragenlijst_van: VragenlijstVan) -> Json:
    """De kop als de lezer die groep heeft, anders het geraamte; en van de antwoorden die in de groepen."""
    zonder = {naam: w for naam, w in inhoud.items() if naam != "item"}
    geraamte = tabel.GERAAMTE["QuestionnaireResponse"]
    uit = {
        naam: w
        for naam, w in _elementen(zonder, "QuestionnaireResponse", "QuestionnaireResponse", lezer).items()
        if kop or naam in geraamte
    }
    lijst = vragenlijst_van(inhoud)
    oud = inhoud.get("item")
    if lijst is None or not isinstance(oud, list):
        return uit
    nieuw = projecteer(inhoud, lijst, lezer.groepen).get("item", [])
    # De projectie neemt teksten uit de vragenlijst; viel er verder niets weg, dan blijven de items zoals ingezonden.
    items = oud if _kaal(nieuw) == _kaal(oud) else nieuw
    veilig = _waarde(items, "QuestionnaireResponseItem", "QuestionnaireResponse.item", lezer)
    if veilig is not WEG:
        uit["item"] = veilig
    return uit


def _elementen(inhoud: Json, soort: str, pad: str, lezer: _Lezer) -> Json:
    """De toegestane elementen van een resource of onderdeel, in de volgorde van de inhoud."""
    bekend = vorm(soort)
    if bekend is None:
        return {}
    wortel = pad == lezer.type
    uit: Json = {}
    for naam, waarde in inhoud.items():
        if naam in ("resourceType", "contained", "modifierExtension") or (wortel and naam in ("id", "meta", "text")):
            continue
        if naam == "extension":
            nieuw = _extensies(waarde, pad, lezer)
        elif naam.startswith("_"):
            element = bekend.elementen.get(naam[1:])
            mag = element is not None and element.primitief and _mag(naam[1:], None, pad, lezer)
            nieuw = _bijschrift(waarde) if mag else WEG
        else:
            nieuw = _element(bekend.elementen.get(naam), naam, waarde, pad, lezer)
        if nieuw is not WEG:
            uit[naam] = nieuw
    return uit


def _element(element: Element | None, naam: str, waarde: Any, pad: str, lezer: _Lezer) -> Any:
    if element is None:
        return WEG
    if pad == lezer.type and tabel.BAND.get(lezer.type) == naam:
        return _band(waarde, lezer)
    hier = f"{pad}.{naam}"
    if isinstance(waarde, list):
        delen = [_waarde(w, element.soort, hier, lezer) for w in waarde if _mag(naam, w, pad, lezer)]
        return [d for d in delen if d is not WEG] or WEG
    return _waarde(waarde, element.soort, hier, lezer) if _mag(naam, waarde, pad, lezer) else WEG


def _mag(naam: str, waarde: Any, pad: str, lezer: _Lezer) -> bool:
    """Of de groep van dit element bij de lezer hoort; zonder eigen regel volgt het de resource."""
    if lezer.type == "Task" and pad == "Task" and naam in ("input", "output"):
        return isinstance(waarde, dict) and taakinvoer(waarde) in lezer.groepen
    groep = tabel.PER_PAD.get(f"{pad}.{naam}") or tabel.OVERAL.get(naam)
    if groep is None and naam in tabel.ALS_CONDITION and _noemt_condition(waarde):
        groep = "gezondheid"
    return groep is None or groep in lezer.groepen


def _waarde(waarde: Any, soort: str, pad: str, lezer: _Lezer) -> Any:
    """Eén waarde van een bekend element, gesnoeid; WEG als er niets van overblijft."""
    if isinstance(waarde, list):
        return [n for w in waarde if (n := _waarde(w, soort, pad, lezer)) is not WEG] or WEG
    if soort == "Reference":
        return _verwijzing(waarde, lezer)
    if not isinstance(waarde, dict):
        bekend = vorm(soort) if soort[:1].isupper() else None
        return WEG if bekend is not None else waarde
    if not soort[:1].isupper() or soort in ("Resource", "ResourceContainer", "Extension", "Narrative"):
        return WEG
    if waarde.get("system") in tabel.BSN_STELSELS and "bsn" not in lezer.groepen:
        return WEG
    return _elementen(waarde, soort, pad, lezer) or WEG


def _band(waarde: Any, lezer: _Lezer) -> Any:
    """De band met het paspoort blijft staan, zonder naam of nummer voor wie die niet mag zien."""
    verwijzing = waarde.get("reference") if isinstance(waarde, dict) else None
    if not isinstance(verwijzing, str) or not verwijzing.startswith("Patient/"):
        return WEG
    return _verwijzing_delen(waarde, "Patient", lezer)


def _verwijzing(waarde: Any, lezer: _Lezer) -> Any:
    """Een verwijzing vervalt helemaal als de lezer het doel niet ziet, of als niet te zeggen is wat het doel is."""
    verwijzing = waarde.get("reference") if isinstance(waarde, dict) else None
    if not isinstance(verwijzing, str) or ":" in verwijzing or (doel := ontleed(verwijzing)) is None:
        return WEG
    return _verwijzing_delen(waarde, doel[0], lezer) if lezer.zichtbaar(verwijzing) else WEG


def _verwijzing_delen(waarde: Json, type_: str, lezer: _Lezer) -> Json:
    tekstgroep = tabel.REFERENTIETEKST.get(type_)
    uit: Json = {}
    for naam, deel in waarde.items():
        mag_tekst = naam == "display" and (tekstgroep is None or tekstgroep in lezer.groepen)
        if isinstance(deel, str) and (mag_tekst or naam in ("reference", "type", "id")):
            uit[naam] = deel
        elif naam == "identifier" and (type_ not in ("Patient", "RelatedPerson") or "bsn" in lezer.groepen):
            nieuw = _waarde(deel, "Identifier", "Reference.identifier", lezer)
            if nieuw is not WEG:
                uit[naam] = nieuw
    return uit


def _extensies(waarde: Any, pad: str, lezer: _Lezer) -> Any:
    if not isinstance(waarde, list):
        return WEG
    uit = [n for ext in waarde if isinstance(ext, dict) and (n := _extensie(ext, pad, lezer)) is not WEG]
    return uit or WEG


def _extensie(ext: Json, pad: str, lezer: _Lezer) -> Any:
    url = str(ext.get("url"))
    if url in tabel.DEEL_VAN_ELEMENT and pad != lezer.type:
        return _extensiewaarde(ext, frozenset(), pad, lezer)
    if url == ITEM_AUTEUR:
        alleen = {naam: w for naam, w in ext.items() if naam in ("url", "valueReference")}
        bij_item = pad.startswith("QuestionnaireResponse.item") and "valueReference" in alleen
        return _extensiewaarde(alleen, frozenset(), pad, lezer) if bij_item else WEG
    id_ = url.removeprefix(EXTENSIE)
    groep = tabel.EXTENSIES.get(pad, GEEN).get(id_) if url.startswith(EXTENSIE) else None
    if groep is None or (groep and groep not in lezer.groepen):
        return WEG
    if id_ == "toetsuitslag":
        return _uitslag(ext, lezer)
    return _extensiewaarde(ext, tabel.EXTENSIEDELEN.get(id_, frozenset()), pad, lezer)


def _extensiewaarde(ext: Json, delen: frozenset[str], pad: str, lezer: _Lezer) -> Any:
    bekend = vorm("Extension")
    uit: Json = {}
    for naam, waarde in ext.items():
        if naam == "extension" and isinstance(waarde, list):
            kinderen = [k for k in waarde if isinstance(k, dict) and k.get("url") in delen]
            nieuw = [n for k in kinderen if (n := _extensiewaarde(k, frozenset(), pad, lezer)) is not WEG]
            if nieuw:
                uit[naam] = nieuw
        elif naam.startswith("value") and bekend is not None and (element := bekend.elementen.get(naam)):
            if (nieuwe := _waarde(waarde, element.soort, f"{pad}.extension", lezer)) is not WEG:
                uit[naam] = nieuwe
        elif naam in ("url", "id"):
            uit[naam] = waarde
    return uit if uit.keys() - {"url", "id"} else WEG


def _uitslag(ext: Json, lezer: _Lezer) -> Any:
    """De bewaarde toetsuitslag: gronden blijven, verwijzingen naar bewijs dat de lezer niet ziet vervallen."""
    bijlage = ext.get("valueAttachment")
    if not isinstance(bijlage, dict) or not isinstance(bijlage.get("data"), str):
        return WEG
    try:
        uitslag = lees(base64.b64decode(bijlage["data"], validate=True))
    except (binascii.Error, PaspoortFout):
        return WEG
    getoond = toon(uitslag, lezer.groepen, lezer.zichtbaar, lambda _: None)
    if uitslag.get("resourceType") != "GuidanceResponse" or getoond is None:
        return WEG
    data = bijlage["data"] if getoond[1] else base64.b64encode(schrijf(getoond[0])).decode()
    kop = {naam: bijlage[naam] for naam in ("contentType", "data") if naam in bijlage}
    return {"url": ext["url"], "valueAttachment": kop | {"data": data}}


def _bijschrift(waarde: Any) -> Any:
    """`_element` bij een primitief: alleen bekende extensies; lege plaatsen houden een lijst gelijk op."""
    if isinstance(waarde, list):
        delen = [_bijschrift(w) for w in waarde]
        return [None if d is WEG else d for d in delen] if any(d is not WEG for d in delen) else WEG
    if not isinstance(waarde, dict):
        return WEG
    extensies = [
        e
        for e in waarde.get("extension") or []
        if isinstance(e, dict) and e.get("url") in tabel.DEEL_VAN_ELEMENT and not e.keys() & {"extension", "_url"}
    ]
    return {naam: w for naam, w in waarde.items() if naam == "id"} | {"extension": extensies} if extensies else WEG


def _noemt_condition(waarde: Any) -> bool:
    """Of een verwijzing een Condition noemt; wat niet te lezen is, zou er een kunnen zijn."""
    verwijzing = waarde.get("reference") if isinstance(waarde, dict) else None
    doel = ontleed(verwijzing) if isinstance(verwijzing, str) else None
    return doel is None or doel[0] == "Condition"


def _meta(meta: Json) -> Json:
    uit: Json = {naam: meta[naam] for naam in ("versionId", "lastUpdated") if naam in meta}
    profielen = [p for p in meta.get("profile") or [] if isinstance(p, str) and p.startswith(META_PROFIELEN)]
    if profielen:
        uit["profile"] = profielen
    for naam in ("security", "tag"):
        labels = [
            {k: c[k] for k in ("system", "code") if k in c}
            for c in codings({"coding": meta.get(naam)})
            if str(c.get("system")).startswith(META_STELSELS)
        ]
        if labels:
            uit[naam] = labels
    return uit


def _onvolledig(uit: Json, inhoud: Json) -> Json:
    label = {"system": OBSERVATION_VALUE, "code": SUBSETTED}
    meta = _meta(uit["meta"]) if isinstance(uit.get("meta"), dict) else {}
    for naam in ("security", "tag"):
        meta[naam] = [c for c in meta.get(naam, []) if c != label] + [label]
    uit["meta"] = meta
    # Elementen in de volgorde waarin zij binnenkwamen; een nieuwe meta achter id.
    volgorde = list(inhoud) if "meta" in inhoud else ["resourceType", "id", "meta", *inhoud]
    return {naam: uit[naam] for naam in dict.fromkeys(volgorde) if naam in uit}


def _kaal(knoop: Any) -> Any:
    if isinstance(knoop, dict):
        return {naam: _kaal(w) for naam, w in knoop.items() if naam not in VAN_DE_LIJST}
    return [_kaal(w) for w in knoop] if isinstance(knoop, list) else knoop
