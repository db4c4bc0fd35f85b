"""De handleidingen uit `docs/` als bladzijden: Markdown wordt HTML, links blijven binnen het huis.

In een image liggen de bestanden in `web/naslag/stukken` (server/Dockerfile); in de werkmap in `docs/`. Wat er niet is,
staat niet op de bladzijde. HTML in Markdown wordt niet doorgelaten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from web.naslag.bibliotheek import Link

# De volgorde waarin iemand ze nodig heeft; wat hier niet staat, komt erachter op naam.
VOLGORDE: Final = (
    "aansluiten",
    "leverancier",
    "ergotherapeut",
    "consulent",
    "houder",
    "beheer",
    "fhir-afbeelding",
    "naslag",
)
OOK: Final = ("fhir-afbeelding.md", "naslag.md")
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Handleiding:
    """Eén bestand als bladzijde. `koppen` zijn de tussenkoppen, met hun anker."""

    id: str
    titel: str
    kort: str
    html: Markup
    koppen: tuple[Link, ...]
    code: bool = False

    @property
    def link(self) -> Link:
        """Titel met adres."""
        return Link(self.titel, f"/docs/handleiding/{self.id}")


def laad(mappen: Sequence[Path] | None = None) -> dict[str, Handleiding]:
    """Alle handleidingen en voorbeeldbestanden, op leesvolgorde."""
    bestanden = {pad.name: pad for pad in _bestanden(mappen if mappen is not None else _mappen())}
    gelezen = {pad.name: pad.read_text("utf-8") for pad in bestanden.values()}
    uit = [_handleiding(naam, tekst, gelezen) for naam, tekst in gelezen.items()]
    return {h.id: h for h in sorted(uit, key=_plaats)}


def _plaats(h: Handleiding) -> tuple[bool, int, str]:
    return h.code, VOLGORDE.index(h.id) if h.id in VOLGORDE else len(VOLGORDE), h.id


def _mappen() -> tuple[Path, ...]:
    hier = Path(__file__).parent
    return (hier / "stukken", hier.parents[1] / "docs")


def _bestanden(mappen: Iterable[Path]) -> Iterable[Path]:
    """De bestanden van de eerste map die er is."""
    for map_ in mappen:
        if map_.is_dir():
            yield from sorted((map_ / "handleidingen").glob("*.md"))
            yield from (map_ / naam for naam in OOK if (map_ / naam).is_file())
            yield from sorted(p for p in (map_ / "voorbeelden").glob("*.*") if p.suffix in (".py", ".sh", ".json"))
            return


def _handleiding(naam: str, tekst: str, alle: Iterable[str]) -> Handleiding:
    if not naam.endswith(".md"):
        kort = next((r.strip('#" ') for r in tekst.splitlines() if r[:1] in ('"', "#") and r[:2] != "#!"), naam)
        html = Markup('<pre class="hmp-json" tabindex="0" role="region" aria-label="{}"><code>{}</code></pre>')
        return Handleiding(naam, naam, kort, html.format(naam, tekst), (), code=True)
    id_ = naam.removesuffix(".md")
    tokens = _MARKDOWN.parse(tekst)
    titel = next((tokens[n + 1].content for n, t in enumerate(tokens) if t.type == "heading_open"), id_)
    begin = next((n for n, t in enumerate(tokens) if t.type == "heading_close"), -1) + 1
    lijf = tokens[begin:]
    kort = next(
        (_plat(t) for n, t in enumerate(lijf) if t.type == "inline" and lijf[n - 1].type == "paragraph_open"), ""
    )
    koppen = _merk_koppen(lijf)
    _merk_tabellen(lijf)
    _merk_blokken(lijf, frozenset(alle))
    gemaakt = _MARKDOWN.renderer.render(lijf, _MARKDOWN.options, {})
    html = Markup(_met_namen(gemaakt))  # noqa: S704 - html=False: de Markdown zelf is ontsnapt
    eerste = kort.removeprefix("In het kort. ").partition(". ")[0]
    return Handleiding(id_, titel, eerste.rstrip(".") + ".", html, koppen)


def _met_namen(html: str) -> str:
    """Elk blok code is te schuiven en heeft een eigen naam, ook voor wie niet ziet."""
    voor, *blokken = html.split("<pre>")
    begin = '<pre class="hmp-json" tabindex="0" role="region" aria-label="Code {}">'
    return voor + "".join(begin.format(n) + b for n, b in enumerate(blokken, 1))


def _plat(token: Token) -> str:
    """De tekst van een regel zonder opmaak."""
    return "".join(
        k.content if k.type in ("text", "code_inline") else " " * (k.type == "softbreak") for k in token.children or ()
    )


def _merk_koppen(tokens: Sequence[Token]) -> tuple[Link, ...]:
    """Geeft elke kop een anker; geeft de tussenkoppen van de eerste laag terug."""
    uit = []
    gebruikt: set[str] = set()
    for nummer, token in enumerate(tokens):
        if token.type == "heading_open":
            tekst = _plat(tokens[nummer + 1])
            anker = basis = re.sub(r"[^a-z0-9]+", "-", tekst.lower()).strip("-") or "deel"
            volg = 2
            while anker in gebruikt:
                anker, volg = f"{basis}-{volg}", volg + 1
            gebruikt.add(anker)
            token.attrSet("id", anker)
            if token.tag == "h2":
                uit.append(Link(tekst, f"#{anker}"))
    return tuple(uit)


def _merk_tabellen(tokens: Sequence[Token]) -> None:
    """Elke cel krijgt de kop van haar kolom mee, zodat een tabel op een telefoon te lezen blijft."""
    koppen: list[str] = []
    kolom = 0
    for nummer, token in enumerate(tokens):
        token.attrs.pop("style", None)
        if token.type == "table_open":
            token.attrSet("class", "hmp-tabel hmp-tabel--stapel")
            koppen = []
        elif token.type == "tr_open":
            kolom = 0
        elif token.type == "th_open":
            koppen.append(_plat(tokens[nummer + 1]))
            token.attrSet("scope", "col")
        elif token.type == "td_open":
            if kolom and koppen[kolom]:
                token.attrSet("data-kop", koppen[kolom])
            kolom += 1


def _merk_blokken(tokens: Iterable[Token], alle: frozenset[str]) -> None:
    """Links naar een ander stuk blijven hier; een link naar wat hier niet staat wordt gewone tekst."""
    for token in tokens:
        open_: list[bool] = []
        for kind in token.children or ():
            if kind.type == "link_open":
                adres = _adres(str(kind.attrs.get("href", "")), alle)
                open_.append(bool(adres))
                if adres:
                    kind.attrSet("href", adres)
                else:
                    kind.tag = "span"
                    kind.attrs.clear()
            elif kind.type == "link_close" and not open_.pop():
                kind.tag = "span"
            elif kind.type == "image":
                kind.type, kind.content, kind.children = "text", str(escape(kind.content)), []


def _adres(href: str, alle: frozenset[str]) -> str:
    """Waar een link uit Markdown hier heen gaat, of leeg."""
    if href.startswith(("http://", "https://", "#", "/")):
        return href
    pad, _, anker = href.partition("#")
    naam = pad.rpartition("/")[2]
    if naam in alle:
        return f"/docs/handleiding/{naam.removesuffix('.md')}" + (f"#{anker}" if anker else "")
    return ""
