"""Klinkt een eis als een wens, of is zij vaag? Woorden en uitdrukkingen zijn gegevens (`gegevens/eistaal.json`).

Een wens is een voorkeur van een mens (‘wil graag’, ‘het liefst’); vaag is wat niemand kan nameten
of zien (‘goede zit’).
Significant 2024 §7.2: noodzaak en wens lopen door elkaar; §7.4: de leverancier moet de eis kunnen toetsen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from paspoort.adviescheck_woorden import Tekst, Treffer, Uitdrukkingen, Woord, gegevens, kaal, ontleed

# zoveel woorden mogen er staan tussen wie iets wil en het werkwoord
AFSTAND: Final = 4
# een zin van zoveel woorden met één zwak houvast is niet vaag meer
LANG: Final = 9
INHOUD: Final = 3  # met zoveel andere woorden zegt een zin wel iets
VEEL: Final = 8  # met zoveel ook als er een oordeel in staat: dan beschrijft hij een handeling
# wat ook van een ding gezegd wordt: ‘de helling vraagt kracht’, ‘de band hecht’
VERGT: Final = frozenset({"vraagt", "eist", "hecht", "hechten"})
# wat na ‘zou’ en ‘lijkt’ een wens maakt; ‘zou vallen’ is er geen
SMAAK: Final = frozenset(
    {"fijn", "prettig", "leuk", "mooi", "handig", "gezellig", "graag", "liever", "beter", "fijner"}
)
OORDEEL: Final = ("ige", "ame", "elijke", "ieve", "ische", "erde", "ende")


@dataclass(frozen=True, slots=True)
class Eistaal:
    """De ontlede woordenlijst; alle losse woorden kaal."""

    wens: Uitdrukkingen
    wens_stam: tuple[str, ...]
    wens_niet: Uitdrukkingen
    wie: frozenset[str]
    werkwoord: frozenset[str]
    werkwoord_alleen: frozenset[str]
    gevoel: frozenset[str]
    voorwaarde: frozenset[str]
    kleuren: frozenset[str]
    kleur_is_nut: frozenset[str]
    vaag: Uitdrukkingen
    oordeel: frozenset[str]
    vulling: Uitdrukkingen
    leeg: frozenset[str]
    producten: frozenset[str]
    houvast: frozenset[str]
    houvast_zwak: frozenset[str]
    getallen: frozenset[str]
    zegt_niets: frozenset[str]


@lru_cache(maxsize=1)
def eistaal() -> Eistaal:
    """De woordenlijst van het project, één keer gelezen."""
    d = gegevens("eistaal")

    def los(naam: str) -> frozenset[str]:
        return frozenset(kaal(w) for w in d[naam])

    return Eistaal(
        wens=Uitdrukkingen(d["wens"]),
        wens_stam=tuple(kaal(w) for w in d["wens_stam"]),
        wens_niet=Uitdrukkingen(d["wens_niet"]),
        wie=los("wens_wie"),
        werkwoord=los("wens_werkwoord"),
        werkwoord_alleen=los("wens_werkwoord_alleen"),
        gevoel=los("wens_gevoel"),
        voorwaarde=los("wens_voorwaarde"),
        kleuren=los("kleuren"),
        kleur_is_nut=los("kleur_is_nut"),
        vaag=Uitdrukkingen(d["vaag"]),
        oordeel=los("oordeel"),
        vulling=Uitdrukkingen(d["vulling"]),
        leeg=los("leeg"),
        producten=los("producten"),
        houvast=los("houvast"),
        houvast_zwak=los("houvast_zwak"),
        getallen=frozenset(d["getallen"]),
        zegt_niets=los("onderbouwing_zegt_niets"),
    )


def klinkt_als_wens(eis: str | Tekst) -> str | None:
    """De woorden waardoor een eis als een wens klinkt, of None."""
    taal, (tekst, gegeven) = eistaal(), ontleed(eis)
    gewoon = {i for t in taal.wens_niet.vind(tekst, gegeven) for i in range(t.van, t.tot)}
    for treffer in taal.wens.vind(tekst, gegeven):
        if not gewoon & set(range(treffer.van, treffer.tot)):
            return _stuk(tekst, gegeven, treffer.van, treffer.tot)
    for woord in gegeven:  # ‘vakantiefoto's’, ‘bekerhouders’
        if woord.kaal.startswith(taal.wens_stam):
            return woord.tekst
    return _iemand_wil(tekst, gegeven, taal) or _kleur(tekst, gegeven, taal)


def is_vaag(eis: str | Tekst) -> str | None:
    """De woorden die een eis vaag maken als niets erin te meten of te zien is, of None.

    Vaag is een waarderend woord zonder houvast (een getal, een reden, een handeling, een plaats), of een zin
    waar buiten lidwoorden, soorten hulpmiddelen en zulke woorden niets in staat. Een oordeel (‘goed’, ‘verantwoord’)
    houdt een langere zin vaag dan een maatwoord (‘breed’): een plaats of lichaamsdeel erbij maakt het niet te meten.
    """
    taal, (tekst, gegeven) = eistaal(), ontleed(eis)
    vaag = [*taal.vaag.vind(tekst, gegeven), *_zo_mogelijk(gegeven)]
    frasen = {i for t in vaag if t.tot - t.van > 1 for i in range(t.van, t.tot)}
    if not gegeven or _houvast(gegeven, frasen, taal):
        return None
    bedekt = {i for t in (*vaag, *taal.vulling.vind(tekst, gegeven)) for i in range(t.van, t.tot)}
    inhoud = [w for i, w in enumerate(gegeven) if i not in bedekt and w.kaal not in taal.leeg | taal.producten]
    zwak = {w.kaal for w in gegeven if w.kaal in taal.houvast_zwak}
    if any(_is_oordeel(t, gegeven, taal) for t in vaag) and len(inhoud) < VEEL:
        return ", ".join(dict.fromkeys(_stuk(tekst, gegeven, t.van, t.tot) for t in vaag))
    if vaag and len(inhoud) < INHOUD and (not zwak or (len(zwak) == 1 and len(gegeven) < LANG)):
        return ", ".join(dict.fromkeys(_stuk(tekst, gegeven, t.van, t.tot) for t in vaag))
    if not inhoud or (not zwak and len(inhoud) == 1 and _oordeel(inhoud[0], gegeven, taal)):
        return tekst.strip()
    return None


def _zo_mogelijk(gegeven: Sequence[Woord]) -> Iterator[Treffer]:
    """‘zo zelfstandig mogelijk’: het woord ertussen is dan geen houvast meer."""
    for i in range(len(gegeven) - 2):
        if gegeven[i].kaal == "zo" and gegeven[i + 2].kaal == "mogelijk":
            yield Treffer(i, i + 3, "zo … mogelijk")


def _is_oordeel(treffer: Treffer, gegeven: Sequence[Woord], taal: Eistaal) -> bool:
    """Een uitdrukking van meer woorden, of een oordeel zonder waarvoor: ‘geschikt’, niet ‘geschikt voor’."""
    if treffer.tot - treffer.van > 1:
        return True
    erna = gegeven[treffer.tot].kaal if treffer.tot < len(gegeven) else ""
    return gegeven[treffer.van].kaal in taal.oordeel and erna not in ("voor", "als", "om")


def _oordeel(woord: Woord, gegeven: Sequence[Woord], taal: Eistaal) -> bool:
    """Of het enige inhoudswoord een oordeel vlak voor een soort hulpmiddel is: ‘een handzame rollator’."""
    plaats = gegeven.index(woord)
    erna = gegeven[plaats + 1].kaal if plaats + 1 < len(gegeven) else ""
    return erna in taal.producten and woord.kaal.endswith(OORDEEL) and not woord.kaal.endswith(("bare", "baar"))


def _houvast(gegeven: Sequence[Woord], frasen: Collection[int], taal: Eistaal) -> bool:
    """Of er iets in staat dat te meten of te zien is: een getal, een reden, een handeling."""
    for i, woord in enumerate(gegeven):
        if i in frasen:
            continue
        if any(t.isdigit() for t in woord.tekst) or woord.kaal in taal.houvast or woord.tekst.lower() in taal.getallen:
            return True
        # ‘om … te’: waarvoor het nodig is
        if woord.kaal == "om" and any(w.kaal == "te" for w in gegeven[i + 1 : i + 8]):
            return True
        # ‘kan met …’, ‘kan de …’: iemand kan iets
        if woord.kaal in ("kan", "kunnen") and i and gegeven[i - 1].kaal in taal.wie:
            return True
    return False


def _iemand_wil(tekst: str, gegeven: Sequence[Woord], taal: Eistaal) -> str | None:
    """‘De echtgenoot wil’, ‘mevrouw vindt … fijner’: een mens en kort erna een werkwoord van willen of vinden."""
    for i, woord in enumerate(gegeven):
        if woord.kaal not in taal.werkwoord:
            continue
        voor = gegeven[max(0, i - AFSTAND) : i]
        if any(w.kaal in taal.voorwaarde for w in voor[-3:]):
            continue
        # ‘de slechtziendheid van meneer vraagt’: niet meneer vraagt iets
        van = {j + 1 for j, w in enumerate(voor) if w.kaal in ("van", "bij", "voor")} if woord.kaal in VERGT else set()
        wie = any(w.kaal in taal.wie for j, w in enumerate((*voor, *gegeven[i + 1 : i + 2])) if j not in van)
        if woord.kaal not in VERGT:  # ‘Yvonne wil’; maar ‘Spasticiteit vraagt’ is geen mens
            wie = wie or any(w.groot and not w.begint for w in voor)
        eigennaam = i == 1 and gegeven[0].groot and woord.kaal not in VERGT
        if woord.kaal in taal.werkwoord_alleen and (wie or eigennaam):
            return _stuk(tekst, gegeven, max(0, i - 1), i + 1)
        erna = {w.kaal for w in gegeven[i + 1 : i + 10]}
        if woord.kaal in ("zou", "zouden", "lijkt"):
            erna &= SMAAK
            wie = wie or any(w.kaal in taal.wie | {"haar", "hem", "hun"} for w in gegeven[i + 1 : i + 3])
        if (wie or eigennaam) and erna & taal.gevoel:
            return _stuk(tekst, gegeven, max(0, i - 1), i + 1)
        if wie and woord.kaal in ("kiest", "zoekt", "prefereert"):
            return _stuk(tekst, gegeven, max(0, i - 1), i + 1)
    return None


def _kleur(tekst: str, gegeven: Sequence[Woord], taal: Eistaal) -> str | None:
    """Een kleur zonder nut is smaak; met contrast of een knop erbij niet."""
    if any(w.kaal in taal.kleur_is_nut for w in gegeven):
        return None
    for i, woord in enumerate(gegeven[1:], 1):
        voor, ervoor = gegeven[i - 1].kaal, gegeven[i - 2].kaal if i > 1 else ""
        erna = gegeven[i + 1].kaal if i + 1 < len(gegeven) else ""
        if woord.kaal in taal.kleuren and (
            voor in ("in", "het", "kleur") or ervoor == "kleur" or erna in taal.producten
        ):
            return _stuk(tekst, gegeven, i - 1, i + 1)
    return None


def _stuk(tekst: str, gegeven: Sequence[Woord], van: int, tot: int) -> str:
    return tekst[gegeven[van].begin : gegeven[tot - 1].einde]
