"""De uitslag van de herhaaltoets: route, gronden met norm en bewijs, wat ontbreekt, en wat er niet gevraagd hoeft.

herhaaltoets.md. De uitslag draagt de feiten en het beleid waarop hij rust (wetten 3 en 4) en is een voorstel: de
verstrekker beslist (AVG 22). Teksten zijn B1 en noemen nooit een ziekte, want wie deze uitslag leest, mag die soms
niet weten (toegang.md §4, `herhaalverzoek`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from paspoort.aanvraag import Verandering
from paspoort.complexiteit import Kenmerk
from paspoort.gegeven import Herkomst
from paspoort.herhaaltoets.beleid import Beleid
from paspoort.herhaaltoets.feit import ONBEKEND, ZONDER_BELANG_ALS_ONBEKEND, Feit, Feiten, Waarden
from paspoort.herhaaltoets.gronden import GRONDEN
from paspoort.herhaaltoets.routes import (
    STIL_ALS_KLOPT,
    BesluitNodig,
    Keuze,
    Route,
    besluit_nodig,
    eerste_hindernis,
    gaat_vanzelf,
    kies,
)
from paspoort.termijn import LopendeTermijn, begin

# Welke gegevensgroepen er opnieuw gevraagd worden als de houder zegt dat er iets veranderd is.
GROEPEN_BIJ_VERANDERING: dict[Verandering, frozenset[str]] = {
    Verandering.MAAT: frozenset({"maten"}),
    Verandering.GEZONDHEID: frozenset({"gezondheid", "functioneren"}),
    Verandering.WONING: frozenset({"omgeving"}),
    Verandering.GEBRUIK: frozenset({"functioneren", "hulpmiddelen"}),
    Verandering.HULP: frozenset({"omgeving"}),
}
# Welke termijnen met een route beginnen: (code, begint bij de melding of de aanvraag).
TERMIJNEN_BIJ_ROUTE: dict[Route, tuple[str, ...]] = {
    Route.LEVERANCIER_DIRECT: ("eerste-contact",),
    Route.DOORZETTEN: ("beschikking",),
    Route.AKKOORD_CASEMANAGER: ("beschikking",),
    Route.VERKORT_ONDERZOEK: ("bevestiging", "onderzoek"),
    Route.ONDERZOEK: ("bevestiging", "persoonlijk-plan", "onderzoek"),
}


@dataclass(frozen=True, slots=True)
class Onderzoeksvraag:
    """Een verplichte vraag van het volledige onderzoek, en of het paspoort haar beantwoordt."""

    code: str
    groep: str
    beantwoord: bool = False


@dataclass(frozen=True, slots=True)
class Grond:
    """Eén grond van de uitslag: `uitkomst` ja, nee of onbekend."""

    code: str
    feit: str
    uitkomst: str
    norm: str
    tekst: str
    bewijs: tuple[str, ...] = ()
    herkomst: Herkomst | None = None


@dataclass(frozen=True, slots=True)
class Ontbreekt:
    """Iets wat onbekend is, en wie het kan aanvullen."""

    feit: str
    wie: str
    tekst: str


@dataclass(frozen=True, slots=True)
class Lichter:
    """Waarom een lichtere route niet kan."""

    route: Route
    grond: str
    norm: str
    tekst: str


@dataclass(frozen=True, slots=True)
class Toetsuitslag:
    """De uitslag op één dag, met alles waarop hij rust."""

    route: Route
    weg: str
    besluit_nodig: BesluitNodig
    gaat_vanzelf: bool
    gronden: tuple[Grond, ...]
    ontbreekt: tuple[Ontbreekt, ...]
    lichter: tuple[Lichter, ...]
    bespaarde_vragen: int
    gevraagde_vragen: tuple[str, ...]
    spoed: bool
    complex: tuple[Kenmerk, ...]
    termijnen: tuple[LopendeTermijn, ...]
    feiten: Feiten
    beleid: Beleid
    op: date

    @property
    def kloppend(self) -> int:
        """Hoeveel gronden kloppen, voor “8 van de 8 gronden kloppen”."""
        return sum(g.uitkomst == "ja" for g in self.gronden)


@dataclass(frozen=True, slots=True)
class Omstandigheden:
    """Wat naast de feiten meespeelt: wat de houder noemde, spoed, complexiteit en wanneer er gevraagd is."""

    gevraagd_op: date
    veranderingen: tuple[Verandering, ...] = ()
    spoed: bool = False
    complex: tuple[Kenmerk, ...] = ()
    vragen: tuple[Onderzoeksvraag, ...] = ()


def route(feiten: Feiten, beleid: Beleid, rond: Omstandigheden, vandaag: date) -> Toetsuitslag:
    """Van feiten naar uitslag. Zuiver: zelfde feiten, beleid, omstandigheden en dag geven dezelfde uitslag (wet 3)."""
    waarden = feiten.waarden
    keuze = kies(waarden, beleid)
    gevraagd = _te_vragen(keuze, feiten, rond)
    bespaard = sum(v.beantwoord and v.code not in gevraagd for v in rond.vragen)
    lichter = _lichter(keuze.route, feiten, waarden, beleid)
    return Toetsuitslag(
        route=keuze.route,
        weg=keuze.weg.naam,
        besluit_nodig=besluit_nodig(keuze, waarden),
        gaat_vanzelf=gaat_vanzelf(keuze, beleid),
        gronden=_gronden(keuze, feiten, waarden, beleid, lichter),
        ontbreekt=_ontbreekt(feiten),
        lichter=lichter,
        bespaarde_vragen=bespaard,
        gevraagde_vragen=gevraagd,
        spoed=rond.spoed,
        complex=rond.complex,
        termijnen=_termijnen(keuze.route, rond, beleid),
        feiten=feiten,
        beleid=beleid,
        op=vandaag,
    )


def _gronden(
    keuze: Keuze, feiten: Feiten, waarden: Waarden, beleid: Beleid, lichter: tuple[Lichter, ...]
) -> tuple[Grond, ...]:
    if keuze.route is Route.ONDERZOEK:
        # Onderzoek heeft zelf geen voorwaarden: de gronden zijn dan die waarop het lichtere stukliep.
        codes = list(dict.fromkeys(t.grond for t in lichter))
    else:
        codes = [c for c in keuze.weg.gronden if c not in STIL_ALS_KLOPT]
    return tuple(_grond(code, feiten, waarden, beleid) for code in codes)


def _grond(code: str, feiten: Feiten, waarden: Waarden, beleid: Beleid) -> Grond:
    regel = GRONDEN[code]
    gelezen = [feiten[n] for n in regel.feiten]
    klopt = regel.regel(waarden, beleid)
    onbekend = any(f.waarde == ONBEKEND for f in gelezen)
    return Grond(
        code=code,
        feit=regel.feiten[0] if regel.feiten else code,
        uitkomst="ja" if klopt else "onbekend" if onbekend else "nee",
        norm=regel.norm,
        tekst=_zin(regel.klopt if klopt else regel.klopt_niet, gelezen),
        bewijs=tuple(dict.fromkeys(b for f in gelezen for b in f.bewijs)),
        herkomst=min((f.herkomst for f in gelezen if f.herkomst), key=lambda h: list(Herkomst).index(h), default=None),
    )


def _zin(kop: str, gelezen: list[Feit]) -> str:
    toelichting = next((f.toelichting for f in gelezen if f.toelichting), "")
    return f"{kop}: {toelichting}." if toelichting else f"{kop}."


def _lichter(gekozen: Route, feiten: Feiten, waarden: Waarden, beleid: Beleid) -> tuple[Lichter, ...]:
    gevonden = []
    for route_ in list(Route)[: gekozen.zwaarte]:
        code = eerste_hindernis(route_, waarden, beleid)
        if code is not None:
            grond = _grond(code, feiten, waarden, beleid)
            gevonden.append(Lichter(route_, code, grond.norm, grond.tekst))
    return tuple(gevonden)


def _ontbreekt(feiten: Feiten) -> tuple[Ontbreekt, ...]:
    return tuple(
        Ontbreekt(f.naam, f.wie or "verstrekker", f.ontbreekt or f"Onbekend: {f.naam}.")
        for f in feiten.alle
        if f.ontbreekt or (f.waarde == ONBEKEND and f.naam not in ZONDER_BELANG_ALS_ONBEKEND)
    )


def _te_vragen(keuze: Keuze, feiten: Feiten, rond: Omstandigheden) -> tuple[str, ...]:
    """A, B en C vragen niets; D alleen wat veranderd of onbekend is; E wat het paspoort niet weet (N2.1)."""
    if keuze.route is Route.ONDERZOEK:
        return tuple(v.code for v in rond.vragen if not v.beantwoord)
    if keuze.route is not Route.VERKORT_ONDERZOEK:
        return ()
    veranderd: set[str] = set()
    if feiten["soort"].waarde != "ongewijzigd":
        veranderd.update(*(GROEPEN_BIJ_VERANDERING[v] for v in rond.veranderingen))
    if feiten["tegenspraak"].waarde == "ja":
        veranderd |= feiten["tegenspraak"].vraaggroepen
    onbekend: set[str] = set()
    for feit in feiten.alle:
        if feit.waarde == ONBEKEND and feit.naam not in ZONDER_BELANG_ALS_ONBEKEND:
            onbekend |= feit.vraaggroepen
    return tuple(v.code for v in rond.vragen if v.groep in veranderd or (v.groep in onbekend and not v.beantwoord))


def _termijnen(gekozen: Route, rond: Omstandigheden, beleid: Beleid) -> tuple[LopendeTermijn, ...]:
    return tuple(begin(c, rond.gevraagd_op, beleid.verkorte_termijnen) for c in TERMIJNEN_BIJ_ROUTE[gekozen])
