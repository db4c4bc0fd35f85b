"""Controleert de antwoorden van een QuestionnaireResponse tegen haar vragenlijst: alle fouten, elk bij zijn element.

FHIR R4 QuestionnaireResponse: linkId's, nesting, typen, keuzes, herhaling, enableWhen, en bij `completed` wat
verplicht is. Controleert niet of de resource zelf FHIR is: dat doet `paspoort/fhir/validatie.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst.lijst import WAARDE_ELEMENTEN, Voorwaarde, Vraag, Vragenlijst
from paspoort.fouten import Melding

AFGEROND: Final = frozenset({"completed", "amended"})
# wat er in gewone taal bij een type hoort: (Nederlands). De Engelse tekst van de melding noemt het FHIR-type.
VERWACHT: Final = {
    "boolean": "ja of nee",
    "decimal": "een getal",
    "integer": "een heel getal",
    "date": "een datum die bestaat",
    "dateTime": "een datum met tijd",
    "time": "een tijd",
    "string": "tekst",
    "text": "tekst",
    "url": "een webadres",
    "choice": "een keuze uit de lijst",
    "open-choice": "een keuze uit de lijst, of tekst",
    "attachment": "een bestand",
    "reference": "een verwijzing",
    "quantity": "een getal met een eenheid",
}
_DATUM = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?\Z")
_TIJD = re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?\Z")
_DATUMTIJD = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})\Z")

Omgeving = tuple[list[Any], ...]  # de itemlijsten van buiten naar binnen, voor enableWhen


def controleer(response: Json, vragenlijst: Vragenlijst) -> list[Melding]:
    """Alle fouten in de antwoorden, elk met een plek zoals `QuestionnaireResponse.item[1].answer[0].valueCoding`.

    Wat ontbreekt telt alleen bij status completed of amended. Gooit nooit: ook kapotte JSON geeft meldingen.
    """
    meldingen: list[Melding] = []
    if not vragenlijst.hoort_bij(response.get("questionnaire")):
        waarden = {"verwacht": vragenlijst.canonical}
        meldingen.append(Melding("vragenlijst-anders", "QuestionnaireResponse.questionnaire", waarden))
    _items(response, vragenlijst.vragen, "QuestionnaireResponse", (), vragenlijst, meldingen)
    if response.get("status") in AFGEROND:
        meldingen.extend(ontbrekend(response, vragenlijst))
    return meldingen


def ontbrekend(response: Json, vragenlijst: Vragenlijst) -> list[Melding]:
    """Wat nog nodig is om af te ronden, los van de status. Plek: `….item.where(linkId='1.3')`.

    Een enkelvoudige groep geldt altijd als aanwezig; van een herhaalde groep telt elke rij die er is.
    """
    return list(_ontbrekend([response], vragenlijst.vragen, ("QuestionnaireResponse",), ()))


def geldt(vraag: Vraag, omgeving: Omgeving) -> bool:
    """Of de vraag gesteld is, gezien de antwoorden om haar heen (enableWhen, R4 §Questionnaire)."""
    if not vraag.voorwaarden:
        return True
    uitkomsten = [_voldoet(voorwaarde, omgeving) for voorwaarde in vraag.voorwaarden]
    return all(uitkomsten) if vraag.alle_voorwaarden else any(uitkomsten)


def items_van(ouder: object) -> list[Any]:
    """De kinderen van een resource, item of antwoord; leeg als die er niet of niet als lijst zijn."""
    items = ouder.get("item") if isinstance(ouder, dict) else None
    return items if isinstance(items, list) else []


def antwoorden_van(item: object) -> list[Any]:
    """De antwoorden van een item; leeg als die er niet of niet als lijst zijn."""
    antwoorden = item.get("answer") if isinstance(item, dict) else None
    return antwoorden if isinstance(antwoorden, list) else []


def waarde_van(antwoord: object) -> tuple[str, Any] | None:
    """Het waarde-element van een antwoord: (`valueCoding`, {...}), of None."""
    if not isinstance(antwoord, dict):
        return None
    return next(((naam, waarde) for naam, waarde in antwoord.items() if naam.startswith("value")), None)


def heeft_antwoord(item: object) -> bool:
    """Of er ergens in dit item een waarde staat."""
    if not isinstance(item, dict):
        return False
    if any(waarde_van(antwoord) for antwoord in antwoorden_van(item)):
        return True
    return any(heeft_antwoord(kind) for kind in items_van(item))


# --- wat er staat


def _items(
    ouder: Json, vragen: Sequence[Vraag], plek: str, omgeving: Omgeving, lijst: Vragenlijst, uit: list[Melding]
) -> None:
    if "item" in ouder and not isinstance(ouder["item"], list):
        uit.append(Melding("antwoord-vorm", f"{plek}.item"))
        return
    items = items_van(ouder)
    gezien: set[str] = set()
    for nummer, item in enumerate(items):
        hier = f"{plek}.item[{nummer}]"
        if not isinstance(item, dict) or not isinstance(item.get("linkId"), str):
            uit.append(Melding("antwoord-vorm", f"{hier}.linkId"))
            continue
        link = item["linkId"]
        vraag = next((v for v in vragen if v.link_id == link), None)
        if vraag is None:
            code = "vraag-verkeerde-plaats" if link in lijst.per_link else "vraag-onbekend"
            uit.append(Melding(code, f"{hier}.linkId", {"vraag": link[:40]}))
            continue
        if link in gezien and not (vraag.is_groep and vraag.herhaalt):
            uit.append(Melding("vraag-dubbel", f"{hier}.linkId", {"vraag": vraag.tekst}))
        gezien.add(link)
        rond = (*omgeving, items)
        if not geldt(vraag, rond) and heeft_antwoord(item):
            uit.append(Melding("antwoord-niet-gevraagd", hier, {"vraag": vraag.tekst}))
        if vraag.is_groep:
            if "answer" in item:
                uit.append(Melding("groep-met-antwoord", f"{hier}.answer", {"vraag": vraag.tekst}))
            _items(item, vraag.kinderen, hier, rond, lijst, uit)
        else:
            _antwoorden(item, vraag, hier, rond, lijst, uit)


def _antwoorden(
    item: Json, vraag: Vraag, plek: str, omgeving: Omgeving, lijst: Vragenlijst, uit: list[Melding]
) -> None:
    if "item" in item:
        uit.append(Melding("vraag-verkeerde-plaats", f"{plek}.item", {"vraag": vraag.link_id}))
    antwoorden = item.get("answer", [])
    if not isinstance(antwoorden, list):
        uit.append(Melding("antwoord-vorm", f"{plek}.answer"))
        return
    if len(antwoorden) > 1 and not vraag.herhaalt:
        uit.append(Melding("antwoord-te-veel", f"{plek}.answer[1]", {"vraag": vraag.tekst}))
    for nummer, antwoord in enumerate(antwoorden):
        hier = f"{plek}.answer[{nummer}]"
        uit.extend(_antwoord(antwoord, vraag, hier))
        if isinstance(antwoord, dict):
            _items(antwoord, vraag.kinderen, hier, omgeving, lijst, uit)


def _antwoord(antwoord: object, vraag: Vraag, plek: str) -> Iterator[Melding]:
    """De fouten in één antwoord: precies één waarde, van het goede type, binnen keuzes en grenzen."""
    wat = {"vraag": vraag.tekst, "verwacht": VERWACHT[vraag.type], "type": vraag.type}
    if not isinstance(antwoord, dict):
        yield Melding("antwoord-vorm", plek)
        return
    waarden = [naam for naam in antwoord if naam.startswith("value")]
    if not waarden:
        yield Melding("antwoord-leeg", plek, wat)
    for naam in waarden[1:]:
        yield Melding("antwoord-verkeerd-type", f"{plek}.{naam}", wat)
    for naam in waarden[:1]:
        hier, waarde = f"{plek}.{naam}", antwoord[naam]
        if naam not in WAARDE_ELEMENTEN[vraag.type] or not _goed_gevormd(naam, waarde):
            yield Melding("antwoord-verkeerd-type", hier, wat)
        elif isinstance(waarde, str) and not waarde.strip():
            yield Melding("antwoord-leeg", hier, wat)
        elif isinstance(waarde, str) and vraag.max_lengte and len(waarde) > vraag.max_lengte:
            yield Melding("antwoord-te-lang", hier, {**wat, "lengte": str(vraag.max_lengte)})
        elif (
            naam == "valueCoding"
            and vraag.keuzes
            and not any(_is_keuze(waarde, k.systeem, k.code) for k in vraag.keuzes)
        ):
            yield Melding("antwoord-geen-keuze", hier, wat)
        elif naam in ("valueDecimal", "valueInteger") and not _binnen(waarde, vraag):
            grenzen = {"minimum": str(vraag.minimum), "maximum": str(vraag.maximum), "eenheid": vraag.eenheid or ""}
            yield Melding("antwoord-buiten-grens", hier, {**wat, **grenzen})


def _goed_gevormd(naam: str, waarde: object) -> bool:
    """Of de JSON-waarde bij het FHIR-type van het element past; een datum moet ook bestaan."""
    match naam:
        case "valueBoolean":
            return isinstance(waarde, bool)
        case "valueDecimal":
            return isinstance(waarde, int | float | Decimal) and not isinstance(waarde, bool)
        case "valueInteger":
            return isinstance(waarde, int) and not isinstance(waarde, bool)
        case "valueDate":
            return isinstance(waarde, str) and _bestaat(waarde)
        case "valueDateTime":
            return isinstance(waarde, str) and (_bestaat(waarde) or _moment_bestaat(waarde))
        case "valueTime":
            return isinstance(waarde, str) and bool(_TIJD.match(waarde))
        case "valueString" | "valueUri":
            return isinstance(waarde, str)
        case "valueCoding":
            return isinstance(waarde, dict) and all(
                isinstance(waarde.get(d, ""), str) for d in ("system", "code", "display")
            )
        case _:
            return isinstance(waarde, dict) and bool(waarde)


def _bestaat(tekst: str) -> bool:
    if not _DATUM.match(tekst):
        return False
    try:
        date.fromisoformat(tekst + "0000-01-01"[len(tekst) :])  # jjjj en jjjj-mm worden de eerste dag
    except ValueError:
        return False
    return True


def _moment_bestaat(tekst: str) -> bool:
    if not _DATUMTIJD.match(tekst):
        return False
    try:
        datetime.fromisoformat(tekst)
    except ValueError:
        return False
    return True


def _is_keuze(coding: object, systeem: str | None, code: str) -> bool:
    return isinstance(coding, dict) and coding.get("code") == code and coding.get("system") == systeem


def _binnen(waarde: Any, vraag: Vraag) -> bool:
    getal = Decimal(str(waarde))
    if not getal.is_finite():
        return False
    return (vraag.minimum is None or getal >= vraag.minimum) and (vraag.maximum is None or getal <= vraag.maximum)


# --- wat ontbreekt


def _ontbrekend(
    ouders: list[Any], vragen: Sequence[Vraag], plekken: tuple[str, ...], omgeving: Omgeving
) -> Iterator[Melding]:
    """Per ouder (met zijn plek) de vragen zonder antwoord; een ouder None staat voor een groep die er nog niet is."""
    for ouder, plek in zip(ouders, plekken, strict=True):
        items = items_van(ouder)
        rond = (*omgeving, items)
        for vraag in vragen:
            if not geldt(vraag, rond):
                continue
            eigen = [
                (i, item)
                for i, item in enumerate(items)
                if isinstance(item, dict) and item.get("linkId") == vraag.link_id
            ]
            leeg = f"{plek}.item.where(linkId='{vraag.link_id}')"
            wat = {"vraag": vraag.tekst}
            if vraag.is_groep and not vraag.herhaalt:
                kinderen: list[Any] = [item for _, item in eigen[:1]] or [None]
                hier = tuple(f"{plek}.item[{i}]" for i, _ in eigen[:1]) or (leeg,)
                yield from _ontbrekend(kinderen, vraag.kinderen, hier, rond)
            elif vraag.is_groep:
                rijen = [(i, item) for i, item in eigen if heeft_antwoord(item)]
                if vraag.nodig and not rijen:
                    yield Melding("antwoord-ontbreekt", leeg, wat)
                hier = tuple(f"{plek}.item[{i}]" for i, _ in rijen)
                yield from _ontbrekend([item for _, item in rijen], vraag.kinderen, hier, rond)
            elif vraag.nodig and not any(heeft_antwoord(item) for _, item in eigen):
                yield Melding("antwoord-ontbreekt", leeg, wat)


# --- enableWhen


def _voldoet(voorwaarde: Voorwaarde, omgeving: Omgeving) -> bool:
    """Eén voorwaarde: de dichtstbijzijnde antwoorden op die vraag, van binnen naar buiten gezocht."""
    gegeven: list[Any] = []
    for items in reversed(omgeving):
        gegeven = list(_gegeven(items, voorwaarde.vraag))
        if gegeven:
            break
    if voorwaarde.operator == "exists":
        return bool(gegeven) is voorwaarde.waarde
    if voorwaarde.operator == "!=":
        return bool(gegeven) and not any(_gelijk(g, voorwaarde.waarde) for g in gegeven)
    return any(_vergelijk(g, voorwaarde.operator, voorwaarde.waarde) for g in gegeven)


def _gegeven(items: list[Any], link_id: str) -> Iterator[Any]:
    for item in items:
        if not isinstance(item, dict):
            continue
        for antwoord in antwoorden_van(item):
            waarde = waarde_van(antwoord)
            if item.get("linkId") == link_id and waarde is not None:
                yield waarde[1]
            yield from _gegeven(items_van(antwoord), link_id)
        yield from _gegeven(items_van(item), link_id)


def _gelijk(links: Any, rechts: Any) -> bool:
    if isinstance(links, dict) and isinstance(rechts, dict):
        return bool(links.get("code") == rechts.get("code") and links.get("system") == rechts.get("system"))
    return bool(links == rechts)


def _vergelijk(links: Any, operator: str, rechts: Any) -> bool:
    if operator == "=":
        return _gelijk(links, rechts)
    getallen = int | float | Decimal
    if isinstance(links, getallen) and isinstance(rechts, getallen):
        links, rechts = Decimal(str(links)), Decimal(str(rechts))
    elif not (isinstance(links, str) and isinstance(rechts, str)):
        return False
    uitkomsten: dict[str, bool] = {
        ">": links > rechts,
        "<": links < rechts,
        ">=": links >= rechts,
        "<=": links <= rechts,
    }
    return uitkomsten.get(operator, False)
