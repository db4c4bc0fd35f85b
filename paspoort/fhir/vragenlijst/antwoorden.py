"""Antwoorden lezen op item.code (`antwoorden`) en maken uit gewone waarden op item.code (`bouw`).

De laag voor bladzijden, voorbeelddata en het domein, zodat niemand linkId's of value[x] hoeft te kennen. Controleert
niet: dat doet `controle.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import extension
from paspoort.fhir.vragenlijst.controle import antwoorden_van, items_van, waarde_van
from paspoort.fhir.vragenlijst.lijst import WAARDE_ELEMENTEN, Vraag, Vragenlijst, vragenlijst_van
from paspoort.fouten import Melding, PaspoortFout

ANTWOORD_BRON: Final = extension("antwoord-bron")
GETAL: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
JA_NEE: Final = {"ja": True, "true": True, "nee": False, "false": False}

Simpel = str | bool | int | Decimal
Waarde = Any  # Simpel, Coding (dict), Gegeven, een lijst daarvan, of bij een herhaalde groep een lijst van Mapping


@dataclass(frozen=True, slots=True)
class Bron:
    """Waar een antwoord vandaan komt: wie het zei, wanneer (jjjj-mm-dd), en uit welke resource (`Type/id`)."""

    wie: str
    wanneer: str | None
    verwijzing: str | None


@dataclass(frozen=True, slots=True)
class Gegeven:
    """Een waarde met haar bron; `bouw` zet de bron als extensie bij het antwoord."""

    waarde: Any
    bron: Bron


@dataclass(frozen=True, slots=True)
class Antwoorden:
    """De antwoorden van een response, of van één rij van een herhaalde groep."""

    vragen: tuple[Vraag, ...]
    items: tuple[Json, ...]

    def alle(self, code: str) -> tuple[Any, ...]:
        """Elk antwoord op `code` als gewone waarde; van een keuze de code. Kijkt niet in herhaalde groepen."""
        return tuple(_kaal(waarde) for _, waarde, _ in self._waarden(code))

    def een(self, code: str) -> Any:
        """Het eerste antwoord op `code`, of None."""
        return next(iter(self.alle(code)), None)

    def tekst(self, code: str) -> str | None:
        """De antwoorden op `code` in leesbaar Nederlands, elk op een regel, of None."""
        regels = [in_woorden(vraag, waarde) for vraag, waarde, _ in self._waarden(code)]
        return "\n".join(regels) or None

    def bron(self, code: str) -> Bron | None:
        """De bron van het eerste antwoord op `code`."""
        return next((bron_van(antwoord) for _, _, antwoord in self._waarden(code)), None)

    def groepen(self, code: str) -> tuple[Antwoorden, ...]:
        """De rijen van een herhaalde groep, bijvoorbeeld `groepen("eis")`."""
        rijen = [
            item for vraag, item in self._items(self.vragen, self.items) if vraag.sleutel == code and vraag.is_groep
        ]
        vraag = next((v for top in self.vragen for v in top.boom() if v.sleutel == code), None)
        return tuple(Antwoorden(vraag.kinderen, tuple(items_van(rij))) for rij in rijen) if vraag else ()

    def _waarden(self, code: str) -> Iterator[tuple[Vraag, Any, Json]]:
        for vraag, item in self._items(self.vragen, self.items):
            if vraag.sleutel == code and not vraag.is_groep:
                for antwoord in antwoorden_van(item):
                    waarde = waarde_van(antwoord)
                    if waarde is not None:
                        yield vraag, waarde[1], antwoord

    def _items(self, vragen: Sequence[Vraag], items: Sequence[Any]) -> Iterator[tuple[Vraag, Json]]:
        """Vraag en item, door enkelvoudige groepen heen maar niet een herhaalde groep in."""
        per_link = {vraag.link_id: vraag for vraag in vragen}
        for item in items:
            vraag = per_link.get(item.get("linkId", "")) if isinstance(item, dict) else None
            if vraag is None:
                continue
            yield vraag, item
            if vraag.is_groep and not vraag.herhaalt:
                yield from self._items(vraag.kinderen, items_van(item))


def antwoorden(response: Json, vragenlijst: Vragenlijst | None = None) -> Antwoorden:
    """De antwoorden op item.code. Zonder `vragenlijst` de onze; `PaspoortFout` als die onbekend is."""
    lijst = vragenlijst or vragenlijst_van(response)
    return Antwoorden(lijst.vragen, tuple(items_van(response)))


def bouw(
    vragenlijst: Vragenlijst, waarden: Mapping[str, Waarde], status: str = "in-progress", kop: Json | None = None
) -> Json:
    """Een QuestionnaireResponse uit waarden op item.code, in de volgorde van de vragenlijst; lege waarden vallen weg.

    Een keuze mag als code of als Coding, een boolean ook als ja/nee, een getal ook als tekst; `eis` is een lijst van
    mappings. `kop` gaat vooraf aan `item` (subject, authored, author). Wat niet te lezen is, blijft als valueString
    staan: `controleer` wijst het aan. Werpt `PaspoortFout` (`vraag-onbekend`) voor codes die de vragenlijst niet heeft.
    """
    onbekend = _onbekende_codes(waarden, vragenlijst.vragen)
    if onbekend:
        raise PaspoortFout(*(Melding("vraag-onbekend", code, {"vraag": code}) for code in onbekend))
    response: Json = {"resourceType": "QuestionnaireResponse", "questionnaire": vragenlijst.canonical, "status": status}
    response |= kop or {}
    items = _bouw_items(vragenlijst.vragen, waarden)
    return response | ({"item": items} if items else {})


def bron_van(antwoord: Json) -> Bron | None:
    """De bron die als extensie `antwoord-bron` bij een antwoord staat."""
    for ext in antwoord.get("extension") or []:
        if isinstance(ext, dict) and ext.get("url") == ANTWOORD_BRON:
            delen = {deel.get("url"): deel for deel in ext.get("extension") or [] if isinstance(deel, dict)}
            verwijzing = delen.get("verwijzing", {}).get("valueReference", {}).get("reference")
            return Bron(
                str(delen.get("wie", {}).get("valueString", "")), delen.get("wanneer", {}).get("valueDate"), verwijzing
            )
    return None


def in_woorden(vraag: Vraag, waarde: Any) -> str:
    """Eén waarde zoals een lezer haar ziet: de keuzetekst, ja of nee, een getal met komma en eenheid."""
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    if isinstance(waarde, int | float | Decimal):
        return f"{waarde} {vraag.eenheid or ''}".strip().replace(".", ",")
    if isinstance(waarde, dict):
        keuze = next((k.tekst for k in vraag.keuzes if k.code == waarde.get("code")), None)
        return str(keuze or waarde.get("display") or waarde.get("code") or waarde.get("value") or "")
    return str(waarde)


def _kaal(waarde: Any) -> Any:
    return waarde.get("code", waarde) if isinstance(waarde, dict) else waarde


def _onbekende_codes(waarden: Mapping[str, Waarde], vragen: Sequence[Vraag]) -> list[str]:
    bekend = {vraag.sleutel: vraag for top in vragen for vraag in top.boom()}
    onbekend = [code for code in waarden if code not in bekend]
    for code, waarde in waarden.items():
        if code in bekend and bekend[code].is_groep and isinstance(waarde, list | tuple):
            onbekend += [c for rij in waarde for c in _onbekende_codes(rij, bekend[code].kinderen)]
    return onbekend


def _bouw_items(vragen: Sequence[Vraag], waarden: Mapping[str, Waarde]) -> list[Json]:
    items: list[Json] = []
    for vraag in vragen:
        if not vraag.is_groep:
            gegeven = waarden.get(vraag.sleutel)
            losse = gegeven if isinstance(gegeven, list | tuple) else [gegeven]
            gebouwd = [antwoord for los in losse if (antwoord := bouw_antwoord(vraag, los)) is not None]
            if gebouwd:
                items.append({"linkId": vraag.link_id, "answer": gebouwd})
            continue
        rijen = waarden.get(vraag.sleutel, ()) if vraag.herhaalt else (waarden,)
        for rij in rijen:
            kinderen = _bouw_items(vraag.kinderen, rij)
            if kinderen:
                items.append({"linkId": vraag.link_id, "item": kinderen})
    return items


def bouw_antwoord(vraag: Vraag, gegeven: Waarde) -> Json | None:
    """Eén `answer` uit een gewone waarde of `Gegeven`; None als er niets in staat."""
    waarde, bron = (gegeven.waarde, gegeven.bron) if isinstance(gegeven, Gegeven) else (gegeven, None)
    if isinstance(waarde, str):
        waarde = waarde.replace("\r\n", "\n").strip()
    if waarde is None or waarde == "":
        return None
    naam, inhoud = _value(vraag, waarde)
    return ({"extension": [_bron_extensie(bron)]} if bron else {}) | {naam: inhoud}


def _value(vraag: Vraag, waarde: Any) -> tuple[str, Any]:
    """(value[x], inhoud) voor deze vraag; wat niet past wordt valueString, zodat getypte invoer bewaard blijft."""
    naam = WAARDE_ELEMENTEN[vraag.type][0]
    if naam == "valueBoolean" and isinstance(waarde, str):
        waarde = JA_NEE.get(waarde.lower(), waarde)
    elif naam == "valueDecimal" and isinstance(waarde, str | int | float) and not isinstance(waarde, bool):
        waarde = _decimaal(waarde)
    elif naam == "valueInteger" and isinstance(waarde, str):
        waarde = int(waarde) if waarde.lstrip("-").isascii() and waarde.lstrip("-").isdigit() else waarde
    elif naam == "valueDate" and isinstance(waarde, str):
        waarde = _datum(waarde)
    elif naam == "valueCoding" and isinstance(waarde, str):
        return naam, _coding(vraag, waarde)
    if isinstance(waarde, str) and naam in ("valueBoolean", "valueDecimal", "valueInteger"):
        return "valueString", waarde
    return naam, waarde


def _coding(vraag: Vraag, code: str) -> Json:
    for keuze in vraag.keuzes:
        if keuze.code == code:
            return {"system": keuze.systeem, "code": keuze.code, "display": keuze.tekst}
    return {"code": code}


def _decimaal(waarde: str | int | float) -> Decimal | str:
    """Een getal zoals mensen het typen, met komma of punt; iets anders blijft de tekst die er stond."""
    tekst = str(waarde).replace(",", ".")
    return Decimal(tekst) if GETAL.fullmatch(tekst) else str(waarde)


def _datum(waarde: str) -> str:
    """Een Nederlandse datum dd-mm-jjjj wordt jjjj-mm-dd; de rest blijft zoals zij is."""
    delen = waarde.split("-")
    if len(delen) == 3 and len(delen[2]) == 4:
        return f"{delen[2]}-{delen[1]:0>2}-{delen[0]:0>2}"
    return waarde


def _bron_extensie(bron: Bron) -> Json:
    delen: list[Json] = [{"url": "wie", "valueString": bron.wie}]
    if bron.wanneer:
        delen.append({"url": "wanneer", "valueDate": bron.wanneer})
    if bron.verwijzing:
        delen.append({"url": "verwijzing", "valueReference": {"reference": bron.verwijzing}})
    return {"url": ANTWOORD_BRON, "extension": delen}
