"""Noemt een tekst een merk, type of modelnummer? Namen en uitzonderingen zijn gegevens (`gegevens/merken.json`).

Wat zeker is (een naam van de lijst, ‘merk Zus’, een modelnummer) houdt definitief tegen; wat alleen op een naam lijkt
(‘een Zephyr’) is een vraag. Maten met een eenheid, ICF- en ISO-klassen, normen en wervelniveaus zijn geen modelnummer.
Significant 2024 §7.4 en §9.2.2: geen merk of type in een functioneel advies.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from paspoort.adviescheck_woorden import Tekst, Uitdrukkingen, Woord, gegevens, kaal, ontleed, sluit_aan

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Merken:
    """De ontlede lijst. `gewoon` zijn namen die ook een woord zijn, `eigennaam` die ook van een mens of plaats zijn,
    `makers` mogen ook met een kleine letter, `omgeving` (auto, telefoon) kan ook de omgeving beschrijven, `bijna` zijn
    makers met één letter te weinig, `geen_merk` zijn woorden met een hoofdletter die geen product zijn."""

    namen: Uitdrukkingen
    gewoon: frozenset[str]
    eigennaam: frozenset[str]
    makers: frozenset[str]
    geen_merk: frozenset[str]
    geen_model: re.Pattern[str]
    omgeving: frozenset[str]
    bijna: frozenset[str]
    producten: frozenset[str]
    voor_een_mens: frozenset[str]
    eenheden: frozenset[str]


@dataclass(frozen=True, slots=True)
class Merkvondst:
    """Wat er staat, en of het zeker een merk of type is."""

    tekst: str
    zeker: bool


# een modelnummer of een verwijzing naar een product, ook van een maker die wij niet kennen; groep 1 is de vondst.
# Elke herhaling heeft een grens: geen tekst kan een patroon laten vastlopen.
MODELPATRONEN: Final = (
    re.compile(r"(?<![\w-])([\w-]{1,40}\s?[®™])"),
    # ‘merk Zus’, ‘fabrikant Zo’
    re.compile(r"\b(?:[Mm]erk|[Ff]abrikant|[Pp]roducent|[Ff]abricaat|[Ff]abrikaat):?\s+([A-Z][\w&-]{1,40})"),
    # ‘te leveren door Vela’, ‘firma Zus’
    re.compile(r"\b(?:(?:ge)?lever(?:en|d|t) door|[Ff]irma|[Ll]everancier):? ([A-Z][\w&-]{1,40})"),
    # ‘model Comfort’, ‘serie 500’, ‘uitvoering Sport 2’
    re.compile(r"\b((?:[Mm]odel|[Ss]erie|[Uu]itvoering)\s+(?:[A-Z][\w-]{0,40}|\d{2,9}\w{0,9})(?:\s\d{1,6})?)"),
    re.compile(r"\b([Tt]ype\s+(?=[A-Z])(?=[\w-]{0,15}\d)[\w-]{2,40})"),
    # ‘type G-Lite’, maar niet ‘type II’ of ‘type A’
    re.compile(r"\b([Tt]ype\s+(?![IVX]{1,4}\b)[A-Z][\w-]{2,40})"),
    # ‘zoals de Velora’, ‘vergelijkbaar met een Comet 300’
    re.compile(
        r"\b(?:zoals|gelijk aan|vergelijkbaar met|net als)\s+(?:op |bij |in )?(?:de|een|het|zijn|haar|mijn)\s+"
        r"([A-Z][a-zëéüö]{2,30}(?:\s[A-Z0-9][\w-]{0,30})?)"
    ),
    # ‘Comet 300’: een naam midden in de zin met een los nummer, geen maat
    re.compile(
        r"(?<=[a-z,;] )([A-Z][a-z]{3,30}\s\d{1,4}\b)"
        r"(?!\s?(?:cm|mm|m|km|kg|uur|jaar|maanden|weken|dagen|graden|keer|maal|°|%|"
        r"jan|feb|maart|apr|mei|juni|juli|aug|sep|okt|nov|dec))"
    ),
    # ‘X3’, ‘F5’, ‘Q700’, ‘XR-20’, ‘CJSM2’: letters en cijfers aaneen
    re.compile(r"\b([A-Z]{1,4}-?\d{1,4}[A-Za-z]{0,2})\b"),
    # ‘K-Series’, ‘G-Lite’
    re.compile(r"(?<![\w-])([A-Z]-[A-Z][a-z]{2,20})\b"),
    # een bestelling in plaats van een eis
    re.compile(r"\b((?:[Aa]rtikel|[Bb]estel|HMI-?|[Pp]roduct)(?:nummer|code|nr\.?)\s{0,3}:?\s{0,3}[\w.-]{2,30})"),
    re.compile(r"\b(GTIN\b[\s:]{0,3}\d{0,14})"),
)
# wat meestal op een product wijst, maar ook iets anders kan zijn
GOKPATRONEN: Final = (
    # ‘ErgoSit’, ‘MoveMaster’: een hoofdletter midden in een woord
    re.compile(r"\b([A-Z][a-z]{1,20}[A-Z][a-z]{1,20}\w{0,20})\b"),
    re.compile(r"(?<![\w.])((?:https?://|www\.)[\w./-]{3,80})"),
    # ‘van hetzelfde merk’: legt het product vast zonder het te noemen
    re.compile(r"\b((?:[Hh]et|een)?zelfde\s(?:merk|type|model|fabrikaat))\b"),
)
CIJFER: Final = re.compile(r"\d")
GEEN_PRODUCT: Final = re.compile(r"^(?:Nederlandse?|Wmo|Zvw|Wlz|Europese?|Amsterdam\w{0,9}|Dikke|Rode)\b")
LIDWOORD: Final = frozenset(
    {"een", "de", "het", "deze", "die", "dit", "dat", "type", "model", "merk", "serie", "nieuwe"}
)
BIJNA: Final = 7  # vanaf zoveel letters kan een woord een verschreven maker zijn
MODELWOORDEN: Final = 4  # zoveel woorden en nummers horen hoogstens nog bij een naam
BENAMING: Final = frozenset({"een", "merk", "model", "type", "serie"})


def merkvondsten(gegeven_tekst: str | Tekst, bekende_namen: Collection[str] = ()) -> tuple[Merkvondst, ...]:
    """De merken, typen en modelnummers in een tekst, zoals zij er staan; leeg bij een functionele tekst.

    `bekende_namen` zijn woorden (kaal) uit namen en adressen van wie bij het paspoort horen: nooit een gok waard.
    """
    lijst = merkenlijst()
    tekst, gegeven = ontleed(gegeven_tekst)
    gekozen: list[tuple[Span, bool]] = []
    bezet = bytearray(len(tekst))

    def neem(span: Span, zeker: bool) -> None:
        if not any(bezet[span[0] : span[1]]):
            bezet[span[0] : span[1]] = b"\1" * (span[1] - span[0])
            gekozen.append((span, zeker))

    for span, zeker in _namen(tekst, gegeven, lijst):
        neem(span, zeker)
    # wat zeker geen modelnummer is, wordt eerst onleesbaar gemaakt; de plaatsen blijven gelijk
    zonder = lijst.geen_model.sub(lambda m: "·" * len(m.group()), tekst) if CIJFER.search(tekst) else tekst
    for span in _patronen(zonder, MODELPATRONEN, lijst):
        neem(span, True)
    for span in _patronen(zonder, GOKPATRONEN, lijst):
        neem(span, False)
    for span in _gokken(tekst, gegeven, lijst, bekende_namen):
        neem(span, False)
    uit: dict[str, bool] = {}
    for (begin, einde), zeker in sorted(gekozen):
        uit.setdefault(tekst[begin:einde], zeker)
    return tuple(Merkvondst(t, z) for t, z in uit.items())


@lru_cache(maxsize=1)
def merkenlijst() -> Merken:
    """De merkenlijst van het project, één keer gelezen en ontleed."""
    inhoud = gegevens("merken")
    namen = {naam for merk in inhoud["merken"] for naam in (merk["naam"], *merk["series"])}
    gewoon, eigen = set(inhoud["ook_gewone_woorden"]), set(inhoud["ook_eigennamen"])
    aaneen = {naam.replace(" ", "") for naam in namen if " " in naam and len(naam) > 7 and naam[0] not in "0123456789"}
    makers = frozenset(m["naam"] for m in inhoud["merken"] if len(m["naam"]) >= 5) - gewoon - eigen
    return Merken(
        namen=Uitdrukkingen(namen | gewoon | aaneen),
        gewoon=frozenset(gewoon),
        eigennaam=frozenset(eigen),
        makers=makers,
        # namen van ziekten die naar een mens heten, hebben ook een hoofdletter: ‘Parkinson’, ‘Parkinsonpatiënt’
        geen_merk=frozenset(
            kaal(w) + staart
            for w in (*inhoud["geen_merk"], *gegevens("ziekten")["eponiemen"])
            for staart in ("", "patient", "patienten")
        ),
        geen_model=re.compile("|".join(inhoud["modelnummer_geen"])),
        omgeving=frozenset(inhoud["in_de_omgeving"]),
        bijna=frozenset(v for maker in makers if len(maker) >= BIJNA for v in _zonder_letter(kaal(maker))),
        producten=frozenset(kaal(w) for w in gegevens("eistaal")["producten"]),
        voor_een_mens=frozenset(inhoud["voor_een_mens"]),
        eenheden=frozenset(inhoud["eenheden"]),
    )


def _namen(tekst: str, gegeven: Sequence[Woord], lijst: Merken) -> Iterator[tuple[Span, bool]]:
    """Namen van de lijst die hier ook een naam zijn, met het modelnummer erachter, en makers in een samenstelling."""
    for treffer in lijst.namen.vind(tekst, gegeven):
        if _is_naam_hier(tekst, gegeven, treffer.van, treffer.tot, treffer.uitdrukking, lijst):
            einde = gegeven[_met_model(tekst, gegeven, treffer.tot) - 1].einde
            yield (gegeven[treffer.van].begin, einde), treffer.uitdrukking not in lijst.omgeving
    kale = _kale_makers(lijst)
    for woord in gegeven:
        if len(woord.kaal) >= BIJNA and woord.kaal not in kale:
            if _samengesteld(woord.kaal, kale, lijst):
                yield (woord.begin, woord.einde), True
            elif woord.kaal in lijst.bijna or any(v in kale for v in _zonder_letter(woord.kaal)):
                yield (woord.begin, woord.einde), False


def _samengesteld(woord: str, kale: Collection[str], lijst: Merken) -> bool:
    """‘Permobilrolstoel’, ‘Invacares’: een maker met een uitgang of een soort hulpmiddel erachter."""
    for maat in range(5, len(woord)):
        if woord[:maat] in kale:
            rest = woord[maat:]
            if rest == "s" or rest in lijst.producten or rest.removeprefix("s") in lijst.producten:
                return True
    return False


def _zonder_letter(woord: str) -> Iterator[str]:
    """Het woord met steeds één letter minder, de eerste blijft: zo zijn ‘Permobiel’ en ‘Permobil’ familie."""
    return (woord[:i] + woord[i + 1 :] for i in range(1, len(woord)))


@lru_cache(maxsize=1)
def _kale_makers(lijst: Merken) -> frozenset[str]:
    return frozenset(kaal(m) for m in lijst.makers if m.isalpha())


def _is_naam_hier(tekst: str, gegeven: Sequence[Woord], van: int, tot: int, naam: str, lijst: Merken) -> bool:
    """Of dit woord hier een product is: een hoofdletter, en bij een gewoon woord of een mensennaam ook de plaats."""
    eerste, vorige = gegeven[van], gegeven[van - 1].kaal if van else ""
    groot = any(teken.isupper() for w in gegeven[van:tot] for teken in w.tekst)
    erachter = _met_model(tekst, gegeven, tot) > tot
    if naam in lijst.eigennaam:
        van_product = vorige == "van" and van > 1 and gegeven[van - 2].kaal in lijst.producten  # ‘de stoel van Leckey’
        return groot and (vorige in LIDWOORD or vorige in lijst.producten or erachter or van_product)
    if naam in lijst.gewoon:
        midden = bool(van) and not eerste.begint and vorige not in lijst.voor_een_mens
        cijfer = tot < len(gegeven) and sluit_aan(tekst, gegeven[tot - 1 : tot + 1]) and gegeven[tot].tekst[0].isdigit()
        return (eerste.groot and (midden or erachter)) or (groot and cijfer)
    if not groot and {kaal(naam), kaal(naam).partition(" ")[0]} & _kale_makers(lijst):
        return True  # ‘kuschall’, ‘armon edero’: een maker mag ook met een kleine letter
    return groot or naam in lijst.makers or (not naam[0].isupper() and len(naam) >= 5)


def _met_model(tekst: str, gegeven: Sequence[Woord], tot: int) -> int:
    """Tot waar de naam met zijn model loopt: ‘Permobil’ in ‘Permobil M3 Corpus’."""
    uiterlijk = min(len(gegeven), tot + MODELWOORDEN)
    while (
        tot < uiterlijk
        and tot > 0
        and not gegeven[tot].begint
        and sluit_aan(tekst, gegeven[tot - 1 : tot + 1])
        and (gegeven[tot].groot or _is_nummer(tekst, gegeven, tot))
    ):
        tot += 1
    return tot


def _is_nummer(tekst: str, gegeven: Sequence[Woord], i: int) -> bool:
    """Een los nummer dat geen maat is: ‘Dali 4’ wel, ‘Dali 90 cm’ niet."""
    woord = gegeven[i]
    if not woord.tekst[0].isdigit():
        return False
    volgend = gegeven[i + 1].kaal if i + 1 < len(gegeven) else ""
    return volgend not in merkenlijst().eenheden and tekst[woord.einde : woord.einde + 1] not in ("°", "%", ",")


def _patronen(zonder: str, patronen: Iterable[re.Pattern[str]], lijst: Merken) -> Iterator[Span]:
    for patroon in patronen:
        for m in patroon.finditer(zonder):
            delen = {kaal(w) for w in m[1].replace("-", " ").split()[:2]}
            if "·" not in m[1] and not GEEN_PRODUCT.match(m[1]) and not delen & lijst.geen_merk:
                yield m.span(1)


def _gokken(tekst: str, gegeven: Sequence[Woord], lijst: Merken, bekende: Collection[str]) -> Iterator[Span]:
    """Woorden met een hoofdletter op een plaats waar alleen een product er een heeft."""
    for i, woord in enumerate(gegeven):
        if not _lijkt_naam(woord, lijst, bekende):
            continue
        vorige = gegeven[i - 1] if i else None
        tot = _met_model(tekst, gegeven, i + 1)
        if vorige is None or woord.begint:
            # ‘Lopra Tanga douchestoel’: twee namen op rij en dan het soort hulpmiddel
            volgt = gegeven[tot].kaal if tot < len(gegeven) else ""
            if tot > i + 1 and volgt in lijst.producten and vorige is None:
                yield woord.begin, gegeven[tot - 1].einde
            continue
        tussen = tekst[vorige.einde : woord.begin]
        # na een dubbele punt begint ook een gewoon antwoord met een hoofdletter: ‘Toilet: Zelf schoon’
        na_punt = ":" in tussen and tot > i + 1
        als_product = vorige.kaal in lijst.producten and (tussen in (" ", ", type ") or na_punt)
        bepaald = vorige.kaal in ("de", "het") and tussen == " " and _product_erbij(gegeven, i, tot, lijst)
        van = vorige.kaal == "van" and tussen == " " and _onbepaald(gegeven, i - 2, lijst)
        if als_product or bepaald or van or (vorige.kaal in BENAMING and tussen.isspace()):
            yield woord.begin, gegeven[tot - 1].einde


def _lijkt_naam(woord: Woord, lijst: Merken, bekende: Collection[str]) -> bool:
    """Een woord met een hoofdletter en verder kleine letters dat geen bekend woord of bekende naam is."""
    return (
        woord.groot
        and len(woord.tekst) > 2
        and not woord.tekst.isupper()
        and woord.kaal not in lijst.geen_merk
        and woord.kaal not in bekende
        and not woord.kaal.endswith(
            ("straat", "laan", "plein", "weg", "gracht", "kade", "dam", "dijk", "burg", "drecht")
        )
    )


def _onbepaald(gegeven: Sequence[Woord], i: int, lijst: Merken) -> bool:
    """Of hier een soort hulpmiddel staat dat nog van niemand is: ‘een zitkussen van …’, niet ‘de stoel van …’."""
    return i >= 0 and gegeven[i].kaal in lijst.producten and (i == 0 or gegeven[i - 1].kaal == "een")


def _product_erbij(gegeven: Sequence[Woord], i: int, tot: int, lijst: Merken) -> bool:
    """Of dicht bij de naam het soort hulpmiddel staat: ‘de Jacomo robotarm’, ‘douchestoel of de Badix’."""
    volgt = gegeven[tot].kaal if tot < len(gegeven) else ""
    return volgt in lijst.producten or (i >= 2 and gegeven[i - 2].kaal in ("of", "zoals", "als", "naar"))
