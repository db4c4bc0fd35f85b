"""Het advies geordend voor het scherm: onderdelen met velden, eisen als kaarten, en de check als lijst met links.

Zuiver: van een `Formulier` naar waarden voor een sjabloon. Welke vraag bij welk onderdeel hoort, staat in de tabel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from paspoort.fhir.vragenlijst import Deel, Formulier, Foutregel, Groep, Herhaling, Tekst, Veld
from web.bladzijde import dag

# onderdeel → (titel, item.codes in volgorde); een vraag die hier niet staat, hoort bij de vraag ervóór
ONDERDELEN: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "persoon": (
        "Persoon en situatie",
        ("hulpvraag", "wil", "kan", "mag", "wat-veranderd", "wat-veranderd-uitleg", "persoonlijke-factoren",
         "hulpmiddelen-nu", "eerder-geprobeerd", "geprobeerd", "urgentie", "urgentie-reden", "ontslagdatum",
         "complex-kenmerk"),
    ),
    "functioneren": (
        "Functioneren",
        ("diagnose", "stoornissen", "activiteiten", "participatie", "icf", "wil-kan-mag", "lichaamslengte",
         "lichaamsgewicht", "zitbreedte", "zitdiepte", "onderbeenlengte"),
    ),
    "omgeving": ("Omgeving", ("omgeving-woning", "omgeving-vervoer", "omgeving-werk-school", "omgeving-hulp")),
    "prognose": ("Prognose", ("prognose", "levenslang", "verwachte-behoefte", "verwacht-wanneer")),
    "reactie": (
        "Reactie van de cliënt en naasten",
        ("reactie-houder", "reactie-naasten", "akkoord", "vervolg-betrokken", "contact-auteur"),
    ),
    "auteur": ("Wie dit schreef", ("auteur-naam", "auteur-rol", "registratienummer", "behandelaar")),
}  # fmt: skip
EISEN: Final = "eis"  # de eisen hebben een eigen plaats op de bladzijde
ONTBREEKT: Final = "antwoord-ontbreekt"
NOG_GEEN_EIS: Final = "eis-ontbreekt"  # wie net begint, deed niets fout


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
    """Een kop: wat al in het paspoort stond (`bekend`), apart van wat u zelf invult. `klaar` als niets ontbreekt.

    `na_te_kijken` zijn de bekende antwoorden waarvan u nog niet zei dat zij kloppen.
    """

    id: str
    titel: str
    bekend: tuple[Veld, ...]
    velden: tuple[Deel, ...]
    klaar: bool
    na_te_kijken: tuple[str, ...]


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


# links in de volgorde waarin iemand schrijft, rechts wat hij kiest
LINKS: Final = ("eis-tekst", "eis-onderbouwing", "eis-omstandigheden", "eis-gevolg")
RECHTS: Final = ("eis-soort", "eis-doel", "eis-domein", "eis-categorie")


def check_uit(vorm: Formulier) -> Check:
    """De bevindingen, elk bij haar veld."""
    nog = [r for r in vorm.fouten if r.melding.code in (ONTBREEKT, NOG_GEEN_EIS)]
    gewoon = [r for r in vorm.fouten if r not in nog]
    return Check(
        fouten=tuple(_bevinding(r) for r in gewoon if r.melding.ernst == "error"),
        vragen=tuple(_bevinding(r) for r in gewoon if r.melding.ernst != "error"),
        open=tuple(
            _bevinding(r) if r.melding.code == NOG_GEEN_EIS else Bevinding(r.label, r.veld_id or "") for r in nog
        ),
    )


def onderdelen(vorm: Formulier) -> tuple[Onderdeel, ...]:
    """De vragen buiten de eisen, per onderdeel en op volgorde; onderdelen zonder vragen vallen weg."""
    return tuple(_onderdeel(id_, titel, delen) for id_, titel, delen in _ingedeeld(vorm) if delen)


def _ingedeeld(vorm: Formulier) -> Iterator[tuple[str, str, list[Deel]]]:
    plaats = {code: (id_, n) for id_, (_, codes) in ONDERDELEN.items() for n, code in enumerate(codes)}
    per: dict[str, list[tuple[int, int, Deel]]] = {id_: [] for id_ in ONDERDELEN}
    hier = ("persoon", 0)
    for volgorde, deel in enumerate(_losse_delen(vorm.delen)):
        hier = plaats.get(deel.code, hier)
        per[hier[0]].append((hier[1], volgorde, deel))
    for id_, (titel, _) in ONDERDELEN.items():
        yield id_, titel, [deel for _, _, deel in sorted(per[id_], key=lambda x: x[:2])]


def _losse_delen(delen: tuple[Deel, ...]) -> Iterator[Veld | Herhaling]:
    """Velden en herhalingen, door gewone groepen heen; de eisen niet."""
    for deel in delen:
        if isinstance(deel, Groep):
            yield from _losse_delen(deel.delen)
        elif not isinstance(deel, Tekst) and deel.code != EISEN:
            yield deel


def _onderdeel(id_: str, titel: str, delen: list[Deel]) -> Onderdeel:
    velden = [v for deel in delen for v in alle_velden(deel)]
    bekend = tuple(d for d in delen if isinstance(d, Veld) and d.bronnen and not _fout(d))
    return Onderdeel(
        f"deel-{id_}",
        titel,
        bekend=bekend,
        velden=tuple(d for d in delen if d not in bekend),
        klaar=not any(v.fouten for v in velden),
        na_te_kijken=tuple(v.naam for v in velden if v.bronnen and not v.bevestigd),
    )


def alle_velden(deel: Deel) -> Iterator[Veld]:
    """Een veld, of alle velden in een groep of herhaling."""
    if isinstance(deel, Veld):
        yield deel
        return
    if isinstance(deel, Tekst):
        return
    for kind in deel.delen if isinstance(deel, Groep) else deel.rijen:
        yield from alle_velden(kind)


def eiskaarten(vorm: Formulier) -> tuple[Eiskaart, ...]:
    """De eisen, elk met haar velden in twee kolommen."""
    return tuple(_kaart(rij) for h in _herhalingen(vorm.delen) if h.code == EISEN for rij in h.rijen)


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
        links=tuple(per_code[c] for c in LINKS if c in per_code),
        rechts=tuple(sorted((v for v in velden if v.code not in LINKS), key=_rechts)),
    )


def _rechts(veld: Veld) -> int:
    return RECHTS.index(veld.code) if veld.code in RECHTS else len(RECHTS)


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
