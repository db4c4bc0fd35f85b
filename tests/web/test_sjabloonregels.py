"""Regels waar elk sjabloon aan voldoet, gelezen uit de bestanden zelf: geen stijl of script in de bladzijde, een teken
in elk formulier, alleen pictogrammen en klassen die bestaan, niets van buiten.

Wat een bladzijde toont en hoe zij zich gedraagt, staat in de tests per publiek.
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

WEB = Path(__file__).parents[2] / "web"
SJABLONEN = sorted((WEB / "templates").rglob("*.html"))
STIJLEN = sorted((WEB / "static").glob("*.css"))
SVG = "{http://www.w3.org/2000/svg}"

elk_sjabloon = pytest.mark.parametrize("pad", SJABLONEN, ids=lambda p: str(p.relative_to(WEB / "templates")))


def kaal(pad: Path) -> str:
    """Het sjabloon zonder opmerkingen."""
    return re.sub(r"\{#.*?#\}", "", pad.read_text(), flags=re.S)


def symbolen() -> set[str]:
    wortel = ElementTree.parse(WEB / "static" / "iconen.svg").getroot()
    return {s.attrib["id"] for s in wortel.iter(f"{SVG}symbol")}


def klassen_met_stijl() -> set[str]:
    return {klasse for css in STIJLEN for klasse in re.findall(r"\.((?:hmp|is)-[\w-]+)", css.read_text())}


def test_er_zijn_sjablonen_en_stijlbladen() -> None:
    assert SJABLONEN
    assert {p.name for p in STIJLEN} >= {"tokens.css", "stijl.css", "werkblad.css"}


@elk_sjabloon
def test_geen_stijl_of_script_in_de_bladzijde_zelf(pad: Path) -> None:
    tekst = kaal(pad)
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", tekst, re.I)
    assert all("src=" in begin for begin in re.findall(r"<script[^>]*>", tekst))


@elk_sjabloon
def test_niets_komt_van_buiten(pad: Path) -> None:
    assert not re.findall(r"(?:src|href|action)=\"(?:https?:)?//", kaal(pad))


@elk_sjabloon
def test_elk_formulier_dat_iets_verandert_heeft_een_teken(pad: Path) -> None:
    formulieren = re.findall(r"<form\b[^>]*>.*?</form>", kaal(pad), flags=re.S)
    assert len(formulieren) == kaal(pad).count("<form")
    zonder = [f for f in formulieren if re.search(r"method=\"post\"", f, re.I) and "csrf" not in f]
    if pad.parent.name != "oauth":  # de inlogbladzijden hebben nog geen sessie om een teken aan te hangen
        assert not zonder


@elk_sjabloon
def test_elk_pictogram_bestaat(pad: Path) -> None:
    tekst = kaal(pad)
    genoemd = {f"i-{n}" for n in re.findall(r"icoon\([\"']([\w-]+)[\"']\)", tekst)}
    genoemd |= {f"i-iso-{n}" for n in re.findall(r"plaat\([\"']([\w-]+)[\"']", tekst)}
    assert genoemd <= symbolen()


@elk_sjabloon
def test_elke_klasse_heeft_een_stijl(pad: Path) -> None:
    gebruikt = " ".join(re.findall(r'class="([^"]*)"', kaal(pad)))
    heel = re.findall(r"(?<![\w-])((?:hmp|is)-[\w-]*\w)(?![\w-]*\{)", gebruikt)
    assert set(heel) <= klassen_met_stijl()


def test_elke_klasse_van_een_pictogram_op_de_grondlijn_is_een_tekening() -> None:
    assert {"i-iso-04", "i-iso-12", "i-iso-12-36", "i-iso-18", "i-iso-24"} <= symbolen()


def test_geen_stijlblad_haalt_iets_van_buiten_of_verbergt_de_focus() -> None:
    for css in STIJLEN:
        tekst = css.read_text()
        assert not re.search(r"url\(|@import", tekst), css.name
        kaal_focus = re.findall(r"([^{}]+)\{[^}]*outline:\s*(?:0|none)", tekst)
        assert all("main" in s or "menu" in s or "werkvlak" in s or "keuze" in s for s in kaal_focus), css.name


def test_op_papier_is_de_band_zwart_op_wit_ook_na_het_werkblad() -> None:
    """`werkblad.css` komt na `stijl.css`: zonder eigen printregel bleef de band wit op wit."""
    blok = (WEB / "static" / "werkblad.css").read_text().partition("@media print")[2]
    assert re.search(r"\.hmp-tegast[^{]*\{[^}]*background: #fff;[^}]*color: #000", blok)
