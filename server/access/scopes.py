"""SMART-scopes als waarden: ontleden, in één vorm schrijven, versmallen, en de vraag of een interactie mag.

Wel: `patient/`, `user/` en `system/` × type of `*` × `cruds` (v2) en `.read`/`.write`/`.*` (v1), plus de scopes voor
wie er is ingelogd. Niet: wie welke scope krijgt (`server/oauth`) en wat iemand mag zien (`zicht.py`); een scope
versmalt altijd en verruimt nooit. De fijnere v2-vorm met `?categorie=…` weigeren wij: haar negeren zou verruimen.

Bron: SMART App Launch 2.2, Scopes and Launch Context (smart-2.2.0@116 en verder).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, cast

from paspoort.fouten import Melding, PaspoortFout

Niveau = Literal["patient", "user", "system"]

LETTERS: Final = "cruds"

# Scopes zonder FHIR-type die wij kennen. `launch` (met een lopende context uit een EPD) bestaat hier niet.
OVERIGE: Final = frozenset({"openid", "fhirUser", "profile", "launch/patient", "offline_access"})

# SMART v1 in v2 (Scopes and Launch Context, "Scopes for requesting FHIR Resources", v1-vergelijking).
V1: Final = {"read": "rs", "write": "cud", "*": "cruds"}

# FHIR-interactie → de letters die een scope ervoor moet hebben.
INTERACTIES: Final = {
    "read": "r",
    "vread": "r",
    "history-instance": "r",
    "search-type": "s",
    "history-type": "s",
    "create": "c",
    "update": "u",
    "patch": "u",
    "delete": "d",
    "everything": "rs",
}

_VORM: Final = re.compile(r"(patient|user|system)/(\*|[A-Z][A-Za-z]{1,60})\.([a-z]{1,5}|\*)")


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """Eén recht op één type: `letters` is een deel van `cruds`, altijd in die volgorde en nooit leeg."""

    niveau: Niveau
    type: str
    letters: str

    def __str__(self) -> str:
        return f"{self.niveau}/{self.type}.{self.letters}"

    def doorsnede(self, ander: Scope) -> Scope | None:
        """Wat beide toestaan, of None als zij niets gemeen hebben."""
        if self.niveau != ander.niveau or (self.type != ander.type and "*" not in (self.type, ander.type)):
            return None
        letters = "".join(x for x in self.letters if x in ander.letters)
        soort = ander.type if self.type == "*" else self.type
        return Scope(self.niveau, soort, letters) if letters else None


def ontleed(tekst: str, types: Iterable[str] | None = None) -> Scope:
    """Eén FHIR-scope, v1 of v2. Met `types` moet een genoemd type daarin staan.

    PaspoortFout `scope-onbekend` (plek `scope`) bij een andere vorm, letters buiten volgorde of een onbekend type.
    """
    gevonden = _VORM.fullmatch(tekst)
    if gevonden:
        niveau, soort, recht = gevonden.groups()
        letters = V1.get(recht, recht)
        # SMART v2: letters in de volgorde c-r-u-d-s, elk hoogstens één keer.
        geordend = "".join(x for x in LETTERS if x in letters)
        if letters == geordend and (types is None or soort == "*" or soort in set(types)):
            return Scope(cast(Niveau, niveau), soort, letters)
    raise PaspoortFout(Melding("scope-onbekend", "scope", {"scope": _veilig(tekst)}))


def ontleed_alle(tekst: str, types: Iterable[str] | None = None) -> tuple[frozenset[Scope], frozenset[str]]:
    """Een scope-parameter: de FHIR-scopes samengevoegd, en de overige. PaspoortFout met een melding per fout."""
    bekend = None if types is None else frozenset(types)
    scopes: list[Scope] = []
    overig: set[str] = set()
    fouten: list[Melding] = []
    for deel in tekst.split():
        if deel in OVERIGE:
            overig.add(deel)
            continue
        try:
            scopes.append(ontleed(deel, bekend))
        except PaspoortFout as fout:
            fouten.extend(fout.meldingen)
    if fouten:
        raise PaspoortFout(*fouten)
    return voeg_samen(scopes), frozenset(overig)


def voeg_samen(scopes: Iterable[Scope]) -> frozenset[Scope]:
    """Dezelfde rechten met één scope per niveau en type; wat `*` al toestaat, wordt niet herhaald."""
    letters: dict[tuple[Niveau, str], str] = {}
    for scope in scopes:
        letters[scope.niveau, scope.type] = letters.get((scope.niveau, scope.type), "") + scope.letters
    uit: set[Scope] = set()
    for (niveau, soort), gevonden in letters.items():
        al = letters.get((niveau, "*"), "") if soort != "*" else ""
        rest = "".join(x for x in LETTERS if x in gevonden)
        if not set(rest) <= set(al):
            uit.add(Scope(niveau, soort, rest))
    return frozenset(uit)


def doorsnede(gevraagd: Iterable[Scope], grens: Iterable[Scope]) -> frozenset[Scope]:
    """Wat gevraagd is en binnen de grens valt."""
    grenzen = tuple(grens)
    return voeg_samen(samen for scope in gevraagd for ander in grenzen if (samen := scope.doorsnede(ander)) is not None)


def schrijf(scopes: Iterable[Scope], overig: Iterable[str] = ()) -> str:
    """De scopes als één regel in vaste volgorde, zoals in een tokenantwoord."""
    return " ".join([*sorted(overig), *(str(s) for s in sorted(scopes))])


def normaliseer(tekst: str, types: Iterable[str] | None = None) -> frozenset[str]:
    """Een scope-parameter als verzameling in v2-vorm, zoals `Actor.scopes` haar draagt."""
    scopes, overig = ontleed_alle(tekst, types)
    return frozenset({str(s) for s in scopes} | overig)


def begrens(gevraagd: str, grens: str, types: Iterable[str] | None = None) -> str:
    """Wat van het gevraagde binnen de grens valt; leeg als dat niets is (smart-2.2.0@79: mag minder zijn)."""
    scopes, overig = ontleed_alle(gevraagd, types)
    ruim, ruim_overig = ontleed_alle(grens)
    return schrijf(doorsnede(scopes, ruim), overig & ruim_overig)


def versmal(gevraagd: str | None, toegekend: str) -> str:
    """De scopes na vernieuwen: hetzelfde of minder (RFC 6749 §6).

    PaspoortFout `scope-te-ruim` voor elke scope die niet helemaal binnen de toekenning valt.
    """
    if not gevraagd or not gevraagd.strip():
        return toegekend
    scopes, overig = ontleed_alle(gevraagd)
    ruim, ruim_overig = ontleed_alle(toegekend)
    te_ruim = [str(s) for s in sorted(scopes) if not _gedekt(s, ruim)] + sorted(overig - ruim_overig)
    if te_ruim:
        raise PaspoortFout(*(Melding("scope-te-ruim", "scope", {"scope": s}) for s in te_ruim))
    return schrijf(scopes, overig)


@lru_cache(maxsize=8192)
def laat_toe(scopes: frozenset[str] | None, niveau: Niveau | None, type: str, interactie: str) -> bool:
    """Of deze scopes de interactie op dit type toestaan.

    `scopes` zoals in `Actor.scopes`: None is een eigen bladzijde, zonder beperking; leeg is niets. `niveau` None
    kijkt naar alle niveaus (een token draagt er alleen die bij zijn houder horen). Een onbekende interactie mag niet.
    Zuiver, en onthouden: `$everything` vraagt het voor elke resource.
    """
    if scopes is None:
        return True
    nodig = INTERACTIES.get(interactie)
    if nodig is None:
        return False
    rechten = _rechten(scopes)
    niveaus: tuple[Niveau, ...] = ("patient", "user", "system") if niveau is None else (niveau,)
    return any(set(nodig) <= rechten.get((n, type), frozenset()) | rechten.get((n, "*"), frozenset()) for n in niveaus)


def nodig(niveau: Niveau, type: str, interactie: str) -> str:
    """De scope die voor deze interactie had moeten bestaan, voor de melding aan de app."""
    return f"{niveau}/{type}.{INTERACTIES.get(interactie, '?')}"


def _gedekt(scope: Scope, grens: Iterable[Scope]) -> bool:
    """Of de grens alle letters van de scope toestaat, desnoods door type en `*` samen."""
    letters = {x for ander in grens if (s := scope.doorsnede(ander)) and s.type == scope.type for x in s.letters}
    return set(scope.letters) <= letters


@lru_cache(maxsize=2048)
def _rechten(scopes: frozenset[str]) -> dict[tuple[Niveau, str], frozenset[str]]:
    """De rechten per niveau en type; onthouden, want een token komt vele keren terug."""
    uit: dict[tuple[Niveau, str], frozenset[str]] = {}
    for tekst in scopes - OVERIGE:
        scope = ontleed(tekst)
        sleutel = (scope.niveau, scope.type)
        uit[sleutel] = uit.get(sleutel, frozenset()) | frozenset(scope.letters)
    return uit


def _veilig(tekst: str) -> str:
    """Wat een app stuurde, kort en zonder tekens die in een antwoord of log iets kunnen aanrichten."""
    return re.sub(r"[^A-Za-z0-9/.*_?=|:-]", "?", tekst)[:60]
