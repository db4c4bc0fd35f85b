"""SMART-scopes als waarden: ontleden, in één vorm schrijven, versmallen, en de vraag of een interactie mag.

Wel: `patient/`, `user/` en `system/` × type of `*` × `cruds` (v2, desnoods met `?category=…`: `fijne_scopes.py`) en
`.read`/`.write`/`.*` (v1), plus de scopes voor wie er is ingelogd. Niet: wie welke scope krijgt (`server/oauth`) en wat
iemand mag zien (`zicht.py`); een scope versmalt altijd en verruimt nooit.

Bron: SMART App Launch 2.2, Scopes and Launch Context (smart-2.2.0@119 en verder).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal, cast

from paspoort.fouten import Melding, PaspoortFout
from server.access.fijne_scopes import Query, lees_query, schrijf_query

Niveau = Literal["patient", "user", "system"]

LETTERS: Final = "cruds"

# Scopes zonder FHIR-type die wij kennen. `launch` (met een lopende context uit een EPD) bestaat hier niet.
OVERIGE: Final = frozenset({"openid", "fhirUser", "profile", "launch/patient", "offline_access", "online_access"})
# Een rol in de gevraagde context kennen wij niet; dan geldt de context zelf (smart-2.2.0@159).
_CONTEXT_MET_ROL: Final = re.compile(r"(launch/patient)\?role=[^&\s]{1,200}")

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

_VORM: Final = re.compile(r"(patient|user|system)/(\*|[A-Z][A-Za-z]{1,60})\.([a-z]{1,5}|\*)(?:\?(.+))?")


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """Eén recht op één type: `letters` is een deel van `cruds`, altijd in die volgorde en nooit leeg.

    `query`: alleen op wat daaraan voldoet. `v1`: het woord van SMART v1 waarmee het gevraagd is; zo komt het ook terug.
    """

    niveau: Niveau
    type: str
    letters: str
    query: Query = ()
    v1: str = ""

    def __str__(self) -> str:
        return f"{self.niveau}/{self.type}.{self.v1 or self.letters}{schrijf_query(self.query)}"

    def doorsnede(self, ander: Scope) -> Scope | None:
        """Wat beide toestaan, of None als zij niets gemeen hebben. Voorwaarden van beide gelden dan samen."""
        if self.niveau != ander.niveau or (self.type != ander.type and "*" not in (self.type, ander.type)):
            return None
        letters = "".join(x for x in self.letters if x in ander.letters)
        soort = ander.type if self.type == "*" else self.type
        query = tuple(sorted({*self.query, *ander.query}))
        v1 = self.v1 if letters == self.letters and not query else ""
        return Scope(self.niveau, soort, letters, query, v1) if letters else None

    def dekt(self, ander: Scope) -> bool:
        """Of elke voorwaarde hier ook daar geldt, voor hetzelfde type; de letters tellen hier niet mee."""
        past = self.niveau == ander.niveau and self.type in (ander.type, "*")
        return past and set(self.query) <= set(ander.query)


def ontleed(tekst: str, types: Iterable[str] | None = None) -> Scope:
    """Eén FHIR-scope, v1 of v2. Met `types` moet een genoemd type daarin staan.

    PaspoortFout `scope-onbekend` (plek `scope`) bij een andere vorm, letters buiten volgorde, een onbekend type of een
    voorwaarde die wij niet kunnen wegen.
    """
    gevonden = _VORM.fullmatch(tekst)
    if gevonden:
        niveau, soort, recht, achter = gevonden.groups()
        letters = V1.get(recht, recht)
        # SMART v2: letters in de volgorde c-r-u-d-s, elk hoogstens één keer.
        geordend = "".join(x for x in LETTERS if x in letters)
        # Voorwaarden zijn van v2.
        query = () if achter is None else lees_query(soort, achter) if recht not in V1 else None
        if letters == geordend and query is not None and (types is None or soort == "*" or soort in set(types)):
            return Scope(cast(Niveau, niveau), soort, letters, query, recht if recht in V1 else "")
    raise PaspoortFout(Melding("scope-onbekend", "scope", {"scope": _veilig(tekst)}))


def ontleed_alle(tekst: str, types: Iterable[str] | None = None) -> tuple[frozenset[Scope], frozenset[str]]:
    """Een scope-parameter: de FHIR-scopes samengevoegd, en de overige. PaspoortFout met een melding per fout."""
    bekend = None if types is None else frozenset(types)
    scopes: list[Scope] = []
    overig: set[str] = set()
    fouten: list[Melding] = []
    for deel in tekst.split():
        kaal = _CONTEXT_MET_ROL.sub(r"\1", deel)
        if kaal in OVERIGE:
            overig.add(kaal)
            continue
        try:
            scopes.append(ontleed(deel, bekend))
        except PaspoortFout as fout:
            fouten.extend(fout.meldingen)
    if fouten:
        raise PaspoortFout(*fouten)
    return voeg_samen(scopes), frozenset(overig)


def voeg_samen(scopes: Iterable[Scope]) -> frozenset[Scope]:
    """Dezelfde rechten met één scope per niveau, type en voorwaarden; wat ruimer al mag, wordt niet herhaald.

    Wat in v1 gevraagd is blijft staan zoals het gevraagd is (smart-2.2.0@127).
    """
    alle = tuple(scopes)
    uit = {s for s in alle if s.v1}
    letters: dict[tuple[Niveau, str, Query], set[str]] = {}
    for scope in (s for s in alle if not s.v1):
        letters.setdefault((scope.niveau, scope.type, scope.query), set()).update(scope.letters)
    samen = [Scope(n, t, "".join(x for x in LETTERS if x in gevonden), q) for (n, t, q), gevonden in letters.items()]
    for scope in samen:
        ruimer = {x for ander in samen if ander is not scope and ander.dekt(scope) for x in ander.letters}
        if scope.query:
            rest = "".join(x for x in scope.letters if x not in ruimer)
            uit |= {replace(scope, letters=rest)} if rest else set()
        elif not set(scope.letters) <= ruimer:
            uit.add(scope)
    return frozenset(uit)


def doorsnede(gevraagd: Iterable[Scope], grens: Iterable[Scope]) -> frozenset[Scope]:
    """Wat gevraagd is en binnen de grens valt."""
    grenzen = tuple(grens)
    return voeg_samen(s for scope in gevraagd for ander in grenzen if (s := scope.doorsnede(ander)) is not None)


def schrijf(scopes: Iterable[Scope], overig: Iterable[str] = ()) -> str:
    """De scopes als één regel in vaste volgorde, zoals in een tokenantwoord."""
    return " ".join([*sorted(overig), *(str(s) for s in sorted(scopes))])


def normaliseer(tekst: str, types: Iterable[str] | None = None) -> frozenset[str]:
    """Een scope-parameter als verzameling, zoals `Actor.scopes` haar draagt."""
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
    """Of deze scopes de interactie op dit type toestaan, al is het maar op een deel (`voorwaarden` zegt welk).

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


@lru_cache(maxsize=8192)
def voorwaarden(scopes: frozenset[str] | None, type: str, letter: str) -> frozenset[Query] | None:
    """Waaraan een resource van dit type moet voldoen voor deze letter: aan één van deze zoekvragen.

    None: een scope zonder voorwaarde dekt de letter. Leeg: er is voor dit type geen scope met deze letter.
    """
    if scopes is None:
        return None
    passend = [s for s in _alle(scopes) if letter in s.letters and s.type in (type, "*")]
    return None if any(not s.query for s in passend) else frozenset(s.query for s in passend)


@lru_cache(maxsize=2048)
def is_fijn(scopes: frozenset[str] | None) -> bool:
    """Of er een scope met een voorwaarde bij is."""
    return scopes is not None and any(s.query for s in _alle(scopes))


def nodig(niveau: Niveau, type: str, interactie: str) -> str:
    """De scope die voor deze interactie had moeten bestaan, voor de melding aan de app."""
    return f"{niveau}/{type}.{INTERACTIES.get(interactie, '?')}"


def _gedekt(scope: Scope, grens: Iterable[Scope]) -> bool:
    """Of de grens alle letters van de scope toestaat, desnoods door type en `*` samen."""
    return set(scope.letters) <= {x for ander in grens if ander.dekt(scope) for x in ander.letters}


@lru_cache(maxsize=2048)
def _alle(scopes: frozenset[str]) -> tuple[Scope, ...]:
    """De scopes op een type; onthouden, want een token komt vele keren terug."""
    return tuple(ontleed(tekst) for tekst in sorted(scopes - OVERIGE))


@lru_cache(maxsize=2048)
def _rechten(scopes: frozenset[str]) -> dict[tuple[Niveau, str], frozenset[str]]:
    """De letters per niveau en type, zonder op voorwaarden te letten."""
    uit: dict[tuple[Niveau, str], frozenset[str]] = {}
    for scope in _alle(scopes):
        sleutel = (scope.niveau, scope.type)
        uit[sleutel] = uit.get(sleutel, frozenset()) | frozenset(scope.letters)
    return uit


def _veilig(tekst: str) -> str:
    """Wat een app stuurde, kort en zonder tekens die in een antwoord of log iets kunnen aanrichten."""
    return re.sub(r"[^A-Za-z0-9/.*_?=|:-]", "?", tekst)[:60]
