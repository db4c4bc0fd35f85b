"""Het burgerservicenummer, de leeftijd en de herkomst."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paspoort.fouten import PaspoortFout
from paspoort.gegeven import Herkomst
from paspoort.houder import GEWICHTEN_ELFPROEF, Bsn, Houder, Naam, voldoet_aan_elfproef

CIJFERS = st.lists(st.integers(0, 9), min_size=8, max_size=8)


@given(CIJFERS, st.integers(0, 9))
def test_van_elke_tien_laatste_cijfers_klopt_er_hoogstens_een(acht: list[int], ander: int) -> None:
    som = sum(c * g for c, g in zip(acht, GEWICHTEN_ELFPROEF, strict=False))
    goed = som % 11
    nummer = "".join(map(str, acht))
    if goed < 10 and any(acht):
        assert voldoet_aan_elfproef(f"{nummer}{goed}")
    if ander != goed:
        assert not voldoet_aan_elfproef(f"{nummer}{ander}")


@given(CIJFERS, st.integers(0, 8), st.integers(1, 9))
def test_een_verkeerd_cijfer_valt_altijd_op(acht: list[int], plek: int, erbij: int) -> None:
    goed = sum(c * g for c, g in zip(acht, GEWICHTEN_ELFPROEF, strict=False)) % 11
    if goed < 10:
        nummer = [*acht, goed]
        nummer[plek] = (nummer[plek] + erbij) % 10
        assert not voldoet_aan_elfproef("".join(map(str, nummer)))


@pytest.mark.parametrize(
    "nummer", ["", "12345678", "000000000", "1112223334", "11122233a", "111 222 333", "１１１２２２３３３", "-11222333"]
)
def test_wat_geen_bsn_is_wordt_geweigerd(nummer: str) -> None:
    with pytest.raises(PaspoortFout) as fout:
        Bsn(nummer)
    assert fout.value.meldingen[0].code == "bsn-ongeldig"
    assert nummer == "" or nummer not in fout.value.meldingen[0].tekst()


def test_een_bsn_laat_zich_niet_afdrukken() -> None:
    houder = Houder(namen=(Naam("Test"),), bsn=Bsn("999990019"))
    assert "999990019" not in repr(houder)
    assert "999990019" not in str(houder.bsn)


@pytest.mark.parametrize(
    ("geboren", "op", "jaar"),
    [
        (date(2016, 5, 20), date(2026, 5, 19), 9),
        (date(2016, 5, 20), date(2026, 5, 20), 10),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_leeftijd_in_hele_jaren(geboren: date, op: date, jaar: int) -> None:
    assert Houder(geboortedatum=geboren).leeftijd(op) == jaar
    assert Houder().leeftijd(op) is None


def test_bevestigen_maakt_zwaarder_maar_een_bron_wordt_niet_lichter() -> None:
    vandaag = date(2026, 1, 1)
    assert Houder(herkomst=Herkomst.ZELF).telt_als is Herkomst.ZELF
    assert Houder(herkomst=Herkomst.DOCUMENT, bevestigd_op=vandaag).telt_als is Herkomst.BEVESTIGD
    assert Houder(herkomst=Herkomst.BRON, bevestigd_op=vandaag).telt_als is Herkomst.BRON
