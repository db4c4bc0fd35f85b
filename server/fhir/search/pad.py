"""De expressies van zoekparameters uitvoeren: het deel van FHIRPath dat R4 daarvoor gebruikt, één keer vertaald.

Kent paden, `|`, `and`, `=`, `!=`, `as`, `is`, haakjes en de functies in `FUNCTIES`; een element met een keuze van type
(`value[x]`) heet zoals in FHIRPath, zonder `[x]`. Wat er niet is, en een element dat het type niet heeft, faalt bij het
laden en niet bij een vraag. Bron: FHIR R4 search.html, fhirpath.html; FHIRPath 2.0 §5 en §6.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from server.fhir.request import Json
from server.fhir.search.snoeien import ELEMENTEN
from server.registry import KEUZES

Oplosser = Callable[[str], Json | None]  # verwijzing → zichtbare inhoud
Lijst = list[Any]
Stap = Callable[[Lijst, Oplosser], Lijst]
Waarden = Callable[[Json, Oplosser], Lijst]

FUNCTIES: Final = ("where", "exists", "as", "ofType", "resolve", "extension")
_TEKEN: Final = re.compile(r"\s*(?:([|().])|(!=|=)|'([^']*)'|([A-Za-z_]\w*))")
_VERWIJST: Final = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+)/[A-Za-z0-9.-]{1,64}(?:/_history/[^/]+)?")
_EXTENSIE: Final = "Extension"


@dataclass(frozen=True, slots=True)
class Deel:
    """Een vertaald deel van een expressie. `paden`: waar het element staat, voor zover bekend (`Type.a.b`).

    `keuze`: de laatste stap was een element met een keuze van type; (wat ervoor kwam, pad, naam). `doelen`: het deel
    is `resolve()`, en dit geeft de verwijzingen zelf.
    """

    stap: Stap
    paden: tuple[str, ...] = ()
    keuze: tuple[Stap, str, str] | None = None
    doelen: Stap | None = None


@lru_cache(maxsize=2048)
def compileer(expressie: str, type: str = "") -> Waarden:
    """De expressie als functie van een resource naar haar waarden, lijsten uitgevouwen.

    ValueError bij wat buiten deze taal valt, en bij een element dat `type` niet heeft.
    """
    stap = _Vertaler(expressie, (type,) if type else ()).alles().stap

    def waarden(inhoud: Json, los_op: Oplosser) -> Lijst:
        return stap([inhoud], los_op)

    return waarden


@lru_cache(maxsize=256)
def samengesteld(expressie: str, delen: tuple[str, ...], type: str) -> tuple[tuple[Waarden, tuple[Waarden, ...]], ...]:
    """Een composite: per alternatief het element, en vanaf dat element elk van de delen."""
    uit = []
    for alternatief in expressie.split(" | "):
        deel = _Vertaler(alternatief, (type,)).alles()
        onder = tuple(_als_waarden(_Vertaler(d, deel.paden, midden=True).alles().stap) for d in delen)
        uit.append((_als_waarden(deel.stap), onder))
    return tuple(uit)


def waarden(inhoud: Json, expressie: str, los_op: Oplosser) -> Lijst:
    """Alle waarden waar de expressie heen wijst; leeg als er niets is."""
    return compileer(expressie, str(inhoud.get("resourceType", "")))(inhoud, los_op)


def _als_waarden(stap: Stap) -> Waarden:
    return lambda inhoud, los_op: stap([inhoud], los_op)


class _Vertaler:
    """Ontleedt één expressie, van wat het zwakst bindt (`and`) naar wat het sterkst bindt (`.`)."""

    def __init__(self, expressie: str, paden: tuple[str, ...], *, midden: bool = False) -> None:
        self.expressie, self.paden, self.midden = expressie, paden, midden
        self.tekens = list(_tekens(expressie))
        self.plaats = 0

    def alles(self) -> Deel:
        deel = self._en(self.paden)
        if self.plaats != len(self.tekens):
            raise self._fout()
        return deel

    def _fout(self) -> ValueError:
        return ValueError(f"onbekende zoekexpressie: {self.expressie}")

    def _volgende(self) -> tuple[str, str]:
        return self.tekens[self.plaats] if self.plaats < len(self.tekens) else ("", "")

    def _neem(self, soort: str, waarde: str | None = None) -> str | None:
        gevonden = self._volgende()
        if gevonden[0] != soort or (waarde is not None and gevonden[1] != waarde):
            return None
        self.plaats += 1
        return gevonden[1]

    def _eis(self, soort: str, waarde: str | None = None) -> str:
        gevonden = self._neem(soort, waarde)
        if gevonden is None:
            raise self._fout()
        return gevonden

    def _en(self, paden: tuple[str, ...]) -> Deel:
        deel = self._vergelijking(paden)
        while self._neem("naam", "and"):
            deel = Deel(_en(deel.stap, self._vergelijking(paden).stap))
        return deel

    def _vergelijking(self, paden: tuple[str, ...]) -> Deel:
        links = self._unie(paden)
        teken = self._neem("vergelijk")
        return Deel(_gelijk(links.stap, self._unie(paden).stap, teken == "=")) if teken else links

    def _unie(self, paden: tuple[str, ...]) -> Deel:
        delen = [self._soort(paden)]
        while self._neem("teken", "|"):
            delen.append(self._soort(paden))
        if len(delen) == 1:
            return delen[0]
        return Deel(_samen([d.stap for d in delen]), tuple(p for d in delen for p in d.paden))

    def _soort(self, paden: tuple[str, ...]) -> Deel:
        deel = self._pad(paden)
        if self._neem("naam", "as"):
            return self._als(deel, self._eis("naam"))
        if self._neem("naam", "is"):
            if deel.doelen is None:
                raise self._fout()
            return Deel(_wijst_naar(deel.doelen, self._eis("naam")))
        return deel

    def _pad(self, paden: tuple[str, ...]) -> Deel:
        deel = self._begin(paden)
        while self._neem("teken", "."):
            deel = self._stap(deel, self._eis("naam"))
        return deel

    def _begin(self, paden: tuple[str, ...]) -> Deel:
        if self._neem("teken", "("):
            deel = self._en(paden)
            self._eis("teken", ")")
            return deel
        tekst = self._neem("tekst")
        if tekst is not None:
            return Deel(_vast(tekst))
        naam = self._eis("naam")
        if naam in ("true", "false"):
            return Deel(_vast(naam == "true"))
        hier = Deel(_zelf, paden)
        # Aan het begin mag de naam van het type staan, of Resource voor elk type.
        if not self.midden and naam in (*paden, "Resource"):
            return hier
        return self._stap(hier, naam)

    def _stap(self, deel: Deel, naam: str) -> Deel:
        if self._neem("teken", "("):
            if naam not in FUNCTIES:
                raise self._fout()
            uit = self._functie(deel, naam)
            self._eis("teken", ")")
            return uit
        return self._element(deel, naam)

    def _functie(self, deel: Deel, naam: str) -> Deel:
        if naam == "where":
            return Deel(_waar(deel.stap, self._en(deel.paden).stap), deel.paden)
        if naam in ("as", "ofType"):
            return self._als(deel, self._eis("naam"))
        if naam == "extension":
            return Deel(_extensie(deel.stap, self._eis("tekst")), (_EXTENSIE,))
        if naam == "resolve":
            return Deel(_opgelost(deel.stap), doelen=deel.stap)
        return Deel(_bestaat(deel.stap))

    def _element(self, deel: Deel, naam: str) -> Deel:
        for pad in deel.paden:
            if pad in ELEMENTEN and naam not in ELEMENTEN[pad].namen:
                raise ValueError(f"onbekend element in zoekexpressie: {pad}.{naam}")
            if pad == _EXTENSIE and naam == "value":
                return Deel(_begint_met(deel.stap, "value"), keuze=(deel.stap, pad, naam))
            if f"{pad}.{naam}" in KEUZES:
                sleutels = tuple(naam + t[0].upper() + t[1:] for t in KEUZES[f"{pad}.{naam}"])
                return Deel(_veld(deel.stap, sleutels), (f"{pad}.{naam}",), (deel.stap, f"{pad}.{naam}", naam))
        return Deel(_veld(deel.stap, (naam,)), tuple(f"{p}.{naam}" for p in deel.paden))

    def _als(self, deel: Deel, soort: str) -> Deel:
        if deel.keuze is None:
            raise self._fout()
        voor, pad, naam = deel.keuze
        # R4 schrijft één keer `DateTime` waar het type `dateTime` heet.
        soorten = {t.casefold() for t in KEUZES.get(pad, (soort,))}
        if soort.casefold() not in soorten:
            raise self._fout()
        return Deel(_veld(voor, (naam + soort[0].upper() + soort[1:],)))


def _tekens(expressie: str) -> Iterator[tuple[str, str]]:
    plaats, einde = 0, len(expressie.rstrip())
    while plaats < einde:
        gevonden = _TEKEN.match(expressie, plaats)
        if gevonden is None:
            raise ValueError(f"onbekende zoekexpressie: {expressie}")
        plaats = gevonden.end()
        for soort, waarde in zip(("teken", "vergelijk", "tekst", "naam"), gevonden.groups(), strict=True):
            if waarde is not None:
                yield soort, waarde


# --- de stappen zelf: van elementen naar elementen


def _zelf(elementen: Lijst, _: Oplosser) -> Lijst:
    return elementen


def _vast(waarde: str | bool) -> Stap:
    return lambda elementen, los_op: [waarde]


def _veld(voor: Stap, sleutels: tuple[str, ...]) -> Stap:
    def stap(elementen: Lijst, los_op: Oplosser) -> Lijst:
        uit: Lijst = []
        for element in voor(elementen, los_op):
            if isinstance(element, dict):
                for sleutel in sleutels:
                    waarde = element.get(sleutel)
                    if isinstance(waarde, list):
                        uit.extend(waarde)
                    elif waarde is not None:
                        uit.append(waarde)
        return uit

    return stap


def _begint_met(voor: Stap, naam: str) -> Stap:
    def stap(elementen: Lijst, los_op: Oplosser) -> Lijst:
        return [w for e in voor(elementen, los_op) if isinstance(e, dict) for k, w in e.items() if k.startswith(naam)]

    return stap


def _samen(stappen: Sequence[Stap]) -> Stap:
    return lambda elementen, los_op: [w for stap in stappen for w in stap(elementen, los_op)]


def _waar(voor: Stap, voorwaarde: Stap) -> Stap:
    return lambda elementen, los_op: [e for e in voor(elementen, los_op) if voorwaarde([e], los_op) == [True]]


def _bestaat(voor: Stap) -> Stap:
    return lambda elementen, los_op: [bool(voor(elementen, los_op))]


def _gelijk(links: Stap, rechts: Stap, gelijk: bool) -> Stap:
    def stap(elementen: Lijst, los_op: Oplosser) -> Lijst:
        a, b = links(elementen, los_op), rechts(elementen, los_op)
        # Leeg is niet te vergelijken (FHIRPath §6.1). `True == 1` is in Python waar, in FHIRPath niet.
        if not a or not b:
            return []
        zelfde = len(a) == len(b) and all(type(x) is type(y) and x == y for x, y in zip(a, b, strict=True))
        return [zelfde is gelijk]

    return stap


def _en(links: Stap, rechts: Stap) -> Stap:
    def stap(elementen: Lijst, los_op: Oplosser) -> Lijst:
        a, b = links(elementen, los_op), rechts(elementen, los_op)
        if [False] in (a, b):
            return [False]
        return [True] if a and b else []

    return stap


def _extensie(voor: Stap, url: str) -> Stap:
    def stap(elementen: Lijst, los_op: Oplosser) -> Lijst:
        lijsten = (e.get("extension") for e in voor(elementen, los_op) if isinstance(e, dict))
        return [x for lijst in lijsten if lijst for x in lijst if isinstance(x, dict) and x.get("url") == url]

    return stap


def _opgelost(voor: Stap) -> Stap:
    def stap(elementen: Lijst, los_op: Oplosser) -> Lijst:
        verwijzingen = (e.get("reference") for e in voor(elementen, los_op) if isinstance(e, dict))
        return [doel for v in verwijzingen if isinstance(v, str) and (doel := los_op(v)) is not None]

    return stap


def _wijst_naar(voor: Stap, type: str) -> Stap:
    """`resolve() is Type`: uit de verwijzing zelf te zien, ook als het doel niet zichtbaar is."""
    return lambda elementen, los_op: [doeltype(e) == type for e in voor(elementen, los_op)]


def doeltype(element: Any) -> str | None:
    """Het type waar een Reference naar wijst, uit haar tekst of anders uit `type`."""
    if not isinstance(element, dict):
        return None
    verwijzing, type_ = element.get("reference"), element.get("type")
    gevonden = _VERWIJST.fullmatch(verwijzing) if isinstance(verwijzing, str) else None
    return gevonden[1] if gevonden else type_ if isinstance(type_, str) else None
