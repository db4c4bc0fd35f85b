"""Datums, tijden en tekst op een bladzijde; en dat een sjabloon zonder haar context niet stil iets weglaat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from server.settings import Settings
from web.bezoek import FoutContext
from web.bladzijde import MAANDEN, Bladzijden, als_datum, dag, icoon, maak_render, regels, tijd


@pytest.mark.parametrize(
    ("waarde", "tekst"),
    [
        ("2019", "2019"),
        ("2026-03", "maart 2026"),
        ("2026-03-09", "9 maart 2026"),
        (date(2026, 12, 1), "1 december 2026"),
        ("2026-12-31T23:30:00Z", "1 januari 2027"),
        ("2026-06-30T22:30:00+00:00", "1 juli 2026"),
        (datetime(2026, 3, 29, 12, 0, tzinfo=UTC), "29 maart 2026"),
        (None, "onbekend"),
        ("", "onbekend"),
    ],
)
def test_een_datum_staat_er_zo_precies_als_zij_bekend_is_op_de_klok_van_hier(waarde: object, tekst: str) -> None:
    assert dag(waarde) == tekst  # type: ignore[arg-type]


def test_met_weekdag_staat_de_dag_ervoor() -> None:
    assert dag("2026-12-07", met_weekdag=True) == "maandag 7 december 2026"


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_elke_datum_komt_terug_uit_haar_woorden(waarde: date) -> None:
    nummer, maand, jaar = dag(waarde).split()
    assert date(int(jaar), MAANDEN.index(maand) + 1, int(nummer)) == waarde == als_datum(waarde.isoformat())


def test_de_tijd_is_die_van_hier_ook_in_de_zomer() -> None:
    assert tijd("2026-01-05T08:02:00Z") == "9.02 uur"
    assert tijd(datetime(2026, 7, 5, 8, 40, tzinfo=UTC)) == "10.40 uur"


def test_tekst_van_iemand_blijft_tekst() -> None:
    assert regels("een\n<b>twee</b>") == "een<br>&lt;b&gt;twee&lt;/b&gt;"
    assert 'href="/static/iconen.svg#i-&#34;&gt;"' in icoon('">')


def test_wat_een_sjabloon_toont_wordt_ontsmet(settings: Settings) -> None:
    context = FoutContext("<script>alert(1)</script>", ("a & b",), "/")
    html = bytes(Bladzijden(settings).toon("fout.html", context).body).decode()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "a &amp; b" in html


def test_een_naam_die_ontbreekt_is_een_fout(settings: Settings) -> None:
    with pytest.raises(UndefinedError, match="zinnen"):
        maak_render(settings)("fout.html", {"kop": "Dit is er niet", "terug": "/"})


def test_een_bladzijde_heeft_een_bevroren_context(settings: Settings) -> None:
    with pytest.raises(TypeError):
        Bladzijden(settings).toon("fout.html", {"kop": "Dit is er niet"})
    with pytest.raises(TypeError):
        Bladzijden(settings).toon("fout.html", FoutContext)


@pytest.mark.parametrize(("thema", "teken"), [("contrast", ' data-theme="contrast"'), (None, "")])
def test_de_gekozen_weergave_staat_op_de_bladzijde(settings: Settings, thema: str | None, teken: str) -> None:
    html = bytes(Bladzijden(settings).toon("fout.html", FoutContext("Kop", (), "/"), thema=thema).body).decode()
    assert f'<html lang="nl"{teken} class=' in html


def test_een_bladzijde_houdt_haar_eigen_status(settings: Settings) -> None:
    @dataclass(frozen=True)
    class Leeg:
        kop: str = "Weg"
        zinnen: tuple[str, ...] = ()
        terug: str = "/"

    assert Bladzijden(settings).toon("fout.html", Leeg(), status=404).status_code == 404
