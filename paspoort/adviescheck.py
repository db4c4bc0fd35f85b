"""De check op een functioneel advies voor het definitief wordt: functioneel, onderbouwd, te toetsen, zonder ziekte.

Significant 2024 §7.4 en §9.1: adviezen noemen merk en type, wensen in plaats van noodzaak, en missen onderbouwing.
Elke melding zegt hoe het beter kan. Een fout houdt *definitief* tegen, een waarschuwing vraagt (besluit 0039). Kent
geen FHIR: de plek van een veld geeft de aanroeper (`paspoort/fhir/vragenlijst/advies.py`). De woorden zijn gegevens:
`gegevens/merken.json`, `eistaal.json`, `ziekten.json`, `leesbaar.json`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from paspoort.advies import Eis, Eissoort, Urgentie
from paspoort.adviescheck_lezen import moeilijk
from paspoort.adviescheck_merk import merkvondsten
from paspoort.adviescheck_taal import is_vaag, klinkt_als_wens
from paspoort.adviescheck_verband import herhaalt, mager, past_bij, stammen
from paspoort.adviescheck_woorden import Tekst, ontleed
from paspoort.adviescheck_ziekte import Kenmerken, kenmerken, noemt, noemt_een_ziekte
from paspoort.fouten import Ernst, Melding

# de velden van een eis die de leverancier leest (groep eisen): hier hoort geen ziekte
LEVERANCIER_LEEST: Final = ("eis-tekst", "eis-omstandigheden", "eis-gevolg")
EISVELDEN: Final = (*LEVERANCIER_LEEST, "eis-onderbouwing")
SPOED_DAGEN: Final = 42  # wie binnen zes weken naar huis gaat, kan niet op een gewone termijn wachten
Plek = Callable[[int, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Wat de check naast de eisen weet; alles mag ontbreken.

    `teksten` zijn de antwoorden van deel 1 op item.code waarin een merk een vraag oplevert; `leesteksten` wat de houder
    verder leest; `diagnosen` staan in het paspoort of in deel 1; `doelen` zijn de problemen en doelen die deel 1 of het
    paspoort noemt; `namen` de woorden (kaal) uit namen en adressen van betrokkenen; `vandaag` geeft de aanroeper.
    """

    teksten: Mapping[str, str] = field(default_factory=dict)
    leesteksten: Mapping[str, str] = field(default_factory=dict)
    diagnosen: Sequence[str] = ()
    doelen: Sequence[str] = ()
    namen: Collection[str] = ()
    vandaag: date | None = None
    urgentie: Urgentie | None = None
    urgentie_reden: str | None = None
    ontslagdatum: date | None = None


def controleer_advies(
    eisen: Sequence[Eis], context: Context, plek: Plek, plek_tekst: Callable[[str], str]
) -> list[Melding]:
    """Alle bevindingen in de volgorde van het formulier; fouten blokkeren definitief, waarschuwingen vragen.

    `plek(rij, code)` en `plek_tekst(code)` geven het element. Wat er buiten de eisen ontbreekt, meldt de vragenlijst.
    """
    los = {t: ontleed(t) for t in (*context.teksten.values(), *context.leesteksten.values())}
    meldingen = list(_deel_een(context, los, plek_tekst))
    if not eisen:
        meldingen.append(Melding("eis-ontbreekt", plek_tekst("eis")))
    eigen = [kenmerken(term) for term in dict.fromkeys(context.diagnosen)]
    genoemd = stammen(dict.fromkeys(context.doelen))
    for rij, eis in enumerate(eisen):
        meldingen.extend(_eis(rij, eis, eigen, genoemd, context, plek))
    meldingen.extend(_samen(eisen, plek))
    return meldingen


def noemt_merk(tekst: str) -> tuple[str, ...]:
    """De merken, typen en modelnummers in een zin, ook wat er alleen op lijkt; leeg bij een functionele zin."""
    return tuple(v.tekst for v in merkvondsten(tekst))


def _deel_een(c: Context, los: Mapping[str, Tekst], plek_tekst: Callable[[str], str]) -> Iterator[Melding]:
    """Merken, leesbaarheid en tegenspraak buiten de eisen: altijd vragen."""
    for code, tekst in c.teksten.items():
        for gevonden in _samengevat(tuple(v.tekst for v in merkvondsten(los[tekst], c.namen) if v.zeker)):
            yield Melding("advies-noemt-merk", plek_tekst(code), {"gevonden": gevonden}, "warning")
    for code, tekst in (*c.teksten.items(), *((k, t) for k, t in c.leesteksten.items() if k not in c.teksten)):
        for punt in moeilijk(los[tekst]):
            yield Melding(punt.code, plek_tekst(code), punt.waarden, "warning")
    if c.ontslagdatum and c.vandaag and c.ontslagdatum < c.vandaag:
        yield Melding("ontslag-voorbij", plek_tekst("ontslagdatum"), {"dag": _dag(c.ontslagdatum)}, "warning")
    if c.urgentie is Urgentie.SPOED and c.ontslagdatum is None and not (c.urgentie_reden or "").strip():
        yield Melding("spoed-zonder-reden", plek_tekst("urgentie"), {}, "warning")
    if (
        c.urgentie is Urgentie.GEWOON
        and c.ontslagdatum
        and c.vandaag
        and 0 <= (c.ontslagdatum - c.vandaag).days <= SPOED_DAGEN
    ):
        yield Melding("ontslag-zonder-spoed", plek_tekst("urgentie"), {"dag": _dag(c.ontslagdatum)}, "warning")


def _eis(
    rij: int, eis: Eis, eigen: Sequence[Kenmerken], genoemd: Collection[str], c: Context, plek: Plek
) -> Iterator[Melding]:
    """Alles over één eis, op de volgorde van de velden."""
    nummer = {"nummer": str(rij + 1)}

    def meld(code: str, veld: str, gevonden: str = "", ernst: Ernst = "error") -> Melding:
        return Melding(code, plek(rij, veld), {**nummer, "gevonden": gevonden} if gevonden else nummer, ernst)

    velden = {
        "eis-tekst": ontleed(eis.tekst),
        "eis-omstandigheden": ontleed(eis.omstandigheden or ""),
        "eis-gevolg": ontleed(eis.gevolg or ""),
        "eis-onderbouwing": ontleed(eis.onderbouwing or ""),
    }
    if not eis.tekst.strip():
        yield meld("eis-zonder-tekst", "eis-tekst")
    if eis.soort is None:
        yield meld("eis-zonder-soort", "eis-soort")
    merk_of_ziekte = False
    for veld in EISVELDEN:
        vondsten = merkvondsten(velden[veld], c.namen)
        ziekte = noemt(velden[veld], eigen) if veld in LEVERANCIER_LEEST else ()
        vreemd = () if ziekte or veld not in LEVERANCIER_LEEST else noemt_een_ziekte(velden[veld])
        for gevonden in _samengevat(tuple(v.tekst for v in vondsten if v.zeker)):
            yield meld("eis-noemt-merk", veld, gevonden)
        for gevonden in _samengevat(tuple(v.tekst for v in vondsten if not v.zeker)):
            yield meld("eis-lijkt-merk", veld, gevonden, "warning")
        for gevonden in _samengevat(ziekte):
            yield meld("eis-noemt-ziekte", veld, gevonden)
        for gevonden in _samengevat(vreemd):
            yield meld("eis-lijkt-ziekte", veld, gevonden, "warning")
        merk_of_ziekte = merk_of_ziekte or bool(veld == "eis-tekst" and (vondsten or ziekte or vreemd))
        for punt in moeilijk(velden[veld]):
            yield Melding(punt.code, plek(rij, veld), punt.waarden, "warning")
    wens = klinkt_als_wens(velden["eis-tekst"])
    if wens and eis.soort is Eissoort.NOODZAKELIJK:
        yield meld("eis-klinkt-als-wens", "eis-tekst", wens, "warning")
    # één vraag tegelijk over dezelfde zin: wat anders moet, wordt toch herschreven
    vaag = None if wens or merk_of_ziekte else is_vaag(velden["eis-tekst"])
    if vaag and not _gemeten(eis):
        yield meld("eis-is-vaag", "eis-tekst", vaag, "warning")
    yield from _onderbouwing(eis, genoemd, meld)


def _onderbouwing(eis: Eis, genoemd: Collection[str], meld: Callable[..., Melding]) -> Iterator[Melding]:
    """Elke eis zegt waarom (en niet met dezelfde woorden) en waarvoor (en dat staat ook in deel 1)."""
    onderbouwing, doel = (eis.onderbouwing or "").strip(), (eis.doel or "").strip()
    if not onderbouwing:
        yield meld("eis-zonder-onderbouwing", "eis-onderbouwing")
    elif herhaalt(onderbouwing, eis.tekst):
        yield meld("eis-onderbouwing-herhaalt", "eis-onderbouwing")
    elif mager(onderbouwing):
        yield meld("eis-onderbouwing-mager", "eis-onderbouwing", onderbouwing, "warning")
    if not doel:
        yield meld("eis-zonder-doel", "eis-doel")
    elif genoemd and not past_bij(doel, genoemd):
        yield meld("eis-doel-onbekend", "eis-doel", doel, "warning")


def _samen(eisen: Sequence[Eis], plek: Plek) -> Iterator[Melding]:
    """Wat alleen uit de eisen samen blijkt: twee keer hetzelfde, of niets dat noodzakelijk is."""
    gezien: dict[str, int] = {}
    for rij, eis in enumerate(eisen):
        sleutel = " ".join(eis.tekst.casefold().split()).rstrip(".")
        if sleutel and sleutel in gezien:
            waarden = {"nummer": str(rij + 1), "ander": str(gezien[sleutel] + 1)}
            yield Melding("eis-dubbel", plek(rij, "eis-tekst"), waarden, "warning")
        gezien.setdefault(sleutel, rij)
    if eisen and all(e.soort is Eissoort.WENSELIJK for e in eisen):
        yield Melding("eisen-alleen-wens", plek(0, "eis-soort"), {}, "warning")


def _gemeten(eis: Eis) -> bool:
    """Of de omstandigheden bij de eis zeggen hoeveel, hoe ver of hoe lang: dan is de eis toch te toetsen."""
    return any(teken.isdigit() for teken in eis.omstandigheden or "")


def _samengevat(gevonden: tuple[str, ...]) -> tuple[str, ...]:
    """Eén melding per veld: met alle vondsten erin."""
    return (", ".join(gevonden),) if gevonden else ()


def _dag(op: date) -> str:
    return f"{op.day}-{op.month}-{op.year}"
