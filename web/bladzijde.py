"""Een bladzijde maken: één bevroren context, één sjabloon, ontbrekende namen zijn fouten.

Haalt niets op: wat een bladzijde toont staat in haar context. Bron: stijl.md punt 10.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from server.settings import Settings
from web.eenmaal import sleutelveld

SJABLONEN: Final = Path(__file__).parent / "templates"
HIER: Final = ZoneInfo("Europe/Amsterdam")
DAGEN: Final = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MAANDEN: Final = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
LANG_WOORD: Final = re.compile(r"\w{15,}")
STUK: Final = re.compile(
    r"(?<=\w{5})(?=apparaat|besturing|voorziening|aanpassing|hulpmiddel|ondersteuning|regeling|verzekering)"
)
# Naar buiten gaat geen adres; binnen wel, anders weten wij niet op welke bladzijde een formulier stond.
VAN_HIER: Final = {"Referrer-Policy": "same-origin"}
THEMAS: Final = ("licht", "donker", "contrast", "contrast-donker")


def als_datum(waarde: date | str | None) -> date | None:
    """Een datum uit FHIR (`2026`, `2026-03`, `2026-03-09` of een instant), hier en niet in Greenwich."""
    if isinstance(waarde, datetime):
        return waarde.astimezone(HIER).date()
    if isinstance(waarde, date) or not waarde:
        return waarde or None
    if "T" in waarde:
        return datetime.fromisoformat(waarde.replace("Z", "+00:00")).astimezone(HIER).date()
    return date.fromisoformat((waarde + "-01-01")[:10])


def dag(waarde: date | str | None, met_weekdag: bool = False) -> str:
    """`9 maart 2026`, of `maandag 9 maart 2026`; een jaar of maand zonder dag blijft dat."""
    if isinstance(waarde, str) and len(waarde) == 4:
        return waarde
    datum = als_datum(waarde)
    if datum is None:
        return "onbekend"
    if isinstance(waarde, str) and len(waarde) == 7:
        return f"{MAANDEN[datum.month - 1]} {datum.year}"
    tekst = f"{datum.day} {MAANDEN[datum.month - 1]} {datum.year}"
    return f"{DAGEN[datum.weekday()]} {tekst}" if met_weekdag else tekst


def tijd(waarde: datetime | str) -> str:
    """`9.12 uur`, op de klok van hier."""
    moment = datetime.fromisoformat(waarde.replace("Z", "+00:00")) if isinstance(waarde, str) else waarde
    hier = moment.astimezone(HIER)
    return f"{hier.hour}.{hier.minute:02d} uur"


def maand(waarde: date | str) -> str:
    """`Mei 2019`, voor een lijst van wat er gebeurde."""
    datum = als_datum(waarde)
    return "onbekend" if datum is None else f"{MAANDEN[datum.month - 1].capitalize()} {datum.year}"


def hoofdletter(tekst: str) -> str:
    """Alleen de eerste letter groot; de rest blijft zoals zij is."""
    return tekst[:1].upper() + tekst[1:]


def naamwoord(wie: str) -> str:
    """*Uw therapeut* en *De gemeente* midden in een zin; de naam van een mens blijft zoals zij is."""
    return wie[:1].lower() + wie[1:] if wie.startswith(("Uw ", "De ", "Het ")) else wie


def afbreken(tekst: str) -> str:
    """Een lang woord mag op een telefoon breken waar een Nederlander het breekt (beeld.md §2: zacht koppelteken)."""
    return LANG_WOORD.sub(lambda woord: STUK.sub("\u00ad", woord[0], count=1), tekst)


def icoon(naam: str) -> Markup:
    """Een pictogram naast een woord; voor een schermlezer bestaat het niet."""
    return Markup(
        '<svg class="hmp-icoon" aria-hidden="true" focusable="false"><use href="/static/iconen.svg#i-{}"/></svg>'
    ).format(naam)


def plaat(naam: str, extra: str = "") -> Markup:
    """De tekening van een hulpmiddel op de grondlijn, per ISO 9999-klasse."""
    klasse = Markup(' class="{}"').format(extra) if extra else Markup("")
    return Markup('<svg{} aria-hidden="true" focusable="false"><use href="/static/iconen.svg#i-iso-{}"/></svg>').format(
        klasse, naam
    )


def regels(tekst: str) -> Markup:
    """Vrije tekst van iemand, met zijn eigen regels."""
    return Markup("<br>").join(escape(r) for r in tekst.splitlines())


def maak_render(settings: Settings) -> Callable[[str, Mapping[str, Any]], str]:
    """`render(sjabloon, context) -> html`; ook voor de bladzijden van `server/oauth`."""
    omgeving = Environment(
        loader=FileSystemLoader(SJABLONEN),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    omgeving.globals.update(eenmalig=sleutelveld, icoon=icoon, plaat=plaat, demo=settings.demo, thema=None, sessie=None)
    for filter_ in (dag, tijd, maand, regels, hoofdletter, afbreken, naamwoord):
        omgeving.filters[filter_.__name__] = filter_

    def render(sjabloon: str, context: Mapping[str, Any]) -> str:
        return omgeving.get_template(sjabloon).render(context)

    return render


class Bladzijden:
    """Rendert een context met het sjabloon dat bij haar klasse hoort."""

    def __init__(self, settings: Settings) -> None:
        self._render = maak_render(settings)

    def toon(
        self, sjabloon: str, context: object, *, thema: str | None = None, status: int = 200, sessie: object = None
    ) -> HTMLResponse:
        """`context` is een bevroren dataclass; haar velden zijn de namen in het sjabloon. `sessie`: voor onderaan."""
        if not is_dataclass(context) or isinstance(context, type):
            raise TypeError("een bladzijde heeft één bevroren context")
        namen = {f.name: getattr(context, f.name) for f in fields(context)}
        html = self._render(sjabloon, {**namen, "thema": thema, "sessie": sessie})
        return HTMLResponse(html, status, headers=VAN_HIER)
