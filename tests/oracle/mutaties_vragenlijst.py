"""Mutanten van een QuestionnaireResponse tegen haar vragenlijst: vragen, antwoorden, nesting, aantallen, voorwaarden.

Zoals `mutaties.py`, maar met kennis van de Questionnaire. FHIR R4 §QuestionnaireResponse.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from paspoort.fhir.fhirjson import schrijf
from paspoort.fhir.validatie import definities
from tests.oracle.mutaties import GOEDE_WAARDEN, Doe, Json, Mutant, Pad, met, op, tekst_van

# per soort antwoord: andere soorten die er nooit voor in de plaats mogen
_ANDERS: Final[dict[str, tuple[str, ...]]] = {
    "valueBoolean": ("valueString", "valueInteger", "valueCoding"),
    "valueDecimal": ("valueString", "valueBoolean", "valueQuantity", "valueInteger"),
    "valueInteger": ("valueString", "valueDecimal"),
    "valueDate": ("valueString", "valueDateTime"),
    "valueString": ("valueBoolean", "valueDecimal", "valueCoding", "valueDate"),
    "valueCoding": ("valueString", "valueBoolean", "valueDecimal"),
}
_SOORT: Final = {
    "valueBoolean": "boolean", "valueString": "string", "valueInteger": "integer", "valueDecimal": "decimal",
    "valueCoding": "Coding", "valueQuantity": "Quantity", "valueDate": "date", "valueDateTime": "dateTime",
}  # fmt: skip


def vragenlijstmutanten(basis: str, inhoud: Json) -> Iterator[Mutant]:
    """Alle mutanten van de antwoorden; niets als `inhoud` geen QuestionnaireResponse is."""
    if inhoud["resourceType"] != "QuestionnaireResponse":
        return
    lijst = _lijst(str(inhoud["questionnaire"]))
    for pad, soort, doe in [*_geheel(inhoud), *_items(inhoud, lijst, ())]:
        nieuw = met(inhoud, pad, doe)
        if schrijf(nieuw) != schrijf(inhoud):
            yield Mutant(basis, tekst_van(inhoud, pad), f"vl-{soort}", "questionnaire", nieuw)


def _lijst(canonical: str) -> dict[str, Json]:
    """linkId → item van de vragenlijst met deze canonical."""
    url = canonical.partition("|")[0]
    bron = next(d for d in definities() if d["resourceType"] == "Questionnaire" and d["url"] == url)
    uit: dict[str, Json] = {}
    te_doen = list(bron["item"])
    while te_doen:
        item = te_doen.pop()
        uit[item["linkId"]] = item
        te_doen += item.get("item", [])
    return uit


def _zet(waarde: Any) -> Doe:
    def doe(ouder: Any, sleutel: Any) -> None:
        ouder[sleutel] = waarde

    return doe


def _maak(**anders: Any) -> Doe:
    """Het object op `sleutel` met andere namen; None haalt weg."""

    def doe(ouder: Any, sleutel: Any) -> None:
        ouder[sleutel] = {k: v for k, v in {**ouder[sleutel], **anders}.items() if v is not None}

    return doe


def _geheel(inhoud: Json) -> Iterator[tuple[Pad, str, Doe]]:
    kaal = str(inhoud["questionnaire"]).partition("|")[0]
    yield ("questionnaire",), "andere-lijst", _zet(f"{kaal}-verzonnen|1.0.0")
    yield ("questionnaire",), "andere-versie", _zet(f"{kaal}|9.9.9")
    for status in ("completed", "amended"):
        yield ("status",), f"status-{status}", _zet(status)
    items = inhoud.get("item", [])
    if len(items) > 1:
        yield ("item",), "volgorde", _zet(items[::-1])
    vreemd = {"linkId": "bestaat-niet", "answer": [{"valueString": "x"}]}
    yield ("item",), "vraag-erbij", _zet([*items, vreemd])
    for nummer, item in enumerate(items):
        if item.get("item"):
            binnen = [*items[:nummer], {**item, "item": item["item"][1:]}, *items[nummer + 1 :], item["item"][0]]
            yield ("item",), f"uit-de-groep-{nummer}", _zet([een for een in binnen if een.get("item") != []])


def _items(ouder: Json, lijst: dict[str, Json], pad: Pad) -> Iterator[tuple[Pad, str, Doe]]:
    items = ouder.get("item", [])
    for nummer, item in enumerate(items):
        hier: Pad = (*pad, "item", nummer)
        vraag = lijst.get(item["linkId"], {})
        yield hier, "linkid", _maak(linkId="bestaat-niet")
        yield hier, "linkid-van-ander", _maak(linkId=next(link for link in lijst if link != item["linkId"]))
        yield (*pad, "item"), f"nog-eens-{nummer}", _zet([*items[: nummer + 1], item, *items[nummer + 1 :]])
        if len(items) > 1:
            yield (*pad, "item"), f"zonder-{nummer}", _zet(items[:nummer] + items[nummer + 1 :])
        yield hier, "kind-erbij", _maak(item=[*item.get("item", []), {"linkId": "bestaat-niet"}])
        if vraag.get("type") == "group":
            yield hier, "groep-met-antwoord", _maak(answer=[{"valueString": "x"}])
        elif antwoorden := item.get("answer"):
            yield from _antwoorden(item, antwoorden, vraag, hier)
        yield from _items(item, lijst, hier)


def _antwoorden(item: Json, antwoorden: list[Json], vraag: Json, pad: Pad) -> Iterator[tuple[Pad, str, Doe]]:
    yield pad, "zonder-antwoord", _maak(answer=None)
    yield pad, "twee-antwoorden", _maak(answer=[*antwoorden, *antwoorden])
    yield pad, "kind-zonder-antwoord", _maak(answer=None, item=[item])
    for nummer, antwoord in enumerate(antwoorden):
        hier: Pad = (*pad, "answer", nummer)
        naam = next(n for n in antwoord if n.startswith("value"))
        yield hier, "zonder-waarde", _maak(**{naam: None, "id": "a"})
        yield hier, "kind-in-antwoord", _maak(item=[{"linkId": "bestaat-niet"}])
        for ander in _ANDERS.get(naam, ()):
            yield hier, ander, _maak(**{naam: None, ander: GOEDE_WAARDEN[_SOORT[ander]]})
        if naam == "valueCoding":
            waarde = antwoord[naam]
            yield hier, "keuze-onbekend", _maak(valueCoding={**waarde, "code": "bestaat-niet"})
            yield hier, "keuze-stelsel", _maak(valueCoding={**waarde, "system": "http://voorbeeld.test/x"})
            yield hier, "keuze-zonder-stelsel", _maak(valueCoding={k: v for k, v in waarde.items() if k != "system"})
            yield hier, "keuze-alleen-tekst", _maak(valueCoding={"display": "iets"})
        if naam in ("valueDecimal", "valueInteger"):
            for grens in (-1, 0, 1_000_000):
                yield hier, f"getal-{grens}", _maak(**{naam: grens})
        if naam == "valueString":
            yield hier, "lang", _maak(valueString="x" * (vraag.get("maxLength", 5_000) + 1))
    assert op(item, ("answer",)) is antwoorden
