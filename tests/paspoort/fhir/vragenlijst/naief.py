"""Een tweede lezing van R4: welke fouten een response heeft, zo eenvoudig mogelijk en zonder de motor.

Leest de Questionnaire als JSON. Eerst alle items op een rij met de weg erheen; dan elk item op zichzelf. Kent
alleen wat `gegenereerd.py` maakt. Bron: FHIR R4 Questionnaire en QuestionnaireResponse.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

Pad = tuple[tuple[str, int], ...]  # (linkId, plaats in de lijst van de ouder) van buiten naar binnen
ELEMENT = {
    "boolean": "valueBoolean", "integer": "valueInteger", "decimal": "valueDecimal", "string": "valueString",
    "text": "valueString", "date": "valueDate", "choice": "valueCoding", "time": "valueTime", "url": "valueUri",
}  # fmt: skip


class Naief:
    """Een vragenlijst en een response naast elkaar."""

    def __init__(self, vragenlijst: dict[str, Any], response: dict[str, Any]) -> None:
        """Zet alle definities (met hun ouders) en alle goed geplaatste items klaar."""
        self.definitie: dict[str, dict[str, Any]] = {}
        self.ouders: dict[str, tuple[str, ...]] = {}
        self._definities(vragenlijst["item"], ())
        self.boven = [i["linkId"] for i in vragenlijst["item"]]
        self.response = response
        self.items: list[tuple[Pad, dict[str, Any]]] = []
        self._plaats(response.get("item", []), ())

    def _definities(self, items: list[dict[str, Any]], boven: tuple[str, ...]) -> None:
        for item in items:
            self.definitie[item["linkId"]] = item
            self.ouders[item["linkId"]] = boven
            self._definities(item.get("item", []), (*boven, item["linkId"]))

    def _kinderen(self, boven: tuple[str, ...]) -> list[str]:
        return [i["linkId"] for i in self.definitie[boven[-1]].get("item", [])] if boven else self.boven

    def _plaats(self, items: list[dict[str, Any]], pad: Pad) -> None:
        for n, item in enumerate(items):
            if item["linkId"] in self._kinderen(tuple(link for link, _ in pad)):
                hier = (*pad, (item["linkId"], n))
                self.items.append((hier, item))
                if self.definitie[item["linkId"]]["type"] == "group":
                    self._plaats(item.get("item", []), hier)

    # --- gesteld

    def gesteld(self, link: str, boven: Pad) -> bool:
        """Of de vraag onder deze ouders gesteld is, die ouders zelf ook."""
        if boven and not self.gesteld(boven[-1][0], boven[:-1]):
            return False
        voorwaarden = self.definitie[link].get("enableWhen", [])
        if not voorwaarden:
            return True
        uitkomsten = [self._voldoet(v, link, boven) for v in voorwaarden]
        return all(uitkomsten) if self.definitie[link].get("enableBehavior") == "all" else any(uitkomsten)

    def _voldoet(self, voorwaarde: dict[str, Any], link: str, boven: Pad) -> bool:
        andere = voorwaarde["question"]
        samen = 0  # zo veel ouders hebben beide vragen samen
        while samen < len(boven) and samen < len(self.ouders[andere]) and boven[samen][0] == self.ouders[andere][samen]:
            samen += 1
        antwoorden = [
            waarde
            for pad, item in self.items
            if pad[-1][0] == andere and pad[:samen] == boven[:samen] and self.gesteld(andere, pad[:-1])
            for antwoord in item.get("answer", [])
            for waarde in antwoord.values()
        ]
        moet = next(w for n, w in voorwaarde.items() if n.startswith("answer"))
        match voorwaarde["operator"]:
            case "exists":
                return (len(antwoorden) > 0) == moet
            case "!=":
                return len(antwoorden) > 0 and all(not _zelfde(w, moet) for w in antwoorden)
            case "=":
                return any(_zelfde(w, moet) for w in antwoorden)
            case teken:
                return any(_orde(w, moet, teken) for w in antwoorden)

    # --- fouten

    def fouten(self) -> set[tuple[str, str]]:
        """(code, plek) van alles wat er mis is."""
        uit = self._lijst(self.response.get("item", []), "QuestionnaireResponse", ())
        if self.response["status"] == "completed":
            uit |= self._ontbreekt(self.response.get("item", []), "QuestionnaireResponse", ())
        return uit

    def _lijst(self, items: list[dict[str, Any]], plek: str, boven: Pad) -> set[tuple[str, str]]:
        uit: set[tuple[str, str]] = set()
        kinderen = self._kinderen(tuple(link for link, _ in boven))
        for n, item in enumerate(items):
            hier, link = f"{plek}.item[{n}]", item["linkId"]
            if link not in kinderen:
                bekend = "vraag-verkeerde-plaats" if link in self.definitie else "vraag-onbekend"
                uit.add((bekend, f"{hier}.linkId"))
                continue
            eerder = [i["linkId"] for i in items[:n] if i["linkId"] in kinderen]
            if any(kinderen.index(e) > kinderen.index(link) for e in eerder):
                uit.add(("vraag-volgorde", f"{hier}.linkId"))
            vraag = self.definitie[link]
            if link in eerder and not (vraag["type"] == "group" and vraag.get("repeats")):
                uit.add(("vraag-dubbel", f"{hier}.linkId"))
            boven_gesteld = not boven or self.gesteld(boven[-1][0], boven[:-1])
            if boven_gesteld and not self.gesteld(link, boven) and _ergens(item):
                uit.add(("antwoord-niet-gevraagd", hier))
            if vraag["type"] == "group":
                uit |= {("groep-met-antwoord", f"{hier}.answer")} if "answer" in item else set()
                uit |= self._lijst(item.get("item", []), hier, (*boven, (link, n)))
                continue
            antwoorden = item.get("answer", [])
            if len(antwoorden) > 1 and not vraag.get("repeats"):
                uit.add(("antwoord-te-veel", f"{hier}.answer[1]"))
            for m, antwoord in enumerate(antwoorden):
                ((naam, waarde),) = antwoord.items()
                code = _fout(vraag, naam, waarde)
                if code:
                    uit.add((code, f"{hier}.answer[{m}].{naam}"))
        return uit

    def _ontbreekt(self, items: list[dict[str, Any]], plek: str, boven: Pad) -> set[tuple[str, str]]:
        uit: set[tuple[str, str]] = set()
        for link in self._kinderen(tuple(naam for naam, _ in boven)):
            vraag = self.definitie[link]
            if not self.gesteld(link, boven):
                continue
            hier = [(n, i) for n, i in enumerate(items) if i["linkId"] == link]
            leeg = f"{plek}.item.where(linkId='{link}')"
            binnen: set[tuple[str, str]] = set()
            if vraag["type"] == "group":
                rijen = hier if vraag.get("repeats") else hier[:1]
                for n, rij in rijen:
                    binnen |= self._ontbreekt(rij.get("item", []), f"{plek}.item[{n}]", (*boven, (link, n)))
                if not vraag.get("repeats") and not hier:  # een gewone groep telt als aanwezig
                    binnen |= self._ontbreekt([], leeg, (*boven, (link, -1)))
            kaal = vraag["type"] == "group" and any(not i.get("item") for _, i in hier)  # een rij zonder iets erin
            if vraag.get("required") and (kaal or not any(_ergens(i) for _, i in hier)) and not binnen:
                uit.add(("antwoord-ontbreekt", leeg))
            uit |= binnen
        return uit


def _ergens(item: dict[str, Any]) -> bool:
    return bool(item.get("answer")) or any(_ergens(kind) for kind in item.get("item", []))


def _fout(vraag: dict[str, Any], naam: str, waarde: Any) -> str | None:
    soort = vraag["type"]
    mag = {"valueCoding", "valueString"} if soort == "open-choice" else {ELEMENT[soort]}
    if naam not in mag:
        return "antwoord-verkeerd-type"
    if soort == "date" and not _bestaat(waarde):
        return "antwoord-verkeerd-type"
    if soort == "time" and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d", waarde):
        return "antwoord-verkeerd-type"
    if naam == "valueString" and len(waarde) > vraag.get("maxLength", 999):
        return "antwoord-te-lang"
    if naam == "valueCoding" and all(not _zelfde(waarde, o["valueCoding"]) for o in vraag["answerOption"]):
        return "antwoord-geen-keuze"
    if soort in ("integer", "decimal"):
        grenzen = {ext["url"][-8:]: ext.get("valueInteger", 0) for ext in vraag.get("extension", [])}
        if waarde < grenzen.get("minValue", waarde) or waarde > grenzen.get("maxValue", waarde):
            return "antwoord-buiten-grens"
    return None


def _bestaat(tekst: str) -> bool:
    try:
        return bool(date.fromisoformat(tekst))
    except ValueError:
        return False


def _zelfde(een: Any, ander: Any) -> bool:
    if isinstance(een, dict) and isinstance(ander, dict):
        return bool((een["system"], een["code"]) == (ander["system"], ander["code"]))
    if isinstance(een, bool) or isinstance(ander, bool):
        return een is ander
    getal = (int, Decimal)
    soort = (isinstance(een, str) and isinstance(ander, str)) or (isinstance(een, getal) and isinstance(ander, getal))
    return soort and een == ander


def _orde(een: Any, ander: Any, teken: str) -> bool:
    getal = (int, Decimal)
    if isinstance(een, bool) or isinstance(ander, bool) or isinstance(een, dict):
        return False
    if not (isinstance(een, getal) and isinstance(ander, getal)):
        if not (isinstance(een, str) and isinstance(ander, str)) or (len(een), len(ander)) not in ((10, 10), (8, 8)):
            return False
        if not (een[0].isdigit() and ander[0].isdigit()):
            return False
    return bool({">": een > ander, "<": een < ander, ">=": een >= ander, "<=": een <= ander}[teken])
