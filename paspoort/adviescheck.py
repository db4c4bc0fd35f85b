"""De check op een functioneel advies voor het definitief wordt: onderbouwd, functioneel, zonder ziekte in een eis.

Significant 2024 §7.4 en §9.1: adviezen noemen merk en type, wensen in plaats van noodzaak, en missen onderbouwing.
Elke melding zegt hoe het beter kan. Een fout houdt *definitief* tegen, een waarschuwing vraagt. Kent geen FHIR: de plek
van een veld geeft de aanroeper (`paspoort/fhir/vragenlijst/advies.py`). Makers staan in `gegevens/merken.json`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from paspoort.advies import Eis, Eissoort
from paspoort.fouten import Ernst, Melding

# de velden van een eis die de leverancier leest (groep eisen): hier hoort geen ziekte
LEVERANCIER_LEEST: Final = ("eis-tekst", "eis-omstandigheden", "eis-gevolg")
EISVELDEN: Final = (*LEVERANCIER_LEEST, "eis-onderbouwing")
Plek = Callable[[int, str], str]


@dataclass(frozen=True, slots=True)
class Merken:
    """De ontlede lijst: namen, namen die ook een gewoon woord zijn, wat geen modelnummer is, wenswoorden, en woorden
    uit een diagnose die op zichzelf niets over ziekte zeggen."""

    namen: re.Pattern[str]
    gewone_woorden: re.Pattern[str]
    geen_model: re.Pattern[str]
    wens: re.Pattern[str]
    gewoon_in_diagnose: frozenset[str]


# een modelnummer of een verwijzing naar een product, ook van een maker die wij niet kennen; groep 1 is de vondst
MODELPATRONEN: Final = (
    re.compile(r"\b([\w-]+\s?[®™])"),
    # ‘merk Zus’, ‘fabrikant Zo’
    re.compile(r"\b(?:merk|fabrikant|producent|fabricaat):?\s+([A-Z][\w&-]+)"),
    # ‘model Comfort’, ‘serie 500’, ‘uitvoering Sport 2’
    re.compile(r"\b((?:[Mm]odel|[Ss]erie|[Uu]itvoering)\s+(?:[A-Z][\w-]*|\d{2,}\w*)(?:\s\d+)?)"),
    re.compile(r"\b([Tt]ype\s+[A-Z]+[-\w]*\d[\w-]*)"),
    # ‘zoals de Velora’, ‘vergelijkbaar met een Comet 300’
    re.compile(
        r"\b(?:zoals|gelijk aan|vergelijkbaar met|net als)\s+(?:op |bij |in )?(?:de|een|het|zijn|haar|mijn)\s+"
        r"([A-Z][a-zëéüö]{2,}(?:\s[A-Z0-9][\w-]*)?)"
    ),
    # ‘Comet 300’: een naam midden in de zin met een los nummer, geen maat
    re.compile(
        r"(?<=[a-z,;] )([A-Z][a-z]{3,}\s\d{1,4}\b)"
        r"(?!\s?(?:cm|mm|m|km|kg|uur|jaar|maanden|weken|dagen|graden|keer|maal|°|%|"
        r"jan|feb|maart|apr|mei|juni|juli|aug|sep|okt|nov|dec))"
    ),
    # ‘X3’, ‘F5’, ‘Q700’, ‘XR-20’: letters en cijfers aaneen
    re.compile(r"\b([A-Z]{1,3}-?\d{1,4}[A-Za-z]{0,2})\b"),
)
MODELNUMMER: Final = re.compile(r"\s[A-Z]{0,3}-?\d[\w-]*")
GEEN_PRODUCT: Final = re.compile(r"^(?:Nederlandse?|Wmo|Zvw|Wlz|Europese?|Amsterdam\w*|Dikke|Rode)\b")


def controleer_advies(
    eisen: Sequence[Eis],
    teksten: Mapping[str, str],
    diagnosetermen: Iterable[str],
    plek: Plek,
    plek_tekst: Callable[[str], str],
    merken: Merken | None = None,
) -> list[Melding]:
    """Alle bevindingen in de volgorde van het formulier; fouten blokkeren definitief, waarschuwingen vragen.

    `teksten` zijn de antwoorden van deel 1 op item.code waarin een merk een vraag oplevert; `diagnosetermen` de
    diagnosen in het paspoort; `plek(rij, code)` en `plek_tekst(code)` geven het element. Wat er buiten de eisen
    ontbreekt, meldt de vragenlijst zelf.
    """
    lijst = merken or merkenlijst()
    termen = tuple(diagnosetermen)
    meldingen = [
        Melding("advies-noemt-merk", plek_tekst(code), {"gevonden": gevonden}, "warning")
        for code, tekst in teksten.items()
        for gevonden in _eerste(noemt_merk(tekst, lijst))
    ]
    if not eisen:
        meldingen.append(Melding("eis-ontbreekt", plek_tekst("eis")))
    for rij, eis in enumerate(eisen):
        meldingen.extend(_eis(rij, eis, termen, plek, lijst))
    return meldingen


def noemt_merk(tekst: str, merken: Merken | None = None) -> tuple[str, ...]:
    """De merken, typen en modelnummers in een zin, zoals zij er staan; leeg bij een functionele zin.

    Maten met een eenheid, ICF- en ISO-klassen, normen en wervelniveaus zijn geen modelnummer.
    """
    lijst = merken or merkenlijst()
    spannen = [_met_nummer(tekst, m) for m in lijst.namen.finditer(tekst)]
    spannen += [_met_nummer(tekst, m) for m in lijst.gewone_woorden.finditer(tekst) if _is_naam_hier(tekst, m)]
    # wat zeker geen modelnummer is, wordt eerst onleesbaar gemaakt; de plaatsen blijven gelijk
    zonder = lijst.geen_model.sub(lambda m: "·" * len(m.group()), tekst)
    for patroon in MODELPATRONEN:
        spannen += [m.span(1) for m in patroon.finditer(zonder) if "·" not in m[1] and not GEEN_PRODUCT.match(m[1])]
    gekozen: list[tuple[int, int]] = []
    for begin, einde in spannen:  # een naam gaat voor een patroon, een eerder patroon voor een later
        if not any(begin < e and b < einde for b, e in gekozen):
            gekozen.append((begin, einde))
    return tuple(dict.fromkeys(tekst[begin:einde] for begin, einde in sorted(gekozen)))


def noemt_ziekte(tekst: str, diagnosetermen: Iterable[str]) -> tuple[str, ...]:
    """De woorden in `tekst` die een diagnose noemen: de hele term, een kenmerkend woord of de afkorting."""
    kaal = _kaal(tekst)
    gevonden: list[str] = []
    for term in diagnosetermen:
        for woord in _woorden_van(term):
            gevonden += re.findall(rf"\b{re.escape(woord)}\b", kaal)
        for afkorting in _afkortingen(term):
            gevonden += re.findall(rf"\b{re.escape(afkorting)}\b", tekst)
    return tuple(dict.fromkeys(gevonden))


def klinkt_als_wens(tekst: str, merken: Merken | None = None) -> str | None:
    """De woorden waardoor een eis als een wens klinkt, of None."""
    match = (merken or merkenlijst()).wens.search(tekst)
    return match.group() if match else None


@lru_cache(maxsize=1)
def merkenlijst() -> Merken:
    """De merkenlijst van het project, één keer gelezen en ontleed."""
    inhoud = json.loads((files("paspoort") / "gegevens" / "merken.json").read_text("utf-8"))
    namen = {naam for merk in inhoud["merken"] for naam in (merk["naam"], *merk["series"])}
    gewoon = set(inhoud["ook_gewone_woorden"])
    return Merken(
        namen=_woordpatroon(namen - gewoon, re.IGNORECASE),
        gewone_woorden=_woordpatroon(gewoon, 0),
        geen_model=re.compile("|".join(inhoud["modelnummer_geen"])),
        wens=_woordpatroon(set(inhoud["wenswoorden"]), re.IGNORECASE),
        gewoon_in_diagnose=frozenset(inhoud["gewoon_in_diagnose"]),
    )


def _eis(rij: int, eis: Eis, termen: Sequence[str], plek: Plek, merken: Merken) -> Iterator[Melding]:
    """Alles over één eis, op de volgorde van de velden."""
    nummer = {"nummer": str(rij + 1)}

    def meld(code: str, veld: str, gevonden: str = "", ernst: Ernst = "error") -> Melding:
        return Melding(code, plek(rij, veld), {**nummer, "gevonden": gevonden} if gevonden else nummer, ernst)

    velden = {
        "eis-tekst": eis.tekst,
        "eis-omstandigheden": eis.omstandigheden,
        "eis-gevolg": eis.gevolg,
        "eis-onderbouwing": eis.onderbouwing,
    }
    if not eis.tekst.strip():
        yield meld("eis-zonder-tekst", "eis-tekst")
    if eis.soort is None:
        yield meld("eis-zonder-soort", "eis-soort")
    for veld in EISVELDEN:
        tekst = velden[veld] or ""
        for gevonden in _eerste(noemt_merk(tekst, merken)):
            yield meld("eis-noemt-merk", veld, gevonden)
        for gevonden in _eerste(noemt_ziekte(tekst, termen)) if veld in LEVERANCIER_LEEST else ():
            yield meld("eis-noemt-ziekte", veld, gevonden)
    wens = klinkt_als_wens(eis.tekst, merken)
    if wens and eis.soort is Eissoort.NOODZAKELIJK:
        yield meld("eis-klinkt-als-wens", "eis-tekst", wens, "warning")
    if not (eis.onderbouwing or "").strip():
        yield meld("eis-zonder-onderbouwing", "eis-onderbouwing")
    if not (eis.doel or "").strip():
        yield meld("eis-zonder-doel", "eis-doel")


def _eerste(gevonden: tuple[str, ...]) -> tuple[str, ...]:
    """Eén melding per veld: met alle vondsten erin."""
    return (", ".join(gevonden),) if gevonden else ()


def _woordpatroon(woorden: Iterable[str], vlaggen: int) -> re.Pattern[str]:
    """Eén patroon over hele woorden, de langste eerst; spatie en koppelteken gelden als hetzelfde."""
    delen = [re.sub(r"\\[ -]", r"[\\s-]", re.escape(w)) for w in sorted(woorden, key=lambda w: (-len(w), w))]
    return re.compile(rf"(?<!\w)(?:{'|'.join(delen)})(?!\w)", vlaggen)


def _is_naam_hier(tekst: str, match: re.Match[str]) -> bool:
    """Of een naam die ook een woord is, hier een naam is: midden in een zin, of met een nummer erachter."""
    voor = tekst[: match.start()].rstrip()
    return bool(voor and voor[-1] not in ".!?:\n") or bool(re.match(r"\s?-?\w?\d", tekst[match.end() :]))


def _met_nummer(tekst: str, match: re.Match[str]) -> tuple[int, int]:
    """De naam met het modelnummer dat erop volgt: ‘Permobil’ in ‘Permobil M3’ wordt ‘Permobil M3’."""
    nummer = MODELNUMMER.match(tekst, match.end())
    return match.start(), nummer.end() if nummer else match.end()


def _kaal(tekst: str) -> str:
    """Kleine letters zonder accenten."""
    ontleed = unicodedata.normalize("NFKD", tekst.lower())
    return "".join(teken for teken in ontleed if not unicodedata.combining(teken))


def _woorden_van(term: str) -> list[str]:
    """De hele term en haar kenmerkende woorden (zes letters of meer, geen gewoon woord)."""
    kaal = _kaal(term)
    los = re.findall(r"[a-z]{6,}", kaal)
    heel = [kaal] if len(kaal) >= 4 and kaal not in merkenlijst().gewoon_in_diagnose else []
    return [*heel, *(woord for woord in los if woord not in merkenlijst().gewoon_in_diagnose)]


def _afkortingen(term: str) -> list[str]:
    """Hoofdletterwoorden in de term, en haar beginletters: Amyotrofische laterale sclerose → ALS."""
    staan = re.findall(r"\b[A-Z]{2,5}\b", term)
    woorden = re.findall(r"[^\W\d_]+", re.split(r"[,(]| type | niveau ", term)[0])
    letters = "".join(woord[0].upper() for woord in woorden if len(woord) > 2)
    return [*staan, *([letters] if 3 <= len(letters) <= 5 else [])]
