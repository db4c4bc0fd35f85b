"""Een formulier in een bladzijde invullen met wat iemand eerder typte. Zuiver: HTML erin, HTML eruit.

Alleen invoervelden veranderen; al het andere blijft teken voor teken zoals het was. Verborgen velden, knoppen en
bestanden blijven zoals de bladzijde ze maakt. Bron: HTML Living Standard §4.10 (form, input, select, textarea).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin, urlsplit

NIET: Final = frozenset({"hidden", "submit", "button", "image", "reset", "file", "password"})
AANVINKEN: Final = frozenset({"checkbox", "radio"})
Attrs = list[tuple[str, str | None]]
Velden = Iterable[tuple[str, str]]


@dataclass
class _Gezien:
    """Een formulier in de bladzijde: waarheen, en welke namen je erin kunt invullen."""

    naar: str
    namen: set[str] = field(default_factory=set)


def vul_in(html: str, pagina: str, doel: str, velden: Velden) -> str | None:
    """De bladzijde met het formulier naar `doel` ingevuld, of None als er geen formulier is dat erop past."""
    paren = list(velden)
    zoeker = _Zoeker(pagina)
    zoeker.feed(html)
    namen = {n for n, _ in paren}
    passend = [
        (len(f.namen & namen), -i) for i, f in enumerate(zoeker.formulieren) if f.naar == doel and f.namen & namen
    ]
    if not passend:
        return None
    vuller = _Vuller(-max(passend)[1], paren)
    vuller.feed(html)
    vuller.close()
    return "".join(vuller.uit)


def zet_bovenaan(html: str, inhoud: str) -> str:
    """Een melding als eerste in de inhoud; een schermlezer leest hem voor."""
    begin = html.find("<main")
    einde = html.find(">", begin) + 1
    if begin < 0 or not einde:
        return html
    return f'{html[:einde]}\n<div class="hmp-melding" role="status"><div>{inhoud}</div></div>{html[einde:]}'


class _Zoeker(HTMLParser):
    """Welke formulieren er staan."""

    def __init__(self, pagina: str) -> None:
        super().__init__(convert_charrefs=False)
        self._pagina, self._open = pagina, False
        self.formulieren: list[_Gezien] = []

    def handle_starttag(self, tag: str, attrs: Attrs) -> None:
        a = dict(attrs)
        if tag == "form":
            naar = urlsplit(urljoin(self._pagina, a.get("action") or "")).path
            post = (a.get("method") or "").lower() == "post"
            self.formulieren.append(_Gezien(naar if post else ""))
            self._open = True
        elif self._open and a.get("name") and _invulbaar(tag, a):
            self.formulieren[-1].namen.add(str(a["name"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False


class _Vuller(HTMLParser):
    """Schrijft de bladzijde over, en in één formulier de waarden erbij."""

    def __init__(self, welke: int, velden: Velden) -> None:
        super().__init__(convert_charrefs=False)
        self.uit: list[str] = []
        self._welke, self._nummer, self._binnen = welke, -1, False
        self._waarden: dict[str, list[str]] = defaultdict(list)
        for naam, waarde in velden:
            self._waarden[naam].append(waarde)
        self._gebruikt: Counter[str] = Counter()
        self._keuzes: list[str] | None = None
        self._zwijg = False

    def handle_starttag(self, tag: str, attrs: Attrs) -> None:
        ruw = self.get_starttag_text() or ""
        if tag == "form":
            self._nummer += 1
            self._binnen = self._nummer == self._welke
        if self._binnen:
            ruw = self._vul(tag, attrs, ruw)
        self.uit.append(ruw)

    handle_startendtag = handle_starttag

    def _vul(self, tag: str, attrs: Attrs, ruw: str) -> str:
        a = dict(attrs)
        naam = str(a.get("name") or "")
        if tag == "option" and self._keuzes is not None:
            return _tag(tag, attrs, selected=str(a.get("value", "")) in self._keuzes) if "value" in a else ruw
        if not naam or not _invulbaar(tag, a):
            return ruw
        if tag == "select":
            self._keuzes = self._waarden.get(naam, [])
            return ruw
        if tag == "input" and (a.get("type") or "").lower() in AANVINKEN:
            return _tag(tag, attrs, checked=str(a.get("value", "on")) in self._waarden.get(naam, ()))
        waarde = self._volgende(naam)
        if waarde is None:
            return ruw
        if tag == "textarea":
            self._zwijg = True
            return f"{ruw}\n{escape(waarde)}"  # de eerste regelovergang telt in HTML niet mee
        return _tag(tag, [(n, w) for n, w in attrs if n != "value"] + [("value", waarde)])

    def _volgende(self, naam: str) -> str | None:
        """De volgende waarde van een veld dat vaker voorkomt."""
        plaats = self._gebruikt[naam]
        self._gebruikt[naam] += 1
        waarden = self._waarden.get(naam, [])
        return waarden[plaats] if plaats < len(waarden) else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._zwijg = False
        elif tag == "select":
            self._keuzes = None
        elif tag == "form":
            self._binnen = False
        self.uit.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._zwijg:
            self.uit.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.uit.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.uit.append(f"<!{decl}>")


def _invulbaar(tag: str, a: dict[str, str | None]) -> bool:
    if tag == "input":
        return (a.get("type") or "text").lower() not in NIET
    return tag in ("textarea", "select")


def _tag(tag: str, attrs: Attrs, **aan: bool) -> str:
    """Een begintag opnieuw geschreven; `aan` zet attributen zonder waarde erbij of haalt ze weg."""
    delen = [n if w is None else f'{n}="{escape(w)}"' for n, w in attrs if n not in aan]
    return f"<{' '.join([tag, *delen, *(n for n, ja in aan.items() if ja)])}>"
