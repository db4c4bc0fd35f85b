"""De antwoordmogelijkheden van een vraag: losse `answerOption`, of een waardelijst die hier helemaal is uit te klappen.

Een lijst die elders staat of maar deels bekend is, geeft geen keuzes; of een code erin zit, toetst `waarde.py`.
FHIR R4 Questionnaire.item.answerOption en answerValueSet.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import BASIS
from paspoort.fhir.vragenlijst.vraag import Keuze
from paspoort.fhir.waardelijst import Uitgeklapt, klap_uit
from paspoort.fouten import PaspoortFout

SOORTEN: Final = ("ValueSet", "CodeSystem")


def keuzes_van(item: Json, ingesloten: list[Json]) -> tuple[Keuze, ...]:
    """De keuzes van één item, in hun volgorde; leeg als zij er niet zijn of niet te kennen."""
    if "answerOption" in item:
        return tuple(_optie(optie) for optie in item["answerOption"])
    adres = item.get("answerValueSet")
    if not isinstance(adres, str):
        return ()
    los = next((r for r in ingesloten if adres == f"#{r.get('id')}"), None)
    return _uit(los) if los is not None else _eigen_lijst(adres)


@lru_cache(maxsize=256)
def _eigen_lijst(adres: str) -> tuple[Keuze, ...]:
    lijst = _definitie(adres)
    return _uit(lijst) if lijst is not None and lijst.get("resourceType") == "ValueSet" else ()


def _uit(lijst: Json) -> tuple[Keuze, ...]:
    try:
        gevonden: Uitgeklapt = klap_uit(lijst, _definitie)
    except PaspoortFout:
        return ()
    if gevonden.onvolledig:
        return ()
    return tuple(
        _coding({"system": b.stelsel, "code": b.code, "display": b.tekst or b.code})
        for b in gevonden.begrippen.values()
        if b.actief
    )


def _definitie(canonical: str) -> Json | None:
    """Een ValueSet of CodeSystem van ons, uit `fhir_profiles`; de versie moet kloppen als zij genoemd is."""
    adres, _, versie = canonical.partition("|")
    soort, _, id = adres.removeprefix(BASIS).partition("/")
    if not adres.startswith(BASIS) or soort not in SOORTEN or not id.replace("-", "").isalnum():
        return None
    bestand = files("fhir_profiles") / soort / f"{id}.json"
    if not bestand.is_file():
        return None
    inhoud: Json = json.loads(bestand.read_text("utf-8"))
    return inhoud if versie in ("", inhoud.get("version", "")) else None


def _optie(optie: Json) -> Keuze:
    if "valueCoding" in optie:
        return _coding(optie["valueCoding"])
    element, inhoud = next((n, w) for n, w in optie.items() if n.startswith("value"))
    tekst = str(inhoud.get("display") or inhoud.get("reference")) if isinstance(inhoud, dict) else str(inhoud)
    return Keuze(None, tekst, tekst, element, inhoud)


def _coding(coding: Any) -> Keuze:
    code, tekst = coding["code"], coding.get("display", coding["code"])
    schoon = {naam: coding[naam] for naam in ("system", "version") if naam in coding} | {"code": code, "display": tekst}
    return Keuze(coding.get("system"), code, tekst, inhoud=schoon)
