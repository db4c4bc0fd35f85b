"""Of één primitieve waarde klopt: vorm, bereik, lengte, datums die bestaan, tekst zonder scripts.

Geen kennis van elementen of profielen. FHIR R4 §2.24.0.1 (Primitive Types), §2.4.0 (Narrative).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser

# Lengtes in tekens. FHIR staat 1 MiB toe; een paspoort is tekst voor mensen. Een foto gaat als base64Binary mee.
MAX_TEKST = 20_000
MAX_XHTML = 200_000
MAX_BASE64 = 14_000_000
MAX_CODE = 200
MAX_URI = 2_000

_JAAR = r"([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)"
_DAG = r"(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])"
_KLOK = r"([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]{1,9})?"
_ZONE = r"(Z|[+\-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_DATE = re.compile(rf"{_JAAR}{_DAG})?)?")
_DATETIME = re.compile(rf"{_JAAR}{_DAG}(T{_KLOK}{_ZONE})?)?)?")
_INSTANT = re.compile(rf"{_JAAR}{_DAG}T{_KLOK}{_ZONE}))")
_TIME = re.compile(_KLOK)
_CODE = re.compile(r"[^\s]+(\s[^\s]+)*")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_URI = re.compile(r"\S+")
_OID = re.compile(r"urn:oid:[0-2](\.(0|[1-9][0-9]*))+")
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BASE64 = re.compile(r"[0-9a-zA-Z+/\s]*+={0,2}\s*")  # `*+`: wat eenmaal past, wordt niet opnieuw geprobeerd
_STUURTEKEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

# FHIR R4 txt-1: alleen opmaak. Alles wat hier niet staat, mag niet.
_OPMAAK = (
    "div p br span b i u em strong small big sub sup tt code pre samp kbd var cite dfn abbr acronym q blockquote"
    " h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr th td hr a img address"
    " bdo del ins center font"
)
_KENMERKEN = (
    "xmlns class id lang xml:lang dir title style href name src alt width height border cellpadding cellspacing"
    " colspan rowspan align valign span summary scope headers abbr axis start type value cite datetime bgcolor nowrap"
    " char charoff rules frame compact color size face clear noshade"
)
# R4 §2.24.0.1: een string SHOULD iets anders dan witruimte bevatten; `[ \r\n\t\S]+` laat witruimte toe. Geen fout dus.
BLANCO = "fhir-tekst-blanco"
_XHTML = "http://www.w3.org/1999/xhtml"
_XHTML_ELEMENTEN = frozenset(_OPMAAK.split())
_XHTML_ATTRIBUTEN = frozenset(_KENMERKEN.split())
_XHTML_LEEG = frozenset(("br", "hr", "img", "col"))
# Opmaak zoals XML haar kent: geen `<` in een waarde, geen `--` in commentaar. HTMLParser neemt meer aan, zoekt daar bij
# elke `<` het eind van de tekst voor af, en een bladzijde leest er soms iets anders in dan hij.
_XHTML_VORM = re.compile(r"""(?:[^<]++|<!--(?:[^-]|-[^-])*+-->|</?[A-Za-z](?:[^<>"']++|"[^<"]*+"|'[^<']*+')*+>)*+""")
_XHTML_URL = re.compile(r"(https?://|#|mailto:|tel:|data:image/(png|jpeg|gif);base64,)", re.IGNORECASE)
_STIJL_GEVAAR = re.compile(r"(expression|javascript:|url\s*\(|@import|behavior|-moz-binding|\\)", re.IGNORECASE)


class _Verhaal(HTMLParser):
    """Loopt een narrative na; `fout` is de eerste reden waarom hij niet mag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.fout: str | None = None
        self.open: list[str] = []
        self.iets = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _XHTML_ELEMENTEN:
            self.fout = self.fout or "fhir-verhaal-onveilig"
        for naam, waarde in attrs:
            tekst = (waarde or "").strip()
            if (
                naam not in _XHTML_ATTRIBUTEN
                or (naam in ("href", "src", "cite") and not _XHTML_URL.match(tekst))
                or (naam == "style" and _STIJL_GEVAAR.search(tekst))
            ):
                self.fout = self.fout or "fhir-verhaal-onveilig"
        if not self.open and (tag != "div" or self.iets or dict(attrs).get("xmlns") != _XHTML):
            self.fout = self.fout or "fhir-verhaal-vorm"
        self.iets = self.iets or tag == "img"
        if tag not in _XHTML_LEEG:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _XHTML_LEEG:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in _XHTML_LEEG:
            return
        if not self.open or self.open.pop() != tag:
            self.fout = self.fout or "fhir-verhaal-vorm"

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.iets = True
            if not self.open:
                self.fout = self.fout or "fhir-verhaal-vorm"

    def handle_decl(self, decl: str) -> None:
        self.fout = self.fout or "fhir-verhaal-onveilig"

    def handle_pi(self, data: str) -> None:
        self.fout = self.fout or "fhir-verhaal-onveilig"

    def unknown_decl(self, data: str) -> None:
        self.fout = self.fout or "fhir-verhaal-onveilig"


def waarde_fout(soort: str, waarde: object) -> str | None:
    """De code van de fout in een primitieve waarde, of None als hij goed is; `BLANCO` is alleen een waarschuwing.

    `soort` is een FHIR-primitief.
    """
    return _TOETSEN[soort](waarde)


def _tekst(patroon: re.Pattern[str] | None, langst: int) -> Callable[[object], str | None]:
    def toets(waarde: object) -> str | None:
        if not isinstance(waarde, str):
            return "fhir-waarde-vorm"
        if len(waarde) > langst:
            return "fhir-te-lang"
        if not waarde:
            return "fhir-leeg"
        if patroon is not None:
            return None if patroon.fullmatch(waarde) else "fhir-waarde-vorm"
        if _STUURTEKEN.search(waarde):
            return "fhir-waarde-vorm"
        return None if waarde.strip() else BLANCO

    return toets


def _moment(patroon: re.Pattern[str]) -> Callable[[object], str | None]:
    def toets(waarde: object) -> str | None:
        if not isinstance(waarde, str) or len(waarde) > 40 or not patroon.fullmatch(waarde):
            return "fhir-datum-vorm"
        if len(waarde) >= 10:
            try:
                datetime.date.fromisoformat(waarde[:10])
            except ValueError:
                return "fhir-datum-bestaat-niet"
        return None

    return toets


def _geheel(laagst: int) -> Callable[[object], str | None]:
    def toets(waarde: object) -> str | None:
        goed = isinstance(waarde, int) and not isinstance(waarde, bool) and laagst <= waarde <= 2_147_483_647
        return None if goed else "fhir-waarde-vorm"

    return toets


def _decimaal(waarde: object) -> str | None:
    return None if isinstance(waarde, (int, float, Decimal)) and not isinstance(waarde, bool) else "fhir-waarde-vorm"


def _boolean(waarde: object) -> str | None:
    return None if isinstance(waarde, bool) else "fhir-waarde-vorm"


def _base64(waarde: object) -> str | None:
    if not isinstance(waarde, str):
        return "fhir-waarde-vorm"
    if len(waarde) > MAX_BASE64:
        return "fhir-te-lang"
    if not waarde.strip():
        return "fhir-leeg"
    goed = _BASE64.fullmatch(waarde) and len("".join(waarde.split())) % 4 == 0
    return None if goed else "fhir-waarde-vorm"


def _xhtml(waarde: object) -> str | None:
    if not isinstance(waarde, str):
        return "fhir-waarde-vorm"
    if len(waarde) > MAX_XHTML:
        return "fhir-te-lang"
    vorm = _XHTML_VORM.match(waarde)
    heel = vorm.end() if vorm is not None else 0
    if heel < len(waarde):
        return "fhir-verhaal-onveilig" if waarde.startswith(("<!", "<?"), heel) else "fhir-verhaal-vorm"
    lezer = _Verhaal()
    lezer.feed(waarde)
    lezer.close()
    return lezer.fout or ("fhir-verhaal-vorm" if lezer.open or not lezer.iets else None)


_TOETSEN: dict[str, Callable[[object], str | None]] = {
    "string": _tekst(None, MAX_TEKST),
    "markdown": _tekst(None, MAX_TEKST),
    "code": _tekst(_CODE, MAX_CODE),
    "id": _tekst(_ID, 64),
    "uri": _tekst(_URI, MAX_URI),
    "url": _tekst(_URI, MAX_URI),
    "canonical": _tekst(_URI, MAX_URI),
    "oid": _tekst(_OID, MAX_CODE),
    "uuid": _tekst(_UUID, MAX_CODE),
    "date": _moment(_DATE),
    "dateTime": _moment(_DATETIME),
    "instant": _moment(_INSTANT),
    "time": _tekst(_TIME, 40),
    "integer": _geheel(-2_147_483_648),
    "unsignedInt": _geheel(0),
    "positiveInt": _geheel(1),
    "decimal": _decimaal,
    "boolean": _boolean,
    "base64Binary": _base64,
    "xhtml": _xhtml,
}
