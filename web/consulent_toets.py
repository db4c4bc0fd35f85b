"""De uitslag van de herhaaltoets zoals een consulent hem leest: van een GuidanceResponse naar waarden.

Rekent niets uit; de uitslag komt van `$herhaaltoets` of staat bij het verzoek. Bron: herhaaltoets.md, fhir-afbeelding.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from paspoort.fhir.fhirjson import Json, lees
from paspoort.fhir.waarden import als_object, deel, ext, extensies, objecten
from paspoort.fouten import PaspoortFout
from web.werkwoorden import ROUTES, categorie

CATEGORIE: Final = re.compile(r"\b1[1-4]A\d\d\b")
LICHT: Final = frozenset({"leverancier-direct", "doorzetten"})
WIE: Final = {
    "houder": "de cliënt",
    "verstrekker": "uzelf",
    "therapeut": "de ergotherapeut",
    "leverancier": "de leverancier",
}


@dataclass(frozen=True, slots=True)
class Grond:
    """Eén grond: `kop` is het feit, `toelichting` het bewijs in woorden."""

    feit: str
    uitkomst: str
    kop: str
    toelichting: str
    norm: str


@dataclass(frozen=True, slots=True)
class Ontbreekt:
    """Wat onbekend is en wie het kan aanvullen."""

    tekst: str
    wie: str


@dataclass(frozen=True, slots=True)
class Toets:
    """De uitslag: het voorstel met zijn gronden."""

    route: str
    titel: str
    besluit_nodig: str
    gronden: tuple[Grond, ...]
    ontbreekt: tuple[Ontbreekt, ...]
    bespaard: int
    gevraagd: int
    lichter: tuple[str, ...]

    @property
    def kloppend(self) -> int:
        """Hoeveel gronden kloppen."""
        return sum(g.uitkomst == "ja" for g in self.gronden)

    @property
    def licht(self) -> bool:
        """Of het verzoek zonder nieuw onderzoek naar de leverancier kan."""
        return self.route in LICHT


def bewaarde_toets(verzoek: Json) -> Toets | None:
    """De uitslag die de server bij het verzoek bewaarde, of None."""
    bijlage = als_object(ext(verzoek, "toetsuitslag", "valueAttachment"))
    try:
        return uit_guidance(lees(base64.b64decode(str(bijlage["data"]), validate=True)))
    except (KeyError, binascii.Error, PaspoortFout):
        return None


def uit_guidance(guidance: Json) -> Toets:
    """Een GuidanceResponse als waarden; wat de lezer niet ziet, staat er niet in."""
    route = str(ext(guidance, "route", "valueCode") or "onderzoek")
    return Toets(
        route=route,
        titel=ROUTES.get(route, ("", route))[1],
        besluit_nodig=str(ext(guidance, "besluit-nodig", "valueString") or "geen"),
        gronden=tuple(_grond(e) for e in extensies(guidance, "grond")),
        ontbreekt=tuple(_ontbreekt(e) for e in extensies(guidance, "ontbreekt")),
        bespaard=int(ext(guidance, "bespaarde-vragen", "valueInteger") or 0),
        gevraagd=int(ext(guidance, "gevraagde-vragen", "valueInteger") or 0),
        lichter=tuple(_zin(str(n.get("text", ""))) for n in objecten(guidance.get("note"))),
    )


def _grond(extensie: Json) -> Grond:
    kop, _, rest = str(deel(extensie, "tekst", "valueString") or "").rstrip(".").partition(": ")
    return Grond(
        feit=str(deel(extensie, "feit", "valueString") or ""),
        uitkomst=str(deel(extensie, "uitkomst", "valueCode") or "onbekend"),
        kop=kop,
        toelichting=CATEGORIE.sub(lambda m: categorie(m[0]).lower(), rest),
        norm=str(deel(extensie, "norm", "valueString") or ""),
    )


def _zin(tekst: str) -> str:
    """`Lichter kan niet: er is geen afkeurrapport (B3).`"""
    kop, _, rest = tekst.partition(": ")
    return f"{kop}: {rest[:1].lower()}{rest[1:]}.".replace(". (", " (")


def _ontbreekt(extensie: Json) -> Ontbreekt:
    wie = str(deel(extensie, "wie", "valueString") or "verstrekker")
    return Ontbreekt(str(deel(extensie, "tekst", "valueString") or ""), WIE.get(wie, wie))
