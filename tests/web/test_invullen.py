"""Een formulier terug zoals het was getypt: alleen velden van het goede formulier veranderen, de rest blijft gelijk."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.invullen import vul_in, zet_bovenaan

BLADZIJDE = """<!doctype html><html><body><main id="inhoud">
<svg><use href="#x"/></svg><!-- let op --><p>1 &lt; 2 &amp; &#233;</p>
<form method="post" action="/uitloggen"><input type="hidden" name="csrf" value="nieuw">
<button name="naam">Uit</button></form>
<form method="post" action="/advies/1">
<input type="hidden" name="csrf" value="nieuw">
<input name="naam" value="oud"><input name="lijst" value="a"><input name="lijst" value="b">
<textarea name="tekst">oude &amp; tekst</textarea>
<input type="checkbox" name="keus" value="ja" checked><input type="checkbox" name="keus" value="nee">
<input type="radio" name="soort" value="x"><input type="radio" name="soort" value="y">
<select name="land"><option value="nl" selected>NL</option><option value="be">BE</option></select>
<input type="file" name="foto"><input type="password" name="geheim">
<button name="stap" value="2">Verder</button></form>
<form method="get" action="/advies/1"><input name="naam" value="zoek"></form>
</main></body></html>"""
GETYPT = [
    ("naam", 'Jan "de" <Boer> & é'), ("lijst", "1"), ("lijst", "2"), ("tekst", "\n</textarea><b>& regel\ntwee"),
    ("keus", "nee"), ("soort", "y"), ("land", "be"), ("stap", "2"), ("csrf", "oud"), ("geheim", "x"),
]  # fmt: skip


class Lezer(HTMLParser):
    """Wat een browser in de velden zou zetten, per formulier."""

    def __init__(self) -> None:
        super().__init__()
        self.formulieren: list[list[tuple[str, str]]] = []
        self._tekst: str | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        if tag == "form":
            self.formulieren.append([])
        elif tag == "textarea":
            self._tekst, self._naam = "", a["name"] or ""
        elif tag == "select":
            self._select = a["name"] or ""
        elif tag == "option" and "selected" in a:
            self.formulieren[-1].append((self._select, a["value"] or ""))
        elif tag == "input" and (a.get("type") not in ("checkbox", "radio") or "checked" in a):
            self.formulieren[-1].append((a["name"] or "", a.get("value") or ""))

    def handle_data(self, data: str) -> None:
        if self._tekst is not None:
            self._tekst += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._tekst is not None:
            self.formulieren[-1].append((self._naam, self._tekst.removeprefix("\n")))
            self._tekst = None


def gelezen(html: str) -> list[list[tuple[str, str]]]:
    lezer = Lezer()
    lezer.feed(html)
    return lezer.formulieren


def test_elk_veld_krijgt_wat_er_getypt_was_en_geen_ander_formulier_verandert() -> None:
    uit = vul_in(BLADZIJDE, "/advies/1", "/advies/1", GETYPT)
    assert uit is not None
    uitloggen, advies, zoeken = gelezen(uit)
    assert uitloggen == [("csrf", "nieuw")] and zoeken == [("naam", "zoek")]
    assert advies == [
        ("csrf", "nieuw"), ("naam", GETYPT[0][1]), ("lijst", "1"), ("lijst", "2"), ("tekst", GETYPT[3][1]),
        ("keus", "nee"), ("soort", "y"), ("land", "be"), ("foto", ""), ("geheim", ""),
    ]  # fmt: skip
    voor, na = BLADZIJDE.split('<form method="post" action="/advies/1">')[0], uit.split("<form")[0]
    assert voor.startswith(na) and "<!-- let op -->" in uit and "1 &lt; 2 &amp; &#233;" in uit


def test_een_formulier_zonder_adres_gaat_naar_de_bladzijde_zelf() -> None:
    kaal = '<main><form method="post"><input name="a" value=""></form></main>'
    assert vul_in(kaal, "/hier", "/hier", [("a", "ja")]) == kaal.replace('value=""', 'value="ja"')
    assert vul_in(kaal, "/hier", "/daar", [("a", "ja")]) is None


@pytest.mark.parametrize("naam", ["", "onbekend", "csrf", "foto", "stap"])
def test_wat_nergens_past_wordt_niet_ingevuld(naam: str) -> None:
    assert vul_in(BLADZIJDE, "/advies/1", "/advies/1", [(naam, "x")] if naam else []) is None


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=40), st.text("<>&\"'/ab\n", max_size=40)
)
def test_wat_iemand_typt_wordt_nooit_html(een: str, twee: str) -> None:
    kaal = '<form method="post" action="/x"><input name="a"><textarea name="b"></textarea></form>'
    uit = vul_in(kaal, "/x", "/x", [("a", een), ("b", twee)])
    assert uit is not None and gelezen(uit) == [[("a", een), ("b", twee)]]


def test_een_melding_komt_als_eerste_in_de_inhoud() -> None:
    uit = zet_bovenaan(BLADZIJDE, f"<p>{escape('a & b')}</p>")
    assert '<main id="inhoud">\n<div class="hmp-melding" role="status"><div><p>a &amp; b</p></div></div>' in uit
    assert zet_bovenaan("<p>geen inhoud</p>", "x") == "<p>geen inhoud</p>"
