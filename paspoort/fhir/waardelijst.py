"""Een waardelijst uitklappen tot haar begrippen, op de volgorde van de definities en met hun tekst.

Voor wie een keuzelijst maakt; of een code in een lijst zit, weet `validatie_codes.py`. Klapt uit wat er staat: losse
codes, hele eigen stelsels, lijsten van lijsten, en wat eraf gaat. Een filter (SNOMED CT) of een stelsel dat hier niet
is, kan niet. Bron: FHIR R4 valueset.html#compositions, #expansion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from paspoort.fhir.fhirjson import Json
from paspoort.fouten import Melding, PaspoortFout

NIET_MEER: Final = frozenset({"retired", "deprecated", "inactive"})  # waarden van de eigenschap `status`
Zoek = Callable[[str], Json | None]  # canonical → de definitie


@dataclass(frozen=True, slots=True)
class Begrip:
    """Eén code. `teksten` zijn de namen in andere talen, op taalcode."""

    stelsel: str
    versie: str | None
    code: str
    tekst: str | None
    actief: bool = True
    teksten: tuple[tuple[str, str], ...] = ()

    def in_taal(self, taal: str | None) -> str | None:
        """De tekst in deze taal als zij er is, anders de gewone."""
        kort = (taal or "").partition("-")[0].lower()
        return next((t for code, t in self.teksten if kort and code.partition("-")[0].lower() == kort), self.tekst)


@dataclass(slots=True)
class Uitgeklapt:
    """De begrippen op volgorde, elk één keer; `stelsels` zijn de gebruikte, met `|versie`."""

    begrippen: dict[tuple[str, str], Begrip] = field(default_factory=dict)
    stelsels: dict[str, None] = field(default_factory=dict)
    onvolledig: bool = False  # van een stelsel staat hier maar een deel


def klap_uit(lijst: Json, zoek: Zoek) -> Uitgeklapt:
    """De hele lijst. PaspoortFout `uitklappen-kan-niet` als een deel hier niet uit te klappen is."""
    return _lijst(lijst, zoek, ())


def _lijst(lijst: Json, zoek: Zoek, keten: tuple[str, ...]) -> Uitgeklapt:
    url = str(lijst.get("url"))
    if url in keten:
        raise _kan_niet(url)
    uit = Uitgeklapt()
    compose = lijst.get("compose") or {}
    for deel in compose.get("include", ()):
        _voeg_toe(uit, _deel(deel, zoek, (*keten, url)))
    for deel in compose.get("exclude", ()):
        for sleutel in _deel(deel, zoek, (*keten, url)).begrippen:
            uit.begrippen.pop(sleutel, None)
    return uit


def _voeg_toe(uit: Uitgeklapt, erbij: Uitgeklapt) -> None:
    for sleutel, begrip in erbij.begrippen.items():
        uit.begrippen.setdefault(sleutel, begrip)
    uit.stelsels |= erbij.stelsels
    uit.onvolledig |= erbij.onvolledig


def _deel(deel: Json, zoek: Zoek, keten: tuple[str, ...]) -> Uitgeklapt:
    """Eén include of exclude: het stelsel, en wat daarvan ook in elke genoemde lijst zit."""
    lijsten = [_genoemd(str(naam), zoek, keten) for naam in deel.get("valueSet", ())]
    delen = ([_stelsel(deel, zoek)] if "system" in deel else []) + lijsten
    if not delen:
        return Uitgeklapt()
    uit = delen[0]
    for ander in delen[1:]:
        uit.begrippen = {k: b for k, b in uit.begrippen.items() if k in ander.begrippen}
        uit.onvolledig |= ander.onvolledig
    return uit


def _genoemd(canonical: str, zoek: Zoek, keten: tuple[str, ...]) -> Uitgeklapt:
    gevonden = zoek(canonical)
    if gevonden is None or gevonden.get("resourceType") != "ValueSet":
        raise _kan_niet(canonical)
    return _lijst(gevonden, zoek, keten)


def _stelsel(deel: Json, zoek: Zoek) -> Uitgeklapt:
    naam = str(deel["system"])
    stelsel = zoek(naam) or {}
    versie = deel.get("version") or stelsel.get("version")
    bekend = {b.code: b for b in _begrippen(stelsel.get("concept", ()), naam, versie)}
    uit = Uitgeklapt(stelsels={f"{naam}|{versie}" if versie else naam: None})
    if "filter" in deel or ("concept" not in deel and not bekend):
        raise _kan_niet(naam)
    if "concept" not in deel:
        uit.onvolledig = stelsel.get("content") != "complete"
        uit.begrippen = {(naam, code): b for code, b in bekend.items()}
        return uit
    for c in deel["concept"]:
        code = str(c["code"])
        eigen = bekend.get(code)
        tekst = c.get("display") or (eigen.tekst if eigen else None)
        talen = _talen(c) or (eigen.teksten if eigen else ())
        uit.begrippen[naam, code] = Begrip(naam, versie, code, tekst, eigen is None or eigen.actief, talen)
    return uit


def _begrippen(begrippen: Iterable[Json], stelsel: str, versie: str | None) -> Iterator[Begrip]:
    for b in begrippen:
        yield Begrip(stelsel, versie, str(b["code"]), b.get("display"), _actief(b), _talen(b))
        yield from _begrippen(b.get("concept", ()), stelsel, versie)


def _actief(begrip: Json) -> bool:
    for p in begrip.get("property", ()):
        if (p.get("code") == "inactive" and p.get("valueBoolean") is True) or (
            p.get("code") == "status" and p.get("valueCode") in NIET_MEER
        ):
            return False
    return True


def _talen(begrip: Json) -> tuple[tuple[str, str], ...]:
    return tuple((str(d["language"]), str(d["value"])) for d in begrip.get("designation", ()) if "language" in d)


def _kan_niet(stelsel: str) -> PaspoortFout:
    return PaspoortFout(Melding("uitklappen-kan-niet", None, {"stelsel": stelsel[:200]}))
