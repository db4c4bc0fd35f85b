"""De opmaak in FHIR-XML: attributen, en een narrative als XML die klopt. Wat er in mag, zegt `validatie_waarde`.

Bron: FHIR R4 §2.6.1 (XML), narrative.html.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final
from xml.sax.saxutils import escape, quoteattr

XHTML: Final = "http://www.w3.org/1999/xhtml"
LEEG: Final = frozenset(("br", "hr", "img", "col"))  # elementen zonder inhoud
_WIT: Final = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}  # in een attribuut zou een lezer er spaties van maken
_GEEN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def als_attributen(paren: dict[str, str]) -> str:
    """Elk met een spatie ervoor; wat in XML niet kan, wordt het vervangteken."""
    return "".join(f" {naam}={quoteattr(_GEEN_XML.sub('�', str(waarde)), _WIT)}" for naam, waarde in paren.items())


class _Opmaak(HTMLParser):
    """Schrijft een narrative, ook een met `<br>` of `&nbsp;`, als XML dat klopt."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.uit: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        paren = {naam: waarde if waarde is not None else naam for naam, waarde in attrs}
        if not self.uit:
            paren = {"xmlns": XHTML, **{n: w for n, w in paren.items() if n != "xmlns"}}
        self.uit.append(f"<{tag}{als_attributen(paren)}{'/' if tag in LEEG else ''}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in LEEG:
            self.uit.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.uit.append(escape(_GEEN_XML.sub("�", data)))


def als_xhtml(tekst: str) -> str:
    """De narrative zoals zij in XML staat."""
    schrijver = _Opmaak()
    schrijver.feed(tekst)
    schrijver.close()
    return "".join(schrijver.uit)
