"""Antwoorden lezen op item.code (`antwoorden`) en maken uit gewone waarden op item.code (`bouw`).

De laag voor bladzijden, voorbeelddata en het domein, zodat niemand linkId's of value[x] hoeft te kennen. Controleert
niet: dat doet `controle.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import extension
from paspoort.fhir.vragenlijst.gelding import antwoorden_van, items_van, waarde_van
from paspoort.fhir.vragenlijst.invoertekst import getaltekst, lees
from paspoort.fhir.vragenlijst.lijst import Vraag, Vragenlijst, vragenlijst_van
from paspoort.fhir.vragenlijst.waarde import gelijk
from paspoort.fouten import Melding, PaspoortFout
from paspoort.toestemmingsverloop import dag_in_woorden

ANTWOORD_BRON: Final = extension("antwoord-bron")

Simpel = str | bool | int | Decimal
Waarde = Any  # Simpel, Coding (dict), Gegeven, een lijst daarvan, of bij een herhaalde groep een lijst van Mapping


@dataclass(frozen=True, slots=True)
class Bron:
    """Waar een antwoord vandaan komt: wie het zei, wanneer (jjjj-mm-dd), en uit welke resource (`Type/id`).

    `bevestigd_op` is het moment waarop de schrijver van het formulier zei dat het nog klopt.
    """

    wie: str
    wanneer: str | None
    verwijzing: str | None
    bevestigd_op: str | None = None


@dataclass(frozen=True, slots=True)
class Gegeven:
    """Een waarde met haar bron; `bouw` zet de bron als extensie bij het antwoord."""

    waarde: Any
    bron: Bron


@dataclass(frozen=True, slots=True)
class Behouden:
    """Een antwoord dat blijft zoals het was: waarde, bron en alles wat er verder bij staat."""

    antwoord: Json


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
        """De antwoorden op `code` in leesbaar Nederlands, elk op een regel, of None; ook die van een groep vragen."""
        codes = [code]
        for vraag, _ in self._items(self.vragen, self.items):
            if vraag.sleutel == code and vraag.is_groep and not vraag.herhaalt:
                codes = [v.sleutel for v in vraag.boom()]
        regels = [in_woorden(vraag, waarde) for c in codes for vraag, waarde, _ in self._waarden(c)]
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
                str(delen.get("wie", {}).get("valueString", "")),
                delen.get("wanneer", {}).get("valueDate"),
                verwijzing,
                delen.get("bevestigd", {}).get("valueDateTime"),
            )
    return None


def bevestig(antwoord: Json, nu: str) -> Json:
    """Hetzelfde antwoord, met bij zijn bron dat de schrijver op `nu` zei dat het klopt; gezegd is gezegd."""
    bron = bron_van(antwoord)
    if bron is None or bron.bevestigd_op:
        return antwoord
    extensies = [_bron_extensie(replace(bron, bevestigd_op=nu)) if e.get("url") == ANTWOORD_BRON else e
                 for e in antwoord["extension"]]  # fmt: skip
    return antwoord | {"extension": extensies}


def in_woorden(vraag: Vraag, waarde: Any) -> str:
    """Eén waarde zoals een lezer haar ziet: de keuzetekst, ja of nee, een getal met komma en eenheid, een dag."""
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    if isinstance(waarde, int | float | Decimal):
        return f"{getaltekst(waarde)} {vraag.eenheid or ''}".strip()
    if isinstance(waarde, dict):
        keuze = next((k.tekst for k in vraag.keuzes if gelijk(k.inhoud, waarde)), None)
        keuze = keuze or next((k.tekst for k in vraag.keuzes if "code" in waarde and k.code == waarde["code"]), None)
        if keuze is None and "value" in waarde:
            return f"{getaltekst(waarde['value'])} {waarde.get('unit') or waarde.get('code') or ''}".strip()
        namen = ("display", "title", "code", "reference")
        return str(keuze or next((waarde[naam] for naam in namen if waarde.get(naam)), ""))
    if vraag.type == "date" and len(str(waarde)) == 10:
        with suppress(ValueError):
            return dag_in_woorden(date.fromisoformat(str(waarde)))
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
    """Eén `answer` uit een gewone waarde, `Gegeven` of `Behouden`; None als er niets in staat."""
    if isinstance(gegeven, Behouden):
        return gegeven.antwoord
    waarde, bron = (gegeven.waarde, gegeven.bron) if isinstance(gegeven, Gegeven) else (gegeven, None)
    if isinstance(waarde, str):
        waarde = waarde.replace("\r\n", "\n").strip()
    if waarde is None or waarde == "":
        return None
    naam, inhoud = lees(vraag, waarde)
    return ({"extension": [_bron_extensie(bron)]} if bron else {}) | {naam: inhoud}


def _bron_extensie(bron: Bron) -> Json:
    delen: list[Json] = [{"url": "wie", "valueString": bron.wie}]
    if bron.wanneer:
        delen.append({"url": "wanneer", "valueDate": bron.wanneer})
    if bron.verwijzing:
        delen.append({"url": "verwijzing", "valueReference": {"reference": bron.verwijzing}})
    if bron.bevestigd_op:
        delen.append({"url": "bevestigd", "valueDateTime": bron.bevestigd_op})
    return {"url": ANTWOORD_BRON, "extension": delen}
