"""JSON als leesbare tekst, met links waar een canonical url staat die wij hebben; en zinnen met `code` erin.

Alles wordt hier ontsnapt: wat eruit komt mag zo in een bladzijde.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, Final

from markupsafe import Markup, escape

from paspoort.fhir.fhirjson import schrijf
from paspoort.fhir.stelsels import BASIS
from web.naslag.bibliotheek import Bibliotheek

_CANONICAL: Final = re.compile(re.escape(BASIS) + r"[A-Za-z]+/[A-Za-z0-9.-]+")
_CODE: Final = re.compile(r"`([^`]+)`")


def json_met_links(inhoud: Any, bibliotheek: Bibliotheek, fout_bij: Collection[str] = ()) -> Markup:
    """De JSON, ingesprongen en ontsnapt, met links op onze definities en een merk op elk element van `fout_bij`.

    `fout_bij` zijn FHIRPath-plekken, zoals `Task.extension[0].valueCode`.
    """
    begin = str(inhoud.get("resourceType", "Coding")) if isinstance(inhoud, dict) else ""
    uit = []
    for pad, tekst in _regels(inhoud, begin, "", "", ""):
        regel = _met_links(tekst, bibliotheek)
        fout = any(pad == plek or pad.startswith((f"{plek}.", f"{plek}[")) for plek in fout_bij)
        uit.append(Markup("<mark>{}</mark>").format(regel) if fout else regel)
    return Markup("\n").join(uit)


def _regels(waarde: Any, pad: str, voor: str, begin: str, einde: str) -> Iterator[tuple[str, str]]:
    """(FHIRPath, regel) van JSON met twee spaties per laag; decimalen en volgorde zoals ze waren."""
    binnen = voor + "  "
    if isinstance(waarde, dict) and waarde:
        yield pad, f"{voor}{begin}{{"
        for nummer, (naam, deel) in enumerate(waarde.items(), 1):
            komma = "," if nummer < len(waarde) else ""
            yield from _regels(deel, f"{pad}.{naam}", binnen, f"{schrijf(naam).decode()}: ", komma)
        yield pad, f"{voor}}}{einde}"
    elif isinstance(waarde, list) and waarde:
        yield pad, f"{voor}{begin}["
        for nummer, deel in enumerate(waarde):
            komma = "," if nummer + 1 < len(waarde) else ""
            yield from _regels(deel, f"{pad}[{nummer}]", binnen, "", komma)
        yield pad, f"{voor}]{einde}"
    else:
        yield pad, f"{voor}{begin}{schrijf(waarde).decode()}{einde}"


def _met_links(tekst: str, bibliotheek: Bibliotheek) -> Markup:
    delen: list[Markup] = []
    vanaf = 0
    for gevonden in _CANONICAL.finditer(tekst):
        stuk = bibliotheek.op_url.get(gevonden[0])
        if stuk is not None:
            delen.append(escape(tekst[vanaf : gevonden.start()]))
            delen.append(Markup('<a href="{}">{}</a>').format(stuk.adres, gevonden[0]))
            vanaf = gevonden.end()
    delen.append(escape(tekst[vanaf:]))
    return Markup("").join(delen)


def met_code(tekst: str) -> Markup:
    """Een zin waarin `dit` als code staat; de rest is ontsnapt."""
    delen = _CODE.split(tekst)
    return Markup("").join(Markup("<code>{}</code>").format(d) if n % 2 else escape(d) for n, d in enumerate(delen))
