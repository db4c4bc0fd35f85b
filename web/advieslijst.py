"""Het advies geordend voor het scherm: onderdelen met velden, eisen als kaarten, en de check als lijst met links.

Zuiver: van een `Formulier` naar waarden voor een sjabloon. Welke vraag bij welk onderdeel hoort, staat in de tabel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from paspoort.fhir.vragenlijst import Deel, Formulier, Foutregel, Groep, Herhaling, Veld
from web.bladzijde import dag

# onderdeel → (titel, item.codes in volgorde)
ONDERDELEN: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "persoon": (
        "Persoon en situatie",
        ("hulpvraag", "persoonlijke-factoren", "hulpmiddelen-nu", "eerder-geprobeerd", "urgentie", "ontslagdatum",
         "complex-kenmerk"),
    ),
    "functioneren": (
        "Functioneren",
        ("diagnose", "stoornissen", "activiteiten", "participatie", "wil-kan-mag", "lichaamslengte", "lichaamsgewicht",
         "zitbreedte", "zitdiepte", "onderbeenlengte"),
    ),
    "omgeving": ("Omgeving", ("omgeving-woning", "omgeving-vervoer", "omgeving-werk-school", "omgeving-hulp")),
    "prognose": ("Prognose", ("prognose", "levenslang", "verwachte-behoefte")),
    "auteur": ("Wie dit schreef", ("auteur-naam", "auteur-rol", "registratienummer", "behandelaar")),
}  # fmt: skip
ONTBREEKT: Final = "antwoord-ontbreekt"


@dataclass(frozen=True, slots=True)
class Bevinding:
    """Eén bevinding van de check, met het veld waar zij over gaat."""

    tekst: str
    veld: str


@dataclass(frozen=True, slots=True)
class Check:
    """De check: fouten houden definitief tegen, vragen niet; `open` zijn vragen zonder antwoord."""

    fouten: tuple[Bevinding, ...]
    vragen: tuple[Bevinding, ...]
    open: tuple[Bevinding, ...]


@dataclass(frozen=True, slots=True)
class Onderdeel:
    """Een kop met velden: wat al in het paspoort stond apart van wat u zelf invult. `klaar` als niets ontbreekt."""

    id: str
    titel: str
    bekend: tuple[Veld, ...]
    velden: tuple[Veld, ...]
    klaar: bool


@dataclass(frozen=True, slots=True)
class Eiskaart:
    """Eén eis: dicht als zij compleet is, open als er iets aan is of als zij nieuw is."""

    id: str
    naam: str
    nummer: int
    tekst: str
    soort: str
    open: bool
    nieuw: bool
    vraag: str
    links: tuple[Veld, ...]
    rechts: tuple[Veld, ...]


LINKS: Final = ("eis-tekst", "eis-omstandigheden", "eis-gevolg", "eis-doel")


def check_uit(vorm: Formulier) -> Check:
    """De bevindingen, elk bij haar veld."""
    gewoon = [r for r in vorm.fouten if r.melding.code != ONTBREEKT]
    return Check(
        fouten=tuple(_bevinding(r) for r in gewoon if r.melding.ernst == "error"),
        vragen=tuple(_bevinding(r) for r in gewoon if r.melding.ernst != "error"),
        open=tuple(Bevinding(r.label, r.veld_id or "") for r in vorm.fouten if r.melding.code == ONTBREEKT),
    )


def onderdelen(vorm: Formulier) -> tuple[Onderdeel, ...]:
    """De vragen van deel 1 en de schrijver, per onderdeel."""
    velden = {v.code: v for v in vorm.velden()}
    uit = []
    for id_, (titel, codes) in ONDERDELEN.items():
        hier = [velden[c] for c in codes if c in velden]
        uit.append(
            Onderdeel(
                f"deel-{id_}",
                titel,
                bekend=tuple(v for v in hier if v.bronnen and not _fout(v)),
                velden=tuple(v for v in hier if not v.bronnen or _fout(v)),
                klaar=not any(v.fouten for v in hier),
            )
        )
    return tuple(uit)


def eiskaarten(vorm: Formulier) -> tuple[Eiskaart, ...]:
    """De eisen, elk met haar velden in twee kolommen."""
    return tuple(_kaart(rij) for h in _herhalingen(vorm.delen) if h.code == "eis" for rij in h.rijen)


def leesbaar(veld: Veld) -> str:
    """Het antwoord in gewone woorden: de tekst van een keuze, een getal met zijn eenheid."""
    gekozen = [o.tekst for o in veld.opties if o.gekozen]
    waarden = [dag(w) for w in veld.waarden] if veld.soort == "datum" else veld.waarden
    tekst = ", ".join(gekozen or waarden)
    return f"{tekst} {veld.eenheid}" if tekst and veld.eenheid else tekst


def _kaart(rij: Groep) -> Eiskaart:
    velden = [d for d in rij.delen if isinstance(d, Veld)]
    per_code = {v.code: v for v in velden}
    leeg = not any(v.waarden for v in velden)
    fout = any(_fout(v) for v in velden)
    vraag = next((m.tekst() for v in velden for m in v.fouten if m.ernst != "error"), "")
    return Eiskaart(
        id=rij.id,
        naam=rij.naam,
        nummer=rij.nummer or 1,
        tekst=per_code["eis-tekst"].waarde if "eis-tekst" in per_code else "",
        soort=leesbaar(per_code["eis-soort"]) if "eis-soort" in per_code else "",
        open=leeg or fout,
        nieuw=leeg,
        vraag=vraag,
        links=tuple(v for v in velden if v.code in LINKS),
        rechts=tuple(v for v in velden if v.code not in LINKS),
    )


def _fout(veld: Veld) -> bool:
    return any(m.ernst == "error" and m.code != ONTBREEKT for m in veld.fouten)


def _bevinding(regel: Foutregel) -> Bevinding:
    plek = regel.veld_id if regel.veld_id != "eis" else None  # over de lijst zelf
    return Bevinding(regel.melding.tekst(), plek or "eisen")


def _herhalingen(delen: tuple[Deel, ...]) -> Iterator[Herhaling]:
    for deel in delen:
        if isinstance(deel, Herhaling):
            yield deel
        elif isinstance(deel, Groep):
            yield from _herhalingen(deel.delen)
