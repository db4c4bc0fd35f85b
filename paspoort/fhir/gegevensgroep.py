"""De gegevensgroep van een hele FHIR-resource, uit de tabellen van `paspoort/toegang/groepen.py` (toegang.md §2).

Kijkt alleen naar de inhoud. Elementen weegt `projectie.py`; wie welke groepen heeft weet `server/access`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import BASIS, BERICHTSOORT, LOINC, SNOMED, TAAKINVOER, codestelsel
from paspoort.fhir.vragenlijst.soort import is_advies
from paspoort.toegang import groepen as tabel

# Types waarvan alleen de elementen of antwoorden een groep hebben.
SAMENGESTELD: Final = frozenset({"Patient", "QuestionnaireResponse"})
NIEMAND: Final = None


def basisgroepen(inhoud: Json) -> frozenset[str] | None:
    """De groepen die een lezer allemaal moet hebben om deze resource te zien; None = alleen de houder.

    Provenance volgt haar doel en Binary haar DocumentReference: die geven hier niets. Voor Patient geldt de tabel per
    element; voor QuestionnaireResponse is dit de groep van de kop.
    """
    type_ = inhoud.get("resourceType")
    if type_ == "Condition":
        codes = {c.get("code") for c in codings(inhoud.get("category"))}
        return _een("functioneren" if codes and codes <= tabel.CONDITION_FUNCTIONEREN else "gezondheid")
    if type_ == "Observation":
        return _observation(inhoud)
    if type_ == "DeviceRequest":
        return _een(tabel.DEVICEREQUEST_INTENT.get(str(inhoud.get("intent"))))
    if type_ == "DocumentReference":
        return _document(inhoud)
    if type_ == "QuestionnaireResponse":
        return _een("advies" if is_advies(inhoud) else tabel.VRAGENLIJST_KOP.get(vragenlijst_id(inhoud) or ""))
    if type_ == "Communication":
        return _bericht(inhoud)
    return _een(tabel.BASISGROEP.get(str(type_)))


def taakinvoer(inhoud: Json) -> str | None:
    """De groep van één Task.input of Task.output; None als de code onbekend is of er meer dan één groep past."""
    gevonden = {
        tabel.TAAKINVOER.get(str(c.get("code"))) for c in codings(inhoud.get("type")) if c.get("system") == TAAKINVOER
    }
    return gevonden.pop() if len(gevonden) == 1 else None


def vragenlijst_id(response: Json) -> str | None:
    """De staart van `questionnaire` als het een van onze vragenlijsten is."""
    canonical = response.get("questionnaire")
    voorvoegsel = f"{BASIS}Questionnaire/"
    if not isinstance(canonical, str) or not canonical.startswith(voorvoegsel):
        return None
    return canonical.removeprefix(voorvoegsel).partition("|")[0]


def codings(concept: Any) -> Iterator[Json]:
    """Alle codings van een CodeableConcept of een lijst daarvan; wat geen coding is, telt niet."""
    for deel in concept if isinstance(concept, list) else [concept]:
        if isinstance(deel, dict) and isinstance(deel.get("coding"), list):
            yield from (c for c in deel["coding"] if isinstance(c, dict))


def _observation(inhoud: Json) -> frozenset[str] | None:
    eigen = {
        tabel.OBSERVATION_CATEGORIE.get(str(c.get("code")))
        for c in codings(inhoud.get("category"))
        if c.get("system") == codestelsel("observatiesoort")
    }
    if eigen:
        # Twee categorieën: een lezer moet ze allebei mogen.
        return frozenset(g for g in eigen if g) if None not in eigen else NIEMAND
    codes = list(codings(inhoud.get("code")))
    maat = any(
        c.get("system") == codestelsel("maat")
        or (c.get("system") == LOINC and c.get("code") in tabel.MAATCODES_LOINC)
        or (c.get("system") == SNOMED and c.get("code") in tabel.MAATCODES_SNOMED)
        for c in codes
    )
    return frozenset({"maten"}) if maat else NIEMAND


def _bericht(inhoud: Json) -> frozenset[str]:
    """Wat bij het afstemmen van een advies hoort, heeft diens groep; elk ander bericht is een gesprek."""
    soorten = {str(c.get("code")) for c in codings(inhoud.get("category")) if c.get("system") == BERICHTSOORT}
    return frozenset(tabel.BERICHTSOORT.get(s, tabel.BASISGROEP["Communication"]) for s in soorten or {""})


def _document(inhoud: Json) -> frozenset[str]:
    soorten = {
        str(c.get("code")) for c in codings(inhoud.get("type")) if c.get("system") == codestelsel("documentsoort")
    }
    groepen = {tabel.DOCUMENTSOORT.get(soort, tabel.DOCUMENT_ANDERS) for soort in soorten - {tabel.FOTO}}
    if tabel.FOTO in soorten:
        groepen.add("hulpmiddelen" if _van_hulpmiddel(inhoud) else tabel.DOCUMENT_ANDERS)
    return frozenset(groepen or {tabel.DOCUMENT_ANDERS})


def _van_hulpmiddel(document: Json) -> bool:
    context = document.get("context")
    related = context.get("related") if isinstance(context, dict) else None
    doelen = [r.get("reference") for r in related or [] if isinstance(r, dict)]
    return bool(doelen) and all(str(d).startswith(("Device/", "DeviceUseStatement/")) for d in doelen)


def _een(groep: str | None) -> frozenset[str] | None:
    return frozenset({groep}) if groep else NIEMAND
