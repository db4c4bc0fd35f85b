"""De wetten van de herhaaltoets (herhaaltoets.md, *Laws*): voor alle feiten, niet voor voorbeelden.

Wet 1 is volledig nagerekend op alle combinaties van waarden die verschil kunnen maken; de rest met hypothesis.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

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


@pytest.mark.parametrize("beleid", BELEIDEN, ids=["gewoon", "huur-streng", "nooit", "nooit-en-huur-streng"])
def test_wet_1_een_minder_gunstig_feit_geeft_nooit_een_lichtere_route(beleid: Beleid) -> None:
    """Volledig: alle combinaties van treden, en vanaf elke combinatie elke trede omlaag."""
    gewicht = {
        waarden: kies(w, beleid).route.zwaarte
        for waarden in product(*(TREDEN[n] for n in NAMEN))
        if bestaanbaar(w := Waarden(*waarden))
    }
    assert len(gewicht) > 100_000
    for waarden, zwaarte in gewicht.items():
        for plek, naam in enumerate(NAMEN):
            treden = TREDEN[naam]
            positie = treden.index(waarden[plek])
            for minder in treden[positie + 1 :]:
                ander = (*waarden[:plek], minder, *waarden[plek + 1 :])
                if ander in gewicht:
                    assert gewicht[ander] >= zwaarte, (waarden, naam, minder)
                    break  # verder omlaag volgt uit de trede hieronder


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
