"""Van een bladzijde naar een searchset: wat er in staat, wat er meekomt, hoe kort, en de links.

`self` zegt wat er gebruikt is. Kwam de vraag met POST, dan staat er geen waarde in een adres: `self`, `prev` en `next`
dragen haar verzegeld. Bron: FHIR R4 search.html#return, bundle.html#searchset.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from paspoort.fhir.fhirjson import schrijf
from paspoort.fouten import Melding
from server.fhir.bundle import searchset
from server.fhir.context import Context
from server.fhir.outcome import FHIR_JSON, geslaagd
from server.fhir.request import FhirResponse, Json
from server.fhir.search.cursor import NAAM
from server.fhir.search.grammatica import Zoekvraag
from server.fhir.search.snoeien import snoei
from server.fhir.search.treffer import Treffer

Verzegel = Callable[[Json], str]


@dataclass(slots=True)
class Kort:
    """Een gesnoeide resource als bron van een treffer."""

    inhoud: Json
    tekst: bytes


def links(
    vraag: Zoekvraag, adres: str, vorige: Json | None, volgende: Json | None, verzegel: Verzegel
) -> list[tuple[str, str]]:
    """`self`, en `prev` en `next` als die er zijn; `vorige` en `volgende` zijn de plek voor in het teken."""

    def verder(plek: Json) -> str:
        teken = verzegel({"q": [list(paar) for paar in vraag.gebruikt], **plek})
        aantal = [(n, w) for n, w in vraag.gebruikt if n == "_count"]
        return f"{adres}?{urlencode([*vraag.vorm, (NAAM, teken), *aantal])}"

    if vraag.verborgen and vraag.gebruikt:
        uit = [("self", verder({}))]
    else:
        paren = [*vraag.gebruikt, *vraag.vorm]
        uit = [("self", f"{adres}?{urlencode(paren)}" if paren else adres)]
    for naam, plek in (("prev", vorige), ("next", volgende)):
        if plek is not None:
            uit.append((naam, verder(plek)))
    return uit


def antwoord(
    ctx: Context,
    vraag: Zoekvraag,
    treffers: Sequence[Treffer],
    mee: Sequence[Treffer],
    totaal: int | None,
    adressen: Sequence[tuple[str, str]],
) -> FhirResponse:
    """De searchset als antwoord, gesnoeid zoals gevraagd; wat genegeerd is, staat erbij als waarschuwing."""
    waarschuwingen = [
        Melding("zoek-genegeerd", naam, {"naam": naam}, "warning") for naam in map(_kort, vraag.genegeerd)
    ] + ctx.waarschuwingen
    uitleg = schrijf(geslaagd(ctx.actor.taal, waarschuwingen)) if waarschuwingen else None
    gevonden = [gesnoeid(t, vraag.elements, vraag.summary) for t in treffers]
    erbij = [gesnoeid(t, None, vraag.summary) for t in mee]
    geteld = None if vraag.totaal == "none" else totaal
    inhoud = searchset(ctx.deur.basis, gevonden, erbij, geteld, adressen, uitleg)
    return FhirResponse(200, inhoud, {"content-type": FHIR_JSON})


def gesnoeid(t: Treffer, elements: tuple[str, ...] | None, summary: str) -> Treffer:
    """De treffer met alleen wat gevraagd is; zonder wens dezelfde, met dezelfde bytes."""
    if elements is None and summary == "false":
        return t
    inhoud = snoei(t.inhoud, elements=elements, summary=summary)
    return Treffer(t.type, t.id, Kort(inhoud, schrijf(inhoud)))


def _kort(naam: str) -> str:
    return naam[:60]
