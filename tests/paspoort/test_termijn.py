"""Termijnen met echte Nederlandse feestdagen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paspoort.termijn import (
    TERMIJNEN,
    begin,
    in_woorden,
    is_werkdag,
    plus_werkdagen,
    uiterlijk,
    werkdagen_tussen,
)

DAGEN = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("dag", "naam"),
    [
        (date(2026, 1, 1), "Nieuwjaar"),
        (date(2026, 4, 3), "Goede Vrijdag"),
        (date(2026, 4, 6), "tweede paasdag"),
        (date(2026, 4, 27), "Koningsdag"),
        (date(2026, 5, 5), "Bevrijdingsdag, ook buiten een lustrum"),
        (date(2026, 5, 14), "Hemelvaart"),
        (date(2026, 5, 25), "tweede pinksterdag"),
        (date(2026, 12, 25), "eerste kerstdag"),
        (date(2025, 12, 26), "tweede kerstdag"),
        (date(2026, 11, 21), "zaterdag"),
        (date(2026, 11, 22), "zondag"),
    ],
)
def test_op_een_vrije_dag_telt_geen_termijn(dag: date, naam: str) -> None:
    assert not is_werkdag(dag), naam


@pytest.mark.parametrize("dag", [date(2026, 4, 28), date(2025, 4, 28), date(2026, 12, 24), date(2026, 5, 15)])
def test_een_gewone_dag_is_een_werkdag(dag: date) -> None:
    assert is_werkdag(dag)


@pytest.mark.parametrize(
    ("code", "vanaf", "tot"),
    [
        ("eerste-contact", date(2026, 11, 24), date(2026, 12, 1)),  # N4.3, uit de intakepagina
        ("beschikking", date(2026, 11, 21), date(2026, 12, 7)),  # twee weken, zaterdag wordt maandag
        ("beschikking", date(2026, 12, 11), date(2026, 12, 28)),  # eindigt op eerste kerstdag
        ("onderzoek", date(2026, 3, 16), date(2026, 4, 28)),  # eindigt op Koningsdag
        ("als-melding", date(2026, 4, 24), date(2026, 5, 12)),  # over Koningsdag, 5 mei en twee weekenden
        ("als-passing", date(2026, 12, 23), date(2026, 12, 31)),  # over kerst
        ("bevestiging", date(2026, 11, 20), date(2026, 11, 23)),
        ("persoonlijk-plan", date(2026, 11, 20), date(2026, 11, 27)),
        ("doorbetalen", date(2026, 12, 31), date(2027, 2, 28)),
        ("spoedreparatie", date(2026, 11, 21), date(2026, 11, 22)),  # ook in het weekend
    ],
)
def test_de_laatste_dag_van_een_termijn(code: str, vanaf: date, tot: date) -> None:
    assert uiterlijk(TERMIJNEN[code], vanaf) == tot


@pytest.mark.parametrize(
    ("laatste", "vandaag", "tekst"),
    [
        (date(2026, 12, 7), date(2026, 11, 24), "Nog 9 werkdagen"),
        (date(2026, 11, 25), date(2026, 11, 24), "Nog 1 werkdag"),
        (date(2026, 11, 24), date(2026, 11, 24), "Vandaag de laatste dag"),
        (date(2026, 11, 23), date(2026, 11, 24), "1 werkdag te laat"),
        (date(2026, 11, 19), date(2026, 11, 24), "3 werkdagen te laat"),
        (date(2026, 11, 20), date(2026, 11, 21), "Te laat"),
        (date(2027, 1, 4), date(2026, 12, 24), "Nog 5 werkdagen"),
    ],
)
def test_een_termijn_in_woorden(laatste: date, vandaag: date, tekst: str) -> None:
    assert in_woorden(laatste, vandaag) == tekst


def test_een_gemeente_mag_korter_beloven_maar_niet_langer() -> None:
    op = date(2026, 11, 2)
    assert begin("onderzoek", op, {"onderzoek": 4}).uiterlijk == date(2026, 11, 30)
    assert begin("onderzoek", op, {"onderzoek": 9}).uiterlijk == begin("onderzoek", op).uiterlijk
    assert begin("onderzoek", op, {"onderzoek": 0}).uiterlijk == begin("onderzoek", op).uiterlijk


@given(DAGEN, st.integers(1, 60))
def test_zoveel_werkdagen_verder_ligt_zoveel_werkdagen_verder(dag: date, aantal: int) -> None:
    verder = plus_werkdagen(dag, aantal)
    assert is_werkdag(verder)
    assert werkdagen_tussen(dag, verder) == aantal
    assert werkdagen_tussen(verder, dag) <= -1


@given(DAGEN, DAGEN)
def test_later_beginnen_eindigt_nooit_eerder(een: date, ander: date) -> None:
    vroeg, laat = sorted((een, ander))
    for termijn in TERMIJNEN.values():
        assert uiterlijk(termijn, vroeg) <= uiterlijk(termijn, laat)


@given(DAGEN)
def test_een_wettelijke_termijn_eindigt_op_een_werkdag_en_nooit_te_vroeg(dag: date) -> None:
    for code in ("onderzoek", "beschikking"):
        termijn = TERMIJNEN[code]
        assert is_werkdag(uiterlijk(termijn, dag))
        assert uiterlijk(termijn, dag) >= dag + timedelta(weeks=termijn.aantal)
