"""Controleert de antwoorden van een QuestionnaireResponse tegen haar vragenlijst: alle fouten, elk bij zijn element.

FHIR R4 QuestionnaireResponse: linkId's, nesting, typen, keuzes, herhaling, enableWhen, en bij `completed` wat
verplicht is. Controleert niet of de resource zelf FHIR is: dat doet `paspoort/fhir/validatie.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import extension
from paspoort.fhir.vragenlijst.gelding import Gelding, Omgeving, antwoorden_van, items_van, waarde_van
from paspoort.fhir.vragenlijst.rekenen import verkeerd_berekend
from paspoort.fhir.vragenlijst.vraag import Vraag, Vragenlijst
from paspoort.fhir.vragenlijst.waarde import Lijsten, antwoord_fouten
from paspoort.fouten import Melding

AFGEROND: Final = frozenset({"completed", "amended"})
UIT_DOCUMENT: Final = extension("uit-document")

__all__ = ["AFGEROND", "antwoorden_van", "controleer", "heeft_antwoord", "items_van", "ontbrekend", "waarde_van"]


def controleer(response: Json, vragenlijst: Vragenlijst, lijsten: Lijsten | None = None) -> list[Melding]:
    """Alle fouten in de antwoorden, elk met een plek zoals `QuestionnaireResponse.item[1].answer[0].valueCoding`.

    Wat ontbreekt telt alleen bij status completed of amended, en niet bij een advies van papier. `lijsten` geeft
    de waardelijst bij een `answerValueSet`; zonder wordt daar niet op getoetst. Gooit nooit: ook kapotte JSON
    geeft meldingen.
    """
    meldingen: list[Melding] = []
    if not vragenlijst.hoort_bij(response.get("questionnaire")):
        waarden = {"verwacht": vragenlijst.canonical}
        meldingen.append(Melding("vragenlijst-anders", "QuestionnaireResponse.questionnaire", waarden))
    toets = _Toets(vragenlijst, lijsten or (lambda _: None), meldingen, Gelding())
    toets.items(response, vragenlijst.vragen, vragenlijst.uitleg, "QuestionnaireResponse", ())
    if not meldingen:  # rekenen met antwoorden die niet kloppen zegt niets
        meldingen.extend(verkeerd_berekend(response, vragenlijst))
    if response.get("status") in AFGEROND and not _van_papier(response):
        meldingen.extend(ontbrekend(response, vragenlijst))
    return meldingen


def ontbrekend(response: Json, vragenlijst: Vragenlijst) -> list[Melding]:
    """Wat nog nodig is om af te ronden, los van de status. Plek: `….item.where(linkId='1.3')`.

    Een enkelvoudige groep geldt altijd als aanwezig; van een herhaalde groep telt elke rij die er is.
    """
    return list(_ontbrekend([response], vragenlijst.vragen, ("QuestionnaireResponse",), (), Gelding()))


def heeft_antwoord(item: object) -> bool:
    """Of er ergens in dit item een waarde staat."""
    if not isinstance(item, dict):
        return False
    if any(waarde_van(antwoord) for antwoord in antwoorden_van(item)):
        return True
    return any(heeft_antwoord(kind) for kind in items_van(item))


def _van_papier(response: Json) -> bool:
    """Een overgetypt stuk is zoals het is; daar mag ontbreken wat wij zouden vragen."""
    extensies = response.get("extension")
    return isinstance(extensies, list) and any(isinstance(e, dict) and e.get("url") == UIT_DOCUMENT for e in extensies)


# --- wat er staat


@dataclass(slots=True)
class _Toets:
    """Eén response naast haar vragenlijst; `uit` verzamelt de fouten."""

    vragenlijst: Vragenlijst
    lijsten: Lijsten
    uit: list[Melding]
    gelding: Gelding
    binnen: int = 0  # in zo veel groepen die niet gesteld zijn: dan is de groep al gemeld

    def items(
        self, ouder: Json, vragen: tuple[Vraag, ...], uitleg: frozenset[str], plek: str, omgeving: Omgeving
    ) -> None:
        """De items onder een resource, groep of antwoord: bekend, op hun plaats, in volgorde, niet te vaak."""
        if "item" in ouder and not isinstance(ouder["item"], list):
            self.uit.append(Melding("antwoord-vorm", f"{plek}.item"))
            return
        items = items_van(ouder)
        aantal: dict[str, int] = {}
        hoogst = -1
        for nummer, item in enumerate(items):
            hier = f"{plek}.item[{nummer}]"
            if not isinstance(item, dict) or not isinstance(item.get("linkId"), str):
                self.uit.append(Melding("antwoord-vorm", f"{hier}.linkId"))
                continue
            vraag = next((v for v in vragen if v.link_id == item["linkId"]), None)
            if vraag is None:
                self._vreemd(item, uitleg, hier)
                continue
            if vraag.volgorde < hoogst:
                self.uit.append(Melding("vraag-volgorde", f"{hier}.linkId", {"vraag": vraag.tekst}))
            hoogst = max(hoogst, vraag.volgorde)
            aantal[vraag.link_id] = aantal.get(vraag.link_id, 0) + 1
            self._vaak(vraag, aantal[vraag.link_id], hier)
            self._item(item, vraag, hier, (*omgeving, (vragen, items)))
        if items and "item" in ouder:
            self._te_weinig(vragen, aantal, plek)

    def _vreemd(self, item: Json, uitleg: frozenset[str], plek: str) -> None:
        """Uitleg (`display`) mag genoemd worden, maar heeft geen antwoord en niets onder zich."""
        link = item["linkId"]
        if link in uitleg:
            self.uit.extend(
                Melding("groep-met-antwoord", f"{plek}.{naam}", {"vraag": link})
                for naam in ("answer", "item")
                if naam in item
            )
            return
        code = "vraag-verkeerde-plaats" if link in self.vragenlijst.per_link else "vraag-onbekend"
        self.uit.append(Melding(code, f"{plek}.linkId", {"vraag": link[:40]}))

    def _vaak(self, vraag: Vraag, aantal: int, plek: str) -> None:
        if aantal > 1 and not (vraag.is_groep and vraag.herhaalt):
            self.uit.append(Melding("vraag-dubbel", f"{plek}.linkId", {"vraag": vraag.tekst}))
        elif vraag.is_groep and vraag.grenzen.meest is not None and aantal > vraag.grenzen.meest:
            waarden = {"vraag": vraag.tekst, "aantal": str(vraag.grenzen.meest)}
            self.uit.append(Melding("antwoord-aantal-te-veel", plek, waarden))

    def _te_weinig(self, vragen: Sequence[Vraag], aantal: dict[str, int], plek: str) -> None:
        for vraag in vragen:
            minst = vraag.grenzen.minst
            if vraag.is_groep and minst and 0 < aantal.get(vraag.link_id, 0) < minst:
                waarden = {"vraag": vraag.tekst, "aantal": str(minst)}
                self.uit.append(Melding("antwoord-aantal-te-weinig", f"{plek}.item", waarden))

    def _item(self, item: Json, vraag: Vraag, plek: str, omgeving: Omgeving) -> None:
        gesteld = self.gelding.geldt(vraag, omgeving)
        if not gesteld and not self.binnen and heeft_antwoord(item):
            self.uit.append(Melding("antwoord-niet-gevraagd", plek, {"vraag": vraag.tekst}))
        self.binnen += not gesteld
        if not vraag.is_groep:
            self._antwoorden(item, vraag, plek, omgeving)
        else:
            if "answer" in item:
                self.uit.append(Melding("groep-met-antwoord", f"{plek}.answer", {"vraag": vraag.tekst}))
            self.items(item, vraag.kinderen, vraag.uitleg, plek, omgeving)
        self.binnen -= not gesteld

    def _antwoorden(self, item: Json, vraag: Vraag, plek: str, omgeving: Omgeving) -> None:
        if "item" in item:
            self.uit.append(Melding("vraag-verkeerde-plaats", f"{plek}.item", {"vraag": vraag.link_id}))
        antwoorden = item.get("answer", [])
        if not isinstance(antwoorden, list):
            self.uit.append(Melding("antwoord-vorm", f"{plek}.answer"))
            return
        g, waarden = vraag.grenzen, {"vraag": vraag.tekst}
        if len(antwoorden) > 1 and not vraag.herhaalt:
            self.uit.append(Melding("antwoord-te-veel", f"{plek}.answer[1]", waarden))
        elif g.meest is not None and len(antwoorden) > g.meest:
            waarden["aantal"] = str(g.meest)
            self.uit.append(Melding("antwoord-aantal-te-veel", f"{plek}.answer[{g.meest}]", waarden))
        elif g.minst is not None and 0 < len(antwoorden) < g.minst:
            waarden["aantal"] = str(g.minst)
            self.uit.append(Melding("antwoord-aantal-te-weinig", f"{plek}.answer", waarden))
        for nummer, antwoord in enumerate(antwoorden):
            hier = f"{plek}.answer[{nummer}]"
            self.uit.extend(antwoord_fouten(antwoord, vraag, hier, self.lijsten))
            if isinstance(antwoord, dict):
                self.items(antwoord, vraag.kinderen, vraag.uitleg, hier, omgeving)


# --- wat ontbreekt


def _ontbrekend(
    ouders: Sequence[Any], vragen: tuple[Vraag, ...], plekken: Sequence[str], omgeving: Omgeving, gelding: Gelding
) -> Iterator[Melding]:
    """Per ouder (met zijn plek) de vragen zonder antwoord; een ouder None staat voor een groep die er nog niet is."""
    for ouder, plek in zip(ouders, plekken, strict=True):
        items = items_van(ouder)
        rond = (*omgeving, (vragen, items))
        for vraag in vragen:
            if not gelding.geldt(vraag, rond):
                continue
            eigen = [
                (i, item)
                for i, item in enumerate(items)
                if isinstance(item, dict) and item.get("linkId") == vraag.link_id
            ]
            leeg = f"{plek}.item.where(linkId='{vraag.link_id}')"
            gevuld = [(i, item) for i, item in eigen if heeft_antwoord(item)]
            # een groep geldt als aanwezig, ook als er nog niets in staat
            binnen = (eigen if vraag.herhaalt else eigen[:1]) if vraag.is_groep else gevuld
            onder = [
                (kind, hier)
                for i, item in binnen
                for kind, hier in _ouders_in(item, vraag, f"{plek}.item[{i}]")
            ]  # fmt: skip
            if vraag.is_groep and not vraag.herhaalt and not onder:
                onder = [(None, leeg)]
            dieper = list(
                _ontbrekend([o for o, _ in onder], vraag.kinderen, [p for _, p in onder], rond, gelding)
                if vraag.kinderen
                else ()
            )
            # ook naast een volle rij mag een rij van een verplichte groep niet zonder inhoud staan
            kaal = vraag.is_groep and any(not items_van(item) for _, item in eigen)
            if vraag.nodig and not dieper and (kaal or not gevuld):
                yield Melding("antwoord-ontbreekt", leeg, {"vraag": vraag.tekst})
            yield from dieper


def _ouders_in(item: Any, vraag: Vraag, plek: str) -> Iterator[tuple[Any, str]]:
    """Waar de kinderen van een vraag staan: in het item van een groep, bij een vraag in elk antwoord."""
    if vraag.is_groep:
        yield item, plek
    else:
        yield from ((antwoord, f"{plek}.answer[{n}]") for n, antwoord in enumerate(antwoorden_van(item)))
