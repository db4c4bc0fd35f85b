"""Een advies als leesbare tekst: eisen, en de rest per gegevensgroep, uit de vragenlijst waar het bij hoort.

Leest alleen item.code en gegevensgroep, dus een andere versie of het verkorte advies leest hetzelfde. Wat de lezer niet
ziet, is er hier niet. Bron: toegang.md §2, docs/fhir-afbeelding.md (*Vragenlijsten*).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from paspoort.fhir.advies import lijst_van
from paspoort.fhir.fhirjson import Json
from paspoort.fhir.vragenlijst import Antwoorden, Verschil, Vraag, antwoorden, verschil
from paspoort.fouten import PaspoortFout
from web.bladzijde import dag
from web.werkwoorden import GROEPEN

# Staan op een eigen plek, niet tussen de rest van hun groep.
HULPVRAAG: Final = "hulpvraag"
REACTIE: Final = ("akkoord", "reactie-houder", "reactie-naasten", "vervolg-betrokken", "contact-auteur")
SCHRIJVER: Final = ("auteur-naam", "auteur-rol", "registratienummer", "behandelaar")
PROGNOSE: Final = ("prognose", "levenslang", "verwachte-behoefte", "verwacht-wanneer")
# gegevensgroep → kop, in de volgorde waarin iemand leest
KOPPEN: Final = {
    "omgeving": "Omgeving",
    "prognose": "Verwachting",
    "functioneren": "Functioneren",
    "gezondheid": "Gezondheid",
    "maten": "Maten",
    "hulpmiddelen": "Hulpmiddelen nu",
    "advies": "Wat is geprobeerd, en wat speelt er",
}


@dataclass(frozen=True, slots=True)
class Leeseis:
    """Eén eis met alles wat deze lezer ervan ziet; `nummer` is de plaats in het advies.

    In een concept kan `soort` nog leeg zijn: dan is niet gezegd of het nodig is of een wens.
    """

    nummer: int
    tekst: str
    wens: bool
    soort: str
    onderbouwing: str
    omstandigheden: str
    gevolg: str
    doel: str
    domein: str
    categorie: str


@dataclass(frozen=True, slots=True)
class Antwoord:
    """Een vraag (item.code en tekst) met het antwoord in woorden."""

    code: str
    vraag: str
    tekst: str


@dataclass(frozen=True, slots=True)
class Leesdeel:
    """Een kop met antwoorden van één gegevensgroep."""

    id: str
    titel: str
    antwoorden: tuple[Antwoord, ...]


def leeseisen(inhoud: Json) -> tuple[Leeseis, ...]:
    """De eisen, noodzakelijk eerst en wensen laatst, elk met het nummer dat zij in het advies heeft."""
    rijen = antwoorden(inhoud, lijst_van(inhoud)).groepen("eis")
    alle = [_eis(nummer, rij) for nummer, rij in enumerate(rijen, start=1)]
    return tuple(sorted((e for e in alle if e.tekst), key=lambda e: (e.wens, not e.soort, e.nummer)))


def leesdelen(inhoud: Json) -> tuple[Leesdeel, ...]:
    """Alles behalve eisen, hulpvraag, reactie en schrijver, per gegevensgroep; prognose apart."""
    lijst = lijst_van(inhoud)
    gegeven = antwoorden(inhoud, lijst)
    elders = {"eis", HULPVRAAG, *REACTIE, *SCHRIJVER}
    per_kop: dict[str, list[Antwoord]] = {}
    for vraag in _losse(lijst.vragen, elders):
        waarde = _waarde(gegeven, vraag)
        if waarde:
            kop = "prognose" if vraag.sleutel in PROGNOSE else vraag.groep or "advies"
            per_kop.setdefault(kop, []).append(Antwoord(vraag.sleutel, vraag.tekst, waarde))
    volgorde = [*KOPPEN, *(k for k in per_kop if k not in KOPPEN)]
    return tuple(
        Leesdeel(f"deel-{kop}", KOPPEN.get(kop) or GROEPEN.get(kop, kop).capitalize(), tuple(per_kop[kop]))
        for kop in volgorde
        if kop in per_kop
    )


def feiten(inhoud: Json, codes: Iterable[str]) -> tuple[Antwoord, ...]:
    """De antwoorden op deze vragen die er zijn, met de vraag erbij."""
    lijst = lijst_van(inhoud)
    gegeven = antwoorden(inhoud, lijst)
    vragen = (lijst.per_code[c] for c in codes if c in lijst.per_code)
    return tuple(Antwoord(v.sleutel, v.tekst, w) for v in vragen if (w := _waarde(gegeven, v)))


def een(inhoud: Json, code: str) -> str:
    """Het antwoord op één vraag in woorden, of leeg."""
    return antwoorden(inhoud, lijst_van(inhoud)).tekst(code) or ""


def titel(inhoud: Json) -> str:
    """Hoe dit soort advies heet."""
    return lijst_van(inhoud).titel


def verschillen(oud: Json | None, nieuw: Json) -> tuple[Verschil, ...]:
    """Wat er anders is dan in het vorige advies; leeg als dat er niet is of niet te lezen is. Zonder de schrijver."""
    if oud is None:
        return ()
    try:
        gevonden = verschil(oud, nieuw)
    except PaspoortFout:  # een versie die wij niet meer kennen
        return ()
    return tuple(v for v in gevonden if v.code not in {*SCHRIJVER, *REACTIE})


def niet_gedeeld(inhoud: Json, groepen: Iterable[str]) -> tuple[str, ...]:
    """Welke delen van dit advies iemand met deze gegevensgroepen niet ziet, in woorden."""
    mag = frozenset(groepen)
    return tuple(woord for groep, woord in GROEPEN.items() if groep in lijst_van(inhoud).groepen - mag)


def _losse(vragen: Sequence[Vraag], elders: set[str]) -> Iterator[Vraag]:
    """Elke vraag of herhaalde groep, van boven naar beneden, zonder wat elders staat."""
    for vraag in vragen:
        if vraag.sleutel in elders:
            continue
        if vraag.is_groep and not vraag.herhaalt:
            yield from _losse(vraag.kinderen, elders)
        else:
            yield vraag


def _waarde(gegeven: Antwoorden, vraag: Vraag) -> str:
    if vraag.type in ("date", "dateTime"):
        return ", ".join(dag(d) for d in gegeven.alle(vraag.sleutel))
    if not vraag.is_groep:
        return gegeven.tekst(vraag.sleutel) or ""
    rijen = []
    for rij in gegeven.groepen(vraag.sleutel):
        delen = [_waarde(rij, kind).replace("\n", ", ") for kind in vraag.kinderen]
        if regel := ". ".join(d.rstrip(".") for d in delen if d):
            rijen.append(f"{regel}.")
    return "\n".join(rijen)


def _eis(nummer: int, rij: Antwoorden) -> Leeseis:
    def woorden(code: str) -> str:
        return rij.tekst(code) or ""

    return Leeseis(
        nummer=nummer,
        tekst=woorden("eis-tekst"),
        wens=rij.een("eis-soort") == "wenselijk",
        soort=woorden("eis-soort"),
        onderbouwing=woorden("eis-onderbouwing"),
        omstandigheden=woorden("eis-omstandigheden"),
        gevolg=woorden("eis-gevolg"),
        doel=woorden("eis-doel"),
        domein=woorden("eis-domein"),
        categorie=woorden("eis-categorie"),
    )
