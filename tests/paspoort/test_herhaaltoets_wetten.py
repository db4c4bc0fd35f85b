"""De wetten van de herhaaltoets (herhaaltoets.md, *Laws*): voor alle feiten, niet voor voorbeelden.

Wet 1 is volledig nagerekend op alle combinaties van waarden die verschil kunnen maken; de rest met hypothesis.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations, product
from operator import le
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paspoort.aanvraag import Verandering
from paspoort.herhaaltoets import (
    Beleid,
    Doorzetten,
    Feit,
    Feiten,
    Omstandigheden,
    Onderzoeksvraag,
    Route,
    Waarden,
    route,
)
from paspoort.herhaaltoets.feit import NAMEN, ONBEKEND, WAARDEN
from paspoort.herhaaltoets.gronden import GRONDEN
from paspoort.herhaaltoets.routes import ROUTES, STIL_ALS_KLOPT, kies

VANDAAG = date(2026, 11, 24)
BELEID = Beleid("Organization/lindewaard")
BELEIDEN = [
    replace(BELEID, doorzetten=d, huur_vervangen_bij_verandering=h)
    for d in (Doorzetten.NA_BEVESTIGING, Doorzetten.NOOIT)
    for h in (True, False)
]
VRAGEN = tuple(
    Onderzoeksvraag(f"{groep}-{n}", groep, n > 0)
    for groep in ("contact", "gezondheid", "functioneren", "maten", "omgeving", "hulpmiddelen", "advies", "eisen")
    for n in range(3)
)


def bestaanbaar(w: Waarden) -> bool:
    """`contract` is nvt precies als er geen natura is; onbekend mag altijd (feit *contract*: natura only)."""
    if w.vorm == "natura":
        return w.contract != "nvt"
    return w.vorm == ONBEKEND or w.contract in {"nvt", ONBEKEND}


WAARDEN_STRATEGIE = st.builds(Waarden, **{n: st.sampled_from(WAARDEN[n]) for n in NAMEN}).filter(bestaanbaar)
BELEID_STRATEGIE = st.sampled_from(BELEIDEN)
OMSTANDIGHEDEN = st.builds(
    Omstandigheden,
    gevraagd_op=st.just(VANDAAG),
    veranderingen=st.lists(st.sampled_from(Verandering), unique=True, max_size=3).map(tuple),
    spoed=st.booleans(),
    vragen=st.just(VRAGEN),
)


def uit(waarden: Waarden) -> Feiten:
    """Feiten met bewijs en met vragen bij wat onbekend is, zoals `vaststellen` ze maakt."""
    groepen = {"blijvend": {"gezondheid"}, "advies": {"advies"}, "tegenspraak": {"gezondheid", "maten"}}
    return Feiten(
        tuple(
            Feit(n, getattr(waarden, n), bewijs=(f"X/{n}/1",), vraaggroepen=frozenset(groepen.get(n, ())))
            for n in NAMEN
        )
    )


# Per feit één waarde van elke soort die de gronden onderscheiden, gunstigste eerst.
TREDEN: dict[str, tuple[str, ...]] = {
    "soort": ("ongewijzigd", "veranderd", "nieuw"),
    "bekend": ("ja", "nee"),
    "toekenning": ("open", "geen"),
    "categorie": ("zelfde", "andere", ONBEKEND),
    "onderbouwing": ("ja", "nee"),
    "blijvend": ("ja", "nee"),
    "tegenspraak": ("nee", "ja"),
    "advies": ("definitief", "geen", "achterhaald"),
    "advies_nodig": ("nee", "ja"),
    "vorm": ("natura", "pgb", ONBEKEND),
    "contract": ("huur", "nvt", "koop", ONBEKEND),
    "levensduur": ("voorbij", "niet-voorbij"),
    "afkeur": ("ja", "nee"),
    "afroep": ("ja", "nee"),
    "aanpassing": ("ja", "nee"),
}


@pytest.mark.parametrize("naam", NAMEN)
def test_de_treden_dekken_alle_waarden(naam: str) -> None:
    """Elke waarde die niet in `TREDEN` staat, doet in alle gronden precies wat een trede doet."""
    for waarde in WAARDEN[naam]:
        if waarde not in TREDEN[naam]:
            assert any(_niet_te_onderscheiden(naam, waarde, trede) for trede in TREDEN[naam]), waarde


def _niet_te_onderscheiden(naam: str, een: str, ander: str) -> bool:
    lezers = [g for g in GRONDEN.values() if naam in g.feiten]
    rest = sorted({n for g in lezers for n in g.feiten if n != naam} | ({"contract"} if naam == "vorm" else set()))
    for combinatie in product(*(WAARDEN[n] for n in rest)):
        basis = replace(Waarden(), **dict(zip(rest, combinatie, strict=True)))
        for g, beleid in product(lezers, BELEIDEN):
            if g.regel(replace(basis, **{naam: een}), beleid) != g.regel(replace(basis, **{naam: ander}), beleid):
                return False
    return True


class Meelezer:
    """Waarden die onthouden welke feiten er gelezen werden."""

    def __init__(self, waarden: Waarden) -> None:
        self.waarden, self.gelezen = waarden, set[str]()

    def __getattr__(self, naam: str) -> str:
        self.gelezen.add(naam)
        return str(getattr(self.waarden, naam))


@pytest.mark.parametrize("code", GRONDEN)
def test_een_grond_leest_alleen_de_feiten_die_hij_noemt(code: str) -> None:
    """Daarop rust de snelle berekening van wet 1: wie dezelfde gronden waar maakt, krijgt dezelfde route."""
    grond = GRONDEN[code]
    for combinatie in product(*(WAARDEN[n] for n in grond.feiten)):
        for beleid in BELEIDEN:
            lezer = Meelezer(replace(Waarden(), **dict(zip(grond.feiten, combinatie, strict=True))))
            grond.regel(cast(Waarden, lezer), beleid)
            assert lezer.gelezen <= set(grond.feiten)


def zwaarten(beleid: Beleid) -> bytes:
    """De zwaarte van elke combinatie van treden, de laatste naam het snelst lopend; GEEN_GEVAL als zij niet bestaat.

    Per blok feiten dat samen in een grond staat, worden de gronden één keer gerekend; `kies` draait één keer per
    verzameling gronden die waar is.
    """
    codes = list(GRONDEN)
    merken: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    plek = 0
    while plek < len(NAMEN):
        einde = plek + 1
        while True:  # het blok groeit tot geen grond er nog half in staat
            namen = NAMEN[plek:einde]
            lezers = [g for g in GRONDEN.values() if set(g.feiten) & set(namen)]
            verst = max((NAMEN.index(f) + 1 for g in lezers for f in g.feiten), default=einde)
            assert all(NAMEN.index(f) >= plek for g in lezers for f in g.feiten)
            if verst <= einde:
                break
            einde = verst
        deel = []
        for combinatie in product(*(TREDEN[n] for n in namen)):
            w = replace(Waarden(), **dict(zip(namen, combinatie, strict=True)))
            merk = sum(1 << codes.index(g.code) for g in lezers if g.regel(w, beleid))
            weg = "vorm" in namen and not bestaanbaar(w)  # `vorm` en `contract` staan in één blok: grond geen-koop
            deel.append((-1 if weg else merk, combinatie))
        merken = [
            (-1 if m < 0 or d < 0 else m | d, (*eerder, *verder) if m >= 0 <= d else ())
            for m, eerder in merken
            for d, verder in deel
        ]
        plek = einde
    per_merk = {m: kies(Waarden(*w), beleid).route.zwaarte for m, w in dict(merken).items() if m >= 0}
    per_merk[-1] = GEEN_GEVAL
    return bytes(per_merk[m] for m, _ in merken)


GEEN_GEVAL = 255


@pytest.mark.parametrize("beleid", BELEIDEN, ids=["gewoon", "huur-streng", "nooit", "nooit-en-huur-streng"])
def test_wet_1_een_minder_gunstig_feit_geeft_nooit_een_lichtere_route(beleid: Beleid) -> None:
    """Volledig: alle combinaties van treden, en vanaf elke combinatie elke trede omlaag."""
    gewicht = zwaarten(beleid)
    als_lichtst = gewicht.replace(
        bytes([GEEN_GEVAL]), b"\0"
    )  # wat niet bestaat, is nooit te zwaar om van te vertrekken
    assert len(gewicht) - gewicht.count(GEEN_GEVAL) > 100_000
    assert len(set(gewicht) - {GEEN_GEVAL}) == (2 if beleid.doorzetten is Doorzetten.NOOIT else len(Route))
    stap = len(gewicht)
    for naam in NAMEN:
        aantal = len(TREDEN[naam])
        ronde, stap = stap, stap // aantal
        for gunstig, minder in combinations(range(aantal), 2):
            van = _met_waarde(als_lichtst, gunstig, stap, ronde)
            naar = _met_waarde(gewicht, minder, stap, ronde)
            assert all(map(le, van, naar)), (naam, TREDEN[naam][gunstig], TREDEN[naam][minder])


def _met_waarde(alle: bytes, waarde: int, stap: int, ronde: int) -> bytes:
    """Alle gevallen waarin één feit op deze trede staat, in vaste volgorde."""
    if stap < len(alle) // ronde:
        return b"".join(alle[waarde * stap + rest :: ronde] for rest in range(stap))
    return b"".join(alle[begin + waarde * stap :][:stap] for begin in range(0, len(alle), ronde))


@given(WAARDEN_STRATEGIE, st.sampled_from(NAMEN), BELEID_STRATEGIE)
@settings(max_examples=500)
def test_wet_1_geldt_ook_zonder_te_rekenen_met_gronden(w: Waarden, naam: str, beleid: Beleid) -> None:
    """Dezelfde wet langs de gewone weg, met alle waarden in plaats van treden."""
    gunstig = replace(w, **{naam: WAARDEN[naam][0]})
    if bestaanbaar(gunstig):
        assert kies(w, beleid).route.zwaarte >= kies(gunstig, beleid).route.zwaarte


@given(WAARDEN_STRATEGIE, st.sampled_from(NAMEN), BELEID_STRATEGIE)
@settings(max_examples=500)
def test_wet_1_een_feit_dat_onbekend_wordt_geeft_nooit_een_lichtere_route(w: Waarden, n: str, beleid: Beleid) -> None:
    minder = replace(w, **{n: ONBEKEND})
    assert kies(minder, beleid).route.zwaarte >= kies(w, beleid).route.zwaarte


@given(WAARDEN_STRATEGIE, BELEID_STRATEGIE, OMSTANDIGHEDEN, st.randoms(use_true_random=False))
def test_wet_2_de_volgorde_van_feiten_doet_er_niet_toe(w, beleid, rond, willekeur) -> None:  # type: ignore[no-untyped-def]
    feiten = list(uit(w).alle)
    willekeur.shuffle(feiten)
    anders = route(Feiten(tuple(feiten)), beleid, rond, VANDAAG)
    gewoon = route(uit(w), beleid, rond, VANDAAG)
    assert (anders.route, anders.gronden, anders.lichter) == (gewoon.route, gewoon.gronden, gewoon.lichter)
    assert set(anders.ontbreekt) == set(gewoon.ontbreekt)
    assert anders.gevraagde_vragen == gewoon.gevraagde_vragen


@given(WAARDEN_STRATEGIE, BELEID_STRATEGIE, OMSTANDIGHEDEN)
def test_wet_3_hetzelfde_geeft_een_jaar_later_hetzelfde(w: Waarden, beleid: Beleid, rond: Omstandigheden) -> None:
    assert route(uit(w), beleid, rond, VANDAAG) == route(uit(w), beleid, rond, VANDAAG)


@given(WAARDEN_STRATEGIE, BELEID_STRATEGIE, BELEID_STRATEGIE, OMSTANDIGHEDEN)
def test_wet_4_nieuw_beleid_verandert_geen_gegeven_uitslag(
    w: Waarden, oud: Beleid, nieuw: Beleid, rond: Omstandigheden
) -> None:
    gegeven = route(uit(w), oud, rond, VANDAAG)
    route(uit(w), nieuw, rond, VANDAAG)
    # De uitslag draagt feiten en beleid van toen: wie hem narekent, komt op hetzelfde uit.
    assert route(gegeven.feiten, gegeven.beleid, rond, gegeven.op) == gegeven
    with pytest.raises(AttributeError):
        gegeven.route = Route.ONDERZOEK  # type: ignore[misc]


@given(WAARDEN_STRATEGIE, BELEID_STRATEGIE, OMSTANDIGHEDEN)
def test_wet_5_elke_voorwaarde_heeft_een_grond_met_een_norm(w: Waarden, beleid: Beleid, rond: Omstandigheden) -> None:
    uitslag = route(uit(w), beleid, rond, VANDAAG)
    assert uitslag.gronden
    assert all(g.norm and g.tekst for g in uitslag.gronden)
    if uitslag.route is not Route.ONDERZOEK:
        weg = next(v for v in ROUTES[uitslag.route] if v.naam == uitslag.weg)
        assert [g.code for g in uitslag.gronden] == [c for c in weg.gronden if c not in STIL_ALS_KLOPT]
        assert all(g.uitkomst == "ja" and g.bewijs for g in uitslag.gronden)
    else:
        assert all(g.uitkomst != "ja" for g in uitslag.gronden)
    assert {t.route for t in uitslag.lichter} == set(list(Route)[: uitslag.route.zwaarte])


@given(WAARDEN_STRATEGIE, BELEID_STRATEGIE, OMSTANDIGHEDEN)
def test_wet_6_geen_vraag_over_gezondheid_als_er_niets_veranderd_of_onbekend_is(
    w: Waarden, beleid: Beleid, rond: Omstandigheden
) -> None:
    bekend = {n: next(v for v in WAARDEN[n] if v != ONBEKEND) for n in NAMEN if getattr(w, n) == ONBEKEND}
    rustig = replace(replace(w, **bekend), soort="ongewijzigd", tegenspraak="nee")
    uitslag = route(uit(rustig), beleid, rond, VANDAAG)
    if uitslag.route is not Route.ONDERZOEK:
        groepen = {v.groep for v in VRAGEN if v.code in uitslag.gevraagde_vragen}
        assert not groepen & {"gezondheid", "functioneren"}


@given(WAARDEN_STRATEGIE, BELEID_STRATEGIE, OMSTANDIGHEDEN)
def test_een_vraag_is_gevraagd_of_bespaard_maar_nooit_allebei(w: Waarden, beleid: Beleid, rond: Omstandigheden) -> None:
    uitslag = route(uit(w), beleid, rond, VANDAAG)
    beantwoord = {v.code for v in VRAGEN if v.beantwoord}
    assert uitslag.bespaarde_vragen == len(beantwoord - set(uitslag.gevraagde_vragen))
    if uitslag.route in {Route.LEVERANCIER_DIRECT, Route.DOORZETTEN, Route.AKKOORD_CASEMANAGER}:
        assert uitslag.gevraagde_vragen == ()


def test_feiten_zijn_volledig_en_bestaan() -> None:
    alle = uit(Waarden()).alle
    with pytest.raises(ValueError):
        Feiten(alle[1:])
    with pytest.raises(ValueError):
        Feiten((*alle, alle[0]))
    with pytest.raises(ValueError):
        Feiten((Feit("soort", "misschien"), *alle[1:]))


def test_elke_grond_wordt_ergens_gebruikt_en_leest_bestaande_feiten() -> None:
    gebruikt = {g for wegen in ROUTES.values() for weg in wegen for g in weg.gronden}
    assert gebruikt == set(GRONDEN)
    assert {f for g in GRONDEN.values() for f in g.feiten} == set(NAMEN)
    assert all(g.regel.__doc__ for g in GRONDEN.values())
