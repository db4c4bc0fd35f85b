"""Controleert de antwoorden van een QuestionnaireResponse tegen haar vragenlijst: alle fouten, elk bij zijn element.

FHIR R4 QuestionnaireResponse: linkId's, nesting, typen, keuzes, herhaling, enableWhen, en bij `completed` wat
verplicht is. Controleert niet of de resource zelf FHIR is: dat doet `paspoort/fhir/validatie.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.validatie_orde import orde
from paspoort.fhir.vragenlijst.lijst import Voorwaarde, Vraag, Vragenlijst
from paspoort.fhir.vragenlijst.waarde import Lijsten, antwoord_fouten, gelijk
from paspoort.fouten import Melding

AFGEROND: Final = frozenset({"completed", "amended"})
Omgeving = tuple[list[Any], ...]  # de itemlijsten van buiten naar binnen, voor enableWhen


def controleer(response: Json, vragenlijst: Vragenlijst, lijsten: Lijsten | None = None) -> list[Melding]:
    """Alle fouten in de antwoorden, elk met een plek zoals `QuestionnaireResponse.item[1].answer[0].valueCoding`.

    Wat ontbreekt telt alleen bij status completed of amended. `lijsten` geeft de waardelijst bij een `answerValueSet`;
    zonder wordt daar niet op getoetst. Gooit nooit: ook kapotte JSON geeft meldingen.
    """
    meldingen: list[Melding] = []
    if not vragenlijst.hoort_bij(response.get("questionnaire")):
        waarden = {"verwacht": vragenlijst.canonical}
        meldingen.append(Melding("vragenlijst-anders", "QuestionnaireResponse.questionnaire", waarden))
    toets = _Toets(vragenlijst, lijsten or (lambda _: None), meldingen)
    toets.items(response, vragenlijst.vragen, vragenlijst.uitleg, "QuestionnaireResponse", ())
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


@dataclass(slots=True)
class _Toets:
    """Eén response naast haar vragenlijst; `uit` verzamelt de fouten."""

    vragenlijst: Vragenlijst
    lijsten: Lijsten
    uit: list[Melding]

    def items(
        self, ouder: Json, vragen: Sequence[Vraag], uitleg: frozenset[str], plek: str, omgeving: Omgeving
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
            self._item(item, vraag, hier, (*omgeving, items))
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
        if not geldt(vraag, omgeving) and heeft_antwoord(item):
            self.uit.append(Melding("antwoord-niet-gevraagd", plek, {"vraag": vraag.tekst}))
        if not vraag.is_groep:
            self._antwoorden(item, vraag, plek, omgeving)
            return
        if "answer" in item:
            self.uit.append(Melding("groep-met-antwoord", f"{plek}.answer", {"vraag": vraag.tekst}))
        self.items(item, vraag.kinderen, vraag.uitleg, plek, omgeving)

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
        return bool(gegeven) and not any(gelijk(g, voorwaarde.waarde) for g in gegeven)
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


def _vergelijk(links: Any, operator: str, rechts: Any) -> bool:
    if operator == "=":
        return gelijk(links, rechts)
    volgorde = orde(links, rechts)
    if volgorde is None:
        return False
    return {">": volgorde > 0, "<": volgorde < 0, ">=": volgorde >= 0, "<=": volgorde <= 0}.get(operator, False)
