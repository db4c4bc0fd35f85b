"""Wat iemand met een deel van de gegevensgroepen van een QuestionnaireResponse ziet (toegang.md §2).

Zuiver en dicht als standaard: wat de vragenlijst niet kent, gaat eruit. Beslist niet wie welke groepen mag: dat doet
`server/access`. Koppen als `author` en `subject` blijven staan; die weegt de projectie van de resource zelf.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst.controle import antwoorden_van, heeft_antwoord, items_van, waarde_van
from paspoort.fhir.vragenlijst.lijst import WAARDE_ELEMENTEN, Vraag, Vragenlijst

WEG: Final = ("text", "contained", "item")  # vrije tekst buiten de vragen kan van elke groep zijn


def projecteer(response: Json, vragenlijst: Vragenlijst, groepen: Collection[str]) -> Json:
    """Een nieuwe QuestionnaireResponse met alleen de antwoorden in `groepen`; het origineel blijft zoals het was.

    Wie alle groepen van de vragenlijst heeft, krijgt de items onveranderd. Anders komen itemteksten en keuzeteksten uit
    de vragenlijst, vervallen extensies op items en antwoorden, en vervalt een groep zonder zichtbaar antwoord. Bij een
    andere vragenlijst vervallen alle items.
    """
    zichtbaar = {naam: waarde for naam, waarde in response.items() if naam not in WEG}
    if vragenlijst.hoort_bij(response.get("questionnaire")):
        # wie elke groep van de vragenlijst heeft, ziet de items zoals zij zijn, met hun bronnen
        alles = vragenlijst.groepen <= frozenset(groepen) and "onbekend" not in groepen_van(response, vragenlijst)
        items = items_van(response) if alles else _items(items_van(response), vragenlijst.vragen, frozenset(groepen))
        if items:
            zichtbaar["item"] = items
    return zichtbaar


def groepen_van(response: Json, vragenlijst: Vragenlijst) -> frozenset[str]:
    """De gegevensgroepen met antwoorden in deze response; `onbekend` bij wat de vragenlijst niet kent."""
    gevonden: set[str] = set()
    _verzamel(items_van(response), vragenlijst.vragen, gevonden)
    return frozenset(gevonden)


def _items(items: Sequence[Any], vragen: Sequence[Vraag], groepen: frozenset[str]) -> list[Json]:
    uit: list[Json] = []
    for item in items:
        vraag = _vraag_bij(item, vragen)
        if vraag is None:
            continue
        inhoud: list[Json]
        if vraag.is_groep:
            naam, inhoud = "item", _items(items_van(item), vraag.kinderen, groepen)
        else:
            naam, inhoud = "answer", _antwoorden(item, vraag, groepen)
        if inhoud:
            kop = {"linkId": vraag.link_id} | ({"text": vraag.tekst} if "text" in item else {})
            uit.append(kop | {naam: inhoud})
    return uit


def _antwoorden(item: Json, vraag: Vraag, groepen: frozenset[str]) -> list[Json]:
    if vraag.groep not in groepen:
        return []
    uit: list[Json] = []
    for antwoord in antwoorden_van(item):
        waarde = waarde_van(antwoord)
        if waarde is None or waarde[0] not in WAARDE_ELEMENTEN[vraag.type]:
            continue
        veilig = _keuze(waarde[1], vraag) if waarde[0] == "valueCoding" else waarde[1]
        if veilig is None:
            continue
        schoon: Json = {waarde[0]: veilig}
        kinderen = _items(items_van(antwoord), vraag.kinderen, groepen)
        uit.append(schoon | ({"item": kinderen} if kinderen else {}))
    return uit


def _keuze(coding: Any, vraag: Vraag) -> Json | None:
    """De Coding met de tekst van de vragenlijst (in `display` kan van alles staan); None als zij geen keuze is."""
    if not isinstance(coding, dict):
        return None
    for keuze in vraag.keuzes:
        if keuze.code == coding.get("code") and keuze.systeem == coding.get("system"):
            return {"system": keuze.systeem, "code": keuze.code, "display": keuze.tekst}
    return None if vraag.keuzes else {naam: coding[naam] for naam in ("system", "version", "code") if naam in coding}


def _verzamel(items: Sequence[Any], vragen: Sequence[Vraag], gevonden: set[str]) -> None:
    for item in items:
        vraag = _vraag_bij(item, vragen)
        if vraag is None:
            if heeft_antwoord(item):
                gevonden.add("onbekend")
        elif vraag.is_groep:
            _verzamel(items_van(item), vraag.kinderen, gevonden)
        elif heeft_antwoord(item):
            gevonden.add(vraag.groep or "onbekend")
            for antwoord in antwoorden_van(item):
                _verzamel(items_van(antwoord), vraag.kinderen, gevonden)


def _vraag_bij(item: object, vragen: Sequence[Vraag]) -> Vraag | None:
    link = item.get("linkId") if isinstance(item, dict) else None
    return next((vraag for vraag in vragen if vraag.link_id == link), None)
