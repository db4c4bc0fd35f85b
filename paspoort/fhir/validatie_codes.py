"""Codestelsels en waardelijsten uit `fhir_profiles`, bij het laden uitgeklapt tot gewone verzamelingen.

Klapt uit wat er staat: losse codes, hele eigen stelsels, en lijsten van lijsten. Een filter (SNOMED CT) kan hier niet
worden uitgeklapt; dan weten wij alleen of het stelsel klopt. Een lijst `r4-…` noemt alle codes van haar stelsels, dus
een code daarbuiten bestaat niet. FHIR R4 §4.9 (ValueSet), §4.8 (CodeSystem).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from paspoort.fhir.fhirjson import Json
from paspoort.fhir.stelsels import BASIS, waardelijst
from paspoort.fhir.validatie_orde import HOEVEELHEDEN

Uitkomst = Literal["erin", "eruit", "onbekend"]
ALLES: Final = "*"  # in `open_stelsels`: een lijst die deels elders staat; dan is niets uit te sluiten
R4_LIJST: Final = waardelijst("r4-")
_LIJST_HL7: Final = "http://hl7.org/fhir/ValueSet/"

# Stelsels die geen lijst hebben maar een schrijfwijze: taal (BCP 47) en soort bestand (BCP 13).
SCHRIJFWIJZEN: Final = {
    "urn:ietf:bcp:47": re.compile(
        r"[A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?"
        r"(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(-[A-WYZa-wyz0-9](-[A-Za-z0-9]{2,8})+)*(-x(-[A-Za-z0-9]{1,8})+)?"
    ),
    "urn:ietf:bcp:13": re.compile(
        r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+\-]{0,126}/[A-Za-z0-9*][A-Za-z0-9!#$&^_.+\-]{0,126}( *;.*)?"
    ),
}


@dataclass(frozen=True, slots=True)
class Waardelijst:
    """Een uitgeklapte lijst. `open_stelsels`: stelsels waarvan niet alle codes hier bekend zijn."""

    url: str
    codes: frozenset[tuple[str, str]]
    open_stelsels: frozenset[str]
    kaal: frozenset[str]  # de codes zonder stelsel, voor elementen van soort `code`
    niet: frozenset[tuple[str, str]] = frozenset()  # uitgesloten codes van open stelsels

    def bevat(self, stelsel: object, code: object) -> Uitkomst:
        """`onbekend` als de code in een stelsel zit dat hier niet is uit te klappen; wat geen tekst is, is `eruit`."""
        if not isinstance(stelsel, str) or not isinstance(code, str):
            return "eruit"
        if (stelsel, code) in self.codes:
            return "erin"
        if (stelsel, code) in self.niet:
            return "eruit"
        if ALLES in self.open_stelsels:
            return "onbekend"
        if stelsel in SCHRIJFWIJZEN and stelsel in self.open_stelsels:
            return "erin" if SCHRIJFWIJZEN[stelsel].fullmatch(code) else "eruit"
        return "onbekend" if stelsel in self.open_stelsels else "eruit"

    def kent(self, code: str) -> bool:
        """Of een `code` zonder stelsel erin kan zitten; met een open stelsel zonder schrijfwijze kan alles."""
        if code in self.kaal:
            return True
        return any(s not in SCHRIJFWIJZEN or SCHRIJFWIJZEN[s].fullmatch(code) for s in self.open_stelsels)

    def uitkomsten(self, soort: str | None, waarde: Any) -> list[Uitkomst]:
        """Per code in de waarde (een code, Coding, CodeableConcept of Quantity) of hij erin zit; leeg = geen code."""
        if isinstance(waarde, str):
            return ["erin" if self.kent(waarde) else "eruit"]
        if not isinstance(waarde, dict):
            return []
        codings = waarde.get("coding", []) if soort == "CodeableConcept" or "coding" in waarde else [waarde]
        codings = codings if isinstance(codings, list) else []
        if soort in HOEVEELHEDEN:
            codings = [c for c in codings if "code" in c]
        return [self.bevat(c.get("system"), c.get("code")) for c in codings if isinstance(c, dict)]

    @property
    def naam(self) -> str:
        """De staart van de url, voor in een melding."""
        return self.url.rpartition("/")[2]


def los_uitgeklapt(lijst: Json) -> Waardelijst | None:
    """Een waardelijst die een vragenlijst zelf insluit; None als zij niet is uit te klappen."""
    delen = lijst.get("compose", {}).get("include", ())
    if not delen or any("concept" not in deel for deel in delen):
        return None
    codes = frozenset((deel["system"], begrip["code"]) for deel in delen for begrip in deel["concept"])
    return Waardelijst(f"#{lijst.get('id')}", codes, frozenset(), frozenset(code for _, code in codes))


def onbekende_lijst(url: str) -> Waardelijst:
    """Een lijst die hier niet is: van geen enkele code is te zeggen of hij erin zit."""
    return Waardelijst(url, frozenset(), frozenset({ALLES}), frozenset())


class Codes:
    """Alle stelsels en lijsten samen. Na het maken verandert er niets meer."""

    def __init__(self, bronnen: Iterable[Json]) -> None:
        """`bronnen`: CodeSystems en ValueSets als FHIR-JSON. Werpt ValueError bij een lijst die naar niets wijst."""
        self.weergaven: dict[tuple[str, str], str] = {}
        self._stelsels: dict[str, tuple[frozenset[str], bool]] = {}
        self.compleet: dict[str, frozenset[str]] = {}
        lijsten: dict[str, Json] = {}
        for bron in bronnen:
            if bron["resourceType"] == "CodeSystem":
                codes = dict(_begrippen(bron.get("concept", ())))
                self._stelsels[bron["url"]] = (frozenset(codes), bron["content"] == "complete")
                self.weergaven |= {(bron["url"], code): tekst for code, tekst in codes.items()}
                if bron["content"] == "complete" and codes:
                    self.compleet[bron["url"]] = frozenset(codes)
            elif bron["resourceType"] == "ValueSet":
                lijsten[bron["url"]] = bron
                for deel in bron["compose"]["include"] if bron["url"].startswith(R4_LIJST) else ():
                    codes_ = frozenset(begrip["code"] for begrip in deel.get("concept", ()))
                    if codes_:
                        self.compleet[deel["system"]] = self.compleet.get(deel["system"], frozenset()) | codes_
        self._lijsten = {url: self._klap_uit(url, lijsten) for url in lijsten}

    def lijst(self, canonical: str) -> Waardelijst | None:
        """De uitgeklapte lijst bij een canonical (zonder te letten op `|versie`), of None als wij hem niet hebben.

        Een lijst van HL7 zelf staat bij ons onder `r4-…`.
        """
        url = canonical.partition("|")[0]
        return self._lijsten.get(url) or self._lijsten.get(url.replace(_LIJST_HL7, R4_LIJST))

    def _klap_uit(self, url: str, lijsten: Mapping[str, Json], keten: tuple[str, ...] = ()) -> Waardelijst:
        if url in keten or (url not in lijsten and url.startswith(BASIS)):
            raise ValueError(f"waardelijst {url} bestaat niet of bevat zichzelf (via {keten})")
        if url not in lijsten or "compose" not in lijsten[url]:
            return onbekende_lijst(url)
        codes: set[tuple[str, str]] = set()
        open_stelsels: set[str] = set()
        for deel in lijsten[url]["compose"]["include"]:
            for andere in deel.get("valueSet", ()):
                binnen = self._klap_uit(andere.partition("|")[0], lijsten, (*keten, url))
                codes |= binnen.codes
                open_stelsels |= binnen.open_stelsels
            stelsel = deel.get("system")
            if stelsel is None:
                continue
            if "concept" in deel:
                codes |= {(stelsel, begrip["code"]) for begrip in deel["concept"]}
            elif stelsel in self._stelsels and "filter" not in deel:
                bekend, compleet = self._stelsels[stelsel]
                codes |= {(stelsel, code) for code in bekend}
                open_stelsels |= set() if compleet else {stelsel}
            else:
                open_stelsels.add(stelsel)
        niet: set[tuple[str, str]] = set()
        for deel in lijsten[url]["compose"].get("exclude", ()):
            niet |= {(deel["system"], begrip["code"]) for begrip in deel.get("concept", ())}
        codes -= niet
        kaal = frozenset(code for _, code in codes)
        return Waardelijst(url, frozenset(codes), frozenset(open_stelsels), kaal, frozenset(niet))


def _begrippen(begrippen: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    for begrip in begrippen:
        yield begrip["code"], begrip.get("display", "")
        yield from _begrippen(begrip.get("concept", ()))
