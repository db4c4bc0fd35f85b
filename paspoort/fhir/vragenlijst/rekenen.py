"""Antwoorden die uit andere antwoorden volgen, en het eerste antwoord op een nieuw formulier.

Rekent FHIRPath over de response zelf (`%resource`), buiten herhaalde groepen; wat niet te rekenen is, blijft leeg.
Kent geen andere bronnen: het paspoort vult in met `bron-in-paspoort`. HL7 SDC calculatedExpression,
initialExpression; FHIR R4 Questionnaire.item.initial en answerOption.initialSelected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.validatie_pad import formule
from paspoort.fhir.vragenlijst.gelding import Gelding, Omgeving, items_van, waarde_van
from paspoort.fhir.vragenlijst.vraag import WAARDE_ELEMENTEN, Vraag, Vragenlijst
from paspoort.fhir.vragenlijst.waarde import gelijk
from paspoort.fouten import Melding

DECIMALEN: Final = 2  # als de vraag niet zegt hoe precies
Pad = tuple[Vraag, ...]


def met_berekend(response: Json, vragenlijst: Vragenlijst) -> Json:
    """De response met elk berekend antwoord opnieuw berekend; een antwoord dat niet te berekenen is, vervalt."""
    paden = [pad for pad in _paden(vragenlijst.vragen) if pad[-1].berekend]
    for _ in paden:  # zo vaak dat ook een som van sommen klaar is
        nieuw = response
        for pad in paden:
            nieuw = _zet(nieuw, vragenlijst.vragen, pad, _berekend(nieuw, vragenlijst, pad))
        if nieuw == response:
            break
        response = nieuw
    return response


def met_begin(response: Json, vragenlijst: Vragenlijst) -> Json:
    """Een nieuwe response met `initial` en initialExpression waar nog niets staat en de vraag gesteld is."""
    for pad in _paden(vragenlijst.vragen):
        vraag = pad[-1]
        if _item(response, pad) is not None or not _gesteld(response, vragenlijst, pad):
            continue
        begin = [{naam: waarde} for naam, waarde in vraag.grenzen.begin]
        if not begin and vraag.beginformule:
            begin = _uitkomst(vraag, vraag.beginformule, response)
        if begin:
            response = _zet(response, vragenlijst.vragen, pad, begin if vraag.herhaalt else begin[:1])
    return met_berekend(response, vragenlijst)


def verkeerd_berekend(response: Json, vragenlijst: Vragenlijst) -> Iterator[Melding]:
    """Een melding bij elk berekend antwoord dat niet uit de andere antwoorden volgt."""
    for pad in _paden(vragenlijst.vragen):
        item = _item(response, pad) if pad[-1].berekend else None
        if item is None:
            continue
        goed = _berekend(response, vragenlijst, pad)
        staat = [a for a in item.get("answer") or [] if waarde_van(a)]
        klopt = len(staat) == len(goed) and all(
            gelijk((waarde_van(a) or ("", 0))[1], (waarde_van(b) or ("", 1))[1])
            for a, b in zip(staat, goed, strict=True)
        )
        if not klopt:
            plek = "QuestionnaireResponse" + "".join(f".item.where(linkId='{v.link_id}')" for v in pad)
            yield Melding("antwoord-niet-berekend", plek, {"vraag": pad[-1].tekst})


def _berekend(response: Json, vragenlijst: Vragenlijst, pad: Pad) -> list[Json]:
    vraag = pad[-1]
    return _uitkomst(vraag, vraag.berekend or "", response) if _gesteld(response, vragenlijst, pad) else []


def _paden(vragen: tuple[Vraag, ...], boven: Pad = ()) -> Iterator[Pad]:
    """Elke vraag buiten herhaalde groepen, met de groepen erboven."""
    for vraag in vragen:
        if not vraag.is_groep:
            yield (*boven, vraag)
        elif not vraag.herhaalt:
            yield from _paden(vraag.kinderen, (*boven, vraag))


def _gesteld(response: Json, vragenlijst: Vragenlijst, pad: Pad) -> bool:
    gelding = Gelding()
    omgeving: Omgeving = ()
    ouder: Any = response
    broers = vragenlijst.vragen
    for vraag in pad:
        omgeving = (*omgeving, (broers, items_van(ouder)))
        if not gelding.geldt(vraag, omgeving):
            return False
        ouder, broers = _bij(items_van(ouder), vraag), vraag.kinderen
    return True


def _bij(items: list[Any], vraag: Vraag) -> Any:
    return next((i for i in items if isinstance(i, dict) and i.get("linkId") == vraag.link_id), None)


def _item(response: Json, pad: Pad) -> Any:
    """Het item op dit pad, of None."""
    ouder: Any = response
    for vraag in pad:
        ouder = _bij(items_van(ouder), vraag)
    return ouder


def _zet(ouder: Json, broers: tuple[Vraag, ...], pad: Pad, antwoorden: list[Json]) -> Json:
    """De ouder met deze antwoorden op het pad, in de volgorde van de vragenlijst; zonder antwoorden valt het weg."""
    vraag, items = pad[0], items_van(ouder)
    staat = _bij(items, vraag)
    if len(pad) == 1:
        nieuw = {"linkId": vraag.link_id, "answer": antwoorden} if antwoorden else None
        if staat is not None and nieuw is not None:
            nieuw = {naam: waarde for naam, waarde in staat.items() if naam in ("text", "linkId")} | nieuw
    elif staat is None and not antwoorden:
        nieuw = None
    else:
        nieuw = _zet(staat or {"linkId": vraag.link_id}, vraag.kinderen, pad[1:], antwoorden)
        nieuw = nieuw if "item" in nieuw else None
    over = [item for item in items if item is not staat] + ([nieuw] if nieuw is not None else [])
    plaats = {v.link_id: v.volgorde for v in broers}
    over.sort(key=lambda i: plaats.get(str(i.get("linkId")), len(broers)) if isinstance(i, dict) else len(broers))
    return {naam: waarde for naam, waarde in ouder.items() if naam != "item"} | ({"item": over} if over else {})


def _uitkomst(vraag: Vraag, uitdrukking: str, response: Json) -> list[Json]:
    """De antwoorden uit een formule, in het type van de vraag; leeg als er niets uitkomt of het niet past."""
    try:
        uitkomst = _gelezen(uitdrukking)(response)
    except Exception:  # fhirpathpy werpt van alles; een antwoord dat niet te rekenen is, is er niet
        return []
    passend = [{naam: w} for een in uitkomst if (w := _als(vraag, een)) is not None
               for naam in (WAARDE_ELEMENTEN[vraag.type][0],)]  # fmt: skip
    return passend if vraag.herhaalt else passend[:1]


@lru_cache(maxsize=256)
def _gelezen(uitdrukking: str) -> Callable[[Json], list[Any]]:
    return formule(uitdrukking)


def _als(vraag: Vraag, waarde: Any) -> Any:
    if isinstance(waarde, bool):
        return waarde if vraag.type == "boolean" else None
    if isinstance(waarde, int | float | Decimal):
        if vraag.type not in ("decimal", "integer"):
            return None
        plaatsen = 0 if vraag.type == "integer" else vraag.grenzen.decimalen
        stap = Decimal(1).scaleb(-(DECIMALEN if plaatsen is None else plaatsen))
        try:
            rond = Decimal(str(waarde)).quantize(stap, ROUND_HALF_UP)
        except InvalidOperation:
            return None
        return int(rond) if vraag.type == "integer" else rond
    tekst = str(getattr(waarde, "asStr", waarde))
    return tekst if tekst and vraag.type in ("string", "text", "date", "dateTime", "time", "url") else None
